//! Values that are not those of golden data: what differs, and old figures beside new ones.

use super::html::{anchor, count, escape};
use super::plot::Plots;
use super::{Changes, Golden, ReportedExperiment};
use crate::figure::Figure;
use crate::golden::{Class, ColumnDifference, Difference};
use crate::render::RenderError;
use crate::table::Table;
use std::fmt::Write;

/// The section of all changes; it says so where there are none.
pub(super) fn section(experiments: &[ReportedExperiment], plots: &mut Plots) -> Result<String, RenderError> {
    let mut html = String::from(
        "<section id=\"changes\" aria-labelledby=\"changes-heading\">\n<h2 id=\"changes-heading\">Value changes</h2>\n",
    );
    let compared = experiments.iter().filter(|experiment| !matches!(experiment.golden, Golden::Missing)).count();
    let changed: Vec<(&ReportedExperiment, &Changes)> = experiments
        .iter()
        .filter_map(|experiment| match &experiment.golden {
            Golden::Changed(changes) => Some((experiment, changes)),
            _ => None,
        })
        .collect();
    if changed.is_empty() && compared > 0 {
        let _ = writeln!(
            html,
            "<p class=\"good\">Nothing differs: every number of {} is that of its golden data.</p>",
            count(compared, "experiment")
        );
    }
    let missing: Vec<String> = experiments
        .iter()
        .filter(|experiment| matches!(experiment.golden, Golden::Missing))
        .map(|experiment| format!("<code>{}</code>", escape(&experiment.id)))
        .collect();
    if !missing.is_empty() {
        let _ = writeln!(
            html,
            "<p class=\"flag\">There are no golden data to compare with for {}.</p>",
            missing.join(", ")
        );
    }
    for (experiment, changes) in changed {
        html.push_str(&change(experiment, changes, plots)?);
    }
    html.push_str("</section>\n");
    Ok(html)
}

fn change(experiment: &ReportedExperiment, changes: &Changes, plots: &mut Plots) -> Result<String, RenderError> {
    let id = anchor(&experiment.id);
    let mut html = format!(
        "<article class=\"change\" id=\"change-{id}\" aria-labelledby=\"change-{id}-heading\">\n\
         <h3 id=\"change-{id}-heading\"><code>{}</code> differs from golden data</h3>\n",
        escape(&experiment.id)
    );
    for remark in &changes.remarks {
        let _ = writeln!(html, "<p class=\"flag\">{}</p>", escape(remark));
    }
    for difference in &changes.differences {
        html.push_str(&table(difference));
    }
    for (figure, _) in &experiment.figures {
        let old = changes.tables.as_ref().map_err(String::clone);
        html.push_str(&comparison(experiment, figure, old, plots)?);
    }
    html.push_str("</article>\n");
    Ok(html)
}

fn table(difference: &Difference) -> String {
    let name = escape(&difference.table);
    let mut html = String::new();
    let listed = |what: &str, names: &[String]| match names.first() {
        None => String::new(),
        Some(first) if names.len() == 1 => format!("<li>{what}: {}</li>\n", escape(first)),
        Some(first) => format!("<li>{what}: {}, the first {}</li>\n", names.len(), escape(first)),
    };
    let mut shape = [
        listed("Golden columns that are gone", &difference.missing_columns),
        listed("New columns", &difference.extra_columns),
        listed("Golden rows that are gone", &difference.missing_rows),
        listed("New rows", &difference.extra_rows),
    ]
    .concat();
    if difference.reordered {
        shape.push_str("<li>Columns are in another order</li>\n");
    }
    if !shape.is_empty() {
        let _ = writeln!(html, "<p>Table <code>{name}</code>:</p>\n<ul>\n{shape}</ul>");
    }
    if difference.columns.is_empty() {
        return html;
    }
    let _ = write!(
        html,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Changed columns of table {name}\">\n<table>\n\
         <caption>Table <code>{name}</code></caption>\n<thead><tr><th scope=\"col\">Column</th><th scope=\"col\" class=\"number\">Cells</th>\
         <th scope=\"col\">Worst at</th><th scope=\"col\" class=\"number\">Golden</th><th scope=\"col\" class=\"number\">Now</th>\
         <th scope=\"col\">Difference</th><th scope=\"col\">Kind</th></tr></thead>\n<tbody>\n"
    );
    for column in &difference.columns {
        let ColumnDifference { column: name, cells, row, golden, now, .. } = column;
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"number\">{cells}</td><td>{}</td><td class=\"number\">{}</td>\
             <td class=\"number\">{}</td><td>{}</td><td>{}</td></tr>",
            escape(name),
            escape(row),
            escape(golden),
            escape(now),
            size(column),
            kind(column.class)
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n");
    html
}

fn size(column: &ColumnDifference) -> String {
    let Some((ulps, relative, standard_errors)) = column.size else { return "–".to_owned() };
    let errors = standard_errors.map(|z| format!(", {z:.2} standard errors")).unwrap_or_default();
    // units in the last place say something of rounding alone
    let ulps = if column.class == Class::Rounding { format!("{ulps} ulp, ") } else { String::new() };
    format!("{ulps}relative {relative:.1e}{errors}")
}

fn kind(class: Class) -> &'static str {
    match class {
        Class::Rounding => "rounding",
        Class::Statistical => "within statistical error",
        Class::Real => "<strong class=\"bad\">real</strong>",
    }
}

/// The figure as golden data draw it and as it is now.
fn comparison(
    experiment: &ReportedExperiment,
    figure: &Figure,
    old: Result<&Vec<Table>, String>,
    plots: &mut Plots,
) -> Result<String, RenderError> {
    let (name, shown) = (anchor(&figure.name), escape(&figure.name));
    let titled = |word: &str| Figure { title: format!("{} ({word})", figure.title), ..figure.clone() };
    let new = plots.add(&format!("{}-new", figure.name), &titled("new"), &experiment.tables)?;
    let before = old.and_then(|tables| {
        plots.add(&format!("{}-old", figure.name), &titled("old"), tables).map_err(|error| error.to_string())
    });
    let old = match before {
        Ok(plot) => plot,
        Err(reason) => {
            return Ok(format!(
                "<h4>{shown}</h4>\n<p class=\"flag\">Golden data do not draw this figure: {}</p>\n{new}",
                escape(&reason)
            ));
        }
    };
    let radio = |value: &str, label: &str, checked: &str| {
        format!("<label><input type=\"radio\" name=\"view-{name}\" value=\"{value}\"{checked}> {label}</label>\n")
    };
    Ok(format!(
        "<h4>{shown}: old and new</h4>\n<div class=\"compare\" data-view=\"both\">\n\
         <fieldset class=\"views\"><legend class=\"visually-hidden\">View of {shown}</legend>\n{}{}{}{}</fieldset>\n\
         <div class=\"pair\">\n<figure class=\"old\"><figcaption>Old: golden data</figcaption>\n{old}</figure>\n\
         <figure class=\"new\"><figcaption>New: last run</figcaption>\n{new}</figure>\n</div>\n</div>\n",
        radio("both", "Side by side", " checked"),
        radio("old", "Old", ""),
        radio("new", "New", ""),
        radio("blink", "Blink", ""),
    ))
}

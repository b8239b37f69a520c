//! Theory against Monte Carlo, table by table.

use super::ReportedExperiment;
use super::html::{anchor, count, escape};
use crate::agreement::{ALPHA, TableAgreement};
use std::fmt::Write;

/// The section with one group of rows an experiment.
pub(super) fn section(experiments: &[ReportedExperiment]) -> String {
    let judged: Vec<&ReportedExperiment> = experiments.iter().filter(|e| !e.agreement.tables.is_empty()).collect();
    let mut html = format!(
        "<section id=\"agreement\" aria-labelledby=\"agreement-heading\">\n<h2 id=\"agreement-heading\">Theory and Monte Carlo</h2>\n\
         <p>Each cell is the difference of a Monte Carlo mean and theory, first-order finite-width corrections included, in standard \
         errors, <i>z</i>. All cells of an experiment are judged together: the limit is such that a true theory fails in an experiment \
         with a probability of at most {ALPHA}. It differs between cells only where their numbers of networks do; the cell named by \
         <i>max |z|</i> is the one nearest to its limit.</p>\n"
    );
    if judged.is_empty() {
        html.push_str("<p class=\"empty\">Nothing was simulated next to theory.</p>\n");
        html.push_str(&not_judged(experiments));
        html.push_str("</section>\n");
        return html;
    }
    html.push_str(
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Agreement, table by table\">\n<table>\n\
         <caption class=\"visually-hidden\">Agreement of theory and Monte Carlo, table by table</caption>\n<thead><tr>\
         <th scope=\"col\">Table</th><th scope=\"col\" class=\"number\">Cells</th><th scope=\"col\" class=\"number\">max |<i>z</i>|</th>\
         <th scope=\"col\" class=\"number\">Allowed</th><th scope=\"col\">Share of the limit</th><th scope=\"col\">Verdict</th></tr></thead>\n",
    );
    for experiment in &judged {
        let id = &experiment.id;
        let _ = writeln!(
            html,
            "<tbody id=\"agreement-{}\"><tr class=\"group\"><th colspan=\"6\" scope=\"rowgroup\"><code>{}</code> \
             <span class=\"hint\">{}</span></th></tr>",
            anchor(id),
            escape(id),
            count(experiment.agreement.cells, "cell")
        );
        for table in &experiment.agreement.tables {
            html.push_str(&row(table));
        }
        html.push_str("</tbody>\n");
    }
    html.push_str("</table>\n</div>\n");
    for experiment in &judged {
        html.push_str(&failures(experiment));
    }
    let rest: Vec<String> = experiments
        .iter()
        .filter(|experiment| experiment.agreement.tables.is_empty())
        .map(|experiment| format!("<code>{}</code>", escape(&experiment.id)))
        .collect();
    if !rest.is_empty() {
        let _ = writeln!(html, "<p>Nothing is simulated next to theory in {}.</p>", rest.join(", "));
    }
    html.push_str(&not_judged(experiments));
    html.push_str("</section>\n");
    html
}

/// What is measured and not judged, with the reasons.
fn not_judged(experiments: &[ReportedExperiment]) -> String {
    let mut html = String::new();
    for ReportedExperiment { id, not_judged, .. } in
        experiments.iter().filter(|experiment| !experiment.not_judged.is_empty())
    {
        let line = |(quantity, reason): &(&str, &str)| {
            format!("<li><code>{}</code>: {}</li>", escape(quantity), escape(reason))
        };
        let _ = writeln!(
            html,
            "<h3>Not judged in <code>{}</code></h3>\n<ul>\n{}\n</ul>",
            escape(id),
            not_judged.iter().map(line).collect::<Vec<_>>().join("\n")
        );
    }
    html
}

fn row(table: &TableAgreement) -> String {
    let (z, limit, bar) = match &table.worst {
        Some(worst) => {
            let share = (worst.z.abs() / worst.limit).clamp(0.0, 1.0);
            let bar = format!(
                "<span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{:.1}%\"></i></span>",
                100.0 * share
            );
            (format!("{:.2}", worst.z.abs()), format!("{:.2}", worst.limit), bar)
        }
        None => ("–".to_owned(), "–".to_owned(), String::new()),
    };
    let verdict = match table.failures.len() {
        0 => "<span class=\"good\">holds</span>".to_owned(),
        number => format!("<strong class=\"bad\">fails in {}</strong>", count(number, "cell")),
    };
    format!(
        "<tr><th scope=\"row\">{}</th><td class=\"number\">{}</td><td class=\"number\">{z}</td><td class=\"number\">{limit}</td>\
         <td>{bar}</td><td>{verdict}</td></tr>\n",
        escape(&table.table),
        table.cells
    )
}

fn failures(experiment: &ReportedExperiment) -> String {
    let failures = &experiment.agreement.failures;
    if failures.is_empty() {
        return String::new();
    }
    let lines: Vec<String> = failures.iter().map(|line| format!("<li>{}</li>", escape(line))).collect();
    format!(
        "<h3>Where <code>{}</code> fails</h3>\n<ul class=\"failures\">\n{}\n</ul>\n",
        escape(&experiment.id),
        lines.join("\n")
    )
}

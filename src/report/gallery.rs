//! All figures, by family.

use super::html::{anchor, count, escape};
use super::plot::{Plots, breadth};
use super::{Golden, ReportedExperiment, parameters};
use crate::agreement::Agreement;
use crate::figure::Figure;
use crate::render::RenderError;
use std::fmt::Write;

/// Families in the order of their names.
pub(super) fn families(experiments: &[ReportedExperiment]) -> Vec<&str> {
    let mut families: Vec<&str> = experiments.iter().map(|experiment| experiment.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    families
}

/// The figures of all families.
pub(super) fn section(experiments: &[ReportedExperiment], plots: &mut Plots) -> Result<String, RenderError> {
    let mut html = String::from(
        "<section id=\"figures\" aria-labelledby=\"figures-heading\">\n<h2 id=\"figures-heading\">Figures</h2>\n\
         <p class=\"hint\" id=\"keys\">Point at a figure, or focus it and press the arrow keys, to read its numbers: left and right \
         step through a series, up and down change it, Page Up and Page Down change the panel, Home and End go to its ends, Escape \
         leaves.</p>\n\
         <div id=\"empty\" class=\"empty\" hidden><p>No figure matches <q id=\"empty-query\"></q>.</p>\n\
         <button type=\"button\" id=\"clear\">Show all figures</button></div>\n",
    );
    for family in families(experiments) {
        let own: Vec<&ReportedExperiment> =
            experiments.iter().filter(|experiment| experiment.family == family).collect();
        let (name, id) = (escape(family), anchor(family));
        let figures = own.iter().map(|experiment| experiment.figures.len()).sum();
        let _ = write!(
            html,
            "<section class=\"family\" id=\"family-{id}\" aria-labelledby=\"family-{id}-heading\">\n\
             <h3 id=\"family-{id}-heading\">{name} <span class=\"tally\">{}</span></h3>\n",
            count(figures, "figure")
        );
        for experiment in own {
            for (figure, citation) in &experiment.figures {
                html.push_str(&article(experiment, figure, citation.as_deref(), plots)?);
            }
        }
        html.push_str("</section>\n");
    }
    html.push_str("</section>\n");
    Ok(html)
}

fn article(
    experiment: &ReportedExperiment,
    figure: &Figure,
    citation: Option<&str>,
    plots: &mut Plots,
) -> Result<String, RenderError> {
    let name = anchor(&figure.name);
    let plot = plots.add(&figure.name, figure, &experiment.tables)?;
    let ReportedExperiment { id, family, title, seed, values, digest, .. } = experiment;
    let differs = match &experiment.golden {
        Golden::Same => String::new(),
        Golden::Missing => "<p class=\"flag\">Its numbers are not golden yet.</p>\n".to_owned(),
        Golden::Changed(_) => format!(
            "<p class=\"flag\">Its numbers differ from golden data: <a href=\"#change-{}\">old and new</a>.</p>\n",
            anchor(id)
        ),
    };
    let cited = match citation {
        Some(sentence) => format!("<p class=\"sentence searched\">{}</p>", escape(sentence)),
        None => "<p class=\"sentence\">It can be cited once its numbers are golden.</p>".to_owned(),
    };
    Ok(format!(
        "<article class=\"entry {width}\" id=\"figure-{name}\" aria-labelledby=\"heading-{name}\" data-family=\"{family}\">\n\
         <h4 id=\"heading-{name}\" class=\"searched\">{caption}</h4>\n<figure>\n{plot}<figcaption>\n\
         <p class=\"caption searched\">{description}</p>\n{differs}\
         <dl class=\"facts\">\n<div><dt>Figure</dt><dd class=\"searched\"><a href=\"#figure-{name}\">{shown}</a></dd></div>\n\
         <div><dt>Experiment</dt><dd class=\"searched\"><code>{id}</code></dd></div>\n\
         <div><dt>Seed</dt><dd class=\"searched\">{seed}</dd></div>\n<div><dt>Values</dt><dd>{values}</dd></div>\n\
         <div class=\"wide\"><dt>Theory and Monte Carlo</dt><dd>{agreement}</dd></div>\n\
         <div class=\"wide\"><dt>Digest</dt><dd class=\"digest searched\">{digest}</dd></div>\n</dl>\n\
         <details><summary>Parameters<span class=\"visually-hidden\"> of {shown}</span></summary>\n\
         <p class=\"hint searched\">{title}</p>\n<pre class=\"toml searched\" tabindex=\"0\" role=\"group\" aria-label=\"ReportedExperiment file of {shown}\">{toml}</pre></details>\n\
         <details><summary>Citation<span class=\"visually-hidden\"> of {shown}</span></summary>\n{cited}\n</details>\n\
         </figcaption>\n</figure>\n</article>\n",
        width = breadth(figure),
        caption = escape(&figure.title),
        description = escape(&figure.description),
        shown = escape(&figure.name),
        id = escape(id),
        family = escape(family),
        title = escape(title),
        digest = halves(digest),
        agreement = verdict(&experiment.agreement, id),
        toml = parameters::marked(&experiment.toml),
    ))
}

/// A digest that may break in its middle.
fn halves(digest: &str) -> String {
    match digest.split_at_checked(digest.len() / 2) {
        Some((first, second)) => format!("{}<wbr>{}", escape(first), escape(second)),
        None => escape(digest),
    }
}

/// One line on agreement, with a link to its tables.
fn verdict(agreement: &Agreement, id: &str) -> String {
    let Some(worst) = agreement.worst.as_ref().filter(|_| agreement.cells > 0) else {
        return "nothing simulated next to theory".to_owned();
    };
    let verb = if agreement.holds() { "agree" } else { "<strong class=\"bad\">disagree</strong>" };
    format!(
        "<a href=\"#agreement-{}\">{verb} in {}</a> (max |<i>z</i>| {:.2}, allowed {:.2})",
        anchor(id),
        count(agreement.cells, "cell"),
        worst.z.abs(),
        worst.limit
    )
}

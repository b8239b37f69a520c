//! The head of the page, what it says in short, and how it is made.

use super::gallery::families;
use super::html::{anchor, count, escape, seconds};
use super::plot::Plots;
use super::{Golden, ReportedExperiment};

/// What stays in view: where to go, the search, and the choice of light or dark.
pub(super) fn bar() -> String {
    "<a class=\"skip\" href=\"#main\">Skip to the report</a>\n<header class=\"top\">\n<div class=\"inner\">\n\
     <a class=\"brand\" href=\"#main\">neurodyn</a>\n<nav aria-label=\"Sections\">\n<ul>\n<li><a href=\"#figures\">Figures</a></li>\n\
     <li><a href=\"#changes\">Value changes</a></li>\n<li><a href=\"#agreement\">Agreement</a></li>\n\
     <li><a href=\"#timing\">Timing</a></li>\n</ul>\n</nav>\n\
     <form role=\"search\" class=\"search needs-script\"><label for=\"query\" class=\"visually-hidden\">Search figures</label>\n\
     <input id=\"query\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"Search figures\" aria-describedby=\"found\">\n\
     <output id=\"found\" for=\"query\" role=\"status\"></output></form>\n\
     <button type=\"button\" id=\"theme\" class=\"needs-script\" aria-pressed=\"false\">Dark mode</button>\n</div>\n</header>\n"
        .to_owned()
}

/// Title and findings.
pub(super) fn section(experiments: &[ReportedExperiment]) -> String {
    let figures: usize = experiments.iter().map(|experiment| experiment.figures.len()).sum();
    let links: Vec<String> = families(experiments)
        .into_iter()
        .map(|family| {
            let own = experiments.iter().filter(|experiment| experiment.family == family);
            let number: usize = own.map(|experiment| experiment.figures.len()).sum();
            format!(
                "<li><a href=\"#family-{}\">{}</a> <span class=\"tally\">{number}</span></li>",
                anchor(family),
                escape(family)
            )
        })
        .collect();
    format!(
        "<section class=\"opening\" aria-labelledby=\"report-heading\">\n\
         <h1 id=\"report-heading\">Statistical neurodynamics of random deep networks</h1>\n\
         <p class=\"lead\">{} of {}, each with the numbers it is drawn from, its parameters and its seed.</p>\n\
         <dl class=\"findings\">\n<div><dt>Theory and Monte Carlo</dt><dd>{}</dd></div>\n<div><dt>Golden data</dt><dd>{}</dd></div>\n\
         <div><dt>Last run</dt><dd>{}</dd></div>\n</dl>\n<nav aria-label=\"Families\"><ul class=\"families\">\n{}\n</ul></nav>\n</section>\n",
        count(figures, "figure"),
        count(experiments.len(), "experiment"),
        agreement(experiments),
        golden(experiments),
        time(experiments),
        links.join("\n"),
    )
}

fn agreement(experiments: &[ReportedExperiment]) -> String {
    let judged = experiments.iter().filter(|experiment| experiment.agreement.cells > 0);
    let (cells, of) = judged.fold((0, 0), |(cells, of), experiment| (cells + experiment.agreement.cells, of + 1));
    let failed = experiments.iter().filter(|experiment| !experiment.agreement.holds()).count();
    match (of, failed) {
        (0, 0) => "nothing simulated next to theory".to_owned(),
        (_, 0) => {
            format!("<a href=\"#agreement\">agree</a> in all {} of {}", count(cells, "cell"), count(of, "experiment"))
        }
        _ => format!("<a href=\"#agreement\" class=\"bad\">disagree</a> in {failed} of {}", count(of, "experiment")),
    }
}

fn golden(experiments: &[ReportedExperiment]) -> String {
    let number = |is: fn(&Golden) -> bool| experiments.iter().filter(|experiment| is(&experiment.golden)).count();
    let changed = number(|golden| matches!(golden, Golden::Changed(_)));
    let missing = number(|golden| matches!(golden, Golden::Missing));
    let mut text = match changed {
        0 if missing == experiments.len() => return "<a href=\"#changes\">none</a> to compare with yet".to_owned(),
        0 => "<a href=\"#changes\">nothing differs</a>".to_owned(),
        _ => format!("<a href=\"#changes\" class=\"bad\">{} differ</a>", count(changed, "experiment")),
    };
    if changed == 1 {
        text = text.replace(" differ<", " differs<");
    }
    if missing > 0 {
        text.push_str(&format!(", {missing} without any"));
    }
    text
}

fn time(experiments: &[ReportedExperiment]) -> String {
    let timed: Vec<f64> = experiments.iter().filter_map(|experiment| experiment.run.seconds).collect();
    if timed.is_empty() {
        return "no times recorded".to_owned();
    }
    format!("<a href=\"#timing\">{}</a> for {}", seconds(timed.iter().sum()), count(timed.len(), "experiment"))
}

/// How the page is made and read.
pub(super) fn notes(plots: &Plots) -> String {
    format!(
        "<section id=\"notes\" aria-labelledby=\"notes-heading\">\n<h2 id=\"notes-heading\">About this page</h2>\n\
         <p>Theory is a solid line, Monte Carlo a point with its standard error, first-order finite-width theory is dashed; strips show \
         Monte Carlo minus theory in standard errors. Read-outs show six digits of the {} numbers that are drawn, at the places where they are \
         drawn. Of lines, vertices nearer than 1.5 points on the printed page to the one before are left out of the read-outs ({} of them), \
         never of the drawings; so are points without standard errors beyond 4000 in a series, at equal steps. Points with standard errors are \
         never left out.</p>\n\
         <p>On dark paper the colours of lines, points and text are made lighter; heat maps and their bars keep theirs, since these mean \
         values. Printed, the page is light. It is one file and asks for nothing from elsewhere.</p>\n</section>\n",
        plots.shown, plots.thinned
    )
}

/// What is needed at the end: the place where numbers are read aloud.
pub(super) fn foot() -> String {
    "<footer class=\"foot\"><p>Written by neurodyn from stored results.</p></footer>\n\
     <div id=\"spoken\" class=\"visually-hidden\" aria-live=\"polite\" aria-atomic=\"true\"></div>\n"
        .to_owned()
}

//! How long the last run took.

use super::html::{count, escape, seconds};
use super::{ReportedExperiment, RunRecord};
use std::fmt::Write;

/// The section with one row an experiment, the longest first.
pub(super) fn section(experiments: &[ReportedExperiment]) -> String {
    let mut timed: Vec<(&ReportedExperiment, f64)> =
        experiments.iter().filter_map(|experiment| Some((experiment, experiment.run.seconds?))).collect();
    timed.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.id.cmp(&b.0.id)));
    let mut html = String::from(
        "<section id=\"timing\" aria-labelledby=\"timing-heading\">\n<h2 id=\"timing-heading\">Timing of the last run</h2>\n",
    );
    let Some(&(_, longest)) = timed.first() else {
        html.push_str("<p class=\"empty\">No record of a run says how long it took.</p>\n</section>\n");
        return html;
    };
    let total: f64 = timed.iter().map(|(_, seconds)| seconds).sum();
    let machines: Vec<[String; 4]> = timed.iter().map(|(experiment, _)| machine(&experiment.run)).collect();
    // what is the same for all is said once
    let alike = |part: usize| machines.iter().all(|machine| machine[part] == machines[0][part]);
    let (shared, own): (Vec<usize>, Vec<usize>) = (0..4).partition(|&part| alike(part));
    let heading = if own.is_empty() { "" } else { "<th scope=\"col\">Machine and program</th>" };
    let shared = match joined(&machines[0], &shared) {
        parts if parts.is_empty() => parts,
        parts => format!(" All ran with {parts}."),
    };
    let _ = write!(
        html,
        "<p>{} in all, computing and checking, as each experiment\u{2019}s last run recorded it.{shared}</p>\n\
         <div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Timing, experiment by experiment\">\n<table>\n\
         <caption class=\"visually-hidden\">Seconds that each experiment took, the longest first</caption>\n<thead><tr>\
         <th scope=\"col\">Experiment</th><th scope=\"col\" class=\"number\">Time</th><th scope=\"col\" class=\"chart\">\
         <span class=\"visually-hidden\">As a bar</span></th>{heading}</tr></thead>\n<tbody>\n",
        seconds(total)
    );
    for ((experiment, taken), machine) in timed.iter().zip(&machines) {
        let share = if longest > 0.0 { (taken / longest).clamp(0.0, 1.0) } else { 0.0 };
        let machine = match own.is_empty() {
            true => String::new(),
            false => format!("<td class=\"hint\">{}</td>", joined(machine, &own)),
        };
        let _ = writeln!(
            html,
            "<tr><th scope=\"row\"><code>{}</code></th><td class=\"number\">{}</td><td class=\"chart\">\
             <span class=\"bar\" aria-hidden=\"true\"><i style=\"width:{:.1}%\"></i></span></td>{machine}</tr>",
            escape(&experiment.id),
            seconds(*taken),
            100.0 * share,
        );
    }
    html.push_str("</tbody>\n</table>\n</div>\n</section>\n");
    html
}

/// Threads, vector instructions, version and commit; empty where the record does not say.
fn machine(run: &RunRecord) -> [String; 4] {
    let threads = run.threads.map(|threads| count(threads as usize, "thread"));
    let version = run.version.as_ref().map(|version| format!("neurodyn {version}"));
    // nine digits name a commit well enough to read
    let commit = run.commit.as_ref().map(|commit| {
        let short: String = commit.chars().take(9).collect();
        format!("commit {short}{}", if commit.ends_with("-dirty") { " with changes" } else { "" })
    });
    [threads, run.simd.clone(), version, commit].map(Option::unwrap_or_default)
}

/// Some parts in one line, safe in HTML.
fn joined(machine: &[String; 4], parts: &[usize]) -> String {
    let said = parts.iter().map(|&part| machine[part].as_str()).filter(|text| !text.is_empty());
    escape(&said.collect::<Vec<_>>().join(", "))
}

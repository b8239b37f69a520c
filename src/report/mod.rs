//! One page about the experiments of a project: figures with their numbers, agreement, timing, changes of values.
//!
//! The page is one file that asks for nothing: styles, scripts, drawings and numbers are in it, and its content security
//! policy forbids all else. It holds no time and no name of a machine. It knows tables and figures but no experiment; whoever
//! calls it says what the experiments are.

mod agreement;
mod changes;
mod colour;
mod gallery;
mod html;
mod parameters;
mod plot;
mod summary;
mod timing;

use crate::agreement::Agreement;
use crate::figure::Figure;
use crate::golden::Difference;
use crate::render::RenderError;
use crate::table::Table;
use html::escape;
use plot::Plots;

/// All that the page says of one experiment.
pub struct ReportedExperiment {
    /// Identifier.
    pub id: String,
    /// Family.
    pub family: String,
    /// What it is about.
    pub title: String,
    /// Seed of all its random numbers.
    pub seed: u64,
    /// Version of its values.
    pub values: u32,
    /// SHA-256 of the numbers shown.
    pub digest: String,
    /// The experiment file.
    pub toml: String,
    /// Its figures, each with the sentence that cites it; none as long as its numbers are not the golden data.
    pub figures: Vec<(Figure, Option<String>)>,
    /// Its numbers.
    pub tables: Vec<Table>,
    /// Theory against Monte Carlo.
    pub agreement: Agreement,
    /// What is measured and not judged, `table.quantity`, with the reasons.
    pub not_judged: Vec<(&'static str, &'static str)>,
    /// How it was computed.
    pub run: RunRecord,
    /// What became of its values.
    pub golden: Golden,
}

/// How an experiment was computed last; nothing where the record does not say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RunRecord {
    /// Seconds it took.
    pub seconds: Option<f64>,
    /// Number of threads.
    pub threads: Option<u64>,
    /// Vector instructions used.
    pub simd: Option<String>,
    /// Version of the program.
    pub version: Option<String>,
    /// Commit of the project.
    pub commit: Option<String>,
}

/// The numbers against golden data.
pub enum Golden {
    /// There are none yet.
    Missing,
    /// All numbers are the same.
    Same,
    /// They differ.
    Changed(Changes),
}

/// How numbers differ from golden data.
pub struct Changes {
    /// Table by table.
    pub differences: Vec<Difference>,
    /// What else is not the same: files without tables, tables without files.
    pub remarks: Vec<String>,
    /// The golden tables, or why there are not all of them.
    pub tables: Result<Vec<Table>, String>,
}

/// Content security policy.
const POLICY: &str = include_str!("policy.txt");
const STYLES: [&str; 4] =
    [include_str!("page.css"), include_str!("figures.css"), include_str!("tables.css"), include_str!("print.css")];
/// Runs before anything is seen.
const START: &str = include_str!("start.js");
const SCRIPTS: [&str; 4] =
    [include_str!("theme.js"), include_str!("search.js"), include_str!("readout.js"), include_str!("compare.js")];

/// The page, as one HTML document.
pub fn page(experiments: &[ReportedExperiment]) -> Result<String, RenderError> {
    let mut plots = Plots::default();
    let gallery = gallery::section(experiments, &mut plots)?;
    let changes = changes::section(experiments, &mut plots)?;
    let body = [
        summary::section(experiments),
        gallery,
        changes,
        agreement::section(experiments),
        timing::section(experiments),
        summary::notes(&plots),
    ]
    .concat();
    let figures: usize = experiments.iter().map(|experiment| experiment.figures.len()).sum();
    Ok(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"generator\" content=\"neurodyn {version}\">\n\
         <title>neurodyn: report on {experiments} and {figures}</title>\n<style>\n{styles}{colours}</style>\n<script>\n{START}</script>\n</head>\n\
         <body>\n{sprite}{bar}<main id=\"main\" tabindex=\"-1\">\n{body}</main>\n{foot}{data}<script>\n{scripts}</script>\n</body>\n</html>\n",
        version = escape(env!("CARGO_PKG_VERSION")),
        experiments = html::count(experiments.len(), "experiment"),
        figures = html::count(figures, "figure"),
        styles = STYLES.concat(),
        colours = plots.colours(),
        sprite = plots.sprite(),
        bar = summary::bar(),
        foot = summary::foot(),
        data = plots.data(),
        scripts = SCRIPTS.concat(),
    ))
}

#[cfg(test)]
mod tests;

//! What an experiment is: all that its file, its module and its golden data say of it, for `show` and for the reference.

mod allowed;
mod cost;
mod parameters;
mod tables;
mod text;

use super::contents::{EXPERIMENT, RESULTS, folder, in_words};
use super::listing::{NotJudged, not_judged};
use super::report::run;
use super::stored::Stored;
use super::{Project, Selected, numbers};
use crate::files;
use crate::render::plain_title;
use anyhow::Result;
pub(super) use cost::plural;
pub use cost::{Cost, duration};
pub use parameters::Parameter;
pub use tables::DescribedTable;
pub use text::wrapped;

/// Modules and what they say at their heads.
const ABOUT: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/about.rs"));

/// An experiment in words.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Described {
    /// Identifier.
    pub id: String,
    /// What commands call it: its identifier, or its file where that is not one of the project.
    pub called: String,
    /// Module that runs it.
    pub module: &'static str,
    /// Family.
    pub family: String,
    /// Title, in plain text.
    pub title: String,
    /// What its file says at the head.
    pub summary: String,
    /// What its module says at the head, in paragraphs.
    pub about: Vec<String>,
    /// Seed of all its random numbers.
    pub seed: u64,
    /// Version of its values.
    pub values: u32,
    /// Its file.
    pub file: String,
    /// Its figures.
    pub figures: Vec<DescribedFigure>,
    /// Its parameters, in the order of the file.
    pub parameters: Vec<Parameter>,
    /// A value of its own that `run --set` takes.
    pub setting: Option<String>,
    /// Its tables; none as long as nothing says what they are.
    pub tables: Vec<DescribedTable>,
    /// What is measured and judged against theory, `table.quantity`.
    pub judged: Vec<String>,
    /// What is measured and not judged, with the reasons.
    pub not_judged: Vec<NotJudged>,
    /// Why there is no negative control, where there is none.
    pub no_control: Option<&'static str>,
    /// Numbers that texts quote.
    pub numbers: Vec<QuotedNumber>,
    /// What it costs, by the plan.
    pub cost: Cost,
    /// What the last run took, where its results are there.
    pub last_run: Option<LastRun>,
}

/// A figure in words.
#[derive(Debug, Clone, serde::Serialize)]
pub struct DescribedFigure {
    /// Name.
    pub name: String,
    /// Path, relative to the project.
    pub path: String,
    /// Title, in plain text.
    pub title: String,
    /// What it shows, in plain text.
    pub caption: String,
}

/// A number that texts quote.
#[derive(Debug, Clone, serde::Serialize)]
pub struct QuotedNumber {
    /// The name that texts quote it under.
    pub name: String,
    /// Its digits in the golden data; none as long as there are none.
    pub value: Option<String>,
    /// Its standard error, where it has one.
    pub error: Option<String>,
    /// The cell that it is.
    pub cell: String,
}

/// What a run took.
#[derive(Debug, Clone, serde::Serialize)]
pub struct LastRun {
    /// Folder of its results, relative to the project.
    pub results: String,
    /// Whether it computed the experiment file as it is now.
    pub current: bool,
    /// Seconds.
    pub seconds: Option<f64>,
    /// Number of threads.
    pub threads: Option<u64>,
    /// Vector instructions.
    pub simd: Option<String>,
    /// Version of the program.
    pub version: Option<String>,
}

/// Describes an experiment of a project.
pub fn describe(project: &Project, experiment: &Selected) -> Result<Described> {
    let (document, entry) = (&experiment.document, experiment.entry);
    let figures = experiment.figures()?;
    let tables = tables::tables(project, experiment, &figures)?;
    let shown = figures.into_iter().map(in_words).map(|figure| DescribedFigure {
        path: format!("figures/{}.svg", figure.name),
        name: figure.name,
        title: figure.title,
        caption: figure.description,
    });
    Ok(Described {
        id: document.id.clone(),
        called: experiment.called(),
        module: entry.module,
        family: document.header.family.clone(),
        title: plain_title(&document.header.title),
        summary: document.summary(),
        about: about(entry.module),
        seed: document.header.seed,
        values: document.header.values,
        file: document.path.display().to_string(),
        figures: shown.collect(),
        parameters: parameters::parameters(experiment),
        setting: parameters::setting(experiment),
        judged: tables::judged(&tables),
        tables,
        not_judged: not_judged(experiment),
        no_control: entry.no_control,
        numbers: quoted(project, experiment)?,
        cost: cost::cost(experiment)?,
        last_run: last_run(project, experiment),
    })
}

/// The paragraphs at the head of a module, each on one line.
fn about(module: &str) -> Vec<String> {
    let text = ABOUT.iter().find(|(name, _)| *name == module).map_or("", |(_, text)| text);
    text.split("\n\n").map(|paragraph| paragraph.replace('\n', " ")).filter(|paragraph| !paragraph.is_empty()).collect()
}

fn quoted(project: &Project, experiment: &Selected) -> Result<Vec<QuotedNumber>> {
    let document = &experiment.document;
    let quoted = |(name, number): (&String, _)| {
        let digits = numbers::quoted(project, document, name, number)?;
        let (value, error) = digits.map_or((None, None), |[_, value, error]| (Some(value), Some(error)));
        let error = error.filter(|error| !error.is_empty());
        Ok(QuotedNumber { name: name.clone(), value, error, cell: numbers::place(number) })
    };
    document.header.numbers.iter().map(quoted).collect()
}

/// What the results in the project say; those that cannot be read say nothing.
fn last_run(project: &Project, experiment: &Selected) -> Option<LastRun> {
    let id = experiment.id();
    let record = run(&Stored::below(&project.root).record(id).ok()?);
    let file = project.root.join(RESULTS).join(id).join(EXPERIMENT);
    let current = files::read(&file).is_ok_and(|text| experiment.document.computes_like(&text));
    Some(LastRun {
        results: folder(id).display().to_string(),
        current,
        seconds: record.seconds,
        threads: record.threads,
        simd: record.simd,
        version: record.version,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::REGISTRY;

    #[test]
    fn every_module_says_what_it_is_about() {
        for entry in REGISTRY {
            let about = about(entry.module);
            assert!(about.first().is_some_and(|paragraph| paragraph.len() > 30), "{}: {about:?}", entry.module);
        }
        assert_eq!(about("nothing"), Vec::<String>::new());
    }
}

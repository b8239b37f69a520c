//! The commands, a file for each: `run`, `check`, `draw`, `accept` and so on.
//!
//! What they share lies below them: `project` finds experiments, `compute` lets them compute, `contents` turns what they found into the bytes
//! of files, `writer` puts these on the disk, `stored` reads results back.

mod absent;
mod accept;
mod calibrate;
mod check;
mod citation;
mod columns;
mod commit;
mod comparison;
mod compute;
mod contents;
mod data;
mod deadline;
mod decimal;
mod describe;
mod doctor;
mod draw;
mod given;
mod kernel;
mod latex;
mod listing;
mod machine;
mod measure;
mod numbers;
mod observables;
mod origin;
mod output;
mod project;
mod prose;
mod quick;
mod reference;
mod report;
mod run;
mod sample;
mod schema;
pub mod shard;
mod stamp;
mod stored;
mod variant;
mod verdict;
mod verify;
mod writer;

pub use crate::agreement::ALPHA;
pub use crate::calibration::{Count, LOOSE_ALPHA, Least, OverSeeds};
pub use crate::figure::{Face, Text, Venue, Wish};
pub use crate::files::when_nothing_is_written;
pub use crate::render::Theme;
pub use accept::accept;
pub use calibrate::{Calibrated, Seeds, calibrate};
pub use check::check;
pub use citation::{Citation, Cited, cite, cite_file, figure_file};
pub use contents::Formats;
pub use data::{Data, Format, data};
pub use describe::{Described, describe, duration, wrapped};
pub use doctor::{Health, State, Tool, examine};
pub use draw::draw;
pub use kernel::{FoundKernels, KernelRequest, Layers, kernel, kernels_of, memory_of_kernels};
pub use listing::{Listing, NotJudged, list};
pub use measure::{MOST_INPUTS, MOST_REPLICAS, Measurements, Measuring, Shown, layers_of, media_of, write_measured};
pub use observables::{Observables, observables};
pub use origin::Origin;
pub use project::{Fault, Project, Selected, is_file};
pub use quick::{Setting, run_quick, with_settings};
pub use reference::{Page, WrittenReference, write_reference};
pub use report::{Reported, report};
pub use run::{run, run_changed};
pub use sample::{SampleRequest, sample};
pub use schema::{modules, schema, write_schemas};
pub use stamp::NOT_YET;
pub use variant::create_variant;
pub use verdict::{AgreementSummary, Outcome, Verdict};
pub use verify::{Stated, Terms, Verification, Word, verify};
pub use writer::write_files;

pub use crate::arrays::panics_are_caught;
pub use crate::experiment::Expected;
pub use crate::experiment::data::Selection;
use crate::files::{self, FileError};
pub use anyhow::Error;
use anyhow::Result;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Says what goes on; standard error in the program.
pub trait Listener {
    /// An experiment starts.
    fn start(&self, id: &str);
    /// A step of it begins, which takes this.
    fn expect(&self, expected: Expected);
    /// Units of its work are done.
    fn advance(&self, units: u64);
    /// A line about it; important ones are said even when all else is to be quiet.
    fn line(&self, text: &str, important: bool);
    /// It is finished.
    fn end(&self);
}

/// Settings of a command.
pub struct Settings<'a> {
    /// Where `figures/` and `results/` are written.
    pub out: PathBuf,
    /// Formats of the figures.
    pub formats: Formats,
    /// Stops the work between replicas.
    pub interrupt: &'a AtomicBool,
    /// Progress.
    pub listener: &'a (dyn Listener + Sync),
}

impl Settings<'_> {
    /// A path below the output folder, as users are told of it.
    fn shown(&self, path: &Path) -> String {
        self.out.join(path).display().to_string()
    }

    /// A command about what was written.
    fn advice(&self, project: &Project, command: &str, experiment: &Selected) -> String {
        let mut text = format!("neurodyn {command} {}", experiment.called());
        if self.out != project.root && !files::same_folder(&self.out, &project.root) {
            text.push_str(&format!(" --out {}", self.out.display()));
        }
        if let Some(folder) = project.chosen_golden() {
            text.push_str(&format!(" --golden {}", folder.display()));
        }
        text
    }
}

/// Does the same with each experiment.
pub fn each(
    selected: &[Selected],
    settings: &Settings,
    mut one: impl FnMut(&Selected) -> Result<Verdict>,
) -> Result<Vec<Verdict>> {
    let one = |experiment| one(experiment).or_else(|error| refused(selected, settings, experiment, error));
    selected.iter().map(one).collect()
}

/// The verdict on an experiment that fails, so that the other experiments of the command go on. The error ends the command where there are no
/// others, and where it is an interrupt or a file that cannot be written.
fn refused(selected: &[Selected], settings: &Settings, experiment: &Selected, error: anyhow::Error) -> Result<Verdict> {
    let of_output = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref::<FileError>().is_some_and(|error| error.action != "read")
    };
    if selected.len() == 1 || error.is::<Interrupted>() || error.chain().any(of_output) {
        return Err(error);
    }
    let mut verdict = Verdict::new(experiment);
    verdict.problem(settings, Outcome::Refused, one_line_each(&error));
    settings.listener.end();
    Ok(verdict)
}

/// The error and its causes, without repeating a cause that the message already holds.
pub fn one_line_each(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let part = cause.to_string();
        if text.is_empty() {
            text = part;
        } else if !text.contains(&part) {
            text = format!("{text}: {part}");
        }
    }
    text
}

/// The user asked to stop.
#[derive(Debug, thiserror::Error)]
#[error("interrupted; what was finished before is complete, the rest is untouched")]
pub struct Interrupted;

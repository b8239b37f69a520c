//! What a run leaves behind, so that a later one can tell that nothing has changed.
//!
//! A convenience of `run --changed` and `list` alone: what checks numbers or drawings never looks at it.

use super::output::{EXPERIMENT, Formats, Written};
use super::{AgreementSummary, Project, Selected, Settings};
use crate::files;
use crate::provenance::digest;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Name of the file in the folder of the results.
const FILE: &str = "stamp.json";

/// Digests of the code that the numbers of each experiment come from, by the name of its module.
const CODE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/code.rs"));

/// Digest of the code that the numbers of a module come from.
pub(super) fn code_of(module: &str) -> &'static str {
    CODE.iter().find(|(name, _)| *name == module).map_or("", |(_, digest)| digest)
}

/// Digests of all that went into a run that found nothing wrong, and of all that came out.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Stamp {
    /// Of what numbers come from.
    code: String,
    /// Of all that draws.
    program: String,
    experiment: String,
    golden: String,
    formats: Formats,
    /// Written tables and what is said of them, by their paths below the output folder.
    results: BTreeMap<PathBuf, String>,
    /// Written figures.
    figures: BTreeMap<PathBuf, String>,
    agreement: Option<AgreementSummary>,
}

/// What has to be done since the last faultless run.
pub(super) enum Due {
    /// Nothing.
    Nothing(Option<AgreementSummary>),
    /// The figures have to be drawn from the stored tables, for this reason.
    Drawings(Stamp, String),
    /// All has to be computed, for this reason.
    Everything(String),
}

impl Stamp {
    /// Says that whatever is on disk is of no run that is known.
    pub(super) fn remove(out: &Path, id: &str) -> Result<()> {
        Ok(files::remove(&place(out, id))?)
    }

    /// Keeps what a faultless run read and wrote: the digest of the golden data that it compared with, the text of the experiment that it
    /// computed, the digests of what it wrote. Nothing is read again here, since it may be of others by now.
    pub(super) fn write(
        golden: Option<String>,
        experiment: &Selected,
        settings: &Settings,
        results: &Written,
        figures: &Written,
        agreement: Option<AgreementSummary>,
    ) -> Result<()> {
        let (Some(program), Some(golden)) = (program(), golden) else { return Ok(()) };
        let code = code_of(experiment.entry.module).to_owned();
        let (results, figures) = (below(settings, results), below(settings, figures));
        let (formats, of_experiment) = (settings.formats.clone(), of_text(&experiment.document.text));
        Self { code, program, experiment: of_experiment, golden, formats, results, figures, agreement }
            .keep(experiment, settings)
    }

    /// The same after its figures were drawn again, and its copy of the experiment file written.
    pub(super) fn drawn(
        self,
        experiment: &Selected,
        settings: &Settings,
        results: &Written,
        figures: &Written,
    ) -> Result<()> {
        let Some(program) = program() else { return Ok(()) };
        let mut stamp = Self { program, experiment: of_text(&experiment.document.text), ..self };
        stamp.results.extend(below(settings, results));
        (stamp.formats, stamp.figures) = (settings.formats.clone(), below(settings, figures));
        stamp.keep(experiment, settings)
    }

    fn keep(&self, experiment: &Selected, settings: &Settings) -> Result<()> {
        Ok(files::write(&place(&settings.out, experiment.id()), serde_json::to_string_pretty(self)?.as_bytes())?)
    }

    /// The agreement that was found.
    pub(super) fn agreement(&self) -> Option<AgreementSummary> {
        self.agreement
    }

    /// What has to be done. Formats are those that figures must have been written in, if that matters.
    pub(super) fn due(project: &Project, experiment: &Selected, out: &Path, formats: Option<&Formats>) -> Due {
        let Ok(text) = files::read(&place(out, experiment.id())) else {
            return Due::Everything("no complete and faultless run is known here".to_owned());
        };
        let Ok(stamp) = serde_json::from_str::<Self>(&text) else {
            return Due::Everything(format!("{} is damaged", place(out, experiment.id()).display()));
        };
        if project.golden_digest(experiment.id()).ok().flatten().as_ref() != Some(&stamp.golden) {
            return Due::Everything("golden data changed".to_owned());
        }
        let changed = |written: &BTreeMap<PathBuf, String>| {
            let found = written.iter().find(|(path, digest)| of_file(&out.join(path)).as_ref() != Some(digest));
            found.map(|(path, _)| format!("{} changed", path.display()))
        };
        if let Some(why) = changed(&stamp.results) {
            return Due::Everything(why);
        }
        if stamp.code.is_empty() || stamp.code != code_of(experiment.entry.module) {
            return Due::Everything("the code that its numbers come from changed".to_owned());
        }
        let path = experiment.document.path.display();
        let same_text = stamp.experiment == of_text(&experiment.document.text);
        if !same_text {
            let computed = files::read(&out.join("results").join(experiment.id()).join(EXPERIMENT));
            if !computed.is_ok_and(|text| experiment.document.computes_like(&text)) {
                return Due::Everything(format!("{path} changed"));
            }
        }
        let why = if !same_text {
            format!("{path} changed, but not what it computes")
        } else if formats.is_some_and(|formats| *formats != stamp.formats) {
            "figures were written in other formats".to_owned()
        } else if let Some(why) = changed(&stamp.figures) {
            why
        } else if program().as_ref() != Some(&stamp.program) {
            "the program changed, but not what its numbers come from".to_owned()
        } else {
            return Due::Nothing(stamp.agreement);
        };
        Due::Drawings(stamp, why)
    }
}

fn below(settings: &Settings, written: &Written) -> BTreeMap<PathBuf, String> {
    let below = |path: &PathBuf| path.strip_prefix(&settings.out).unwrap_or(path).to_owned();
    written.iter().map(|(path, digest)| (below(path), digest.clone())).collect()
}

fn place(out: &Path, id: &str) -> PathBuf {
    out.join("results").join(id).join(FILE)
}

fn of_text(text: &str) -> String {
    digest([("", text.as_bytes())])
}

fn of_file(path: &Path) -> Option<String> {
    Some(digest([("", files::bytes(path).ok()?.as_slice())]))
}

/// Digest of the running program; `None` where it cannot be read.
fn program() -> Option<String> {
    static PROGRAM: OnceLock<Option<String>> = OnceLock::new();
    // on Linux the program that runs, even where another has its name by now
    let running = || of_file(Path::new("/proc/self/exe")).or_else(|| of_file(&std::env::current_exe().ok()?));
    PROGRAM.get_or_init(running).clone()
}

//! What a run leaves behind, so that a later one can tell that nothing has changed.
//!
//! A convenience of `run --changed` and `list` alone: what checks numbers or drawings never looks at it.

use super::output::{Formats, Written};
use super::{AgreementSummary, Project, Selected, Settings};
use crate::files;
use crate::provenance::digest;
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// Name of the file in the folder of the results.
const FILE: &str = "stamp.json";

/// Digests of all that went into a run that found nothing wrong, and of all that came out.
#[derive(Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub(super) struct Stamp {
    program: String,
    experiment: String,
    golden: String,
    formats: Formats,
    /// Written files, by their paths below the output folder.
    files: BTreeMap<PathBuf, String>,
    agreement: Option<AgreementSummary>,
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
        written: &Written,
        agreement: Option<AgreementSummary>,
    ) -> Result<()> {
        let (Some(program), Some(golden)) = (program(), golden) else { return Ok(()) };
        let out = settings.out.as_path();
        let formats = settings.formats.clone();
        let below = |path: &PathBuf| path.strip_prefix(out).unwrap_or(path).to_owned();
        let files = written.iter().map(|(path, digest)| (below(path), digest.clone())).collect();
        let experiment_digest = of_text(&experiment.document.text);
        let stamp = Self { program, experiment: experiment_digest, golden, formats, files, agreement };
        Ok(files::write(&place(out, experiment.id()), serde_json::to_string_pretty(&stamp)?.as_bytes())?)
    }

    /// The agreement that was found, or why the experiment has to be computed again. Formats are those that figures must have been
    /// written in, if that matters.
    pub(super) fn holds(
        project: &Project,
        experiment: &Selected,
        out: &Path,
        formats: Option<&Formats>,
    ) -> Result<Option<AgreementSummary>, String> {
        let Ok(text) = files::read(&place(out, experiment.id())) else {
            return Err("no complete and faultless run is known here".to_owned());
        };
        let Ok(stamp) = serde_json::from_str::<Self>(&text) else {
            return Err(format!("{} is damaged", place(out, experiment.id()).display()));
        };
        if stamp.experiment != of_text(&experiment.document.text) {
            return Err(format!("{} changed", experiment.document.path.display()));
        }
        if project.golden_digest(experiment.id()).ok().flatten() != Some(stamp.golden) {
            return Err("golden data changed".to_owned());
        }
        if formats.is_some_and(|formats| *formats != stamp.formats) {
            return Err("figures were written in other formats".to_owned());
        }
        let changed = stamp.files.iter().find(|(path, digest)| of_file(&out.join(path)).as_ref() != Some(digest));
        if let Some((path, _)) = changed {
            return Err(format!("{} changed", path.display()));
        }
        if program() != Some(stamp.program) {
            return Err("the program changed".to_owned());
        }
        Ok(stamp.agreement)
    }
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

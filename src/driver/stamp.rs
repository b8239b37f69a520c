//! What a run leaves behind, so that a later one can tell that nothing has changed.
//!
//! A convenience of `run --changed` and `list` alone: what checks numbers or drawings never looks at it.

use super::contents::{self, EXPERIMENT, Formats};
use super::writer::Written;
use super::{AgreementSummary, Project, Selected, Verdict};
use crate::experiment::data::Stated;
use crate::files;
use crate::provenance::{digest, sha256};
use anyhow::Result;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Why that which has no results is computed.
pub const NOT_YET: &str = "not computed here yet";

/// Name of the file in the folder of the results.
const FILE: &str = "stamp.json";

/// Digests of the code that the numbers of each experiment come from, by the name of its module.
const CODE: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/code.rs"));

/// Digest of all code of the program.
const PROGRAM: &str = include!(concat!(env!("OUT_DIR"), "/program.rs"));

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
    /// Files of data, each with its SHA-256.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    data: Vec<(String, String)>,
}

/// What has to be done since the last faultless run.
pub(super) enum Due {
    /// Nothing.
    Nothing(Option<AgreementSummary>),
    /// The figures have to be drawn from the stored tables, for this reason.
    Drawings(Box<Stamp>, String),
    /// All has to be computed, for this reason.
    Everything(String),
}

impl Stamp {
    /// Of a faultless run, from what it read and wrote: the digest of the golden data that it compared with, the text of the experiment that it
    /// computed, the digests of what it wrote. Nothing is read again here, since it may be of others by now. `None` where there are no golden
    /// data.
    pub(super) fn new(
        golden: Option<String>,
        experiment: &Selected,
        formats: &Formats,
        results: Written,
        figures: Written,
        verdict: &Verdict,
        data: &[Stated],
    ) -> Option<Self> {
        Some(Self {
            data: data.iter().map(|stated| (stated.file.clone(), stated.sha256.clone())).collect(),
            code: code_of(experiment.entry.module).to_owned(),
            program: PROGRAM.to_owned(),
            experiment: of_text(&experiment.document.text),
            golden: golden?,
            formats: formats.clone(),
            results: results.into_iter().collect(),
            figures: figures.into_iter().collect(),
            agreement: verdict.agreement,
        })
    }

    /// The same after its figures were drawn again, and its copy of the experiment file written.
    pub(super) fn drawn(mut self, experiment: &Selected, formats: &Formats, copy: Written, figures: Written) -> Self {
        self.results.extend(copy);
        Self {
            program: PROGRAM.to_owned(),
            experiment: of_text(&experiment.document.text),
            formats: formats.clone(),
            figures: figures.into_iter().collect(),
            ..self
        }
    }

    /// The bytes of its file.
    pub(super) fn to_bytes(&self) -> Result<Vec<u8>> {
        Ok(serde_json::to_vec_pretty(self)?)
    }

    /// The agreement that was found.
    pub(super) fn agreement(&self) -> Option<AgreementSummary> {
        self.agreement
    }

    /// What has to be done. Formats are those that figures must have been written in, if that matters.
    pub(super) fn due(project: &Project, experiment: &Selected, out: &Path, formats: Option<&Formats>) -> Due {
        let path = out.join(path(experiment.id()));
        let Ok(text) = files::read(&path) else {
            if !out.join(contents::folder(experiment.id())).is_dir() {
                return Due::Everything(NOT_YET.to_owned());
            }
            return Due::Everything("no complete and faultless run is known here".to_owned());
        };
        let Ok(stamp) = serde_json::from_str::<Self>(&text) else {
            return Due::Everything(format!("{} is damaged", path.display()));
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
        let folder = &experiment.document.folder;
        let same =
            |file: &str, digest: &str| files::bytes(&folder.join(file)).is_ok_and(|bytes| sha256(&bytes) == digest);
        if let Some((file, _)) = stamp.data.iter().find(|(file, digest)| !same(file, digest)) {
            return Due::Everything(format!("{} changed", folder.join(file).display()));
        }
        let path = experiment.document.path.display();
        let same_text = stamp.experiment == of_text(&experiment.document.text);
        if !same_text {
            let computed = files::read(&out.join(contents::folder(experiment.id())).join(EXPERIMENT));
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
        } else if stamp.program != PROGRAM {
            "the program changed, but not what its numbers come from".to_owned()
        } else {
            return Due::Nothing(stamp.agreement);
        };
        Due::Drawings(Box::new(stamp), why)
    }
}

/// Where the stamp of an experiment is, below the output folder.
pub(super) fn path(id: &str) -> PathBuf {
    contents::folder(id).join(FILE)
}

fn of_text(text: &str) -> String {
    digest([("", text.as_bytes())])
}

fn of_file(path: &Path) -> Option<String> {
    Some(digest([("", files::bytes(path).ok()?.as_slice())]))
}

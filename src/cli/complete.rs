//! `neurodyn completions`: what a shell offers for a word that has begun.
//!
//! The script asks the program itself for each word, so that experiments and figures are those of the project around the current folder.

use super::help::command;
use super::{here, print_script};
use crate::driver::{self, Outcome, Project, Venue};
use crate::model::Activation;
use crate::model::formula::{NAMED, WITH_A_FILE};
use crate::provenance::Media;
use anyhow::{Context, Result};
use clap_complete::engine::{CompletionCandidate, PathCompleter, ValueCompleter};
use clap_complete::env::Shells;
use clap_complete::{CompleteEnv, Shell};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Set by the scripts: that the program is to complete words instead of doing something.
const VARIABLE: &str = "NEURODYN_COMPLETE";

/// Name of the program on a search path.
const PROGRAM: &str = "neurodyn";

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  source <(neurodyn completions bash)

That is for the shell that is open. For all shells to come:
  bash: neurodyn completions bash > ~/.local/share/bash-completion/completions/neurodyn
  zsh:  neurodyn completions zsh > a folder of $fpath/_neurodyn
  fish: neurodyn completions fish > ~/.config/fish/completions/neurodyn.fish")]
pub(super) struct Completions {
    /// Shell
    shell: Shell,
}

impl Completions {
    pub(super) fn print(&self) -> Result<Outcome> {
        let name = self.shell.to_string();
        let shells = Shells::builtins();
        let shell = shells.completer(&name).with_context(|| format!("{name}: nothing is known of this shell"))?;
        let mut script = Vec::new();
        shell.write_registration(VARIABLE, PROGRAM, PROGRAM, &called(), &mut script)?;
        print_script(&String::from_utf8_lossy(&script))
    }
}

/// How the script calls this program: as it was called itself; by its name alone where a path has characters that the shells would have to be
/// told of, each in its own way.
fn called() -> String {
    let given = super::called();
    if given.components().count() < 2 {
        return PROGRAM.to_owned();
    }
    let plain = |text: &String| text.chars().all(|letter| letter.is_ascii_alphanumeric() || "/._-+".contains(letter));
    let path = std::path::absolute(given).ok().and_then(|path| Some(path.to_str()?.to_owned()));
    path.filter(plain).unwrap_or_else(|| PROGRAM.to_owned())
}

/// Completes a word where a script asks for that, and says whether one did.
pub(super) fn asked(words: &[OsString]) -> Result<bool, clap::Error> {
    let here = std::env::current_dir().ok();
    CompleteEnv::with_factory(command).var(VARIABLE).bin(PROGRAM).try_complete(words.iter().cloned(), here.as_deref())
}

/// Experiments of the project, or files of experiments.
pub(super) fn experiment_ids(current: &OsStr) -> Vec<CompletionCandidate> {
    or_files(current, experiments(), &["toml"])
}

/// What can be varied: experiments, their files, figures.
pub(super) fn sources(current: &OsStr) -> Vec<CompletionCandidate> {
    or_files(current, experiments(), &["toml", "svg", "pdf", "png"])
}

/// Figures by name or by file.
pub(super) fn figure_names(current: &OsStr) -> Vec<CompletionCandidate> {
    or_files(current, figures(), &["svg", "pdf", "png"])
}

/// Figures by file.
pub(super) fn figure_files(current: &OsStr) -> Vec<CompletionCandidate> {
    files(current, &["svg", "pdf", "png"])
}

/// Experiments and figures by name.
pub(super) fn figures_or_experiments(current: &OsStr) -> Vec<CompletionCandidate> {
    let mut names = experiments();
    names.extend(figures());
    or_files(current, names, &[])
}

/// Files of TOML.
pub(super) fn toml_files(current: &OsStr) -> Vec<CompletionCandidate> {
    files(current, &["toml"])
}

/// Names of a list with commas, the last of which is being written.
pub(super) fn one_more<'a>(current: &OsStr, names: impl IntoIterator<Item = &'a str>) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    let (done, last) = current.rsplit_once(',').map_or((String::new(), &*current), |(d, l)| (format!("{d},"), l));
    let near = names.into_iter().filter(|name| name.starts_with(last) && !done.split(',').any(|other| other == *name));
    near.map(|name| CompletionCandidate::new(format!("{done}{name}"))).collect()
}

/// These words.
pub(super) fn words<const N: usize>(words: [&'static str; N]) -> impl Fn() -> Vec<CompletionCandidate> {
    move || words.into_iter().map(CompletionCandidate::new).collect()
}

pub(super) fn activations() -> Vec<CompletionCandidate> {
    let named = NAMED[WITH_A_FILE..].iter().map(|named| named.name);
    Activation::ALL.iter().map(|activation| activation.name()).chain(named).map(CompletionCandidate::new).collect()
}

pub(super) fn formats() -> Vec<CompletionCandidate> {
    Media::ALL.iter().map(|media| CompletionCandidate::new(media.extension())).collect()
}

pub(super) fn venues() -> Vec<CompletionCandidate> {
    Venue::ALL.iter().map(|venue| CompletionCandidate::new(venue.name())).collect()
}

pub(super) fn modules() -> Vec<CompletionCandidate> {
    driver::modules().map(CompletionCandidate::new).collect()
}

fn or_files(current: &OsStr, names: BTreeSet<String>, endings: &'static [&'static str]) -> Vec<CompletionCandidate> {
    let text = current.to_string_lossy();
    let near = names.into_iter().filter(|name| name.starts_with(&*text));
    let mut found: Vec<CompletionCandidate> = near.map(CompletionCandidate::new).collect();
    // an empty word has names enough
    if !(endings.is_empty() || text.is_empty() && !found.is_empty()) {
        found.extend(files(current, endings));
    }
    found
}

fn files(current: &OsStr, endings: &'static [&'static str]) -> Vec<CompletionCandidate> {
    let fits = move |path: &Path| endings.iter().any(|ending| path.extension().is_some_and(|found| found == *ending));
    PathCompleter::any().filter(move |path| path.is_file() && fits(path)).complete(current)
}

/// Experiments of the project here; nothing is said of files that cannot be used.
fn experiments() -> BTreeSet<String> {
    stems("experiments", &["toml"])
}

/// Figures of the project here.
fn figures() -> BTreeSet<String> {
    stems("figures", &["svg", "pdf", "png"])
}

/// Names of the files of a folder of the project.
fn stems(folder: &str, endings: &[&str]) -> BTreeSet<String> {
    let root = here().and_then(|here| Project::root_from(&here));
    let entries = root.ok().and_then(|root| std::fs::read_dir(root.join(folder)).ok());
    let stem = |path: PathBuf| {
        let fits = path.extension().is_some_and(|found| endings.iter().any(|ending| found == *ending));
        let stem = path.file_stem()?.to_str()?.to_owned();
        (fits && !stem.starts_with('.')).then_some(stem)
    };
    entries.into_iter().flatten().flatten().filter_map(|entry| stem(entry.path())).collect()
}

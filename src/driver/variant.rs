//! A new experiment file from an old one: the same parameters, another seed, to be changed at will.

use super::absent::explained;
use super::given::Given;
use super::{Project, schema};
use crate::config::Document;
use crate::experiments::find;
use crate::files;
use crate::nearest::instead;
use anyhow::{Context, Result, anyhow};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// Writes `experiments/<name>.toml` below `root` and returns its path. `from` is an experiment of the project or one of its figures, an experiment file or that of a
/// figure; without a seed the new one is the largest of the project plus 1. Of all that do this at a time one works, so seeds are different and a
/// name is taken once.
pub fn create_variant(root: &Path, name: &str, from: &str, seed: Option<u64>) -> Result<PathBuf> {
    let _lock = files::lock(root)?;
    let folder = root.join("experiments");
    let project = folder.is_dir().then(|| Project::load(root)).transpose()?;
    let source = source(project.as_ref(), from)?;
    let taken = project.as_ref().map_or(Vec::new(), seeds);
    let largest = taken.iter().map(|(seed, _)| *seed).max().unwrap_or(source.header.seed);
    let seed = match seed {
        Some(seed) => seed,
        None => {
            largest.checked_add(1).ok_or_else(|| anyhow!("seed {largest} is the largest there can be; give --seed"))?
        }
    };
    let written = i64::try_from(seed).map_err(|_| anyhow!("seed {seed} is too large for TOML, up to {}", i64::MAX))?;
    let path = folder.join(format!("{name}.toml"));
    let shown = path.strip_prefix(root).unwrap_or(&path);
    let source = find(source)?;
    let module = source.entry.module;
    // figures keep their sections under the names that they have in the module, which every variant knows
    let names: Vec<(String, String)> = source.figure_names()?.into_iter().zip(source.module_names()).collect();
    let head = format!("#:schema {}\n# A variant of {}.\n", schema::beside(module), source.id());
    let text = source.document.varied(&head, written, &names).with_context(|| format!("{from}: cannot be varied"))?;
    let variant = Document::parse(shown, text)?;
    if variant.id != name {
        return Err(anyhow!("{name:?} is no name for an experiment; allowed are lower case letters, digits and _"));
    }
    let figures = find(variant.clone())?.figures()?;
    let there = || anyhow!("{}: is there already; choose another name", path.display());
    if path.exists() {
        return Err(there());
    }
    if let Some((_, other)) = taken.iter().find(|(other, _)| *other == seed) {
        return Err(anyhow!("seed {seed} is that of {}; every experiment needs its own", other.display()));
    }
    for figure in figures {
        if let Some(other) = project.as_ref().and_then(|project| project.drawn_by(&figure.name)) {
            let other = other.path.display();
            return Err(anyhow!(
                "{}: would draw figures/{}.svg, which {other} draws; choose another name",
                shown.display(),
                figure.name
            ));
        }
    }
    files::check_writable(&folder)?;
    let schema = folder.join(schema::beside(module));
    if !schema.exists() {
        schema::write(&folder.join(schema::FOLDER), &[module])?;
    }
    files::create(&path, variant.text.as_bytes()).map_err(|error| match error.reason.kind() {
        ErrorKind::AlreadyExists => there(),
        _ => anyhow!(error),
    })?;
    Ok(path)
}

/// Seeds that are taken, those of files that cannot be used among them.
fn seeds(project: &Project) -> Vec<(u64, PathBuf)> {
    let used = project.documents().map(|document| (document.header.seed, document.path.clone()));
    let faults = project.faults().iter().filter_map(|fault| Some((fault.seed?, fault.path.clone())));
    used.chain(faults).collect()
}

fn source(project: Option<&Project>, from: &str) -> Result<Document> {
    let documents = || project.into_iter().flat_map(Project::documents);
    let drawing = || project.and_then(|project| project.drawn_by(from));
    if let Some(document) = documents().find(|document| document.id == from).or_else(drawing) {
        return Ok(document.clone());
    }
    if let Some(fault) = project.and_then(|project| project.faults().iter().find(|fault| fault.id == from)) {
        return Err(anyhow!(fault.message.clone()));
    }
    let path = Path::new(from);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => Document::read(path).map_err(|error| explained(error, path)),
        Some("svg" | "pdf" | "png") => {
            let given = Given::read(path, &AtomicBool::new(false))?;
            Ok(Document { settings: Vec::new(), ..given.selected.document })
        }
        _ => {
            let known: Vec<&str> = documents().map(|document| document.id.as_str()).collect();
            Err(anyhow!(
                "{from:?} is no experiment of this project, no .toml file and no figure (.svg, .pdf, .png){}",
                instead(from, &known)
            ))
        }
    }
}

//! A new experiment file from an old one: the same parameters, another seed, to be changed at will.

use super::{Project, schema};
use crate::config::Document;
use crate::experiments::find;
use crate::files;
use crate::nearest::instead;
use crate::provenance::Provenance;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// Writes `experiments/<name>.toml` below `root` and returns its path. `from` is an experiment of the project, an experiment file or a figure;
/// without a seed the new one is the largest of the project plus 1.
pub fn create_variant(root: &Path, name: &str, from: &str, seed: Option<u64>) -> Result<PathBuf> {
    let folder = root.join("experiments");
    let project = folder.is_dir().then(|| Project::load(root)).transpose()?;
    let documents = project.as_ref().map_or(&[][..], Project::documents);
    let source = source(documents, from)?;
    let largest = documents.iter().map(|document| document.header.seed).max().unwrap_or(source.header.seed);
    let seed = match seed {
        Some(seed) => seed,
        None => {
            largest.checked_add(1).ok_or_else(|| anyhow!("seed {largest} is the largest there can be; give --seed"))?
        }
    };
    let written = i64::try_from(seed).map_err(|_| anyhow!("seed {seed} is too large for TOML, up to {}", i64::MAX))?;
    let path = folder.join(format!("{name}.toml"));
    let shown = path.strip_prefix(root).unwrap_or(&path);
    let entry = find(&source)?;
    let module = entry.module;
    // figures keep their sections under the names that they have in the module, which every variant knows
    let old = entry.figures(&source)?.into_iter().map(|figure| figure.name);
    let names: Vec<(String, String)> = old.zip(entry.module_names(&source)?).collect();
    let head = format!("#:schema {}\n# A variant of {}.\n", schema::beside(module), source.id);
    let text = source.varied(&head, written, &names).with_context(|| format!("{from}: cannot be varied"))?;
    let variant = Document::parse(shown, text)?;
    if variant.id != name {
        return Err(anyhow!("{name:?} is no name for an experiment; allowed are lower case letters, digits and _"));
    }
    find(&variant)?.figures(&variant)?;
    if let Some(other) = documents.iter().find(|document| document.header.seed == seed) {
        return Err(anyhow!("seed {seed} is that of {}; every experiment needs its own", other.path.display()));
    }
    if path.exists() {
        return Err(anyhow!("{}: is there already; choose another name", path.display()));
    }
    files::check_writable(&folder)?;
    let schema = folder.join(schema::beside(module));
    if !schema.exists() {
        schema::write(&folder.join(schema::FOLDER), &[module])?;
    }
    files::write(&path, variant.text.as_bytes())?;
    Ok(path)
}

fn source(documents: &[Document], from: &str) -> Result<Document> {
    if let Some(document) = documents.iter().find(|document| document.id == from) {
        return Ok(document.clone());
    }
    let path = Path::new(from);
    match path.extension().and_then(|extension| extension.to_str()) {
        Some("toml") => Ok(Document::read(path)?),
        Some("svg" | "pdf" | "png") => {
            let (_, provenance) =
                Provenance::from_file(&files::bytes(path)?).map_err(|error| anyhow!("{from}: {error}"))?;
            let inside = PathBuf::from(format!("{}.toml", provenance.id));
            Document::parse(&inside, provenance.toml).with_context(|| format!("{from}: the experiment in it"))
        }
        _ => {
            let known: Vec<&str> = documents.iter().map(|document| document.id.as_str()).collect();
            Err(anyhow!(
                "{from:?} is no experiment of this project, no .toml file and no figure (.svg, .pdf, .png){}",
                instead(from, &known)
            ))
        }
    }
}

//! The reference of the book: pages that are written from what the program, its experiments and their golden data say, and from nothing
//! else, so that they cannot fall behind. They hold no time and no name of a machine.

mod contents;
mod markdown;
mod page;

use super::describe::{Described, describe};
use super::writer::{self, File};
use super::{Project, Selected};
use crate::experiments::{FAMILIES, REGISTRY};
use crate::files;
use anyhow::{Context, Result, anyhow};
use markdown::{code, table, text};
use std::path::{Path, PathBuf};

/// Folder of the pages of experiments, below that of the reference.
const EXPERIMENTS: &str = "experiments";

/// Path from the pages of experiments to the project, in `docs/reference` as in the built book.
const TO_ROOT: &str = "../../../";

/// Path from the pages of experiments to that of the activations.
const ACTIVATIONS: &str = "../activations.md";

/// A page that stands by itself.
pub struct Page {
    /// Its title in the table of contents.
    pub title: &'static str,
    /// Its file, in the folder of the reference.
    pub file: &'static str,
    /// Its text, as Markdown.
    pub text: String,
}

/// What was written.
pub struct WrittenReference {
    /// Number of pages.
    pub pages: usize,
    /// The table of contents, where there is one.
    pub contents: Option<PathBuf>,
    /// Why that was left as it is, where it was.
    pub left: Option<String>,
}

/// Writes the reference into this folder: these pages, one about each experiment of the project, and a list of those. The table of contents
/// beside the folder gets their names between its two lines for them.
pub fn write_reference(
    project: &Project,
    folder: &Path,
    pages: &[Page],
    activations: &[&str],
) -> Result<WrittenReference> {
    if let Some(fault) = project.faults().first() {
        return Err(anyhow!(fault.message.clone()));
    }
    let mut experiments = Vec::new();
    for experiment in in_order(project)? {
        let described = describe(project, &experiment)?;
        experiments.push((experiment, described));
    }
    let mut written: Vec<File> =
        pages.iter().map(|page| (PathBuf::from(page.file), page.text.clone().into_bytes())).collect();
    let place = |name: &str| Path::new(EXPERIMENTS).join(format!("{name}.md"));
    written.push((place("index"), index(&experiments).into_bytes()));
    for (experiment, described) in &experiments {
        let page = page::page(project, experiment, described, activations)?;
        written.push((place(experiment.id()), page.into_bytes()));
    }
    let (contents, left) = match contents_beside(folder, pages, &experiments)? {
        None => (None, None),
        Some((path, Some(text))) => (Some((path, text)), None),
        Some((path, None)) => {
            let left = format!("{}: has no line {}, so it is left as it is", path.display(), contents::START);
            (None, Some(left))
        }
    };
    files::check_writable(&folder.join(EXPERIMENTS))?;
    writer::check(folder, written.iter().map(|(path, _)| path.as_path()))?;
    writer::write(folder, &written)?;
    let contents = match contents {
        Some((path, text)) => {
            files::write(&path, text.as_bytes())?;
            Some(path)
        }
        None => None,
    };
    Ok(WrittenReference { pages: written.len(), contents, left })
}

/// The experiments of the project, family by family as they are shown, variants after what they vary.
fn in_order(project: &Project) -> Result<Vec<Selected>> {
    let mut experiments = project.select(&[])?;
    if experiments.is_empty() {
        return Err(anyhow!("{}: no experiment files", project.root.join("experiments").display()));
    }
    experiments.sort_by_key(|experiment| {
        let (family, entry) = (&experiment.document.header.family, experiment.entry);
        let family = FAMILIES.iter().position(|name| name == family);
        let module = REGISTRY.iter().position(|other| other.module == entry.module);
        (family, module, experiment.id() != entry.module, experiment.id().to_owned())
    });
    Ok(experiments)
}

/// Families with their experiments, in order.
fn families(experiments: &[(Selected, Described)]) -> Vec<(&str, Vec<&Described>)> {
    let mut families: Vec<(&str, Vec<&Described>)> = Vec::new();
    for (_, described) in experiments {
        match families.last_mut() {
            Some((family, members)) if *family == described.family => members.push(described),
            _ => families.push((&described.family, vec![described])),
        }
    }
    families
}

/// The list of all experiments.
fn index(experiments: &[(Selected, Described)]) -> String {
    let figures: usize = experiments.iter().map(|(_, described)| described.figures.len()).sum();
    let mut page = format!(
        "# Experiments\n\n{} experiments draw {figures} figures. Each has a page with its figures, parameters, tables and numbers; \
         `neurodyn show ID` says the same at a terminal.\n",
        experiments.len()
    );
    for (family, members) in families(experiments) {
        page.push_str(&format!("\n## {family}\n\n"));
        let rows = members.into_iter().map(|described| {
            let Described { id, title, summary, figures, .. } = described;
            let figures: Vec<String> = figures.iter().map(|figure| code(&figure.name)).collect();
            vec![format!("[`{id}`]({id}.md)"), format!("**{}.** {}", text(title), text(summary)), figures.join(", ")]
        });
        page.push_str(&table(&["experiment", "what is seen", "figures"], rows));
    }
    page
}

/// The table of contents beside this folder, filled, or `None` in its place where it has no lines for that.
fn contents_beside(
    folder: &Path,
    pages: &[Page],
    experiments: &[(Selected, Described)],
) -> Result<Option<(PathBuf, Option<String>)>> {
    let whole = std::path::absolute(folder).with_context(|| folder.display().to_string())?;
    let (Some(above), Some(name)) = (whole.parent(), whole.file_name()) else { return Ok(None) };
    if !above.join("SUMMARY.md").exists() {
        return Ok(None);
    }
    let path = folder.parent().unwrap_or(above).join("SUMMARY.md");
    let name = name.to_string_lossy();
    let mut lines: String = pages.iter().map(|page| format!("- [{}]({name}/{})\n", page.title, page.file)).collect();
    lines.push_str(&format!("- [Experiments]({name}/{EXPERIMENTS}/index.md)\n"));
    for (family, members) in families(experiments) {
        // a chapter without a page
        lines.push_str(&format!("  - [{family}]()\n"));
        for described in members {
            lines.push_str(&format!("    - [{}]({name}/{EXPERIMENTS}/{}.md)\n", text(&described.title), described.id));
        }
    }
    let filled = contents::filled(&path, &files::read(&path)?, &lines)?;
    Ok(Some((path, filled)))
}

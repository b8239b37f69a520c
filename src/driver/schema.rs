//! Schemas of experiment files on disk, where editors find them.

use crate::experiment::schema;
use crate::experiments::{CATALOGUE, REGISTRY};
use crate::files;
use crate::nearest::instead;
use anyhow::{Result, anyhow};
use serde_json::Value;
use std::path::{Path, PathBuf};

/// Name of the folder beside experiment files.
pub(super) const FOLDER: &str = "schema";

/// Name of the schema of the files of any module.
const ANY: &str = "experiment";

/// Path from an experiment file of this module to its schema, as the first line of the file has it after `#:schema `.
pub(super) fn beside(module: &str) -> String {
    format!("{FOLDER}/{module}.json")
}

/// Names of all modules.
pub fn modules() -> impl Iterator<Item = &'static str> {
    REGISTRY.iter().map(|entry| entry.module)
}

/// The schema of files that this module runs, or of all, as JSON.
pub fn schema(module: Option<&str>) -> Result<String> {
    let schema: Value = match module {
        None | Some(ANY) => schema::of_any(&CATALOGUE),
        Some(module) => schema::of_module(&CATALOGUE, module).ok_or_else(|| {
            // a file may have been given
            let stem = Path::new(module).file_stem().unwrap_or_default().to_string_lossy();
            let names: Vec<&str> = modules().collect();
            anyhow!("no experiment module is called {module:?}{}", instead(&stem, &names))
        })?,
    };
    Ok(format!("{}\n", serde_json::to_string_pretty(&schema)?))
}

/// Writes `<module>.json` into this folder, of all modules and `experiment.json` without a module, and returns the paths.
pub fn write_schemas(folder: &Path, module: Option<&str>) -> Result<Vec<PathBuf>> {
    match module {
        Some(module) => write(folder, &[module]),
        None => write(folder, &modules().chain([ANY]).collect::<Vec<_>>()),
    }
}

pub(super) fn write(folder: &Path, modules: &[&str]) -> Result<Vec<PathBuf>> {
    let texts = modules.iter().map(|module| schema(Some(module))).collect::<Result<Vec<_>>>()?;
    let paths: Vec<PathBuf> = modules.iter().map(|module| folder.join(format!("{module}.json"))).collect();
    files::check_writable(folder)?;
    for path in &paths {
        files::check_replaceable(path)?;
    }
    for (path, text) in paths.iter().zip(&texts) {
        files::write(path, text.as_bytes())?;
    }
    Ok(paths)
}

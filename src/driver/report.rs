//! Gathers what the report says of each experiment, from stored results and golden data, and writes it.

use super::contents::{csv_files, in_words};
use super::stored::Stored;
use super::{Citation, Project, Selected, Settings, listing, one_line_each, writer};
use crate::agreement;
use crate::experiment::Tables;
use crate::files;
use crate::golden;
use crate::provenance::digest;
use crate::render::plain_title;
use crate::report::{self, Changes, Golden, ReportedExperiment, RunRecord};
use crate::table::Table;
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// Name of the folder below the output folder.
const FOLDER: &str = "report";

/// What was written.
pub struct Reported {
    /// The page.
    pub path: PathBuf,
    /// Number of its figures.
    pub figures: usize,
    /// Its size.
    pub bytes: usize,
    /// Why experiments are not on it.
    pub left_out: Vec<String>,
}

/// Writes the report on these experiments from their stored results, found as [`super::draw`] finds them. Those that cannot be on it are left
/// out, unless nothing is left.
pub fn report(
    project: &Project,
    selected: &[Selected],
    settings: &Settings,
    results: Option<&Path>,
) -> Result<Reported> {
    let results = Stored::find(project, results, &settings.out);
    let (mut experiments, mut left_out) = (Vec::new(), Vec::new());
    for experiment in selected {
        match gather(project, &results, experiment) {
            Ok(gathered) => experiments.push(gathered),
            Err(error) => left_out.push(format!("{}: {}", experiment.id(), one_line_each(&error))),
        }
    }
    if experiments.is_empty() {
        return Err(anyhow!(left_out.join("\n")));
    }
    let text = report::page(&experiments)?;
    let folder = settings.out.join(FOLDER);
    let (path, bytes) = (PathBuf::from("index.html"), text.len());
    writer::check(&folder, [path.as_path()])?;
    writer::write(&folder, &[(path.clone(), text.into_bytes())])?;
    let figures = experiments.iter().map(|experiment| experiment.figures.len()).sum();
    Ok(Reported { path: folder.join(path), figures, bytes, left_out })
}

fn gather(project: &Project, results: &Stored, experiment: &Selected) -> Result<ReportedExperiment> {
    let document = &experiment.document;
    let tables = results.tables(experiment)?;
    let csv = csv_files(&document.id, &tables)?;
    let mut sorted: Vec<(&str, &[u8])> = csv.iter().map(|(name, text)| (name.as_str(), text.as_slice())).collect();
    sorted.sort();
    let golden = compared(project, &document.id, &tables)?;
    let (digest, run) = (digest(sorted), run(&results.record(&document.id)?));
    let figures = experiment.figures()?.into_iter().map(in_words).map(|figure| {
        let version = run.version.as_deref().filter(|_| matches!(golden, Golden::Same));
        let citation = version.map(|version| Citation::new(document, &figure.name, &digest, version).sentence());
        (figure, citation)
    });
    let figures = figures.collect();
    Ok(ReportedExperiment {
        id: document.id.clone(),
        family: document.header.family.clone(),
        title: plain_title(&document.header.title),
        seed: document.header.seed,
        values: document.header.values,
        digest,
        toml: document.text.clone(),
        figures,
        agreement: agreement::judge(&tables).with_context(|| format!("{}", document.path.display()))?,
        not_judged: listing::not_judged(experiment).iter().map(|not| (not.quantity, not.reason)).collect(),
        run,
        golden,
        tables,
    })
}

/// What the record of a run says; what it lacks is left out.
pub(super) fn run(record: &serde_json::Value) -> RunRecord {
    let text = |name: &str| record[name].as_str().map(str::to_owned);
    RunRecord {
        seconds: record["seconds"].as_f64().filter(|seconds| *seconds >= 0.0),
        threads: record["threads"].as_u64(),
        simd: text("simd"),
        version: text("version"),
        commit: text("commit"),
    }
}

/// Compares tables with golden data, and writes nothing.
fn compared(project: &Project, id: &str, tables: &Tables) -> Result<Golden> {
    let paths = project.golden_files(id)?;
    if paths.is_empty() {
        return Ok(Golden::Missing);
    }
    let (mut differences, mut remarks, mut old, mut lost) = (Vec::new(), Vec::new(), Vec::<Table>::new(), None);
    let names: Vec<String> = tables.iter().map(|table| golden::file_name(id, table, tables.len())).collect();
    for (table, name) in tables.iter().zip(&names) {
        let path = project.golden_folder().join(name);
        if !path.exists() {
            remarks.push(format!("{name} is missing: table {} is new", table.name()));
            lost = lost.or(Some(format!("{name} is missing")));
            continue;
        }
        let before = golden::parse(&path.display().to_string(), &files::read(&path)?, table)?;
        differences.extend(golden::compare(&before, table));
        old.push(before);
    }
    for path in &paths {
        if !names.iter().any(|name| path.ends_with(name)) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            remarks.push(format!("{name} belongs to no table"));
        }
    }
    if differences.is_empty() && remarks.is_empty() {
        return Ok(Golden::Same);
    }
    Ok(Golden::Changed(Changes { differences, remarks, tables: lost.map_or(Ok(old), Err) }))
}

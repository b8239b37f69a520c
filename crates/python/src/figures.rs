//! Experiments and their figures.

use crate::Error;
use crate::given::Given;
use crate::theory::json;
use crate::work::{Job, work};
use neurodyn::config::exchange;
use neurodyn::driver::{self, Formats, Project, Selected, Setting, Settings, Terms, one_line_each};
use neurodyn::export::{DPI, export};
use neurodyn::files;
use neurodyn::provenance::{Media, Provenance};
use neurodyn::table::{Table, Values, frame};
use numpy::PyArray1;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyList};
use serde_json::{Value, json as object};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Duration;

/// An experiment file with these values.
#[pyfunction]
pub(crate) fn toml(values: &str) -> PyResult<String> {
    let values: Value = serde_json::from_str(values).map_err(|error| Error::new_err(error.to_string()))?;
    exchange::file(&values).map_err(|message| Error::new_err(format!("the experiment cannot be written: {message}")))
}

/// Runs one experiment into a folder, and says what came of it as JSON, with what was said.
#[pyfunction]
pub(crate) fn run(
    py: Python,
    experiment: String,
    here: PathBuf,
    out: PathBuf,
    arguments: String,
) -> PyResult<(String, Vec<String>)> {
    work(py, move |job| {
        let mut given = Given::parse(&arguments)?;
        let set: Vec<String> = given.the("set")?;
        let set = set.iter().map(|setting| setting.parse().map_err(|error| format!("set {setting:?}: {error}")));
        let set = set.collect::<Result<Vec<Setting>, String>>()?;
        let formats: Formats = given.the("formats")?;
        if !DPI.contains(&formats.dpi) {
            return Err(format!(
                "dpi is {}, but must be a whole number from {} to {}",
                formats.dpi,
                DPI.start(),
                DPI.end()
            ));
        }
        let settings = Settings { out, formats, interrupt: &job.interrupt, listener: job };
        let asked = Asked { names: [experiment], here, root: given.maybe("root")?, data: given.maybe("data")?, set };
        let ran = ran(&asked, &settings);
        Ok((json(&ran.map_err(|error| one_line_each(&error))?)?, job.lines()))
    })
}

/// The result of a function of the driver.
type Driven<T> = Result<T, DriverError>;
use driver::Error as DriverError;

/// What is to be run.
struct Asked {
    names: [String; 1],
    here: PathBuf,
    root: Option<PathBuf>,
    /// Where files of data are, if not beside the file of the experiment.
    data: Option<PathBuf>,
    set: Vec<Setting>,
}

fn ran(asked: &Asked, settings: &Settings) -> Driven<Value> {
    let Asked { names, here, root, data, set } = asked;
    let project = Project::find(names, root.as_deref(), here)?;
    let mut selected = project.select(names)?;
    if let Some(data) = data {
        selected.iter_mut().for_each(|experiment| experiment.document.folder.clone_from(data));
    }
    let (selected, verdicts) = if set.is_empty() {
        let verdicts = driver::run(&project, &selected, settings)?;
        (selected, verdicts)
    } else {
        let selected = driver::with_settings(selected, set)?;
        let verdicts =
            driver::each(&selected, settings, |experiment| driver::run_quick(&project, experiment, settings))?;
        (selected, verdicts)
    };
    let experiments = selected.iter().zip(&verdicts).map(|(experiment, verdict)| {
        Ok(object!({ "verdict": verdict, "seed": experiment.document.header.seed, "figures": drawn(experiment)? }))
    });
    experiments.collect()
}

/// The figures of an experiment, and the tables that each draws.
fn drawn(experiment: &Selected) -> Driven<Vec<Value>> {
    let figures = experiment.figures()?;
    let one = |figure: &neurodyn::figure::Figure| {
        let tables: BTreeSet<String> = figure.columns_drawn().into_iter().map(|(table, _)| table).collect();
        object!({ "name": figure.name, "tables": tables })
    };
    Ok(figures.iter().map(one).collect())
}

/// The columns of a stored table by their names: arrays of numbers, lists of words.
#[pyfunction]
pub(crate) fn table(py: Python<'_>, path: PathBuf) -> PyResult<Bound<'_, PyDict>> {
    let table = work(py, move |_| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = files::bytes(&path).map_err(|error| error.to_string())?;
        frame::from_parquet(&name, bytes).map_err(|error| error.to_string())
    })?;
    columns(py, &table)
}

fn columns<'py>(py: Python<'py>, table: &Table) -> PyResult<Bound<'py, PyDict>> {
    let columns = PyDict::new(py);
    for (name, values) in table.columns() {
        let numbers = |values: Vec<f64>| PyArray1::from_vec(py, values);
        match values {
            Values::Number(values) => columns.set_item(name, numbers(values.clone()))?,
            Values::NumberGaps(values) => {
                columns.set_item(name, numbers(values.iter().map(|value| value.unwrap_or(f64::NAN)).collect()))?;
            }
            Values::Integer(values) => columns.set_item(name, PyArray1::from_slice(py, values))?,
            Values::IntegerGaps(values) => {
                let value = |value: &Option<i64>| value.map_or(f64::NAN, |value| value as f64);
                columns.set_item(name, numbers(values.iter().map(value).collect()))?;
            }
            Values::Text(values) => columns.set_item(name, PyList::new(py, values)?)?,
            Values::Flag(values) => columns.set_item(name, PyArray1::from_slice(py, values))?,
        }
    }
    Ok(columns)
}

/// What a figure says of itself, as JSON.
#[pyfunction]
pub(crate) fn stated(py: Python, bytes: Vec<u8>) -> PyResult<String> {
    work(py, move |_| {
        let (media, stated) = Provenance::from_file(&bytes).map_err(|error| error.to_string())?;
        let path = PathBuf::from(format!("{}.toml", stated.id));
        let experiment = exchange::values(&path, &stated.toml).map_err(|error| error.to_string())?;
        json(&object!({
            "format": media, "name": stated.figure, "title": stated.title, "description": stated.description,
            "id": stated.id, "seed": stated.seed, "values": stated.values, "program": stated.program,
            "settings": stated.settings, "data": stated.data, "digest": stated.numbers.digest, "toml": stated.toml, "experiment": experiment,
        }))
    })
}

/// An SVG figure in another format.
#[pyfunction]
pub(crate) fn exported(py: Python<'_>, svg: String, format: String, dpi: u32) -> PyResult<Bound<'_, PyBytes>> {
    let bytes = work(py, move |_| {
        let media = Media::ALL.into_iter().find(|media| media.extension() == format);
        let media = media.ok_or_else(|| {
            format!("{format:?} is no format; allowed: {}", Media::ALL.map(Media::extension).join(", "))
        })?;
        if !DPI.contains(&dpi) {
            return Err(format!("dpi is {dpi}, but must be a whole number from {} to {}", DPI.start(), DPI.end()));
        }
        let (_, stated) = Provenance::from_file(svg.as_bytes()).map_err(|error| error.to_string())?;
        let stated = Provenance { dpi: (media == Media::Png).then_some(dpi), ..stated };
        export(&svg, media, &stated).map_err(|error| error.to_string())
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// Computes a figure again from its file alone, and says as JSON whether it came out the same.
#[pyfunction]
pub(crate) fn verify(
    py: Python,
    path: PathBuf,
    here: PathBuf,
    root: Option<PathBuf>,
    at_most: f64,
) -> PyResult<String> {
    let allowed = Duration::try_from_secs_f64(at_most).ok().filter(|time| !time.is_zero());
    let at_most =
        allowed.ok_or_else(|| Error::new_err(format!("at_most is {at_most}, but must be seconds above 0")))?;
    work(py, move |job: &Job| {
        let formats = Formats::default();
        // nothing is written
        let settings = Settings { out: PathBuf::new(), formats, interrupt: &job.interrupt, listener: job };
        let terms = Terms { root: root.as_deref(), here: &here, at_most };
        let found = driver::verify(&[path], &terms, &settings).map_err(|error| one_line_each(&error))?;
        json(&found.first())
    })
}

/// How to cite a figure, as JSON.
#[pyfunction]
pub(crate) fn cite(py: Python, path: PathBuf, here: PathBuf, root: Option<PathBuf>) -> PyResult<String> {
    work(py, move |_| {
        let cited = driver::cite_file(&path, root.as_deref(), None, &here).map_err(|error| one_line_each(&error))?;
        let citation = &cited.citation;
        json(&object!({
            "sentence": citation.sentence(), "bibtex": citation.bibtex(), "cff": citation.cff(),
            "caption": citation.caption(), "digest": citation.digest, "seed": citation.seed, "remarks": cited.remarks,
        }))
    })
}

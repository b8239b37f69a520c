//! What makes an experiment: parameters, computation, columns and drawing, and the way from its file to its tables.
//!
//! The experiments themselves are in [`crate::experiments`]; nothing here knows any of them.

mod caption;
pub(crate) mod cells;
pub(crate) mod columns;
pub mod data;
pub(crate) mod drawing;
pub(crate) mod geometry;
pub(crate) mod parameters;
pub(crate) mod prelude;
pub(crate) mod rows;
mod run;
pub(crate) mod sampling;
pub mod schema;
pub(crate) mod sweep;
mod unjudged;

pub use columns::{Description, Meaning};
pub use run::{Expected, Run, RunError};
use sweep::Sweep;
pub use sweep::{Found, Piece, Pieces, Plan, Planned, Points, Sample, Share, SharedPieces};
pub use unjudged::Unjudged;

use crate::config::{ConfigError, Document};
use crate::figure::Figure;
use crate::model::ParameterError;
use crate::nearest::{instead, nearest};
use crate::random::Address;
use crate::simulation::SimulationError;
use crate::table::Table;
use crate::theory::TheoryError;
pub use data::{Given, Stated};
use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use std::fmt::Display;

/// What is observed of one replica.
pub type Observed = Result<Vec<f64>, SimulationError>;

/// Tables of one experiment.
pub type Tables = Vec<Table>;

/// One experiment: its parameters as the TOML file gives them, unknown fields refused, and what is computed and drawn with them.
pub trait Experiment: DeserializeOwned + JsonSchema + Sync {
    /// What is simulated at one point; `()` where nothing is.
    type Point: Sync;
    /// Measured quantities that the agreement test does not judge: a line `table.quantity | reason` each. What is measured must be judged
    /// or stand here.
    const UNJUDGED: &'static str = "";
    /// Why there is no negative control, where there is none: nothing is judged. Every other experiment is run under a theory made wrong
    /// on purpose ([`Run::with_wrong_theory`]), and must then fail (`tests/agreement.rs`).
    const NO_CONTROL: Option<&'static str> = None;

    /// Inputs from files, which are read before points and tables are asked for.
    fn inputs(&self) -> Option<&Given> {
        None
    }

    /// Refuses parameters that do not fit together; the error is shown at the line of the parameter that it names.
    fn check(&self) -> Result<(), ParameterError> {
        Ok(())
    }

    /// Declares what is simulated.
    fn points(&self, _points: &mut Points<Self::Point>) -> Result<(), RunError> {
        Ok(())
    }

    /// Observables of one replica of a point.
    fn observe(&self, _point: &Self::Point, _at: &Address) -> Observed {
        Ok(Vec::new())
    }

    /// Observables of replicas that are computed together (`Point::in_groups`).
    fn observe_group(&self, point: &Self::Point, at: &[Address]) -> Result<Vec<Vec<f64>>, SimulationError> {
        at.iter().map(|at| self.observe(point, at)).collect()
    }

    /// Theory next to what was found at each point.
    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError>;

    /// Says which columns are drawn how; sees no numbers but the parameters.
    fn figures(&self) -> Vec<Figure>;
}

/// An experiment by name, its types erased.
pub struct Entry {
    /// Its family.
    pub family: &'static str,
    /// Name of the module, and of the TOML file in the shipped tree.
    pub module: &'static str,
    /// Why it has no negative control, where it has none.
    pub no_control: Option<&'static str>,
    columns: &'static [Meaning],
    unjudged: &'static str,
    schema: fn() -> serde_json::Value,
    check: fn(&Document) -> Result<(), ConfigError>,
    plan: fn(&Document) -> Result<Plan, RunError>,
    share: fn(&Document, &Run, Share) -> Result<SharedPieces, RunError>,
    run: fn(&Document, &Run, Option<&Pieces>) -> Result<Tables, RunError>,
    figures: fn(&Document) -> Result<Vec<Figure>, ConfigError>,
    files: fn(&Document) -> Result<Vec<String>, ConfigError>,
    data: fn(&Document) -> Result<Vec<Stated>, RunError>,
}

/// The experiment of a document, with its data.
fn with_data<E: Experiment>(document: &Document) -> Result<E, RunError> {
    let experiment = document.parameters::<E>()?;
    if let Some(inputs) = experiment.inputs() {
        let read = inputs.read(&document.folder);
        read.map_err(|message| RunError::Field { field: "parameters.inputs", message })?;
    }
    Ok(experiment)
}

/// The experiment of a document and its declared points.
fn declared<E: Experiment>(document: &Document) -> Result<(E, Sweep<E::Point>), RunError> {
    let experiment = with_data::<E>(document)?;
    let mut points = Points::default();
    experiment.points(&mut points)?;
    Ok((experiment, Sweep::new(points)?))
}

fn share<E: Experiment>(document: &Document, run: &Run, share: Share) -> Result<SharedPieces, RunError> {
    let (experiment, sweep) = declared::<E>(document)?;
    sweep.share(run, &|point, at| experiment.observe_group(point, at), share)
}

fn compute<E: Experiment>(document: &Document, run: &Run, stored: Option<&Pieces>) -> Result<Tables, RunError> {
    let (experiment, sweep) = declared::<E>(document)?;
    let found = match stored {
        Some(pieces) => sweep.stored(run, pieces)?,
        None => sweep.all(run, &|point, at| experiment.observe_group(point, at))?,
    };
    let mut tables = experiment.tables(&found, run)?;
    if let Some(inputs) = experiment.inputs() {
        tables.push(data::table(&inputs.stated())?);
    }
    Ok(tables)
}

/// The error at the line of the activation, where the document has one for all.
fn at_activation(document: &Document, error: &dyn Display) -> Option<ConfigError> {
    let name = ["activation", "activations"].into_iter().find(|name| document.has_parameter(name))?;
    Some(document.error_at_parameter(name, format!("parameters.{name}: {error}")))
}

/// The error at the line of the field that it is about, where it is about one.
fn located(document: &Document, error: RunError) -> RunError {
    match error {
        RunError::Field { field, message } => {
            document.error_in(&field.split('.').collect::<Vec<&str>>(), &message).into()
        }
        RunError::Parameter(error) if error.name.split('.').next().is_some_and(|name| document.has_parameter(name)) => {
            document.error_at_parameter(error.name, error.to_string()).into()
        }
        // what does not exist at these parameters exists for other activations
        RunError::Theory(error @ TheoryError::OutOfRegime { .. }) => {
            at_activation(document, &error).map_or(error.into(), RunError::from)
        }
        RunError::Simulation(error @ (SimulationError::NotSmooth { .. } | SimulationError::NotContinuous { .. })) => {
            at_activation(document, &error).map_or(error.into(), RunError::from)
        }
        other => other,
    }
}

/// Every experiment, and the families they belong to.
pub struct Catalogue {
    /// The experiments, family by family.
    pub entries: &'static [Entry],
    /// The families.
    pub families: &'static [&'static str],
}

impl Catalogue {
    /// The experiment that runs this document, its parameters checked.
    pub fn find(&self, document: &Document) -> Result<&'static Entry, ConfigError> {
        if !self.families.contains(&document.header.family.as_str()) {
            let family = &document.header.family;
            let message = format!("family {family:?} is not known{}", instead(family, self.families));
            return Err(document.error_at("family", message));
        }
        let entry = self.entries.iter().find(|entry| entry.module == document.module()).ok_or_else(|| {
            let names: Vec<&str> = self.entries.iter().map(|entry| entry.module).collect();
            let module = document.module();
            let unknown = format!("no experiment module is called {module:?}");
            match document.header.experiment {
                Some(_) => document.error_at("experiment", format!("{unknown}{}", instead(module, &names))),
                None => {
                    // a copy has the line for editors of what it was copied from
                    let line = document.text.lines().find_map(|line| line.strip_prefix("#:schema "));
                    let stated = line.and_then(|path| path.rsplit('/').next()?.strip_suffix(".json"));
                    let stated = stated.and_then(|name| names.iter().find(|known| **known == name));
                    let meant = stated.copied().or_else(|| nearest(module, names)).unwrap_or("activity_map");
                    document.error_at(
                        "",
                        format!(
                            "{unknown} in this program, and a file that is not named after its module says which it is, with a line such as experiment = \
                             {meant:?}, as the files of `neurodyn new` do; a module that was added since is known once the program is built again"
                        ),
                    )
                }
            }
        })?;
        (entry.check)(document)?;
        Ok(entry)
    }
}

impl Entry {
    /// The entry of an experiment; `columns` is what its columns hold where the general declarations do not say
    /// (`columns!`).
    pub const fn of<E: Experiment>(family: &'static str, module: &'static str, columns: &'static [Meaning]) -> Self {
        Self {
            family,
            module,
            no_control: E::NO_CONTROL,
            columns,
            unjudged: E::UNJUDGED,
            schema: schema::of_parameters::<E>,
            check: |document| {
                let checked = document.parameters::<E>()?.check();
                checked.map_err(|error| document.error_at_parameter(error.name, error.to_string()))
            },
            plan: |document| match declared::<E>(document) {
                Ok((_, sweep)) => Ok(sweep.plan().clone()),
                Err(error) => Err(located(document, error)),
            },
            share: |document, run, part| share::<E>(document, run, part).map_err(|error| located(document, error)),
            run: |document, run, stored| compute::<E>(document, run, stored).map_err(|error| located(document, error)),
            figures: |document| Ok(document.parameters::<E>()?.figures()),
            files: |document| Ok(document.parameters::<E>()?.inputs().map_or(Vec::new(), Given::files)),
            data: |document| {
                let read = with_data::<E>(document).map_err(|error| located(document, error))?;
                Ok(read.inputs().map_or(Vec::new(), Given::stated))
            },
        }
    }

    /// Files of data that this document names, from its folder.
    pub fn files(&self, document: &Document) -> Result<Vec<String>, ConfigError> {
        (self.files)(document)
    }

    /// The same with their digests.
    pub fn data(&self, document: &Document) -> Result<Vec<Stated>, RunError> {
        (self.data)(document)
    }

    /// What this document simulates; a plan without points where it simulates nothing.
    pub fn plan(&self, document: &Document) -> Result<Plan, RunError> {
        (self.plan)(document)
    }

    /// Computes one shard of what this document simulates.
    pub fn share(&self, document: &Document, run: &Run, share: Share) -> Result<SharedPieces, RunError> {
        (self.share)(document, run, share)
    }

    /// Computes the tables of this document, from stored pieces of its Monte Carlo where they are given.
    pub fn run(&self, document: &Document, run: &Run, stored: Option<&Pieces>) -> Result<Tables, RunError> {
        (self.run)(document, run, stored)
    }

    /// What a column of a table holds; `None` where no dictionary says.
    pub fn column(&self, table: &str, column: &str) -> Option<Description> {
        columns::find(self.columns, table, column).map(|(column, _)| column)
    }

    /// Names that the figures of this document have in the module.
    pub fn module_names(&self, document: &Document) -> Result<Vec<String>, ConfigError> {
        Ok((self.figures)(document)?.into_iter().map(|figure| figure.name).collect())
    }

    /// Names of the figures of this document, once what it says of their look is found right.
    pub fn figure_names(&self, document: &Document) -> Result<Vec<String>, ConfigError> {
        Ok(self.labelled(document)?.into_iter().map(|figure| figure.name).collect())
    }

    /// Figures of this document, with titles, sizes and labels that the file gives, and its parameters at the end of their descriptions.
    pub fn figures(&self, document: &Document) -> Result<Vec<Figure>, ConfigError> {
        let mut figures = self.labelled(document)?;
        for figure in &mut figures {
            let parameters = caption::parameters(document, figure.setting);
            if !parameters.is_empty() {
                figure.description = format!("{} {parameters}", figure.description);
            }
        }
        Ok(figures)
    }

    /// Figures as module and file label them; in a variant (a file that is not named after its module) they are named after the file.
    fn labelled(&self, document: &Document) -> Result<Vec<Figure>, ConfigError> {
        let mut figures = (self.figures)(document)?;
        let module_names: Vec<String> = figures.iter().map(|figure| figure.name.clone()).collect();
        if document.id != self.module {
            for figure in &mut figures {
                figure.name = match figure.name.strip_prefix(self.module) {
                    Some(rest) => format!("{}{rest}", document.id),
                    None => format!("{}_{}", document.id, figure.name),
                };
            }
        }
        drawing::apply(document, &module_names, &mut figures)?;
        Ok(figures)
    }
}

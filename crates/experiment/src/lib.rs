//! What makes an experiment: parameters, computation, columns and drawing, and the way from its file to its tables.
//!
//! The experiments themselves are in the program; nothing here knows any of them. An experiment is a type that `parameters!` writes and for which [`Experiment`] is
//! implemented; `prelude` has what nearly all of them use, but for `parameters!` and `columns!`, which are imported by name.

mod caption;
pub mod cells;
pub mod columns;
pub mod data;
pub mod drawing;
pub mod geometry;
mod loaded;
pub mod parameters;
pub mod prelude;
pub mod rows;
mod run;
pub mod sampling;
pub mod schema;
pub mod sweep;
mod unjudged;

pub use columns::{Description, Meaning};
pub use loaded::Loaded;
use loaded::Parameters;
pub use run::{Expected, Run, RunError};
pub use sweep::{Found, Piece, Pieces, Plan, Planned, Points, Sample, Share, SharedPieces};
pub use unjudged::Unjudged;

pub use data::{Given, Stated};
use neurodyn_config::nearest::{instead, nearest};
use neurodyn_config::{ConfigError, Document};
use neurodyn_figure::Figure;
use neurodyn_model::ParameterError;
use neurodyn_random::Address;
use neurodyn_simulation::SimulationError;
use neurodyn_table::Table;
use schemars::JsonSchema;
use std::sync::Arc;

/// What is observed of one replica.
pub type Observed = Result<Vec<f64>, SimulationError>;

/// Tables of one experiment.
pub type Tables = Vec<Table>;

/// One experiment: its parameters as the TOML file gives them, unknown fields refused, and what is computed and drawn with them.
pub trait Experiment: parameters::Parameter<Value = Self> + JsonSchema + Send + Sync + 'static {
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
    /// What its columns hold, where the general declarations do not say.
    pub columns: &'static [Meaning],
    unjudged: &'static str,
    schema: fn() -> serde_json::Value,
    load: fn(&Document) -> Result<Arc<dyn Parameters>, ConfigError>,
}

/// Every experiment, and the families they belong to.
pub struct Catalogue {
    /// The experiments, family by family.
    pub entries: &'static [Entry],
    /// The families.
    pub families: &'static [&'static str],
}

impl Catalogue {
    /// The experiment of this document, its parameters read and checked.
    pub fn find(&self, document: Document) -> Result<Loaded, ConfigError> {
        Loaded::new(self.entry(&document)?, document)
    }

    fn entry(&self, document: &Document) -> Result<&'static Entry, ConfigError> {
        if !self.families.contains(&document.header.family.as_str()) {
            let family = &document.header.family;
            let message = format!("family {family:?} is not known{}", instead(family, self.families));
            return Err(document.error_at("family", message));
        }
        self.entries.iter().find(|entry| entry.module == document.module()).ok_or_else(|| {
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
        })
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
            load: loaded::load::<E>,
        }
    }

    /// What a column of a table holds; `None` where no dictionary says.
    pub fn column(&self, table: &str, column: &str) -> Option<Description> {
        columns::find(self.columns, table, column).map(|(column, _)| column)
    }
}

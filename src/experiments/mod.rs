//! The experiments. Each is one module here, one TOML file of the same name and one row of [`REGISTRY`].

mod activity_convergence;
mod activity_depth;
mod activity_map;
mod activity_phase;
mod activity_width;
mod backward_layers;
mod backward_width;
mod curvature_growth;
mod curvature_jet;
mod curvature_kink;
mod curvature_phase;
mod curvature_tensor;
mod curvature_width;
mod dictionary;
mod distance_circle;
mod distance_critical;
mod distance_dynamics;
mod distance_koenigs;
mod distance_map;
mod distance_pairs;
mod distance_phase;
mod drawing;
mod dropout;
mod dropout_depth;
mod dropout_map;
mod fisher;
mod fisher_blocks;
mod fisher_natural;
mod fisher_spectrum;
mod geometry;
mod metric_activity;
mod metric_anisotropy;
mod metric_growth;
mod metric_length;
mod metric_rotation;
mod paradox_angle;
mod paradox_dimension;
mod paradox_pairs;
mod paradox_shatter;
mod phase_boundary;
mod poole_curvature;
mod poole_expressivity;
mod poole_manifold;
mod recurrent_continuous;
mod recurrent_layers;
mod recurrent_transition;
mod run;
mod sampler_law;
mod sampling;
pub mod schema;
mod singular;
mod singular_basin;
mod singular_blow_down;
mod singular_coefficient;
mod singular_cone;
mod singular_fisher;
mod singular_natural;
mod singular_online;
mod singular_plateau;
mod singular_portrait;
mod singular_slow;
mod sweep;
mod unjudged;

pub use dictionary::Column;
pub use run::{Expected, Run, RunError};
pub use sweep::{Part, Piece, Plan, Planned, Share};
pub use unjudged::Unjudged;

use crate::config::{ConfigError, Document};
use crate::figure::Figure;
use crate::model::ParameterError;
use crate::nearest::instead;
use crate::table::Table;
use schemars::JsonSchema;
use serde::de::DeserializeOwned;

/// Tables of one experiment.
pub type Tables = Vec<Table>;

/// One experiment: parameters, computation, drawing.
pub trait Experiment {
    /// Parameters as the TOML file gives them; unknown fields refused.
    type Params: DeserializeOwned + JsonSchema;
    /// Whether all its Monte Carlo is one [`Run::sweep`], so that it can be cut into shards.
    const SWEEPS: bool = false;
    /// What its columns hold where the general dictionary does not say: a line `name | role | unit | meaning` each, the name being
    /// `column` or `table.column`, where a column `x` speaks for `x_theory`, `x_mc`, `x_stderr`, ... too.
    const COLUMNS: &'static str;
    /// Measured quantities that the agreement test does not judge: a line `table.quantity | reason` each. What is measured must be judged
    /// or stand here.
    const UNJUDGED: &'static str = "";
    /// Why there is no negative control, where there is none: nothing is judged. Every other experiment is run under a theory made wrong
    /// on purpose ([`Run::with_wrong_theory`]), and must then fail (`tests/agreement.rs`).
    const NO_CONTROL: Option<&'static str> = None;

    /// Refuses parameters that do not fit together; the error is shown at the line of the parameter that it names.
    fn check(_params: &Self::Params) -> Result<(), ParameterError> {
        Ok(())
    }

    /// Computes theory next to Monte Carlo.
    fn run(params: &Self::Params, run: &Run) -> Result<Tables, RunError>;

    /// Says which columns are drawn how; sees no numbers but the parameters.
    fn figures(params: &Self::Params) -> Vec<Figure>;
}

/// An experiment by name, its types erased.
pub struct Entry {
    /// Name of the module, and of the TOML file in the shipped tree.
    pub module: &'static str,
    /// Whether it can be cut into shards.
    pub sweeps: bool,
    /// Why it has no negative control, where it has none.
    pub no_control: Option<&'static str>,
    columns: &'static str,
    unjudged: &'static str,
    schema: fn() -> serde_json::Value,
    check: fn(&Document) -> Result<(), ConfigError>,
    run: fn(&Document, &Run) -> Result<Tables, RunError>,
    figures: fn(&Document) -> Result<Vec<Figure>, ConfigError>,
}

const fn entry<E: Experiment>(module: &'static str) -> Entry {
    Entry {
        module,
        sweeps: E::SWEEPS,
        no_control: E::NO_CONTROL,
        columns: E::COLUMNS,
        unjudged: E::UNJUDGED,
        schema: schema::of_parameters::<E::Params>,
        check: |document| {
            let params = document.parameters::<E::Params>()?;
            E::check(&params).map_err(|error| document.error_at_parameter(error.name, error.to_string()))
        },
        run: |document, run| {
            E::run(&document.parameters::<E::Params>()?, run).map_err(|error| located(document, error))
        },
        figures: |document| Ok(E::figures(&document.parameters::<E::Params>()?)),
    }
}

/// The error at the line of the field that it is about, where it is about one.
fn located(document: &Document, error: RunError) -> RunError {
    match error {
        RunError::Field { field, message } => {
            document.error_in(&field.split('.').collect::<Vec<&str>>(), &message).into()
        }
        RunError::Parameter(error) if document.has_parameter(error.name) => {
            document.error_at(error.name, error.to_string()).into()
        }
        other => other,
    }
}

/// Every experiment.
pub const REGISTRY: &[Entry] = &[
    entry::<activity_map::ActivityMap>("activity_map"),
    entry::<activity_convergence::ActivityConvergence>("activity_convergence"),
    entry::<activity_phase::ActivityPhase>("activity_phase"),
    entry::<phase_boundary::PhaseBoundary>("phase_boundary"),
    entry::<activity_width::ActivityWidth>("activity_width"),
    entry::<activity_depth::ActivityDepth>("activity_depth"),
    entry::<distance_map::DistanceMap>("distance_map"),
    entry::<distance_dynamics::DistanceDynamics>("distance_dynamics"),
    entry::<distance_phase::DistancePhase>("distance_phase"),
    entry::<distance_circle::DistanceCircle>("distance_circle"),
    entry::<distance_pairs::DistancePairs>("distance_pairs"),
    entry::<distance_critical::DistanceCritical>("distance_critical"),
    entry::<distance_koenigs::DistanceKoenigs>("distance_koenigs"),
    entry::<paradox_angle::ParadoxAngle>("paradox_angle"),
    entry::<paradox_dimension::ParadoxDimension>("paradox_dimension"),
    entry::<paradox_pairs::ParadoxPairs>("paradox_pairs"),
    entry::<paradox_shatter::ParadoxShatter>("paradox_shatter"),
    entry::<dropout_map::DropoutMap>("dropout_map"),
    entry::<dropout_depth::DropoutDepth>("dropout_depth"),
    entry::<metric_growth::MetricGrowth>("metric_growth"),
    entry::<metric_anisotropy::MetricAnisotropy>("metric_anisotropy"),
    entry::<metric_activity::MetricActivity>("metric_activity"),
    entry::<metric_length::MetricLength>("metric_length"),
    entry::<metric_rotation::MetricRotation>("metric_rotation"),
    entry::<curvature_growth::CurvatureGrowth>("curvature_growth"),
    entry::<curvature_tensor::CurvatureTensor>("curvature_tensor"),
    entry::<curvature_jet::CurvatureJet>("curvature_jet"),
    entry::<curvature_phase::CurvaturePhase>("curvature_phase"),
    entry::<curvature_kink::CurvatureKink>("curvature_kink"),
    entry::<curvature_width::CurvatureWidth>("curvature_width"),
    entry::<poole_manifold::PooleManifold>("poole_manifold"),
    entry::<poole_curvature::PooleCurvature>("poole_curvature"),
    entry::<poole_expressivity::PooleExpressivity>("poole_expressivity"),
    entry::<singular_cone::SingularCone>("singular_cone"),
    entry::<singular_fisher::SingularFisher>("singular_fisher"),
    entry::<singular_blow_down::SingularBlowDown>("singular_blow_down"),
    entry::<singular_portrait::SingularPortrait>("singular_portrait"),
    entry::<singular_slow::SingularSlow>("singular_slow"),
    entry::<singular_basin::SingularBasin>("singular_basin"),
    entry::<singular_plateau::SingularPlateau>("singular_plateau"),
    entry::<singular_online::SingularOnline>("singular_online"),
    entry::<singular_natural::SingularNatural>("singular_natural"),
    entry::<singular_coefficient::SingularCoefficient>("singular_coefficient"),
    entry::<backward_layers::BackwardLayers>("backward_layers"),
    entry::<backward_width::BackwardWidth>("backward_width"),
    entry::<fisher_spectrum::FisherSpectrum>("fisher_spectrum"),
    entry::<fisher_blocks::FisherBlocks>("fisher_blocks"),
    entry::<fisher_natural::FisherNatural>("fisher_natural"),
    entry::<recurrent_layers::RecurrentLayers>("recurrent_layers"),
    entry::<recurrent_transition::RecurrentTransition>("recurrent_transition"),
    entry::<recurrent_continuous::RecurrentContinuous>("recurrent_continuous"),
    entry::<sampler_law::SamplerLaw>("sampler_law"),
];

/// Families in use.
pub const FAMILIES: &[&str] = &[
    "activity",
    "distance",
    "paradox",
    "dropout",
    "metric",
    "curvature",
    "backward",
    "fisher",
    "recurrent",
    "singular",
    "sampling",
];

/// The experiment that runs this document, its parameters checked.
pub fn find(document: &Document) -> Result<&'static Entry, ConfigError> {
    if !FAMILIES.contains(&document.header.family.as_str()) {
        let family = &document.header.family;
        let message = format!("family {family:?} is not known{}", instead(family, FAMILIES));
        return Err(document.error_at("family", message));
    }
    let entry = REGISTRY.iter().find(|entry| entry.module == document.module()).ok_or_else(|| {
        let names: Vec<&str> = REGISTRY.iter().map(|entry| entry.module).collect();
        let module = document.module();
        let message = format!("no experiment module is called {module:?}{}", instead(module, &names));
        match document.header.experiment {
            Some(_) => document.error_at("experiment", message),
            None => document.error_at(
                "",
                format!(
                    "{message} (a file that is not named after its module says which it is, with a line such as experiment = \
                     \"activity_map\", as the files of `neurodyn new` do)"
                ),
            ),
        }
    })?;
    (entry.check)(document)?;
    Ok(entry)
}

impl Entry {
    /// Computes the tables of this document.
    pub fn run(&self, document: &Document, run: &Run) -> Result<Tables, RunError> {
        (self.run)(document, run)
    }

    /// What a column of a table holds; `None` where no dictionary says.
    pub fn column(&self, table: &str, column: &str) -> Option<Column> {
        dictionary::find(self.columns, table, column)
    }

    /// Names that the figures of this document have in the module.
    pub fn module_names(&self, document: &Document) -> Result<Vec<String>, ConfigError> {
        Ok((self.figures)(document)?.into_iter().map(|figure| figure.name).collect())
    }

    /// Figures of this document; in a variant (a file that is not named after its module) they are named after the file.
    /// Titles, sizes and labels that the file gives are in them.
    pub fn figures(&self, document: &Document) -> Result<Vec<Figure>, ConfigError> {
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

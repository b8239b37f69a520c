//! An experiment with the parameters of one file, which are read once: from there on nobody asks for their type.

use crate::sweep::Sweep;
use crate::{Entry, Experiment, Given, Pieces, Plan, Points, Run, RunError, Share, SharedPieces, Stated, Tables};
use crate::{caption, data, drawing};
use neurodyn_config::{ConfigError, Document};
use neurodyn_figure::Figure;
use neurodyn_model::ParameterError;
use neurodyn_simulation::SimulationError;
use neurodyn_theory::TheoryError;
use std::fmt::Display;
use std::path::Path;
use std::sync::Arc;

/// An experiment and its file.
#[derive(Clone)]
pub struct Loaded {
    /// The file.
    pub document: Document,
    /// The experiment.
    pub entry: &'static Entry,
    parameters: Arc<dyn Parameters>,
}

/// An [`Experiment`], its type erased.
pub(super) trait Parameters: Send + Sync {
    fn check(&self) -> Result<(), ParameterError>;
    fn inputs(&self) -> Option<&Given>;
    fn plan(&self) -> Result<Plan, RunError>;
    fn share(&self, run: &Run, share: Share) -> Result<SharedPieces, RunError>;
    fn compute(&self, run: &Run, stored: Option<&Pieces>) -> Result<Tables, RunError>;
    fn figures(&self) -> Vec<Figure>;
}

struct Of<E>(E);

/// The parameters that a document gives.
pub(super) fn load<E: Experiment>(document: &Document) -> Result<Arc<dyn Parameters>, ConfigError> {
    Ok(Arc::new(Of(document.parameters(E::read)?)))
}

impl<E: Experiment> Of<E> {
    /// The declared points.
    fn sweep(&self) -> Result<Sweep<E::Point>, RunError> {
        let mut points = Points::default();
        self.0.points(&mut points)?;
        Sweep::new(points)
    }
}

impl<E: Experiment> Parameters for Of<E> {
    fn check(&self) -> Result<(), ParameterError> {
        self.0.check()
    }

    fn inputs(&self) -> Option<&Given> {
        self.0.inputs()
    }

    fn plan(&self) -> Result<Plan, RunError> {
        Ok(self.sweep()?.plan().clone())
    }

    fn share(&self, run: &Run, share: Share) -> Result<SharedPieces, RunError> {
        self.sweep()?.share(run, &|point, at| self.0.observe_group(point, at), share)
    }

    fn compute(&self, run: &Run, stored: Option<&Pieces>) -> Result<Tables, RunError> {
        let sweep = self.sweep()?;
        let found = match stored {
            Some(pieces) => sweep.stored(run, pieces)?,
            None => sweep.all(run, &|point, at| self.0.observe_group(point, at))?,
        };
        self.0.tables(&found, run)
    }

    fn figures(&self) -> Vec<Figure> {
        self.0.figures()
    }
}

impl Loaded {
    pub(super) fn new(entry: &'static Entry, document: Document) -> Result<Self, ConfigError> {
        let parameters = (entry.load)(&document)?;
        parameters.check().map_err(|error| document.error_at_parameter(&error.name, error.to_string()))?;
        Ok(Self { document, entry, parameters })
    }

    /// Its identifier.
    pub fn id(&self) -> &str {
        &self.document.id
    }

    /// What commands call it: its identifier, or its file where that is not one of the project.
    pub fn called(&self) -> String {
        let path = &self.document.path;
        let own = path.parent() == Some(Path::new("experiments"));
        if own { self.id().to_owned() } else { path.display().to_string() }
    }

    /// Files of data that it names, from the folder of its file.
    pub fn files(&self) -> Vec<String> {
        self.parameters.inputs().map_or(Vec::new(), Given::files)
    }

    /// The same with their digests.
    pub fn data(&self) -> Result<Vec<Stated>, RunError> {
        self.with_data(|| Ok(self.parameters.inputs().map_or(Vec::new(), Given::stated)))
    }

    /// What it simulates; a plan without points where it simulates nothing.
    pub fn plan(&self) -> Result<Plan, RunError> {
        self.with_data(|| self.parameters.plan())
    }

    /// Computes one shard of what it simulates.
    pub fn share(&self, run: &Run, share: Share) -> Result<SharedPieces, RunError> {
        self.with_data(|| self.parameters.share(run, share))
    }

    /// Computes its tables, from stored pieces of its Monte Carlo where they are given.
    pub fn run(&self, run: &Run, stored: Option<&Pieces>) -> Result<Tables, RunError> {
        self.with_data(|| {
            let mut tables = self.parameters.compute(run, stored)?;
            if let Some(inputs) = self.parameters.inputs() {
                tables.push(data::table(&inputs.stated())?);
            }
            Ok(tables)
        })
    }

    /// Reads data before anything else, and shows an error where it belongs.
    fn with_data<T>(&self, action: impl FnOnce() -> Result<T, RunError>) -> Result<T, RunError> {
        let read = self.parameters.inputs().map_or(Ok(()), |inputs| inputs.read(&self.document.folder));
        let read = read.map_err(|message| RunError::Field { field: "parameters.inputs".into(), message });
        read.and_then(|()| action()).map_err(|error| located(&self.document, error))
    }

    /// Names that its figures have in the module.
    pub fn module_names(&self) -> Vec<String> {
        self.parameters.figures().into_iter().map(|figure| figure.name).collect()
    }

    /// Names of its figures, once what the file says of their look is found right.
    pub fn figure_names(&self) -> Result<Vec<String>, ConfigError> {
        Ok(self.labelled()?.into_iter().map(|figure| figure.name).collect())
    }

    /// Its figures, with titles, sizes and labels that the file gives, and its parameters at the end of their descriptions.
    pub fn figures(&self) -> Result<Vec<Figure>, ConfigError> {
        let mut figures = self.labelled()?;
        for figure in &mut figures {
            let parameters = caption::parameters(&self.document, figure.setting);
            if !parameters.is_empty() {
                figure.description = format!("{} {parameters}", figure.description);
            }
        }
        Ok(figures)
    }

    /// Figures as module and file label them; in a variant (a file that is not named after its module) they are named after the file.
    fn labelled(&self) -> Result<Vec<Figure>, ConfigError> {
        let (id, module) = (self.id(), self.entry.module);
        let mut figures = self.parameters.figures();
        let module_names: Vec<String> = figures.iter().map(|figure| figure.name.clone()).collect();
        if id != module {
            for figure in &mut figures {
                figure.name = match figure.name.strip_prefix(module) {
                    Some(rest) => format!("{id}{rest}"),
                    None => format!("{id}_{}", figure.name),
                };
            }
        }
        drawing::apply(&self.document, &module_names, &mut figures)?;
        Ok(figures)
    }
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
        RunError::Parameter(error)
            if error.name.split(['.', '[']).next().is_some_and(|name| document.has_parameter(name)) =>
        {
            document.error_at_parameter(&error.name, error.to_string()).into()
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

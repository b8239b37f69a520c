//! What is there and what is missing: this program on this machine, the programs that some parts want, and the project.

mod probe;
mod tools;

use super::listing::listing;
use super::stored::Stored;
use super::{Project, one_line_each};
use crate::numerics::simd;
use crate::simulation::threads;
use anyhow::Result;
pub use tools::Tool;

/// All that is found.
#[derive(Debug, serde::Serialize)]
pub struct Health {
    /// This program.
    pub program: Program,
    /// Programs of others.
    pub tools: Vec<Tool>,
    /// The project here; none where there is no folder of experiments.
    pub project: Option<State>,
    /// Why there is none.
    pub no_project: Option<String>,
}

/// This program on this machine. Figures and numbers need nothing else.
#[derive(Debug, serde::Serialize)]
pub struct Program {
    /// Its version.
    pub version: &'static str,
    /// Vector instructions in use.
    pub simd: &'static str,
    /// Threads in use.
    pub threads: usize,
}

/// A project and what is wrong with it.
#[derive(Debug, serde::Serialize)]
pub struct State {
    /// Its folder.
    pub root: String,
    /// Its folder of golden data.
    pub golden: String,
    /// Its folder of results.
    pub results: String,
    /// Number of experiments that can be used.
    pub experiments: usize,
    /// Number of those with golden data.
    pub with_golden: usize,
    /// Number of those with stored results.
    pub with_results: usize,
    /// Number of those with fresh figures.
    pub fresh: usize,
    /// Files that cannot be used, and why.
    pub faults: Vec<String>,
    /// Experiments whose figures are stale or missing, and why.
    pub not_fresh: Vec<String>,
}

/// Looks at everything; nothing is written, and no program is waited for long.
pub fn examine(project: Result<Project>) -> Health {
    let tools = tools::look();
    let (project, no_project) = match project {
        Ok(project) => (Some(State::of(&project)), None),
        Err(error) => (None, Some(one_line_each(&error))),
    };
    let program = Program { version: env!("CARGO_PKG_VERSION"), simd: simd::level().name(), threads: threads() };
    Health { program, tools, project, no_project }
}

impl State {
    fn of(project: &Project) -> Self {
        let selected = project.select(&[]).unwrap_or_default();
        let (mut faults, mut not_fresh) = (Vec::new(), Vec::new());
        faults.extend(project.faults().iter().map(|fault| fault.message.clone()));
        for experiment in &selected {
            match listing(project, experiment) {
                Ok(found) if found.state == "fresh" => {}
                Ok(found) => not_fresh.push(format!("{}: {}: {}", found.id, found.state, found.reason)),
                Err(error) => faults.push(one_line_each(&error)),
            }
        }
        let stored = Stored::below(&project.root);
        let shown = |path: std::path::PathBuf| path.display().to_string();
        Self {
            root: shown(project.root.clone()),
            golden: shown(project.golden_folder()),
            results: shown(stored.folder().to_owned()),
            experiments: selected.len(),
            with_golden: selected.iter().filter(|experiment| project.has_golden(experiment.id())).count(),
            with_results: selected.iter().filter(|experiment| stored.record(experiment.id()).is_ok()).count(),
            fresh: selected.len() - not_fresh.len(),
            faults,
            not_fresh,
        }
    }
}

//! Quick looks: experiments with values set on the command line. They have no golden data, and cannot be cited.

use super::compute::{assess, finish};
use super::output::{prepare, write_figures, write_results};
use super::{Project, Selected, Settings, Verdict};
use crate::config::blame;
use crate::experiments::find;
use crate::files;
use anyhow::{Result, anyhow};

pub use crate::config::Setting;

/// The same experiments with these values, checked.
pub fn with_settings(selected: Vec<Selected>, settings: &[Setting]) -> Result<Vec<Selected>> {
    selected
        .into_iter()
        .map(|experiment| {
            let document = experiment.document.with_settings(settings)?;
            Ok(find(document.clone()).map_err(|error| blame(error, &document, settings))?)
        })
        .collect()
}

/// Computes, compares theory with Monte Carlo, draws and writes.
pub fn run_quick(project: &Project, experiment: &Selected, settings: &Settings) -> Result<Verdict> {
    if files::same_folder(&settings.out, &project.root) {
        return Err(anyhow!(
            "{}: holds the figures and results that can be cited; choose another --out",
            project.root.display()
        ));
    }
    prepare(std::slice::from_ref(experiment), settings)?;
    let (tables, mut verdict, seconds) = assess(experiment, settings, None)?;
    let _whole = files::together();
    write_results(project, experiment, &tables, &verdict, seconds, settings)?;
    write_figures(experiment, &tables, &mut verdict, settings)?;
    finish(settings, &verdict, seconds, &format!("drew {}, not citable", verdict.figures.join(" ")));
    Ok(verdict)
}

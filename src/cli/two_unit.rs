//! `neurodyn two-unit`: a student perceptron and its teacher, averaged over inputs.

use super::complete::{toml_files, words};
use super::print;
use crate::config::StudentAndTeacher;
use crate::driver::Outcome;
use crate::model::{ParameterError, Perceptron, SingularCoordinates, distance_to_singular_region};
use crate::theory::perceptron::{Flow, FlowError, Learning, Matrix, Population};
use anyhow::{Result, anyhow};
use clap_complete::{ArgValueCandidates, ArgValueCompleter};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn two-unit examples/two_unit.toml --flow gradient --times 1,10")]
pub(super) struct TwoUnit {
    /// TOML file: phi = "erf_sqrt2" or "gauss_cdf"; [student] and [teacher], each with input_weights = [[..], ..] and
    /// output_weights = [..]
    #[arg(value_name = "FILE.toml", add = ArgValueCompleter::new(toml_files))]
    file: PathBuf,
    /// Follow averaged learning from the student
    #[arg(long, value_name = "gradient|natural", value_parser = learning, requires = "times", add = ArgValueCandidates::new(words(["gradient", "natural"])))]
    flow: Option<Learning>,
    /// Times at which to print the student, separated by commas
    #[arg(long, value_name = "T,..", value_delimiter = ',', allow_negative_numbers = true, value_parser = time, requires = "flow")]
    times: Vec<f64>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn learning(text: &str) -> Result<Learning, String> {
    match text {
        "gradient" => Ok(Learning::Gradient),
        "natural" => Ok(Learning::Natural),
        _ => Err(format!("{text:?} is no flow; allowed: gradient, natural")),
    }
}

fn time(text: &str) -> Result<f64, String> {
    let value: f64 = text.trim().parse().map_err(|_| format!("{text:?} is not a number"))?;
    if (0.0..=1e15).contains(&value) { Ok(value + 0.0) } else { Err(format!("{value} is not a time from 0 to 1e15")) }
}

#[derive(Serialize)]
struct Answer {
    loss: f64,
    gradient: Vec<f64>,
    fisher: Matrix,
    coordinates: Option<SingularCoordinates>,
    one_unit_fit: Option<Fit>,
    hessian_h: Option<Matrix>,
    distance_to_singular_region: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trajectory: Option<Vec<Moment>>,
    /// Why a field is null.
    reasons: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
struct Fit {
    w: f64,
    v: Vec<f64>,
}

/// The student at a time, or why it is not known there.
#[derive(Serialize)]
struct Moment {
    time: f64,
    loss: Option<f64>,
    parameters: Option<Vec<f64>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl TwoUnit {
    pub(super) fn print(&self) -> Result<Outcome> {
        let answer = self.answer()?;
        print(&if self.json { format!("{}\n", serde_json::to_string_pretty(&answer)?) } else { text(&answer) })?;
        // what could be computed is printed all the same
        let unknown = |moment: &Moment| Some((moment.time, moment.error.clone()?));
        let unknown = answer.trajectory.iter().flatten().filter_map(unknown);
        match unknown.min_by(|one, other| one.0.total_cmp(&other.0)) {
            Some((time, error)) => Err(anyhow!("{}: --flow: time {time}: {error}", self.file.display())),
            None => Ok(Outcome::Fine),
        }
    }

    fn answer(&self) -> Result<Answer> {
        let StudentAndTeacher { phi, student, teacher } = StudentAndTeacher::read(&self.file)?;
        let population = Population::new(phi, teacher);
        let named = |error: ParameterError| anyhow!("{}: {error}", self.file.display());
        let mut reasons = BTreeMap::new();
        let coordinates = keep(&mut reasons, "coordinates", SingularCoordinates::of(&student));
        let distance = keep(&mut reasons, "distance_to_singular_region", distance_to_singular_region(&student, phi));
        let loss = population.loss(&student).map_err(named)?;
        let fit = keep(&mut reasons, "one_unit_fit", population.best_one_unit());
        let hessian_h = match &fit {
            Some(fit) => keep(&mut reasons, "hessian_h", population.stability(fit)),
            None => {
                reasons.insert("hessian_h", "one_unit_fit is not known".to_owned());
                None
            }
        };
        let answer = Answer {
            loss,
            gradient: population.gradient(&student).map_err(named)?,
            fisher: population.fisher(&student),
            coordinates,
            one_unit_fit: fit.map(|fit| Fit { w: fit.w, v: fit.v }),
            hessian_h,
            distance_to_singular_region: distance,
            trajectory: self.flow.map(|learning| self.trajectory(&population, &student, learning)),
            reasons,
        };
        let numbers = answer.gradient.iter().chain(answer.fisher.iter().flatten());
        if !(answer.loss.is_finite() && numbers.into_iter().all(|x| x.is_finite())) {
            return Err(anyhow!("{}: the weights are so large that the loss overflows", self.file.display()));
        }
        Ok(answer)
    }

    /// One entry for each time asked for, in that order. Where the flow ends, later times are unknown for the same reason.
    fn trajectory(&self, population: &Population, student: &Perceptron, learning: Learning) -> Vec<Moment> {
        let mut flow = Flow::new(population, student, learning);
        let mut known = |time: f64| -> Result<(f64, Vec<f64>), FlowError> {
            let student = flow.at(time)?;
            Ok((population.loss(&student)?, student.parameters()))
        };
        let mut order: Vec<usize> = (0..self.times.len()).collect();
        order.sort_by(|&one, &other| self.times[one].total_cmp(&self.times[other]));
        let (mut moments, mut end) = (Vec::new(), None);
        for index in order {
            let time = self.times[index];
            let found =
                if end.is_none() { known(time).map_err(|error| end = Some(error.to_string())).ok() } else { None };
            let error = if found.is_none() { end.clone() } else { None };
            let (loss, parameters) = found.unzip();
            moments.push((index, Moment { time, loss, parameters, error }));
        }
        moments.sort_by_key(|(index, _)| *index);
        moments.into_iter().map(|(_, moment)| moment).collect()
    }
}

fn keep<T, E: std::fmt::Display>(
    reasons: &mut BTreeMap<&'static str, String>,
    field: &'static str,
    value: Result<T, E>,
) -> Option<T> {
    value.map_err(|error| reasons.insert(field, error.to_string())).ok()
}

fn list(values: &[f64]) -> String {
    values.iter().map(|x| format!("{x}")).collect::<Vec<_>>().join(", ")
}

fn text(answer: &Answer) -> String {
    let mut lines = Vec::new();
    let mut say = |name: &str, value: String| lines.push(format!("{name:<22}{value}"));
    let none = |field: &str| format!("none: {}", answer.reasons.get(field).map_or("unknown", String::as_str));
    say("loss", format!("{}", answer.loss));
    say("gradient", list(&answer.gradient));
    match &answer.coordinates {
        Some(SingularCoordinates { v, w, u, z }) => {
            say("v", list(v));
            say("w", format!("{w}"));
            say("u", list(u));
            say("z", format!("{z}"));
        }
        None => say("coordinates", none("coordinates")),
    }
    let distance = answer.distance_to_singular_region.map(|distance| format!("{distance}"));
    say("distance to R", distance.unwrap_or_else(|| none("distance_to_singular_region")));
    match &answer.one_unit_fit {
        Some(Fit { w, v }) => say("best single unit", format!("w = {w}, v = {}", list(v))),
        None => say("best single unit", none("one_unit_fit")),
    }
    for (name, matrix) in [("H", answer.hessian_h.as_ref()), ("Fisher information", Some(&answer.fisher))] {
        for (row, entries) in matrix.into_iter().flatten().enumerate() {
            say(if row == 0 { name } else { "" }, list(entries));
        }
    }
    for (index, Moment { time, loss, parameters, error }) in answer.trajectory.iter().flatten().enumerate() {
        let name = if index == 0 { "trajectory" } else { "" };
        let state = loss
            .zip(parameters.as_ref())
            .map(|(loss, parameters)| format!("loss {loss}, parameters {}", list(parameters)));
        let state = state.or_else(|| error.clone()).unwrap_or_else(|| "unknown".to_owned());
        say(name, format!("time {time}, {state}"));
    }
    lines.join("\n") + "\n"
}

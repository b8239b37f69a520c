//! `neurodyn measure`: networks of others beside their ensemble.

use super::complete::words;
use super::flags::{activation, bias, known_activations, weight};
use super::plain::one_line;
use super::print;
use super::progress::Progress;
use crate::driver::{
    Expected, Interrupted, Listener, MOST_INPUTS, MOST_REPLICAS, Measurements, Measuring, Outcome, Shown, layers_of,
    media_of, write_measured,
};
use crate::measured::{Beside, Estimated, LEAST_REPLICAS, Law, Layer, Request, Scales, law_named};
use crate::model::{Activation, BiasStd, WeightStd};
use anyhow::{Context, Result, anyhow};
use clap::ValueHint;
use clap_complete::ArgValueCandidates;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn measure examples/measure/untrained.npz --list
  neurodyn measure examples/measure/untrained.npz --data examples/measure/inputs.npy \\
      --activation tanh --sigma-w 1.5 --sigma-b 0.1

Exit code 1 where a network is no network of its ensemble")]
pub(super) struct Measure {
    /// Networks: files of safetensors or NPZ with matrices of weights and vectors of biases
    #[arg(value_name = "MODEL", required = true, value_hint = ValueHint::FilePath)]
    models: Vec<PathBuf>,
    /// Inputs, a row each: a file with one array, NPY, NPZ or safetensors
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, required_unless_present = "list")]
    data: Option<PathBuf>,
    #[arg(long, value_name = "FORMULA", help = known_activations(), value_parser = activation)]
    #[arg(required_unless_present = "list", add = ArgValueCandidates::new(super::complete::activations))]
    activation: Option<Activation>,
    /// The last layer has no activation
    #[arg(long)]
    linear_output: bool,
    /// Names of layers in their order, separated by commas (default: all that are found)
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    layers: Option<Vec<String>>,
    /// Print the layers in their order, what is left out and why; measure nothing
    #[arg(long)]
    list: bool,
    /// Weight scale of the ensemble: weights are N(0, sigma_w^2 / n_in) (default: that of each layer)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = weight)]
    sigma_w: Option<WeightStd>,
    /// Bias scale of the ensemble: biases are N(0, sigma_b^2) (default: that of each layer)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = bias)]
    sigma_b: Option<BiasStd>,
    /// Law of single weights: normal, uniform or truncated_normal (default: normal with --sigma-w, else that found)
    #[arg(long, value_name = "LAW", value_parser = law)]
    #[arg(add = ArgValueCandidates::new(words(["normal", "uniform", "truncated_normal"])))]
    law: Option<Law>,
    /// Rows of the data that are followed, at most
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=MOST_INPUTS as u64))]
    inputs: u64,
    /// Networks drawn from the ensemble
    #[arg(long, value_name = "T", default_value_t = 4096)]
    #[arg(value_parser = clap::value_parser!(u64).range(LEAST_REPLICAS as u64..=MOST_REPLICAS as u64))]
    replicas: u64,
    /// Write a figure of the measurement: .svg, .pdf or .png
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "list")]
    out: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn law(text: &str) -> Result<Law, String> {
    law_named(text).ok_or_else(|| format!("{text:?} is no law of weights; allowed: normal, uniform, truncated_normal"))
}

impl Measure {
    pub(super) fn act(&self, quiet: bool, interrupt: &AtomicBool) -> Result<Outcome> {
        if self.list {
            return self.list();
        }
        let measuring = self.measuring()?;
        if let Some(out) = &self.out {
            media_of(out)?;
            if self.models.len() > 1 {
                return Err(anyhow!(
                    "--out: found {} networks; allowed is one, of which the figure is",
                    self.models.len()
                ));
            }
        }
        let mut shown = Shown::read(self.data.as_deref().context("--data is missing")?)?;
        let progress = Progress::of_command(quiet, "measure");
        progress.expect(Expected { units: self.models.len() as u64, nanoseconds: 0, at_most: false, whole: true });
        let mut found = Vec::new();
        for model in &self.models {
            if interrupt.load(Ordering::Relaxed) {
                return Err(anyhow!(Interrupted));
            }
            found.push(shown.measure(model, &measuring)?);
            progress.advance(1);
        }
        progress.finish();
        if let (Some(out), [only]) = (&self.out, &found[..]) {
            write_measured(out, &measuring, only, 300)?;
        }
        self.report(&found)?;
        Ok(if alarmed(&found) > 0 { Outcome::Failed } else { Outcome::Fine })
    }

    fn measuring(&self) -> Result<Measuring> {
        let activation = self.activation.context("--activation is missing")?;
        // a scale that is given is that of normal weights, unless another law is
        let law = self.law.or(self.sigma_w.map(|_| Law::Normal));
        let scales = Scales { sigma_w: self.sigma_w.map(Into::into), sigma_b: self.sigma_b.map(Into::into), law };
        let (inputs, replicas) = (self.inputs as usize, self.replicas as usize);
        let request = Request { activation, linear_output: self.linear_output, scales, inputs, replicas };
        Ok(Measuring { request, layers: self.layers.clone() })
    }

    fn report(&self, found: &[Measurements]) -> Result<Outcome> {
        if self.json {
            return match found {
                [only] => print(&format!("{}\n", serde_json::to_string_pretty(only)?)),
                all => {
                    let summary = Summary { networks: all, alarmed: alarmed(all), of: all.len() };
                    print(&format!("{}\n", serde_json::to_string_pretty(&summary)?))
                }
            };
        }
        match found {
            [only] => print(&table(only)),
            all => {
                let mut text: String = all.iter().map(line).collect();
                let rate = all.first().map_or(0.0, |one| one.measured.verdict.familywise);
                text.push_str(&format!(
                    "{} of {} networks alarmed; of networks of the ensemble each is with a chance of at most {rate}\n",
                    alarmed(all),
                    all.len()
                ));
                print(&text)
            }
        }
    }

    /// The layers of each file, in their order.
    fn list(&self) -> Result<Outcome> {
        let mut text = String::new();
        let mut listed = Vec::new();
        for model in &self.models {
            let (archive, found) = layers_of(model, self.layers.as_deref())?;
            let entries = archive.entries();
            let name = |at: usize| one_line(&entries[at].name);
            text.push_str(&format!("{}: {} layers\n", one_line(&model.display().to_string()), found.layers.len()));
            let mut layers = Vec::new();
            for layer in &found.layers {
                let biases = layer.biases.map(name);
                let (weights, turned) =
                    (name(layer.weights), if layer.transposed { ", stored as n_in x n_out" } else { "" });
                text.push_str(&format!(
                    "  {}: {} -> {}, weights {weights}{turned}, {}\n",
                    one_line(&layer.name),
                    layer.n_in,
                    layer.n_out,
                    biases.as_ref().map_or("no biases".to_owned(), |biases| format!("biases {biases}"))
                ));
                layers.push(Listed { name: &layer.name, n_in: layer.n_in, n_out: layer.n_out, weights, biases });
            }
            for left in &found.left_out {
                text.push_str(&format!("  left out: {}: {}\n", one_line(&left.name), one_line(&left.reason)));
            }
            if self.json {
                listed.push(serde_json::json!({
                    "file": model.display().to_string(), "layers": layers, "left_out": found.left_out,
                }));
            }
        }
        if self.json { print(&format!("{}\n", serde_json::to_string_pretty(&listed)?)) } else { print(&text) }
    }
}

#[derive(serde::Serialize)]
struct Listed<'a> {
    name: &'a str,
    n_in: usize,
    n_out: usize,
    weights: String,
    biases: Option<String>,
}

#[derive(serde::Serialize)]
struct Summary<'a> {
    networks: &'a [Measurements],
    alarmed: usize,
    of: usize,
}

fn alarmed(found: &[Measurements]) -> usize {
    found.iter().filter(|found| found.measured.verdict.alarmed).count()
}

/// What is said of one network among many.
fn line(found: &Measurements) -> String {
    format!("{}: {}\n", one_line(&found.network.file), verdict(found))
}

fn verdict(found: &Measurements) -> String {
    let measured = &found.measured;
    let trajectory = measured.verdict.trajectory;
    let layers: Vec<String> = (measured.layers.iter().filter(|layer| layer.verdict.alarmed))
        .map(|layer| {
            let worst = layer.verdict.worst;
            format!("layer {}: {} {:.1} standard deviations off", one_line(&layer.name), worst.what.words(), worst.z)
        })
        .collect();
    let course =
        format!("course through the layers {:.1} standard deviations off, p = {:.4}", trajectory.z, trajectory.p);
    if !measured.verdict.alarmed {
        return format!("of the ensemble ({course})");
    }
    const NAMED: usize = 3;
    let mut reasons: Vec<String> = layers.iter().take(NAMED).cloned().collect();
    if layers.len() > NAMED {
        reasons.push(format!("{} more layers", layers.len() - NAMED));
    }
    if trajectory.alarmed {
        reasons.push(course);
    }
    format!("ALARM: {}", reasons.join("; "))
}

/// What is said of one network alone.
fn table(found: &Measurements) -> String {
    let measured = &found.measured;
    let scales = if measured.scales_given { "given" } else { "fitted to each layer" };
    let mut text = format!(
        "{}: {} layers, {}; {} inputs of {}; scales {scales}\n",
        one_line(&found.network.file),
        measured.layers.len(),
        measured.activation,
        measured.inputs,
        one_line(&found.data.file)
    );
    text.push_str(&format!(
        "{:>10} {:>11} {:>19} {:>19}  {:<17}{:>10} {:>8} {:>5}  worst test (std. dev.)\n",
        "layer", "n_in, n_out", "sigma_w", "sigma_b", "law", "largest", "edge", "out"
    ));
    for layer in &measured.layers {
        let worst = layer.verdict.worst;
        let Layer { n_in, n_out, .. } = layer;
        text.push_str(&format!(
            "{:>10} {:>11} {:>19} {:>19}  {:<17}{:>10.4} {:>8.4} {:>5}  {} {:.1}{}\n",
            one_line(&layer.name),
            format!("{n_in}, {n_out}"),
            estimated(layer.sigma_w),
            layer.sigma_b.map_or("none".to_owned(), estimated),
            layer.law.words(),
            layer.spectrum.largest,
            layer.spectrum.edge,
            layer.spectrum.outliers,
            worst.what.words(),
            worst.z,
            if layer.verdict.alarmed { " ALARM" } else { "" }
        ));
    }
    for (name, of) in QUANTITIES {
        let rows: Option<Vec<(&Layer, Beside)>> =
            measured.layers.iter().map(|layer| Some((layer, of(layer)?))).collect();
        let Some(rows) = rows else { continue };
        text.push_str(&format!(
            "{name}\n{:>10} {:>12} {:>14} {:>27} {:>12}\n",
            "layer", "found", "infinite width", "95 of 100 networks", "std. dev."
        ));
        for (layer, Beside { found, theory, band: [low, high], z }) in rows {
            let band = format!("{} to {}", number(low), number(high));
            let (name, found, theory) = (one_line(&layer.name), number(found), number(theory));
            text.push_str(&format!("{name:>10} {found:>12} {theory:>14} {band:>27} {z:>12.2}\n"));
        }
    }
    let mut schemes: Vec<String> = Vec::new();
    for layer in measured.layers.iter().filter(|layer| !layer.schemes.is_empty()) {
        let line = format!("as of {}", layer.schemes.join(", or "));
        if !schemes.contains(&line) {
            schemes.push(line);
        }
    }
    schemes.iter().for_each(|line| text.push_str(&format!("scale and law {line}\n")));
    for left in &measured.left_out {
        text.push_str(&format!("left out: {}: {}\n", one_line(&left.name), one_line(&left.reason)));
    }
    let all = measured.verdict;
    text.push_str(&format!(
        "{}\n{} tests of weights, biases and preactivations, {} networks drawn; familywise false alarms {}\n",
        verdict(found),
        all.tests,
        all.trajectory.replicas,
        all.familywise
    ));
    text
}

type OfLayer = fn(&Layer) -> Option<Beside>;

const QUANTITIES: [(&str, OfLayer); 4] = [
    ("activity A", |layer| Some(layer.activity)),
    ("overlap C, mean over pairs of inputs", |layer| layer.overlap),
    ("distance D, mean over pairs of inputs", |layer| layer.distance),
    ("growth of a tangent, |J v|^2 / |v|^2 per neuron", |layer| layer.tangent_growth),
];

fn estimated(found: Estimated) -> String {
    format!("{:.5} +- {:.5}", found.value, found.stderr)
}

fn number(value: f64) -> String {
    if value == 0.0 || (1e-3..1e5).contains(&value.abs()) { format!("{value:.6}") } else { format!("{value:.4e}") }
}

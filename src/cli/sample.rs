//! `neurodyn sample`: Monte Carlo of one ensemble of finite networks.

use super::complete::{one_more, words};
use super::flags::{EnsembleFlags, activity, correlation, width};
use super::print;
use super::progress::Progress;
use crate::driver::{self, Observables, Outcome, SampleRequest, observables};
use crate::model::{Network, Replicas, Width};
use crate::simulation::{Estimate, SamplerKind};
use anyhow::{Result, anyhow};
use clap_complete::engine::CompletionCandidate;
use clap_complete::{ArgValueCandidates, ArgValueCompleter};
use serde::ser::{Serialize, SerializeMap, Serializer};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::sync::atomic::AtomicBool;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn sample --activation relu --sigma-w 1.4 --sigma-b 0 --width 500 --depth 5 \\
      --activity 1 --correlation 0.5 --replicas 100 --seed 1 --sampler exact")]
pub(super) struct Sample {
    #[command(flatten)]
    ensemble: EnsembleFlags,
    /// Neurons in every layer, or a list with one number for each
    #[arg(long, value_name = "n", value_delimiter = ',', required = true, allow_negative_numbers = true, value_parser = width)]
    width: Vec<Width>,
    /// Number of layers
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    depth: u64,
    /// Activity of the input, the one that activity, metric and curvature are of
    #[arg(long, value_name = "A", allow_negative_numbers = true, value_parser = activity)]
    activity: f64,
    /// Activity of the second input (default: that of the first)
    #[arg(long, value_name = "A'", allow_negative_numbers = true, value_parser = activity, requires = "correlation")]
    activity_prime: Option<f64>,
    /// Correlation C / sqrt(A A') of the two inputs (as signals of layer 0, not as preactivations); needed for overlap and
    /// distance
    #[arg(long, value_name = "c", allow_negative_numbers = true, value_parser = correlation)]
    correlation: Option<f64>,
    /// What to estimate, separated by commas: any of activity, overlap, distance, metric (g / g0 of the great circle
    /// through the input) and curvature (its kappa^2 in the 1/n inner product)
    #[arg(long, value_name = "LIST", default_value = "activity,overlap,distance", value_parser = observables)]
    #[arg(add = ArgValueCompleter::new(more_observables))]
    observables: Observables,
    /// Number of independent networks
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    #[arg(required_unless_present = "target_stderr", conflicts_with = "target_stderr")]
    replicas: Option<u64>,
    /// Take batches of 1024 networks until every standard error is at most this
    #[arg(long, value_name = "E", allow_negative_numbers = true, requires = "at_most")]
    target_stderr: Option<f64>,
    /// Most networks for --target-stderr
    #[arg(long, value_name = "N", requires = "target_stderr")]
    at_most: Option<u64>,
    /// Seed of the random numbers
    #[arg(long, value_name = "S")]
    seed: u64,
    /// How networks are sampled: by the exact law of their Gram matrices (exact, also called macroscopic), or with explicit weights
    #[arg(
        long,
        value_name = "exact|explicit",
        default_value = "exact",
        value_parser = sampler,
        add = ArgValueCandidates::new(words(["exact", "explicit"]))
    )]
    sampler: SamplerKind,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV: one row for each layer and observable
    #[arg(long)]
    csv: bool,
}

fn sampler(text: &str) -> Result<SamplerKind, String> {
    match text {
        "macroscopic" | "exact" => Ok(SamplerKind::Macroscopic),
        "explicit" => Ok(SamplerKind::Explicit),
        _ => Err(format!("{text:?} is not a sampler; allowed: exact (or macroscopic), explicit")),
    }
}

/// What a shell offers for a list of observables.
fn more_observables(current: &OsStr) -> Vec<CompletionCandidate> {
    one_more(current, Observables::known())
}

impl Sample {
    pub(super) fn print(&self, quiet: bool, interrupt: &AtomicBool) -> Result<Outcome> {
        let layers = self.estimate(quiet, interrupt)?;
        if self.csv {
            let mut text = String::from("layer,observable,mean,stderr\n");
            for (layer, estimates) in layers.iter().enumerate() {
                for (name, estimate) in self.observables.names().zip(estimates) {
                    let stderr = estimate.stderr.map_or(String::new(), |stderr| format!("{stderr:?}"));
                    text.push_str(&format!("{layer},{name},{:?},{stderr}\n", estimate.mean));
                }
            }
            return print(&text);
        }
        if self.json {
            let layers: Vec<Row> = (layers.iter().enumerate())
                .map(|(layer, estimates)| Row { layer, observables: &self.observables, estimates })
                .collect();
            return print(&format!("{}\n", serde_json::to_string_pretty(&BTreeMap::from([("layers", layers)]))?));
        }
        let mut text = format!("{:>6}  ", "layer");
        self.observables.names().for_each(|name| text.push_str(&format!("{name:<34}")));
        text.push('\n');
        for (layer, estimates) in layers.iter().enumerate() {
            text.push_str(&format!("{layer:>6}  "));
            for estimate in estimates {
                let stderr = estimate.stderr.map_or("unknown".to_owned(), |stderr| format!("{stderr:.2e}"));
                text.push_str(&format!("{:<34}", format!("{:.10e} +- {stderr}", estimate.mean)));
            }
            text.push('\n');
        }
        print(&text)
    }

    fn network(&self) -> Result<Network> {
        let ensemble = self.ensemble.ensemble();
        let depth = self.depth as usize;
        match self.width.as_slice() {
            [width] => Ok(Network::uniform(ensemble, *width, depth)?),
            widths if widths.len() == depth => Ok(Network::new(ensemble, widths.to_vec())?),
            widths => {
                Err(anyhow!("--width has {} numbers, but must have 1 or as many as --depth, {depth}", widths.len()))
            }
        }
    }

    /// Estimates of the observables, in the order asked for, in every layer.
    fn estimate(&self, quiet: bool, interrupt: &AtomicBool) -> Result<Vec<Vec<Estimate>>> {
        let replicas = match (self.replicas, self.target_stderr, self.at_most) {
            (_, Some(target), Some(most)) => Replicas::until(target, most)?,
            // a handful is allowed here, where nobody judges the standard error
            (Some(replicas), ..) => Replicas::few(replicas),
            _ => return Err(anyhow!("give --replicas, or --target-stderr and --at-most")),
        };
        let request = SampleRequest {
            network: self.network()?,
            activities: [self.activity, self.activity_prime.unwrap_or(self.activity)],
            correlation: self.correlation,
            observables: self.observables.clone(),
            replicas,
            seed: self.seed,
            sampler: self.sampler,
        };
        let progress = Progress::of_command(quiet, "sample");
        let sampled = driver::sample(&request, &|_, _| (), &progress, interrupt);
        progress.finish();
        sampled
    }
}

/// One layer as JSON: its number, then the observables in the order asked for.
struct Row<'a> {
    layer: usize,
    observables: &'a Observables,
    estimates: &'a [Estimate],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1 + self.estimates.len()))?;
        map.serialize_entry("layer", &self.layer)?;
        for (name, estimate) in self.observables.names().zip(self.estimates) {
            map.serialize_entry(name, &Numbers { mean: estimate.mean, stderr: estimate.stderr })?;
        }
        map.end()
    }
}

#[derive(serde::Serialize)]
struct Numbers {
    mean: f64,
    stderr: Option<f64>,
}

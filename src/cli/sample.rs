//! `neurodyn sample`: Monte Carlo of one ensemble of finite networks.

use super::flags::{EnsembleFlags, activity, correlation};
use super::print;
use crate::driver::{Interrupted, Outcome};
use crate::model::{Inputs, Network, Width};
use crate::random::{Address, Role};
use crate::simulation::{Estimate, Pair, SamplerKind, SimulationError, parallel_map};
use anyhow::{Result, anyhow};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

#[derive(clap::Args)]
pub(super) struct Sample {
    #[command(flatten)]
    ensemble: EnsembleFlags,
    /// Neurons in every layer, or a list with one number for each
    #[arg(long, value_name = "n", value_delimiter = ',', required = true, allow_negative_numbers = true, value_parser = width)]
    width: Vec<Width>,
    /// Number of layers
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    depth: u64,
    /// Activity of both inputs
    #[arg(long, value_name = "A", allow_negative_numbers = true, value_parser = activity)]
    activity: f64,
    /// Correlation C / A of the two inputs
    #[arg(long, value_name = "c", allow_negative_numbers = true, value_parser = correlation)]
    correlation: f64,
    /// Number of independent networks
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    replicas: u64,
    /// Seed of the random numbers
    #[arg(long, value_name = "S")]
    seed: u64,
    /// How networks are sampled
    #[arg(long, value_name = "macroscopic|explicit", value_parser = sampler)]
    sampler: SamplerKind,
    /// Print JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV: one row for each layer and observable
    #[arg(long)]
    csv: bool,
}

fn width(text: &str) -> Result<Width, String> {
    // 1e6 is a width too
    let value = text.parse::<u64>().ok().or_else(|| {
        let value: f64 = text.parse().ok()?;
        (value.fract() == 0.0 && (1.0..=1e15).contains(&value)).then_some(value as u64)
    });
    let value = value.ok_or_else(|| format!("{text:?} is not a whole number from 1 to 1e12"))?;
    Width::new(value).map_err(|error| error.to_string())
}

fn sampler(text: &str) -> Result<SamplerKind, String> {
    match text {
        "macroscopic" => Ok(SamplerKind::Macroscopic),
        "explicit" => Ok(SamplerKind::Explicit),
        _ => Err(format!("{text:?} is not a sampler; allowed: macroscopic, explicit")),
    }
}

/// Most numbers kept while sampling, 8 bytes each.
const MOST_VALUES: u64 = 250_000_000;

const OBSERVABLES: [&str; 3] = ["activity", "overlap", "distance"];

impl Sample {
    pub(super) fn print(&self, interrupt: &AtomicBool) -> Result<Outcome> {
        let layers = self.estimate(interrupt)?;
        if self.csv {
            let mut text = String::from("layer,observable,mean,stderr\n");
            for (layer, estimates) in layers.iter().enumerate() {
                for (name, estimate) in OBSERVABLES.iter().zip(estimates) {
                    let stderr = estimate.stderr.map_or(String::new(), |stderr| format!("{stderr:?}"));
                    text.push_str(&format!("{layer},{name},{:?},{stderr}\n", estimate.mean));
                }
            }
            return print(&text);
        }
        if self.json {
            let layers: Vec<Row> =
                layers.iter().enumerate().map(|(layer, estimates)| Row::of(layer, estimates)).collect();
            return print(&format!("{}\n", serde_json::to_string_pretty(&BTreeMap::from([("layers", layers)]))?));
        }
        let mut text = format!("{:>6}  {:<34}{:<34}{:<34}\n", "layer", "activity", "overlap", "distance");
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

    fn estimate(&self, interrupt: &AtomicBool) -> Result<Vec<[Estimate; 3]>> {
        let network = self.network()?;
        let values = self.replicas.saturating_mul(self.depth + 1).saturating_mul(3);
        if values > MOST_VALUES {
            return Err(anyhow!(
                "--replicas {} at --depth {} would keep {values} numbers ({} GB); at most {MOST_VALUES} are allowed",
                self.replicas,
                self.depth,
                values / 125_000_000
            ));
        }
        let inputs = Inputs::pair(self.activity, 0.0, 2.0 * self.activity * (1.0 - self.correlation))?;
        let pair = Pair::POINT_AND_DIFFERENCE;
        let replicas: Vec<u64> = (0..self.replicas).collect();
        let sampled = parallel_map(&replicas, |&replica| {
            if interrupt.load(Ordering::Relaxed) {
                return Err(SimulationError::Interrupted);
            }
            let address = Address { seed: self.seed, role: Role::NETWORK, point: 0, replica };
            let trajectory = self.sampler.sampler().sample(&network, &inputs, &address)?;
            let observe = |gram| [pair.activity(gram), pair.overlap(gram), pair.distance(gram)];
            Ok(trajectory.iter().map(observe).collect::<Vec<[f64; 3]>>())
        });
        let sampled = match sampled {
            Err(SimulationError::Interrupted) => return Err(anyhow!(Interrupted)),
            result => result?,
        };
        let estimate = |layer: usize, observable: usize| {
            let values: Vec<f64> = sampled.iter().map(|layers| layers[layer][observable]).collect();
            let estimate = Estimate::of(&values);
            // the input is known exactly
            if layer == 0 { Estimate { stderr: Some(0.0), ..estimate } } else { estimate }
        };
        let layers: Vec<[Estimate; 3]> =
            (0..=network.depth()).map(|layer| [0, 1, 2].map(|observable| estimate(layer, observable))).collect();
        for (layer, estimates) in layers.iter().enumerate() {
            for (name, Estimate { mean, stderr, .. }) in OBSERVABLES.iter().zip(estimates) {
                if !(mean.is_finite() && stderr.is_none_or(f64::is_finite)) {
                    return Err(anyhow!("layer {layer}: the mean or standard error of the {name} overflows"));
                }
            }
        }
        Ok(layers)
    }
}

/// One layer as JSON, its fields in this order.
#[derive(serde::Serialize)]
struct Row {
    layer: usize,
    activity: Numbers,
    overlap: Numbers,
    distance: Numbers,
}

#[derive(serde::Serialize)]
struct Numbers {
    mean: f64,
    stderr: Option<f64>,
}

impl Row {
    fn of(layer: usize, estimates: &[Estimate; 3]) -> Self {
        let [activity, overlap, distance] = estimates.map(|e| Numbers { mean: e.mean, stderr: e.stderr });
        Self { layer, activity, overlap, distance }
    }
}

//! `neurodyn init`: how to initialise a network with an activation.

mod code;
mod text;

use super::flags::{ActivationFlag, bias, positive, width};
use super::print;
use crate::driver::Outcome;
use crate::model::{BiasStd, Width};
use crate::theory::initialisation::{
    CriticalRecord, FrameworkRecord, GradientRecord, Initialisation, OneNetwork, Request, SignalRecord, initialisation,
};
use anyhow::Result;
use code::{Code, Layers};
use serde::Serialize;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn init --activation gelu --depth 50 --width 1000
  neurodyn init --activation tanh --depth 50 --width 1000 --sigma-b 0.05 --json")]
pub(super) struct Init {
    #[command(flatten)]
    activation: ActivationFlag,
    /// Number of layers
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    depth: u64,
    /// Neurons a layer
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = width)]
    width: Width,
    /// Activity of the input (default: that of the fixed point; 1 where that is 0 or any)
    #[arg(long, value_name = "A", allow_negative_numbers = true, value_parser = positive)]
    activity: Option<f64>,
    /// Bias scale, where there is a choice (default: none on a line, that of the point)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = bias)]
    sigma_b: Option<BiasStd>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// What JSON holds of how to initialise a network.
#[derive(Serialize)]
pub struct Answer {
    activation: String,
    depth: usize,
    width: u64,
    critical: CriticalRecord,
    signal: Option<SignalRecord>,
    gradient: Option<GradientRecord>,
    one_network: Option<OneNetwork>,
    frameworks: Vec<FrameworkRecord>,
    code: Option<Code>,
}

/// The answer, with lines to paste.
pub fn answer(request: &Request) -> Result<Answer> {
    let &Request { activation, depth, width, .. } = request;
    let Initialisation { critical, signal, gradient, one_network, frameworks } = initialisation(request)?;
    let width = width.get();
    let scales = critical.sigma_w.zip(critical.sigma_b);
    let code = scales.map(|(sigma_w, sigma_b)| Layers { activation, depth, width, sigma_w, sigma_b }.code());
    let activation = activation.name().to_owned();
    Ok(Answer { activation, depth, width, critical, signal, gradient, one_network, frameworks, code })
}

impl Init {
    pub(super) fn print(&self) -> Result<Outcome> {
        let answer = answer(&Request {
            activation: self.activation.activation,
            depth: self.depth as usize,
            width: self.width,
            activity: self.activity,
            sigma_b: self.sigma_b,
        })?;
        if self.json {
            return print(&format!("{}\n", serde_json::to_string_pretty(&answer)?));
        }
        print(&text::text(&answer))
    }
}

//! `neurodyn kernel`: kernels of the inputs in a file.

use super::flags::EnsembleFlags;
use super::print;
use super::progress::Progress;
use super::theory::shown;
use crate::driver::{self, FoundKernels, KernelRequest, Outcome, Selection};
use crate::model::{Centre, Scale, Slice};
use anyhow::{Result, anyhow};
use clap::ValueHint;
use serde_json::json;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

#[derive(clap::Args)]
#[command(after_help = "\
The inputs x_i are the rows of FILE, n numbers each (further axes of an array are one). Layer 0 has the overlaps
C_ij = x_i . x_j / n, layer l those of its neurons behind the activation, at infinite width:
  k = sigma_w^2 C^(l-1) + sigma_b^2,   C^l = E[phi(u) phi(v)],   (u, v) ~ N(0, [k_ii k_ij; k_ij k_jj])
The tangent kernel is that of L layers of weights, a linear output the last, over n; biases are no parameters:
  T_1 = C^0,   T_(l+1) = C^l + sigma_w^2 E[phi'(u) phi'(v)] T_l
Both are symmetric NPY files of 64-bit floats.

Example:
  neurodyn kernel examples/measure/inputs.npy --activation tanh --sigma-w 1.5 --sigma-b 0.1 \\
      --depth 10 --out K.npy --ntk T.npy")]
pub(super) struct Kernel {
    /// Inputs, a row each: NPY, NPZ, safetensors, IDX, Parquet, CSV (NPY, IDX and CSV in gzip, too)
    #[arg(value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,
    #[command(flatten)]
    ensemble: EnsembleFlags,
    /// Number of layers
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    depth: u64,
    /// Where the overlaps of layer L go, as NPY
    #[arg(long, value_name = "NPY", value_hint = ValueHint::FilePath)]
    out: Option<PathBuf>,
    /// Where the tangent kernel of L layers of weights goes, as NPY
    #[arg(long, value_name = "NPY", value_hint = ValueHint::FilePath)]
    ntk: Option<PathBuf>,
    /// Name of the array, in a file with several
    #[arg(long, value_name = "NAME")]
    array: Option<String>,
    /// Rows to take, counted from 0 (default: all)
    #[arg(long, value_name = "FROM,TO[,STEP]", value_parser = slice)]
    rows: Option<Slice>,
    /// Columns to take, counted from 0 (default: all)
    #[arg(long, value_name = "FROM,TO[,STEP]", value_parser = slice)]
    columns: Option<Slice>,
    /// What is subtracted from the numbers: none, the means of columns or of rows, or that of all
    #[arg(long, value_name = "WHAT", default_value = "none", value_parser = centre)]
    centre: Centre,
    /// What they are divided by afterwards: none, the root mean squares of columns or of rows, or that of all
    #[arg(long, value_name = "WHAT", default_value = "none", value_parser = scale)]
    scale: Scale,
    /// Print JSON: every layer in a few numbers; with the overlaps of layer L, where --out is not given
    #[arg(long)]
    json: bool,
}

fn slice(text: &str) -> Result<Slice, String> {
    let numbers = text.split(',').map(|part| part.trim().parse()).collect::<Result<Vec<usize>, _>>();
    Slice::try_from(numbers.map_err(|_| format!("{text:?} is not allowed; it must be FROM,TO or FROM,TO,STEP"))?)
}

fn centre(text: &str) -> Result<Centre, String> {
    match text {
        "none" => Ok(Centre::None),
        "columns" => Ok(Centre::Columns),
        "rows" => Ok(Centre::Rows),
        "all" => Ok(Centre::All),
        _ => Err(allowed(text)),
    }
}

fn scale(text: &str) -> Result<Scale, String> {
    match text {
        "none" => Ok(Scale::None),
        "columns" => Ok(Scale::Columns),
        "rows" => Ok(Scale::Rows),
        "all" => Ok(Scale::All),
        _ => Err(allowed(text)),
    }
}

fn allowed(text: &str) -> String {
    format!("{text:?} is not allowed; it must be none, columns, rows or all")
}

/// Most inputs whose overlaps are printed.
const MOST_PRINTED: usize = 1000;

impl Kernel {
    pub(super) fn act(&self, quiet: bool, interrupt: &AtomicBool) -> Result<Outcome> {
        let Self { rows, columns, centre, scale, .. } = *self;
        let request = KernelRequest {
            file: &self.file,
            selection: Selection { array: self.array.as_deref(), rows, columns, centre, scale },
            ensemble: self.ensemble.ensemble(),
            depth: self.depth as usize,
            out: self.out.clone(),
            ntk: self.ntk.clone(),
        };
        let progress = Progress::of_command(quiet, "kernel");
        let found = driver::kernel(&request, &progress, interrupt)?;
        progress.finish();
        if self.json { self.json(&found) } else { self.text(&found) }
    }

    fn json(&self, found: &FoundKernels) -> Result<Outcome> {
        let FoundKernels { rows, columns, sha256, layers, overlaps } = found;
        let ensemble = self.ensemble.ensemble();
        let mut value = json!({
            "file": self.file.display().to_string(),
            "sha256": sha256,
            "rows": rows,
            "columns": columns,
            "activation": ensemble.activation.name(),
            "sigma_w": ensemble.sigma_w.get(),
            "sigma_b": ensemble.sigma_b.get(),
            "depth": self.depth,
            "layers": layers,
        });
        if let Some(triangle) = overlaps {
            if *rows > MOST_PRINTED {
                return Err(anyhow!(
                    "{rows} inputs have too many overlaps to print; give --out, or at most {MOST_PRINTED} rows"
                ));
            }
            let row = |i: usize| (0..*rows).map(|j| triangle[i.max(j)][i.min(j)]).collect::<Vec<f64>>();
            value["overlaps"] = json!((0..*rows).map(row).collect::<Vec<_>>());
        }
        print(&format!("{value:#}\n"))
    }

    fn text(&self, found: &FoundKernels) -> Result<Outcome> {
        let ensemble = self.ensemble.ensemble();
        let mut lines = format!(
            "{} inputs of {} numbers, {}, sigma_w = {}, sigma_b = {}\n\n",
            found.rows,
            found.columns,
            ensemble.activation,
            ensemble.sigma_w.get(),
            ensemble.sigma_b.get()
        );
        lines.push_str(&format!("{:>6}  {:<26}{:<26}{:<26}mean D\n", "layer", "mean A", "mean C", "mean c (outputs)"));
        for (layer, summary) in found.layers.iter().enumerate() {
            let cell = |value: Option<f64>| value.map_or("none".to_owned(), shown);
            let cells = [Some(summary.activity), summary.overlap, summary.correlation].map(cell);
            let [activity, overlap, correlation] = cells;
            let distance = cell(summary.distance);
            lines.push_str(&format!("{layer:>6}  {activity:<26}{overlap:<26}{correlation:<26}{distance}\n"));
        }
        print(&lines)
    }
}

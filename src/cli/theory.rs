//! `neurodyn theory`: the theory card of one ensemble.

use super::flags::{EnsembleFlags, activity, correlation, finite, keep};
use super::print;
use crate::driver::Outcome;
use crate::model::Keep;
use crate::theory::card::{Card, FixedPointRow, LayerRow, Request, Second, card};
use anyhow::Result;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn theory --activation tanh --sigma-w 1.5 --sigma-b 0.1
  neurodyn theory --activation gelu --sigma-w 1.5 --sigma-b 0.5 --depth 10 --activity 1 \\
      --correlation 0.5")]
pub(super) struct Theory {
    #[command(flatten)]
    ensemble: EnsembleFlags,
    /// Follow the signals through this many layers
    #[arg(long, value_name = "L", value_parser = clap::value_parser!(u64).range(0..=1_000_000))]
    depth: Option<u64>,
    /// Activity of the input (default: the fixed point)
    #[arg(long, value_name = "A", allow_negative_numbers = true, value_parser = activity, requires = "depth")]
    activity: Option<f64>,
    /// Activity of the second input (default: that of the first)
    #[arg(long, value_name = "A'", allow_negative_numbers = true, value_parser = activity, requires = "depth")]
    activity_prime: Option<f64>,
    #[command(flatten)]
    second: SecondInput,
    /// Squared curvature of the input curve in the 1/n inner product (default: 1 / A, the great circle; a curve of constant
    /// activity has no less)
    #[arg(long, value_name = "K0", allow_negative_numbers = true, value_parser = activity, requires = "depth")]
    curvature: Option<f64>,
    /// Dropout: the probability that a neuron is kept; adds the fixed points of two copies with independent masks
    #[arg(long, value_name = "RHO", allow_negative_numbers = true, value_parser = keep)]
    keep: Option<Keep>,
    /// Values of the Koenigs scaling function of the distance at these places, separated by commas (chaotic phase only)
    #[arg(long, value_name = "S1,S2,...", value_delimiter = ',', allow_negative_numbers = true, value_parser = activity)]
    koenigs: Option<Vec<f64>>,
    /// Sums kappa_1, kappa_2 of the tangent kernel of the two inputs over L layers of weights, a linear output the last
    #[arg(long, requires_all = ["depth", "second"])]
    ntk: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
#[group(id = "second", required = false, multiple = false, requires = "depth")]
struct SecondInput {
    /// Correlation C / sqrt(A A') of the two inputs (as signals of layer 0, not as preactivations)
    #[arg(long, value_name = "c", allow_negative_numbers = true, value_parser = correlation)]
    correlation: Option<f64>,
    /// Overlap C = x.x'/n of the two inputs
    #[arg(long, value_name = "C", allow_negative_numbers = true, value_parser = finite)]
    overlap: Option<f64>,
    /// Distance D = |x - x'|^2/n of the two inputs
    #[arg(long, value_name = "D", allow_negative_numbers = true, value_parser = activity)]
    distance: Option<f64>,
}

impl Theory {
    pub(super) fn print(&self) -> Result<Outcome> {
        let SecondInput { correlation, overlap, distance } = self.second;
        let second =
            correlation.map(Second::Correlation).or(overlap.map(Second::Overlap)).or(distance.map(Second::Distance));
        let request = Request {
            depth: self.depth.map(|depth| depth as usize),
            activity: self.activity,
            activity_prime: self.activity_prime,
            second,
            curvature: self.curvature,
            keep: self.keep,
            koenigs: self.koenigs.clone(),
            ntk: self.ntk,
        };
        let card = card(&self.ensemble.ensemble(), &request)?;
        if self.json {
            return print(&format!("{}\n", serde_json::to_string_pretty(&card)?));
        }
        print(&text(&card, self.koenigs.as_deref().unwrap_or_default()))
    }
}

fn text(card: &Card, places: &[f64]) -> String {
    let mut lines = format!("{}, sigma_w = {}, sigma_b = {}\n", card.activation, card.sigma_w, card.sigma_b);
    let rows: [(&str, &str, Option<String>); 13] = [
        ("phase", "phase", card.phase.map(|phase| phase.name().to_owned())),
        ("q_star", "q*", card.q_star.map(shown)),
        ("activity_star", "A*", card.activity_star.map(shown)),
        ("activity_slope", "d chi_0 / dA", card.activity_slope.map(shown)),
        ("chi_1", "chi_1", card.chi_1.map(shown)),
        ("chi_2", "chi_2", card.chi_2.map(shown)),
        ("correlation_star", "c* (preactivations)", card.correlation_star.map(shown)),
        ("distance_star", "D*", card.distance_star.map(shown)),
        ("depth_scale_q", "xi_q (layers)", card.depth_scale_q.map(shown)),
        ("depth_scale_c", "xi_c (layers)", card.depth_scale_c.map(shown)),
        ("critical_sigma_w", "critical sigma_w", card.critical_sigma_w.map(shown)),
        ("n_var_activity", "n Var A", card.finite_width.n_var_activity.map(shown)),
        ("n_log_metric_variance_rate", "n d Var(ln g) / dl", card.finite_width.n_log_metric_variance_rate.map(shown)),
    ];
    let mut given: Option<String> = None;
    for (field, name, value) in rows {
        let value = value.unwrap_or_else(|| {
            // a reason that several rows share is given once
            let reason = none(card, field);
            if given.as_ref() == Some(&reason) { "none: as above".to_owned() } else { given.insert(reason).clone() }
        });
        lines.push_str(&format!("  {name:<22}{value}\n"));
    }
    if let Some(jump) = &card.chi_1_jump {
        let ends = [jump.chi_1_below, jump.q_below, jump.chi_1_above, jump.q_above].map(shown);
        let [below, q_below, above, q_above] = ends;
        let at = shown(jump.sigma_w);
        let value = format!("at sigma_w {at}, from {below} (q {q_below}) to {above} (q {q_above})");
        lines.push_str(&format!("  {:<22}{value}\n", "chi_1 jumps over 1"));
    }
    lines.push_str(&fixed_points(card));
    lines.push_str(&more(card, places));
    if let Some(layers) = &card.layers {
        lines.push_str(&layer_table(layers));
        let curve = [("metric", METRIC), ("curvature", CURVATURE), ("gauss_map_length", GAUSS_MAP)];
        let missing = curve.into_iter().filter(|(field, _)| card.reasons.contains_key(field));
        for (i, (field, name)) in missing.enumerate() {
            let gap = if i == 0 { "\n" } else { "" };
            lines.push_str(&format!("{gap}  {name:<22}{}\n", none(card, field)));
        }
    }
    lines
}

/// Every fixed point of the activity, one a line.
fn fixed_points(card: &Card) -> String {
    let line = |name: &str, value: String| format!("  {name:<22}{value}\n");
    match card.fixed_points.as_deref() {
        None => line("fixed points", card.reasons.get("fixed_points").cloned().unwrap_or_default()),
        Some([]) => line("fixed points", "none".to_owned()),
        Some(points) => {
            let text = |point: &FixedPointRow| {
                let [q, activity, slope, chi_1] = [point.q, point.activity, point.slope, point.chi_1].map(shown);
                let reached = if point.reached { ", reached from large q" } else { "" };
                let stability = point.stability.name();
                line("fixed point", format!("q {q}, A {activity}, slope {slope}, chi_1 {chi_1}: {stability}{reached}"))
            };
            points.iter().map(text).collect()
        }
    }
}

/// Dropout, scaling function and tangent kernel, where asked for.
fn more(card: &Card, places: &[f64]) -> String {
    let mut rows: Vec<(String, &str, Option<f64>)> = Vec::new();
    if let Some(dropout) = &card.dropout {
        let name = |what: &str| format!("{what}, keep {}", shown(dropout.keep));
        rows.push((name("q*"), "dropout", dropout.q_star));
        rows.push((name("c*"), "dropout", dropout.correlation_star));
        rows.push((name("c = 1 goes to"), "dropout", dropout.map_at_one));
        let reason = if dropout.q_star.is_some() { "dropout.depth_scale_c" } else { "dropout" };
        rows.push((name("xi_c"), reason, dropout.depth_scale_c));
    }
    if let Some(values) = &card.koenigs {
        let value = |index: usize| values.as_ref().and_then(|values| values.get(index).copied());
        let row = |(index, s): (usize, &f64)| (format!("Koenigs D({})", shown(*s)), "koenigs", value(index));
        rows.extend(places.iter().enumerate().map(row));
    }
    if let Some(sums) = &card.ntk {
        rows.push(("kappa_1".to_owned(), "ntk", Some(sums.kappa_1)));
        rows.push(("kappa_2".to_owned(), "ntk", Some(sums.kappa_2)));
    }
    let line = |(name, field, value): (String, &str, Option<f64>)| {
        format!("  {name:<21} {}\n", value.map_or_else(|| none(card, field), shown))
    };
    rows.into_iter().map(line).collect()
}

fn none(card: &Card, field: &str) -> String {
    format!("none: {}", card.reasons.get(field).map_or("it does not exist", String::as_str))
}

/// The shortest digits that are this number, with an exponent where there would be many zeros.
pub(super) fn shown(value: f64) -> String {
    let size = value.abs();
    if size >= 1e16 || (size < 1e-4 && size > 0.0) { format!("{value:e}") } else { format!("{value}") }
}

const METRIC: &str = "g / g0";
const CURVATURE: &str = "kappa^2";
const GAUSS_MAP: &str = "Gauss map of circle";

fn layer_table(layers: &[LayerRow]) -> String {
    let paired = layers.first().is_some_and(|row| row.distance.is_some());
    let mut names = vec!["A"];
    if paired {
        names.extend(["A'", "C", "c (outputs)", "c (preactivations)", "D"]);
    }
    names.extend([METRIC, CURVATURE, GAUSS_MAP]);
    let mut lines = String::from("\n");
    push_row(&mut lines, "layer", names.into_iter().map(str::to_owned));
    for row in layers {
        let mut cells = vec![Some(row.activity)];
        if paired {
            cells.extend([
                row.activity_prime,
                row.overlap,
                row.correlation,
                row.preactivation_correlation,
                row.distance,
            ]);
        }
        cells.extend([row.metric, row.curvature, row.gauss_map_length]);
        let cells = cells.into_iter().map(|cell| cell.map_or("none".to_owned(), shown));
        push_row(&mut lines, &row.layer.to_string(), cells);
    }
    lines
}

fn push_row(lines: &mut String, layer: &str, cells: impl Iterator<Item = String>) {
    let mut line = format!("{layer:>6}  ");
    for cell in cells {
        // 24 characters are the longest number
        line.push_str(&format!("{cell:<26}"));
    }
    lines.push_str(line.trim_end());
    lines.push('\n');
}

//! Gaussian expectations of one formula around a mean that is not 0: what is left of a pair when one of it is given.

use neurodyn_model::Activation;
use neurodyn_numerics::elementary::normal_pdf;
use neurodyn_numerics::quadrature::{GaussLegendre, Shape};

/// The Gaussian is cut here, in standard deviations.
const CUT: f64 = 10.5;
/// Widest panel, in standard deviations.
const WIDEST: f64 = 1.5;

/// Rules for one activation.
pub(crate) struct Given {
    edges: Vec<f64>,
    breaks: Vec<f64>,
    rule: GaussLegendre,
}

impl Given {
    /// For a formula; of others nothing is known but the origin.
    pub(crate) fn new(activation: Activation) -> Self {
        let edges = match activation.shape() {
            Shape::Pieces(pieces) => pieces.edges().to_vec(),
            _ => vec![0.0],
        };
        let breaks = activation.breaks().iter().map(|one| one.at).collect();
        Self { edges, breaks, rule: GaussLegendre::new(16) }
    }

    /// Nodes and weights for `N(mean, sd^2)`: 16 points of Gauss and Legendre on panels between the edges of the formula, no wider than 1.5
    /// standard deviations. Of `sd = 0` the mean itself.
    pub(crate) fn nodes(&self, mean: f64, sd: f64) -> Vec<(f64, f64)> {
        if sd == 0.0 {
            return vec![(mean, 1.0)];
        }
        let (low, high) = (mean - CUT * sd, mean + CUT * sd);
        let from = self.edges.partition_point(|edge| *edge <= low);
        // a deviation below the rounding of the mean leaves nothing between
        let to = self.edges.partition_point(|edge| *edge < high).max(from);
        let mut nodes = Vec::new();
        let mut left = low;
        for right in self.edges[from..to].iter().copied().chain([high]) {
            let count = ((right - left) / (WIDEST * sd)).ceil().max(1.0) as usize;
            let width = (right - left) / count as f64;
            for panel in 0..count {
                let centre = left + (panel as f64 + 0.5) * width;
                for (x, weight) in self.rule.nodes.iter().zip(&self.rule.weights) {
                    let v = centre + 0.5 * width * x;
                    nodes.push((v, 0.5 * width / sd * weight * normal_pdf((v - mean) / sd)));
                }
            }
            left = right;
        }
        nodes
    }

    /// Nodes and weights for `N(0, sd^2)` and functions that have the edges of the formula blurred by `blur`: the panels around each break are
    /// no wider than the blur, and grow with the distance to it.
    pub(crate) fn blurred(&self, sd: f64, blur: f64) -> Vec<(f64, f64)> {
        if sd == 0.0 || blur == 0.0 {
            return self.nodes(0.0, sd);
        }
        let mut edges = self.edges.clone();
        for at in &self.breaks {
            let mut step = blur;
            while step < CUT * sd {
                edges.extend([at - step, at + step]);
                step += step.min(WIDEST * sd);
            }
        }
        edges.sort_by(f64::total_cmp);
        edges.dedup();
        Self { edges, breaks: Vec::new(), rule: self.rule.clone() }.nodes(0.0, sd)
    }

    /// `E[f(v)]`.
    pub(crate) fn expectation(&self, mean: f64, sd: f64, f: impl Fn(f64) -> f64) -> f64 {
        self.nodes(mean, sd).into_iter().map(|(v, weight)| weight * f(v)).sum()
    }
}

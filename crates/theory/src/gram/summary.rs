//! A Gram matrix in a few numbers.

use neurodyn_numerics::spread::Triangle;

/// Activities of inputs in a layer, and means over all pairs; nothing of a pair where there is one input.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Summary {
    /// Mean of `A = C_ii`.
    pub activity: f64,
    /// Least of them.
    pub least_activity: f64,
    /// Largest of them.
    pub largest_activity: f64,
    /// Mean of `C_ij`.
    pub overlap: Option<f64>,
    /// Mean of `C_ij / sqrt(C_ii C_jj)`, over pairs of inputs that are not 0.
    pub correlation: Option<f64>,
    /// Mean of `D_ij = C_ii + C_jj - 2 C_ij`.
    pub distance: Option<f64>,
}

impl Summary {
    /// Of a Gram matrix.
    pub fn of(gram: &Triangle) -> Self {
        let activities: Vec<f64> = gram.iter().filter_map(|row| row.last().copied()).collect();
        let scales: Vec<f64> = activities.iter().map(|a| if *a > 0.0 { 1.0 / a.sqrt() } else { 0.0 }).collect();
        let inputs = activities.len() as f64;
        let pairs = 0.5 * inputs * (inputs - 1.0);
        let (mut overlap, mut correlation, mut silent) = (0.0, 0.0, 0usize);
        for (i, row) in gram.iter().enumerate() {
            let (mut sum, mut scaled) = (0.0, 0.0);
            for (value, scale) in row[..i].iter().zip(&scales) {
                sum += value;
                scaled += value * scale;
            }
            overlap += sum;
            correlation += scaled * scales[i];
            silent += usize::from(scales[i] == 0.0);
        }
        let activity = activities.iter().sum::<f64>() / inputs;
        let loud = inputs - silent as f64;
        let loud = 0.5 * loud * (loud - 1.0);
        let mean = |sum: f64, count: f64| (count > 0.0).then(|| sum / count);
        Self {
            activity,
            least_activity: activities.iter().copied().fold(f64::INFINITY, f64::min),
            largest_activity: activities.iter().copied().fold(0.0, f64::max),
            overlap: mean(overlap, pairs),
            correlation: mean(correlation, loud),
            // every input is in as many pairs
            distance: mean(overlap, pairs).map(|overlap| (2.0 * (activity - overlap)).max(0.0)),
        }
    }
}

//! Replicas put together.

use super::Rung;
use neurodyn_numerics::elementary::{exp, ln};

/// Estimates of one rung over replicas, `Z = mean Z_r` and `beta <L> = sum Z_r E_r / sum Z_r`. Both ratios are biased by the variance of `Z_r` over the
/// number of replicas only; standard errors by the delta method.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pooled {
    /// `ln Z`.
    pub log_partition: f64,
    /// Its standard error.
    pub log_partition_stderr: f64,
    /// `beta <L>`.
    pub energy: f64,
    /// Its standard error.
    pub energy_stderr: f64,
}

impl Pooled {
    /// Of one rung of two or more replicas.
    pub fn of(rungs: &[Rung]) -> Self {
        let most = rungs.iter().fold(f64::NEG_INFINITY, |most, rung| most.max(rung.log_partition));
        let weights: Vec<f64> = rungs.iter().map(|rung| exp(rung.log_partition - most)).collect();
        let count = rungs.len() as f64;
        let mean = weights.iter().sum::<f64>() / count;
        let energy = weights.iter().zip(rungs).map(|(z, rung)| z * rung.energy).sum::<f64>() / (count * mean);
        let stderr = |deviation: &dyn Fn(f64, &Rung) -> f64| {
            let squares = weights.iter().zip(rungs).map(|(z, rung)| deviation(z / mean, rung)).map(|d| d * d);
            (squares.sum::<f64>() / (count - 1.0) / count).sqrt()
        };
        Self {
            log_partition: most + ln(mean),
            log_partition_stderr: stderr(&|z, _| z - 1.0),
            energy,
            energy_stderr: stderr(&|z, rung| z * (rung.energy - energy)),
        }
    }
}

//! The law of two preactivations as closed forms take it.

use neurodyn_numerics::quadrature::PairCovariance;

/// A centred Gaussian pair, each entry by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairLaw {
    /// Variance of `u`.
    pub q: f64,
    /// Variance of `v`.
    pub q_prime: f64,
    /// Covariance.
    pub k: f64,
    /// Variance of the difference.
    pub gap: f64,
    /// Variance of the second variable given the first.
    pub conditional: f64,
    /// `q q' - k^2`.
    pub gram: f64,
}

impl PairLaw {
    /// Without cancellation.
    pub fn of(law: &PairCovariance) -> Self {
        let slope = if law.q > 0.0 { law.cross() / law.q } else { 0.0 };
        Self {
            q: law.q,
            q_prime: law.q_prime(),
            k: law.covariance(),
            gap: law.gap,
            conditional: (law.gap - slope * law.cross()).max(0.0),
            gram: (law.q * law.gap - law.cross() * law.cross()).max(0.0),
        }
    }

    /// Of a covariance that is right to rounding.
    pub fn of_covariance(q: f64, q_prime: f64, k: f64) -> Self {
        let slope = if q > 0.0 { k / q } else { 0.0 };
        let conditional = (q_prime - slope * k).max(0.0);
        Self { q, q_prime, k, gap: (q + q_prime - 2.0 * k).max(0.0), conditional, gram: q * conditional }
    }

    /// `(1 + r q)(1 + r q') - (r k)^2`.
    pub(super) fn determinant(&self, rate: f64) -> f64 {
        1.0 + rate * (self.q + self.q_prime) + rate * rate * self.gram
    }
}

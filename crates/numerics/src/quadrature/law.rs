//! The law of a pair of Gaussians.

/// Law of a centred Gaussian pair `(u, v)`, carried without cancellation: `Var u = q`, `Var v = q + difference`,
/// `Var(v - u) = gap`. The covariance is `q + (difference - gap) / 2`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairCovariance {
    /// Variance of `u`.
    pub q: f64,
    /// Variance of `v` minus that of `u`.
    pub difference: f64,
    /// Variance of `v - u`.
    pub gap: f64,
}

impl PairCovariance {
    /// Variance of `v`.
    pub fn q_prime(&self) -> f64 {
        self.q + self.difference
    }

    /// Covariance of `u` and `v`.
    pub fn covariance(&self) -> f64 {
        self.q + 0.5 * (self.difference - self.gap)
    }

    /// Covariance of `u` and `t = v - u`.
    pub fn cross(&self) -> f64 {
        0.5 * (self.difference - self.gap)
    }

    /// Correlation of `u` and `v`; `None` when a variance is 0.
    pub fn correlation(&self) -> Option<f64> {
        let product = self.q * self.q_prime();
        (product > 0.0).then(|| {
            if self.difference == 0.0 {
                // a gap of 4 q may be rounded up
                (1.0 - 0.5 * self.gap / self.q).max(-1.0)
            } else {
                (self.covariance() / product.sqrt()).clamp(-1.0, 1.0)
            }
        })
    }

    /// Regression of `t` on `u`: `t = slope u + tau z`, `z` standard normal and independent of `u`.
    pub(super) fn regression(&self) -> (f64, f64) {
        if self.q == 0.0 {
            return (0.0, self.gap.max(0.0).sqrt());
        }
        let slope = self.cross() / self.q;
        if self.difference > 63.0 * self.q {
            // the covariance has the rounding of the larger variance, which may be more than the covariance can be
            let (sd, largest) = (self.q.sqrt(), self.q_prime().sqrt());
            let along = ((1.0 + slope) * sd).clamp(-largest, largest);
            return (along / sd - 1.0, (self.q_prime() - along * along).max(0.0).sqrt());
        }
        (slope, (self.gap - slope * self.cross()).max(0.0).sqrt())
    }
}

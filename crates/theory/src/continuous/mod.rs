//! The continuous-time network `dx/dt = -x + J phi(x)`, `J_ij ~ N(0, g^2 / n)`, at infinite width (Sompolinsky, Crisanti and Sommers,
//! Phys. Rev. Lett. 61 (1988) 259), for smooth odd `phi` without bias.
//!
//! Each neuron is driven by Gaussian noise whose autocorrelation is `g^2 E[phi phi]`, so that of `x`, `D(tau) = x(t) . x(t + tau) / n`,
//! obeys
//!
//! ```text
//! D'' = D - g^2 C(D) = -V'(D),   C(k) = E[phi(u) phi(v)],   Var u = Var v = D(0),   Cov(u, v) = k,
//! ```
//!
//! motion in a potential that depends on `D(0)`. The chaotic solution starts at rest in `D(0)` and ends at rest in 0, hence
//! `V(D(0)) = V(0)`. With `p(k) = 1 - g^2 C(k) / k` that is `int_0^D(0) k p(k) dk = 0`, which needs no primitive of `phi`. For
//! `g phi'(0) <= 1` the only solution is 0.
//!
//! `W(D) = V(0) - V(D)` vanishes linearly at `D(0)` and like `r^2 D^2 / 2` at 0, so that with `D = D(0) sech^2 s`
//!
//! ```text
//! ds / dtau = h / 2,   h^2 = 2 W / (D^2 (1 - D / D(0))),
//! ```
//!
//! and `h` is smooth and positive from `h(0) = r`, the rate at which `D` decays, to `h(D(0))`. So `tau(s)` is an integral without
//! any singularity, and no unstable equation is integrated.
//!
//! Tangents grow at the Lyapunov exponent `lambda = -1 + sqrt(1 - E_0)`, `E_0` the ground state of `-d^2/dtau^2 + 1 - g^2 C'(D(tau))`
//! (same paper). `D'(tau)` is its solution of energy 0 with one node, so `E_0 < 0` and the motion is chaotic. Below the transition the
//! potential is constant and `lambda = -1 + g phi'(0)`.

mod profile;
#[cfg(test)]
mod tests;

use super::TheoryError;
use super::overlap::{overlap, overlap_slope};
use neurodyn_model::Activation;
use neurodyn_numerics::elementary::{cos, exp, ln};
use neurodyn_numerics::quadrature::{GAUSS_LEGENDRE_8, GaussLegendre, PairCovariance};
use neurodyn_numerics::roots::newton_bracketed;
use profile::Profile;
use std::f64::consts::PI;

/// Points of the integrals over `k`.
const POINTS: usize = 32;
/// Share of `D(0)` below which `C(k) / k` is the mean of `C'` up to `k`, since `C(k)` itself has only absolute accuracy.
const SMALL: f64 = 0.1;

/// Gain above which the network is chaotic, `1 / phi'(0)`.
pub fn critical_gain(activation: Activation) -> f64 {
    1.0 / activation.derivative(0.0)
}

/// Growth rate of tangents between two times after a random start, below the transition, where states have died out: that of
/// `exp(t (J - 1))`, whose mean square is `exp(-2 t) I_0(2 s t)`, `s = g phi'(0)`. It lies below its limit `s - 1` by about
/// `ln(to / from) / (4 (to - from))`, since eigenvalues of `J` fill a disc.
pub fn growth_in_time(slope: f64, from: f64, to: f64) -> f64 {
    // ln I_0(x) - x; the trapezoidal rule converges exponentially over a period
    let bessel = |x: f64| {
        let points = 64 + 8 * x.sqrt() as usize;
        let angle = |i: usize| PI * (i as f64 + 0.5) / points as f64;
        ln((0..points).map(|i| exp(x * (cos(angle(i)) - 1.0))).sum::<f64>() / points as f64)
    };
    slope - 1.0 + 0.5 * (bessel(2.0 * slope * to) - bessel(2.0 * slope * from)) / (to - from)
}

/// Whether no slope is above that at 0, as far as is seen at 4000 places; known of shipped activations.
fn is_steepest_at_0(activation: Activation) -> bool {
    let formula = matches!(activation, Activation::Formula(_));
    let steepest = activation.derivative(0.0) * (1.0 + 1e-12);
    !formula || (0..4000).all(|i| activation.derivative(1e-6 * exp(0.006 * f64::from(i))).abs() <= steepest)
}

/// The stationary state of the network.
#[derive(Debug, Clone)]
pub struct MeanField {
    variance: f64,
    decay_rate: f64,
    lyapunov: f64,
    profile: Option<Profile>,
}

impl MeanField {
    /// The stationary state at gain `g > 0`. Relative errors: `D(0)` 1e-10, `D(tau)` 1e-8 of `D(0)`; the exponent 1e-8 (tests).
    ///
    /// Fails for activations that are not odd, not smooth, not bounded, or formulas that are not steepest at 0.
    pub fn new(activation: Activation, gain: f64) -> Result<Self, TheoryError> {
        let out = |reason| Err(TheoryError::OutOfRegime { what: "the continuous-time network", reason });
        if !(activation.is_odd() && activation.is_smooth() && activation.bound().is_some()) {
            return out("the activation is not odd, smooth and bounded");
        }
        if !is_steepest_at_0(activation) {
            return out("the activation is not steepest at 0, so that there may be other states");
        }
        if !(gain > 0.0 && gain.is_finite()) {
            return out("the gain is not a positive number");
        }
        let slope = gain * activation.derivative(0.0);
        if slope <= 1.0 {
            // all eigenvalues of J are within a disc of this radius
            return Ok(Self { variance: 0.0, decay_rate: 1.0 - slope, lyapunov: slope - 1.0, profile: None });
        }
        let variance = variance(activation, gain)?;
        let kernel = Kernel { activation, square: gain * gain, variance };
        let profile = Profile::new(&kernel);
        let lyapunov = profile.lyapunov_exponent()?;
        Ok(Self { variance, decay_rate: profile.decay_rate(), lyapunov, profile: Some(profile) })
    }

    /// `D(0)`, the mean of `x^2`; 0 up to the critical gain.
    pub fn variance(&self) -> f64 {
        self.variance
    }

    /// `D(tau)`, for any `tau`.
    pub fn autocorrelation(&self, tau: f64) -> f64 {
        self.profile.as_ref().map_or(0.0, |profile| self.variance * profile.share(tau.abs()))
    }

    /// Rate `r = sqrt(1 - g^2 E[phi']^2)` of `D(tau) ~ exp(-r tau)`; below the transition that of the slowest mode, `1 - g phi'(0)`.
    pub fn decay_rate(&self) -> f64 {
        self.decay_rate
    }

    /// Largest Lyapunov exponent, per unit of time.
    pub fn lyapunov_exponent(&self) -> f64 {
        self.lyapunov
    }
}

/// `C`, `C'` and `p` at one `D(0)`.
struct Kernel {
    activation: Activation,
    square: f64,
    variance: f64,
}

impl Kernel {
    fn law(&self, k: f64) -> PairCovariance {
        PairCovariance { q: self.variance, difference: 0.0, gap: 2.0 * (self.variance - k).max(0.0) }
    }

    /// `p(k) = 1 - g^2 C(k) / k`.
    fn deficit(&self, k: f64) -> f64 {
        if k > SMALL * self.variance {
            return 1.0 - self.square * overlap(self.activation, &self.law(k)) / k;
        }
        let mut mean = 0.0;
        for (x, weight) in GAUSS_LEGENDRE_8 {
            // the slope is even in k, so one half of the rule on (-k, k) is enough
            mean += weight * overlap_slope(self.activation, &self.law(k * x));
        }
        1.0 - self.square * mean
    }

    /// `1 - g^2 C'(k)`, the potential in which tangents live.
    fn well(&self, k: f64) -> f64 {
        1.0 - self.square * overlap_slope(self.activation, &self.law(k))
    }

    /// `h^2` at `D = share D(0)`.
    fn speed_square(&self, share: f64, rule: &GaussLegendre) -> f64 {
        let from = share * self.variance;
        if share < 0.5 {
            return 2.0 * mean(rule, |at| at * self.deficit(at * from)) / (1.0 - share);
        }
        let mean = mean(rule, |at| {
            let k = from + (self.variance - from) * at;
            k * self.deficit(k)
        });
        -2.0 * self.variance * mean / (from * from)
    }
}

/// `int_0^1 f(1 - y^2) 2 y dy`, the mean of `f` over `(0, 1)`: at variances far above 1 `C` ends nearly in a square root at `D(0)`.
fn mean(rule: &GaussLegendre, f: impl Fn(f64) -> f64) -> f64 {
    let nodes = rule.nodes.iter().zip(&rule.weights);
    nodes
        .map(|(x, weight)| {
            let y = 0.5 * (1.0 + x);
            weight * y * f((1.0 - y) * (1.0 + y))
        })
        .sum()
}

/// `D(0)`: the root of `int_0^1 s p(s D(0)) ds`, which grows with `D(0)` from `(1 - g^2 phi'(0)^2) / 2 < 0`.
fn variance(activation: Activation, gain: f64) -> Result<f64, TheoryError> {
    let rule = GaussLegendre::new(POINTS);
    let square = gain * gain;
    let mean = |variance: f64| {
        let kernel = Kernel { activation, square, variance };
        mean(&rule, |at| at * kernel.deficit(at * variance))
    };
    let bound = activation.bound().unwrap_or(1.0);
    // C < bound^2 everywhere, so V(D(0)) < V(0) beyond 2 g^2 bound^2
    let (mut low, high) = (2.0 * square * bound * bound, 2.0 * square * bound * bound);
    while mean(low) > 0.0 {
        low *= 0.5;
        if low < 1e-14 {
            let reason = "the gain is so near to the critical one that the variance is lost in rounding";
            return Err(TheoryError::OutOfRegime { what: "the variance", reason });
        }
    }
    // by its own curvature: the slope by a difference is good enough for Newton steps, which are checked by the bracket
    let root = newton_bracketed(low, (2.0 * low).min(high), 1.5 * low, |variance| {
        let (here, step) = (mean(variance), 1e-5 * variance);
        (-here, (mean(variance - step) - mean(variance + step)) / (2.0 * step))
    });
    root.map(|root| root.x).map_err(|source| TheoryError::NoConvergence { what: "the variance", source })
}

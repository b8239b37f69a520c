//! Gaussian integrals of hidden units, `phi(u) = erf(u / sqrt 2)`, `x ~ N(0, I_N)`, in closed form (Saad and Solla 1995 for `I_2`).
//!
//! `D = (1 + a.a)(1 + b.b) - (a.b)^2` is formed as `1 + a.a + b.b + |a|^2 |b_perp|^2`, without cancellation.

use neurodyn_numerics::elementary::atan2;
use neurodyn_numerics::sum::dot;
use std::f64::consts::FRAC_2_PI;

/// Products of two weight vectors.
#[derive(Debug, Clone, Copy)]
pub(super) struct Products {
    aa: f64,
    bb: f64,
    ab: f64,
    d: f64,
}

impl Products {
    pub fn of(a: &[f64], b: &[f64]) -> Self {
        let (aa, bb, ab) = (dot(a, a), dot(b, b), dot(a, b));
        let share = if aa > 0.0 { ab / aa } else { 0.0 };
        let across: f64 = a.iter().zip(b).map(|(a, b)| (b - share * a) * (b - share * a)).sum();
        Self { aa, bb, ab, d: 1.0 + aa + bb + aa * across }
    }

    /// `E[phi(a.x) phi(b.x)] = (2/pi) asin(a.b / sqrt((1 + a.a)(1 + b.b)))`.
    pub fn overlap(&self) -> f64 {
        FRAC_2_PI * atan2(self.ab, self.d.sqrt())
    }

    /// `V(a, b) = E[phi'(a.x) phi(b.x) x] = (2/pi) D^(-1/2) (b - a.b / (1 + a.a) a)`.
    pub fn slope(&self, a: &[f64], b: &[f64]) -> Vec<f64> {
        let (front, share) = (FRAC_2_PI / self.d.sqrt(), self.ab / (1.0 + self.aa));
        a.iter().zip(b).map(|(a, b)| front * (b - share * a)).collect()
    }

    /// Entry `(r, s)` of `M(a, b) = E[phi'(a.x) phi'(b.x) x x^T]
    /// = (2/pi) D^(-1/2) [I - ((1 + b.b) a a^T + (1 + a.a) b b^T - a.b (a b^T + b a^T)) / D]`.
    pub fn slopes(&self, a: &[f64], b: &[f64], r: usize, s: usize) -> f64 {
        let outer =
            (1.0 + self.bb) * a[r] * a[s] + (1.0 + self.aa) * b[r] * b[s] - self.ab * (a[r] * b[s] + b[r] * a[s]);
        FRAC_2_PI / self.d.sqrt() * (unit(r, s) - outer / self.d)
    }

    /// Entry `(r, s)` of `H(a, b) = d V(a, b)_r / d a_s = E[phi''(a.x) phi(b.x) x x^T]`.
    pub fn bend(&self, a: &[f64], b: &[f64], r: usize, s: usize) -> f64 {
        let Self { aa, bb, ab, d } = *self;
        let p = 1.0 + aa;
        // derivative of D^(-1/2), and of the bracket
        let front = -(a[s] * (1.0 + bb) - ab * b[s]) / d * (b[r] - ab / p * a[r]);
        let bracket = -b[s] * a[r] / p + 2.0 * ab * a[s] * a[r] / (p * p) - ab / p * unit(r, s);
        FRAC_2_PI / d.sqrt() * (front + bracket)
    }
}

fn unit(r: usize, s: usize) -> f64 {
    f64::from(u8::from(r == s))
}

//! The shape of `D(tau)` in the variable `s`, `D = D(0) sech^2 s`, and the ground state of the tangents in it.

use super::{Kernel, POINTS};
use crate::TheoryError;
use neurodyn_numerics::elementary::{cos, exp, tanh};
use neurodyn_numerics::quadrature::{GAUSS_LEGENDRE_8, GaussLegendre};
use neurodyn_numerics::roots::newton_bracketed;

/// Degree of the interpolation in `tanh s = sqrt(1 - D / D(0))`, in which square roots at `D(0)` are smooth.
const DEGREE: usize = 40;
/// Cells of `s` in one unit.
const CELLS: usize = 128;
/// Largest `s`: `D` is then below rounding.
const FAR: usize = 18;

/// Speed and well over the way from `D(0)` to 0.
#[derive(Debug, Clone)]
pub(super) struct Profile {
    speed: Chebyshev,
    well: Chebyshev,
    /// `tau` at the ends of the cells.
    times: Vec<f64>,
}

impl Profile {
    pub(super) fn new(kernel: &Kernel) -> Self {
        let rule = GaussLegendre::new(POINTS);
        let speed = Chebyshev::new(|tanh| kernel.speed_square(1.0 - tanh * tanh, &rule).max(0.0).sqrt());
        let well = Chebyshev::new(|tanh| kernel.well((1.0 - tanh * tanh) * kernel.variance));
        let mut profile = Self { speed, well, times: vec![0.0] };
        let width = 1.0 / CELLS as f64;
        let mut time = 0.0;
        for cell in 0..CELLS * FAR {
            time += profile.time(cell as f64 * width, width);
            profile.times.push(time);
        }
        profile
    }

    /// Time from `s` to `s + width`.
    fn time(&self, s: f64, width: f64) -> f64 {
        let mut sum = 0.0;
        for (x, weight) in GAUSS_LEGENDRE_8 {
            for x in [-x, x] {
                sum += weight / self.speed.at(tanh(s + 0.5 * width * (1.0 + x)));
            }
        }
        width * sum
    }

    /// Rate of decay, `h(0)`.
    pub(super) fn decay_rate(&self) -> f64 {
        self.speed.at(1.0)
    }

    /// `D(tau) / D(0)`.
    pub(super) fn share(&self, tau: f64) -> f64 {
        let last = self.times.len() - 1;
        if tau >= self.times[last] {
            return share(FAR as f64) * exp(-self.decay_rate() * (tau - self.times[last]));
        }
        // what is no number is in no cell, and stays none
        let cell = self.times.partition_point(|time| *time <= tau).saturating_sub(1);
        let start = cell as f64 / CELLS as f64;
        let mut s = start + 0.5 * (tau - self.times[cell]) * self.speed.at(tanh(start));
        // the speed hardly changes in a cell, so each step gains many digits
        for _ in 0..4 {
            let missing = tau - self.times[cell] - self.time(start, s - start);
            s += 0.5 * missing * self.speed.at(tanh(s));
        }
        share(s)
    }

    /// `-1 + sqrt(1 - E_0)`.
    pub(super) fn lyapunov_exponent(&self) -> Result<f64, TheoryError> {
        let places = (0..=2 * CELLS * FAR).map(|i| tanh(i as f64 / (2 * CELLS) as f64));
        let fields: Vec<(f64, f64)> = places.map(|place| (2.0 / self.speed.at(place), self.well.at(place))).collect();
        let floor = self.well.at(0.0);
        // the state of energy 0 has a node, so the ground state lies below; at the floor of the well there is none
        let root = newton_bracketed(floor, 0.0, 0.5 * floor, |energy| match slope_at_the_middle(&fields, energy) {
            Some((slope, derivative)) => (-slope, -derivative),
            None => (-f64::MAX, f64::MIN_POSITIVE),
        });
        match root {
            Ok(root) => Ok(-1.0 + (1.0 - root.x).sqrt()),
            Err(source) => Err(TheoryError::NoConvergence { what: "the Lyapunov exponent", source }),
        }
    }
}

/// `psi' / psi` at `tau = 0` of the solution that decays at infinity, and its derivative in the energy, by the Riccati equation
/// `w' = U - E - w^2` integrated inwards, where it is stable (Runge and Kutta, fourth order). 0 at the ground state, which is even. None
/// where the solution has a node, for energies too high.
fn slope_at_the_middle(fields: &[(f64, f64)], energy: f64) -> Option<(f64, f64)> {
    let last = fields.len() - 1;
    let end = -(fields[last].1 - energy).sqrt();
    let (mut w, mut z) = (end, -0.5 / end);
    let step = -1.0 / CELLS as f64;
    let slopes =
        |(scale, well): (f64, f64), w: f64, z: f64| (scale * (well - energy - w * w), scale * (-1.0 - 2.0 * w * z));
    for at in (2..=last).rev().step_by(2) {
        let (a, b) = slopes(fields[at], w, z);
        let (c, d) = slopes(fields[at - 1], w + 0.5 * step * a, z + 0.5 * step * b);
        let (e, f) = slopes(fields[at - 1], w + 0.5 * step * c, z + 0.5 * step * d);
        let (g, h) = slopes(fields[at - 2], w + step * e, z + step * f);
        w += step / 6.0 * (a + 2.0 * (c + e) + g);
        z += step / 6.0 * (b + 2.0 * (d + f) + h);
        if !(w.abs() < 1e6) {
            return None;
        }
    }
    Some((w, z))
}

/// `sech^2 s`.
fn share(s: f64) -> f64 {
    let e = exp(-2.0 * s);
    4.0 * e / ((1.0 + e) * (1.0 + e))
}

/// A function on `[0, 1]` by its values at the extrema of a Chebyshev polynomial (barycentric interpolation).
#[derive(Debug, Clone)]
struct Chebyshev {
    nodes: Vec<f64>,
    values: Vec<f64>,
}

impl Chebyshev {
    fn new(f: impl Fn(f64) -> f64) -> Self {
        let node = |j: usize| match j {
            0 => 0.0,
            DEGREE => 1.0,
            _ => 0.5 - 0.5 * cos(std::f64::consts::PI * j as f64 / DEGREE as f64),
        };
        let nodes: Vec<f64> = (0..=DEGREE).map(node).collect();
        let values = nodes.iter().map(|x| f(*x)).collect();
        Self { nodes, values }
    }

    fn at(&self, x: f64) -> f64 {
        let (mut above, mut below) = (0.0, 0.0);
        for (j, (node, value)) in self.nodes.iter().zip(&self.values).enumerate() {
            if x == *node {
                return *value;
            }
            let size = if j == 0 || j == DEGREE { 0.5 } else { 1.0 };
            let weight = if j % 2 == 0 { size } else { -size } / (x - node);
            above += weight * value;
            below += weight;
        }
        above / below
    }
}

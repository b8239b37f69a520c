//! What theory needs to know of a formula, found by looking at its values.

use super::breaks::{Break, Broken, MOST, breaks};
use super::program::Program;
use crate::activation::shared::kinks;
use crate::activation::{Activation, PairLaw, Parity};
use neurodyn_numerics::quadrature::{PairCovariance, Pieces};

/// How an activation grows with `|u|`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Growth {
    /// Never above this in size.
    Bounded(f64),
    /// Near the lines `fall u` far down and `rise u` far up, or below any line where both are 0.
    Lines {
        /// Slope far down.
        fall: f64,
        /// Slope far up.
        rise: f64,
    },
    /// Above every line.
    Faster,
}

/// `fall u` below 0, `rise u` above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rays {
    fall: f64,
    rise: f64,
}

impl Rays {
    /// `(fall^2 + rise^2) / 2`.
    pub fn mean_square(&self) -> f64 {
        0.5 * (self.fall * self.fall + self.rise * self.rise)
    }

    /// `E[phi^(order)^2]`.
    pub fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        match order {
            0 => Some(self.mean_square() * q),
            1 => Some(self.mean_square()),
            _ => None,
        }
    }

    /// With `k = rise - fall`, `phi(u) = fall u + k max(u, 0)`, and `E[max(u, 0) v] = E[u v] / 2`.
    fn of(&self, identity: f64, kink: f64) -> f64 {
        let step = self.rise - self.fall;
        self.fall * self.rise * identity + step * step * kink
    }

    /// `E[phi(u) phi(v)]`.
    pub fn overlap(&self, law: &PairLaw) -> f64 {
        self.of(law.k, kinks::overlap(law))
    }

    /// `E[phi'(u) phi'(v)]`.
    pub fn overlap_slope(&self, law: &PairLaw) -> f64 {
        self.of(1.0, kinks::both_above(law))
    }

    /// `E[(phi(v) - phi(u))^2]`.
    pub fn squared_difference(&self, law: &PairCovariance) -> f64 {
        self.of(law.gap, kinks::squared_difference(&PairLaw::of(law)))
    }
}

/// All that is found.
#[derive(Debug)]
pub struct Facts {
    /// Where it is not smooth, ascending.
    pub breaks: &'static [Break],
    /// How many of `phi, phi', ...` are continuous; all where nothing breaks.
    pub continuous: usize,
    pub parity: Parity,
    pub growth: Growth,
    /// What it is where it is homogeneous.
    pub rays: Option<Rays>,
    /// Where quadrature resolves it.
    pub pieces: &'static Pieces,
}

impl Facts {
    /// The facts, or the reason why theory cannot take this formula, as a phrase after "the activation ...".
    pub fn of(program: &Program, breaks: Vec<Break>) -> Result<Self, String> {
        for u in test_points().chain([0.0]) {
            let value = program.value(u);
            if u.abs() <= NEAR && !value.is_finite() {
                return Err(format!("is {value} at u = {u}; it must be finite, at least up to |u| = {NEAR}"));
            }
        }
        let continuous = breaks.iter().map(Break::continuous).min().unwrap_or(usize::MAX);
        let places: Vec<f64> = breaks.iter().map(|one| one.at).collect();
        let evaluate = |nodes: &[f64], values: &mut [[f64; 3]]| {
            program.series::<3>(nodes, |first, count, [value, slope, half]| {
                for n in 0..count {
                    values[first + n] = [value[n], slope[n], 2.0 * half[n]];
                }
            });
        };
        let pieces = Pieces::resolve(&places, evaluate).map_err(|unresolved| unresolved.to_string())?;
        Ok(Self {
            continuous,
            parity: parity(program),
            growth: growth(program)?,
            rays: rays(program, &breaks),
            pieces: Box::leak(Box::new(pieces)),
            breaks: breaks.leak(),
        })
    }
}

/// Its breaks, or why they cannot be given, as a phrase likewise.
pub fn few_breaks(program: &Program) -> Result<Vec<Break>, String> {
    breaks(program).map_err(|Broken::TooMany| format!("has kinks or jumps at more than {MOST} places"))
}

/// A formula must be finite so far.
const NEAR: f64 = 12.0;

/// Points of both signs and of all sizes, none of them round.
fn test_points() -> impl Iterator<Item = f64> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    (0..240).flat_map(|i| {
        let fraction = (f64::from(i) * GOLDEN).fract();
        let size = neurodyn_numerics::elementary::exp(-14.0 + 17.0 * fraction + 0.01 * f64::from(i % 7));
        [size, -size]
    })
}

/// By values at 240 points and their opposites, to 8 units in the last place.
fn parity(program: &Program) -> Parity {
    let same = |sign: f64| {
        test_points().filter(|u| *u > 0.0).all(|u| {
            let (up, down) = (program.value(u), program.value(-u));
            !(up.is_finite() && down.is_finite()) || (up - sign * down).abs() <= 8.0 * f64::EPSILON * up.abs()
        })
    };
    match (same(-1.0), same(1.0)) {
        (true, false) => Parity::Odd,
        (false, true) => Parity::Even,
        _ => Parity::None,
    }
}

/// `phi(u) / u` is one number on each side.
fn rays(program: &Program, breaks: &[Break]) -> Option<Rays> {
    let sides = [-1.0, 1.0].map(|side| program.value(side) * side);
    let homogeneous = breaks.iter().all(|one| one.at == 0.0 && one.jumps[2..].iter().all(|jump| *jump == 0.0))
        && program.value(0.0) == 0.0
        && test_points().all(|u| {
            let slope = if u > 0.0 { sides[1] } else { sides[0] };
            (program.value(u) - slope * u).abs() <= 4.0 * f64::EPSILON * (slope * u).abs()
        });
    homogeneous.then_some(Rays { fall: sides[0], rise: sides[1] })
}

/// By values at 64 places between `2^k` and `2^(k+1)` of either sign, for `k` 29 and 39.
fn growth(program: &Program) -> Result<Growth, String> {
    const FAR: [i32; 2] = [29, 39];
    let mut lines = [0.0; 2];
    let (mut bounded, mut faster) = (true, false);
    for (line, side) in lines.iter_mut().zip([-1.0, 1.0]) {
        let places = |power: i32| (0..64).map(move |i| side * f64::exp2_exact(power) * (1.0 + f64::from(i) / 64.0));
        let [near, far] = FAR.map(|power| places(power).map(|u| program.value(u).abs()).fold(0.0, nan_or_larger));
        if !(near.is_finite() && far.is_finite()) {
            (bounded, faster) = (false, true);
            continue;
        }
        // over ten octaves a logarithm grows by a third
        bounded &= far <= 1.001 * near || far < 1e-6;
        let ratio = far / (near * 1024.0);
        if far > 0.0 && ratio > 1.01 {
            faster = true;
        } else if ratio > 0.99 {
            let squares: f64 = places(FAR[1]).map(|u| program.value(u) / u).map(|slope| slope * slope).sum();
            let last = side * f64::exp2_exact(FAR[1]);
            let steep = (program.value(2.0 * last) - program.value(last)) / last;
            let slope = program.value(last) / last;
            // without the rest of a constant
            let slope = if (steep - slope).abs() <= 1e-9 * slope.abs() { steep } else { slope };
            let mean = (squares / 64.0).sqrt();
            // what swings with `|u|` has the mean of its squared slopes
            *line = if (mean - slope.abs()).abs() < 1e-6 * mean { slope } else { mean };
        }
    }
    if faster {
        return check_moments(program);
    }
    if !bounded {
        return Ok(Growth::Lines { fall: lines[0], rise: lines[1] });
    }
    let largest = test_points().chain([-1e6, 1e6, -1e12, 1e12]).map(|u| program.value(u).abs()).fold(0.0, f64::max);
    let middle = (-4000..=4000).map(|i| program.value(f64::from(i) * 0.005).abs()).fold(largest, f64::max);
    // an upper bound: the largest of many values, and 1 % more
    Ok(Growth::Bounded(1.01 * middle))
}

/// The larger, or NaN.
fn nan_or_larger(a: f64, b: f64) -> f64 {
    if a.is_nan() || b.is_nan() { f64::NAN } else { a.max(b) }
}

/// What grows like `exp(c u^2)` or faster has no moments from some variance on.
fn check_moments(program: &Program) -> Result<Growth, String> {
    for side in [-1.0, 1.0] {
        let log = |u: f64| neurodyn_numerics::elementary::ln(program.value(side * u).abs().max(1e-300));
        let rates = [8.0, 16.0].map(|u| (log(2.0 * u) - log(u)) / (3.0 * u * u));
        if !rates[1].is_finite() || (rates[1] > 1e-3 && rates[1] > 0.7 * rates[0]) {
            let direction = if side > 0.0 { "up" } else { "down" };
            return Err(format!(
                "grows too fast far {direction}: like exp(u^2) or faster, so that its Gaussian moments do not exist"
            ));
        }
    }
    Ok(Growth::Faster)
}

/// The shipped activation that has the same breaks, values and derivatives. Where nothing breaks both are analytic, so they agree everywhere.
pub fn shipped(program: &Program, breaks: &[Break]) -> Option<Activation> {
    let places: Vec<f64> = breaks.iter().map(|one| one.at).collect();
    let same = |activation: &&Activation| {
        let kinks: &[f64] = if activation.is_smooth() { &[] } else { &[0.0] };
        places == kinks
            && test_points().filter(|u| u.abs() < 20.0).all(|u| {
                let (found, known) = (program.jet(u), activation.jet(u));
                (0..3).all(|k| {
                    (found[k] - known[k]).abs() <= 64.0 * f64::EPSILON * (1.0 + u * u) * (1.0 + known[k].abs())
                })
            })
    };
    Activation::ALL.iter().find(same).copied()
}

/// Powers of two.
trait Exact {
    fn exp2_exact(power: i32) -> f64;
}

impl Exact for f64 {
    fn exp2_exact(power: i32) -> f64 {
        f64::from_bits(((1023 + i64::from(power)) as u64) << 52)
    }
}

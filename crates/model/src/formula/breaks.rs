//! Where a formula is not smooth: the points where one of its branches ends, and what jumps there.

use super::instruction::{Binary, Function, Instruction};
use super::program::Program;
use super::series::{self, Series};
use crate::activation::ORDERS;

/// A point where `phi` or one of its derivatives jumps.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Break {
    /// Where.
    pub at: f64,
    /// What is added there to `phi`, `phi'`, ..., the fifth derivative; not finite where a derivative diverges.
    pub jumps: [f64; ORDERS],
    /// What `phi` and its derivatives are just below.
    pub below: [f64; ORDERS],
}

impl Break {
    /// How many of `phi, phi', ...` are continuous here.
    pub fn continuous(&self) -> usize {
        self.jumps.iter().take_while(|jump| **jump == 0.0).count()
    }

    /// What they are just above, with jumps that are rounding left out.
    pub fn above(&self) -> [f64; ORDERS] {
        std::array::from_fn(|k| self.below[k] + self.jumps[k])
    }
}

/// Most breaks of a formula.
pub const MOST: usize = 64;

/// Why breaks cannot be given.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Broken {
    /// More than [`MOST`].
    TooMany,
}

/// Every break up to `|u| = 1e6`, ascending. Branches end where an argument of `abs`, `sign` or a root is 0, or two arguments of `min`, `max` or a
/// comparison are equal: for straight lines that is solved, for others it is found by signs on 4000 points and bisection to the last bit.
pub fn breaks(program: &Program) -> Result<Vec<Break>, Broken> {
    let mut places: Vec<f64> = Vec::new();
    for instruction in program.instructions() {
        match *instruction {
            Instruction::Unary(Function::Abs | Function::Sign | Function::Sqrt | Function::Ln, a)
            | Instruction::RealPower(a, _) => roots(program, a, &mut places)?,
            Instruction::Binary(Binary::Min | Binary::Max | Binary::Less | Binary::LessOrEqual, a, b) => {
                equal(program, a, b, &mut places)?;
            }
            Instruction::Binary(Binary::Divide, _, b) => roots(program, b, &mut places)?,
            _ => {}
        }
    }
    places.sort_by(f64::total_cmp);
    places.dedup_by(|b, a| (*b - *a).abs() <= 1e-12 * a.abs().max(b.abs()).max(1e-3));
    let found = places.into_iter().map(|at| {
        let (below, above) = (derivatives(program, at, -1.0), derivatives(program, at, 1.0));
        Break { at, jumps: jumps(&below, &above), below }
    });
    Ok(found.filter(|one| one.continuous() < ORDERS).collect())
}

/// `a + b u`, if an operation is that.
fn line(program: &Program, place: usize) -> Option<(f64, f64)> {
    let of = |place: usize| line(program, place);
    match program.instructions()[place] {
        Instruction::Variable => Some((0.0, 1.0)),
        Instruction::Constant(value) => Some((value, 0.0)),
        Instruction::Unary(Function::Negative, a) => of(a).map(|(c, s)| (-c, -s)),
        Instruction::Binary(Binary::Add, a, b) => of(a).zip(of(b)).map(|((c, s), (d, t))| (c + d, s + t)),
        Instruction::Binary(Binary::Subtract, a, b) => of(a).zip(of(b)).map(|((c, s), (d, t))| (c - d, s - t)),
        Instruction::Binary(Binary::Multiply, a, b) => match (of(a)?, of(b)?) {
            ((c, 0.0), (d, t)) => Some((c * d, c * t)),
            ((c, s), (d, 0.0)) => Some((c * d, s * d)),
            _ => None,
        },
        Instruction::Binary(Binary::Divide, a, b) => match (of(a)?, of(b)?) {
            ((c, s), (d, 0.0)) => Some((c / d, s / d)),
            _ => None,
        },
        _ => None,
    }
}

/// Where an operation is 0, also where it only touches 0.
fn roots(program: &Program, place: usize, found: &mut Vec<f64>) -> Result<(), Broken> {
    match program.instructions()[place] {
        Instruction::Unary(Function::Abs | Function::Sqrt | Function::Negative, a)
        | Instruction::Power(a, _)
        | Instruction::RealPower(a, _) => roots(program, a, found),
        Instruction::Binary(Binary::Multiply, a, b) => {
            roots(program, a, found)?;
            roots(program, b, found)
        }
        Instruction::Constant(_) => Ok(()),
        _ => match line(program, place) {
            Some((constant, slope)) => add(found, [-constant / slope]),
            None => add(found, crossings(|u| program.results::<1>(u)[place][0])),
        },
    }
}

/// Where two operations are equal.
fn equal(program: &Program, a: usize, b: usize, found: &mut Vec<f64>) -> Result<(), Broken> {
    match (line(program, a), line(program, b)) {
        (Some((c, s)), Some((d, t))) => add(found, [(d - c) / (s - t)]),
        _ => add(
            found,
            crossings(|u| {
                let results = program.results::<1>(u);
                results[a][0] - results[b][0]
            }),
        ),
    }
}

fn add(found: &mut Vec<f64>, places: impl IntoIterator<Item = f64>) -> Result<(), Broken> {
    found.extend(places.into_iter().filter(|place| place.is_finite()).map(|place| place + 0.0));
    if found.len() > 4 * MOST { Err(Broken::TooMany) } else { Ok(()) }
}

/// Changes of sign of `f`.
fn crossings(f: impl Fn(f64) -> f64) -> Vec<f64> {
    const HALF: i32 = 2000;
    const REACH: f64 = 1e6;
    // u = sinh(x) / 50 resolves 1e-4 near 0 and 0.7 % far out
    let rate = neurodyn_numerics::elementary::asinh(50.0 * REACH) / f64::from(HALF);
    let place = |i: i32| series::sinh(f64::from(i) * rate) / 50.0;
    let mut found = Vec::new();
    // the last place that is not 0, and how many after it are
    let (mut before, mut value, mut zeros) = (place(-HALF), f(place(-HALF)), 0);
    for i in 1 - HALF..=HALF {
        let (next, next_value) = (place(i), f(place(i)));
        if next_value == 0.0 && value != 0.0 {
            zeros += 1;
            if zeros == 2 {
                // 0 from here on: where that begins
                found.push(bisected(|u| if f(u) == 0.0 { 1.0 } else { -1.0 }, before, place(i - 1), true));
            }
            continue;
        }
        match zeros {
            0 if value == 0.0 && next_value != 0.0 => {
                found.push(bisected(|u| if f(u) == 0.0 { -1.0 } else { 1.0 }, before, next, true));
            }
            0 if value * next_value < 0.0 => found.push(bisected(&f, before, next, value < 0.0)),
            0 => {}
            1 => found.push(place(i - 1)),
            _ => found.push(bisected(|u| if f(u) == 0.0 { -1.0 } else { 1.0 }, place(i - 1), next, true)),
        }
        (before, value, zeros) = (next, next_value, 0);
    }
    found
}

/// The change of sign in a bracket, to the last bit.
fn bisected(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64, rises: bool) -> f64 {
    for _ in 0..1100 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        let value = f(middle);
        if value == 0.0 {
            return middle;
        }
        if (value < 0.0) == rises { low = middle } else { high = middle }
    }
    if f(low).abs() < f(high).abs() { low } else { high }
}

/// What `phi` and its derivatives jump by; 0 where that is rounding.
fn jumps(below: &[f64; ORDERS], above: &[f64; ORDERS]) -> [f64; ORDERS] {
    std::array::from_fn(|k| {
        let (jump, size) = (above[k] - below[k], below[k].abs().max(above[k].abs()));
        if jump.abs() <= 1e-9 * size.max(1e-6) { 0.0 } else { jump }
    })
}

/// `phi` and its derivatives at `at` from one side.
fn derivatives(program: &Program, at: f64, side: f64) -> [f64; ORDERS] {
    let coefficients = beside(program, at, side);
    let mut factorial = 1.0;
    std::array::from_fn(|k| {
        factorial *= if k == 0 { 1.0 } else { k as f64 };
        coefficients[k] * factorial
    })
}

/// The Taylor coefficients at `at` from one side.
pub fn beside(program: &Program, at: f64, side: f64) -> Series<ORDERS> {
    let mut results: Vec<Series<ORDERS>> = Vec::with_capacity(program.instructions().len());
    for instruction in program.instructions() {
        let of = |place: usize| results[place];
        let number = |truth: bool| [if truth { 1.0 } else { 0.0 }, 0.0, 0.0, 0.0, 0.0, 0.0];
        let order = |a: &Series<ORDERS>, b: &Series<ORDERS>| {
            let difference: Series<ORDERS> = std::array::from_fn(|k| a[k] - b[k]);
            sign_beside(&difference, a[0].abs() + b[0].abs(), at, side)
        };
        let result = match *instruction {
            Instruction::Variable => [at, 1.0, 0.0, 0.0, 0.0, 0.0],
            Instruction::Constant(value) => [value, 0.0, 0.0, 0.0, 0.0, 0.0],
            Instruction::Unary(Function::Abs, a) => {
                let sign = sign_beside(&of(a), of(a)[0].abs(), at, side);
                of(a).map(|value| sign * value)
            }
            Instruction::Unary(Function::Sign, a) => {
                [sign_beside(&of(a), of(a)[0].abs(), at, side), 0.0, 0.0, 0.0, 0.0, 0.0]
            }
            Instruction::Unary(function, a) => function.series::<ORDERS, false>(&of(a)),
            Instruction::Binary(Binary::Min, a, b) => {
                if order(&of(a), &of(b)) < 0.0 {
                    of(a)
                } else {
                    of(b)
                }
            }
            Instruction::Binary(Binary::Max, a, b) => {
                if order(&of(a), &of(b)) > 0.0 {
                    of(a)
                } else {
                    of(b)
                }
            }
            Instruction::Binary(Binary::Less, a, b) => number(order(&of(a), &of(b)) < 0.0),
            Instruction::Binary(Binary::LessOrEqual, a, b) => number(order(&of(a), &of(b)) <= 0.0),
            Instruction::Binary(binary, a, b) => binary.series(&of(a), &of(b)),
            Instruction::Power(a, exponent) => series::power(&of(a), exponent),
            Instruction::RealPower(a, exponent) => series::real_power(&of(a), exponent),
            Instruction::Where(condition, yes, no) => {
                if of(condition)[0] != 0.0 {
                    of(yes)
                } else {
                    of(no)
                }
            }
        };
        results.push(result);
    }
    results.last().copied().unwrap_or_default()
}

/// The sign just beside a point of what is 0 there to rounding.
fn sign_beside(series: &Series<ORDERS>, size: f64, at: f64, side: f64) -> f64 {
    const ROUNDING: f64 = 1e-9;
    let scale = size + (series[1] * at).abs();
    if series[0].abs() > ROUNDING * scale {
        return series::sign(series[0]);
    }
    let mut direction = 1.0;
    for coefficient in &series[1..] {
        direction *= side;
        if coefficient.abs() > 1e-12 {
            return direction * series::sign(*coefficient);
        }
    }
    0.0
}

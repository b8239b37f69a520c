//! A formula as a fixed list of operations, each a loop over a tile of neurons.

use super::instruction::{Binary, Function, Instruction};
use super::{difference, series};
use crate::activation::{Jet, ORDERS};
use neurodyn_numerics::elementary::SIN_COS_LIMIT;
use neurodyn_numerics::simd::{Kernel, dispatch};
use std::cell::Cell;

/// Most operations of a formula.
pub const MOST: usize = 256;

/// Neurons that go through the list together.
pub const TILE: usize = 64;

/// The operations in order; the last gives `phi`.
#[derive(Debug, Clone, PartialEq)]
pub struct Program {
    instructions: Vec<Instruction>,
}

/// Expands to a loop for each function, so that none chooses inside.
macro_rules! each_function {
    ($function:expr, |$constant:ident| $body:expr) => {
        each_function!(@ $function, $constant, $body,
            Negative Exp Expm1 Ln Ln1p Sqrt Abs Sign Tanh Sinh Cosh Erf Erfc Sigmoid Softplus Sin Cos Atan Asinh NormalCdf NormalPdf)
    };
    (@ $function:expr, $constant:ident, $body:expr, $($name:ident)*) => {
        match $function {
            $(Function::$name => { const $constant: Function = Function::$name; $body })*
        }
    };
}

/// The same for functions of two numbers.
macro_rules! each_binary {
    ($binary:expr, |$constant:ident| $body:expr) => {
        each_binary!(@ $binary, $constant, $body, Add Subtract Multiply Divide Min Max Less LessOrEqual And Or)
    };
    (@ $binary:expr, $constant:ident, $body:expr, $($name:ident)*) => {
        match $binary {
            $(Binary::$name => { const $constant: Binary = Binary::$name; $body })*
        }
    };
}

/// `N` numbers for each neuron of a tile.
pub type Register<const N: usize, const T: usize> = [[f64; T]; N];

#[inline(always)]
fn lane<const N: usize, const T: usize>(register: &Register<N, T>, n: usize) -> [f64; N] {
    std::array::from_fn(|k| register[k][n])
}

#[inline(always)]
fn store<const N: usize, const T: usize>(register: &mut Register<N, T>, n: usize, values: [f64; N]) {
    for k in 0..N {
        register[k][n] = values[k];
    }
}

/// Whether sums of two of these are arguments of the bounded forms.
#[inline(always)]
fn all_bounded<const T: usize>(values: &[f64; T]) -> bool {
    let mut beyond = 0;
    for value in values {
        // what is not a number is beyond
        beyond += usize::from(!(value.abs() <= 0.5 * SIN_COS_LIMIT));
    }
    beyond == 0
}

/// Derivatives from Taylor coefficients.
fn derivatives(coefficients: &Jet) -> Jet {
    const FACTORIAL: [f64; ORDERS] = [1.0, 1.0, 2.0, 6.0, 24.0, 120.0];
    std::array::from_fn(|k| coefficients[k] * FACTORIAL[k])
}

impl Program {
    /// Of operations each of which takes only results of earlier ones.
    pub(super) fn new(instructions: Vec<Instruction>) -> Self {
        let earlier =
            |(place, instruction): (usize, &Instruction)| instruction.operands().all(|operand| operand < place);
        assert!(!instructions.is_empty() && instructions.iter().enumerate().all(earlier), "{instructions:?}");
        Self { instructions }
    }

    /// The operations.
    pub fn instructions(&self) -> &[Instruction] {
        &self.instructions
    }

    /// `phi` and its derivatives of order 1 to 5.
    pub fn jet(&self, u: f64) -> Jet {
        derivatives(&self.results::<ORDERS>(u).last().copied().unwrap_or_default())
    }

    /// [`Program::jet`] at many points.
    pub fn jets(&self, points: &[f64]) -> Vec<Jet> {
        let mut jets = Vec::with_capacity(points.len());
        self.series::<ORDERS>(points, |_, count, series| {
            jets.extend((0..count).map(|n| derivatives(&lane(series, n))))
        });
        jets
    }

    /// The Taylor coefficients at `u` of each operation.
    pub fn results<const N: usize>(&self, u: f64) -> Vec<[f64; N]> {
        let mut registers = vec![[[0.0; 1]; N]; self.instructions.len()];
        dispatch(Taylor { program: self, points: &[u], registers: &mut registers });
        registers.into_iter().map(|register| register.map(|[value]| value)).collect()
    }

    /// `phi(u)`.
    pub fn value(&self, u: f64) -> f64 {
        self.results::<1>(u).last().map_or(f64::NAN, |[value]| *value)
    }

    /// `phi(u + t) - phi(u)`.
    pub fn difference(&self, u: f64, t: f64) -> f64 {
        let mut registers = vec![[[0.0; 1]; 2]; self.instructions.len()];
        dispatch(Differences { program: self, points: &[u], steps: &[t], registers: &mut registers });
        registers.last().map_or(f64::NAN, |last| last[1][0])
    }

    /// The first `N` coefficients at many points, a tile after the other: `take` gets the place of the first of a tile, their number, and the
    /// coefficients.
    pub fn series<const N: usize>(&self, points: &[f64], mut take: impl FnMut(usize, usize, &Register<N, TILE>)) {
        let mut scratch = Scratch::take(N * TILE * self.instructions.len());
        let registers = scratch.registers::<N>();
        for (tile, points) in points.chunks(TILE).enumerate() {
            dispatch(Taylor { program: self, points: &padded(points), registers });
            take(TILE * tile, points.len(), &registers[registers.len() - 1]);
        }
    }

    /// `phi(u)` in place of `u`.
    pub fn values(&self, points: &mut [f64]) {
        let mut scratch = Scratch::take(TILE * self.instructions.len());
        let registers = scratch.registers::<1>();
        for points in points.chunks_mut(TILE) {
            dispatch(Taylor { program: self, points: &padded(points), registers });
            points.copy_from_slice(&registers[registers.len() - 1][0][..points.len()]);
        }
    }

    /// `phi(u + t) - phi(u)` in place of `t`.
    pub fn differences(&self, points: &[f64], steps: &mut [f64]) {
        let mut scratch = Scratch::take(2 * TILE * self.instructions.len());
        let registers = scratch.registers::<2>();
        for (points, steps) in points.chunks(TILE).zip(steps.chunks_mut(TILE)) {
            dispatch(Differences { program: self, points: &padded(points), steps: &padded(steps), registers });
            steps.copy_from_slice(&registers[registers.len() - 1][1][..steps.len()]);
        }
    }

    /// Both in place.
    pub fn values_and_differences(&self, points: &mut [f64], steps: &mut [f64]) {
        let mut scratch = Scratch::take(2 * TILE * self.instructions.len());
        let registers = scratch.registers::<2>();
        for (points, steps) in points.chunks_mut(TILE).zip(steps.chunks_mut(TILE)) {
            dispatch(Differences { program: self, points: &padded(points), steps: &padded(steps), registers });
            let [values, differences] = &registers[registers.len() - 1];
            points.copy_from_slice(&values[..points.len()]);
            steps.copy_from_slice(&differences[..steps.len()]);
        }
    }
}

/// Memory for the results of a tile, which a thread keeps from one call to the next.
struct Scratch {
    numbers: Vec<f64>,
    count: usize,
}

thread_local! {
    static KEPT: Cell<Vec<f64>> = const { Cell::new(Vec::new()) };
}

impl Scratch {
    /// So many numbers, of any value.
    fn take(count: usize) -> Self {
        let mut numbers = KEPT.take();
        if numbers.len() < count {
            numbers.resize(count, 0.0);
        }
        Self { numbers, count }
    }

    fn registers<const N: usize>(&mut self) -> &mut [Register<N, TILE>] {
        self.numbers[..self.count].as_chunks_mut::<TILE>().0.as_chunks_mut::<N>().0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        KEPT.set(std::mem::take(&mut self.numbers));
    }
}

/// A whole tile, filled up with the last point.
fn padded(points: &[f64]) -> [f64; TILE] {
    let mut tile = [points.last().copied().unwrap_or_default(); TILE];
    tile[..points.len()].copy_from_slice(points);
    tile
}

/// Taylor coefficients of every operation.
struct Taylor<'a, const N: usize, const T: usize> {
    program: &'a Program,
    points: &'a [f64; T],
    registers: &'a mut [Register<N, T>],
}

impl<const N: usize, const T: usize> Kernel for Taylor<'_, N, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (place, instruction) in self.program.instructions.iter().enumerate() {
            let (earlier, rest) = self.registers.split_at_mut(place);
            let out = &mut rest[0];
            match *instruction {
                Instruction::Variable => {
                    *out = [[0.0; T]; N];
                    out[0] = *self.points;
                    if N > 1 {
                        out[1] = [1.0; T];
                    }
                }
                Instruction::Constant(value) => {
                    *out = [[0.0; T]; N];
                    out[0] = [value; T];
                }
                Instruction::Unary(function, a) => {
                    let a = &earlier[a];
                    each_function!(function, |F| {
                        if F.has_bounded_form() && all_bounded(&a[0]) {
                            for n in 0..T {
                                store(out, n, F.series::<N, true>(&lane(a, n)));
                            }
                        } else {
                            for n in 0..T {
                                store(out, n, F.series::<N, false>(&lane(a, n)));
                            }
                        }
                    });
                }
                Instruction::Binary(binary, a, b) => {
                    let (a, b) = (&earlier[a], &earlier[b]);
                    each_binary!(binary, |F| {
                        for n in 0..T {
                            store(out, n, F.series(&lane(a, n), &lane(b, n)));
                        }
                    });
                }
                Instruction::Power(a, exponent) => {
                    let a = &earlier[a];
                    for n in 0..T {
                        store(out, n, series::power(&lane(a, n), exponent));
                    }
                }
                Instruction::RealPower(a, exponent) => {
                    let a = &earlier[a];
                    for n in 0..T {
                        store(out, n, series::real_power(&lane(a, n), exponent));
                    }
                }
                Instruction::Where(condition, yes, no) => {
                    let (condition, yes, no) = (&earlier[condition], &earlier[yes], &earlier[no]);
                    for n in 0..T {
                        store(out, n, series::branch(condition[0][n], &lane(yes, n), &lane(no, n)));
                    }
                }
            }
        }
    }
}

/// Values and differences of every operation.
struct Differences<'a, const T: usize> {
    program: &'a Program,
    points: &'a [f64; T],
    steps: &'a [f64; T],
    registers: &'a mut [Register<2, T>],
}

impl<const T: usize> Kernel for Differences<'_, T> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        for (place, instruction) in self.program.instructions.iter().enumerate() {
            let (earlier, rest) = self.registers.split_at_mut(place);
            let out = &mut rest[0];
            match *instruction {
                Instruction::Variable => *out = [*self.points, *self.steps],
                Instruction::Constant(value) => *out = [[value; T], [0.0; T]],
                Instruction::Unary(function, a) => {
                    let a = &earlier[a];
                    each_function!(function, |F| {
                        if F.has_bounded_form() && all_bounded(&a[0]) && all_bounded(&a[1]) {
                            for n in 0..T {
                                let pair = lane(a, n);
                                store(out, n, [F.value::<true>(pair[0]), F.difference::<true>(pair)]);
                            }
                        } else {
                            for n in 0..T {
                                let pair = lane(a, n);
                                store(out, n, [F.value::<false>(pair[0]), F.difference::<false>(pair)]);
                            }
                        }
                        // few and slow: one by one, after the others
                        let hard: usize = (0..T).map(|n| usize::from(F.is_hard(lane(a, n)))).sum();
                        if hard > 0 {
                            for n in 0..T {
                                if F.is_hard(lane(a, n)) {
                                    out[1][n] = F.hard_difference(lane(a, n));
                                }
                            }
                        }
                    });
                }
                Instruction::Binary(binary, a, b) => {
                    let (a, b) = (&earlier[a], &earlier[b]);
                    each_binary!(binary, |F| {
                        for n in 0..T {
                            store(out, n, F.pair(lane(a, n), lane(b, n)));
                        }
                    });
                }
                Instruction::Power(a, exponent) => {
                    let a = &earlier[a];
                    for n in 0..T {
                        store(out, n, difference::power(lane(a, n), exponent));
                    }
                }
                Instruction::RealPower(a, exponent) => {
                    let a = &earlier[a];
                    for n in 0..T {
                        store(out, n, difference::real_power(lane(a, n), exponent));
                    }
                }
                Instruction::Where(condition, yes, no) => {
                    let (condition, yes, no) = (&earlier[condition], &earlier[yes], &earlier[no]);
                    for n in 0..T {
                        store(out, n, difference::branch(lane(condition, n), lane(yes, n), lane(no, n)));
                    }
                }
            }
        }
    }
}

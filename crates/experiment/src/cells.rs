//! What a value puts into a row: one cell, or the neighbouring cells of a measured quantity. The type says whether the quantity is judged.

use crate::sampling::stderr;
use neurodyn_model::{Activation, BiasStd, Keep, WeightStd, Width};
use neurodyn_simulation::Estimate;
use neurodyn_table::{Cell, Quantity};

/// A value that fills one or more neighbouring columns.
pub trait Cells {
    /// What these columns hold.
    const QUANTITIES: &'static [Quantity];

    /// Adds its cells to a row.
    fn put(self, row: &mut Vec<Cell>);
}

macro_rules! single {
    ($($value:ty: |$it:ident| $cell:expr;)*) => {$(
        impl Cells for $value {
            const QUANTITIES: &'static [Quantity] = &[Quantity::Plain];

            fn put(self, row: &mut Vec<Cell>) {
                let $it = self;
                row.push($cell.into());
            }
        }
    )*};
}

single! {
    f64: |x| x;
    usize: |x| x;
    u64: |x| x;
    u32: |x| x;
    bool: |x| x;
    &str: |x| x;
    String: |x| x.as_str();
    Cell: |x| x;
    WeightStd: |x| x.get();
    BiasStd: |x| x.get();
    Keep: |x| x.get();
    Width: |x| x.get();
    Activation: |x| x.name();
}

/// Nothing leaves its cells empty.
impl<T: Cells> Cells for Option<T> {
    const QUANTITIES: &'static [Quantity] = T::QUANTITIES;

    fn put(self, row: &mut Vec<Cell>) {
        match self {
            Some(value) => value.put(row),
            None => row.extend(Self::QUANTITIES.iter().map(|_| Cell::Missing)),
        }
    }
}

impl<T: Cells + Copy> Cells for &T {
    const QUANTITIES: &'static [Quantity] = T::QUANTITIES;

    fn put(self, row: &mut Vec<Cell>) {
        (*self).put(row);
    }
}

/// A Monte Carlo mean with its standard error, 0 for a quantity without spread.
#[derive(Debug, Clone, Copy)]
pub struct Mean {
    /// Mean.
    pub mean: f64,
    /// Standard error.
    pub stderr: f64,
}

impl From<Estimate> for Mean {
    fn from(found: Estimate) -> Self {
        Self { mean: found.mean, stderr: stderr(&found) }
    }
}

impl From<(f64, f64)> for Mean {
    fn from((mean, stderr): (f64, f64)) -> Self {
        Self { mean, stderr }
    }
}

/// Cells of several columns: the value that stands before the mean, the mean and its standard error, and the correction, as far as it has them;
/// and what is written of them.
macro_rules! measured {
    ($($(#[$doc:meta])* $name:ident { $($before:ident,)? [$mc:ident, $stderr:ident] $(, $after:ident)? }
        [$($quantity:ident),+] = |$it:ident| [$($cell:expr),+];)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy)]
        #[allow(missing_docs)]
        pub struct $name {
            $(pub $before: f64,)?
            pub $mc: f64,
            pub $stderr: f64,
            $(pub $after: f64,)?
        }

        impl $name {
            /// A mean with what stands beside it.
            pub fn new($($before: f64,)? found: impl Into<Mean> $(, $after: f64)?) -> Self {
                let Mean { mean: $mc, stderr: $stderr } = found.into();
                Self { $($before,)? $mc, $stderr $(, $after)? }
            }
        }

        impl Cells for $name {
            const QUANTITIES: &'static [Quantity] = &[$(Quantity::$quantity),+];

            fn put(self, row: &mut Vec<Cell>) {
                let $it = self;
                row.extend([$($cell),+].map(Cell::from));
            }
        }
    )*};
}

measured! {
    /// Theory next to Monte Carlo. Judged.
    Judged { theory, [mc, stderr] } [Theory, MonteCarlo, StandardError] = |x| [x.theory, x.mc, x.stderr];
    /// Theory next to Monte Carlo, with its correction of order 1/n. Judged.
    Corrected { theory, [mc, stderr], correction }
        [Theory, MonteCarlo, StandardError, Correction] = |x| [x.theory, x.mc, x.stderr, x.correction];
    /// The same, and their sum. Judged.
    Compared { theory, [mc, stderr], correction }
        [Theory, MonteCarlo, StandardError, Correction, Expected]
        = |x| [x.theory, x.mc, x.stderr, x.correction, x.theory + x.correction];
    /// What is expected, next to Monte Carlo. Not judged: the experiment says why.
    Expected { expected, [mc, stderr] } [Expected, MonteCarlo, StandardError] = |x| [x.expected, x.mc, x.stderr];
    /// Monte Carlo alone. Not judged: the experiment says why.
    Shown { [mc, stderr] } [MonteCarlo, StandardError] = |x| [x.mc, x.stderr];
    /// A measured value under its own name, with its error. Not judged: the experiment says why.
    Measured { [value, error] } [Plain, Error] = |x| [x.value, x.error];
}

impl Compared {
    /// Theory next to the mean of one value a network.
    pub fn of(theory: f64, values: &[f64], correction: f64) -> Self {
        Self::new(theory, Estimate::of(values), correction)
    }

    /// Theory of a variance over networks, all of it of order 1/n, next to that of one value a network.
    pub fn variance(theory: f64, values: &[f64]) -> Self {
        Self::new(theory, Estimate::variance_of(values), 0.0)
    }

    /// What was found, without its theory.
    pub fn found(self) -> Measured {
        Measured::new((self.mc, self.stderr))
    }

    /// What was found less what is expected, in standard errors.
    pub fn excess(self) -> f64 {
        (self.mc - (self.theory + self.correction)) / self.stderr
    }

    /// All four times a constant.
    pub fn times(self, factor: f64) -> Self {
        let Self { theory, mc, stderr, correction } = self;
        let [theory, mc, stderr, correction] = [theory, mc, stderr, correction].map(|x| x * factor);
        Self { theory, mc, stderr, correction }
    }

    /// Natural logarithms as decimal ones.
    pub fn per_decade(self) -> Self {
        self.times(std::f64::consts::LOG10_E)
    }

    /// With a constant added to theory and Monte Carlo.
    pub fn plus(self, shift: f64) -> Self {
        Self { theory: self.theory + shift, mc: self.mc + shift, ..self }
    }
}

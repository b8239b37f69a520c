//! Theory next to Monte Carlo in one cell of a result.

use super::sampling::stderr;
use crate::simulation::Estimate;
use crate::table::Cell;

/// The four numbers of a cell that theory and Monte Carlo share.
#[derive(Debug, Clone, Copy)]
pub struct Compared {
    pub theory: f64,
    pub mc: f64,
    pub stderr: f64,
    pub correction: f64,
}

/// The columns of a [`Compared`] cell, with theory and correction added up.
pub const VALUE: [&str; 5] = ["value_theory", "value_mc", "value_stderr", "value_correction", "value_expected"];

impl Compared {
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

    /// A row of the parameters followed by the cells of [`VALUE`].
    pub fn row<const N: usize>(&self, key: &[Cell]) -> [Cell; N] {
        let cells = self.cells();
        std::array::from_fn(|i| key.get(i).unwrap_or_else(|| &cells[i - key.len()]).clone())
    }

    /// The cells of [`VALUE`].
    fn cells(&self) -> [Cell; 5] {
        [self.theory, self.mc, self.stderr, self.correction, self.theory + self.correction].map(Cell::from)
    }
}

/// Theory next to the mean of one value a network.
pub fn compared(theory: f64, values: &[f64], correction: f64) -> Compared {
    let found = Estimate::of(values);
    Compared { theory, mc: found.mean, stderr: stderr(&found), correction }
}

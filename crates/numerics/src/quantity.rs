//! What a column of a measured quantity holds, and the ending of its name that says so: the only place that knows these endings.

/// What a column holds of a quantity `x`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// `x`: a value of its own.
    Plain,
    /// `x_theory`.
    Theory,
    /// `x_mc`: the Monte Carlo mean.
    MonteCarlo,
    /// `x_stderr`: the standard error of that mean.
    StandardError,
    /// `x_error`: the standard error of a measured `x`.
    Error,
    /// `x_correction`: first-order correction to the theory.
    Correction,
    /// `x_expected`: theory and correction together.
    Expected,
}

impl Quantity {
    /// All but the plain one.
    pub const DERIVED: [Self; 6] =
        [Self::Theory, Self::MonteCarlo, Self::StandardError, Self::Error, Self::Correction, Self::Expected];

    /// How the names of its columns end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Theory => "_theory",
            Self::MonteCarlo => "_mc",
            Self::StandardError => "_stderr",
            Self::Error => "_error",
            Self::Correction => "_correction",
            Self::Expected => "_expected",
        }
    }

    /// The column of a quantity.
    pub fn column(self, quantity: &str) -> String {
        format!("{quantity}{}", self.ending())
    }

    /// The quantity that a column of this kind is of.
    pub fn of(self, column: &str) -> Option<&str> {
        column.strip_suffix(self.ending())
    }

    /// The quantity and the kind of a column by its name.
    pub fn split(column: &str) -> (&str, Self) {
        let found = Self::DERIVED.into_iter().find_map(|quantity| Some((quantity.of(column)?, quantity)));
        found.unwrap_or((column, Self::Plain))
    }
}

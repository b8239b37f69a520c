//! Why a figure cannot be drawn.

use super::markup::MarkupError;
use neurodyn_table::TableError;

/// A figure that cannot be drawn, and where in it.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("figure {figure}{}: {problem}", panel.as_ref().map_or(String::new(), |panel| format!(", panel ({panel})")))]
pub struct RenderError {
    /// Name of the figure.
    pub figure: String,
    /// Letter of the panel, if the problem lies in one.
    pub panel: Option<String>,
    /// What is wrong.
    pub problem: Box<Problem>,
}

/// What is wrong with a figure.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Problem {
    /// A table that is not there.
    #[error("no table {table} (tables: {tables})")]
    NoTable {
        /// Table asked for.
        table: String,
        /// Tables that are there.
        tables: String,
    },
    /// A column that is not there or not of the right kind.
    #[error(transparent)]
    Column(#[from] TableError),
    /// A residual that is not a finite number.
    #[error("table {table}: {column} = 0 where Monte Carlo and theory of {quantity} differ by {difference}")]
    NoError {
        /// Table.
        table: String,
        /// Column of standard errors.
        column: String,
        /// Quantity.
        quantity: String,
        /// Difference.
        difference: f64,
    },
    /// A label with broken markup.
    #[error(transparent)]
    Markup(#[from] MarkupError),
    /// Rows that do not form a regular grid.
    #[error("table {table}: columns {x} and {y} form no grid: {count} rows for {columns} x {rows} points")]
    NoGrid {
        /// Table.
        table: String,
        /// Column on x.
        x: String,
        /// Column on y.
        y: String,
        /// Rows found.
        count: usize,
        /// Distinct values on x.
        columns: usize,
        /// Distinct values on y.
        rows: usize,
    },
    /// A phase that has no colour.
    #[error("table {table}: column {column} says {found:?}, not ordered, critical or chaotic")]
    NoPhase {
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// What it says.
        found: String,
    },
    /// A range without extent, or one that its scale cannot show.
    #[error("the {axis} axis cannot run from {low} to {high}")]
    Range {
        /// Which axis.
        axis: &'static str,
        /// Lower limit.
        low: f64,
        /// Upper limit.
        high: f64,
    },
    /// A figure without the room for what it must hold.
    #[error("no room: {what}")]
    NoRoom {
        /// What does not fit.
        what: String,
    },
    /// A label that is too small or too large for where it is to be printed.
    #[error("label {label:?} has {wrong}")]
    Type {
        /// The label in plain text.
        label: String,
        /// Its size, and what is allowed.
        wrong: String,
    },
    /// A figure that is not complete.
    #[error("{0}")]
    Incomplete(String),
}

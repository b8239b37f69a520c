//! What can be wrong with a figure.

use std::convert::Infallible;

/// Why a piece of markup cannot be set.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("markup {text:?}, character {position}: {message}")]
pub struct MarkupError {
    /// The whole markup.
    pub text: String,
    /// Position of the offending character, from 1.
    pub position: usize,
    /// What is wrong there.
    pub message: String,
}

/// Why a figure cannot be drawn.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RenderError {
    /// The figure as a whole makes no sense.
    #[error("figure {figure}: {message}")]
    Figure {
        /// Name of the figure.
        figure: String,
        /// What is wrong.
        message: String,
    },
    /// A panel makes no sense.
    #[error("figure {figure}, panel {panel}: {message}")]
    Panel {
        /// Name of the figure.
        figure: String,
        /// Letter of the panel.
        panel: char,
        /// What is wrong.
        message: String,
    },
    /// No table of that name.
    #[error("figure {figure}, panel {panel}: no table {table} (tables: {tables})")]
    NoTable {
        /// Name of the figure.
        figure: String,
        /// Letter of the panel.
        panel: char,
        /// Table wanted.
        table: String,
        /// Tables that are there.
        tables: String,
    },
    /// No column of that name, or one of another kind.
    #[error("figure {figure}, panel {panel}: table {table} has no {wanted} column {column} (columns: {columns})")]
    NoColumn {
        /// Name of the figure.
        figure: String,
        /// Letter of the panel.
        panel: char,
        /// Table.
        table: String,
        /// Column wanted.
        column: String,
        /// Kind of column wanted.
        wanted: &'static str,
        /// Columns that are there.
        columns: String,
    },
    /// A condition that no row meets.
    #[error("figure {figure}, panel {panel}: no row of table {table} meets {condition}")]
    NoRows {
        /// Name of the figure.
        figure: String,
        /// Letter of the panel.
        panel: char,
        /// Table.
        table: String,
        /// The condition.
        condition: String,
    },
    /// A value that cannot be drawn.
    #[error("figure {figure}, panel {panel}: table {table}, column {column} holds {value}, {problem}")]
    Value {
        /// Name of the figure.
        figure: String,
        /// Letter of the panel.
        panel: char,
        /// Table.
        table: String,
        /// Column.
        column: String,
        /// The value.
        value: f64,
        /// Why it cannot be drawn.
        problem: String,
    },
    /// A label that cannot be set.
    #[error("figure {figure}: {source}")]
    Markup {
        /// Name of the figure.
        figure: String,
        /// What is wrong with the label.
        source: MarkupError,
    },
    /// The drawing library refused.
    #[error("figure {figure}: drawing failed: {message}")]
    Drawing {
        /// Name of the figure.
        figure: String,
        /// What it said.
        message: String,
    },
}

/// Failures below the figure's name, completed on the way up.
#[derive(Debug)]
pub(super) enum PenError {
    Markup(MarkupError),
    Drawing(String),
}

impl PenError {
    pub(super) fn of(self, figure: &str) -> RenderError {
        let figure = figure.to_owned();
        match self {
            PenError::Markup(source) => RenderError::Markup { figure, source },
            PenError::Drawing(message) => RenderError::Drawing { figure, message },
        }
    }
}

impl From<MarkupError> for PenError {
    fn from(error: MarkupError) -> Self {
        PenError::Markup(error)
    }
}

impl From<plotters::drawing::DrawingAreaErrorKind<Infallible>> for PenError {
    fn from(error: plotters::drawing::DrawingAreaErrorKind<Infallible>) -> Self {
        PenError::Drawing(error.to_string())
    }
}

//! Tidy tables: named columns of equal length. The plain contract between experiments, golden data and figures.

pub mod foreign;
pub mod frame;
pub mod golden;
mod rows;

pub use neurodyn_numerics::quantity::Quantity;
pub use rows::Cell;

/// Values of one column.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// 64-bit floating point numbers, all finite.
    Number(Vec<f64>),
    /// Whole numbers (layers, widths, counts).
    Integer(Vec<i64>),
    /// Labels.
    Text(Vec<String>),
    /// Numbers of which some are missing: what does not exist at these parameters. At least one is, or it is a [`Values::Number`].
    NumberGaps(Vec<Option<f64>>),
    /// Whole numbers of which some are missing.
    IntegerGaps(Vec<Option<i64>>),
    /// Answers, [`YES`] or [`NO`] in words.
    Flag(Vec<bool>),
}

/// The word for what holds.
pub const YES: &str = "yes";

/// The word for what does not.
pub const NO: &str = "no";

/// The word for an answer.
pub fn word(flag: bool) -> &'static str {
    if flag { YES } else { NO }
}

impl Values {
    /// Number of cells.
    pub fn len(&self) -> usize {
        match self {
            Values::Number(v) => v.len(),
            Values::Integer(v) => v.len(),
            Values::Text(v) => v.len(),
            Values::NumberGaps(v) => v.len(),
            Values::IntegerGaps(v) => v.len(),
            Values::Flag(v) => v.len(),
        }
    }

    /// As the kind without gaps, where there are none.
    fn closed(self) -> Self {
        let closed = match &self {
            Values::NumberGaps(values) => values.iter().copied().collect::<Option<_>>().map(Values::Number),
            Values::IntegerGaps(values) => values.iter().copied().collect::<Option<_>>().map(Values::Integer),
            _ => None,
        };
        closed.unwrap_or(self)
    }

    /// Whether there are no cells.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// What is wrong with a table.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum TableError {
    /// A column of another length than the ones before.
    #[error("table {table}: column {column} has {found} rows, the others {expected}")]
    Length {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
        /// Rows found.
        found: usize,
        /// Rows expected.
        expected: usize,
    },
    /// A cell that is infinite or not a number.
    #[error("table {table}: column {column}, row {row} is {value}, not a finite number")]
    NotFinite {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
        /// Row (from 0).
        row: usize,
        /// The value.
        value: f64,
    },
    /// A number that is missing where all are needed.
    #[error("table {table}: column {column}, row {row} has no number")]
    Gap {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
        /// Row (from 0).
        row: usize,
    },
    /// A column of cells of different kinds.
    #[error("table {table}: column {column} mixes numbers, whole numbers, labels and answers")]
    Mixed {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
    },
    /// Two columns of one name.
    #[error("table {table}: two columns are called {column}")]
    Duplicate {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
    },
    /// No such column, or one of another type.
    #[error("table {table}: no {wanted} column {column} (columns: {columns})")]
    Missing {
        /// Table name.
        table: String,
        /// Column name.
        column: String,
        /// Kind of column wanted.
        wanted: &'static str,
        /// Columns that are there.
        columns: String,
    },
}

/// A named table of equally long columns.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    name: String,
    columns: Vec<(String, Values)>,
}

impl Table {
    /// An empty table; the name is lower snake case and unique in its experiment.
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), columns: Vec::new() }
    }

    /// Adds a column; numbers must be finite, lengths equal, names unique.
    pub fn with(mut self, column: impl Into<String>, values: Values) -> Result<Self, TableError> {
        let (column, values) = (column.into(), values.closed());
        let table = || self.name.clone();
        if self.columns.iter().any(|(name, _)| *name == column) {
            return Err(TableError::Duplicate { table: table(), column });
        }
        if let Some((_, first)) = self.columns.first()
            && first.len() != values.len()
        {
            return Err(TableError::Length { table: table(), column, found: values.len(), expected: first.len() });
        }
        let infinite = match &values {
            Values::Number(numbers) => numbers.iter().copied().enumerate().find(|(_, x)| !x.is_finite()),
            Values::NumberGaps(numbers) => {
                numbers.iter().enumerate().filter_map(|(row, x)| Some((row, (*x)?))).find(|(_, x)| !x.is_finite())
            }
            _ => None,
        };
        if let Some((row, value)) = infinite {
            return Err(TableError::NotFinite { table: table(), column, row, value });
        }
        self.columns.push((column, values));
        Ok(self)
    }

    /// Adds a column of numbers.
    pub fn number(self, column: impl Into<String>, values: Vec<f64>) -> Result<Self, TableError> {
        self.with(column, Values::Number(values))
    }

    /// Adds a column of whole numbers.
    pub fn integer(self, column: impl Into<String>, values: Vec<i64>) -> Result<Self, TableError> {
        self.with(column, Values::Integer(values))
    }

    /// Adds a column of labels.
    pub fn text(self, column: impl Into<String>, values: Vec<String>) -> Result<Self, TableError> {
        self.with(column, Values::Text(values))
    }

    /// Name of the table.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Columns in order.
    pub fn columns(&self) -> &[(String, Values)] {
        &self.columns
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The column of this name, if there is one.
    pub fn column(&self, name: &str) -> Option<&Values> {
        self.columns.iter().find(|(column, _)| column == name).map(|(_, values)| values)
    }

    /// A column as numbers; whole numbers are converted. A missing one is an error.
    pub fn numbers(&self, name: &str) -> Result<Vec<f64>, TableError> {
        let gap = |row| TableError::Gap { table: self.name.clone(), column: name.to_owned(), row };
        let present = |(row, x): (usize, Option<f64>)| x.ok_or_else(|| gap(row));
        self.numbers_or_gaps(name)?.into_iter().enumerate().map(present).collect()
    }

    /// A column as numbers, `None` where one is missing.
    pub fn numbers_or_gaps(&self, name: &str) -> Result<Vec<Option<f64>>, TableError> {
        match self.column(name) {
            Some(Values::Number(values)) => Ok(values.iter().copied().map(Some).collect()),
            Some(Values::Integer(values)) => Ok(values.iter().map(|&x| Some(x as f64)).collect()),
            Some(Values::NumberGaps(values)) => Ok(values.clone()),
            Some(Values::IntegerGaps(values)) => Ok(values.iter().map(|x| x.map(|x| x as f64)).collect()),
            Some(Values::Text(_) | Values::Flag(_)) | None => Err(self.missing(name, "number")),
        }
    }

    fn missing(&self, column: &str, wanted: &'static str) -> TableError {
        let columns = self.columns.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
        TableError::Missing { table: self.name.clone(), column: column.to_owned(), wanted, columns }
    }
}

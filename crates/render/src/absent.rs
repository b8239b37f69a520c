//! What a panel names and cannot show, in words: selections without rows, numbers that are missing, values that a logarithm does not have.

use super::template::fill_value;
use neurodyn_figure::{Select, Value};
use std::collections::{BTreeMap, BTreeSet};

/// Why a cell of a table is not drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Why {
    /// It holds no number.
    Missing,
    /// It is not positive, on a logarithmic scale.
    NotPositive,
}

/// What of a panel is not there.
#[derive(Debug, Clone, Default)]
pub(super) struct Absent {
    selections: Vec<Select>,
    /// Rows by table, column and reason; several marks may read one column.
    cells: BTreeMap<(String, String, Why), BTreeSet<usize>>,
}

impl Absent {
    /// Forgets unconditional selections without rows: where other marks are drawn, a table that may be empty hides nothing.
    pub fn forget_empty_tables(&mut self) {
        self.selections.retain(|select| !select.filters.is_empty());
    }

    /// Notes a selection without rows.
    pub fn selection(&mut self, select: &Select) {
        let select = Select { order: None, ..select.clone() };
        if !self.selections.contains(&select) {
            self.selections.push(select);
        }
    }

    /// Notes a cell that is not drawn.
    pub fn cell(&mut self, table: &str, column: &str, why: Why, row: usize) {
        self.cells.entry((table.to_owned(), column.to_owned(), why)).or_default().insert(row);
    }

    /// Forgets rows of a line in which all its numbers are missing: these only part its pieces.
    pub fn forget_breaks(&mut self, table: &str, columns: [&str; 2]) {
        let [x, y] = columns.map(|column| (table.to_owned(), column.to_owned(), Why::Missing));
        let (Some(across), Some(up)) = (self.cells.get(&x), self.cells.get(&y)) else { return };
        let breaks: BTreeSet<usize> = across.intersection(up).copied().collect();
        for key in [x, y] {
            self.cells.entry(key).or_default().retain(|row| !breaks.contains(row));
        }
        self.cells.retain(|_, rows| !rows.is_empty());
    }

    /// Forgets numbers that are missing from a column, of which the author says why.
    pub fn forget_missing(&mut self, table: &str, column: &str) {
        self.cells.remove(&(table.to_owned(), column.to_owned(), Why::Missing));
    }

    /// What an empty panel says, line by line, in markup: what all its selections ask for, if they agree.
    pub fn lines(&self) -> Vec<String> {
        let mut lines = vec!["no data".to_owned()];
        let asked = |select: &Select| !select.filters.is_empty();
        let mut filters = self.selections.iter().filter(|select| asked(select)).map(|select| &select.filters);
        if let Some(first) = filters.next()
            && filters.all(|other| other == first)
        {
            let condition =
                |(column, cell): &(String, Value)| format!("{} = {}", column.replace('_', " "), fill_value("{}", cell));
            lines.extend(first.iter().map(condition));
        }
        lines
    }

    /// The same for the description of the figure, in plain text, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let selection = |select: &Select| {
            let conditions = super::data::conditions(select);
            if conditions.is_empty() {
                format!("table {} has no rows", select.table)
            } else {
                format!("table {} has no rows where {conditions}", select.table)
            }
        };
        let cells = |((table, column, why), rows): (&(String, String, Why), &BTreeSet<usize>)| {
            let (count, one) = (rows.len(), rows.len() == 1);
            let (values, exist, are) = if one { ("value", "does", "is") } else { ("values", "do", "are") };
            let place = format!("{count} {values} of column {column} of table {table}");
            match why {
                Why::Missing => format!("{place} {exist} not exist and {are} left blank"),
                Why::NotPositive => format!("{place} at or below 0 {are} left out of a logarithmic scale"),
            }
        };
        self.selections.iter().map(selection).chain(self.cells.iter().map(cells)).collect()
    }
}

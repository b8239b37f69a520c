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

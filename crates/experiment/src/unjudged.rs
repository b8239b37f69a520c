//! What is measured and not judged: each experiment names it with the reason ([`Experiment::UNJUDGED`](crate::Experiment::UNJUDGED)), so that
//! nothing escapes the agreement test by the name of a column alone.

use crate::Entry;
use neurodyn_table::{Quantity, Table};

/// A measured quantity that no theory judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unjudged {
    /// `table.quantity`.
    pub quantity: &'static str,
    /// Why it is not judged.
    pub reason: &'static str,
}

/// Endings of columns that belong to a measured quantity.
const ENDINGS: [Quantity; 3] = [Quantity::MonteCarlo, Quantity::StandardError, Quantity::Error];
/// Roles of columns that are measured.
const ROLES: [&str; 2] = ["Monte Carlo", "standard error"];

pub(super) fn lines(text: &'static str) -> impl Iterator<Item = Unjudged> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(|line| {
        let (quantity, reason) = line.split_once(" | ").unwrap_or((line, ""));
        Unjudged { quantity: quantity.trim(), reason: reason.trim() }
    })
}

impl Entry {
    /// What is measured and not judged, with the reasons.
    pub fn unjudged(&self) -> Vec<Unjudged> {
        lines(self.unjudged).collect()
    }

    /// Quantities that columns of a table measure: by the dictionary, and by their names where that says nothing.
    pub fn measured<'a>(&self, table: &str, columns: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut measured = Vec::new();
        for column in columns {
            let ending = ENDINGS.iter().find_map(|ending| ending.of(column));
            let found = match self.column(table, column) {
                Some(found) => ROLES.contains(&found.role),
                None => ending.is_some(),
            };
            let quantity = ending.unwrap_or(column);
            if found && !measured.contains(&quantity) {
                measured.push(quantity);
            }
        }
        measured
    }

    /// Quantities of these tables that are measured, but neither judged nor named with a reason, and those that are both; a line each.
    pub fn check_unjudged(&self, tables: &[Table], is_judged: impl Fn(&Table, &str) -> bool) -> Vec<String> {
        let named = self.unjudged();
        let mut problems = Vec::new();
        for table in tables {
            for quantity in self.measured(table.name(), table.columns().iter().map(|(name, _)| name.as_str())) {
                let name = format!("{}.{quantity}", table.name());
                let reason = named.iter().find(|unjudged| unjudged.quantity == name);
                match (is_judged(table, quantity), reason) {
                    (false, None) => problems.push(format!(
                        "{name} is measured but not judged, and module {} gives no reason in UNJUDGED",
                        self.module
                    )),
                    (true, Some(_)) => {
                        problems.push(format!("{name} is judged, but module {} names it in UNJUDGED", self.module))
                    }
                    _ => {}
                }
            }
        }
        problems
    }
}

//! What is measured and not judged: each experiment names it with the reason ([`Experiment::UNJUDGED`](super::Experiment::UNJUDGED)), so that
//! nothing escapes the agreement test by the name of a column alone.

use super::Entry;
use crate::table::{Quantity, Table};

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
    fn measured<'a>(&self, table: &str, columns: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::agreement::is_judged;
    use crate::experiments::REGISTRY;
    use crate::table::Values;
    use std::collections::BTreeMap;
    use std::path::Path;

    /// Tables of each module with the columns of its golden data, without rows.
    fn golden() -> BTreeMap<&'static str, Vec<Table>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let mut found: BTreeMap<&str, Vec<Table>> = BTreeMap::new();
        for file in std::fs::read_dir(folder).expect("golden data") {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let (id, table) = name.split_once('.').unwrap_or((&name, "only"));
            let Some(entry) = REGISTRY.iter().find(|entry| entry.module == id) else { continue };
            let text = std::fs::read_to_string(&path).expect("a table");
            let columns = text.lines().next().expect("a header").split(',');
            let table = columns.fold(Table::new(table), |table, column| {
                table.with(column, Values::Number(Vec::new())).expect("columns of different names")
            });
            found.entry(entry.module).or_default().push(table);
        }
        found
    }

    #[test]
    fn all_that_is_measured_is_judged_or_named_with_a_reason() {
        let golden = golden();
        for entry in REGISTRY {
            let tables = golden.get(entry.module).unwrap_or_else(|| panic!("{}: no golden data", entry.module));
            assert_eq!(entry.check_unjudged(tables, is_judged), Vec::<String>::new());
            let mut names = Vec::new();
            for Unjudged { quantity, reason } in entry.unjudged() {
                assert!(reason.len() > 15, "{}: no reason for {quantity}", entry.module);
                let there = |table: &&Table| {
                    let columns = table.columns().iter().map(|(name, _)| name.as_str());
                    entry.measured(table.name(), columns).iter().any(|q| format!("{}.{q}", table.name()) == quantity)
                };
                assert!(tables.iter().any(|table| there(&table)), "{}: {quantity} is not measured", entry.module);
                assert!(!names.contains(&quantity), "{}: {quantity} stands twice", entry.module);
                names.push(quantity);
            }
        }
    }

    #[test]
    fn what_has_no_control_has_nothing_judged_and_what_has_one_has() {
        let golden = golden();
        for entry in REGISTRY {
            let judged = golden[entry.module].iter().any(|table| {
                table
                    .columns()
                    .iter()
                    .any(|(name, _)| Quantity::MonteCarlo.of(name).is_some_and(|q| is_judged(table, q)))
            });
            let reason = entry.no_control.unwrap_or_default();
            assert_eq!(
                judged,
                entry.no_control.is_none(),
                "{}: needs a judged quantity or, in NO_CONTROL, the reason why it has no negative control; it says {reason:?}",
                entry.module
            );
            assert!(judged || reason.len() > 15, "{}: {reason:?} is no reason", entry.module);
        }
    }

    #[test]
    fn a_column_that_escapes_is_found() {
        let entry = REGISTRY.iter().find(|entry| entry.module == "activity_map").expect("an entry");
        let table = |columns: &[&str]| {
            columns.iter().fold(Table::new("monte_carlo"), |table, column| {
                table.with(*column, Values::Number(Vec::new())).expect("a column")
            })
        };
        let found = |columns: &[&str]| entry.check_unjudged(&[table(columns)], is_judged);
        assert_eq!(found(&["next_q_mc", "next_q_stderr", "next_q_theory", "q"]), Vec::<String>::new());
        for escaped in [&["next_q_mc", "next_q_stderr", "next_q_theroy"][..], &["new", "new_error"], &["new_stderr"]] {
            let problems = found(escaped);
            assert!(problems.len() == 1 && problems[0].contains("measured but not judged"), "{problems:?}");
        }
    }
}

//! What each column of each table holds: role, unit and meaning. What only one experiment has stands in its module
//! ([`Experiment::COLUMNS`](super::Experiment::COLUMNS)), what all share in `general`, each meaning once. Columns that follow from a
//! quantity by rule (`<quantity>_mc`, ...) need no entry of their own.

mod general;

/// What one column holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Column {
    /// Parameter, label, theory, Monte Carlo, standard error, ...
    pub role: String,
    /// Unit; numbers without any are dimensionless, labels have none.
    pub unit: String,
    /// Meaning, in one line.
    pub meaning: String,
    /// Where that is said: the name of an entry.
    pub entry: &'static str,
}

/// Roles that an entry may have.
const ROLES: [&str; 13] = [
    "parameter",
    "label",
    "theory",
    "theory with correction",
    "approximation",
    "Monte Carlo",
    "standard error",
    "correction",
    "fit",
    "literature",
    "verdict",
    "solver",
    "drawing",
];

/// Endings of columns that follow from a quantity: ending, role, and how its meaning begins.
const DERIVED: [(&str, &str, &str); 6] = [
    ("_theory", "theory", "theory: "),
    ("_mc", "Monte Carlo", "Monte Carlo: "),
    ("_stderr", "standard error", "standard error of the Monte Carlo: "),
    ("_error", "standard error", "standard error of the Monte Carlo: "),
    ("_correction", "correction", "first-order (1/n) correction to the theory: "),
    ("_expected", "theory with correction", "theory plus correction, what Monte Carlo is compared with: "),
];

/// What begins the part of a meaning that is about its theory alone.
const IN_THEORY: &str = "; in theory ";

/// One line of a dictionary.
struct Entry {
    name: &'static str,
    role: &'static str,
    unit: &'static str,
    meaning: &'static str,
}

impl Entry {
    /// `name | role | unit | meaning`.
    fn parse(line: &'static str) -> Option<Self> {
        let mut parts = line.splitn(4, '|').map(str::trim);
        let [name, role, unit, meaning] = [parts.next()?, parts.next()?, parts.next()?, parts.next()?];
        (!name.is_empty() && !meaning.is_empty() && ROLES.contains(&role)).then_some(Self { name, role, unit, meaning })
    }

    fn unit(&self) -> String {
        let none = if self.role == "label" { "" } else { "dimensionless" };
        (if self.unit.is_empty() { none } else { self.unit }).to_owned()
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// What a column of a table holds, by the dictionary of its experiment and the general one; `None` where neither says.
pub(super) fn find(own: &'static str, table: &str, column: &str) -> Option<Column> {
    [own, general::COLUMNS].into_iter().find_map(|text| {
        let entry = |name: &str| {
            let here = format!("{table}.{name}");
            let entries = || lines(text).filter_map(Entry::parse);
            entries().find(|entry| entry.name == here).or_else(|| entries().find(|entry| entry.name == name))
        };
        let exact = entry(column).map(|entry| Column {
            role: entry.role.to_owned(),
            unit: entry.unit(),
            meaning: entry.meaning.to_owned(),
            entry: entry.name,
        });
        exact.or_else(|| {
            DERIVED.into_iter().find_map(|(ending, role, begin)| {
                let entry = entry(column.strip_suffix(ending)?)?;
                let measured = entry.meaning.split(IN_THEORY).next().unwrap_or_default();
                let of_theory = ["theory", "theory with correction", "correction"].contains(&role);
                let meaning = format!("{begin}{}", if of_theory { entry.meaning } else { measured });
                Some(Column { role: role.to_owned(), unit: entry.unit(), meaning, entry: entry.name })
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiments::REGISTRY;
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn what_follows_from_a_quantity_says_so() {
        let own = "
            t.value | theory | nats | gain of a layer; in theory one
            value | parameter | | something else
        ";
        let found = find(own, "t", "value_mc").expect("found");
        assert_eq!((found.role.as_str(), found.unit.as_str()), ("Monte Carlo", "nats"));
        assert_eq!(found.meaning, "Monte Carlo: gain of a layer");
        assert_eq!(find(own, "t", "value_theory").expect("found").meaning, "theory: gain of a layer; in theory one");
        assert_eq!(find(own, "s", "value").expect("found").meaning, "something else");
        assert_eq!(find(own, "s", "sigma_w").expect("found").entry, "sigma_w");
        assert_eq!(find(own, "s", "nothing_mc"), None);
    }

    #[test]
    fn every_line_is_an_entry_and_no_name_stands_twice() {
        for (module, text) in
            REGISTRY.iter().map(|entry| (entry.module, entry.columns)).chain([("general", general::COLUMNS)])
        {
            let mut names = BTreeSet::new();
            for line in lines(text) {
                let entry = Entry::parse(line).unwrap_or_else(|| panic!("{module}: not an entry: {line}"));
                assert!(names.insert(entry.name), "{module}: {} stands twice", entry.name);
            }
        }
    }

    #[test]
    fn every_column_of_golden_data_has_an_entry_and_every_entry_a_column() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
        let mut used: BTreeSet<(&str, &str)> = BTreeSet::new();
        let mut missing = Vec::new();
        let mut tables = 0;
        for file in std::fs::read_dir(folder).expect("golden data") {
            let path = file.expect("a file").path();
            let name = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let (id, table) = name.split_once('.').unwrap_or((&name, ""));
            // variants have the tables of their modules
            let Some(entry) = REGISTRY.iter().find(|entry| entry.module == id) else { continue };
            tables += 1;
            let text = std::fs::read_to_string(&path).expect("a table");
            for column in text.lines().next().expect("a header").split(',') {
                match entry.column(table, column) {
                    Some(found) if lines(entry.columns).filter_map(Entry::parse).any(|own| own.name == found.entry) => {
                        used.insert((entry.module, found.entry));
                    }
                    Some(found) => {
                        used.insert(("general", found.entry));
                    }
                    None => missing.push(format!("{name}: {column}")),
                }
            }
        }
        assert!(tables > 100 && missing.is_empty(), "without an entry: {missing:#?}");
        let all = REGISTRY.iter().map(|entry| (entry.module, entry.columns)).chain([("general", general::COLUMNS)]);
        for (module, text) in all {
            for entry in lines(text).filter_map(Entry::parse) {
                assert!(used.contains(&(module, entry.name)), "{module}: no column needs the entry {}", entry.name);
            }
        }
    }
}

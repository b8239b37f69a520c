//! An experiment file as its text has it: the comment at its head, and its parameters in their order, each in the writing of its author.

use super::Document;
use std::fmt;
use toml_edit::{DocumentMut, InlineTable, Item, Table, Value};

/// A value as a file writes it.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// A number, a word, yes or no.
    Scalar(String),
    /// A list.
    List(Vec<Written>),
    /// A table, in whichever way it is written.
    Table(Vec<(String, Written)>),
}

impl Written {
    /// The value of this name, in a table.
    pub fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Table(entries) => entries.iter().find(|(key, _)| key == name).map(|(_, value)| value),
            _ => None,
        }
    }

    fn of_item(item: &Item) -> Option<Self> {
        match item {
            Item::None => None,
            Item::Value(value) => Some(Self::of_value(value)),
            Item::Table(table) => Some(Self::of_table(table)),
            Item::ArrayOfTables(tables) => Some(Self::List(tables.iter().map(Self::of_table).collect())),
        }
    }

    fn of_table(table: &Table) -> Self {
        Self::Table(table.iter().filter_map(|(key, item)| Some((key.to_owned(), Self::of_item(item)?))).collect())
    }

    fn of_inline(table: &InlineTable) -> Self {
        Self::Table(table.iter().map(|(key, value)| (key.to_owned(), Self::of_value(value))).collect())
    }

    fn of_value(value: &Value) -> Self {
        match value {
            Value::Array(list) => Self::List(list.iter().map(Self::of_value).collect()),
            Value::InlineTable(table) => Self::of_inline(table),
            // without the spaces and comments around it
            scalar => Self::Scalar(scalar.clone().decorated("", "").to_string()),
        }
    }
}

/// On one line, as TOML.
impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(text) => f.write_str(text),
            Self::List(values) => {
                let values: Vec<String> = values.iter().map(Self::to_string).collect();
                write!(f, "[{}]", values.join(", "))
            }
            Self::Table(entries) => {
                let entries: Vec<String> = entries.iter().map(|(key, value)| format!("{key} = {value}")).collect();
                write!(f, "{{ {} }}", entries.join(", "))
            }
        }
    }
}

impl Document {
    /// The comment at the head of the file, on one line; empty where there is none. What is for editors (`#:schema`) is not part of it.
    pub fn summary(&self) -> String {
        let head = self.text.lines().take_while(|line| line.starts_with('#'));
        let words = head.filter(|line| !line.starts_with("#:")).flat_map(|line| line[1..].split_whitespace());
        words.collect::<Vec<&str>>().join(" ")
    }

    /// The parameters, a table in the order of the file.
    pub fn written(&self) -> Written {
        let parsed: Option<DocumentMut> = self.text.parse().ok();
        let parameters = parsed.as_ref().and_then(|parsed| Written::of_item(parsed.get("parameters")?));
        parameters.unwrap_or(Written::Table(Vec::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn values_are_as_the_file_writes_them_and_in_its_order() {
        let text = "#:schema x.json\n# One layer,\n# seen twice.\nfamily = \"f\"\n# not this\ntitle = \"t\"\nseed = 1\nvalues = 1\n\
                    [parameters]\nz = [ 1e-12, # small\n 2.50 ]\na = { b = 1_000, c = 'x' }\n[parameters.s]\nd = 1\n\
                    [[parameters.l]]\ne = 1\n[[parameters.l]]\ne = 2\n";
        let document = Document::parse(Path::new("small.toml"), text.to_owned()).expect("a document");
        assert_eq!(document.summary(), "One layer, seen twice.");
        let written = document.written();
        let text = "{ z = [1e-12, 2.50], a = { b = 1_000, c = 'x' }, s = { d = 1 }, l = [{ e = 1 }, { e = 2 }] }";
        assert_eq!(written.to_string(), text);
        assert_eq!(written.get("s").and_then(|table| table.get("d")), Some(&Written::Scalar("1".to_owned())));
        assert_eq!(written.get("nothing"), None);
    }
}

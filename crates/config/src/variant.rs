//! The text of a new experiment from that of another one.

use super::Document;
use super::setting::replace;
use toml_edit::{DocumentMut, TomlError, Value};

impl Document {
    /// Its text with the module named, this seed, first values, no numbers to quote, these lines at the top, and other names of figures.
    pub fn varied(&self, head: &str, seed: i64, figures: &[(String, String)]) -> Result<String, TomlError> {
        let mut edited: DocumentMut = self.text.parse()?;
        let table = edited.as_table_mut();
        // what stands above the key stays
        let above = table.remove_entry("experiment").map(|(key, _)| key.leaf_decor().clone());
        let above = above.and_then(|decor| decor.prefix().and_then(|prefix| prefix.as_str().map(str::to_owned)));
        table.remove("numbers");
        if let Some(sections) = table.get_mut("figures").and_then(|item| item.as_table_like_mut()) {
            for (old, new) in figures.iter().filter(|(old, new)| old != new) {
                if let Some(section) = sections.remove(old) {
                    sections.insert(new, section);
                }
            }
        }
        for (key, value) in [("seed", Value::from(seed)), ("values", Value::from(1))] {
            if let Some(old) = table.get_mut(key).and_then(|item| item.as_value_mut()) {
                replace(old, &value);
            }
        }
        let rest = above.unwrap_or_default() + &edited.to_string();
        // the old line for editors is among the comments above all else
        let start = rest.split_inclusive('\n').take_while(|line| line.starts_with('#') || line.trim().is_empty());
        let start: usize = start.map(str::len).sum();
        let (comments, rest) = rest.split_at(start);
        let comments: String = comments.split_inclusive('\n').filter(|line| !line.starts_with("#:schema ")).collect();
        let rest = comments + rest;
        Ok(format!("{head}experiment = {:?}\n{}\n", self.module(), rest.trim()))
    }
}

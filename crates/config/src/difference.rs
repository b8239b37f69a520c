//! How two texts of one experiment file differ.

use super::Document;
use toml::{Table, Value};

/// Most differences that are listed.
const LISTED: usize = 6;
/// Most letters of a value that are shown.
const SHOWN: usize = 40;

impl Document {
    /// The fields in which another text of this file differs, each with both values; nothing where they differ in comments and layout
    /// alone.
    pub fn differences(&self, other: &str) -> Vec<String> {
        let (Ok(this), Ok(that)) = (toml::from_str::<Table>(&self.text), toml::from_str::<Table>(other)) else {
            return vec!["one of them cannot be read".to_owned()];
        };
        let mut found = Vec::new();
        compare("", &this, &that, &mut found);
        if found.len() > LISTED {
            let more = found.len() - LISTED;
            found.truncate(LISTED);
            found.push(format!("{more} more"));
        }
        found
    }
}

fn compare(path: &str, this: &Table, that: &Table, found: &mut Vec<String>) {
    let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    for (name, value) in this {
        match (value, that.get(name)) {
            (Value::Table(value), Some(Value::Table(other))) => compare(&at(name), value, other, found),
            (value, Some(other)) if value == other => {}
            (value, Some(other)) => found.push(format!("{} is {}, there {}", at(name), shown(value), shown(other))),
            // field by field: the whole table would be cut off before what matters
            (Value::Table(value), None) if !value.is_empty() => compare(&at(name), value, &Table::new(), found),
            (value, None) => found.push(format!("{} is {}, there absent", at(name), shown(value))),
        }
    }
    for (name, other) in that.iter().filter(|(name, _)| !this.contains_key(*name)) {
        match other {
            Value::Table(other) if !other.is_empty() => compare(&at(name), &Table::new(), other, found),
            other => found.push(format!("{} is absent, there {}", at(name), shown(other))),
        }
    }
}

fn shown(value: &Value) -> String {
    let text = value.to_string().replace('\n', " ");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const TEXT: &str =
        "family = \"activity\"\ntitle = \"t\"\nseed = 7\nvalues = 1\n[parameters]\nwidth = 5\nscales = [1.0, 2.0]\n";

    #[test]
    fn fields_are_named_with_both_values() {
        let document = Document::parse(Path::new("x.toml"), TEXT.to_owned()).expect("valid");
        let of = |from: &str, to: &str| document.differences(&TEXT.replacen(from, to, 1));
        assert!(of("width = 5", "# wide\nwidth=5").is_empty());
        assert_eq!(of("seed = 7", "seed = 8"), ["seed is 7, there 8"]);
        assert_eq!(of("2.0]", "2.5]"), ["parameters.scales is [1.0, 2.0], there [1.0, 2.5]"]);
        assert_eq!(
            of("width = 5", "depth = 5"),
            ["parameters.width is 5, there absent", "parameters.depth is absent, there 5"]
        );
        let labelled = format!("{TEXT}[figures.x]\nsize = [80, 60]\npanels.a.title = \"{}\"\n", "a".repeat(90));
        let found = document.differences(&labelled);
        assert_eq!(found[0], format!("figures.x.panels.a.title is absent, there \"{}...", "a".repeat(SHOWN - 1)));
        assert_eq!(found[1..], ["figures.x.size is absent, there [80, 60]"]);
        assert_eq!(of("seed = 7", "seed"), ["one of them cannot be read"]);
        let many = (0..9).fold(TEXT.to_owned(), |text, index| format!("{text}new{index} = {index}\n"));
        let found = document.differences(&many);
        assert!(found.len() == LISTED + 1 && found[LISTED] == "3 more", "{found:?}");
        let long = of("\"t\"", &format!("\"{}\"", "é".repeat(200))).concat();
        assert!(long.chars().count() < 100 && long.ends_with("..."), "{long}");
    }
}

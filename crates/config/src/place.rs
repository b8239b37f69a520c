//! Which field an error is about, and what it says in words of the file rather than of the program.

use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// Path of the innermost field that holds this piece of the text, such as `parameters.sigma_w[1]`; `None` where the text
/// is no TOML or the piece is in no field.
pub(super) fn field(text: &str, span: &Range<usize>) -> Option<String> {
    let table = DeTable::parse(text).ok()?;
    in_table(table.get_ref(), "", span)
}

fn in_table(table: &DeTable, path: &str, span: &Range<usize>) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let name = key.get_ref();
        let path = if path.is_empty() { name.to_string() } else { format!("{path}.{name}") };
        let inner = in_value(value.get_ref(), &path, span);
        inner.or_else(|| (holds(&key.span(), span) || holds(&value.span(), span)).then_some(path))
    })
}

fn in_value(value: &DeValue, path: &str, span: &Range<usize>) -> Option<String> {
    match value {
        DeValue::Table(table) => in_table(table, path, span),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            let path = format!("{path}[{index}]");
            in_value(item.get_ref(), &path, span).or_else(|| holds(&item.span(), span).then_some(path))
        }),
        _ => None,
    }
}

/// Where the field of this path starts, whose last steps need not be there: its value, or its key where that is a table. A name followed by
/// `[1]` is the second item of a list.
pub(super) fn find(text: &str, path: &[&str]) -> Option<usize> {
    let parsed = DeTable::parse(text).ok()?;
    let mut table = parsed.get_ref();
    let mut start = None;
    for step in path {
        let (name, index) = match step.strip_suffix(']').and_then(|step| step.rsplit_once('[')) {
            Some((name, index)) => (name, index.parse::<usize>().ok()),
            None => (*step, None),
        };
        let Some((key, value)) = table.iter().find(|(key, _)| key.get_ref() == name) else { break };
        let (place, value) = match (value.get_ref(), index) {
            (DeValue::Array(items), Some(index)) => match items.get(index) {
                Some(item) => (item.span().start, item),
                None => return Some(value.span().start),
            },
            _ => (key.span().start, value),
        };
        start = Some(place);
        match value.get_ref() {
            DeValue::Table(inner) => table = inner,
            _ => return Some(value.span().start),
        }
    }
    start
}

/// The first character that the text holds, as it is or by an escape in a string, and that XML has no way to write; with its place.
pub(super) fn unwritable(text: &str) -> Option<(usize, char)> {
    let raw = text.char_indices().find(|&(_, letter)| !in_xml(letter));
    raw.or_else(|| unwritable_in_table(DeTable::parse(text).ok()?.get_ref(), text))
}

fn unwritable_in_table(table: &DeTable, text: &str) -> Option<(usize, char)> {
    table.iter().find_map(|(key, value)| {
        unwritable_in_string(key.get_ref(), key.span(), text).or_else(|| unwritable_in_value(value, text))
    })
}

fn unwritable_in_value(value: &Spanned<DeValue>, text: &str) -> Option<(usize, char)> {
    match value.get_ref() {
        DeValue::Table(table) => unwritable_in_table(table, text),
        DeValue::Array(items) => items.iter().find_map(|item| unwritable_in_value(item, text)),
        DeValue::String(string) => unwritable_in_string(string, value.span(), text),
        _ => None,
    }
}

fn unwritable_in_string(string: &str, span: Range<usize>, text: &str) -> Option<(usize, char)> {
    let letter = string.chars().find(|&letter| !in_xml(letter))?;
    Some((span.start + escape_of(letter, text.get(span)?).unwrap_or(0), letter))
}

/// Where a string as the file writes it has an escape of this character.
fn escape_of(letter: char, literal: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = literal[from..].find('\\').map(|at| from + at) {
        let (kind, rest) = (literal[at + 1..].chars().next()?, &literal[at + 1..]);
        let length = match kind {
            'x' => 2,
            'u' => 4,
            'U' => 8,
            _ => 0,
        };
        let number = match kind {
            'b' => Some(0x8),
            'e' => Some(0x1b),
            'f' => Some(0xc),
            _ => rest.get(1..1 + length).and_then(|digits| u32::from_str_radix(digits, 16).ok()),
        };
        if number == Some(u32::from(letter)) {
            return Some(at);
        }
        from = at + 1 + kind.len_utf8();
    }
    None
}

/// Whether XML can hold a character (XML 1.0, 2.2).
fn in_xml(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn holds(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    inner.start < inner.end && outer.start <= inner.start && inner.end <= outer.end
}

/// Names of the program's number types, in words.
const WORDS: &[(&str, &str)] = &[
    ("expected usize", "expected a whole number, 0 or more"),
    ("expected u64", "expected a whole number, 0 or more"),
    ("expected u32", "expected a whole number from 0 to 4294967295"),
    ("expected i64", "expected a whole number"),
    ("expected f64", "expected a number"),
    ("expected a sequence", "expected a list"),
];

pub(super) fn plain(message: &str) -> String {
    WORDS.iter().fold(message.to_owned(), |text, (from, to)| text.replace(from, to))
}

/// The key of the line at this place, where nothing but a comment follows its `=`.
pub(super) fn without_value(text: &str, at: usize) -> Option<&str> {
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let (key, value) = text[start..].lines().next()?.split_once('=')?;
    let value = value.trim();
    (value.is_empty() || value.starts_with('#')).then(|| key.trim()).filter(|key| !key.is_empty())
}

/// What to add about this piece of the text: a number of replicas by its standard error, where that is not taken.
pub(super) fn hint(text: &str, span: &Range<usize>) -> &'static str {
    let from = text.get(span.start..).unwrap_or_default();
    let line = from.lines().next().unwrap_or_default();
    if line.trim_start_matches(|letter| letter != '{').trim_start_matches(['{', ' ']).starts_with("target_stderr") {
        "; a standard error can be asked for only in experiments that can be cut into shards, so give a number here"
    } else {
        ""
    }
}

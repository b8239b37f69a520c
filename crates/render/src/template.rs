//! Labels with a place for a value, checks of labels, and suggestions.

use super::markup::{MarkupError, parse_with};
use super::scale::number;
use super::typeset::typeset;
use neurodyn_figure::{Face, Value};
use neurodyn_typeface::Fonts;

/// Checks a label, or a template in which `{}` stands for a value: its markup, and that the fonts have all of it.
pub fn check_label(text: &str, template: bool) -> Result<(), MarkupError> {
    parse_with(text, template)?;
    let Ok(fonts) = Fonts::load(Face::default()) else { return Ok(()) };
    // a missing glyph is told apart by its character, whose place the value does not move
    typeset(&fonts, &fill(text, "", true).replace("$$", "")).map(|_| ()).map_err(|error| {
        let wanted = error.text.chars().nth(error.position.max(1) - 1);
        let position = text.chars().position(|character| Some(character) == wanted).map_or(1, |index| index + 1);
        MarkupError { text: text.to_owned(), position, ..error }
    })
}

/// Writes a value so that it stands for itself in plain text.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        if "\\$_^{}".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Puts a value where a template has `{}`: a number in mathematics, a label as upright text.
pub(super) fn fill(template: &str, value: &str, number: bool) -> String {
    let mut filled = String::new();
    let (mut mathematics, mut rest) = (false, template);
    while let Some(character) = rest.chars().next() {
        if let Some(after) = rest.strip_prefix("{}") {
            match (mathematics, number) {
                (true, true) => filled.push_str(value),
                (false, true) => filled.push_str(&format!("${value}$")),
                (true, false) => filled.push_str(&format!(r"\text{{{}}}", escape(value))),
                (false, false) => filled.push_str(&escape(value)),
            }
            rest = after;
            continue;
        }
        let escaped = if character == '\\' { rest[1..].chars().next().map_or(0, char::len_utf8) } else { 0 };
        let length = character.len_utf8() + escaped;
        mathematics ^= character == '$';
        filled.push_str(&rest[..length]);
        rest = &rest[length..];
    }
    filled
}

/// The value in markup, put into a template.
pub(super) fn fill_value(template: &str, value: &Value) -> String {
    match value {
        Value::Number(value) => fill(template, &number(*value), true),
        Value::Text(value) => fill(template, value, false),
    }
}

/// Puts markup where a template has `{}`; mathematics stays mathematics on either side.
pub(super) fn fill_markup(template: &str, markup: &str) -> String {
    match (template.split_once("{}"), markup.strip_prefix('$').and_then(|inner| inner.strip_suffix('$'))) {
        (Some((before, _)), Some(inner)) if before.matches('$').count() % 2 == 1 => template.replace("{}", inner),
        (Some(_), _) => template.replace("{}", markup),
        (None, _) => template.to_owned(),
    }
}

/// The known name that differs least, if it is near enough to be meant: letters missing, added, changed or swapped.
pub(super) fn nearest(name: &str, known: impl IntoIterator<Item = &'static str>) -> Option<&'static str> {
    let limit = if name.chars().count() < 4 { 1 } else { 2 };
    let mut best: Option<(usize, &'static str)> = None;
    for candidate in known {
        let distance = distance(name, candidate);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Number of letters missing, added, changed or swapped with their neighbour.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<usize>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let changed = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut least = changed.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                least = least.min(rows[i - 2][j - 2] + 1);
            }
            row.push(least);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_misses_are_found_and_far_ones_are_not() {
        let known = || ["sigma", "theta", "eta", "pi", "phi"];
        assert_eq!(nearest("sgima", known()), Some("sigma"));
        assert_eq!(nearest("thta", known()), Some("theta"));
        assert_eq!(nearest("p", known()), Some("pi"));
        assert_eq!(nearest("integral", known()), None);
    }

    #[test]
    fn values_fit_into_mathematics_and_text() {
        assert_eq!(fill("$x = {}$, {}", "2", true), "$x = 2$, $2$");
        assert_eq!(fill("{}", "a_b", false), r"a\_b");
        assert_eq!(fill_markup("case {}", "$w_1$"), "case $w_1$");
        assert_eq!(fill_markup(r"$\phi = {}$", r"$\tanh u$"), r"$\phi = \tanh u$");
    }
}

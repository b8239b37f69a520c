//! Text that is safe in HTML, and the small pieces that pages repeat.

/// Text that stands for itself, between tags and in quoted attributes.
pub(super) fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(letter),
            _ if letter.is_control() => safe.push('\u{fffd}'),
            _ => safe.push(letter),
        }
    }
    safe
}

/// JSON that may stand inside a script element: no tag can begin in it.
pub(super) fn data(value: &serde_json::Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A number of things in words.
pub(super) fn count(number: usize, thing: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{end}")
}

/// A name that may be part of the `id` of an element.
pub(super) fn anchor(name: &str) -> String {
    name.chars().map(|letter| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '-' }).collect()
}

/// Seconds, with as many digits as matter.
pub(super) fn seconds(value: f64) -> String {
    match value {
        _ if value >= 99.95 => format!("{value:.0} s"),
        _ if value >= 9.995 => format!("{value:.1} s"),
        _ if value >= 0.9995 => format!("{value:.2} s"),
        _ if value >= 9.95e-3 => format!("{:.0} ms", 1e3 * value),
        _ => format!("{:.1} ms", 1e3 * value),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_become_markup() {
        let hostile = "</title><script>alert('x')</script>\" onload=\"x\u{0}&amp;";
        let safe = escape(hostile);
        assert!(!safe.contains(['<', '>', '"', '\'', '\u{0}']), "{safe}");
        let script = data(&serde_json::json!({ "a": "</script><!--&" }));
        assert!(!script.contains(['<', '>', '&']), "{script}");
        let back: serde_json::Value = serde_json::from_str(&script).expect("JSON");
        assert_eq!(back["a"], "</script><!--&");
        assert_eq!(anchor("a b<\"é"), "a-b---");
    }

    #[test]
    fn seconds_have_the_digits_that_matter() {
        let times = [0.00123, 0.0123, 0.9999, 3.456, 34.56, 345.6].map(seconds);
        assert_eq!(times, ["1.2 ms", "12 ms", "1.00 s", "3.46 s", "34.6 s", "346 s"]);
    }
}

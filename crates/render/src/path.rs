//! Numbers, paths and text as SVG writes them.

use plotters_backend::BackendCoord;
use std::fmt::Write;

/// A number of hundredths as a decimal.
pub(super) fn fixed(hundredths: i32) -> String {
    let sign = if hundredths < 0 { "-" } else { "" };
    let (whole, rest) = (hundredths.unsigned_abs() / 100, hundredths.unsigned_abs() % 100);
    match (whole, rest) {
        (0, 0) => "0".to_owned(),
        (_, 0) => format!("{sign}{whole}"),
        _ => {
            let whole = if whole == 0 { String::new() } else { whole.to_string() };
            let digits = format!("{rest:02}");
            format!("{sign}{whole}.{}", digits.trim_end_matches('0'))
        }
    }
}

/// Text that is safe in XML, both between tags and in attributes.
pub(super) fn xml(text: &str) -> String {
    let mut safe = String::new();
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\n' | '\r' | '\t' => safe.push(' '),
            _ if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => safe.push('\u{fffd}'),
            _ => safe.push(character),
        }
    }
    safe
}

/// Path data of a polyline in relative steps.
pub(super) fn polyline(points: impl IntoIterator<Item = BackendCoord>, closed: bool) -> String {
    let mut path = String::new();
    let mut last: Option<BackendCoord> = None;
    let mut implied = false;
    for (x, y) in points {
        match last {
            None => {
                let _ = write!(path, "M{} {}", fixed(x), fixed(y));
            }
            Some((x0, y0)) => {
                let (dx, dy) = (x - x0, y - y0);
                if (dx, dy) == (0, 0) {
                    continue;
                }
                if dy == 0 {
                    let _ = write!(path, "h{}", fixed(dx));
                    implied = false;
                } else if dx == 0 {
                    let _ = write!(path, "v{}", fixed(dy));
                    implied = false;
                } else {
                    let separator = match (implied, dx < 0) {
                        (false, _) => "l",
                        (true, true) => "",
                        (true, false) => " ",
                    };
                    let space = if dy < 0 { "" } else { " " };
                    let _ = write!(path, "{separator}{}{space}{}", fixed(dx), fixed(dy));
                    implied = true;
                }
            }
        }
        last = Some((x, y));
    }
    if closed {
        path.push('z');
    }
    path
}

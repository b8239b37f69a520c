//! Plain text as Markdown, so that each letter shows as itself.

/// Text; code between backquotes stays code.
pub(super) fn text(plain: &str) -> String {
    let mut out = String::new();
    // odd parts are code; a backquote without another is a letter
    let parts: Vec<&str> = plain.split('`').collect();
    for (index, part) in parts.iter().enumerate() {
        if index % 2 == 1 && index + 1 < parts.len() {
            out.push_str(&code(part));
            continue;
        }
        if index % 2 == 1 {
            out.push_str("\\`");
        }
        let mut before = ' ';
        let mut letters = part.chars().peekable();
        while let Some(letter) = letters.next() {
            let after = letters.peek().copied().unwrap_or(' ');
            // within a word it is no mark
            let within = letter == '_' && before.is_alphanumeric() && after.is_alphanumeric();
            if "\\*_[]<".contains(letter) && !within {
                out.push('\\');
            }
            out.push(letter);
            before = letter;
        }
    }
    out
}

/// Code.
pub(super) fn code(plain: &str) -> String {
    format!("`{plain}`")
}

/// A table: names of the columns, and rows of cells, which are Markdown.
pub(super) fn table(names: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    // a bar would end the cell, in code too
    let line = |cells: &[String]| {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace('|', "\\|")).collect();
        format!("| {} |\n", cells.join(" | "))
    };
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let rule = format!("|{}\n", "---|".repeat(names.len()));
    rows.into_iter().fold(line(&names) + &rule, |text, row| text + &line(&row))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_show_as_themselves() {
        for (plain, written) in [
            ("q* = sigma_w^2 A* + E[phi]", "q\\* = sigma_w^2 A\\* + E\\[phi\\]"),
            ("|x|^2 < `|x|` and `a*b`", "|x|^2 \\< `|x|` and `a*b`"),
            ("a ` b", "a \\` b"),
            ("_x \\nd", "\\_x \\\\nd"),
        ] {
            assert_eq!(text(plain), written);
        }
        assert_eq!(
            table(&["a", "b"], [vec!["|1|".to_owned(), "2".to_owned()]]),
            "| a | b |\n|---|---|\n| \\|1\\| | 2 |\n"
        );
    }
}

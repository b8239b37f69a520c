//! The pages in the table of contents of the book, between two lines of its `SUMMARY.md`.

use anyhow::{Result, anyhow};
use std::path::Path;

/// The line that the pages follow.
pub const START: &str = "<!-- generated: experiments -->";

/// The line after them.
pub const END: &str = "<!-- end -->";

/// The table of contents with these lines between the two that enclose them; `None` where it has none of these two.
pub(super) fn filled(path: &Path, text: &str, lines: &str) -> Result<Option<String>> {
    let place = |wanted: &str| text.lines().position(|line| line.trim() == wanted);
    let wrong = |line: usize, found: &str, missing: &str| {
        anyhow!("{}:{}: the line {found} is there, but no line {missing} {}", path.display(), line + 1, "goes with it")
    };
    let (start, end) = match (place(START), place(END)) {
        (None, None) => return Ok(None),
        (Some(start), Some(end)) if start < end => (start, end),
        (Some(start), _) => return Err(wrong(start, START, END)),
        (None, Some(end)) => return Err(wrong(end, END, START)),
    };
    let all: Vec<&str> = text.lines().collect();
    let joined = |lines: &[&str]| lines.iter().fold(String::new(), |text, line| text + line + "\n");
    Ok(Some(format!("{}\n{lines}\n{}", joined(&all[..=start]), joined(&all[end..]))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fill(text: &str) -> Result<Option<String>> {
        filled(Path::new("docs/SUMMARY.md"), text, "- [x](x.md)\n")
    }

    #[test]
    fn what_is_around_the_pages_stays_and_twice_is_once() {
        let text = format!("# Book\n\n- [a](a.md)\n\n{START}\nold\n{END}\n\n- [b](b.md)\n");
        let once = fill(&text).expect("two lines").expect("filled");
        assert_eq!(once, format!("# Book\n\n- [a](a.md)\n\n{START}\n\n- [x](x.md)\n\n{END}\n\n- [b](b.md)\n"));
        assert_eq!(fill(&once).expect("two lines").as_deref(), Some(once.as_str()));
        assert_eq!(fill("# Book\n").expect("none"), None);
    }

    #[test]
    fn one_line_without_the_other_is_refused_with_its_place() {
        for (text, place) in
            [(format!("# Book\n{START}\n"), 2), (format!("{END}\n{START}\n"), 2), (format!("\n\n{END}\n"), 3)]
        {
            let error = fill(&text).expect_err("a line is missing").to_string();
            assert!(error.starts_with(&format!("docs/SUMMARY.md:{place}: the line ")), "{error}");
        }
    }
}

//! What differs between a figure and what would be drawn.

use crate::export::{decode_png, size_of_png};
use crate::files;
use crate::pdf::{self, Drawing, Kind};
use crate::provenance::{Media, Numbers, Provenance};

/// Which tables differ.
pub(super) fn numbers(stated: &Numbers, computed: &Numbers) -> String {
    let of = |numbers: &Numbers, name: &str| {
        numbers.tables.iter().find(|(table, _)| table == name).map(|(_, digest)| digest.clone())
    };
    let mut differing = Vec::new();
    for (name, digest) in &stated.tables {
        match of(computed, name) {
            None => differing.push(format!("{name} is not computed")),
            Some(other) if other != *digest => {
                differing.push(format!("{name} has SHA-256 {other}, stated is {digest}"))
            }
            Some(_) => {}
        }
    }
    let unstated = computed.tables.iter().filter(|(name, _)| of(stated, name).is_none());
    differing.extend(unstated.map(|(name, _)| format!("{name} is computed, but not stated")));
    if differing.is_empty() {
        differing.push(format!("all tables together have SHA-256 {}, stated is {}", computed.digest, stated.digest));
    }
    format!("numbers: {}", differing.join("; "))
}

/// Where the first difference lies and how much differs; nothing where all bytes are the same, but for the ends of lines of an SVG.
pub(super) fn drawing(media: Media, found: &[u8], meant: &[u8]) -> Option<String> {
    let same_text =
        || media == Media::Svg && std::str::from_utf8(meant).is_ok_and(|meant| files::is_text(found, meant));
    if found == meant || same_text() {
        return None;
    }
    Some(format!(
        "drawing: {}",
        match media {
            Media::Svg => svg(&String::from_utf8_lossy(found), &String::from_utf8_lossy(meant)),
            Media::Pdf => pdf(found, meant),
            Media::Png => png(found, meant),
        }
    ))
}

/// What a figure in a document draws that the figure in this file does not: operators and resources, however they are written.
pub(super) fn included(found: &pdf::Figure, meant: &[u8]) -> Option<String> {
    let meant = match pdf::read(meant, &Provenance::is_packet).map(|document| document.drawings.into_iter().next()) {
        Ok(Some(Drawing { kind: Kind::Figure(figure), .. })) => figure,
        _ => return Some("drawing: the figure to compare it with cannot be read".to_owned()),
    };
    pdf::difference(found, &meant).map(|difference| format!("drawing: {difference}"))
}

fn svg(found: &str, meant: &str) -> String {
    let (found, meant): (Vec<&str>, Vec<&str>) = (found.lines().collect(), meant.lines().collect());
    let differing = found.iter().zip(&meant).filter(|(a, b)| a != b).count() + found.len().abs_diff(meant.len());
    let Some(line) = found.iter().zip(&meant).position(|(a, b)| a != b) else {
        return match found.len().cmp(&meant.len()) {
            std::cmp::Ordering::Equal => "line ends differ".to_owned(),
            std::cmp::Ordering::Less => format!("{} lines are missing at its end", meant.len() - found.len()),
            std::cmp::Ordering::Greater => format!("{} lines too many at its end", found.len() - meant.len()),
        };
    };
    let solid = |lines: &[&str]| lines.iter().flat_map(|line| line.split_whitespace()).collect::<String>();
    if solid(&found) == solid(&meant) {
        return format!("only white space differs, from line {} on: the file was formatted again", line + 1);
    }
    let (here, there) = first_difference(found[line], meant[line]);
    let rest = if differing > 1 { format!("; {differing} lines differ in all") } else { String::new() };
    format!("line {}{}: {here:?} where {there:?} is meant{rest}", line + 1, group(&meant[..line]))
}

/// The labels of the groups that are open after these lines.
fn group(lines: &[&str]) -> String {
    let mut open: Vec<Option<&str>> = Vec::new();
    for line in lines {
        if line.starts_with("<g") && !line.contains("</g>") {
            open.push(line.split_once("aria-label=\"").and_then(|(_, rest)| rest.split('"').next()));
        } else if line.starts_with("</g>") {
            open.pop();
        }
    }
    let labels: Vec<&str> = open.into_iter().flatten().collect();
    if labels.is_empty() { String::new() } else { format!(" ({})", labels.join(", ")) }
}

/// The first words in which two lines differ.
fn first_difference<'a>(found: &'a str, meant: &'a str) -> (&'a str, &'a str) {
    let same: usize = found.chars().zip(meant.chars()).take_while(|(a, b)| a == b).map(|(a, _)| a.len_utf8()).sum();
    let part_of_word = |c: char| c.is_ascii_alphanumeric() || ".-#_".contains(c);
    let start = found[..same].rfind(|c| !part_of_word(c)).map_or(0, |at| at + 1);
    let start = if found.is_char_boundary(start) { start } else { same };
    let word = |text: &'a str| {
        let text = &text[start..];
        let end = text
            .char_indices()
            .find(|&(at, c)| at + start >= same && !part_of_word(c))
            .map_or(text.len(), |(at, _)| at);
        let longest = text.char_indices().nth(60).map_or(text.len(), |(at, _)| at);
        &text[..end.min(longest)]
    };
    match (word(found), word(meant)) {
        // no word to show: the lines from here on
        ("", "") => (shortened(&found[same..]), shortened(&meant[same..])),
        words => words,
    }
}

/// The first 40 letters.
fn shortened(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(at, _)| &text[..at])
}

fn pdf(found: &[u8], meant: &[u8]) -> String {
    let at = found.iter().zip(meant).position(|(a, b)| a != b).unwrap_or(found.len().min(meant.len()));
    let before = String::from_utf8_lossy(&found[..at]);
    let object = before.rfind(" 0 obj").map(|end| {
        let digits = before[..end].chars().rev().take_while(char::is_ascii_digit).count();
        before[end - digits..end].to_owned()
    });
    let inside = object.map_or(String::new(), |object| format!(" in object {object}"));
    format!("byte {at}{inside} differs; the file has {} bytes, {} are meant", found.len(), meant.len())
}

fn png(found: &[u8], meant: &[u8]) -> String {
    // a header may state any size, so nothing is unfolded unless it is the one meant
    if let (Ok(size), Ok(other)) = (size_of_png(found), size_of_png(meant))
        && size != other
    {
        return format!("it has {} x {} pixels, {} x {} are meant", size.0, size.1, other.0, other.1);
    }
    match (decode_png(found), decode_png(meant)) {
        (Ok((size, pixels)), Ok((_, other))) => {
            let differs = |index: &usize| pixels[index * 3..index * 3 + 3] != other[index * 3..index * 3 + 3];
            let count = pixels.len().min(other.len()) / 3;
            let mut differing = (0..count).filter(differs);
            match differing.next() {
                None => "its pixels are the ones meant, but not the rest of the file".to_owned(),
                Some(first) => {
                    let (x, y) = (first % size.0 as usize, first / size.0 as usize);
                    format!("{} pixels differ, the first at column {x}, row {y}", differing.count() + 1)
                }
            }
        }
        (Err(reason), _) | (_, Err(reason)) => format!("its pixels cannot be read: {reason}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_named_with_its_place() {
        let meant =
            "<svg>\n<g fill=\"none\">\n<g aria-label=\"panel (b)\">\n<path d=\"M1 2.5l3 4\"/>\n</g>\n</g>\n</svg>\n";
        let of = |found: &str| drawing(Media::Svg, found.as_bytes(), meant.as_bytes());
        assert_eq!(of(meant), None);
        assert_eq!(
            of(&meant.replace("2.5l3", "2.6l3")).as_deref(),
            Some("drawing: line 4 (panel (b)): \"2.6l3\" where \"2.5l3\" is meant")
        );
        assert_eq!(of(&meant.replace("</svg>\n", "")).as_deref(), Some("drawing: 1 lines are missing at its end"));
        assert_eq!(of(&format!("{meant}<!-- -->")).as_deref(), Some("drawing: 1 lines too many at its end"));
        assert_eq!(of(&meant.replace('\n', "\r\n")), None);
        assert_eq!(of(meant.trim_end()).as_deref(), Some("drawing: line ends differ"));
        assert!(of(&meant.replace("4\"/>", "é\"/>")).is_some());
        assert_eq!(
            of(&meant.replace("<path", "    <path").replace("</g>\n</g>", "</g></g>")).as_deref(),
            Some("drawing: only white space differs, from line 4 on: the file was formatted again")
        );
        let other = of(&meant.replace("<path d", "  <path e")).expect("a difference");
        assert!(other.contains("\"  <path e=") && other.contains("\"<path d="), "{other}");
    }

    #[test]
    fn pdf_objects_are_named() {
        let found =
            drawing(Media::Pdf, b"%PDF\n1 0 obj\nab\nendobj\n12 0 obj\ncd", b"%PDF\n1 0 obj\nab\nendobj\n12 0 obj\ncx");
        assert!(found.is_some_and(|text| text.contains("in object 12")));
    }

    #[test]
    fn tables_that_differ_are_named() {
        let of = |text: &[u8]| Numbers::new(&[("a.csv".into(), text.to_vec()), ("b.csv".into(), b"1".to_vec())]);
        let text = numbers(&of(b"1"), &of(b"2"));
        assert!(text.starts_with("numbers: a.csv has SHA-256") && !text.contains("b.csv"), "{text}");
    }
}

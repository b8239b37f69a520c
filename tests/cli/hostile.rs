//! Files of others: they write nothing outside the output folder, and their text stays text.

use super::{files_below, neurodyn, write};
use std::path::Path;

const MARKUP: &str = r#"</title></metadata><script>alert(1)</script><img src=x onerror=alert(1)> & "quotes" 'too' \\input{passwd} ]]> {{ %"#;

/// A project below a folder of its own, so that files beside it can be seen.
fn hostile(title: &str, rest: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!(
        "experiment = \"activity_convergence\"\n{}{rest}",
        super::SMALL.replace("\"A small one\"", &format!("'''{title}'''"))
    );
    write(folder.path(), "inside/experiments/small.toml", &text);
    std::fs::create_dir_all(folder.path().join("inside/tests")).expect("created");
    folder
}

#[test]
fn text_of_a_file_stays_text_in_svg_html_and_latex() {
    let folder = hostile(MARKUP, "");
    let root = folder.path().join("inside");
    neurodyn(&root, &["run", "--quiet"]);
    assert_eq!(neurodyn(&root, &["accept", "small"]).code, 0);
    assert_eq!(neurodyn(&root, &["run", "--quiet", "--format", "svg,pdf,png", "--dpi", "72"]).code, 0);
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    let document = roxmltree::Document::parse(&svg).expect("XML");
    let names: Vec<&str> = document.descendants().map(|node| node.tag_name().name()).collect();
    assert!(
        !names.contains(&"script")
            && !names.contains(&"img")
            && names.iter().filter(|name| **name == "metadata").count() == 1
    );
    let toml = document.descendants().find(|node| node.has_tag_name(("toml", "")) || node.tag_name().name() == "toml");
    assert!(toml.and_then(|node| node.text()).is_some_and(|text| text.contains(MARKUP)), "the file is there whole");
    // it proves itself all the same, in all formats
    for extension in ["svg", "pdf", "png"] {
        let answer = neurodyn(&root, &["verify", "--quiet", &format!("figures/small.{extension}")]);
        assert_eq!(answer.code, 0, "{extension}: {}{}", answer.out, answer.err);
    }
    assert_eq!(neurodyn(&root, &["report", "--quiet"]).code, 0);
    let page = std::fs::read_to_string(root.join("report/index.html")).expect("a page");
    // the page has scripts of its own; nothing of the title may begin a tag in it
    for tag in ["<script>alert", "<img src=x", "</title></metadata>"] {
        assert!(!page.contains(tag), "{tag}");
    }
    let caption = neurodyn(&root, &["cite", "--caption", "small"]);
    let bibtex = neurodyn(&root, &["cite", "--bibtex", "small"]);
    assert_eq!((caption.code, bibtex.code), (0, 0));
    for text in [caption.out, bibtex.out] {
        for (index, _) in text.match_indices("input{passwd}") {
            assert!(!text[..index].ends_with('\\'), "{text}");
        }
        let unescaped = |letter: char| text.match_indices(letter).any(|(at, _)| !text[..at].ends_with('\\'));
        assert!(!unescaped('&') && !unescaped('%'), "{text}");
    }
}

#[test]
fn nothing_is_written_outside_the_output_folder() {
    let names = r#"
[numbers]
"../../outside" = { table = "fixed_points", column = "activity_star", at = { sigma_w = 2.5 } }
"#;
    let figure = "\n[figures.\"../../outside\"]\ntitle = \"x\"\n";
    for (rest, said) in [(names, "a name is made of letters"), (figure, "../../outside")] {
        let folder = hostile("x", rest);
        let answer = neurodyn(&folder.path().join("inside"), &["run", "--quiet"]);
        assert!(answer.code == 2 && answer.err.contains(said), "{}", answer.err);
        outside(folder.path(), &[]);
    }
    let folder = hostile("x", "");
    let root = folder.path().join("inside");
    neurodyn(&root, &["run", "--quiet"]);
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    let absolute = folder.path().join("neurodyn-outside").display().to_string();
    let absolute_tag = format!("<nd:experiment>{absolute}");
    for (from, to) in [
        ("<nd:experiment>small", "<nd:experiment>../../outside"),
        ("<dc:identifier>small", "<dc:identifier>../../outside"),
        ("<nd:experiment>small", absolute_tag.as_str()),
    ] {
        let changed = svg.replace(from, to);
        assert!(changed != svg, "{from}");
        std::fs::write(folder.path().join("evil.svg"), &changed).expect("written");
        let answer = neurodyn(&root, &["verify", "--quiet", "../evil.svg"]);
        assert!(answer.code == 1 || answer.code == 2, "{}{}", answer.out, answer.err);
        neurodyn(&root, &["new", "again", "--from", "../evil.svg"]);
        outside(folder.path(), &["evil.svg"]);
    }
    for name in ["../outside", &absolute, "a/b", "..", ".hidden", "a\\b", ""] {
        let answer = neurodyn(&root, &["new", name, "--from", "small"]);
        assert_eq!(answer.code, 2, "{name}: {}", answer.err);
        outside(folder.path(), &["evil.svg"]);
    }
}

/// Nothing but the project and these files is in the folder.
fn outside(folder: &Path, known: &[&str]) {
    let found = files_below(folder);
    let inside = folder.join("inside").display().to_string();
    let strangers: Vec<&String> = found
        .iter()
        .filter(|path| !path.starts_with(&inside) && !known.iter().any(|name| path.ends_with(name)))
        .collect();
    assert!(strangers.is_empty() && !folder.join("neurodyn-outside").exists(), "{strangers:?}");
}

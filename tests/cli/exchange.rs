//! What other programs and other systems make of our files, and we of theirs: line ends, characters, titles, kinds of columns.

use super::{SMALL, accepted, files_below, json, neurodyn, project, write};

#[test]
fn a_copy_with_converted_line_ends_is_the_same_project() {
    let folder = accepted();
    let root = folder.path();
    let numbers = "\n[numbers]\n\"small.star\" = { table = \"fixed_points\", column = \"activity_star\", at = { sigma_w = 2.5 } }\n";
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}{numbers}"));
    assert_eq!(neurodyn(root, &["run", "--quiet"]).code, 0);
    let cited = json(root, &["cite", "small", "--json"]);
    std::fs::remove_dir_all(root.join("results")).expect("removed");
    let mut converted = 0;
    for name in files_below(root) {
        let text = std::fs::read_to_string(&name).expect("text");
        assert!(!text.contains('\r'), "{name}");
        std::fs::write(&name, text.replace('\n', "\r\n")).expect("written");
        converted += usize::from([".toml", ".csv", ".svg", ".tex"].iter().any(|ending| name.ends_with(ending)));
    }
    assert!(converted >= 5, "{converted}");
    assert_eq!(json(root, &["cite", "small", "--json"]), cited);
    for arguments in [&["check"][..], &["verify", "figures/small.svg"]] {
        let answer = neurodyn(root, arguments);
        assert_eq!(answer.code, 0, "{arguments:?}: {}{}", answer.out, answer.err);
    }
    // a variant of a converted file has line ends of one kind
    assert_eq!(neurodyn(root, &["new", "other", "--from", "small"]).code, 0);
    let other = std::fs::read_to_string(root.join("experiments/other.toml")).expect("written");
    assert!(!other.contains('\r'), "{other:?}");
}

#[test]
fn characters_that_no_figure_can_hold_are_refused_where_they_stand() {
    for (rest, place, field, letter) in [
        ("[figures.small]\ntitle = \"A\\u0001B\"\n", "17:11", "figures.small.title", "U+0001"),
        ("[figures.small]\ntitle = \"\\\\u0001 \\u0000\"\n", "17:18", "figures.small.title", "U+0000"),
        ("[figures.small]\ntitle = \"\"\"\nA\n\\fB\"\"\"\n", "19:1", "figures.small.title", "U+000C"),
        ("[figures.small.panels.a]\nx = \"\\U0000FFFE\"\n", "17:6", "figures.small.panels.a.x", "U+FFFE"),
        ("# \u{ffff}\n", "16:3", "the character", "U+FFFF"),
        ("[figures.\"\\b\"]\nheight = 60\n", "16:11", "figures.", "U+0008"),
    ] {
        let folder = project();
        let root = folder.path();
        write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}\n{rest}"));
        let answer = neurodyn(root, &["run"]);
        assert_eq!(answer.code, 2, "{rest}: {}", answer.err);
        for part in [&format!("experiments/small.toml:{place}: "), field, letter, "no figure can hold it"] {
            assert!(answer.err.contains(part), "{part}: {}", answer.err);
        }
        assert!(!root.join("results").exists() && !root.join("figures").exists(), "nothing was computed");
    }
    // what XML can hold passes, and the figure proves itself
    let folder = project();
    let root = folder.path();
    let title = "[figures.small]\ntitle = \"A\\u007f \\u0085\\t\\r\\n \\U0001F600 \\uFFFD\"\n";
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}\n{title}"));
    neurodyn(root, &["run", "--quiet", "--format", "svg,pdf,png"]);
    for extension in ["svg", "pdf", "png"] {
        let answer = neurodyn(root, &["verify", &format!("figures/small.{extension}")]);
        assert_eq!(answer.code, 0, "{extension}: {}{}", answer.out, answer.err);
    }
}

#[test]
fn titles_are_plain_text_in_every_format() {
    let folder = project();
    let root = folder.path();
    let title = "[figures.small]\ntitle = 'Chaos for $\\sigma_w$ < 1'\n";
    let text = SMALL.replace("A small one", "Large $\\\\sigma_w$ | small");
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{text}\n{title}"));
    neurodyn(root, &["run", "--quiet", "--format", "svg,pdf,png"]);
    let svg = std::fs::read_to_string(root.join("figures/small.svg")).expect("drawn");
    assert!(svg.contains("<title id=\"small-title\">Chaos for σ_w &lt; 1</title>"), "{}", &svg[..600]);
    for extension in ["svg", "pdf", "png"] {
        let bytes = std::fs::read(root.join(format!("figures/small.{extension}"))).expect("drawn");
        let named = "<dc:title><rdf:Alt><rdf:li xml:lang=\"x-default\">Chaos for σ_w &lt; 1</rdf:li>";
        assert!(bytes.windows(named.len()).any(|window| window == named.as_bytes()), "{extension}");
        let answer = neurodyn(root, &["verify", &format!("figures/small.{extension}")]);
        assert_eq!(answer.code, 0, "{extension}: {}{}", answer.out, answer.err);
    }
    assert!(std::fs::read(root.join("figures/small.pdf")).expect("drawn").starts_with(b"%PDF-1.5"));
    assert_eq!(neurodyn(root, &["accept", "small"]).code, 0);
    let bibtex = neurodyn(root, &["cite", "small", "--bibtex"]).out;
    assert!(bibtex.contains("Large \\ensuremath{\\sigma}\\_w \\textbar{} small"), "{bibtex}");
    assert_eq!(neurodyn(root, &["report", "--quiet"]).code, 0);
    let page = std::fs::read_to_string(root.join("report/index.html")).expect("a page");
    assert!(page.contains("Chaos for σ_w &lt; 1"));
}

#[test]
fn glyphs_are_named_in_the_way_that_all_readers_know() {
    let folder = project();
    neurodyn(folder.path(), &["run", "--quiet"]);
    let svg = std::fs::read_to_string(folder.path().join("figures/small.svg")).expect("drawn");
    assert_eq!(svg.matches("xmlns:xlink=\"http://www.w3.org/1999/xlink\"").count(), 1);
    let document = roxmltree::Document::parse(&svg).expect("XML");
    let uses: Vec<_> =
        document.descendants().filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "use"))).collect();
    assert!(uses.len() > 20);
    for node in uses {
        let name = node.attribute(("http://www.w3.org/1999/xlink", "href")).and_then(|name| name.strip_prefix('#'));
        let name = name.expect("a name");
        assert!(document.descendants().any(|other| other.attribute("id") == Some(name)), "{name}");
    }
}

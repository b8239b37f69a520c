//! Titles, sizes and labels of figures from experiment files, and themes.

use super::{SMALL, accepted, files_below, neurodyn, project, write};
use std::path::Path;

fn labelled(root: &Path, section: &str) {
    write(root, "experiments/small.toml", &format!("experiment = \"activity_convergence\"\n{SMALL}\n{section}"));
}

fn figure(root: &Path) -> String {
    std::fs::read_to_string(root.join("figures/small.svg")).expect("a figure")
}

#[test]
fn files_give_titles_sizes_and_labels() {
    let folder = project();
    // there are no golden data yet
    assert_eq!(neurodyn(folder.path(), &["run"]).code, 0);
    labelled(
        folder.path(),
        "[figures.small]\ntitle = \"Mine & yours\"\nheight = 60\nwidth = \"single\"\n\
         legend = { initial_activity = '$a = {}$' }\n\
         [figures.small.panels.b]\ntitle = 'case $\\bar\\xi$'\nx = 'depth $l$'\ny = '$\\langle A\\rangle$'\n",
    );
    // labels move no numbers, so the figure is drawn from the results of before
    let drawn = neurodyn(folder.path(), &["draw"]);
    assert_eq!(drawn.code, 0, "{}", drawn.err);
    let svg = figure(folder.path());
    for part in [
        "Mine &amp; yours</title>",
        "width=\"86mm\" height=\"60mm\"",
        "aria-label=\"a = 0.2\"",
        "aria-label=\"depth l\"",
        "aria-label=\"⟨A⟩\"",
        "aria-label=\"case ξ\u{304}\"",
        "aria-label=\"layer l\"",
    ] {
        assert!(svg.contains(part), "{part}");
    }
}

#[test]
fn a_variant_keeps_labels_under_the_names_of_its_module() {
    let folder = project();
    labelled(folder.path(), "[figures.activity_convergence.panels.a]\nx = 'depth $l$'\n");
    assert_eq!(neurodyn(folder.path(), &["run"]).code, 0);
    assert!(figure(folder.path()).contains("aria-label=\"depth l\""));
}

#[test]
fn wrong_sections_are_named_with_line_and_field_before_any_work() {
    for (section, parts) in [
        ("[figures.smal]\nheight = 60\n", vec!["small.toml:16:10:", "figures.smal: no such figure", "small"]),
        ("[figures.small.panels.q]\nx = 'l'\n", vec!["small.toml:16:23:", "no such panel", "a to b"]),
        ("[figures.small.panels.a]\nz = 'l'\n", vec!["small.toml:17:", "`z`", "`x`"]),
        (
            "[figures.small.panels.a]\nx = 'layer $\\sgima$'\n",
            vec![
                "small.toml:17:5:",
                "figures.small.panels.a.x: ",
                "character 8",
                r"\sgima is not known",
                r"did you mean \sigma?",
            ],
        ),
        ("[figures.small.panels.a]\nx = 'a_b'\n", vec!["small.toml:17:5:", "character 2", "outside of mathematics"]),
        ("[figures.small.panels.a]\nx = '{}'\n", vec!["small.toml:17:5:", "character 1"]),
        ("[figures.small]\nheight = 2\n", vec!["small.toml:17:", "2 mm", "from 20 to 250"]),
        ("[figures.small]\nwidth = \"wide\"\n", vec!["small.toml:17:", "wide", "\"single\""]),
        (
            "[figures.small]\nlegend = { sigma_v = '{}' }\n",
            vec!["small.toml:17:22:", "figures.small.legend.sigma_v: no such column", "initial_activity"],
        ),
        (
            "[figures.small]\nlegend = { initial_activity = '$A$' }\n",
            vec!["small.toml:17:31:", "figures.small.legend.initial_activity: ", "must hold {}"],
        ),
        (
            "[figures.small]\nlegend = { initial_activity = '$A^ {}_$' }\n",
            vec!["small.toml:17:31:", "character 7", "a script needs a symbol"],
        ),
    ] {
        let folder = project();
        labelled(folder.path(), section);
        let answer = neurodyn(folder.path(), &["run"]);
        assert_eq!(answer.code, 2, "{section}: {}", answer.err);
        for part in parts {
            assert!(answer.err.contains(part), "{section}: {part} missing in {}", answer.err);
        }
        let root = folder.path();
        assert_eq!(files_below(&root.join("figures")).len() + files_below(&root.join("results")).len(), 0);
    }
}

#[test]
fn themes_are_recorded_and_checked_as_they_are() {
    let folder = project();
    let root = folder.path();
    assert_eq!(neurodyn(root, &["run"]).code, 0);
    assert_eq!(neurodyn(root, &["accept"]).code, 0);
    assert_eq!(neurodyn(root, &["run", "--changed"]).code, 0);
    let print = figure(root);
    assert!(print.contains("data-theme=\"print\""));
    assert_eq!(neurodyn(root, &["run", "--changed", "--theme", "light"]).code, 0);
    let light = figure(root);
    assert!(light.contains("data-theme=\"light\"") && light != print);
    let checked = neurodyn(root, &["check"]);
    assert_eq!(checked.code, 0, "{}", checked.err);
    assert_eq!(neurodyn(root, &["draw"]).code, 0);
    assert_eq!(figure(root), print);
    let wrong = neurodyn(root, &["draw", "--theme", "dark"]);
    assert!(wrong.code == 2 && wrong.err.contains("print") && wrong.err.contains("light"), "{}", wrong.err);
}

/// A number of an attribute of the root element, in millimetres.
fn size(svg: &str, name: &str) -> f64 {
    let value =
        svg.split_once(&format!(" {name}=\"")).expect("an attribute").1.split_once("mm\"").expect("millimetres").0;
    value.parse().expect("a number")
}

#[test]
fn text_typeface_and_venue_come_from_files_and_flags_and_verify() {
    let folder = accepted();
    let root = folder.path();
    let print = figure(root);
    assert!(!print.contains("data-text") && !print.contains("nd:look"));
    let all = ["figures/small.svg", "figures/small.pdf", "figures/small.png"];
    let draw = |flags: &[&str]| {
        let answer = neurodyn(root, &[&["draw", "--format", "svg,pdf,png", "--dpi", "60"], flags].concat());
        assert_eq!(answer.code, 0, "{}", answer.err);
        let verified = neurodyn(root, &[&["verify"], &all[..]].concat());
        assert!(verified.code == 0 && verified.err.contains("3 of 3"), "{flags:?}: {}{}", verified.out, verified.err);
        let checked = neurodyn(root, &["check"]);
        assert_eq!(checked.code, 0, "{flags:?}: {}", checked.err);
        (figure(root), std::fs::read(root.join(all[1])).expect("a PDF"))
    };
    let has = |pdf: &[u8], part: &str| pdf.windows(part.len()).any(|window| window == part.as_bytes());
    let (svg, pdf) = draw(&["--text", "live"]);
    assert!(svg.contains("data-text=\"live\"") && svg.contains("<rdf:li>text live</rdf:li>"));
    assert!(has(&pdf, "+STIXGeneral-Regular") && has(&pdf, "/ToUnicode") && !has(&pdf, "/Type3"));
    // flags go before what files say, and what files say before what the venue does
    labelled(root, "[figures.small]\ntext = \"live\"\nface = \"sans\"\nvenue = \"aps\"\nwidth = \"single\"\n");
    let (svg, pdf) = draw(&[]);
    assert!(
        svg.contains("data-text=\"live\" data-face=\"sans\" data-venue=\"aps\"") && has(&pdf, "+NeurodynSans-Regular")
    );
    assert_eq!(size(&svg, "width"), 86.0);
    let (svg, pdf) = draw(&["--text", "outlines", "--venue", "nature"]);
    assert!(
        !svg.contains("data-text") && svg.contains("data-face=\"sans\" data-venue=\"nature\"") && !has(&pdf, "/Font")
    );
    assert_eq!(size(&svg, "width"), 89.0);
    labelled(root, "[figures.small]\nvenue = \"slides\"\nwidth = 100\n");
    let (svg, _) = draw(&[]);
    assert!(svg.contains("data-theme=\"light\" data-face=\"sans\" data-venue=\"slides\""));
    assert_eq!(size(&svg, "width"), 100.0);
    assert!(draw(&["--theme", "print"]).0.contains("data-theme=\"print\""));
    // a figure that states a look that there is not, or says the usual in another way, is not believed
    for (from, to) in
        [("face sans", "face gothic"), ("<nd:look>", "<nd:look><rdf:Seq><rdf:li>text outlines</rdf:li></rdf:Seq>")]
    {
        std::fs::write(root.join(all[0]), figure(root).replacen(from, to, 1)).expect("written");
        let verified = neurodyn(root, &["verify", all[0]]);
        assert!(verified.code == 1 && verified.out.contains("it states that it was drawn with"), "{}", verified.out);
        draw(&[]);
    }
}

#[test]
fn looks_that_there_are_not_are_refused_with_those_that_there_are() {
    let folder = accepted();
    let root = folder.path();
    let before = figure(root);
    for (section, message) in [
        ("text = \"type3\"", "\"type3\", but must be \"outlines\" or \"live\""),
        ("face = 1", "1, but must be \"serif\" or \"sans\""),
        ("venue = \"prl\"", "\"prl\", but must be \"aps\" or \"nature\""),
        (
            "width = 39",
            "39, but must be \"single\" (86 mm) or \"double\" (178 mm), one or two columns of a journal, or 40 to 400 mm",
        ),
        ("width = 184\nvenue = \"aps\"", "no room: a width of 184 mm; aps has 178 mm"),
        ("height = 120\nvenue = \"slides\"", "no room: a height of 120 mm; slides has 78 mm"),
        (
            "venue = \"nature\"\npanels.a.x = '$a_{b_c}$'",
            "label \"a_(b_c)\" has subscripts or superscripts of 3.6 pt, but nature takes 5 pt at least",
        ),
        ("width = 40\nvenue = \"ieee\"", "no room"),
    ] {
        labelled(root, &format!("[figures.small]\n{section}\n"));
        let answer = neurodyn(root, &["draw"]);
        assert!(answer.code == 2 && answer.err.contains(message), "{section}: {}", answer.err);
        assert_eq!(figure(root), before);
    }
    for (flag, value) in [("--text", "type3"), ("--face", "gothic"), ("--venue", "prl")] {
        let answer = neurodyn(root, &["draw", flag, value]);
        assert!(answer.code == 2 && answer.err.contains(value), "{}", answer.err);
    }
}

//! Titles, sizes and labels of figures from experiment files, and themes.

use super::{SMALL, files_below, neurodyn, project, write};
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

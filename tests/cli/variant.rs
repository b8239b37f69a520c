//! New experiments from old ones, in a project and outside.

use super::{SMALL, accepted, files_below, json, neurodyn, write};
use std::path::Path;

const HEAD: &str =
    "#:schema schema/activity_convergence.json\n# A variant of small.\nexperiment = \"activity_convergence\"\n";

#[test]
fn a_variant_runs_with_a_seed_of_its_own() {
    let folder = accepted();
    let root = folder.path();
    let answer = neurodyn(root, &["new", "other", "--from", "small"]);
    assert!(answer.code == 0 && answer.err.contains("neurodyn run other"), "{}", answer.err);
    let text = std::fs::read_to_string(root.join("experiments/other.toml")).expect("written");
    assert!(text.starts_with(HEAD), "{text}");
    assert_eq!(text.matches("experiment =").count(), 1, "{text}");
    assert_eq!(neurodyn(root, &["run", "other"]).code, 0);
    assert_eq!(neurodyn(root, &["accept", "other"]).code, 0);
    assert_eq!(neurodyn(root, &["check"]).code, 0);
    let seeds: Vec<_> =
        json(root, &["list", "--json"]).as_array().expect("rows").iter().map(|row| row["seed"].clone()).collect();
    assert_eq!(seeds, [12, 11]);
}

#[test]
fn a_variant_of_a_variant_keeps_what_is_said_of_its_figures() {
    let folder = accepted();
    let root = folder.path();
    let file = format!("experiment = \"activity_convergence\"\n{SMALL}\n[figures.small]\nheight = 50\n");
    write(root, "experiments/small.toml", &file);
    assert_eq!(neurodyn(root, &["new", "other", "--from", "small"]).code, 0);
    let text = std::fs::read_to_string(root.join("experiments/other.toml")).expect("written");
    assert!(text.ends_with("[figures.activity_convergence]\nheight = 50\n"), "{text}");
    assert_eq!(neurodyn(root, &["run", "other"]).code, 0);
    let svg = std::fs::read_to_string(root.join("figures/other.svg")).expect("drawn");
    assert!(svg.contains("height=\"50mm\""));
}

#[test]
fn a_figure_is_enough_to_vary_it_anywhere() {
    let folder = accepted();
    let elsewhere = tempfile::tempdir().expect("a folder");
    let figure = folder.path().join("figures/small.svg");
    let figure = figure.to_str().expect("a name");
    let answer = neurodyn(elsewhere.path(), &["new", "mine", "--from", figure, "--seed", "5"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    assert_eq!(neurodyn(elsewhere.path(), &["run"]).code, 0);
    assert_eq!(neurodyn(elsewhere.path(), &["accept"]).code, 0);
    assert_eq!(neurodyn(elsewhere.path(), &["check"]).code, 0);
    // the same seed would be the same experiment
    let path = elsewhere.path().join("experiments/mine.toml");
    let text = std::fs::read_to_string(&path).expect("written");
    let expected = format!("{HEAD}{}", SMALL.replace("11", "5"));
    assert_eq!(text, expected);
    // with what editors read, as the program prints it
    let schema = std::fs::read_to_string(elsewhere.path().join("experiments/schema/activity_convergence.json"));
    assert_eq!(schema.expect("written"), neurodyn(elsewhere.path(), &["schema", "activity_convergence"]).out);
}

#[test]
fn any_way_of_writing_a_file_can_be_varied() {
    let folder = accepted();
    let root = folder.path();
    let parameters =
        "sigma_w = [1.3]\nsigma_b = 0.3\ninitial_activities = [1.0]\ndepth = 3\nwidth = 200\nreplicas = 40\n";
    write(
        root,
        "odd.toml",
        &format!(
            "#:schema schema/activity_convergence.json\n# Above.\n'experiment' = 'activity_convergence' # which\n\"seed\" = 0x11 # old\n\
             family = \"activity\"\nvalues=3\ntitle = \"\"\"\nseed = 4\n[numbers]\n\"\"\"\nnumbers.x = {{ table = \"layers\", column = \"layer\" }}\n\
             parameters.activation = \"tanh\"\n{}# the end\n",
            parameters.lines().map(|line| format!("parameters.{line}\n")).collect::<String>()
        ),
    );
    assert_eq!(neurodyn(root, &["new", "other", "--from", "odd.toml"]).code, 0);
    let text = std::fs::read_to_string(root.join("experiments/other.toml")).expect("written");
    let head = HEAD.replace("small", "odd");
    let kept = "# Above.\n\"seed\" = 12 # old\nfamily = \"activity\"\nvalues=1\ntitle = \"\"\"\nseed = 4\n[numbers]\n\"\"\"\nparameters.activation";
    assert!(text.starts_with(&format!("{head}{kept}")) && text.ends_with("# the end\n"), "{text}");
    assert_eq!(neurodyn(root, &["list", "other"]).code, 0);
}

/// The name of a figure is that of no experiment where an experiment draws several.
#[test]
fn the_name_of_a_figure_leads_to_its_experiment() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/distance_dynamics.toml");
    let text = std::fs::read_to_string(shipped).expect("text");
    write(root, "experiments/distance_dynamics.toml", &text);
    for command in ["run", "show", "list", "check", "draw", "report"] {
        let answer = neurodyn(root, &[command, "distance_correlation"]);
        let said = "distance_correlation is a figure of the experiment distance_dynamics";
        assert!(answer.code == 2 && answer.err.contains(said), "{command}: {}", answer.err);
    }
    assert_eq!(neurodyn(root, &["new", "mine", "--from", "distance_correlation"]).code, 0);
    let text = std::fs::read_to_string(root.join("experiments/mine.toml")).expect("written");
    assert!(text.contains("# A variant of distance_dynamics.\n"), "{text}");
}

#[test]
fn what_cannot_be_varied_is_refused_and_nothing_is_written() {
    let folder = accepted();
    let root = folder.path();
    write(root, "plain.svg", "<svg/>");
    write(root, "bad.toml", "family = 1\n");
    let before = files_below(root);
    for (arguments, message) in [
        (
            &["x", "--from", "nothing"][..],
            "\"nothing\" is no experiment of this project, no .toml file and no figure (.svg, .pdf, .png); there are: small",
        ),
        (&["small", "--from", "small"], "is there already"),
        (&["x", "--from", "small", "--seed", "11"], "seed 11 is that of experiments/small.toml"),
        (&["x", "--from", "plain.svg"], "plain.svg: holds no provenance"),
        (&["x", "--from", "bad.toml"], "bad.toml:1:"),
        (&["X", "--from", "small"], "allowed are lower case letters"),
        (&["../x", "--from", "small"], "\"../x\" is no name for an experiment"),
    ] {
        let answer = neurodyn(root, &[&["new"], arguments].concat());
        assert!(answer.code == 2 && answer.err.contains(message), "{arguments:?}: {}", answer.err);
        assert_eq!(files_below(root), before, "{arguments:?}");
    }
}

//! What does not exist at some parameters: blank cells, empty panels, points left out, in tables and figures of the real program.

use super::{json, neurodyn, project_of, write};
use std::path::Path;

const PHASES: &str = r#"family = "distance"
title = "Order and chaos, small"
seed = 12
values = 1

[parameters]
activation = "gelu"
sigma_w = [1.0, 1.3, 2.0]
sigma_b = [0.0, 0.5, 1.0]

[parameters.depth_scale]
sigma_w = [0.5, 1.0, 2.0]
sigma_b = [0.3]

[parameters.across]
sigma_w = [1.0, 1.2, 2.0]
sigma_b = 0.3
initial_correlation = 0.5
depths = [2, 3]
width = 500
replicas = 40
"#;

fn read(root: &Path, name: &str) -> String {
    std::fs::read_to_string(root.join(name)).expect(name)
}

#[test]
fn without_a_fixed_point_cells_are_blank_and_points_are_left_out() {
    let folder = project_of("distance_phase", PHASES);
    let root = folder.path();
    // golden data are missing
    let first = neurodyn(root, &["run"]);
    assert!(
        first.err.contains("1 of 3 simulated points are left out: their activity has no fixed point"),
        "{}",
        first.err
    );
    assert_eq!(neurodyn(root, &["accept", "small"]).code, 0);
    let golden = read(root, "tests/golden/small.plane.csv");
    assert!(golden.lines().any(|line| line == "2.0,0.5,,none,,,,"), "{golden}");
    assert!(!read(root, "tests/golden/small.across.csv").contains(",2.0,"), "nothing is simulated there");
    // gaps come back from CSV and Parquet
    let check = neurodyn(root, &["check", "small"]);
    assert_eq!(check.code, 0, "{}", check.err);
    let before = read(root, "figures/small.svg");
    assert_eq!(neurodyn(root, &["draw", "small"]).code, 0);
    assert_eq!(read(root, "figures/small.svg"), before);
    for part in [
        "Panel (a): 3 values of column correlation_star of table plane do not exist and are left blank.",
        "Panel (b): 3 values of column chi_1 of table plane do not exist and are left blank.",
    ] {
        // in the description, for readers of the file, and in what it says of itself
        assert!(before.matches(part).count() >= 2, "{part}");
    }
    let depth = read(root, "figures/small_correlation_depth.svg");
    let said = "table depth_scales has no rows where phase = &quot;chaotic&quot;";
    assert!(depth.contains(said) || depth.contains("phase = \"chaotic\""), "{depth}");
    assert_eq!(neurodyn(root, &["verify", "figures/small.svg"]).code, 0);
    // a changed gap is a difference like any other
    let filled = golden.replace("2.0,0.5,,none", "2.0,0.5,1.0,none");
    write(root, "tests/golden/small.plane.csv", &filled);
    let check = neurodyn(root, &["check", "small"]);
    assert_eq!(check.code, 1, "{}", check.err);
    assert!(check.err.contains("golden 1.0, now missing"), "{}", check.err);
}

#[test]
fn a_plane_without_any_fixed_point_says_so() {
    let text = "family = \"activity\"\ntitle = \"None\"\nseed = 13\nvalues = 1\n\n[parameters]\nactivation = \"relu\"\n\
                sigma_w = [1.0, 1.2, 2.0]\nsigma_b = [0.0, 0.5]\ninitial_activity = 1.0\ntolerance = 1e-4\nlongest = 100\n";
    let folder = project_of("activity_phase", text);
    let root = folder.path();
    let some = neurodyn(root, &["run", "small", "--set", "seed=13"]);
    assert_eq!(some.code, 0, "{}", some.err);
    let none = neurodyn(root, &["run", "small", "--set", "parameters.sigma_w=[2.0, 3.0]", "--format", "svg,pdf,png"]);
    assert_eq!(none.code, 0, "{}", none.err);
    let svg = read(root, "quick/small/figures/small.svg");
    assert!(svg.contains("aria-label=\"no data\"") && svg.contains("4 values of column q_star"), "{svg}");
    // a single bias scale is a plane, too
    let row = neurodyn(root, &["run", "small", "--set", "parameters.sigma_b=[0.5]"]);
    assert_eq!(row.code, 0, "{}", row.err);
}

#[test]
fn one_case_of_ones_own_leaves_the_other_panels_empty() {
    let text = "family = \"singular\"\ntitle = \"One case\"\nseed = 14\nvalues = 1\n\n[parameters]\nreplicas = 30\nparticles = 20\n\
                sweeps = 1\nladder = { smallest = 0.1, a_decade = 1 }\nshown_from = 1.0\ncurve = 2\nmost_inputs = 2\n\n\
                [[parameters.cases]]\nname = \"mine\"\nunits = 1\nteacher = { input_weights = [[0.0]], output_weights = [0.0] }\n\
                largest = 1e5\nfit_from = 1e2\n";
    let folder = project_of("singular_coefficient", text);
    let root = folder.path();
    let answer = neurodyn(root, &["run", "small", "--set", "seed=14"]);
    // with so few particles the numbers may disagree, which is another question
    assert!(answer.code < 2, "{}", answer.err);
    let svg = read(root, "quick/small/figures/small.svg");
    assert_eq!(svg.matches("aria-label=\"no data\"").count(), 2, "N = 2 and N = 3");
    assert!(svg.contains("aria-label=\"inputs = 2\"") && svg.contains("aria-label=\"inputs = 3\""));
}

#[test]
fn what_is_not_judged_is_listed_with_its_reason() {
    let folder = project_of("distance_phase", PHASES);
    let root = folder.path();
    write(
        root,
        "experiments/late.toml",
        &read(Path::new(env!("CARGO_MANIFEST_DIR")), "experiments/recurrent_transition.toml").replacen(
            "family",
            "experiment = \"recurrent_transition\"\nfamily",
            1,
        ),
    );
    let listed = json(root, &["list", "--json"]);
    let late = &listed[0];
    assert_eq!(late["id"], "late");
    let quantities: Vec<&str> =
        late["not_judged"].as_array().expect("a list").iter().filter_map(|not| not["quantity"].as_str()).collect();
    assert_eq!(quantities, ["attractors.distinct", "fates.fraction", "late.late_activity"]);
    assert!(late["no_control"].is_null() && listed[1]["not_judged"].as_array().is_some_and(Vec::is_empty));
    let said = neurodyn(root, &["list", "late"]).out;
    assert!(said.contains("  not judged: fates.fraction: shown only: no theory of small networks\n"), "{said}");
    assert!(!neurodyn(root, &["list"]).out.contains("not judged"), "only where it is asked for by name");
}

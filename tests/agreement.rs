//! The agreement test has teeth: every simulated experiment agrees with its theory, and a theory whose `sigma_w` (for
//! online learning, whose teacher; for free energies, whose temperature) is 2 % off is caught. Runs every experiment of the registry that
//! does not say why it has no such control, shortened where it is long, with the shipped parameters otherwise. The Monte Carlo comes from
//! shards, whose tables must be those of a single run.

use libtest_mimic::{Arguments, Failed, Trial};
use neurodyn::agreement::judge;
use neurodyn::config::Document;
use neurodyn::experiment::{Entry, Pieces, Run, Share, Tables};
use neurodyn::experiments::{REGISTRY, find};
use neurodyn::table::frame::to_csv;
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What to shorten in long experiments.
const SHORTER: &[(&str, &[(&str, &str)])] = &[
    ("activity_width", &[("300, 1000, 3000, 10000, 100000, 1000000", "300, 1000, 3000, 10000")]),
    ("distance_dynamics", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]"), ("[1e-12, 1e-8, 1e-4, 0.1]", "[1e-12]")]),
    ("distance_circle", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    ("distance_pairs", &[("[100, 400, 1600, 6400]", "[400, 1600]")]),
    ("distance_critical", &[("width = 20000", "width = 4000"), ("depth = 1000", "depth = 64")]),
    (
        "distance_phase",
        &[
            ("count = 41", "count = 2"),
            ("count = 41", "count = 2"),
            ("count = 281", "count = 3"),
            ("[5, 20, 80]", "[5, 20]"),
        ],
    ),
    (
        "distance_koenigs",
        &[
            ("count = 141", "count = 2"),
            ("count = 111", "count = 2"),
            ("count = 101", "count = 2"),
            ("layers = [5, 10, 20, 40, 60]", "layers = [5, 20]"),
        ],
    ),
    (
        "paradox_angle",
        &[
            ("count = 211", "count = 2"),
            ("count = 211", "count = 2"),
            ("depth = 200", "depth = 60"),
            ("shown = [5, 20, 40, 100, 200]", "shown = [5, 20]"),
            ("[10, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200]", "[10, 20, 40, 60]"),
            ("depth = 100", "depth = 40"),
            ("shown = [5, 20, 40, 100]", "shown = [5, 20]"),
            ("[10, 20, 30, 40, 50, 60, 70, 80, 90, 100]", "[10, 20, 40]"),
        ],
    ),
    (
        "paradox_dimension",
        &[
            ("count = 241", "count = 2"),
            ("count = 141", "count = 2"),
            ("    { width = 1000000, replicas = 30, angles = [0.2, 0.7, 2.0] },\n", ""),
            ("    { width = 10000000, replicas = 30, angles = [2.0] },\n", ""),
            ("layers = [2, 4, 6, 8]", "layers = [2, 4]"),
        ],
    ),
    ("paradox_pairs", &[("[50, 100, 200, 400, 800, 1600]", "[400, 800]"), ("[4, 8, 16, 32, 64, 96]", "[4, 48]")]),
    (
        "paradox_shatter",
        &[
            ("inputs = [4, 6, 8, 10, 12]", "inputs = [4, 8]"),
            ("widths = [16, 64, 256, 1024]", "widths = [64]"),
            ("96, 128, 256, 512]", "96]"),
        ],
    ),
    ("dropout_map", &[("replicas = 400\n\n[parameters.witness]", "replicas = 200\n\n[parameters.witness]")]),
    ("dropout_depth", &[("count = 121", "count = 5"), ("count = 25", "count = 2"), ("[1.0, 0.99, 0.95,", "[1.0,")]),
    ("metric_growth", &[("replicas = 1500", "replicas = 300")]),
    ("metric_anisotropy", &[("10000, 30000]", "10000]"), ("dimensions = [2, 3, 8]", "dimensions = [2, 3]")]),
    ("metric_activity", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    ("metric_length", &[("sigma_w = [1.1, 2.5]", "sigma_w = [2.5]")]),
    ("metric_rotation", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    (
        "curvature_phase",
        &[
            ("count = 41", "count = 2"),
            ("count = 41", "count = 2"),
            ("[5, 15, 45]", "[5, 15]"),
            ("count = 16", "count = 6"),
        ],
    ),
    ("curvature_kink", &[("[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]", "[0.01, 0.1, 1.0]")]),
    ("curvature_width", &[("[30, 60, 120, 250, 500, 1000, 2000, 4000, 8000]", "[30, 2000, 4000]")]),
    ("poole_curvature", &[("sigma_w = [1.3, 2.5, 4.0]", "sigma_w = [2.5]")]),
    ("backward_layers", &[("width = 1000", "width = 300"), ("replicas = 300", "replicas = 100")]),
    (
        "backward_width",
        &[
            ("[20, 50, 200, 800, 3200]", "[800]"),
            ("replicas = 2000\n", "replicas = 600\n"),
            ("replicas = 20000", "replicas = 2000"),
        ],
    ),
    (
        "fisher_spectrum",
        &[
            ("[20, 50, 100, 200, 500, 1000, 2000, 5000]", "[500, 2000]"),
            ("depths = [2, 3, 5, 8]", "depths = [3, 5]"),
            ("width = [100, 1000]", "width = [100]"),
            ("replicas = 1000", "replicas = 30"),
            ("replicas = 300", "replicas = 30"),
        ],
    ),
    ("fisher_blocks", &[("[10, 20, 50, 100, 200, 400]", "[50, 200]")]),
    ("fisher_natural", &[("[0, 1, 2, 4, 6, 8, 10,", "[0, 1] #")]),
    (
        "singular_basin",
        &[
            ("count = 41", "count = 3"),
            ("count = 25", "count = 2"),
            ("last = 6500.0", "last = 650.0"),
            ("times = 130", "times = 13"),
        ],
    ),
    ("singular_natural", &[("replicas = 600", "replicas = 200")]),
    ("singular_online", &[("steps = [0.02, 0.01, 0.005]", "steps = [0.005]")]),
    ("recurrent_layers", &[("replicas = 400", "replicas = 200"), ("[100, 1000, 10000]", "[100, 1000]")]),
    ("recurrent_transition", &[("replicas = 60", "replicas = 30"), ("[10, 20, 40]", "[10]")]),
    (
        "recurrent_continuous",
        &[
            ("gain = [1.5, 2.0, 4.0]", "gain = [4.0]"),
            ("replicas = 60", "replicas = 30"),
            ("replicas = 40", "replicas = 30"),
            ("count = 81", "count = 3"),
        ],
    ),
    (
        "poole_expressivity",
        &[
            ("layers = [1, 3, 5, 7, 9, 11, 13]", "layers = [1, 3]"),
            ("layers = [1, 7, 13]", "layers = [1, 3]"),
            ("width = 1000\nneurons = 500\nreplicas = 6", "width = 100\nneurons = 50\nreplicas = 2"),
            ("[100, 316, 1000, 3162, 10000]", "[100, 316]"),
        ],
    ),
    ("singular_coefficient", &[("particles = 600", "particles = 300")]),
];

/// Number of shards that Monte Carlo is cut into.
const SHARDS: u64 = 3;

fn document(name: &str, changes: &[(&str, &str)]) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{name}.toml"));
    let mut text = std::fs::read_to_string(&path).expect("an experiment file");
    for (from, to) in changes {
        assert!(text.contains(from), "{name}: {from} is not in the file");
        text = text.replacen(from, to, 1);
    }
    Document::parse(&path, text).expect("valid")
}

/// Lets an action run, with `sigma_w` of the theory multiplied by a factor.
fn with_run<T>(document: &Document, factor: f64, action: impl FnOnce(&Entry, &Run) -> T) -> T {
    let interrupt = AtomicBool::new(false);
    let run = Run::new(document.header.seed, &interrupt, &|_| {}).with_wrong_theory(factor);
    action(find(document).expect("known"), &run)
}

fn tables(name: &str, changes: &[(&str, &str)], factor: f64) -> Tables {
    let document = document(name, changes);
    with_run(&document, factor, |entry, run| entry.run(&document, run, None)).expect("computed")
}

/// All Monte Carlo of a document, computed in shards.
fn shards(document: &Document) -> Pieces {
    let plan = find(document).expect("known").plan(document).expect("a plan");
    let mut pieces = vec![Vec::new(); plan.points().len()];
    for index in 0..SHARDS {
        let share = Share { index, of: SHARDS };
        for (piece, sample) in
            with_run(document, 1.0, |entry, run| entry.share(document, run, share)).expect("computed")
        {
            pieces[piece.point].push((piece, sample));
        }
    }
    pieces
}

/// The tables of a document from shards, which must be those of a single run.
fn merged(document: &Document) -> (Pieces, Tables) {
    let pieces = shards(document);
    let merged = with_run(document, 1.0, |entry, run| entry.run(document, run, Some(&pieces))).expect("merged");
    let single = with_run(document, 1.0, |entry, run| entry.run(document, run, None)).expect("computed");
    for (merged, single) in merged.iter().zip(&single) {
        let [merged, single] = [merged, single].map(|table| to_csv(table).expect("text"));
        assert!(merged == single, "{}: shards are not a single run", document.id);
    }
    assert_eq!(merged.len(), single.len());
    (pieces, merged)
}

fn main() {
    let arguments = Arguments::from_args();
    let of_experiment = |entry: &Entry| {
        let module = entry.module;
        Trial::test(format!("agrees_and_a_wrong_theory_does_not::{module}"), move || {
            done(|| agrees_and_a_wrong_theory_does_not(module))
        })
    };
    let of_shards = |entry: &Entry| {
        let module = entry.module;
        Trial::test(format!("shards_are_a_single_run::{module}"), move || done(|| drop(merged(&document(module, &[])))))
    };
    let (uncontrolled, controlled): (Vec<&Entry>, Vec<&Entry>) =
        REGISTRY.iter().partition(|entry| entry.no_control.is_some());
    let mut trials: Vec<Trial> = controlled.into_iter().map(of_experiment).collect();
    trials.extend(uncontrolled.into_iter().map(of_shards));
    let others: [(&str, fn()); 5] = [
        ("only_experiments_with_a_control_are_shortened", only_experiments_with_a_control_are_shortened),
        ("what_has_no_correction_needs_none", what_has_no_correction_needs_none),
        ("both_samplers_have_one_law_under_dropout", both_samplers_have_one_law_under_dropout),
        ("both_ways_to_errors_have_one_law", both_ways_to_errors_have_one_law),
        ("both_samplers_have_one_law", both_samplers_have_one_law),
    ];
    trials.extend(others.into_iter().map(|(name, test)| Trial::test(name, move || done(test))));
    libtest_mimic::run(&arguments, trials).exit();
}

/// A test that panics where it fails.
fn done(test: impl FnOnce()) -> Result<(), Failed> {
    test();
    Ok(())
}

fn agrees_and_a_wrong_theory_does_not(name: &str) {
    let changes = SHORTER.iter().find(|(shorter, _)| *shorter == name).map_or(&[][..], |(_, changes)| changes);
    let document = document(name, changes);
    let (pieces, tables) = merged(&document);
    let right = judge(&tables).expect("judged");
    assert!(
        right.holds() && right.cells > 0,
        "{name}: {} cells judged, {:?}; what judges nothing says why in NO_CONTROL",
        right.cells,
        right.failures
    );
    let wrong = with_run(&document, 1.02, |entry, run| entry.run(&document, run, Some(&pieces)));
    let wrong = judge(&wrong.expect("computed")).expect("judged");
    assert!(!wrong.holds(), "{name}: a theory with sigma_w 2 % off passes");
}

fn only_experiments_with_a_control_are_shortened() {
    for (index, (name, _)) in SHORTER.iter().enumerate() {
        let entry = REGISTRY.iter().find(|entry| entry.module == *name);
        assert!(entry.is_some_and(|entry| entry.no_control.is_none()), "{name}: no experiment with a negative control");
        assert!(SHORTER[..index].iter().all(|(other, _)| other != name), "{name} stands twice");
    }
}

/// Where the finite-width correction has no theory, its measured size stays below a third of the standard error.
fn what_has_no_correction_needs_none() {
    let tables = tables("metric_rotation", &[("angles = 161", "angles = 2")], 1.0);
    let cells = tables.iter().find(|table| table.name() == "layers").expect("a table of cells");
    let shares = cells.numbers("bias_share").expect("shares");
    assert!(shares.len() > 90 && shares.iter().all(|share| share.abs() < 1.0 / 3.0), "{shares:?}");
}

/// The same with masks: 32 tests.
fn both_samplers_have_one_law_under_dropout() {
    let tables = tables(
        "dropout_map",
        &[("replicas = 400\n\n[parameters.witness]", "replicas = 30\n\n[parameters.witness]")],
        1.0,
    );
    let tests = tables.iter().find(|table| table.name() == "tests").expect("a table of tests");
    let p_values = tests.numbers("p_value").expect("p values");
    let smallest = p_values.iter().fold(1.0f64, |least, p| least.min(*p));
    assert!(p_values.len() == 32 && smallest > 1e-3 / 32.0, "{p_values:?}");
}

/// The same for the eigenvalues of the Fisher information: 18 tests.
fn both_ways_to_errors_have_one_law() {
    let tables = tables(
        "fisher_spectrum",
        &[
            ("[20, 50, 100, 200, 500, 1000, 2000, 5000]", "[200]"),
            ("depths = [2, 3, 5, 8]", "depths = [2]"),
            ("width = [100, 1000]", "width = [100]"),
            ("steps = 5", "steps = 1"),
        ],
        1.0,
    );
    let tests = tables.iter().find(|table| table.name() == "tests").expect("a table of tests");
    let p_values = tests.numbers("p_value").expect("p values");
    let smallest = p_values.iter().fold(1.0f64, |least, p| least.min(*p));
    assert!(p_values.len() == 18 && smallest > 1e-3 / 18.0, "{p_values:?}");
}

/// Exact law and explicit weights: 18 Kolmogorov-Smirnov tests at a familywise false-alarm rate of 1e-3.
fn both_samplers_have_one_law() {
    let tables =
        tables("sampler_law", &[("replicas = 1200", "replicas = 400"), ("replicas = 80\n", "replicas = 40\n")], 1.0);
    let tests = tables.iter().find(|table| table.name() == "tests").expect("a table of tests");
    let p_values = tests.numbers("p_value").expect("p values");
    let smallest = p_values.iter().fold(1.0f64, |least, p| least.min(*p));
    assert!(smallest > 1e-3 / p_values.len() as f64, "{p_values:?}");
}

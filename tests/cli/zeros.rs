//! Zeros, equal points and the like, of which no finite number can come: refused at their field before anything is computed.

use super::{files_below, neurodyn, write};
use std::path::Path;

const TREE: &str = env!("CARGO_MANIFEST_DIR");

/// Experiment, what is set, and what the refusal says besides the field and the value.
const REFUSED: &[(&str, &str, &str)] = &[
    ("activity_depth", "approach.sigma_w=[0]", "above 0"),
    ("activity_map", "sigma_w=[1.5, 0]", "above 0"),
    ("activity_map", "sampled_variances=[0.05]", "at least sigma_b^2"),
    ("activity_width", "layers=[0]", "at least one layer must be above 0"),
    ("backward_layers", "ordered=0", "above 0"),
    ("backward_layers", "chaotic=0", "above 0"),
    ("backward_layers", "sigma_b=0", "signals die out"),
    ("backward_width", "sigma_w=0", "above 0"),
    ("curvature_growth", "ordered=0", "above 0"),
    ("curvature_growth", "sigma_b=0", "signals die out"),
    ("curvature_jet", "chaotic=0", "above 0"),
    ("curvature_kink", "steps=[0]", "above 0"),
    ("curvature_kink", "sigma_w=0", "above 0"),
    ("curvature_phase", "sigma_w.from=0", "above 0"),
    ("curvature_phase", "sigma_b.from=0", "signals die out"),
    ("curvature_phase", "across.sigma_b=0", "signals die out"),
    ("curvature_phase", "across.depths=[0]", "at least one layer must be above 0"),
    ("curvature_tensor", "ordered=0", "above 0"),
    ("curvature_tensor", "sigma_b=0", "signals die out"),
    ("curvature_width", "sigma_w=0", "above 0"),
    ("distance_circle", "sigma_b=0", "above 0"),
    ("distance_circle", "layers=[0, 0]", "at least one layer must be above 0"),
    ("distance_critical", "sigma_b=0", "die out on the edge"),
    ("distance_dynamics", "small.initial_distances=[0]", "above 0"),
    ("distance_dynamics", "small.initial_distances=[100]", "is beyond the largest distance of two inputs"),
    (
        "distance_dynamics",
        "large.initial_correlations=[-1]",
        "is not the correlation of the preactivations of any two inputs",
    ),
    ("distance_dynamics", "sigma_w=[0]", "above 0"),
    ("distance_koenigs", "sigma_w=0", "above 0"),
    ("distance_koenigs", "sigma_w=1.1", "in the chaotic phase"),
    ("distance_koenigs", "tail.sigma_w=[1.1]", "in the chaotic phase"),
    ("distance_map", "sigma_w=[0]", "above 0"),
    ("distance_pairs", "sigma_w=0", "above 0"),
    ("distance_pairs", "sigma_b=0", "opposite"),
    ("distance_phase", "sigma_w.from=0", "above 0"),
    ("distance_phase", "depth_scale.sigma_w.from=0", "above 0"),
    ("distance_phase", "across.sigma_w=[0]", "above 0"),
    ("distance_phase", "across.sigma_b=0", "signals die out"),
    (
        "distance_phase",
        "across.initial_correlation=-1",
        "is not the correlation of the preactivations of any two inputs",
    ),
    ("dropout_depth", "sigma_b=0", "signals die out"),
    ("dropout_depth", "sigma_w.from=0", "above 0"),
    ("dropout_depth", "across.sigma_w=[0]", "above 0"),
    ("dropout_depth", "layers.sigma_w=[0]", "above 0"),
    ("dropout_map", "sigma_w=[0]", "above 0"),
    ("fisher_blocks", "sigma_w=0", "above 0"),
    ("fisher_spectrum", "ensembles[0].sigma_w=0", "above 0"),
    ("metric_activity", "sigma_w=[0]", "above 0"),
    ("metric_activity", "layers=[0]", "at least one layer must be above 0"),
    ("metric_anisotropy", "sigma_w=0", "above 0"),
    ("metric_growth", "sigma_w=[0]", "above 0"),
    ("metric_growth", "spread.sigma_w=0", "above 0"),
    ("metric_length", "sigma_w=[0]", "above 0"),
    ("metric_rotation", "sigma_w=[0]", "above 0"),
    ("metric_rotation", "layers=[0]", "at least one layer must be above 0"),
    ("paradox_angle", "weak.sigma_w=0", "above 0"),
    ("paradox_angle", "strong.sigma_w=0", "above 0"),
    ("paradox_dimension", "sigma_w=0", "above 0"),
    ("paradox_pairs", "sigma_w=0", "above 0"),
    ("paradox_shatter", "sigma_w=0", "above 0"),
    ("phase_boundary", "sampled_sigma_b=[0]", "die out"),
    ("distance_koenigs", "activation=\"relu\"", "one whose activity has a fixed point"),
    ("fisher_spectrum", "descent.offset=1e-320", "from 1e-9 to 100"),
    ("metric_rotation", "sigma_b=0", "opposite"),
    ("metric_rotation", "sigma_w=[1e-320]", "0 within the precision"),
    ("metric_rotation", "sigma_w=[1e100]", "variance of at most 1e8"),
    ("metric_rotation", "smallest_angle=1e-320", "from 1e-12 to 3"),
    ("paradox_angle", "weak.sigma_w=0.5", "chaotic phase"),
    ("paradox_angle", "strong.sigma_w=0.5", "chaotic phase"),
    ("paradox_dimension", "sigma_w=0.5", "chaotic phase"),
    ("paradox_dimension", "boxes.layers=[0]", "layers from 1"),
    ("paradox_pairs", "sigma_w=0.5", "chaotic phase"),
    ("paradox_pairs", "sigma_w=1e12", "variance of at most 1e4"),
    ("paradox_shatter", "sigma_w=0.5", "chaotic phase"),
    ("paradox_shatter", "sigma_b=0", "opposite"),
    ("poole_curvature", "sigma_w=[0]", "above 0"),
    ("poole_manifold", "sigma_w=[0]", "above 0"),
    ("poole_manifold", "layers=[0]", "at least one layer must be above 0"),
    ("singular_basin", "teacher.output_weights=[0, 0]", "output weight 0"),
    ("singular_basin", "map.z.to=0", "smaller to a larger"),
    ("singular_basin", "map.u=[0.1]", "smaller to a larger"),
    ("singular_basin", "map.last=1e100", "from 1e-9 to 1000000"),
    ("singular_basin", "online.z=0", "two units stay equal"),
    ("singular_basin", "online.steps=[0.1, 0.1]", "different step sizes"),
    ("singular_basin", "online.steps=[1e-9, 0.1]", "at most 1e9 steps"),
    ("singular_basin", "online.last=1e-9", "a step is at most the time"),
    ("singular_basin", "online.noise=1e308", "from 0 to 100"),
    ("singular_blow_down", "rates.z=100", "no convergence"),
    ("singular_blow_down", "rates.separations=[1e-9]", "Fisher information is numerically singular"),
    ("singular_blow_down", "teacher.output_weights=[0, 0]", "output weight 0"),
    ("singular_blow_down", "mesh.u_lines=[1e308]", "from 0 to 100"),
    ("singular_coefficient", "ladder.smallest=1e-320", "from 1e-6 to 1e12"),
    ("singular_coefficient", "shown_from=1e-320", "from 1e-6 to 1e12"),
    ("singular_coefficient", "cases[0].largest=1e308", "from 1e-6 to 1e12"),
    ("singular_coefficient", "cases[0].fit_from=1e12", "as many rungs as the fit has unknowns"),
    ("singular_coefficient", "cases[0].units=3", "from 1 to 2"),
    ("singular_cone", "cone.length=1e-320", "from 1e-9 to 100"),
    ("singular_cone", "landscape.teacher_w=1e308", "from -100 to 100"),
    ("singular_fisher", "w=1e-320", "size 1e-9 or more"),
    ("singular_fisher", "v=[0.9, 1e100]", "from -100 to 100"),
    ("singular_fisher", "approach.z=1e12", "from -100 to 100"),
    ("singular_fisher", "approach.smallest=2", "below the largest separation"),
    ("singular_fisher", "map.separation.to=1e100", "from 0 to 100"),
    ("singular_natural", "student.output_weights=[1.2, 0]", "Fisher information is numerically singular"),
    ("singular_natural", "student.input_weights=[[1, 0], [1, 0]]", "Fisher information is numerically singular"),
    ("singular_natural", "noise=1e12", "from 0 to 100"),
    ("singular_online", "steps=[1e12]", "from 1e-9 to 10"),
    ("singular_online", "times=[1e7]", "below 1e9"),
    ("singular_plateau", "first=1e12", "from 1e-9 to 1000000"),
    ("singular_plateau", "last=0.01", "smaller to a larger"),
    ("singular_plateau", "online.step=1e-9", "at most 1e9 steps"),
    ("singular_plateau", "cases[0].teacher.output_weights=[0, 0]", "output weight 0"),
    ("singular_plateau", "length.separations.to=1e-320", "from 1e-9 to 100"),
    ("singular_portrait", "field.z=[0]", "smaller to a larger"),
    ("singular_portrait", "paths.starts=[[0, 1]]", "none of them 0"),
    ("singular_portrait", "cases[0].last=1e12", "from 1e-9 to 1000000"),
    ("singular_slow", "spreads=[0]", "from 1e-9 to 100"),
    ("singular_slow", "spreads=[1e-3]", "its flow takes a time"),
    ("singular_slow", "centre=1e100", "from 1e-9 to 100"),
    ("singular_slow", "drift.z=[100]", "no convergence"),
    ("singular_slow", "drift.z=[1]", "none of 0, 1, -1"),
    ("singular_slow", "trajectories.last=1e12", "from 1e-9 to 1000000"),
];

#[test]
fn what_no_finite_number_comes_of_is_refused_at_its_field() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out");
    for (experiment, setting, says) in REFUSED {
        let set = format!("parameters.{setting}");
        let out = out.display().to_string();
        let answer = neurodyn(Path::new(TREE), &["run", experiment, "--set", &set, "--out", &out, "--quiet"]);
        assert_eq!(answer.code, 2, "{experiment} {setting}: {}", answer.err);
        let (field, _) = setting.split_once('=').expect("a setting");
        let name = field.trim_end_matches(".from").rsplit('.').next().expect("a name");
        // an error of a student, a teacher or a pair of rates names the whole of it
        let name = if name.ends_with("_weights") { "parameters." } else { name };
        let name = if setting.starts_with("rates.") { "parameters.rates" } else { name };
        for part in [name, says] {
            assert!(answer.err.contains(part), "{experiment} {setting}: {part:?} is not in {}", answer.err);
        }
        assert!(!answer.err.contains("not a finite number"), "{experiment} {setting}: {}", answer.err);
    }
    assert_eq!(files_below(&out), Vec::<String>::new(), "nothing is written");
}

/// Experiment, small sizes and what is set: values that do not exist are blank, and the figures are drawn.
const BLANK: &[(&str, &[&str], &str)] = &[
    (
        "singular_fisher",
        &["approach.count=5", "map.z.count=3", "map.separation.count=3", "approach.smallest=1e-9"],
        "results/singular_fisher/approach.csv",
    ),
    (
        "singular_slow",
        &[
            "spreads=[1.6]",
            "drift.separations=[0.3]",
            "drift.z=[10]",
            "trajectories.z=[0.25]",
            "trajectories.drawn=[0.25]",
            "trajectories.times=4",
            "trajectories.last=400",
        ],
        "results/singular_slow/drift.csv",
    ),
    (
        "singular_plateau",
        &[
            "separations=[0.5]",
            "last=400",
            "times=6",
            "cases=[{ name = \"one\", teacher = { input_weights = [[1.5]], output_weights = [1.5] } }]",
            "online.last=20",
            "online.replicas=30",
            "length.separations.count=2",
            "length.spreads=[1.4]",
        ],
        "results/singular_plateau/start.csv",
    ),
];

#[test]
fn what_does_not_exist_is_blank() {
    let folder = tempfile::tempdir().expect("a folder");
    for (experiment, settings, table) in BLANK {
        let out = folder.path().join(experiment);
        let mut arguments =
            vec!["run".to_owned(), (*experiment).to_owned(), "--out".to_owned(), out.display().to_string()];
        for setting in *settings {
            arguments.extend(["--set".to_owned(), format!("parameters.{setting}")]);
        }
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let answer = neurodyn(Path::new(TREE), &arguments);
        assert_eq!(answer.code, 0, "{experiment}: {}", answer.err);
        let cells = std::fs::read_to_string(out.join(table)).expect("a table");
        assert!(cells.contains(",,") || cells.lines().any(|line| line.ends_with(',')), "{experiment}: {cells}");
        assert!(!cells.contains("NaN") && !cells.contains("inf"), "{experiment}: {cells}");
    }
}

#[test]
fn the_line_is_that_of_the_parameter_in_its_section() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = std::fs::read_to_string(Path::new(TREE).join("experiments/distance_phase.toml")).expect("readable");
    let (head, across) = text.split_once("[parameters.across]").expect("a section");
    let changed = format!("{head}[parameters.across]{}", across.replacen("sigma_b = 0.3", "sigma_b = 0", 1));
    let line = 1 + changed.split_once("sigma_b = 0\n").expect("it is there").0.matches('\n').count();
    write(folder.path(), "experiments/distance_phase.toml", &changed);
    let answer = neurodyn(folder.path(), &["run", "distance_phase"]);
    assert_eq!(answer.code, 2);
    for part in [format!("distance_phase.toml:{line}:"), "across.sigma_b is 0 at sigma_w = 1,".to_owned()] {
        assert!(answer.err.contains(&part), "{part:?} is not in {}", answer.err);
    }

    let text = std::fs::read_to_string(Path::new(TREE).join("experiments/distance_dynamics.toml")).expect("readable");
    let line = 1 + text.split_once("initial_distances").expect("it is there").0.matches('\n').count();
    let changed: Vec<&str> =
        text.lines().map(|l| if l.starts_with("initial_distances") { "initial_distances = [0]" } else { l }).collect();
    write(folder.path(), "experiments/distance_dynamics.toml", &changed.join("\n"));
    let answer = neurodyn(folder.path(), &["run", "distance_dynamics"]);
    assert_eq!(answer.code, 2);
    for part in [format!("distance_dynamics.toml:{line}:"), "small.initial_distances: 0, but must be".to_owned()] {
        assert!(answer.err.contains(&part), "{part:?} is not in {}", answer.err);
    }
}

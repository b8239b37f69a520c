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
    ("poole_curvature", "sigma_w=[0]", "above 0"),
    ("poole_manifold", "sigma_w=[0]", "above 0"),
    ("poole_manifold", "layers=[0]", "at least one layer must be above 0"),
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
        for part in [name, says] {
            assert!(answer.err.contains(part), "{experiment} {setting}: {part:?} is not in {}", answer.err);
        }
        assert!(!answer.err.contains("not a finite number"), "{experiment} {setting}: {}", answer.err);
    }
    assert_eq!(files_below(&out), Vec::<String>::new(), "nothing is written");
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

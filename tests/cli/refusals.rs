//! Every refusal of an experiment: what is set in its file, at which line it is refused, and what is said there.

use neurodyn::config::{ConfigError, Document};
use neurodyn::experiment::{Run, RunError};
use neurodyn::experiments::find;
use neurodyn::simulation::parallel_map;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

/// An experiment; parameters of its shipped file and their new values; the parameter, or section, at whose line the error stands; a part of it.
type Refusal = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static str);

/// Refused before anything is computed.
#[rustfmt::skip]
const BEFORE: &[Refusal] = &[
    ("activity_depth", &[("sigma_w", "[1e101]")], "sigma_w", "a number from 0 to 1e100"),
    ("activity_map", &[("sampled_variances", "[0.0]")], "sampled_variances", "at least sigma_b^2"),
    ("activity_phase", &[("sigma_b", "[1e101]")], "sigma_b", "a number from 0 to 1e100"),
    ("activity_phase", &[("sigma_w", "[1e101]")], "sigma_w", "a number from 0 to 1e100"),
    ("backward_layers", &[("sigma_b", "0.0")], "sigma_b", "above 0 where signals die out without biases"),
    ("curvature_growth", &[("sigma_b", "0.0"), ("ordered", "0.9")], "sigma_b", "above 0 where signals die out without biases"),
    ("curvature_growth", &[("sigma_b", "1e-200"), ("ordered", "0.9")], "sigma_b", "1e-200 at sigma_w = 0.9, but must be above 0 where signals die out"),
    ("curvature_jet", &[("manifold", r#"{ kind = "sphere_patch", dimension = 2, activity = 0.5 }"#)], "manifold", "a curve"),
    ("curvature_phase", &[("across.sigma_b", "0.0")], "across.sigma_b", "above 0 where signals die out without biases"),
    ("curvature_phase", &[("across.sigma_w", "[1e101]")], "across.sigma_w", "1e101, but must be a number from 0 to 1e100"),
    ("curvature_phase", &[("sigma_b", "[0.0]")], "sigma_b", "above 0 where signals die out without biases"),
    ("curvature_phase", &[("sigma_b", "[1e101]")], "sigma_b", "a number from 0 to 1e100"),
    ("curvature_phase", &[("sigma_w", "[1e101]"), ("sigma_b", "[0.0]")], "sigma_w", "a number from 0 to 1e100"),
    ("curvature_phase", &[("sigma_w", "[1e101]")], "sigma_w", "a number from 0 to 1e100"),
    ("curvature_tensor", &[("gauss_bonnet_depth", "31")], "gauss_bonnet_depth", "at most the depth"),
    ("curvature_tensor", &[("sigma_b", "0.0"), ("ordered", "0.9")], "sigma_b", "above 0 where signals die out without biases"),
    ("curvature_width", &[("sigma_b", "0.0"), ("sigma_w", "0.9")], "sigma_b", "above 0 where signals die out without biases"),
    ("distance_circle", &[("inputs", "2")], "inputs", "an even number, 4 or more"),
    ("distance_circle", &[("inputs", "23")], "inputs", "an even number, 4 or more"),
    ("distance_critical", &[("offsets", "[-5.0]")], "offsets", "-5.0, but must be such that the critical sigma_w and it make"),
    ("distance_critical", &[("relative_distance", "2.5")], "relative_distance", "above 0 and at most 2, which is opposite inputs"),
    ("distance_critical", &[("sampled_layers", "[1001]")], "sampled_layers", "at most the depth"),
    ("distance_critical", &[("sigma_b", "0.0")], "sigma_b", "above 0 for an activation whose signals die out on the edge"),
    ("distance_dynamics", &[("sigma_w", "[0.9]"), ("sigma_b", "0.0")], "sigma_b", "above 0 where signals die out without biases"),
    ("distance_koenigs", &[("activation", r#""relu""#)], "activation", "one whose activity has a fixed point"),
    ("distance_koenigs", &[("angles", "[0.0, 1.0]")], "angles", "above 0 (the axis is logarithmic)"),
    ("distance_koenigs", &[("sampled_angles", "[0.0, 1.0]")], "sampled_angles", "above 0 (the axis is logarithmic)"),
    ("distance_koenigs", &[("scaled_angles", "[0.0, 1.0]")], "scaled_angles", "above 0 (the axis is logarithmic)"),
    ("distance_koenigs", &[("sigma_w", "0.9")], "sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("distance_koenigs", &[("tail.scaled_angles", "[0.0, 1.0]")], "tail.scaled_angles", "above 0 (the axis is logarithmic)"),
    ("distance_koenigs", &[("tail.sigma_w", "[2.5, 0.9]")], "tail.sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("distance_pairs", &[("sigma_b", "0.0")], "sigma_b", "above 0 for an even number of inputs"),
    ("distance_pairs", &[("sigma_w", "0.9"), ("sigma_b", "0.0"), ("inputs", "47")], "sigma_b", "above 0 where signals die out without biases"),
    ("distance_pairs", &[("sigma_w", "0.9")], "sigma_w", "such that inputs stay apart"),
    ("distance_phase", &[("across.sigma_b", "0.0")], "across.sigma_b", "above 0 where signals die out without biases"),
    ("distance_phase", &[("across.sigma_w", "[1e101]")], "across.sigma_w", "a number from 0 to 1e100"),
    ("distance_phase", &[("depth_scale.sigma_w", "[1e101]")], "depth_scale.sigma_w", "a number from 0 to 1e100"),
    ("distance_phase", &[("sigma_b", "[1e101]")], "sigma_b", "a number from 0 to 1e100"),
    ("distance_phase", &[("sigma_w", "[1e101]")], "sigma_w", "a number from 0 to 1e100"),
    ("dropout_depth", &[("dropped", "[0.0, 0.1]")], "dropped", "a number between 0 and 1"),
    ("dropout_depth", &[("sigma_b", "0.0")], "sigma_b", "above 0 where signals die out without biases"),
    ("dropout_depth", &[("sigma_w", "[1e101]")], "sigma_w", "a number from 0 to 1e100"),
    ("dropout_map", &[("witness.layers", "[4]")], "witness.layers", "at most the depth"),
    ("fisher_blocks", &[("input_overlap", "1.0")], "input_overlap", "from 0 to below input_activity"),
    ("fisher_blocks", &[("portrait.width", "21")], "portrait", "a width of at most 20"),
    ("fisher_blocks", &[("unit.inputs", "30")], "unit", "inputs at least twice their size"),
    ("fisher_blocks", &[("widths", "[1]")], "widths", "from 2 to 4000"),
    ("fisher_natural", &[("hidden", "[0]")], "hidden", "from 1 to 50 units"),
    ("fisher_natural", &[("steps", "[1, 0]")], "steps", "in increasing order"),
    ("fisher_natural", &[("unit.inputs", "20")], "unit", "inputs at least four times their size"),
    ("fisher_spectrum", &[("cases.width", "20001")], "cases.width", "from the number of inputs to 20000"),
    ("fisher_spectrum", &[("cases[1].width", "5")], "cases[1].width", "cases[1].width is 5, but must be from the number of inputs to 20000"),
    ("fisher_spectrum", &[("descent.ratios", "[0.2]")], "descent.ratios", "numbers above 1/2"),
    ("fisher_spectrum", &[("descent.width", "2000")], "descent.width", "2000, but must be at least the inputs of the descent, at most 1000"),
    ("fisher_spectrum", &[("descent.width", "5")], "descent.width", "5, but must be at least the inputs of the descent, at most 1000"),
    ("fisher_spectrum", &[("ensembles.activation", r#""relu""#)], "ensembles[1].activation", "another one than those before it"),
    ("fisher_spectrum", &[("ensembles[2].activation", r#""tanh""#)], "ensembles[2].activation", "another one than those before it"),
    ("fisher_spectrum", &[("extrapolated.depths", "[1]")], "extrapolated.depths", "2 or more"),
    ("fisher_spectrum", &[("input_overlap", "1.0")], "input_overlap", "from 0 to below input_activity"),
    ("metric_activity", &[("manifold", r#"{ kind = "sphere_patch", dimension = 1, activity = 0.5 }"#)], "manifold", "a closed curve or a segment"),
    ("metric_activity", &[("manifold", r#"{ kind = "sphere_patch", dimension = 2, activity = 0.5 }"#)], "manifold", "a closed curve or a segment"),
    ("metric_anisotropy", &[("dimensions", "[17]")], "dimensions", "17, but must be dimensions from 2 to 16"),
    ("metric_anisotropy", &[("dimensions", "[1]")], "dimensions", "1, but must be dimensions from 2 to 16"),
    ("metric_anisotropy", &[("sigma_b", "0.0"), ("sigma_w", "0.9")], "sigma_b", "above 0 where signals die out without biases"),
    ("metric_growth", &[("activation", r#""relu""#)], "activation", "the activity grows without bound"),
    ("metric_growth", &[("sigma_b", "0.0"), ("sigma_w", "[0.9]")], "sigma_b", "above 0 where signals die out without biases"),
    ("metric_length", &[("curves.manifold", r#"{ kind = "sphere_patch", dimension = 1, activity = 0.5 }"#)], "curves.manifold", "a curve of finite length"),
    ("metric_length", &[("curves[3].manifold", r#"{ kind = "sphere_patch", dimension = 1, activity = 0.5 }"#)], "curves[3].manifold", "a curve of finite length"),
    ("metric_rotation", &[("sigma_b", "0.0")], "sigma_b", "above 0 for an odd activation where opposite points are sampled"),
    ("metric_rotation", &[("sigma_w", "[0.9]"), ("sigma_b", "0.0"), ("sampled_angles", "[0.1]")], "sigma_b", "above 0 where signals die out without biases"),
    ("metric_rotation", &[("sigma_w", "[1e5]")], "sigma_w", "so small that preactivations have a variance of at most 1e8"),
    ("paradox_angle", &[("activation", r#""relu""#)], "activation", "one whose activity has a fixed point"),
    ("paradox_angle", &[("strong.angles", "[0.0, 1.0]")], "strong.angles", "increasing angles, above 0, up to pi"),
    ("paradox_angle", &[("strong.crossover_layers", "[999]")], "strong.crossover_layers", "at most the depth"),
    ("paradox_angle", &[("strong.fit_from", "999")], "strong.fit_from", "at least two crossover layers from there on"),
    ("paradox_angle", &[("strong.sampled_angles", "[0.0, 1.0]")], "strong.sampled_angles", "increasing angles, above 0, up to pi"),
    ("paradox_angle", &[("strong.shown", "[999]")], "strong.shown", "at most the depth"),
    ("paradox_angle", &[("strong.sigma_w", "0.9")], "strong.sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("paradox_angle", &[("weak.angles", "[0.0, 1.0]")], "weak.angles", "increasing angles, above 0, up to pi"),
    ("paradox_angle", &[("weak.angles", "[1.0, 3.19]")], "weak.angles", "increasing angles, above 0, up to pi"),
    ("paradox_angle", &[("weak.crossover_layers", "[999]")], "weak.crossover_layers", "at most the depth"),
    ("paradox_angle", &[("weak.fit_from", "999")], "weak.fit_from", "at least two crossover layers from there on"),
    ("paradox_angle", &[("weak.sampled_angles", "[0.0, 1.0]")], "weak.sampled_angles", "increasing angles, above 0, up to pi"),
    ("paradox_angle", &[("weak.sampled_angles", "[1.0, 3.19]")], "weak.sampled_angles", "increasing angles, above 0, up to pi"),
    ("paradox_angle", &[("weak.shown", "[999]")], "weak.shown", "at most the depth"),
    ("paradox_angle", &[("weak.sigma_w", "0.9")], "weak.sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("paradox_dimension", &[("activation", r#""relu""#)], "activation", "one whose activity has a fixed point"),
    ("paradox_dimension", &[("angles", "[0.0, 1.0]")], "angles", "increasing numbers above 0"),
    ("paradox_dimension", &[("angles", "[1.0, 3.2]")], "angles", "below pi"),
    ("paradox_dimension", &[("boxes.layers", "[0]")], "boxes.layers", "layers from 1, since the input is the arc itself"),
    ("paradox_dimension", &[("boxes.squares", "[0.0, 0.5]")], "boxes.squares", "increasing numbers above 0"),
    ("paradox_dimension", &[("boxes.squares", "[0.5, 1.0]")], "boxes.squares", "below 1"),
    ("paradox_dimension", &[("scaled_angles", "[0.0, 1.0]")], "scaled_angles", "increasing numbers above 0"),
    ("paradox_dimension", &[("sigma_w", "0.9")], "sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("paradox_dimension", &[("widths.ratio", "1.0")], "widths.ratio", "above 1"),
    ("paradox_dimension", &[("widths.samples", "[{ width = 100, replicas = 30, angles = [2.0, 1.0] }]")], "widths.samples", "increasing numbers above 0"),
    ("paradox_dimension", &[("widths.samples", "[{ width = 100, replicas = 30, angles = [3.0, 4.0] }]")], "widths.samples", "4, but must be below pi"),
    ("paradox_pairs", &[("activation", r#""relu""#)], "activation", "one whose activity has a fixed point"),
    ("paradox_pairs", &[("inputs", "[3]")], "inputs", "from 4 to 1000"),
    ("paradox_pairs", &[("sigma_w", "0.9")], "sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("paradox_pairs", &[("sigma_w", "1e3")], "sigma_w", "so small that preactivations have a variance of at most 1e4"),
    ("paradox_pairs", &[("tolerances", "[0.0]")], "tolerances", "0, but must be above 0"),
    ("paradox_shatter", &[("activation", r#""relu""#)], "activation", "one whose activity has a fixed point"),
    ("paradox_shatter", &[("cover.all_up_to", "17")], "cover.all_up_to", "at most 16"),
    ("paradox_shatter", &[("cover.inputs", "[1]")], "cover.inputs", "from 2 to 64"),
    ("paradox_shatter", &[("cover.layers", "[0]")], "cover.layers", "1 or more: the input is not random"),
    ("paradox_shatter", &[("first_layer", "15")], "first_layer", "at most the depth"),
    ("paradox_shatter", &[("many_points", "[2]")], "many_points", "from 3 to 2048"),
    ("paradox_shatter", &[("margins.inputs", "[5]")], "margins.inputs", "even, from 4 to 16"),
    ("paradox_shatter", &[("margins.widths", "[3]")], "margins.widths", "at least the number of points"),
    ("paradox_shatter", &[("sigma_b", "0.0")], "sigma_b", "1e-6 or more for an odd activation"),
    ("paradox_shatter", &[("sigma_w", "0.9")], "sigma_w", "in the chaotic phase (chi_1 above 1)"),
    ("paradox_shatter", &[("threshold", "1.0")], "threshold", "below 1"),
    ("phase_boundary", &[("relative_distance", "5.0")], "relative_distance", "above 0 and at most 4, which is opposite inputs"),
    ("phase_boundary", &[("sampled_sigma_b", "[0.0]")], "sampled_sigma_b", "above 0 for activations that are 0 at 0"),
    ("phase_boundary", &[("sampled_sigma_b", "[1e101]")], "sampled_sigma_b", "a number from 0 to 1e100"),
    ("poole_expressivity", &[("deep.frequency", "[0, 1]")], "deep.frequency", "0, but must be 1 or more, and below half the number of points"),
    ("poole_expressivity", &[("deep.frequency", "[1, 250]")], "deep.frequency", "250, but must be 1 or more, and below half the number of points"),
    ("poole_expressivity", &[("deep.frequency", "[5]")], "deep.frequency", "two or more"),
    ("poole_expressivity", &[("deep.layers", "[0, 1]")], "deep.layers", "0, but must be 1 or more"),
    ("poole_expressivity", &[("deep.layers", "[1]"), ("shown.layers", "[1]")], "deep.layers", "two or more"),
    ("poole_expressivity", &[("regression.frequency", "[0]")], "regression.frequency", "0, but must be 1 or more, and below half the number of points"),
    ("poole_expressivity", &[("regression.frequency", "[150]")], "regression.frequency", "150, but must be 1 or more, and below half the number of points"),
    ("poole_expressivity", &[("regression.layers", "[0]")], "regression.layers", "0, but must be 1 or more"),
    ("poole_expressivity", &[("shown.layers", "[0]")], "shown.layers", "0, but must be 1 or more"),
    ("poole_expressivity", &[("shown.layers", "[99]")], "shown.layers", "layers of the deep networks"),
    ("poole_expressivity", &[("wide.width", "[100]")], "wide.width", "two or more"),
    ("poole_manifold", &[("components", "128")], "components", "below the number of inputs"),
    ("poole_manifold", &[("inputs", "100")], "inputs", "a multiple of 8"),
    ("recurrent_continuous", &[("activation", r#""relu""#)], "activation", "odd, smooth and bounded"),
    ("recurrent_continuous", &[("course.width", "2")], "course.width", "from 3 to 5000, since weights are explicit"),
    ("recurrent_continuous", &[("curve.gain", "[0.0, 1.0]")], "curve.gain", "above 0"),
    ("recurrent_continuous", &[("motion.lags", "[1, 9999]")], "motion.lags", "at most the intervals watched"),
    ("recurrent_continuous", &[("networks.width", "2")], "networks[0].width", "from 3 to 5000, since weights are explicit"),
    ("recurrent_continuous", &[("networks[1].width", "5001")], "networks[1].width", "networks[1].width is 5001, but must be from 3 to 5000"),
    ("recurrent_continuous", &[("networks.width", "400")], "networks", "two or more, the last twice the one before"),
    ("recurrent_layers", &[("extrapolated.width", "2")], "extrapolated.width", "from 3 to 1000000"),
    ("recurrent_layers", &[("lags", "[0]")], "lags", "from 1 to the number of steps"),
    ("recurrent_layers", &[("lags", "[13]")], "lags", "from 1 to the number of steps"),
    ("recurrent_layers", &[("widths.width", "[2]")], "widths.width", "from 3 to 1000000"),
    ("recurrent_transition", &[("attractors.width", "[2]")], "attractors.width", "from 3 to 5000 where weights are explicit"),
    ("recurrent_transition", &[("curve.sigma_w", "[1e101]")], "curve.sigma_w", "a number from 0 to 1e100"),
    ("recurrent_transition", &[("growth.from", "9999")], "growth.from", "below the last step"),
    ("recurrent_transition", &[("growth.width", "2")], "growth.width", "from 3 to 1000000"),
    ("recurrent_transition", &[("late.sigma_w", "[1e101]")], "late.sigma_w", "a number from 0 to 1e100"),
    ("recurrent_transition", &[("late.width", "[2]")], "late.width", "from 3 to 1000000"),
    ("sampler_law", &[("layers", "[1, 5]")], "layers", "at most the depth"),
    ("singular_basin", &[("map.u", "[1.0, 0.5]")], "map.u", "from a smaller to a larger number"),
    ("singular_basin", &[("map.z", "[1.0, 0.5]")], "map.z", "from a smaller to a larger number"),
    ("singular_basin", &[("online.last", "1.0")], "online.last", "so long that a step is at most the time between two that are shown"),
    ("singular_basin", &[("online.steps", "[0.1, 0.1]")], "online.steps", "two different step sizes at least"),
    ("singular_basin", &[("online.steps", "[0.1, 1e-9]")], "online.steps", "large enough for at most 1e9 steps"),
    ("singular_basin", &[("online.steps", "[0.1]")], "online.steps", "two different step sizes at least"),
    ("singular_basin", &[("online.z", "0.0")], "online.z", "of size 1e-3 to 10"),
    ("singular_basin", &[("teacher.input_weights", "[[0.4, 1.0], [2.0, 1.0]]")], "teacher", "2 inputs, but must be one input"),
    ("singular_blow_down", &[("direction", "[0.6, 0.9]")], "direction", "a unit vector of as many numbers as inputs"),
    ("singular_blow_down", &[("direction", "[1.0]")], "direction", "a unit vector of as many numbers as inputs"),
    ("singular_blow_down", &[("rates.z", "1.0")], "rates.z", "another number than 1 and -1"),
    ("singular_coefficient", &[("cases.fit_from", "1e12")], "cases[0].fit_from", "below the largest by as many rungs as the fit has unknowns"),
    ("singular_coefficient", &[("cases[2].fit_from", "1e12")], "cases[2].fit_from", "below the largest by as many rungs as the fit has unknowns"),
    ("singular_coefficient", &[("cases[9].largest", "0.5")], "cases[9].largest", "at least shown_from"),
    ("singular_coefficient", &[("cases.largest", "0.5")], "cases[0].largest", "at least shown_from"),
    ("singular_coefficient", &[("cases.largest", "1e-2")], "cases[0].largest", "at least the smallest of the ladder"),
    ("singular_coefficient", &[("cases.teacher", "{ input_weights = [[1.0], [2.0]], output_weights = [1.0, 1.0] }")], "cases[0].teacher", "one that one or two units can be"),
    ("singular_fisher", &[("approach.smallest", "2.0")], "approach.smallest", "below the largest separation"),
    ("singular_fisher", &[("direction", "[0.6, 0.9]")], "direction", "a unit vector of as many numbers as v"),
    ("singular_fisher", &[("direction", "[1.0]")], "direction", "a unit vector of as many numbers as v"),
    ("singular_fisher", &[("w", "1e-10")], "w", "a number of size 1e-9 or more"),
    ("singular_natural", &[("adaptive_steps", "[0.0002, 0.0004]")], "adaptive_steps", "two positive step sizes, the larger first"),
    ("singular_natural", &[("adaptive_steps", "[0.0007, 0.0002]")], "times", "positive times of whole numbers of steps below 1e8"),
    ("singular_natural", &[("exact_steps", "[0.005, 0.01]")], "exact_steps", "two positive step sizes, the larger first"),
    ("singular_natural", &[("ratio", "2500.0")], "ratio", "below 1 / step"),
    ("singular_natural", &[("student.input_weights", "[[1.2], [-0.4]]")], "student", "1 inputs, but must be as many inputs as the teacher"),
    ("singular_natural", &[("times", "[0.203]")], "times", "positive times of whole numbers of steps below 1e8"),
    ("singular_natural", &[("times", "[0.4, 0.2]")], "times", "in increasing order"),
    ("singular_online", &[("steps", "[1e-9]"), ("times", "[2.0]")], "times", "whole numbers of steps below 1e9"),
    ("singular_online", &[("student.input_weights", "[[0.9], [0.3]]")], "student", "two units with two weights each"),
    ("singular_online", &[("teacher.input_weights", "[[1.0], [-0.3]]")], "teacher", "two units with two weights each"),
    ("singular_online", &[("times", "[0.503]")], "times", "whole numbers of steps below 1e9"),
    ("singular_online", &[("times", "[1.0, 0.5]")], "times", "in increasing order"),
    ("singular_plateau", &[("cases.teacher", "{ input_weights = [[0.4, 1.0]], output_weights = [1.0] }")], "cases[0].teacher", "2 inputs, but must be one input"),
    ("singular_plateau", &[("cases[2].teacher", "{ input_weights = [[0.4, 1.0]], output_weights = [1.0] }")], "cases[2].teacher", "cases[2].teacher is 2 inputs"),
    ("singular_plateau", &[("last", "0.1")], "last", "from a smaller to a larger number"),
    ("singular_plateau", &[("online.step", "1e-9")], "online.step", "large enough for at most 1e9 steps"),
    ("singular_plateau", &[("z", "1.0")], "z", "a number between -1 and 1, where the plateau is unstable"),
    ("singular_portrait", &[("cases.teacher", "{ input_weights = [[0.4, 1.0]], output_weights = [1.0] }")], "cases[0].teacher", "2 inputs, but must be one input"),
    ("singular_portrait", &[("cases[1].teacher", "{ input_weights = [[0.4, 1.0]], output_weights = [1.0] }")], "cases[1].teacher", "cases[1].teacher is 2 inputs"),
    ("singular_portrait", &[("field.z", "[1.0, 0.5]")], "field.z", "from a smaller to a larger number"),
    ("singular_portrait", &[("paths.starts", "[[0.0, 0.5]]")], "paths.starts", "pairs of numbers from -100 to 100, none of them 0"),
    ("singular_slow", &[("drift.z", "[1.0]")], "drift.z", "none of 0, 1, -1"),
    ("singular_slow", &[("trajectories.z", "[1.0]")], "trajectories.z", "none of 0, 1, -1"),
];

/// Refused by what is computed.
#[rustfmt::skip]
const WHILE_RUNNING: &[Refusal] = &[
    ("distance_dynamics", &[("large.initial_correlations", "[-1.0]")], "large.initial_correlations", "is not the correlation of the preactivations of any two inputs"),
    ("distance_dynamics", &[("small.initial_distances", "[5.0]")], "small.initial_distances", "is beyond the largest distance of two inputs"),
    ("distance_map", &[("sampled_correlations", "[-1.0]")], "sampled_correlations", "is not the correlation of the preactivations of any two inputs"),
    ("distance_phase", &[("across.initial_correlation", "-1.0")], "across.initial_correlation", "is not the correlation of the preactivations of any two inputs"),
    ("dropout_depth", &[("across.initial_correlation", "-1.0")], "across.initial_correlation", "is not the correlation of the preactivations of any two inputs"),
    ("dropout_depth", &[("layers.initial_correlations", "[-1.0]")], "layers.initial_correlations", "is not the correlation of the preactivations of any two inputs"),
    ("dropout_map", &[("sampled_correlations", "[-1.0]")], "sampled_correlations", "is not the correlation of the preactivations of any two inputs"),
    ("dropout_map", &[("width", "1"), ("replicas", "30"), ("witness.correlation", "-1.0")], "witness.correlation", "is not the correlation of the preactivations of any two inputs"),
    ("fisher_spectrum", &[("depth", "2"), ("widths.width", "[20]"), ("widths.replicas", "30"), ("extrapolated.width", "20"), ("extrapolated.depths", "[2]"), ("extrapolated.replicas", "30"), ("histogram.width", "[50]"), ("histogram.replicas", "30"), ("cases.replicas", "30"), ("descent.replicas", "30"), ("descent.width", "10"), ("descent.inputs", "2"), ("descent.steps", "1000"), ("descent.ratios", "[0.75]")], "descent", "are no finite numbers at ratio 0.75"),
    ("metric_rotation", &[("sigma_w", "[1e4]"), ("bias.width", "1"), ("width", "1"), ("angles", "2"), ("layers", "[1]")], "sigma_w", "of some networks tangents are 0 or beyond the largest number"),
    ("singular_basin", &[("map.z", "[0.0, 0.1]"), ("map.u", "[90.0, 100.0]"), ("online.last", "650.0"), ("online.times", "13"), ("online.replicas", "30")], "map", "z = 0.0, u = 90.0: the best single unit: no convergence"),
    ("singular_basin", &[("online.steps", "[10.0, 9.0]"), ("online.last", "10000.0"), ("online.times", "10"), ("online.linear", "1e-3"), ("map.z", "[0.5, 1.5]"), ("map.u", "[0.5, 0.6]"), ("online.replicas", "30")], "online.steps", "online learning diverges"),
    ("singular_basin", &[("teacher.input_weights", "[[1.0], [1.0]]"), ("teacher.output_weights", "[1.0, -1.0]")], "teacher", "the best single unit has output weight"),
    ("singular_basin", &[("teacher.input_weights", "[[-48.5], [51.5]]")], "teacher", "the best single unit: no convergence"),
    ("singular_blow_down", &[("rates.separations", "[100.0]")], "rates", "separation 100.0 at z = 0.3: the best single unit: no convergence"),
    ("singular_blow_down", &[("rates.separations", "[1e-9]")], "rates", "separation 1e-9 at z = 0.3: the Fisher information is numerically singular"),
    ("singular_blow_down", &[("direction", "[1.0]"), ("teacher.input_weights", "[[1.0], [1.0]]"), ("teacher.output_weights", "[1.0, -1.0]")], "teacher", "the best single unit has output weight"),
    ("singular_blow_down", &[("direction", "[1.0]"), ("teacher.input_weights", "[[-48.5], [51.5]]"), ("teacher.output_weights", "[1.0, 1.0]")], "teacher", "the best single unit: no convergence"),
    ("singular_natural", &[("adaptive_steps", "[0.9, 0.45]"), ("ratio", "1.0"), ("exact_steps", "[0.01, 0.005]"), ("times", "[90.0]"), ("replicas", "30")], "adaptive_steps", "online learning diverges"),
    ("singular_natural", &[("adaptive_steps", "[8e-6, 4e-6]"), ("ratio", "1e5"), ("times", "[0.2]"), ("replicas", "30")], "student", "learning (natural, adaptive) from it"),
    ("singular_natural", &[("student.input_weights", "[[1.2, 0.3], [1.2, 0.3]]")], "student", "learning (natural, exact) from it"),
    ("singular_natural", &[("exact_steps", "[0.4, 0.2]"), ("times", "[2.0]"), ("replicas", "30")], "student", "online learning (natural, exact, step 0.2) from it"),
    ("singular_plateau", &[("cases.teacher", "{ input_weights = [[1.0], [1.0]], output_weights = [1.0, -1.0] }")], "cases[0].teacher", "the best single unit has output weight"),
    ("singular_plateau", &[("cases.teacher", "{ input_weights = [[-48.5], [51.5]], output_weights = [1.0, 1.0] }")], "cases[0].teacher", "the best single unit: no convergence"),
    ("singular_plateau", &[("online.replicas", "30"), ("online.last", "1.0"), ("online.step", "0.5"), ("last", "2.0"), ("separations", "[0.5]"), ("length.separations", "[0.1]"), ("length.centre", "1e-9"), ("length.spreads", "[3.0]")], "length.spreads", "the best single unit has output weight"),
    ("singular_plateau", &[("online.replicas", "30"), ("online.last", "1.0"), ("online.step", "0.5"), ("last", "2.0"), ("separations", "[0.5]"), ("length.separations", "[0.1]"), ("length.centre", "1.5"), ("length.spreads", "[100.0]")], "length.spreads", "the best single unit: no convergence"),
    ("singular_plateau", &[("online.step", "10.0"), ("online.replicas", "30")], "online.step", "online learning diverges"),
    ("singular_portrait", &[("cases.teacher", "{ input_weights = [[1.0], [1.0]], output_weights = [1.0, -1.0] }")], "cases[0].teacher", "the best single unit has output weight"),
    ("singular_portrait", &[("cases.teacher", "{ input_weights = [[-48.5], [51.5]], output_weights = [1.0, 1.0] }")], "cases[0].teacher", "the best single unit: no convergence"),
    ("singular_portrait", &[("cases[2].teacher", "{ input_weights = [[1.0], [1.0]], output_weights = [1.0, -1.0] }")], "cases[2].teacher", "the best single unit has output weight"),
    ("singular_plateau", &[("cases[1].teacher", "{ input_weights = [[1.0], [1.0]], output_weights = [1.0, -1.0] }")], "cases[1].teacher", "the best single unit has output weight"),
    ("singular_portrait", &[("paths.starts", "[[100.0, 100.0]]")], "paths.starts", "[100.0, 100.0]: the best single unit: no convergence"),
    ("singular_slow", &[("drift.separations", "[100.0]")], "drift", "separation 160.0 at z = 0.2: the best single unit: no convergence"),
    ("singular_slow", &[("spreads", "[100.0]")], "spreads", "100.0 about 1.5: the best single unit: no convergence"),
    ("singular_slow", &[("centre", "100.0"), ("spreads", "[1.0]")], "spreads", "its flow takes a time of"),
    ("singular_slow", &[("centre", "1e-9"), ("spreads", "[3.0]")], "spreads", "the best single unit has output weight"),
    ("singular_slow", &[("trajectories.spread", "100.0"), ("spreads", "[0.8]"), ("drift.separations", "[0.1]"), ("drift.z", "[0.5]")], "trajectories", "100.0 about 1.5: the best single unit: no convergence"),
    ("singular_slow", &[("trajectories.separation", "100.0"), ("spreads", "[0.8]"), ("drift.separations", "[0.1]"), ("drift.z", "[0.5]")], "trajectories", "separation 100.0 at z = 0.25: the best single unit: no convergence"),
];

/// Index of the line that sets a parameter, `name` or `section.name`, or begins a section; of a list of sections `list[1].name` is of the second,
/// and the first counts where none is named.
fn line_of(lines: &[String], path: &str) -> usize {
    let begins = |section: &str| {
        let (section, index) =
            section.strip_suffix(']').and_then(|item| item.split_once('[')).unwrap_or((section, "0"));
        let headers = [format!("[parameters.{section}]"), format!("[[parameters.{section}]]")];
        let places = lines.iter().enumerate().filter(|(_, line)| headers.contains(line)).map(|(place, _)| place);
        places.into_iter().nth(index.parse().expect("a number"))
    };
    let sets = |from: usize, name: &str| {
        let below = lines[from + 1..].iter().take_while(|line| !line.starts_with('['));
        let sets = |line: &String| line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with('='));
        below.into_iter().position(sets).map(|place| from + 1 + place)
    };
    let found = match path.split_once('.') {
        Some((section, name)) => begins(section).and_then(|from| sets(from, name)),
        None => {
            let top = lines.iter().position(|line| line == "[parameters]").and_then(|from| sets(from, path));
            top.or_else(|| begins(path))
        }
    };
    found.unwrap_or_else(|| panic!("{path} is not in the file"))
}

/// The text with a value changed, which may go over several lines.
fn change(lines: &mut Vec<String>, path: &str, value: &str) {
    let line = line_of(lines, path);
    let (key, _) = lines[line].split_once('=').expect("a value");
    let new = format!("{}= {value}", key);
    let open = |line: &String| line.matches(['[', '{']).count() as i64 - line.matches([']', '}']).count() as i64;
    let mut depth = 0;
    let end = lines[line..].iter().position(|line| {
        depth += open(line);
        depth == 0
    });
    lines.splice(line..=line + end.expect("an end"), [new]);
}

/// Place and text of the file of an experiment.
fn shipped(experiment: &str) -> (PathBuf, String) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{experiment}.toml"));
    let text = std::fs::read_to_string(&path).expect("an experiment file");
    (path, text)
}

/// What comes of a row; `None` where it is refused as it should be.
fn wrong(&(experiment, settings, named, part): &Refusal, before: bool) -> Option<String> {
    let (path, text) = shipped(experiment);
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    settings.iter().for_each(|(name, value)| change(&mut lines, name, value));
    let expected = line_of(&lines, named) + 1;
    let document = Document::parse(&path, lines.join("\n") + "\n").expect("valid");
    let interrupt = AtomicBool::new(false);
    let found: Result<(), RunError> = match find(document.clone()) {
        Err(error) => Err(error.into()),
        Ok(found) => match found.plan() {
            Ok(_) if before => Ok(()),
            Ok(_) => found.run(&Run::new(document.header.seed, &interrupt, &|_| {}), None).map(|_| ()),
            Err(error) => Err(error),
        },
    };
    match found {
        Err(RunError::Config(ConfigError::Invalid { line, ref message, .. }))
            if line == expected && message.contains(part) =>
        {
            None
        }
        Err(error) => Some(format!("{experiment} {settings:?}: line {expected} and {part:?} expected, found {error}")),
        Ok(()) => Some(format!("{experiment} {settings:?}: not refused")),
    }
}

fn hold(rows: &[Refusal], before: bool) {
    let found: Result<Vec<_>, ()> = parallel_map(rows, |row| Ok(wrong(row, before)));
    let wrong: Vec<String> = found.expect("no errors").into_iter().flatten().collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}

#[test]
fn what_does_not_fit_together_is_refused_at_its_line_before_any_work() {
    hold(BEFORE, true);
}

#[test]
fn what_shows_while_computing_is_refused_at_its_line() {
    hold(WHILE_RUNNING, false);
}

#[test]
fn an_item_of_a_list_over_several_lines_is_refused_at_its_own() {
    let (path, text) = shipped("paradox_dimension");
    let (good, bad) =
        ("{ width = 10000, replicas = 200, angles = [0.2,", "{ width = 10000, replicas = 200, angles = [0.9,");
    assert!(text.contains(good));
    let text = text.replace(good, bad);
    let (above, item) = text.lines().enumerate().find(|(_, line)| line.contains(bad)).expect("there");
    let place = (above + 1, item.find('[').expect("a list") + 1);
    let found = find(Document::parse(&path, text).expect("valid"));
    let Err(ConfigError::Invalid { line, column, message, .. }) = found.map(drop) else { panic!("not refused") };
    assert_eq!((line, column), place, "{message}");
    assert!(message.starts_with("widths.samples[2].angles is 0.9, but must be increasing"), "{message}");
}

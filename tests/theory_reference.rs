//! Theory against high-precision values (`tests/reference/values.json`, 25 digits, made with 34-digit arithmetic).
//!
//! Tolerances: 1e-12 relative where a closed form exists, 1e-10 elsewhere, 1e-8 for the depth scales.

use neurodyn::model::{Activation, Ensemble, Inputs, JetGram, Keep, Manifold, ManifoldKind};
use neurodyn::numerics::quadrature::PairCovariance;
use neurodyn::theory::activity::{activity_fixed_point, chi_1, chi_2, depth_scale, fixed_points};
use neurodyn::theory::curvature::Susceptibilities;
use neurodyn::theory::distance::{PairState, Phase, distance_fixed_point, distance_map, pair_trajectory};
use neurodyn::theory::dropout::{correlation_map, dropout_fixed_point};
use neurodyn::theory::finite_width::stationary_activity;
use neurodyn::theory::jet::JetTheory;
use neurodyn::theory::koenigs::Koenigs;
use neurodyn::theory::metric::metric_growth;
use neurodyn::theory::moments::second_moment;
use neurodyn::theory::ntk::kernel_sums;
use neurodyn::theory::overlap::{overlap_of_covariance, squared_difference};
use neurodyn::theory::phase::{boundary_curve, boundary_point, chi_1_jump, critical_sigma_w};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_str().expect("a decimal string").parse().expect("a number")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(number).collect()
}

struct Entry {
    id: String,
    inputs: Value,
    value: Value,
}

impl Entry {
    fn activation(&self) -> Activation {
        self.inputs["act"].as_str().expect("a name").parse().expect("an activation")
    }

    fn input(&self, name: &str) -> f64 {
        number(&self.inputs[name])
    }

    fn ensemble(&self) -> Ensemble {
        Ensemble::new(self.activation(), self.input("sw"), self.input("sb")).expect("valid")
    }

    /// Tolerance for quantities computed from Gaussian integrals of this activation.
    fn tolerance(&self) -> f64 {
        let closed = !matches!(self.activation(), Activation::Tanh | Activation::Sigmoid | Activation::Softplus);
        if closed { 1e-12 } else { 1e-10 }
    }

    fn check(&self, found: f64, exact: f64, tolerance: f64) {
        let error = (found - exact).abs();
        assert!(
            error <= tolerance * exact.abs(),
            "{}: {found} against {exact}, relative error {:e}",
            self.id,
            error / exact.abs()
        );
    }
}

fn entries(kind: &str) -> Vec<Entry> {
    let all: Value = serde_json::from_str(include_str!("reference/values.json")).expect("valid JSON");
    let found: Vec<Entry> = all["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|e| e["id"].as_str().is_some_and(|id| id.split('/').next() == Some(kind)))
        .map(|e| Entry { id: e["id"].to_string(), inputs: e["inputs"].clone(), value: e["value"].clone() })
        .collect();
    assert!(!found.is_empty(), "no reference values of kind {kind}");
    found
}

#[test]
fn gaussian_moments() {
    for (kind, order) in [("m0", 0), ("m1", 1), ("m2", 2)] {
        for entry in entries(kind) {
            let found = second_moment(entry.activation(), order, entry.input("q")).expect("finite");
            entry.check(found, number(&entry.value), 1e-12);
        }
    }
}

#[test]
fn activity_fixed_points_and_susceptibilities() {
    for kind in ["qstar", "Astar", "chi1", "chi2", "slopeA", "xi_q"] {
        for entry in entries(kind) {
            let ensemble = entry.ensemble();
            let point = activity_fixed_point(&ensemble).expect("exists");
            let found = match kind {
                "qstar" => point.q,
                "Astar" => point.activity,
                "chi1" => chi_1(&ensemble, point.q),
                "chi2" => chi_2(&ensemble, point.q).expect("smooth"),
                "slopeA" => point.slope,
                _ => depth_scale(point.slope).expect("finite"),
            };
            let tolerance = if kind == "xi_q" { 1e-8 } else { entry.tolerance() };
            entry.check(found, number(&entry.value), tolerance);
        }
    }
}

#[test]
fn phase_boundary() {
    for entry in entries("boundary_q") {
        let point = boundary_point(entry.activation(), entry.input("q"));
        let exact = numbers(&entry.value);
        entry.check(point.sigma_w, exact[0], entry.tolerance());
        entry.check(point.sigma_b_squared.sqrt(), exact[1], entry.tolerance());
    }
    for entry in entries("boundary_sb") {
        let point = critical_sigma_w(entry.activation(), entry.input("sb")).expect("exists");
        let exact = numbers(&entry.value);
        entry.check(point.sigma_w, exact[0], entry.tolerance());
        entry.check(point.q, exact[1], 1e-10);
    }
}

#[test]
fn distance_map_values() {
    for entry in entries("K(D)") {
        let ensemble = entry.ensemble();
        let point = activity_fixed_point(&ensemble).expect("exists");
        let found = distance_map(&ensemble, point.activity, entry.input("D"));
        entry.check(found, number(&entry.value), entry.tolerance());
    }
}

#[test]
fn distance_fixed_points() {
    for kind in ["cstar", "Dbar", "xi_c"] {
        for entry in entries(kind) {
            let ensemble = entry.ensemble();
            let point = activity_fixed_point(&ensemble).expect("exists");
            let found = distance_fixed_point(&ensemble, &point).expect("converges");
            let phase = Phase::of(chi_1(&ensemble, point.q));
            match kind {
                "cstar" => {
                    entry.check(found.correlation.expect("q* > 0"), number(&entry.value), 10.0 * entry.tolerance())
                }
                "Dbar" => entry.check(found.distance, number(&entry.value), entry.tolerance()),
                _ => entry.check(found.depth_scale(phase).expect("finite"), number(&entry.value), 1e-8),
            }
        }
    }
}

#[test]
fn correlation_recursions() {
    for kind in ["c_iter50", "c_iter15", "c_iter20"] {
        for entry in entries(kind) {
            let ensemble = entry.ensemble();
            let point = activity_fixed_point(&ensemble).expect("exists");
            let exact = numbers(&entry.value);
            let gap = 2.0 * point.q * (1.0 - entry.input("c0"));
            let distance = gap / ensemble.sigma_w.squared();
            let input = PairState { activity: point.activity, activity_difference: 0.0, distance };
            let states = pair_trajectory(&ensemble, input, exact.len() - 1).expect("finite");
            for (state, exact) in states.iter().zip(exact) {
                let found = state.preactivations(&ensemble).correlation().expect("q > 0");
                entry.check(found, exact, 1e-10);
            }
        }
    }
}

#[test]
fn two_inputs_of_unequal_activity() {
    for entry in entries("twoinput") {
        let [a, a_prime, overlap] = ["A1", "A2", "C"].map(|name| entry.input(name));
        let input = PairState { activity: a, activity_difference: a_prime - a, distance: a + a_prime - 2.0 * overlap };
        let rows = entry.value.as_array().expect("rows");
        let states = pair_trajectory(&entry.ensemble(), input, rows.len() - 1).expect("finite");
        for (state, row) in states.iter().zip(rows) {
            let found = [state.activity, state.activity_prime(), state.overlap(), state.distance];
            for (found, exact) in found.into_iter().zip(numbers(row)) {
                entry.check(found, exact, 1e-10);
            }
        }
    }
}

#[test]
fn stationary_fluctuation_of_the_activity() {
    for entry in entries("finite_n") {
        let ensemble = entry.ensemble();
        let point = activity_fixed_point(&ensemble).expect("exists");
        let exact = numbers(&entry.value);
        let found = stationary_activity(&ensemble, &point).expect("settles").variance;
        entry.check(found, exact[0], 1e-10);
        let growth = metric_growth(&ensemble, &point).expect("settles");
        let found = [growth.one_layer_variance, growth.activity_response, growth.variance_rate];
        for (found, exact) in found.into_iter().zip(&exact[1..]) {
            entry.check(found, *exact, 1e-10);
        }
    }
}

/// Squared curvature in the convention of Poole et al., from their `1/q*`. A circle of inputs with that activity has
/// `1 / (sigma_w^2 A*)` in preactivations, which is larger when `sigma_b > 0`: theirs is the circle `C = q cos theta` of preactivations.
#[test]
fn curvature_of_preactivations() {
    for entry in entries("kappa2_seq") {
        let ensemble = entry.ensemble();
        let point = activity_fixed_point(&ensemble).expect("exists");
        let chi = Susceptibilities::at(&ensemble, point.q).expect("smooth").of_preactivations(&ensemble);
        let mut found = 1.0 / point.q;
        for exact in numbers(&entry.value) {
            entry.check(found, exact, 1e-10);
            found = chi.curvature_map(found);
        }
    }
}

#[test]
fn extrinsic_curvature_in_any_dimension() {
    for entry in entries("gamma_seq") {
        let ensemble = entry.ensemble();
        let point = activity_fixed_point(&ensemble).expect("exists");
        let chi = Susceptibilities::at(&ensemble, point.q).expect("smooth");
        let d = entry.inputs["d"].as_u64().expect("a dimension") as usize;
        let exact = numbers(&entry.value);
        // the recursion, and the whole jet of a sphere
        let sphere =
            Manifold::new(ManifoldKind::SpherePatch { dimension: d, activity: point.activity }).expect("valid");
        let inputs = Inputs::jets(&[sphere.jet(&vec![0.0; d])], 2).expect("inputs");
        let input = JetGram::of(inputs.gram(), d);
        let jets =
            JetTheory::new(&ensemble, &input).expect("smooth").trajectory(&input, exact.len() - 1).expect("finite");
        let mut found = d as f64 / point.activity;
        for (exact, jet) in exact.into_iter().zip(&jets) {
            entry.check(found, exact, 1e-10);
            entry.check(jet.extrinsic_curvature(), exact, 1e-10);
            found = chi.extrinsic_map(d, found);
        }
    }
}

#[test]
fn jets_of_any_curve() {
    for entry in entries("jet") {
        let rows: Vec<Vec<f64>> = entry.value.as_array().expect("rows").iter().map(numbers).collect();
        // x.x, x.x', x.x'', x'.x', x'.x'', x''.x''
        let index = [[0, 1, 2], [1, 3, 4], [2, 4, 5]];
        let input = numbers(&entry.inputs["G0"]);
        let exact_input = &rows[0];
        assert!(input.iter().zip(exact_input).all(|(rounded, exact)| (rounded - exact).abs() < 1e-6));
        let input = JetGram::new(1, 3, |i, j| exact_input[index[i][j]]);
        let theory = JetTheory::new(&entry.ensemble(), &input).expect("smooth");
        let jets = theory.trajectory(&input, rows.len() - 1).expect("finite");
        for (jet, row) in jets.iter().zip(&rows) {
            for i in 0..3 {
                for j in 0..=i {
                    let (found, exact) = (jet.get(i, j), row[index[i][j]]);
                    if exact == 0.0 { assert!(found.abs() < 1e-14) } else { entry.check(found, exact, 1e-10) }
                }
            }
        }
    }
}

/// `E[phi^2]` and `E[(phi(v) - phi(u))^2]` of the activations without closed forms, at the ends of the promised range.
#[test]
fn gaussian_integrals_by_quadrature() {
    let all: Value = serde_json::from_str(include_str!("reference/gaussian.json")).expect("valid JSON");
    let entries = all["entries"].as_array().expect("entries");
    assert!(entries.len() >= 30);
    for entry in entries {
        let activation: Activation = entry["activation"].as_str().expect("a name").parse().expect("an activation");
        let (q, exact) = (number(&entry["q"]), number(&entry["value"]));
        let found = match entry["quantity"].as_str() {
            Some("moment") => second_moment(activation, 0, q).expect("finite"),
            _ => squared_difference(activation, &PairCovariance { q, difference: 0.0, gap: number(&entry["gap"]) }),
        };
        assert!((found / exact - 1.0).abs() < 1e-12, "{entry}: {found:e}");
    }
}

/// Overlaps of variances as unequal as 1e-8 and 1e4, in closed form and by quadrature: 1e-13 of `sqrt(E[phi(u)^2] E[phi(v)^2])`.
#[test]
fn overlaps_of_very_unequal_variances() {
    let all: Value = serde_json::from_str(include_str!("reference/unequal.json")).expect("valid JSON");
    let entries = all["entries"].as_array().expect("entries");
    assert!(entries.len() >= 30);
    for entry in entries {
        let activation: Activation = entry["activation"].as_str().expect("a name").parse().expect("an activation");
        let [q, q_prime, covariance, exact] =
            ["q", "q_prime", "covariance", "value"].map(|field| number(&entry[field]));
        let moment = |q| second_moment(activation, 0, q).expect("finite");
        let scale = (moment(q) * moment(q_prime)).sqrt();
        for (q, q_prime) in [(q, q_prime), (q_prime, q)] {
            let found = overlap_of_covariance(activation, q, q_prime, covariance);
            assert!((found - exact).abs() < 1e-13 * scale, "{entry}: {found:e}, off by {:e}", (found - exact) / scale);
        }
    }
}

#[test]
fn dropout_fixed_points() {
    for entry in entries("dropout") {
        let (ensemble, keep) = (entry.ensemble(), Keep::new(entry.input("keep")).expect("valid"));
        let found = dropout_fixed_point(&ensemble, keep).expect("exists");
        let exact = numbers(&entry.value);
        // 1 - c* is what is solved for
        for (found, exact) in [found.q, found.correlation, found.map_at_one].into_iter().zip(&exact) {
            entry.check(found, *exact, 1e-12);
        }
        entry.check(correlation_map(&ensemble, keep, &found, 1.0), exact[2], 1e-14);
        entry.check(correlation_map(&ensemble, keep, &found, exact[1]), exact[1], 1e-12);
    }
}

#[test]
fn koenigs_scaling_functions() {
    for entry in entries("koenigs") {
        let ensemble = entry.ensemble();
        let point = activity_fixed_point(&ensemble).expect("exists");
        let koenigs = Koenigs::new(&ensemble, &point).expect("chaotic");
        for (s, exact) in numbers(&entry.inputs["s"]).into_iter().zip(numbers(&entry.value)) {
            entry.check(koenigs.scaling(s).expect("finite"), exact, 1e-12);
        }
    }
}

#[test]
fn tangent_kernel_sums() {
    for entry in entries("ntk") {
        let depth = entry.inputs["L"].as_u64().expect("a depth") as usize;
        let (activity, overlap) = (entry.input("A0"), entry.input("C0"));
        let input = PairState { activity, activity_difference: 0.0, distance: 2.0 * (activity - overlap) };
        let found = kernel_sums(&entry.ensemble(), input, depth).expect("finite");
        let exact = numbers(&entry.value);
        entry.check(found.kappa_1, exact[0], 1e-12);
        entry.check(found.kappa_2, exact[1], 1e-12);
    }
}

#[test]
fn every_fixed_point_and_the_saddle_nodes_of_gelu() {
    let all: Value = serde_json::from_str(include_str!("reference/fixed_points.json")).expect("valid JSON");
    let near = |found: f64, exact: f64, tolerance: f64| (found - exact).abs() <= tolerance * exact;
    for entry in all["entries"].as_array().expect("entries") {
        let activation: Activation = entry["activation"].as_str().expect("a name").parse().expect("an activation");
        let ensemble = Ensemble::new(activation, number(&entry["sigma_w"]), number(&entry["sigma_b"])).expect("valid");
        let found = fixed_points(&ensemble).expect("no failure");
        let above_0: Vec<_> = found.points.iter().filter(|found| found.point.q > 0.0).collect();
        let exact = entry["above_0"].as_array().expect("points");
        assert_eq!(above_0.len(), exact.len(), "{ensemble:?}: {found:?}");
        for (found, exact) in above_0.iter().zip(exact) {
            // a root moves by the rounding of the map over its slope
            let tolerance = 1e-15 / (1.0 - found.point.slope).abs() + 1e-11;
            let q = found.point.q;
            assert!(near(q, number(&exact["q"]), tolerance), "{ensemble:?}: {q} against {}", exact["q"]);
            assert!(near(chi_1(&ensemble, q), number(&exact["chi_1"]), 1e-10), "{ensemble:?}");
        }
        assert_eq!(found.reached().is_ok(), found.unreached.is_none());
    }
    for node in all["gelu_saddle_nodes"].as_array().expect("nodes") {
        let jump = chi_1_jump(Activation::Gelu, number(&node["sigma_b"])).expect("no failure").expect("a jump");
        assert!(near(jump.sigma_w, number(&node["sigma_w"]), 1e-14), "{jump:?}");
        // the place of a minimum, to the root of the rounding or better
        assert!(near(jump.q_above, number(&node["q_above"]), 1e-9), "{jump:?}");
        assert!(near(jump.q_below, number(&node["q_below"]), 1e-11), "{jump:?}");
        assert!(jump.chi_1_below < 1.0 && jump.chi_1_above > 1.0);
    }
    // where the cusp is passed, and where there is one fixed point at most
    for (activation, sigma_b) in [(Activation::Gelu, 0.5), (Activation::Softplus, 0.3), (Activation::Tanh, 0.1)] {
        assert_eq!(chi_1_jump(activation, sigma_b).expect("no failure"), None);
    }
    assert!(critical_sigma_w(Activation::Gelu, 0.4158).is_err());
    assert!(critical_sigma_w(Activation::Gelu, 0.4159).is_ok());
    // the curve ends there
    let curve = boundary_curve(Activation::Gelu, 1e-6, 1e3, 400);
    let lowest = curve.iter().map(|point| point.sigma_b_squared.sqrt()).fold(f64::INFINITY, f64::min);
    assert!(!curve.is_empty() && (0.4158..0.43).contains(&lowest), "{lowest}");
}

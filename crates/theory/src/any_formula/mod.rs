//! All of the theory with formulas: the shipped activations as formulas against themselves, and formulas with kinks, jumps and waves.

mod rough;
mod shipped;

use crate::TheoryError;
use crate::activity::{activity_fixed_point, activity_slope, activity_trajectory, chi_1, chi_2, fixed_points};
use crate::anisotropy::shear_variance;
use crate::backward::{error_correlations, error_laws};
use crate::card::{Request, Second, card};
use crate::continuous::MeanField;
use crate::curvature::curve_trajectory;
use crate::distance::{PairState, distance_fixed_point, distance_map, distance_slope, pair_trajectory};
use crate::dropout::{dropout_fixed_point, masked_corrections, unit_slope};
use crate::finite_width::{activity_corrections, pair_corrections, stationary_activity};
use crate::fisher::{Spectrum, trace_bias, unit_elements};
use crate::gram::gram_after;
use crate::jet::JetTheory;
use crate::koenigs::Koenigs;
use crate::metric::{TangentPair, conformal_factors, metric_growth, tangent_trajectory};
use crate::moments::*;
use crate::ntk::kernel_sums;
use crate::overlap::{activity_difference, overlap, overlap_of_covariance, overlap_slope, squared_difference};
use crate::paradox::pairs::simplex;
use crate::phase::{boundary_curve, chi_1_jump, critical_sigma_w};
use crate::recurrent::{lag_overlaps, lyapunov_exponent};
use crate::signals::{Signals, signal_trajectory};
use neurodyn_model::{Activation, Ensemble, Inputs, JetGram, Keep, Manifold, ManifoldKind, SymmetricMatrix, Width};
use neurodyn_numerics::quadrature::PairCovariance;

/// A value by its name, and the size that its error is relative to.
type Found = Vec<(String, Result<f64, TheoryError>, f64)>;

fn laws() -> Vec<PairCovariance> {
    let mut laws = Vec::new();
    for q in [1e-6, 0.04, 1.0, 30.0, 1e3] {
        for relative in [1e-12, 1e-3, 0.5, 2.0, 3.9] {
            laws.push(PairCovariance { q, difference: 0.0, gap: relative * q });
        }
        laws.push(PairCovariance { q, difference: 1.5 * q, gap: 1.2 * q });
        laws.push(PairCovariance { q, difference: -0.3 * q, gap: 0.4 * q });
    }
    laws
}

/// Moments of one variable and of pairs of these laws.
fn moments(activation: Activation, laws: &[PairCovariance]) -> Found {
    let mut found = Found::new();
    for q in [1e-6, 1e-3, 0.1, 1.0, 10.0, 1e3] {
        let (square, slope) = (mean_square(activation, q), derivative_mean_square(activation, q));
        let mut add = |name: &str, value: f64, size: f64| found.push((format!("{name} at {q}"), Ok(value), size));
        add("square", square, square);
        add("slope", slope, slope);
        if let Some(bend) = second_moment(activation, 2, q) {
            add("bend", bend, bend);
        }
        // the terms that shipped activations sum up are of this size
        let derivative = second_moment_slope(activation, q);
        add("square_slope", derivative, derivative.abs().max(slope));
        let derivative = second_moment_curvature(activation, q);
        add("square_curvature", derivative, derivative.abs().max(1e-4));
        let derivative = derivative_moment_slope(activation, q);
        add("slope_slope", derivative, derivative.abs().max((slope / q).min(1.0)));
        add("slope_curvature", derivative_moment_curvature(activation, q), (slope / (q * q)).max(1.0));
        add("variance", square_variance(activation, q), square * square);
        let moments = slope_moments(activation, q);
        add("fourth", moments.fourth, moments.fourth);
        add("mixed", moments.mixed, moments.both);
    }
    for law in laws {
        let size = (mean_square(activation, law.q) * mean_square(activation, law.q_prime())).sqrt();
        let slope_size =
            (derivative_mean_square(activation, law.q) * derivative_mean_square(activation, law.q_prime())).sqrt();
        let apart = squared_difference(activation, law);
        let mut add = |name: &str, value: f64, size: f64| found.push((format!("{name} at {law:?}"), Ok(value), size));
        add("overlap", overlap(activation, law), size);
        add("overlap of covariance", overlap_of_covariance(activation, law.q, law.q_prime(), law.covariance()), size);
        let slope = overlap_slope(activation, law);
        add("overlap_slope", slope, if slope_size.is_finite() { slope_size } else { slope.abs() });
        // the difference of moments, where that is what is formed
        let near = law.gap <= 0.05 * law.q && law.difference == 0.0;
        add("apart", apart, if near { apart } else { apart.max(size) });
        let difference = activity_difference(activation, law.q, law.difference);
        add("difference", difference, difference.abs().max(size));
    }
    found
}

fn circle() -> JetGram<f64> {
    let manifold =
        Manifold::new(ManifoldKind::Ellipse { semi_axes: [1.0, 0.6], centre: [0.3, -0.1, 0.4] }).expect("valid");
    JetGram::of(Inputs::jets(&[manifold.jet(&[0.8])], 2).expect("inputs").gram(), 1)
}

fn tangents() -> JetGram<f64> {
    let manifold = Manifold::new(ManifoldKind::SpherePatch { dimension: 2, activity: 0.8 }).expect("valid");
    JetGram::of(Inputs::jets(&[manifold.jet(&[0.5, -0.2])], 1).expect("inputs").gram(), 2)
}

/// What the layers do, and where they go.
fn layers(ensemble: &Ensemble) -> Found {
    let mut found = Found::new();
    let mut add = |name: &str, values: Result<Vec<f64>, TheoryError>| match values {
        Ok(values) => {
            let largest = values.iter().fold(0.0f64, |largest, value| largest.max(value.abs()));
            values
                .into_iter()
                .enumerate()
                .for_each(|(k, value)| found.push((format!("{name} {k}"), Ok(value), largest)));
        }
        Err(error) => found.push((name.to_owned(), Err(error), 0.0)),
    };
    let activation = ensemble.activation;
    let widths = vec![Width::new(200).expect("a width"); 4];
    let input = PairState { activity: 0.8, activity_difference: 0.3, distance: 0.5 };
    let equal = PairState { activity: 0.8, activity_difference: 0.0, distance: 0.5 };
    let keep = Keep::new(0.8).expect("a probability");
    let point = activity_fixed_point(ensemble);
    add("fixed points", fixed_points(ensemble).map(|all| all.points.iter().map(|found| found.point.q).collect()));
    add("star", point.clone().map(|star| vec![star.q, star.activity]));
    add("star slope", point.clone().map(|star| vec![activity_slope(ensemble, star.q)]));
    add("activities", activity_trajectory(ensemble, 0.8, 5));
    add("pairs", pair_trajectory(ensemble, input, 5).map(|all| all.iter().map(|state| state.distance).collect()));
    let signals = signal_trajectory(ensemble, Signals::new(0.8, 0.01, 0.05, 0.71), 4);
    add("signals", signals.map(|all| all.iter().map(Signals::overlap).collect()));
    let three = SymmetricMatrix::from_fn(3, |i, j| if i == j { 1.0 + 0.1 * i as f64 } else { 0.4 });
    add("Gram", gram_after(ensemble, &three, 3).map(|gram| gram.entries().to_vec()));
    add("lags", lag_overlaps(ensemble, 0.8, 3).map(|rows| rows.into_iter().flatten().collect()));
    add("metric", conformal_factors(ensemble, 0.8, 4));
    let great = TangentPair::on_great_circle(0.8, (0.6, 0.8), 0.2);
    add("tangents", tangent_trajectory(ensemble, great, 3).map(|all| all.iter().map(|pair| pair.overlap).collect()));
    let curve = curve_trajectory(ensemble, 0.8, 1.25, 4);
    add("curvature", curve.map(|all| all.iter().map(|state| state.curvature).collect()));
    let activities = activity_corrections(ensemble, 0.8, &widths);
    add("activity", activities.map(|all| all.iter().flat_map(|one| [one.bias, one.variance]).collect()));
    let pairs = pair_corrections(ensemble, input, &widths);
    add("pair", pairs.map(|all| all.iter().flat_map(|one| [one.distance().bias, one.distance().variance]).collect()));
    let masked = masked_corrections(ensemble, keep, input, &widths);
    add("masked", masked.map(|all| all.iter().flat_map(|one| [one.overlap().bias, one.overlap().variance]).collect()));
    let errors = error_laws(ensemble, 0.8, &widths);
    add(
        "errors",
        errors.map(|all| all.iter().flat_map(|one| [one.log_variance, one.same.bias, one.same.variance]).collect()),
    );
    add("error correlations", error_correlations(ensemble, input, 3));
    add("shear", shear_variance(ensemble, 0.8, 3));
    let kernel = kernel_sums(ensemble, equal, 3);
    add("kernel", kernel.map(|sums| vec![sums.kappa_1, sums.kappa_2]));
    add("spectrum", Spectrum::new(ensemble, equal, 3, 10).map(|spectrum| vec![spectrum.trace(), spectrum.largest()]));
    add("trace", trace_bias(ensemble, 0.8, widths[0], 3).map(|bias| vec![bias]));
    let elements = unit_elements(ensemble, equal, 5, 2, 50);
    add("elements", elements.map(|elements| vec![elements.within, elements.between]));
    for (name, jet) in [("jet", tangents()), ("second jet", circle())] {
        let corrections = JetTheory::new(ensemble, &jet).and_then(|theory| theory.corrections(&jet, &widths[..2]));
        add(name, corrections.map(|all| all[2].state.entries().to_vec()));
        let corrections = JetTheory::new(ensemble, &jet).and_then(|theory| theory.corrections(&jet, &widths[..2]));
        let metric = corrections.map(|all| all[2].of(|gram| gram.metric(0, 0)));
        add(&format!("{name} corrections"), metric.map(|found| vec![found.bias, found.variance]));
    }
    let simplex = simplex(ensemble, equal, &widths[..2]);
    add("simplex", simplex.map(|all| all.iter().map(|layer| layer.own).collect()));
    add("critical", critical_sigma_w(activation, ensemble.sigma_b.get()).map(|point| vec![point.sigma_w]));
    let jump = chi_1_jump(activation, ensemble.sigma_b.get());
    add("jump", jump.map(|jump| jump.iter().flat_map(|jump| [jump.sigma_w, jump.q_above]).collect()));
    let curve = boundary_curve(activation, 0.1, 10.0, 4);
    add("boundary", Ok(curve.iter().flat_map(|point| [point.sigma_w, point.sigma_b_squared]).collect()));
    add("unit slope", unit_slope(activation, 0.3, keep).map(|point| vec![point.sigma_w]));
    add("dropout", dropout_fixed_point(ensemble, keep).map(|found| vec![found.q, found.correlation, found.slope]));
    add("Lyapunov", lyapunov_exponent(ensemble).map(|found| found.into_iter().collect()));
    if let Ok(point) = &point {
        add("chi_2", chi_2(ensemble, point.q).map(|chi| vec![chi]));
        let fixed = distance_fixed_point(ensemble, point);
        add("distance", fixed.map(|found| vec![found.distance, found.slope]));
        add("noise", stationary_activity(ensemble, point).map(|found| vec![found.bias, found.variance]));
        add("growth", metric_growth(ensemble, point).map(|growth| vec![growth.variance_rate]));
        let koenigs = Koenigs::new(ensemble, point);
        add("Koenigs", koenigs.and_then(|koenigs| [1e-3, 0.5, 3.0].iter().map(|s| koenigs.scaling(*s)).collect()));
    }
    found
}

/// The network in continuous time.
fn continuous(activation: Activation) -> Found {
    match MeanField::new(activation, 1.6) {
        Ok(found) => [found.variance(), found.lyapunov_exponent()]
            .map(|value| (format!("continuous {value:.3}"), Ok(value), 1.0))
            .to_vec(),
        Err(error) => vec![("continuous".to_owned(), Err(error), 0.0)],
    }
}

/// The card, as text: nothing in it may be infinite or not a number.
fn whole_card(ensemble: &Ensemble) -> Result<String, String> {
    let request = Request {
        depth: Some(3),
        activity: Some(0.8),
        second: Some(Second::Correlation(0.5)),
        keep: Some(Keep::new(0.8).expect("a probability")),
        koenigs: Some(vec![1.0]),
        ..Request::default()
    };
    card(ensemble, &request).map(|card| format!("{card:?}")).map_err(|error| error.to_string())
}

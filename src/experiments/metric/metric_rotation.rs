//! Rotation of the frame: the cosine of the angle between the tangents at two points of a great circle, `e . e' / (|e| |e'|)`, against
//! the angle between the points (autocorrelation of the tangent, Poole et al. 2016, figure 3). In the chaotic phase tangents a
//! short way apart are soon orthogonal; in the ordered phase they stay as they were.
//!
//! The finite-width correction of this cosine has no theory here. Its size is measured in narrow networks and scaled by the
//! width: the column `bias_share` gives it in standard errors, and the width is such that it stays below a third.

use crate::experiment::geometry::great_circle;
use crate::experiment::prelude::*;
use crate::experiment::sampling::check_variance;
use crate::model::Jet;
use crate::simulation::Trajectory;
use crate::theory::metric::{TangentPair, tangent_trajectory};
use std::f64::consts::PI;

parameters! {
    Params {
        activation: Activation,
        sigma_w: WeightScales,
        sigma_b: BiasStd,
        /// Theory curves start here and end at pi, in equal steps of the logarithm.
        smallest_angle: Number<Angle>,
        /// Number of angles of the theory curves.
        angles: Count<2>,
        layers: LayersOfNetwork,
        /// Angles between the simulated points and the first one.
        sampled_angles: NonNegativeGrid,
        width: Width,
        replicas: NetworkCount,
        /// Narrow networks that measure the finite-width correction.
        bias: Bias,
    }

    /// Narrow networks that measure the finite-width correction.
    Bias {
        width: Width,
        replicas: NetworkCount,
    }
}

columns! {
    angle: Parameter ["rad"] "angle between the two points on the great circle";
    rotation: Theory "cosine e . e' / (|e| |e'|) between the tangents at the two points, at infinite width";
    bias_share: Verdict ["standard errors"] "size of the 1/n correction, measured in narrow networks and scaled by the width, in standard errors";
    value: Theory "cosine e . e' / (|e| |e'|) between the tangents at the two points";
}

pub struct MetricRotation;

impl Experiment for MetricRotation {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;

    fn check(params: &Params) -> Result<(), ParameterError> {
        let Params { activation, sigma_b, .. } = *params;
        for &sigma_w in &params.sigma_w {
            let allowed = "so small that preactivations have a variance of at most 1e8, as sigma_b must be";
            check_variance("sigma_w", &Ensemble { activation, sigma_w, sigma_b }, (1e8, allowed))?;
        }
        let opposite = params.sampled_angles.values().iter().any(|angle| *angle > PI - 1e-6);
        if sigma_b.get() == 0.0 && activation.is_odd() && opposite {
            let allowed =
                "above 0 for an odd activation where opposite points are sampled, lest they stay exactly opposite";
            return Err(ParameterError { name: "sigma_b", found: "0".to_owned(), allowed });
        }
        check_signal("sigma_b", activation, sigma_b.get(), params.sigma_w.iter().map(|sigma_w| sigma_w.get()))
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let mut curve = Rows::new("curve");
        let mut cells = Rows::new("layers");
        let deepest = params.layers.iter().copied().max().unwrap_or(1);
        for (index, &sigma_w) in params.sigma_w.iter().enumerate() {
            let ensemble = Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b };
            let theory = run.theory(&ensemble);
            let activity = activity_fixed_point(&ensemble)?.activity;
            let law = |angle: f64| {
                let (half_sine, _) = sin_cos(0.5 * angle);
                let input = TangentPair::on_great_circle(activity, sin_cos(angle), 2.0 * half_sine * half_sine);
                Ok::<_, RunError>(tangent_trajectory(&theory, input, deepest)?)
            };
            let angles: Vec<f64> = (0..params.angles)
                .map(|i| PI * exp(ln(params.smallest_angle / PI) * (1.0 - i as f64 / (params.angles - 1) as f64)))
                .collect();
            let curves = run.map(&angles, |&angle| law(angle))?;
            for &layer in &params.layers {
                for (&angle, states) in angles.iter().zip(&curves) {
                    let rotation = states[layer].correlation();
                    curve.push(row! { sigma_w, layer, angle, rotation });
                }
            }
            let circle = great_circle(activity)?;
            let mut jets: Vec<Jet> = vec![circle.jet(&[0.0])];
            jets.extend(params.sampled_angles.values().iter().map(|&angle| circle.jet(&[angle])));
            let inputs = Inputs::jets(&jets, 1)?;
            let sample = |width: Width, point: usize, replicas: usize| {
                let network = network(ensemble, width, deepest)?;
                trajectories(run, SamplerKind::Macroscopic, &network, &inputs, 2 * index + point, replicas)
            };
            let wide = sample(params.width, 0, params.replicas)?;
            let narrow = sample(params.bias.width, 1, params.bias.replicas)?;
            let share = params.bias.width.get() as f64 / params.width.get() as f64;
            for (place, &angle) in params.sampled_angles.values().iter().enumerate() {
                let states = law(angle)?;
                for &layer in params.layers.iter().filter(|&&layer| layer > 0) {
                    let rotation = states[layer].correlation();
                    let found = rotations(&wide, layer, place + 1, rotation);
                    let bias = rotations(&narrow, layer, place + 1, rotation);
                    if !(found.mc.is_finite() && bias.mc.is_finite()) {
                        return Err(no_direction(&ensemble, layer));
                    }
                    // at the first point itself there is no spread
                    let bias_share = (found.stderr > 0.0).then(|| share * (bias.mc - bias.theory) / found.stderr);
                    cells.push(row! { sigma_w, layer, angle, replicas: params.replicas, bias_share, value: found });
                }
            }
        }
        Ok(vec![curve.table()?, cells.table()?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$").ramp();
        let mut figure = Figure::new("metric_rotation", "Rotation of the tangent along a great circle")
            .describe(
                "Cosine of the angle between the tangents at two points of the image of a great circle against the angle between \
                 the points, in several layers at three weight scales: theory as lines, mean over networks as points.",
            )
            .double()
            .height(76.0)
            .columns(params.sigma_w.len())
            .shared_legend();
        for sigma_w in &params.sigma_w {
            let of = |table: &str| Select::table(table).filter("sigma_w", sigma_w.get());
            figure = figure.panel(
                Panel::new(
                    Axis::log10(r"angle $\theta$").range(params.smallest_angle, 3.5),
                    Axis::linear(r"$\cos(e(0), e(\theta))$").range(-1.0, 1.0),
                )
                .title(format!(r"$\sigma_w = {}$", sigma_w.get()))
                .series(Series::theory(of("curve"), "angle", "rotation").by(&by).key("theory"))
                .series(
                    Series::monte_carlo(of("layers"), "angle", "value_mc", "value_stderr").by(&by).key("Monte Carlo"),
                )
                .residual(Residual::new(of("layers"), "angle", "value").by(&by)),
            );
        }
        vec![figure]
    }
}

/// Where tangents of a network are no numbers any more.
fn no_direction(ensemble: &Ensemble, layer: usize) -> RunError {
    let (sigma_w, sigma_b) = (ensemble.sigma_w.get(), ensemble.sigma_b.get());
    let message = format!(
        "{sigma_w:?} at sigma_b = {sigma_b:?}: in layer {layer} of some networks tangents are 0 or beyond the largest number, so they have no \
         direction; scales must be more moderate, or networks wider"
    );
    RunError::Field { field: "parameters.sigma_w", message }
}

/// Cosine between the tangents of the first and this point in each network.
fn rotations(sample: &[Trajectory], layer: usize, point: usize, theory: f64) -> Compared {
    let rotation = |gram: &SymmetricMatrix| {
        let (first, other) = (1, 2 * point + 1);
        gram.get(other, first) / (gram.get(first, first) * gram.get(other, other)).sqrt()
    };
    Compared::of(theory, &sample.iter().map(|t| rotation(&t[layer])).collect::<Vec<_>>(), 0.0)
}

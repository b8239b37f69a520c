//! Rotation of the frame: the cosine of the angle between the tangents at two points of a great circle, `e . e' / (|e| |e'|)`, against
//! the angle between the points (autocorrelation of the tangent, Poole et al. 2016, figure 3). In the chaotic phase tangents a
//! short way apart are soon orthogonal; in the ordered phase they stay as they were.
//!
//! The finite-width correction of this cosine has no theory here. Its size is measured in narrow networks and scaled by the
//! width: the column `bias_share` gives it in standard errors, and the width is such that it stays below a third.

use crate::experiment::prelude::*;
use crate::theory::metric::{TangentPair, tangent_trajectory};

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b,
        smallest_angle: Number<Angle> => "Theory curves start here and end at pi, in equal steps of the logarithm.",
        angles: Count<2> => "Number of angles of the theory curves.",
        layers: LayersOfNetwork,
        sampled_angles: NonNegativeGrid => "Angles between the simulated points and the first one.",
        width, replicas: NetworkCount, bias: Bias,
    }

    /// Narrow networks that measure the finite-width correction.
    Bias {
        width, replicas: NetworkCount,
    }
}

columns! {
    angle: Parameter ["rad"] "angle between the two points on the great circle";
    rotation: Theory "cosine e . e' / (|e| |e'|) between the tangents at the two points, at infinite width";
    bias_share: Verdict ["standard errors"] "size of the 1/n correction, measured in narrow networks and scaled by the width, in standard errors";
    value: Theory "cosine e . e' / (|e| |e'|) between the tangents at the two points";
}

/// How many steps of the curves that are drawn make one of table `curve`.
const FINER: usize = 2;
/// Where even steps begin.
const NEAR_PI: f64 = 2.6;

impl Experiment for Params {
    type Point = Networks;

    fn check(&self) -> Result<(), ParameterError> {
        let Params { activation, sigma_b, .. } = *self;
        for &sigma_w in &self.sigma_w {
            let allowed = "so small that preactivations have a variance of at most 1e8, as sigma_b must be";
            check_variance("sigma_w", &Ensemble { activation, sigma_w, sigma_b }, (1e8, allowed))?;
        }
        let opposite = self.sampled_angles.values().iter().any(|angle| *angle > PI - 1e-6);
        let allowed =
            "above 0 for an odd activation where opposite points are sampled, lest they stay exactly opposite";
        refuse_where(sigma_b.get() == 0.0 && activation.is_odd() && opposite, "sigma_b", 0, allowed)?;
        check_signal("sigma_b", activation, sigma_b.get(), self.sigma_w.iter().map(|sigma_w| sigma_w.get()))
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let Params { activation, sigma_b, ref layers, ref sampled_angles, ref bias, .. } = *self;
        let deepest = deepest(layers);
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation, sigma_w, sigma_b };
            let activity = activity_fixed_point(&ensemble)?.activity;
            // where there is no theory nothing is simulated
            law(&ensemble, activity, self.smallest_angle, deepest)?;
            let circle = Manifold::great_circle(activity)?;
            let angles = [0.0].iter().chain(sampled_angles.values());
            let inputs = Inputs::jets(&angles.map(|&angle| circle.jet(&[angle])).collect::<Vec<_>>(), 1)?;
            for (width, replicas) in [(self.width, self.replicas), (bias.width, bias.replicas)] {
                let networks = Networks::new(ensemble, width, deepest, inputs.clone())?;
                let label = format!("sigma_w = {}, n = {}", sigma_w.get(), width.get());
                points.keep(label, replicas, networks.cost_of(replicas), networks);
            }
        }
        Ok(())
    }

    /// Cosine between the tangents of the first and each other point, layer by layer.
    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let trajectory = networks.sample(at)?;
        let rotation = |(place, layer): (usize, usize)| {
            let (gram, first, other) = (&trajectory[layer], 1, 2 * place + 3);
            gram.get(other, first) / (gram.get(first, first) * gram.get(other, other)).sqrt()
        };
        Ok(shown(self).into_iter().map(rotation).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, fine, cells: "layers");
        let to_pi = |count: usize| {
            let share = move |i: usize| 1.0 - i as f64 / (count - 1) as f64;
            (0..count).map(|i| PI * exp(ln(self.smallest_angle / PI) * share(i))).collect::<Vec<f64>>()
        };
        let angles = to_pi(self.angles);
        // near pi even steps, which the curves that turn there need
        let mut fine_angles = to_pi(FINER * (self.angles - 1) + 1);
        fine_angles.retain(|angle| *angle < NEAR_PI);
        fine_angles.extend(even(NEAR_PI, PI, 181));
        for (&sigma_w, [wide, narrow]) in self.sigma_w.iter().zip(found.as_chunks().0) {
            let ensemble = wide.point.network.ensemble;
            let (theory, activity) = (run.theory(&ensemble), activity_fixed_point(&ensemble)?.activity);
            let law = |&angle: &f64| law(&theory, activity, angle, wide.point.network.depth());
            for (rows, angles) in [(&mut curve, &angles), (&mut fine, &fine_angles)] {
                let laws = run.map(angles, law)?;
                for &layer in &self.layers {
                    for (&angle, states) in angles.iter().zip(&laws) {
                        rows.push(row! { sigma_w, layer, angle, rotation: states[layer].correlation() });
                    }
                }
            }
            let sampled = self.sampled_angles.values();
            let states = run.map(sampled, law)?;
            let share = self.bias.width.get() as f64 / self.width.get() as f64;
            for (index, (place, layer)) in shown(self).into_iter().enumerate() {
                let rotation = states[place][layer].correlation();
                let found = Compared::of(rotation, &wide.values(index), 0.0);
                let bias = Compared::of(rotation, &narrow.values(index), 0.0);
                if !(found.mc.is_finite() && bias.mc.is_finite()) {
                    return Err(no_direction(&ensemble, layer));
                }
                // at the first point itself there is no spread
                let bias_share = (found.stderr > 0.0).then(|| share * (bias.mc - bias.theory) / found.stderr);
                cells.push(row! {
                    sigma_w, layer, angle: sampled[place], replicas: self.replicas, bias_share, value: found,
                });
            }
        }
        Ok(vec![curve.table()?, cells.table()?, fine.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$").ramp();
        vec![
            Figure::new("metric_rotation", "Rotation of the tangent along a great circle")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks}")
                .describe(
                    "Cosine of the angle between the tangents at two points of the image of a great circle against the \
             angle between the points, in several layers at three weight scales: theory as lines, mean over \
             networks as points.",
                )
                .grid(self.sigma_w.len(), 76.0)
                .shared_legend()
                .panel_each(("sigma_w", r"$\sigma_w = {}$"), self.sigma_w.iter().map(|w| w.get()), |of| {
                    Panel::new(
                        Axis::log10(r"angle $\theta$").range(self.smallest_angle, 3.5),
                        Axis::linear(r"$\cos(e(0), e(\theta))$").range(-1.0, 1.0),
                    )
                    .beside((of("fine"), "rotation"), of("layers"), "angle", "value", &by)
                }),
        ]
    }
}

/// Where tangents of a network are no numbers any more.
fn no_direction(ensemble: &Ensemble, layer: usize) -> RunError {
    let (sigma_w, sigma_b) = (ensemble.sigma_w.get(), ensemble.sigma_b.get());
    let message = format!(
        "{sigma_w:?} at sigma_b = {sigma_b:?}: in layer {layer} of some networks tangents are 0 or beyond the largest \
         number, so they have no direction; scales must be more moderate, or networks wider"
    );
    RunError::Field { field: "parameters.sigma_w".into(), message }
}

/// Tangents at two points of a great circle, this angle apart, layer by layer.
fn law(theory: &Ensemble, activity: f64, angle: f64, depth: usize) -> Result<Vec<TangentPair>, RunError> {
    let (half_sine, _) = sin_cos(0.5 * angle);
    let input = TangentPair::on_great_circle(activity, sin_cos(angle), 2.0 * half_sine * half_sine);
    Ok(tangent_trajectory(theory, input, depth)?)
}

/// Places of the simulated angles, and the layers in which each is shown.
fn shown(params: &Params) -> Vec<(usize, usize)> {
    let layers = || params.layers.iter().copied().filter(|&layer| layer > 0);
    (0..params.sampled_angles.values().len()).flat_map(|place| layers().map(move |layer| (place, layer))).collect()
}

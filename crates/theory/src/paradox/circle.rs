//! The image of a great circle of activity `A*` layer by layer: which angle has which distance, the local exponent, and both at finite
//! width.
//!
//! On the circle `D^0 = 4 A* sin^2(theta/2)` and `D^l = K^l(D^0)`. The Koenigs function (see [`crate::koenigs`]) turns `K` into a
//! multiplication, `K(Dcal(s)) = Dcal(sqrt(chi_1) s)`, so that the angle at which layer `l` has the distance `d` is exactly
//!
//! ```text
//! 4 A* sin^2(theta_l / 2) = Dcal(s(d) chi_1^(-l/2)),   Dcal(s(d)) = d,
//! ```
//!
//! and since `Dcal(s) = s^2 + O(s^4)`, `theta_l = s(d) / (sqrt(A*) chi_1^(l/2)) (1 + O(chi_1^-l))`. The crossover is that of `d = D-bar / 2`.

use crate::TheoryError;
use crate::activity::{ActivityFixedPoint, activity_fixed_point};
use crate::distance::{DistanceFixedPoint, PairState, distance_fixed_point, distance_map, distance_slope};
use crate::finite_width::{Correction, PairCorrections, pair_corrections};
use crate::koenigs::Koenigs;
use neurodyn_model::{Ensemble, Width};
use neurodyn_numerics::elementary::{asin, exp, ln, sin, sin_cos};

/// Two points of the circle at this angle: `D = 4 A sin^2(theta/2)`.
pub fn chord(activity: f64, angle: f64) -> PairState {
    let half = sin(0.5 * angle);
    PairState { activity, activity_difference: 0.0, distance: 4.0 * activity * half * half }
}

/// The angle from 0 to `pi` of this distance on the circle; NaN beyond the diameter.
pub fn chord_angle(activity: f64, distance: f64) -> f64 {
    2.0 * asin((0.25 * distance / activity).sqrt())
}

/// Distance and local exponent of one layer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Local {
    /// `D^l(theta)`.
    pub distance: f64,
    /// `m = d ln D^l / d ln theta`.
    pub exponent: f64,
}

/// Distance and local exponent at this angle (above 0, below `pi`) in layers `0..=depth`, both to about 1e-12 relative: the chain rule,
/// `m_0 = theta cot(theta/2)`, `m_(l+1) = m_l K'(D_l) D_l / D_(l+1)`, a product without differences. `activity` must be the fixed point.
pub fn local(ensemble: &Ensemble, activity: f64, angle: f64, depth: usize) -> Vec<Local> {
    let (sine, cosine) = sin_cos(0.5 * angle);
    let mut current = Local { distance: chord(activity, angle).distance, exponent: angle * cosine / sine };
    let mut layers = vec![current];
    for _ in 0..depth {
        let next = distance_map(ensemble, activity, current.distance);
        let slope = distance_slope(ensemble, activity, current.distance);
        current = Local { distance: next, exponent: current.exponent * slope * current.distance / next };
        layers.push(current);
    }
    layers
}

/// Effective dimension `-d ln N / d ln eps = 2 / m` of the image at the scale `eps^2 = D`: it takes `N = 2 pi / theta(eps)` steps of size
/// `eps` to go around.
pub fn effective_dimension(exponent: f64) -> f64 {
    2.0 / exponent
}

/// The two angles about this one, geometrically, of this ratio.
pub fn angles_about(angle: f64, ratio: f64) -> [f64; 2] {
    let root = ratio.sqrt();
    [angle / root, angle * root]
}

/// Slope `m = (ln D_2 - ln D_1) / ln ratio` between the angles about one, in the last layer of networks of these widths, and the correction of
/// order 1/n of its mean: `m` is linear in `ln D`, so that the corrections of `ln D` give it.
pub fn slope_about(
    ensemble: &Ensemble,
    activity: f64,
    (angle, ratio): (f64, f64),
    widths: &[Width],
) -> Result<(f64, f64), TheoryError> {
    let [low, high] =
        angles_about(angle, ratio).map(|angle| pair_corrections(ensemble, chord(activity, angle), widths));
    let (low, high) = (&low?[widths.len()], &high?[widths.len()]);
    let bias = |layer: &PairCorrections| layer.log_distance().map_or(0.0, |correction| correction.bias);
    let span = ln(ratio);
    Ok((ln(high.state.distance / low.state.distance) / span, (bias(high) - bias(low)) / span))
}

/// The image of the circle in the chaotic phase, at every depth.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Image {
    ensemble: Ensemble,
    activity: f64,
    fixed: DistanceFixedPoint,
    koenigs: Koenigs,
}

impl Image {
    /// The image under networks of this ensemble; fails outside the chaotic phase.
    pub fn new(
        ensemble: &Ensemble,
        point: &ActivityFixedPoint,
        fixed: &DistanceFixedPoint,
    ) -> Result<Self, TheoryError> {
        let koenigs = Koenigs::new(ensemble, point)?;
        Ok(Self { ensemble: *ensemble, activity: point.activity, fixed: *fixed, koenigs })
    }

    /// The same at the fixed points that the ensemble has.
    pub fn of(ensemble: &Ensemble) -> Result<Self, TheoryError> {
        let point = activity_fixed_point(ensemble)?;
        Self::new(ensemble, &point, &distance_fixed_point(ensemble, &point)?)
    }

    /// `A*`.
    pub fn activity(&self) -> f64 {
        self.activity
    }

    /// `D-bar`, the fixed point of the distance.
    pub fn distance_star(&self) -> f64 {
        self.fixed.distance
    }

    /// `chi_1`.
    pub fn chi_1(&self) -> f64 {
        self.koenigs.chi_1()
    }

    /// The scaled angle `s` with `Dcal(s) = distance`, for `0 < distance < D-bar`.
    pub fn scaled(&self, distance: f64) -> Result<f64, TheoryError> {
        self.koenigs.inverse(distance, &self.fixed)
    }

    /// The angle at which a layer has the distance of the scaled angle `s`: exact at infinite width, about 1e-12 relative. Fails where no
    /// chord of the circle is as long.
    pub fn angle(&self, s: f64, layer: usize) -> Result<f64, TheoryError> {
        let at_input = self.koenigs.scaling(s * exp(-0.5 * ln(self.chi_1()) * layer as f64))?;
        let angle = chord_angle(self.activity, at_input);
        if angle.is_finite() {
            Ok(angle)
        } else {
            let reason = "the circle is too small: no two of its points are as far apart in this layer";
            Err(TheoryError::OutOfRegime { what: "the angle of a distance", reason })
        }
    }

    /// The leading law `s / (sqrt(A*) chi_1^(l/2))`.
    pub fn leading_angle(&self, s: f64, layer: usize) -> f64 {
        s / self.activity.sqrt() * exp(-0.5 * ln(self.chi_1()) * layer as f64)
    }

    /// The scaled angle `2 sqrt(A*) sin(theta/2) chi_1^(l/2)`, up to a factor `1 + O(theta^2)`.
    pub fn leading_scaled(&self, angle: f64, layer: usize) -> f64 {
        chord(self.activity, angle).distance.sqrt() * exp(0.5 * ln(self.chi_1()) * layer as f64)
    }

    /// Mean correction and variance of `ln theta` to first order in 1/n, `theta` being where a network of these widths has the
    /// distance that theory has at `angle`.
    ///
    /// With `x = ln theta`, `f = ln D_infinity(x)` and `ln D(x) = f(x) + delta(x)`, the solution of `f + delta = const` is
    /// `x_0 - delta/f' - f'' delta^2 / (2 f'^3) + delta delta' / f'^2 + ...`, so with `b = E[delta]` and `V = Var delta`, both of order 1/n,
    /// `E[x - x_0] = -b/f' - f'' V / (2 f'^3) + V' / (2 f'^2)` and `Var x = V / f'^2`. `f''` and `V'` are central differences
    /// (relative error of the correction about 1e-4). Where `ln D` is a random walk in depth the terms of order `1/n^2` grow with the depth
    /// only linearly, so this may be trusted for `depth << n^2`.
    pub fn angle_correction(&self, angle: f64, widths: &[Width]) -> Result<Correction, TheoryError> {
        const STEP: f64 = 0.02;
        let depth = widths.len();
        let at = |shift: f64| {
            let angle = angle * exp(shift);
            let exponent = local(&self.ensemble, self.activity, angle, depth)[depth].exponent;
            let layers = pair_corrections(&self.ensemble, chord(self.activity, angle), widths)?;
            Ok::<_, TheoryError>((exponent, layers[depth].log_distance().unwrap_or_default()))
        };
        let ((before, low), (m, here), (after, high)) = (at(-STEP)?, at(0.0)?, at(STEP)?);
        let bend = (after - before) / (2.0 * STEP);
        let drift = (high.variance - low.variance) / (2.0 * STEP);
        Ok(Correction {
            bias: -here.bias / m - 0.5 * bend * here.variance / (m * m * m) + 0.5 * drift / (m * m),
            variance: here.variance / (m * m),
        })
    }

    /// Mean of `ln D` at the scaled angle `s` where depth and width are both large: `ln g`, the logarithm of the metric, is then a normal
    /// variable of this mean beyond `l ln chi_1` and this variance, and all the rest of the network is that of infinite width, so that
    /// `E[ln D] = E_z[ln Dcal(s exp((mean + sd z) / 2))]`. Error `O(1/n)`, however large `l / n`.
    pub fn lagged(&self, table: &ScalingTable, s: f64, log_metric: Correction) -> f64 {
        const STEP: f64 = 0.25;
        let (shift, sd) = (ln(s) + 0.5 * log_metric.bias, 0.5 * log_metric.variance.sqrt());
        let (mut total, mut weight) = (0.0, 0.0);
        for k in -24..=24 {
            let z = STEP * f64::from(k);
            let w = exp(-0.5 * z * z);
            total += w * table.log_distance(shift + sd * z);
            weight += w;
        }
        total / weight
    }

    /// `ln Dcal` on a grid of `ln s` from `from` to `to`.
    pub fn table(&self, from: f64, to: f64) -> Result<ScalingTable, TheoryError> {
        const STEP: f64 = 0.1;
        let count = ((to - from) / STEP).ceil() as usize + 4;
        let values = (0..count).map(|i| Ok(ln(self.koenigs.scaling(exp(from + STEP * i as f64))?)));
        Ok(ScalingTable { from, step: STEP, values: values.collect::<Result<_, TheoryError>>()? })
    }
}

/// Values of `ln Dcal(s)`, between which cubic interpolation is right to about 1e-6.
#[derive(Debug, Clone, PartialEq)]
pub struct ScalingTable {
    from: f64,
    step: f64,
    values: Vec<f64>,
}

impl ScalingTable {
    /// `ln Dcal` at this `ln s`; below the table `2 ln s`, above it its last value.
    pub fn log_distance(&self, x: f64) -> f64 {
        let position = (x - self.from) / self.step;
        if position < 1.0 {
            return 2.0 * x;
        }
        let last = self.values.len() - 1;
        let i = (position as usize).min(last - 2);
        let t = position - i as f64;
        if t > 2.0 {
            return self.values[last];
        }
        let y = &self.values[i - 1..i + 3];
        -t * (t - 1.0) * (t - 2.0) / 6.0 * y[0] + (t + 1.0) * (t - 1.0) * (t - 2.0) / 2.0 * y[1]
            - (t + 1.0) * t * (t - 2.0) / 2.0 * y[2]
            + (t + 1.0) * t * (t - 1.0) / 6.0 * y[3]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distance::pair_trajectory;
    use neurodyn_model::Activation;

    fn image(activation: Activation, w: f64, b: f64) -> (Image, Ensemble, DistanceFixedPoint) {
        let ensemble = Ensemble::new(activation, w, b).expect("valid");
        let point = activity_fixed_point(&ensemble).expect("exists");
        let fixed = distance_fixed_point(&ensemble, &point).expect("exists");
        (Image::new(&ensemble, &point, &fixed).expect("chaotic"), ensemble, fixed)
    }

    #[test]
    fn chords_and_angles_are_inverse() {
        for angle in [1e-150, 1e-9, 0.3, 2.9] {
            let back = chord_angle(0.7, chord(0.7, angle).distance);
            assert!((back / angle - 1.0).abs() < 1e-14, "{angle} {back}");
        }
        assert!(chord_angle(0.7, 2.9).is_nan());
    }

    /// The angle by the Koenigs function, put through the layers themselves.
    #[test]
    fn the_angle_of_a_distance_has_that_distance() {
        for (activation, w, b) in
            [(Activation::Tanh, 2.5, 0.3), (Activation::Tanh, 1.6, 0.3), (Activation::ErfSqrt2, 3.0, 0.2)]
        {
            let (image, ensemble, fixed) = image(activation, w, b);
            for share in [1e-6, 0.1, 0.5, 0.9] {
                let s = image.scaled(share * fixed.distance).expect("between");
                for layer in [1, 4, 20, 60] {
                    let angle = image.angle(s, layer).expect("on the circle");
                    let found = pair_trajectory(&ensemble, chord(image.activity(), angle), layer).expect("finite");
                    let ratio = found[layer].distance / (share * fixed.distance);
                    assert!((ratio - 1.0).abs() < 1e-10, "{activation} {share} {layer}: {ratio}");
                    if layer == 60 {
                        let leading = image.leading_angle(s, layer);
                        let small = exp(-60.0 * ln(image.chi_1()));
                        assert!((angle / leading - 1.0).abs() < 2.0 * s * s * small + 1e-12, "{angle} {leading}");
                    }
                }
            }
        }
        let (image, _, fixed) = image(Activation::Tanh, 2.5, 0.3);
        let s = image.scaled(0.999 * fixed.distance).expect("between");
        assert!(image.angle(1e6 * s, 0).is_err() || fixed.distance < 4.0 * image.activity());
    }

    #[test]
    fn the_local_exponent_is_the_slope_and_goes_from_two_to_nothing() {
        let (image, ensemble, fixed) = image(Activation::Tanh, 2.5, 0.3);
        let a = image.activity();
        for angle in [1e-6, 1e-2, 0.4, 1.5] {
            let h = 1e-4;
            let at = |shift: f64| local(&ensemble, a, angle * exp(shift), 12);
            let (low, here, high) = (at(-h), at(0.0), at(h));
            for layer in 0..=12 {
                let quotient = ln(high[layer].distance / low[layer].distance) / (2.0 * h);
                assert!((here[layer].exponent - quotient).abs() < 1e-6, "{angle} {layer}");
            }
        }
        assert!((local(&ensemble, a, 1e-12, 5)[5].exponent - 2.0).abs() < 1e-12);
        let far = local(&ensemble, a, 1.0, 200)[200];
        assert!(far.exponent < 1e-8 && (far.distance / fixed.distance - 1.0).abs() < 1e-8);
        assert!((effective_dimension(2.0) - 1.0).abs() < 1e-15);
    }

    /// Where distances are small the crossing is half of `-ln g`; where they are not, the general formula against a direct delta method:
    /// corrections move with the angle smoothly.
    /// Between near angles the slope is the local exponent; at small angles all of `D` is metric, so the slope has no correction.
    #[test]
    fn the_slope_about_an_angle_is_the_local_exponent_and_at_small_angles_exact() {
        let (image, ensemble, _) = image(Activation::Tanh, 2.5, 0.3);
        let widths = vec![Width::new(100).expect("valid"); 6];
        for angle in [1e-3, 0.3, 1.2] {
            let (slope, _) = slope_about(&ensemble, image.activity(), (angle, 1.0 + 1e-4), &widths).expect("finite");
            assert!((slope - local(&ensemble, image.activity(), angle, 6)[6].exponent).abs() < 1e-7, "{angle} {slope}");
        }
        let (_, small) = slope_about(&ensemble, image.activity(), (1e-9, 1.5), &widths).expect("finite");
        let (_, wide) = slope_about(&ensemble, image.activity(), (0.3, 1.5), &widths).expect("finite");
        assert!(small.abs() < 1e-9 && wide.abs() > 1e-4, "{small} {wide}");
        let [low, high] = angles_about(0.3, 1.5);
        assert!((high / low - 1.5).abs() < 1e-15 && (low * high - 0.09).abs() < 1e-16);
    }

    #[test]
    fn corrections_of_the_angle_are_those_of_the_metric_where_it_is_small() {
        let (image, ensemble, _) = image(Activation::Tanh, 2.5, 0.3);
        let widths = vec![Width::new(100).expect("valid"); 10];
        let small = image.angle_correction(1e-9, &widths).expect("finite");
        let metric = pair_corrections(&ensemble, chord(image.activity(), 1e-9), &widths).expect("finite")[10]
            .log_distance()
            .expect("a distance");
        assert!(
            (small.bias + 0.5 * metric.bias).abs() < 1e-9 && (small.variance - 0.25 * metric.variance).abs() < 1e-9
        );
    }

    /// Without spread the lagged mean is the function itself; with a spread far below the bend it is the second-order expansion.
    #[test]
    fn the_lagged_mean_tends_to_the_function() {
        let (image, ..) = image(Activation::Tanh, 2.5, 0.3);
        let table = image.table(-8.0, 8.0).expect("finite");
        for s in [1e-3, 0.5, 2.0] {
            let exact = ln(image.koenigs.scaling(s).expect("finite"));
            let none = image.lagged(&table, s, Correction::default());
            assert!((none - exact).abs() < 3e-6, "{s}: {none} {exact}");
            let spread = Correction { bias: 0.0, variance: 0.04 };
            let at = |h: f64| ln(image.koenigs.scaling(s * exp(h)).expect("finite"));
            let bend = (at(0.1) + at(-0.1) - 2.0 * at(0.0)) / 0.01;
            let found = image.lagged(&table, s, spread);
            assert!((found - exact - 0.5 * 0.01 * bend).abs() < 3e-5, "{s}: {found} {exact}");
        }
        assert_eq!(table.log_distance(-20.0), -40.0);
        assert_eq!(table.log_distance(50.0), table.log_distance(60.0));
    }
}

//! Steps around simulated curves: how many of size `eps` it takes, from networks sampled at many points of the whole circle.

use super::{Boxes, columns};
use crate::experiment::prelude::*;
use crate::simulation::CircleImage;
use crate::theory::paradox::circle::Image;

/// Which scales are measured in which layer: those whose step is several points and at most a quarter of the circle.
pub struct BoxPlan {
    layers: Vec<(usize, Vec<f64>)>,
    distance_star: f64,
}

impl BoxPlan {
    pub(super) fn new(ensemble: &Ensemble, boxes: &Boxes) -> Result<Self, RunError> {
        let image = Image::of(ensemble)?;
        let distance_star = image.distance_star();
        let least = boxes.fewest_points as f64 * 2.0 * PI / boxes.points as f64;
        let mut layers = Vec::new();
        for &layer in &boxes.layers {
            let mut squares = Vec::new();
            for &square in boxes.squares.values() {
                let s = image.scaled(square * distance_star)?;
                if image.angle(s, layer).is_ok_and(|angle| angle >= least && angle <= 0.5 * PI) {
                    squares.push(square);
                }
            }
            layers.push((layer, squares));
        }
        Ok(Self { layers, distance_star })
    }

    /// The networks: points evenly around the circle.
    pub(super) fn networks(&self, activity: f64, ensemble: &Ensemble, boxes: &Boxes) -> Result<Networks, RunError> {
        let inputs = Inputs::around(activity, TAU, boxes.points)?;
        Ok(Networks::new(*ensemble, boxes.width, deepest(&boxes.layers).max(1), inputs)?)
    }

    /// Of one network, layer by layer: `ln N` at each scale, the steps of a walk at each scale, and the slope of `ln N` from each scale to the next.
    pub(super) fn observe(&self, grams: &[SymmetricMatrix]) -> Vec<f64> {
        let mut values = Vec::new();
        for (layer, squares) in &self.layers {
            let curve = CircleImage(&grams[*layer]);
            let levels: Vec<f64> = squares.iter().map(|square| square * self.distance_star).collect();
            let logs: Vec<f64> = levels.iter().map(|level| ln(2.0 * PI) - curve.mean_log_step(*level)).collect();
            values.extend(&logs);
            values.extend(levels.iter().map(|level| curve.walk(*level) as f64));
            values.extend(slopes(squares, &logs));
        }
        values
    }

    /// Theory beside Monte Carlo.
    pub(super) fn tables(
        &self,
        theory: &Ensemble,
        boxes: &Boxes,
        found: &Moments,
        run: &Run,
    ) -> Result<[Table; 3], RunError> {
        let image = Image::of(theory)?;
        rows!(steps: "boxes", walks, dimensions: "box_dimensions");
        let (replicas, mut index) = (found.count(), 0);
        for (layer, squares) in &self.layers {
            let widths = vec![boxes.width; *layer];
            let expected = run.map(squares, |&square| {
                let angle = image.angle(image.scaled(square * self.distance_star)?, *layer)?;
                Ok((ln(2.0 * PI / angle), -image.angle_correction(angle, &widths)?.bias))
            })?;
            let count = squares.len();
            let (logs, biases): (Vec<f64>, Vec<f64>) = expected.into_iter().unzip();
            for (i, &square) in squares.iter().enumerate() {
                let (log, walk) = (found.mean(index + i), found.mean(index + count + i));
                let scale = (square * self.distance_star).sqrt();
                let log_steps = Corrected::new(LOG10_E * logs[i], log.times(LOG10_E), LOG10_E * biases[i]);
                steps.push(row! { layer: *layer, square, scale, replicas, log_steps });
                let walk = (log10(walk.mean), LOG10_E * stderr(&walk) / walk.mean);
                let walk = Expected::new(log10(exp(logs[i])), walk);
                walks.push(row! { layer: *layer, square, scale, replicas, walk });
            }
            let slopes = slopes(squares, &logs).into_iter().zip(slopes(squares, &biases));
            for (i, (theory, correction)) in slopes.enumerate() {
                let dimension = Corrected::new(theory, found.mean(index + 2 * count + i), correction);
                let (square, share) = (squares[i + 1], (squares[i] * squares[i + 1]).sqrt());
                dimensions.push(row! { layer: *layer, square, share, replicas, dimension });
            }
            index += 3 * count - usize::from(count > 0);
        }
        Ok(tables![steps, walks, dimensions])
    }

    /// Theory along the scales of each layer: steps, dimensions between scales as far apart as the measured ones.
    pub(super) fn curves(&self, theory: &Ensemble, run: &Run) -> Result<[Table; 2], RunError> {
        let image = Image::of(theory)?;
        rows!(steps: "box_curve", dimensions: "box_dimension_curve");
        for (layer, squares) in &self.layers {
            let [first, .., last] = squares[..] else { continue };
            let half = 0.5 * ln(squares[1] / first);
            let log_steps = |square: f64| {
                let angle = image.angle(image.scaled(square * self.distance_star)?, *layer)?;
                Ok::<_, RunError>(ln(2.0 * PI / angle))
            };
            let along: Vec<f64> = geometric(first, last, FINE).collect();
            steps.extend(run.map(&along, |&square| {
                let scale = (square * self.distance_star).sqrt();
                Ok(row! { layer: *layer, square, scale, log_steps_theory: LOG10_E * log_steps(square)? })
            })?);
            let inner: Vec<f64> = geometric(first * exp(half), last * exp(-half), FINE).collect();
            dimensions.extend(run.map(&inner, |&share| {
                let dimension = -(log_steps(share * exp(half))? - log_steps(share * exp(-half))?) / half;
                Ok(row! { layer: *layer, share, dimension })
            })?);
        }
        Ok(tables![steps, dimensions])
    }
}

/// Number of scales of the curves that are drawn.
const FINE: usize = 61;

/// `-d ln N / d ln eps` from each scale to the next, `ln eps` being half of `ln eps^2`.
fn slopes(squares: &[f64], logs: &[f64]) -> Vec<f64> {
    let step = |(s, l): (&[f64], &[f64])| -(l[1] - l[0]) / (0.5 * ln(s[1] / s[0]));
    squares.windows(2).zip(logs.windows(2)).map(step).collect()
}

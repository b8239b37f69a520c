//! How many dimensions the image of a circle seems to have at a scale: 1 below the crossover, without end as the scale nears that of
//! equidistance, at every depth; at every width up to ten million; and by counting the steps around simulated curves.

mod boxes;
mod figures;

use crate::experiment::prelude::*;
use crate::theory::finite_width::PairCorrections;
use crate::theory::koenigs::Koenigs;
use crate::theory::paradox::circle::{chord, effective_dimension, local};
use boxes::BoxPlan;

parameters! {
    Params {
        activation, sigma_w: ChaoticWeight, sigma_b,
        angles: NonNegativeGrid => "Angles along the curves.",
        layers: Layers => "Layers of the curves.",
        scaled_angles: NonNegativeGrid => "Scaled angles along the curve of infinitely many layers.",
        widths: Widths, boxes: Boxes,
    }

    /// Dimension against width.
    Widths {
        depth,
        ratio: Positive => "Ratio of the two angles of a slope, above 1.",
        samples: List<Sample> => "Widths, numbers of networks, and angles.",
    }

    /// Networks of one width.
    Sample {
        width, replicas: Replicas,
        angles: NonNegativeGrid => "Angles at which the local slope is measured.",
    }

    /// Steps around simulated curves.
    Boxes {
        points: Count<16> => "Points on the whole circle.",
        width, replicas: Replicas,
        layers: Layers => "Layers at which steps are counted; the deepest is the depth of the networks.",
        squares: NonNegativeGrid => "Squares of the scales, `eps^2 / D-bar`, below 1, increasing.",
        fewest_points: Count<2> => "Scales at which a step is fewer points than this are left out.",
    }
}

columns! {
    angle: Parameter ["rad"] "angle theta between two inputs on a great circle of activity A* (for a slope: geometric mean of the two)";
    scaled_angle: Parameter "s = sqrt(A*) chi_1^(l/2) theta, for l to infinity";
    square: Parameter "eps^2 / D-bar, the square of the scale over the distance fixed point";
    scale: Theory "scale eps = sqrt(D)";
    dimension {
        _: Theory "effective dimension -d ln N / d ln eps = 2 / m of the image of the circle at the scale eps";
        widths: Theory "effective dimension 2 / m, m being the mean over networks of the slope of ln D in ln theta between two angles";
        box_dimensions: Theory "-d ln N / d ln eps between this scale and the one before, mean over networks";
        box_dimension_curve: Theory "-d ln N / d ln eps between two scales about this one, as far apart as those of box_dimensions, infinite width";
        widths_curve: Theory "effective dimension 2 / m of the slope m between two angles, infinite width";
    }
    dimension_expected {
        widths_curve: Theory "effective dimension 2 / m with the first-order (1/n) correction of m";
    }
    share: Theory "D / D-bar";
    low: MonteCarlo "the dimension 2 / m minus its standard deviation over networks (delta method)";
    high: MonteCarlo "the dimension 2 / m plus its standard deviation over networks (delta method)";
    log_steps_theory {
        box_curve: Theory "log10 N, N = 2 pi over the angle of a step of size eps, infinite width";
    }
    log_steps: Theory "log10 N, N = 2 pi over the geometric mean along the curve of the angle of a step of size eps, mean over networks";
    walk: Theory "whole steps of size eps or more from sampled point to sampled point, around the curve, mean over networks; in theory 2 pi over the angle of a step";
}

impl Experiment for Params {
    /// Networks in which slopes are measured, or steps where they have a plan.
    type Point = (Networks, Option<BoxPlan>);
    const UNJUDGED: &'static str = "
        walks.walk | whole steps between sampled points: always a little fewer than 2 pi over the angle of a step, by how much theory does not say; log_steps of the same walks is judged
        widths.low | the judged dimension minus its standard deviation over networks, for the band of the figure
        widths.high | the judged dimension plus its standard deviation over networks, for the band of the figure
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_chaos("sigma_w", &ensemble(self))?;
        let allowed = "layers from 1, since the input is the arc itself";
        refuse_where(self.boxes.layers.contains(&0), "boxes.layers", 0, allowed)?;
        for (name, grid) in
            [("angles", &self.angles), ("scaled_angles", &self.scaled_angles), ("boxes.squares", &self.boxes.squares)]
                .into_iter()
                .chain(self.widths.samples.iter().map(|sample| ("widths.samples", &sample.angles)))
        {
            let values = grid.values();
            let allowed = "increasing numbers above 0";
            refuse_where(values[0] == 0.0 || !values.is_sorted_by(|a, b| a < b), name, values[0], allowed)?;
        }
        let (squares, angles) = (self.boxes.squares.values(), self.angles.values());
        refuse_where(squares[squares.len() - 1] >= 1.0, "boxes.squares", squares[squares.len() - 1], "below 1")?;
        refuse_where(angles[angles.len() - 1] >= PI, "angles", angles[angles.len() - 1], "below pi")?;
        let mut sampled = self.widths.samples.iter().flat_map(|sample| sample.angles.values());
        refuse("widths.samples", sampled.find(|angle| **angle >= PI), "below pi")?;
        refuse_where(self.widths.ratio <= 1.0, "widths.ratio", self.widths.ratio, "above 1")
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let (ensemble, boxes) = (ensemble(self), &self.boxes);
        let activity = activity_fixed_point(&ensemble)?.activity;
        for &Sample { width, replicas, ref angles } in &self.widths.samples {
            for &angle in angles.values() {
                let inputs = Inputs::arc(activity, &slope_angles(self, angle))?;
                let networks = Networks::new(ensemble, width, self.widths.depth, inputs)?;
                let label = format!("width = {}, angle = {angle}", width.get());
                points.add(label, replicas, networks.cost(), (networks, None));
            }
        }
        let plan = BoxPlan::new(&ensemble, boxes)?;
        let networks = plan.networks(activity, &ensemble, boxes)?;
        points.add("steps around the circle", boxes.replicas, networks.cost(), (networks, Some(plan)));
        Ok(())
    }

    fn observe(&self, (networks, plan): &Self::Point, at: &Address) -> Observed {
        let (layers, span) = (networks.sample(at)?, ln(self.widths.ratio));
        Ok(match plan {
            Some(plan) => plan.observe(&layers),
            None => layers[1..].iter().map(|gram| ln(gram.get(2, 2) / distance(gram)) / span).collect(),
        })
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let theory = run.theory(&ensemble(self));
        let mut tables = vec![curve("curve", self.angles.values(), self, &theory, run)?, universal(self, &theory)?];
        tables.push(widths(self, &theory, found, run)?);
        tables.extend([curve("arc", &quarter(self), self, &theory, run)?, widths_curve(self, &theory, run)?]);
        for found in found {
            if let (_, Some(plan)) = &found.point {
                tables.extend(plan.tables(&theory, &self.boxes, found.moments(), run)?);
                tables.extend(plan.curves(&theory, run)?);
            }
        }
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        figures::figures(self)
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// The two angles about this one between which the slope is measured.
fn slope_angles(params: &Params, angle: f64) -> [f64; 2] {
    let root = params.widths.ratio.sqrt();
    [angle / root, angle * root]
}

/// The angles of the curves that are drawn, up to a quarter of the circle: beyond it the antipode is near, about which the distance has its
/// maximum and the dimension its pole.
fn quarter(params: &Params) -> Vec<f64> {
    let mut angles: Vec<f64> = geometric(params.angles.values()[0], 0.5 * PI, FINE).collect();
    // even steps about the maxima
    angles.retain(|angle| *angle < WIDE);
    angles.extend(even(WIDE, 0.5 * PI, 81));
    angles
}

/// A table of distance and dimension along a great circle, at these angles.
fn curve(name: &'static str, angles: &[f64], params: &Params, theory: &Ensemble, run: &Run) -> Result<Table, RunError> {
    let fixed = activity_fixed_point(theory)?;
    let star = distance_fixed_point(theory, &fixed)?.distance;
    let deepest = params.layers.iter().copied().max().unwrap_or(0);
    let curves = run.map(angles, |&angle| Ok(local(theory, fixed.activity, angle, deepest)))?;
    let mut rows = Rows::new(name);
    for &layer in &params.layers {
        for (&angle, layers) in angles.iter().zip(&curves) {
            let here = layers[layer];
            // the last, where the exponent is lost to rounding, says nothing
            if here.exponent > 1e-9 {
                rows.push(row! {
                    layer, angle, scale: here.distance.sqrt(), share: here.distance / star,
                    dimension: effective_dimension(here.exponent),
                });
            }
        }
    }
    Ok(rows.table()?)
}

/// Number of angles of the curves that are drawn.
const FINE: usize = 501;
/// Where even steps begin.
const WIDE: f64 = 0.9;

/// Dimensions from slopes between two angles to first order in 1/n, along a curve over the width.
fn widths_curve(params: &Params, theory: &Ensemble, run: &Run) -> Result<Table, RunError> {
    let activity = activity_fixed_point(theory)?.activity;
    let (depth, span) = (params.widths.depth, ln(params.widths.ratio));
    let mut angles: Vec<(f64, Width, Width)> = Vec::new();
    for sample in &params.widths.samples {
        for &angle in sample.angles.values() {
            match angles.iter_mut().find(|(known, ..)| *known == angle) {
                Some((_, least, most)) => (*least, *most) = ((*least).min(sample.width), (*most).max(sample.width)),
                None => angles.push((angle, sample.width, sample.width)),
            }
        }
    }
    let curves = run.map(&angles, |&(angle, least, most)| {
        let widths = vec![least; depth];
        let [low, high] = slope_angles(params, angle);
        let low = pair_corrections(theory, chord(activity, low), &widths)?;
        let high = pair_corrections(theory, chord(activity, high), &widths)?;
        let slope = ln(high[depth].state.distance / low[depth].state.distance) / span;
        let bias = |layers: &[PairCorrections]| layers[depth].log_distance().map_or(0.0, |c| c.bias);
        // of order 1/n, so known at all widths from one
        let scaled = (bias(&high) - bias(&low)) / span * least.get() as f64;
        let widths = geometric(least.get() as f64, most.get() as f64, 81);
        Ok(widths.map(|n| (n, slope, slope + scaled / n)).collect::<Vec<_>>())
    })?;
    let mut rows = Rows::new("widths_curve");
    for (&(angle, ..), curve) in angles.iter().zip(&curves) {
        for &(width, slope, corrected) in curve {
            let (dimension, dimension_expected) = (effective_dimension(slope), effective_dimension(corrected));
            rows.push(row! { angle, width, dimension, dimension_expected });
        }
    }
    Ok(rows.table()?)
}

fn universal(params: &Params, theory: &Ensemble) -> Result<Table, RunError> {
    let point = activity_fixed_point(theory)?;
    let star = distance_fixed_point(theory, &point)?.distance;
    let koenigs = Koenigs::new(theory, &point)?;
    let mut rows = Rows::new("universal");
    for &s in params.scaled_angles.values() {
        let (distance, exponent) = koenigs.scaling_with_slope(s)?;
        let share = distance / star;
        rows.push(row! { scaled_angle: s, scale: distance.sqrt(), share, dimension: effective_dimension(exponent) });
    }
    Ok(rows.table()?)
}

/// Dimensions from slopes between two angles, `m = (ln D_2 - ln D_1) / ln ratio`, width by width: linear in `ln D`, so that the corrections of
/// `ln D` give that of its mean.
fn widths<P>(params: &Params, theory: &Ensemble, found: &[Found<P>], run: &Run) -> Result<Table, RunError> {
    let activity = activity_fixed_point(theory)?.activity;
    let (depth, span) = (params.widths.depth, ln(params.widths.ratio));
    let samples = params.widths.samples.iter();
    let cases: Vec<(Width, f64)> =
        samples.flat_map(|sample| sample.angles.values().iter().map(|&angle| (sample.width, angle))).collect();
    let expected = run.map(&cases, |&(width, angle)| {
        let widths = vec![width; depth];
        let [low, high] = slope_angles(params, angle);
        let low = pair_corrections(theory, chord(activity, low), &widths)?;
        let high = pair_corrections(theory, chord(activity, high), &widths)?;
        let slope = ln(high[depth].state.distance / low[depth].state.distance) / span;
        let bias = |layers: &[PairCorrections]| layers[depth].log_distance().map_or(0.0, |c| c.bias);
        Ok((slope, (bias(&high) - bias(&low)) / span))
    })?;
    let mut rows = Rows::new("widths");
    for ((&(width, angle), &(slope, bias)), found) in cases.iter().zip(&expected).zip(found) {
        let (mean, variance) = (found.mean(depth - 1), found.moments().variance(depth - 1));
        let derivative = 2.0 / (mean.mean * mean.mean);
        let (middle, sd) = (effective_dimension(mean.mean), derivative * variance.mean.sqrt());
        rows.push(row! {
            angle, width, replicas: found.replicas(),
            dimension: Corrected::new(effective_dimension(slope), (middle, derivative * stderr(&mean)), effective_dimension(slope + bias) - effective_dimension(slope)),
            low: middle - sd, high: middle + sd,
        });
    }
    Ok(rows.table()?)
}

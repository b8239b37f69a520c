//! How many dimensions the image of a circle seems to have at a scale: 1 below the crossover, without end as the scale nears that of
//! equidistance, at every depth; at every width up to ten million; and by counting the steps around simulated curves.

mod boxes;

use crate::experiment::prelude::*;
use crate::numerics::spacing::geometric_then_even;
use crate::theory::koenigs::Koenigs;
use crate::theory::paradox::circle::{angles_about, effective_dimension, local, slope_about};
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
        samples: Sections<Sample> => "Widths, numbers of networks, and angles.",
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
        let Params { angles, scaled_angles, boxes: Boxes { squares, .. }, .. } = self;
        let increasing = |name: &'static str, values: &[f64]| {
            let wrong = values[0] == 0.0 || !values.is_sorted_by(|a, b| a < b);
            refuse_where(wrong, name, values[0], "increasing numbers above 0")
        };
        increasing("angles", angles.values())?;
        increasing("scaled_angles", scaled_angles.values())?;
        increasing("boxes.squares", squares.values())?;
        let (square, angle) = (ends(squares.values()).1, ends(angles.values()).1);
        refuse_where(square >= 1.0, "boxes.squares", square, "below 1")?;
        refuse_where(angle >= PI, "angles", angle, "below pi")?;
        each("widths.samples", &self.widths.samples, |sample| {
            increasing("angles", sample.angles.values())?;
            refuse("angles", sample.angles.values().iter().find(|angle| **angle >= PI), "below pi")
        })?;
        refuse_where(self.widths.ratio <= 1.0, "widths.ratio", self.widths.ratio, "above 1")
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let (ensemble, boxes) = (ensemble(self), &self.boxes);
        let activity = activity_fixed_point(&ensemble)?.activity;
        for &Sample { width, replicas, ref angles } in &self.widths.samples {
            for &angle in angles.values() {
                let inputs = Inputs::arc(activity, &angles_about(angle, self.widths.ratio))?;
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
        let [widths, widths_curve] = widths(self, &theory, found, run)?;
        let curve = |name, angles: &[f64]| curve(name, angles, self, &theory, run);
        let [given, arc] = [curve("curve", self.angles.values())?, curve("arc", &quarter(self))?];
        let mut tables = vec![given, universal(self, &theory)?, widths, arc, widths_curve];
        for found in found {
            if let (_, Some(plan)) = &found.point {
                tables.extend(plan.tables(&theory, &self.boxes, found.moments(), run)?);
                tables.extend(plan.curves(&theory, run)?);
            }
        }
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let by_layer = By::new("layer", r"$l = {}$").ramp();
        let by_angle = By::new("angle", r"$\theta = {}$").ramp();
        let angle = || By::unlabelled("angle").ramp();
        let dimension = |low: f64, high: f64| Axis::log10(r"effective dimension $d$").range(low, high);
        let universal = |x: &str| {
            let line = Series::line("universal", x, "dimension", Dash::DashDot);
            line.colour(Colour::Ink).label(r"$l \to \infty$")
        };
        let scales = Panel::new(Axis::log10(r"scale $\epsilon$").range(0.02, 3.0), dimension(0.8, 100.0))
            .rule(Rule::Horizontal(1.0))
            .series(Series::theory("arc", "scale", "dimension").by(&by_layer))
            .series(universal("scale"));
        let angles = Panel::new(Axis::log10(r"angle $\theta$").range(1e-8, 5.0), dimension(0.8, 100.0))
            .rule(Rule::Horizontal(1.0))
            .series(Series::theory("arc", "angle", "dimension").by(&by_layer))
            .legend(Legend::Hidden);
        let infinite = Series::theory("widths_curve", "width", "dimension").by(by_angle).label_at_end();
        let first_order = Series::finite_width("widths_curve", "width", "dimension_expected").by(angle());
        let linear = Axis::linear(r"effective dimension $d$").range(0.8, 2.9);
        let widths = Panel::new(Axis::log10(r"width $n$"), linear)
            .series(Series::band("widths", "width", "low", "high").by(angle()))
            .series(infinite.key(r"$n \to \infty$"))
            .series(first_order.key("theory, order $1/n$"))
            .found("widths", "width", "dimension", angle());
        let whole = Series::join("walks", "scale", "walk_mc").by(By::unlabelled("layer").ramp());
        let steps =
            Panel::new(Axis::log10(r"size of a step $\epsilon$"), Axis::exponent(r"steps around the curve $N$"))
                .series(whole.key("whole steps"))
                .beside(("box_curve", "log_steps_theory"), "boxes", "scale", "log_steps", &by_layer);
        let square = Axis::log10(r"squared size $\epsilon^2 / \bar D$").range(0.02, 1.3);
        let dimensions = Panel::new(square, dimension(0.8, 30.0))
            .series(universal("share"))
            .series(Series::theory("box_dimension_curve", "share", "dimension").by(&by_layer))
            .found_unkeyed("box_dimensions", "share", "dimension", &by_layer);
        let curves = Figure::new("paradox_dimension", "No finite dimension")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; in (c) {widths.depth} layers, {widths.samples.replicas} networks of n = {widths.samples.width}")
            .describe(
                "Effective dimension of the image of a circle against the scale at several depths, the limit of infinitely many layers dash-dotted (a): 1 at small \
                 scales, without bound where the scale nears that of equidistance. Against the angle, same colours (b): the scale below which the curve is smooth \
                 shrinks from layer to layer. Both up to a quarter of the circle, since opposite points bring a maximum of the distance. Against the width of the \
                 layers, up to ten million neurons, at three angles after few layers (c): mean over networks as points, one standard deviation of the networks \
                 shaded, infinite-width theory as lines, with its 1/n correction dashed. The dimension is -d ln N / d ln eps, N being the number of steps of size \
                 eps around the curve.",
            )
            .grid(3, 78.0)
            .panels([scales, angles, widths]);
        let boxes = Figure::new("paradox_boxes", "Steps around simulated curves")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {boxes.points} points on the circle; n = {boxes.width}, {boxes.replicas networks}")
            .describe(format!(
                "Number of steps of one size that go around the image of a circle, against the size eps, in networks of {} neurons a layer (a): \
                 infinite-width theory as lines, mean over networks as points; thin lines join the numbers of whole steps from sampled point to \
                 sampled point, each too long by a part of their spacing. Effective dimension d = -d ln N / d ln eps between neighbouring \
                 sizes, against the square of the size over the fixed point D-bar of the squared distance of two points, the limit of infinitely \
                 many layers dash-dotted (b). Differences from theory include the 1/n correction.",
                self.boxes.width.get()
            ))
            .grid(2, 84.0)
            .shared_legend()
            .panels([steps, dimensions]);
        vec![curves, boxes]
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// The angles of the curves that are drawn, up to a quarter of the circle, even about the maxima: beyond it the antipode is near, about which the
/// distance has its maximum and the dimension its pole.
fn quarter(params: &Params) -> Vec<f64> {
    geometric_then_even(params.angles.values()[0], WIDE, 0.5 * PI, FINE)
}

/// A table of distance and dimension along a great circle, at these angles.
fn curve(name: &'static str, angles: &[f64], params: &Params, theory: &Ensemble, run: &Run) -> Result<Table, RunError> {
    let fixed = pair_fixed_point(theory)?;
    let curves = run.map(angles, |&angle| Ok(local(theory, fixed.activity, angle, deepest(&params.layers))))?;
    let mut rows = Rows::new(name);
    for &layer in &params.layers {
        for (&angle, layers) in angles.iter().zip(&curves) {
            let here = layers[layer];
            // the last, where the exponent is lost to rounding, says nothing
            if here.exponent > 1e-9 {
                let (scale, share) = (here.distance.sqrt(), here.distance / fixed.distance);
                rows.push(row! { layer, angle, scale, share, dimension: effective_dimension(here.exponent) });
            }
        }
    }
    Ok(rows.table()?)
}

/// Number of angles of the curves that are drawn, before and after even steps begin.
const FINE: [usize; 2] = [501, 81];
/// Where even steps begin.
const WIDE: f64 = 0.9;

fn universal(params: &Params, theory: &Ensemble) -> Result<Table, RunError> {
    let point = activity_fixed_point(theory)?;
    let star = distance_fixed_point(theory, &point)?.distance;
    let koenigs = Koenigs::new(theory, &point)?;
    rows!(universal);
    for &scaled_angle in params.scaled_angles.values() {
        let (distance, exponent) = koenigs.scaling_with_slope(scaled_angle)?;
        let (scale, share, dimension) = (distance.sqrt(), distance / star, effective_dimension(exponent));
        universal.push(row! { scaled_angle, scale, share, dimension });
    }
    Ok(universal.table()?)
}

/// Dimensions from slopes between two angles to first order in 1/n, beside those of networks, and along a curve over the width.
fn widths<P>(params: &Params, theory: &Ensemble, found: &[Found<P>], run: &Run) -> Result<[Table; 2], RunError> {
    let activity = activity_fixed_point(theory)?.activity;
    let Widths { depth, ratio, ref samples } = params.widths;
    let slope = |angle: f64, width: Width| slope_about(theory, activity, (angle, ratio), &vec![width; depth]);
    let all = samples.iter().flat_map(|sample| sample.angles.values().iter().map(|&angle| (angle, sample.width)));
    let cases: Vec<(f64, Width)> = all.collect();
    let expected = run.map(&cases, |&(angle, width)| Ok(slope(angle, width)?))?;
    rows!(widths, along: "widths_curve");
    for ((&(angle, width), &(slope, bias)), found) in cases.iter().zip(&expected).zip(found) {
        let (mean, variance) = (found.mean(depth - 1), found.moments().variance(depth - 1));
        let derivative = 2.0 / (mean.mean * mean.mean);
        let (middle, sd) = (effective_dimension(mean.mean), derivative * variance.mean.sqrt());
        let theory = effective_dimension(slope);
        let correction = effective_dimension(slope + bias) - theory;
        widths.push(row! {
            angle, width, replicas: found.replicas(),
            dimension: Corrected::new(theory, (middle, derivative * stderr(&mean)), correction),
            low: middle - sd, high: middle + sd,
        });
    }
    let mut angles: Vec<f64> = Vec::new();
    for (angle, _) in &cases {
        if !angles.contains(angle) {
            angles.push(*angle);
        }
    }
    let curves = run.map(&angles, |&angle| {
        let widths: Vec<Width> = cases.iter().filter(|case| case.0 == angle).map(|case| case.1).collect();
        let (least, most) = least_and_most(&widths);
        // of order 1/n, so known at all widths from one
        let (slope, bias) = slope(angle, least)?;
        let scaled = bias * least.get() as f64;
        let row = |width: f64| {
            let dimension_expected = effective_dimension(slope + scaled / width);
            row! { angle, width, dimension: effective_dimension(slope), dimension_expected }
        };
        Ok(geometric(least.get() as f64, most.get() as f64, 81).map(row).collect::<Vec<_>>())
    })?;
    along.extend(curves.into_iter().flatten());
    Ok(tables![widths, along])
}

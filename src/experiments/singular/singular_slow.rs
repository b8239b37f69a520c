//! Slow trajectories of two units near the singular region, `(v, w)` following at their fast equilibrium. Two laws are laid over
//! the true averaged flow: the adiabatic one, and the frozen-coordinate law as we transcribe it from the literature. The drift of
//! each one's invariant along the flow, relative to the change of `|u|^2`, tells which holds as `|u|` goes to 0.

use super::learner::*;
use crate::experiment::prelude::*;
use crate::theory::perceptron::Slow;

parameters! {
    Params {
        phi,
        centre: Number<Separation> => "Mean of the input weights of the teacher's two units.",
        spreads: Numbers<Separation> => "Differences of these input weights, one teacher each: the smaller, the slower the slow manifold.",
        drift: Drift, trajectories: Trajectories,
    }

    /// Drift of the invariants.
    Drift {
        separations: Numbers<Separation> => "`|u|` at the start in units of the spread.",
        z: Numbers<Coordinate> => "Values of `z` at the start; none of 0, 1, -1.",
        change: Positive => "Relative change of `|u|^2` over which the drift is measured.",
    }

    /// Trajectories to draw.
    Trajectories {
        spread: Number<Distance> => "Of the teacher; 0 where one unit suffices (redundant).",
        separation: Number<Separation> => "Separation `|u|` at the start.",
        z: Numbers<Coordinate> => "Values of `z` at the start; none of 0, 1, -1.",
        drawn: Numbers<Coordinate> => "Those of them that are drawn.",
        times: Count<2> => "Number of points on each.",
        first: Number<Time> => "Time of the first point after the start.",
        last: Number<Time> => "Time of the last point.",
        largest_square: Positive => "Drawn up to this multiple of `|u|^2` at the start.",
    }
}

columns! {
    spread: Parameter "difference of the input weights of the teacher's two units";
    w: Theory "output weight w* of the best single unit";
    loss: Theory "loss of the best single unit";
    fast_rate: Theory "slowest rate at which (v, w) relax: smallest eigenvalue of the Hessian of the single unit";
    separation: Parameter "separation |u| at the start in units of the spread";
    z: Parameter "z = (w_2 - w_1) / (w_1 + w_2) at the start";
    adiabatic {
        single: Theory "drift of the invariant of the adiabatic law over the change of |u|^2, for one start";
        drift: Theory "drift of the invariant of the adiabatic law over the change of |u|^2, mean over starts";
        drift.error: StandardError "standard error of that mean, from the spread over starts";
        trajectories: Approximation "the same by the adiabatic law";
    }
    frozen {
        single: Theory "drift of the invariant of the frozen-coordinate law over the change of |u|^2, for one start";
        drift: Theory "drift of the invariant of the frozen-coordinate law over the change of |u|^2, mean over starts";
        drift.error: StandardError "standard error of that mean, from the spread over starts";
        trajectories: Approximation "the same by the frozen-coordinate law";
    }
    starts: Parameter "number of starts averaged over";
    start: Parameter "z at the start of the trajectory";
    shift: Theory "change of z since the start over |u|^2 at the start, along gradient flow";
    square: Theory "|u|^2 over its value at the start, along gradient flow";
}

impl Experiment for Params {
    type Point = ();
    const UNJUDGED: &'static str = "
        drift.adiabatic | deterministic flows averaged over a set of starts: how far a law fails, which goes to 0 with the separation
        drift.frozen | deterministic flows averaged over a set of starts: how far a law fails, which does not go to 0
    ";
    const NO_CONTROL: Option<&'static str> = Some("averaged flows alone; nothing is simulated");

    fn check(&self) -> Result<(), ParameterError> {
        let singular = |z: f64| z == 0.0 || z.abs() == 1.0;
        for (name, list) in [("drift.z", &self.drift.z), ("trajectories.z", &self.trajectories.z)] {
            refuse(name, list.iter().find(|z| singular(**z)), "none of 0, 1, -1")?;
        }
        let Trajectories { z, drawn, .. } = &self.trajectories;
        refuse("trajectories.drawn", drawn.iter().find(|start| !z.contains(start)), "values of trajectories.z")
    }

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let Drift { separations, z, change } = &self.drift;
        rows!(facts: "one_unit", single, drifts: "drift");
        let learners = self.spreads.iter().map(|&spread| followed("parameters.spreads", self, spread));
        let learners: Vec<Slow> = learners.collect::<Result<_, RunError>>()?;
        for (&spread, slow) in self.spreads.iter().zip(&learners) {
            for (separation, z) in pairs(separations, z) {
                let u = separation * spread;
                at("parameters.drift", place(u, z), slow.start(u, z))?;
            }
        }
        let mut still = 0;
        for (&spread, slow) in self.spreads.iter().zip(&learners) {
            let OneUnitFit { w, loss, .. } = slow.learner.fit;
            facts.push(row! { spread, w, loss, hessian_h: slow.learner.stability, fast_rate: slow.fast });
            let points = pairs(separations, z);
            let found = run.map(&points, |&(separation, z)| {
                let place = || format!("separation {separation:?} of spread {spread:?} at z = {z:?}");
                at("parameters.drift", place, slow.drift(separation * spread, z, *change))
            })?;
            still += found.iter().filter(|drift| drift.is_none()).count();
            for (&(separation, z), drift) in points.iter().zip(&found) {
                let [adiabatic, frozen] = [0, 1].map(|law| drift.map(|drift| drift[law]));
                single.push(row! { spread, separation, z, adiabatic, frozen });
            }
            for (&separation, found) in separations.iter().zip(found.chunks(z.len())) {
                let found: Vec<[f64; 2]> = found.iter().copied().flatten().collect();
                let mean = |law: usize| Estimate::of(&found.iter().map(|drift| drift[law]).collect::<Vec<f64>>());
                let [adiabatic, frozen] = [0, 1].map(|law| (!found.is_empty()).then(|| Measured::new(mean(law))));
                drifts.push(row! { spread, separation, starts: found.len(), adiabatic, frozen });
            }
        }
        let starts = self.spreads.len() * separations.len() * z.len();
        let why = "the separation of the units does not change as far as parameters.drift.change asks for";
        run.blank(still, starts, why);
        let [lines, marks] = trajectories(self, run)?;
        Ok(vec![facts.table()?, drifts.table()?, single.table()?, lines, marks])
    }

    fn figures(&self) -> Vec<Figure> {
        let trajectories = self.trajectories.drawn.iter().flat_map(|&start| {
            let of = |table: &str| Select::table(table).filter("start", start);
            let law = |column: &str, dash: Dash| {
                Series::line(of("trajectories"), "shift", column, dash).by(By::unlabelled("start"))
            };
            [
                law("adiabatic", Dash::Solid).key("adiabatic law"),
                law("frozen", Dash::DashDot).key("frozen coordinates"),
                Series::points(of("marks"), "shift", "square").by(By::new("start", r"$z_0 = {}$")).in_place(),
            ]
        });
        let trajectories = Panel::new(
            Axis::linear(r"shift $(z - z_0) / |u_0|^2$"),
            Axis::linear(r"squared separation $|u|^2 / |u_0|^2$").low(0.0),
        )
        .all(trajectories);
        let spread = By::new("spread", r"$s = {}$").ramp();
        let drift = |column: &str, title: &str| {
            Panel::new(
                Axis::log10(r"separation over spread $|u| / s$").range(0.03, 0.38),
                Axis::log10("drift of the invariant").range(3e-4, 2.0),
            )
            .title(title)
            .series(Series::measured("drift", "separation", column).by(&spread))
        };
        vec![Figure::new("singular_slow", "Slow trajectories near the singular region")
            .setting("phi(u) = {phi}; two teacher units of output weight 1 whose input weights have the mean {centre} and differ by {spreads}; in (a) by {trajectories.spread}, students at |u| = {trajectories.separation}, z = {trajectories.drawn} at the start; in (b) and (c) |u| = {drift.separations} times the spread at the start")
            .describe(format!(
                "Squared separation of two units against the shift of z along the averaged flow (points) from {} starts, in units of the squared \
                 separation at the start, with the adiabatic law (solid) and the frozen-coordinate law as transcribed from the \
                 literature (dash-dotted) through the first point (a). \
                 Drift of the invariant of the adiabatic law (b) and of the frozen-coordinate law (c) along the flow, relative to \
                 the change of the squared separation, mean over {} starts with standard error, for teachers of {} spreads s, the distance of \
                 their units' input weights: it vanishes for the adiabatic law as separation and spread do, and stays for the other.",
                count(self.trajectories.drawn.len()), count(self.drift.z.len()), count(self.spreads.len()),
            ))
            .grid(3, 72.0)
            .panel(trajectories)
            .panel(drift("adiabatic", "adiabatic law"))
            .panel(drift("frozen", "frozen-coordinate law").legend(Legend::Hidden))]
    }
}

fn trajectories(params: &Params, run: &Run) -> Result<[Table; 2], RunError> {
    let Trajectories { spread, separation, ref z, times, first, last, largest_square, .. } = params.trajectories;
    let field = "parameters.trajectories";
    let slow = slow(field, params, spread)?;
    let instants: Vec<f64> = std::iter::once(0.0).chain(geometric(first, last, times)).collect();
    let paths = run.map(z, |&z| at(field, place(separation, z), slow.path(separation, z, &instants)))?;
    rows!(lines: "trajectories", marks);
    for (start, path) in z.iter().zip(&paths) {
        let unit = path[0].square;
        let mut last = 1.0f64;
        for here in path.iter().filter(|here| here.square <= largest_square * unit) {
            let [adiabatic, frozen] = slow.laws(&path[0], here).map(|square| square / unit);
            let (shift, square) = ((here.z - path[0].z) / unit, here.square / unit);
            lines.push(row! { start: *start, shift, square, adiabatic, frozen });
            if (square - last).abs() >= APART {
                last = square;
                marks.push(row! { start: *start, shift, square });
            }
        }
    }
    Ok([lines.table()?, marks.table()?])
}

/// Change of the squared separation, over its value at the start, between points of a trajectory as drawn.
const APART: f64 = 0.15;

/// A small number in words.
fn count(number: usize) -> String {
    const WORDS: [&str; 10] = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    number.checked_sub(1).and_then(|i| WORDS.get(i)).map_or_else(|| number.to_string(), |word| (*word).to_owned())
}

/// Names a start.
fn place(separation: f64, z: f64) -> impl Fn() -> String {
    move || format!("separation {separation:?} at z = {z:?}")
}

fn slow(field: &'static str, params: &Params, spread: f64) -> Result<Slow, RunError> {
    Ok(Slow::new(learner_of_pair(field, params.phi, params.centre, spread)?)?)
}

/// The same; refuses a spread whose flows are slower than they can be followed.
fn followed(field: &'static str, params: &Params, spread: f64) -> Result<Slow, RunError> {
    let slow = slow(field, params, spread)?;
    let longest = (5.0 / slow.fast).max(4.0 / slow.learner.stability.abs());
    if slow.fast > 0.0 && longest <= Time::LARGEST {
        return Ok(slow);
    }
    let message = format!(
        "{spread:?}: its flow takes a time of {longest:.0e}, but must take at most {:e}; spread and centre must be more moderate",
        Time::LARGEST
    );
    Err(RunError::Field { field: field.into(), message })
}

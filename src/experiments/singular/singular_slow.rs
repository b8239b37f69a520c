//! Slow trajectories of two units near the singular region, `(v, w)` following at their fast equilibrium. Two laws are laid over
//! the true averaged flow: the adiabatic one, and the frozen-coordinate law as we transcribe it from the literature. The drift of
//! each one's invariant along the flow, relative to the change of `|u|^2`, tells which holds as `|u|` goes to 0.

use super::learner::{Learner, at};
use crate::config::checked::Limits;
use crate::experiment::prelude::*;
use crate::model::SingularCoordinates;
use crate::numerics::linalg::symmetric_eigen;
use crate::numerics::statistics::mean_and_stderr;
use crate::theory::perceptron::{Flow, Learning, adiabatic_law, flow, frozen_law};

parameters! {
    Params {
        phi: Sigmoid,
        /// Mean of the input weights of the teacher's two units.
        centre: Number<Separation>,
        /// Differences of these input weights, one teacher each: the smaller, the slower the slow manifold.
        spreads: Numbers<Separation>,
        drift: Drift,
        trajectories: Trajectories,
    }

    /// Drift of the invariants.
    Drift {
        /// `|u|` at the start in units of the spread.
        separations: Numbers<Separation>,
        /// Values of `z` at the start; none of 0, 1, -1.
        z: Numbers<Coordinate>,
        /// Relative change of `|u|^2` over which the drift is measured.
        change: Positive,
    }

    /// Trajectories to draw.
    Trajectories {
        /// Of the teacher; 0 where one unit suffices (redundant).
        spread: Number<Distance>,
        /// Separation `|u|` at the start.
        separation: Number<Separation>,
        /// Values of `z` at the start; none of 0, 1, -1.
        z: Numbers<Coordinate>,
        /// Number of points on each.
        times: Count<2>,
        /// Time of the first point after the start.
        first: Number<Time>,
        /// Time of the last point.
        last: Number<Time>,
        /// Drawn up to this multiple of `|u|^2` at the start.
        largest_square: Positive,
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

/// `|u|^2`, `y = w_2 - w_1` and `z` of a student.
struct Place {
    square: f64,
    y: f64,
    z: f64,
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
        Ok(())
    }

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let Drift { separations, z, change } = &self.drift;
        let mut facts = Rows::new("one_unit");
        let mut single = Rows::new("single");
        let mut drifts = Rows::new("drift");
        let learners: Vec<Slow> = (self.spreads.iter())
            .map(|&spread| Slow::new("parameters.spreads", self, spread)?.followed("parameters.spreads", spread))
            .collect::<Result<_, RunError>>()?;
        for (&spread, slow) in self.spreads.iter().zip(&learners) {
            for &separation in separations {
                z.iter().try_for_each(|&z| slow.start("parameters.drift", separation * spread, z).map(drop))?;
            }
        }
        let mut still = 0;
        for (&spread, slow) in self.spreads.iter().zip(&learners) {
            facts.push(row! {
                spread, w: slow.learner.fit.w, loss: slow.learner.fit.loss, hessian_h: slow.learner.stability,
                fast_rate: slow.fast,
            });
            let points: Vec<(f64, f64)> = separations.iter().flat_map(|&s| z.iter().map(move |&z| (s, z))).collect();
            let found = run.map(&points, |&(separation, z)| {
                let place = || format!("separation {separation:?} of spread {spread:?} at z = {z:?}");
                at("parameters.drift", place, slow.drift(separation * spread, z, *change))
            })?;
            still += found.iter().filter(|drift| drift.is_none()).count();
            for (&(separation, z), drift) in points.iter().zip(&found) {
                let [adiabatic, frozen] = [drift.map(|d| d.0), drift.map(|d| d.1)];
                single.push(row! { spread, separation, z, adiabatic, frozen });
            }
            for (&separation, found) in separations.iter().zip(found.chunks(z.len())) {
                let found: Vec<(f64, f64)> = found.iter().copied().flatten().collect();
                let of = |pick: fn(&(f64, f64)) -> f64| {
                    let some = Some(found.iter().map(pick).collect::<Vec<_>>()).filter(|drifts| !drifts.is_empty());
                    let (value, stderr) = some.map(|drifts| mean_and_stderr(&drifts))?;
                    Some(Measured { value, error: stderr.unwrap_or(0.0) })
                };
                let (adiabatic, frozen) = (of(|d| d.0), of(|d| d.1));
                drifts.push(row! { spread, separation, starts: found.len(), adiabatic, frozen });
            }
        }
        let starts = self.spreads.len() * separations.len() * z.len();
        run.blank(
            still,
            starts,
            "the separation of the units does not change as far as parameters.drift.change asks for",
        );
        Ok(vec![facts.table()?, drifts.table()?, single.table()?, trajectories(self, run)?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::unlabelled("start");
        let spread = By::new("spread", r"$s = {}$").ramp();
        let drift = |column: &str, title: &str| {
            Panel::new(
                Axis::log10(r"separation over spread $|u| / s$"),
                Axis::log10("drift of the invariant").range(3e-4, 2.0),
            )
            .title(title)
            .series(Series::monte_carlo("drift", "separation", column, &format!("{column}_error")).by(&spread))
        };
        vec![
            Figure::new("singular_slow", "Slow trajectories near the singular region")
                .describe(
                    "Squared separation of two units against the shift of z along the averaged flow (points) from five starts, in units of the squared \
                     separation at the start, with the adiabatic law (solid) and the frozen-coordinate law as transcribed from the \
                     literature (dashed) through the first point (a). \
                     Drift of the invariant of the adiabatic law (b) and of the frozen-coordinate law (c) along the flow, relative to \
                     the change of the squared separation, mean over ten starts with standard error, for teachers of four spreads: it \
                     vanishes for the adiabatic law as separation and spread do, and stays for the other.",
                )
                .grid(3, 72.0)
                .panel(
                    Panel::new(Axis::linear(r"shift $(z - z_0) / |u_0|^2$"), Axis::linear(r"squared separation $|u|^2 / |u_0|^2$").low(0.0))
                        .series(Series::line("trajectories", "shift", "adiabatic", Dash::Solid).by(&by).key("adiabatic law"))
                        .series(Series::line("trajectories", "shift", "frozen", Dash::Dashed).by(&by).key("frozen"))
                        .series(Series::points("trajectories", "shift", "square").by(By::new("start", r"$z_0 = {}$"))),
                )
                .panel(drift("adiabatic", "adiabatic law"))
                .panel(drift("frozen", "frozen-coordinate law").legend(Legend::Hidden)),
        ]
    }
}

fn trajectories(params: &Params, run: &Run) -> Result<Table, RunError> {
    let Trajectories { spread, separation, ref z, times, first, last, largest_square } = params.trajectories;
    let field = "parameters.trajectories";
    let slow = Slow::new(field, params, spread)?;
    let path = |z: f64| {
        let start = slow.relaxed(field, separation, z)?;
        let instant = |i: usize| geometric(first, last, i, times);
        let instants: Vec<f64> = std::iter::once(0.0).chain((0..times).map(instant)).collect();
        let students = flow(&slow.learner.population, &start, Learning::Gradient, &instants)?;
        Ok::<_, RunError>(students.iter().map(place).collect::<Result<Vec<Place>, ParameterError>>()?)
    };
    let paths = run.map(z, |&z| at(field, || format!("separation {separation:?} at z = {z:?}"), path(z)))?;
    let mut lines = Rows::new("trajectories");
    for (start, path) in z.iter().zip(&paths) {
        let unit = path[0].square;
        for here in path.iter().filter(|here| here.square <= largest_square * unit) {
            let [adiabatic, frozen] = slow.laws(&path[0], here).map(|square| square / unit);
            let shift = (here.z - path[0].z) / unit;
            lines.push(row! { start: *start, shift, square: here.square / unit, adiabatic, frozen });
        }
    }
    Ok(lines.table()?)
}

/// One teacher, and how fast `(v, w)` relax.
struct Slow {
    learner: Learner,
    /// Slowest rate at which they do.
    fast: f64,
}

impl Slow {
    fn new(field: &'static str, params: &Params, spread: f64) -> Result<Self, RunError> {
        let learner = Learner::of_pair(field, params.phi, params.centre, spread)?;
        let single = Perceptron::new(vec![learner.fit.v.clone()], vec![learner.fit.w])?;
        let hessian = learner.population.hessian(&single)?;
        let fast = symmetric_eigen(2, |i, j| hessian[i][j]).values[1];
        Ok(Self { learner, fast })
    }

    /// Refuses a spread whose flows are slower than they can be followed.
    fn followed(self, field: &'static str, spread: f64) -> Result<Self, RunError> {
        let longest = (5.0 / self.fast).max(4.0 / self.learner.stability.abs());
        if self.fast > 0.0 && longest <= Time::LARGEST {
            return Ok(self);
        }
        let message = format!(
            "{spread:?}: its flow takes a time of {longest:.0e}, but must take at most {:e}; spread and centre must be more moderate",
            Time::LARGEST
        );
        Err(RunError::Field { field, message })
    }

    /// `(v, w)` at their fast equilibrium.
    fn start(&self, field: &'static str, separation: f64, z: f64) -> Result<Perceptron, RunError> {
        let place = || format!("separation {separation:?} at z = {z:?}");
        at(field, place, self.learner.population.fast_equilibrium(&self.learner.at(z, separation)))
    }

    /// The student at this separation and `z`, `(v, w)` relaxed along the flow by 5 of their own times.
    fn relaxed(&self, field: &'static str, separation: f64, z: f64) -> Result<Perceptron, RunError> {
        let start = self.start(field, separation, z)?;
        Ok(Flow::new(&self.learner.population, &start, Learning::Gradient).at(5.0 / self.fast)?)
    }

    /// `|u|^2` by the adiabatic and by the frozen-coordinate law from one place to another. The adiabatic law is one of
    /// `y = w_2 - w_1`.
    fn laws(&self, from: &Place, to: &Place) -> [f64; 2] {
        let w = self.learner.fit.w;
        [adiabatic_law(w, (from.y / w, from.square), to.y / w), frozen_law(w, (from.z, from.square), to.z)]
    }

    /// `|change of the invariant| / |change of |u|^2|` of both laws, once `|u|^2` has changed by this share; none where it does not.
    fn drift(&self, separation: f64, z: f64, share: f64) -> Result<Option<(f64, f64)>, RunError> {
        let start = self.relaxed("parameters.drift", separation, z)?;
        let first = place(&start)?;
        let slow = 1.0 / self.learner.stability.abs();
        let mut flow = Flow::new(&self.learner.population, &start, Learning::Gradient);
        for i in 1..=200 {
            let here = place(&flow.at(0.02 * slow * f64::from(i))?)?;
            let change = here.square - first.square;
            if change != 0.0 && change.abs() >= share * first.square {
                let [adiabatic, frozen] = self.laws(&first, &here).map(|law| ((here.square - law) / change).abs());
                return Ok(Some((adiabatic, frozen)));
            }
        }
        Ok(None)
    }
}

fn place(student: &Perceptron) -> Result<Place, ParameterError> {
    let here = SingularCoordinates::of(student)?;
    let separation = here.separation();
    Ok(Place { square: separation * separation, y: here.z * here.w, z: here.z })
}

//! The part of the singular region that attracts gradient flow of two units (an attractor in the sense of Milnor: its basin has positive
//! measure, yet starts nearby leave), one input: basin of the averaged flow with the separatrix of the adiabatic law, and online learning
//! that starts on the attractor, drifts along it and is driven out.

use super::learner::*;
use crate::experiment::prelude::*;
use crate::numerics::extrapolation::{AtStep, extrapolated};
use crate::theory::perceptron::adiabatic_law;

parameters! {
    Params {
        phi, teacher, map: Map,
        online: Online => "Online learning along the singular region.",
    }

    /// Starts of the averaged flow.
    Map {
        z: NumberGrid<Coordinate> => "Values of `z` at the start.",
        u: NumberGrid<Distance> => "Separations `|u|` at the start.",
        last: Number<Time> => "Time after which a trajectory is given up.",
        caught: Number<Separation> => "A trajectory is caught where the units are this close, `|u|`, and further attracted.",
    }

    Online {
        z: Number<Coordinate> => "`z` at the start, on the singular region.",
        noise: Number<Distance> => "Standard deviation of the label noise.",
        /// Step sizes `eta`, two at least.
        #[schemars(length(min = 2))]
        steps: Numbers<Step>,
        last: Number<Time> => "Last time `eta t`.",
        times: Count<2> => "Number of times shown.",
        replicas: NetworkCount => "Number of trajectories at each step size.",
        shown: Count<1> => "Trajectories to draw, of the smallest step.",
        linear: Positive => "Means are judged up to this `eta t`, extrapolated from the two smallest steps to 0.",
    }
}

columns! {
    w: Theory "output weight w* of the best single unit";
    v: Theory "input weight v* of the best single unit";
    loss: Theory "loss of the best single unit, that of the plateau";
    u {
        map: Parameter "separation u = J_2 - J_1 of the input weights at the start";
        edge: Theory "largest separation u at which gradient flow is caught";
        boundary: Theory "the same above the separation at which trajectories count as caught, and 0 at z = 1, where the edge meets u = 0";
        separatrix: Theory "separation u on the separatrix of the adiabatic law, which meets u = 0 at z = 1";
        mean: MonteCarlo "mean over replicas of the separation |u| = |J_2 - J_1|";
        paths: MonteCarlo "separation |u| = |J_2 - J_1| of this replica";
    }
    z {
        _: Parameter "z = (w_2 - w_1) / (w_1 + w_2) at the start";
        separatrix: Parameter "z along the separatrix";
        mean: MonteCarlo "mean over replicas of z = (w_2 - w_1) / (w_1 + w_2)";
        paths: MonteCarlo "z = (w_2 - w_1) / (w_1 + w_2) of this replica";
    }
    log_time: Theory "log10 of the time when the loss of gradient flow falls below half that of the plateau; log10 of the last time where it does not";
    floor: Drawing "lower edge of the basin as drawn";
    left: Label "whether it does: yes or no";
    step: Parameter "step size eta of online learning";
    time: Parameter "learning time t = steps times step size";
    scaled: Parameter "eta t, the time on which noise of the steps acts";
    share: MonteCarlo "share of replicas that have not left the plateau (loss not below half its value at any time shown so far)";
    slope {
        _: MonteCarlo "drift of w_2 - w_1 from the start over the step size, mean over replicas";
        drift: Theory "drift of w_2 - w_1 from the start over the step size, to first order in it";
    }
    order: Label "order parameter: w1, w2 are output weights, J1, J2 input weights";
    value {
        _: Theory "drift of the mean of the order parameter from the start over the step size, extrapolated to step size 0 from two of them";
        _.correction: Correction "correction to the theory of this drift: none, 0";
    }
    replica: Label "number of the trajectory shown, from 0";
}

/// Share of the plateau's loss below which a student has left it.
const LEFT: f64 = 0.5;

impl Params {
    fn learner(&self) -> Result<Learner, RunError> {
        learner("parameters.teacher", "the teacher", self.phi, &self.teacher)
    }

    /// Times of online learning that are shown.
    fn instants(&self) -> Vec<f64> {
        even(0.0, self.online.last, self.online.times + 1).collect()
    }
}

impl Experiment for Params {
    type Point = Course;
    const UNJUDGED: &'static str = "
        slopes.slope | at single step sizes; its extrapolation to step size 0 is judged in table judged
        survival.share | shown only: no theory of the time at which noise drives replicas out
        mean.z | drawn to lead the eye, no theory of the time at which noise drives replicas out
        mean.u | drawn to lead the eye, no theory of the time at which noise drives replicas out
        paths.z | single replicas drawn, not a mean
        paths.u | single replicas drawn, not a mean
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_one_input(&self.teacher)?;
        let Online { z, last, times, .. } = self.online;
        let allowed = "of size 1e-3 to 10, since at 0 the two units stay equal";
        refuse_where(!(1e-3..=10.0).contains(&z.abs()), "online.z", format!("{z:?}"), allowed)?;
        let mut steps = self.online.steps.clone();
        steps.sort_by(f64::total_cmp);
        let (few, found) = (steps.len() < 2 || steps[0] == steps[1], format!("{:?}", self.online.steps));
        refuse_where(few, "online.steps", found, "two different step sizes at least, none of them twice")?;
        let allowed = "so long that a step is at most the time between two that are shown";
        refuse_where(last / (times as f64) < steps[steps.len() - 1], "online.last", format!("{last:?}"), allowed)?;
        let allowed = "large enough for at most 1e9 steps up to the last time";
        refuse_where(last / steps[0] > MOST_STEPS, "online.steps", format!("{:?}", steps[0]), allowed)?;
        check_axis("map.z", self.map.z.values())?;
        check_axis("map.u", self.map.u.values())
    }

    fn points(&self, points: &mut Points<Course>) -> Result<(), RunError> {
        let Online { z, noise, steps, replicas, .. } = &self.online;
        let start = self.learner()?.at(*z, 0.0).perceptron()?;
        for &step in steps {
            let task = OnlineTask::new(self.phi, self.teacher.clone(), start.clone(), 1, step, *noise)?;
            let course = Course::new(task, step, self.instants());
            points.keep(format!("step {step}"), *replicas, course.cost(1e-7), course).in_groups(LANES);
        }
        Ok(())
    }

    fn observe_group(&self, course: &Course, at: &[Address]) -> Result<Vec<Vec<f64>>, SimulationError> {
        Ok(course.observe(at))
    }

    fn tables(&self, found: &[Found<Course>], run: &Run) -> Result<Tables, RunError> {
        let learner = self.learner()?;
        let OneUnitFit { w, ref v, loss, .. } = learner.fit;
        let facts = table("one_unit", [row! { w, v: v[0], loss, hessian_h: learner.stability }])?;
        let places = pairs(self.map.u.values(), self.map.z.values());
        let (level, &Map { caught, last, .. }) = (LEFT * loss, &self.map);
        let times = run.map(&places, |&(u, z)| {
            at("parameters.map", || format!("z = {z:?}, u = {u:?}"), learner.leaves(z, u, level, caught, last))
        })?;
        let trapped: Vec<bool> = times.iter().map(Option::is_none).collect();
        let map = places.into_iter().zip(times).map(|((u, z), time)| {
            row! { u, z, log_time: log10(time.unwrap_or(last)), left: time.is_some() }
        });
        let farthest = self.map.z.values().iter().fold(1.0f64, |farthest, z| farthest.max(*z));
        let separatrix = (0..=200).map(|i| {
            let z = 1.0 + (farthest - 1.0) * f64::from(i) / 200.0;
            row! { z, u: adiabatic_law(w, (1.0, 0.0), z).max(0.0).sqrt() }
        });
        let (map, edges) = (table("map", map)?, edge(self, run, &learner, (level, &trapped))?);
        let separatrix = table("separatrix", separatrix)?;
        Ok([vec![facts, map], edges, vec![separatrix], online(self, found, run, &learner)?].concat())
    }

    fn figures(&self) -> Vec<Figure> {
        let step = || By::new("step", r"$\eta = {}$").ramp();
        let (z, u) = (self.map.z.values(), self.map.u.values());
        let plane = || {
            Panel::new(
                Axis::linear("position $z$").range(z[0], z[z.len() - 1]),
                Axis::linear("separation $|u|$").range(0.0, u[u.len() - 1]),
            )
            .rule(Rule::Vertical(1.0))
        };
        let separatrix = || Series::line("separatrix", "z", "u", Dash::DashDot);
        let edge = || Series::theory("boundary", "z", "u");
        let learner = || Select::table("paths").filter("replica", 0.0);
        let judged = || Select::table("judged").filter("order", "w2 - w1");
        vec![Figure::new("singular_basin", "Basin and escape of the attracting singular region")
            .setting("phi(u) = {phi}; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; online: z = {online.z} at the start, label noise of standard deviation {online.noise}, step sizes {online.steps}, {online.replicas runs} at each")
            .describe(
                "Time after which gradient flow from z and |u| has left the plateau (colour), and the basin of the attracting part of the \
                 singular region, |u| = 0 and z > 1, from which it never does (solid edge, which meets |u| = 0 at z = 1; in (b) blue), with the \
                 colour of the last time followed; white: off the plateau by a time of 10; dash-dotted: the separatrix of the \
                 adiabatic law, an approximation for small |u| (a). Online learning that starts on the attracting part \
                 (ring), drifts along it and leaves through z < 1, at the smallest step size: one learner (grey) and the mean over learners, its colour \
                 rising with time (b). Mean \
                 shift of w_2 - w_1 over the step size eta against time, with the theory for small steps (line); rings: extrapolated \
                 from the two smallest step sizes to 0, which is what is judged (c). Share of learners still on the plateau, with bands of one standard error (d).",
            )
            .grid(2, 124.0)
            .panel(
                plane()
                    .heatmap(Heatmap::new("map", "z", "u", "log_time", r"time on the plateau $t$")
                            .exponent()
                            .smooth()
                            .range(1.0, log10(self.map.last)))
                    .series(edge().key("edge of the basin"))
                    .series(separatrix().key("adiabatic separatrix"))
                    .note_at("caught", Place::Frame(0.8, 0.22), Anchor::Middle),
            )
            .panel(
                plane()
                    .series(Series::band("boundary", "z", "floor", "u").colour(Colour::Ordered))
                    .series(edge())
                    .series(Series::join(learner(), "z", "u").colour(Colour::Grey).label("one learner"))
                    .series(Series::coloured("mean", "z", "u", "time", ColourMap::Viridis).label(format!(r"mean, $t \le {}$", self.online.last)))
                    .series(Series::points(learner().filter("time", 0.0), "z", "u").label("start"))
                    .note_at("repels", Place::Frame(0.2, 0.05), Anchor::Middle)
                    .note_at("attracts", Place::Frame(0.85, 0.05), Anchor::Middle),
            )
            .panel(
                Panel::new(Axis::linear(r"time $t$"), Axis::linear(r"mean shift $\langle \Delta (w_2 - w_1) \rangle / \eta$"))
                    .series(Series::theory("drift", "time", "slope").key(r"theory, $\eta \to 0$"))
                    .series(Series::measured("slopes", "time", "slope").by(step()))
                    .series(Series::points(judged(), "time", "value_mc").label(r"extrapolated, $\eta \to 0$").in_place())
                    .residual(Residual::new(judged(), "time", "value")),
            )
            .panel(
                Panel::new(Axis::linear(r"scaled time $\eta t$").range(0.0, 800.0), Axis::linear("share on the plateau").range(0.0, 1.05))
                    .series(Series::measured("survival", "scaled", "share").by(step())),
            )]
    }
}

/// The edge of what is caught, by halving between points of the map.
fn edge(params: &Params, run: &Run, learner: &Learner, (level, caught): (f64, &[bool])) -> Result<Tables, RunError> {
    let (z, u) = (params.map.z.values(), params.map.u.values());
    let highest = |column: usize| (0..u.len()).rfind(|row| caught[row * z.len() + column]);
    let columns = z.iter().enumerate().filter_map(|(column, z)| Some((*z, highest(column)?)));
    let columns: Vec<(f64, usize)> = columns.collect();
    let found = run.map(&columns, |&(z, row)| {
        let (mut low, mut high) = (u[row], u.get(row + 1).copied().unwrap_or(u[row]));
        for _ in 0..6 {
            let middle = 0.5 * (low + high);
            let left = learner.leaves(z, middle, level, params.map.caught, params.map.last);
            let left = at("parameters.map", || format!("z = {z:?}, u = {middle:?}"), left)?;
            *(if left.is_none() { &mut low } else { &mut high }) = middle;
        }
        Ok::<_, RunError>(low)
    })?;
    let edges: Vec<(f64, f64)> = columns.into_iter().map(|(z, _)| z).zip(found).collect();
    // below, nothing is followed
    let followed = edges.iter().copied().filter(|&(z, u)| z > 1.0 && u > 1.5 * params.map.caught);
    let row = |(z, u): (f64, f64)| row! { z, u, floor: 0.0 };
    let boundary = table("boundary", std::iter::once((1.0, 0.0)).chain(followed).map(row))?;
    Ok(vec![table("edge", edges.into_iter().map(row))?, boundary])
}

/// An observable of online learning: its name and value.
type Order = (&'static str, fn(&Perceptron) -> f64);

const ORDERS: [Order; 3] = [
    ("w2 - w1", |student| student.output_weight(1) - student.output_weight(0)),
    ("w1 + w2", |student| student.output_weight(1) + student.output_weight(0)),
    ("J1 + J2", |student| student.input_weights(0)[0] + student.input_weights(1)[0]),
];

/// Drift along the attractor (relative to the step size, extrapolated to 0 from two steps, against the theory of first order),
/// survival on the plateau, and trajectories.
fn online(params: &Params, found: &[Found<Course>], run: &Run, learner: &Learner) -> Result<Tables, RunError> {
    let Online { z, noise, ref steps, replicas, shown, linear, .. } = params.online;
    let (start, times) = (learner.at(z, 0.0).perceptron()?, params.instants());
    let smallest = steps.iter().fold(f64::INFINITY, |least, step| least.min(*step));
    rows!(survival, slopes, paths, course: "mean", drift, judged);
    // in a negative control the teacher is another one
    let population = Population::new(params.phi, params.teacher.with_inputs_scaled(run.theory_factor()));
    let count = times.iter().take_while(|time| smallest * **time <= linear).count();
    let moments = online_moments(&population, &start, noise, &times[..count]);
    let moments = at("parameters.online.z", || format!("{z:?}"), moments)?;
    let mut drifts: Vec<Vec<[AtStep; 3]>> = Vec::new();
    for found in found {
        let step = found.point.step;
        let sample = students("parameters.online.steps", &found.point, found.rows())?;
        let level = LEFT * learner.fit.loss;
        let left = run.map(&sample, |students| Ok(learner.population.first_below(students, level)?))?;
        let slope = |i: usize, of: fn(&Perceptron) -> f64| {
            let found = Estimate::of(&sample.iter().map(|students| of(&students[i])).collect::<Vec<f64>>());
            AtStep { step, value: (found.mean - of(&start)) / step, stderr: stderr(&found) / step }
        };
        let drift: Vec<[AtStep; 3]> = (0..count).map(|i| ORDERS.map(|(_, of)| slope(i, of))).collect();
        for (i, &time) in times.iter().enumerate() {
            let scaled = step * time;
            let here = left.iter().filter(|left| left.is_none_or(|left| left > i)).count();
            let share = here as f64 / replicas as f64;
            // of a proportion
            let error = (share * (1.0 - share) / (replicas as f64 - 1.0)).sqrt();
            survival.push(row! { step, time, scaled, replicas, share: Measured::new((share, error)) });
            if let Some([slope, ..]) = drift.get(i) {
                slopes.push(row! { step, time, scaled, replicas, slope: Measured::new((slope.value, slope.stderr)) });
            }
        }
        drifts.push(drift);
        if step > smallest {
            continue;
        }
        for (i, &time) in times.iter().enumerate() {
            // none from where output weights of a replica cancel
            let here = sample.iter().map(|students| SingularCoordinates::of(&students[i]));
            let Ok(here) = here.collect::<Result<Vec<_>, _>>() else { break };
            let mean = |of: fn(&SingularCoordinates) -> f64| here.iter().map(of).sum::<f64>() / here.len() as f64;
            course.push(row! { step, time, replicas, z: mean(|at| at.z), u: mean(SingularCoordinates::separation) });
        }
        for (replica, students) in sample.iter().take(shown).enumerate() {
            for (student, &time) in students.iter().zip(&times) {
                let here = SingularCoordinates::of(student)?;
                paths.push(row! { step, replica, time, z: here.z, u: here.separation() });
            }
        }
    }
    drifts.sort_by(|a, b| a[0][0].step.total_cmp(&b[0][0].step));
    for (i, (moments, &time)) in moments.iter().zip(&times).enumerate() {
        for (place, (order, of)) in ORDERS.into_iter().enumerate() {
            let [one, two] = [0, 1].map(|step: usize| drifts[step][i][place]);
            let flowed = of(&moments.student) - of(&start);
            // linear, so the correction is the same combination of those of the parameters
            let bias = of(&moments.student.with_parameters(&moments.bias));
            if place == 0 {
                drift.push(row! { time, slope: bias });
            }
            if i > 0 {
                let flow = |drift: AtStep| AtStep { value: flowed / drift.step, stderr: 0.0, ..drift };
                let theory = bias + extrapolated(flow(one), flow(two)).0;
                let value = Compared::new(theory, extrapolated(one, two), 0.0);
                judged.push(row! { order, time, scaled: one.step * time, replicas, value });
            }
        }
    }
    Ok(vec![survival.table()?, slopes.table()?, paths.table()?, course.table()?, drift.table()?, judged.table()?])
}

//! Online natural gradient learning of two units, with the exact inverse Fisher information and with the adaptive estimate of it,
//! against the averaged flows in the limit of small steps and against plain gradient learning.

use super::learner::*;
use crate::experiment::prelude::*;
use crate::numerics::extrapolation::{AtStep, extrapolated};
use crate::simulation::{InverseFisher, Metric};
use crate::theory::perceptron::adaptive_natural_flow;

parameters! {
    Params {
        phi,
        student: Teacher => "The start; as many inputs as it has weights a unit.",
        teacher,
        noise: Number<Distance> => "Standard deviation of the label noise.",
        exact_steps: Plain<(f64, f64)> => "Two step sizes with the exact inverse Fisher information.",
        adaptive_steps: Plain<(f64, f64)> => "Two step sizes with the adaptive estimate.",
        ratio: Positive => "Rate of the running average of the Fisher information over the step size.",
        times: Numbers<Time> => "Times `t`, numbers of steps times the step size, increasing.",
        curve: Count<2> => "Points of the theory curves.",
        replicas: NetworkCount => "Number of trajectories at each step size.",
    }
}

columns! {
    learning: Label "gradient flow, natural gradient with the exact Fisher information or with its adaptive estimate";
    order: Label "w1, w2: output weights; J1.B1, J2.B2: products of input weights of student and teacher; loss";
    time: Parameter "learning time t = steps times step size";
    step: Parameter "step size eta";
    value {
        curves: Theory "the order parameter on the averaged flow";
        judged: Theory "mean of the order parameter, extrapolated to step size 0 from two of them; in theory the averaged flow";
        losses: Theory "mean loss, extrapolated to step size 0 from two of them; in theory that of the averaged flow";
        _.correction: Correction "correction to the averaged flow: none, 0";
    }
    mean: MonteCarlo "mean over replicas of the order parameter";
}

const RULES: [&str; 2] = ["natural, exact", "natural, adaptive"];

/// `w_1, ...`, `J_1 . B_1, ...` and the loss.
fn observed(student: &Perceptron, population: &Population) -> Result<Vec<(String, f64)>, ParameterError> {
    let teacher = population.teacher();
    let mut found: Vec<(String, f64)> =
        (0..student.units()).map(|i| (format!("w{}", i + 1), student.output_weight(i))).collect();
    for i in 0..student.units().min(teacher.units()) {
        found.push((format!("J{0}.B{0}", i + 1), student.overlap(i, teacher, i)));
    }
    found.push(("loss".into(), population.loss(student)?));
    Ok(found)
}

/// Online learning by one of the rules.
pub struct Natural {
    course: Course,
    rule: &'static str,
    /// The teacher in the coordinates of the sampled students.
    truth: Population,
    /// Inverse Fisher information of the student at the start.
    inverse: Vec<Vec<f64>>,
}

impl Experiment for Params {
    type Point = Natural;
    const UNJUDGED: &'static str = "
        means.mean | at single step sizes; their extrapolation to step size 0 is judged in table judged
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let whole = |x: f64| (x - x.round()).abs() < 1e-6 && x < 1e8;
        for (name, (large, small)) in [("exact_steps", self.exact_steps), ("adaptive_steps", self.adaptive_steps)] {
            let wrong = !(small > 0.0 && large > small && large.is_finite());
            refuse_where(wrong, name, format!("[{large}, {small}]"), "two positive step sizes, the larger first")?;
            let found = self.times.iter().find(|t| !(**t > 0.0 && whole(**t / small) && whole(**t / large)));
            refuse("times", found, "positive times of whole numbers of steps below 1e8")?;
        }
        refuse_where(self.ratio * self.adaptive_steps.0 >= 1.0, "ratio", self.ratio, "below 1 / step")?;
        let wrong = self.student.inputs() != self.teacher.inputs();
        refuse_where(wrong, "student", format!("{} inputs", self.student.inputs()), "as many inputs as the teacher")?;
        refuse_where(!self.times.is_sorted(), "times", format!("{:?}", self.times), "in increasing order")
    }

    fn points(&self, points: &mut Points<Natural>) -> Result<(), RunError> {
        for (rule, (large, small)) in RULES.into_iter().zip([self.exact_steps, self.adaptive_steps]) {
            for step in [large, small] {
                let (teacher, student) = (self.teacher.clone(), self.student.clone());
                let inputs = student.inputs() as u64;
                let task = OnlineTask::new(self.phi, teacher, student, inputs, step, self.noise)?;
                let truth = Population::new(self.phi, task.rotated_teacher().clone());
                let inverse = from_student(rule, truth.inverse_fisher(&task.explicit_start()))?;
                let course = Course::new(task, step, self.times.iter().copied());
                // of one entry of the Fisher information
                let seconds = if rule == RULES[0] { 1e-7 } else { 1e-8 };
                let cost = course.cost(seconds * (inverse.len() * inverse.len()) as f64);
                let natural = Natural { course, rule, truth, inverse };
                points.keep(format!("{rule}, step {step}"), self.replicas, cost, natural);
            }
        }
        Ok(())
    }

    /// Weights of the students, and the step at which the Fisher information was singular; -1 where it never was.
    fn observe(&self, Natural { course, rule, truth, inverse }: &Natural, at: &Address) -> Observed {
        let solve: &InverseFisher = &|student, vector| truth.solve_fisher(student, vector).ok();
        let metric = match *rule {
            rule if rule == RULES[0] => Metric::Exact(solve),
            _ => Metric::Adaptive { rate: self.ratio * course.step, start: inverse },
        };
        let (students, singular) = match course.task.sample_natural(&course.counts, metric, at) {
            Ok(students) => (students, -1.0),
            Err(SimulationError::SingularMetric { step, .. }) => {
                (vec![course.task.rotated_start().clone(); course.counts.len()], step as f64)
            }
            Err(error) => return Err(error),
        };
        Ok(students.iter().flat_map(Perceptron::parameters).chain([singular]).collect())
    }

    fn tables(&self, found: &[Found<Natural>], run: &Run) -> Result<Tables, RunError> {
        // all in the coordinates of the sampled students
        let Natural { course, truth, .. } = &found[0].point;
        let start = course.task.rotated_start();
        let population = Population::new(self.phi, truth.teacher().with_inputs_scaled(run.theory_factor()));
        let flows = |times: &[f64]| -> Result<Vec<(&str, Vec<Perceptron>)>, RunError> {
            Ok(vec![
                ("gradient", from_student("gradient", flow(&population, start, Learning::Gradient, times))?),
                (RULES[0], from_student(RULES[0], flow(&population, start, Learning::Natural, times))?),
                (RULES[1], from_student(RULES[1], adaptive_natural_flow(&population, start, self.ratio, times))?),
            ])
        };
        let instants: Vec<f64> = even(0.0, ends(&self.times).1, self.curve).collect();
        rows!(curves, means, judged, losses);
        for (learning, students) in flows(&instants)? {
            for (&time, student) in instants.iter().zip(&students) {
                let observed = observed(student, &population)?.into_iter();
                curves.extend(observed.map(|(order, value)| row! { learning, order, time, value }));
            }
        }
        let fields = ["parameters.exact_steps", "parameters.adaptive_steps"];
        let rules = flows(&self.times)?.into_iter().skip(1).zip(fields);
        for (((rule, flow), field), found) in rules.zip(found.chunks(2)) {
            // of the larger and of the smaller step, time by time
            let mut at_steps: [Vec<AtStep>; 2] = Default::default();
            for (found, at_step) in found.iter().zip(&mut at_steps) {
                let Natural { course, truth, .. } = &found.point;
                let step = course.step;
                for (replica, row) in (0..).zip(found.rows()) {
                    if let Some(&singular) = row.last().filter(|singular| **singular >= 0.0) {
                        let error = SimulationError::SingularMetric { step: singular as u64, replica };
                        let message = format!("online learning ({rule}, step {step:?}) from it: {error}");
                        return Err(RunError::Field { field: "parameters.student".into(), message });
                    }
                }
                let sample = students(field, course, found.rows())?;
                for (moment, &time) in self.times.iter().enumerate() {
                    let values: Vec<Vec<(String, f64)>> =
                        sample.iter().map(|students| observed(&students[moment], truth)).collect::<Result<_, _>>()?;
                    for (k, (order, _)) in values[0].iter().enumerate() {
                        let mean = Estimate::of(&values.iter().map(|value| value[k].1).collect::<Vec<f64>>());
                        at_step.push(AtStep { step, value: mean.mean, stderr: stderr(&mean) });
                        let (order, mean) = (order.clone(), Measured::new(mean));
                        means.push(row! { learning: rule, order, step, time, replicas: self.replicas, mean });
                    }
                }
            }
            let [large, small] = at_steps;
            let mut steps = small.into_iter().zip(large);
            for (student, &time) in flow.iter().zip(&self.times) {
                for ((order, theory), (small, large)) in observed(student, &population)?.into_iter().zip(steps.by_ref())
                {
                    let value = Compared::new(theory, extrapolated(small, large), 0.0);
                    if order == "loss" {
                        losses.push(row! { learning: rule, time, replicas: self.replicas, value });
                    } else {
                        judged.push(row! { learning: rule, order, time, replicas: self.replicas, value });
                    }
                }
            }
        }
        Ok(vec![curves.table()?, means.table()?, judged.table()?, losses.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let order = order_parameters(By::new("order", "{}"));
        let by_rule = By::new("learning", "{}");
        let time = || Axis::linear("time $t$");
        let of = |table: &str, rule: &str| Select::table(table).filter("learning", rule);
        let loss = |rule: &str, dash: Dash| {
            Series::line(of("curves", rule).filter("order", "loss"), "time", "value", dash).by(&by_rule)
        };
        let online = |rule: &str| Series::found(of("losses", rule), "time", "value").by(&by_rule);
        let panel = |rule: &str, title: &str| {
            let series = |name: &str| {
                let rows = |table: &str| of(table, rule).filter("order", name);
                let theory = Series::theory(rows("curves"), "time", "value").by(&order);
                [theory, Series::found(rows("judged"), "time", "value").by(&order)]
            };
            Panel::new(time(), Axis::linear("order parameter"))
                .title(title)
                .all(["w1", "w2", "J1.B1", "J2.B2"].into_iter().flat_map(series))
                .residual(Residual::new(of("judged", rule), "time", "value").by(&order))
        };
        vec![Figure::new("singular_natural", "Online natural gradient learning")
            .setting("phi(u) = {phi}; student of input weights {student.input_weights} and output weights {student.output_weights} at the start; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; label noise of standard deviation {noise}; step sizes {exact_steps} (exact) and {adaptive_steps} (adaptive), {replicas runs} at each")
            .describe(format!(
                "Loss against time of gradient flow and of natural gradient flow with the exact Fisher information (solid) and with the adaptive \
                 estimate (long dashes) (a). Output weights w_i and products J_i B_i of the input weights of unit i of student and teacher \
                 under natural gradient flow: exact inverse Fisher information (b) and adaptive estimate (c). Points: means over replicas of \
                 online learning, extrapolated to step size 0 from step sizes {} and {} with the exact inverse and from {} and {} with the \
                 estimate, with standard errors.",
                self.exact_steps.0, self.exact_steps.1, self.adaptive_steps.0, self.adaptive_steps.1,
            ))
            .grid(3, 78.0)
            .panel(
                Panel::new(time(), Axis::log10("loss $L$"))
                    .all([loss("gradient", Dash::Solid), loss(RULES[0], Dash::Solid), loss(RULES[1], Dash::LongDash)])
                    .all(RULES.map(online))
                    .residual(Residual::new("losses", "time", "value").by(&by_rule)),
            )
            .panel(panel(RULES[0], "exact Fisher information"))
            .panel(panel(RULES[1], "adaptive estimate").legend(Legend::Hidden))]
    }
}

/// What learning by this rule from the student comes to.
fn from_student<T, E: Into<RunError>>(rule: &str, found: Result<T, E>) -> Result<T, RunError> {
    at("parameters.student", || format!("learning ({rule}) from it"), found)
}

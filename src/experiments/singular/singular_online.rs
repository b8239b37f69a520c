//! Online learning of two units with small steps: order parameters of replicas, sampled in law, against the averaged flow, its
//! correction to first order in the step size, and the spread of linear noise.

use super::learner::*;
use crate::experiment::prelude::*;
use crate::theory::perceptron::OrderParameter;

parameters! {
    Params {
        phi,
        student: Teacher => "The student at the start: input weights `J_i`, one row a unit, and output weights `w_i`.",
        teacher,
        inputs: Few<4> => "Number of inputs `N`; the weights above are those of the first two.",
        noise: Number<Distance> => "Standard deviation of the label noise.",
        steps: Numbers<Step> => "Step sizes `eta`.",
        times: List<f64> => "Times `t`, numbers of steps times `eta`.",
        curve: Count<2> => "Points of the theory curves.",
        replicas: NetworkCount => "Number of trajectories at each step size.",
        largest_step: Positive => "Larger steps are not judged.",
    }
}

columns! {
    order: Label "w1, w2: output weights; J1.J2 and so on: products of input weights of the student; J1.B1, J2.B2: with those of the teacher";
    step: Parameter "step size eta";
    time: Parameter "learning time t = steps times step size";
    value {
        _: Theory "the order parameter on the averaged flow";
        means: Theory "mean of the order parameter over replicas; in theory the averaged flow";
        means.correction: Correction "step size times the first-order correction of the mean";
        spreads: Theory "standard deviation of the order parameter over replicas; in theory that of linear noise";
        spreads.correction: Correction "correction to linear noise: none, 0";
    }
    scaled_bias: Theory "correction of its mean over the step size, to first order";
    scaled_sd: Theory "its standard deviation over replicas over the root of the step size, of linear noise";
    bias: MonteCarlo "mean less averaged flow, over the step size";
    sd: MonteCarlo "standard deviation over replicas, over the root of the step size";
    judged: Verdict "whether the step size is small enough to be judged: yes or no";
}

/// Points of the theory curves as drawn.
const FINE_CURVE: usize = 201;

const ORDERS: [(&str, OrderParameter); 6] = [
    ("w1", OrderParameter::Output(0)),
    ("w2", OrderParameter::Output(1)),
    ("J1.J1", OrderParameter::Student(0, 0)),
    ("J1.J2", OrderParameter::Student(0, 1)),
    ("J1.B1", OrderParameter::Teacher(0, 0)),
    ("J2.B2", OrderParameter::Teacher(1, 1)),
];

impl Experiment for Params {
    type Point = Course;
    const UNJUDGED: &'static str = "
        scaled.bias | the judged mean of table means, scaled; in steps that are too large to be judged, shown only
        scaled.sd | the judged spread of table spreads, scaled; in steps that are too large to be judged, shown only
    ";

    fn check(&self) -> Result<(), ParameterError> {
        for (name, network) in [("student", &self.student), ("teacher", &self.teacher)] {
            let (units, inputs) = (network.units(), network.inputs());
            let found = format!("{units} units of {inputs} inputs");
            refuse_where((units, inputs) != (2, 2), name, found, "two units with two weights each")?;
        }
        for &time in &self.times {
            for &step in &self.steps {
                let count = time / step;
                let possible = (0.0..=Time::LARGEST).contains(&time) && count < MOST_STEPS;
                let wrong = !(possible && (count - count.round()).abs() < 1e-6);
                refuse_where(wrong, "times", format!("{time} at step {step}"), "whole numbers of steps below 1e9")?;
            }
        }
        refuse_where(!self.times.is_sorted(), "times", format!("{:?}", self.times), "in increasing order")
    }

    fn points(&self, points: &mut Points<Course>) -> Result<(), RunError> {
        for &step in &self.steps {
            let (teacher, student) = (self.teacher.clone(), self.student.clone());
            let task = OnlineTask::new(self.phi, teacher, student, self.inputs as u64, step, self.noise)?;
            let course = Course::new(task, step, self.times.iter().copied());
            points.keep(format!("step {step}"), self.replicas, course.cost(1e-7), course).in_groups(LANES);
        }
        Ok(())
    }

    fn observe_group(&self, course: &Course, at: &[Address]) -> Result<Vec<Vec<f64>>, SimulationError> {
        Ok(course.observe(at))
    }

    fn tables(&self, found: &[Found<Course>], run: &Run) -> Result<Tables, RunError> {
        let student = self.student.padded(self.inputs);
        // in a negative control the teacher is another one
        let teacher = self.teacher.with_inputs_scaled(run.theory_factor()).padded(self.inputs);
        let population = Population::new(self.phi, teacher.clone());
        let last = self.times[self.times.len() - 1];
        let instants: Vec<f64> = even(0.0, last, self.curve).collect();
        let all: Vec<f64> = instants.iter().chain(&self.times).copied().collect();
        let flow = |times: &[f64]| {
            let averaged = online_moments(&population, &student, self.noise, times);
            at("parameters.student", || "the averaged flow from it".to_owned(), averaged)
        };
        // denser at the start, where fluctuations grow with the root of time
        let fine: Vec<f64> = even(0.0, 1.0, FINE_CURVE).map(|root| last * root * root).collect();
        let (moments, fine_moments) = (flow(&all)?, flow(&fine)?);
        rows!(curve, lines, scaled);
        for (rows, times, moments) in [(&mut curve, &instants, &moments), (&mut lines, &fine, &fine_moments)] {
            for (order, of) in ORDERS {
                for (&time, moments) in times.iter().zip(moments) {
                    let (value, scaled_bias, variance) = of.expected(moments, &teacher);
                    rows.push(row! { order, time, value, scaled_bias, scaled_sd: variance.max(0.0).sqrt() });
                }
            }
        }
        let [mut means, mut spreads] = ["means", "spreads"].map(Rows::new);
        for found in found {
            let Course { task, step, .. } = &found.point;
            let (step, rotated) = (*step, task.rotated_teacher());
            let sample = students("parameters.steps", &found.point, found.rows())?;
            for (order, of) in ORDERS {
                for (place, (&time, moments)) in self.times.iter().zip(&moments[instants.len()..]).enumerate() {
                    let (value, bias, variance) = of.expected(moments, &teacher);
                    let values: Vec<f64> = sample.iter().map(|found| of.of(&found[place], rotated)).collect();
                    let mean = Compared::of(value, &values, step * bias);
                    let found = Estimate::variance_of(&values);
                    let sd = found.mean.sqrt();
                    // at the start, or where all is 0, there is no spread
                    let error = if sd > 0.0 { 0.5 * found.stderr.unwrap_or(0.0) / sd } else { 0.0 };
                    let spread = Compared::new((step * variance).sqrt(), (sd, error), 0.0);
                    let judged = step <= self.largest_step;
                    if judged {
                        for (rows, value) in [(&mut means, mean), (&mut spreads, spread)] {
                            rows.push(row! { order, step, time, replicas: self.replicas, value });
                        }
                    }
                    let root = step.sqrt();
                    scaled.push(row! {
                        order, step, time, bias: Measured::new(((mean.mc - value) / step, mean.stderr / step)),
                        sd: Measured::new((sd / root, error / root)), judged,
                    });
                }
            }
        }
        Ok(vec![curve.table()?, lines.table()?, means.table()?, spreads.table()?, scaled.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = order_parameters(By::new("order", "{}"));
        let step = By::new("step", r"$\eta = {}$").ramp();
        let one = |table: &str| Select::table(table).filter("order", "J1.B1");
        let time = || Axis::linear("time $t$");
        vec![Figure::new("singular_online", "Online learning about the averaged flow")
            .setting("phi(u) = {phi}; {inputs} inputs; student of input weights {student.input_weights} and output weights {student.output_weights} at the start; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; label noise of standard deviation {noise}; step sizes {steps}, {replicas runs} at each")
            .describe(
                "Order parameters of online learning against time, output weights w_i of the student and inner products of its input weights J_i \
                 and those of the teacher, B_i: averaged flow as lines, means over learners at the smallest step size as points, compared \
                 with theory to first order in the step size (a). For J_1 B_1, deviation of the mean from the flow over the step size (b) and \
                 standard deviation over the root of the step size (c) at three step sizes, with standard errors: theory of that order as dashed lines.",
            )
            .grid(3, 78.0)
            .panel(
                Panel::new(time(), Axis::linear("order parameter"))
                    .series(Series::theory("lines", "time", "value").by(&by))
                    .found_unkeyed("means", "time", "value", &by),
            )
            .panel(
                Panel::new(time(), Axis::linear(r"bias $(\text{mean} - \text{flow}) / \eta$"))
                    .title(r"$J_1 \cdot B_1$")
                    .series(Series::finite_width(one("lines"), "time", "scaled_bias").key(r"theory, order $\eta$"))
                    .series(Series::measured(one("scaled"), "time", "bias").by(&step)),
            )
            .panel(
                Panel::new(time(), Axis::linear(r"fluctuation $\text{sd} / \sqrt{\eta}$").low(0.0))
                    .title(r"$J_1 \cdot B_1$")
                    .series(Series::finite_width(one("lines"), "time", "scaled_sd"))
                    .series(Series::measured(one("scaled"), "time", "sd").by(By::unlabelled("step").ramp())),
            )]
    }
}

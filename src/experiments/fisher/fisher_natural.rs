//! Unit-wise against full natural gradient: learning curves of a small network on a real regression, the angle and the ratio of lengths between the two
//! directions on the way, and the closed inverse of a unit's block against the numerical one.
//!
//! There is no theory of the learning curves; what is exact, the inverse of the block of one unit with normal inputs, is judged: its estimate
//! from `T` inputs has a bias of order 1/T, which the extrapolation `2 m(2T) - m(T)` lacks.

use super::blocks::{Unit, in_directions};
use crate::experiment::prelude::*;
use crate::model::Examples;
use crate::simulation::{LearningRule, Task, learn, unit_forms};

parameters! {
    Params {
        activation,
        sigma_w: WeightStd => "Weight scale `sigma_w` at the start: weights are `N(0, sigma_w^2 / n)`, `n` the number of inputs of their layer.",
        sigma_b => "Bias scale `sigma_b` at the start: biases are `N(0, sigma_b^2)`, that of the output too.",
        hidden: Layers => "Numbers of hidden units, layer by layer.",
        held_out: Count<2> => "Of the examples every so many are held out.",
        rates: Rates => "Learning rates of the three rules.",
        damping: Positive => "What is added to the diagonal of the Fisher information, and of its blocks, before they are inverted.",
        steps: Layers => "Steps after which networks are looked at, in increasing order.",
        replicas: NetworkCount => "Number of random starts, the same for all rules.",
        unit: Unit => "The block of one unit with standard normal inputs, `T` and `2T` of them.",
    }

    Rates {
        gradient: Positive => "Of gradient descent.",
        unit_wise: Positive => "Of unit-wise natural gradient.",
        natural: Positive => "Of full natural gradient.",
    }
}

columns! {
    rule: Label "gradient descent, unit-wise natural gradient, or full natural gradient";
    step: Parameter ["steps"] "number of steps of learning with all examples";
    place: Drawing "number of steps of learning, plus 1, for a logarithmic axis";
    loss: MonteCarlo "half the mean squared error over the examples to learn from, mean over starts";
    held_out: MonteCarlo "the same over the examples held out";
    cosine: MonteCarlo "cosine of the angle between unit-wise and full natural direction, mean over starts";
    length_ratio: MonteCarlo "length of the unit-wise direction over that of the full one, mean over starts";
    length: Parameter "length |w| of the weights of the unit";
    direction: Label "along the weights, or across them";
    inverse: Theory "form of the inverse block of one unit with standard normal inputs; in theory 1/a2 along, 1/a0 across; Monte Carlo: 2 m(2T) - m(T) of two numbers of inputs";
    value: Theory "1/a2 along the weights, 1/a0 across them";
}

const RULES: [(&str, LearningRule); 3] = [
    ("gradient", LearningRule::Gradient),
    ("unit-wise natural", LearningRule::UnitWise),
    ("full natural", LearningRule::Natural),
];

/// What is looked at.
pub enum Look {
    /// All rules from one start: examples to learn from and those held out.
    Learning(Examples, Examples),
    /// One unit with weights of this length and so many inputs.
    Unit(WeightStd, usize),
}

impl Experiment for Params {
    type Point = Look;
    const UNJUDGED: &'static str = "
        learning.loss | shown only: no theory of learning curves on these data
        learning.held_out | shown only: no theory of learning curves on these data
        learning.cosine | shown only: no theory of the angle between the two directions on these data
        learning.length_ratio | shown only: no theory of the ratio of the two directions on these data
    ";

    fn check(&self) -> Result<(), ParameterError> {
        refuse("hidden", self.hidden.iter().find(|units| !(1..=50).contains(*units)), "from 1 to 50 units")?;
        let allowed = "in increasing order";
        refuse_where(!self.steps.is_sorted_by(|a, b| a < b), "steps", format!("{:?}", self.steps), allowed)?;
        let allowed = "inputs at least four times their size";
        refuse_where(self.unit.inputs < 4 * self.unit.size, "unit", self.unit.inputs, allowed)
    }

    fn points(&self, points: &mut Points<Look>) -> Result<(), RunError> {
        let sizes = [&[Examples::INPUTS], &self.hidden[..], &[1]].concat();
        let count = sizes.windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum::<usize>() as f64;
        let (learned, held_out) = Examples::yacht(self.held_out)?;
        let steps = (RULES.len() * (self.steps.last().copied().unwrap_or(0) + 1)) as f64;
        let examples = learned.outputs.len() as f64;
        let cost = Work { seconds: 1e-9 * steps * count * count * (count + examples), bytes: 24.0 * count * count };
        points.keep("learning", self.replicas, OneNetwork::from(cost), Look::Learning(learned, held_out));
        let unit = &self.unit;
        for &length in &unit.sigma_w {
            for inputs in [unit.inputs, 2 * unit.inputs] {
                let label = format!("unit, length = {}, inputs = {inputs}", length.get());
                points.keep(label, unit.replicas, unit.cost(inputs), Look::Unit(length, inputs));
            }
        }
        Ok(())
    }

    /// Rule by rule and step by step what is in the table; inverses along the weights and across them.
    fn observe(&self, look: &Look, at: &Address) -> Observed {
        let (learned, held_out) = match look {
            Look::Learning(learned, held_out) => (learned, held_out),
            Look::Unit(length, inputs) => {
                let forms = unit_forms(self.activation, length.get(), self.unit.size, *inputs, at)?;
                return Ok(forms.inverse.to_vec());
            }
        };
        let Params { activation, sigma_w, sigma_b, ref hidden, damping, ref steps, .. } = *self;
        let ensemble = &Ensemble { activation, sigma_w, sigma_b };
        let mut values = Vec::new();
        for (_, rule) in RULES {
            let rate = match rule {
                LearningRule::Gradient => self.rates.gradient,
                LearningRule::UnitWise => self.rates.unit_wise,
                LearningRule::Natural => self.rates.natural,
            };
            let course = learn(&Task { ensemble, hidden, learned, held_out, rule, rate, damping, steps }, at)?;
            values.extend(course.iter().flat_map(|x| [x.loss, x.held_out, x.cosine, x.length_ratio]));
        }
        Ok(values)
    }

    fn tables(&self, found: &[Found<Look>], run: &Run) -> Result<Tables, RunError> {
        let (learning, unit) = (&found[0], &self.unit);
        let courses = pairs(&RULES, &self.steps).into_iter().enumerate().map(|(index, ((rule, _), step))| {
            let [loss, held_out, cosine, length_ratio] =
                [0, 1, 2, 3].map(|i| Measured::new(learning.mean(4 * index + i)));
            row! { rule, step, replicas: learning.replicas(), loss, held_out, cosine, length_ratio, place: step + 1 }
        });
        let inverse = |index: usize, k: usize| {
            let [few, many] = [1, 2].map(|place| found[2 * index + place].mean(k));
            extrapolated(&few, &many)
        };
        let (judged, curve) = unit.compare(self.activation, |eigenvalue| 1.0 / eigenvalue, run, inverse);
        let judged = judged.into_iter();
        let judged =
            judged.map(|(length, direction, inverse)| row! { length, direction, replicas: unit.replicas, inverse });
        let curve = curve.into_iter().map(|(length, direction, value)| row! { direction, length, value });
        Ok(vec![table("learning", courses)?, table("unit", judged)?, table("curve", curve)?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("rule", "{}");
        let curve = |y: Axis, column: &str| {
            Panel::new(Axis::log10("step $t + 1$"), y)
                .series(Series::join("learning", "place", column).by(By::unlabelled("rule")))
                .series(Series::measured("learning", "place", column).by(&by).in_place())
        };
        vec![
            Figure::new("fisher_natural", "Unit-wise and full natural gradient on a real regression")
                .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b} at the start; hidden layers of {hidden} units; learning rates {rates.gradient} (gradient), {rates.unit_wise} (unit-wise) and {rates.natural} (natural); damping {damping}; {replicas} random starts")
                .describe(
                    "Half the mean squared error of small networks that learn the resistance of yachts by gradient descent, by unit-wise and by full \
                     natural gradient, against the number t of steps, plus 1, mean over random starts with standard errors: examples to \
                     learn from (a), examples held out (b), on one scale. All rules have the same starts. On the path of each rule (colour), the unit-wise natural direction against the full one: cosine of the angle between \
                     them (c) and ratio of their lengths (d). Points are joined to lead the eye.",
                )
                .grid(2, 120.0)
                .shared_legend()
                .panel(curve(Axis::log10("loss").range(1e-4, 1.5), "loss").title("examples to learn from"))
                .panel(curve(Axis::log10("loss").range(1e-4, 1.5), "held_out").title("examples held out"))
                .panel(curve(Axis::linear("cosine of angle, unit-wise to full").range(0.0, 1.0), "cosine"))
                .panel(curve(Axis::log10("ratio of lengths, unit-wise to full"), "length_ratio").rule(Rule::Horizontal(1.0))),
            Figure::new("fisher_inverse", "Closed inverse of the block of a unit")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; {unit.size} weights; {unit.inputs} inputs and twice as many, {unit.replicas} units of each length")
                .describe(
                    "Inverse of the block of one unit with standard normal inputs, along its weights and across them, against their length: closed \
                     form as lines, numerical inverse of sampled blocks, extrapolated in the number of inputs, as points.",
                )
                .height(72.0)
                .panel(in_directions(Axis::log10("eigenvalue of the inverse block"), "inverse")),
        ]
    }
}

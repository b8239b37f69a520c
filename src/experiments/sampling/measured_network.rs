//! A network with explicit weights beside its ensemble, before and after a short training: what `neurodyn measure` says of networks of others.

use crate::experiment::prelude::*;
use crate::measured::{
    Data, Given, LEAST_REPLICAS, Law, Measured as MeasuredNetwork, Measurer, Network as Weights, Request, Scales,
    Signals, Training as Descent, directions, drawn, weight_variance,
};
use crate::numerics::statistics::normal_critical;
use std::path::{Path, PathBuf};

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b, initial_activity: Positive => "Activity `A^0` of the inputs.",
        width, depth,
        inputs: Within<2, 32> => "Examples whose signals are followed through the layers.",
        drawn: Within<1999, 1_000_000> => "Networks drawn from the ensemble, for the bands and the verdict.",
        replicas: Replicas => "Networks with explicit weights whose means are judged.",
        training: Training,
    }

    /// Gradient descent on examples with random signs, towards which a fixed linear output of the last layer learns.
    Training {
        examples: Within<2, 4096> => "Number of examples.",
        steps: Within<1, 100_000> => "Steps of gradient descent, at most: one that raises the loss above ten times the first ends the training.",
        rate: Positive => "Learning rate.",
    }
}

columns! {
    weight_variance: Theory "n times the mean square of the weights of a layer; in theory sigma_w^2";
    stage: Label "before or after training";
    activity {
        layers: MonteCarlo "activity A^l of the one network, mean over its inputs";
    }
    infinite: Theory "activity A^l at infinite width";
    low: Approximation "lower end of the interval that holds the activity of 95 of 100 networks of the ensemble, of this width";
    high: Approximation "upper end of the interval";
    singular_value: MonteCarlo "largest singular value of the weights of the layer, as a multiple of the edge of Marchenko and Pastur at sigma_w";
    outliers: MonteCarlo "singular values beyond what chance explains";
    deviation: MonteCarlo ["standard deviations"] "the least likely test of the layer";
    alarm: Approximation ["standard deviations"] "deviation from which on a layer alarms, at a familywise rate of 1e-3 for the network";
    step: Parameter "steps of gradient descent so far";
    loss: MonteCarlo "half the mean square of the error of the output";
}

/// Most weights of a network.
const MOST_WEIGHTS: f64 = 1e8;
/// Most multiplications of the training.
const MOST_WORK: f64 = 1e13;

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        layers.activity | of one network; its band is beside it, and the mean over networks is judged in table means
        layers.singular_value | of one network; the edge of independent weights is 1
        layers.outliers | counted in one network; independent weights have none but once in a million
        layers.deviation | of one network; what alarms is beside it
        losses.loss | of one network as it learns, of which there is no theory here
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let (width, depth) = (self.width.get() as f64, self.depth as f64);
        refuse_where(self.depth == 0, "depth", self.depth, "at least 1")?;
        let weights = width * width * depth;
        refuse_where(weights > MOST_WEIGHTS, "width", self.width.get(), "such that a network has at most 1e8 weights")?;
        let Training { examples, steps, .. } = self.training;
        let work = weights * examples as f64 * steps as f64;
        let allowed = "such that weights, examples and steps make at most 1e13";
        refuse_where(work > MOST_WORK, "training.steps", steps, allowed)?;
        refuse_where(self.inputs > examples, "inputs", self.inputs, "at most the number of examples")
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let networks = Networks::new(self.ensemble(), self.width, self.depth, Inputs::single(self.initial_activity)?)?;
        let cost = OneNetwork::explicit(&networks.network, &networks.inputs);
        points.add("networks with explicit weights", self.replicas, cost, networks);
        Ok(())
    }

    /// Scale of the weights and activity of each layer of one network.
    fn observe(&self, _: &Networks, at: &Address) -> Observed {
        let layers = drawn(&self.ensemble(), self.width.get() as usize, self.depth, at);
        let examples = self.examples(at.seed);
        let mut signals = Signals::new(&self.shown(&examples), self.activation);
        let mut seen = Vec::with_capacity(2 * self.depth);
        for layer in &layers {
            let biases = layer.biases.as_deref().unwrap_or_default();
            signals = signals.times(&layer.weights, biases).activated(self.activation);
            let gram = signals.gram();
            let activity = (0..self.inputs).map(|i| gram.get(i, i)).sum::<f64>() / self.inputs as f64;
            seen.extend([weight_variance(&layer.weights), activity]);
        }
        Ok(seen)
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(means, layers, course: "losses");
        for found in found {
            let network = &found.point.network;
            let theory = run.theory(&network.ensemble);
            let SingleInput { activities, corrections } = single_input(run, network, self.initial_activity)?;
            for layer in 1..=self.depth {
                let index = 2 * (layer - 1);
                means.push(row! {
                    layer, replicas: found.replicas(),
                    weight_variance: Judged::new(theory.sigma_w.squared(), found.mean(index)),
                    activity: Compared::new(activities[layer], found.mean(index + 1), corrections[layer].bias),
                });
            }
        }
        let seed = run.address(0, 0).seed;
        let examples = self.examples(seed);
        // one network more than those of the means
        let mut network = drawn(&self.ensemble(), self.width.get() as usize, self.depth, &run.address(ONE, 0));
        let before = self.measured(&network, &examples)?;
        let losses = self.learn(&mut network, &examples, seed);
        let after = self.measured(&network, &examples)?;
        for (stage, measured) in [("before", before), ("after", after)] {
            let tests = measured.verdict.tests.max(1) as f64;
            let alarm = normal_critical(0.5 * measured.verdict.familywise / tests);
            for (layer, found) in (1usize..).zip(&measured.layers) {
                let [low, high] = found.activity.band;
                layers.push(row! {
                    stage, layer, activity: found.activity.found, infinite: found.activity.theory, low, high,
                    singular_value: found.spectrum.largest / found.spectrum.edge, outliers: found.spectrum.outliers,
                    deviation: found.verdict.worst.z.abs(), alarm,
                });
            }
        }
        let every = losses.len().div_ceil(200).max(1);
        course.extend(losses.iter().enumerate().step_by(every).map(|(step, &loss)| row! { step, loss }));
        Ok(tables![means, layers, course].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let layer = || {
            let ticks = (1..=self.depth).filter(|layer| layer % self.depth.div_ceil(10) == 0);
            let ticks: Vec<f64> = ticks.map(|layer| layer as f64).collect();
            Axis::linear("layer $l$").range(0.5, self.depth as f64 + 0.5).ticks(ticks)
        };
        let by = By::new("stage", "{} training").distinct();
        let before = || Select::table("layers").filter("stage", "before");
        let of_stage = |column: &str| Series::points("layers", "layer", column).by(&by).in_place();
        let activity = Panel::new(layer(), Axis::linear("activity $A^l$"))
            .series(Series::band(before(), "layer", "low", "high").colour(Colour::Grey).label("95 %"))
            .series(Series::theory(before(), "layer", "infinite"))
            .series(of_stage("activity"));
        let singular_value = Panel::new(layer(), Axis::linear("largest singular value / edge").include(0.9))
            .rule(Rule::Horizontal(1.0))
            .series(of_stage("singular_value"));
        let tests = Panel::new(layer(), Axis::log10("least likely test (std. dev.)"))
            .series(Series::line(before(), "layer", "alarm", Dash::Dotted).label("alarm"))
            .series(of_stage("deviation"));
        let means = Panel::new(layer(), Axis::linear(r"mean activity $\langle A^l \rangle$"))
            .compare("means", "layer", "activity", None);
        let figure = Figure::new("measured_network", "A measured network before and after training")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {depth} layers, n = {width}; {inputs} inputs of activity {initial_activity}, {drawn networks} drawn for the bands; {training.steps} steps of gradient descent at rate {training.rate} on {training.examples} examples; {replicas networks} in (d)")
            .describe(
                "One network beside its ensemble: its activity, with the line of infinitely wide networks and the band of 95 of 100 networks of its \
                 width (a); the largest singular value of its weights, 1 being the edge of independent weights (b); standard deviations of the least \
                 likely test of each layer, dotted where a layer alarms (c). Mean activity of many untrained networks with explicit weights, \
                 theory with its correction of order 1/n beside it (d).",
            )
            .grid(2, 118.0)
            .panels([activity, singular_value, tests, means]);
        vec![figure]
    }
}

/// Address of the network that is trained.
const ONE: u64 = 1 << 20;
/// Address of the examples, and of the weights of the output.
const EXAMPLES: u64 = 1 << 21;

impl Params {
    fn ensemble(&self) -> Ensemble {
        Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b }
    }

    fn examples(&self, seed: u64) -> Vec<Vec<f64>> {
        let address = Address { seed, role: crate::random::Role::MANIFOLD, point: EXAMPLES, replica: 0 };
        directions(self.training.examples, self.width.get() as usize, self.initial_activity, &address)
    }

    /// Examples whose signals are followed.
    fn shown<'a>(&self, examples: &'a [Vec<f64>]) -> Vec<&'a [f64]> {
        examples.iter().take(self.inputs).map(Vec::as_slice).collect()
    }

    fn measured(&self, layers: &[Given], examples: &[Vec<f64>]) -> Result<MeasuredNetwork, RunError> {
        let file = PathBuf::from("the network");
        let network = Weights { file, layers: layers.to_vec(), left_out: Vec::new() };
        let (sigma_w, sigma_b) = (Some(self.sigma_w.get()), Some(self.sigma_b.get()));
        let scales = Scales { sigma_w, sigma_b, law: Some(Law::Normal) };
        let (activation, replicas) = (self.activation, self.drawn.max(LEAST_REPLICAS));
        let request = Request { activation, linear_output: false, scales, inputs: self.inputs, replicas };
        let data = Data::of_rows(Path::new("the examples"), &self.shown(examples));
        Measurer::default().measure(&network, &data, &request).map_err(RunError::from)
    }

    /// Trains a network on examples whose signs are random, and returns its losses.
    fn learn(&self, network: &mut Vec<Given>, examples: &[Vec<f64>], seed: u64) -> Vec<f64> {
        let address = |replica| Address { seed, role: crate::random::Role::MANIFOLD, point: EXAMPLES, replica };
        let signs = directions(1, examples.len(), 1.0, &address(1)).concat();
        let targets: Vec<f64> = signs.iter().map(|sign| sign.signum()).collect();
        let readout = directions(1, self.width.get() as usize, 1.0, &address(2)).concat();
        let Training { steps, rate, .. } = self.training;
        let (activation, inputs) = (self.activation, examples);
        Descent { activation, inputs, targets: &targets, readout: &readout, rate, steps }.train(network)
    }
}

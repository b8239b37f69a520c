//! The exact-law sampler against explicit weight matrices: quantiles side by side and Kolmogorov-Smirnov tests.

use crate::experiment::prelude::*;
use crate::simulation::cost;

parameters! {
    Params {
        activation, sigma_w: WeightStd, sigma_b,
        activity: NonNegative => "Activity `A^0` of the inputs.",
        correlation: Correlation => "Correlation of the two inputs, from -1 to 1.",
        depth,
        cases: List<Case> => "Widths, each with its number of networks.",
        layers: Layers => "Layers to compare.",
        quantiles: Count<1> => "Number of quantiles shown.",
    }

    /// One width with its number of networks for each sampler.
    Case {
        width,
        replicas: NetworkCount => "Number of networks for each sampler.",
    }
}

type Observable = fn(&SymmetricMatrix) -> f64;

const OBSERVABLES: [(&str, Observable); 3] = [("activity", activity), ("overlap", overlap), ("distance", distance)];

columns! {
    observable: Label "activity A, overlap C or distance D of two inputs";
    probability: Parameter "probability of the quantile";
    explicit: MonteCarlo "quantile over networks with explicit weights";
    macroscopic: MonteCarlo "quantile over networks sampled by their exact law";
    expected: Theory "p-value expected at this rank among all tests if the two laws are one";
}

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        quantiles.explicit | a quantile over networks; the two samplers are compared by the tests of table tests
        quantiles.macroscopic | a quantile over networks; the two samplers are compared by the tests of table tests
    ";
    const NO_CONTROL: Option<&'static str> =
        Some("it compares two samplers with each other by the tests of table tests, without a theory");

    fn check(&self) -> Result<(), ParameterError> {
        check_layers("layers", &self.layers, self.depth)
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let inputs = Inputs::pair(self.activity, 0.0, 2.0 * self.activity * (1.0 - self.correlation))?;
        for &Case { width, replicas } in &self.cases {
            let networks = Networks::new(ensemble, width, self.depth, inputs.clone())?;
            cost::afford(&networks.network, &networks.inputs, replicas as u64)?;
            let cost = OneNetwork::explicit(&networks.network, &networks.inputs);
            points.keep(format!("width {}", width.get()), replicas, cost, networks);
        }
        Ok(())
    }

    /// Each observable in each layer, with explicit weights and sampled by its exact law.
    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let explicit = SamplerKind::Explicit.sampler().sample(&networks.network, &networks.inputs, at)?;
        let exact = networks.sample(at)?;
        let places = OBSERVABLES.iter().flat_map(|(_, of)| self.layers.iter().map(move |&layer| (of, layer)));
        Ok(places.flat_map(|(of, layer)| [of(&explicit[layer]), of(&exact[layer])]).collect())
    }

    fn tables(&self, found: &[Found<Networks>], _: &Run) -> Result<Tables, RunError> {
        let mut quantiles = Rows::new("quantiles");
        let mut tests = Rows::new("tests");
        let mut by_p_value: Vec<(f64, u64)> = Vec::new();
        for (&Case { width, replicas }, found) in self.cases.iter().zip(found) {
            let places = OBSERVABLES.iter().flat_map(|(name, _)| self.layers.iter().map(move |&layer| (*name, layer)));
            for (place, (observable, layer)) in places.enumerate() {
                let [mut explicit, mut exact] = [2 * place, 2 * place + 1].map(|i| found.values(i));
                let test = same_law(&mut exact, &mut explicit);
                by_p_value.push((test.p_value, width.get()));
                tests.push(
                    row! { width, observable, layer, replicas, statistic: test.statistic, p_value: test.p_value },
                );
                for k in 0..self.quantiles {
                    let probability = (k as f64 + 0.5) / self.quantiles as f64;
                    let index = (probability * replicas as f64) as usize;
                    quantiles.push(row! {
                        width, observable, layer, probability, explicit: explicit[index], macroscopic: exact[index],
                    });
                }
            }
        }
        let mut sorted = Rows::new("sorted");
        sorted.extend(ranked(by_p_value).map(|(width, expected, p_value)| row! { width, expected, p_value }));
        Ok(vec![quantiles.table()?, tests.table()?, sorted.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let deepest = deepest(&self.layers) as i64;
        let mut figure = Figure::new("sampler_law", "Exact law against explicit weights")
            .describe(
                "Quantiles over networks of activity, overlap and distance in the last layer: macroscopic exact-law sampler \
                 against explicit weight matrices, at several widths; on the diagonal both have the same law.",
            )
            .grid(self.cases.len(), 140.0);
        for (observable, symbol) in [("activity", "A"), ("overlap", "C"), ("distance", "D")] {
            for case in &self.cases {
                let width = case.width.get() as i64;
                let rows = Select::table("quantiles").filter("observable", observable);
                figure = figure.panel(
                    Panel::new(
                        Axis::linear(format!("${symbol}^{deepest}$, explicit weights")),
                        Axis::linear(format!("${symbol}^{deepest}$, exact law")),
                    )
                    .title(format!("{observable}, $n = {width}$"))
                    .rule(Rule::Diagonal)
                    .series(Series::points(
                        rows.filter("layer", deepest).filter("width", width),
                        "explicit",
                        "macroscopic",
                    )),
                );
            }
        }
        let tests = Figure::new("sampler_tests", "Kolmogorov-Smirnov tests of the samplers")
            .describe(
                "Sorted p-values of all two-sample tests between the exact-law sampler and explicit weights against those \
                 expected of samples of one law.",
            )
            .height(70.0)
            .panel(
                Panel::new(Axis::linear("expected $p$ value").range(0.0, 1.0), Axis::linear("$p$ value").range(0.0, 1.0))
                    .rule(Rule::Diagonal)
                    .series(Series::points("sorted", "expected", "p_value").by(By::new("width", r"$n = {}$"))),
            );
        vec![figure, tests]
    }
}

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
    difference: MonteCarlo "sqrt(N / 2) (F_exact - F_explicit), the scaled difference of the distribution functions of N networks each";
    share: Parameter "share of the networks of both samplers that have at most the value at which the distribution functions are compared";
    p_value {
        uniformity: Parameter "p-value of the test";
        uniformity_band: Parameter "p-value";
    }
    excess: MonteCarlo "share of tests with a p-value up to this one (half of itself counted), less the p-value";
    low {
        differences_band: Approximation "lower end of the 95 % band of the largest scaled difference, of many networks of one law (Kolmogorov)";
        uniformity_band: Approximation "lower end of the 95 % band of the excess for independent uniform p-values (Kolmogorov)";
    }
    high: Approximation "upper end of the band";
}

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        quantiles.explicit | a quantile over networks; the two samplers are compared by the tests of table tests
        quantiles.macroscopic | a quantile over networks; the two samplers are compared by the tests of table tests
        differences.difference | what the tests of table tests take the largest of; its band is in table differences_band
        uniformity.excess | the rank of a p-value; its band is in table uniformity_band
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
        rows!(quantiles, tests, differences);
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
                for (share, difference) in differences_of(&exact, &explicit) {
                    differences.push(row! { width, observable, layer, share, difference });
                }
                for k in 0..self.quantiles {
                    let probability = (k as f64 + 0.5) / self.quantiles as f64;
                    let index = (probability * replicas as f64) as usize;
                    quantiles.push(row! {
                        width, observable, layer, probability, explicit: explicit[index], macroscopic: exact[index],
                    });
                }
            }
        }
        let band = kolmogorov_band(f64::INFINITY);
        let mut differences_band = Rows::new("differences_band");
        for share in [0.0, 1.0] {
            differences_band.push(row! { share, low: -band, high: band });
        }
        let count = by_p_value.len() as f64;
        let band = kolmogorov_band(count) / count.sqrt();
        let (mut sorted, mut uniformity, mut uniformity_band) =
            (Rows::new("sorted"), Rows::new("uniformity"), Rows::new("uniformity_band"));
        for (width, expected, p_value) in ranked(by_p_value) {
            sorted.push(row! { width, expected, p_value });
            uniformity.push(row! { width, p_value, excess: expected - p_value });
        }
        for p_value in [0.0, 1.0] {
            uniformity_band.push(row! { p_value, low: -band, high: band });
        }
        let tables = vec![quantiles.table()?, tests.table()?, sorted.table()?, differences.table()?];
        let bands = [differences_band.table()?, uniformity.table()?, uniformity_band.table()?];
        Ok(tables.into_iter().chain(bands).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = || By::new("width", r"$n = {}$");
        let named = |case: &Case| {
            let width = case.width.get();
            format!("{} at n = {width}", case.replicas)
        };
        let numbers = self.cases.iter().map(named).collect::<Vec<_>>().join(", ");
        let mut figure = Figure::new("sampler_law", "Exact law against explicit weights")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {activity} and correlation {correlation}")
            .describe(format!(
                "Difference of the empirical distribution functions over networks of the exact-law sampler and of explicit weight matrices, times \
                 sqrt(N / 2) for N networks each ({numbers}), for activity, overlap and distance in one layer a row, at several widths; against the share of all \
                 networks with at most the value compared. Shaded, where a whole curve stays in 95 % of all cases if both have one law (Kolmogorov), \
                 whatever N."
            ))
            .grid(OBSERVABLES.len(), 104.0)
            .shared_legend();
        for &layer in &self.layers {
            for ((observable, _), symbol) in OBSERVABLES.into_iter().zip(["A", "C", "D"]) {
                let rows = Select::table("differences").filter("observable", observable).filter("layer", layer as i64);
                figure = figure.panel(
                    Panel::new(
                        Axis::linear("share of networks").range(0.0, 1.0),
                        Axis::linear(r"$\sqrt{N / 2} (F_{\mathrm{exact}} - F_{\mathrm{explicit}})$").range(-2.0, 2.0),
                    )
                    .title(format!("{observable} ${symbol}^{layer}$"))
                    .rule(Rule::Horizontal(0.0))
                    .series(Series::band("differences_band", "share", "low", "high").colour(Colour::Grey).label("95 %"))
                    .series(Series::join(rows, "share", "difference").by(by())),
                );
            }
        }
        let tests = Figure::new("sampler_tests", "Kolmogorov-Smirnov tests of the samplers")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {activity} and correlation {correlation}; {cases.replicas} networks by each way of n = {cases.width}, {depth} layers")
            .describe(
                "Empirical distribution function of the p-values of all two-sample tests between the exact-law sampler and explicit weights, at \
                 the middle of each of its steps, less the uniform one that samples of one law have. Shaded, where it stays in 95 % of all cases if the tests are independent (Kolmogorov).",
            )
            .height(62.0)
            .panel(
                Panel::new(Axis::linear("$p$ value").range(0.0, 1.0), Axis::linear("share of tests minus $p$").range(-0.4, 0.4))
                    .rule(Rule::Horizontal(0.0))
                    .series(Series::band("uniformity_band", "p_value", "low", "high").colour(Colour::Grey).label("95 %"))
                    .series(Series::points("uniformity", "p_value", "excess").by(by()))
                    .legend(Legend::Above),
            );
        vec![figure, tests]
    }
}

/// Places at which distribution functions are compared.
const PLACES: usize = 100;

/// Scaled difference of the distribution functions of two sorted samples of one size, at values that even shares of both together have
/// at most.
fn differences_of(exact: &[f64], explicit: &[f64]) -> Vec<(f64, f64)> {
    let mut all = [exact, explicit].concat();
    all.sort_by(f64::total_cmp);
    let scale = (0.5 * exact.len() as f64).sqrt();
    let share = |sample: &[f64], value: f64| sample.partition_point(|&x| x <= value) as f64 / sample.len() as f64;
    let place = |k: usize| {
        let value = all[(all.len() * k).div_ceil(PLACES) - 1];
        (k as f64 / PLACES as f64, scale * (share(exact, value) - share(explicit, value)))
    };
    std::iter::once((0.0, 0.0)).chain((1..=PLACES).map(place)).collect()
}

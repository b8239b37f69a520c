//! The exact-law sampler against explicit weight matrices: quantiles side by side and Kolmogorov-Smirnov tests.

use crate::experiment::prelude::*;
use crate::numerics::empirical::scaled_differences;
use crate::numerics::statistics::KolmogorovSmirnov;
use crate::simulation::cost;

parameters! {
    Params {
        activation, sigma_w: WeightStd, sigma_b,
        activity: NonNegative => "Activity `A^0` of the inputs.",
        correlation: Correlation => "Correlation of the two inputs, from -1 to 1.",
        depth,
        cases: Sections<Case> => "Widths, each with its number of networks.",
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
        let places = pairs(&OBSERVABLES, &self.layers).into_iter();
        Ok(places.flat_map(|((_, of), layer)| [of(&explicit[layer]), of(&exact[layer])]).collect())
    }

    fn tables(&self, found: &[Found<Networks>], _: &Run) -> Result<Tables, RunError> {
        rows!(quantiles, tests, sorted, differences, differences_band, uniformity, uniformity_band);
        let mut by_p_value: Vec<(f64, u64)> = Vec::new();
        for (&Case { width, replicas }, found) in self.cases.iter().zip(found) {
            for (place, ((observable, _), layer)) in pairs(&OBSERVABLES, &self.layers).into_iter().enumerate() {
                let [mut explicit, mut exact] = [2 * place, 2 * place + 1].map(|i| found.values(i));
                let KolmogorovSmirnov { statistic, p_value } = same_law(&mut exact, &mut explicit);
                by_p_value.push((p_value, width.get()));
                tests.push(row! { width, observable, layer, replicas, statistic, p_value });
                for (share, difference) in scaled_differences(&exact, &explicit, PLACES) {
                    differences.push(row! { width, observable, layer, share, difference });
                }
                for k in 0..self.quantiles {
                    let probability = (k as f64 + 0.5) / self.quantiles as f64;
                    let index = (probability * replicas as f64) as usize;
                    let (explicit, macroscopic) = (explicit[index], exact[index]);
                    quantiles.push(row! { width, observable, layer, probability, explicit, macroscopic });
                }
            }
        }
        let band = kolmogorov_band(f64::INFINITY);
        differences_band.extend([0.0, 1.0].map(|share| row! { share, low: -band, high: band }));
        let count = by_p_value.len() as f64;
        let band = kolmogorov_band(count) / count.sqrt();
        for (width, expected, p_value) in ranked(by_p_value) {
            sorted.push(row! { width, expected, p_value });
            uniformity.push(row! { width, p_value, excess: expected - p_value });
        }
        uniformity_band.extend([0.0, 1.0].map(|p_value| row! { p_value, low: -band, high: band }));
        Ok(tables![quantiles, tests, sorted, differences, differences_band, uniformity, uniformity_band].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("width", r"$n = {}$");
        let named = |case: &Case| format!("{} at n = {}", case.replicas, case.width.get());
        let numbers = self.cases.iter().map(named).collect::<Vec<_>>().join(", ");
        let panel = |(layer, ((observable, _), symbol)): (usize, ((&str, Observable), &str))| {
            let rows = Select::table("differences").filter("observable", observable).filter("layer", layer as i64);
            let difference =
                Axis::linear(r"$\sqrt{N / 2} (F_{\mathrm{exact}} - F_{\mathrm{explicit}})$").range(-2.0, 2.0);
            Panel::new(Axis::linear("share of networks").range(0.0, 1.0), difference)
                .title(format!("{observable} ${symbol}^{layer}$"))
                .rule(Rule::Horizontal(0.0))
                .series(Series::band("differences_band", "share", "low", "high").colour(Colour::Grey).label("95 %"))
                .series(Series::join(rows, "share", "difference").by(&by))
        };
        let observables: Vec<_> = OBSERVABLES.into_iter().zip(["A", "C", "D"]).collect();
        let figure = Figure::new("sampler_law", "Exact law against explicit weights")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {activity} and correlation {correlation}")
            .describe(format!(
                "Difference of the empirical distribution functions over networks of the exact-law sampler and of explicit weight matrices, times \
                 sqrt(N / 2) for N networks each ({numbers}), for activity, overlap and distance in one layer a row, at several widths; against the share of all \
                 networks with at most the value compared. Shaded, where a whole curve stays in 95 % of all cases if both have one law (Kolmogorov), \
                 whatever N."
            ))
            .grid(OBSERVABLES.len(), 104.0)
            .shared_legend()
            .panels(pairs(&self.layers, &observables).into_iter().map(panel));
        let tests = Figure::new("sampler_tests", "Kolmogorov-Smirnov tests of the samplers")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; inputs of activity {activity} and correlation {correlation}; {cases.replicas} networks by each way of n = {cases.width}, {depth} layers")
            .describe(
                "Empirical distribution function of the p-values of all two-sample tests between the exact-law sampler and explicit weights, at \
                 the middle of each of its steps, less the uniform one that samples of one law have. Shaded, where it stays in 95 % of all cases if the tests are independent (Kolmogorov).",
            )
            .height(62.0)
            .panel(
                uniformity("share of tests minus $p$", Series::points("uniformity", "p_value", "excess").by(&by))
                    .legend(Legend::Above),
            );
        vec![figure, tests]
    }
}

/// Places at which distribution functions are compared.
const PLACES: usize = 100;

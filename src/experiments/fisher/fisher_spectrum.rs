//! Mean, second moment and largest eigenvalue of the Fisher information of random deep networks against width and depth, the histogram of its
//! eigenvalues, and the learning rate above which gradient descent diverges.
//!
//! Theory at infinite width is judged against the extrapolation `2 m(2n) - m(n)` of two widths, which has no term of order 1/n; the trace at single
//! widths, too, with its bias to order 1/n. What has no such theory is shown at single widths and not judged.

mod descent;
mod figures;
mod spectra;

use super::blocks::check_overlap;
use crate::config::checked;
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::Figure;
use crate::model::{Activation, BiasStd, Ensemble, ParameterError, WeightStd, Width};
use crate::simulation::Explicit;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Activation functions with their scales, each named once.
    #[serde(with = "checked::List::<Scales>")]
    ensembles: Vec<Scales>,
    /// Activity of all inputs.
    #[serde(with = "checked::Positive")]
    input_activity: f64,
    /// Overlap of any two inputs.
    #[serde(with = "checked::NonNegative")]
    input_overlap: f64,
    /// Number of inputs `T`.
    #[serde(with = "checked::Few::<2>")]
    inputs: usize,
    /// Layers of weights `L` of the networks whose width varies.
    #[serde(with = "checked::Count::<2>")]
    depth: usize,
    /// Widths at which the spectrum is shown.
    widths: Widths,
    /// Widths `n` and `2n` that are extrapolated, against depth.
    extrapolated: Extrapolated,
    /// Histogram of the eigenvalues.
    histogram: Histogram,
    /// Widths at which explicit weights are compared with the exact law.
    #[serde(with = "checked::List::<Case>")]
    cases: Vec<Case>,
    /// Gradient descent around the critical learning rate.
    descent: Descent,
}

/// One activation function with its scales.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Scales {
    /// Activation function `phi`.
    activation: Activation,
    /// Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`, those of the output too.
    #[serde(with = "checked::AboveZero::<WeightStd>")]
    sigma_w: WeightStd,
    /// Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`; they are no parameters of the Fisher information.
    sigma_b: BiasStd,
}

impl Scales {
    fn ensemble(&self) -> Ensemble {
        Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b }
    }
}

/// Widths at which the spectrum is shown.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Widths {
    /// Numbers of neurons a layer, `n`.
    #[serde(with = "checked::List::<Width>")]
    width: Vec<Width>,
    /// Number of networks a Monte Carlo mean is over.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// The trace of narrower networks is shown, not judged.
    narrowest: Width,
}

/// Widths `n` and `2n` that are extrapolated.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Extrapolated {
    /// The smaller number of neurons a layer, `n`.
    width: Width,
    /// Layers of weights `L`.
    #[serde(with = "checked::Layers")]
    depths: Vec<usize>,
    /// Number of networks of each width.
    #[serde(with = "checked::Networks")]
    replicas: usize,
}

/// Histogram of the eigenvalues of the first ensemble.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Histogram {
    /// Numbers of neurons a layer, `n`.
    #[serde(with = "checked::List::<Width>")]
    width: Vec<Width>,
    /// Number of inputs `T`.
    #[serde(with = "checked::Few::<2>")]
    inputs: usize,
    /// Number of networks.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// Bins a factor of ten.
    #[serde(with = "checked::Count::<1>")]
    bins: usize,
}

/// One width with its number of networks in each sample.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Neurons a layer, `n`.
    width: Width,
    /// Number of networks in each sample.
    #[serde(with = "checked::Networks")]
    replicas: usize,
}

/// Gradient descent of the first ensemble.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Descent {
    /// The smaller number of neurons a layer, `n`; the larger is `2n`.
    width: Width,
    /// Number of inputs `T`.
    #[serde(with = "checked::Few::<2>")]
    inputs: usize,
    /// Learning rates over the critical one.
    #[serde(with = "checked::List::<f64>")]
    ratios: Vec<f64>,
    /// Steps of gradient descent.
    #[serde(with = "checked::Count::<1>")]
    steps: usize,
    /// What labels differ by from the outputs at the start.
    #[serde(with = "checked::Number::<checked::Separation>")]
    offset: f64,
    /// Number of networks of each width.
    #[serde(with = "checked::Networks")]
    replicas: usize,
}

/// The experiment.
pub struct FisherSpectrum;

impl Experiment for FisherSpectrum {
    type Params = Params;
    const COLUMNS: &'static str = "
        depth | parameter | layers | number L of layers of weights, that of the linear output among them
        quantity | label | | mean of the eigenvalues (times P/n, P the number of weights), their second moment (times P/n^2), the largest (over n)
        spectrum | theory | | the quantity at infinite width; in theory by kappa_1 and kappa_2; Monte Carlo: 2 m(2n) - m(n) of two widths
        trace.value | theory | | tr F / n, the mean of the eigenvalues times P/n; in theory kappa_1
        widths.expected | theory | | the quantity unscaled (mean, second moment, largest eigenvalue) by theory at infinite width
        depths.expected | theory | | the quantity, scaled, at infinite width
        found | Monte Carlo | | the same over networks
        shift | Monte Carlo | | n times the relative deviation of the mean over networks from theory at infinite width
        first_order | theory | | the same to first order in 1/n; known for the mean alone
        lower | drawing | | lower edge of the bin of eigenvalues
        upper | drawing | | upper edge of the bin
        count | Monte Carlo | eigenvalues | mean number of eigenvalues of a network in the bin
        eigenvalue | theory | | largest eigenvalue, or that of all others, at infinite width
        which | label | | largest, or others
        statistic | verdict | | largest distance of the two empirical distributions (Kolmogorov-Smirnov)
        p_value | verdict | | p-value of the two-sample Kolmogorov-Smirnov test
        ratio | parameter | | learning rate over the critical one by theory, 2 / lambda_max
        growth | theory | | growth of ln(loss) / 2 in a step; in theory ln|1 - 2 ratio|; Monte Carlo: 2 m(2n) - m(n) of two widths
        rate | Monte Carlo | | growth of ln(loss) / 2 in a step, mean over networks of one width
        diverged | Monte Carlo | | share of networks whose loss grew
    ";
    const UNJUDGED: &'static str = "
        widths.found | at single widths, where the order 1/n of all but the mean is not known; their extrapolation is judged in table spectrum, the mean in trace
        widths.shift | n times the relative deviation of the same number: the measured size of the order 1/n
        histogram.count | shown only: mean counts in bins without theory at finite width
        shares.rate | at single widths; the extrapolation of two is judged in table descent
        shares.diverged | shown only: the share of networks that diverge has no theory at finite width
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let bad = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        check_overlap(params.input_activity, params.input_overlap)?;
        let names: Vec<Activation> = params.ensembles.iter().map(|scales| scales.activation).collect();
        if let Some(twice) = names.iter().enumerate().find(|(i, name)| names[..*i].contains(name)) {
            return bad("ensembles", twice.1.to_string(), "each activation once");
        }
        if let Some(depth) = params.extrapolated.depths.iter().find(|&&depth| depth < 2) {
            return bad("extrapolated.depths", depth.to_string(), "2 or more");
        }
        if let Some(ratio) = params.descent.ratios.iter().find(|r| !(**r > 0.5 && r.is_finite())) {
            return bad("descent.ratios", ratio.to_string(), "numbers above 1/2");
        }
        if params.descent.inputs as u64 > params.descent.width.get() || 2 * params.descent.width.get() > 2000 {
            return bad(
                "descent.width",
                params.descent.width.get().to_string(),
                "at least the inputs of the descent, at most 1000",
            );
        }
        let widest = |widths: &mut dyn Iterator<Item = u64>| widths.max().unwrap_or(0);
        let cases = widest(&mut params.cases.iter().map(|case| case.width.get()));
        let fewest = params.cases.iter().map(|case| case.width.get()).min().unwrap_or(0);
        if cases > Explicit::WIDEST || fewest < params.inputs as u64 {
            return bad(
                "cases",
                format!("widths from {fewest} to {cases}"),
                "widths from the number of inputs to 20000",
            );
        }
        Ok(())
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let mut tables = spectra::tables(params, run)?;
        tables.extend(descent::tables(params, run)?);
        Ok(tables)
    }

    fn figures(params: &Params) -> Vec<Figure> {
        figures::figures(params)
    }
}

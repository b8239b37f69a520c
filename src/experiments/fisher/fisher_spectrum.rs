//! Mean, second moment and largest eigenvalue of the Fisher information of random deep networks against width and depth, the histogram of its
//! eigenvalues, and the learning rate above which gradient descent diverges.
//!
//! Theory at infinite width is judged against the extrapolation `2 m(2n) - m(n)` of two widths, which has no term of order 1/n; the trace at single
//! widths, too, with its bias to order 1/n. What has no such theory is shown at single widths and not judged.

mod descent;
mod spectra;

use super::blocks::check_overlap;
use crate::experiment::prelude::*;
use crate::simulation::{Explicit, fisher_eigenvalues, scaled_fisher};

parameters! {
    Params {
        ensembles: Sections<Scales> => "Activation functions with their scales, each named once.",
        input_activity: Positive => "Activity of all inputs.",
        input_overlap: NonNegative => "Overlap of any two inputs.",
        inputs: InputCount,
        depth: Count<2> => "Layers of weights `L` of the networks whose width varies.",
        widths: Widths => "Widths at which the spectrum is shown.",
        extrapolated: Extrapolated => "Widths `n` and `2n` that are extrapolated, against depth.",
        histogram: Histogram => "Histogram of the eigenvalues.",
        cases: Sections<Case> => "Widths at which explicit weights are compared with the exact law.",
        descent: Descent => "Gradient descent around the critical learning rate.",
    }

    /// One activation function with its scales.
    Scales {
        activation,
        sigma_w: WeightScale => "Weight scale `sigma_w`: weights are `N(0, sigma_w^2 / n)`, those of the output too.",
        sigma_b => "Bias scale `sigma_b`: biases are `N(0, sigma_b^2)`; they are no parameters of the Fisher information.",
    }
}

impl Scales {
    fn ensemble(&self) -> Ensemble {
        Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b }
    }
}

parameters! {
    /// Widths at which the spectrum is shown.
    Widths {
        width: List<Width> => "Numbers of neurons a layer, `n`.",
        replicas: NetworkCount,
        narrowest: Width => "The trace of narrower networks is shown, not judged.",
    }

    /// Widths `n` and `2n` that are extrapolated.
    Extrapolated {
        width => "The smaller number of neurons a layer, `n`.",
        depths: Layers => "Layers of weights `L`.",
        replicas: WidthReplicas,
    }

    /// Histogram of the eigenvalues of the first ensemble.
    Histogram {
        width: List<Width> => "Numbers of neurons a layer, `n`.",
        inputs: InputCount,
        replicas: NetworkCount => "Number of networks.",
        bins: Count<1> => "Bins a factor of ten.",
    }

    /// One width with its number of networks in each sample.
    Case {
        width,
        replicas: NetworkCount => "Number of networks in each sample.",
    }

    /// Gradient descent of the first ensemble.
    Descent {
        width => "The smaller number of neurons a layer, `n`; the larger is `2n`.",
        inputs: InputCount,
        ratios: List<f64> => "Learning rates over the critical one.",
        steps: Count<1> => "Steps of gradient descent.",
        offset: Number<Separation> => "What labels differ by from the outputs at the start.",
        replicas: WidthReplicas,
    }
}

columns! {
    depth: Parameter ["layers"] "number L of layers of weights, that of the linear output among them";
    quantity: Label "mean of the eigenvalues (times P/n, P the number of weights), their second moment (times P/n^2), the largest (over n)";
    spectrum: Theory "the quantity at infinite width; in theory by kappa_1 and kappa_2; Monte Carlo: 2 m(2n) - m(n) of two widths";
    value: Theory "tr F / n, the mean of the eigenvalues times P/n; in theory kappa_1";
    expected {
        widths: Theory "the quantity unscaled (mean, second moment, largest eigenvalue) by theory at infinite width";
        depths: Theory "the quantity, scaled, at infinite width";
    }
    found: MonteCarlo "the same over networks";
    shift: MonteCarlo "n times the relative deviation of the mean over networks from theory at infinite width";
    deviation: MonteCarlo "relative deviation of the mean over networks from theory at infinite width";
    first_order: Theory "the same to first order in 1/n; known for the mean alone";
    place: Drawing "the width times a factor for each activation, so that all stand side by side about it";
    fitted: Fit "relative deviation c / n, c fitted to the deviations of all widths by least squares weighted with their standard errors";
    lower: Drawing "lower edge of the bin of eigenvalues";
    upper: Drawing "upper edge of the bin";
    count: MonteCarlo ["eigenvalues"] "mean number of eigenvalues of a network in the bin";
    eigenvalue: Theory "largest eigenvalue, or that of all others, at infinite width";
    which: Label "largest, or others";
    ratio: Parameter "learning rate over the critical one by theory, 2 / lambda_max";
    growth {
        descent: Theory "growth of ln(loss) / 2 in a step; in theory ln|1 - 2 ratio|; Monte Carlo: 2 m(2n) - m(n) of two widths";
        growth: Theory "growth of ln(loss) / 2 in a step, ln|1 - 2 ratio|";
    }
    rate: MonteCarlo "growth of ln(loss) / 2 in a step, mean over networks of one width";
    diverged: MonteCarlo "share of networks whose loss grew";
}

/// What is looked at in networks.
pub enum Look {
    /// Scaled mean, second moment and largest of the eigenvalues, by one of the samplers.
    Scaled(SamplerKind),
    /// All eigenvalues.
    Eigenvalues,
    /// Gradient descent at these learning rates.
    Descent(Vec<f64>),
}

impl Experiment for Params {
    type Point = (Networks, Look);
    const UNJUDGED: &'static str = "
        widths.found | at single widths, where the order 1/n of all but the mean is not known; their extrapolation is judged in table spectrum, the mean in trace
        widths.shift | n times the relative deviation of the same number: the measured size of the order 1/n
        relative.deviation | the same without the factor n
        histogram.count | shown only: mean counts in bins without theory at finite width
        shares.rate | at single widths; the extrapolation of two is judged in table descent
        shares.diverged | shown only: the share of networks that diverge has no theory at finite width
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_overlap(self.input_activity, self.input_overlap)?;
        let mut before = Vec::new();
        each("ensembles", &self.ensembles, |scales| {
            let twice = before.contains(&scales.activation);
            before.push(scales.activation);
            refuse_where(twice, "activation", scales.activation, "another one than those before it")
        })?;
        refuse("extrapolated.depths", self.extrapolated.depths.iter().find(|&&depth| depth < 2), "2 or more")?;
        let found = self.descent.ratios.iter().find(|r| !(**r > 0.5 && r.is_finite()));
        refuse("descent.ratios", found, "numbers above 1/2")?;
        let (inputs, width) = (self.descent.inputs as u64, self.descent.width.get());
        let allowed = "at least the inputs of the descent, at most 1000";
        refuse_where(!(inputs..=1000).contains(&width), "descent.width", width, allowed)?;
        let allowed = self.inputs as u64..=Explicit::WIDEST;
        let in_case = "from the number of inputs to 20000";
        each("cases", &self.cases, |case| {
            refuse_where(!allowed.contains(&case.width.get()), "width", case.width.get(), in_case)
        })
        .map(drop)
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { ensembles, depth, widths, extrapolated, histogram, cases, descent, .. } = self;
        let in_law = || Look::Scaled(SamplerKind::Macroscopic);
        let mut list = Vec::new();
        for scales in ensembles {
            let of = |&width| (scales, width, *depth, self.inputs, widths.replicas, in_law());
            list.extend(widths.width.iter().map(of));
        }
        let pair = [extrapolated.width, Width::new(2 * extrapolated.width.get())?];
        for scales in ensembles {
            for &depth in &extrapolated.depths {
                list.extend(pair.map(|width| (scales, width, depth, self.inputs, extrapolated.replicas, in_law())));
            }
        }
        let of = |&width| (&ensembles[0], width, *depth, histogram.inputs, histogram.replicas, Look::Eigenvalues);
        list.extend(histogram.width.iter().map(of));
        for scales in ensembles {
            for &Case { width, replicas } in cases {
                // samples with no draw in common
                let looks = [SamplerKind::Macroscopic, SamplerKind::Explicit].map(Look::Scaled);
                list.extend(looks.map(|look| (scales, width, *depth, self.inputs, replicas, look)));
            }
        }
        let spectra = list.len();
        let critical = descent::critical_rate(self, &ensembles[0].ensemble())?;
        for width in [descent.width, Width::new(2 * descent.width.get())?] {
            let critical = critical / width.get() as f64;
            let look = Look::Descent(descent.ratios.iter().map(|ratio| ratio * critical).collect());
            list.push((&ensembles[0], width, *depth, descent.inputs, descent.replicas, look));
        }
        for (place, (scales, width, depth, count, replicas, look)) in list.into_iter().enumerate() {
            let inputs = Inputs::equal(self.input_activity, self.input_overlap, count)?;
            let networks = Networks::new(scales.ensemble(), width, depth - 1, inputs)?;
            let (n, layers, inputs) = (width.get() as f64, (depth - 1) as f64, count as f64);
            let work = match &look {
                Look::Scaled(SamplerKind::Explicit) => Work::explicit(n, layers, inputs),
                Look::Scaled(_) | Look::Eigenvalues => Work::error_grams(n * layers, inputs),
                // there and back, and the step
                Look::Descent(rates) => Work::explicit(n, 3.0 * layers * (rates.len() * descent.steps) as f64, inputs),
            };
            let label = format!("{}, depth = {depth}, width = {}", scales.activation, width.get());
            let address = if place < spectra { place + 1 } else { descent::FIRST + place - spectra };
            points.keep(label, replicas, OneNetwork::from(work), (networks, look)).at(address);
        }
        Ok(())
    }

    fn observe(&self, (Networks { network, inputs }, look): &Self::Point, at: &Address) -> Observed {
        match look {
            Look::Scaled(sampler) => Ok(scaled_fisher(network, inputs, *sampler, at)?.to_vec()),
            Look::Eigenvalues => fisher_eigenvalues(network, inputs, SamplerKind::Macroscopic, at),
            Look::Descent(rates) => descent::growth(&self.descent, network, inputs, rates, at),
        }
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let (spectra, descent) = found.split_at(found.len() - 2);
        Ok([spectra::tables(self, spectra, run)?, descent::tables(self, descent, run)?].concat())
    }

    fn figures(&self) -> Vec<Figure> {
        let names = Activation::known().into_iter().map(|activation| (activation.name(), activation.short_label()));
        let by = By::new("activation", "{}").names(names);
        let rows = |table: &str, quantity: &str| Select::table(table).filter("quantity", quantity);
        let (least, most) = extent(self.widths.width.iter().map(|width| width.get() as f64));
        let width = || Axis::log10(r"width $n$").include(0.8 * least).include(1.25 * most);
        let levels = |quantity: &str, label: &str| {
            Panel::new(width(), Axis::log10(label))
                .series(Series::theory(rows("widths", quantity), "width", "expected").by(&by).key("theory"))
                .series(Series::measured(rows("widths", quantity), "width", "found").by(&by).key("Monte Carlo"))
        };
        let shifts = |quantity: &str, label: &str| {
            let found = Series::measured(rows("relative", quantity), "place", "deviation").by(&by).in_place();
            let panel = Panel::new(width(), Axis::linear(label)).rule(Rule::Horizontal(0.0)).series(found);
            if quantity == "mean" {
                return panel.residual(Residual::new("trace", "width", "value").by(&by));
            }
            let fit = Series::line(rows("fits", quantity), "place", "fitted", Dash::DashDot);
            panel.series(fit.by(By::unlabelled("activation")).key("fit $c / n$"))
        };
        let depths = |quantity: &str, label: &str| {
            let (theory, found) = ((rows("depths", quantity), "expected"), rows("spectrum", quantity));
            Panel::new(Axis::linear(r"layers of weights $L$"), Axis::log10(label))
                .beside(theory, found, "depth", "spectrum", &by)
        };
        let by_width = By::new("width", r"$n = {}$");
        vec![
            Figure::new("fisher_spectrum", "Eigenvalues of the Fisher information")
                .setting("{inputs} inputs of activity {input_activity} and overlap {input_overlap}; {depth} layers of weights; sigma_w = {ensembles.sigma_w}, sigma_b = {ensembles.sigma_b} for phi(u) = {ensembles.activation}; {widths.replicas networks} of each width")
                .describe(format!(
                    "Mean m (a), second moment s (b) and largest (c) of the eigenvalues lambda of the Fisher information of random networks against \
                     width n: theory of infinite width as lines, Monte Carlo as points. Below, their relative deviations from that theory with standard \
                     errors. The deviation of order 1/n of the mean is known and below 0.001 everywhere, too small to be drawn; the differences from \
                     theory are those of n = {} and wider (d). That of the others is not known: dash-dotted, c / n fitted to all widths (e, f). \
                     Deviations stand side by side about their width, with their fits.",
                    self.widths.narrowest.get()
                ))
                .grid(3, 112.0)
                .shared_legend()
                .panel(levels("mean", r"mean $m_\lambda$"))
                .panel(levels("second", r"second moment $s_\lambda$"))
                .panel(levels("largest", r"largest $\lambda_\max$"))
                .panel(shifts("mean", r"$m_\lambda / m_{\lambda,\infty} - 1$"))
                .panel(shifts("second", r"$s_\lambda / s_{\lambda,\infty} - 1$"))
                .panel(shifts("largest", r"$\lambda_\max / \lambda_{\max,\infty} - 1$")),
            Figure::new("fisher_depth", "Eigenvalues of the Fisher information against depth")
                .setting("{inputs} inputs of activity {input_activity} and overlap {input_overlap}; sigma_w = {ensembles.sigma_w}, sigma_b = {ensembles.sigma_b} for phi(u) = {ensembles.activation}; {extrapolated.replicas networks} of n = {extrapolated.width} and of twice the width")
                .describe(
                    "Mean of the eigenvalues, their second moment and the largest of them, times powers of the width n and the number P of weights, \
                     against depth: theory of infinite width as lines, Monte Carlo extrapolated from two widths as points with standard errors.",
                )
                .grid(3, 76.0)
                .shared_legend()
                .panel(depths("mean", r"mean $m_\lambda P / n$"))
                .panel(depths("second", r"second moment $s_\lambda P / n^2$"))
                .panel(depths("largest", r"largest $\lambda_\max / n$")),
            Figure::new("fisher_histogram", "Histogram of eigenvalues and critical learning rate")
                .setting("inputs of activity {input_activity} and overlap {input_overlap}; {depth} layers of weights; in (a) {histogram.inputs} inputs, {histogram.replicas networks} of each width; in (b) and (c) {descent.inputs} inputs, n = {descent.width} and twice that, {descent.replicas networks}, {descent.steps} steps")
                .describe(
                    "Mean number of eigenvalues of a network in bins of equal ratio, with the two eigenvalues that theory of infinite width gives \
                     dotted in the colour of each width (a); share of networks whose loss grows under gradient descent against the learning rate \
                     over the critical one, 2 over the largest eigenvalue (b); growth of the logarithm of the residual a step: theory as a line, Monte \
                     Carlo extrapolated from two widths as points (c). Bars are standard errors; all learning rates of (b) and (c) are tried in the same \
                     networks, so neighbouring points deviate together.",
                )
                .grid(3, 70.0)
                .panel(
                    Panel::new(Axis::log10(r"eigenvalue $\lambda$"), Axis::log10("eigenvalues a bin and network"))
                        .series(Series::verticals("lines", "eigenvalue").by(By::unlabelled("width")))
                        .series(Series::histogram("histogram", "lower", "upper", "count").by(&by_width)),
                )
                .panel(
                    Panel::new(Axis::linear(r"$\eta / \eta_c$"), Axis::linear("share of diverging networks").range(-0.05, 1.05))
                        .marked(Rule::Vertical(1.0), r"$\eta_c$")
                        .series(Series::measured("shares", "ratio", "diverged").by(&by_width)),
                )
                .panel(
                    Panel::new(Axis::linear(r"$\eta / \eta_c$"), Axis::linear(r"growth of $\ln$ residual a step"))
                        .rule(Rule::Horizontal(0.0))
                        .series(Series::theory("growth", "ratio", "growth").label("theory"))
                        .series(Series::found("descent", "ratio", "growth").label("Monte Carlo"))
                        .residual(Residual::new("descent", "ratio", "growth")),
                ),
        ]
    }
}

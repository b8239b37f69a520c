//! The metric of a great circle: exponential growth by `chi_1` a layer, and a random walk of its logarithm at finite width, so
//! that deep in a narrow network the mean of `g` is carried by rare networks while its logarithm stays typical.

use crate::experiment::prelude::*;
use crate::numerics::statistics::standard_histogram;
use crate::theory::metric::{conformal_factors, metric_growth};

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b, width, depth, sampled_every, replicas: NetworkCount,
        spread: Spread => "Spread of the metric over networks of several widths.",
    }

    Spread {
        sigma_w: WeightScale, widths, depth, sampled_every, replicas: NetworkCount,
        many: NetworkCount => "Number of further networks of each width, with which the spread is drawn.",
        drawn_every: Count<1> => "Steps, in layers, of the points that are drawn, each of another width than the one before.",
        /// The variance in narrower networks is shown, not judged: there terms beyond first order exceed a third of the standard
        /// error.
        narrowest: Width,
        bins: Count<2> => "Bins of the histogram between -4 and 4 standard deviations.",
    }
}

impl Spread {
    /// The layers in which each width is drawn: one after the other, so that points do not hide each other.
    fn drawn(&self) -> Vec<(Width, Vec<usize>)> {
        let (step, count) = (self.drawn_every, self.widths.len());
        let layers = |place: usize| ((place + 1) * step..=self.depth).step_by(count * step).collect();
        self.widths.iter().copied().enumerate().map(|(place, width)| (width, layers(place))).collect()
    }
}

columns! {
    log_metric: Theory "log10(g^l / g^0) of the metric at infinite width, the sum of log10 chi_1 over the layers";
    value {
        layers: Theory "E[log10(g^l / g^0)] of the metric, the g^0 of the great circle being A*";
        variances: Theory "n Var(ln g^l), n times the variance over networks; in theory to first order in 1/n";
        means: Theory "n (E[ln g^l] - ln g^l at infinite width)";
        many_variances: Theory "n Var(ln g^l), n times the variance over many networks; in theory to first order in 1/n";
        many_means: Theory "n (E[ln g^l] - ln g^l at infinite width), mean over many networks";
    }
    variance: Theory "n Var(ln g^l) by the constant rate a layer of first-order theory at A*";
    first_order: Theory "n Var(ln g^l) to first order in 1/n";
    found: MonteCarlo "n Var(ln g^l), n times the variance over networks";
    log_of_mean: MonteCarlo "n ln(mean of g^l over networks / g^l at infinite width), carried by rare networks";
    log_mean: MonteCarlo "n ln(mean of g^l over many networks / g^l at infinite width), carried by rare networks";
    log_mean_order: Theory "the same to first order in 1/n";
    low: Parameter "lower edge of the bin of (ln g - mean) / standard deviation, in the last layer";
    high: Parameter "upper edge of the bin of (ln g - mean) / standard deviation";
    density {
        histogram: MonteCarlo "share of networks in the bin over its width";
        shape: MonteCarlo "share of networks in the bin over its width, with its binomial standard error";
        many_shape: MonteCarlo "share of many networks in the bin over its width, with its binomial standard error";
        _: Theory "density of the standard normal distribution at x";
    }
    x {
        normal: Parameter "standard normal variable";
        normal_fine: Parameter "standard normal variable";
        _: Parameter "middle of the bin of (ln g - mean) / standard deviation, in the last layer";
    }
}

const METRIC: Measure = Measure::Metric(0, 0);

impl Experiment for Params {
    type Point = Jets;
    const UNJUDGED: &'static str = "
        averages.log_of_mean | carried by rare networks, so its standard error is not to be trusted; shown to say so
        histogram.density | shown beside the standard normal law, which holds for many layers alone; bins have no standard error
        shape.density | the histogram of table histogram, with binomial errors, shown beside the standard normal law
        many_averages.log_mean | carried by rare networks, so its standard error is not to be trusted; beside first-order theory
        many_shape.density | the histogram of many networks, with binomial errors, shown beside the standard normal law
        many_narrow.found | terms beyond first order exceed a third of the standard error; excess_z is their measured size
        narrow.found | terms beyond first order exceed a third of the standard error; excess_z is their measured size
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let scales = self.sigma_w.iter().chain([&self.spread.sigma_w]).map(|sigma_w| sigma_w.get());
        check_signal("sigma_b", self.activation, self.sigma_b.get(), scales)
    }

    fn points(&self, points: &mut Points<Jets>) -> Result<(), RunError> {
        let Params { activation, sigma_b, width, depth, replicas, ref spread, .. } = *self;
        let growth = self.sigma_w.iter().map(|&sigma_w| (sigma_w, width, depth, replicas));
        let networks = pairs(&[spread.replicas, spread.many], &spread.widths).into_iter();
        let spread = networks.map(|(replicas, width)| (spread.sigma_w, width, spread.depth, replicas));
        for (sigma_w, width, depth, replicas) in growth.chain(spread) {
            let jets = circle_jets(Network::uniform(Ensemble { activation, sigma_w, sigma_b }, width, depth)?, 1)?;
            points.keep(format!("sigma_w = {}, n = {}", sigma_w.get(), width.get()), replicas, jets.cost(), jets);
        }
        Ok(())
    }

    fn observe(&self, jets: &Jets, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, layers);
        let (growth, spread) = found.split_at(self.sigma_w.len());
        for (&sigma_w, found) in self.sigma_w.iter().zip(growth) {
            let ensemble = found.point.network.ensemble;
            let activity = activity_fixed_point(&ensemble)?.activity;
            let factors = conformal_factors(&run.theory(&ensemble), activity, self.depth)?;
            for (layer, factor) in factors.into_iter().enumerate() {
                curve.push(row! { sigma_w, layer, log_metric: log10(factor) });
            }
            let sampled = JetSample::new(&found.point, found.rows(), run)?;
            for layer in (0..=self.depth).step_by(self.sampled_every) {
                let found = sampled.mean_log(layer, METRIC).plus(-ln(activity)).per_decade();
                layers.push(row! { sigma_w, layer, replicas: self.replicas, value: found });
            }
        }
        let mut tables = vec![curve.table()?, layers.table()?];
        let (spread, many) = spread.split_at(self.spread.widths.len());
        tables.extend(spread_tables(self, spread, run)?);
        tables.extend(many_tables(self, many, run)?);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let width = By::new("width", r"$n = {}$").ramp();
        let layer = || Axis::linear(r"layer $l$");
        let narrow = self.spread.widths.iter().copied().min().unwrap_or(self.width);
        // layers share networks, so each width is judged in its deepest one alone
        let ends = |table: &str| -> Vec<Select> {
            let drawn = self.spread.drawn().into_iter();
            let ends = drawn.filter_map(|(width, layers)| Some((width.get() as i64, *layers.last()? as i64)));
            ends.map(|(width, layer)| Select::table(table).filter("width", width).filter("layer", layer)).collect()
        };
        let judged = |panel: Panel, table: &str, widths: &[Width]| {
            let ends = self.spread.widths.iter().zip(ends(table)).filter(|(width, _)| widths.contains(width));
            ends.fold(panel, |panel, (_, rows)| panel.residual(Residual::new(rows, "layer", "value").by(&width)))
        };
        // scaled by the width, the laws are those of all widths
        let one = |table: &str| {
            let widths = self.spread.widths.iter().take(1);
            widths.fold(Select::table(table), |rows, width| rows.filter("width", width.get() as i64))
        };
        let widths = &self.spread.widths;
        let wide: Vec<Width> = widths.iter().copied().filter(|width| *width >= self.spread.narrowest).collect();
        let variances = Panel::new(layer(), Axis::linear(r"scaled variance $n \Var \ln g^l$").low(0.0))
            .series(Series::finite_width(one("lines"), "layer", "first_order").key("theory, order $1/n$"))
            .series(Series::measured("many_narrow", "layer", "found").by(&width))
            .series(Series::found("many_variances", "layer", "value").by(&width).key("Monte Carlo"));
        let means = Panel::new(layer(), Axis::linear(r"$n \ln (g^l / g^l_\infty)$"))
            .series(Series::finite_width(one("means"), "layer", "value_expected"))
            .series(Series::found("many_means", "layer", "value").by(&width))
            .series(Series::finite_width("many_order", "layer", "log_mean_order"))
            .series(Series::join("many_averages", "layer", "log_mean").by(&width).key(r"$\ln$ of the mean $g^l$"))
            .all(
                ends("many_averages")
                    .into_iter()
                    .map(|rows| Series::measured(rows, "layer", "log_mean").by(By::unlabelled("width").ramp())),
            );
        vec![
            Figure::new("metric_growth", "Growth of the metric of a great circle")
                .setting("phi(u) = {activation}, sigma_b = {sigma_b}; n = {width}, {replicas networks}")
                .describe(
                    "Decimal logarithm of the metric relative to that of the input, against layer, at three weight scales: \
                     the conformal law as lines, the mean over networks as points; the residuals include the 1/n correction.",
                )
                .height(70.0)
                .panel(
                    Panel::new(layer(), Axis::exponent(r"metric $g^l / g^0$"))
                        .series(Series::theory("curve", "layer", "log_metric").by(&by).key("theory"))
                        .found("layers", "layer", "value", &by),
                ),
            Figure::new("metric_spread", "Log-normal spread of the metric")
                .setting("phi(u) = {activation}, sigma_w = {spread.sigma_w}, sigma_b = {sigma_b}; {spread.many networks} of each width")
                .describe(
                    format!(
                        "Logarithm of the metric g^l of layer l at finite width n, over {} networks of each width, each width in layers of its own. Its variance, scaled by the \
                         width (a), and its mean less its value at infinite width, scaled likewise (b): theory to first order in 1/n dashed. \
                         The same of the logarithm of the mean metric, which rare networks keep far above the mean logarithm (b, thin lines, with \
                         standard errors in the deepest layer). Distribution in layer {} at n = {}, less its mean and over its standard \
                         deviation, against the standard normal one (c). Bars, standard errors. Layers share networks, so the differences from \
                         theory are those of the deepest layer of each width, in (a) of widths from {} on: in narrower ones terms of second order \
                         are not small.",
                        self.spread.many,
                        self.spread.depth,
                        narrow.get(),
                        self.spread.narrowest.get()
                    ),
                )
                .grid(3, 74.0)
                .shared_legend()
                .panel(judged(variances, "many_variances", &wide))
                .panel(judged(means, "many_means", widths))
                .panel(
                    Panel::new(Axis::linear(r"standardised $\ln g^l$").range(-4.0, 4.0), Axis::linear("probability density").low(0.0).include(0.46))
                        .series(Series::measured(Select::table("many_shape").filter("width", narrow.get() as i64), "x", "density").by(&width))
                        .series(Series::theory("normal_fine", "x", "density").key("normal")),
                ),
        ]
    }
}

/// Networks of one width, and the layers that are looked at.
type OfWidth<'a> = (Width, Vec<usize>, JetSample<'a>);

/// Networks of these widths as they were found.
fn samples<'a>(
    widths: Vec<(Width, Vec<usize>)>,
    found: &'a [Found<Jets>],
    run: &Run,
) -> Result<Vec<OfWidth<'a>>, RunError> {
    let of = |((width, layers), found): ((Width, Vec<usize>), &'a Found<Jets>)| {
        Ok((width, layers, JetSample::new(&found.point, found.rows(), run)?))
    };
    widths.into_iter().zip(found).map(of).collect()
}

/// Bins of the logarithm of the metric in the last layer, less its mean and over its standard deviation: both ends, and how many networks are
/// inside.
fn standardised(params: &Params, sampled: &JetSample) -> Vec<(f64, f64, usize)> {
    let logarithms: Vec<f64> = sampled.values(params.spread.depth, METRIC).into_iter().map(ln).collect();
    standard_histogram(&logarithms, params.spread.bins)
}

/// `n ln(mean of g / g at infinite width)`.
fn log_mean(sampled: &JetSample, layer: usize, n: f64) -> Measured {
    let found = Estimate::of(&sampled.values(layer, METRIC));
    let infinite = METRIC.of(&sampled.theory(layer, 0).state);
    Measured::new((n * ln(found.mean / infinite), n * stderr(&found) / found.mean))
}

/// Variance and mean of the logarithm, the variance of narrow networks, and the distribution in the last layer, in tables of these names.
fn moments(params: &Params, samples: &[OfWidth], names: [&'static str; 4]) -> Result<[Table; 4], RunError> {
    let Spread { narrowest, bins, .. } = params.spread;
    let [mut variances, mut means] = [names[0], names[1]].map(Rows::new);
    let (mut narrow, mut shape) = (Rows::new(names[2]), Rows::new(names[3]));
    for (width, layers, sampled) in samples {
        let (n, replicas) = (width.get() as f64, sampled.networks.len());
        for &layer in layers {
            let row = |value: Compared| row! { width, layer, replicas, value: value.times(n) };
            let variance = sampled.variance(layer, METRIC, true);
            if *width >= narrowest {
                variances.push(row(variance));
            } else {
                let variance = variance.times(n);
                narrow.push(row! {
                    width, layer, first_order: variance.theory, found: variance.found(), excess_z: variance.excess(),
                });
            }
            let infinite = METRIC.of(&sampled.theory(layer, 0).state);
            means.push(row(sampled.mean_log(layer, METRIC).plus(-ln(infinite))));
        }
        let (count, step) = (replicas as f64, 8.0 / bins as f64);
        for (low, high, inside) in standardised(params, sampled) {
            let share = inside as f64 / count;
            let error = (share * (1.0 - share) / count).sqrt() / step;
            shape.push(row! { width, x: 0.5 * (low + high), density: Measured::new((share / step, error)) });
        }
    }
    Ok([variances.table()?, means.table()?, narrow.table()?, shape.table()?])
}

/// What is drawn of the spread, from further networks.
fn many_tables(params: &Params, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
    let Spread { depth, drawn_every, .. } = params.spread;
    let samples = samples(params.spread.drawn(), found, run)?;
    rows!(averages: "many_averages", orders: "many_order");
    for (width, layers, sampled) in &samples {
        let n = width.get() as f64;
        averages.extend(layers.iter().map(|&layer| row! { width, layer, log_mean: log_mean(sampled, layer, n) }));
    }
    // scaled by the width, that of one is that of all
    if let Some((width, _, sampled)) = samples.first() {
        for layer in (drawn_every..=depth).step_by(drawn_every) {
            let infinite = METRIC.of(&sampled.theory(layer, 0).state);
            let correction = sampled.mean(layer, METRIC).correction;
            orders.push(row! { layer, log_mean_order: width.get() as f64 * correction / infinite });
        }
    }
    let names = ["many_variances", "many_means", "many_narrow", "many_shape"];
    let [variances, means, narrow, shape] = moments(params, &samples, names)?;
    Ok(vec![variances, means, narrow, averages.table()?, shape, orders.table()?])
}

fn spread_tables(params: &Params, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
    let Spread { sigma_w, ref widths, depth, sampled_every, replicas, bins, .. } = params.spread;
    let theory = run.theory(&Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b });
    let growth = metric_growth(&theory, &activity_fixed_point(&theory)?)?;
    let rate = [0, depth].map(|layer| row! { layer, variance: growth.variance_rate * layer as f64 });
    let layers: Vec<usize> = (sampled_every..=depth).step_by(sampled_every).collect();
    let samples = samples(widths.iter().map(|&width| (width, layers.clone())).collect(), found, run)?;
    rows!(lines, averages, histogram);
    for (width, layers, sampled) in &samples {
        let n = width.get() as f64;
        for &layer in layers {
            lines.push(row! { width, layer, first_order: sampled.variance(layer, METRIC, true).theory * n });
            averages.push(row! { width, layer, log_of_mean: log_mean(sampled, layer, n).value });
        }
        for (low, high, inside) in standardised(params, sampled) {
            let density = inside as f64 / replicas as f64 / (8.0 / bins as f64);
            histogram.push(row! { width, low, high, density });
        }
    }
    let normal = |x: f64| row! { x, density: exp(-0.5 * x * x) / TAU.sqrt() };
    let [variances, means, narrow, shape] = moments(params, &samples, ["variances", "means", "narrow", "shape"])?;
    let mut tables = vec![table("rate", rate)?, variances, means, averages.table()?, histogram.table()?];
    tables.push(table("normal", (0..=80).map(|i| normal(-4.0 + 0.1 * f64::from(i))))?);
    tables.extend([lines.table()?, narrow, shape, table("normal_fine", even(-4.0, 4.0, 801).map(normal))?]);
    Ok(tables)
}

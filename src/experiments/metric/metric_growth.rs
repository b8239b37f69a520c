//! The metric of a great circle: exponential growth by `chi_1` a layer, and a random walk of its logarithm at finite width, so
//! that deep in a narrow network the mean of `g` is carried by rare networks while its logarithm stays typical.

use crate::experiment::prelude::*;
use crate::numerics::statistics::mean_and_stderr;
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
        normal: Theory "density of the standard normal distribution at x";
        normal_fine: Theory "density of the standard normal distribution at x";
    }
    x {
        normal: Parameter "standard normal variable";
        normal_fine: Parameter "standard normal variable";
        many_shape: Parameter "middle of the bin of (ln g - mean) / standard deviation, in the last layer";
        shape: Parameter "middle of the bin of (ln g - mean) / standard deviation, in the last layer";
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
        let networks = [spread.replicas, spread.many];
        let spread = networks.into_iter().flat_map(|replicas| {
            spread.widths.iter().map(move |&width| (spread.sigma_w, width, spread.depth, replicas))
        });
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
            .series(
                Series::finite_width(one("lines"), "layer", "first_order")
                    .colour(Colour::Ink)
                    .key("theory, order $1/n$"),
            )
            .series(Series::monte_carlo("many_narrow", "layer", "found", "found_error").by(&width))
            .series(Series::found("many_variances", "layer", "value").by(&width).key("Monte Carlo"));
        let means = Panel::new(layer(), Axis::linear(r"$n \ln (g^l / g^l_\infty)$"))
            .series(Series::finite_width(one("means"), "layer", "value_expected").colour(Colour::Ink))
            .series(Series::found("many_means", "layer", "value").by(&width))
            .series(Series::finite_width("many_order", "layer", "log_mean_order").colour(Colour::Ink))
            .series(Series::join("many_averages", "layer", "log_mean").by(&width).key(r"$\ln$ of the mean $g^l$"));
        let means = ends("many_averages").into_iter().fold(means, |panel, rows| {
            let series = Series::monte_carlo(rows, "layer", "log_mean", "log_mean_error");
            panel.series(series.by(By::unlabelled("width").ramp()))
        });
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
                        .series(
                            Series::monte_carlo(
                                Select::table("many_shape").filter("width", narrow.get() as i64), "x", "density", "density_error",
                            )
                            .by(&width),
                        )
                        .series(Series::theory("normal_fine", "x", "density").key("normal")),
                ),
        ]
    }
}

/// Bins of the logarithm of the metric in the last layer, less its mean and over its standard deviation: both ends, and how many networks are
/// inside.
fn standardised(params: &Params, sampled: &JetSample) -> Vec<(f64, f64, usize)> {
    let Spread { depth, bins, .. } = params.spread;
    let logarithms: Vec<f64> = sampled.values(depth, METRIC).into_iter().map(ln).collect();
    let (mean, error) = mean_and_stderr(&logarithms);
    let sd = error.unwrap_or(1.0) * (logarithms.len() as f64).sqrt();
    let step = 8.0 / bins as f64;
    let ends = (0..bins).map(|bin| (-4.0 + step * bin as f64, -4.0 + step * (bin + 1) as f64));
    let inside = |low, high| logarithms.iter().map(|x| (x - mean) / sd).filter(|z| (low..high).contains(z)).count();
    ends.map(|(low, high)| (low, high, inside(low, high))).collect()
}

/// What is drawn of the spread, from further networks.
fn many_tables(params: &Params, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
    let Spread { depth, drawn_every, many: replicas, narrowest, bins, .. } = params.spread;
    rows!(
        variances: "many_variances", means: "many_means", narrow: "many_narrow", averages: "many_averages",
        shape: "many_shape", orders: "many_order",
    );
    let count = replicas as f64;
    for (place, ((width, layers), found)) in params.spread.drawn().into_iter().zip(found).enumerate() {
        let sampled = JetSample::new(&found.point, found.rows(), run)?;
        let n = width.get() as f64;
        // scaled by the width, that of one is that of all
        for layer in (drawn_every..=depth).step_by(drawn_every).filter(|_| place == 0) {
            let infinite = METRIC.of(&sampled.theory(layer, 0).state);
            orders.push(row! { layer, log_mean_order: n * sampled.mean(layer, METRIC).correction / infinite });
        }
        for layer in layers {
            let variance = sampled.variance(layer, METRIC, true).times(n);
            if width >= narrowest {
                variances.push(row! { width, layer, replicas, value: variance });
            } else {
                narrow.push(row! {
                    width, layer, first_order: variance.theory, found: variance.found(), excess_z: variance.excess(),
                });
            }
            let infinite = METRIC.of(&sampled.theory(layer, 0).state);
            let mean = sampled.mean_log(layer, METRIC).plus(-ln(infinite)).times(n);
            means.push(row! { width, layer, replicas, value: mean });
            let (mean, error) = mean_and_stderr(&sampled.values(layer, METRIC));
            let log_mean = Measured::new((n * ln(mean / infinite), n * error.unwrap_or(0.0) / mean));
            averages.push(row! { width, layer, log_mean });
        }
        let step = 8.0 / bins as f64;
        for (low, high, inside) in standardised(params, &sampled) {
            let share = inside as f64 / count;
            let error = (share * (1.0 - share) / count).sqrt() / step;
            shape.push(row! { width, x: 0.5 * (low + high), density: Measured::new((share / step, error)) });
        }
    }
    Ok(vec![variances.table()?, means.table()?, narrow.table()?, averages.table()?, shape.table()?, orders.table()?])
}

fn spread_tables(params: &Params, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
    let Spread { sigma_w, ref widths, depth, sampled_every, replicas, narrowest, bins, .. } = params.spread;
    let theory = run.theory(&Ensemble { activation: params.activation, sigma_w, sigma_b: params.sigma_b });
    let growth = metric_growth(&theory, &activity_fixed_point(&theory)?)?;
    let mut rate = Rows::new("rate");
    for layer in [0, depth] {
        rate.push(row! { layer, variance: growth.variance_rate * layer as f64 });
    }
    rows!(variances, means, narrow, lines, averages, histogram, shape);
    for (&width, found) in widths.iter().zip(found) {
        let sampled = JetSample::new(&found.point, found.rows(), run)?;
        let n = width.get() as f64;
        for layer in (sampled_every..=depth).step_by(sampled_every) {
            let variance = sampled.variance(layer, METRIC, true).times(n);
            lines.push(row! { width, layer, first_order: variance.theory });
            if width >= narrowest {
                variances.push(row! { width, layer, replicas, value: variance });
            } else {
                narrow.push(row! {
                    width, layer, first_order: variance.theory, found: variance.found(),
                    excess_z: variance.excess(),
                });
            }
            let infinite = METRIC.of(&sampled.theory(layer, 0).state);
            let mean = sampled.mean_log(layer, METRIC).plus(-ln(infinite)).times(n);
            means.push(row! { width, layer, replicas, value: mean });
            let (mean, _) = mean_and_stderr(&sampled.values(layer, METRIC));
            averages.push(row! { width, layer, log_of_mean: n * ln(mean / infinite) });
        }
        let step = 8.0 / bins as f64;
        for (low, high, inside) in standardised(params, &sampled) {
            let density = inside as f64 / replicas as f64 / step;
            histogram.push(row! { width, low, high, density });
            let share = inside as f64 / replicas as f64;
            let error = (share * (1.0 - share) / replicas as f64).sqrt() / step;
            shape.push(row! { width, x: 0.5 * (low + high), density: Measured::new((density, error)) });
        }
    }
    let mut normal = Rows::new("normal");
    for i in 0..=80 {
        let x = -4.0 + 0.1 * f64::from(i);
        normal.push(row! { x, density: exp(-0.5 * x * x) / TAU.sqrt() });
    }
    let mut normal_fine = Rows::new("normal_fine");
    for x in even(-4.0, 4.0, 801) {
        normal_fine.push(row! { x, density: exp(-0.5 * x * x) / TAU.sqrt() });
    }
    let mut tables = vec![rate.table()?, variances.table()?, means.table()?, averages.table()?, histogram.table()?];
    tables.extend([normal.table()?, lines.table()?, narrow.table()?, shape.table()?, normal_fine.table()?]);
    Ok(tables)
}

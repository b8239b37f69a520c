//! Which depth tells points of a curve apart in every way: the margins of all dichotomies of points of a circle through the layers, the
//! spectrum of their Gram matrix, the depth that a margin takes, and how many dichotomies a narrow network can separate at all.

mod cover;

use crate::experiment::prelude::*;
use crate::numerics::interpolation::first_at_or_above;
use crate::simulation::{CircleImage, log_alternating_margin, log_worst_margin};
use crate::theory::paradox::shatter::{EvenPoints, equidistant_margin, even_points, mode_corrections};
use cover::Cover;

parameters! {
    Params {
        activation, sigma_w: ChaoticWeight, sigma_b, depth,
        first_layer: Depth => "Layer from which on margins are shown: before, the Gram matrix may be numerically singular.",
        threshold: Positive => "Share of the worst margin of equidistant points that counts as told apart.",
        margins: Margins, spectrum: Spectrum,
        many_points: List<usize> => "Numbers of points along the curve of depths, at infinite width.",
        cover: Cover => "How many dichotomies are separable.",
    }

    /// All dichotomies of some points.
    Margins {
        inputs: PointCounts => "Numbers of points, even, from 4 to 16.",
        widths: List<Width> => "Numbers of neurons a layer, `n`, at least the number of points.",
        replicas: Replicas,
        wide: Width => "Neurons a layer of networks so wide that the margin of alternating labels is judged against infinite width.",
        wide_replicas: Replicas => "Number of these networks.",
    }

    /// Spectra of Gram matrices.
    Spectrum {
        inputs: Few<3> => "Number of points.",
        width, replicas: Replicas,
    }
}

columns! {
    inputs: Parameter ["inputs"] "number k of points, evenly spaced on a great circle of activity A*";
    mode: Parameter "wave number p of a Fourier mode of the points";
    eigenvalue: Theory "eigenvalue lambda_p of the Gram matrix at infinite width; in networks the quadratic form of the Gram matrix with the normed Fourier mode";
    log_margin: Theory "log10 of the largest margin of the worst of all dichotomies (of x / sqrt n, hyperplanes through 0), mean over networks; in theory of infinite width";
    log_alternating: Theory "log10 of the margin 1 / sqrt(y^T G^-1 y) of alternating labels y, mean over networks; in theory sqrt(lambda_(k/2) / k) at infinite width";
    log_bound: Theory "log10 of the lower bound sqrt(lambda_min / k) on the margin of every dichotomy, infinite width";
    log_limit: Theory "log10 of the worst margin of equidistant points";
    shatter_depth: Corrected ["layers"] "layer (interpolated in the logarithm of the margin) from which on the worst margin exceeds the threshold, mean over networks; expected at infinite width";
    reached: MonteCarlo "share of networks whose worst margin exceeds the threshold in some layer, where it is not 1";
    bound_depth: Theory ["layers"] "the same of the lower bound sqrt(lambda_min / k) at infinite width";
    law: Approximation ["layers"] "its law 2 ln k / ln chi_1, through the last point";
    fraction {
        cover_curve: Theory "share of all dichotomies that a hyperplane through 0 separates, by Cover's count";
        _: Theory "share of all dichotomies that a hyperplane through 0 separates; in theory by Cover's count, whatever the points";
    }
    ratio: Parameter "k / n";
}

/// What is looked at in networks that see evenly spaced points.
pub enum Look {
    /// Worst margins, and where they exceed this level.
    Margins { level: f64 },
    /// Quadratic forms of Fourier modes.
    Spectrum,
    /// Shares of separable dichotomies.
    Cover,
}

impl Experiment for Params {
    type Point = (Networks, Look);
    const UNJUDGED: &'static str = "
        margins.log_margin | the expected value is that of infinite width; the minimum over dichotomies has no known finite-width theory
        depths.shatter_depth | the expected value is that of infinite width; the depth follows from a minimum over dichotomies, without finite-width theory
        unreached.reached | shown only: the share of networks that never reach the threshold, without theory
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_chaos("sigma_w", &ensemble(self))?;
        let allowed = "1e-6 or more for an odd activation, lest opposite inputs stay opposite and depend on each other";
        let sigma_b = self.sigma_b.get();
        refuse_where(self.activation.is_odd() && sigma_b < 1e-6, "sigma_b", format!("{sigma_b:?}"), allowed)?;
        refuse_where(self.first_layer > self.depth, "first_layer", self.first_layer, "at most the depth")?;
        refuse_where(!(self.threshold < 1.0), "threshold", self.threshold, "below 1")?;
        let Margins { inputs, widths, .. } = &self.margins;
        refuse("margins.inputs", inputs.iter().find(|k| !(4..=16).contains(*k) || **k % 2 == 1), "even, from 4 to 16")?;
        let most = least_and_most(inputs).1 as u64;
        let found = widths.iter().map(|width| width.get()).find(|width| *width < most);
        refuse("margins.widths", found, "at least the number of points")?;
        refuse("many_points", self.many_points.iter().find(|k| !(3..=2048).contains(*k)), "from 3 to 2048")?;
        self.cover.check()
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { margins, spectrum, cover, depth, .. } = self;
        let ensemble = ensemble(self);
        let PairState { activity, distance, .. } = pair_fixed_point(&ensemble)?;
        let mut list = Vec::new();
        for &k in &margins.inputs {
            let level = self.threshold * equidistant_margin(k, activity, distance);
            let of = |&width| (k, width, *depth, margins.replicas, Look::Margins { level });
            list.extend(margins.widths.iter().map(of));
            list.push((k, margins.wide, *depth, margins.wide_replicas, Look::Margins { level }));
        }
        list.push((spectrum.inputs, spectrum.width, *depth, spectrum.replicas, Look::Spectrum));
        list.extend(cover.cases().map(|(k, width)| (k, width, cover.depth(), cover.replicas, Look::Cover)));
        for (k, width, depth, replicas, look) in list {
            let networks = Networks::new(ensemble, width, depth, Inputs::around(activity, TAU, k)?)?;
            let label = format!("inputs = {k}, width = {}", width.get());
            points.add(label, replicas, networks.cost(), (networks, look));
        }
        Ok(())
    }

    fn observe(&self, (networks, look): &Self::Point, at: &Address) -> Observed {
        let grams = networks.sample(at)?;
        Ok(match look {
            Look::Margins { level } => {
                let layers = &grams[self.first_layer..];
                let mut values: Vec<f64> = layers.iter().map(log_worst_margin).collect();
                let depth = first_at_or_above(self.first_layer, &values, log10(*level));
                values.extend([f64::from(u8::from(depth.is_some())), depth.unwrap_or(0.0)]);
                values.extend(layers.iter().map(log_alternating_margin));
                values
            }
            Look::Spectrum => grams[1..].iter().flat_map(|gram| CircleImage(gram).modes()).collect(),
            Look::Cover => self.cover.observe(&grams, at),
        })
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let theory = run.theory(&ensemble(self));
        let (margins, rest) = found.split_at(self.margins.inputs.len() * (self.margins.widths.len() + 1));
        let mut tables = self::margins(self, &theory, margins, run)?;
        tables.push(spectrum(self, &theory, &rest[0])?);
        tables.push(growth(self, &theory, run)?);
        tables.extend([self.cover.table(&rest[1..])?, self.cover.curve()?]);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let by_width = By::new("width", r"$n = {}$").ramp();
        let most = self.margins.inputs.last().copied().unwrap_or(0);
        let rows = |table: &str| Select::table(table).filter("inputs", most as i64);
        let wide = self.margins.wide.get();
        let equidistant =
            Series::line("curve", "layer", "log_limit", Dash::DashDot).by(By::unlabelled("inputs").ramp());
        let alternating = over_layers(Axis::exponent("margin of alternating labels"))
            .series(equidistant.key("equidistant"))
            .compare("alternating", "layer", "log_alternating", By::new("inputs", r"$k = {}$").ramp());
        let infinite = |series: Series| series.colour(Colour::Ink).label(r"$n \to \infty$");
        let worst = over_layers(Axis::exponent("worst margin"))
            .title(format!("$k = {most}$"))
            .series(infinite(Series::theory(rows("curve"), "layer", "log_margin")))
            .series(Series::found(rows("margins"), "layer", "log_margin").by(&by_width));
        let bound = Series::line("growth", "inputs", "bound_depth", Dash::DashDot).colour(Colour::Grey);
        let law = Series::boundary("growth", "inputs", "law").colour(Colour::Ink);
        let first = Axis::linear(format!(r"first layer with margin above ${} m^*$", self.threshold)).range(0.0, 15.0);
        let exact = Select::table("depths").filter("width", wide as i64);
        let depths = Panel::new(Axis::log10(r"points $k$").range(3.5, 100.0), first)
            .series(infinite(Series::theory(exact, "inputs", "shatter_depth_expected")))
            .series(bound.label(r"bound, $n \to \infty$"))
            .series(law.label(r"$2 \ln k / \ln \chi_1$"))
            .series(Series::found("depths", "inputs", "shatter_depth").by(by_width));
        let margins = Figure::new("paradox_shatter", "Depth tells points apart in every way")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {margins.wide} and {margins.wide_replicas networks} in (a), {margins.replicas networks} of each width in (b) and (c)")
            .describe(format!(
                "Margins of k evenly spaced points of a circle against the layer: of alternating labels in networks of {wide} neurons a layer \
                 (a), with theory of infinite width as lines and the limit of equidistant points dash-dotted; of the worst of all \
                 dichotomies of {most} points at several widths n (b). Layers share networks, so that the differences of one k from theory move \
                 together; the term of order 1/n, which they do not include, is smaller than half a standard error. Those of k = 10, down to \
                 -4.3 standard errors, are of these networks alone: in 300 networks of another seed they lie between -1.4 and 0.9. The layer \
                 from which on the worst margin exceeds {} of that of equidistant points, m*, against the number of points (c): infinite width, for numbers whose \
                 dichotomies can all be tried, as a line; by a lower bound on all margins dash-dotted; the law 2 ln k / ln chi_1 of this bound dotted. \
                 Where several dichotomies are worst alike, for 6 and 10 points, the least of their margins lies below that of infinite width by \
                 a term of order 1 / sqrt(n), so the depth lies above. Widths at which some network never gets there have no mark. Means over networks as points with standard errors.",
                self.threshold
            ))
            .grid(3, 84.0)
            .panels([alternating, worst, depths]);
        let by = By::new("mode", r"$p = {}$").ramp();
        let shown = self.cover.depth();
        let eigenvalues = over_layers(Axis::log10(r"eigenvalue $\lambda_p$"))
            .series(Series::theory("spectrum", "layer", "eigenvalue_theory").by(&by))
            .series(Series::found("spectrum", "layer", "eigenvalue").by(&by).in_place())
            .residual(Residual::new("spectrum", "layer", "eigenvalue").by(by));
        let share = Axis::linear("separable dichotomies").range(0.0, 1.05);
        let (found, by) = (Select::table("cover").filter("layer", shown as i64), By::new("width", r"$n = {}$"));
        let shares = Panel::new(Axis::linear(r"points per neuron $k / n$"), share).beside(
            ("cover_curve", "fraction"),
            found,
            "ratio",
            "fraction",
            by,
        );
        let spectrum = Figure::new("paradox_spectrum", "From two dimensions to as many as points")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; n = {spectrum.width}, {spectrum.replicas networks} in (a); {cover.replicas networks} of each width in (b), all dichotomies of up to {cover.all_up_to} points and {cover.dichotomies} random ones of more")
            .describe(format!(
                "Eigenvalues of the Gram matrix of {} evenly spaced points of a circle, by wave number, layer by layer \
                 (a): two at the input, all alike in the end; infinite-width theory as lines, means over networks of quadratic \
                 forms of sampled Gram matrices as points, differences from theory with the 1/n correction. Share of the dichotomies of \
                 points of the circle that a hyperplane through the origin separates, against the number of points over that of \
                 neurons, in layer {shown} (b): Cover's count, which is the same in every layer, as lines through all numbers of points.",
                self.spectrum.inputs
            ))
            .grid(2, 76.0)
            .panels([eigenvalues, shares]);
        vec![margins, spectrum]
    }
}

fn ensemble(params: &Params) -> Ensemble {
    Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b }
}

/// Worst margins layer by layer and width by width; the margin of alternating labels in wide networks, a smooth function of the Gram matrix, so
/// that it is judged against infinite width; and the depths at which they exceed the threshold.
fn margins<P>(params: &Params, theory: &Ensemble, found: &[Found<P>], run: &Run) -> Result<Tables, RunError> {
    let PairState { activity, distance, .. } = pair_fixed_point(theory)?;
    let Margins { inputs, widths, wide, .. } = &params.margins;
    let expected = run.map(inputs, |&k| {
        let layers = even_points(theory, activity, k, params.depth)?;
        let worst = |layer: &EvenPoints| layer.worst_margin().map_or(f64::NAN, log10);
        let logs: Vec<f64> = layers[params.first_layer..].iter().map(worst).collect();
        Ok((layers, logs))
    })?;
    rows!(curve, narrow: "margins", judged: "alternating", depths, unreached);
    let mut next = found.iter();
    for (&k, (layers, logs)) in inputs.iter().zip(&expected) {
        let limit = equidistant_margin(k, activity, distance);
        for (index, log) in logs.iter().enumerate() {
            let layer = params.first_layer + index;
            let bound = log10(layers[layer].margin_bound());
            curve.push(row! { inputs: k, layer, log_margin: *log, log_bound: bound, log_limit: log10(limit) });
        }
        let depth = first_at_or_above(params.first_layer, logs, log10(params.threshold * limit));
        for &width in widths.iter().chain([wide]) {
            let Some(found) = next.next() else { break };
            for (index, log) in logs.iter().enumerate() {
                let (margin, layer) = (found.mean(index), params.first_layer + index);
                let replicas = found.replicas();
                narrow.push(row! { inputs: k, width, layer, replicas, log_margin: Expected::new(*log, margin) });
                if width == *wide {
                    let alternating = found.mean(logs.len() + 2 + index);
                    let theory = log10((layers[layer].eigenvalues()[k / 2] / k as f64).sqrt());
                    let log_alternating = Judged::new(theory, alternating);
                    judged.push(row! { inputs: k, width, layer, replicas, log_alternating });
                }
            }
            let (reached, measured) = (found.mean(logs.len()), found.mean(logs.len() + 1));
            if reached.mean < 1.0 {
                // a mean over those alone that get there would say nothing of the others
                unreached.push(row! { width, inputs: k, replicas: found.replicas(), reached: reached.mean });
            } else if let Some(depth) = depth {
                let shatter_depth = Expected::new(depth, measured);
                depths.push(row! { width, inputs: k, replicas: found.replicas(), shatter_depth });
            }
        }
    }
    Ok(tables![curve, narrow, judged, depths, unreached].into())
}

/// Quadratic forms of Fourier modes.
fn spectrum<P>(params: &Params, theory: &Ensemble, found: &Found<P>) -> Result<Table, RunError> {
    let activity = activity_fixed_point(theory)?.activity;
    let Spectrum { inputs: k, width, .. } = params.spectrum;
    let layers = even_points(theory, activity, k, params.depth)?;
    let corrections = mode_corrections(theory, activity, k, &vec![width; params.depth])?;
    rows!(spectrum);
    for layer in 1..=params.depth {
        let (values, modes) = (layers[layer].eigenvalues(), corrections[layer].len());
        for (mode, &correction) in corrections[layer].iter().enumerate() {
            let form = found.mean((layer - 1) * modes + mode);
            let eigenvalue = Corrected::new(values[mode], form, correction);
            spectrum.push(row! { mode, layer, replicas: found.replicas(), eigenvalue });
        }
    }
    Ok(spectrum.table()?)
}

/// Depth at which the lower bound on all margins exceeds the threshold, for many points at infinite width: the spacing `2 pi / k` must have grown to
/// the crossover, so it is `2 ln k / ln chi_1` and a constant.
fn growth(params: &Params, theory: &Ensemble, run: &Run) -> Result<Table, RunError> {
    let point = activity_fixed_point(theory)?;
    let fixed = distance_fixed_point(theory, &point)?;
    let rate = 2.0 / ln(chi_1(theory, point.q));
    let found = run.map(&params.many_points, |&k| {
        let level = log10(params.threshold * equidistant_margin(k, point.activity, fixed.distance));
        // more than the law says
        let deepest = (rate * ln(k as f64)).ceil() as usize + params.depth;
        let layers = even_points(theory, point.activity, k, deepest)?;
        let bounds: Vec<f64> = layers[1..].iter().map(|layer| ln(layer.margin_bound().max(exp(-40.0)))).collect();
        Ok((k as f64, first_at_or_above(1, &bounds, level / LOG10_E)))
    })?;
    let reached: Vec<(f64, f64)> = found.into_iter().filter_map(|(k, depth)| Some((k, depth?))).collect();
    let (most, last) = reached.last().copied().unwrap_or((1.0, 0.0));
    let row = |(k, depth): (f64, f64)| row! { inputs: k as usize, bound_depth: depth, law: last + rate * ln(k / most) };
    table("growth", reached.into_iter().map(row))
}

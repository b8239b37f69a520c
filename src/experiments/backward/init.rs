//! A deep network at the critical initialisation of its activation, and at those that frameworks come with: where they are in the plane of
//! scales, and what becomes of signals and gradients through the layers, with the band in which single networks are.

use crate::experiment::prelude::*;
use crate::model::Scheme;
use crate::simulation::errors;
use crate::theory::critical::{Place as CriticalPlace, critical};
use crate::theory::initialisation::{LogLaw, log_laws};
use crate::theory::phase::{boundary_curve, chi_1_jump};

parameters! {
    Params {
        activation, depth, width, sampled_every, replicas: NetworkCount,
        schemes: List<Scheme> => "Initialisations of frameworks beside the critical one.",
        sigma_w: WeightGrid => "Weight scales of the map of `chi_1`.",
        sigma_b: BiasGrid => "Bias scales of the map of `chi_1`.",
        largest_variance: Positive => "Initialisations whose `ln A` or `ln qt` varies by more in any layer, to first order in 1/n, are shown without a band and not judged.",
        largest_q: Positive => "Largest preactivation variance `q` on the edge, which it parametrises from the critical choice on.",
        points: Count<2> => "Points of the edge, and of the line on which `chi_1` jumps over 1.",
    }
}

columns! {
    scheme: Label "initialisation: critical, or that of a framework";
    line: Label "edge, where chi_1 = 1 at a fixed point that attracts, or jump, where chi_1 of the fixed point steps over 1";
    q: Theory "variance of the preactivations at the fixed point there, above the step";
    sigma_w {
        edge: Theory "weight scale on the line";
        places: Theory "weight scale of the initialisation";
    }
    sigma_b {
        edge: Theory "bias scale on the line";
        places: Theory "bias scale of the initialisation";
    }
    chi_1 {
        plane: Theory "chi_1 = sigma_w^2 E[phi'(u)^2], u ~ N(0, q*): growth of squared gradients in one layer; where signals grow without bound, that of large ones";
    }
    measure: Label "signal (the activity A^l) or gradient (the variance qt^l of errors on their way back)";
    value {
        curve: Theory "log10 of the signal or the gradient at infinite width";
        beyond: Theory "mean over networks of log10 of the signal or the gradient, where single networks stray too far for the first order in 1/n";
        _: Theory "mean over networks of log10 of the signal or the gradient";
    }
    first_order: Corrected "mean over networks of log10 of the signal or the gradient, to first order in 1/n";
    low: Corrected "lower end of the band of single networks: the mean of log10 to first order in 1/n, less two standard deviations";
    high: Corrected "upper end of the band of single networks";
    spread: Theory "variance over networks of the natural logarithm of the signal or the gradient, times the width, to first order in 1/n";
}

/// Initialisations as figures name them.
const NAMES: [(&str, &str); 6] = [
    ("critical", "critical"),
    ("pytorch", "PyTorch"),
    ("xavier", "Xavier"),
    ("gain", "gain"),
    ("he", "He"),
    ("lecun", "LeCun"),
];

/// Variance of the preactivations of large signals.
const LARGE: f64 = 1e6;

/// Networks of one initialisation, and the activity of their input.
pub struct Initialised {
    scheme: &'static str,
    network: Network,
    activity: f64,
}

impl Params {
    fn critical(&self) -> Result<CriticalPlace, RunError> {
        let found = critical(self.activation, None)?;
        found.place.ok_or_else(|| {
            let message =
                format!("{} has no critical initialisation: {}", self.activation, found.reason.unwrap_or_default());
            RunError::Field { field: "parameters.activation".into(), message }
        })
    }

    /// The critical initialisation, then the others, all shown inputs of one activity: that of the fixed point, or 1 where that is 0 or any.
    fn initialised(&self) -> Result<Vec<Initialised>, RunError> {
        let place = self.critical()?;
        let star = place.q.filter(|q| *q > 0.0);
        let (weight, bias) = (place.ensemble.sigma_w.squared(), place.ensemble.sigma_b.squared());
        let activity = star.map_or(1.0, |q| (q - bias) / weight);
        let of = |scheme: &'static str, ensemble: Ensemble| {
            Ok(Initialised { scheme, network: Network::uniform(ensemble, self.width, self.depth)?, activity })
        };
        let framework = |scheme: &Scheme| {
            let ensemble = scheme.ensemble(self.activation, self.width);
            let ensemble = ensemble.map_err(|reason| {
                let message = format!("{}: {reason}", scheme.name());
                RunError::Field { field: "parameters.schemes".into(), message }
            });
            of(scheme.name(), ensemble?)
        };
        let critical = of("critical", place.ensemble);
        std::iter::once(critical).chain(self.schemes.iter().map(framework)).collect()
    }

    /// Signals in layers `0..=L`, gradients in layers `1..=L`, in the order of [`Experiment::observe`].
    fn laws(&self, ensemble: &Ensemble, of: &Initialised) -> Result<Vec<(&'static str, LogLaw)>, RunError> {
        let [signals, gradients] = log_laws(ensemble, of.activity, of.network.widths())?;
        let gradients = gradients.into_iter().map(|law| ("gradient", law));
        Ok(signals.into_iter().map(|law| ("signal", law)).chain(gradients).collect())
    }

    /// `chi_1` at the fixed point reached from large `q`, or, where signals grow without bound, of large ones.
    fn plane(&self, run: &Run) -> Result<Table, RunError> {
        let rows = run.map(&plane(&self.sigma_w, &self.sigma_b)?, |&(sigma_w, sigma_b)| {
            let theory = run.theory(&Ensemble::new(self.activation, sigma_w, sigma_b)?);
            let q = settled(&theory)?.map_or(LARGE, |star| star.q);
            Ok(row! { sigma_w, sigma_b, chi_1: chi_1(&theory, q) })
        })?;
        table("plane", rows)
    }

    /// The edge from the critical choice on, and where `chi_1` jumps at smaller bias scales.
    fn lines(&self) -> Result<Table, RunError> {
        let place = self.critical()?;
        let (critical_w, critical_b) = (place.ensemble.sigma_w.get(), place.ensemble.sigma_b.get());
        let row = |line: &'static str, q: Option<f64>, sigma_w: f64, sigma_b: f64| row! { line, q, sigma_w, sigma_b };
        rows!(edge);
        edge.push(row("edge", place.q, critical_w, critical_b));
        if let Some(q) = place.q {
            let points = boundary_curve(self.activation, q.max(1e-6) * (1.0 + 1e-6), self.largest_q, self.points);
            edge.extend(points.iter().map(|at| row("edge", Some(at.q), at.sigma_w, at.sigma_b_squared.sqrt())));
        }
        for bias in even(0.0, critical_b, self.points).filter(|_| critical_b > 0.0) {
            if let Some(jump) = chi_1_jump(self.activation, bias)? {
                edge.push(row("jump", Some(jump.q_above), jump.sigma_w, bias));
            }
        }
        Ok(edge.table()?)
    }

    /// Whether Monte Carlo is shown in this layer; signals count from the first layer, gradients from the last.
    fn is_sampled(&self, measure: &str, layer: usize) -> bool {
        let passed = if measure == "signal" { layer } else { self.depth - layer };
        passed.is_multiple_of(self.sampled_every) && layer > 0
    }
}

impl Experiment for Params {
    type Point = Initialised;
    const UNJUDGED: &'static str = "
        beyond.value | networks stray so far from infinite width there that the first order in 1/n says nothing; the table shows by how much
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("sigma_w", self.sigma_w.values())?;
        check_scales("sigma_b", self.sigma_b.values())
    }

    fn points(&self, points: &mut Points<Initialised>) -> Result<(), RunError> {
        for initialised in self.initialised()? {
            let cost = OneNetwork::from(Work::errors(self.width.get() as f64 * self.depth as f64));
            points.keep(initialised.scheme.to_owned(), self.replicas, cost, initialised);
        }
        Ok(())
    }

    fn observe(&self, of: &Initialised, at: &Address) -> Observed {
        let found = errors(&of.network, of.activity, at)?;
        Ok(found.activities.iter().chain(&found.same).map(|value| ln(*value)).collect())
    }

    fn tables(&self, found: &[Found<Initialised>], run: &Run) -> Result<Tables, RunError> {
        rows!(places, curve, bands, layers, beyond, spreads: "spread");
        let width = self.width.get() as f64;
        for found in found {
            let &Initialised { scheme, ref network, .. } = &found.point;
            let (ensemble, replicas) = (network.ensemble, found.replicas());
            places.push(row! { scheme, sigma_w: ensemble.sigma_w, sigma_b: ensemble.sigma_b });
            let laws = self.laws(&run.theory(&ensemble), &found.point)?;
            let exact = self.laws(&ensemble, &found.point)?;
            let is_near = exact.iter().all(|(_, law)| law.variance <= self.largest_variance);
            for (index, (measure, law)) in laws.into_iter().enumerate() {
                let (layer, centre, reach) = (law.layer, law.value + law.bias, 2.0 * law.variance.sqrt());
                let [value, first_order, low, high] =
                    [law.value, centre, centre - reach, centre + reach].map(|x| x * LOG10_E);
                curve.push(row! { measure, scheme, layer, value, first_order });
                if is_near {
                    bands.push(row! { measure, scheme, layer, low, high });
                }
                if self.is_sampled(measure, layer) {
                    let value = Compared::of(law.value, &found.values(index), law.bias).per_decade();
                    if is_near {
                        layers.push(row! { measure, scheme, layer, replicas, value });
                    } else {
                        let value = Expected::new(value.theory + value.correction, (value.mc, value.stderr));
                        beyond.push(row! { measure, scheme, layer, replicas, value });
                    }
                }
                // the last layer of signals, the first of gradients
                if is_near && [self.depth, self.depth + 1].contains(&index) {
                    let found = Estimate::variance_of(&found.values(index));
                    let spread = Judged::new(width * law.variance, (width * found.mean, width * stderr(&found)));
                    spreads.push(row! { measure, scheme, layer, replicas, spread });
                }
            }
        }
        let lines = [self.plane(run)?, self.lines()?, places.table()?, curve.table()?, bands.table()?];
        Ok(lines.into_iter().chain([layers.table()?, beyond.table()?, spreads.table()?]).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("scheme", "{}").names(NAMES);
        let unlabelled = By::unlabelled("scheme");
        let lines = |name: &str| Select::table("edge").filter("line", name);
        let through = |measure: &str, label: &str| {
            let rows = |table: &str| Select::table(table).filter("measure", measure);
            Panel::new(Axis::linear(r"layer $l$"), Axis::exponent(label))
                .series(Series::band(rows("bands"), "layer", "low", "high").by(&unlabelled))
                .series(Series::theory(rows("curve"), "layer", "value").by(&unlabelled).key("theory"))
                .series(
                    Series::finite_width(rows("curve"), "layer", "first_order")
                        .by(&unlabelled)
                        .key("theory, order $1/n$"),
                )
                .series(Series::found(rows("layers"), "layer", "value").by(&by).key("Monte Carlo").in_place())
                .residual(Residual::new(rows("layers"), "layer", "value").by(&by))
                .series(Series::found(rows("beyond"), "layer", "value").by(&unlabelled).in_place())
        };
        let [weights, biases] = [&self.sigma_w, &self.sigma_b].map(|grid| extent(grid.values().iter().copied()));
        let plane = Panel::new(
            Axis::linear(r"weight scale $\sigma_w$").range(weights.0, weights.1),
            Axis::linear(r"bias scale $\sigma_b$").range(biases.0, biases.1),
        )
        .heatmap(map_of_scales("chi_1", r"$\chi_1$ at $q^*$").smooth())
        .series(Series::theory(lines("edge"), "sigma_w", "sigma_b").label(r"$\chi_1 = 1$"))
        .series(Series::boundary(lines("jump"), "sigma_w", "sigma_b").label(r"$\chi_1$ jumps over 1"))
        .series(Series::points("places", "sigma_w", "sigma_b").by(&by).in_place());
        // their colours are hard to tell on that of the map
        let middle = 0.5 * (weights.0 + weights.1);
        let plane = self.initialised().unwrap_or_default().iter().fold(plane, |plane, of| {
            let (x, y) = (of.network.ensemble.sigma_w.get(), of.network.ensemble.sigma_b.get());
            let name = NAMES.iter().find(|(scheme, _)| *scheme == of.scheme).map_or(of.scheme, |(_, name)| name);
            let (aside, anchor) = if x < middle { (0.04, Anchor::Start) } else { (-0.04, Anchor::End) };
            let (across, up) = (weights.1 - weights.0, biases.1 - biases.0);
            plane.note_at(name, Place::Data(x + aside * across, y.max(biases.0 + 0.02 * up)), anchor)
        });
        vec![
            Figure::new("init", "Signals and gradients of initialised networks")
                .setting("phi(u) = {activation}; {depth} layers, n = {width}, {replicas networks} at each initialisation; sigma_w = {sigma_w} and sigma_b = {sigma_b} in (a)")
                .describe(
                    "Growth of squared gradients in a layer at the fixed point (of large signals where there is none) over the plane of scales, with the edge on which they are kept, the critical \
                     initialisation and those of frameworks (a); the activity through the layers (b) and the variance of errors on their way back (c). Lines: infinite width, dashed with the 1/n correction of the mean logarithm; bands: single networks, \
                     two standard deviations to first order in 1/n; points: means of logarithms over networks with their standard errors; differences from theory include the 1/n correction. \
                     Initialisations without a band stray too far from infinite width for it: the first order is a guide for them, and they are not judged.",
                )
                .grid(3, 70.0)
                .shared_legend()
                .panel(plane)
                .panel(through("signal", r"activity $A^l$"))
                .panel(through("gradient", r"variance of errors $\tilde{q}^l$")),
        ]
    }
}

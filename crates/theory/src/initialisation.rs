//! How to initialise a network with an activation: critical scales, what passes through so many layers there, how far one network of finite
//! width strays, and what frameworks would do instead.
//!
//! Signals are activities `A^l`. Gradients are squared errors: `qt^1 / qt^L`, the product of `chi_1` over layers `1..L`, is
//! what is left in the first layer of what enters the last one. Of one network `ln qt^1`, hence the logarithm of the squared gradient of
//! its first weights, and `ln A^L` are normal to first order in 1/n with variances that go as depth over width ([`error_laws`],
//! [`activity_corrections`]; Hanin 2018).

use super::TheoryError;
use super::activity::{FixedPoint, activity_trajectory, chi_1, fixed_points, variance_map};
use super::backward::{error_laws, gradient_depth_scale};
use super::critical::{Critical, Kind, Law, Laws, Place, Side, critical, edge, laws};
use super::finite_width::activity_corrections;
use super::moments::mean_square;
use neurodyn_model::{Activation, BiasStd, Ensemble, Scheme, Width};
use neurodyn_numerics::elementary::ln;
use serde::Serialize;
use std::f64::consts::LOG10_E;

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Request {
    /// The activation.
    pub activation: Activation,
    /// Number of layers, at least 1.
    pub depth: usize,
    /// Neurons a layer.
    pub width: Width,
    /// Activity of the input; that of the critical fixed point when absent, or 1 where that is 0 or any.
    pub activity: Option<f64>,
    /// Bias scale of the edge; the doubly critical choice when absent.
    pub sigma_b: Option<BiasStd>,
}

/// A critical place on the way along an edge.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EdgeRow {
    /// Bias scale.
    pub sigma_b: f64,
    /// Weight scale with `chi_1 = 1`.
    pub sigma_w: f64,
    /// `q*` there.
    pub q_star: f64,
    /// Slope of the activity map there.
    pub activity_slope: f64,
}

/// Where the activation is critical.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CriticalRecord {
    /// A line, a point or none.
    pub kind: Kind,
    /// Weight scale of the choice.
    pub sigma_w: Option<f64>,
    /// Bias scale of the choice.
    pub sigma_b: Option<f64>,
    /// `q*`; null where every `q` is a fixed point.
    pub q_star: Option<f64>,
    /// `sigma_w^2 E[phi'^2]` at `q*`.
    pub chi_1: Option<f64>,
    /// Slope of the activity map at `q*`.
    pub activity_slope: Option<f64>,
    /// Why it is a point, or why there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// How the choice moves with the bias scale, where it can.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub line: Vec<EdgeRow>,
}

/// How a quantity goes with depth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct LawRecord {
    /// `kept`, `exponential`, `power` or `slow`.
    pub law: &'static str,
    /// Layers in which it changes by a factor of e, for an exponential law.
    pub depth_scale: Option<f64>,
    /// Power of the depth, for a power law.
    pub exponent: Option<f64>,
    /// What stands before the power.
    pub amplitude: Option<f64>,
}

impl From<Law> for LawRecord {
    fn from(law: Law) -> Self {
        let none = Self { law: "kept", depth_scale: None, exponent: None, amplitude: None };
        match law {
            Law::Kept => none,
            Law::Exponential { scale } => Self { law: "exponential", depth_scale: Some(scale), ..none },
            Law::Power { exponent, amplitude } => Self { law: "power", exponent: Some(exponent), amplitude, ..none },
            Law::Slow => Self { law: "slow", ..none },
        }
    }
}

/// What happens to signals at the choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SignalRecord {
    /// `A^0`.
    pub input_activity: f64,
    /// `A*`; null where every activity is one.
    pub activity_star: Option<f64>,
    /// `A^L`.
    pub activity: Option<f64>,
    /// Law of `|A^l - A*|` for inputs that come to `A*`.
    #[serde(flatten)]
    pub law: LawRecord,
    /// The only side from which `A*` attracts, `above` or `below`; null where it does from both.
    pub attracts_from: Option<&'static str>,
    /// The fixed point that this input comes to; null where every activity is one.
    pub goes_to: Option<Destination>,
}

/// A fixed point that an input comes to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Destination {
    /// `A` there.
    pub activity: f64,
    /// `chi_1` there.
    pub chi_1: f64,
}

/// What happens to gradients at the choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GradientRecord {
    /// `log10(qt^1 / qt^L)`.
    pub log10_ratio: Option<f64>,
    /// Law of that ratio in `L`, for inputs that come to `A*`.
    #[serde(flatten)]
    pub law: LawRecord,
}

/// How far one network strays, to first order in 1/n.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OneNetwork {
    /// Standard deviation over networks of the logarithm of the squared gradient of the first layer.
    pub log_gradient_std: f64,
    /// Width at which it is 0.1.
    pub width_for_gradient: f64,
    /// Standard deviation over networks of the logarithm of the activity of the last layer.
    pub log_activity_std: f64,
    /// Width at which it is 0.1.
    pub width_for_activity: f64,
}

/// What a framework would do.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FrameworkRecord {
    /// Name of the scheme.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Weight scale.
    pub sigma_w: Option<f64>,
    /// Bias scale.
    pub sigma_b: Option<f64>,
    /// The fixed point that the input comes to.
    pub q_star: Option<f64>,
    /// `chi_1` there.
    pub chi_1: Option<f64>,
    /// Depth scale `1 / ln chi_1` of gradients there.
    pub gradient_depth_scale: Option<f64>,
    /// `A^L`.
    pub activity: Option<f64>,
    /// `log10(qt^1 / qt^L)`.
    pub log10_gradient: Option<f64>,
    /// Why something is null.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// The answer, but for lines of code.
#[derive(Debug, Clone, PartialEq)]
pub struct Initialisation {
    /// The critical choice.
    pub critical: CriticalRecord,
    /// Signals there; `None` where there is no choice.
    pub signal: Option<SignalRecord>,
    /// Gradients there.
    pub gradient: Option<GradientRecord>,
    /// One network there.
    pub one_network: Option<OneNetwork>,
    /// What frameworks would do.
    pub frameworks: Vec<FrameworkRecord>,
}

/// Bias scales at which a line is shown.
const SHOWN: [f64; 8] = [0.0, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0];

/// Answers the request.
pub fn initialisation(request: &Request) -> Result<Initialisation, TheoryError> {
    let Request { activation, depth, width, .. } = *request;
    let found = critical(activation, request.sigma_b)?;
    let star = found.place.and_then(|place| place.q).map(|q| mean_square(activation, q));
    let input = request.activity.or(star.filter(|star| *star > 0.0)).unwrap_or(1.0);
    let mut answer = Initialisation {
        critical: record(activation, &found),
        signal: None,
        gradient: None,
        one_network: None,
        frameworks: Scheme::ALL.map(|scheme| framework(scheme, activation, width, input, depth)).to_vec(),
    };
    let Some(place) = found.place else { return Ok(answer) };
    let laws = laws(&place);
    let passed = pass(&place.ensemble, input, depth).ok();
    answer.signal = Some(signal(&place, &laws, star, input, passed)?);
    let log10_ratio = passed.map(|(_, log)| log * LOG10_E);
    answer.gradient = Some(GradientRecord { log10_ratio, law: laws.gradient.into() });
    answer.one_network = Some(one_network(&place.ensemble, input, depth, width)?);
    Ok(answer)
}

fn record(activation: Activation, found: &Critical) -> CriticalRecord {
    let line = |sigma_b: &f64| {
        let place = edge(activation, *sigma_b).ok()?;
        let (sigma_w, q_star) = (place.ensemble.sigma_w.get(), place.q?);
        Some(EdgeRow { sigma_b: *sigma_b, sigma_w, q_star, activity_slope: place.activity_slope })
    };
    let place = found.place.as_ref();
    let moves = !activation.is_homogeneous();
    CriticalRecord {
        kind: found.kind,
        sigma_w: place.map(|place| place.ensemble.sigma_w.get()),
        sigma_b: place.map(|place| place.ensemble.sigma_b.get()),
        q_star: place.and_then(|place| place.q),
        chi_1: place.map(|place| place.chi_1),
        activity_slope: place.map(|place| place.activity_slope),
        reason: found.reason.clone(),
        line: if moves { SHOWN.iter().filter_map(line).collect() } else { Vec::new() },
    }
}

fn signal(
    place: &Place,
    laws: &Laws,
    star: Option<f64>,
    input: f64,
    passed: Option<(f64, f64)>,
) -> Result<SignalRecord, TheoryError> {
    Ok(SignalRecord {
        input_activity: input,
        activity_star: star,
        activity: passed.map(|(activity, _)| activity),
        law: laws.signal.into(),
        attracts_from: laws.side.map(|side| if side == Side::Above { "above" } else { "below" }),
        goes_to: match place.q {
            None => None,
            Some(star) => {
                let q = settled(&place.ensemble, input, Some(star))?;
                let activity = mean_square(place.ensemble.activation, q);
                Some(Destination { activity, chi_1: chi_1(&place.ensemble, q) })
            }
        },
    })
}

/// `A^L` and `ln(qt^1 / qt^L)` at infinite width.
pub fn pass(ensemble: &Ensemble, activity: f64, depth: usize) -> Result<(f64, f64), TheoryError> {
    let activities = activity_trajectory(ensemble, activity, depth)?;
    let errors =
        activities[..depth - 1].iter().map(|activity| ln(chi_1(ensemble, ensemble.preactivation_variance(*activity))));
    Ok((activities[depth], errors.sum()))
}

/// How far one network of this width strays.
pub fn one_network(ensemble: &Ensemble, activity: f64, depth: usize, width: Width) -> Result<OneNetwork, TheoryError> {
    const FEW: f64 = 0.1;
    let widths = vec![width; depth];
    let gradient = error_laws(ensemble, activity, &widths)?[0].same.variance.sqrt();
    let last = activity_trajectory(ensemble, activity, depth)?[depth];
    let signal = activity_corrections(ensemble, activity, &widths)?[depth].variance.sqrt() / last;
    let enough = |deviation: f64| width.get() as f64 * (deviation / FEW) * (deviation / FEW);
    Ok(OneNetwork {
        log_gradient_std: gradient,
        width_for_gradient: enough(gradient),
        log_activity_std: signal,
        width_for_activity: enough(signal),
    })
}

/// The logarithm of what is in one layer: at infinite width, and the bias of its mean and its variance over networks to first order in 1/n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogLaw {
    /// The layer.
    pub layer: usize,
    /// At infinite width.
    pub value: f64,
    /// Bias of the mean.
    pub bias: f64,
    /// Variance.
    pub variance: f64,
}

/// Signals `ln A^l` in layers `0..=L`, and squared errors on their way back, `ln qt^l`, in layers `1..=L`, from an input of this activity.
pub fn log_laws(ensemble: &Ensemble, activity: f64, widths: &[Width]) -> Result<[Vec<LogLaw>; 2], TheoryError> {
    let activities = activity_trajectory(ensemble, activity, widths.len())?;
    let corrections = activity_corrections(ensemble, activity, widths)?;
    let signals = activities.iter().zip(&corrections).enumerate().map(|(layer, (a, correction))| {
        let variance = correction.variance / (a * a);
        LogLaw { layer, value: ln(*a), bias: correction.bias / a - 0.5 * variance, variance }
    });
    let errors = error_laws(ensemble, activity, widths)?;
    let errors = errors.iter().zip(1..).map(|(law, layer)| LogLaw {
        layer,
        value: law.log_variance,
        bias: law.same.bias,
        variance: law.same.variance,
    });
    Ok([signals.collect(), errors.collect()])
}

/// `q` of the fixed point that an input of this activity comes to; `known` is one of them, to the last digit. Maps that rise lead to the next one in
/// the direction of the first step; those that fall have one.
fn settled(ensemble: &Ensemble, activity: f64, known: Option<f64>) -> Result<f64, TheoryError> {
    // where points meet they are found to the root of a rounding
    const SAME: f64 = 1e-5;
    let same = |a: f64, b: f64| (a - b).abs() <= SAME * b;
    let q = ensemble.preactivation_variance(activity);
    let all = fixed_points(ensemble)?;
    let found = all.points.iter().map(|found: &FixedPoint| found.point.q);
    let mut points: Vec<f64> =
        found.filter(|point| !known.is_some_and(|known| same(*point, known))).chain(known).collect();
    points.sort_by(f64::total_cmp);
    let next = variance_map(ensemble, q);
    let settled = match points[..] {
        [only] if all.unreached.is_none() => Some(only),
        _ if points.iter().any(|point| same(q, *point)) => points.iter().copied().find(|point| same(q, *point)),
        _ if next > q => points.iter().copied().find(|point| *point > q),
        _ => points.iter().rev().copied().find(|point| *point < q),
    };
    settled.map_or_else(|| all.reached().map(|point| point.q), Ok)
}

fn framework(scheme: Scheme, activation: Activation, width: Width, input: f64, depth: usize) -> FrameworkRecord {
    let mut row = FrameworkRecord {
        name: scheme.name(),
        about: scheme.about(),
        sigma_w: None,
        sigma_b: None,
        q_star: None,
        chi_1: None,
        gradient_depth_scale: None,
        activity: None,
        log10_gradient: None,
        reason: None,
    };
    let ensemble = match scheme.ensemble(activation, width) {
        Ok(ensemble) => ensemble,
        Err(reason) => return FrameworkRecord { reason: Some(reason.to_owned()), ..row },
    };
    row.sigma_w = Some(ensemble.sigma_w.get());
    row.sigma_b = Some(ensemble.sigma_b.get());
    if activation.is_homogeneous() {
        row.chi_1 = Some(chi_1(&ensemble, 1.0));
    }
    match settled(&ensemble, input, None) {
        Ok(q) => {
            row.q_star = Some(q);
            row.chi_1 = Some(chi_1(&ensemble, q));
        }
        Err(error) => row.reason = Some(error.reason()),
    }
    row.gradient_depth_scale = row.chi_1.and_then(gradient_depth_scale);
    match pass(&ensemble, input, depth) {
        Ok((activity, log)) => {
            row.activity = Some(activity);
            row.log10_gradient = Some(log * LOG10_E).filter(|log| log.is_finite());
        }
        Err(error) => row.reason = Some(error.reason()),
    }
    row
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_numerics::elementary::log10;

    fn asked(activation: Activation, depth: usize, width: u64, activity: Option<f64>) -> Initialisation {
        let width = Width::new(width).expect("a width");
        initialisation(&Request { activation, depth, width, activity, sigma_b: None }).expect("an answer")
    }

    /// Of relu both logarithms walk by 5 / n a layer: `3 E[phi'^4] / E[phi'^2]^2 - 1` and `E[phi^4] / E[phi^2]^2 - 1` (Hanin 2018).
    #[test]
    fn the_spread_of_relu_has_its_closed_form() {
        let found = asked(Activation::Relu, 40, 500, Some(0.7)).one_network.expect("networks");
        let exact = (5.0f64 * 40.0 / 500.0).sqrt();
        for deviation in [found.log_gradient_std, found.log_activity_std] {
            assert!((deviation / exact - 1.0).abs() < 1e-12, "{found:?}");
        }
        for width in [found.width_for_gradient, found.width_for_activity] {
            assert!((width / 20_000.0 - 1.0).abs() < 1e-12, "{found:?}");
        }
    }

    /// Relu at its critical scales adds `5 / n` a layer, on the way forward and back, and halves of it are the biases of logarithms.
    #[test]
    fn laws_of_logarithms_add_up_for_relu() {
        let ensemble = Ensemble::new(Activation::Relu, std::f64::consts::SQRT_2, 0.0).expect("valid");
        let [signals, errors] = log_laws(&ensemble, 0.7, &[Width::new(500).expect("a width"); 40]).expect("exist");
        assert!(signals.len() == 41 && errors.len() == 40 && (signals[0].layer, errors[0].layer) == (0, 1));
        for law in &signals {
            let exact = 5.0 * law.layer as f64 / 500.0;
            assert!((law.variance - exact).abs() < 1e-12 && (law.bias + 0.5 * exact).abs() < 1e-12, "{law:?}");
            assert!((law.value - ln(0.7)).abs() < 1e-12, "{law:?}");
        }
        assert!((errors[0].variance - 0.4).abs() < 1e-12 && errors[39].variance <= errors[38].variance, "{errors:?}");
    }

    #[test]
    fn frameworks_are_points_of_the_plane() {
        let relu = asked(Activation::Relu, 30, 100, None);
        let row = |found: &Initialisation, name: &str| {
            found.frameworks.iter().find(|row| row.name == name).expect("a row").clone()
        };
        // He's scheme is the critical one of relu, and so is the gain
        for name in ["he", "gain"] {
            let he = row(&relu, name);
            assert!((he.chi_1.expect("one") - 1.0).abs() < 1e-15 && he.q_star.is_none());
            assert!(he.log10_gradient.expect("finite").abs() < 1e-13);
            assert_eq!(he.reason.as_deref(), Some("every activity is a fixed point (gain 1 without bias)"));
        }
        let pytorch = row(&relu, "pytorch");
        // q* = sigma_b^2 / (1 - sigma_w^2 / 2) with sigma_w^2 = 1/3 and sigma_b^2 = 1/300
        assert!((pytorch.q_star.expect("settles") - 1.0 / 300.0 / (1.0 - 1.0 / 6.0)).abs() < 1e-15);
        assert!((pytorch.log10_gradient.expect("finite") - 29.0 * log10(1.0 / 6.0)).abs() < 1e-12);
        let tanh = asked(Activation::Tanh, 30, 100, None);
        assert_eq!(row(&tanh, "gain").sigma_w, Some(5.0 / 3.0));
        assert_eq!((row(&tanh, "lecun").sigma_w, row(&tanh, "lecun").q_star), (Some(1.0), Some(0.0)));
        let gelu = asked(Activation::Gelu, 30, 100, None);
        let gain = row(&gelu, "gain");
        assert!(gain.sigma_w.is_none() && gain.reason.is_some_and(|reason| reason.contains("calculate_gain")));
    }

    #[test]
    fn inputs_go_where_the_layers_lead() {
        let star = asked(Activation::Gelu, 20, 100, None).signal.expect("a signal");
        assert_eq!(Some(star.input_activity), star.activity_star);
        assert!((star.goes_to.expect("a place").chi_1 - 1.0).abs() < 1e-12);
        assert!((star.activity.expect("finite") / star.input_activity - 1.0).abs() < 1e-12);
        for (activity, stays) in [(3.0, true), (1.0, false)] {
            let found = asked(Activation::Gelu, 20, 100, Some(activity)).signal.expect("a signal");
            let goes_to = found.goes_to.expect("a place");
            assert_eq!((goes_to.chi_1 - 1.0).abs() < 1e-9, stays, "{found:?}");
            let far = asked(Activation::Gelu, 10_000, 100, Some(activity)).signal.expect("a signal");
            let (reached, before) = (far.activity.expect("finite"), found.activity.expect("finite"));
            assert!((reached - goes_to.activity).abs() < (before - goes_to.activity).abs(), "{found:?} {far:?}");
        }
        let tanh = asked(Activation::Tanh, 20, 100, None).signal.expect("a signal");
        assert_eq!((tanh.input_activity, tanh.activity_star), (1.0, Some(0.0)));
        let relu = asked(Activation::Relu, 20, 100, None).signal.expect("a signal");
        assert_eq!((relu.input_activity, relu.activity_star, relu.goes_to), (1.0, None, None));
    }

    #[test]
    fn every_activation_has_an_answer() {
        for &activation in Activation::ALL {
            let found = asked(activation, 12, 64, None);
            assert_eq!(found.critical.kind == Kind::None, found.signal.is_none(), "{activation}");
            assert_eq!(found.critical.kind != Kind::Line, found.critical.reason.is_some(), "{activation}");
            let sizes = found.critical.line.windows(2);
            assert!(sizes.into_iter().all(|rows| rows[0].q_star < rows[1].q_star), "{activation} {:?}", found.critical);
            for row in found.frameworks {
                assert!(row.chi_1.is_some() || row.reason.is_some(), "{activation} {row:?}");
            }
        }
    }
}

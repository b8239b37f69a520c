//! Figures of `recurrent_continuous`.

use super::Params;
use crate::experiment::prelude::*;
use crate::theory::continuous::critical_gain;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    vec![chaos(params), sizes()]
}

fn chaos(params: &Params) -> Figure {
    let gain = || Axis::linear("gain $g$");
    let by = By::new("gain", "$g = {}$");
    let critical = critical_gain(params.activation);
    let largest = params.networks.last().map_or(0, |networks| networks.width.get());
    Figure::new("recurrent_continuous", "Chaos in continuous-time random networks")
        .describe(
            "(a) Membrane potentials of a few neurons of one network. (b) Autocorrelation over the square of the gain \
             against the lag, at the largest size: dynamic mean-field theory as lines, means over networks as points. \
             (c) Its value at lag 0 and (d) the largest Lyapunov exponent, extrapolated from two sizes, against the \
             gain; dotted: the transition.",
        )
        .grid(2, 130.0)
        .panel(
            Panel::new(Axis::linear("time $t$"), Axis::linear(r"$x_i(t)$"))
                .title(format!("$g = {}$, $n = {}$", params.course.gain.get(), params.course.width.get()))
                .series(Series::line("course", "time", "potential", Dash::Solid).by(By::unlabelled("neuron")))
                .legend(Legend::Hidden),
        )
        .panel(
            Panel::new(Axis::linear(r"lag $\tau$"), Axis::linear(r"$D(\tau) / g^2$").low(0.0))
                .title(format!("$n = {largest}$"))
                .beside(("lines", "autocorrelation"), "lags", "lag", "autocorrelation", &by),
        )
        .panel(
            Panel::new(gain(), Axis::linear("$D(0) / g^2$").low(0.0))
                .rule(Rule::Vertical(critical))
                .series(Series::theory("curve", "gain", "variance").key("theory"))
                .series(
                    Series::found(Select::table("lags").filter("lag", 0.0), "gain", "autocorrelation")
                        .key("Monte Carlo"),
                ),
        )
        .panel(
            Panel::new(gain(), Axis::linear(r"Lyapunov exponent $\lambda$"))
                .rule(Rule::Vertical(critical))
                .rule(Rule::Horizontal(0.0))
                .beside(("curve", "exponent"), "exponents", "gain", "exponent", None),
        )
}

fn sizes() -> Figure {
    let panel = |(measure, symbol): (&str, &str)| {
        let (rows, by) = (Select::table("sizes").filter("measure", measure), By::new("gain", "$g = {}$"));
        Panel::new(Axis::linear("$1 / n$").low(0.0), Axis::linear(format!("deviation of ${symbol}$")))
            .rule(Rule::Horizontal(0.0))
            .series(Series::line(&rows, "inverse_width", "deviation", Dash::Dotted).by(By::unlabelled("gain")))
            .series(Series::monte_carlo(&rows, "inverse_width", "deviation", "deviation_error").by(by))
    };
    Figure::new("recurrent_continuous_sizes", "Continuous-time networks of finite size")
        .describe(
            "Deviation of the variance of the membrane potentials (a) and of the Lyapunov exponent (b) from \
             infinite-width theory against the inverse number of neurons, with standard errors over networks.",
        )
        .grid(2, 66.0)
        .panels([("variance", "D(0) / g^2"), ("exponent", r"\lambda")].map(panel))
}

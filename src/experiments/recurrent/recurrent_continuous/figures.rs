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
             against the lag, at the largest size: dynamic mean-field theory of infinite networks as lines, means over networks \
             as points with standard errors; networks of finite size lie a little below. \
             (c) Its value at lag 0, at the largest size, and (d) the largest Lyapunov exponent, extrapolated from the two \
             largest sizes, against the gain. Vertical line: the transition to chaos.",
        )
        .grid(2, 130.0)
        .panel(
            Panel::new(Axis::linear("time $t$"), Axis::linear(r"potentials $x_i(t)$"))
                .title(format!("$g = {}$, $n = {}$", params.course.gain.get(), params.course.width.get()))
                .series(Series::line("course", "time", "potential", Dash::Solid).by(By::unlabelled("neuron")))
                .legend(Legend::Hidden),
        )
        .panel(
            Panel::new(Axis::linear(r"lag $\tau$"), Axis::linear(r"autocorrelation $D(\tau) / g^2$").low(0.0))
                .title(format!("$n = {largest}$"))
                .beside(("lines", "autocorrelation"), "lags", "lag", "autocorrelation", &by),
        )
        .panel(
            Panel::new(gain(), Axis::linear("variance $D(0) / g^2$").low(0.0))
                .title(format!("$n = {largest}$"))
                .rule(Rule::Vertical(critical))
                .series(Series::theory("curve", "gain", "variance").key("theory"))
                .series(
                    Series::found(Select::table("lags").filter("lag", 0.0), "gain", "autocorrelation")
                        .key("Monte Carlo"),
                ),
        )
        .panel(
            Panel::new(gain(), Axis::linear(r"Lyapunov exponent $\lambda$"))
                .title(r"$n \to \infty$")
                .rule(Rule::Vertical(critical))
                .rule(Rule::Horizontal(0.0))
                .beside(("curve", "exponent"), "exponents", "gain", "exponent", None),
        )
}

fn sizes() -> Figure {
    let panel = |(measure, label): (&str, &str)| {
        let [rows, limits] = ["sizes", "limits"].map(|table| Select::table(table).filter("measure", measure));
        let by = By::new("gain", "$g = {}$");
        Panel::new(Axis::linear("$1 / n$"), Axis::linear(label))
            .rule(Rule::Horizontal(0.0))
            .series(Series::line(&limits, "inverse_width", "fit", Dash::DashDot).by(By::unlabelled("gain")))
            .series(Series::monte_carlo(&rows, "inverse_width", "deviation", "deviation_error").by(by))
            .series(
                Series::monte_carlo(limits.filter("inverse_width", 0.0), "inverse_width", "limit", "limit_error")
                    .by(By::unlabelled("gain")),
            )
    };
    Figure::new("recurrent_continuous_sizes", "Continuous-time networks of finite size")
        .describe(
            "Deviation of the variance of the membrane potentials (a) and of the Lyapunov exponent (b) from \
             theory of infinite networks against the inverse number of neurons, with standard errors over networks. Dash-dotted: \
             straight lines through the two largest sizes, and where they meet 1/n = 0, with its standard error.",
        )
        .grid(2, 66.0)
        .panels([("variance", "deviation of variance $D(0) / g^2$"), ("exponent", r"deviation of exponent $\lambda$")].map(panel))
}

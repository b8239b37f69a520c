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
        .setting("phi(u) = {activation}; {networks.replicas} networks of n = {networks.width}, {motion.trajectories} trajectories in each, {motion.watched} samples of each at times {motion.interval} apart, after {motion.transient} that are left out; g = {course.gain}, n = {course.width} in (a)")
        .describe(
            "(a) Membrane potentials of a few neurons of one network. (b) Autocorrelation over the square of the gain \
             against the lag, at the largest size: dynamic mean-field theory of infinite networks as lines, means over networks \
             as points with standard errors. \
             (c) Its value at lag 0, at the largest size, and (d) the largest Lyapunov exponent, extrapolated from the two \
             largest sizes, against the gain. Vertical line: the transition to chaos. Below the transition tangents are judged by \
             theory of their growth over the time watched, which is less than 0.01 below the limit drawn.",
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
                .found(Select::table("lags").filter("lag", 0.0), "gain", "autocorrelation", None)
                .series(Series::monte_carlo("further", "gain", "seen_variance", "seen_variance_error")),
        )
        .panel(
            Panel::new(gain(), Axis::linear(r"Lyapunov exponent $\lambda$"))
                .title(r"$n \to \infty$")
                .rule(Rule::Vertical(critical))
                .rule(Rule::Horizontal(0.0))
                .beside(("curve", "exponent"), "exponents", "gain", "exponent", None)
                .found_unkeyed("further", "gain", "exponent", None),
        )
}

fn sizes() -> Figure {
    let panel = |(measure, label): (&str, &str)| {
        let [rows, limits] = ["sizes", "limits"].map(|table| Select::table(table).filter("measure", measure));
        let by = By::new("gain", "$g = {}$");
        let panel = Panel::new(Axis::linear("$1 / n$").low(-3e-4), Axis::linear(label))
            .rule(Rule::Horizontal(0.0))
            .series(Series::monte_carlo(&rows, "inverse_width", "deviation", "deviation_error").by(by));
        if measure == "variance" {
            return panel;
        }
        panel
            .series(Series::line(&limits, "inverse_width", "fit", Dash::DashDot).by(By::unlabelled("gain")))
            .series(Series::boundary("beyond", "inverse_width", "fit").by(By::unlabelled("gain")))
            .series(
                Series::monte_carlo(limits.filter("inverse_width", 0.0), "inverse_width", "limit", "limit_error")
                    .by(By::unlabelled("gain")),
            )
    };
    Figure::new("recurrent_continuous_sizes", "Continuous-time networks of finite size")
        .setting("phi(u) = {activation}; {networks.replicas} networks of n = {networks.width}, {motion.trajectories} trajectories in each")
        .describe(
            "Deviation of the variance of the membrane potentials (a) and of the Lyapunov exponent (b) from \
             theory of infinite networks against the inverse number of neurons, with standard errors over networks. In (b) dash-dotted: \
             straight lines through the two largest sizes, whose values at 1/n = 0 are the exponents extrapolated; dotted: the same lines \
             as far as the smallest size, which did not make them.",
        )
        .grid(2, 66.0)
        .panels([("variance", "deviation of variance $D(0) / g^2$"), ("exponent", r"deviation of exponent $\lambda$")].map(panel))
}

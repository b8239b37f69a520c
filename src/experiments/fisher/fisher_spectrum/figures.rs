//! Figures.

use super::Params;
use crate::experiment::prelude::*;

pub(super) fn figures(params: &Params) -> Vec<Figure> {
    let names = Activation::known().into_iter().map(|activation| (activation.name(), activation.short_label()));
    let by = By::new("activation", "{}").names(names);
    let rows = |table: &str, quantity: &str| Select::table(table).filter("quantity", quantity);
    let widths = || params.widths.width.iter().map(|width| width.get() as f64);
    let (least, most) = (widths().fold(f64::INFINITY, f64::min), widths().fold(0.0, f64::max));
    let width = || Axis::log10(r"width $n$").include(0.8 * least).include(1.25 * most);
    let levels = |quantity: &str, label: &str| {
        Panel::new(width(), Axis::log10(label))
            .series(Series::theory(rows("widths", quantity), "width", "expected").by(&by).key("theory"))
            .series(
                Series::monte_carlo(rows("widths", quantity), "width", "found", "found_error")
                    .by(&by)
                    .key("Monte Carlo"),
            )
    };
    let shifts = |quantity: &str, label: &str| {
        let panel = Panel::new(width(), Axis::linear(label)).rule(Rule::Horizontal(0.0)).series(
            Series::monte_carlo(rows("relative", quantity), "place", "deviation", "deviation_error").by(&by).in_place(),
        );
        if quantity == "mean" {
            return panel.residual(Residual::new("trace", "width", "value").by(&by));
        }
        let fit = Series::line(rows("fits", quantity), "place", "fitted", Dash::DashDot);
        panel.series(fit.by(By::unlabelled("activation")).key("fit $c / n$"))
    };
    let depths = |quantity: &str, label: &str| {
        Panel::new(Axis::linear(r"layers of weights $L$"), Axis::log10(label)).beside(
            (rows("depths", quantity), "expected"),
            rows("spectrum", quantity),
            "depth",
            "spectrum",
            &by,
        )
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
                params.widths.narrowest.get()
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
                    .series(Series::monte_carlo("shares", "ratio", "diverged", "diverged_error").by(&by_width)),
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

//! The answer as text.

use super::Answer;
use crate::cli::theory::shown;
use crate::numerics::elementary::exp;
use crate::theory::critical::Kind;
use crate::theory::initialisation::{FrameworkRecord, GradientRecord, LawRecord, OneNetwork, SignalRecord};
use std::f64::consts::LN_10;

pub(super) fn text(answer: &Answer) -> String {
    let Answer { activation, depth, width, critical, .. } = answer;
    let mut text = format!("{activation}, {depth} layers of {width} neurons\n");
    let kind = match critical.kind {
        Kind::Line => "a line: one weight scale for each bias scale",
        Kind::Point => "a point",
        Kind::None => "none",
    };
    row(&mut text, "critical", kind);
    if let Some(reason) = &critical.reason {
        row(&mut text, "because", reason);
    }
    let numbers = [
        ("sigma_w", critical.sigma_w),
        ("sigma_b", critical.sigma_b),
        ("q*", critical.q_star),
        ("chi_1", critical.chi_1),
        ("d chi_0 / dA", critical.activity_slope),
    ];
    for (name, value) in numbers {
        let any = if critical.kind == Kind::None { "none" } else { "any" };
        row(&mut text, name, &value.map_or_else(|| any.to_owned(), shown));
    }
    if let (Some(signal), Some(gradient)) = (&answer.signal, &answer.gradient) {
        text.push_str(&signals(signal, gradient, *depth));
    }
    if let Some(one) = &answer.one_network {
        text.push_str(&one_network(one));
    }
    text.push_str(&frameworks(&answer.frameworks));
    if !critical.line.is_empty() {
        text.push_str("\nalong the line chi_1 = 1\n");
        line(&mut text, ["sigma_b", "sigma_w", "q*", "d chi_0 / dA"].map(str::to_owned));
        for edge in &critical.line {
            line(&mut text, [edge.sigma_b, edge.sigma_w, edge.q_star, edge.activity_slope].map(short));
        }
    }
    if let Some(code) = &answer.code {
        for (name, lines) in [("PyTorch", &code.pytorch), ("JAX, Flax", &code.flax), ("Keras", &code.keras)] {
            text.push_str(&format!("\n# {name}\n{lines}"));
        }
    }
    text
}

fn signals(signal: &SignalRecord, gradient: &GradientRecord, depth: usize) -> String {
    let mut text = format!("\nsignals and gradients through {depth} layers\n");
    row(&mut text, "A of the input", &shown(signal.input_activity));
    row(&mut text, "A of the last layer", &signal.activity.map_or_else(|| "none: not finite".to_owned(), shown));
    row(&mut text, "A*", &signal.activity_star.map_or_else(|| "any".to_owned(), shown));
    let side = signal.attracts_from.map_or_else(String::new, |side| format!(", from {side}; an input of A* stays"));
    let beyond = signal.law.amplitude.zip(signal.activity_star).map(|(amplitude, star)| {
        // the power starts where it would have the distance of the input
        amplitude / (signal.input_activity - star).abs()
    });
    let beyond = beyond.filter(|layers| layers.is_finite() && *layers > 1.0);
    let beyond = beyond.map_or_else(String::new, |layers| format!(" far beyond {} layers", short(layers)));
    row(&mut text, "|A - A*|", &(law(&signal.law) + &beyond + &side));
    if let (Some(goes_to), Some(star)) = (signal.goes_to, signal.activity_star)
        && goes_to.activity != star
    {
        let [activity, chi_1] = [goes_to.activity, goes_to.chi_1].map(short);
        row(&mut text, "this input goes to", &format!("A {activity}, where chi_1 is {chi_1}"));
    }
    let ratio = gradient.log10_ratio.map_or_else(|| "none: not finite".to_owned(), power_of_ten);
    row(&mut text, "squared gradient", &format!("{ratio} (of the first layer, over that of the last)"));
    row(&mut text, "with depth", &(law(&gradient.law) + &beyond));
    text
}

fn one_network(one: &OneNetwork) -> String {
    let mut text = "\none network, to first order in 1/n\n".to_owned();
    let value = |deviation: f64, width: f64| {
        format!("{}; 0.1 at width {}", short(deviation), short((width * (1.0 - 1e-12)).ceil()))
    };
    row(&mut text, "sd of ln gradient^2", &value(one.log_gradient_std, one.width_for_gradient));
    row(&mut text, "sd of ln A", &value(one.log_activity_std, one.width_for_activity));
    text
}

fn frameworks(rows: &[FrameworkRecord]) -> String {
    let mut text = "\nwhat frameworks would do\n".to_owned();
    let number = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), short);
    let wide = |first: &str, cells: [String; 6]| {
        let cells: String = cells.iter().map(|cell| format!("{cell:<14}")).collect();
        format!("  {first:<32}{cells}").trim_end().to_owned() + "\n"
    };
    let names = ["sigma_w", "sigma_b", "q*", "chi_1", "A last", "gradient^2"];
    text.push_str(&wide("", names.map(str::to_owned)));
    for row in rows {
        let gradient = row.log10_gradient.map_or_else(|| "none".to_owned(), power_of_ten);
        let [sigma_w, sigma_b, q, chi_1, last] =
            [row.sigma_w, row.sigma_b, row.q_star, row.chi_1, row.activity].map(number);
        text.push_str(&wide(row.about, [sigma_w, sigma_b, q, chi_1, last, gradient]));
        if let Some(reason) = &row.reason {
            text.push_str(&format!("    {reason}\n"));
        }
    }
    text
}

fn row(text: &mut String, name: &str, value: &str) {
    text.push_str(&format!("  {name:<22}{value}\n"));
}

fn line(text: &mut String, cells: [String; 4]) {
    let cells: String = cells.iter().map(|cell| format!("{cell:<14}")).collect();
    text.push_str(&format!("  {}\n", cells.trim_end()));
}

fn law(law: &LawRecord) -> String {
    match (law.law, law.depth_scale, law.exponent, law.amplitude) {
        ("exponential", Some(scale), ..) => format!("falls by a factor e in {} layers", short(scale)),
        ("power", _, Some(exponent), None) => format!("goes as l^{}", short(exponent)),
        ("power", _, Some(exponent), Some(amplitude)) => format!("goes as {} l^{}", short(amplitude), short(exponent)),
        ("kept", ..) => "tends to a constant".to_owned(),
        _ => "falls more slowly than the expansion at A* tells".to_owned(),
    }
}

/// Six digits.
fn short(value: f64) -> String {
    let rounded: f64 = format!("{value:.5e}").parse().unwrap_or(value);
    if rounded.abs() < 1e7 { shown(rounded) } else { format!("{rounded:e}") }
}

/// `10^x` in four digits, beyond the range of numbers too.
fn power_of_ten(log10: f64) -> String {
    if log10.abs() < 3.0 {
        return shown(format!("{:.3e}", exp(log10 * LN_10)).parse().unwrap_or_default());
    }
    let mut exponent = log10.floor();
    let mut mantissa = exp((log10 - exponent) * LN_10);
    if mantissa >= 9.9995 {
        (mantissa, exponent) = (1.0, exponent + 1.0);
    }
    format!("{mantissa:.3}e{exponent}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_ten_have_four_digits_and_no_limit() {
        for (log10, expected) in [(0.0, "1"), (-1.0, "0.1"), (2.5, "316.2"), (-412.3, "5.012e-413"), (7.0, "1.000e7")] {
            assert_eq!(power_of_ten(log10), expected);
        }
        assert_eq!(power_of_ten(-1e-16), "1");
        assert_eq!(power_of_ten(-4.000_001), "1.000e-4");
    }
}

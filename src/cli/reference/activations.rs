//! The page about the activations: what their own files hold of each, and what theory says of it.

use crate::model::Activation;
use crate::model::activation::{PairLaw, Parity};
use crate::model::formula::{self, NAMED, Named, WITH_A_FILE};
use crate::numerics::quadrature::{PairCovariance, Shape};
use crate::theory::phase::critical_sigma_w;

/// Bias scales at which the edge of chaos is shown.
const SIGMA_B: [f64; 4] = [0.0, 0.1, 0.3, 1.0];

/// The page, as Markdown.
pub(super) fn page() -> String {
    let rows = |row: fn(Activation) -> String| -> String { Activation::ALL.iter().map(|one| row(*one)).collect() };
    let named = |row: fn(Activation) -> String| -> String {
        NAMED[WITH_A_FILE..].iter().filter_map(|one| one.name.parse().ok()).map(row).collect()
    };
    let scales: Vec<String> = SIGMA_B.iter().map(|sigma_b| format!("`sigma_b` = {sigma_b}")).collect();
    format!(
        "# Activations\n\nThe names are those of experiment files and of `--activation`. Wherever a name stands, a formula may stand: see \
         [Your own activation](../how-to/activation.md).\n\n## What they are\n\n`Phi` is the standard \
         normal distribution function, `erf` the error function; labels are those of figures, in the markup of labels.\n\n\
         | name | function | properties | label |\n|---|---|---|---|\n{}\n## Named formulas\n\nThese are formulas with a name. One with parameters \
         takes them after `u`, as in `silu(u, 1.702)`; without them it has those shown.\n\n| name | formula | |\n|---|---|---|\n{}\n\
         ## The functions of formulas\n\n`u` is the preactivation; `pi` and `e` are numbers. Operators: `+ - * / ^`, and inside of `where` the \
         comparisons `< <= > >=`, `and`, `or`.\n\n{}\n\n## The edge of chaos\n\nThe smallest weight scale `sigma_w` at which \
         `chi_1 = sigma_w^2 E[phi'(u)^2]` is 1 at the fixed point of the activity that is reached from above: small distances neither grow \
         nor shrink there. Without a number there is no such scale. `neurodyn theory` says more of one ensemble.\n\n| name | {} |\n|---|{}\n{}\n\
         ## Closed forms\n\nGaussian integrals that are closed forms, right to a few units in the last place; `u` and `v` are jointly normal with \
         mean 0. All others are computed by quadrature.\n\n| name | closed forms |\n|---|---|\n{}",
        rows(facts),
        formulas(),
        functions(),
        scales.join(" | "),
        "---|".repeat(SIGMA_B.len()),
        rows(critical) + &named(critical),
        rows(closed_forms)
    )
}

/// The formulas that have a name.
fn formulas() -> String {
    let row = |one: &Named| {
        let parameters: Vec<String> =
            one.parameters.iter().map(|(name, value)| format!("`{name}` = {value}")).collect();
        let about = [one.about.to_owned(), parameters.join(", ")].into_iter().filter(|part| !part.is_empty());
        format!("| `{}` | `{}` | {} |\n", one.name, one.formula, about.collect::<Vec<_>>().join(" "))
    };
    NAMED[WITH_A_FILE..].iter().map(row).collect()
}

/// What a formula may call.
fn functions() -> String {
    let named = NAMED.iter().map(|one| one.name);
    let all = formula::functions().chain(named).map(|name| format!("`{name}`"));
    format!("Functions: {}, `min`, `max`, `where(u > 0, a, b)`.", all.collect::<Vec<_>>().join(", "))
}

fn facts(activation: Activation) -> String {
    let definition = activation.definition();
    let mut said = vec![match definition.parity() {
        Parity::Odd => "odd".to_owned(),
        Parity::Even => "even".to_owned(),
        Parity::None => "neither odd nor even".to_owned(),
    }];
    said.push(if definition.is_smooth() { "smooth".to_owned() } else { rough(activation) });
    if definition.is_homogeneous() {
        said.push("homogeneous: `phi(s u) = s phi(u)` for `s > 0`".to_owned());
    }
    said.push(match (definition.bound(), definition.tails()) {
        (Some(bound), _) => format!("at most {bound} in size"),
        (None, (down, up)) if down == up => format!("unbounded, slope {up} far out"),
        (None, (down, up)) => format!("unbounded, slope {down} far down and {up} far up"),
    });
    let (about, label) = (activation.about().trim_end_matches('.'), definition.label());
    format!("| `{activation}` | {about} | {} | `{label}` |\n", said.join("; "))
}

/// Where it is not smooth.
fn rough(activation: Activation) -> String {
    const NEAR: f64 = 1e-9;
    if activation.shape() != Shape::KinkedAtZero {
        return "not smooth".to_owned();
    }
    let jump = activation.value(NEAR) - activation.value(-NEAR);
    if jump.abs() > 10.0 * NEAR {
        return "a jump at 0".to_owned();
    }
    let (before, after) = (activation.derivative(-NEAR), activation.derivative(NEAR));
    format!("a kink at 0, from slope {before} to {after}")
}

fn critical(activation: Activation) -> String {
    let at = |sigma_b: &f64| {
        critical_sigma_w(activation, *sigma_b).map_or_else(|_| "-".to_owned(), |at| format!("{:.6}", at.sigma_w))
    };
    format!("| `{activation}` | {} |\n", SIGMA_B.iter().map(at).collect::<Vec<_>>().join(" | "))
}

fn closed_forms(activation: Activation) -> String {
    let definition = activation.definition();
    // what is there does not depend on the variances
    let law = PairCovariance { q: 1.0, difference: 0.0, gap: 1.0 };
    let pair = PairLaw::of(&law);
    let there = [
        ("E[phi(u)^2]", definition.second_moment(0, 1.0).is_some()),
        ("E[phi'(u)^2]", definition.second_moment(1, 1.0).is_some()),
        ("E[phi''(u)^2]", definition.second_moment(2, 1.0).is_some()),
        ("Var[phi(u)^2]", definition.square_variance(1.0).is_some()),
        ("E[phi(u) phi(v)]", definition.overlap(&pair).is_some()),
        ("E[phi'(u) phi'(v)]", definition.overlap_slope(&pair).is_some()),
        ("E[phi''(u) phi''(v)]", definition.overlap_bend(&pair).is_some()),
        ("E[(phi(v) - phi(u))^2]", definition.squared_difference(&law).is_some()),
    ];
    let named: Vec<String> = there.iter().filter(|(_, there)| *there).map(|(name, _)| format!("`{name}`")).collect();
    let named = if named.is_empty() { "none".to_owned() } else { named.join(", ") };
    format!("| `{activation}` | {named} |\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_are_those_of_the_function() {
        assert!(
            facts(Activation::Relu).contains("a kink at 0, from slope 0 to 1; homogeneous"),
            "{}",
            facts(Activation::Relu)
        );
        assert!(facts(Activation::Tanh).contains("| odd; smooth; at most 1 in size |"), "{}", facts(Activation::Tanh));
        assert_eq!(critical(Activation::Relu).matches("1.414214").count(), SIGMA_B.len());
        assert!(critical(Activation::Tanh).starts_with("| `tanh` | 1.000000 | "));
        assert!(closed_forms(Activation::Tanh).ends_with("| none |\n"));
        assert!(closed_forms(Activation::Sin).contains("`E[phi''(u) phi''(v)]`"));
    }
}

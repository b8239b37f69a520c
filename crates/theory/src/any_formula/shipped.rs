//! The shipped activations as formulas.

use super::*;
use neurodyn_model::Formula;

fn as_formula(activation: Activation) -> Activation {
    let found = Formula::unrecognised(&format!("{activation}(u)")).expect("a formula");
    assert!(matches!(found, Activation::Formula(_)), "{activation}");
    found
}

/// What is refused for a shipped activation may be known of a formula.
fn compare(what: &str, shipped: Found, formula: Found, tolerance: f64, wrong: &mut Vec<String>) {
    for (name, shipped, size) in shipped {
        let Ok(shipped) = shipped else { continue };
        match formula.iter().find(|found| found.0 == name).map(|found| &found.1) {
            Some(Ok(formula)) => {
                let error = (formula - shipped).abs();
                // sums of products of four derivatives of waves lose a digit
                let tolerance = if name.contains("corrections") { 10.0 * tolerance } else { tolerance };
                if !(error <= tolerance * size + 1e-16) {
                    wrong.push(format!("{what}, {name}: {formula:e}, not {shipped:e}, off by {:e}", error / size));
                }
            }
            found => wrong.push(format!("{what}, {name}: {found:?}, not {shipped:e}")),
        }
    }
}

#[test]
fn moments_agree_with_themselves() {
    let mut wrong = Vec::new();
    for &activation in Activation::ALL {
        compare(
            activation.name(),
            moments(activation, &laws()),
            moments(as_formula(activation), &laws()),
            1e-12,
            &mut wrong,
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn layers_agree_with_themselves() {
    let mut wrong = Vec::new();
    for activation in [Activation::Tanh, Activation::ErfSqrtpi2] {
        let (shipped, formula) = (continuous(activation), continuous(as_formula(activation)));
        compare(activation.name(), shipped, formula, 1e-10, &mut wrong);
    }
    for &activation in Activation::ALL {
        // without bias the signal may die out
        let silent = activation.is_odd();
        for (w, b) in [(1.5, 0.3)].into_iter().chain(silent.then_some((0.7, 0.0))) {
            let of = |activation| layers(&Ensemble::new(activation, w, b).expect("valid"));
            compare(&format!("{activation} {w} {b}"), of(activation), of(as_formula(activation)), 1e-12, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

use super::*;
use crate::elementary::{erf, exp, expm1, sigmoid, sin_cos, tanh, within};
use crate::quadrature::{Bivariate, CHUNK, Integrand, Node, PairCovariance, PairIntegrand, Shape, Univariate};
use std::cell::Cell;

type Jet = [f64; 3];
type Function = fn(f64) -> Jet;

fn try_pieces(breaks: &[f64], phi: impl Fn(f64) -> Jet) -> Result<&'static Pieces, Unresolved> {
    let found = Pieces::resolve(breaks, |nodes, values| {
        nodes.iter().zip(values).for_each(|(&u, value)| *value = phi(u));
    });
    found.map(|pieces| &*Box::leak(Box::new(pieces)))
}

fn pieces(breaks: &[f64], phi: impl Fn(f64) -> Jet) -> &'static Pieces {
    try_pieces(breaks, phi).expect("resolved")
}

fn tanh_of(a: f64, u: f64) -> Jet {
    let (t, c) = (tanh(a * u), crate::elementary::cosh((a * u).clamp(-700.0, 700.0)));
    let s = 1.0 / (c * c);
    [t, a * s, -2.0 * a * a * t * s]
}

fn bump(u: f64) -> Jet {
    let d = u - 3.0;
    let e = exp(-d * d / 0.02);
    [e, -100.0 * d * e, (1e4 * d * d - 100.0) * e]
}

fn steep(u: f64) -> Jet {
    let (s, r) = (sigmoid(30.0 * (u - 2.0)), sigmoid(-30.0 * (u - 2.0)));
    [s, 30.0 * s * r, 900.0 * s * r * (r - s)]
}

fn root(u: f64) -> Jet {
    let r = u.abs().sqrt();
    [r, 0.5 * u.signum() / r, -0.25 / (r * r * r)]
}

fn power(u: f64) -> Jet {
    let r = u.abs().sqrt();
    [r * r * r, 1.5 * u.signum() * r, 0.75 / r]
}

fn sine(u: f64) -> Jet {
    let (s, c) = sin_cos(u);
    [s, c, -s]
}

/// Functions of the reference values: name, breaks, function.
const FUNCTIONS: &[(&str, &[f64], Function)] = &[
    ("step", &[0.3], |u| [if u > 0.3 { 1.0 } else { -1.0 }, 0.0, 0.0]),
    ("relu_at_0.7", &[0.7], |u| [(u - 0.7).max(0.0), f64::from(u > 0.7), 0.0]),
    ("hard_tanh", &[-1.0, 1.0], |u| [u.clamp(-1.0, 1.0), f64::from(u.abs() < 1.0), 0.0]),
    ("relu6", &[0.0, 6.0], |u| [u.clamp(0.0, 6.0), f64::from(u > 0.0 && u < 6.0), 0.0]),
    ("elu", &[0.0], |u| if u > 0.0 { [u, 1.0, 0.0] } else { [expm1(u), exp(u), exp(u)] }),
    ("bump", &[], bump),
    ("sigmoid", &[], steep),
    ("root", &[0.0], root),
    ("power_1.5", &[0.0], power),
];

/// `phi(v) - phi(u)`, without cancellation where both are on one piece.
fn apart(name: &str, breaks: &[f64], phi: Function, node: &Node) -> f64 {
    let &Node { u, v, t, .. } = node;
    let [at_u, slope, _] = phi(u);
    let together = breaks.iter().all(|b| (u > *b) == (v > *b));
    match name {
        "bump" => at_u * expm1(-(2.0 * (u - 3.0) + t) * t / 0.02),
        _ if !together => phi(v)[0] - at_u,
        "elu" if u < 0.0 => exp(u) * expm1(t),
        "root" => u.signum() * t / (at_u + phi(v)[0]),
        "power_1.5" => {
            let (a, b) = (u.abs().sqrt(), v.abs().sqrt());
            u.signum() * t * (a * a + a * b + b * b) / (a + b)
        }
        _ => slope * t,
    }
}

struct Case<'a> {
    name: &'a str,
    law: PairCovariance,
    quantity: &'a str,
    exact: f64,
}

fn cases() -> Vec<Case<'static>> {
    let text = include_str!("../../../../../tests/reference/pieces.csv");
    let number = |text: &str| text.parse().expect("a number");
    text.lines()
        .skip(1)
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let law = PairCovariance { q: number(cells[1]), difference: number(cells[2]), gap: number(cells[3]) };
            Case { name: cells[0], law, quantity: cells[4], exact: number(cells[5]) }
        })
        .collect()
}

#[test]
fn reference_values() {
    let mut worst = std::collections::BTreeMap::new();
    let known: Vec<(&str, Shape)> =
        FUNCTIONS.iter().map(|(name, breaks, phi)| (*name, Shape::Pieces(pieces(breaks, phi)))).collect();
    let mut count = 0;
    for Case { name, law, quantity, exact } in cases() {
        let &(_, breaks, phi) = FUNCTIONS.iter().find(|function| function.0 == name).expect("a function");
        let shape = known.iter().find(|known| known.0 == name).expect("a function").1;
        let shift = if ["step", "hard_tanh", "elu"].contains(&name) { 1.0 } else { 0.0 };
        let found = match quantity {
            "square" => Univariate::new(shape, law.q).expectation(|u| phi(u)[0] * phi(u)[0]),
            "slope" => Univariate::new(shape, law.q).expectation(|u| phi(u)[1] * phi(u)[1]),
            "product" => {
                let rule = Bivariate::new(shape, &law);
                rule.expectations(|u| phi(u)[0] + shift, |f, node| [f * (phi(node.v)[0] + shift)])[0]
            }
            "apart" => {
                let rule = Bivariate::new(shape, &law);
                let square = |node: &Node| apart(name, breaks, phi, node) * apart(name, breaks, phi, node);
                rule.expectations(|_| (), |(), node| [square(node)])[0]
            }
            _ => panic!("{quantity}"),
        };
        let error = (found / exact - 1.0).abs();
        count += 1;
        if error > 1e-12 {
            println!("BAD {name} {law:?} {quantity}: {found} {exact} {error:e}");
        }
        let entry = worst.entry((name, quantity)).or_insert(0.0_f64);
        *entry = entry.max(error);
    }
    println!("{count} {worst:?}");
}

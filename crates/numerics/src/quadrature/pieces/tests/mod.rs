use super::*;
use crate::elementary::{exp, expm1, sigmoid, sin_cos, tanh};
use crate::quadrature::Shape;
use std::sync::Mutex;

mod rules;
mod vectors;

type Jet = [f64; 3];
type Function = fn(f64) -> Jet;

/// Pieces that are kept for the life of the process, as a [`Shape`] needs them.
fn try_pieces(breaks: &[f64], phi: impl Fn(f64) -> Jet) -> Result<&'static Pieces, Unresolved> {
    // named by a static, so that they are no leak
    static KEPT: Mutex<Vec<&Pieces>> = Mutex::new(Vec::new());
    let found = Pieces::resolve(breaks, |nodes, values| {
        nodes.iter().zip(values).for_each(|(&u, value)| *value = phi(u));
    })?;
    let pieces: &'static Pieces = Box::leak(Box::new(found));
    KEPT.lock().expect("no test panics here").push(pieces);
    Ok(pieces)
}

fn pieces(breaks: &[f64], phi: impl Fn(f64) -> Jet) -> &'static Pieces {
    try_pieces(breaks, phi).expect("resolved")
}

/// For tests of other rules.
pub(in crate::quadrature) fn hard_tanh() -> Shape {
    let (_, breaks, phi) = FUNCTIONS[2];
    Shape::Pieces(pieces(breaks, phi))
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

#[test]
fn what_is_not_smooth_is_refused() {
    let reason = |breaks: &[f64], phi: Function| try_pieces(breaks, phi).expect_err("refused");
    let kink = reason(&[], |u| [(u - 0.7).max(0.0), f64::from(u > 0.7), 0.0]);
    assert!(kink.reason == Reason::NotSmooth && (kink.at - 0.7).abs() < 1e-12, "{kink}");
    let jump = reason(&[0.0], |u| [if u < -3.3 { 1.0 } else { 0.0 }, 0.0, 0.0]);
    assert!(jump.reason == Reason::NotSmooth && (jump.at + 3.3).abs() < 1e-12, "{jump}");
    let waves = reason(&[], |u| {
        let (s, c) = sin_cos(1e3 * u);
        [s, 1e3 * c, -1e6 * s]
    });
    assert_eq!(waves.reason, Reason::TooFine);
    // ln u, on its half line only
    let half = reason(&[0.0], |u| [crate::elementary::ln(u), 1.0 / u, -1.0 / (u * u)]);
    assert!(half.reason == Reason::NotFinite && half.at <= 0.0, "{half}");
    let fast = reason(&[], |u| [exp(20.0 * u), 20.0 * exp(20.0 * u), 400.0 * exp(20.0 * u)]);
    assert!(fast.reason == Reason::NotFinite && (8.0..9.0).contains(&fast.at), "{fast}");
    assert_eq!(fast.to_string(), format!("at u = {} {}", fast.at, Reason::NotFinite));
}

#[test]
fn reach_and_squares_are_what_the_function_allows() {
    let far = (1_u64 << 40) as f64;
    let of = |name: &str| {
        FUNCTIONS.iter().find(|function| function.0 == name).map(|f| pieces(f.1, f.2)).expect("a function")
    };
    for (name, squares) in
        [("elu", [true; 3]), ("bump", [true; 3]), ("root", [true, false, false]), ("power_1.5", [true, true, false])]
    {
        assert_eq!((of(name).reach(), of(name).square_integrable()), (far, squares), "{name}");
    }
    let shifted = pieces(&[0.7], |u| power(u - 0.7));
    assert_eq!(shifted.square_integrable(), [true, true, false]);
    let steep = pieces(&[0.0], |u| [1.0 / u, -1.0 / (u * u), 2.0 / (u * u * u)]);
    assert_eq!(steep.square_integrable(), [false; 3]);
    assert!(pieces(&[], sine).reach() > 3500.0);
    // the fourth power of exp overflows at 177.4
    let growing = pieces(&[], |u| [exp(u); 3]);
    assert!((170.0..177.5).contains(&growing.reach()));
    assert_eq!(Shape::Pieces(growing).largest_variance(), growing.largest_variance());
    for name in ["hard_tanh", "elu", "root", "bump"] {
        let edges = of(name).edges();
        assert!(edges.iter().zip(edges.iter().rev()).all(|(a, b)| *a == -b), "{name}");
        assert!(edges.is_sorted() && of(name).breaks().iter().all(|b| edges.contains(b)), "{name}");
    }
    // a panel an octave would be 80 edges
    for line in
        [pieces(&[], |u| [u, 1.0, 0.0]), pieces(&[], |_| [1.0, 0.0, 0.0]), pieces(&[], |u| [u * u, 2.0 * u, 2.0])]
    {
        assert_eq!(line.edges(), [-far, 0.0, far]);
    }
}

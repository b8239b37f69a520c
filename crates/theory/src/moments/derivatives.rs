//! Derivatives in `q` of `E[f(u)]` for formulas, `f = phi^2` or `phi'^2`, kinks and jumps included.
//!
//! `d^m E[f] / dq^m = 2^-m E[f^(n)]` with `n = 2 m`, where `f^(n)` is a distribution if `f` breaks. For every `k` from 0 to `n` parts are taken on the
//! weight instead, with `z = u / sqrt q` and the Gaussian density `p`:
//!
//! ```text
//! E[f^(n)] = q^(-(n-k)/2) E[f^(k) He_(n-k)(z)] + sum_b p(b) sum_(j<k) [f^(j)]_b q^(-(n-1-j)/2) He_(n-1-j)(b / sqrt q)
//! ```
//!
//! where `f^(k)` is what it is beside the breaks and `[f^(j)]_b` what it jumps by. A constant on each side of 0 is taken off `f^(k)`, whose
//! weighted mean is known, so that small variances lose nothing. All forms are exact, where the jumps they need are finite; the one
//! whose terms are the smallest is given, so that its rounding is the least.

use neurodyn_model::Activation;
use neurodyn_model::activation::{Jet, ORDERS};
use neurodyn_numerics::elementary::normal_pdf;
use neurodyn_numerics::quadrature::Univariate;

/// Most derivatives of `f`.
const MOST: usize = 4;

/// What is differentiated, the square of `phi` (order 0) or of `phi'` (order 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Square {
    Value,
    Slope,
}

/// `d^times E[f] / dq^times` for `times` 1 or 2. Infinite at `q = 0` where a break there makes it so.
pub(super) fn derivative(activation: Activation, square: Square, times: usize, q: f64) -> f64 {
    let n = 2 * times;
    let order = match square {
        Square::Value => 0,
        Square::Slope => 1,
    };
    let most = (n.min(ORDERS - 1 - order)).min(usable(activation, order));
    let sides = at_0(activation, order);
    let scale = 1.0 / f64::from(1 << times);
    if q == 0.0 {
        return scale * at_variance_0(activation, order, n, most, &sides);
    }
    let root = 1.0 / q.sqrt();
    let (nodes, weights) = nodes(activation, q);
    let jets = activation.operation().jets(&nodes);
    // value and size of each form
    let mut forms = [(0.0, 0.0); MOST + 1];
    for ((u, weight), jet) in nodes.iter().zip(&weights).zip(&jets) {
        let z = u * root;
        let hermite = hermite(z);
        let derivatives = squares(jet, order);
        let side = &sides[usize::from(*u > 0.0)];
        for k in 0..=most {
            let factor = weight * hermite[n - k];
            let constant = if n == k { 0.0 } else { side[k] };
            let (mut rest, mut size) = (derivatives[k] - constant, derivatives[k].abs() + constant.abs());
            if k == 0 && order == 0 && sides[0][0] == sides[1][0] {
                // phi^2 - phi(0)^2 without cancellation
                let step = activation.operation().difference(0.0, *u);
                rest = step * (jet[0] + activation.value(0.0));
                size = rest.abs();
            }
            forms[k].0 += factor * rest;
            forms[k].1 += factor.abs() * size;
        }
    }
    for (k, (value, size)) in forms.iter_mut().enumerate().take(most + 1) {
        let factor = power(root, n - k);
        // what the constants are worth: the integral of He_m over a half line is He_(m-1)(0) p(0)
        let constants =
            if n == k { 0.0 } else { (sides[1][k] - sides[0][k]) * hermite_at(0.0, n - k - 1) * normal_pdf(0.0) };
        *value = (*value + constants) * factor;
        *size = (*size + constants.abs()) * factor;
        for one in activation.breaks() {
            let z = one.at * root;
            let density = normal_pdf(z) * root;
            let jumps = jumps(&one.below, &one.above(), order);
            for (j, jump) in jumps.iter().enumerate().take(k) {
                let term = density * jump * power(root, n - 1 - j) * hermite_at(z, n - 1 - j);
                *value += term;
                *size += term.abs();
            }
        }
    }
    let best = (0..=most).min_by(|&a, &b| rank(a + order, forms[a].1).total_cmp(&rank(b + order, forms[b].1)));
    scale * best.map_or(f64::NAN, |best| forms[best].0)
}

/// The size of the terms of a form, more where it needs derivatives of an order for which panels are not made.
fn rank(order: usize, size: f64) -> f64 {
    const UNRESOLVED: f64 = 30.0;
    if order > 2 { UNRESOLVED * size } else { size }
}

fn nodes(activation: Activation, q: f64) -> (Vec<f64>, Vec<f64>) {
    let rule = Univariate::new(activation.shape(), q);
    let (mut nodes, mut weights) = (Vec::with_capacity(rule.len()), Vec::with_capacity(rule.len()));
    rule.visit(|u, weight| {
        nodes.push(u);
        weights.push(weight);
    });
    (nodes, weights)
}

/// How many derivatives of the square can be used: their jumps and those of all before are finite at every break.
fn usable(activation: Activation, order: usize) -> usize {
    let of = |jumps: &[f64; ORDERS]| jumps.iter().take_while(|jump| jump.is_finite()).count();
    let least = activation.breaks().iter().map(|one| of(&one.jumps)).min().unwrap_or(ORDERS);
    least.saturating_sub(order + 1)
}

/// The square and its derivatives just below 0 and just above.
fn at_0(activation: Activation, order: usize) -> [[f64; MOST + 1]; 2] {
    let jets = sides_of_0(activation);
    jets.map(|jet| squares(&jet, order).map(|value| if value.is_finite() { value } else { 0.0 }))
}

/// `phi` and its derivatives just below 0 and just above.
pub(crate) fn sides_of_0(activation: Activation) -> [Jet; 2] {
    match activation.breaks().iter().find(|one| one.at == 0.0) {
        Some(one) => [one.below, one.above()],
        None => [activation.jet(0.0); 2],
    }
}

/// The limit from above: what is beside 0, and infinite where a lower derivative jumps at 0.
fn at_variance_0(activation: Activation, order: usize, n: usize, most: usize, sides: &[[f64; MOST + 1]; 2]) -> f64 {
    if let Some(one) = activation.breaks().iter().find(|one| one.at == 0.0) {
        if most < n {
            return f64::INFINITY;
        }
        let jumps = jumps(&one.below, &one.above(), order);
        // He_(n-1-j)(0) is 0 for even j
        let steep = (0..n).find(|&j| (n - 1 - j).is_multiple_of(2) && jumps[j] != 0.0);
        if let Some(j) = steep {
            return f64::INFINITY.copysign(jumps[j] * hermite_at(0.0, n - 1 - j));
        }
    }
    0.5 * (sides[0][n] + sides[1][n])
}

/// What the square and its derivatives jump by.
fn jumps(below: &Jet, above: &Jet, order: usize) -> [f64; MOST + 1] {
    let (below, above) = (squares(below, order), squares(above, order));
    std::array::from_fn(|k| above[k] - below[k])
}

/// `(phi^(order))^2` and its derivatives; 0 where they need more than there is.
fn squares(jet: &Jet, order: usize) -> [f64; MOST + 1] {
    const BINOMIAL: [[f64; MOST + 1]; MOST + 1] = [
        [1.0, 0.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 0.0, 0.0, 0.0],
        [1.0, 2.0, 1.0, 0.0, 0.0],
        [1.0, 3.0, 3.0, 1.0, 0.0],
        [1.0, 4.0, 6.0, 4.0, 1.0],
    ];
    let at = |k: usize| jet.get(order + k).copied().unwrap_or(0.0);
    std::array::from_fn(|k| (0..=k).map(|i| BINOMIAL[k][i] * at(i) * at(k - i)).sum())
}

fn hermite(z: f64) -> [f64; MOST + 1] {
    let square = z * z;
    [1.0, z, square - 1.0, z * (square - 3.0), (square - 6.0) * square + 3.0]
}

fn hermite_at(z: f64, order: usize) -> f64 {
    hermite(z)[order]
}

fn power(x: f64, exponent: usize) -> f64 {
    (0..exponent).fold(1.0, |product, _| product * x)
}

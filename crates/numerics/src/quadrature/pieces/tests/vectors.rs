//! The rules at the active SIMD level.

use super::{pieces, power};
use crate::elementary::{exp, within};
use crate::quadrature::{Bivariate, CHUNK, Integrand, PairCovariance, PairIntegrand, Shape, Univariate};

fn close(found: f64, exact: f64) {
    assert!((found / exact - 1.0).abs() < 1e-14, "{found} against {exact}");
}

/// What a chunk of a vectorised rule sees: not a number where 0 would be a surprise.
struct Inverse;

impl Integrand<1> for Inverse {
    #[inline(always)]
    fn values(&self, nodes: &[f64; CHUNK], [values]: &mut [[f64; CHUNK]; 1]) {
        for n in 0..CHUNK {
            values[n] = within::exp(-1.0 / nodes[n].abs());
            values[n] += 0.0 / nodes[n];
        }
    }
}

impl PairIntegrand<1> for Inverse {
    type Prepared = f64;
    fn prepare(&self, u: f64) -> f64 {
        exp(-1.0 / u.abs()) + 0.0 / u
    }
    #[inline(always)]
    fn values(&self, prepared: f64, _: f64, v: &[f64; CHUNK], _: &[f64; CHUNK], [values]: &mut [[f64; CHUNK]; 1]) {
        for n in 0..CHUNK {
            values[n] = prepared * (within::exp(-1.0 / v[n].abs()) + 0.0 / v[n]);
        }
    }
}

#[test]
fn vectors_meet_no_place_that_is_not_a_node() {
    let shape = Shape::Pieces(pieces(&[0.0], power));
    let f = |u: f64| exp(-1.0 / u.abs());
    for law in [0.3, 1e-3].map(|gap| PairCovariance { q: 1.0, difference: 0.1, gap }) {
        for rule in [Univariate::new(shape, 1.0), Univariate::new_for_even_integrands(shape, 1.0)] {
            close(rule.integrate(&Inverse)[0], rule.expectation(f));
        }
        let rule = Bivariate::new(shape, &law);
        for rule in [rule.clone(), rule.for_even_integrands()] {
            close(rule.integrate(&Inverse)[0], rule.expectations(f, |f, node| [f * exp(-1.0 / node.v.abs())])[0]);
        }
    }
}

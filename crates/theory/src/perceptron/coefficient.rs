//! Learning coefficients (real log canonical thresholds) of small perceptrons of an odd `phi`, here `erf(u / sqrt 2)`.
//!
//! The largest pole `-lambda` of `zeta(z) = int L^z prior`, of order `m`, sets the volume `eps^lambda (-ln eps)^(m-1)` of
//! `L < eps`, the free energy `-ln Z(beta) = lambda ln beta - (m-1) ln ln beta + O(1)` and
//! `lambda_eff = beta <L> = lambda - (m-1) / (ln beta + c) + ...` (Watanabe 2009). `L` may be replaced by the sum of squares of any
//! generators of the ideal of coefficients of `f - T`; sums over separate variables add `lambda` and `m - 1`; a monomial
//! `prod x_i^(2 k_i)` with Jacobian `prod x_i^(h_i)` has the least `(h_i + 1) / (2 k_i)`, `m` times; the least of all places
//! counts. Hence, for `N` inputs:
//!
//! * **One unit, `T = 0`.** Only `w J` matters: `w^2 |J|^2` gives the least of `1/2` and `N/2`. `N = 1`: `1/2`, `m = 2`. `N >= 2`:
//!   `1/2`, `m = 1`. Proved.
//! * **Two units, `T = 0`.** Put `w_1 = t w_2` (or the reverse): Jacobian `w_2`, ideal `w_2 (t J_1 + J_2, t (1 - t^2) J_1^3, ...)`,
//!   higher odd powers being multiples. With `a = t J_1 + J_2`: `w_2` gives `2/2`, the rest `N/2 + min(1/2, N/6)`; at
//!   `J_1 = +-J_2`, `w_1 = -+w_2` not 0, `1/2 + min(1/2, N/2)`. `N = 1`: `2/3`, `m = 1`, as in the literature (Aoyagi and Watanabe
//!   2005). `N >= 2`: `1`, `m = 1`. Proved for `N = 1`, where quadrature agrees; derived for `N >= 2`, where Monte Carlo agrees for
//!   `N = 2, 3`.
//! * **Two units, `T = t phi(B . x)`.** At `J_1 = J_2 = B`, with `s = w_1 + w_2 - t`, `v` the weighted mean of `J_i - B` and
//!   `u = J_2 - J_1`, the ideal is `(s, v, w_1 w_2 u u^T)`, third and higher orders being multiples: `1/2 + N/2` plus the least of
//!   `1/2` (a unit switched off) and `N/4` (units that coincide). At `w_1 = 0`, `J_1` elsewhere, `(w_1, w_2 - t, J_2 - B)`:
//!   `(N + 2) / 2`. `N = 1`: `5/4`, `m = 1`. `N = 2`: `2`, `m = 2`. `N >= 3`: `(N + 2) / 2`, `m = 1`. Derived in this way;
//!   quadrature agrees for `N = 1` and Monte Carlo for `N = 2, 3`.
//! * **As many units as the truth needs.** The Fisher information is positive definite: `d/2`, `d = K (N + 1)`, `m = 1`. Proved.

use neurodyn_model::Perceptron;

/// `lambda` and its multiplicity.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LearningCoefficient {
    /// `lambda`.
    pub lambda: f64,
    /// `m`.
    pub multiplicity: u32,
}

/// The next pole, which sets how `lambda_eff` approaches `lambda` where `m = 1`: a polynomial of `ln beta` times `beta^-gap`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NextPole {
    /// Distance of the next pole.
    pub gap: f64,
    /// Degree of the polynomial, the order of that pole less 1.
    pub degree: u32,
}

/// Units that a teacher needs: those that do something, equal ones (up to sign) taken together.
pub fn units_needed(teacher: &Perceptron) -> usize {
    let mut distinct: Vec<(&[f64], f64)> = Vec::new();
    for k in 0..teacher.units() {
        let (row, weight) = (teacher.input_weights(k), teacher.output_weight(k));
        if row.iter().all(|b| *b == 0.0) {
            continue;
        }
        let same = |sign: f64, other: &[f64]| row.iter().zip(other).all(|(a, b)| *a == sign * b);
        let known = distinct.iter().position(|(other, _)| same(1.0, other) || same(-1.0, other));
        match known {
            Some(place) if same(1.0, distinct[place].0) => distinct[place].1 += weight,
            Some(place) => distinct[place].1 -= weight,
            None => distinct.push((row, weight)),
        }
    }
    distinct.iter().filter(|(_, weight)| *weight != 0.0).count()
}

/// Of students of one or two units; none for more of them, and where the student cannot be the teacher.
pub fn learning_coefficient(units: usize, teacher: &Perceptron) -> Option<LearningCoefficient> {
    let n = teacher.inputs() as f64;
    let (lambda, multiplicity) = match (units, units_needed(teacher), teacher.inputs()) {
        (1, 0, 1) => (0.5, 2),
        (1, 0, _) => (0.5, 1),
        (2, 0, 1) => (2.0 / 3.0, 1),
        (2, 0, _) => (1.0, 1),
        (2, 1, 1) => (1.25, 1),
        (2, 1, 2) => (2.0, 2),
        (2, 1, _) => (0.5 * (n + 2.0), 1),
        (1, 1, _) | (2, 2, _) => (0.5 * units as f64 * (n + 1.0), 1),
        _ => return None,
    };
    Some(LearningCoefficient { lambda, multiplicity })
}

/// The next pole, from the same charts, where `m = 1` and it is at most 1 away, for up to three inputs: none for regular truths, whose
/// corrections are of order `1 / beta`, and none where `m = 2`, whose corrections in `1 / ln beta` come first. Quadrature confirms those of `N = 1`.
pub fn next_pole(units: usize, teacher: &Perceptron) -> Option<NextPole> {
    let (gap, degree) = match (units, units_needed(teacher), teacher.inputs()) {
        // at 1: J
        (1, 0, 2) => (0.5, 0),
        // at 1: t, the next of J_1, and w_2
        (2, 0, 1) => (1.0 / 3.0, 2),
        // at 4/3: J_1
        (2, 0, 2) => (1.0 / 3.0, 0),
        // at 2: t, J_1 and the next of w_2
        (2, 0, 3) => (1.0, 2),
        // at 3/2: a unit switched off, and the next of u
        (2, 1, 1) => (0.25, 1),
        // at 11/4: units that coincide, against one switched off
        (2, 1, 3) => (0.25, 0),
        _ => return None,
    };
    Some(NextPole { gap, degree })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn teacher(rows: &[&[f64]], outputs: &[f64]) -> Perceptron {
        Perceptron::new(rows.iter().map(|row| row.to_vec()).collect(), outputs.to_vec()).expect("valid")
    }

    #[test]
    fn units_that_do_nothing_new_are_not_needed() {
        for (rows, outputs, needed) in [
            ([&[1.0, 0.5][..], &[0.2, 0.5]], [1.0, -0.3], 2),
            ([&[1.0, 0.5], &[0.2, 0.5]], [1.0, 0.0], 1),
            ([&[1.0, 0.5], &[0.0, 0.0]], [1.0, 1.0], 1),
            ([&[1.0, 0.5], &[1.0, 0.5]], [1.0, 1.0], 1),
            ([&[1.0, 0.5], &[-1.0, -0.5]], [1.0, 1.0], 0),
            ([&[1.0, 0.5], &[1.0, 0.5]], [1.0, -1.0], 0),
        ] {
            assert_eq!(units_needed(&teacher(&rows, &outputs)), needed, "{rows:?} {outputs:?}");
        }
    }

    /// `(r^2 + r + H) / (4 r + 2)`, `r = floor sqrt H`, and `m = 2` where `H = r^2`, of `H` units of one input at `T = 0` (Aoyagi and Watanabe 2005); a
    /// singular truth costs less than a regular one, more inputs no less.
    #[test]
    fn known_values() {
        let zero = |n: usize| teacher(&[&vec![0.0; n]], &[0.0]);
        let one = |n: usize| teacher(&[&vec![1.0; n]], &[1.0]);
        for (units, r) in [(1usize, 1.0f64), (2, 1.0)] {
            let found = learning_coefficient(units, &zero(1)).expect("known");
            assert_eq!(found.lambda, (r * r + r + units as f64) / (4.0 * r + 2.0));
            assert_eq!(found.multiplicity == 2, r * r == units as f64);
        }
        let of = |units, teacher: &Perceptron| learning_coefficient(units, teacher).map(|c| (c.lambda, c.multiplicity));
        let singular: Vec<_> = (1..=4).map(|n| of(2, &one(n))).collect();
        assert_eq!(singular, [Some((1.25, 1)), Some((2.0, 2)), Some((2.5, 1)), Some((3.0, 1))]);
        assert_eq!(of(1, &one(3)), Some((2.0, 1)));
        assert_eq!(of(2, &teacher(&[&[1.0], &[2.0]], &[1.0, 1.0])), Some((2.0, 1)));
        assert_eq!((of(1, &teacher(&[&[1.0], &[2.0]], &[1.0, 1.0])), of(3, &one(1))), (None, None));
        for n in 1..6 {
            let [none, one] = [zero(n), one(n)].map(|teacher| learning_coefficient(2, &teacher).expect("known").lambda);
            assert!(none < one && one < (n + 1) as f64);
        }
    }
}

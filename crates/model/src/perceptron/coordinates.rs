//! Coordinates of two units near where they are one.

use super::{Perceptron, Sigmoid};
use crate::ParameterError;
use neurodyn_numerics::sum::dot;
use serde::Serialize;

/// Coordinates of two units about the singular region: `w = w_1 + w_2`, `v = (w_1 J_1 + w_2 J_2) / w`, `u = J_2 - J_1`,
/// `z = (w_2 - w_1) / w` (Amari, Ozeki, Karakida, Yoshida, Okada 2018). The units are one where `u = 0` or `z = +-1`; swapping
/// them turns `(u, z)` into `(-u, -z)`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SingularCoordinates {
    /// `v`.
    pub v: Vec<f64>,
    /// `w`.
    pub w: f64,
    /// `u`.
    pub u: Vec<f64>,
    /// `z`.
    pub z: f64,
}

impl SingularCoordinates {
    /// Of two units; fails for another number of them and where `w_1 + w_2 = 0`.
    pub fn of(perceptron: &Perceptron) -> Result<Self, ParameterError> {
        let bad =
            |name: &'static str, found: String, allowed| Err(ParameterError { name: name.into(), found, allowed });
        if perceptron.units() != 2 {
            return bad("the number of units", perceptron.units().to_string(), "2 for these coordinates");
        }
        let [w1, w2] = [0, 1].map(|i| perceptron.output_weight(i));
        let w = w1 + w2;
        if w == 0.0 {
            return bad("w1 + w2", "0".into(), "another number: there z is infinite");
        }
        let pairs = || perceptron.input_weights(0).iter().zip(perceptron.input_weights(1));
        Ok(Self {
            v: pairs().map(|(a, b)| (w1 * a + w2 * b) / w).collect(),
            w,
            u: pairs().map(|(a, b)| b - a).collect(),
            z: (w2 - w1) / w,
        })
    }

    /// Back: `w_1 = w (1 - z) / 2`, `w_2 = w (1 + z) / 2`, `J_1 = v - (1 + z) u / 2`, `J_2 = v + (1 - z) u / 2`.
    pub fn perceptron(&self) -> Result<Perceptron, ParameterError> {
        let (left, right) = (0.5 * (1.0 - self.z), 0.5 * (1.0 + self.z));
        let row = |share: f64| self.v.iter().zip(&self.u).map(|(v, u)| v + share * u).collect();
        Perceptron::new(vec![row(-right), row(left)], vec![left * self.w, right * self.w])
    }

    /// Rates of change of the coordinates of two units whose parameters move at `velocity` (in the order of [`Perceptron::parameters`]).
    pub fn rates(perceptron: &Perceptron, velocity: &[f64]) -> Result<Self, ParameterError> {
        let here = Self::of(perceptron)?;
        let n = perceptron.inputs();
        let (w1, w2) = (perceptron.output_weight(0), perceptron.output_weight(1));
        let (output, input) = velocity.split_at(2);
        let (first, second) = input.split_at(n);
        let total = output[0] + output[1];
        let centre = |r: usize| {
            let (a, b) = (perceptron.input_weights(0)[r], perceptron.input_weights(1)[r]);
            (output[0] * a + w1 * first[r] + output[1] * b + w2 * second[r] - total * here.v[r]) / here.w
        };
        Ok(Self {
            v: (0..n).map(centre).collect(),
            w: total,
            u: (0..n).map(|r| second[r] - first[r]).collect(),
            z: (output[1] - output[0] - total * here.z) / here.w,
        })
    }

    /// `|u|`.
    pub fn separation(&self) -> f64 {
        self.u.iter().map(|u| u * u).sum::<f64>().sqrt()
    }

    /// Blow-down coordinates `c_1 = (1 - z^2) |u|^2`, `c_2 = z (1 - z^2) |u|^3`, in which all of the singular region is one point
    /// for each direction `u / |u|`: `f = w phi + (w/8) c_1 phi'' (e . x)^2 - (w/24) c_2 phi''' (e . x)^3 + O(|u|^4)` at `v . x`.
    pub fn blow_down(&self) -> [f64; 2] {
        let (size, open) = (self.separation(), (1.0 - self.z) * (1.0 + self.z));
        [open * size * size, self.z * open * size * size * size]
    }

    /// Rates of the blow-down coordinates, given those of the coordinates: `c_1' = 2 (1 - z^2) u . u' - 2 z z' |u|^2`,
    /// `c_2' = 3 z (1 - z^2) |u| u . u' + (1 - 3 z^2) z' |u|^3`.
    pub fn blow_down_rates(&self, rates: &Self) -> [f64; 2] {
        let (size, open) = (self.separation(), (1.0 - self.z) * (1.0 + self.z));
        let along = dot(&self.u, &rates.u);
        [
            2.0 * open * along - 2.0 * self.z * rates.z * size * size,
            3.0 * self.z * open * size * along + (1.0 - 3.0 * self.z * self.z) * rates.z * size * size * size,
        ]
    }
}

/// Euclidean distance of two units, in their parameters, to where the function is that of one unit:
/// the least of `|J_1 - J_2| / sqrt 2`, `|w_1|`, `|w_2|`, and for odd `phi` also `|J_1 + J_2| / sqrt 2`, `|J_1|`, `|J_2|`.
pub fn distance_to_singular_region(perceptron: &Perceptron, phi: Sigmoid) -> Result<f64, ParameterError> {
    if perceptron.units() != 2 {
        let found = perceptron.units().to_string();
        return Err(ParameterError { name: "the number of units".into(), found, allowed: "2 for the singular region" });
    }
    let (a, b) = (perceptron.input_weights(0), perceptron.input_weights(1));
    let length = |sign_a: f64, sign_b: f64| {
        a.iter().zip(b).map(|(a, b)| (sign_a * a + sign_b * b) * (sign_a * a + sign_b * b)).sum::<f64>().sqrt()
    };
    let half = std::f64::consts::FRAC_1_SQRT_2;
    let mut distances =
        vec![half * length(1.0, -1.0), perceptron.output_weight(0).abs(), perceptron.output_weight(1).abs()];
    if phi.is_odd() {
        distances.extend([half * length(1.0, 1.0), length(1.0, 0.0), length(0.0, 1.0)]);
    }
    Ok(distances.into_iter().fold(f64::INFINITY, f64::min))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn two(parameters: &[f64; 6]) -> Perceptron {
        let rows = vec![parameters[2..4].to_vec(), parameters[4..].to_vec()];
        Perceptron::new(rows, parameters[..2].to_vec()).expect("valid")
    }

    proptest! {
        #[test]
        fn coordinates_go_there_and_back(parameters in proptest::array::uniform6(-2.0f64..2.0)) {
            prop_assume!((parameters[0] + parameters[1]).abs() > 0.2);
            let perceptron = two(&parameters);
            let back = SingularCoordinates::of(&perceptron).expect("two units").perceptron().expect("valid");
            for (a, b) in perceptron.parameters().iter().zip(back.parameters()) {
                prop_assert!((a - b).abs() < 4e-14, "{a} {b}");
            }
            prop_assert_eq!(perceptron.with_parameters(&perceptron.parameters()), perceptron);
        }

        #[test]
        fn swapping_units_turns_u_and_z(parameters in proptest::array::uniform6(-2.0f64..2.0)) {
            prop_assume!((parameters[0] + parameters[1]).abs() > 0.2);
            let [w1, w2, a, b, c, d] = parameters;
            let here = SingularCoordinates::of(&two(&parameters)).expect("two units");
            let there = SingularCoordinates::of(&two(&[w2, w1, c, d, a, b])).expect("two units");
            prop_assert!((here.z + there.z).abs() < 1e-14 && (here.u[0] + there.u[0]).abs() < 1e-14);
        }
    }

    #[test]
    fn rates_are_those_of_the_coordinates() {
        let (place, velocity) = ([0.7, 0.4, 0.9, -0.2, 0.3, 0.8], [0.3, -0.5, 0.2, 0.7, -0.4, 0.1]);
        let moved = |t: f64| SingularCoordinates::of(&two(&std::array::from_fn(|i| place[i] + t * velocity[i])));
        let (ahead, behind) = (moved(1e-5).expect("two units"), moved(-1e-5).expect("two units"));
        let rates = SingularCoordinates::rates(&two(&place), &velocity).expect("two units");
        let list = |c: &SingularCoordinates| vec![c.v[0], c.v[1], c.w, c.u[0], c.u[1], c.z];
        let here = SingularCoordinates::of(&two(&place)).expect("two units");
        for (c, rate) in here.blow_down_rates(&rates).into_iter().enumerate() {
            let quotient = (ahead.blow_down()[c] - behind.blow_down()[c]) / 2e-5;
            assert!((rate - quotient).abs() < 1e-9, "{rate} {quotient}");
        }
        for ((rate, ahead), behind) in list(&rates).iter().zip(list(&ahead)).zip(list(&behind)) {
            assert!((rate - (ahead - behind) / 2e-5).abs() < 1e-9, "{rates:?}");
        }
    }

    #[test]
    fn the_singular_region_is_at_distance_0() {
        for parameters in
            [[0.5, 0.3, 1.0, 2.0, 1.0, 2.0], [0.0, 0.3, 1.0, 2.0, -0.5, 1.0], [0.5, 0.0, 1.0, 2.0, 3.0, 1.0]]
        {
            for phi in [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf] {
                assert_eq!(distance_to_singular_region(&two(&parameters), phi), Ok(0.0));
            }
        }
        let opposite = two(&[0.5, 0.3, 1.0, 2.0, -1.0, -2.0]);
        assert_eq!(distance_to_singular_region(&opposite, Sigmoid::ErfSqrt2), Ok(0.0));
        assert_eq!(distance_to_singular_region(&opposite, Sigmoid::GaussCdf), Ok(0.3));
        assert!(SingularCoordinates::of(&two(&[0.5, -0.5, 1.0, 2.0, 3.0, 4.0])).is_err());
    }
}

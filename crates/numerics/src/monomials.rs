//! Monomials `y^alpha` of a few variables up to a degree, and their moments under a Gaussian.

use std::collections::BTreeMap;

/// All monomials `y_1^a_1 ... y_k^a_k` of total degree at most `degree`, in order of degree; the first is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Monomials {
    variables: usize,
    degree: usize,
    exponents: Vec<Vec<u8>>,
    /// `above[index][v]`: index of the monomial times variable `v`; none beyond the degree.
    above: Vec<Vec<Option<usize>>>,
    /// For each monomial but 1: a variable in it, and the monomial without one power of it.
    below: Vec<(usize, usize)>,
    /// For each monomial: its variables, their powers, and the monomial without one power of each.
    lower: Vec<Vec<(usize, f64, usize)>>,
}

impl Monomials {
    /// The monomials of `variables` variables up to `degree`.
    pub fn new(variables: usize, degree: usize) -> Self {
        let mut exponents = vec![vec![0u8; variables]];
        let mut below = vec![(0, 0)];
        let mut first = 0;
        for _ in 0..degree {
            let last = exponents.len();
            for index in first..last {
                // each monomial once: multiply by variables from its last one on
                let from = exponents[index].iter().rposition(|power| *power > 0).unwrap_or(0);
                for v in from..variables {
                    let mut next = exponents[index].clone();
                    next[v] += 1;
                    exponents.push(next);
                    below.push((v, index));
                }
            }
            first = last;
        }
        let index: BTreeMap<&[u8], usize> = exponents.iter().enumerate().map(|(i, e)| (e.as_slice(), i)).collect();
        let shifted = |exponents: &[u8], v: usize, up: bool| {
            let mut other = exponents.to_vec();
            other[v] = if up { other[v] + 1 } else { other[v].checked_sub(1)? };
            index.get(other.as_slice()).copied()
        };
        let above = exponents.iter().map(|e| (0..variables).map(|v| shifted(e, v, true)).collect()).collect();
        let lower = exponents
            .iter()
            .map(|e| (0..variables).filter_map(|v| Some((v, f64::from(e[v]), shifted(e, v, false)?))).collect());
        let lower = lower.collect();
        Self { variables, degree, exponents, above, below, lower }
    }

    /// Number of monomials.
    pub fn len(&self) -> usize {
        self.exponents.len()
    }

    /// Never true: 1 is among them.
    pub fn is_empty(&self) -> bool {
        self.exponents.is_empty()
    }

    /// Number of variables.
    pub fn variables(&self) -> usize {
        self.variables
    }

    /// Largest degree.
    pub fn degree(&self) -> usize {
        self.degree
    }

    /// Exponents of a monomial.
    pub fn exponents(&self, index: usize) -> &[u8] {
        &self.exponents[index]
    }

    /// Degree of a monomial.
    pub fn degree_of(&self, index: usize) -> usize {
        self.exponents[index].iter().map(|power| *power as usize).sum()
    }

    /// The monomial times one more variable; `None` beyond the degree.
    pub fn times(&self, index: usize, variable: usize) -> Option<usize> {
        self.above[index][variable]
    }

    /// The monomial with these exponents; `None` beyond the degree.
    pub fn index_of(&self, exponents: &[u8]) -> Option<usize> {
        let mut index = 0;
        for (v, &power) in exponents.iter().enumerate() {
            for _ in 0..power {
                index = self.times(index, v)?;
            }
        }
        Some(index)
    }

    /// Writes `E[y^alpha]` of every monomial for `y ~ N(mean, covariance)` (row by row), by Isserlis' recursion
    /// `E[y_v y^b] = mean_v E[y^b] + sum_w covariance_vw b_w E[y^b / y_w]`.
    pub fn moments(&self, mean: &[f64], covariance: &[f64], moments: &mut Vec<f64>) {
        moments.clear();
        moments.push(1.0);
        for index in 1..self.len() {
            let (v, rest) = self.below[index];
            let mut moment = mean[v] * moments[rest];
            for &(w, power, lower) in &self.lower[rest] {
                moment += covariance[v * self.variables + w] * power * moments[lower];
            }
            moments.push(moment);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_monomial_is_there_once() {
        for (variables, degree, count) in [(1, 8, 9), (2, 8, 45), (5, 4, 126), (5, 8, 1287), (8, 4, 495)] {
            let monomials = Monomials::new(variables, degree);
            assert_eq!(monomials.len(), count);
            for index in 0..count {
                assert_eq!(monomials.index_of(monomials.exponents(index)), Some(index));
            }
        }
        assert_eq!(Monomials::new(2, 2).index_of(&[2, 1]), None);
    }

    #[test]
    fn moments_of_one_and_two_variables_are_known() {
        let line = Monomials::new(1, 8);
        let mut found = Vec::new();
        line.moments(&[0.5], &[2.0], &mut found);
        // raw moments of N(1/2, 2)
        let exact = [1.0, 0.5, 2.25, 3.125, 15.0625, 32.53125, 166.890625, 473.8203125, 2573.37890625];
        for (found, exact) in found.iter().zip(exact) {
            assert!((found / exact - 1.0).abs() < 1e-14, "{found} {exact}");
        }
        let plane = Monomials::new(2, 4);
        plane.moments(&[0.0, 0.0], &[2.0, 0.7, 0.7, 3.0], &mut found);
        let at = |a: u8, b: u8| found[plane.index_of(&[a, b]).expect("within the degree")];
        assert!((at(2, 2) - (6.0 + 2.0 * 0.49)).abs() < 1e-14 && (at(3, 1) - 3.0 * 2.0 * 0.7).abs() < 1e-14);
        assert!((at(0, 4) - 27.0).abs() < 1e-13 && at(1, 2) == 0.0);
    }
}

//! Jets through the layers: the Gram matrix of a point, its tangents and its second derivatives, exactly at infinite width,
//! and its first-order (1/n) mean and covariance at finite width.
//!
//! Given the Gram matrix `G` of the columns `(x, e_a, H_ab)`, the preactivations `(u, y)`, `y = (p_a, s_ab)`, of a neuron are
//! `N(0, S)`, `S = sigma_w^2 G + sigma_b^2` in the entry of `x`. The next Gram matrix is `E[psi psi^T]` with
//! `psi = (phi, phi' p_a, phi'' p_a p_b + phi' s_ab)`, whatever the activity does along the manifold. `y` given `u` is Gaussian and
//! `psi` a polynomial in it, so that expectation is a sum of moments and only `u` is integrated numerically: relative
//! accuracy 1e-12 of `sqrt(G_ii G_jj)`.
//!
//! Finite width: as in [`super::finite_width`], `Sigma' = J Sigma J^T + N / n`, `beta' = J beta + (1/2) Hess : Sigma` over all entries of
//! `G`. By Price's theorem a derivative in `S_ij` is `d_i d_j` (half of it for `i = j`) inside the expectation. With `a = S_uy / S_uu`
//! and `D` the derivative along `(1, a)`, `d_u = D - a . d_y`; `d_y` acts on polynomials and `E[D^k f] = E[He_k(z) f] / q^(k/2)`,
//! `z = u / sqrt q`, so nothing is inverted and no further derivative of `phi` is needed. Errors are of order `1/n^2`.

mod terms;

use super::TheoryError;
use super::curvature::not_smooth;
use super::finite_width::Correction;
use super::moments::check_nodes;
use super::roughness::{check, check_slopes};
use neurodyn_model::activation::Jet;
use neurodyn_model::{Activation, Ensemble, JetGram, Width};
use neurodyn_numerics::linalg::Factor;
use neurodyn_numerics::quadrature::Univariate;
use neurodyn_numerics::real::{Real, Series};
use terms::{Product, Terms, lower_triangle};

/// Jets of one dimension and order through the layers of one ensemble.
#[derive(Debug, Clone)]
pub struct JetTheory {
    ensemble: Ensemble,
    dimension: usize,
    terms: Terms,
}

/// Mean and covariance of the Gram matrix of a jet in one layer, first order in 1/n.
#[derive(Debug, Clone, PartialEq)]
pub struct JetCorrections {
    /// Infinite-width state.
    pub state: JetGram<f64>,
    bias: Vec<f64>,
    covariance: Vec<Vec<f64>>,
}

/// Law of a neuron's preactivations: `q = Var u`, `a = S_uy / q`, covariance of `y` given `u`.
struct Law {
    q: f64,
    slopes: Vec<f64>,
    conditional: Vec<f64>,
}

/// What one layer does: mean, `E[operator entry]`, one-neuron covariance.
struct OneLayer {
    mean: Vec<f64>,
    derivatives: Vec<Vec<f64>>,
    noise: Vec<Vec<f64>>,
}

impl JetTheory {
    /// The theory of jets like `input`. Fails for second derivatives through an activation with a kink, tangents through a jump, and for dimensions
    /// above 3 with second derivatives or 16 without.
    pub fn new(ensemble: &Ensemble, input: &JetGram<f64>) -> Result<Self, TheoryError> {
        let seconds = input.order() > 1 + input.dimension();
        if let (true, Some(reason)) = (seconds, not_smooth(ensemble.activation)) {
            return Err(TheoryError::OutOfRegime { what: "curvature", reason });
        }
        if input.dimension() > 0 {
            check_slopes(ensemble.activation, "the metric")?;
        }
        if !terms::is_tractable(input.dimension(), seconds) {
            return Err(TheoryError::OutOfRegime {
                what: "the jet",
                reason: "the dimension is too high: its moments are too many (at most 3 with second derivatives, 16 without)",
            });
        }
        let terms = Terms::new(input.dimension(), seconds);
        Ok(Self { ensemble: *ensemble, dimension: input.dimension(), terms })
    }

    /// One layer at infinite width.
    pub fn map(&self, gram: &JetGram<f64>) -> Result<JetGram<f64>, TheoryError> {
        let law = self.law(gram)?;
        let activation = self.ensemble.activation;
        let mut moments = Vec::new();
        let mut mean = vec![0.0; self.terms.entries()];
        visit(activation, law.q, |u, weight, jet| {
            law.moments(u, &self.terms, &mut moments);
            for (mean, of_entry) in mean.iter_mut().zip(&self.terms.derivatives) {
                *mean += weight * sum(&of_entry[0].2, &moments, |phi| product(&self.terms.two[phi], jet));
            }
        });
        Ok(self.gram(&mean))
    }

    /// Layers `0..=depth` at infinite width.
    pub fn trajectory(&self, input: &JetGram<f64>, depth: usize) -> Result<Vec<JetGram<f64>>, TheoryError> {
        let mut layers = vec![input.clone()];
        for layer in 1..=depth {
            let next = self.map(&layers[layer - 1])?;
            if next.entries().iter().any(|entry| !entry.is_finite()) {
                return Err(TheoryError::NotFinite { what: "the jet", layer });
            }
            layers.push(next);
        }
        Ok(layers)
    }

    /// Layers `0..=L` with their finite-width corrections for these widths of layers `1..=L`.
    pub fn corrections(&self, input: &JetGram<f64>, widths: &[Width]) -> Result<Vec<JetCorrections>, TheoryError> {
        if input.dimension() > 0 {
            check(self.ensemble.activation, 1, 4, "the finite-width correction of the jet")?;
        }
        if input.order() > 1 + input.dimension() {
            check(self.ensemble.activation, 2, 4, "the finite-width correction of the jet")?;
        }
        let entries = self.terms.entries();
        let covariance = vec![vec![0.0; entries]; entries];
        let mut layers = vec![JetCorrections { state: input.clone(), bias: vec![0.0; entries], covariance }];
        for (index, width) in widths.iter().enumerate() {
            let next = self.next(&layers[index], width.get() as f64)?;
            let parts = next.covariance.iter().flatten().chain(&next.bias).chain(next.state.entries());
            if parts.into_iter().any(|entry| !entry.is_finite()) {
                return Err(TheoryError::NotFinite {
                    what: "the finite-width correction of the jet",
                    layer: index + 1,
                });
            }
            layers.push(next);
        }
        Ok(layers)
    }

    fn gram(&self, entries: &[f64]) -> JetGram<f64> {
        JetGram::new(self.dimension, self.terms.columns, |i, j| entries[i * (i + 1) / 2 + j])
    }

    fn law(&self, gram: &JetGram<f64>) -> Result<Law, TheoryError> {
        let out = |reason| Err(TheoryError::OutOfRegime { what: "the jet", reason });
        let weight = self.ensemble.sigma_w.squared();
        let q = self.ensemble.preactivation_variance(gram.activity());
        if !(q > 0.0) {
            return out("the preactivations vanish (no activity and no bias)");
        }
        check_nodes(self.ensemble.activation, q, "the jet")?;
        let k = gram.order() - 1;
        let slopes: Vec<f64> = (0..k).map(|i| weight * gram.get(1 + i, 0) / q).collect();
        let covariance = |i: usize, j: usize| weight * gram.get(1 + i, 1 + j) - q * slopes[i] * slopes[j];
        let conditional = (0..k).flat_map(|i| (0..k).map(move |j| (i, j))).map(|(i, j)| covariance(i, j)).collect();
        Ok(Law { q, slopes, conditional })
    }

    fn next(&self, layer: &JetCorrections, width: f64) -> Result<JetCorrections, TheoryError> {
        let law = self.law(&layer.state)?;
        let one = self.one_layer(&law);
        let directions = self.directions(&law);
        let entries = self.terms.entries();
        // operators contracted with what they act along: bias to first order, covariance to second
        let mut operator = vec![0.0; self.terms.operators.len()];
        for (p, first) in directions.iter().enumerate() {
            operator.iter_mut().zip(&first.operator).for_each(|(sum, x)| *sum += layer.bias[p] * x);
            let mut second = vec![0.0; operator.len()];
            for (r, other) in directions.iter().enumerate() {
                let weight = 0.5 * layer.covariance[p][r];
                second.iter_mut().zip(&other.operator).for_each(|(sum, x)| *sum += weight * x);
            }
            let both = self.apply(&first.forms[1], &self.apply(&first.forms[0], &second));
            operator.iter_mut().zip(&both).for_each(|(sum, x)| *sum += first.weight * x);
        }
        let dot =
            |derivatives: &[f64], operator: &[f64]| derivatives.iter().zip(operator).map(|(a, b)| a * b).sum::<f64>();
        let bias = one.derivatives.iter().map(|of_entry| dot(of_entry, &operator)).collect();
        let jacobian: Vec<Vec<f64>> = (one.derivatives.iter())
            .map(|of_entry| directions.iter().map(|direction| dot(of_entry, &direction.operator)).collect())
            .collect();
        let mut covariance = one.noise;
        covariance.iter_mut().flatten().for_each(|noise| *noise /= width);
        let half: Vec<Vec<f64>> =
            (jacobian.iter()).map(|row| (0..entries).map(|k| dot(row, &layer.covariance[k])).collect()).collect();
        for i in 0..entries {
            for j in 0..entries {
                covariance[i][j] += dot(&half[i], &jacobian[j]);
            }
        }
        Ok(JetCorrections { state: self.gram(&one.mean), bias, covariance })
    }

    fn one_layer(&self, law: &Law) -> OneLayer {
        let terms = &self.terms;
        let activation = self.ensemble.activation;
        let (entries, operators) = (terms.entries(), terms.operators.len());
        let mut derivatives = vec![vec![0.0; operators]; entries];
        let mut squares = vec![0.0; terms.squares.len()];
        let (mut low, mut high) = (Vec::new(), Vec::new());
        visit(activation, law.q, |u, weight, jet| {
            law.moments(u, terms, &mut low);
            let mean: Vec<f64> = law.slopes.iter().map(|slope| slope * u).collect();
            terms.high.moments(&mean, &law.conditional, &mut high);
            let two: Vec<f64> = terms.two.iter().map(|orders| product(orders, jet)).collect();
            let four: Vec<f64> = terms.four.iter().map(|orders| product(orders, jet)).collect();
            let along = hermite(u, law.q).map(|h| weight * h);
            for (sums, of_entry) in derivatives.iter_mut().zip(&terms.derivatives) {
                for (operator, power, products) in of_entry {
                    sums[*operator] += along[*power] * sum(products, &low, |phi| two[phi]);
                }
            }
            for (square, products) in squares.iter_mut().zip(&terms.squares) {
                *square += weight * sum(products, &high, |phi| four[phi]);
            }
        });
        let mean: Vec<f64> = derivatives.iter().map(|of_entry| of_entry[0]).collect();
        let mut noise = vec![vec![0.0; entries]; entries];
        for (&(i, j), square) in lower_triangle(entries).iter().zip(&squares) {
            noise[i][j] = square - mean[i] * mean[j];
            noise[j][i] = noise[i][j];
        }
        OneLayer { mean, derivatives, noise }
    }

    /// The operator of the derivative in each Gram entry.
    fn directions(&self, law: &Law) -> Vec<Direction> {
        let weight = self.ensemble.sigma_w.squared();
        let variables = self.terms.operators.variables();
        let form = |column: usize| {
            let mut form = vec![0.0; variables];
            form[column] = 1.0;
            if column == 0 {
                form[1..].iter_mut().zip(&law.slopes).for_each(|(entry, slope)| *entry = -slope);
            }
            form
        };
        let mut one = vec![0.0; self.terms.operators.len()];
        one[0] = 1.0;
        let direction = |(i, j): (usize, usize)| {
            let forms = [form(i), form(j)];
            let weight = if i == j { 0.5 * weight } else { weight };
            let mut operator = self.apply(&forms[1], &self.apply(&forms[0], &one));
            operator.iter_mut().for_each(|entry| *entry *= weight);
            Direction { forms, weight, operator }
        };
        lower_triangle(self.terms.columns).into_iter().map(direction).collect()
    }

    /// A linear form in the derivatives times an operator; beyond the fourth degree nothing is needed.
    fn apply(&self, form: &[f64], operator: &[f64]) -> Vec<f64> {
        let mut result = vec![0.0; operator.len()];
        for (index, &entry) in operator.iter().enumerate().filter(|(_, entry)| **entry != 0.0) {
            for (v, &factor) in form.iter().enumerate().filter(|(_, factor)| **factor != 0.0) {
                if let Some(product) = self.terms.operators.times(index, v) {
                    result[product] += factor * entry;
                }
            }
        }
        result
    }
}

/// `weight form_0 form_1`: the derivative in one Gram entry.
struct Direction {
    forms: [Vec<f64>; 2],
    weight: f64,
    operator: Vec<f64>,
}

/// The nodes of a Gaussian with their weights, and the derivatives of `phi` there.
fn visit(activation: Activation, q: f64, mut f: impl FnMut(f64, f64, &Jet)) {
    let rule = Univariate::new(activation.shape(), q);
    let (mut nodes, mut weights) = (Vec::with_capacity(rule.len()), Vec::with_capacity(rule.len()));
    rule.visit(|u, weight| {
        nodes.push(u);
        weights.push(weight);
    });
    let jets = activation.operation().jets(&nodes);
    nodes.iter().zip(&weights).zip(&jets).for_each(|((u, weight), jet)| f(*u, *weight, jet));
}

impl Law {
    fn moments(&self, u: f64, terms: &Terms, moments: &mut Vec<f64>) {
        let mean: Vec<f64> = self.slopes.iter().map(|slope| slope * u).collect();
        terms.low.moments(&mean, &self.conditional, moments);
    }
}

fn product(orders: &[usize], jet: &[f64]) -> f64 {
    orders.iter().map(|&order| jet[order]).product()
}

fn sum(products: &[Product], moments: &[f64], phi: impl Fn(usize) -> f64) -> f64 {
    products.iter().map(|product| product.factor * phi(product.phi) * moments[product.moment]).sum()
}

/// `He_k(u / sqrt q) / q^(k/2)`, `k` = 0 to 4.
fn hermite(u: f64, q: f64) -> [f64; 5] {
    let (x, r) = (u / q, 1.0 / q);
    let x2 = x * x;
    [1.0, x, x2 - r, x * (x2 - 3.0 * r), (x2 - 6.0 * r) * x2 + 3.0 * r * r]
}

impl JetCorrections {
    /// Correction and variance of any function of the Gram matrix (delta method):
    /// `E[h] - h(G) = h' beta + (1/2) h'' : Sigma`, `Var h = h' Sigma h'`, with derivatives by exact series arithmetic.
    pub fn of(&self, h: impl Fn(&JetGram<Series>) -> Series) -> Correction {
        let entries = self.state.entries();
        let along = |direction: &dyn Fn(usize) -> f64| {
            let entry = |i: usize, j: usize| {
                let index = i * (i + 1) / 2 + j;
                Series { value: entries[index], first: direction(index), second: 0.0 }
            };
            h(&JetGram::new(self.state.dimension(), self.state.order(), entry))
        };
        let mut correction = Correction { bias: along(&|index| self.bias[index]).first, variance: 0.0 };
        let factor = Factor::new(entries.len(), |i, j| self.covariance[i][j]);
        for k in 0..factor.rank() {
            let found = along(&|index| factor.row(index)[k]);
            correction.bias += found.second;
            correction.variance += found.first * found.first;
        }
        correction
    }

    /// [`JetCorrections::of`] the logarithm of a positive function.
    pub fn of_log(&self, h: impl Fn(&JetGram<Series>) -> Series) -> Correction {
        self.of(|gram| h(gram).ln())
    }
}

#[cfg(test)]
mod tests;

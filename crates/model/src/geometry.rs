//! Geometry at a point of a manifold, from the Gram matrix (per component) of the point `x`, its tangents `e_a` and its second
//! derivatives `H_ab`. All vectors count with the `1/n` inner product, so lengths are those of `x / sqrt(n)`.

use super::{SymmetricMatrix, index_pairs};
use neurodyn_numerics::elementary::ln;
use neurodyn_numerics::linalg::symmetric_eigen;
use neurodyn_numerics::real::Real;

/// Gram matrix of `(x, e_1, ..., e_d, H_11, H_12, ..., H_dd)`, or of `(x, e_1, ..., e_d)` alone.
#[derive(Debug, Clone, PartialEq)]
pub struct JetGram<R> {
    dimension: usize,
    order: usize,
    entries: Vec<R>,
}

/// Number of entries of the lower triangle of order `m`.
fn triangle(m: usize) -> usize {
    m * (m + 1) / 2
}

impl JetGram<f64> {
    /// The jet of dimension `d` whose columns are all those of the matrix: `1 + d` of them, or `1 + d + d (d + 1) / 2`.
    pub fn of(gram: &SymmetricMatrix, dimension: usize) -> Self {
        Self::at(gram, dimension, 0, gram.order())
    }

    /// The jet of dimension `d` whose `order` columns start at `first`.
    pub fn at(gram: &SymmetricMatrix, dimension: usize, first: usize, order: usize) -> Self {
        Self::new(dimension, order, |i, j| gram.get(first + i, first + j))
    }

    /// Logarithm of the ratio of the extreme eigenvalues of the metric.
    pub fn log_anisotropy(&self) -> f64 {
        let values = symmetric_eigen(self.dimension, |a, b| self.metric(a, b)).values;
        ln(values[0] / values[self.dimension - 1])
    }
}

impl<R: Real> JetGram<R> {
    /// From `entry(i, j)`, `j <= i < order`, `order` being `1 + d` or `1 + d + d (d + 1) / 2`.
    pub fn new(dimension: usize, order: usize, entry: impl Fn(usize, usize) -> R) -> Self {
        assert!(order == 1 + dimension || order == 1 + dimension + triangle(dimension), "a jet");
        let entries = (0..order).flat_map(|i| (0..=i).map(move |j| (i, j))).map(|(i, j)| entry(i, j)).collect();
        Self { dimension, order, entries }
    }

    /// Number of parameters `d`.
    pub fn dimension(&self) -> usize {
        self.dimension
    }

    /// Number of columns.
    pub fn order(&self) -> usize {
        self.order
    }

    /// The lower triangle, row by row.
    pub fn entries(&self) -> &[R] {
        &self.entries
    }

    /// Entry of columns `i` and `j`.
    pub fn get(&self, i: usize, j: usize) -> R {
        let (high, low) = if i >= j { (i, j) } else { (j, i) };
        self.entries[triangle(high) + low]
    }

    fn second_column(&self, (a, b): (usize, usize)) -> usize {
        let (a, b) = if a <= b { (a, b) } else { (b, a) };
        1 + self.dimension + a * self.dimension - triangle(a) + b
    }

    /// Activity `A = x . x / n`.
    pub fn activity(&self) -> R {
        self.get(0, 0)
    }

    /// `x . e_a / n`, half the slope of the activity along the manifold.
    pub fn activity_slope(&self, a: usize) -> R {
        self.get(0, 1 + a)
    }

    /// Pullback metric `g_ab = e_a . e_b / n`.
    pub fn metric(&self, a: usize, b: usize) -> R {
        self.get(1 + a, 1 + b)
    }

    /// `K_ab,cd = H_ab . H_cd / n`.
    pub fn second(&self, ab: (usize, usize), cd: (usize, usize)) -> R {
        self.get(self.second_column(ab), self.second_column(cd))
    }

    /// Affine connection with its first index lowered, `Gamma_ab,e = e_e . H_ab / n`.
    pub fn connection(&self, ab: (usize, usize), e: usize) -> R {
        self.get(self.second_column(ab), 1 + e)
    }

    /// Determinant and inverse of the metric, by elimination without pivoting (the metric is positive definite).
    fn inverse_metric(&self) -> (R, Vec<Vec<R>>) {
        let d = self.dimension;
        let unit = |i: usize, j: usize| R::constant(f64::from(u8::from(i == j)));
        let mut left: Vec<Vec<R>> = (0..d).map(|a| (0..d).map(|b| self.metric(a, b)).collect()).collect();
        let mut right: Vec<Vec<R>> = (0..d).map(|a| (0..d).map(|b| unit(a, b)).collect()).collect();
        let mut determinant = R::constant(1.0);
        for k in 0..d {
            let pivot = left[k][k];
            determinant = determinant * pivot;
            for j in 0..d {
                left[k][j] = left[k][j] / pivot;
                right[k][j] = right[k][j] / pivot;
            }
            for i in (0..d).filter(|&i| i != k) {
                let factor = left[i][k];
                for j in 0..d {
                    left[i][j] = left[i][j] - factor * left[k][j];
                    right[i][j] = right[i][j] - factor * right[k][j];
                }
            }
        }
        (determinant, right)
    }

    /// Volume element `sqrt(det g)`.
    pub fn volume_element(&self) -> R {
        self.inverse_metric().0.sqrt()
    }

    /// Second fundamental form (Euler-Schouten curvature): the part of `H` normal to the manifold,
    /// `K_perp ab,cd = K_ab,cd - Gamma_ab,e g^ef Gamma_cd,f`. Row and column of [`index_pairs`].
    fn normal_parts(&self, inverse: &[Vec<R>]) -> Vec<Vec<R>> {
        let pairs = index_pairs(self.dimension);
        let part = |ab: (usize, usize), cd: (usize, usize)| {
            let mut part = self.second(ab, cd);
            for e in 0..self.dimension {
                for f in 0..self.dimension {
                    part = part - self.connection(ab, e) * inverse[e][f] * self.connection(cd, f);
                }
            }
            part
        };
        pairs.iter().map(|&ab| pairs.iter().map(|&cd| part(ab, cd)).collect()).collect()
    }

    /// `sum` of `weight(a, b, c, d) K_perp ab,cd`; the weight sees the inverse metric.
    fn contraction(&self, weight: impl Fn(&[Vec<R>], usize, usize, usize, usize) -> R) -> R {
        let d = self.dimension;
        let (_, inverse) = self.inverse_metric();
        let parts = self.normal_parts(&inverse);
        let index = |a: usize, b: usize| self.second_column((a, b)) - 1 - d;
        let mut sum = R::constant(0.0);
        for a in 0..d {
            for b in 0..d {
                for c in 0..d {
                    for e in 0..d {
                        sum = sum + weight(&inverse, a, b, c, e) * parts[index(a, b)][index(c, e)];
                    }
                }
            }
        }
        sum
    }

    /// `gamma = g^ac g^bd K_perp ab,cd`: squared length of the second fundamental form.
    pub fn extrinsic_curvature(&self) -> R {
        self.contraction(|g, a, b, c, d| g[a][c] * g[b][d])
    }

    /// Squared mean curvature `|h|^2`, `h = g^ab H_perp ab / d`.
    pub fn mean_curvature_squared(&self) -> R {
        let d = self.dimension as f64;
        self.contraction(|g, a, b, c, e| g[a][b] * g[c][e]) / R::constant(d * d)
    }

    /// Scalar curvature `R = g^ac g^bd R_abcd` by the Gauss equation, `R_abcd = K_perp ac,bd - K_perp ad,bc`; twice the Gaussian
    /// curvature of a surface, `d (d - 1) / r^2` for a sphere.
    pub fn scalar_curvature(&self) -> R {
        // g^ac g^bd K_ac,bd - g^ac g^bd K_ad,bc, indices renamed
        self.contraction(|g, a, b, c, d| g[a][b] * g[c][d] - g[a][c] * g[b][d])
    }

    /// Sectional curvature of the plane of `e_a` and `e_b`: `(K_perp aa,bb - K_perp ab,ab) / (g_aa g_bb - g_ab^2)`.
    pub fn sectional_curvature(&self, a: usize, b: usize) -> R {
        let (_, inverse) = self.inverse_metric();
        let parts = self.normal_parts(&inverse);
        let index = |ab| self.second_column(ab) - 1 - self.dimension;
        let bend = parts[index((a, a))][index((b, b))] - parts[index((a, b))][index((a, b))];
        bend / (self.metric(a, a) * self.metric(b, b) - self.metric(a, b) * self.metric(a, b))
    }

    /// Squared curvature of the coordinate curve along `a`, `kappa^2 = (K g - Gamma^2) / g^3`.
    pub fn curvature_squared(&self, a: usize) -> R {
        let (g, slide) = (self.metric(a, a), self.connection((a, a), a));
        (self.second((a, a), (a, a)) - slide * slide / g) / (g * g)
    }

    /// Share of `H_aa` that is tangent to its own coordinate curve, `Gamma^2 / (g K)`.
    pub fn tangential_share(&self, a: usize) -> R {
        let slide = self.connection((a, a), a);
        slide * slide / (self.metric(a, a) * self.second((a, a), (a, a)))
    }
}

/// A number that a jet has, as a name: one formula for simulated Gram matrices and for the finite-width theory of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// `A`.
    Activity,
    /// `g_ab`.
    Metric(usize, usize),
    /// `x . e_a / (|x| |e_a|)`, 0 where the activity is constant.
    Tilt(usize),
    /// `x . H_aa / (n g_aa)`, -1 where the activity is constant.
    Sag(usize),
    /// `e_a . H_aa / (|e_a| |H_aa|)`, the cosine between tangent and second derivative of the coordinate curve along `a`.
    Lean(usize),
    /// `K_ab,cd`.
    Second((usize, usize), (usize, usize)),
    /// `K_ab,cd / sqrt(g_aa g_bb g_cc g_dd)`, free of the scale of the coordinates.
    UnitSecond((usize, usize), (usize, usize)),
    /// `kappa^2` of the coordinate curve along `a`.
    CurvatureSquared(usize),
    /// `Gamma^2 / (g K)` of the coordinate curve along `a`.
    TangentialShare(usize),
    /// `sqrt(g_aa)`, the length of the coordinate curve for a unit of its parameter.
    Speed(usize),
    /// `kappa sqrt(g_aa)`, the length of its Gauss map for a unit of its parameter.
    Turning(usize),
    /// `sqrt(det g)`.
    VolumeElement,
    /// `gamma`.
    ExtrinsicCurvature,
    /// `|h|^2`.
    MeanCurvatureSquared,
    /// `R`.
    ScalarCurvature,
    /// `R sqrt(det g)`, whose integral over a closed surface is `8 pi` times half its Euler characteristic.
    ScalarCurvatureDensity,
    /// `e_a . e_b / (|e_a| |e_b|)`.
    FrameCosine(usize, usize),
}

impl Measure {
    /// Its value for this jet.
    pub fn of<R: Real>(self, gram: &JetGram<R>) -> R {
        match self {
            Measure::Activity => gram.activity(),
            Measure::Metric(a, b) => gram.metric(a, b),
            Measure::Tilt(a) => gram.activity_slope(a) / (gram.activity() * gram.metric(a, a)).sqrt(),
            Measure::Sag(a) => gram.get(gram.second_column((a, a)), 0) / gram.metric(a, a),
            Measure::Lean(a) => gram.connection((a, a), a) / (gram.metric(a, a) * gram.second((a, a), (a, a))).sqrt(),
            Measure::Second(ab, cd) => gram.second(ab, cd),
            Measure::UnitSecond((a, b), (c, d)) => {
                let scale = gram.metric(a, a) * gram.metric(b, b) * gram.metric(c, c) * gram.metric(d, d);
                gram.second((a, b), (c, d)) / scale.sqrt()
            }
            Measure::CurvatureSquared(a) => gram.curvature_squared(a),
            Measure::TangentialShare(a) => gram.tangential_share(a),
            Measure::Speed(a) => gram.metric(a, a).sqrt(),
            Measure::Turning(a) => (gram.curvature_squared(a) * gram.metric(a, a)).sqrt(),
            Measure::VolumeElement => gram.volume_element(),
            Measure::ExtrinsicCurvature => gram.extrinsic_curvature(),
            Measure::MeanCurvatureSquared => gram.mean_curvature_squared(),
            Measure::ScalarCurvature => gram.scalar_curvature(),
            Measure::ScalarCurvatureDensity => gram.scalar_curvature() * gram.volume_element(),
            Measure::FrameCosine(a, b) => gram.metric(a, b) / (gram.metric(a, a) * gram.metric(b, b)).sqrt(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Inputs, Jet, Manifold, ManifoldKind};
    use neurodyn_numerics::elementary::sin_cos;

    fn gram(jet: &Jet) -> JetGram<f64> {
        JetGram::of(Inputs::jets(std::slice::from_ref(jet), 2).expect("inputs").gram(), jet.tangents.len())
    }

    #[test]
    fn the_anisotropy_is_that_of_the_axes_of_an_ellipse_of_tangents() {
        // tangents (2, 0) and (1, 1): eigenvalues 3 +- sqrt 5 of their products
        let products = [[1.0, 0.0, 0.0], [0.0, 4.0, 2.0], [0.0, 2.0, 2.0]];
        let found = JetGram::new(2, 3, |i, j| products[i][j]).log_anisotropy();
        let root = 5.0f64.sqrt();
        assert!((found - ln((3.0 + root) / (3.0 - root))).abs() < 1e-14, "{found}");
    }

    #[test]
    fn spheres_have_their_curvatures_in_any_coordinates() {
        for d in [2usize, 3, 5] {
            let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension: d, activity: 0.8 }).expect("valid");
            for shift in [0.0, 0.7] {
                let t: Vec<f64> = (0..d).map(|a| shift * (1.0 - 0.4 * a as f64)).collect();
                let gram = gram(&sphere.jet(&t));
                let n = d as f64;
                let close = |found: f64, exact: f64| assert!((found / exact - 1.0).abs() < 1e-12, "{found} {exact}");
                close(gram.scalar_curvature(), n * (n - 1.0) / 0.8);
                close(gram.extrinsic_curvature(), n / 0.8);
                close(gram.mean_curvature_squared(), 1.0 / 0.8);
                close(gram.sectional_curvature(0, d - 1), 1.0 / 0.8);
            }
        }
    }

    #[test]
    fn a_torus_of_revolution_has_its_scalar_curvature() {
        // ((2 + cos v) cos u, (2 + cos v) sin u, sin v): Gaussian curvature cos v / (2 + cos v)
        let (u, v) = (0.4, 1.1);
        let ((su, cu), (sv, cv)) = (sin_cos(u), sin_cos(v));
        let r = 2.0 + cv;
        let jet = Jet {
            point: vec![r * cu, r * su, sv],
            tangents: vec![vec![-r * su, r * cu, 0.0], vec![-sv * cu, -sv * su, cv]],
            seconds: vec![vec![-r * cu, -r * su, 0.0], vec![sv * su, -sv * cu, 0.0], vec![-cv * cu, -cv * su, -sv]],
        };
        let gram = gram(&jet);
        assert!((gram.scalar_curvature() - 2.0 * cv / r).abs() < 1e-14);
        assert!((gram.volume_element() - r).abs() < 1e-14);
        // 1 and cos v / r are the principal curvatures
        let mean = 0.5 * (1.0 + cv / r);
        assert!((gram.mean_curvature_squared() - mean * mean).abs() < 1e-14);
    }

    #[test]
    fn curves_have_the_curvature_of_their_trace() {
        // an ellipse at t: a b / (a^2 sin^2 + b^2 cos^2)^(3/2), whatever the speed
        let kind = ManifoldKind::Ellipse { semi_axes: [1.0, 0.4], centre: [0.3, 0.0, 0.2] };
        let gram = gram(&Manifold::new(kind).expect("valid").jet(&[0.9]));
        let (s, c) = sin_cos(0.9);
        let speed = s * s + 0.16 * c * c;
        assert!((gram.curvature_squared(0) - 0.16 / (speed * speed * speed)).abs() < 1e-13);
        let normal = gram.second((0, 0), (0, 0)) * (1.0 - gram.tangential_share(0));
        assert!((gram.curvature_squared(0) - normal / (speed * speed)).abs() < 1e-13);
        assert!((gram.extrinsic_curvature() - gram.curvature_squared(0)).abs() < 1e-13);
    }
}

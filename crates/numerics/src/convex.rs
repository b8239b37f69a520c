//! Hyperplanes through the origin between labelled points: the nearest point of a convex hull, margins, and certificates either way.

use super::linalg::{Factor, solve_positive};
use super::sum::dot;

/// Where rounding ends, relative to the longest point.
const ROUNDING: f64 = 1e-12;

/// Where a hyperplane through the origin stands to points that should all lie on its positive side. Either answer carries a proof that
/// anyone can check: Gordan's theorem of the alternative.
#[derive(Debug, Clone, PartialEq)]
pub enum Separation {
    /// All points are on its positive side. The largest margin is between the two numbers, which differ by rounding only.
    Separable {
        /// `min_i normal . p_i`, for a unit `normal`: the proof.
        margin: f64,
        /// Length of a convex combination of the points, which no margin exceeds.
        bound: f64,
        /// The unit normal.
        normal: Vec<f64>,
    },
    /// No hyperplane has all points on one side: a convex combination of them is 0.
    Inseparable {
        /// Length of the combination, 0 up to rounding.
        residual: f64,
        /// Its weights, non-negative and of sum 1: the proof.
        weights: Vec<f64>,
    },
    /// Too near to the border between the two for these numbers.
    Unresolved,
}

/// Finds the point of the convex hull of `points` that is nearest to the origin (Wolfe, Math. Program. 11 (1976) 128): its direction is the
/// normal of the largest margin, its length the margin. Finitely many steps, in a fixed order.
pub fn separate(points: &[Vec<f64>]) -> Separation {
    let longest = points.iter().map(|p| dot(p, p)).fold(0.0, f64::max);
    let Some(start) =
        (0..points.len()).min_by(|&i, &j| dot(&points[i], &points[i]).total_cmp(&dot(&points[j], &points[j])))
    else {
        return Separation::Unresolved;
    };
    let mut corral = vec![start];
    let mut weights = vec![1.0];
    let mut nearest = points[start].clone();
    for _ in 0..100 * (points.len() + 1) {
        let square = dot(&nearest, &nearest);
        if square.sqrt() <= ROUNDING * longest.sqrt() {
            return without_direction(points.len(), &corral, &weights, square.sqrt(), longest);
        }
        let heights: Vec<f64> = points.iter().map(|p| dot(p, &nearest)).collect();
        let lowest = (0..points.len()).fold(0, |low, i| if heights[i] < heights[low] { i } else { low });
        let (length, margin) = (square.sqrt(), heights[lowest] / square.sqrt());
        let settled = |corral: &[usize], weights: &[f64]| {
            if margin <= ROUNDING * longest.sqrt() {
                return without_direction(points.len(), corral, weights, length, longest);
            }
            let normal = nearest.iter().map(|x| x / length).collect();
            Separation::Separable { margin, bound: length, normal }
        };
        if heights[lowest] >= square - 1e-13 * length * longest.sqrt() || corral.contains(&lowest) {
            // nothing lies below the hyperplane through the nearest point, or only by rounding
            return settled(&corral, &weights);
        }
        corral.push(lowest);
        weights.push(0.0);
        loop {
            let Some(affine) = affine_weights(points, &corral) else {
                return settled(&corral, &weights);
            };
            // as far towards the affine minimum as the hull goes
            let mut step = 1.0;
            let mut leaves = None;
            for (i, (w, a)) in weights.iter().zip(&affine).enumerate() {
                if *a <= 0.0 && w - a > 0.0 && w / (w - a) < step {
                    (step, leaves) = (w / (w - a), Some(i));
                }
            }
            for (w, a) in weights.iter_mut().zip(&affine) {
                *w += step * (a - *w);
            }
            let inside = leaves.is_none();
            if let Some(index) = leaves {
                corral.remove(index);
                weights.remove(index);
            }
            if inside || corral.len() <= 1 {
                break;
            }
        }
        let total: f64 = weights.iter().sum();
        weights.iter_mut().for_each(|w| *w /= total);
        if !corral.contains(&lowest) {
            // what should have brought it nearer to the origin is below rounding
            return settled(&corral, &weights);
        }
        for (d, x) in nearest.iter_mut().enumerate() {
            *x = corral.iter().zip(&weights).map(|(&i, w)| w * points[i][d]).sum();
        }
    }
    Separation::Unresolved
}

/// Where rounding has taken the direction of the nearest point: inseparable, if that is because it is the origin.
fn without_direction(count: usize, corral: &[usize], weights: &[f64], length: f64, longest: f64) -> Separation {
    // weights carry the rounding of a solution, a thousand times that of one product
    if length > 1e3 * ROUNDING * longest.sqrt() {
        return Separation::Unresolved;
    }
    let mut all = vec![0.0; count];
    corral.iter().zip(weights).for_each(|(&i, w)| all[i] = *w);
    Separation::Inseparable { residual: length, weights: all }
}

/// Other points of which the same dichotomies are separable, but better conditioned: separability does not change under invertible linear maps nor
/// if each point is moved along its ray. Columns are made orthonormal (twice, against rounding), then rows are given length 1.
pub fn conditioned(points: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let rank = points.first().map_or(0, Vec::len);
    let mut columns: Vec<Vec<f64>> = (0..rank).map(|d| points.iter().map(|p| p[d]).collect()).collect();
    for d in 0..rank {
        for _ in 0..2 {
            let (before, rest) = columns.split_at_mut(d);
            for other in before.iter() {
                let along = dot(other, &rest[0]);
                rest[0].iter_mut().zip(other).for_each(|(x, y)| *x -= along * y);
            }
            let length = dot(&rest[0], &rest[0]).sqrt();
            rest[0].iter_mut().for_each(|x| *x /= length);
        }
    }
    let row = |i: usize| {
        let point: Vec<f64> = columns.iter().map(|column| column[i]).collect();
        let length = dot(&point, &point).sqrt();
        point.into_iter().map(|x| x / length).collect()
    };
    (0..points.len()).map(row).collect()
}

/// Weights of sum 1 of the point of the affine hull of the corral that is nearest to the origin, by orthogonalising the differences to its first point
/// (twice, against rounding), which does not square their condition. None where they are linearly dependent.
fn affine_weights(points: &[Vec<f64>], corral: &[usize]) -> Option<Vec<f64>> {
    let base = &points[corral[0]];
    let m = corral.len() - 1;
    let mut directions: Vec<Vec<f64>> = Vec::with_capacity(m);
    // entry (row, column) of the triangle, column by column
    let mut triangle: Vec<Vec<f64>> = Vec::with_capacity(m);
    let mut rest: Vec<f64> = base.iter().map(|x| -x).collect();
    let mut along_base = Vec::with_capacity(m);
    for &i in &corral[1..] {
        let mut v: Vec<f64> = points[i].iter().zip(base).map(|(p, b)| p - b).collect();
        let before = dot(&v, &v).sqrt();
        let mut column = vec![0.0; directions.len()];
        for _ in 0..2 {
            for (entry, q) in column.iter_mut().zip(&directions) {
                let along = dot(q, &v);
                *entry += along;
                v.iter_mut().zip(q).for_each(|(x, y)| *x -= along * y);
            }
        }
        let length = dot(&v, &v).sqrt();
        if !(length > 1e-13 * before) {
            return None;
        }
        v.iter_mut().for_each(|x| *x /= length);
        let along = dot(&v, &rest);
        rest.iter_mut().zip(&v).for_each(|(x, y)| *x -= along * y);
        along_base.push(along);
        column.push(length);
        triangle.push(column);
        directions.push(v);
    }
    let mut weights = vec![0.0; m + 1];
    for i in (0..m).rev() {
        let known: f64 = (i + 1..m).map(|j| triangle[j][i] * weights[j + 1]).sum();
        weights[i + 1] = (along_base[i] - known) / triangle[i][i];
    }
    weights[0] = 1.0 - weights[1..].iter().sum::<f64>();
    Some(weights)
}

/// Points with this Gram matrix, one a row.
pub fn points_of(k: usize, gram: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
    let factor = Factor::new(k, gram);
    (0..k).map(|i| factor.row(i).to_vec()).collect()
}

/// The same points on the side that their labels say: bit `i` of `labels` set for `-1`.
pub fn signed(points: &[Vec<f64>], labels: u64) -> Vec<Vec<f64>> {
    let sign = |i: usize| if labels >> i & 1 == 1 { -1.0 } else { 1.0 };
    points.iter().enumerate().map(|(i, p)| p.iter().map(|x| sign(i) * x).collect()).collect()
}

/// The dichotomy of points with a positive definite Gram matrix that has the smallest of the largest margins, over all `2^(k-1)` up to sign, and that
/// margin; none where the matrix is numerically singular (pivots below `k 1e-15`).
///
/// If the minimum-norm solution of `y_i w . x_i = 1` has non-negative multipliers, it has the largest margin, `1 / sqrt(y^T G^-1 y)`; otherwise
/// that is a lower bound, and where it leaves a chance [`separate`] decides. The relative error is about 1e-16 over the least pivot.
pub fn worst_dichotomy(k: usize, gram: impl Fn(usize, usize) -> f64) -> Option<(u64, f64)> {
    worst_dichotomy_of(&(0..k).map(|i| (0..k).map(|j| gram(i, j)).collect()).collect::<Vec<Vec<f64>>>())
}

/// The same of a matrix, compiled once for all who ask.
fn worst_dichotomy_of(rows: &[Vec<f64>]) -> Option<(u64, f64)> {
    let k = rows.len();
    let inverse: Vec<Vec<f64>> = (0..k)
        .map(|j| {
            let unit: Vec<f64> = (0..k).map(|i| f64::from(u8::from(i == j))).collect();
            solve_positive(rows, &unit, 0.0)
        })
        .collect::<Option<_>>()?;
    let points = points_of(k, |i, j| rows[i][j]);
    let mut worst: Option<(u64, f64)> = None;
    for labels in 0..1u64 << (k - 1) {
        let y: Vec<f64> = (0..k).map(|i| if labels >> i & 1 == 1 { -1.0 } else { 1.0 }).collect();
        let multipliers: Vec<f64> = y.iter().zip(&inverse).map(|(y_i, row)| y_i * dot(row, &y)).collect();
        let form: f64 = multipliers.iter().sum();
        if !(form > 0.0) {
            return None;
        }
        let mut margin = 1.0 / form.sqrt();
        if worst.is_some_and(|(_, least)| margin >= least) {
            continue;
        }
        if multipliers.iter().any(|a| *a < 0.0) {
            match separate(&signed(&points, labels)) {
                Separation::Separable { margin: found, .. } => margin = found,
                _ => return None,
            }
        }
        if worst.is_none_or(|(_, least)| margin < least) {
            worst = Some((labels, margin));
        }
    }
    worst
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn circle(k: usize) -> Vec<Vec<f64>> {
        (0..k)
            .map(|i| {
                let (s, c) = super::super::elementary::sin_cos(0.3 + 2.0 * std::f64::consts::PI * i as f64 / k as f64);
                vec![c, s]
            })
            .collect()
    }

    #[test]
    fn two_points_and_a_simplex_have_the_margins_of_geometry() {
        let Separation::Separable { margin, bound, .. } = separate(&[vec![3.0, 1.0], vec![3.0, -2.0]]) else {
            panic!()
        };
        assert!((margin - 3.0).abs() < 1e-12 && (bound - 3.0).abs() < 1e-12);
        let k = 6;
        let unit: Vec<Vec<f64>> = (0..k).map(|i| (0..k).map(|j| f64::from(u8::from(i == j))).collect()).collect();
        let Separation::Separable { margin, .. } = separate(&unit) else { panic!() };
        assert!((margin - 1.0 / (k as f64).sqrt()).abs() < 1e-12);
        // equal distances: the balanced dichotomy is the worst
        let (labels, worst) = worst_dichotomy(k, |i, j| if i == j { 1.0 } else { 0.3 }).expect("definite");
        assert!(labels.count_ones() == 3 && (worst - (0.7 / k as f64).sqrt()).abs() < 1e-12, "{labels} {worst}");
    }

    #[test]
    fn all_of_a_circle_is_on_no_side() {
        match separate(&circle(7)) {
            Separation::Inseparable { residual, weights } => {
                let sum: Vec<f64> =
                    (0..2).map(|d| circle(7).iter().zip(&weights).map(|(p, w)| w * p[d]).sum()).collect();
                assert!(residual < 1e-8 && sum.iter().all(|x: &f64| x.abs() < 1e-8));
            }
            other => panic!("{other:?}"),
        }
        assert_eq!(worst_dichotomy(4, |_, _| 1.0), None);
    }

    /// Cover (1965): points in general position in `d` dimensions have `2 sum_{i<d} binom(k-1, i)` separable dichotomies, whatever they are.
    #[test]
    fn separable_dichotomies_are_as_many_as_cover_counts() {
        let count = |points: &[Vec<f64>]| {
            let k = points.len();
            (0..1u64 << (k - 1))
                .filter(|&labels| match separate(&signed(points, labels)) {
                    Separation::Separable { .. } => true,
                    Separation::Inseparable { .. } => false,
                    Separation::Unresolved => panic!("unresolved"),
                })
                .count()
        };
        // an odd number, so that no two are opposite
        assert_eq!(count(&circle(9)), 9);
        // the same seen obliquely, and from near and far
        let skewed: Vec<Vec<f64>> = circle(9)
            .iter()
            .enumerate()
            .map(|(i, p)| vec![(p[0] + 1e-5 * p[1]) * (i + 1) as f64, p[0] * (i + 1) as f64])
            .collect();
        assert_eq!(count(&conditioned(&skewed)), 9);
        // on the moment curve
        let moments: Vec<Vec<f64>> =
            (0..8).map(|i| (0..4).map(|d| (0..d).map(|_| 0.3 * f64::from(i) - 1.0).product()).collect()).collect();
        assert_eq!(count(&moments), 1 + 7 + 21 + 35);
    }

    proptest! {
        #[test]
        fn answers_prove_themselves(values in proptest::collection::vec(-1.0f64..1.0, 24), labels in 0u64..256) {
            let points: Vec<Vec<f64>> = values.chunks(3).map(<[f64]>::to_vec).collect();
            let points = signed(&points, labels);
            match separate(&points) {
                Separation::Separable { margin, bound, normal } => {
                    prop_assert!((dot(&normal, &normal) - 1.0).abs() < 1e-12);
                    prop_assert!(points.iter().all(|p| dot(p, &normal) >= margin * (1.0 - 1e-9)));
                    prop_assert!(margin <= bound * (1.0 + 1e-12) && bound - margin < 1e-10);
                }
                Separation::Inseparable { residual, weights } => {
                    let total: f64 = weights.iter().sum();
                    prop_assert!((total - 1.0).abs() < 1e-12 && weights.iter().all(|w| *w >= 0.0) && residual < 1e-7);
                }
                Separation::Unresolved => prop_assert!(false, "unresolved"),
            }
        }

        /// The worst of all margins found one by one.
        #[test]
        fn the_worst_dichotomy_is_the_worst(values in proptest::collection::vec(-1.0f64..1.0, 35)) {
            let points: Vec<Vec<f64>> = values.chunks(7).map(<[f64]>::to_vec).collect();
            let gram = |i: usize, j: usize| dot(&points[i], &points[j]) + if i == j { 0.05 } else { 0.0 };
            let all = points_of(5, gram);
            let margins = (0..16).map(|labels| match separate(&signed(&all, labels)) {
                Separation::Separable { margin, .. } => margin,
                other => panic!("{other:?}"),
            });
            let least = margins.fold(f64::INFINITY, f64::min);
            let (_, worst) = worst_dichotomy(5, gram).expect("definite");
            prop_assert!((worst / least - 1.0).abs() < 1e-9, "{worst} {least}");
        }
    }
}

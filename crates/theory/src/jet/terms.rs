//! The next layer's columns as polynomials in the preactivations of the derivatives, with derivatives of `phi` as
//! coefficients, and what their expectations need.

use neurodyn_model::index_pairs;
use neurodyn_numerics::monomials::Monomials;

/// `phi^(order)(u) y^exponents`.
#[derive(Debug, Clone)]
struct Term {
    order: usize,
    exponents: Vec<u8>,
}

/// Contribution `factor` times a product of derivatives of `phi` times a moment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Product {
    /// Which product of derivatives of `phi`.
    pub phi: usize,
    /// Which moment.
    pub moment: usize,
    /// Constant factor.
    pub factor: f64,
}

/// Everything about jets of one dimension and order that does not depend on the ensemble.
///
/// Columns are `x`, `e_a` and, if asked for, `H_ab`; with `y = (p_1..p_d, s_11..s_dd)` the preactivations of the derivatives,
/// the next layer has `phi(u)`, `phi' p_a`, `phi'' p_a p_b + phi' s_ab`.
#[derive(Debug, Clone)]
pub(super) struct Terms {
    /// Number of columns `m`.
    pub columns: usize,
    /// Monomials that the mean Gram matrix needs.
    pub low: Monomials,
    /// Monomials that products of two Gram entries need.
    pub high: Monomials,
    /// Differential operators: monomials in the total derivative along `u` and the derivatives in `y`.
    pub operators: Monomials,
    /// For each Gram entry and each operator of even degree: its index, the power of the derivative along `u`, and what the
    /// rest of the operator makes of the entry.
    pub derivatives: Vec<Vec<(usize, usize, Vec<Product>)>>,
    /// For each pair of Gram entries (lower triangle): their product.
    pub squares: Vec<Vec<Product>>,
    /// Orders of derivatives of `phi` in each product of two.
    pub two: Vec<[usize; 2]>,
    /// The same for four.
    pub four: Vec<[usize; 4]>,
}

/// Whether the moments of such jets are few enough to go through.
pub(super) fn is_tractable(dimension: usize, seconds: bool) -> bool {
    dimension <= if seconds { 3 } else { 16 }
}

impl Terms {
    /// Jets of dimension `d`, with second derivatives or without.
    pub fn new(dimension: usize, seconds: bool) -> Self {
        let pairs = if seconds { index_pairs(dimension) } else { Vec::new() };
        let variables = dimension + pairs.len();
        let unit = |indices: &[usize]| {
            let mut exponents = vec![0u8; variables];
            indices.iter().for_each(|&index| exponents[index] += 1);
            exponents
        };
        let mut columns = vec![vec![Term { order: 0, exponents: unit(&[]) }]];
        columns.extend((0..dimension).map(|a| vec![Term { order: 1, exponents: unit(&[a]) }]));
        columns.extend(pairs.iter().enumerate().map(|(index, &(a, b))| {
            vec![Term { order: 2, exponents: unit(&[a, b]) }, Term { order: 1, exponents: unit(&[dimension + index]) }]
        }));
        let degree = if seconds { 2 } else { 1 };
        let (low, high) = (Monomials::new(variables, 2 * degree), Monomials::new(variables, 4 * degree));
        let operators = Monomials::new(variables + 1, 4);
        let (mut two, mut four) = (Vec::new(), Vec::new());
        let entries = lower_triangle(columns.len());
        let mut derivatives = Vec::new();
        for &(i, j) in &entries {
            let mut of_entry = Vec::new();
            for operator in 0..operators.len() {
                let along = operators.exponents(operator)[0] as usize;
                let products =
                    products_under(&operators.exponents(operator)[1..], &columns[i], &columns[j], &low, &mut two);
                if operators.degree_of(operator).is_multiple_of(2) && !products.is_empty() {
                    of_entry.push((operator, along, products));
                }
            }
            derivatives.push(of_entry);
        }
        let mut squares = Vec::new();
        for (first, &(i, j)) in entries.iter().enumerate() {
            for &(k, l) in &entries[..=first] {
                squares.push(fourfold(&[&columns[i], &columns[j], &columns[k], &columns[l]], &high, &mut four));
            }
        }
        Self { columns: columns.len(), low, high, operators, derivatives, squares, two, four }
    }

    /// Number of Gram entries.
    pub fn entries(&self) -> usize {
        self.columns * (self.columns + 1) / 2
    }
}

/// Index pairs `(i, j)`, `j <= i < m`, row by row.
pub(super) fn lower_triangle(m: usize) -> Vec<(usize, usize)> {
    (0..m).flat_map(|i| (0..=i).map(move |j| (i, j))).collect()
}

/// `d^alpha` of the product of two columns.
fn products_under(
    alpha: &[u8],
    a: &[Term],
    b: &[Term],
    monomials: &Monomials,
    two: &mut Vec<[usize; 2]>,
) -> Vec<Product> {
    let mut products = Vec::new();
    for a in a {
        for b in b {
            let mut factor = 1.0;
            let mut left = Vec::with_capacity(alpha.len());
            for ((x, y), &power) in a.exponents.iter().zip(&b.exponents).zip(alpha) {
                let exponent = x + y;
                // the falling factorial is 0 beyond the power
                (0..power).for_each(|k| factor *= f64::from(exponent) - f64::from(k));
                left.push(exponent.saturating_sub(power));
            }
            if let (Some(moment), true) = (monomials.index_of(&left), factor != 0.0) {
                let mut orders = [a.order, b.order];
                orders.sort_unstable();
                products.push(Product { phi: position(two, orders), moment, factor });
            }
        }
    }
    products
}

fn fourfold(columns: &[&[Term]; 4], monomials: &Monomials, four: &mut Vec<[usize; 4]>) -> Vec<Product> {
    let mut partial = vec![(Vec::new(), vec![0u8; columns[0][0].exponents.len()])];
    for column in columns {
        let mut next = Vec::new();
        for (orders, exponents) in &partial {
            for term in *column {
                let mut orders: Vec<usize> = orders.clone();
                orders.push(term.order);
                next.push((orders, exponents.iter().zip(&term.exponents).map(|(x, y)| x + y).collect()));
            }
        }
        partial = next;
    }
    let mut products: Vec<Product> = Vec::new();
    for (mut orders, exponents) in partial {
        orders.sort_unstable();
        let Some(moment) = monomials.index_of(&exponents) else { continue };
        let phi = position(four, [orders[0], orders[1], orders[2], orders[3]]);
        match products.iter_mut().find(|product| product.phi == phi && product.moment == moment) {
            Some(product) => product.factor += 1.0,
            None => products.push(Product { phi, moment, factor: 1.0 }),
        }
    }
    products
}

/// Index of an item, added if it is not there.
fn position<T: PartialEq>(list: &mut Vec<T>, item: T) -> usize {
    list.iter().position(|other| *other == item).unwrap_or_else(|| {
        list.push(item);
        list.len() - 1
    })
}

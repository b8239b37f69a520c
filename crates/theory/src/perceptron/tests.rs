use super::*;
use neurodyn_numerics::elementary::{erf, normal_cdf};
use neurodyn_numerics::quadrature::{Shape, Univariate};
use proptest::prelude::*;
use std::f64::consts::FRAC_1_SQRT_2;

fn perceptron(rows: &[[f64; 2]], outputs: &[f64]) -> Perceptron {
    Perceptron::new(rows.iter().map(|row| row.to_vec()).collect(), outputs.to_vec()).expect("valid")
}

fn population(phi: Sigmoid) -> Population {
    Population::new(phi, perceptron(&[[1.0, 0.0], [-0.3, 0.8], [0.2, 1.5]], &[1.0, 0.5, -0.7]))
}

fn student() -> Perceptron {
    perceptron(&[[0.9, -0.2], [0.3, 1.1], [-0.6, 0.4]], &[0.7, -0.4, 0.3])
}

fn value(phi: Sigmoid, u: f64) -> f64 {
    match phi {
        Sigmoid::ErfSqrt2 => erf(u * FRAC_1_SQRT_2),
        Sigmoid::GaussCdf => normal_cdf(u),
    }
}

/// `E[g(x)]` over the plane by a product rule.
fn expectation(g: impl Fn([f64; 2]) -> f64) -> f64 {
    let rule = Univariate::new(Shape::Oscillating { frequency: 30.0 }, 1.0);
    rule.expectation(|x| rule.expectation(|y| g([x, y])))
}

fn output(phi: Sigmoid, network: &Perceptron, x: [f64; 2]) -> f64 {
    let unit = |i: usize| {
        let row = network.input_weights(i);
        network.output_weight(i) * value(phi, row[0] * x[0] + row[1] * x[1])
    };
    (0..network.units()).map(unit).sum()
}

#[test]
fn the_loss_is_the_mean_square_by_quadrature() {
    for phi in [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf] {
        let population = population(phi);
        let exact = expectation(|x| {
            let error = output(phi, &student(), x) - output(phi, population.teacher(), x);
            0.5 * error * error
        });
        let found = population.loss(&student()).expect("fits");
        assert!((found - exact).abs() < 1e-12, "{phi:?}: {found} {exact}");
        let students = [student(), population.teacher().clone()];
        assert_eq!(population.first_below(&students, 1e-9), Ok(Some(1)));
        assert_eq!(population.first_below(&students, 2.0 * exact), Ok(Some(0)));
        assert_eq!(population.first_below(&students[..1], exact), Ok(None));
    }
}

#[test]
fn the_fisher_information_is_the_mean_of_products_by_quadrature() {
    for phi in [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf] {
        let found = population(phi).fisher(&student());
        let eigenvalues = population(phi).fisher_eigenvalues(&student());
        let trace: f64 = (0..found.len()).map(|i| found[i][i]).sum();
        assert!((eigenvalues.iter().sum::<f64>() - trace).abs() < 1e-12 && eigenvalues.is_sorted_by(|a, b| a >= b));
        let derivative = |k: usize, x: [f64; 2]| {
            let (unit, input) = if k < 3 { (k, None) } else { ((k - 3) / 2, Some((k - 3) % 2)) };
            let row = student().input_weights(unit).to_vec();
            let u = row[0] * x[0] + row[1] * x[1];
            let slope = neurodyn_numerics::elementary::normal_pdf(u) * if phi.is_odd() { 2.0 } else { 1.0 };
            input.map_or_else(|| value(phi, u), |input| student().output_weight(unit) * slope * x[input])
        };
        for (i, j) in [(0, 0), (0, 1), (1, 3), (0, 6), (3, 3), (3, 4), (4, 7), (5, 8)] {
            let exact = expectation(|x| derivative(i, x) * derivative(j, x));
            assert!((found[i][j] - exact).abs() < 1e-12, "{phi:?} {i}{j}: {} {exact}", found[i][j]);
            assert_eq!(found[i][j], found[j][i]);
        }
    }
}

proptest! {
    #[test]
    fn gradient_and_hessian_are_difference_quotients(parameters in proptest::array::uniform9(-1.5f64..1.5), cdf: bool) {
        let population = population(if cdf { Sigmoid::GaussCdf } else { Sigmoid::ErfSqrt2 });
        let student = student().with_parameters(&parameters);
        let gradient = population.gradient(&student).expect("fits");
        let hessian = population.hessian(&student).expect("fits");
        let h = 1e-3;
        for k in 0..9 {
            let at = |steps: f64| {
                let mut moved = parameters;
                moved[k] += steps * h;
                student.with_parameters(&moved)
            };
            let quotient = |f: &dyn Fn(&Perceptron) -> f64| {
                (8.0 * (f(&at(1.0)) - f(&at(-1.0))) - (f(&at(2.0)) - f(&at(-2.0)))) / (12.0 * h)
            };
            let slope = quotient(&|student| population.loss(student).expect("fits"));
            prop_assert!((slope - gradient[k]).abs() < 1e-9, "{k}: {slope} {}", gradient[k]);
            for j in 0..9 {
                let bend = quotient(&|student| population.gradient(student).expect("fits")[j]);
                prop_assert!((bend - hessian[j][k]).abs() < 1e-9, "{j}{k}: {bend} {}", hessian[j][k]);
            }
        }
        let eigen = symmetric_eigen(9, |i, j| population.fisher(&student)[i][j]);
        prop_assert!(eigen.values[8] > -1e-14);
    }
}

#[test]
fn the_teacher_is_a_minimum_of_loss_0() {
    let population = population(Sigmoid::ErfSqrt2);
    let teacher = population.teacher().clone();
    assert!(population.loss(&teacher).expect("fits").abs() < 1e-15);
    assert!(population.gradient(&teacher).expect("fits").iter().all(|g| g.abs() < 1e-15));
}

/// On `u = 0` two units are one: of 2 + 2 N directions 1 + N remain.
#[test]
fn the_fisher_information_loses_rank_where_units_coincide() {
    let together = perceptron(&[[0.9, -0.2], [0.9, -0.2]], &[0.7, 0.4]);
    let fisher = population(Sigmoid::ErfSqrt2).fisher(&together);
    let values = symmetric_eigen(6, |i, j| fisher[i][j]).values;
    assert!(values[2] > 1e-3 && values[3] < 1e-15, "{values:?}");
    let error = population(Sigmoid::ErfSqrt2).natural_gradient(&together).expect_err("singular");
    assert!(matches!(error, FlowError::SingularFisher { smallest } if smallest.abs() < 1e-14), "{error}");
}

#[test]
fn flows_fall_and_natural_gradient_is_fast() {
    let population = Population::new(Sigmoid::ErfSqrt2, perceptron(&[[1.0, 0.0], [-0.3, 0.8]], &[1.0, 0.5]));
    let start = perceptron(&[[0.9, -0.2], [0.3, 1.1]], &[0.7, -0.4]);
    let losses = |learning, times: &[f64]| -> Vec<f64> {
        let students = flow(&population, &start, learning, times).expect("smooth");
        students.iter().map(|student| population.loss(student).expect("fits")).collect()
    };
    let plain = losses(Learning::Gradient, &[0.0, 0.1, 1.0, 10.0, 100.0]);
    assert!(plain.is_sorted_by(|a, b| a > b), "{plain:?}");
    let natural = losses(Learning::Natural, &[0.0, 0.5, 1.0]);
    assert!(natural[2] < plain[2], "{natural:?} {plain:?}");
}

/// `E[phi'(w . x)]`, and `E[phi(w . x) x] = w E[phi'(w . x)]`.
#[test]
fn the_mean_slope_is_the_linear_part() {
    let weights = [0.8, -1.1];
    let field = |x: &[f64; 2]| weights[0] * x[0] + weights[1] * x[1];
    for phi in [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf] {
        let mean = phi.mean_slope(weights[0] * weights[0] + weights[1] * weights[1]);
        assert!((expectation(|x| phi.slope(field(&x))) - mean).abs() < 1e-12);
        assert!((expectation(|x| phi.value(field(&x)) * x[1]) - weights[1] * mean).abs() < 1e-12);
    }
}

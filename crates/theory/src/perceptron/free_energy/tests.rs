use super::*;
use crate::perceptron::{Population, learning_coefficient};
use neurodyn_model::Sigmoid;

fn teacher(rows: &[f64], outputs: &[f64]) -> Perceptron {
    Perceptron::new(rows.iter().map(|b| vec![*b]).collect(), outputs.to_vec()).expect("valid")
}

fn cases() -> Vec<(usize, Perceptron)> {
    vec![
        (1, teacher(&[0.0], &[0.0])),
        (2, teacher(&[0.0], &[0.0])),
        (1, teacher(&[1.0], &[1.0])),
        (2, teacher(&[1.0], &[1.0])),
        (2, teacher(&[2.0, 0.5], &[1.0, -1.0])),
    ]
}

#[test]
fn half_the_step_and_wider_cuts_change_nothing() {
    let betas = [0.1, 1.0, 1e2, 1e4, 1e6, 1e8];
    for (units, teacher) in cases() {
        let plain = free_energy(units, &teacher, &betas).expect("computed");
        let fine = free_energy_with(units, &teacher, &betas, 0.5 * STEP, 1.3 * REACH).expect("computed");
        for (a, (b, beta)) in plain.iter().zip(fine.iter().zip(betas)) {
            let (lambda, log) = ((a.lambda - b.lambda).abs(), (a.log_partition - b.log_partition).abs());
            let limit = 1e-8 + 1e-15 * beta;
            assert!(lambda < limit && log < limit, "{units} {teacher:?} {beta:e}: {lambda:e} {log:e}");
        }
    }
}

/// The whole plane of input weights by the plain trapezoid rule, which is exact while the integrand is smooth.
#[test]
fn a_plain_grid_gives_the_same_at_low_beta() {
    let betas = [0.5, 5.0, 30.0];
    let step = 0.02;
    let grid: Vec<f64> = (-400..=400).map(|i| f64::from(i) * step).collect();
    for (units, teacher) in cases() {
        let target = Target::new(teacher.clone()).expect("valid");
        let mut sums = Sums { betas: &betas, prior: 0.0, partition: vec![0.0; 3], energy: vec![0.0; 3] };
        for &a in &grid {
            if units == 1 {
                sums.add(&Regression::new(&target, &[a]), step);
            } else {
                grid.iter().for_each(|&b| sums.add(&Regression::new(&target, &[a, b]), step * step));
            }
        }
        let found = free_energy(units, &teacher, &betas).expect("computed");
        for (a, b) in found.iter().zip(sums.free_energies()) {
            assert!((a.lambda - b.lambda).abs() < 1e-9, "{units} {teacher:?}: {a:?} {b:?}");
            assert!((a.log_partition - b.log_partition).abs() < 1e-9, "{units} {teacher:?}: {a:?} {b:?}");
        }
    }
    // the prior of two inputs, one unit: a grid of the plane
    let flat = Perceptron::new(vec![vec![0.0, 0.0]], vec![0.0]).expect("valid");
    let target = Target::new(flat.clone()).expect("valid");
    let mut sums = Sums { betas: &betas, prior: 0.0, partition: vec![0.0; 3], energy: vec![0.0; 3] };
    for &a in &grid {
        grid.iter().for_each(|&b| sums.add(&Regression::new(&target, &[a, b]), step * step));
    }
    for (a, b) in free_energy(1, &flat, &betas).expect("computed").iter().zip(sums.free_energies()) {
        assert!((a.lambda - b.lambda).abs() < 1e-9, "{a:?} {b:?}");
    }
}

#[test]
fn lambda_is_the_slope_of_the_free_energy() {
    for (units, teacher) in cases() {
        for beta in [3.0, 1e3, 1e6] {
            let h = 1e-3;
            let betas = [-2.0, -1.0, 1.0, 2.0].map(|k| beta * exp(k * h));
            let logs: Vec<f64> =
                free_energy(units, &teacher, &betas).expect("computed").iter().map(|f| f.log_partition).collect();
            let slope = (logs[0] - 8.0 * logs[1] + 8.0 * logs[2] - logs[3]) / (12.0 * h);
            let lambda = free_energy(units, &teacher, &[beta]).expect("computed")[0].lambda;
            assert!((lambda + slope).abs() < 1e-7, "{units} {teacher:?} {beta:e}: {lambda} {slope}");
        }
    }
}

#[test]
fn high_beta_tends_to_the_learning_coefficient() {
    for (units, teacher) in cases() {
        let exact = learning_coefficient(units, &teacher).expect("known");
        let betas = [1e6, 1e9, 1e12];
        let far: Vec<f64> =
            free_energy(units, &teacher, &betas).expect("computed").iter().map(|f| f.lambda - exact.lambda).collect();
        if exact.multiplicity == 1 {
            assert!(far[2].abs() < 0.006 && far[2].abs() <= far[0].abs().max(1e-3), "{units} {teacher:?}: {far:?}");
        } else {
            // 1 / (ln beta + c) with one c
            let c: Vec<f64> = far.iter().zip(betas).map(|(far, beta)| -1.0 / far - ln(beta)).collect();
            assert!((c[2] - c[1]).abs() < 0.01 && (c[1] - c[0]).abs() < 0.01, "{c:?}");
        }
    }
}

#[test]
fn what_is_not_covered_is_refused() {
    let one = teacher(&[1.0], &[1.0]);
    let wide = Perceptron::new(vec![vec![1.0, 0.0]], vec![1.0]).expect("valid");
    for (units, teacher, betas, name) in [
        (3, &one, vec![1.0], "units"),
        (2, &one, vec![0.0], "betas"),
        (2, &one, vec![1e14], "betas"),
        (2, &one, vec![f64::NAN], "betas"),
        (2, &wide, vec![1.0], "inputs"),
        (1, &wide, vec![1.0], "inputs"),
    ] {
        assert_eq!(free_energy(units, teacher, &betas).expect_err("refused").name, name);
    }
}

/// Two closed forms of one loss.
#[test]
fn the_regression_has_the_loss_of_the_population() {
    let teacher = Perceptron::new(vec![vec![1.0, 0.3], vec![-0.4, 2.0]], vec![0.8, -0.5]).expect("valid");
    let rows = [vec![0.5, 0.2], vec![-1.0, 0.7]];
    let student = Perceptron::new(rows.to_vec(), vec![1.5, 0.4]).expect("valid");
    let loss = Population::new(Sigmoid::ErfSqrt2, teacher.clone()).loss(&student).expect("fits");
    let regression = Regression::new(&Target::new(teacher).expect("valid"), &rows.concat());
    assert!((0.5 * regression.twice_loss([1.5, 0.4]) - loss).abs() < 1e-15);
}

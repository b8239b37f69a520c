//! Free energies of perceptrons by sequential Monte Carlo against quadrature, with so few particles that a bias of order 1 / particles
//! would show.

use neurodyn::model::Perceptron;
use neurodyn::numerics::statistics::student_t_critical;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{Pooled, Rung, Tempering, parallel_map, with_threads};
use neurodyn::theory::perceptron::free_energy;

fn teacher(rows: &[f64], outputs: &[f64]) -> Perceptron {
    Perceptron::new(rows.iter().map(|b| vec![*b]).collect(), outputs.to_vec()).expect("valid")
}

fn ladder() -> Vec<f64> {
    vec![0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 3e3, 1e4]
}

fn runs(task: &Tempering, replicas: u64) -> Vec<Vec<Rung>> {
    let replicas: Vec<u64> = (0..replicas).collect();
    let at = |replica| Address { seed: 20180839, role: Role::NETWORK, point: 99, replica };
    parallel_map(&replicas, |&replica| Ok::<_, ()>(task.sample(&at(replica)))).expect("no error")
}

/// 220 cells at a familywise false-alarm rate of 1e-3.
#[test]
fn any_number_of_particles_agrees_with_quadrature() {
    let cases = [
        (1, teacher(&[0.0], &[0.0])),
        (1, teacher(&[1.0], &[1.0])),
        (2, teacher(&[0.0], &[0.0])),
        (2, teacher(&[1.0], &[1.0])),
        (2, teacher(&[2.0, 0.5], &[1.0, -1.0])),
    ];
    let (mut cells, mut worst) = (0, 0.0f64);
    for (units, teacher) in cases {
        let exact = free_energy(units, &teacher, &ladder()).expect("computed");
        for (particles, replicas) in [(30, 1000), (600, 50)] {
            let task = Tempering::new(units, teacher.clone(), ladder(), particles, 2).expect("a task");
            let runs = runs(&task, replicas);
            let limit = student_t_critical(1e-3 / 220.0, replicas as f64 - 1.0);
            for (rung, exact) in exact.iter().enumerate() {
                let found = Pooled::of(&runs.iter().map(|run| run[rung]).collect::<Vec<_>>());
                for (mc, theory, stderr) in [
                    (found.energy, exact.lambda, found.energy_stderr),
                    (found.log_partition, exact.log_partition, found.log_partition_stderr),
                ] {
                    worst = worst.max(((mc - theory) / stderr).abs() / limit);
                    cells += 1;
                }
            }
        }
    }
    assert!(cells == 220 && worst < 1.0, "{cells} {worst}");
}

#[test]
fn threads_do_not_matter() {
    let task = Tempering::new(2, teacher(&[1.0], &[1.0]), ladder(), 40, 1).expect("a task");
    let [one, two] = [1, 2].map(|threads| with_threads(Some(threads), || runs(&task, 6)).expect("a pool"));
    assert_eq!(one, two);
    assert_ne!(one[0], one[1]);
}

#[test]
fn what_is_no_ladder_is_refused() {
    let one = || teacher(&[1.0], &[1.0]);
    for (units, betas, particles, sweeps, name) in [
        (3, ladder(), 10, 1, "units"),
        (2, vec![], 10, 1, "betas"),
        (2, vec![1.0, 1.0], 10, 1, "betas"),
        (2, vec![0.0, 1.0], 10, 1, "betas"),
        (2, vec![f64::NAN], 10, 1, "betas"),
        (2, ladder(), 1, 1, "particles"),
        (2, ladder(), 10, 0, "sweeps"),
    ] {
        assert_eq!(Tempering::new(units, one(), betas, particles, sweeps).expect_err("refused").name, name);
    }
    let large = Tempering::new(1, teacher(&[1e4], &[1.0]), ladder(), 10, 1).expect_err("refused");
    assert_eq!(large.name, "input_weights");
}

use super::*;
use neurodyn_numerics::simd::{Level, Switch};
use neurodyn_numerics::statistics::kolmogorov_smirnov_two_sample;
use neurodyn_random::Role;

fn address(replica: u64) -> Address {
    Address { seed: 6, role: Role::NETWORK, point: 0, replica }
}

/// `J_i . J_j` and `J_i . B_k`.
fn products(student: &Perceptron, teacher: &Perceptron) -> Vec<f64> {
    let of = |i: usize| {
        let within = (0..=i).map(move |j| student.overlap(i, student, j));
        within.chain((0..teacher.units()).map(move |k| student.overlap(i, teacher, k)))
    };
    (0..student.units()).flat_map(of).collect()
}

fn distance(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
}

fn networks() -> (Perceptron, Perceptron) {
    let teacher = Perceptron::new(vec![vec![1.0, 0.0, 0.0], vec![-0.3, 0.8, 0.0]], vec![1.0, 0.5]);
    let start = Perceptron::new(vec![vec![0.9, -0.2, 0.1], vec![0.3, 0.6, -0.4]], vec![0.7, -0.4]);
    (teacher.expect("valid"), start.expect("valid"))
}

fn task(inputs: u64, step: f64, noise: f64) -> OnlineTask {
    let (teacher, start) = networks();
    OnlineTask::new(Sigmoid::ErfSqrt2, teacher, start, inputs, step, noise).expect("a task")
}

#[test]
fn the_start_is_the_start() {
    let task = task(20, 0.1, 0.0);
    let (teacher, start) = networks();
    for found in [task.sample(&[0], &address(0)), task.sample_explicit(&[0], &address(0))] {
        let distance = distance(&products(&found[0], task.rotated_teacher()), &products(&start, &teacher));
        assert!(distance < 1e-15, "{found:?}");
    }
}

/// Dependent teachers and students of one vector take fewer dimensions.
#[test]
fn degenerate_vectors_keep_their_products() {
    let teacher = Perceptron::new(vec![vec![1.0, 0.0], vec![2.0, 0.0]], vec![1.0, 0.5]).expect("valid");
    let start = Perceptron::new(vec![vec![0.5, 0.5], vec![0.5, 0.5]], vec![0.7, 0.4]).expect("valid");
    let exact = products(&start, &teacher);
    let task = OnlineTask::new(Sigmoid::GaussCdf, teacher, start, 10, 0.3, 0.1).expect("a task");
    let found = task.sample(&[0, 50], &address(1));
    assert!(distance(&products(&found[0], task.rotated_teacher()), &exact) < 1e-14, "{found:?}");
    // units that start as one and differ in output weights part
    assert!(found[1].overlap(0, &found[1], 0) != found[1].overlap(1, &found[1], 1));
}

/// 90 two-sample tests at a familywise false-alarm rate of 1e-3.
#[test]
fn both_samplers_have_one_law() {
    let mut smallest = 1.0f64;
    let mut count = 0;
    for (case, (inputs, step, noise)) in [(3, 0.5, 0.0), (10, 0.3, 0.2), (60, 0.05, 0.0)].into_iter().enumerate() {
        let (teacher, start) = networks();
        let phi = if case == 2 { Sigmoid::GaussCdf } else { Sigmoid::ErfSqrt2 };
        let task = OnlineTask::new(phi, teacher, start, inputs, step, noise).expect("a task");
        let steps = [1, 10, 100];
        let draw = |explicit: bool| -> Vec<Students> {
            let at: Vec<Address> = (0..1500).map(|r| Address { point: case as u64, ..address(r) }).collect();
            if explicit {
                at.iter().map(|at| task.sample_explicit(&steps, at)).collect()
            } else {
                task.sample_replicas(&steps, &at)
            }
        };
        let samples = [draw(false), draw(true)];
        let observe = |student: &Perceptron| -> Vec<f64> {
            let mut found = products(student, task.rotated_teacher());
            let separation = found[0] + found[4] - 2.0 * found[3];
            found.extend([student.output_weight(0), student.output_weight(1), separation]);
            found
        };
        for moment in 0..3 {
            let observed: Vec<Vec<Vec<f64>>> = samples
                .iter()
                .map(|sample| sample.iter().map(|students| observe(&students[moment])).collect())
                .collect();
            for observable in 0..10 {
                let [a, b] = [0, 1].map(|s: usize| {
                    let mut values: Vec<f64> = observed[s].iter().map(|values| values[observable]).collect();
                    values.sort_by(f64::total_cmp);
                    values
                });
                smallest = smallest.min(kolmogorov_smirnov_two_sample(&a, &b).p_value);
                count += 1;
            }
        }
    }
    assert!(count == 90 && smallest > 1e-3 / 90.0, "{smallest:e}");
}

/// The teacher does not move, and a student that is the teacher stays without noise (at step sizes that do not blow up rounding).
#[test]
fn a_student_that_knows_stays() {
    let teacher = Perceptron::new(vec![vec![1.0, 0.0], vec![-0.3, 0.8]], vec![1.0, 0.5]).expect("valid");
    let task = OnlineTask::new(Sigmoid::ErfSqrt2, teacher.clone(), teacher.clone(), 30, 0.02, 0.0).expect("a task");
    let found = task.sample(&[1000], &address(2)).swap_remove(0);
    assert!(distance(&products(&found, task.rotated_teacher()), &products(&teacher, &teacher)) < 1e-12, "{found:?}");
}

/// A replica has the same bits alone, in a group, and at every SIMD level.
#[test]
fn company_does_not_matter() {
    let switch = Switch::take();
    let task = task(50, 0.2, 0.1);
    let addresses: Vec<Address> = (0..LANES as u64 + 3).map(address).collect();
    let steps = [0, 1, 63, 64, 200];
    let alone: Vec<Students> = addresses.iter().map(|address| task.sample(&steps, address)).collect();
    for level in Level::available() {
        switch.to(level);
        assert_eq!(task.sample_replicas(&steps, &addresses), alone, "{level:?}");
    }
}

//! Critical networks: their spread to first order in 1/n against sampled ones, and their places against the golden boundary.

use neurodyn::model::{Activation, BiasStd, Ensemble, Network, Width};
use neurodyn::numerics::elementary::ln;
use neurodyn::numerics::statistics::normal_critical;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::{Estimate, errors, parallel_map};
use neurodyn::theory::critical::{Kind, critical, edge};
use neurodyn::theory::initialisation::one_network;

/// Familywise rate of false alarms of the statistical test; its seed is fixed, so it does not flicker.
const ALPHA: f64 = 1e-3;

/// `n Var ln qt^1` and `n Var ln A^L` of sampled networks; from two widths, so that what is left is of second order in 1/n.
#[test]
fn one_network_strays_as_theory_says() {
    const DEPTH: usize = 12;
    const REPLICAS: u64 = 6000;
    let cases: Vec<(Ensemble, f64)> =
        [(Activation::Gelu, None), (Activation::Tanh, None), (Activation::Tanh, Some(0.3)), (Activation::Relu, None)]
            .into_iter()
            .map(|(activation, sigma_b)| {
                let sigma_b = sigma_b.and_then(|sigma_b| BiasStd::new(sigma_b).ok());
                let place = critical(activation, sigma_b).expect("an answer").place.expect("a place");
                let activity = place
                    .q
                    .filter(|q| *q > 0.0)
                    .map(|q| (q - place.ensemble.sigma_b.squared()) / place.ensemble.sigma_w.squared());
                (place.ensemble, activity.unwrap_or(1.0))
            })
            .collect();
    let limit = normal_critical(0.5 * ALPHA / (2 * cases.len()) as f64);
    for (case, (ensemble, activity)) in cases.iter().enumerate() {
        let sampled = |width: u64, point: u64| {
            let network = Network::uniform(*ensemble, Width::new(width).expect("a width"), DEPTH).expect("a network");
            let replicas: Vec<u64> = (0..REPLICAS).collect();
            let found = parallel_map(&replicas, |replica| {
                let found =
                    errors(&network, *activity, &Address { seed: 24, role: Role::NETWORK, point, replica: *replica })?;
                Ok::<_, neurodyn::simulation::SimulationError>([ln(found.same[0]), ln(found.activities[DEPTH])])
            })
            .expect("finite");
            [0, 1].map(|which| {
                let values: Vec<f64> = found.iter().map(|values| values[which]).collect();
                let variance = Estimate::variance_of(&values);
                (width as f64 * variance.mean, width as f64 * variance.stderr.expect("many networks"))
            })
        };
        let (narrow, wide) = (sampled(150, 2 * case as u64), sampled(300, 2 * case as u64 + 1));
        let theory = one_network(ensemble, *activity, DEPTH, Width::new(150).expect("a width")).expect("exists");
        for (which, deviation) in [theory.log_gradient_std, theory.log_activity_std].into_iter().enumerate() {
            let (mean, stderr) = (
                2.0 * wide[which].0 - narrow[which].0,
                (4.0 * wide[which].1 * wide[which].1 + narrow[which].1 * narrow[which].1).sqrt(),
            );
            let expected = 150.0 * deviation * deviation;
            let z = (mean - expected) / stderr;
            assert!(
                z.abs() < limit,
                "{ensemble:?} {which}: {mean} +- {stderr}, theory {expected}, z {z}, limit {limit}"
            );
            // a tenth more would be seen
            assert!(((mean - 1.3 * expected) / stderr).abs() > limit, "{ensemble:?} {which}: {stderr} sees nothing");
        }
    }
}

/// Points of the line lie on the golden boundary of `phase_boundary`.
#[test]
fn lines_are_the_golden_boundary() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/phase_boundary.curve.csv"))
        .expect("golden data");
    let mut rows = text.lines();
    let names: Vec<&str> = rows.next().expect("a header").split(',').collect();
    let column = |name: &str| names.iter().position(|found| *found == name).expect("a column");
    let (activation, q, sigma_w, sigma_b) = (column("activation"), column("q"), column("sigma_w"), column("sigma_b"));
    let mut compared = 0;
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let number = |place: usize| cells[place].parse::<f64>().expect("a number");
        let found: Activation = cells[activation].parse().expect("an activation");
        if found.is_homogeneous() || !(0.01..3.0).contains(&number(sigma_b)) {
            continue;
        }
        let place = edge(found, number(sigma_b)).expect("an edge");
        assert!((place.ensemble.sigma_w.get() / number(sigma_w) - 1.0).abs() < 1e-7, "{row}: {place:?}");
        assert!((place.q.expect("a point") / number(q) - 1.0).abs() < 1e-5, "{row}: {place:?}");
        compared += 1;
        let sigma_b = BiasStd::new(number(sigma_b)).ok();
        assert_eq!(critical(found, sigma_b).expect("an answer").kind, Kind::Line);
    }
    assert!(compared > 20, "{compared} points");
}

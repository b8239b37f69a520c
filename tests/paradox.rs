//! The paradox of equidistance, by the independent witness: explicit weights.

use neurodyn::model::{Activation, Ensemble, Inputs, Network, SymmetricMatrix, Width};
use neurodyn::numerics::convex::{Separation, conditioned, points_of, separate, signed};
use neurodyn::numerics::elementary::cos;
use neurodyn::random::{Address, Role};
use neurodyn::simulation::SamplerKind;
use neurodyn::theory::paradox::shatter::cover_fraction;

/// Cover's count does not depend on the points: every single network has exactly as many separable dichotomies, whatever its weights, depth and sampler.
#[test]
fn every_network_separates_as_many_dichotomies_as_cover_counts() {
    let k = 9;
    let gram = SymmetricMatrix::from_fn(k, |i, j| 0.6 * cos(std::f64::consts::TAU * (i - j) as f64 / k as f64));
    let inputs = Inputs::points(gram).expect("a circle");
    let ensemble = Ensemble::new(Activation::Tanh, 2.5, 0.3).expect("valid");
    for (width, sampler) in [(3, SamplerKind::Explicit), (5, SamplerKind::Explicit), (5, SamplerKind::Macroscopic)] {
        let network = Network::uniform(ensemble, Width::new(width).expect("valid"), 4).expect("valid");
        for replica in 0..4 {
            let address = Address { seed: 7, role: Role::NETWORK, point: width, replica };
            let layers = sampler.sampler().sample(&network, &inputs, &address).expect("finite");
            for layer in [1, 4] {
                let points = conditioned(&points_of(k, |i, j| layers[layer].get(i, j)));
                assert_eq!(points[0].len() as u64, width, "not in general position");
                let separable = (0..1u64 << (k - 1)).filter(|labels| match separate(&signed(&points, *labels)) {
                    Separation::Separable { .. } => true,
                    Separation::Inseparable { .. } => false,
                    Separation::Unresolved => panic!("unresolved"),
                });
                let share = separable.count() as f64 / f64::from(1 << (k - 1));
                assert!((share - cover_fraction(k, width as usize)).abs() < 1e-15, "{width} {layer}: {share}");
            }
        }
    }
}

//! A great circle through three networks, seen in its first three principal components, and the share of its variance that each
//! component carries (Poole et al. 2016, figure 3A, with their parameters). In the ordered phase it stays a circle, in the
//! chaotic phase it spreads over many dimensions. The autocorrelations of their figures 3B and 3C are those of `distance_circle` and,
//! for tangents, `metric_rotation`.
//!
//! Coordinates come from the Gram matrix alone: its eigenvectors, times the roots of the eigenvalues. At infinite width it
//! is circulant and its eigenvalues, two by two, are the Fourier coefficients of the autocorrelation.

mod figures;

use crate::experiment::prelude::*;
use crate::numerics::linalg::{Eigen, symmetric_eigen};

parameters! {
    Params {
        activation, sigma_w: WeightScales, sigma_b,
        layers: LayersOfNetwork => "Layers to show; the deepest is the depth of the networks.",
        /// Points on the circle; a multiple of 8.
        #[schemars(extend("multipleOf" = SECTORS))]
        inputs: Few<8>,
        components: Count<3> => "Principal components whose shares are shown.",
        width,
        replicas: NetworkCount => "Networks over which shares are averaged; the first is drawn.",
    }
}

columns! {
    angle: Parameter ["rad"] "angle of the input on the great circle";
    sector: Label "which eighth of the circle the input is in, from 0";
    component {
        _: Parameter "number of the principal component, from 1 for the largest";
        modes: Drawing "ends of the line of a Fourier mode over its two components";
    }
    component_1: MonteCarlo "coordinate of the image along the first principal component, over sqrt n, in one network";
    component_2: MonteCarlo "coordinate of the image along the second principal component, over sqrt n, in one network";
    component_3: MonteCarlo "coordinate of the image along the third principal component, over sqrt n, in one network";
    share_infinite: Theory "share of the variance of the images that the component carries, at infinite width";
    share {
        shares: MonteCarlo "share of the variance of the images that the component carries, mean over networks";
        pairs: MonteCarlo "mean of the shares of the two components of a Fourier mode, over networks";
        fourier: MonteCarlo "share of the variance along the cosine and the sine of this Fourier mode itself, mean of the two, over networks";
    }
    mode: Parameter "place of the Fourier mode whose two components these are, from 1 for the largest";
    middle: Drawing "between the numbers of the two components";
    right: Drawing "to the right in a parallel projection of the first three components";
    up: Drawing "upwards in the same projection";
    part: Label "a line of the floor under the curve, its farthest upright edge, or the shadow of the curve on the floor";
}

/// Colours along the circle.
const SECTORS: usize = 8;

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        projections.component_1 | one network drawn, not a mean
        projections.component_2 | one network drawn, not a mean
        projections.component_3 | one network drawn, not a mean
        pairs.share | beside its limit at infinite width; to show that what separates the two components of a mode leaves their mean
        fourier.share | beside its limit at infinite width; to show what the components, which fit each network, have beyond the mode
        shares.share | beside its limit at infinite width; sorted eigenvalues of few networks have finite-width shifts without a theory here
    ";
    const NO_CONTROL: Option<&'static str> =
        Some("networks are drawn, and shares of variance are shown beside their limit; nothing is judged");

    fn check(&self) -> Result<(), ParameterError> {
        refuse_where(!self.inputs.is_multiple_of(SECTORS), "inputs", self.inputs, "a multiple of 8")?;
        let allowed = "below the number of inputs";
        refuse_where(self.components >= self.inputs, "components", self.components, allowed)
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let Params { activation, sigma_b, inputs: m, width, replicas, .. } = *self;
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation, sigma_w, sigma_b };
            let activity = activity_fixed_point(&ensemble)?.activity;
            let gram = SymmetricMatrix::from_fn(m, |i, j| activity * cos(TAU / m as f64 * (i - j) as f64));
            let networks = Networks::new(ensemble, width, deepest(&self.layers), Inputs::points(gram)?)?;
            points.keep(format!("sigma_w = {}", sigma_w.get()), replicas, networks.cost_of(replicas), networks);
        }
        Ok(())
    }

    /// In each layer, shares of the components, coordinates along the first three, of each point, and shares of the Fourier modes.
    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let trajectory = networks.sample(at)?;
        let mut found = Vec::new();
        for &layer in &self.layers {
            let eigen = principal_components(&trajectory[layer]);
            let total = eigen.values.iter().sum::<f64>();
            found.extend(eigen.values[..self.components].iter().map(|value| value / total));
            for (vector, value) in eigen.vectors.iter().zip(&eigen.values).take(3) {
                found.extend(vector.iter().map(|x| x * value.max(0.0).sqrt()));
            }
            found.extend(fourier(&trajectory[layer]).into_iter().map(|variance| variance / total));
        }
        Ok(found)
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let m = self.inputs;
        rows!(projections, shares);
        let (mut pairs, mut modes, mut waves) = (Rows::new("pairs"), Rows::new("modes"), Rows::new("fourier"));
        let step = TAU / m as f64;
        for (&sigma_w, found) in self.sigma_w.iter().zip(found) {
            let expected = infinite_shares(run, &found.point.network, self)?;
            for (place, (&layer, expected)) in self.layers.iter().zip(expected).enumerate() {
                let shares_at = place * self.stride();
                let waves_at = shares_at + self.components + 3 * m;
                let (expected, frequencies): (Vec<f64>, Vec<usize>) = expected.into_iter().unzip();
                for i in 0..=m {
                    // the first point again at the end closes the curve
                    let coordinate = |k: usize| found.rows()[0][shares_at + self.components + k * m + i % m];
                    projections.push(row! {
                        sigma_w, layer, sector: (i % m) * SECTORS / m, angle: step * i as f64,
                        component_1: coordinate(0), component_2: coordinate(1), component_3: coordinate(2),
                    });
                }
                for (mode, k) in (0..self.components - 1).step_by(2).enumerate() {
                    let both = found.values(shares_at + k).into_iter().zip(found.values(shares_at + k + 1));
                    let mean: Vec<f64> = both.map(|(first, second)| 0.5 * (first + second)).collect();
                    pairs.push(row! {
                        sigma_w, layer, mode: mode + 1, middle: k as f64 + 1.5, share_infinite: expected[k],
                        share: Measured::new(Estimate::of(&mean)),
                    });
                    // frequency 0 is not there
                    let wave = found.mean(waves_at + frequencies[k] - 1);
                    waves.push(row! {
                        sigma_w, layer, mode: mode + 1, middle: k as f64 + 1.5, share_infinite: expected[k],
                        share: Measured::new(wave),
                    });
                    for end in [0.7, 2.3] {
                        modes.push(row! {
                            sigma_w, layer, mode: mode + 1, component: k as f64 + end, share_infinite: expected[k],
                        });
                    }
                }
                for (k, expected) in expected.into_iter().enumerate().take(self.components) {
                    let share = Measured::new(found.mean(shares_at + k));
                    shares.push(row! { sigma_w, layer, component: k + 1, share_infinite: expected, share });
                }
            }
        }
        let mut tables = vec![projections.table()?, shares.table()?, pairs.table()?, modes.table()?, waves.table()?];
        tables.extend(views(self, found)?);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        figures::figures(self)
    }
}

impl Params {
    /// What is seen in one layer.
    fn stride(&self) -> usize {
        self.components + 3 * self.inputs + self.inputs / 2
    }
}

/// Side of the squares of the floor.
const SQUARE: f64 = 0.5;

/// Where the view comes from, in radians: about the third axis, and above the plane of the first two.
const FROM: (f64, f64) = (-1.05, 0.44);

/// The curves of one network seen from one place, all at one scale, with their shadows on a floor of squares.
fn views(params: &Params, found: &[Found<Networks>]) -> Result<[Table; 2], RunError> {
    let m = params.inputs;
    let curves: Vec<Vec<Vec<[f64; 3]>>> = found
        .iter()
        .map(|found| {
            let seen = found.rows()[0].chunks(params.stride());
            let curve = |seen: &[f64]| {
                let at = |k: usize, i: usize| seen[params.components + k * m + i % m];
                (0..=m).map(|i| [at(0, i), at(1, i), at(2, i)]).collect()
            };
            seen.map(curve).collect()
        })
        .collect();
    let far = |of: fn(&[f64; 3]) -> f64| curves.iter().flatten().flatten().map(of).fold(0.0, f64::max);
    let squares = (far(|point| point[0].abs().max(point[1].abs())) / SQUARE).ceil().max(1.0);
    let (reach, highest) = (squares * SQUARE, far(|point| point[2].abs()));
    let floor = -highest - 0.5 * SQUARE;
    let ((sin_a, cos_a), (sin_e, cos_e)) = (sin_cos(FROM.0), sin_cos(FROM.1));
    let seen = |[x, y, z]: [f64; 3]| (cos_a * y - sin_a * x, cos_e * z - sin_e * (cos_a * x + sin_a * y));
    rows!(views, ground);
    for (&sigma_w, curves) in params.sigma_w.iter().zip(&curves) {
        for (&layer, curve) in params.layers.iter().zip(curves) {
            for (i, &point) in curve.iter().enumerate() {
                let (right, up) = seen(point);
                views.push(row! { sigma_w, layer, angle: TAU * i as f64 / m as f64, right, up });
            }
            let shadow = curve.iter().map(|point| [point[0], point[1], floor]).collect();
            let edge = vec![[-reach, reach, floor], [-reach, reach, highest]];
            let squares = even(-reach, reach, 2 * squares as usize + 1).enumerate().flat_map(|(index, at)| {
                let across = vec![[at, -reach, floor], [at, reach, floor]];
                let along = vec![[-reach, at, floor], [reach, at, floor]];
                [(format!("across {index}"), across), (format!("along {index}"), along)]
            });
            for (part, line) in squares.chain([("shadow".to_owned(), shadow), ("edge".to_owned(), edge)]) {
                for (right, up) in line.into_iter().map(seen) {
                    ground.push(row! { sigma_w, layer, part: part.clone(), right, up });
                }
            }
        }
    }
    Ok([views.table()?, ground.table()?])
}

/// Eigenvalues and eigenvectors of the Gram matrix of the points about their mean.
fn principal_components(gram: &SymmetricMatrix) -> Eigen {
    let m = gram.order();
    let means: Vec<f64> = (0..m).map(|i| (0..m).map(|j| gram.get(i, j)).sum::<f64>() / m as f64).collect();
    let mean = means.iter().sum::<f64>() / m as f64;
    symmetric_eigen(m, |i, j| gram.get(i, j) - means[i] - means[j] + mean)
}

/// Variance of the points along each Fourier mode, mean of its cosine and sine, from frequency 1 to half the number of points.
fn fourier(gram: &SymmetricMatrix) -> Vec<f64> {
    let m = gram.order();
    let along = |lag: usize| (0..m).map(|i| gram.get(i, (i + lag) % m)).sum::<f64>() / m as f64;
    let lags: Vec<f64> = (0..m).map(along).collect();
    let step = TAU / m as f64;
    let wave = |frequency: usize| (0..m).map(|lag| lags[lag] * cos(step * (frequency * lag % m) as f64)).sum();
    (1..=m / 2).map(wave).collect()
}

/// Shares of the components at infinite width, largest first, with the frequencies of their modes, for each layer asked for.
fn infinite_shares(run: &Run, network: &Network, params: &Params) -> Result<Vec<Vec<(f64, usize)>>, RunError> {
    let m = params.inputs;
    let step = TAU / m as f64;
    let activity = activity_fixed_point(&network.ensemble)?.activity;
    let theory = run.theory(&network.ensemble);
    let separations: Vec<usize> = (0..m).collect();
    let overlaps = run.map(&separations, |&k| {
        let distance = 2.0 * activity * (1.0 - cos(step * k as f64));
        let input = PairState::equal(activity, distance);
        let states = pair_trajectory(&theory, input, network.depth())?;
        Ok(states.iter().map(PairState::overlap).collect::<Vec<f64>>())
    })?;
    let of_layer = |&layer: &usize| {
        let fourier = |mode: usize| -> f64 {
            (0..m).map(|k| overlaps[k][layer] * cos(step * (mode * k % m) as f64)).sum::<f64>()
        };
        // the mean is taken out, so mode 0 is not there
        let mut values: Vec<(f64, usize)> = (1..m).map(|mode| (fourier(mode), mode.min(m - mode))).collect();
        values.sort_by(|a, b| b.0.total_cmp(&a.0));
        let total: f64 = values.iter().map(|(value, _)| value).sum();
        values.iter().map(|(value, mode)| (value / total, *mode)).collect()
    };
    Ok(params.layers.iter().map(of_layer).collect())
}

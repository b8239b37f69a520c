//! What deep random networks express and wide ones do not (Poole et al. 2016, figure 5): waves on half a great circle, regressed on the
//! neurons of a layer. Shallow networks cannot reach high frequencies at any width; deep ones can.
//!
//! Two regressions. With a ridge of their own in the table `regression`, the infinite-width theory is judged against the extrapolation
//! `2 e(2n) - e(n)` of two widths. Nearly without a ridge, as in the paper, in the tables `deep` and `wide`, the deterministic equivalent
//! for finitely many neurons stands beside the Monte Carlo and is not judged: it is for hidden layers of infinite width, and needs more
//! dimensions than the first layers have.

mod figures;

use crate::experiment::prelude::*;
use crate::numerics::sum::add_scaled;
use crate::random::{Role, fill_normals};
use crate::simulation::{Features, see_layers, squares};
use crate::theory::regression::{Regression, half_circle};
use std::f64::consts::PI;

parameters! {
    Params {
        activation: Activation,
        sigma_w: WeightStd,
        sigma_b: BiasStd,
        /// Regression with a ridge, judged.
        regression: Regressed,
        /// Deep networks.
        deep: Deep,
        /// Networks with one hidden layer.
        wide: Wide,
        /// What is drawn of the first deep network.
        shown: Drawn,
    }

    /// Regression with a ridge, judged.
    Regressed {
        /// Layers.
        layers: Layers,
        /// Frequencies, in whole periods on the half circle.
        frequency: Layers,
        /// Points on the half circle.
        points: Count<3>,
        /// Ridge.
        ridge: Positive,
        /// The smaller number of neurons `n`; the other is `2n`.
        width: Width,
        /// Number of networks of each width.
        replicas: NetworkCount,
    }

    /// Deep networks.
    Deep {
        /// Layers.
        layers: Layers,
        /// Frequencies, in whole periods on the half circle.
        frequency: Layers,
        /// Points on the half circle.
        points: Count<3>,
        /// Ridge.
        ridge: Positive,
        /// Neurons of each hidden layer.
        width: Width,
        /// Neurons of a layer that are regressed on.
        neurons: Count<1>,
        /// Number of networks.
        replicas: Count<2>,
    }

    /// Networks with one hidden layer.
    Wide {
        /// Numbers of neurons.
        width: List<Width>,
        /// Points on the half circle.
        points: Count<3>,
        /// Number of networks of each width.
        replicas: Count<2>,
    }

    /// What is drawn of the first deep network.
    Drawn {
        /// Layers.
        layers: Layers,
        /// How many neurons.
        neurons: Count<1>,
        /// Frequency at which the power of the random target has fallen to `1 / e`.
        bandwidth: Positive,
    }
}

columns! {
    frequency: Parameter ["periods"] "whole periods of the target on half a great circle";
    residual: Theory "share of the mean square of a wave that ridge regression on a layer leaves; Monte Carlo extrapolated from two widths to infinite width";
    unexplained {
        _: MonteCarlo "share of the mean square of a wave that regression on a layer leaves";
        _.error: StandardError "its standard error over networks";
    }
    equivalent: Approximation "the same by the deterministic equivalent: finitely many neurons on hidden layers of infinite width";
    excess: MonteCarlo "Monte Carlo minus deterministic equivalent";
    log_width: Drawing "decimal logarithm of the number of neurons of the hidden layer";
    neuron: Label "which neuron, from 1";
    angle: Parameter ["rad"] "angle on half a great circle";
    value: MonteCarlo "activation of the neuron";
    target: MonteCarlo "random function that is regressed";
    prediction: MonteCarlo "what the regression makes of it";
    degrees: Approximation "degrees of freedom of the regression: dimensions that it can use";
    effective_ridge: Approximation "effective ridge kappa";
}

pub struct PooleExpressivity;

impl Experiment for PooleExpressivity {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        deep.unexplained | the deterministic equivalent beside it is for hidden layers of infinite width and needs more dimensions than first layers have
        deep.excess | Monte Carlo minus that deterministic equivalent: the measured size of what it leaves out
        wide.unexplained | shown only: no theory of a wide layer nearly without a ridge
        neurons.value | neurons of one network drawn, not a mean
        prediction.target | one random function drawn, not a mean
        prediction.prediction | one regression drawn, not a mean
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let refused = |name, found: usize, allowed| Err(ParameterError { name, found: found.to_string(), allowed });
        for (name, layers) in [
            ("regression.layers", &params.regression.layers),
            ("deep.layers", &params.deep.layers),
            ("shown.layers", &params.shown.layers),
        ] {
            if layers.contains(&0) {
                return refused(name, 0, "1 or more");
            }
        }
        if let Some(layer) = params.shown.layers.iter().find(|layer| !params.deep.layers.contains(layer)) {
            return refused("shown.layers", *layer, "layers of the deep networks");
        }
        // heat maps need a grid
        for (name, count) in [
            ("deep.layers", params.deep.layers.len()),
            ("deep.frequency", params.deep.frequency.len()),
            ("wide.width", params.wide.width.len()),
        ] {
            if count < 2 {
                return Err(ParameterError { name, found: format!("{count} of them"), allowed: "two or more" });
            }
        }
        for (name, frequency, points) in [
            ("regression.frequency", &params.regression.frequency, params.regression.points),
            ("deep.frequency", &params.deep.frequency, params.deep.points.min(params.wide.points)),
        ] {
            if let Some(found) = frequency.iter().find(|found| **found == 0 || 2 * **found >= points) {
                return refused(name, *found, "1 or more, and below half the number of points");
            }
        }
        Ok(())
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = Ensemble { activation: params.activation, sigma_w: params.sigma_w, sigma_b: params.sigma_b };
        let setting = Setting { params, run, ensemble, activity: activity_fixed_point(&ensemble)?.activity };
        let (regression, curve) = setting.judged()?;
        let (deep, degrees, neurons, prediction) = setting.deep()?;
        Ok(vec![regression, curve, deep, degrees, setting.wide()?, neurons, prediction])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        figures::figures(params)
    }
}

/// Waves of these frequencies on `m` angles, of unit length, cosine and sine of each.
fn waves(frequencies: &[usize], m: usize) -> Vec<f64> {
    let size = (2.0 / m as f64).sqrt();
    let mut waves = Vec::with_capacity(2 * frequencies.len() * m);
    for &frequency in frequencies {
        let turns: Vec<_> = (0..m).map(|j| sin_cos(2.0 * PI * (frequency * j % m) as f64 / m as f64)).collect();
        waves.extend(turns.iter().map(|(_, cos)| size * cos));
        waves.extend(turns.iter().map(|(sin, _)| size * sin));
    }
    waves
}

/// What is left of each frequency, mean of cosine and sine.
fn left(features: &Features, neurons: usize, ridge: f64, waves: &[f64], m: usize) -> Result<Vec<f64>, SimulationError> {
    let squares = squares(&features.residuals(neurons, ridge, waves)?, m);
    Ok(squares.chunks(2).map(|pair| 0.5 * (pair[0] + pair[1])).collect())
}

/// Estimate of entry `k` of each network.
fn estimate(networks: &[Vec<f64>], k: usize) -> Estimate {
    Estimate::of(&networks.iter().map(|network| network[k]).collect::<Vec<_>>())
}

struct Setting<'a> {
    params: &'a Params,
    run: &'a Run<'a>,
    ensemble: Ensemble,
    activity: f64,
}

/// One neuron and one prediction at all angles, of one layer.
struct Picture {
    layer: usize,
    neurons: Vec<Vec<f64>>,
    residual: Vec<f64>,
}

impl Setting<'_> {
    fn inputs(&self, m: usize) -> Result<Inputs, RunError> {
        let entry = |i, j| self.activity * cos(PI * (i - j) as f64 / m as f64);
        Ok(Inputs::points(SymmetricMatrix::from_fn(m, entry))?)
    }

    /// Covariances of each layer at all lags, at infinite width.
    fn overlaps(&self, m: usize, depth: usize) -> Result<Vec<Vec<f64>>, RunError> {
        let theory = self.run.theory(&self.ensemble);
        let lags: Vec<usize> = (0..m).collect();
        let found =
            self.run.map(&lags, |lag| Ok::<_, RunError>(half_circle(&theory, self.activity, m, *lag, depth)?))?;
        Ok((0..=depth).map(|layer| found.iter().map(|layers| layers[layer]).collect()).collect())
    }

    /// Regression with a ridge: theory at infinite width, networks extrapolated; and theory at all frequencies.
    fn judged(&self) -> Result<(Table, Table), RunError> {
        let Regressed { layers, frequency, points, ridge, width, replicas } = &self.params.regression;
        let depth = layers.iter().copied().max().unwrap_or(1);
        let (inputs, targets) = (self.inputs(*points)?, waves(frequency, *points));
        let sample = |width: usize, point: u64| {
            self.run.replicas(*replicas, |replica| {
                let address = self.run.address(point, replica);
                let mut found = Vec::new();
                see_layers(&self.ensemble, width, depth, &inputs, &address, |layer, features| {
                    if layers.contains(&layer) {
                        found.extend(left(features, width, *ridge, &targets, *points)?);
                    }
                    Ok::<_, SimulationError>(())
                })?;
                Ok(found)
            })
        };
        let n = width.get() as usize;
        let (narrow, wide) = (sample(n, 0)?, sample(2 * n, 1)?);
        let overlaps = self.overlaps(*points, depth)?;
        let mut rows = Rows::new("regression");
        let mut curve = Rows::new("curve");
        let highest = frequency.iter().copied().max().unwrap_or(1);
        // the order in which a network sees its layers
        let seen: Vec<usize> = (1..=depth).filter(|layer| layers.contains(layer)).collect();
        for (place, layer) in seen.into_iter().enumerate() {
            let theory = Regression::new(&overlaps[layer], *ridge, None)?;
            for (k, frequency) in frequency.iter().enumerate() {
                let at = place * self.params.regression.frequency.len() + k;
                let [narrow, wide] = [&narrow, &wide].map(|sample| estimate(sample, at));
                let (unexplained, error) = extrapolated(&narrow, &wide);
                rows.push(row! {
                    layer, frequency: *frequency, replicas: *replicas,
                    residual: Judged::new(theory.unexplained(*frequency), (unexplained, error)),
                });
            }
            for frequency in 1..=highest {
                curve.push(row! { layer, frequency, residual: theory.unexplained(frequency) });
            }
        }
        Ok((rows.table()?, curve.table()?))
    }

    /// A random function of unit mean square.
    fn target(&self) -> Vec<f64> {
        let (m, bandwidth) = (self.params.deep.points, self.params.shown.bandwidth);
        let highest = self.params.deep.frequency.iter().copied().max().unwrap_or(1);
        let mut coefficients = vec![0.0; 2 * highest];
        let address = self.run.address(2, 0).with_role(Role::EXPRESSIVITY);
        fill_normals(&mut address.stream(0, 0), &mut coefficients);
        let mut target = vec![0.0; m];
        for (k, pair) in coefficients.chunks(2).enumerate() {
            let frequency = (k + 1) as f64;
            let size = exp(-0.5 * (frequency / bandwidth) * (frequency / bandwidth));
            for (value, wave) in pair.iter().zip(waves(&[k + 1], m).chunks(m)) {
                add_scaled(&mut target, size * value, wave);
            }
        }
        let square = squares(&target, m)[0] / m as f64;
        target.iter_mut().for_each(|value| *value /= square.sqrt());
        target
    }

    /// Deep networks: what is left, degrees of freedom, and what is drawn of the first.
    fn deep(&self) -> Result<(Table, Table, Table, Table), RunError> {
        let Deep { layers, frequency, points, ridge, width, neurons, replicas } = &self.params.deep;
        let depth = layers.iter().copied().max().unwrap_or(1);
        let (inputs, targets, function) = (self.inputs(*points)?, waves(frequency, *points), self.target());
        let networks = self.run.replicas(*replicas, |replica| {
            let address = self.run.address(2, replica);
            let (mut found, mut pictures) = (Vec::new(), Vec::new());
            see_layers(&self.ensemble, width.get() as usize, depth, &inputs, &address, |layer, features| {
                if layers.contains(&layer) {
                    found.extend(left(features, *neurons, *ridge, &targets, *points)?);
                }
                if replica == 0 && self.params.shown.layers.contains(&layer) {
                    let residual = features.residuals(*neurons, *ridge, &function)?;
                    let neurons = (0..self.params.shown.neurons).map(|neuron| features.neuron(neuron)).collect();
                    pictures.push(Picture { layer, neurons, residual });
                }
                Ok::<_, SimulationError>(())
            })?;
            Ok((found, pictures))
        })?;
        let (found, mut pictures): (Vec<_>, Vec<_>) = networks.into_iter().unzip();
        let overlaps = self.overlaps(*points, depth)?;
        let seen: Vec<usize> = (1..=depth).filter(|layer| layers.contains(layer)).collect();
        let count = Some(*neurons as f64);
        let theory =
            self.run.map(&seen, |layer| Ok::<_, RunError>(Regression::new(&overlaps[*layer], *ridge, count)?))?;
        let mut rows = Rows::new("deep");
        let mut degrees = Rows::new("degrees");
        for (place, (layer, theory)) in seen.iter().zip(&theory).enumerate() {
            for (k, &frequency) in frequency.iter().enumerate() {
                let found = estimate(&found, place * self.params.deep.frequency.len() + k);
                let equivalent = theory.unexplained(frequency);
                rows.push(row! {
                    layer: *layer, frequency, replicas: *replicas, unexplained: Measured::new(found), equivalent,
                    excess: found.mean - equivalent,
                });
            }
            degrees.push(row! {
                layer: *layer, degrees: theory.degrees_of_freedom(), effective_ridge: theory.effective_ridge(),
            });
        }
        let (neurons, prediction) = self.pictures(&pictures.swap_remove(0), &function)?;
        Ok((rows.table()?, degrees.table()?, neurons, prediction))
    }

    fn pictures(&self, pictures: &[Picture], function: &[f64]) -> Result<(Table, Table), RunError> {
        let m = self.params.deep.points;
        let angle = |j: usize| PI * j as f64 / m as f64;
        let mut neurons = Rows::new("neurons");
        let mut prediction = Rows::new("prediction");
        for picture in pictures {
            for (neuron, values) in picture.neurons.iter().enumerate() {
                // every second point is enough for the eye
                for (j, value) in values.iter().enumerate().step_by(2) {
                    neurons.push(row! { layer: picture.layer, neuron: neuron + 1, angle: angle(j), value: *value });
                }
            }
            for (j, (target, residual)) in function.iter().zip(&picture.residual).enumerate().take(self.shown()) {
                prediction.push(
                    row! { layer: picture.layer, angle: angle(j), target: *target, prediction: target - residual },
                );
            }
        }
        Ok((neurons.table()?, prediction.table()?))
    }

    /// Points at which target and prediction are drawn: a tenth of the half circle, as in the paper.
    fn shown(&self) -> usize {
        self.params.deep.points / 10 + 1
    }

    /// One hidden layer, of many widths.
    fn wide(&self) -> Result<Table, RunError> {
        let Wide { width, points, replicas } = &self.params.wide;
        let Deep { frequency, ridge, .. } = &self.params.deep;
        let (inputs, targets) = (self.inputs(*points)?, waves(frequency, *points));
        let mut rows = Rows::new("wide");
        for (index, width) in width.iter().enumerate() {
            let n = width.get() as usize;
            let found = self.run.replicas(*replicas, |replica| {
                let address = self.run.address(3 + index as u64, replica);
                let mut found = Vec::new();
                see_layers(&self.ensemble, n, 1, &inputs, &address, |_, features| {
                    found = left(features, n, *ridge, &targets, *points)?;
                    Ok::<_, SimulationError>(())
                })?;
                Ok(found)
            })?;
            for (k, &frequency) in frequency.iter().enumerate() {
                let estimate = estimate(&found, k);
                rows.push(row! {
                    width, log_width: log10(n as f64), frequency, replicas: *replicas,
                    unexplained: Measured::new(estimate),
                });
            }
        }
        Ok(rows.table()?)
    }
}

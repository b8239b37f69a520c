//! What deep random networks express and wide ones do not (Poole et al. 2016, figure 5): waves on half a great circle, regressed on the
//! neurons of a layer. Shallow networks cannot reach high frequencies at any width; deep ones can.
//!
//! Two regressions. With a ridge of their own in the table `regression`, the infinite-width theory is judged against the extrapolation
//! `2 e(2n) - e(n)` of two widths. Nearly without a ridge, as in the paper, in the tables `deep` and `wide`, the deterministic equivalent
//! for finitely many neurons stands beside the Monte Carlo and is not judged: it is for hidden layers of infinite width, and needs more
//! dimensions than the first layers have.

mod figures;

use crate::experiment::prelude::*;
use crate::numerics::interpolation::first_rise;
use crate::simulation::{random_function, see_layers, squares, waves};
use crate::theory::regression::{Regression, half_circle};

parameters! {
    Params {
        activation, sigma_w: WeightStd, sigma_b, regression: Regressed, deep: Deep, wide: Wide, shown: Drawn,
    }

    /// Regression with a ridge, judged.
    Regressed {
        layers: Layers => "Layers.",
        frequency: Layers => "Frequencies, in whole periods on the half circle.",
        points: HalfCircle,
        ridge: Positive => "Ridge.",
        width => "The smaller number of neurons `n`; the other is `2n`.",
        replicas: WidthReplicas,
    }

    /// Deep networks.
    Deep {
        layers: Layers => "Layers.",
        frequency: Layers => "Frequencies, in whole periods on the half circle.",
        points: HalfCircle,
        ridge: Positive => "Ridge.",
        width => "Neurons of each hidden layer.",
        neurons: Count<1> => "Neurons of a layer that are regressed on.",
        replicas: Count<2> => "Number of networks.",
    }

    /// Networks with one hidden layer.
    Wide {
        width: List<Width> => "Numbers of neurons.",
        points: HalfCircle,
        replicas: Count<2> => "Number of networks of each width.",
    }

    /// What is drawn of the first deep network.
    Drawn {
        layers: Layers => "Layers.",
        neurons: Count<1> => "How many neurons.",
        bandwidth: Positive => "Frequency at which the power of the random target has fallen to `1 / e`.",
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
    half: MonteCarlo "frequency at which half of the mean square is left, mean over networks, between the frequencies of the table";
    half_equivalent: Approximation "the same by the deterministic equivalent";
    degrees: Approximation "degrees of freedom of the regression: dimensions that it can use";
    effective_ridge: Approximation "effective ridge kappa";
}

impl Experiment for Params {
    type Point = Seen;
    const UNJUDGED: &'static str = "
        deep.unexplained | the deterministic equivalent beside it is for hidden layers of infinite width and needs more dimensions than first layers have
        deep.excess | Monte Carlo minus that deterministic equivalent: the measured size of what it leaves out
        halves.half | beside the deterministic equivalent, as what it is read from
        wide.unexplained | shown only: no theory of a wide layer nearly without a ridge
        neurons.value | neurons of one network drawn, not a mean
        fine.value | the same neurons of the deepest layer drawn, at more angles
        prediction.target | one random function drawn, not a mean
        prediction.prediction | one regression drawn, not a mean
    ";

    fn check(&self) -> Result<(), ParameterError> {
        for (name, layers) in [
            ("regression.layers", &self.regression.layers),
            ("deep.layers", &self.deep.layers),
            ("shown.layers", &self.shown.layers),
        ] {
            refuse_where(layers.contains(&0), name, 0, "1 or more")?;
        }
        let found = self.shown.layers.iter().find(|layer| !self.deep.layers.contains(layer));
        refuse("shown.layers", found, "layers of the deep networks")?;
        // heat maps need a grid
        for (name, count) in [
            ("deep.layers", self.deep.layers.len()),
            ("deep.frequency", self.deep.frequency.len()),
            ("wide.width", self.wide.width.len()),
        ] {
            refuse_where(count < 2, name, format!("{count} of them"), "two or more")?;
        }
        for (name, frequency, points) in [
            ("regression.frequency", &self.regression.frequency, self.regression.points),
            ("deep.frequency", &self.deep.frequency, self.deep.points.min(self.wide.points)),
        ] {
            let found = frequency.iter().find(|found| **found == 0 || 2 * **found >= points);
            refuse(name, found, "1 or more, and below half the number of points")?;
        }
        Ok(())
    }

    fn points(&self, points: &mut Points<Seen>) -> Result<(), RunError> {
        let Params { regression, deep, wide, .. } = self;
        let ensemble = Ensemble { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b };
        let activity = activity_fixed_point(&ensemble)?.activity;
        let mut add = |networks: Deep, drawn: bool| {
            let fine = drawn.then(|| Inputs::around(activity, PI / TENTH as f64, FINE)).transpose()?;
            let seen = Seen { ensemble, inputs: Inputs::around(activity, PI, networks.points)?, networks, fine };
            let label = format!("n = {}, layers {:?}", seen.networks.width.get(), seen.networks.layers);
            points.keep(label, seen.networks.replicas, seen.cost(), seen);
            Ok::<_, RunError>(())
        };
        let Regressed { ref layers, ref frequency, points, ridge, width, replicas } = *regression;
        for width in [width, Width::new(2 * width.get())?] {
            let (layers, frequency, neurons) = (layers.clone(), frequency.clone(), width.get() as usize);
            add(Deep { layers, frequency, points, ridge, width, neurons, replicas }, false)?;
        }
        add(deep.clone(), true)?;
        for &width in &wide.width {
            let (points, neurons, replicas) = (wide.points, width.get() as usize, wide.replicas);
            add(Deep { layers: vec![1], points, width, neurons, replicas, ..deep.clone() }, false)?;
        }
        Ok(())
    }

    /// What is left of each frequency in each layer, mean of cosine and sine, and what is drawn.
    fn observe(&self, seen: &Seen, at: &Address) -> Observed {
        let Deep { layers, frequency, points: m, ridge, width, neurons, .. } = &seen.networks;
        let waves = waves(frequency, *m);
        let random = || random_function(*m, deepest(frequency), self.shown.bandwidth, at);
        let target = if seen.fine.is_some() { random() } else { Vec::new() };
        let targets = [&waves[..], &target].concat();
        let (mut left, mut drawn) = (Vec::new(), Vec::new());
        see_layers(&seen.ensemble, width.get() as usize, deepest(layers), &seen.inputs, at, |layer, features| {
            if layers.contains(&layer) {
                let residuals = features.residuals(*neurons, *ridge, &targets)?;
                let (waves, residual) = residuals.split_at(waves.len());
                left.extend(squares(waves, *m).chunks(2).map(|pair| 0.5 * (pair[0] + pair[1])));
                if seen.fine.is_some() && self.shown.layers.contains(&layer) {
                    for neuron in 0..self.shown.neurons {
                        drawn.extend(features.neuron(neuron).into_iter().step_by(EVERY));
                    }
                    // on a tenth of the half circle, as in the paper
                    let pairs = target.iter().zip(residual).take(self.deep.points / TENTH + 1);
                    drawn.extend(pairs.flat_map(|(target, residual)| [*target, target - residual]));
                }
            }
            Ok::<_, SimulationError>(())
        })?;
        if let Some(fine) = &seen.fine {
            let last = deepest(&self.shown.layers);
            see_layers(&seen.ensemble, width.get() as usize, last, fine, at, |layer, features| {
                if layer == last {
                    drawn.extend((0..self.shown.neurons).flat_map(|neuron| features.neuron(neuron)));
                }
                Ok::<_, SimulationError>(())
            })?;
        }
        left.extend(drawn);
        Ok(left)
    }

    fn tables(&self, found: &[Found<Seen>], run: &Run) -> Result<Tables, RunError> {
        let (regression, curve) = judged(self, found, run)?;
        let [deep, degrees, neurons, prediction, halves, fine] = deep(self, &found[2], run)?;
        Ok(vec![regression, curve, deep, degrees, wide(self, &found[3..])?, neurons, prediction, halves, fine])
    }

    fn figures(&self) -> Vec<Figure> {
        figures::figures(self)
    }
}

/// Of the points at which neurons are seen, one in so many is drawn, which is enough for the eye.
const EVERY: usize = 2;

/// Deep layers are drawn on this part of the half circle, at so many angles.
const TENTH: usize = 10;
const FINE: usize = 600;

/// Networks whose layers are seen at points of half a great circle.
pub struct Seen {
    ensemble: Ensemble,
    inputs: Inputs,
    /// The networks, described as the deep ones are.
    networks: Deep,
    /// Where neurons and a regression are drawn: the part of the half circle that shows a deep layer, closer.
    fine: Option<Inputs>,
}

impl Seen {
    fn cost(&self) -> OneNetwork {
        let Deep { layers, points, width, neurons, .. } = &self.networks;
        let [depth, seen, m, neurons] = [deepest(layers), layers.len(), *points, *neurons].map(|count| count as f64);
        let work = Work::explicit(width.get() as f64, depth, m);
        // the first layer has few inputs; regressions take products and factors
        let seconds = work.seconds * (depth - 1.0) / depth + 1e-10 * seen * m * m * (neurons + m);
        OneNetwork::guess(Work { seconds, ..work }, work.afford())
    }

    /// Covariances of each layer at all lags, at infinite width.
    fn overlaps(&self, run: &Run) -> Result<Vec<Vec<f64>>, RunError> {
        let (theory, depth) = (run.theory(&self.ensemble), deepest(&self.networks.layers));
        let activity = activity_fixed_point(&self.ensemble)?.activity;
        let m = self.networks.points;
        let lags: Vec<usize> = (0..m).collect();
        let found = run.map(&lags, |lag| Ok(half_circle(&theory, activity, m, *lag, depth)?))?;
        Ok((0..=depth).map(|layer| found.iter().map(|layers| layers[layer]).collect()).collect())
    }
}

/// These layers in the order in which a network sees them.
fn in_order(layers: &[usize]) -> Vec<usize> {
    (1..=deepest(layers)).filter(|layer| layers.contains(layer)).collect()
}

/// Regression with a ridge: theory at infinite width, networks extrapolated; and theory at all frequencies.
fn judged(params: &Params, found: &[Found<Seen>], run: &Run) -> Result<(Table, Table), RunError> {
    let Regressed { layers, frequency, ridge, replicas, .. } = &params.regression;
    let overlaps = found[0].point.overlaps(run)?;
    rows!(rows: "regression", curve);
    for (place, layer) in in_order(layers).into_iter().enumerate() {
        let theory = Regression::new(&overlaps[layer], *ridge, None)?;
        for (k, &wave) in frequency.iter().enumerate() {
            let [narrow, wide] = [0, 1].map(|i| found[i].mean(place * frequency.len() + k));
            let residual = Judged::new(theory.unexplained(wave), extrapolated(&narrow, &wide));
            rows.push(row! { layer, frequency: wave, replicas: *replicas, residual });
        }
        let law = |frequency| row! { layer, frequency, residual: theory.unexplained(frequency) };
        curve.extend((1..=deepest(frequency)).map(law));
    }
    Ok((rows.table()?, curve.table()?))
}

/// Deep networks: what is left, degrees of freedom, and what is drawn of the first.
fn deep(params: &Params, found: &Found<Seen>, run: &Run) -> Result<[Table; 6], RunError> {
    let Deep { ref layers, ref frequency, points: m, ridge, neurons, replicas, .. } = params.deep;
    let (overlaps, layers) = (found.point.overlaps(run)?, in_order(layers));
    let theory = run.map(&layers, |layer| Ok(Regression::new(&overlaps[*layer], ridge, Some(neurons as f64))?))?;
    rows!(rows: "deep", degrees, halves);
    let waves: Vec<f64> = frequency.iter().map(|&wave| wave as f64).collect();
    for (place, (&layer, theory)) in layers.iter().zip(&theory).enumerate() {
        let left: Vec<f64> = frequency.iter().map(|&wave| theory.unexplained(wave)).collect();
        for (k, (&frequency, &equivalent)) in frequency.iter().zip(&left).enumerate() {
            let mean = found.mean(place * waves.len() + k);
            let (unexplained, excess) = (Measured::new(mean), mean.mean - equivalent);
            rows.push(row! { layer, frequency, replicas, unexplained, equivalent, excess });
        }
        let networks = found.rows().iter().map(|row| &row[place * waves.len()..(place + 1) * waves.len()]);
        let found: Option<Vec<f64>> = networks.map(|left| first_rise(&waves, left, 0.5)).collect();
        // deep layers leave less than half of all waves
        if let (Some(found), Some(half_equivalent)) = (found, first_rise(&waves, &left, 0.5)) {
            halves.push(row! { layer, half: Measured::new(Estimate::of(&found)), half_equivalent });
        }
        degrees.push(row! {
            layer, degrees: theory.degrees_of_freedom(), effective_ridge: theory.effective_ridge(),
        });
    }
    let angle = |j: usize| PI * j as f64 / m as f64;
    let values_of = m.div_ceil(EVERY);
    let drawn = &found.rows()[0][layers.len() * frequency.len()..];
    let (drawn, closer) = drawn.split_at(drawn.len() - params.shown.neurons * FINE);
    let drawn_layers = in_order(&params.shown.layers);
    rows!(values: "neurons", predictions: "prediction", fine);
    let value = |layer: usize, index: usize, angle: f64, value: f64| row! { layer, neuron: index + 1, angle, value };
    for (&layer, drawn) in drawn_layers.iter().zip(drawn.chunks(drawn.len() / drawn_layers.len())) {
        let (of_neurons, pairs) = drawn.split_at(params.shown.neurons * values_of);
        for (index, of_neuron) in of_neurons.chunks(values_of).enumerate() {
            values.extend((0..).zip(of_neuron).map(|(j, &found)| value(layer, index, angle(EVERY * j), found)));
        }
        for (j, &[target, prediction]) in pairs.as_chunks().0.iter().enumerate() {
            predictions.push(row! { layer, angle: angle(j), target, prediction });
        }
    }
    let (last, angle) = (deepest(&params.shown.layers), |j: usize| PI * j as f64 / (TENTH * FINE) as f64);
    for (index, of_neuron) in closer.chunks(FINE).enumerate() {
        fine.extend((0..).zip(of_neuron).map(|(j, &found)| value(last, index, angle(j), found)));
    }
    Ok([rows.table()?, degrees.table()?, values.table()?, predictions.table()?, halves.table()?, fine.table()?])
}

/// One hidden layer, of many widths.
fn wide(params: &Params, found: &[Found<Seen>]) -> Result<Table, RunError> {
    let mut rows = Rows::new("wide");
    let replicas = params.wide.replicas;
    for (&width, found) in params.wide.width.iter().zip(found) {
        let log_width = log10(width.get() as f64);
        for (k, &frequency) in params.deep.frequency.iter().enumerate() {
            let unexplained = Measured::new(found.mean(k));
            rows.push(row! { width, log_width, frequency, replicas, unexplained });
        }
    }
    Ok(rows.table()?)
}

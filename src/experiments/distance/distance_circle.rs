//! A great circle of inputs through the layers: the autocorrelation `C^l(theta) / A` of its image (Poole et al. 2016,
//! figure 3B), from all pairs of equal separation within each network.

use crate::experiment::prelude::*;
use crate::simulation::CircleImage;

parameters! {
    Params {
        activation,
        sigma_w: List<WeightStd> => "Weight scales `sigma_w`, one curve each: weights are `N(0, sigma_w^2 / n)`.",
        sigma_b: BiasScale,
        /// Number of inputs on the circle; even.
        #[schemars(extend("minimum" = 4, "multipleOf" = 2))]
        inputs: Few<2>,
        angles: Count<2> => "Angles of the theory curves from 0 to pi.",
        layers: LayersOfNetwork, width, replicas: Replicas,
    }
}

columns! {
    angle {
        _: Parameter ["rad"] "angle between two inputs on the great circle";
        fine: Parameter ["rad"] "angle between two inputs on the great circle, at points close enough to draw a smooth curve";
    }
    autocorrelation: Theory "autocorrelation C^l(angle) / A^l of the image of the circle, A^l that of infinite width";
    overlap: Theory "overlap C^l = x . x' / n of two images at this angle, mean over the pairs of a network";
}

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        monte_carlo.autocorrelation | the overlap of the same row over the activity at infinite width; the overlap is judged
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let inputs = self.inputs;
        refuse_where(inputs % 2 == 1 || inputs < 4, "inputs", inputs, "an even number, 4 or more")
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let step = 2.0 * PI / self.inputs as f64;
        for &sigma_w in &self.sigma_w {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let activity = activity_fixed_point(&ensemble)?.activity;
            let gram = SymmetricMatrix::from_fn(self.inputs, |i, j| activity * cos(step * (i - j) as f64));
            let networks = Networks::new(ensemble, self.width, deepest(&self.layers), Inputs::points(gram)?)?;
            points.add(format!("sigma_w = {}", sigma_w.get()), self.replicas, networks.cost(), networks);
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        let layers = &networks.sample(at)?;
        let overlaps = |layer: usize| (0..=self.inputs / 2).map(move |s| CircleImage(&layers[layer]).mean_overlap(s));
        Ok(random_layers(self).flat_map(overlaps).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, fine, sampled: "monte_carlo");
        let step = 2.0 * PI / self.inputs as f64;
        let separations: Vec<usize> = (0..=self.inputs / 2).collect();
        for (&sigma_w, at) in self.sigma_w.iter().zip(found) {
            let Networks { network, inputs } = &at.point;
            let (activity, theory) = (activity(inputs.gram()), run.theory(&network.ensemble));
            let autocorrelation = |state: &PairState| state.overlap() / state.activity;
            let pair = |angle: f64| PairState::equal(activity, 2.0 * activity * (1.0 - cos(angle)));
            let angles: Vec<f64> = even(0.0, PI, self.angles).collect();
            let curves = run.map(&angles, |&angle| Ok(pair_trajectory(&theory, pair(angle), network.depth())?))?;
            for &layer in &self.layers {
                for (&angle, states) in angles.iter().zip(&curves) {
                    curve.push(row! { sigma_w, layer, angle, autocorrelation: autocorrelation(&states[layer]) });
                }
            }
            let curves = run.map(&self.layers, |&layer| {
                let value = |angle| Ok(autocorrelation(&pair_trajectory(&theory, pair(angle), layer)?[layer]));
                let points = fine_curve(even(0.0, PI, 17), [0.0, PI, -1.0, 1.0], value)?.into_iter();
                Ok(points.map(|(angle, y)| row! { sigma_w, layer, angle, autocorrelation: y }).collect::<Vec<_>>())
            })?;
            fine.extend(curves.into_iter().flatten());
            let expected = run.map(&separations, |&separation| {
                Ok(pair_corrections(&theory, pair(step * separation as f64), network.widths())?)
            })?;
            for (index, layer) in random_layers(self).enumerate() {
                for (&separation, expected) in separations.iter().zip(&expected) {
                    let found = at.mean(index * separations.len() + separation);
                    let scale = expected[layer].state.activity;
                    sampled.push(row! {
                        sigma_w, layer, angle: step * separation as f64, replicas: at.replicas(),
                        overlap: Corrected::new(expected[layer].state.overlap(), found, expected[layer].overlap().bias),
                        autocorrelation: Shown::new((found.mean / scale, stderr(&found) / scale)),
                    });
                }
            }
        }
        Ok(tables![curve, fine, sampled].into())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("layer", r"$l = {}$").ramp();
        let figure = Figure::new("distance_circle", "Autocorrelation of the image of a great circle")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} inputs on the circle; n = {width}, {replicas networks}")
            .describe(
                "Overlap of the images of two points on a great circle, relative to the activity, against their \
             angle, after several layers, one panel for each weight scale: lines are the theory of infinite width, points means over networks \
             with their standard errors; differences from theory are those of the overlap and include the 1/n correction.",
            )
            .grid(self.sigma_w.len(), 74.0)
            .shared_legend()
            .panel_each(("sigma_w", r"$\sigma_w = {}$"), self.sigma_w.iter().map(|w| w.get()), |of| {
                Panel::new(
                    Axis::angle(r"angle $\theta$").range(-0.2, PI + 0.1),
                    Axis::linear(r"autocorrelation $C^l(\theta) / A^l$").range(-1.08, 1.08),
                )
                .series(Series::theory(of("fine"), "angle", "autocorrelation").by(&by).key("theory"))
                .series(Series::found(of("monte_carlo"), "angle", "autocorrelation").by(&by).key("Monte Carlo").in_place())
                .residual(Residual::new(of("monte_carlo"), "angle", "overlap").by(&by))
            });
        vec![figure]
    }
}

/// Layers to show but the input, which is not random.
fn random_layers(params: &Params) -> impl Iterator<Item = usize> {
    params.layers.iter().copied().filter(|&layer| layer > 0)
}

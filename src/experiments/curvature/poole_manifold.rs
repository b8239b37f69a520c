//! A great circle through three networks, seen in its first three principal components, and the share of its variance that each
//! component carries (Poole et al. 2016, figure 3A, with their parameters). In the ordered phase it stays a circle, in the
//! chaotic phase it spreads over many dimensions. The autocorrelations of their figures 3B and 3C are those of `distance_circle` and,
//! for tangents, `metric_rotation`.
//!
//! Coordinates come from the Gram matrix alone: its eigenvectors, times the roots of the eigenvalues. At infinite width it
//! is circulant and its eigenvalues, two by two, are the Fourier coefficients of the autocorrelation.

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
    component: Parameter "number of the principal component, from 1 for the largest";
    component_1: MonteCarlo "coordinate of the image along the first principal component, over sqrt n, in one network";
    component_2: MonteCarlo "coordinate of the image along the second principal component, over sqrt n, in one network";
    component_3: MonteCarlo "coordinate of the image along the third principal component, over sqrt n, in one network";
    share_infinite: Theory "share of the variance of the images that the component carries, at infinite width";
    share: MonteCarlo "share of the variance of the images that the component carries, mean over networks";
}

/// Colours along the circle.
const SECTORS: usize = 8;

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        projections.component_1 | one network drawn, not a mean
        projections.component_2 | one network drawn, not a mean
        projections.component_3 | one network drawn, not a mean
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

    /// In each layer, shares of the components, and coordinates along the first three, of each point.
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
        }
        Ok(found)
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let m = self.inputs;
        let mut projections = Rows::new("projections");
        let mut shares = Rows::new("shares");
        let step = TAU / m as f64;
        for (&sigma_w, found) in self.sigma_w.iter().zip(found) {
            let expected = infinite_shares(run, &found.point.network, self)?;
            for (place, (&layer, expected)) in self.layers.iter().zip(expected).enumerate() {
                let shares_at = place * (self.components + 3 * m);
                for i in 0..=m {
                    // the first point again at the end closes the curve
                    let coordinate = |k: usize| found.rows()[0][shares_at + self.components + k * m + i % m];
                    projections.push(row! {
                        sigma_w, layer, sector: (i % m) * SECTORS / m, angle: step * i as f64,
                        component_1: coordinate(0), component_2: coordinate(1), component_3: coordinate(2),
                    });
                }
                for (k, expected) in expected.into_iter().enumerate().take(self.components) {
                    let share = Measured::new(found.mean(shares_at + k));
                    shares.push(row! { sigma_w, layer, component: k + 1, share_infinite: expected, share });
                }
            }
        }
        Ok(vec![projections.table()?, shares.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let sector = By::unlabelled("sector").cycle();
        let mut circle = Figure::new("poole_manifold", "Image of a great circle in principal components")
            .describe(
                "Image of points of a great circle in one network in its first two principal components, coloured \
                 along the circle, for three weight scales (rows) and three layers (columns); last column, the first \
                 and third component.",
            )
            .double()
            .height(46.0 * self.sigma_w.len() as f64)
            .columns(self.layers.len() + 1);
        let last = self.layers.last().copied().unwrap_or(0);
        let views = self.layers.iter().map(|&layer| (layer, "component_2", "component 2"));
        let views: Vec<_> = views.chain([(last, "component_3", "component 3")]).collect();
        for sigma_w in &self.sigma_w {
            for &(layer, column, label) in &views {
                let rows = Select::table("projections").filter("sigma_w", sigma_w.get()).filter("layer", layer as i64);
                let panel = Panel::new(Axis::linear("component 1"), Axis::linear(label))
                    .title(format!(r"$\sigma_w = {}$, $l = {layer}$", sigma_w.get()))
                    .series(Series::line(&rows, "component_1", column, Dash::Solid).colour(Colour::Grey))
                    .series(Series::points(&rows, "component_1", column).by(&sector));
                circle = circle.panel(if column == "component_2" { panel.equal_aspect() } else { panel });
            }
        }
        let by = By::new("layer", r"$l = {}$").ramp();
        let spectrum = Figure::new("poole_spectrum", "Shares of the principal components")
            .describe(
                "Share of the variance of the image of a great circle in each principal component, after several \
                 layers at three weight scales: infinite width as lines, mean over networks as points. At finite \
                 width the two components of each Fourier mode repel.",
            )
            .grid(self.sigma_w.len(), 66.0)
            .shared_legend()
            .panel_each(("sigma_w", r"$\sigma_w = {}$"), self.sigma_w.iter().map(|w| w.get()), |of| {
                let rows = of("shares");
                Panel::new(Axis::linear("principal component"), Axis::linear("share of the variance").range(0.0, 0.55))
                    .series(Series::theory(&rows, "component", "share_infinite").by(&by).key(r"$n \to \infty$"))
                    .series(Series::monte_carlo(&rows, "component", "share", "share_error").by(&by).key("Monte Carlo"))
            });
        vec![circle, spectrum]
    }
}

/// Eigenvalues and eigenvectors of the Gram matrix of the points about their mean.
fn principal_components(gram: &SymmetricMatrix) -> Eigen {
    let m = gram.order();
    let means: Vec<f64> = (0..m).map(|i| (0..m).map(|j| gram.get(i, j)).sum::<f64>() / m as f64).collect();
    let mean = means.iter().sum::<f64>() / m as f64;
    symmetric_eigen(m, |i, j| gram.get(i, j) - means[i] - means[j] + mean)
}

/// Shares of the components at infinite width, largest first, for each layer asked for.
fn infinite_shares(run: &Run, network: &Network, params: &Params) -> Result<Vec<Vec<f64>>, RunError> {
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
        let mut values: Vec<f64> = (1..m).map(fourier).collect();
        values.sort_by(|a, b| b.total_cmp(a));
        let total: f64 = values.iter().sum();
        values.iter().map(|value| value / total).collect()
    };
    Ok(params.layers.iter().map(of_layer).collect())
}

//! A great circle through three networks, seen in its first three principal components, and the share of its variance that each
//! component carries (Poole et al. 2016, figure 3A, with their parameters). In the ordered phase it stays a circle, in the
//! chaotic phase it spreads over many dimensions. The autocorrelations of their figures 3B and 3C are those of `distance_circle` and,
//! for tangents, `metric_rotation`.
//!
//! Coordinates come from the Gram matrix alone: its eigenvectors, times the roots of the eigenvalues. At infinite width it
//! is circulant and its eigenvalues, two by two, are the Fourier coefficients of the autocorrelation.

use crate::experiment::prelude::*;
use crate::numerics::linalg::{circulant_eigenvalue, circulant_shares, principal_components};
use crate::simulation::CircleImage;

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
            let gram = &trajectory[layer];
            let eigen = principal_components(self.inputs, |i, j| gram.get(i, j));
            let total = eigen.values.iter().sum::<f64>();
            found.extend(eigen.values[..self.components].iter().map(|value| value / total));
            for (vector, value) in eigen.vectors.iter().zip(&eigen.values).take(3) {
                found.extend(vector.iter().map(|x| x * value.max(0.0).sqrt()));
            }
            found.extend(fourier(gram).into_iter().map(|variance| variance / total));
        }
        Ok(found)
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let m = self.inputs;
        rows!(projections, shares, pairs, modes, waves: "fourier");
        for (&sigma_w, found) in self.sigma_w.iter().zip(found) {
            let expected = infinite_shares(run, &found.point.network, self)?;
            for (place, (&layer, expected)) in self.layers.iter().zip(expected).enumerate() {
                let shares_at = place * self.stride();
                let waves_at = shares_at + self.components + 3 * m;
                for i in 0..=m {
                    // the first point again at the end closes the curve
                    let coordinate = |k: usize| found.rows()[0][shares_at + self.components + k * m + i % m];
                    projections.push(row! {
                        sigma_w, layer, sector: (i % m) * SECTORS / m, angle: TAU / m as f64 * i as f64,
                        component_1: coordinate(0), component_2: coordinate(1), component_3: coordinate(2),
                    });
                }
                for (mode, k) in (1_usize..).zip((0..self.components - 1).step_by(2)) {
                    let (share_infinite, frequency) = expected[k];
                    let row = |share: Estimate| {
                        let (middle, share) = (k as f64 + 1.5, Measured::new(share));
                        row! { sigma_w, layer, mode, middle, share_infinite, share }
                    };
                    let both = found.values(shares_at + k).into_iter().zip(found.values(shares_at + k + 1));
                    let mean: Vec<f64> = both.map(|(first, second)| 0.5 * (first + second)).collect();
                    pairs.push(row(Estimate::of(&mean)));
                    // frequency 0 is not there
                    waves.push(row(found.mean(waves_at + frequency - 1)));
                    for end in [0.7, 2.3] {
                        modes.push(row! { sigma_w, layer, mode, component: k as f64 + end, share_infinite });
                    }
                }
                for (k, &(share_infinite, _)) in expected.iter().enumerate().take(self.components) {
                    let share = Measured::new(found.mean(shares_at + k));
                    shares.push(row! { sigma_w, layer, component: k + 1, share_infinite, share });
                }
            }
        }
        let mut tables = vec![projections.table()?, shares.table()?, pairs.table()?, modes.table()?, waves.table()?];
        tables.extend(views(self, found)?);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        vec![manifold(self), spectrum(self)]
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
    let curve = |seen: &[f64]| -> Vec<[f64; 3]> {
        let at = |k: usize, i: usize| seen[params.components + k * m + i % m];
        (0..=m).map(|i| [at(0, i), at(1, i), at(2, i)]).collect()
    };
    let of_network = |found: &Found<Networks>| found.rows()[0].chunks(params.stride()).map(curve).collect();
    let curves: Vec<Vec<Vec<[f64; 3]>>> = found.iter().map(of_network).collect();
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

/// Variance of the points along each Fourier mode, mean of its cosine and sine, from frequency 1 to half the number of points.
fn fourier(gram: &SymmetricMatrix) -> Vec<f64> {
    let lags: Vec<f64> = (0..gram.order()).map(|lag| CircleImage(gram).mean_overlap(lag)).collect();
    (1..=gram.order() / 2).map(|frequency| circulant_eigenvalue(&lags, frequency)).collect()
}

/// Shares of the components at infinite width, largest first, with the frequencies of their modes, for each layer asked for.
fn infinite_shares(run: &Run, network: &Network, params: &Params) -> Result<Vec<Vec<(f64, usize)>>, RunError> {
    let m = params.inputs;
    let activity = activity_fixed_point(&network.ensemble)?.activity;
    let theory = run.theory(&network.ensemble);
    let separations: Vec<usize> = (0..m).collect();
    let states = run.map(&separations, |&k| {
        let distance = 2.0 * activity * (1.0 - cos(TAU / m as f64 * k as f64));
        Ok(pair_trajectory(&theory, PairState::equal(activity, distance), network.depth())?)
    })?;
    let of_layer = |&layer: &usize| {
        let overlaps: Vec<f64> = states.iter().map(|states| states[layer].overlap()).collect();
        circulant_shares(&overlaps)
    };
    Ok(params.layers.iter().map(of_layer).collect())
}

fn manifold(params: &Params) -> Figure {
    let mut figure = Figure::new("poole_manifold", "Image of a great circle in principal components")
        .setting("phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} points on the circle, n = {width}")
        .describe(format!(
            "Image of a great circle in one network, coloured by the angle of the input, for several weight scales (rows) and layers \
             (columns): parallel projection of the first three principal components, over the square root of the width, in which \
             all panels and all three axes have one scale. Squares of the floor, which is spanned by components 1 and 2, have \
             side {SQUARE}; grey, the shadow of the curve on it; upright, component 3. Inputs are joined by straight lines: at the largest weight \
             scale and layer they do not resolve the curve.",
        ))
        .grid(params.layers.len(), 49.0 * params.sigma_w.len() as f64 + 6.0)
        .shared_legend()
        .shared_x()
        .shared_y();
    let axis = || Axis::linear("").ticks([]);
    for sigma_w in &params.sigma_w {
        for &layer in &params.layers {
            let of = |table: &str| Select::table(table).filter("sigma_w", sigma_w.get()).filter("layer", layer as i64);
            let shadow = of("ground").filter("part", "shadow");
            figure = figure.panel(
                Panel::new(axis(), axis())
                    .title(format!(r"$\sigma_w = {}$, $l = {layer}$", sigma_w.get()))
                    .series(Series::join(of("ground"), "right", "up").by(By::unlabelled("part").grey()))
                    .series(Series::line(shadow, "right", "up", Dash::Solid).colour(Colour::Grey))
                    .series(
                        Series::coloured(of("views"), "right", "up", "angle", ColourMap::Cyclic)
                            .label(r"angle $\theta$ of the input, from $0$ to $2 \pi$"),
                    )
                    .note_at("$1$", Place::Frame(0.3, 0.08), Anchor::Middle)
                    .note_at("$2$", Place::Frame(0.85, 0.14), Anchor::Middle)
                    .note_at("$3$", Place::Frame(0.33, 0.9), Anchor::Middle)
                    .equal_aspect(),
            );
        }
    }
    figure
}

fn spectrum(params: &Params) -> Figure {
    let by = By::new("layer", r"$l = {}$").ramp();
    Figure::new("poole_spectrum", "Shares of the principal components")
        .setting("phi(u) = {activation}, sigma_b = {sigma_b}; {inputs} points on the circle; n = {width}, {replicas networks}")
        .describe(
            "Share of the variance of the image of a great circle in each principal component, after several layers at three weight \
             scales, against the number of the component, largest first. At infinite width the cosine and the sine of a Fourier mode are two \
             components of one share (solid lines), and in networks they keep it on average (rings: mean of the two, over networks). Components \
             of a finite network (points: means over networks with standard errors) are fitted to it: the two of a mode repel, and where \
             the leading modes hold little of the variance their components take some from the higher ones.",
        )
        .grid(params.sigma_w.len(), 70.0)
        .shared_legend()
        .shared_y()
        .panel_each(("sigma_w", r"$\sigma_w = {}$"), params.sigma_w.iter().map(|w| w.get()), |of| {
            let components: Vec<f64> = (1..=params.components).map(|component| component as f64).collect();
            let theory = |mode: i64| {
                let line = of("modes").filter("mode", mode);
                Series::theory(line, "component", "share_infinite").by(&by).key(r"theory, $n \to \infty$")
            };
            Panel::new(Axis::linear("principal component").ticks(components), Axis::log10("share of the variance"))
                .all((1..=params.components as i64 / 2).map(theory))
                .series(Series::measured(of("shares"), "component", "share").by(&by).key("Monte Carlo"))
                .series(Series::points(of("fourier"), "middle", "share").label("Fourier mode").in_place())
        })
}

//! The conformal law at finite width: a frame of orthogonal tangents of equal length is stretched unequally, by a ratio of
//! eigenvalues that falls like `n^-1/2` and grows like the square root of the depth. The theory is that of extreme eigenvalues
//! of symmetric Gaussian matrices.
//!
//! It is of leading order, with relative corrections of order `l / n`; the table of widths is therefore judged where these are
//! below a third of the standard error, and `ratio` shows their measured size (`excess`) at every width.

use crate::experiment::prelude::*;
use crate::figure::Sharing;
use crate::numerics::statistics::mean_and_stderr;
use crate::theory::anisotropy::{mean_spread, shear_variance};

parameters! {
    Params {
        activation, sigma_w: WeightScale, sigma_b,
        /// Dimensions `d` of the sphere patches: tangents in a frame, 2 to 16.
        #[schemars(inner(range(min = 2, max = 16)))]
        dimensions: List<usize>,
        widths: Widths => "Anisotropy against width, in a few layers.",
        depth: AgainstDepth => "Anisotropy against depth, at one width.",
    }

    Widths {
        values: List<Width> => "Numbers of neurons a layer, `n`.",
        layers: LayersOfNetwork, replicas: NetworkCount,
        narrowest: Width => "Narrower networks are shown, not judged.",
    }

    AgainstDepth {
        width,
        layers: Depth => "Number of layers.",
        sampled_every, replicas: NetworkCount,
    }
}

columns! {
    dimension: Parameter "number of tangents of the frame";
    value {
        _: Theory "mean of ln(largest / smallest eigenvalue of the metric); in theory to leading order in (l / n)^1/2";
        angles: Theory "n times the variance over networks of the cosine between the first two tangents; in theory to first order in 1/n";
        volumes: Theory "E[ln sqrt(det g)] less its value at infinite width (conformal law)";
    }
    leading: Theory "mean of ln(largest / smallest eigenvalue of the metric), to leading order in (l / n)^1/2";
    found: MonteCarlo "mean over networks of ln(largest / smallest eigenvalue of the metric)";
    excess: MonteCarlo "found / leading - 1, the relative size of what the leading order leaves out";
    eigenvalue_ratio: MonteCarlo "mean over networks of largest / smallest eigenvalue of the metric";
    judged: Verdict "whether the row is in the table wide, which is judged: yes or no";
}

impl Experiment for Params {
    type Point = Jets;
    const UNJUDGED: &'static str = "
        ratio.found | where terms beyond leading order are below a third of the standard error the same number is judged in table wide; elsewhere excess is their measured size
        ratio.excess | found over leading order, minus 1: what table wide judges, at all widths
        ratio.eigenvalue_ratio | shown only: the mean of the ratio itself has no theory here, that of its logarithm has
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_signal("sigma_b", self.activation, self.sigma_b.get(), [self.sigma_w.get()])?;
        refuse("dimensions", self.dimensions.iter().find(|d| !(2..=16).contains(*d)), "dimensions from 2 to 16")
    }

    fn points(&self, points: &mut Points<Jets>) -> Result<(), RunError> {
        let Params { activation, sigma_w, sigma_b, ref dimensions, ref widths, ref depth } = *self;
        let ensemble = Ensemble { activation, sigma_w, sigma_b };
        let activity = activity_fixed_point(&ensemble)?.activity;
        let mut add = |dimension: usize, width: Width, depth: usize, replicas: usize| {
            let patch = Manifold::new(ManifoldKind::SpherePatch { dimension, activity })?;
            let jets = Jets::new(Network::uniform(ensemble, width, depth)?, &patch, &[vec![0.0; dimension]], 1)?;
            points.keep(format!("d = {dimension}, n = {}", width.get()), replicas, jets.cost(), jets);
            Ok(())
        };
        for (dimension, width) in pairs(dimensions, &widths.values) {
            add(dimension, width, deepest(&widths.layers), widths.replicas)?;
        }
        dimensions.iter().try_for_each(|&dimension| add(dimension, depth.width, depth.layers, depth.replicas))
    }

    fn observe(&self, jets: &Jets, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Jets>], run: &Run) -> Result<Tables, RunError> {
        let Params { activation, sigma_w, sigma_b, ref dimensions, ref widths, ref depth } = *self;
        let ensemble = Ensemble { activation, sigma_w, sigma_b };
        let deepest = widths.layers.iter().copied().fold(depth.layers, usize::max);
        let shear = shear_variance(&run.theory(&ensemble), activity_fixed_point(&ensemble)?.activity, deepest)?;
        let (of_width, of_depth) = found.split_at(dimensions.len() * widths.values.len());
        Ok([against_width(self, of_width, &shear, run)?, against_depth(self, of_depth, &shear, run)?].concat())
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("dimension", r"$d = {}$");
        let silent = By::unlabelled("dimension");
        let layer = || Axis::linear(r"layer $l$");
        let narrowest = self.widths.narrowest.get();
        // the law of the angle of two vectors is that of any frame
        let one = self.dimensions.iter().take(1);
        let one = one.fold(Select::table("angles"), |rows, &dimension| rows.filter("dimension", dimension as i64));
        let mut figure = Figure::new("metric_anisotropy", "Anisotropy of the metric at finite width")
            .setting("phi(u) = {activation}, sigma_w = {sigma_w}, sigma_b = {sigma_b}; {widths.replicas networks} of each width in (a), n = {depth.width} and {depth.replicas networks} in (b) to (d)")
            .describe(format!(
                "Logarithm of the ratio of the extreme eigenvalues of the metric of an orthonormal frame, against width in layer 4 \
                 (a) and against layer (b); variance of the cosine of the angle of two frame vectors, scaled by the width, in theory \
                 the same for frames of any dimension (c); mean logarithm of the volume element less that of the conformal law (d). \
                 Dashed, theory of leading order in 1/n; bars, standard errors. The residuals of (a) are of widths from {narrowest} on, below which \
                 the leading order is not enough."
            ))
            .grid(2, 132.0)
            .shared_legend()
            .panel(
                Panel::new(Axis::log10(r"width $n$"), Axis::log10(r"anisotropy $\ln (\lambda_{\max} / \lambda_{\min})$"))
                    .slope(-0.5, (0.62, 0.72), "$n^{-1/2}$")
                    .residual(Residual::new(Select::table("wide").filter("layer", 4.0), "width", "value").by(&silent))
                    .series(
                        Series::finite_width(Select::table("ratio").filter("layer", 4.0), "width", "leading")
                            .by(&by)
                            .key("theory, leading order"),
                    )
                    .series(
                        Series::measured(Select::table("ratio").filter("layer", 4.0), "width", "found")
                            .by(&by)
                            .key("Monte Carlo"),
                    ),
            )
            .panel(
                Panel::new(layer(), Axis::linear(r"anisotropy $\ln (\lambda_{\max} / \lambda_{\min})$").low(0.0))
                    .series(Series::finite_width("layers", "layer", "value_expected").by(&silent))
                    .found_unkeyed("layers", "layer", "value", &silent),
            )
            .panel(
                Panel::new(layer(), Axis::linear(r"scaled variance $n \Var \cos(e_1, e_2)$").low(0.0))
                    .series(Series::finite_width(one, "layer", "value_expected"))
                    .found_unkeyed("angles", "layer", "value", &silent),
            )
            .panel(
                Panel::new(layer(), Axis::linear(r"volume $\langle \ln \sqrt{\det g^l} \rangle - \ln \sqrt{\det g^l_\infty}$"))
                    .series(Series::finite_width("volumes", "layer", "value_expected").by(&silent))
                    .found_unkeyed("volumes", "layer", "value", &silent),
            );
        // width in one panel of the columns, layers in the others
        figure.share_x = Sharing::Never;
        vec![figure]
    }
}

/// Ratio of extreme eigenvalues in each network.
fn logarithmic_ratios(sampled: &JetSample, layer: usize) -> Vec<f64> {
    sampled.networks.iter().map(|network| sampled.jets.seen(network, layer, 0).log_anisotropy()).collect()
}

fn against_width(params: &Params, found: &[Found<Jets>], shear: &[f64], run: &Run) -> Result<Tables, RunError> {
    let Widths { values, layers, replicas, narrowest } = &params.widths;
    rows!(judged: "wide", ratio);
    for (&dimension, found) in params.dimensions.iter().zip(found.chunks(values.len())) {
        let spread = mean_spread(dimension)?;
        for (&width, found) in values.iter().zip(found) {
            let sampled = JetSample::new(&found.point, found.rows(), run)?;
            for &layer in layers {
                let n = width.get() as f64;
                let leading = spread * (shear[layer] / n).sqrt();
                let logarithms = logarithmic_ratios(&sampled, layer);
                let found = Compared::of(leading, &logarithms, 0.0);
                let is_wide = width >= *narrowest;
                if is_wide {
                    judged.push(row! { dimension, width, layer, replicas: *replicas, value: found });
                }
                let ratios: Vec<f64> = logarithms.iter().map(|x| exp(*x)).collect();
                ratio.push(row! {
                    dimension, width, layer, leading, found: found.found(),
                    excess: Measured::new((found.mc / leading - 1.0, found.stderr / leading)),
                    eigenvalue_ratio: mean_and_stderr(&ratios).0, judged: is_wide,
                });
            }
        }
    }
    Ok(vec![judged.table()?, ratio.table()?])
}

fn against_depth(params: &Params, found: &[Found<Jets>], shear: &[f64], run: &Run) -> Result<Tables, RunError> {
    let AgainstDepth { width, layers, sampled_every, replicas } = params.depth;
    let mut tables = ["layers", "angles", "volumes"].map(Rows::new);
    let n = width.get() as f64;
    for (&dimension, found) in params.dimensions.iter().zip(found) {
        let sampled = JetSample::new(&found.point, found.rows(), run)?;
        let spread = mean_spread(dimension)?;
        for layer in (sampled_every..=layers).step_by(sampled_every) {
            let leading = spread * (shear[layer] / n).sqrt();
            let ratio = Compared::of(leading, &logarithmic_ratios(&sampled, layer), 0.0);
            let angle = sampled.variance(layer, Measure::FrameCosine(0, 1), false).times(n);
            let conformal = ln(Measure::VolumeElement.of(&sampled.theory(layer, 0).state));
            let volume = sampled.mean_log(layer, Measure::VolumeElement).plus(-conformal);
            for (rows, found) in tables.iter_mut().zip([ratio, angle, volume]) {
                rows.push(row! { dimension, layer, replicas, value: found });
            }
        }
    }
    let [layers, angles, volumes] = tables;
    Ok(vec![layers.table()?, angles.table()?, volumes.table()?])
}

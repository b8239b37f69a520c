//! A patch of a 2-sphere through the layers: the source of its second fundamental form is `chi_2 (2 delta_ab + 1)`, three parts on the
//! diagonal to one off it; the extrinsic curvature saturates in the chaotic phase while the intrinsic (scalar) curvature, in
//! which that source cancels, dies out as `1 / g`. What stays is its integral: `R sqrt(det g)` has the same mean in every layer
//! at every width (Gauss and Bonnet).

use crate::experiment::prelude::*;

parameters! {
    Params {
        activation, sigma_b, ordered, chaotic, depth, sampled_every,
        gauss_bonnet_depth: Depth => "Layers in which `R sqrt(det g)` is shown: its noise grows as `gamma g / sqrt n`.",
        width, replicas: NetworkCount,
    }
}

columns! {
    value {
        layers: Theory "extrinsic: E[log10 gamma]; mean curvature: E[log10 |h|^2]; volume: E[log10(sqrt(det g) / A)]; scalar: E[R A / 2]; Gauss-Bonnet: E[R sqrt(det g) / 2]";
        gains: Theory "what one layer adds to this component of K / g^2 in units of chi_2, (chi_1^2 K' - chi_1 K) / chi_2";
    }
    turn: Drawing "rank of the component whose marker stands in this layer";
    relative: MonteCarlo "the same gain over networks, over that of infinite width";
}

/// Components of the second fundamental form and their gains in units of `chi_2`.
const COMPONENTS: [(&str, Measure, f64); 3] = [
    ("11,11", Measure::UnitSecond((0, 0), (0, 0)), 3.0),
    ("12,12", Measure::UnitSecond((0, 1), (0, 1)), 1.0),
    ("11,22", Measure::UnitSecond((0, 0), (1, 1)), 1.0),
];

impl Experiment for Params {
    /// The phase, and jets of its networks.
    type Point = (&'static str, Jets);
    const UNJUDGED: &'static str = "
        gains.relative | the same gain is judged as value
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_phases(self.activation, self.sigma_b, self.ordered, self.chaotic)?;
        check_layers("gauss_bonnet_depth", &[self.gauss_bonnet_depth], self.depth)
    }

    fn points(&self, points: &mut Points<Self::Point>) -> Result<(), RunError> {
        let Params { activation, sigma_b, ordered, chaotic, .. } = *self;
        for PhasePoint { phase, ensemble, activity } in three_phases(activation, sigma_b, ordered, chaotic)? {
            let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension: 2, activity })?;
            let jets = Jets::new(Network::uniform(ensemble, self.width, self.depth)?, &sphere, &[vec![0.0, 0.0]], 2)?;
            points.keep(phase, self.replicas, jets.cost(), (phase, jets));
        }
        Ok(())
    }

    fn observe(&self, (_, jets): &Self::Point, at: &Address) -> Observed {
        jets.observe(at)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        rows!(cells: "layers", gains);
        for found in found {
            let (phase, ref jets) = found.point;
            let sampled = JetSample::new(jets, found.rows(), run)?;
            let ensemble = jets.network.ensemble;
            let activity = activity_fixed_point(&ensemble)?.activity;
            let row = |measure: &'static str, layer: usize, value: Compared| {
                row! { measure, phase, sigma_w: ensemble.sigma_w, layer, replicas: self.replicas, value }
            };
            for layer in (0..=self.depth).step_by(self.sampled_every) {
                let logarithm = |measure| sampled.mean_log(layer, measure).per_decade();
                let radius = 2.0 * log10(activity);
                let measures = [
                    ("extrinsic", logarithm(Measure::ExtrinsicCurvature)),
                    ("mean curvature", logarithm(Measure::MeanCurvatureSquared)),
                    ("volume", logarithm(Measure::VolumeElement).plus(-0.5 * radius)),
                    ("scalar", sampled.mean(layer, Measure::ScalarCurvature).times(0.5 * activity)),
                ];
                cells.extend(measures.map(|(measure, found)| row(measure, layer, found)));
            }
            let density = |layer| sampled.mean(layer, Measure::ScalarCurvatureDensity).times(0.5);
            cells.extend((0..=self.gauss_bonnet_depth).map(|layer| row("Gauss-Bonnet", layer, density(layer))));
            for (measure, of, gain) in COMPONENTS {
                for layer in (0..self.depth).step_by(self.sampled_every) {
                    let value = gained(&sampled, &run.theory(&ensemble), layer, of, gain)?;
                    gains.push(row! {
                        measure, phase, sigma_w: ensemble.sigma_w, layer: layer + 1, replicas: self.replicas, value,
                        turn: layer / self.sampled_every % COMPONENTS.len(),
                        relative: Measured::new((value.mc / gain, value.stderr / gain)),
                    });
                }
            }
        }
        Ok(vec![cells.table()?, gains.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("phase", "{}").phase("phase");
        let of = |measure: &str| Select::table("layers").filter("measure", measure);
        let layer = || Axis::linear(r"layer $l$");
        let panel = |rows: Select, x: Axis, y: Axis, by: &By| {
            Panel::new(x, y)
                .series(Series::finite_width(&rows, "layer", "value_expected").by(by).key("theory, order $1/n$"))
                .found(&rows, "layer", "value", by)
        };
        let chaotic = |rows: Select| rows.filter("phase", "chaotic");
        let component = |(name, _, gain): &(&str, Measure, f64)| {
            let law = if *gain == 1.0 { r"\chi_2".to_owned() } else { format!(r"{gain} \chi_2") };
            (name.to_string(), format!("$K_{{{name}}}$, law ${law}$"))
        };
        let components = By::new("measure", "{}").names(COMPONENTS.iter().map(component));
        let gain = Panel::new(layer(), Axis::linear(r"gain of $K_{ab,cd}$ over its law").include(1.085))
            .title("chaotic phase")
            .rule(Rule::Horizontal(1.0))
            .residual(Residual::new(chaotic("gains".into()), "layer", "value").by(By::unlabelled("measure")));
        let gain = gain.all(COMPONENTS.iter().enumerate().map(|(rank, (name, ..))| {
            let rows = chaotic("gains".into()).filter("measure", *name).filter("turn", rank as f64);
            Series::measured(rows, "layer", "relative").by(&components).in_place()
        }));
        vec![Figure::new("curvature_tensor", "Curvature of the image of a sphere patch")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; sigma_w = {ordered} in the ordered and {chaotic} in the chaotic phase; n = {width}, {replicas networks}")
            .describe(
                "A patch of a 2-sphere: what one layer adds to three scalar products K of second derivatives of the patch in orthonormal coordinates, \
                 whose two pairs of indices say which, over the law of the legend, each layer by itself, chi_2 being sigma_w^4 E[phi''(u)^2]; of each product every third layer is drawn, all are judged \
                 (a); extrinsic curvature, the squared length of the second fundamental form, in three phases, mean of its logarithm (b); scalar \
                 curvature R relative to that of the input in the chaotic phase (c); its density R sqrt(det g), g being the metric, relative to that \
                 of the input, phases as in (b), whose mean is that of the input in \
                 every layer by the Gauss-Bonnet theorem (d), in the layers before its errors in the chaotic phase exceed it. Theory \
                 to first order in 1/n dashed, mean over networks as points with standard errors.",
            )
            .grid(2, 116.0)
            .panel(gain)
                .panel(panel(of("extrinsic"), layer(), Axis::exponent(r"extrinsic curvature $\gamma^l$"), &by))
            .panel(
                panel(chaotic(of("scalar")), layer(), Axis::linear(r"scalar curvature $R^l / R^0$"), &by)
                    .title("chaotic phase")
                    .legend(Legend::Hidden),
            )
            .panel(
                panel(of("Gauss-Bonnet"), layer().high(8.4), Axis::linear(r"density $R^l \sqrt{\det g^l} / (R^0 \sqrt{\det g^0})$").range(-0.5, 3.5), &by)
                .rule(Rule::Horizontal(1.0))
                .legend(Legend::Hidden),
            )]
    }
}

/// What the step from `layer` to the next adds to a component, in orthonormal coordinates of `layer` and units of `chi_2`:
/// `(chi_1^2 K' - chi_1 K) / chi_2`, which is `gain` at infinite width.
fn gained(sampled: &JetSample, theory: &Ensemble, layer: usize, of: Measure, gain: f64) -> Result<Compared, RunError> {
    let q = theory.preactivation_variance(sampled.theory(layer, 0).state.activity());
    let Susceptibilities { chi_1, chi_2 } = Susceptibilities::at(theory, q)?;
    let combine = |before: f64, after: f64| (chi_1 * chi_1 * after - chi_1 * before) / chi_2;
    let (before, after) = (sampled.values(layer, of), sampled.values(layer + 1, of));
    let values: Vec<f64> = before.into_iter().zip(after).map(|(before, after)| combine(before, after)).collect();
    let bias = |layer: usize| sampled.theory(layer, 0).of(|gram| of.of(gram)).bias;
    Ok(Compared::of(gain, &values, combine(bias(layer), bias(layer + 1))))
}

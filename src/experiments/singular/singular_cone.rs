//! One unit, `y = v phi(w . x) + noise`: the landscape of its loss, its Fisher information, which is singular on `v = 0` (and for odd `phi` on
//! `w = 0`), and its functions, a cone with its apex at `v = 0`, where all directions of `w` are one function.

use crate::config::{Grid, checked};
use crate::experiment::sampling::log10;
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Axis, By, Colour, Dash, Figure, Heatmap, Panel, Rule, Series};
use crate::model::{Perceptron, Sigmoid};
use crate::numerics::elementary::sin_cos;
use crate::numerics::linalg::symmetric_eigen;
use crate::table::Rows;
use crate::theory::perceptron::Population;
use schemars::JsonSchema;
use serde::Deserialize;

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Landscape and Fisher information for one input.
    landscape: Landscape,
    /// Functions of two inputs with `|w|` fixed.
    cone: Cone,
}

/// One input.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Landscape {
    /// Output weight `v` of the teacher.
    #[serde(with = "checked::Number::<checked::Coordinate>")]
    teacher_v: f64,
    /// Input weight `w` of the teacher.
    #[serde(with = "checked::Number::<checked::Coordinate>")]
    teacher_w: f64,
    /// Output weights `v` of the student.
    #[serde(with = "checked::NumberGrid::<checked::Coordinate>")]
    v: Grid,
    /// Input weights `w` of the student.
    #[serde(with = "checked::NumberGrid::<checked::Coordinate>")]
    w: Grid,
}

/// Two inputs.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cone {
    /// `|w|`.
    #[serde(with = "checked::Number::<checked::Separation>")]
    length: f64,
    /// Output weights `v` of the rings.
    #[serde(with = "checked::Numbers::<checked::Coordinate>")]
    v: Vec<f64>,
    /// Directions of `w` drawn.
    #[serde(with = "checked::Count::<2>")]
    rays: usize,
    /// Points of a ring.
    #[serde(with = "checked::Count::<4>")]
    points: usize,
}

/// The experiment.
pub struct SingularCone;

/// Share of the second linear coefficient in the height at which a function is drawn: a view from above the horizon.
const TILT: f64 = 0.4;

impl Experiment for SingularCone {
    type Params = Params;
    const COLUMNS: &'static str = "
        map.w | parameter | | input weight w of the unit
        map.v | parameter | | output weight v of the unit
        log_loss | theory | | log10 of the loss, with phi = erf(u / sqrt 2), not below 1e-10
        log_smallest_erf_sqrt2 | theory | | log10 of the smallest eigenvalue of the Fisher information, phi = erf(u / sqrt 2), not below 1e-10
        log_smallest_gauss_cdf | theory | | log10 of the smallest eigenvalue of the Fisher information, phi the normal distribution function, not below 1e-10
        minima.w | parameter | | input weight of the teacher, or minus it
        minima.v | parameter | | output weight of the teacher, or minus it
        rings.v | parameter | | output weight v of the ring
        ray | label | | number of the direction of w, from 0
        constant | theory | | coefficient of the function on the constant
        first | theory | | coefficient of the function on the first linear Hermite function
        second | theory | | coefficient of the function on the second linear Hermite function
        height | theory | | height at which it is drawn: constant plus 0.4 times second
    ";
    const NO_CONTROL: Option<&'static str> = Some("theory alone; nothing is simulated");

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let Landscape { teacher_v, teacher_w, v, w } = &params.landscape;
        let one = |v: f64, w: f64| Perceptron::new(vec![vec![w]], vec![v]);
        let places: Vec<(f64, f64)> =
            w.values().iter().flat_map(|&w| v.values().iter().map(move |&v| (v, w))).collect();
        let found = run.map(&places, |&(v, w)| {
            let student = one(v, w)?;
            let smallest = |phi: Sigmoid| -> Result<f64, RunError> {
                let fisher = Population::new(phi, one(*teacher_v, *teacher_w)?).fisher(&student);
                let values = symmetric_eigen(2, |i, j| fisher[i][j]).values;
                Ok(log10(values[1].max(FLOOR)))
            };
            let loss = Population::new(Sigmoid::ErfSqrt2, one(*teacher_v, *teacher_w)?).loss(&student)?;
            Ok::<_, RunError>((log10(loss.max(FLOOR)), smallest(Sigmoid::ErfSqrt2)?, smallest(Sigmoid::GaussCdf)?))
        })?;
        let mut map = Rows::new("map", ["w", "v", "log_loss", "log_smallest_erf_sqrt2", "log_smallest_gauss_cdf"]);
        for ((v, w), (loss, odd, cdf)) in places.into_iter().zip(found) {
            map.push([w.into(), v.into(), loss.into(), odd.into(), cdf.into()]);
        }
        let mut minima = Rows::new("minima", ["w", "v"]);
        for sign in [1.0, -1.0] {
            minima.push([(sign * teacher_w).into(), (sign * teacher_v).into()]);
        }
        // functions on the constant and the two linear Hermite functions
        let Cone { length, v, rays, points } = &params.cone;
        let phi = Sigmoid::GaussCdf;
        let place = |v: f64, angle: f64| {
            let (sin, cos) = sin_cos(angle);
            let (constant, slope) = (v * phi.offset().sqrt(), v * phi.mean_slope(length * length) * length);
            (slope * cos, slope * sin, constant)
        };
        let angle = |i: usize, count: usize| std::f64::consts::TAU * i as f64 / count as f64;
        let columns = ["constant", "first", "second", "height"];
        let mut rings = Rows::new("rings", ["v", columns[0], columns[1], columns[2], columns[3]]);
        for &v in v {
            for i in 0..*points {
                let (first, second, constant) = place(v, angle(i, points - 1));
                let height = constant + TILT * second;
                rings.push([v.into(), constant.into(), first.into(), second.into(), height.into()]);
            }
        }
        let mut lines = Rows::new("rays", ["ray", columns[0], columns[1], columns[2], columns[3]]);
        let reach = v.iter().fold(0.0f64, |reach, v| reach.max(v.abs()));
        for ray in 0..*rays {
            for v in [-reach, reach] {
                let (first, second, constant) = place(v, angle(ray, *rays));
                let height = constant + TILT * second;
                lines.push([ray.into(), constant.into(), first.into(), second.into(), height.into()]);
            }
        }
        let mut apex = Rows::new("apex", ["first", "height"]);
        apex.push([0.0.into(), 0.0.into()]);
        Ok(vec![map.table()?, minima.table()?, rings.table()?, lines.table()?, apex.table()?])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let axes = || Panel::new(Axis::linear("output weight $v$"), Axis::linear("input weight $w$"));
        let map = |column: &str, label: &str| axes().heatmap(Heatmap::new("map", "v", "w", column, label));
        let lambda = r"eigenvalue $\log_{10} \lambda_{\min}$";
        let length = params.cone.length;
        vec![
            Figure::new("singular_cone", "Cone of one unit")
                .describe(
                    "One unit v phi(w x) of one input: decimal logarithm of the loss for a teacher of one unit, at its two equivalent minima \
                     (rings), flat on the singular lines v = 0 and w = 0 (a); decimal logarithm of the smallest eigenvalue of the Fisher \
                     information, which vanishes on both lines for an odd sigmoid (b) and on v = 0 alone for the normal distribution function \
                     (c). Functions of two inputs with the length of w fixed, on the constant and the two linear Hermite functions, \
                     seen from above: a cone whose apex is v = 0; rings are of constant v, rays of one direction of w (d).",
                )
                .double()
                .height(132.0)
                .columns(2)
                .panel(
                    map("log_loss", r"loss $\log_{10} L$")
                        .title(r"loss, $\phi = \erf(u / \sqrt 2)$")
                        .series(Series::points("minima", "v", "w"))
                        .rule(Rule::Vertical(0.0))
                        .rule(Rule::Horizontal(0.0)),
                )
                .panel(map("log_smallest_erf_sqrt2", lambda).title(r"Fisher information, $\phi = \erf(u / \sqrt 2)$"))
                .panel(map("log_smallest_gauss_cdf", lambda).title(r"Fisher information, $\phi = \Phi(u)$"))
                .panel(
                    Panel::new(Axis::linear(r"$\mathrm E[f x_1]$").ticks([-0.3, 0.0, 0.3]), Axis::linear(format!(r"$\mathrm E[f] + {TILT}\, \mathrm E[f x_2]$")))
                        .title(format!(r"functions, $\phi = \Phi(u)$, $|w| = {length}$"))
                        .series(Series::line("rays", "first", "height", Dash::Solid).by(By::unlabelled("ray").grey()))
                        .series(Series::theory("rings", "first", "height").by(By::unlabelled("v").ramp()))
                        .series(Series::points("apex", "first", "height").colour(Colour::Ink))
                        .equal_aspect(),
                ),
        ]
    }
}

/// Rounding hides what is smaller.
const FLOOR: f64 = 1e-10;

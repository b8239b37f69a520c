//! One unit, `y = v phi(w . x) + noise`: the landscape of its loss, its Fisher information, which is singular on `v = 0` (and for odd `phi` on
//! `w = 0`), and its functions, a cone with its apex at `v = 0`, where all directions of `w` are one function.

use super::learner::*;
use crate::experiment::prelude::*;

parameters! {
    Params {
        landscape: Landscape => "Landscape and Fisher information for one input.",
        cone: Cone => "Functions of two inputs with `|w|` fixed.",
    }

    Landscape {
        teacher_v: Number<Coordinate> => "Output weight `v` of the teacher.",
        teacher_w: Number<Coordinate> => "Input weight `w` of the teacher.",
        v: NumberGrid<Coordinate> => "Output weights `v` of the student.",
        w: NumberGrid<Coordinate> => "Input weights `w` of the student.",
    }

    Cone {
        length: Number<Separation> => "`|w|`.",
        v: Numbers<Coordinate> => "Output weights `v` of the rings.",
        rays: Count<2> => "Directions of `w` drawn.",
        points: Count<4> => "Points of a ring.",
    }
}

columns! {
    w {
        _: Parameter "input weight w of the unit";
        minima: Parameter "input weight of the teacher, or minus it";
    }
    v {
        map: Parameter "output weight v of the unit";
        plane: Parameter "output weight v of the unit";
        minima: Parameter "output weight of the teacher, or minus it";
        _: Parameter "output weight v of the ring";
    }
    log_loss: Theory "log10 of the loss, with phi = erf(u / sqrt 2), not below 1e-10";
    log_smallest_erf_sqrt2: Theory "log10 of the smallest eigenvalue of the Fisher information, phi = erf(u / sqrt 2), not below 1e-10";
    log_smallest_gauss_cdf: Theory "log10 of the smallest eigenvalue of the Fisher information, phi the normal distribution function, not below 1e-10";
    side: Label "side of the cone, as seen: near or far";
    ray: Label "number of the direction of w, from 0";
    constant: Theory "coefficient of the function on the constant";
    first: Theory "coefficient of the function on the first linear Hermite function";
    second: Theory "coefficient of the function on the second linear Hermite function";
    height: Theory "height at which it is drawn: constant plus 0.4 times second";
}

/// Share of the second linear coefficient in the height at which a function is drawn: a view from above the horizon.
const TILT: f64 = 0.4;

impl Experiment for Params {
    type Point = ();
    const NO_CONTROL: Option<&'static str> = Some("theory alone; nothing is simulated");

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let Landscape { teacher_v, teacher_w, v, w } = &self.landscape;
        let one = |v: f64, w: f64| Perceptron::new(vec![vec![w]], vec![v]);
        let values = |&(w, v): &(f64, f64)| {
            let student = one(v, w)?;
            let smallest = |phi: Sigmoid| -> Result<f64, RunError> {
                let values = Population::new(phi, one(*teacher_v, *teacher_w)?).fisher_eigenvalues(&student);
                Ok(log10(values[1].max(FLOOR)))
            };
            let loss = Population::new(Sigmoid::ErfSqrt2, one(*teacher_v, *teacher_w)?).loss(&student)?;
            Ok::<_, RunError>((log10(loss.max(FLOOR)), smallest(Sigmoid::ErfSqrt2)?, smallest(Sigmoid::GaussCdf)?))
        };
        let map = |name: &'static str, w: &[f64], v: &[f64]| {
            let places = pairs(w, v);
            let rows = places.iter().zip(run.map(&places, values)?).map(|(&(w, v), (log_loss, odd, cdf))| {
                row! { w, v, log_loss, log_smallest_erf_sqrt2: odd, log_smallest_gauss_cdf: cdf }
            });
            table(name, rows)
        };
        let plane = map("plane", &finer(w.values(), 2), &finer(v.values(), 2))?;
        let map = map("map", w.values(), v.values())?;
        let minima = [1.0, -1.0].map(|sign| row! { w: sign * teacher_w, v: sign * teacher_v });
        // functions on the constant and the two linear Hermite functions, and the height at which they are drawn
        let Cone { length, v, rays, points } = &self.cone;
        let phi = Sigmoid::GaussCdf;
        let place = |v: f64, angle: f64| {
            let (sin, cos) = sin_cos(angle);
            let (constant, slope) = (v * phi.offset().sqrt(), v * phi.mean_slope(length * length) * length);
            let (first, second) = (slope * cos, slope * sin);
            (constant, first, second, constant + TILT * second)
        };
        let angle = |i: usize, count: usize| TAU * i as f64 / count as f64;
        rows!(rings, halves, spokes, lines: "rays");
        for &v in v {
            for i in 0..*points {
                let (constant, first, second, height) = place(v, angle(i, points - 1));
                rings.push(row! { v, constant, first, second, height });
            }
        }
        // what is far of a cone seen from above its axis has a positive second coefficient
        let reach = v.iter().fold(0.0f64, |reach, v| reach.max(v.abs()));
        for (side, half) in [("near", -1.0), ("far", 1.0)] {
            for &v in v {
                for angle in even(0.0, 0.5 * TAU, 2 * points) {
                    let (constant, first, second, height) = place(v, half * v.signum() * angle);
                    halves.push(row! { side, v, constant, first, second, height });
                }
            }
            for (ray, v) in (0..*rays).flat_map(|ray| [-reach, 0.0, reach].map(|v| (ray, v))) {
                let (constant, first, second, height) = place(v, angle(ray, *rays));
                if half * second >= -1e-12 {
                    spokes.push(row! { side, ray, constant, first, second, height });
                }
            }
        }
        for (ray, v) in (0..*rays).flat_map(|ray| [-reach, reach].map(|v| (ray, v))) {
            let (constant, first, second, height) = place(v, angle(ray, *rays));
            lines.push(row! { ray, constant, first, second, height });
        }
        let cone = [rings.table()?, halves.table()?, lines.table()?, spokes.table()?];
        let apex = table("apex", [row! { first: 0.0, height: 0.0 }])?;
        Ok([map, plane, table("minima", minima)?].into_iter().chain(cone).chain([apex]).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let lambda = r"eigenvalue $\lambda_{\min}$";
        let axes = || Panel::new(Axis::linear("output weight $v$"), Axis::linear("input weight $w$"));
        let map = |column: &str, label: &str| Heatmap::new("plane", "v", "w", column, label).exponent().smooth();
        let smallest = |column: &str| axes().heatmap(map(column, lambda).range(-6.0, 0.0));
        let length = self.cone.length;
        let functions = Panel::new(
            Axis::linear(format!(r"$\mathrm E[f] + {TILT}\, \mathrm E[f x_2]$")),
            Axis::linear(r"$\mathrm E[f x_1]$").range(-0.5, 0.5),
        );
        let side = |side: &str, dash: Dash, panel: Panel| {
            let of = |table: &str| Select::table(table).filter("side", side);
            panel
                .series(Series::line(of("spokes"), "height", "first", Dash::Join).by(By::unlabelled("ray").grey()))
                .series(Series::line(of("halves"), "height", "first", dash).by(By::unlabelled("v").ramp()))
        };
        vec![Figure::new("singular_cone", "Cone of one unit")
            .setting("directions of w in (d): {cone.rays}, length of w {cone.length}; teacher v = {landscape.teacher_v}, w = {landscape.teacher_w} in (a)")
            .describe(
                "One unit v phi(w x) of one input: loss for a teacher of one unit, with its two equivalent minima (rings), flat on \
                 the singular lines v = 0 and w = 0 (dotted) (a); smallest eigenvalue of the Fisher information, which vanishes on both lines \
                 for an odd sigmoid (b) and on v = 0 alone for the normal distribution function (c), white where it is smaller than the bar \
                 says. Functions f of two inputs with the length of w fixed, by their coefficients on the constant and on the two inputs, \
                 seen from a little above the axis: a cone whose apex (ring) is v = 0; closed curves are of constant v, straight lines of one \
                 direction of w, thin where they are on the far side (d).",
            )
            .grid(2, 132.0)
            .panel(
                axes()
                    .heatmap(map("log_loss", r"loss $L$").range(-4.0, 1.0))
                    .title(r"loss, $\phi = \erf(u / \sqrt 2)$")
                    .series(Series::points("minima", "v", "w"))
                    .rule(Rule::Vertical(0.0))
                    .rule(Rule::Horizontal(0.0)),
            )
            .panel(smallest("log_smallest_erf_sqrt2").title(r"Fisher information, $\phi = \erf(u / \sqrt 2)$"))
            .panel(smallest("log_smallest_gauss_cdf").title(r"Fisher information, $\phi = \Phi(u)$"))
            .panel(
                side("near", Dash::Solid, side("far", Dash::Join, functions))
                    .title(format!(r"functions, $\phi = \Phi(u)$, $|w| = {length}$"))
                    .series(Series::points("apex", "height", "first"))
                    .note_at("$v < 0$", Place::Frame(0.3, 0.9), Anchor::Middle)
                    .note_at("$v = 0$", Place::Frame(0.5, 0.62), Anchor::Middle)
                    .note_at("$v > 0$", Place::Frame(0.7, 0.9), Anchor::Middle)
                    .equal_aspect(),
            )]
    }
}

/// Rounding hides what is smaller.
const FLOOR: f64 = 1e-10;

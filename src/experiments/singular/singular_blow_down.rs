//! Topology of the singular region of two units: in the coordinates `c_1 = (1 - z^2) |u|^2`, `c_2 = z (1 - z^2) |u|^3` all of it is one point for
//! each direction of `u`. Gradient flow slows down there with `|u|^2`; natural gradient flow crosses at a constant speed.

use super::learner::{at, best_one_unit, finer};
use crate::experiment::prelude::*;
use crate::model::SingularCoordinates;
use crate::theory::perceptron::Population;

parameters! {
    Params {
        phi, teacher,
        direction: List<f64> => "Direction of `u`, of unit length.",
        mesh: Mesh,
        rates: Rates => "Rates of `c_1` along `|u|` at one `z`.",
    }

    /// Lines of constant `z` and of constant `|u|`.
    Mesh {
        z: NumberGrid<Coordinate> => "Values of `z` along the lines of constant `|u|`.",
        z_lines: Numbers<Coordinate> => "Values of `z` of the lines of constant `z`.",
        u: NumberGrid<Distance> => "Values of `|u|` along the lines of constant `z`.",
        u_lines: Numbers<Distance> => "Values of `|u|` of the lines of constant `|u|`.",
    }

    Rates {
        z: Number<Coordinate> => "`z`, other than 1 and -1.",
        separations: NumberGrid<Separation> => "Separations `|u|`, above 0.",
    }
}

columns! {
    z_line: Parameter "z of the line";
    u_line: Parameter "|u| of the line";
    constant: Label "what is constant along the line: z or u";
    line: Parameter "value of what is constant along the line";
    z: Parameter "z = (w_2 - w_1) / (w_1 + w_2)";
    u: Parameter "separation |u| = |J_2 - J_1| of the input weights";
    c1: Theory "blown-down coordinate c_1 = (1 - z^2) |u|^2";
    c2: Theory "blown-down coordinate c_2 = z (1 - z^2) |u|^3";
    learning: Label "gradient or natural (gradient) flow";
    separation: Parameter "separation |u| at which the rates are taken";
    c1_rate: Theory "rate of change of c_1 under this flow";
    size {
        _: Theory "absolute value of that rate";
        guide: Approximation "guide proportional to |u|^2";
    }
    z_rate: Theory "rate of change of z under this flow";
}

impl Experiment for Params {
    type Point = ();
    const NO_CONTROL: Option<&'static str> = Some("theory alone; nothing is simulated");

    fn check(&self) -> Result<(), ParameterError> {
        let (direction, length) = (&self.direction, self.direction.iter().map(|e| e * e).sum::<f64>());
        let wrong = direction.len() != self.teacher.inputs() || (length - 1.0).abs() > 1e-9;
        let allowed = "a unit vector of as many numbers as inputs";
        refuse_where(wrong, "direction", format!("{direction:?}"), allowed)?;
        refuse_where(self.rates.z.abs() == 1.0, "rates.z", self.rates.z, "another number than 1 and -1")
    }

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let mesh = &self.mesh;
        let down = |z: f64, u: f64| SingularCoordinates { v: vec![0.0], w: 1.0, u: vec![u], z }.blow_down();
        let mut of_z = Rows::new("z_lines");
        for &z in &mesh.z_lines {
            for &u in mesh.u.values() {
                let [c1, c2] = down(z, u);
                of_z.push(row! { z_line: z, z, u, c1, c2 });
            }
        }
        let mut of_u = Rows::new("u_lines");
        for &u in &mesh.u_lines {
            for &z in mesh.z.values() {
                let [c1, c2] = down(z, u);
                of_u.push(row! { u_line: u, z, u, c1, c2 });
            }
        }
        let mut mesh_lines = Rows::new("mesh");
        let (fine_z, fine_u) = (finer(mesh.z.values(), 8), finer(mesh.u.values(), 8));
        let of_z_lines = mesh.z_lines.iter().map(|&z| (z, fine_u.iter().map(|&u| (z, u)).collect::<Vec<_>>()));
        let of_u_lines = mesh.u_lines.iter().map(|&u| (u, fine_z.iter().map(|&z| (z, u)).collect::<Vec<_>>()));
        let lines = of_z_lines.map(|line| ("z", line)).chain(of_u_lines.map(|line| ("u", line)));
        for (constant, (line, places)) in lines {
            for (z, u) in places {
                let [c1, c2] = down(z, u);
                mesh_lines.push(row! { constant, line, z, u, c1, c2 });
            }
        }
        let mut region = Rows::new("region");
        region.push(row! { c1: 0.0, c2: 0.0 });
        let population = Population::new(self.phi, self.teacher.clone());
        let fit = best_one_unit("parameters.teacher", "the teacher", &population)?;
        let separations = self.rates.separations.values();
        let rates = |separation: f64| {
            let u = self.direction.iter().map(|e| separation * e).collect();
            let start = SingularCoordinates { v: fit.v.clone(), w: fit.w, u, z: self.rates.z };
            let student = population.fast_equilibrium(&start)?;
            let here = SingularCoordinates::of(&student)?;
            let rates = |ascent: Vec<f64>| -> Result<[f64; 2], RunError> {
                let velocity: Vec<f64> = ascent.iter().map(|x| -x).collect();
                let rates = SingularCoordinates::rates(&student, &velocity)?;
                Ok([here.blow_down_rates(&rates)[0], rates.z])
            };
            Ok::<_, RunError>((rates(population.gradient(&student)?)?, rates(population.natural_gradient(&student)?)?))
        };
        let found = run.map(separations, |&separation| {
            let place = || format!("separation {separation:?} at z = {:?}", self.rates.z);
            at("parameters.rates", place, rates(separation))
        })?;
        let mut speeds = Rows::new("rates");
        for (rule, pick) in [("gradient", 0), ("natural", 1)] {
            for (&separation, found) in separations.iter().zip(&found) {
                let [c1, z] = if pick == 0 { found.0 } else { found.1 };
                speeds.push(row! { learning: rule, separation, c1_rate: c1, size: c1.abs(), z_rate: z });
            }
        }
        let mut guide = Rows::new("guide");
        let anchor = separations[separations.len() - 1];
        for &separation in [separations[0], anchor].iter() {
            let ratio = separation / anchor;
            guide.push(row! { separation, size: 0.4 * found[found.len() - 1].0[0].abs() * ratio * ratio });
        }
        Ok(vec![of_z.table()?, of_u.table()?, mesh_lines.table()?, region.table()?, speeds.table()?, guide.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let mesh = |panel: Panel, x: &str, y: &str| {
            let lines = |constant: &str| Select::table("mesh").filter("constant", constant);
            let of_u = Series::line(lines("u"), x, y, Dash::Join).by(By::unlabelled("line").grey());
            let of_z = Series::coloured(lines("z"), x, y, "z", ColourMap::Viridis).by(By::unlabelled("line"));
            panel.series(of_u.key("constant $|u|$")).series(of_z.key("constant $z$"))
        };
        let reach = self.mesh.u_lines.iter().fold(0.0f64, |reach, u| reach.max(*u));
        // the outermost lines of constant z, and those that end highest and lowest within
        let lines = || self.mesh.z_lines.iter().copied();
        let height = |z: f64| z * (1.0 - z * z);
        let within = || lines().filter(|z| z.abs() < 1.0);
        let named = [
            lines().min_by(f64::total_cmp),
            lines().max_by(f64::total_cmp),
            within().min_by(|a, b| height(*a).total_cmp(&height(*b))),
            within().max_by(|a, b| height(*a).total_cmp(&height(*b))),
        ];
        let named = named.into_iter().flatten();
        let learning = By::new("learning", "{}").names([("natural", "natural gradient")]);
        let figure = Figure::new("singular_blow_down", "Singular region blown down")
            .setting("phi(u) = {phi}; teacher of input weights {teacher.input_weights} and output weights {teacher.output_weights}; u along ({direction}); z = {rates.z} in (c)")
            .describe(
                "Lines of constant z, from dark at the smallest to bright at the largest z, and of constant |u| (grey) in the plane of z and \
                 |u|, where the singular region is |u| = 0 and z = +-1 (dotted) (a), and in the blown-down coordinates c_1 = (1 - z^2) |u|^2 and \
                 c_2 = z (1 - z^2) |u|^3, where all of it is the origin (ring) (b). Speed of c_1 under gradient flow and under natural \
                 gradient flow, against the separation of the units; triangle: slope 2 (c).",
            )
            .grid(3, 66.0)
            .panel(
                mesh(Panel::new(Axis::linear("position $z$").range(-1.4, 1.4), Axis::linear("separation $|u|$").low(0.0)), "z", "u")
                    .rule(Rule::Vertical(-1.0))
                    .rule(Rule::Vertical(1.0))
                    .rule(Rule::Horizontal(0.0))
                    .legend(Legend::Above),
            )
            .panel(named.fold(
                mesh(Panel::new(Axis::linear("$c_1 = (1 - z^2) |u|^2$").range(-0.7, 1.2), Axis::linear("$c_2 = z (1 - z^2) |u|^3$")), "c1", "c2")
                    .series(Series::points("region", "c1", "c2").label("singular region"))
                    .note_at("$z = 0$", Place::Data(0.97 * reach * reach, 0.04), Anchor::End)
                    .note_at(format!("$|u| = {reach}$"), Place::Data(0.28 * reach * reach, -0.45 * reach * reach * reach), Anchor::Middle)
                    .legend(Legend::Hidden),
                |panel, z| {
                    let c_1 = (1.0 - z * z) * reach * reach;
                    let (aside, above) = if z.abs() < 1.0 { (-0.03, 1.22) } else { (0.06, 0.97) };
                    panel.note_at(format!("$z = {z}$"), Place::Data(c_1 + aside, above * z * c_1 * reach), Anchor::Start)
                },
            ))
            .panel(
                Panel::new(Axis::log10("separation $|u|$"), Axis::log10(r"speed $|\mathrm d c_1 / \mathrm d t|$"))
                    .title(format!("$z = {}$", self.rates.z))
                    .series(Series::theory("rates", "separation", "size").by(&learning))
                    .slope(2.0, (0.6, 0.3), "$|u|^2$"),
            );
        vec![figure]
    }
}

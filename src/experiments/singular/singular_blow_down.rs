//! Topology of the singular region of two units: in the coordinates `c_1 = (1 - z^2) |u|^2`, `c_2 = z (1 - z^2) |u|^3` all of it is one point for
//! each direction of `u`. Gradient flow slows down there with `|u|^2`; natural gradient flow crosses at a constant speed.

use super::learner::*;
use crate::experiment::prelude::*;

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
        rows!(of_z: "z_lines", of_u: "u_lines", fine: "mesh", speeds: "rates");
        for (z, u) in pairs(&mesh.z_lines, mesh.u.values()) {
            let [c1, c2] = down(z, u);
            of_z.push(row! { z_line: z, z, u, c1, c2 });
        }
        for (u, z) in pairs(&mesh.u_lines, mesh.z.values()) {
            let [c1, c2] = down(z, u);
            of_u.push(row! { u_line: u, z, u, c1, c2 });
        }
        let of_z_lines = pairs(&mesh.z_lines, &finer(mesh.u.values(), 8)).into_iter().map(|(z, u)| ("z", z, z, u));
        let of_u_lines = pairs(&mesh.u_lines, &finer(mesh.z.values(), 8)).into_iter().map(|(u, z)| ("u", u, z, u));
        for (constant, line, z, u) in of_z_lines.chain(of_u_lines) {
            let [c1, c2] = down(z, u);
            fine.push(row! { constant, line, z, u, c1, c2 });
        }
        let region = table("region", [row! { c1: 0.0, c2: 0.0 }])?;
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
            Ok::<_, RunError>([rates(population.gradient(&student)?)?, rates(population.natural_gradient(&student)?)?])
        };
        let found = run.map(separations, |&separation| {
            let place = || format!("separation {separation:?} at z = {:?}", self.rates.z);
            at("parameters.rates", place, rates(separation))
        })?;
        for (place, learning) in ["gradient", "natural"].into_iter().enumerate() {
            for (&separation, found) in separations.iter().zip(&found) {
                let [c1_rate, z_rate] = found[place];
                speeds.push(row! { learning, separation, c1_rate, size: c1_rate.abs(), z_rate });
            }
        }
        let (first, anchor) = ends(separations);
        let guide = [first, anchor].map(|separation| {
            let ratio = separation / anchor;
            row! { separation, size: 0.4 * found[found.len() - 1][0][0].abs() * ratio * ratio }
        });
        let mesh = [of_z.table()?, of_u.table()?, fine.table()?, region];
        Ok(mesh.into_iter().chain([speeds.table()?, table("guide", guide)?]).collect())
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
        vec![Figure::new("singular_blow_down", "Singular region blown down")
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
            )]
    }
}

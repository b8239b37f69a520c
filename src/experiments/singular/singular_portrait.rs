//! Gradient flow of two units near the singular region, one input, in the plane of `z` and `u`: the flow on the slow manifold as
//! arrows, trajectories of the full flow, and the adiabatic law through their first points.

use super::learner::*;
use crate::experiment::prelude::*;
use crate::theory::perceptron::PathPoint;

parameters! {
    Params {
        phi,
        cases: Sections<Case> => "Teachers, one panel each.",
        field: Field, paths: Paths,
    }

    /// One teacher.
    Case {
        name: Plain<String> => "Title of its panel.",
        teacher,
        last: Number<Time> => "Last time of the trajectories.",
    }

    /// Where the arrows stand.
    Field {
        z: NumberGrid<Coordinate> => "Values of `z`.",
        u: NumberGrid<Coordinate> => "Values of `u`.",
    }

    /// Trajectories.
    Paths {
        starts: List<(f64, f64)> => "Starts `[z, u]`, neither of them 0.",
        first: Number<Time> => "First time after the start.",
        times: Count<2> => "Number of points on each.",
    }
}

/// Half the thickness of the singular line `u = 0` as drawn.
const BOLD: f64 = 0.025;

/// Trajectories longer than this, in units of the frame, are marked twice.
const LONG: f64 = 0.25;

columns! {
    case: Label "name of the teacher";
    w: Theory "output weight w* of the best single unit";
    v: Theory "input weight v* of the best single unit";
    loss {
        cases: Theory "loss of the best single unit";
        paths: Theory "loss along the trajectory of gradient flow";
    }
    z {
        field: Parameter "z = (w_2 - w_1) / (w_1 + w_2) of the arrow";
        region: Parameter "end of the part in z";
        paths: Theory "z along the trajectory of gradient flow";
        starts: Theory "z at the first point of the trajectory";
        law: Parameter "z along the adiabatic law";
        heads: Theory "z on the trajectory where it is marked";
    }
    u {
        field: Parameter "u = J_2 - J_1 of the arrow";
        paths: Theory "u along the trajectory of gradient flow";
        starts: Theory "u at the first point of the trajectory";
        law: Approximation "u by the adiabatic law through the first point of the trajectory";
        heads: Theory "u on the trajectory where it is marked";
    }
    z_step: Drawing "direction of the arrow head in z";
    u_step: Drawing "direction of the arrow head in u";
    drawn: Label "whether the arrow is drawn: yes or no";
    z_rate: Theory "rate of change of z under gradient flow on the slow manifold";
    u_rate: Theory "rate of change of u under gradient flow on the slow manifold";
    part: Label "what this part of the singular region does: attracts or repels";
    line: Label "number of the part, from 0";
    low: Drawing "lower edge of the line as drawn";
    high: Drawing "upper edge of the line as drawn";
    start: Label "number of the trajectory, from 0";
    time: Parameter "learning time of the averaged flow";
}

/// The part of a trajectory that is drawn, with how far it has gone at each point, in units of the frame.
fn track(path: &[PathPoint], (low, high): (f64, f64), top: f64) -> Vec<(f64, &PathPoint)> {
    let mut passed = 0.0;
    let mut found: Vec<(f64, &PathPoint)> = Vec::new();
    for here in path.iter().take_while(|here| (low..=high).contains(&here.z) && (0.0..=top).contains(&here.u)) {
        if let Some((_, before)) = found.last() {
            let (z, u) = ((here.z - before.z) / (high - low), (here.u - before.u) / top);
            passed += (z * z + u * u).sqrt();
        }
        found.push((passed, here));
    }
    found
}

impl Experiment for Params {
    type Point = ();
    const NO_CONTROL: Option<&'static str> = Some("averaged flows alone; nothing is simulated");

    fn check(&self) -> Result<(), ParameterError> {
        each("cases", &self.cases, |case| check_one_input(&case.teacher))?;
        let possible = |x: f64| x != 0.0 && Coordinate::outside(x).is_none();
        let found = self.paths.starts.iter().find(|(z, u)| !(possible(*z) && possible(*u)));
        let found = found.map(|(z, u)| format!("[{z:?}, {u:?}]"));
        refuse("paths.starts", found, "pairs of numbers from -100 to 100, none of them 0")?;
        check_axis("field.z", self.field.z.values())
    }

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        rows!(facts: "cases", field, region, paths, firsts: "starts", laws: "law", heads);
        let (low, high) = ends(self.field.z.values());
        let top = self.field.u.values().iter().fold(0.0f64, |top, u| top.max(*u));
        let of = |case: &Case| learner("teacher", &case.name, self.phi, &case.teacher);
        for (Case { name, last, .. }, learner) in self.cases.iter().zip(each("cases", &self.cases, of)?) {
            let case = name.as_str();
            let OneUnitFit { w, v, loss, .. } = &learner.fit;
            facts.push(row! { case, w: *w, v: v[0], loss: *loss, hessian_h: learner.stability });
            let places = pairs(self.field.u.values(), self.field.z.values());
            let rates = run.map(&places, |&(u, z)| {
                at("parameters.field", || format!("{name}: z = {z:?}, u = {u:?}"), learner.slow_rates(z, u))
            })?;
            for (place, (&(u, z), rates)) in places.iter().zip(rates).enumerate() {
                if let Some((z_rate, u_rate)) = rates {
                    // every second column, so that arrows do not chain into lines
                    let drawn = place % self.field.z.values().len() % 2 == 1;
                    field.push(row! { case, z, u, drawn, z_rate, u_rate });
                }
            }
            for (line, (from, to)) in [(low, -1.0), (-1.0, 1.0), (1.0, high)].into_iter().enumerate() {
                let part = if learner.attracts((from + to) / 2.0) { "attracts" } else { "repels" };
                region.extend([from, to].map(|z| row! { case, part, line, z, low: -BOLD, high: BOLD }));
            }
            let times = || std::iter::once(0.0).chain(geometric(self.paths.first, *last, self.paths.times));
            let found = run.map(&self.paths.starts, |&(z, u)| {
                at("parameters.paths.starts", || format!("{name}: [{z:?}, {u:?}]"), learner.path(z, u, times()))
            })?;
            for (start, path) in found.iter().enumerate() {
                let first = &path[0];
                firsts.push(row! { case, start, z: first.z, u: first.u });
                let near = path.iter().take_while(|here| here.z.abs() < 4.0 && here.u.abs() < 4.0);
                paths.extend(near.map(|&PathPoint { time, z, u, loss, .. }| row! { case, start, time, z, u, loss }));
                let drawn = track(path, (low, high), top);
                let length = drawn.last().map_or(0.0, |(passed, _)| *passed);
                let shares: &[f64] = if length > LONG { &[0.5, 0.85] } else { &[0.5] };
                for share in shares {
                    if let Some(i) = (1..drawn.len()).find(|i| drawn[*i].0 >= share * length) {
                        let (before, here) = (drawn[i - 1].1, drawn[i].1);
                        let (z_step, u_step) = (here.z - before.z, here.u - before.u);
                        heads.push(row! { case, start, z: here.z, u: here.u, z_step, u_step });
                    }
                }
                let branch = learner.adiabatic_branch(first, (low, high), 400);
                laws.extend(branch.into_iter().map(|(z, u)| row! { case, start, z, u }));
            }
        }
        let flows = [paths.table()?, heads.table()?, firsts.table()?, laws.table()?];
        Ok([facts.table()?, field.table()?, region.table()?].into_iter().chain(flows).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        let z = self.field.z.values();
        let top = self.field.u.values().iter().fold(0.0f64, |top, u| top.max(*u)) + 0.06;
        let panel = |case: &Case| {
            let rows = |table: &str| Select::table(table).filter("case", case.name.as_str());
            let title = case.name.replace("w* H", "$w^* \\! H$").replace('<', "$<$").replace('>', "$>$");
            Panel::new(
                Axis::linear("position $z$").range(z[0], z[z.len() - 1]),
                Axis::linear("separation $u$").range(-0.06, top),
            )
            .title(title)
            .series(
                Series::arrows(rows("field").filter("drawn", "yes"), "z", "u", "z_rate", "u_rate").colour(Colour::Grey),
            )
            .series(
                Series::line(rows("law"), "z", "u", Dash::DashDot)
                    .by(By::unlabelled("start").grey())
                    .key("adiabatic law"),
            )
            .series(Series::arrows(rows("heads"), "z", "u", "z_step", "u_step"))
            .series(Series::points(rows("starts"), "z", "u").key("start"))
            .series(Series::band(rows("region"), "z", "low", "high").by(By::new("line", "{}").phase("part")))
            .rule(Rule::Vertical(-1.0))
            .rule(Rule::Vertical(1.0))
        };
        let longest = self.cases.iter().fold(0.0f64, |longest, case| longest.max(case.last));
        let flow = format!(r"gradient flow, $t \le {longest}$");
        let panel = |case: &Case| {
            panel(case).all((0..self.paths.starts.len()).map(|start| {
                let rows = Select::table("paths").filter("case", case.name.as_str()).filter("start", start as f64);
                Series::theory(rows, "z", "u").key(flow.clone())
            }))
        };
        vec![Figure::new("singular_portrait", "Flow near the singular region")
            .setting("phi(u) = {phi}; teachers of input weights {cases.teacher.input_weights} and output weights {cases.teacher.output_weights}; followed up to a time of {cases.last}")
            .describe(
                "Gradient flow of two units in the plane of z and u for three teachers: direction of the flow on the slow manifold (arrows), \
                 trajectories of the full flow (lines with arrows) from their starts (rings), and the adiabatic law through each start \
                 (dash-dotted). The singular region is u = 0, blue where it attracts and red where it repels, and the two vertical lines z = +-1. Which part \
                 attracts is told by the sign of w* H: w* and v* are the weights of the best single unit w* phi(v* x), T is the teacher, psi the second \
                 derivative of phi, and H = E[(T - w* phi(v* x)) psi(v* x) x^2]; it is 0 for the redundant teacher, of one unit, to whom all of the \
                 singular region is optimal and where the flow slows down as it comes near: trajectories end at the last time followed.",
            )
            .double()
            .shared_legend()
            .height(72.0)
            .columns(self.cases.len().min(3))
            .panels(self.cases.iter().map(panel))]
    }
}

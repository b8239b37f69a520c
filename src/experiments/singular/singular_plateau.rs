//! Learning curves from starts near the singular region, one input: the loss of gradient flow stays on a plateau where two units are
//! needed, natural gradient flow has none, online learning follows gradient flow. The length of the plateau grows with the
//! logarithm of the separation at the start, at the rate of the unstable direction, and with the inverse square of that of the teacher.

use super::learner::*;
use crate::experiment::prelude::*;
use crate::theory::perceptron::Plateau;

parameters! {
    Params {
        phi,
        /// `z` at the start, between -1 and 1; `w` and `v` are those of the best single unit.
        #[schemars(extend("exclusiveMinimum" = -1, "exclusiveMaximum" = 1))]
        z: Plain<f64>,
        separations: Numbers<Separation> => "Separations `|u|` at the start, above 0.",
        first: Number<Time> => "First time of the learning curves.",
        last: Number<Time> => "Last time of the learning curves.",
        times: Count<2> => "Number of times, equal in the logarithm.",
        cases: Sections<Case> => "Teachers, one panel each.",
        online: Online => "Online learning from one separation.",
        length: Length => "Lengths of plateaus of gradient flow.",
    }

    /// One teacher.
    Case {
        name: Plain<String> => "What it is called in the figure.",
        teacher,
    }

    Online {
        separation: Number<Separation> => "Separation `|u|` at the start.",
        step: Number<Step> => "Step size `eta`.",
        noise: Number<Distance> => "Standard deviation of the label noise.",
        last: Number<Time> => "Last time `eta t`.",
        replicas: NetworkCount => "Number of trajectories.",
    }

    /// Lengths of plateaus of gradient flow; the teacher of the first case, and teachers of two equal units about a centre.
    Length {
        separations: NumberGrid<Separation> => "Separations `|u|` at the start, above 0.",
        centre: Number<Separation> => "Mean of the input weights of the teachers' two units.",
        spreads: NumberGrid<Separation> => "Differences of these input weights, above 0, one teacher each.",
        relative: Number<Separation> => "Separation `|u|` at the start of these, in units of the spread of the teacher.",
    }
}

/// Points of the law of the growth rate as drawn.
const LAW: usize = 61;

columns! {
    case: Label "name of the teacher";
    w: Theory "output weight w* of the best single unit";
    v: Theory "input weight v* of the best single unit";
    plateau: Theory "loss of the best single unit, that of the plateau";
    growth_rate: Theory "rate at which gradient flow leaves the singular region: minus the smallest eigenvalue of the Hessian there";
    learning: Label "gradient or natural (gradient) flow";
    separation: Parameter "separation u = J_2 - J_1 of the input weights at the start";
    time: Parameter "learning time t of the averaged flow; online, steps times step size";
    loss {
        _: Theory "loss of the averaged flow, not below 1e-16";
        ends: Theory "loss of the natural gradient flow where it meets a Fisher information that is numerically singular";
        online: MonteCarlo "mean loss of online learning over replicas";
    }
    low: MonteCarlo "loss that a tenth of the replicas is below";
    high: MonteCarlo "loss that a tenth of the replicas is above";
    spread: Parameter "difference of the input weights of the teacher's two units";
    length: Theory "length of the plateau, the time until the loss is half that of the best single unit";
    law {
        start: Approximation "ln(u_out / u) / growth rate, with u_out from the smallest separation";
        _: Approximation "length proportional to 1 / growth rate, through the length at the smallest spread";
    }
    guide: Approximation "guide proportional to 1 / spread^2";
}

/// Online learning of one teacher.
type OneStart = (Plateau, Course);

impl Params {
    /// Times of the learning curves.
    fn instants(&self) -> Vec<f64> {
        geometric(self.first, self.last, self.times).collect()
    }
}

impl Experiment for Params {
    type Point = OneStart;
    const UNJUDGED: &'static str = "
        online.loss | shown on the averaged flow, which holds for steps to 0 alone; singular_online judges order parameters with their correction
        online.low | a quantile over replicas, for the band of the figure
        online.high | a quantile over replicas, for the band of the figure
    ";
    const NO_CONTROL: Option<&'static str> =
        Some("online learning is shown on the averaged flow and not judged; singular_online judges it");

    fn check(&self) -> Result<(), ParameterError> {
        each("cases", &self.cases, |case| check_one_input(&case.teacher))?;
        let allowed = "a number between -1 and 1, where the plateau is unstable";
        refuse_where(!(self.z.abs() < 1.0), "z", self.z, allowed)?;
        check_axis("last", &[self.first, self.last])?;
        let Online { step, last, .. } = self.online;
        let allowed = "large enough for at most 1e9 steps up to the last time";
        refuse_where(last / step > MOST_STEPS, "online.step", format!("{step:?}"), allowed)
    }

    fn points(&self, points: &mut Points<OneStart>) -> Result<(), RunError> {
        let Online { separation, step, noise, last, replicas } = self.online;
        let of = |case: &Case| learner("teacher", &case.name, self.phi, &case.teacher);
        for (Case { name, teacher }, learner) in self.cases.iter().zip(each("cases", &self.cases, of)?) {
            let plateau = Plateau::new(learner, self.z)?;
            let start = plateau.start(separation)?;
            let task = OnlineTask::new(self.phi, teacher.clone(), start, 1, step, noise)?;
            let mut course = Course::new(task, step, self.instants().into_iter().filter(|time| *time <= last));
            course.counts.dedup();
            course.counts.retain(|count| *count > 0);
            points.keep(name, replicas, course.cost(1e-7), (plateau, course)).in_groups(LANES);
        }
        Ok(())
    }

    fn observe_group(&self, point: &OneStart, at: &[Address]) -> Result<Vec<Vec<f64>>, SimulationError> {
        Ok(point.1.observe(at))
    }

    fn tables(&self, found: &[Found<OneStart>], run: &Run) -> Result<Tables, RunError> {
        let times = self.instants();
        rows!(facts: "cases", curves, lines, stops: "ends", online);
        let Online { separation, step, replicas, .. } = self.online;
        for (Case { name, .. }, found) in self.cases.iter().zip(found) {
            let case = name.as_str();
            let (plateau, course) = &found.point;
            let OneUnitFit { w, v, loss, .. } = &plateau.learner.fit;
            facts.push(row! { case, w: *w, v: v[0], plateau: *loss, growth_rate: plateau.growth });
            let rules = [("gradient", Learning::Gradient), ("natural", Learning::Natural)];
            let starts = pairs(&rules, &self.separations);
            let flows = |times: &[f64]| {
                run.map(&starts, |&((_, learning), u)| {
                    at("parameters.separations", || format!("{case}: {u:?}"), plateau.curve(learning, u, times))
                })
            };
            let fine = finer(&times, 3);
            let (coarse_flows, fine_flows) = (flows(&times)?, flows(&fine)?);
            for (rows, times, flows) in [(&mut curves, &times, &coarse_flows), (&mut lines, &fine, &fine_flows)] {
                for (&((learning, _), separation), losses) in starts.iter().zip(flows) {
                    let losses = times.iter().zip(losses);
                    rows.extend(losses.map(|(&time, &loss)| row! { case, learning, separation, time, loss }));
                }
            }
            for (&((learning, _), separation), losses) in starts.iter().zip(&fine_flows) {
                if let Some(&loss) = losses.last().filter(|_| losses.len() < fine.len()) {
                    stops.push(row! { case, learning, separation, time: fine[losses.len() - 1], loss });
                }
            }
            let sample = students("parameters.online.step", course, found.rows())?;
            for (i, count) in course.counts.iter().enumerate() {
                let losses = sample.iter().map(|students| plateau.learner.population.loss(&students[i]));
                let mut losses: Vec<f64> = losses.collect::<Result<_, ParameterError>>()?;
                let loss = Measured::new(Estimate::of(&losses));
                losses.sort_by(f64::total_cmp);
                // nearest ranks of the central 80 %
                let [low, high] = [replicas / 10, replicas - 1 - replicas / 10].map(|rank| losses[rank].max(1e-16));
                online.push(row! { case, separation, time: *count as f64 * step, replicas, loss, low, high });
            }
        }
        let mut tables = vec![facts.table()?, curves.table()?, lines.table()?, stops.table()?, online.table()?];
        tables.extend(lengths(self, &found[0].point.0, run)?);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let separation = || By::new("separation", r"$|u| = {}$").ramp();
        let silent = || By::unlabelled("separation").ramp();
        let panel = |case: &Case| {
            let name = case.name.as_str();
            let rows = |rule: &str| Select::table("lines").filter("case", name).filter("learning", rule);
            let ends = Select::table("ends").filter("case", name);
            let online = || Select::table("online").filter("case", name);
            Panel::new(Axis::log10("time $t$").range(self.first, 2.0 * self.last), Axis::log10("loss $L$").low(1e-9))
                .title(name)
                .series(Series::theory(rows("gradient"), "time", "loss").by(separation()).key("gradient flow"))
                .series(Series::band(online(), "time", "low", "high").by(silent()))
                .series(
                    Series::line(rows("natural"), "time", "loss", Dash::LongDash).by(silent()).key("natural gradient"),
                )
                .series(Series::points(ends, "time", "loss").label("Fisher information singular"))
                .series(
                    Series::measured(online(), "time", "loss")
                        .by(silent())
                        .key(format!("online, $|u| = {}$", self.online.separation)),
                )
        };
        vec![
            Figure::new("singular_plateau", "Plateaus near the singular region")
                .setting("phi(u) = {phi}; z = {z}, |u| = {separations} at the start; teachers of input weights {cases.teacher.input_weights} and output weights {cases.teacher.output_weights}; online learning from |u| = {online.separation} with step size {online.step} and label noise {online.noise}, {online.replicas runs}")
                .describe(
                    "Loss against time from starts at three separations of the units for a teacher of two units (plateau near the \
                     singularity), of three units, which two do not reach, and of one unit (the optimum is on the singular region): gradient \
                     flow (lines), natural gradient flow (long dashes; rings: where the Fisher information becomes numerically singular and it \
                     cannot be followed), and, for the smallest separation, the mean of online learning with the central 80 % of its replicas (band).",
                )
                .double()
                .shared_legend()
                .height(70.0)
                .columns(3)
                .panels(self.cases.iter().map(panel)),
            Figure::new("singular_plateau_length", "Length of plateaus")
                .setting("phi(u) = {phi}; z = {z} at the start; in (b) two teacher units about {length.centre}, |u| = {length.relative} times their difference at the start")
                .describe(
                    "Time until gradient flow has halved the loss of the plateau against the separation of the units at the start, with the \
                     logarithmic law of the linear growth rate (dash-dotted) (a), and against the separation of the teacher's units, with the law of the \
                     growth rate (dash-dotted); triangle: slope -2 (b).",
                )
                .grid(2, 62.0)
                .panel(
                    Panel::new(Axis::log10(r"separation $|u|$ at the start"), Axis::linear("length of the plateau $T$"))
                        .series(Series::line("start", "separation", "law", Dash::DashDot).key("growth rate"))
                        .series(Series::points("start", "separation", "length").key("gradient flow")),
                )
                .panel(
                    Panel::new(Axis::log10("separation $s$ of the teacher's units"), Axis::log10("length of the plateau $T$"))
                        .series(Series::line("growth", "spread", "law", Dash::DashDot).key("growth rate"))
                        .slope(-2.0, (0.2, 0.4), "$s^{-2}$")
                        .series(Series::points("teacher", "spread", "length").key("gradient flow"))
                        .legend(Legend::Auto),
                ),
        ]
    }
}

/// Lengths of plateaus against the start and against the teacher, with `ln(u_out / u_in) / rate`; `u_out` is that of the last row.
fn lengths(params: &Params, plateau: &Plateau, run: &Run) -> Result<Tables, RunError> {
    let name = &params.cases[0].name;
    let separations = params.length.separations.values();
    let found = run.map(separations, |&u| {
        at("parameters.length.separations", || format!("{name}: {u:?}"), plateau.length(u, Time::LARGEST))
    })?;
    let (least, offset) = (ends(separations).1, found[found.len() - 1]);
    let start = separations.iter().zip(&found).map(|(&separation, &length)| {
        row! { separation, length, law: offset.map(|offset| offset - ln(separation / least) / plateau.growth) }
    });
    let start = table("start", start)?;
    let field = "parameters.length.spreads";
    let plateau = |spread: f64| {
        let learner = learner_of_pair(field, params.phi, params.length.centre, spread)?;
        Ok::<_, RunError>(Plateau::new(learner, params.z)?)
    };
    let spreads = params.length.spreads.values();
    let found = run.map(spreads, |&spread| {
        let plateau = plateau(spread)?;
        let length = plateau.length(params.length.relative * spread, Time::LARGEST);
        Ok((at(field, || format!("{spread:?}"), length)?, plateau.growth))
    })?;
    let none = found.iter().filter(|(length, _)| length.is_none()).count();
    run.blank(none, found.len(), "gradient flow does not leave the plateau within a time of 1e6");
    let ((first, widest), (last, rate)) = (ends(spreads), found[found.len() - 1]);
    let law = |growth: f64| last.filter(|_| growth > 0.0).map(|last| last * rate / growth);
    let teacher = spreads.iter().zip(&found).map(|(&spread, &(length, growth_rate))| {
        let guide = last.map(|last| 0.5 * last * (widest / spread) * (widest / spread));
        row! { spread, length, growth_rate, law: law(growth_rate), guide }
    });
    let fine: Vec<f64> = geometric(first, widest, LAW).collect();
    let growth = run.map(&fine, |&spread| {
        let growth_rate = plateau(spread)?.growth;
        Ok(row! { spread, growth_rate, law: law(growth_rate) })
    })?;
    Ok(vec![start, table("teacher", teacher)?, table("growth", growth)?])
}

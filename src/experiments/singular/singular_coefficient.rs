//! Learning coefficients of perceptrons of one and two units: `lambda_eff(beta) = beta <L>` and `ln Z(beta)` of the tempered posterior by
//! sequential Monte Carlo, against quadrature where there is one, and the estimate of `lambda` against its value by resolution of singularities.

use crate::experiment::prelude::*;
use crate::simulation::{Pooled, Rung, Tempering};
use crate::theory::perceptron::approach::{Approach, Point};
use crate::theory::perceptron::{
    FreeEnergy, LearningCoefficient, free_energy, has_free_energy, learning_coefficient, next_pole,
};

parameters! {
    Params {
        replicas: NetworkCount => "Number of runs of the sequential sampler.",
        particles: Count<2> => "Particles of each run.",
        sweeps: Count<1> => "Sweeps of Metropolis steps at each rung of the ladder.",
        ladder: Ladder => "Ladder of inverse temperatures `beta`.",
        shown_from: Number<Beta> => "Smallest `beta` that is judged and shown.",
        curve: Count<1> => "Points of the theory curves a decade.",
        most_inputs: Count<1> => "Learning coefficients are drawn up to this number of inputs.",
        cases: Sections<Case> => "Students and truths.",
    }

    Ladder {
        smallest: Number<Beta> => "Smallest inverse temperature `beta`.",
        a_decade: Count<1> => "Rungs a decade.",
    }

    /// A student, and the truth.
    Case {
        name: Plain<String> => "What it is called in the figure.",
        units: Within<1, 2> => "Hidden units of the student.",
        teacher => "The truth: input weights `J_i`, one row a unit, and output weights `w_i`.",
        largest: Number<Beta> => "Largest `beta`.",
        fit_from: Number<Beta> => "Smallest `beta` of the fit of `lambda`.",
    }
}

columns! {
    inputs: Parameter ["inputs"] "number N of inputs";
    beta: Parameter "inverse temperature beta";
    case: Label "number of units of the student, and the truth";
    lambda {
        _: Theory "learning coefficient lambda_eff = beta <L> of the tempered posterior";
        known: Theory "learning coefficient lambda (real log canonical threshold)";
        fits: Fit "lambda_eff by the form fitted to Monte Carlo";
        all: MonteCarlo "lambda_eff = beta <L> of the tempered posterior by sequential Monte Carlo";
    }
    log_partition {
        _: Theory "ln Z(beta) of the partition function, by quadrature";
        all: MonteCarlo "ln Z(beta) of the partition function by sequential Monte Carlo";
    }
    multiplicity: Theory "multiplicity m of the pole at lambda";
    regular: Theory "half the number of parameters (N + 1 a unit), lambda of a regular model";
    value {
        energies: Theory "lambda_eff = beta <L> of the tempered posterior; in theory by quadrature";
        partitions: Theory "ln Z(beta) of the partition function; in theory by quadrature";
        estimates: Theory "learning coefficient lambda, from a fit to lambda_eff; in theory its exact value";
        _.correction: Correction "what the fitted form leaves out of lambda where quadrature can tell; otherwise 0";
    }
}

impl Params {
    fn betas(&self, case: &Case) -> Vec<f64> {
        decades(self.ladder.smallest, case.largest, self.ladder.a_decade)
    }

    fn tempering(&self, case: &Case) -> Result<Tempering, ParameterError> {
        Tempering::new(case.units, case.teacher.clone(), self.betas(case), self.particles, self.sweeps)
    }
}

fn approach(case: &Case) -> Result<Approach, ParameterError> {
    let coefficient = learning_coefficient(case.units, &case.teacher).ok_or_else(|| ParameterError {
        name: "teacher".into(),
        found: case.name.clone(),
        allowed: "one that one or two units can be",
    })?;
    Ok(Approach { coefficient, next: next_pole(case.units, &case.teacher) })
}

/// From this `beta` on, but for rounding.
fn reaches(beta: f64, from: f64) -> bool {
    beta > from * (1.0 - 1e-9)
}

impl Experiment for Params {
    type Point = Tempering;
    const UNJUDGED: &'static str = "
        all.lambda | where there is quadrature the same number is judged in table energies; elsewhere there is no theory at finite beta
        all.log_partition | where there is quadrature the same number is judged in table partitions; elsewhere there is no theory at finite beta
    ";

    fn check(&self) -> Result<(), ParameterError> {
        each("cases", &self.cases, |case| {
            let of_case = |beta: f64| format!("{beta:?} of {:?}", case.name);
            let (largest, rungs) = (case.largest, self.betas(case));
            for (least, allowed) in [
                (self.ladder.smallest, "at least the smallest of the ladder"),
                (self.shown_from, "at least shown_from"),
            ] {
                refuse_where(largest < least, "largest", of_case(largest), allowed)?;
            }
            let fitted = rungs.iter().filter(|beta| reaches(**beta, case.fit_from)).count();
            let allowed = "below the largest by as many rungs as the fit has unknowns";
            let few = fitted < approach(case)?.unknowns();
            refuse_where(few, "fit_from", of_case(case.fit_from), allowed)
        })?;
        self.cases.iter().try_for_each(|case| self.tempering(case).map(drop))
    }

    fn points(&self, points: &mut Points<Tempering>) -> Result<(), RunError> {
        for case in &self.cases {
            let (inputs, task) = (case.teacher.inputs(), self.tempering(case)?);
            let steps = [self.particles, self.sweeps, task.betas().len(), case.units, inputs];
            let steps: f64 = steps.iter().map(|count| *count as f64).product();
            let work = Work { seconds: 4e-7 * steps, bytes: 512.0 * self.particles as f64 };
            let label = format!("{}, {inputs} inputs", case.name);
            points.keep(label, self.replicas, OneNetwork::from(work), task);
        }
        Ok(())
    }

    /// `ln Z_r` and `E_r` of each rung.
    fn observe(&self, task: &Tempering, at: &Address) -> Observed {
        Ok(task.sample(at).iter().flat_map(|rung| [rung.log_partition, rung.energy]).collect())
    }

    fn tables(&self, found: &[Found<Tempering>], run: &Run) -> Result<Tables, RunError> {
        let [mut energies, mut partitions] = ["energies", "partitions"].map(Rows::new);
        rows!(curve, all, estimates, fits);
        let exact = run.map(&self.cases, |case| Exact::of(self, case, run.theory_factor()))?;
        for ((of, exact), replicas) in self.cases.iter().zip(&exact).zip(found) {
            let (case, inputs) = (of.name.as_str(), of.teacher.inputs());
            curve.extend(exact.curve.iter().map(|&(beta, FreeEnergy { lambda, log_partition, .. })| {
                row! { case, inputs, beta, lambda, log_partition }
            }));
            let (mut rungs, mut points, mut exact_points) = (Vec::new(), Vec::new(), Vec::new());
            for (place, &beta) in replicas.point.betas().iter().enumerate() {
                let rung = |row: &Vec<f64>| Rung { log_partition: row[2 * place], energy: row[2 * place + 1] };
                let here: Vec<Rung> = replicas.rows().iter().map(rung).collect();
                let found = Pooled::of(&here);
                let theory = exact.rungs.get(place);
                if reaches(beta, self.shown_from) {
                    let energy = (found.energy, found.energy_stderr);
                    let log = (found.log_partition, found.log_partition_stderr);
                    if let Some(theory) = theory {
                        let energy = Compared::new(theory.lambda, energy, 0.0);
                        let log = Compared::new(theory.log_partition, log, 0.0);
                        for (rows, value) in [(&mut energies, energy), (&mut partitions, log)] {
                            rows.push(row! { case, inputs, beta, replicas: self.replicas, value });
                        }
                    }
                    let (lambda, log_partition) = (Measured::new(energy), Measured::new(log));
                    all.push(row! { case, inputs, beta, lambda, log_partition });
                }
                if reaches(beta, of.fit_from) {
                    let weight = 1.0 / (found.energy_stderr * found.energy_stderr);
                    let point = Point { log_beta: ln(beta), value: found.energy, weight };
                    rungs.push(here);
                    points.push(point);
                    exact_points.extend(theory.map(|theory| Point { value: theory.lambda, ..point }));
                }
            }
            let approach = approach(of)?;
            let LearningCoefficient { lambda, multiplicity } = approach.coefficient;
            let undetermined = || RunError::Stalled { what: "lambda_eff within the range of the fit" };
            let without = |place: usize, replica: usize| {
                let others = rungs[place].iter().enumerate().filter(|(other, _)| *other != replica);
                Pooled::of(&others.map(|(_, rung)| *rung).collect::<Vec<Rung>>()).energy
            };
            let estimate = approach.estimate(&points, replicas.rows().len(), without);
            let (fit, stderr) = estimate.ok_or_else(undetermined)?;
            // what the form leaves out, where quadrature can tell
            let mut correction = 0.0;
            if exact.rungs.is_empty() {
                let betas = decades(of.fit_from, of.largest, self.curve).into_iter();
                fits.extend(betas.map(|beta| row! { case, inputs, beta, lambda: approach.value(&fit, ln(beta)) }));
            } else {
                correction = approach.fit(&exact_points).ok_or_else(undetermined)?.lambda() - lambda;
            }
            let regular = 0.5 * (of.units * (inputs + 1)) as f64;
            let value = Compared::new(lambda, (fit.lambda(), stderr), correction);
            estimates.push(row! { case, inputs, multiplicity, regular, replicas: self.replicas, value });
        }
        let mut tables = vec![energies.table()?, partitions.table()?, estimates.table()?, all.table()?];
        tables.extend([curve.table()?, fits.table()?, known(self)?]);
        Ok(tables)
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::unlabelled("case");
        let of = |table: &str, inputs: i64| Select::table(table).filter("inputs", inputs);
        let panel = |inputs: i64| {
            Panel::new(
                Axis::log10(r"inverse temperature $\beta$"),
                Axis::linear(r"mean loss $\beta \langle L \rangle$").low(0.0),
            )
            .title(format!("$N = {inputs}$"))
            .series(Series::horizontals(of("estimates", inputs), "value_theory").by(&by))
        };
        let found = |inputs: i64| Series::measured(of("all", inputs), "beta", "lambda").by(&by);
        let exact = |inputs: i64| {
            panel(inputs)
                .series(Series::theory(of("curve", inputs), "beta", "lambda").by(&by).key("theory"))
                .series(found(inputs).key("Monte Carlo"))
                .residual(Residual::new(of("energies", inputs), "beta", "value").by(&by))
        };
        vec![Figure::new("singular_coefficient", "Learning coefficients")
            .setting("phi(u) = erf(u / √2); {replicas runs} of sequential Monte Carlo with {particles} particles each")
            .describe(
                "beta <L> of the tempered posterior against inverse temperature for perceptrons of one, two and three inputs, in (a) to \
                 (c): theory by quadrature as lines where there is one, sequential Monte Carlo as points, learning coefficients lambda dotted. They are \
                 approached as lambda - (m - 1) / ln beta where the pole at lambda has multiplicity m, so slowly for m = 2. Learning \
                 coefficients against the number of inputs (d): theory as lines, estimates from fits of the asymptotic form to the points at \
                 the largest beta, with standard errors.",
            )
            .grid(2, 132.0)
            .shared_legend()
            .panel(exact(1))
            .panel(exact(2))
            .panel(panel(3).series(found(3)))
            .panel(coefficients(&by))]
    }
}

/// Learning coefficients against the number of inputs.
fn coefficients(by: &By) -> Panel {
    let inputs = Axis::linear("inputs $N$").range(0.8, 4.2).ticks([1.0, 2.0, 3.0, 4.0]);
    Panel::new(inputs, Axis::linear(r"learning coefficient $\lambda$").low(0.0))
        .series(Series::theory("known", "inputs", "lambda").by(By::new("case", "{}")))
        .found_unkeyed("estimates", "inputs", "value", by)
        .note_at(r"regular: $d/2 = N + 1$", Place::Data(2.45, 4.1), Anchor::End)
        .note_at(r"$(N + 2)/2$", Place::Data(3.6, 2.25), Anchor::Middle)
}

/// Quadrature on a fine grid and on the rungs of the ladder; empty where there is none.
struct Exact {
    curve: Vec<(f64, FreeEnergy)>,
    rungs: Vec<FreeEnergy>,
}

impl Exact {
    /// In a negative control the theory has another temperature: `beta <L>` with `<L>` at `factor beta`.
    fn of(params: &Params, case: &Case, factor: f64) -> Result<Self, RunError> {
        if !has_free_energy(case.units, &case.teacher) {
            return Ok(Self { curve: Vec::new(), rungs: Vec::new() });
        }
        let fine = decades(params.shown_from, case.largest, params.curve);
        let coarse = params.betas(case);
        let betas: Vec<f64> = fine.iter().chain(&coarse).map(|beta| factor * beta).collect();
        let mut found = free_energy(case.units, &case.teacher, &betas)?;
        found.iter_mut().for_each(|found| found.lambda /= factor);
        let rungs = found.split_off(fine.len());
        Ok(Self { curve: fine.into_iter().zip(found).collect(), rungs })
    }
}

/// Learning coefficients against the number of inputs; teachers have no weights on further inputs.
fn known(params: &Params) -> Result<Table, RunError> {
    let mut rows = Rows::new("known");
    for (place, case) in params.cases.iter().enumerate() {
        if params.cases[..place].iter().any(|other| other.name == case.name) {
            continue;
        }
        for inputs in case.teacher.inputs()..=params.most_inputs {
            if let Some(LearningCoefficient { lambda, multiplicity }) =
                learning_coefficient(case.units, &case.teacher.padded(inputs))
            {
                let regular = 0.5 * (case.units * (inputs + 1)) as f64;
                let name = case.name.as_str();
                rows.push(row! { case: name, inputs, lambda, multiplicity, regular });
            }
        }
    }
    Ok(rows.table()?)
}

//! Learning coefficients of perceptrons of one and two units: `lambda_eff(beta) = beta <L>` and `ln Z(beta)` of the tempered posterior by
//! sequential Monte Carlo, against quadrature where there is one, and the estimate of `lambda` against its value by resolution of singularities.

mod fit;
mod theory;

use crate::config::checked;
use crate::experiment::{Compared, VALUE};
use crate::experiment::{Experiment, Run, RunError, Tables};
use crate::figure::{Anchor, Axis, By, Figure, Panel, Place, Residual, Select, Series};
use crate::model::{ParameterError, Perceptron};
use crate::numerics::elementary::{exp, ln};
use crate::simulation::{Pooled, Rung, Tempering};
use crate::table::{Cell, Rows};
use crate::theory::perceptron::{LearningCoefficient, learning_coefficient, next_pole};
use fit::{Approach, Point};
use schemars::JsonSchema;
use serde::Deserialize;
use theory::{Exact, known};

/// Parameters.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Params {
    /// Number of runs of the sequential sampler.
    #[serde(with = "checked::Networks")]
    replicas: usize,
    /// Particles of each run.
    #[serde(with = "checked::Count::<2>")]
    particles: usize,
    /// Sweeps of Metropolis steps at each rung of the ladder.
    #[serde(with = "checked::Count::<1>")]
    sweeps: usize,
    /// Ladder of inverse temperatures `beta`.
    ladder: Ladder,
    /// Smallest `beta` that is judged and shown.
    #[serde(with = "checked::Number::<checked::Beta>")]
    shown_from: f64,
    /// Points of the theory curves a decade.
    #[serde(with = "checked::Count::<1>")]
    curve: usize,
    /// Learning coefficients are drawn up to this number of inputs.
    #[serde(with = "checked::Count::<1>")]
    most_inputs: usize,
    /// Students and truths.
    #[serde(with = "checked::List::<Case>")]
    cases: Vec<Case>,
}

/// Inverse temperatures.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ladder {
    /// Smallest inverse temperature `beta`.
    #[serde(with = "checked::Number::<checked::Beta>")]
    smallest: f64,
    /// Rungs a decade.
    #[serde(with = "checked::Count::<1>")]
    a_decade: usize,
}

/// A student, and the truth.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What it is called in the figure.
    name: String,
    /// Hidden units of the student.
    #[serde(with = "checked::Within::<1, 2>")]
    units: usize,
    /// The truth: input weights `J_i`, one row a unit, and output weights `w_i`.
    #[serde(with = "checked::Network")]
    teacher: Perceptron,
    /// Largest `beta`.
    #[serde(with = "checked::Number::<checked::Beta>")]
    largest: f64,
    /// Smallest `beta` of the fit of `lambda`.
    #[serde(with = "checked::Number::<checked::Beta>")]
    fit_from: f64,
}

/// The experiment.
pub struct SingularCoefficient;

/// `from 10^(i / a_decade)` up to `to`, the last one included but for rounding.
fn decades(from: f64, to: f64, a_decade: usize) -> Vec<f64> {
    let step = std::f64::consts::LN_10 / a_decade as f64;
    let count = (ln(to / from) / step + 1e-6) as usize;
    (0..=count).map(|i| from * exp(i as f64 * step)).collect()
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
        name: "cases",
        found: case.name.clone(),
        allowed: "one or two units that can be the teacher",
    })?;
    Ok(Approach { coefficient, next: next_pole(case.units, &case.teacher) })
}

/// From this `beta` on, but for rounding.
fn reaches(beta: f64, from: f64) -> bool {
    beta > from * (1.0 - 1e-9)
}

impl Experiment for SingularCoefficient {
    type Params = Params;
    const COLUMNS: &'static str = "
        inputs | parameter | inputs | number N of inputs
        beta | parameter | | inverse temperature beta
        case | label | | number of units of the student, and the truth
        lambda | theory | | learning coefficient lambda_eff = beta <L> of the tempered posterior
        known.lambda | theory | | learning coefficient lambda (real log canonical threshold)
        fits.lambda | fit | | lambda_eff by the form fitted to Monte Carlo
        all.lambda | Monte Carlo | | lambda_eff = beta <L> of the tempered posterior by sequential Monte Carlo
        log_partition | theory | | ln Z(beta) of the partition function, by quadrature
        all.log_partition | Monte Carlo | | ln Z(beta) of the partition function by sequential Monte Carlo
        multiplicity | theory | | multiplicity m of the pole at lambda
        regular | theory | | half the number of parameters (N + 1 a unit), lambda of a regular model
        energies.value | theory | | lambda_eff = beta <L> of the tempered posterior; in theory by quadrature
        partitions.value | theory | | ln Z(beta) of the partition function; in theory by quadrature
        estimates.value | theory | | learning coefficient lambda, from a fit to lambda_eff; in theory its exact value
        value_correction | correction | | what the fitted form leaves out of lambda where quadrature can tell; otherwise 0
    ";
    const UNJUDGED: &'static str = "
        all.lambda | where there is quadrature the same number is judged in table energies; elsewhere there is no theory at finite beta
        all.log_partition | where there is quadrature the same number is judged in table partitions; elsewhere there is no theory at finite beta
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        for case in &params.cases {
            let bad = |name, found: f64, allowed| {
                let found = format!("{found:?} of {:?}", case.name);
                Err(ParameterError { name, found, allowed })
            };
            if case.largest < params.ladder.smallest {
                return bad("cases.largest", case.largest, "at least the smallest of the ladder");
            }
            if case.largest < params.shown_from {
                return bad("cases.largest", case.largest, "at least shown_from");
            }
            let rungs = params.betas(case).iter().filter(|beta| reaches(**beta, case.fit_from)).count();
            if rungs < approach(case)?.unknowns() {
                return bad(
                    "cases.fit_from",
                    case.fit_from,
                    "below the largest by as many rungs as the fit has unknowns",
                );
            }
            params.tempering(case)?;
        }
        Ok(())
    }

    fn run(params: &Params, run: &Run) -> Result<Tables, RunError> {
        let [theory, mc, stderr, correction, expected] = VALUE;
        let columns = ["case", "inputs", "beta", "replicas", theory, mc, stderr, correction, expected];
        let (mut energies, mut partitions) = (Rows::new("energies", columns), Rows::new("partitions", columns));
        let mut curve = Rows::new("curve", ["case", "inputs", "beta", "lambda", "log_partition"]);
        let columns = ["case", "inputs", "beta", "lambda", "lambda_error", "log_partition", "log_partition_error"];
        let mut all = Rows::new("all", columns);
        let columns =
            ["case", "inputs", "multiplicity", "regular", "replicas", theory, mc, stderr, correction, expected];
        let mut estimates = Rows::new("estimates", columns);
        let mut fits = Rows::new("fits", ["case", "inputs", "beta", "lambda"]);
        let exact = run.map(&params.cases, |case| Exact::of(params, case, run.theory_factor()))?;
        for (point, (case, exact)) in params.cases.iter().zip(&exact).enumerate() {
            let name = || -> [Cell; 2] { [case.name.as_str().into(), case.teacher.inputs().into()] };
            for (beta, found) in exact.curve.iter() {
                let [case, inputs] = name();
                curve.push([case, inputs, (*beta).into(), found.lambda.into(), found.log_partition.into()]);
            }
            let task = params.tempering(case)?;
            let sample = run.replicas(params.replicas, |r| Ok(task.sample(&run.address(point as u64, r))))?;
            let (mut log_betas, mut rungs) = (Vec::new(), Vec::new());
            let mut points = Vec::new();
            for (place, &beta) in task.betas().iter().enumerate() {
                let here: Vec<Rung> = sample.iter().map(|replica| replica[place]).collect();
                let found = Pooled::of(&here);
                let theory = exact.rungs.get(place);
                if reaches(beta, params.shown_from) {
                    let [case, inputs] = name();
                    let key = [case.clone(), inputs.clone(), beta.into(), params.replicas.into()];
                    let cell = |theory, mc, stderr| Compared { theory, mc, stderr, correction: 0.0 };
                    if let Some(theory) = theory {
                        energies.push(cell(theory.lambda, found.energy, found.energy_stderr).row(&key));
                        let logs = cell(theory.log_partition, found.log_partition, found.log_partition_stderr);
                        partitions.push(logs.row(&key));
                    }
                    let values = [found.energy, found.energy_stderr, found.log_partition, found.log_partition_stderr];
                    let [energy, energy_error, log, log_error] = values.map(Cell::from);
                    all.push([case, inputs, beta.into(), energy, energy_error, log, log_error]);
                }
                if reaches(beta, case.fit_from) {
                    log_betas.push(ln(beta));
                    rungs.push(here);
                    let weight = 1.0 / (found.energy_stderr * found.energy_stderr);
                    points.extend(theory.map(|f| Point { log_beta: ln(beta), value: f.lambda, weight }));
                }
            }
            let approach = approach(case)?;
            let LearningCoefficient { lambda, multiplicity } = approach.coefficient;
            let undetermined = || RunError::Stalled { what: "lambda_eff within the range of the fit" };
            let (fit, stderr) = approach.estimate(&log_betas, &rungs).ok_or_else(undetermined)?;
            // what the form leaves out, where quadrature can tell
            let mut correction = 0.0;
            if exact.rungs.is_empty() {
                for beta in decades(case.fit_from, case.largest, params.curve) {
                    let [case, inputs] = name();
                    fits.push([case, inputs, beta.into(), approach.value(&fit, ln(beta)).into()]);
                }
            } else {
                correction = approach.fit(&points).ok_or_else(undetermined)?.lambda() - lambda;
            }
            let [label, inputs] = name();
            let regular = 0.5 * (case.units * (case.teacher.inputs() + 1)) as f64;
            let key = [label, inputs, multiplicity.into(), regular.into(), params.replicas.into()];
            estimates.push(Compared { theory: lambda, mc: fit.lambda(), stderr, correction }.row(&key));
        }
        let mut tables = vec![energies.table()?, partitions.table()?, estimates.table()?, all.table()?];
        tables.extend([curve.table()?, fits.table()?, known(params)?]);
        Ok(tables)
    }

    fn figures(_params: &Params) -> Vec<Figure> {
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
        let exact = |panel: Panel, inputs: i64| {
            panel.series(Series::theory(of("curve", inputs), "beta", "lambda").by(&by).key("quadrature")).series(
                Series::monte_carlo(of("all", inputs), "beta", "lambda", "lambda_error").by(&by).key("Monte Carlo"),
            )
        };
        vec![
            Figure::new("singular_coefficient", "Learning coefficients")
                .describe(
                    "beta <L> of the tempered posterior against inverse temperature for perceptrons of one, two and three inputs (a, b, \
                     c): quadrature as lines where there is one, sequential Monte Carlo as points, fits of the asymptotic form \
                     dashed, learning coefficients dotted; learning coefficients against the number of inputs (d): theory as \
                     lines, estimates from the fits as points. Strips: differences in standard errors.",
                )
                .double()
                .height(132.0)
                .columns(2)
                .shared_legend()
                .panel(
                    exact(panel(1), 1).residual(Residual::new(of("energies", 1), "beta", "value").by(&by)),
                )
                .panel(
                    exact(panel(2), 2)
                        .series(Series::finite_width(of("fits", 2), "beta", "lambda").by(&by).key("fit"))
                        .residual(Residual::new(of("energies", 2), "beta", "value").by(&by)),
                )
                .panel(
                    panel(3)
                        .series(Series::finite_width(of("fits", 3), "beta", "lambda").by(&by))
                        .series(Series::monte_carlo(of("all", 3), "beta", "lambda", "lambda_error").by(&by)),
                )
                .panel(coefficients(&by)),
        ]
    }
}

/// Learning coefficients against the number of inputs.
fn coefficients(by: &By) -> Panel {
    let inputs = Axis::linear("inputs $N$").range(0.8, 4.2).ticks([1.0, 2.0, 3.0, 4.0]);
    Panel::new(inputs, Axis::linear(r"learning coefficient $\lambda$").low(0.0))
        .series(Series::theory("known", "inputs", "lambda").by(By::new("case", "{}")))
        .simulated("estimates", "inputs", by, None)
        .note_at(r"regular: $d/2 = N + 1$", Place::Data(2.45, 4.1), Anchor::End)
        .note_at(r"$(N + 2)/2$", Place::Data(3.6, 2.25), Anchor::Middle)
}

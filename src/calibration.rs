//! Are the statistics true? The same experiment over many seeds: what is said of one run, held against what happens in all.
//!
//! With `d_ij` the difference of Monte Carlo and theory in cell `j` under seed `i` and `s_ij` its standard error, `z_ij = d_ij / s_ij`
//! should follow Student's law, each cell over the seeds, which are independent. Cells of one run need not be, so errors of what is
//! averaged over cells come from the spread over seeds. Cells that rounding may move by a tenth of their standard error say nothing of
//! the law of the samples and are left out here; the agreement test, whose alarms are counted, has them all.

use crate::agreement::{ALPHA, Deviation};
use crate::numerics::elementary::normal_cdf;
use crate::numerics::statistics::{
    binomial_interval, binomial_tail, kolmogorov_smirnov, mean_and_stderr, normal_critical, student_t_cdf,
    student_t_critical,
};

/// What is allowed of the standard errors: they may be this much off, as a share, or as much as chance makes of so few seeds.
pub const STDERR_BOUND: f64 = 0.02;
/// Cells expected beyond some standard errors, in all seeds together, from which on their number is judged: fewer follow no normal law.
const JUDGED_COUNT: f64 = 30.0;
/// Differences in standard errors beyond which cells are counted.
pub const TAILS: [f64; 3] = [2.0, 3.0, 4.0];
/// A second familywise rate, at which false alarms are frequent enough to be counted.
pub const LOOSE_ALPHA: f64 = 0.05;

/// Share of a standard error that rounding may have of a difference whose law is looked at.
const ROUNDING: f64 = 0.1;

/// One run under one seed.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// Its random cells, the same for all seeds.
    pub cells: Vec<Deviation>,
    /// Whether the agreement test held.
    pub holds: bool,
    /// Whether it failed, as it should, under a theory made wrong on purpose; `None` where that was not tried.
    pub caught: Option<bool>,
}

/// A number and its standard error.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct OverSeeds {
    /// The number.
    pub value: f64,
    /// Its standard error over seeds.
    pub stderr: f64,
}

/// How many of the cells lie beyond some standard errors.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Tail {
    /// Standard errors.
    pub beyond: f64,
    /// Share of the cells found there.
    pub found: OverSeeds,
    /// Share that Student's law has there.
    pub expected: f64,
}

/// How often something happened.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Count {
    /// How often.
    pub times: u64,
    /// Of so many.
    pub of: u64,
}

impl Count {
    /// The 95 % interval of its chance.
    pub fn interval(self) -> (f64, f64) {
        binomial_interval(self.times, self.of, 0.05)
    }
}

/// The least p value of as many tests as there are cells.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Least {
    /// The p value.
    pub p_value: f64,
    /// The cell that has it.
    pub place: String,
}

/// What many seeds say.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Calibration {
    /// Number of seeds.
    pub seeds: usize,
    /// Number of cells of each.
    pub cells: usize,
    /// Mean of all `z`: the bias in standard errors.
    pub mean: OverSeeds,
    /// Share by which standard errors are too large: `1 / sqrt r - 1` with `r` the mean over cells of the variance of the differences over the mean
    /// squared standard error.
    pub stderr_excess: OverSeeds,
    /// Cells far out.
    pub tails: Vec<Tail>,
    /// Kolmogorov-Smirnov tests of each cell against Student's law.
    pub student: Least,
    /// The same against the normal law, which Student's is not quite.
    pub normal: Least,
    /// False alarms of the agreement test at [`ALPHA`].
    pub alarms: Count,
    /// What they would be at [`LOOSE_ALPHA`].
    pub loose_alarms: Count,
    /// How often a wrong theory was caught.
    pub caught: Option<Count>,
}

/// Why there is nothing to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CalibrationError {
    /// Too few seeds.
    #[error("{0} seeds, but at least 30 are needed")]
    TooFew(usize),
    /// No theory beside Monte Carlo.
    #[error("it has no Monte Carlo beside theory")]
    NoCells,
    /// Seeds give different cells.
    #[error("its cells are not the same for all seeds")]
    Uneven,
}

/// Summarises trials in the order of their seeds.
pub fn summarise(trials: &[Trial]) -> Result<Calibration, CalibrationError> {
    let Some(first) = trials.first().filter(|_| trials.len() >= 30) else {
        return Err(CalibrationError::TooFew(trials.len()));
    };
    if first.cells.is_empty() {
        return Err(CalibrationError::NoCells);
    }
    let same = |trial: &Trial| {
        trial.cells.len() == first.cells.len() && trial.cells.iter().zip(&first.cells).all(|(a, b)| a.place == b.place)
    };
    if !trials.iter().all(same) {
        return Err(CalibrationError::Uneven);
    }
    let trials = &random(trials);
    let Some(first) = trials.first().filter(|first| !first.cells.is_empty()) else {
        return Err(CalibrationError::NoCells);
    };
    let over_seeds = |of: &dyn Fn(&Trial) -> f64| {
        let values: Vec<f64> = trials.iter().map(of).collect();
        let (value, stderr) = mean_and_stderr(&values);
        OverSeeds { value, stderr: stderr.unwrap_or(f64::NAN) }
    };
    let share = |trial: &Trial, what: &dyn Fn(&Deviation) -> f64| {
        mean_and_stderr(&trial.cells.iter().map(what).collect::<Vec<_>>()).0
    };
    let tails = TAILS.map(|beyond| Tail {
        beyond,
        found: over_seeds(&|trial| share(trial, &|cell| f64::from(u8::from(cell.z().abs() > beyond)))),
        expected: share(first, &|cell| 2.0 * student_t_cdf(-beyond, cell.dof)),
    });
    let counted = |what: &dyn Fn(&Trial) -> bool| Count {
        times: trials.iter().filter(|trial| what(trial)).count() as u64,
        of: trials.len() as u64,
    };
    let loose: Vec<f64> =
        first.cells.iter().map(|cell| student_t_critical(LOOSE_ALPHA / first.cells.len() as f64, cell.dof)).collect();
    Ok(Calibration {
        seeds: trials.len(),
        cells: first.cells.len(),
        mean: over_seeds(&|trial| share(trial, &Deviation::z)),
        stderr_excess: stderr_excess(trials),
        tails: tails.to_vec(),
        student: least(trials, |z, cell| student_t_cdf(z, cell.dof)),
        normal: least(trials, |z, _| normal_cdf(z)),
        alarms: counted(&|trial| !trial.holds),
        loose_alarms: counted(&|trial| trial.cells.iter().zip(&loose).any(|(cell, limit)| cell.z().abs() > *limit)),
        caught: first.caught.map(|_| counted(&|trial| trial.caught == Some(true))),
    })
}

/// The same without the cells that rounding moves, under whatever seed.
fn random(trials: &[Trial]) -> Vec<Trial> {
    let told = |cell: &Deviation| cell.rounding <= ROUNDING * cell.stderr;
    let kept: Vec<bool> =
        (0..trials[0].cells.len()).map(|index| trials.iter().all(|trial| told(&trial.cells[index]))).collect();
    let only = |trial: &Trial| {
        let cells = trial.cells.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(cell, _)| cell.clone()).collect();
        Trial { cells, ..trial.clone() }
    };
    trials.iter().map(only).collect()
}

fn least(trials: &[Trial], cdf: impl Fn(f64, &Deviation) -> f64) -> Least {
    let mut least = Least { p_value: 1.0, place: String::new() };
    for (index, cell) in trials[0].cells.iter().enumerate() {
        let mut values: Vec<f64> = trials.iter().map(|trial| trial.cells[index].z()).collect();
        values.sort_by(f64::total_cmp);
        let p_value = kolmogorov_smirnov(&values, |z| cdf(z, cell)).p_value;
        if p_value < least.p_value {
            least = Least { p_value, place: cell.place.clone() };
        }
    }
    least
}

/// Jackknife over seeds.
fn stderr_excess(trials: &[Trial]) -> OverSeeds {
    let n = trials.len() as f64;
    let cells = trials[0].cells.len();
    // sums over seeds, about the mean of all: differences of cells may be far from zero
    let centre: Vec<f64> =
        (0..cells).map(|j| trials.iter().map(|trial| trial.cells[j].difference).sum::<f64>() / n).collect();
    let mut sums = vec![(0.0, 0.0, 0.0); cells];
    for trial in trials {
        for (j, cell) in trial.cells.iter().enumerate() {
            let d = cell.difference - centre[j];
            sums[j] = (sums[j].0 + d, sums[j].1 + d * d, sums[j].2 + cell.stderr * cell.stderr);
        }
    }
    let excess = |without: Option<&Trial>| {
        let n = n - f64::from(u8::from(without.is_some()));
        let mut ratio = 0.0;
        for (j, (one, two, square)) in sums.iter().enumerate() {
            let (mut one, mut two, mut square) = (*one, *two, *square);
            if let Some(trial) = without {
                let d = trial.cells[j].difference - centre[j];
                one -= d;
                two -= d * d;
                square -= trial.cells[j].stderr * trial.cells[j].stderr;
            }
            ratio += (two - one * one / n) / (n - 1.0) / (square / n) / cells as f64;
        }
        1.0 / ratio.sqrt() - 1.0
    };
    let value = excess(None);
    let left_out: Vec<f64> = trials.iter().map(|trial| excess(Some(trial))).collect();
    let mean = left_out.iter().sum::<f64>() / n;
    let spread = left_out.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>();
    OverSeeds { value, stderr: (spread * (n - 1.0) / n).sqrt() }
}

impl Calibration {
    /// What does not hold, one line each; each line is a false alarm with a chance of at most [`ALPHA`].
    pub fn failures(&self) -> Vec<String> {
        let mut failures = Vec::new();
        let limit = ALPHA / self.cells as f64;
        if self.student.p_value < limit {
            let Least { p_value, place } = &self.student;
            failures.push(format!("{place}: not Student's law, p = {p_value:.1e}, allowed {limit:.1e}"));
        }
        let critical = normal_critical(ALPHA / 2.0);
        let excess = self.stderr_excess;
        if !(excess.value.abs() <= STDERR_BOUND.max(critical * excess.stderr)) {
            failures.push(format!("standard errors are {:+.2} % off", 100.0 * excess.value));
        }
        let all = (self.seeds * self.cells) as f64;
        for tail in self.tails.iter().filter(|tail| tail.expected * all >= JUDGED_COUNT) {
            if !((tail.found.value - tail.expected).abs() <= critical * tail.found.stderr) {
                failures.push(format!(
                    "{:.3} % of the cells lie beyond {} standard errors, expected {:.3} %",
                    100.0 * tail.found.value,
                    tail.beyond,
                    100.0 * tail.expected
                ));
            }
        }
        for (count, alpha) in [(self.alarms, ALPHA), (self.loose_alarms, LOOSE_ALPHA)] {
            if binomial_tail(count.times, count.of, alpha) < ALPHA {
                failures.push(format!("{} false alarms in {} at a rate of {alpha}", count.times, count.of));
            }
        }
        failures
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::{Address, Normals, Role};

    /// Runs of so many cells, each the mean of 40 normal numbers; differences and standard errors are changed as told.
    fn trials(cells: usize, change: impl Fn(&mut Deviation)) -> Vec<Trial> {
        let trial = |seed: u64| {
            let mut normals = Normals::new(Address { seed, role: Role::NETWORK, point: 0, replica: 0 }.stream(0, 0));
            let cell = |index: usize| {
                let values: Vec<f64> = (0..40).map(|_| normals.next().unwrap_or(f64::NAN)).collect();
                let (difference, stderr) = mean_and_stderr(&values);
                let stderr = stderr.unwrap_or(f64::NAN);
                let mut cell =
                    Deviation { place: format!("cell {index}"), difference, stderr, rounding: 1e-16, dof: 39.0 };
                change(&mut cell);
                cell
            };
            Trial { cells: (0..cells).map(cell).collect(), holds: true, caught: Some(!seed.is_multiple_of(4)) }
        };
        (0..400).map(trial).collect()
    }

    #[test]
    fn few_seeds_raise_no_alarm_by_chance() {
        // in a third of these nothing lies beyond three standard errors, and standard errors are known to a few per cent
        for few in trials(8, |_| ()).chunks_exact(30) {
            assert_eq!(summarise(few).expect("summarised").failures(), Vec::<String>::new());
        }
    }

    #[test]
    fn what_is_true_is_found_true() {
        let found = summarise(&trials(20, |_| ())).expect("summarised");
        assert_eq!(found.failures(), Vec::<String>::new());
        assert_eq!((found.seeds, found.cells), (400, 20));
        assert!(
            found.mean.value.abs() < 4.0 * found.mean.stderr && (found.mean.stderr * 8000f64.sqrt() - 1.0).abs() < 0.15
        );
        // the error of a standard deviation of 8000 independent numbers, and of the forty behind each standard error
        assert!((found.stderr_excess.stderr / 8.0e-3 - 1.0).abs() < 0.2, "{:?}", found.stderr_excess);
        assert_eq!(found.caught, Some(Count { times: 300, of: 400 }));
        assert!((found.tails[0].expected - 0.0525).abs() < 1e-3);
    }

    #[test]
    fn wrong_standard_errors_biased_cells_and_other_laws_are_found_out() {
        let found = summarise(&trials(20, |cell| cell.stderr *= 1.05)).expect("summarised");
        assert!((found.stderr_excess.value - 0.05).abs() < 4.0 * found.stderr_excess.stderr);
        assert!(found.failures().iter().any(|failure| failure.contains("standard errors are +")), "{found:?}");
        let biased = |cell: &mut Deviation| {
            if cell.place == "cell 7" {
                cell.difference += 0.5 * cell.stderr;
            }
        };
        let failures = summarise(&trials(20, biased)).expect("summarised").failures();
        assert!(failures.len() == 1 && failures[0].contains("cell 7: not Student's law"), "{failures:?}");
        let wide = summarise(&trials(20, |cell| cell.difference *= 1.3)).expect("summarised").failures();
        assert!(wide.iter().any(|failure| failure.contains("beyond 2 standard errors")), "{wide:?}");
    }

    #[test]
    fn cells_of_rounding_have_no_law() {
        let rounded = |cell: &mut Deviation| {
            if cell.place == "cell 3" {
                (cell.difference, cell.stderr, cell.rounding) = (1e-16, 1e-17, 5e-15);
            }
        };
        let found = summarise(&trials(20, rounded)).expect("summarised");
        assert_eq!((found.failures(), found.cells), (Vec::new(), 19));
        assert_eq!(summarise(&trials(1, |cell| cell.stderr = 1e-17)), Err(CalibrationError::NoCells));
    }

    #[test]
    fn too_many_false_alarms_are_found_out() {
        let mut found = summarise(&trials(20, |_| ())).expect("summarised");
        assert!(found.failures().is_empty());
        found.alarms = Count { times: 5, of: 400 };
        assert!(found.failures().iter().any(|failure| failure.contains("5 false alarms in 400")));
    }

    #[test]
    fn what_cannot_be_summarised_is_refused() {
        let mut uneven = trials(3, |_| ());
        assert_eq!(summarise(&uneven[..29]), Err(CalibrationError::TooFew(29)));
        uneven[5].cells.pop();
        assert_eq!(summarise(&uneven), Err(CalibrationError::Uneven));
        let none: Vec<Trial> = trials(0, |_| ());
        assert_eq!(summarise(&none), Err(CalibrationError::NoCells));
    }
}

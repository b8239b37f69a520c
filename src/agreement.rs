//! Do theory and Monte Carlo agree, within stated statistical error?
//!
//! Every `<q>_theory`, `<q>_mc`, `<q>_stderr` triple of every table (with `<q>_correction` added to theory where there is
//! one) is one cell a row. A cell fails when `|mc - theory - correction| > t stderr + rounding`, `t` being the two-sided Student quantile
//! with `replicas - 1` degrees of freedom at `alpha / cells`: over all cells of an experiment the chance of a false alarm is at
//! most `alpha` (Bonferroni). What rounding may do is derived from the cell itself ([`Comparison::rounding`]).
//!
//! A measured quantity that is not judged so is named with the reason by its experiment (`Experiment::UNJUDGED`).

use crate::golden::row_key;
use crate::numerics::comparison::Comparison;
use crate::numerics::statistics::student_t_critical;
use crate::table::{Quantity, Table, TableError};

/// Chance of a false alarm for one experiment.
pub const ALPHA: f64 = 1e-3;
/// Fewest replicas whose standard error is trusted.
pub const FEWEST: f64 = 30.0;

/// Why a table cannot be judged.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum AgreementError {
    /// A column is missing.
    #[error(transparent)]
    Table(#[from] TableError),
    /// Too few replicas.
    #[error("table {table}: {replicas} replicas, but at least {FEWEST} are needed for a standard error")]
    TooFew {
        /// Table name.
        table: String,
        /// Replicas found.
        replicas: f64,
    },
    /// A correction without what it corrects, or theory with a correction that is not there.
    #[error("table {table}: {column} is there, but no number column {missing}")]
    Stray {
        /// Table name.
        table: String,
        /// Column that is there.
        column: String,
        /// Column that it needs.
        missing: String,
    },
}

/// The cell that is furthest from agreement.
#[derive(Debug, Clone, PartialEq)]
pub struct Worst {
    /// Table, quantity and row.
    pub place: String,
    /// Difference in standard errors; beyond 2 of them, less what rounding may have done.
    pub z: f64,
    /// Largest difference allowed.
    pub limit: f64,
}

/// Verdict on one experiment.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Agreement {
    /// Number of random cells judged.
    pub cells: usize,
    /// How many of them fail; the other failures are of cells without any spread.
    pub failed: usize,
    /// The cell furthest from agreement.
    pub worst: Option<Worst>,
    /// What fails, one line a cell.
    pub failures: Vec<String>,
    /// The same table by table, for those that have theory beside Monte Carlo.
    pub tables: Vec<TableAgreement>,
}

/// What one table has of the verdict: its cells are judged as some of all cells of the experiment, not by themselves.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TableAgreement {
    /// Name of the table.
    pub table: String,
    /// Number of its random cells.
    pub cells: usize,
    /// Its cell furthest from agreement.
    pub worst: Option<Worst>,
    /// What fails, one line a cell.
    pub failures: Vec<String>,
}

impl Agreement {
    /// Whether every cell agrees.
    pub fn holds(&self) -> bool {
        self.failures.is_empty()
    }
}

impl TableAgreement {
    /// Whether every cell agrees.
    pub fn holds(&self) -> bool {
        self.failures.is_empty()
    }
}

/// A cell with its spread: what [`crate::calibration`] follows over seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Deviation {
    /// Table, quantity and row.
    pub place: String,
    /// Monte Carlo minus theory and correction.
    pub difference: f64,
    /// Standard error.
    pub stderr: f64,
    /// What of the difference may be rounding.
    pub rounding: f64,
    /// Degrees of freedom of the standard error.
    pub dof: f64,
}

impl Deviation {
    /// The difference in standard errors.
    pub fn z(&self) -> f64 {
        self.difference / self.stderr
    }
}

/// [`judge`] with the random cells behind its verdict.
pub fn judge_cells(tables: &[Table]) -> Result<(Agreement, Vec<Deviation>), AgreementError> {
    let deviation = |cell: ComparedCell| Deviation {
        place: cell.place,
        difference: cell.compared.difference(),
        stderr: cell.compared.stderr,
        rounding: cell.compared.rounding(),
        dof: cell.compared.replicas - 1.0,
    };
    let cells = cells(tables)?;
    let agreement = verdict(&cells);
    Ok((agreement, cells.into_iter().filter(ComparedCell::is_random).map(deviation).collect()))
}

struct ComparedCell<'a> {
    table: &'a str,
    place: String,
    compared: Comparison,
    /// Largest value of its column.
    largest: f64,
}

/// Judges all tables of one experiment.
pub fn judge(tables: &[Table]) -> Result<Agreement, AgreementError> {
    Ok(verdict(&cells(tables)?))
}

fn verdict(cells: &[ComparedCell]) -> Agreement {
    let random = cells.iter().filter(|cell| cell.is_random()).count();
    let mut agreement = Agreement { cells: random, ..Agreement::default() };
    for cell in cells {
        if agreement.tables.last().is_none_or(|last| last.table != cell.table) {
            agreement.tables.push(TableAgreement { table: cell.table.to_owned(), ..TableAgreement::default() });
        }
        let (found, failure) = cell.judged(random);
        if let Some(table) = agreement.tables.last_mut() {
            table.cells += usize::from(found.is_some());
            keep_worse(&mut table.worst, found.as_ref());
            table.failures.extend(failure.clone());
        }
        keep_worse(&mut agreement.worst, found.as_ref());
        agreement.failed += usize::from(cell.is_random() && failure.is_some());
        agreement.failures.extend(failure);
    }
    agreement
}

fn keep_worse(worst: &mut Option<Worst>, found: Option<&Worst>) {
    if let Some(found) = found
        && worst.as_ref().is_none_or(|worst| found.z.abs() / found.limit > worst.z.abs() / worst.limit)
    {
        *worst = Some(found.clone());
    }
}

impl ComparedCell<'_> {
    fn is_random(&self) -> bool {
        self.compared.stderr > 0.0
    }

    /// How far from agreement a random cell is, as one of so many, and what fails.
    fn judged(&self, random: usize) -> (Option<Worst>, Option<String>) {
        let Comparison { stderr, replicas, .. } = self.compared;
        if !self.is_random() {
            let failure = if stderr < 0.0 {
                Some(format!("{}: standard error {stderr:e} is negative", self.place))
            } else {
                let exact = self.compared.is_exact(self.largest);
                let difference = self.compared.difference();
                (!exact).then(|| format!("{}: differs by {difference:e} without any spread", self.place))
            };
            return (None, failure);
        }
        let z = self.compared.z();
        let limit = student_t_critical(ALPHA / random as f64, replicas - 1.0);
        let agrees = z.abs() <= limit;
        let failure = (!agrees).then(|| format!("{}: {z:.2} standard errors, allowed {limit:.2}", self.place));
        (Some(Worst { place: self.place.clone(), z, limit }), failure)
    }
}

fn cells(tables: &[Table]) -> Result<Vec<ComparedCell<'_>>, AgreementError> {
    let mut cells = Vec::new();
    for table in tables {
        for (name, _) in table.columns() {
            if let Some(quantity) = Quantity::MonteCarlo.of(name) {
                collect(table, quantity, &mut cells)?;
            }
        }
        check_corrections(table)?;
    }
    Ok(cells)
}

/// Whether a quantity of a table is judged.
pub fn is_judged(table: &Table, quantity: &str) -> bool {
    [Quantity::Theory, Quantity::MonteCarlo].iter().all(|part| table.column(&part.column(quantity)).is_some())
}

/// Refuses a correction that nothing would be corrected by, and theory whose correction is not there: both would change what is compared.
fn check_corrections(table: &Table) -> Result<(), AgreementError> {
    let needs = |column: &str, missing: String| match table.numbers(&missing) {
        Ok(_) => Ok(()),
        Err(_) => Err(AgreementError::Stray { table: table.name().to_owned(), column: column.to_owned(), missing }),
    };
    for (name, _) in table.columns() {
        if let Some(quantity) = Quantity::Correction.of(name) {
            needs(name, Quantity::MonteCarlo.column(quantity))?;
        }
        if let Some(quantity) = Quantity::Expected.of(name)
            && is_judged(table, quantity)
        {
            needs(name, Quantity::Correction.column(quantity))?;
        }
    }
    Ok(())
}

/// Cells of one quantity; none when it has no theory beside it.
fn collect<'a>(table: &'a Table, quantity: &str, cells: &mut Vec<ComparedCell<'a>>) -> Result<(), AgreementError> {
    if !is_judged(table, quantity) {
        return Ok(());
    }
    let [theory, mc, stderr] = [Quantity::Theory, Quantity::MonteCarlo, Quantity::StandardError]
        .map(|part| table.numbers(&part.column(quantity)));
    let (theory, mc, stderr, replicas) = (theory?, mc?, stderr?, table.numbers("replicas")?);
    let largest = theory.iter().chain(&mc).fold(0.0f64, |largest, value| largest.max(value.abs()));
    let correction = Quantity::Correction.column(quantity);
    let correction = match table.column(&correction) {
        Some(_) => table.numbers(&correction)?,
        None => vec![0.0; mc.len()],
    };
    for row in 0..mc.len() {
        if replicas[row] < FEWEST {
            return Err(AgreementError::TooFew { table: table.name().to_owned(), replicas: replicas[row] });
        }
        cells.push(ComparedCell {
            table: table.name(),
            place: format!("table {}, {quantity}, {}", table.name(), row_key(table, row)),
            compared: Comparison {
                mc: mc[row],
                stderr: stderr[row],
                replicas: replicas[row],
                theory: theory[row],
                correction: correction[row],
            },
            largest,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(mc: Vec<f64>, stderr: Vec<f64>, replicas: i64) -> Table {
        named("t", mc, stderr, replicas)
    }

    fn named(name: &str, mc: Vec<f64>, stderr: Vec<f64>, replicas: i64) -> Table {
        let n = mc.len();
        Table::new(name)
            .integer("layer", (0..n as i64).collect())
            .and_then(|t| t.integer("replicas", vec![replicas; n]))
            .and_then(|t| t.number("a_theory", vec![1.0; n]))
            .and_then(|t| t.number("a_mc", mc))
            .and_then(|t| t.number("a_stderr", stderr))
            .and_then(|t| t.number("a_correction", vec![0.5; n]))
            .expect("a table")
    }

    #[test]
    fn differences_within_the_quantile_agree_and_beyond_it_fail() {
        let limit = student_t_critical(ALPHA / 2.0, 99.0);
        let good = judge(&[table(vec![1.5 + 0.099 * limit, 1.5], vec![0.1, 0.1], 100)]).expect("judged");
        assert!(good.holds() && good.cells == 2);
        let bad = judge(&[table(vec![1.5 + 0.101 * limit, 1.5], vec![0.1, 0.1], 100)]).expect("judged");
        assert!(!bad.holds() && bad.failures[0].contains("layer = 0"), "{bad:?}");
    }

    #[test]
    fn each_table_is_told_apart_and_judged_as_a_part_of_the_whole() {
        // within the limit of all four cells, though beyond that of the two of its own table
        let [all, own] = [4.0, 2.0].map(|cells| student_t_critical(ALPHA / cells, 99.0));
        let (z, two) = ((all + own) / 2.0, vec![0.1, 0.1]);
        let far = named("far", vec![1.5 + 0.1 * z, 1.5], two.clone(), 100);
        let near = named("near", vec![1.5, 1.49], two.clone(), 100);
        let verdict = judge(&[far, Table::new("bare"), near.clone()]).expect("judged");
        let names: Vec<&str> = verdict.tables.iter().map(|table| table.table.as_str()).collect();
        assert_eq!((names, verdict.tables[0].cells, verdict.tables[1].cells), (vec!["far", "near"], 2, 2));
        assert!(
            verdict.holds() && verdict.tables.iter().all(|table| table.worst.as_ref().is_some_and(|w| w.limit == all))
        );
        assert_eq!(verdict.worst, verdict.tables[0].worst);
        let broken = named("broken", vec![2.5, 1.5], two, 100);
        let verdict = judge(&[near, broken]).expect("judged");
        assert!(!verdict.holds() && verdict.tables[0].holds() && !verdict.tables[1].holds());
        assert_eq!(verdict.failures, verdict.tables[1].failures);
    }

    #[test]
    fn what_does_not_spread_must_be_equal() {
        assert!(judge(&[table(vec![1.5], vec![0.0], 100)]).expect("judged").holds());
        assert!(!judge(&[table(vec![1.5 + 1e-9], vec![0.0], 100)]).expect("judged").holds());
        assert!(!judge(&[table(vec![1.5], vec![-0.1], 100)]).expect("judged").holds());
        // a tiny exact value is judged by itself, not by its large neighbours
        let tiny = |mc: f64| {
            Table::new("t")
                .integer("replicas", vec![100, 100])
                .and_then(|t| t.number("d_theory", vec![1e-12, 1.0]))
                .and_then(|t| t.number("d_mc", vec![mc, 1.0]))
                .and_then(|t| t.number("d_stderr", vec![0.0, 0.0]))
                .expect("a table")
        };
        assert!(judge(&[tiny(1e-12)]).expect("judged").holds());
        assert!(!judge(&[tiny(1.1e-12)]).expect("judged").holds());
    }

    #[test]
    fn rounding_is_no_difference_whatever_the_standard_error() {
        let judged = |theory: f64, mc: f64, stderr: f64, replicas: i64| {
            let table = Table::new("t")
                .integer("replicas", vec![replicas; 2])
                .and_then(|t| t.number("c_theory", vec![theory, 0.5]))
                .and_then(|t| t.number("c_mc", vec![mc, 0.5]))
                .and_then(|t| t.number("c_stderr", vec![stderr, 0.1]))
                .expect("a table");
            judge(&[table]).expect("judged")
        };
        let ulp = f64::EPSILON / 2.0;
        let near = judged(0.999_999_999_999_999_1, 0.999_999_999_999_999_2, 0.12 * ulp, 60);
        assert!(near.holds() && near.cells == 2, "{:?}", near.failures);
        assert_eq!(near.worst.map(|worst| worst.z.abs()), Some(2.0), "it does not hide the others");
        // a large sample tells a hundred ulp apart
        let far = judged(0.75, 0.75 + 200.0 * ulp, 2.0 * ulp, 1_000_000);
        assert!(far.failures.len() == 1 && far.failures[0].contains("row 1"), "{:?}", far.failures);
        // a tiny value beside large ones has the rounding of its own size
        assert!(!judged(1e-250, 1.01e-250, 1e-256, 1000).holds());
    }

    #[test]
    fn corrections_are_numbers_and_correct_something() {
        let with = |column: &str, values: crate::table::Values| {
            let table = Table::new("t")
                .integer("replicas", vec![100])
                .and_then(|t| t.number("a_theory", vec![1.0]))
                .and_then(|t| t.number("a_mc", vec![1.0]))
                .and_then(|t| t.number("a_stderr", vec![0.1]))
                .and_then(|t| t.with(column, values))
                .expect("a table");
            judge(&[table]).map(|found| found.holds())
        };
        let number = || crate::table::Values::Number(vec![0.1]);
        let text = || crate::table::Values::Text(vec!["0.1".to_owned()]);
        assert_eq!(with("a_correction", number()), Ok(true));
        assert!(matches!(with("a_correction", text()), Err(AgreementError::Table(TableError::Missing { .. }))));
        let stray = with("b_correction", number()).expect_err("nothing to correct");
        assert_eq!(stray.to_string(), "table t: b_correction is there, but no number column b_mc");
        let stray = with("a_expected", number()).expect_err("nothing corrected");
        assert_eq!(stray.to_string(), "table t: a_expected is there, but no number column a_correction");
    }

    #[test]
    fn few_replicas_are_refused() {
        assert!(matches!(judge(&[table(vec![1.5], vec![0.1], 29)]), Err(AgreementError::TooFew { .. })));
    }
}

//! What a command finds of one experiment, and the checks that find it.

use super::output::csv_files;
use super::{Fault, Project, Selected, Settings};
use crate::agreement::{self, Agreement};
use crate::experiment::Tables;
use crate::golden;
use anyhow::{Context, Result};

/// Outcome of a command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All is well.
    #[default]
    Fine,
    /// There are no golden data yet, so there was nothing to compare with.
    Incomplete,
    /// A check failed.
    Failed,
    /// Nothing could be done with it.
    Refused,
}

impl Outcome {
    /// What a command comes to that found these: where some of its work is done and some was refused, it has failed.
    pub fn of_all(outcomes: impl IntoIterator<Item = Outcome>) -> Outcome {
        let mut outcomes = outcomes.into_iter();
        let first = outcomes.next().unwrap_or_default();
        outcomes.fold(first, |all, one| match all.max(one) {
            Outcome::Refused if all != one => Outcome::Failed,
            outcome => outcome,
        })
    }
}

/// How well theory and Monte Carlo agree.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct AgreementSummary {
    /// Number of random cells.
    pub cells: usize,
    /// Difference in standard errors of the cell furthest from agreement.
    pub max_abs_z: Option<f64>,
    /// Difference allowed there.
    pub allowed: Option<f64>,
    /// Whether every cell agrees.
    pub holds: bool,
}

impl From<&Agreement> for AgreementSummary {
    fn from(agreement: &Agreement) -> Self {
        let worst = agreement.worst.as_ref();
        Self {
            cells: agreement.cells,
            max_abs_z: worst.map(|worst| worst.z.abs()),
            allowed: worst.map(|worst| worst.limit),
            holds: agreement.holds(),
        }
    }
}

impl std::fmt::Display for AgreementSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Some(z), Some(allowed)) = (self.max_abs_z, self.allowed) else {
            return f.write_str("nothing simulated next to theory");
        };
        let verb = if self.holds { "agree" } else { "disagree" };
        write!(f, "theory and Monte Carlo {verb} in {} cells (max |z| {z:.2}, allowed {allowed:.2})", self.cells)
    }
}

/// What a command found of one experiment.
#[derive(Debug, Clone, Default, PartialEq, serde::Serialize)]
pub struct Verdict {
    /// Identifier.
    pub id: String,
    /// Outcome.
    pub outcome: Outcome,
    /// What is not as it should be, or remains to be done.
    pub problems: Vec<String>,
    /// Theory next to Monte Carlo, where tables were computed.
    pub agreement: Option<AgreementSummary>,
    /// Figures drawn or looked at.
    pub figures: Vec<String>,
}

impl Verdict {
    pub(super) fn of(experiment: &Selected) -> Self {
        Self { id: experiment.id().to_owned(), ..Self::default() }
    }

    /// The verdict on a file that cannot be used.
    pub fn of_fault(fault: &Fault) -> Self {
        let problems = vec![fault.message.clone()];
        Self { id: fault.id.clone(), outcome: Outcome::Refused, problems, ..Self::default() }
    }

    /// Notes a problem and says it at once.
    pub(super) fn problem(&mut self, settings: &Settings, outcome: Outcome, text: String) {
        settings.report.line(&format!("{}: {text}", self.id), outcome >= Outcome::Failed);
        self.problems.push(text);
        self.outcome = self.outcome.max(outcome);
    }

    /// Compares theory with Monte Carlo, and makes sure that nothing measured escapes that without a reason.
    pub(super) fn judge(&mut self, experiment: &Selected, tables: &Tables, settings: &Settings) -> Result<()> {
        let agreement = agreement::judge(tables).with_context(|| format!("{}", experiment.document.path.display()))?;
        for escaped in experiment.entry.check_unjudged(tables, agreement::is_judged) {
            self.problem(settings, Outcome::Failed, escaped);
        }
        for failure in &agreement.failures {
            self.problem(settings, Outcome::Failed, format!("theory and Monte Carlo disagree: {failure}"));
        }
        self.agreement = Some(AgreementSummary::from(&agreement));
        Ok(())
    }

    /// Compares the tables with golden data.
    pub(super) fn compare_golden(
        &mut self,
        project: &Project,
        experiment: &Selected,
        tables: &Tables,
        settings: &Settings,
    ) -> Result<Compared> {
        let folder = project.golden_folder();
        let golden = project.golden(&self.id)?;
        let current = csv_files(&self.id, tables)?;
        let mut compared = Compared { digest: golden.digest(), ..Compared::default() };
        let accept = settings.advice(project, "accept", experiment);
        if golden.is_empty() {
            let text = format!("no golden data yet; look at the figure, then make its numbers golden with: {accept}");
            self.problem(settings, Outcome::Incomplete, text);
            return Ok(compared);
        }
        for (table, (name, text)) in tables.iter().zip(current) {
            let path = folder.join(&name);
            let Some(old) = golden.text(&name) else {
                let text =
                    format!("{} is missing; look at the figure, then make it golden with: {accept}", path.display());
                self.problem(settings, Outcome::Failed, text);
                continue;
            };
            let difference = golden::compare(&golden::parse(&path.display().to_string(), old?, table)?, table);
            let difference = difference.map(|difference| difference.to_string());
            compared.tables.push(Change { table: table.name().to_owned(), name, text, difference });
        }
        for path in golden.paths() {
            if !tables.iter().any(|table| path.ends_with(golden::file_name(&self.id, table, tables.len()))) {
                let text = format!(
                    "{} belongs to no table; where that is meant, remove it with: {accept} --remove",
                    path.display()
                );
                self.problem(settings, Outcome::Failed, text);
            }
        }
        Ok(compared)
    }
}

/// What came of the comparison with golden data.
#[derive(Default)]
pub(super) struct Compared {
    /// Digest of the golden data that were read.
    pub(super) digest: Option<String>,
    tables: Vec<Change>,
}

/// A table beside its golden data.
pub(super) struct Change {
    /// Name of the table.
    pub(super) table: String,
    /// Name of the golden file.
    pub(super) name: String,
    /// What that would be now.
    pub(super) text: Vec<u8>,
    /// The first difference.
    pub(super) difference: Option<String>,
}

impl Compared {
    /// Says what differs, and of each table where the new one is to be had.
    pub(super) fn say(
        &self,
        project: &Project,
        verdict: &mut Verdict,
        settings: &Settings,
        place: impl Fn(&Change) -> Result<String>,
    ) -> Result<()> {
        for change in &self.tables {
            let place = place(change)?;
            if let Some(difference) = &change.difference {
                let path = project.golden_folder().join(&change.name);
                let text = format!("{}: {difference}\n  the new table {place}", path.display());
                verdict.problem(settings, Outcome::Failed, text);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{self, Failed, Fine, Incomplete, Refused};

    #[test]
    fn what_is_refused_is_a_failure_beside_what_is_not() {
        for (outcomes, all) in [
            (&[][..], Fine),
            (&[Fine, Incomplete], Incomplete),
            (&[Failed, Incomplete], Failed),
            (&[Refused, Refused], Refused),
            (&[Refused], Refused),
            (&[Refused, Fine, Refused], Failed),
            (&[Fine, Refused, Refused], Failed),
            (&[Failed, Refused], Failed),
        ] {
            assert_eq!(Outcome::of_all(outcomes.iter().copied()), all, "{outcomes:?}");
        }
    }
}

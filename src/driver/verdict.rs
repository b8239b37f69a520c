//! What a command finds of one experiment, and the checks that find it.

use super::describe::plural;
use super::{Fault, Selected, Settings};
use crate::agreement::{self, Agreement};
use crate::experiment::Tables;
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
    /// How many of them disagree.
    #[serde(default)]
    pub failed: usize,
    /// Number of cells without any spread that disagree.
    #[serde(default)]
    pub failed_exact: usize,
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
            failed: agreement.failed,
            failed_exact: agreement.failures.len() - agreement.failed,
            max_abs_z: worst.map(|worst| worst.z.abs()),
            allowed: worst.map(|worst| worst.limit),
            holds: agreement.holds(),
        }
    }
}

impl std::fmt::Display for AgreementSummary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.disagreement() {
            Some(where_not) => write!(f, "theory and Monte Carlo {where_not}")?,
            None if self.cells == 0 => return f.write_str("nothing simulated next to theory"),
            None => write!(f, "theory and Monte Carlo agree in {}", plural(self.cells as u64, "cell"))?,
        }
        match (self.max_abs_z, self.allowed) {
            (Some(z), Some(allowed)) => write!(f, " (max |z| {z:.2}, allowed {allowed:.2})"),
            _ => Ok(()),
        }
    }
}

impl AgreementSummary {
    /// In how many cells theory and Monte Carlo disagree, where they do.
    pub(super) fn disagreement(&self) -> Option<String> {
        if self.holds {
            return None;
        }
        let random = format!("in {} of {}", self.failed, plural(self.cells as u64, "cell"));
        let exact = format!("in {} without any spread", plural(self.failed_exact as u64, "cell"));
        Some(match (self.failed, self.failed_exact) {
            (_, 0) => format!("disagree {random}"),
            (0, _) => format!("disagree {exact}"),
            _ => format!("disagree {random} and {exact}"),
        })
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
    pub(super) fn new(experiment: &Selected) -> Self {
        Self { id: experiment.id().to_owned(), ..Self::default() }
    }

    /// The verdict on a file that cannot be used.
    pub fn of_fault(fault: &Fault) -> Self {
        let problems = vec![fault.message.clone()];
        Self { id: fault.id.clone(), outcome: Outcome::Refused, problems, ..Self::default() }
    }

    /// Notes a problem and says it at once.
    pub(super) fn problem(&mut self, settings: &Settings, outcome: Outcome, text: String) {
        settings.listener.line(&format!("{}: {text}", self.id), outcome >= Outcome::Failed);
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
}

#[cfg(test)]
mod tests {
    use super::AgreementSummary;
    use super::Outcome::{self, Failed, Fine, Incomplete, Refused};

    #[test]
    fn a_disagreement_says_in_how_many_of_all_cells() {
        let fine = AgreementSummary {
            cells: 255,
            failed: 0,
            failed_exact: 0,
            max_abs_z: Some(1.0),
            allowed: Some(5.0),
            holds: true,
        };
        let bad = AgreementSummary { holds: false, ..fine };
        let end = " (max |z| 1.00, allowed 5.00)";
        for (summary, said) in [
            (fine, format!("agree in 255 cells{end}")),
            (AgreementSummary { cells: 1, ..fine }, format!("agree in 1 cell{end}")),
            (AgreementSummary { failed: 2, ..bad }, format!("disagree in 2 of 255 cells{end}")),
            (
                AgreementSummary { failed: 2, failed_exact: 1, ..bad },
                format!("disagree in 2 of 255 cells and in 1 cell without any spread{end}"),
            ),
            (
                AgreementSummary { cells: 0, failed_exact: 3, max_abs_z: None, allowed: None, ..bad },
                "disagree in 3 cells without any spread".to_owned(),
            ),
        ] {
            assert_eq!(summary.to_string(), format!("theory and Monte Carlo {said}"));
        }
    }

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

//! What a command finds of one experiment, and the checks that find it.

use super::output::csv_files;
use super::{Project, Selected, Settings};
use crate::agreement::{self, Agreement};
use crate::experiments::Tables;
use crate::files;
use crate::golden;
use anyhow::{Context, Result};

/// Outcome of a command.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// All is well.
    #[default]
    Fine,
    /// A check failed.
    Failed,
    /// Golden data are missing.
    Incomplete,
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
    /// What is not as it should be.
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

    /// Notes a problem and says it at once.
    pub(super) fn problem(&mut self, settings: &Settings, outcome: Outcome, text: String) {
        settings.report.line(&format!("{}: {text}", self.id), true);
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

    /// Compares the tables with golden data; those that differ are put beside them.
    pub(super) fn compare_golden(
        &mut self,
        project: &Project,
        experiment: &Selected,
        tables: &Tables,
        settings: &Settings,
    ) -> Result<()> {
        let folder = project.golden_folder();
        let current = csv_files(&self.id, tables)?;
        for (table, (name, text)) in tables.iter().zip(&current) {
            let path = folder.join(name);
            let new = folder.join(format!("{name}.new"));
            if !path.exists() {
                let text = format!(
                    "{} is missing; look at the figure, then make it golden with: neurodyn accept {}",
                    path.display(),
                    experiment.called()
                );
                self.problem(settings, Outcome::Incomplete, text);
                continue;
            }
            let old = golden::parse(&path.display().to_string(), &files::read(&path)?, table)?;
            match golden::compare(&old, table) {
                Some(difference) => {
                    files::write(&new, text)?;
                    let text = format!("{}: {difference}\n  the new table is {}", path.display(), new.display());
                    self.problem(settings, Outcome::Failed, text);
                }
                // an earlier difference is gone
                None => files::remove(&new)?,
            }
        }
        for path in project.golden_files(&self.id)? {
            if !current.iter().any(|(name, _)| path.ends_with(name)) {
                let text = format!(
                    "{} belongs to no table; where that is meant, remove it with: neurodyn accept {}",
                    path.display(),
                    experiment.called()
                );
                self.problem(settings, Outcome::Failed, text);
            }
        }
        Ok(())
    }
}

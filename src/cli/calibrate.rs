//! `neurodyn calibrate`: whether the statistics of experiments are true.

use super::progress::{Progress, say};
use super::{Common, Experiments, print, select};
use crate::driver::{
    self, ALPHA, Calibrated, Count, Formats, LOOSE_ALPHA, Least, Outcome, OverSeeds, Seeds, Settings, calibrate,
};
use anyhow::{Result, anyhow};
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn calibrate activity_map --seeds 60 --set parameters.width=100

Exit code 1 where they are not true")]
pub(super) struct Calibrate {
    #[command(flatten)]
    experiments: Experiments,
    /// Number of seeds
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(30..=10_000_000))]
    seeds: u64,
    /// The first seed; the others follow
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    first_seed: u64,
    /// Factor by which the theory's sigma_w (or what stands for it) is made wrong, to see how often that is caught; 1 leaves it out
    #[arg(long, value_name = "FACTOR", default_value_t = 1.02)]
    wrong: f64,
    /// Another value, such as parameters.replicas=100; may be given again
    #[arg(long, value_name = "PATH=VALUE", allow_hyphen_values = true)]
    set: Vec<driver::Setting>,
}

impl Calibrate {
    pub(super) fn act(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        if !(self.wrong > 0.0 && self.wrong < 10.0) {
            return Err(anyhow!("--wrong is {}, but must be above 0 and below 10", self.wrong));
        }
        let (project, selected) = select(common, &self.experiments)?;
        let selected = driver::with_settings(selected, &self.set)?;
        let listener = Progress::new(common.quiet, selected.len());
        // nothing is written
        let settings = Settings { out: PathBuf::new(), formats: Formats::default(), interrupt, listener: &listener };
        let seeds = Seeds { first: self.first_seed, count: self.seeds, wrong: self.wrong };
        let found = calibrate(&selected, seeds, &settings);
        listener.finish();
        let found = found?;
        let text = if self.experiments.json {
            format!("{}\n", serde_json::to_string_pretty(&found)?)
        } else {
            found.iter().map(|found| self.text(found)).collect()
        };
        print(&text)?;
        let bad = found.iter().filter(|found| found.outcome != Outcome::Fine).count();
        if bad > 0 {
            say(&format!("{bad} of {} experiments are not calibrated", found.len()));
        }
        let left_out = self.experiments.ids.is_empty() && !project.faults().is_empty();
        Ok(if bad == 0 && !left_out { Outcome::Fine } else { Outcome::Failed })
    }

    fn text(&self, found: &Calibrated) -> String {
        let Some(calibration) = &found.calibration else {
            let word = if found.outcome == Outcome::Fine { "nothing to calibrate" } else { "NOT CALIBRATED" };
            return format!("{}: {word}: {}\n", found.experiment, found.failures.join("; "));
        };
        let mut text = format!(
            "{}: {} seeds from {}, {} cells a seed\n  bias {} standard errors\n  standard errors {} % too large\n",
            found.experiment,
            calibration.seeds,
            self.first_seed,
            calibration.cells,
            uncertain(calibration.mean, 1.0, 4),
            uncertain(calibration.stderr_excess, 100.0, 2),
        );
        for tail in &calibration.tails {
            let (found, expected) = (uncertain(tail.found, 100.0, 4), 100.0 * tail.expected);
            text.push_str(&format!("  beyond {} standard errors: {found} %, expected {expected:.4} %\n", tail.beyond));
        }
        for (law, Least { p_value, place }) in
            [("Student's", &calibration.student), ("the normal", &calibration.normal)]
        {
            let limit = ALPHA / calibration.cells as f64;
            text.push_str(&format!(
                "  Kolmogorov-Smirnov, each cell against {law} law: least p {p_value:.2e} (a false alarm below {limit:.1e} has chance {ALPHA}), {place}\n"
            ));
        }
        for (count, alpha) in [(calibration.alarms, ALPHA), (calibration.loose_alarms, LOOSE_ALPHA)] {
            text.push_str(&format!("  false alarms of the agreement test at alpha {alpha}: {}\n", counted(count)));
        }
        if let Some(count) = calibration.caught {
            let off = 100.0 * (self.wrong - 1.0);
            text.push_str(&format!("  theory {off:.3} % off caught: {}\n", counted(count)));
        }
        for failure in &found.failures {
            text.push_str(&format!("  NOT CALIBRATED: {failure}\n"));
        }
        if found.failures.is_empty() {
            text.push_str("  calibrated\n");
        }
        text
    }
}

fn uncertain(estimate: OverSeeds, unit: f64, digits: usize) -> String {
    format!("{:.digits$} +- {:.digits$}", unit * estimate.value, unit * estimate.stderr)
}

fn counted(count: Count) -> String {
    let (low, high) = count.interval();
    format!("{} of {} (chance {:.4} to {:.4} at 95 %)", count.times, count.of, low, high)
}

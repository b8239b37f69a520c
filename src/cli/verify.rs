//! `neurodyn verify`: whether figures come from what they say.

use super::progress::{Progress, say};
use super::{Common, print};
use crate::driver::{Formats, Outcome, Settings, Verification, verify};
use anyhow::Result;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

#[derive(clap::Args)]
pub(super) struct Verify {
    /// Figures: SVG, PDF or PNG files as neurodyn writes them
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Print JSON: one object a file
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(super) fn act(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let report = Progress::new(common.quiet, self.files.len());
        // nothing is written
        let settings = Settings { out: PathBuf::new(), formats: Formats::default(), interrupt, report: &report };
        let found = verify(&self.files, &settings);
        report.finish();
        let found = found?;
        let text = if self.json {
            format!("{}\n", serde_json::to_string_pretty(&found)?)
        } else {
            found.iter().map(text).collect()
        };
        print(&text)?;
        let good = found.iter().filter(|figure| figure.holds()).count();
        if !common.quiet || good < found.len() {
            say(&format!("{good} of {} figures verified", found.len()));
        }
        Ok(if good == found.len() { Outcome::Fine } else { Outcome::Failed })
    }
}

fn text(found: &Verification) -> String {
    let Verification { file, experiment, seed, program, .. } = found;
    if found.holds() {
        return format!(
            "{file}: verified: numbers identical, drawing identical (experiment {experiment}, seed {seed}, {program})\n"
        );
    }
    let same = |identical: bool| if identical { "identical" } else { "not identical" };
    let [numbers, drawing] = [found.numbers_identical, found.drawing_identical].map(same);
    let mut text = format!(
        "{file}: NOT verified: numbers {numbers}, drawing {drawing} (experiment {experiment}, seed {seed}, {program})\n"
    );
    for problem in &found.problems {
        text.push_str(&format!("  {problem}\n"));
    }
    text
}

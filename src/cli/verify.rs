//! `neurodyn verify`: whether figures come from what they say.

use super::complete::figure_files;
use super::plain::{indented, one_line};
use super::progress::{Progress, say};
use super::{Common, here, print};
use crate::driver::{Formats, Origin, Outcome, Settings, Stated, Terms, Verification, Word, verify};
use anyhow::Result;
use clap_complete::ArgValueCompleter;
use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn verify figures/activity_map.svg

Exit code 1 where a figure does not come out the same")]
pub(super) struct Verify {
    /// Figures: SVG, PDF or PNG files as neurodyn writes them, or PDF documents with such figures in them
    #[arg(value_name = "FILE", required = true, add = ArgValueCompleter::new(figure_files))]
    files: Vec<PathBuf>,
    /// Most time for each experiment, such as 90s, 10min, 2h or 3d
    #[arg(long, value_name = "TIME", default_value = "10min", value_parser = time, allow_hyphen_values = true)]
    at_most: Duration,
    /// Let drawings of other programs in documents pass
    #[arg(long)]
    allow_foreign: bool,
    /// Print JSON: one object a figure
    #[arg(long)]
    json: bool,
}

/// Units of time and their seconds.
const UNITS: [(&str, f64); 4] = [("min", 60.0), ("s", 1.0), ("h", 3600.0), ("d", 86_400.0)];
/// Longest time that can be asked for, in seconds: ten years.
const LONGEST: f64 = 315_360_000.0;

fn time(text: &str) -> Result<Duration, String> {
    let found =
        UNITS.iter().find_map(|(unit, seconds)| Some(text.strip_suffix(unit)?.trim().parse::<f64>().ok()? * seconds));
    match found {
        Some(seconds) if (1.0..=LONGEST).contains(&seconds) => Ok(Duration::from_secs_f64(seconds)),
        _ => Err("it must be a time from 1s to 3650d, such as 90s, 10min, 2h or 3d".to_owned()),
    }
}

impl Verify {
    pub(super) fn act(&self, common: &Common, interrupt: &AtomicBool) -> Result<Outcome> {
        let listener = Progress::new(common.quiet, self.files.len());
        // nothing is written
        let settings = Settings { out: PathBuf::new(), formats: Formats::default(), interrupt, listener: &listener };
        let here = here()?;
        let terms = Terms { root: common.root.as_deref(), here: &here, at_most: self.at_most };
        let found = verify(&self.files, &terms, &settings);
        listener.finish();
        let found = found?;
        let text = if self.json {
            format!("{}\n", serde_json::to_string_pretty(&found)?)
        } else {
            found.iter().map(|found| text(found, self.allow_foreign)).collect()
        };
        print(&text)?;
        for (file, reason) in found.iter().filter_map(|found| Some((found, found.refused.as_ref()?))) {
            say(&format!("neurodyn: error: {}", indented(&named(file, reason))));
        }
        let good = found.iter().filter(|figure| figure.holds()).count();
        let foreign = found.iter().filter(|figure| figure.verdict == Word::Foreign).count();
        let (all, passed) = if self.allow_foreign { (found.len() - foreign, foreign) } else { (found.len(), 0) };
        if !common.quiet || good < all {
            let rest = if passed > 0 { format!("; drawings of other programs: {passed}") } else { String::new() };
            say(&format!("{good} of {all} figures verified{rest}"));
        }
        Ok(found.iter().map(|found| outcome(found, self.allow_foreign)).max().unwrap_or_default())
    }
}

fn outcome(found: &Verification, allow_foreign: bool) -> Outcome {
    match found.verdict {
        Word::Verified | Word::QuickLook => Outcome::Fine,
        Word::Foreign if allow_foreign => Outcome::Fine,
        Word::OtherExperiment | Word::NotVerified | Word::Foreign => Outcome::Failed,
        Word::Refused => Outcome::Refused,
    }
}

/// A reason with the name of the file, once.
fn named(found: &Verification, reason: &str) -> String {
    match reason.starts_with(&found.file) {
        true => reason.to_owned(),
        false => format!("{}: {reason}", found.place()),
    }
}

/// What is said of one figure; those that were refused are said to be so elsewhere.
fn text(found: &Verification, allow_foreign: bool) -> String {
    if found.refused.is_some() {
        return String::new();
    }
    let file = one_line(&found.place());
    let Some(stated) = &found.stated else {
        let verdict = match found.verdict {
            Word::Foreign if allow_foreign => "of another program",
            Word::Foreign => "NOT verified: of another program",
            _ => "NOT verified",
        };
        return format!("{file}: {verdict}: {}\n", one_line(&found.problems.join("; ")));
    };
    let Stated { figure, experiment, seed, program, .. } = stated;
    let verdict = match found.verdict {
        Word::Verified => "verified",
        Word::QuickLook => "verified as a quick look, not citable",
        Word::OtherExperiment => "verified as itself, but not as a figure of this project",
        Word::NotVerified | Word::Foreign | Word::Refused => "NOT verified",
    };
    let same = |identical: bool| if identical { "identical" } else { "not identical" };
    let [numbers, drawing] = [found.numbers_identical, found.drawing_identical].map(same);
    let [figure, experiment, program] = [figure, experiment, program].map(|text| one_line(text));
    // a file is one figure, a page may hold several
    let figure = if found.page.is_some() { format!(", figure {figure}") } else { String::new() };
    let mut text = format!(
        "{file}{figure}: {verdict}: numbers {numbers}, drawing {drawing} (experiment {experiment}, seed {seed}, {program})\n"
    );
    let remarks = remarks(found, stated);
    for line in found.problems.iter().chain(&remarks) {
        text.push_str(&format!("  {}\n", indented(line)));
    }
    text
}

/// What the verdict rests on, and what nothing could check.
fn remarks(found: &Verification, stated: &Stated) -> Vec<String> {
    let mut remarks = Vec::new();
    let set = match stated.settings.is_empty() {
        true => String::new(),
        false => format!(" with --set {}", stated.settings.join(", --set ")),
    };
    let sha256 = &stated.experiment_sha256;
    remarks.push(match &stated.origin {
        Origin::Project { file } => format!("its experiment is {file}{set} (SHA-256 {sha256})"),
        Origin::Other { file, difference } => format!("its experiment is not {file}{set}: {difference}"),
        Origin::Files { files } => format!("it is of {}", files.join(" and ")),
        Origin::FigureAlone => format!(
            "its experiment is known from this figure alone{set} (SHA-256 {sha256}); comments in it are not checked"
        ),
    });
    if stated.program != found.computed_by {
        remarks.push(format!(
            "that {:?} drew it is not checked; it was computed again by {}",
            stated.program, found.computed_by
        ));
    }
    remarks
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_units_and_an_end() {
        for (text, seconds) in [("90s", 90.0), ("10min", 600.0), ("1.5h", 5400.0), ("2 d", 172_800.0)] {
            assert_eq!(time(text), Ok(Duration::from_secs_f64(seconds)), "{text}");
        }
        for text in ["", "10", "min", "-1s", "nans", "infd", "1e99h", "0s", "1m"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}

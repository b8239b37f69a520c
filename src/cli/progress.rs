//! Progress: a bar on a terminal, plain lines elsewhere.

use super::plain::plain;
use crate::driver::Report;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

pub(super) struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
    /// Units of work done in the experiment that runs.
    units: AtomicU64,
}

impl Progress {
    /// Progress of so many experiments.
    pub(super) fn new(quiet: bool, experiments: usize) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(experiments as u64);
            // the template is a constant that parses
            if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len} {elapsed} {prefix} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        Self { quiet, bar, units: AtomicU64::new(0) }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Report for Progress {
    fn start(&self, id: &str) {
        self.units.store(0, Ordering::Relaxed);
        match &self.bar {
            Some(bar) => bar.set_prefix(id.to_owned()),
            None if !self.quiet => say(&format!("{id}: running")),
            None => {}
        }
    }

    fn advance(&self, units: u64) {
        let done = self.units.fetch_add(units, Ordering::Relaxed) + units;
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{done} units of work"));
        }
    }

    fn line(&self, text: &str, important: bool) {
        match &self.bar {
            Some(bar) => bar.suspend(|| say(text)),
            None if important || !self.quiet => say(text),
            None => {}
        }
    }

    fn end(&self) {
        if let Some(bar) = &self.bar {
            bar.set_message("");
            bar.inc(1);
        }
    }
}

/// A line on standard error, without what terminals would obey; that nobody reads it is no reason to stop.
pub(super) fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", plain(text));
}

//! Progress: a bar on a terminal, plain lines elsewhere.

use crate::driver::Report;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::IsTerminal;

pub(super) struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(super) fn new(quiet: bool) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new_spinner();
            // the template is a constant that parses
            if let Ok(style) = ProgressStyle::with_template("{spinner} {msg:<24} {pos} units of work, {elapsed}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(std::time::Duration::from_millis(120));
            bar
        });
        Self { quiet, bar }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Report for Progress {
    fn start(&self, id: &str) {
        match &self.bar {
            Some(bar) => {
                bar.set_message(id.to_owned());
                bar.set_position(0);
                bar.reset_elapsed();
            }
            None if !self.quiet => eprintln!("{id}: running"),
            None => {}
        }
    }

    fn advance(&self, units: u64) {
        if let Some(bar) = &self.bar {
            bar.inc(units);
        }
    }

    fn line(&self, text: &str, important: bool) {
        match &self.bar {
            Some(bar) => bar.suspend(|| eprintln!("{text}")),
            None if important || !self.quiet => eprintln!("{text}"),
            None => {}
        }
    }
}

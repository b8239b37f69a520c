//! Progress: a bar on a terminal, plain lines elsewhere, fewer and fewer of them.

use super::plain::plain;
use crate::driver::{Expected, Listener};
use crate::simulation::{cost, threads};
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// How often one looks whether there is something to say.
const TICK: Duration = Duration::from_millis(200);
/// Without a terminal, a line is said after this time, and again whenever it has doubled.
const FIRST_LINE: Duration = Duration::from_secs(10);
/// Shorter work needs no estimate, in seconds.
const SHORT: f64 = 5.0;
/// Longer work needs a warning, in seconds.
const LONG: f64 = 3600.0;
/// Measured for this long, in seconds, the first units of work tell how long the others take.
const MEASURED: f64 = 2.0;

pub(super) struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
    shared: Arc<Shared>,
}

/// What the thread that speaks needs to know.
struct Shared {
    /// Units of work done in the step that runs.
    done: AtomicU64,
    step: Mutex<Step>,
    stopped: Condvar,
}

/// What runs.
struct Step {
    /// Experiment or command; empty where nothing runs.
    name: String,
    started: Instant,
    /// When the units that are counted began.
    began: Instant,
    expected: Option<Expected>,
    /// Longest estimate said, in seconds.
    announced: f64,
    /// When the next line is due.
    next: Duration,
    stopped: bool,
}

impl Step {
    fn new(name: &str) -> Self {
        let now = Instant::now();
        let (name, next) = (name.to_owned(), FIRST_LINE);
        Self { name, started: now, began: now, expected: None, announced: 0.0, next, stopped: false }
    }

    /// How far it is, such as `43 % of the networks, about 26 s left`.
    fn state(&self, done: u64) -> String {
        match self.expected {
            Some(Expected { units, whole: true, at_most, .. }) if units > 0 => {
                let left = match self.left(done, units) {
                    Some(left) if done * 100 >= units => {
                        format!(", {}about {} left", if at_most { "at most " } else { "" }, brief(left))
                    }
                    _ => String::new(),
                };
                format!("{:.0} % of the networks{left}", (100.0 * (done as f64 / units as f64).min(1.0)).floor())
            }
            Some(Expected { units, .. }) if units > 1 => {
                let left = self.left(done, units).map(|left| format!(", about {} left of it", brief(left)));
                format!("{done} of {units} units of work of this step{}", left.unwrap_or_default())
            }
            _ if done > 0 => format!("{done} units of work"),
            _ => String::new(),
        }
    }

    /// Seconds that the other units take if they are as the first ones; `None` where too few are done to tell.
    fn left(&self, done: u64, units: u64) -> Option<f64> {
        let so_far = self.began.elapsed().as_secs_f64();
        let some = done > 0 && done < units && so_far >= MEASURED;
        some.then(|| so_far * (units as f64 / done as f64 - 1.0))
    }

    /// The time left of a step, as measured so far, in words. `None` where a time was promised beforehand, too little is done to tell, or it is short.
    fn measured(&mut self, done: u64) -> Option<(f64, String)> {
        let Some(Expected { units, nanoseconds: 0, whole, .. }) = self.expected else { return None };
        let left = self.left(done, units)?;
        if left < SHORT || left < 2.0 * self.announced {
            return None;
        }
        self.announced = left;
        let so_far = match whole {
            true => format!("{:.1} % of the networks", 100.0 * (done as f64 / units as f64)),
            false => format!("{done} of {units} units"),
        };
        Some((left, format!("about {} left of this step, by its first {so_far}", cost::duration(left))))
    }
}

impl Shared {
    fn step(&self) -> MutexGuard<'_, Step> {
        self.step.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Says how far it is until it stops.
    fn speak(&self, bar: Option<&ProgressBar>) {
        let mut step = self.step();
        while !step.stopped {
            (step, _) = self.stopped.wait_timeout(step, TICK).unwrap_or_else(PoisonError::into_inner);
            if step.stopped || step.name.is_empty() {
                continue;
            }
            let done = self.done.load(Ordering::Relaxed);
            let (state, elapsed) = (step.state(done), step.started.elapsed());
            if let Some((left, text)) = step.measured(done) {
                say(&estimate(&step.name, left, &text));
            }
            match bar {
                Some(bar) => bar.set_message(state),
                None if elapsed >= step.next => {
                    step.next *= 2;
                    let gap = if state.is_empty() { "" } else { ", " };
                    say(&format!("{}: {}{gap}{state}", step.name, brief(elapsed.as_secs_f64())));
                }
                None => {}
            }
        }
    }
}

/// The bar that lines have to make room for.
static BAR: Mutex<Option<ProgressBar>> = Mutex::new(None);

impl Progress {
    /// Progress of so many experiments.
    pub(super) fn new(quiet: bool, experiments: usize) -> Self {
        let bar = (!quiet && std::io::stderr().is_terminal()).then(|| {
            let bar = ProgressBar::new(experiments as u64);
            // the template is a constant that parses
            if let Ok(style) = ProgressStyle::with_template("{bar:20} {pos}/{len} {elapsed} {prefix} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(TICK);
            bar
        });
        if let Ok(mut shown) = BAR.lock() {
            shown.clone_from(&bar);
        }
        Self::with(quiet, bar, "")
    }

    /// Progress of a command that is no experiment: only lines, and only where it takes long.
    pub(super) fn of_command(quiet: bool, name: &str) -> Self {
        Self::with(quiet, None, name)
    }

    fn with(quiet: bool, bar: Option<ProgressBar>, name: &str) -> Self {
        let shared = Shared { done: AtomicU64::new(0), step: Mutex::new(Step::new(name)), stopped: Condvar::new() };
        let shared = Arc::new(shared);
        if !quiet {
            let (shared, bar) = (shared.clone(), bar.clone());
            // without this thread there is only less to read
            let _ = std::thread::Builder::new().spawn(move || shared.speak(bar.as_ref()));
        }
        Self { quiet, bar, shared }
    }

    pub(super) fn finish(&self) {
        self.shared.step().stopped = true;
        self.shared.stopped.notify_all();
        if let Ok(mut shown) = BAR.lock() {
            *shown = None;
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Listener for Progress {
    fn start(&self, id: &str) {
        self.shared.done.store(0, Ordering::Relaxed);
        *self.shared.step() = Step::new(id);
        match &self.bar {
            Some(bar) => bar.set_prefix(id.to_owned()),
            None if !self.quiet => say(&format!("{id}: running")),
            None => {}
        }
    }

    fn expect(&self, expected: Expected) {
        self.shared.done.store(0, Ordering::Relaxed);
        let mut step = self.shared.step();
        (step.expected, step.began) = (Some(expected), Instant::now());
        let threads = threads();
        let seconds = expected.nanoseconds as f64 * 1e-9 / threads as f64;
        if seconds < SHORT || seconds < 2.0 * step.announced {
            return;
        }
        step.announced = seconds;
        let name = step.name.clone();
        drop(step);
        let most = if expected.at_most { "at most " } else { "" };
        let plural = if threads == 1 { "" } else { "s" };
        let text = format!("{most}about {} of work on {threads} thread{plural}", cost::duration(seconds));
        self.line(&estimate(&name, seconds, &text), seconds > LONG);
    }

    fn advance(&self, units: u64) {
        self.shared.done.fetch_add(units, Ordering::Relaxed);
    }

    fn line(&self, text: &str, important: bool) {
        if important || !self.quiet {
            say(text);
        }
    }

    fn end(&self) {
        self.shared.step().name.clear();
        if let Some(bar) = &self.bar {
            bar.set_message("");
            bar.inc(1);
        }
    }
}

/// A line about the time of work, with a warning where that is long.
fn estimate(name: &str, seconds: f64, text: &str) -> String {
    if seconds > LONG { format!("{name}: warning: {text}; Ctrl-C stops it") } else { format!("{name}: {text}") }
}

/// A time, short.
fn brief(seconds: f64) -> String {
    match seconds {
        s if s < 120.0 => format!("{s:.0} s"),
        s if s < 7200.0 => format!("{:.0} min", s / 60.0),
        s => cost::duration(s),
    }
}

/// Writes a line to standard error, above the bar where there is one, without control characters. Errors are ignored, since standard error may
/// be closed.
pub(super) fn say(text: &str) {
    let write = || {
        let _ = writeln!(std::io::stderr(), "{}", plain(text));
    };
    match BAR.try_lock().ok().and_then(|bar| bar.clone()) {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(expected: Option<Expected>, seconds: u64) -> Step {
        let mut step = Step::new("x");
        step.expected = expected;
        // a clock that has not run that long has no such time
        step.began = step.began.checked_sub(Duration::from_secs(seconds)).expect("a time before");
        step
    }

    #[test]
    fn time_left_is_said_only_where_all_work_is_known() {
        let all = Expected { units: 1000, nanoseconds: 1000, at_most: false, whole: true };
        assert_eq!(step(Some(all), 10).state(250), "25 % of the networks, about 30 s left");
        assert_eq!(step(Some(all), 10).state(1000), "100 % of the networks");
        assert_eq!(step(Some(all), 10).state(0), "0 % of the networks");
        assert_eq!(step(Some(all), 1).state(250), "25 % of the networks", "too early to tell");
        let most = Expected { at_most: true, ..all };
        assert_eq!(step(Some(most), 100).state(100), "10 % of the networks, at most about 15 min left");
        let part = Expected { whole: false, ..all };
        assert_eq!(step(Some(part), 10).state(250), "250 of 1000 units of work of this step, about 30 s left of it");
        assert_eq!(step(Some(part), 1).state(250), "250 of 1000 units of work of this step");
        assert_eq!(step(Some(part), 10).state(1000), "1000 of 1000 units of work of this step");
        assert_eq!(step(None, 10).state(7), "7 units of work");
        assert_eq!(step(None, 10).state(0), "");
    }

    #[test]
    fn what_was_not_known_before_is_said_once_it_is_measured() {
        let unknown = Expected { units: 1000, nanoseconds: 0, at_most: false, whole: false };
        let mut long = step(Some(unknown), 10);
        assert_eq!(long.measured(0), None, "nothing is done yet");
        let (left, text) = long.measured(10).expect("long");
        assert!((989.0..992.0).contains(&left), "{left}");
        assert_eq!(text, "about 17 minutes left of this step, by its first 10 of 1000 units");
        assert_eq!(long.measured(11), None, "it was said");
        assert!(long.measured(4).is_some(), "it takes twice as long as was said");
        assert_eq!(step(Some(unknown), 10).measured(900), None, "short");
        assert_eq!(step(Some(unknown), 1).measured(1), None, "too early to tell");
        assert_eq!(step(Some(Expected { nanoseconds: 1, ..unknown }), 10).measured(10), None, "known before");
        assert!(
            estimate("x", 4000.0, "about 67 minutes").contains("warning")
                && !estimate("x", 60.0, "y").contains("warning")
        );
    }
}

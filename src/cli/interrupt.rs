//! Ctrl-C: acknowledged at once, and the end of the program within a second.

use super::progress::say;
use crate::driver::{Interrupted, when_nothing_is_written};
use anyhow::{Context, Result};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// Set by the first interrupt; work stops at the next replica.
pub(super) static INTERRUPT: AtomicBool = AtomicBool::new(false);

/// Whether the last words were said.
static ENDED: AtomicBool = AtomicBool::new(false);

/// How long work may take to stop by itself.
const GRACE: Duration = Duration::from_millis(500);

/// Exit code of an interrupted program.
pub(super) const CODE: u8 = 130;

/// From here on, the first interrupt asks the work to stop and the second ends the program. Work without a place to stop, such as a layer of
/// 1e9 neurons, is ended after [`GRACE`], before or after files that belong together, never between them.
pub(super) fn listen() -> Result<()> {
    ctrlc::set_handler(|| {
        if INTERRUPT.swap(true, Ordering::Relaxed) {
            std::process::exit(CODE.into());
        }
        // not here: while this runs, no second interrupt is heard
        let end = || {
            say("neurodyn: interrupting; again to stop at once");
            std::thread::sleep(GRACE);
            let _nothing = when_nothing_is_written();
            farewell();
            std::process::exit(CODE.into());
        };
        if std::thread::Builder::new().spawn(end).is_err() {
            std::process::exit(CODE.into());
        }
    })
    .context("the interrupt handler cannot be set")
}

/// The last words, once.
pub(super) fn farewell() {
    if !ENDED.swap(true, Ordering::Relaxed) {
        say(&format!("neurodyn: {Interrupted}"));
    }
}

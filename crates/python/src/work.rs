//! Long work: without the lock of the interpreter, on threads of its own, until it ends or Ctrl-C is heard.

use crate::Error;
use crate::given::in_python;
use neurodyn::cli::bug;
use neurodyn::driver::{Expected, Listener};
use neurodyn::simulation::with_threads;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How often signals are looked for.
const TICK: Duration = Duration::from_millis(50);
/// How long work that was told to stop may take to do so; what takes longer is left behind.
const GRACE: Duration = Duration::from_millis(500);

/// What work is told, and what it says.
#[derive(Default)]
pub(crate) struct Job {
    /// Asks it to stop.
    pub(crate) interrupt: AtomicBool,
    lines: Mutex<Vec<String>>,
}

impl Job {
    /// What was important, line by line.
    pub(crate) fn lines(&self) -> Vec<String> {
        std::mem::take(&mut *self.lines.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Listener for Job {
    fn start(&self, _: &str) {}

    fn expect(&self, _: Expected) {}

    fn advance(&self, _: u64) {}

    fn line(&self, text: &str, important: bool) {
        if important {
            self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
        }
    }

    fn end(&self) {}
}

/// Lets `action` work. Its failures become exceptions.
pub(crate) fn work<T: Send + 'static>(
    py: Python,
    action: impl FnOnce(&Job) -> Result<T, String> + Send + 'static,
) -> PyResult<T> {
    let job = Arc::new(Job::default());
    let (sender, mut receiver) = channel();
    let own = Arc::clone(&job);
    let task = move || {
        let done = catch_unwind(AssertUnwindSafe(|| with_threads(None, || action(&own))));
        // nobody listens any more where it was left behind
        let _ = sender.send(done);
    };
    std::thread::Builder::new().spawn(task).map_err(|error| threads(&error.to_string()))?;
    let mut told: Option<(PyErr, Instant)> = None;
    loop {
        let heard;
        (receiver, heard) = py.detach(move || {
            let heard = receiver.recv_timeout(TICK);
            (receiver, heard)
        });
        match (heard, told.take()) {
            (Ok(_), Some((signal, _))) => return Err(signal),
            (Ok(Ok(Ok(result))), None) => return result.map_err(|message| Error::new_err(in_python(&message))),
            (Ok(Ok(Err(message))), None) => return Err(threads(&message)),
            (Ok(Err(_)) | Err(RecvTimeoutError::Disconnected), _) => {
                return Err(PyRuntimeError::new_err(bug("the work failed", "; it is said on standard error where")));
            }
            (Err(RecvTimeoutError::Timeout), Some((signal, at))) if at.elapsed() > GRACE => return Err(signal),
            (Err(RecvTimeoutError::Timeout), Some(earlier)) => told = Some(earlier),
            (Err(RecvTimeoutError::Timeout), None) => {
                if let Err(signal) = py.check_signals() {
                    job.interrupt.store(true, Ordering::Relaxed);
                    told = Some((signal, Instant::now()));
                }
            }
        }
    }
}

fn threads(message: &str) -> PyErr {
    PyRuntimeError::new_err(format!("the threads cannot be started: {message}"))
}

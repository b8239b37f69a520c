//! Work that may take for ever: it has a thread of its own and a time after which nobody waits for it.

use super::Interrupted;
use crate::simulation::{threads, with_threads};
use anyhow::{Result, anyhow};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

/// How often clocks and interrupts are looked at.
const TICK: Duration = Duration::from_millis(50);
/// How long work that was told to stop may take to do so.
const GRACE: Duration = Duration::from_millis(500);

/// How work ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// By itself.
    Done,
    /// Its time was over.
    Late,
    /// It panicked, and said so on standard error.
    Failed,
}

/// Does `work` with as many threads as the caller has. It is given a flag that says when to stop, and a way to send messages, which
/// `hear` gets in order, and `None` now and then in between. Work that does not stop is left behind: it ends with the program.
pub(super) fn within<M: Send + 'static>(
    limit: Duration,
    interrupt: &AtomicBool,
    work: impl FnOnce(&AtomicBool, &Sender<M>) + Send + 'static,
    mut hear: impl FnMut(Option<M>),
) -> Result<End> {
    let stop = Arc::new(AtomicBool::new(false));
    let (sender, receiver) = channel();
    let (flag, threads) = (Arc::clone(&stop), threads());
    let thread = std::thread::Builder::new()
        .spawn(move || with_threads(Some(threads), || work(&flag, &sender)))
        .map_err(|error| anyhow!("a thread cannot be started: {error}"))?;
    let start = Instant::now();
    loop {
        match receiver.recv_timeout(TICK) {
            Ok(message) => hear(Some(message)),
            Err(RecvTimeoutError::Timeout) => hear(None),
            // all has been said
            Err(RecvTimeoutError::Disconnected) => break,
        }
        if interrupt.load(Ordering::Relaxed) {
            stop.store(true, Ordering::Relaxed);
            return Err(anyhow!(Interrupted));
        }
        let late = start.elapsed().saturating_sub(limit);
        if !late.is_zero() {
            stop.store(true, Ordering::Relaxed);
        }
        if late > GRACE {
            return Ok(End::Late);
        }
    }
    let ended = thread.join();
    if interrupt.load(Ordering::Relaxed) {
        return Err(anyhow!(Interrupted));
    }
    match ended {
        Ok(started) => {
            started.map_err(|error| anyhow!("the threads cannot be started: {error}"))?;
            Ok(if stop.load(Ordering::Relaxed) { End::Late } else { End::Done })
        }
        Err(_) => Ok(End::Failed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn end(limit: u64, work: impl FnOnce(&AtomicBool, &Sender<u32>) + Send + 'static) -> (End, Vec<u32>) {
        let mut heard = Vec::new();
        let never = AtomicBool::new(false);
        let end = within(Duration::from_millis(limit), &never, work, |message| heard.extend(message)).expect("threads");
        (end, heard)
    }

    #[test]
    fn what_ends_in_time_is_heard_whole() {
        let all = (0..100).collect::<Vec<u32>>();
        let said = all.clone();
        let (end, heard) =
            end(60_000, move |_, sender| said.iter().for_each(|number| sender.send(*number).expect("heard")));
        assert_eq!((end, heard), (End::Done, all));
    }

    #[test]
    fn what_takes_too_long_is_stopped_or_left_behind() {
        let start = Instant::now();
        let obedient = |stop: &AtomicBool, sender: &Sender<u32>| {
            sender.send(1).expect("heard");
            while !stop.load(Ordering::Relaxed) {
                std::thread::sleep(Duration::from_millis(1));
            }
        };
        assert_eq!(end(100, obedient), (End::Late, vec![1]));
        assert_eq!(end(100, |_, _| std::thread::sleep(Duration::from_secs(60))), (End::Late, vec![]));
        assert!(start.elapsed() < Duration::from_secs(30));
    }

    #[test]
    fn a_panic_costs_nobody_else_anything() {
        assert_eq!(end(60_000, |_, _| panic!("a panic on purpose")), (End::Failed, vec![]));
        let interrupt = AtomicBool::new(true);
        let sleep = |_: &AtomicBool, _: &Sender<u32>| std::thread::sleep(Duration::from_secs(60));
        let error = within(Duration::from_secs(60), &interrupt, sleep, |_| ()).expect_err("interrupted");
        assert!(error.is::<Interrupted>());
    }
}

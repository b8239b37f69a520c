//! Computes and draws the figures of one experiment again, in the time that the reader allows.

use super::{Figure, Stated, Terms, Verification, compare, data};
use crate::driver::compute::compute;
use crate::driver::contents::{csv_files, draw};
use crate::driver::deadline::{End, within};
use crate::driver::{Formats, Listener, Selected, Settings, one_line_each};
use crate::experiment::{Expected, Tables};
use crate::provenance::Numbers;
use crate::render::Look;
use crate::simulation::{cost, threads};
use anyhow::Result;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Sender;
use std::time::{Duration, Instant};

/// What is heard of the work.
enum Message {
    Start(String),
    Line(String, bool),
    /// The seconds it would take at least, which are too many.
    TooLong(f64),
    Answer(usize, Box<Verification>),
}

/// Hands on what an experiment says of its progress.
struct Relay {
    sender: Sender<Message>,
    units: Arc<AtomicU64>,
}

impl Relay {
    /// Errors are ignored: where nobody listens any more, the work is about to be stopped.
    fn send(&self, message: Message) {
        let _ = self.sender.send(message);
    }
}

impl Listener for Relay {
    fn start(&self, id: &str) {
        self.send(Message::Start(id.to_owned()));
    }

    /// What the reader allows is checked elsewhere.
    fn expect(&self, _: Expected) {}

    fn advance(&self, units: u64) {
        self.units.fetch_add(units, Ordering::Relaxed);
    }

    fn line(&self, text: &str, important: bool) {
        self.send(Message::Line(text.to_owned(), important));
    }

    fn end(&self) {}
}

/// Answers for all figures of one experiment.
pub(super) fn group(
    figures: Vec<(usize, Figure)>,
    terms: &Terms,
    settings: &Settings,
) -> Result<Vec<(usize, Verification)>> {
    let figures = Arc::new(figures);
    let units = Arc::new(AtomicU64::new(0));
    let (mut answers, mut long) = (Vec::new(), None);
    let (owned, counted, at_most) = (Arc::clone(&figures), Arc::clone(&units), terms.at_most);
    let work = move |stop: &AtomicBool, sender: &Sender<Message>| {
        let relay = Relay { sender: sender.clone(), units: counted };
        if let Err(error) = answer(&owned, at_most, stop, &relay) {
            let reason = one_line_each(&error);
            let refused = |(index, figure): &(usize, Figure)| {
                relay.send(Message::Answer(*index, Box::new(figure.refused(reason.clone()))))
            };
            // an interrupt is not an answer
            if !stop.load(Ordering::Relaxed) {
                owned.iter().for_each(refused);
            }
        }
    };
    let end = within(at_most, settings.interrupt, work, |message| {
        settings.listener.advance(units.swap(0, Ordering::Relaxed));
        match message {
            None => {}
            Some(Message::Start(id)) => settings.listener.start(&id),
            Some(Message::Line(text, important)) => settings.listener.line(&text, important),
            Some(Message::TooLong(seconds)) => long = Some(seconds),
            Some(Message::Answer(index, verification)) => answers.push((index, *verification)),
        }
    })?;
    let allowed = cost::duration(at_most.as_secs_f64());
    let reason = match (long, end) {
        (Some(seconds), _) => format!(
            "would take {} or more on this machine, and {allowed} are allowed; allow more with --at-most {}",
            cost::duration(seconds),
            flag(2.0 * seconds)
        ),
        (None, End::Late) => format!(
            "was stopped after {allowed}, the most allowed; allow more with --at-most {}",
            flag(10.0 * at_most.as_secs_f64())
        ),
        (None, _) => "cannot be computed: the program failed".to_owned(),
    };
    for (index, figure) in figures.iter() {
        if !answers.iter().any(|(answered, _)| answered == index) {
            let Stated { figure: name, experiment, .. } = &figure.stated;
            answers.push((*index, figure.refused(format!("figure {name}: its experiment {experiment} {reason}"))));
        }
    }
    Ok(answers)
}

/// A time as the command takes it, not less than this one.
fn flag(seconds: f64) -> String {
    let (unit, length) = match seconds {
        s if s <= 120.0 => ("s", 1.0),
        s if s <= 7200.0 => ("min", 60.0),
        s if s <= 172_800.0 => ("h", 3600.0),
        _ => ("d", 86_400.0),
    };
    format!("{:.0}{unit}", (seconds / length).ceil())
}

/// Computes the experiment once and judges each figure.
fn answer(figures: &[(usize, Figure)], at_most: Duration, stop: &AtomicBool, relay: &Relay) -> Result<()> {
    let mut sound = Vec::new();
    for (index, figure) in figures {
        match data::fault(figure) {
            Some(verification) => relay.send(Message::Answer(*index, Box::new(verification))),
            None => sound.push((index, figure)),
        }
    }
    let Some((_, first)) = sound.first() else { return Ok(()) };
    let selected = &first.given.selected;
    // nothing is written
    let settings = Settings { out: PathBuf::new(), formats: Formats::default(), interrupt: stop, listener: relay };
    if let Ok(plan) = selected.plan() {
        let seconds = plan.least_work() as f64 * 1e-9 / threads() as f64;
        if seconds > at_most.as_secs_f64() {
            relay.send(Message::TooLong(seconds));
            return Ok(());
        }
    }
    let start = Instant::now();
    let result = compute(selected, &settings, None)?;
    let seconds = start.elapsed().as_secs_f64();
    let again = match &result {
        Ok(tables) => Some(Again::new(selected, tables)?),
        Err(_) => None,
    };
    for (index, figure) in sound {
        let judged = match (&again, &result) {
            (Some(again), _) => catch_unwind(AssertUnwindSafe(|| again.judge(figure)))
                .unwrap_or_else(|_| Ok(figure.refused("it cannot be drawn: the program failed".to_owned())))
                .unwrap_or_else(|error| figure.refused(one_line_each(&error))),
            (None, Err(error)) => figure.failed(format!("its experiment fails: {error}")),
            (None, Ok(_)) => figure.failed("its experiment gives no tables".to_owned()),
        };
        relay.send(Message::Answer(*index, Box::new(judged)));
    }
    relay.line(&format!("{}: computed again in {seconds:.1} s", selected.id()), false);
    Ok(())
}

/// An experiment computed and drawn again.
struct Again<'a> {
    selected: &'a Selected,
    tables: &'a Tables,
    numbers: Numbers,
}

impl<'a> Again<'a> {
    fn new(selected: &'a Selected, tables: &'a Tables) -> Result<Self> {
        Ok(Self { selected, tables, numbers: Numbers::new(&csv_files(selected.id(), tables)?) })
    }

    fn judge(&self, figure: &Figure) -> Result<Verification> {
        let (mut verification, given) = (figure.blank(), &figure.given);
        let stated = &given.provenance;
        verification.numbers_identical = self.numbers == stated.numbers;
        if !verification.numbers_identical {
            verification.problems.push(compare::numbers(&stated.numbers, &self.numbers));
        }
        let look = match Look::of_stated(&stated.theme, &stated.look) {
            Ok(look) => look,
            Err(problem) => {
                verification.problems.push(problem);
                return Ok(verification);
            }
        };
        let drawings = draw(self.selected, self.tables, |_| look)?;
        let Some(meant) = drawings.iter().find(|drawing| drawing.provenance.figure == stated.figure) else {
            let names: Vec<&str> = drawings.iter().map(|drawing| drawing.provenance.figure.as_str()).collect();
            let problem = format!("its experiment draws no figure {:?}; it draws {}", stated.figure, names.join(", "));
            verification.problems.push(problem);
            return Ok(verification);
        };
        // the drawing is compared under the provenance that the file states, which was judged before
        let drawn = meant.under(stated).file(given.media, stated.dpi.unwrap_or_default());
        let difference = match (&drawn, &given.included) {
            (Ok(bytes), None) => compare::drawing(given.media, &given.bytes()?, bytes),
            (Ok(bytes), Some(included)) => compare::included(&included.figure, bytes),
            (Err(error), _) => Some(format!("drawing: {error:#}")),
        };
        verification.drawing_identical = difference.is_none();
        verification.problems.extend(difference);
        if stated.data != meant.provenance.data {
            verification.problems.push(data::unlike(&stated.data, &meant.provenance.data));
        }
        for (name, stated, meant) in [
            ("title", &stated.title, &meant.provenance.title),
            ("description", &stated.description, &meant.provenance.description),
        ] {
            if stated != meant {
                verification.problems.push(format!("its {name} is {stated:?}, but that of the figure is {meant:?}"));
            }
        }
        Ok(verification)
    }
}

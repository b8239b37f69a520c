//! Points of a sweep: what an experiment declares, and what was found there.

use neurodyn_model::Replicas;
use neurodyn_simulation::cost::OneNetwork;
use neurodyn_simulation::{Budget, Estimate, Moments, Planned};

/// The points that an experiment simulates, declared before anything is computed.
pub struct Points<P> {
    pub(super) points: Vec<Point<P>>,
    pub(super) notes: Vec<String>,
}

/// One point of a sweep: what to simulate there, how often, and how long one replica takes.
pub struct Point<P> {
    pub(super) label: String,
    pub(super) item: P,
    pub(super) replicas: Replicas,
    pub(super) cost: OneNetwork,
    pub(super) scale: f64,
    pub(super) address: u64,
    /// Replicas computed together, where the observables of each are kept; only their moments are where this is none.
    pub(super) kept: Option<u64>,
}

impl<P> Default for Points<P> {
    fn default() -> Self {
        Self { points: Vec::new(), notes: Vec::new() }
    }
}

impl<P> Points<P> {
    /// A point of whose observables the moments are kept; `label` names it in messages, `cost` is that of one replica. A sweep fails before it
    /// begins where that is beyond reason. Its random numbers are those of the address that is its place in the list, counted from 0.
    pub fn add(&mut self, label: impl Into<String>, replicas: Replicas, cost: OneNetwork, item: P) -> &mut Point<P> {
        let index = self.points.len();
        let (label, address) = (label.into(), index as u64);
        self.points.push(Point { label, item, replicas, cost, scale: 1.0, address, kept: None });
        &mut self.points[index]
    }

    /// A point of which the observables of each replica are kept.
    pub fn keep(&mut self, label: impl Into<String>, replicas: usize, cost: OneNetwork, item: P) -> &mut Point<P> {
        let point = self.add(label, Replicas::few(replicas as u64), cost, item);
        point.kept = Some(1);
        point
    }

    /// Says how many of the points to be simulated are left out since nothing is there to simulate.
    pub fn left_out(&mut self, count: usize, of: usize, why: &str) {
        if count > 0 {
            self.notes.push(format!("{count} of {of} simulated points are left out: {why}"));
        }
    }

    /// Number of points.
    pub fn len(&self) -> usize {
        self.points.len()
    }

    /// Whether nothing is simulated.
    pub fn is_empty(&self) -> bool {
        self.points.is_empty()
    }
}

impl<P> Point<P> {
    /// As the plan has it.
    pub(super) fn planned(&self) -> Planned {
        Planned {
            label: self.label.clone(),
            budget: Budget::new(self.replicas, self.scale),
            work: self.cost.nanoseconds.max(1),
            guessed: self.cost.guessed,
            address: self.address,
            kept: self.kept,
        }
    }

    /// Where what is shown is the observables times this: a standard error asked for is of what is shown.
    pub fn shown_times(&mut self, scale: f64) -> &mut Self {
        self.scale = scale;
        self
    }

    /// Takes the random numbers of another address. No two points may have one.
    pub fn at(&mut self, address: usize) -> &mut Self {
        self.address = address as u64;
        self
    }

    /// Computes so many replicas together.
    pub fn in_groups(&mut self, size: usize) -> &mut Self {
        self.kept = Some(size as u64);
        self
    }
}

/// What was found in the replicas of a point, or of a part of them.
#[derive(Debug, Clone, PartialEq)]
pub enum Sample {
    /// Moments of the observables.
    Moments(Moments),
    /// The observables of each replica, in order.
    Kept(Vec<Vec<f64>>),
}

impl Sample {
    /// Number of replicas.
    pub fn count(&self) -> u64 {
        match self {
            Self::Moments(moments) => moments.count(),
            Self::Kept(rows) => rows.len() as u64,
        }
    }

    /// Number of observables; `None` where replicas do not agree on it.
    pub fn observables(&self) -> Option<usize> {
        match self {
            Self::Moments(moments) => Some(moments.observables()),
            Self::Kept(rows) => {
                let first = rows.first().map_or(0, Vec::len);
                rows.iter().all(|row| row.len() == first).then_some(first)
            }
        }
    }
}

/// A point and what was found there.
pub struct Found<P> {
    /// What was simulated.
    pub point: P,
    moments: Moments,
    rows: Vec<Vec<f64>>,
}

impl<P> Found<P> {
    pub(super) fn new(point: P, sample: Sample) -> Self {
        let (moments, rows) = match sample {
            Sample::Moments(moments) => (moments, Vec::new()),
            Sample::Kept(rows) => (Moments::default(), rows),
        };
        Self { point, moments, rows }
    }

    /// Number of replicas.
    pub fn replicas(&self) -> u64 {
        self.moments.count() + self.rows.len() as u64
    }

    /// Moments of the observables, where they are not kept one by one.
    pub fn moments(&self) -> &Moments {
        &self.moments
    }

    /// The observables of each replica, where they are kept.
    pub fn rows(&self) -> &[Vec<f64>] {
        &self.rows
    }

    /// One observable of each replica, where they are kept.
    pub fn values(&self, observable: usize) -> Vec<f64> {
        self.rows().iter().map(|row| row[observable]).collect()
    }

    /// Mean of an observable.
    pub fn mean(&self, observable: usize) -> Estimate {
        if self.rows.is_empty() { self.moments.mean(observable) } else { Estimate::of(&self.values(observable)) }
    }
}

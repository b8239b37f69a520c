//! What a sampled network costs: plans, the balance of shards and what is refused depend on it, no number does.
//!
//! A layer of `n` neurons and `m` columns takes
//!
//! ```text
//! t = d m + b m ceil_64(n) + (c m^2 + sum of the activation over its columns) ceil_256(n)
//! ```
//!
//! since normals are drawn 64 at a time and columns computed for 256 neurons at a time. `cargo bench --bench cost` measures the constants, on
//! one thread of an AMD EPYC (Zen 4, AVX-512).

use super::{SamplerKind, SimulationError};
use neurodyn_model::{Column, Inputs, Network};

/// `d`, `b` and `c`, in picoseconds.
pub const CONSTANTS: [u64; 3] = [193_000, 2_330, 76];

/// Nanoseconds to sample a network in law.
pub fn nanoseconds(network: &Network, inputs: &Inputs) -> u64 {
    let columns = inputs.columns();
    let m = columns.len() as u64;
    let differences = columns.iter().filter(|column| matches!(column, Column::Difference { .. })).count() as u64;
    let [layer, normal, product] = CONSTANTS;
    let [value, difference] = network.ensemble.activation.cost();
    let tile = product * m * m + value * (m - differences) + difference * differences;
    let padded = |width: u64, unit: u64| width.div_ceil(unit).saturating_mul(unit);
    let layers = network.widths().iter().map(|width| {
        let drawn = (normal * m).saturating_mul(padded(width.get(), 64));
        (layer * m).saturating_add(drawn).saturating_add(tile.saturating_mul(padded(width.get(), 256)))
    });
    layers.fold(0, u64::saturating_add) / 1000
}

/// Longest work accepted at one point of an experiment, in seconds of one processor: a thousand hours.
pub const LONGEST: f64 = 3.6e6;
/// The same for one network: an hour.
pub const LONGEST_NETWORK: f64 = 3600.0;
/// Most memory accepted, in bytes: 16 GiB.
pub const LARGEST: f64 = 17_179_869_184.0;

/// What work takes on one thread, to a factor of a few.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Work {
    /// Seconds of one processor.
    pub seconds: f64,
    /// Bytes of memory.
    pub bytes: f64,
}

impl Work {
    /// Refuses it if it is beyond reason.
    pub fn afford(self) -> Result<(), SimulationError> {
        let Self { seconds, bytes } = self;
        // what is not a number is not affordable
        let fine = seconds <= LONGEST && bytes <= LARGEST;
        if fine { Ok(()) } else { Err(SimulationError::TooLarge { seconds, bytes }) }
    }

    /// Fixed points and slopes of theory at so many points: a quarter of a millisecond each, and some hundred bytes of results.
    pub fn theory(points: f64) -> Self {
        Self { seconds: 2.5e-4 * points, bytes: 1e3 * points }
    }

    /// Errors of one input in law, for networks with so many neurons in all: values, slopes, preactivations and errors are kept.
    pub fn errors(neurons: f64) -> Self {
        Self { seconds: 4e-8 * neurons, bytes: 32.0 * neurons }
    }

    /// Errors of several inputs in law: normals, values, slopes, preactivations and errors are kept, and all products taken on the way back.
    pub fn error_grams(neurons: f64, inputs: f64) -> Self {
        Self { seconds: 1e-9 * neurons * inputs * (10.0 + inputs), bytes: 48.0 * neurons * inputs }
    }

    /// Fisher information of the first weights of `order` units, of so many outputs and inputs, in parts of `order^2`.
    pub fn unit_blocks(order: f64, outputs: f64, inputs: f64) -> Self {
        Self { seconds: 1e-9 * order * order * (outputs + inputs), bytes: 8.0 * order * (order + 2.0 * inputs) }
    }

    /// A recurrent network of `order` neurons whose weights are known on so many directions.
    pub fn recurrent(order: f64, directions: f64) -> Self {
        Self { seconds: 4e-9 * order * directions * directions, bytes: 16.0 * order * (directions + 2.0) }
    }

    /// Layers with explicit weights, this wide and for so many inputs.
    pub fn explicit(width: f64, depth: f64, inputs: f64) -> Self {
        Self { seconds: 1e-10 * width * width * inputs * depth, bytes: 24.0 * width * inputs }
    }
}

/// What one replica of a point of a sweep costs.
#[derive(Debug, Clone, PartialEq)]
pub struct OneNetwork {
    /// Its time.
    pub nanoseconds: u64,
    /// Whether that is right to a factor of a few only.
    pub guessed: bool,
    /// Why it is beyond reason, if it is.
    pub affordable: Result<(), SimulationError>,
}

impl OneNetwork {
    /// This one.
    pub fn of(network: &Network, inputs: &Inputs) -> Self {
        Self { nanoseconds: nanoseconds(network, inputs), guessed: false, affordable: afford(network, inputs, 1) }
    }

    /// A network by either sampler.
    pub fn by(sampler: SamplerKind, network: &Network, inputs: &Inputs) -> Self {
        match sampler {
            SamplerKind::Macroscopic => Self::of(network, inputs),
            SamplerKind::Explicit => Self::explicit(network, inputs),
        }
    }

    /// A network with explicit weights, which are drawn one by one.
    pub fn explicit(network: &Network, inputs: &Inputs) -> Self {
        let widest = network.widths().iter().map(|width| width.get()).max().unwrap_or(1) as f64;
        let (depth, columns) = (network.depth() as f64, inputs.columns().len() as f64);
        let Work { seconds, bytes } = Work::explicit(widest, depth, columns);
        let drawn = 1e-12 * CONSTANTS[1] as f64 * widest * widest * depth;
        Self::guess(Work { seconds: seconds + drawn, bytes }, afford(network, inputs, 1))
    }

    /// Work whose time is known to a factor of a few, and why it is beyond reason, if it is.
    pub fn guess(work: Work, affordable: Result<(), SimulationError>) -> Self {
        let nanoseconds = (work.seconds * 1e9).clamp(1.0, 1e15) as u64;
        Self { nanoseconds, guessed: true, affordable: affordable.and_then(|()| work.afford()) }
    }
}

/// Work whose time is known to a factor of a few.
impl From<Work> for OneNetwork {
    fn from(work: Work) -> Self {
        Self::guess(work, Ok(()))
    }
}

/// Refuses so many networks, sampled in law, if they are beyond reason.
pub fn afford(network: &Network, inputs: &Inputs, networks: u64) -> Result<(), SimulationError> {
    let m = inputs.columns().len() as f64;
    let seconds = nanoseconds(network, inputs) as f64 * 1e-9;
    // their Gram matrices, and those that are being worked on
    let matrices = networks as f64 * (network.depth() as f64 + 1.0) + 4.0;
    let bytes = 8.0 * matrices * m * m;
    if !(seconds <= LONGEST_NETWORK) {
        return Err(SimulationError::TooLarge { seconds: seconds * networks as f64, bytes });
    }
    Work { seconds: seconds * networks as f64, bytes }.afford()
}

/// A time in words.
pub fn duration(seconds: f64) -> String {
    const YEAR: f64 = 31_556_952.0;
    match seconds {
        s if s < 120.0 => format!("{s:.0} seconds"),
        s if s < 7200.0 => format!("{:.0} minutes", s / 60.0),
        s if s < 172_800.0 => format!("{:.0} hours", s / 3600.0),
        s if s < 2.0 * YEAR => format!("{:.0} days", s / 86_400.0),
        s if s < 1e5 * YEAR => format!("{:.0} years", s / YEAR),
        s => format!("{:.0e} years", s / YEAR),
    }
}

/// A size in words.
pub fn size(bytes: f64) -> String {
    match bytes {
        b if b < 1e9 => format!("{:.0} MB", (b / 1e6).max(1.0)),
        b if b < 1e12 => format!("{:.0} GB", b / 1e9),
        b if b < 1e17 => format!("{:.0} TB", b / 1e12),
        b => format!("{:.0e} TB", b / 1e12),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_model::{Activation, BiasStd, Ensemble, WeightStd, Width};

    #[test]
    fn what_is_beyond_reason_is_refused_with_an_estimate() {
        let ensemble = Ensemble {
            activation: Activation::Tanh,
            sigma_w: WeightStd::new(1.0).expect("positive"),
            sigma_b: BiasStd::new(0.0).expect("not negative"),
        };
        let network =
            |width: u64| Network::uniform(ensemble, Width::new(width).expect("a width"), 30).expect("a network");
        let inputs = Inputs::pair(1.0, 0.0, 0.5).expect("inputs");
        // the widest that the pages speak of, and what an afternoon can do
        assert_eq!(afford(&network(1_000_000_000), &inputs, 100), Ok(()));
        assert_eq!(afford(&network(1000), &inputs, 1_000_000), Ok(()));
        let error = afford(&network(1_000_000_000_000), &inputs, 150).expect_err("too long").to_string();
        assert!(
            error.contains("days of one processor") && error.contains("MB") && error.contains("1000 hours"),
            "{error}"
        );
        let error = Work { seconds: 1.0, bytes: 8e16 }.afford().expect_err("too large").to_string();
        assert!(error.contains("80000 TB") && error.contains("16 GiB"), "{error}");
        assert!(Work { seconds: f64::NAN, bytes: 0.0 }.afford().is_err());
    }
}

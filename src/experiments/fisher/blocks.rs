//! What the experiments about Fisher information share: inputs of one activity and one overlap, and the block of one unit.

use crate::experiment::cells::Mean;
use crate::experiment::prelude::*;
use crate::theory::fisher::UnitBlock;

parameters! {
    /// Units with standard normal inputs, whose blocks of the Fisher information are compared with their closed form.
    Unit {
        sigma_w: List<WeightStd> => "Lengths of their weights.",
        size: Count<2> => "Number of components of their inputs.",
        inputs: Few<10> => "Number of inputs `T`, the smaller one where there are two.",
        replicas: NetworkCount => "Number of units.",
        curve: Count<2> => "Points of the theory curves.",
    }
}

/// Values of a quantity of the block of a unit, each with the length of the weights and the direction.
pub type InDirection<T> = Vec<(f64, &'static str, T)>;

impl Unit {
    /// What one unit with so many inputs costs.
    pub fn cost(&self, inputs: usize) -> OneNetwork {
        let (size, inputs) = (self.size as f64, inputs as f64);
        let work = Work { seconds: 1e-9 * size * (size + 20.0) * inputs, bytes: 8.0 * size * (size + inputs) };
        OneNetwork::from(work)
    }

    /// Theory beside Monte Carlo of a quantity of the eigenvalue of the block along the weights and across them, and its theory on a curve of
    /// lengths. `found` has it for the length of an index, along (0) and across (1).
    pub fn compare<M: Into<Mean>>(
        &self,
        activation: Activation,
        quantity: impl Fn(f64) -> f64,
        run: &Run,
        found: impl Fn(usize, usize) -> M,
    ) -> (InDirection<Judged>, InDirection<f64>) {
        let theory = |length: f64| {
            let length = length * run.theory_factor();
            let UnitBlock { along, across } = UnitBlock::new(activation, length * length);
            [("along", quantity(along)), ("across", quantity(across))]
        };
        let mut judged = Vec::new();
        for (index, length) in self.sigma_w.iter().enumerate() {
            for (k, (direction, theory)) in theory(length.get()).into_iter().enumerate() {
                judged.push((length.get(), direction, Judged::new(theory, found(index, k))));
            }
        }
        let (from, to) = extent(self.sigma_w.iter().map(|length| length.get()));
        let curve = even(from, to, self.curve);
        let curve = curve.flat_map(|length| theory(length).map(|(direction, value)| (length, direction, value)));
        (judged, curve.collect())
    }
}

/// Inputs of one activity and one overlap, as theory sees any two of them.
pub fn pair(activity: f64, overlap: f64) -> PairState {
    PairState::equal(activity, 2.0 * (activity - overlap))
}

/// Refuses overlaps that inputs of this activity cannot have.
pub fn check_overlap(activity: f64, overlap: f64) -> Result<(), ParameterError> {
    let possible = (0.0..activity).contains(&overlap);
    refuse_where(!possible, "input_overlap", overlap, "from 0 to below input_activity")
}

/// A quantity of the block of a unit along its weights and across them, in the colours of these.
pub fn in_directions(y: Axis, quantity: &str) -> Panel {
    let of = |(index, name): (usize, &str)| {
        let rows = |table: &str| Select::table(table).filter("direction", name);
        // not those of outputs and rules
        let colour = Colour::Nth(4 + index);
        let theory = Series::theory(rows("curve"), "length", "value").label(format!("{name} $w$, theory"));
        let found = Series::found(rows("unit"), "length", quantity).label(format!("{name} $w$, Monte Carlo"));
        [theory.colour(colour), found.colour(colour)]
    };
    Panel::new(Axis::linear(r"length $|w|$ of the weights"), y)
        .all(["along", "across"].into_iter().enumerate().flat_map(of))
        .residual(Residual::new("unit", "length", quantity))
}

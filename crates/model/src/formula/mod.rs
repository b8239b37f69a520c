//! Activations that a reader writes: `u * sigmoid(1.702 * u)`.
//!
//! A formula is read (`expression`), becomes a fixed list of operations on tiles of neurons (`program`), and what theory needs to know of it
//! is found out (`breaks`, `facts`): where it is not smooth, its symmetry, how it grows, and panels on which quadrature resolves it.
//! Derivatives are Taylor coefficients (`series`), differences of close signals have rules of their own (`difference`).

mod breaks;
mod difference;
mod error;
mod expression;
mod facts;
mod instruction;
mod lower;
mod named;
mod program;
mod series;
mod token;
mod typeset;

pub use breaks::Break;
pub use error::FormulaError;
pub use facts::Growth;
pub use named::{NAMED, Named, WITH_A_FILE};
pub use token::LONGEST;

use crate::activation::{Activation, Definition, Jet, Operation, PairLaw, Parity};
use facts::Facts;
use neurodyn_numerics::quadrature::{PairCovariance, Shape};
use program::Program;
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

#[cfg(test)]
mod tests;

/// An activation given by a formula, with all that is known of it. Each is kept for the life of the process, once.
#[derive(Debug)]
pub struct Formula {
    text: &'static str,
    label: &'static str,
    program: Program,
    facts: Facts,
}

/// Formulas by their texts and whether they may be a shipped activation, with what they are.
type Known = BTreeMap<(String, bool), Activation>;

/// Every formula of the process.
fn known() -> MutexGuard<'static, Known> {
    static KNOWN: Mutex<Known> = Mutex::new(BTreeMap::new());
    KNOWN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The elementary functions that a formula may call.
pub fn functions() -> impl Iterator<Item = &'static str> {
    instruction::Function::NAMED.iter().map(|(name, ..)| *name)
}

/// Most formulas of a process: their memory is never given back.
const MOST: usize = 4000;

impl Formula {
    /// The activation that a formula with these constants is: a shipped one where it is that, else itself.
    pub fn activation(text: &str, constants: &BTreeMap<String, f64>) -> Result<Activation, FormulaError> {
        Self::interned(text, constants, true)
    }

    /// The activation that a formula is by itself, even where there is a shipped one that equals it: what is computed of the two can be
    /// compared.
    pub fn unrecognised(text: &str) -> Result<Activation, FormulaError> {
        Self::interned(text, &BTreeMap::new(), false)
    }

    fn interned(text: &str, constants: &BTreeMap<String, f64>, recognise: bool) -> Result<Activation, FormulaError> {
        if let Some((name, value)) = constants.iter().find(|(_, value)| !value.is_finite()) {
            return Err(FormulaError::whole(text, format!("has the constant {name} = {value}, which is not finite")));
        }
        let expression = expression::parse(text, constants)?;
        let canonical = expression.to_string();
        if let Some(shipped) = Activation::ALL.iter().find(|shipped| recognise && shipped.name() == canonical) {
            return Ok(*shipped);
        }
        let mut known = known();
        if let Some(activation) = known.get(&(canonical.clone(), recognise)) {
            return Ok(*activation);
        }
        if known.len() >= MOST {
            return Err(FormulaError::whole(text, format!("is one of more than {MOST} in one run")));
        }
        let refused = |reason: String| FormulaError::whole(text, reason);
        let program = lower::lower(text, &expression)?;
        let breaks = facts::few_breaks(&program).map_err(refused)?;
        let activation = match facts::shipped(&program, &breaks) {
            Some(shipped) if recognise => shipped,
            _ => {
                let facts = Facts::of(&program, breaks).map_err(refused)?;
                let label = typeset::label(&expression).leak();
                let formula = Self { label, text: canonical.clone().leak(), program, facts };
                Activation::Formula(Box::leak(Box::new(formula)))
            }
        };
        known.insert((canonical, recognise), activation);
        Ok(activation)
    }

    /// Every formula that was asked for, in the order of their texts.
    pub fn all() -> Vec<Activation> {
        known().values().copied().filter(|one| matches!(one, Activation::Formula(_))).collect()
    }

    /// As it is written in files and on the command line.
    pub fn text(&self) -> &'static str {
        self.text
    }

    /// What there is to say of it: the formula that a name stands for.
    pub fn about(&self) -> &'static str {
        named::find(self.text).map_or(self.text, |named| named.formula)
    }

    /// Where it is not smooth, ascending.
    pub fn breaks(&self) -> &'static [Break] {
        self.facts.breaks
    }

    /// How it grows.
    pub fn growth(&self) -> Growth {
        self.facts.growth
    }
}

impl PartialEq for Formula {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Formula {}

impl PartialOrd for Formula {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Formula {
    fn cmp(&self, other: &Self) -> Ordering {
        self.text.cmp(other.text)
    }
}

impl Operation for Formula {
    fn value(&self, u: f64) -> f64 {
        self.program.value(u)
    }

    fn slope(&self, u: f64) -> f64 {
        self.program.jet(u)[1]
    }

    fn difference(&self, u: f64, t: f64) -> f64 {
        self.program.difference(u, t)
    }

    fn jet(&self, u: f64) -> Jet {
        self.program.jet(u)
    }

    fn jets(&self, points: &[f64]) -> Vec<Jet> {
        self.program.jets(points)
    }

    fn values(&self, points: &mut [f64]) {
        self.program.values(points);
    }

    fn slopes(&self, points: &[f64], slopes: &mut [f64]) {
        assert_eq!(points.len(), slopes.len());
        self.program.series::<2>(points, |first, count, [_, found]| {
            slopes[first..first + count].copy_from_slice(&found[..count]);
        });
    }

    fn slopes_and_bends(&self, points: &[f64], slopes: &mut [f64], bends: &mut [f64]) {
        assert!(points.len() == slopes.len() && points.len() == bends.len());
        self.program.series::<3>(points, |first, count, [_, found, halves]| {
            slopes[first..first + count].copy_from_slice(&found[..count]);
            for (bend, half) in bends[first..].iter_mut().zip(&halves[..count]) {
                *bend = 2.0 * half;
            }
        });
    }

    fn differences(&self, points: &[f64], differences: &mut [f64]) {
        assert_eq!(points.len(), differences.len());
        self.program.differences(points, differences);
    }

    fn values_and_differences(&self, points: &mut [f64], differences: &mut [f64]) {
        assert_eq!(points.len(), differences.len());
        self.program.values_and_differences(points, differences);
    }
}

impl Definition for Formula {
    fn label(&self) -> &'static str {
        self.label
    }

    fn cost(&self) -> [u64; 2] {
        let value: u64 = self.program.instructions().iter().map(|instruction| instruction.cost()).sum();
        [value, 4 * value]
    }

    fn parity(&self) -> Parity {
        self.facts.parity
    }

    fn is_smooth(&self) -> bool {
        self.facts.continuous >= 2 && self.facts.pieces.square_integrable()[2]
    }

    fn is_continuous(&self) -> bool {
        self.facts.continuous >= 1 && self.facts.pieces.square_integrable()[1]
    }

    fn is_homogeneous(&self) -> bool {
        self.facts.rays.is_some()
    }

    fn bound(&self) -> Option<f64> {
        match self.facts.growth {
            Growth::Bounded(bound) => Some(bound),
            _ => None,
        }
    }

    fn tails(&self) -> (f64, f64) {
        match self.facts.growth {
            Growth::Lines { fall, rise } => (fall, rise),
            _ => (0.0, 0.0),
        }
    }

    fn shape(&self) -> Shape {
        Shape::Pieces(self.facts.pieces)
    }

    fn breaks(&self) -> &'static [Break] {
        self.facts.breaks
    }

    fn second_moment(&self, order: usize, q: f64) -> Option<f64> {
        self.facts.rays.and_then(|rays| rays.second_moment(order, q))
    }

    fn second_moment_slope(&self, _q: f64) -> Option<f64> {
        self.facts.rays.map(|rays| rays.mean_square())
    }

    fn overlap(&self, law: &PairLaw) -> Option<f64> {
        self.facts.rays.map(|rays| rays.overlap(law))
    }

    fn overlap_slope(&self, law: &PairLaw) -> Option<f64> {
        self.facts.rays.map(|rays| rays.overlap_slope(law))
    }

    fn squared_difference(&self, law: &PairCovariance) -> Option<f64> {
        self.facts.rays.map(|rays| rays.squared_difference(law))
    }
}

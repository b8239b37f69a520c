//! Shares of separable dichotomies where there are more points than neurons, by an exact test of each.

use super::{Address, ParameterError, Rows, RunError, SymmetricMatrix, Table, Width, checked, stderr};
use crate::model::Replicas;
use crate::numerics::convex::{Separation, conditioned, points_of, separate, signed};
use crate::random::Role;
use crate::simulation::Moments;
use crate::theory::paradox::shatter::cover_fraction;
use schemars::JsonSchema;
use serde::Deserialize;

/// How many dichotomies are separable.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Cover {
    /// Numbers of neurons a layer, `n`.
    #[serde(with = "checked::List::<Width>")]
    widths: Vec<Width>,
    /// Numbers of points, up to 64.
    #[serde(with = "checked::Points")]
    inputs: Vec<usize>,
    /// Up to this number of points all dichotomies are tried, beyond it random ones.
    #[serde(with = "checked::Count::<1>")]
    all_up_to: usize,
    /// Number of random dichotomies of a network.
    #[serde(with = "checked::Count::<1>")]
    dichotomies: usize,
    /// Number of networks a Monte Carlo mean is over.
    pub(super) replicas: Replicas,
    /// Layers.
    #[serde(with = "checked::Layers")]
    layers: Vec<usize>,
}

impl Cover {
    pub(super) fn check(&self) -> Result<(), ParameterError> {
        let refused = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        if let Some(k) = self.inputs.iter().find(|k| !(2..=64).contains(*k)) {
            return refused("cover.inputs", k.to_string(), "from 2 to 64");
        }
        if self.all_up_to > 16 {
            return refused("cover.all_up_to", self.all_up_to.to_string(), "at most 16");
        }
        if self.layers.contains(&0) {
            return refused("cover.layers", "0".to_owned(), "1 or more: the input is not random");
        }
        Ok(())
    }

    pub(super) fn layers(&self) -> &[usize] {
        &self.layers
    }

    pub(super) fn depth(&self) -> usize {
        self.layers.iter().copied().max().unwrap_or(1)
    }

    /// Numbers of points and widths, in the order of the table.
    pub(super) fn cases(&self) -> impl Iterator<Item = (usize, Width)> {
        self.widths.iter().flat_map(|&width| self.inputs.iter().map(move |&k| (k, width)))
    }

    /// Share of separable dichotomies in each layer; NaN where one is neither proven separable nor proven not to be.
    pub(super) fn observe(&self, grams: &[SymmetricMatrix], at: &Address) -> Vec<f64> {
        let k = grams[0].order();
        let labels: Vec<u64> = if k <= self.all_up_to {
            (0..1 << (k - 1)).collect()
        } else {
            let mut stream = at.with_role(Role::DICHOTOMIES).stream(0, 0);
            (0..self.dichotomies).map(|_| stream.word()).collect()
        };
        let share = |&layer: &usize| {
            let points = conditioned(&points_of(k, |i, j| grams[layer].get(i, j)));
            let separable = |labels: &u64| match separate(&signed(&points, *labels)) {
                Separation::Separable { .. } => 1.0,
                Separation::Inseparable { .. } => 0.0,
                Separation::Unresolved => f64::NAN,
            };
            labels.iter().map(separable).sum::<f64>() / labels.len() as f64
        };
        self.layers.iter().map(share).collect()
    }

    pub(super) fn table(&self, found: &[Moments]) -> Result<Table, RunError> {
        let mut rows = Rows::new(
            "cover",
            ["layer", "width", "inputs", "ratio", "replicas", "fraction_theory", "fraction_mc", "fraction_stderr"],
        );
        for (index, &layer) in self.layers.iter().enumerate() {
            for ((k, width), moments) in self.cases().zip(found) {
                let share = moments.mean(index);
                rows.push([
                    layer.into(),
                    width.get().into(),
                    k.into(),
                    (k as f64 / width.get() as f64).into(),
                    moments.count().into(),
                    cover_fraction(k, width.get() as usize).into(),
                    share.mean.into(),
                    stderr(&share).into(),
                ]);
            }
        }
        Ok(rows.table()?)
    }
}

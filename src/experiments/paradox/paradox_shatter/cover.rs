//! Shares of separable dichotomies where there are more points than neurons, by an exact test of each.

use super::columns;
use crate::experiment::prelude::*;
use crate::random::Role;
use crate::simulation::separable_share;
use crate::theory::paradox::shatter::cover_fraction;

parameters! {
    /// How many dichotomies are separable.
    Cover {
        widths: List<Width> => "Numbers of neurons a layer, `n`.",
        inputs: PointCounts => "Numbers of points, up to 64.",
        all_up_to: Count<1> => "Up to this number of points all dichotomies are tried, beyond it random ones.",
        dichotomies: Count<1> => "Number of random dichotomies of a network.",
        replicas: Replicas,
        layers: Layers => "Layers.",
    }
}

impl Cover {
    pub(super) fn check(&self) -> Result<(), ParameterError> {
        refuse("cover.inputs", self.inputs.iter().find(|k| !(2..=64).contains(*k)), "from 2 to 64")?;
        refuse_where(self.all_up_to > 16, "cover.all_up_to", self.all_up_to, "at most 16")?;
        refuse_where(self.layers.contains(&0), "cover.layers", 0, "1 or more: the input is not random")
    }

    pub(super) fn depth(&self) -> usize {
        deepest(&self.layers)
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
        self.layers.iter().map(|&layer| separable_share(&grams[layer], &labels)).collect()
    }

    /// Cover's count at all numbers of points up to the most that are looked at with this width.
    pub(super) fn curve(&self) -> Result<Table, RunError> {
        let (_, most) = least_and_most(&self.inputs);
        let row = |(width, k): (Width, usize)| {
            let n = width.get() as usize;
            row! { width, inputs: k, ratio: k as f64 / n as f64, fraction: cover_fraction(k, n) }
        };
        table("cover_curve", pairs(&self.widths, &(2..=most).collect::<Vec<_>>()).into_iter().map(row))
    }

    pub(super) fn table<P>(&self, found: &[Found<P>]) -> Result<Table, RunError> {
        rows!(cover);
        for (index, &layer) in self.layers.iter().enumerate() {
            for ((k, width), found) in self.cases().zip(found) {
                let (n, replicas) = (width.get() as usize, found.replicas());
                let fraction = Judged::new(cover_fraction(k, n), found.mean(index));
                cover.push(row! { layer, width, inputs: k, ratio: k as f64 / n as f64, replicas, fraction });
            }
        }
        Ok(cover.table()?)
    }
}

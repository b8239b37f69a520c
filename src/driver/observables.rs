//! What can be estimated of one ensemble, and the input columns that it takes.

use crate::model::{Column, Inputs, JetGram, SymmetricMatrix, Width, pair_distance};
use crate::simulation::Pair;
use anyhow::{Result, anyhow};

/// One of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Observable {
    Activity,
    Overlap,
    Distance,
    Metric,
    Curvature,
}

use Observable::{Activity, Curvature, Distance, Metric, Overlap};

impl Observable {
    const ALL: [Self; 5] = [Activity, Overlap, Distance, Metric, Curvature];

    fn name(self) -> &'static str {
        match self {
            Activity => "activity",
            Overlap => "overlap",
            Distance => "distance",
            Metric => "metric",
            Curvature => "curvature",
        }
    }
}

/// Observables in the order asked for, none twice.
#[derive(Debug, Clone)]
pub struct Observables(Vec<Observable>);

/// A list of names separated by commas.
pub fn observables(text: &str) -> Result<Observables, String> {
    let allowed = Observable::ALL.map(Observable::name).join(", ");
    let mut list = Vec::new();
    for name in text.split(',').map(str::trim) {
        let found = Observable::ALL.into_iter().find(|observable| observable.name() == name);
        let found = found.ok_or_else(|| format!("{name:?} is not an observable; allowed: {allowed}"))?;
        if list.contains(&found) {
            return Err(format!("{name:?} is there twice; allowed, each once: {allowed}"));
        }
        list.push(found);
    }
    Ok(Observables(list))
}

impl Observables {
    /// Names of all that there are.
    pub fn known() -> impl Iterator<Item = &'static str> {
        Observable::ALL.into_iter().map(Observable::name)
    }

    /// How many.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Their names, in order.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.iter().map(|observable| observable.name())
    }

    fn any(&self, of: &[Observable]) -> bool {
        self.0.iter().any(|observable| of.contains(observable))
    }

    /// Values in one layer of one network, of this width; that of the input does not matter.
    pub(super) fn of(
        &self,
        columns: &Columns,
        gram: &SymmetricMatrix,
        width: Option<Width>,
    ) -> impl Iterator<Item = f64> {
        let pair = Pair::POINT_AND_DIFFERENCE;
        // tangent and second derivative are then parallel
        let line = width.is_some_and(|width| width.get() == 1);
        self.0.iter().map(move |observable| match observable {
            Activity => pair.activity(gram),
            Overlap => pair.overlap(gram),
            Distance => pair.distance(gram),
            Metric => columns.circle(gram).metric(0, 0) / columns.metric,
            Curvature if line => 0.0,
            // a Gram determinant over positive numbers: what is below 0 is rounding
            Curvature => columns.circle(gram).curvature_squared(0).max(0.0),
        })
    }
}

/// The columns that some observables take: a point `x`; the difference `x' - x` to a second one; tangent
/// `e` and second derivative `H = -x` of the great circle through `x` in a direction orthogonal to both points.
pub(super) struct Columns {
    pub(super) inputs: Inputs,
    /// Where `x`, `e` and, if it is there, `H` are.
    circle: Vec<usize>,
    /// `e . e / n` of the input.
    metric: f64,
}

impl Columns {
    /// Fails when there is no correlation where one is needed, or no great circle.
    pub(super) fn new(
        observables: &Observables,
        [activity, prime]: [f64; 2],
        correlation: Option<f64>,
    ) -> Result<Self> {
        let curved = observables.any(&[Metric, Curvature]);
        if curved && activity == 0.0 {
            return Err(anyhow!("--activity 0 has no great circle for --observables metric and curvature"));
        }
        let (mut columns, mut gram) = if observables.any(&[Overlap, Distance]) {
            let correlation = correlation
                .ok_or_else(|| anyhow!("--correlation is missing; --observables overlap and distance need it"))?;
            let pair = Inputs::pair(activity, prime - activity, pair_distance(activity, prime, correlation))?;
            (pair.columns().to_vec(), pair.gram().clone())
        } else {
            (vec![Column::State], SymmetricMatrix::from_fn(1, |_, _| activity))
        };
        let tangent = columns.len();
        let mut circle = vec![0];
        if curved {
            circle.push(tangent);
            columns.push(Column::Tangent { of: 0 });
            gram = extended(&gram, |j| if j == tangent { activity } else { 0.0 });
        }
        if observables.any(&[Curvature]) {
            let second = tangent + 1;
            circle.push(second);
            columns.push(Column::Second { of: 0, along: [tangent, tangent] });
            let points = gram.clone();
            gram = extended(&gram, |j| if j == second { activity } else { -points.get(0, j) });
        }
        Ok(Self { inputs: Inputs::new(columns, gram)?, circle, metric: activity })
    }

    fn circle(&self, gram: &SymmetricMatrix) -> JetGram<f64> {
        JetGram::new(1, self.circle.len(), |i, j| gram.get(self.circle[i], self.circle[j]))
    }
}

/// The matrix with one more row and column.
fn extended(gram: &SymmetricMatrix, last: impl Fn(usize) -> f64) -> SymmetricMatrix {
    let order = gram.order();
    SymmetricMatrix::from_fn(order + 1, |i, j| if i < order { gram.get(i, j) } else { last(j) })
}

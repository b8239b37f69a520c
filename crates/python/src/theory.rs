//! Theory and initialisation, as the program's own JSON.

use crate::given::Given;
use crate::work::work;
use neurodyn::cli::initialisation;
use neurodyn::config::checked::{Count, NonNegative, Within};
use neurodyn::driver::one_line_each;
use neurodyn::theory::card::{Request, Second, card};
use neurodyn::theory::initialisation::Request as Asked;
use pyo3::prelude::*;
use serde::Serialize;
use serde_json::Value;

/// Most layers of advice.
const DEEPEST: usize = 10_000;

pub(crate) fn json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

/// The theory card of one ensemble.
#[pyfunction]
pub(crate) fn theory(py: Python, arguments: String) -> PyResult<String> {
    work(py, move |_| {
        let mut given = Given::parse(&arguments)?;
        let ensemble = given.ensemble()?;
        let correlation = given.correlation("correlation")?.map(Second::Correlation);
        let overlap = given.maybe("overlap")?.map(Second::Overlap);
        let distance = given.non_negative("distance")?.map(Second::Distance);
        let seconds: Vec<Second> = [correlation, overlap, distance].into_iter().flatten().collect();
        let ([] | [_]) = seconds.as_slice() else {
            return Err("the second input is given twice; allowed is one of correlation, overlap, distance".to_owned());
        };
        let request = Request {
            depth: given.by("depth", Count::<0>::deserialize)?,
            activity: given.non_negative("activity")?,
            activity_prime: given.non_negative("activity_prime")?,
            second: seconds.first().copied(),
            curvature: given.non_negative("curvature")?,
            keep: given.maybe("keep")?,
            koenigs: given.by("koenigs", non_negatives)?,
            ntk: given.maybe("ntk")?.unwrap_or_default(),
        };
        if request.depth.is_none() {
            let Request { activity, activity_prime, second, curvature, ntk, .. } = &request;
            let one = activity.or(*activity_prime).or(*curvature).is_some() || second.is_some() || *ntk;
            if one {
                return Err("depth is missing; inputs are followed through as many layers".to_owned());
            }
        }
        json(&card(&ensemble, &request).map_err(|error| error.to_string())?)
    })
}

fn non_negatives(value: Value) -> Result<Vec<f64>, serde_json::Error> {
    match value {
        Value::Array(values) => values.into_iter().map(NonNegative::deserialize).collect(),
        one => Ok(vec![NonNegative::deserialize(one)?]),
    }
}

/// How to initialise a network.
#[pyfunction]
pub(crate) fn init(py: Python, arguments: String) -> PyResult<String> {
    work(py, move |_| {
        let mut given = Given::parse(&arguments)?;
        let asked = Asked {
            activation: given.activation()?,
            depth: given.the_by("depth", Within::<1, DEEPEST>::deserialize)?,
            width: given.the("width")?,
            activity: given.positive("activity")?,
            sigma_b: given.maybe("sigma_b")?,
        };
        json(&initialisation(&asked).map_err(|error| one_line_each(&error))?)
    })
}

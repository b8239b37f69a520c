//! Networks of others beside their ensemble.

use crate::given::Given;
use crate::theory::json;
use crate::work::work;
use neurodyn::config::checked::Within;
use neurodyn::driver::{MOST_INPUTS, MOST_REPLICAS, Measuring, Shown, media_of, one_line_each, write_measured};
use neurodyn::measured::{LEAST_REPLICAS, Law, Request, Scales, law_named};
use neurodyn::model::{BiasStd, WeightStd};
use pyo3::prelude::*;
use std::path::PathBuf;

/// Pixels an inch of a PNG.
const DPI: u32 = 300;

/// Measures a network, and draws what was found where a file is given.
#[pyfunction]
pub(crate) fn measure(
    py: Python,
    network: PathBuf,
    data: PathBuf,
    out: Option<PathBuf>,
    arguments: String,
) -> PyResult<String> {
    work(py, move |_| {
        let measuring = measuring(&mut Given::parse(&arguments)?)?;
        let found = || {
            if let Some(out) = &out {
                media_of(out)?;
            }
            let found = Shown::read(&data)?.measure(&network, &measuring)?;
            if let Some(out) = &out {
                write_measured(out, &measuring, &found, DPI)?;
            }
            Ok(found)
        };
        json(&found().map_err(|error| one_line_each(&error))?)
    })
}

fn measuring(given: &mut Given) -> Result<Measuring, String> {
    let activation = given.activation()?;
    let sigma_w: Option<WeightStd> = given.maybe("sigma_w")?;
    let sigma_b: Option<BiasStd> = given.maybe("sigma_b")?;
    let law = match given.maybe::<String>("law")? {
        None => None,
        Some(name) => Some(law_named(&name).ok_or_else(|| {
            format!("law: {name:?} is no law of weights; allowed: normal, uniform, truncated_normal")
        })?),
    };
    // a scale that is given is that of normal weights, unless another law is
    let law = law.or(sigma_w.map(|_| Law::Normal));
    let scales = Scales { sigma_w: sigma_w.map(Into::into), sigma_b: sigma_b.map(Into::into), law };
    let request = Request {
        activation,
        linear_output: given.the("linear_output")?,
        scales,
        inputs: given.the_by("inputs", Within::<1, MOST_INPUTS>::deserialize)?,
        replicas: given.the_by("replicas", Within::<{ LEAST_REPLICAS }, MOST_REPLICAS>::deserialize)?,
    };
    Ok(Measuring { request, layers: given.maybe("layers")? })
}

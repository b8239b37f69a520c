//! Sampled networks, each of them, as arrays.

use crate::given::Given;
use crate::work::work;
use neurodyn::config::checked::{Count, Within};
use neurodyn::driver::{self, SampleRequest, observables, one_line_each};
use neurodyn::model::{Network, Replicas, Width};
use neurodyn::simulation::{Estimate, SamplerKind, cost};
use numpy::{PyArray1, PyArrayMethods};
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde_json::Value;
use std::sync::atomic::{AtomicU64, Ordering};

/// Most networks.
const MOST_NETWORKS: usize = 1_000_000_000;

/// What comes of a sample: the networks as arrays (network, layer), mean and standard error of each layer, by observable, and what was said.
type Sampled<'py> = (Bound<'py, PyDict>, Bound<'py, PyDict>, Bound<'py, PyDict>, Vec<String>);

/// Samples networks of one ensemble.
#[pyfunction]
pub(crate) fn sample(py: Python<'_>, arguments: String) -> PyResult<Sampled<'_>> {
    let (request, kept, layers, lines) = work(py, move |job| {
        let request = request(&mut Given::parse(&arguments)?)?;
        let depth = request.network.depth() + 1;
        let places = kept(&request)?;
        let count = places.len();
        let keep = |replica: u64, observed: &[f64]| {
            // layer by layer
            for (at, value) in observed.iter().enumerate() {
                let place = replica as usize * depth + at / count;
                places[at % count][place].store(value.to_bits(), Ordering::Relaxed);
            }
        };
        let layers = driver::sample(&request, &keep, job, &job.interrupt).map_err(|error| one_line_each(&error))?;
        let networks = layers.first().and_then(|layer| layer.first()).map_or(0, |estimate| estimate.replicas);
        let numbers = |places: Vec<AtomicU64>| {
            let all = places.into_iter().map(|place| f64::from_bits(place.into_inner()));
            all.take(networks * depth).collect::<Vec<f64>>()
        };
        let kept: Vec<Vec<f64>> = places.into_iter().map(numbers).collect();
        Ok((request, kept, layers, job.lines()))
    })?;
    let [networks, means, errors] = [PyDict::new(py), PyDict::new(py), PyDict::new(py)];
    for (index, (name, values)) in request.observables.names().zip(kept).enumerate() {
        let of = |value: fn(&Estimate) -> f64| layers.iter().map(|layer| value(&layer[index])).collect::<Vec<f64>>();
        let rows = values.len() / layers.len();
        networks.set_item(name, PyArray1::from_vec(py, values).reshape([rows, layers.len()])?)?;
        means.set_item(name, PyArray1::from_vec(py, of(|estimate| estimate.mean)))?;
        errors.set_item(name, PyArray1::from_vec(py, of(|estimate| estimate.stderr.unwrap_or(f64::NAN))))?;
    }
    Ok((networks, means, errors, lines))
}

/// Places for what all networks show, a list for each observable.
fn kept(request: &SampleRequest) -> Result<Vec<Vec<AtomicU64>>, String> {
    let networks = request.replicas.at_most();
    let bytes = 8.0 * networks as f64 * request.values() as f64;
    let refused = || {
        format!(
            "{networks} networks of {} numbers need {} of memory; allowed are {}, so take fewer networks, layers or observables",
            request.values(),
            cost::size(bytes),
            cost::size(cost::LARGEST)
        )
    };
    if bytes > cost::LARGEST {
        return Err(refused());
    }
    let length = networks as usize * (request.network.depth() + 1);
    let places = || {
        let mut places = Vec::new();
        places.try_reserve_exact(length).map_err(|_| refused())?;
        places.resize_with(length, AtomicU64::default);
        Ok(places)
    };
    (0..request.observables.count()).map(|_| places()).collect()
}

fn request(given: &mut Given) -> Result<SampleRequest, String> {
    let ensemble = given.ensemble()?;
    let depth = given.the_by("depth", Count::<1>::deserialize)?;
    let widths = given.the_by("width", widths)?;
    let network = match widths.as_slice() {
        [width] => Network::uniform(ensemble, *width, depth),
        widths if widths.len() == depth => Network::new(ensemble, widths.to_vec()),
        widths => {
            return Err(format!("width has {} numbers, but must have 1 or as many as depth, {depth}", widths.len()));
        }
    };
    let activity = given.non_negative("activity")?.ok_or("activity is missing")?;
    let prime = given.non_negative("activity_prime")?.unwrap_or(activity);
    let replicas = given.by("replicas", Within::<1, MOST_NETWORKS>::deserialize)?;
    let target: Option<f64> = given.maybe("target_stderr")?;
    let at_most: Option<u64> = given.maybe("at_most")?;
    let replicas = match (replicas, target, at_most) {
        (Some(replicas), None, None) => Replicas::few(replicas as u64),
        (None, Some(target), Some(at_most)) => Replicas::until(target, at_most).map_err(|error| error.to_string())?,
        _ => return Err("give replicas, or target_stderr and at_most".to_owned()),
    };
    let names: Vec<String> = given.the("observables")?;
    Ok(SampleRequest {
        network: network.map_err(|error| error.to_string())?,
        activities: [activity, prime],
        correlation: given.correlation("correlation")?,
        observables: observables(&names.join(",")).map_err(|message| format!("observables: {message}"))?,
        replicas,
        seed: given.the("seed")?,
        sampler: match given.the::<String>("sampler")?.as_str() {
            "exact" | "macroscopic" => SamplerKind::Macroscopic,
            "explicit" => SamplerKind::Explicit,
            other => return Err(format!("sampler: {other:?} is not a sampler; allowed: exact, explicit")),
        },
    })
}

fn widths(value: Value) -> Result<Vec<Width>, serde_json::Error> {
    match value {
        Value::Array(_) => serde_json::from_value(value),
        one => Ok(vec![serde_json::from_value(one)?]),
    }
}

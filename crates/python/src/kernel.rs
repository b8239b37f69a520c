//! Kernels of inputs in an array.

use crate::given::Given;
use crate::theory::json;
use crate::work::work;
use neurodyn::config::checked::Count;
use neurodyn::driver::{Layers, kernels_of, memory_of_kernels, one_line_each};
use neurodyn::model::{Centre, Matrix, ParameterError, Scale};
use neurodyn::numerics::spread::Triangle;
use neurodyn::simulation::cost;
use numpy::{PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray2, PyUntypedArrayMethods};
use pyo3::prelude::*;

/// Overlaps, tangent kernel where asked for, and every layer in a few numbers, as JSON.
type Found<'py> = (Bound<'py, PyArray2<f64>>, Option<Bound<'py, PyArray2<f64>>>, String);

/// Kernels of the rows of `x`.
#[pyfunction]
pub(crate) fn kernel<'py>(py: Python<'py>, x: PyReadonlyArray2<'py, f64>, arguments: String) -> PyResult<Found<'py>> {
    let [rows, columns] = [x.shape()[0], x.shape()[1]];
    // ours, since the caller's may change as soon as the lock is gone
    let values = x.as_slice()?.to_vec();
    let (overlaps, tangent, layers) = work(py, move |job| {
        let mut given = Given::parse(&arguments)?;
        let ensemble = given.ensemble()?;
        let depth = given.the_by("depth", Count::<0>::deserialize)?;
        let ntk = given.maybe("ntk")?.unwrap_or_default();
        let centre: Centre = given.the("centre")?;
        let scale: Scale = given.the("scale")?;
        let bytes = 8.0 * rows as f64 * columns as f64 + memory_of_kernels(rows, ntk, true);
        if bytes > cost::LARGEST {
            let [found, allowed] = [bytes, cost::LARGEST].map(cost::size);
            return Err(format!("x has {rows} rows, whose kernels need {found} of memory; allowed are {allowed}"));
        }
        let matrix = Matrix::new(rows, columns, values).and_then(|matrix| matrix.standardised(centre, scale));
        let matrix = matrix.map_err(|error| ParameterError { name: "x".into(), ..error }.to_string())?;
        let found = kernels_of(matrix, &ensemble, depth, ntk, job, &job.interrupt);
        let Layers { kernels, layers } = found.map_err(|error| one_line_each(&error))?;
        Ok((square(&kernels.overlaps), ntk.then(|| square(&kernels.tangent)), json(&layers)?))
    })?;
    let array = |values| PyArray1::from_vec(py, values).reshape([rows, rows]);
    Ok((array(overlaps)?, tangent.map(array).transpose()?, layers))
}

/// Side of the blocks that are mirrored, so that both sides of the diagonal stay in the cache.
const BLOCK: usize = 32;

/// The whole of a symmetric matrix.
fn square(triangle: &Triangle) -> Vec<f64> {
    let count = triangle.len();
    let mut all = vec![0.0; count * count];
    for top in (0..count).step_by(BLOCK) {
        for left in (0..=top).step_by(BLOCK) {
            for i in top..count.min(top + BLOCK) {
                for j in left..(left + BLOCK).min(i + 1) {
                    all[i * count + j] = triangle[i][j];
                    all[j * count + i] = triangle[i][j];
                }
            }
        }
    }
    all
}

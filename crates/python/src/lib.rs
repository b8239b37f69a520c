//! The Python module `neurodyn._neurodyn`: numbers cross as numpy arrays, all else as JSON, which `neurodyn/__init__.py` gives types.
//!
//! Nothing is computed here. Arguments are read by the rules of experiment files, work is done by the library of the program, and the program
//! itself is inside, so that a wheel has all of it once.

mod figures;
mod given;
mod kernel;
mod measure;
mod sample;
mod theory;
mod work;

use neurodyn::numerics::simd;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::ffi::OsString;
use std::io::Write;
use std::panic::catch_unwind;

pyo3::create_exception!(
    neurodyn,
    Error,
    PyValueError,
    "Something that cannot be computed, with what was found and what is allowed."
);

/// Runs the program with the words of a command line, its own name first, and gives its exit code.
#[pyfunction]
fn main(py: Python, words: Vec<OsString>) -> u8 {
    py.detach(|| {
        // a bug has been said by then
        let code = catch_unwind(|| neurodyn::cli::main(words)).unwrap_or(101);
        // nothing else does this at the end of a process that is not Rust's
        let _ = std::io::stdout().flush();
        code
    })
}

#[pymodule]
fn _neurodyn(module: &Bound<PyModule>) -> PyResult<()> {
    simd::initialise().map_err(|error| Error::new_err(error.to_string()))?;
    neurodyn::cli::is_in_another_program();
    neurodyn::cli::say_what_panics();
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("Error", module.py().get_type::<Error>())?;
    module.add_function(wrap_pyfunction!(main, module)?)?;
    module.add_function(wrap_pyfunction!(theory::theory, module)?)?;
    module.add_function(wrap_pyfunction!(theory::init, module)?)?;
    module.add_function(wrap_pyfunction!(sample::sample, module)?)?;
    module.add_function(wrap_pyfunction!(kernel::kernel, module)?)?;
    module.add_function(wrap_pyfunction!(measure::measure, module)?)?;
    module.add_function(wrap_pyfunction!(figures::toml, module)?)?;
    module.add_function(wrap_pyfunction!(figures::run, module)?)?;
    module.add_function(wrap_pyfunction!(figures::table, module)?)?;
    module.add_function(wrap_pyfunction!(figures::stated, module)?)?;
    module.add_function(wrap_pyfunction!(figures::exported, module)?)?;
    module.add_function(wrap_pyfunction!(figures::verify, module)?)?;
    module.add_function(wrap_pyfunction!(figures::cite, module)?)?;
    Ok(())
}

//! Kernels of the inputs in a file.

use super::{Interrupted, Listener};
use crate::arrays::npy;
use crate::experiment::Expected;
use crate::experiment::data::{Selection, Source};
use crate::files;
use crate::model::{Ensemble, Matrix};
use crate::numerics::spread::{Spread, Triangle};
use crate::simulation::{cost, spread};
use crate::theory::gram::{Kernels, Summary, kernels};
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// What is to be computed.
pub struct KernelRequest<'a> {
    /// The file of inputs.
    pub file: &'a Path,
    /// Which of its numbers are inputs.
    pub selection: Selection<'a>,
    /// The ensemble of networks.
    pub ensemble: Ensemble,
    /// Number of layers.
    pub depth: usize,
    /// Where the overlaps of the last layer go.
    pub out: Option<PathBuf>,
    /// Where the tangent kernel goes.
    pub ntk: Option<PathBuf>,
}

/// What was computed.
pub struct FoundKernels {
    /// Number of inputs.
    pub rows: usize,
    /// Numbers of an input.
    pub columns: usize,
    /// SHA-256 of the file.
    pub sha256: String,
    /// Every layer, the input first.
    pub layers: Vec<Summary>,
    /// Overlaps of the last layer, where they were written nowhere.
    pub overlaps: Option<Triangle>,
}

/// Computes the kernels and writes them.
pub fn kernel(
    request: &KernelRequest,
    listener: &(dyn Listener + Sync),
    interrupt: &AtomicBool,
) -> Result<FoundKernels> {
    let KernelRequest { file, selection, ensemble, depth, out, ntk } = request;
    let outputs: Vec<&PathBuf> = out.iter().chain(ntk).collect();
    for path in &outputs {
        if path.as_path() == *file {
            return Err(anyhow!("{}: the inputs would be overwritten; give another file", path.display()));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        files::check_writable(folder.unwrap_or(Path::new(".")))?;
        files::check_replaceable(path)?;
    }
    if outputs.len() == 2 && outputs[0] == outputs[1] {
        return Err(anyhow!("{}: --out and --ntk name one file; give two", outputs[0].display()));
    }
    let source = Source::open(file, selection.array).map_err(|message| anyhow!(message))?;
    let rows = check_size(&source, selection, ntk.is_some(), !outputs.is_empty(), file)?;
    let matrix = source.matrix(selection).map_err(|message| anyhow!(message))?;
    let sha256 = source.digest();
    drop(source);
    let columns = matrix.columns();
    let Layers { kernels: found, layers } = kernels_of(matrix, ensemble, *depth, ntk.is_some(), listener, interrupt)?;
    let _together = files::together();
    if let Some(path) = ntk {
        files::write(path, &npy::write_symmetric(&found.tangent))?;
    }
    drop(found.tangent);
    if let Some(path) = out {
        files::write(path, &npy::write_symmetric(&found.overlaps))?;
    }
    let overlaps = out.is_none().then_some(found.overlaps);
    Ok(FoundKernels { rows, columns, sha256, layers, overlaps })
}

/// Kernels, and every layer on the way there in a few numbers, the input first.
pub struct Layers {
    /// The kernels of the last layer.
    pub kernels: Kernels,
    /// The layers.
    pub layers: Vec<Summary>,
}

/// The kernels of these inputs, a row each.
pub fn kernels_of(
    matrix: Matrix,
    ensemble: &Ensemble,
    depth: usize,
    tangent: bool,
    listener: &(dyn Listener + Sync),
    interrupt: &AtomicBool,
) -> Result<Layers> {
    let rows = matrix.rows();
    // a unit is a row of a layer
    let units = (rows as u64).saturating_mul(depth as u64);
    listener.expect(Expected { units, nanoseconds: 0, at_most: false, whole: true });
    let go_on = || !interrupt.load(Ordering::Relaxed);
    let quiet: Spread = &|count, task| spread(count, task, &go_on);
    let gram = matrix.gram(quiet).ok_or(Interrupted)?;
    drop(matrix);
    let counted: Spread = &|count, task| {
        let task = |index: usize| {
            let found = task(index);
            if count == rows {
                listener.advance(1);
            }
            found
        };
        spread(count, &task, &go_on)
    };
    let mut layers = Vec::new();
    let kernels = kernels(ensemble, gram, depth, tangent, counted, &mut |_, gram| layers.push(Summary::of(gram)))?;
    Ok(Layers { kernels: kernels.ok_or(Interrupted)?, layers })
}

/// Memory of kernels of so many inputs, in bytes: of a layer and the next one, and of what comes out.
pub fn memory_of_kernels(rows: usize, tangent: bool, written: bool) -> f64 {
    let triangle = 4.0 * (rows as f64) * (rows as f64 + 1.0);
    triangle * if tangent { 4.0 } else { 2.0 } + if written { 2.0 * triangle } else { 0.0 }
}

/// Number of inputs; refuses more than memory holds before any number is read.
fn check_size(source: &Source, selection: &Selection, tangent: bool, written: bool, file: &Path) -> Result<usize> {
    let (rows, columns) = source.size();
    let taken = match selection.rows {
        None => rows,
        Some(slice) => slice.of(rows).map_or(rows, Iterator::count),
    };
    let kernels = memory_of_kernels(taken, tangent, written);
    let numbers = 8.0 * rows as f64 * columns as f64;
    let needed = source.bytes() as f64 + 2.0 * numbers + kernels;
    if needed > cost::LARGEST {
        return Err(anyhow!(
            "{}: found {taken} inputs of {columns} numbers, whose kernels need {} of memory; allowed are {}, so take fewer rows",
            file.display(),
            cost::size(needed),
            cost::size(cost::LARGEST)
        ));
    }
    Ok(taken)
}

//! `measure`: networks of others beside their ensemble, as records and as a figure.

mod figure;

pub(super) use figure::{FAMILY, Searched, draw, search};

use super::contents::Drawing;
use crate::arrays::Archive;
use crate::config::{Digested, Measurement};
use crate::measured::{self, Data, LEAST_REPLICAS, Measured, Measurer, Network, Request, Scales, law_named};
use crate::provenance::{Media, sha256};
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};

/// How networks are measured.
#[derive(Debug, Clone)]
pub struct Measuring {
    /// What they are held against.
    pub request: Request,
    /// Layers in their order, where they are chosen.
    pub layers: Option<Vec<String>>,
}

/// A network beside its ensemble, and the files that it is of.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Measurements {
    /// The file of the network.
    pub network: Digested,
    /// The file of the data.
    pub data: Digested,
    /// What was found.
    #[serde(flatten)]
    pub measured: Measured,
}

/// Data that networks are shown, and what was drawn for those before.
pub struct Shown {
    data: Data,
    digested: Digested,
    measurer: Measurer,
}

impl Shown {
    /// Reads the data.
    pub fn read(path: &Path) -> Result<Self> {
        let archive = opened(path)?;
        Ok(Self { data: Data::read(&archive)?, digested: digested(&archive), measurer: Measurer::default() })
    }

    /// Measures the network in a file.
    pub fn measure(&mut self, path: &Path, measuring: &Measuring) -> Result<Measurements> {
        let archive = opened(path)?;
        let network = Network::read(&archive, measuring.layers.as_deref())?;
        let digested = digested(&archive);
        // numbers take twice the memory of the file
        drop(archive);
        let measured = self.measurer.measure(&network, &self.data, &measuring.request)?;
        Ok(Measurements { network: digested, data: self.digested.clone(), measured })
    }
}

fn opened(path: &Path) -> Result<Archive> {
    Archive::open(path).map_err(|error| super::absent::explained(error, path))
}

fn digested(archive: &Archive) -> Digested {
    let file = archive.file().file_name().unwrap_or_default().to_string_lossy().into_owned();
    Digested { file, sha256: sha256(archive.bytes()) }
}

/// The layers of a file, and what is left out.
pub fn layers_of(path: &Path, chosen: Option<&[String]>) -> Result<(Archive, measured::Found)> {
    let archive = opened(path)?;
    let found = measured::list(&archive, chosen)?;
    Ok((archive, found))
}

impl Measuring {
    /// What a figure says that it is of.
    pub(super) fn stated(&self, of: &Measurements) -> Measurement {
        let Request { activation, linear_output, scales, inputs, replicas } = self.request;
        let scale = |value: Option<f64>| value.and_then(|value| value.try_into().ok());
        let bias = |value: Option<f64>| value.and_then(|value| value.try_into().ok());
        Measurement {
            activation,
            linear_output,
            layers: self.layers.clone(),
            sigma_w: scale(scales.sigma_w),
            sigma_b: bias(scales.sigma_b),
            law: scales.law.map(|law| law.words().replace(' ', "_")),
            inputs,
            replicas,
            network: of.network.clone(),
            data: of.data.clone(),
        }
    }

    /// How a figure says that it was measured.
    pub(super) fn of(stated: &Measurement) -> Result<Self> {
        let law = match &stated.law {
            None => None,
            Some(name) => Some(law_named(name).ok_or_else(|| anyhow!("law {name:?} is not known"))?),
        };
        let scales = Scales { sigma_w: stated.sigma_w.map(Into::into), sigma_b: stated.sigma_b.map(Into::into), law };
        let most = 1..=MOST_INPUTS;
        if !most.contains(&stated.inputs) || !(LEAST_REPLICAS..=MOST_REPLICAS).contains(&stated.replicas) {
            return Err(anyhow!(
                "inputs = {}, replicas = {}; allowed are 1 to {MOST_INPUTS} inputs and {LEAST_REPLICAS} to {MOST_REPLICAS} replicas",
                stated.inputs,
                stated.replicas
            ));
        }
        let request = Request {
            activation: stated.activation,
            linear_output: stated.linear_output,
            scales,
            inputs: stated.inputs,
            replicas: stated.replicas,
        };
        Ok(Self { request, layers: stated.layers.clone() })
    }
}

/// Most inputs that are followed.
pub const MOST_INPUTS: usize = 32;
/// Most networks that are drawn.
pub const MOST_REPLICAS: usize = 1_000_000;

/// Writes the figure of a measurement, in the format that its name says.
pub fn write_measured(path: &Path, measuring: &Measuring, of: &Measurements, dpi: u32) -> Result<()> {
    let media = media_of(path)?;
    let drawing: Drawing = draw(measuring, of, super::Theme::Print)?;
    let (folder, name) = (path.parent().unwrap_or(Path::new("")), path.file_name().unwrap_or_default());
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    super::write_files(folder, &[(PathBuf::from(name), drawing.file(media, dpi)?)])?;
    Ok(())
}

/// The format of a file by its name.
pub fn media_of(path: &Path) -> Result<Media> {
    let ending = path.extension().unwrap_or_default().to_string_lossy().into_owned();
    let found = Media::ALL.into_iter().find(|media| media.extension() == ending);
    found.with_context(|| {
        let allowed = Media::ALL.map(|media| format!(".{}", media.extension())).join(", ");
        format!("--out: found {}; allowed are names that end in {allowed}", path.display())
    })
}

//! Flags that several commands have, and how their values are read.

use super::complete::{activations, formats, venues};
use crate::driver::{Face, Formats, Text, Theme, Venue, Wish};
use crate::export::DPI;
use crate::model::formula::{NAMED, WITH_A_FILE};
use crate::model::{Activation, BiasStd, Ensemble, FormulaError, Keep, WeightStd, Width};
use crate::provenance::Media;
use clap_complete::ArgValueCandidates;

/// The activation.
#[derive(clap::Args)]
pub(super) struct ActivationFlag {
    #[arg(long, value_name = "FORMULA", help = known_activations(), value_parser = activation)]
    #[arg(add = ArgValueCandidates::new(activations))]
    pub(super) activation: Activation,
}

/// The ensemble of networks.
#[derive(clap::Args)]
pub(super) struct EnsembleFlags {
    #[command(flatten)]
    activation: ActivationFlag,
    /// Weight scale: weights are N(0, sigma_w^2 / n)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = weight)]
    sigma_w: WeightStd,
    /// Bias scale: biases are N(0, sigma_b^2)
    #[arg(long, value_name = "X", allow_negative_numbers = true, value_parser = bias)]
    sigma_b: BiasStd,
}

impl EnsembleFlags {
    pub(super) fn ensemble(&self) -> Ensemble {
        Ensemble { activation: self.activation.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b }
    }
}

/// The formats of figures.
#[derive(clap::Args)]
pub(super) struct FormatFlags {
    /// Formats of the figures, separated by commas: svg, pdf, png
    #[arg(long, value_name = "LIST", default_value = "svg", value_delimiter = ',', value_parser = media)]
    #[arg(add = ArgValueCandidates::new(formats))]
    format: Vec<Media>,
    /// Pixels an inch of PNG files
    #[arg(long, value_name = "N", default_value = "300")]
    #[arg(value_parser = clap::value_parser!(u32).range(i64::from(*DPI.start())..=i64::from(*DPI.end())))]
    dpi: u32,
    /// What figures are drawn for: print (white paper, for journals) or light (off-white ground, larger type and heavier lines, for screens
    /// and slides) [default: print, at the venue slides light]
    #[arg(long, value_enum, hide_possible_values = true)]
    theme: Option<ThemeFlag>,
    /// Labels as outlines (the same in every program) or live (text in an embedded font, to be searched and edited), whatever the files say
    #[arg(long, value_enum, hide_possible_values = true)]
    text: Option<TextFlag>,
    /// Typeface, serif (STIX) or sans (as wide as Helvetica), whatever the files say
    #[arg(long, value_enum, hide_possible_values = true)]
    face: Option<FaceFlag>,
    /// Where figures are to be printed or shown, which sets widths, sizes of type and typeface, whatever the files say: aps, nature, science,
    /// neurips, icml, iclr, jmlr, ieee, a4, slides
    #[arg(long, value_name = "NAME", value_parser = venue, add = ArgValueCandidates::new(venues))]
    venue: Option<Venue>,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum TextFlag {
    /// The same in every program
    Outlines,
    /// Text in an embedded font
    Live,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum FaceFlag {
    /// STIX
    Serif,
    /// Liberation Sans, as wide as Helvetica
    Sans,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum ThemeFlag {
    /// White paper, for journals
    Print,
    /// Off-white ground, larger type and heavier lines, for screens and slides
    Light,
}

impl FormatFlags {
    pub(super) fn formats(&self) -> Formats {
        let theme = self.theme.map(|theme| match theme {
            ThemeFlag::Print => Theme::Print,
            ThemeFlag::Light => Theme::Light,
        });
        let text = self.text.map(|text| match text {
            TextFlag::Outlines => Text::Outlines,
            TextFlag::Live => Text::Live,
        });
        let face = self.face.map(|face| match face {
            FaceFlag::Serif => Face::Serif,
            FaceFlag::Sans => Face::Sans,
        });
        let media = self.format.iter().copied().collect();
        Formats { media, dpi: self.dpi, theme, wish: Wish { text, face, venue: self.venue } }
    }
}

fn media(text: &str) -> Result<Media, String> {
    let allowed = Media::ALL.map(Media::extension);
    let found = Media::ALL.into_iter().find(|media| media.extension() == text);
    found.ok_or_else(|| format!("{text:?} is no format; allowed: {}", allowed.join(", ")))
}

fn venue(text: &str) -> Result<Venue, String> {
    let allowed: Vec<&str> = Venue::ALL.iter().map(|venue| venue.name()).collect();
    Venue::named(text).ok_or_else(|| format!("{text:?} is no venue; allowed: {}", allowed.join(", ")))
}

pub(super) fn known_activations() -> String {
    let names: Vec<&str> = Activation::ALL.iter().map(|activation| activation.name()).collect();
    let more: Vec<&str> = NAMED[WITH_A_FILE..].iter().map(|named| named.name).collect();
    format!(
        "Activation function: {}, {}, or a formula such as \"u * sigmoid(1.702 * u)\"",
        names.join(", "),
        more.join(", ")
    )
}

pub(super) fn activation(text: &str) -> Result<Activation, String> {
    text.parse().map_err(|error: FormulaError| error.to_string())
}

/// A number of threads; many more than there are processors only wait for each other.
pub(super) fn jobs(text: &str) -> Result<usize, String> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let most = 2 * processors;
    match text.parse() {
        Ok(jobs) if (1..=most).contains(&jobs) => Ok(jobs),
        _ => Err(format!(
            "{text:?} is not allowed; it must be a whole number from 1 to {most}, twice the processors there are"
        )),
    }
}

fn number(text: &str) -> Result<f64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

pub(super) fn weight(text: &str) -> Result<WeightStd, String> {
    WeightStd::new(number(text)?).map_err(|error| error.to_string())
}

pub(super) fn bias(text: &str) -> Result<BiasStd, String> {
    BiasStd::new(number(text)?).map_err(|error| error.to_string())
}

/// A probability to keep a neuron.
pub(super) fn keep(text: &str) -> Result<Keep, String> {
    Keep::new(number(text)?).map_err(|error| error.to_string())
}

/// A number of neurons.
pub(super) fn width(text: &str) -> Result<Width, String> {
    // 1e6 is a width too
    let value = text.parse::<u64>().ok().or_else(|| {
        let value: f64 = text.parse().ok()?;
        (value.fract() == 0.0 && (1.0..=1e15).contains(&value)).then_some(value as u64)
    });
    let value = value.ok_or_else(|| format!("{text:?} is not a whole number from 1 to 1e12"))?;
    Width::new(value).map_err(|error| error.to_string())
}

/// A finite number above 0.
pub(super) fn positive(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    let allowed = value.is_finite() && value > 0.0;
    if allowed { Ok(value) } else { Err(format!("{value} is not allowed; it must be a finite number above 0")) }
}

/// A finite number, 0 or more.
pub(super) fn activity(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    let allowed = value.is_finite() && value >= 0.0;
    if allowed { Ok(value) } else { Err(format!("{value} is not allowed; it must be a finite number, 0 or more")) }
}

pub(super) fn correlation(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    let allowed = (-1.0..=1.0).contains(&value);
    if allowed { Ok(value) } else { Err(format!("{value} is not allowed; it must be a number from -1 to 1")) }
}

pub(super) fn finite(text: &str) -> Result<f64, String> {
    let value = number(text)?;
    if value.is_finite() { Ok(value) } else { Err(format!("{value} is not allowed; it must be a finite number")) }
}

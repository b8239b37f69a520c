//! What a file says of the look of its figures: titles, sizes, labels.

use super::{ConfigError, Document};
use neurodyn_figure::{Face, Text, Venue};
use schemars::JsonSchema;
use serde::de::Error;
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;

/// The section `[figures.<name>]`.
#[derive(Debug, Clone, PartialEq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Drawing {
    /// Plain title, kept in the file of the figure.
    pub title: Option<String>,
    /// Height in millimetres.
    #[serde(default, deserialize_with = "height")]
    #[schemars(with = "Option<f64>", range(min = 20, max = 250))]
    pub height: Option<f64>,
    /// Width: one or two columns of a journal, or millimetres.
    #[serde(default, deserialize_with = "width")]
    #[schemars(with = "Option<Width>")]
    pub width: Option<Width>,
    /// Labels as outlines, the same in every program, or as live text in an embedded font, which can be searched and edited.
    #[serde(default, deserialize_with = "text")]
    #[schemars(with = "Option<Text>")]
    pub text: Option<Text>,
    /// Typeface: serif (STIX) or sans (Liberation Sans, as wide as Helvetica).
    #[serde(default, deserialize_with = "face")]
    #[schemars(with = "Option<Face>")]
    pub face: Option<Face>,
    /// Where it is to be printed or shown: widths of columns, sizes of type, typeface.
    #[serde(default, deserialize_with = "venue")]
    #[schemars(with = "Option<Venue>")]
    pub venue: Option<Venue>,
    /// Labels of panels, by their letters.
    #[serde(default)]
    pub panels: BTreeMap<String, PanelLabels>,
    /// Legend labels with `{}` for the value, by the columns that split series.
    #[serde(default)]
    pub legend: BTreeMap<String, String>,
}

/// Width of a figure.
#[derive(Debug, Clone, Copy, PartialEq, JsonSchema)]
#[schemars(untagged)]
pub enum Width {
    /// Columns, as wide as those of the venue.
    Columns(Columns),
    /// Millimetres.
    Millimetres(#[schemars(range(min = 40, max = 400))] f64),
}

/// Columns of a journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Columns {
    /// One, 86 mm if no venue says another.
    Single,
    /// Two, 178 mm if no venue says another.
    Double,
}

/// The section `[figures.<name>.panels.<letter>]`; all in the markup of labels.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PanelLabels {
    /// Title above the frame.
    pub title: Option<String>,
    /// Label of the horizontal axis.
    pub x: Option<String>,
    /// Label of the vertical axis.
    pub y: Option<String>,
}

/// Heights that fit on a page, in millimetres.
const HEIGHTS: std::ops::RangeInclusive<f64> = 20.0..=250.0;

/// Widths that can be printed, in millimetres.
const WIDTHS: std::ops::RangeInclusive<f64> = 40.0..=400.0;

fn height<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    let height = f64::deserialize(deserializer)?;
    let (low, high) = (HEIGHTS.start(), HEIGHTS.end());
    match HEIGHTS.contains(&height) {
        true => Ok(Some(height)),
        false => Err(D::Error::custom(format!("{height} mm, but must be from {low} to {high}"))),
    }
}

fn width<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Width>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    let millimetres = value.as_float().or_else(|| value.as_integer().map(|whole| whole as f64));
    match (value.as_str(), millimetres) {
        (Some("single"), _) => Ok(Some(Width::Columns(Columns::Single))),
        (Some("double"), _) => Ok(Some(Width::Columns(Columns::Double))),
        (_, Some(millimetres)) if WIDTHS.contains(&millimetres) => Ok(Some(Width::Millimetres(millimetres))),
        _ => Err(D::Error::custom(format!(
            "{value}, but must be \"single\" (86 mm) or \"double\" (178 mm), one or two columns of a journal, or {} to {} mm",
            WIDTHS.start(),
            WIDTHS.end()
        ))),
    }
}

fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Text>, D::Error> {
    named(deserializer, Text::ALL, Text::name)
}

fn face<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Face>, D::Error> {
    named(deserializer, Face::ALL, Face::name)
}

/// One of several things by its name.
fn venue<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Venue>, D::Error> {
    named(deserializer, Venue::ALL, Venue::name)
}

fn named<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    all: &[T],
    name: impl Fn(T) -> &'static str,
) -> Result<Option<T>, D::Error> {
    let value = toml::Value::deserialize(deserializer)?;
    match all.iter().find(|&&one| value.as_str() == Some(name(one))) {
        Some(&one) => Ok(Some(one)),
        None => {
            let allowed: Vec<String> = all.iter().map(|&one| format!("{:?}", name(one))).collect();
            Err(D::Error::custom(format!("{value}, but must be {}", allowed.join(" or "))))
        }
    }
}

/// A label in the markup, and the fields that lead to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label<'a> {
    /// Fields from the top of the file.
    pub path: Vec<&'a str>,
    /// Its text.
    pub text: &'a str,
    /// Whether `{}` stands for a value.
    pub template: bool,
}

impl Document {
    /// All labels that the file gives.
    pub fn labels(&self) -> Vec<Label<'_>> {
        let mut labels = Vec::new();
        for (name, drawing) in &self.header.figures {
            for (letter, panel) in &drawing.panels {
                for (field, text) in [("title", &panel.title), ("x", &panel.x), ("y", &panel.y)] {
                    let path = vec!["figures", name, "panels", letter, field];
                    labels.extend(text.iter().map(|text| Label { path: path.clone(), text, template: false }));
                }
            }
            for (column, text) in &drawing.legend {
                labels.push(Label { path: vec!["figures", name, "legend", column], text, template: true });
            }
        }
        labels
    }

    /// An error at the field of this path.
    pub fn error_in(&self, path: &[&str], message: &str) -> ConfigError {
        let offset = super::place::find(&self.text, path).unwrap_or(0);
        super::located(&self.path, &self.text, offset, format!("{}: {message}", path.join(".")))
    }

    /// Whether another text of this file computes the same tables: all but titles, labels and quoted numbers is equal.
    pub fn computes_like(&self, text: &str) -> bool {
        let computed = |text: &str| {
            let mut table: toml::Table = toml::from_str(text).ok()?;
            ["title", "figures", "numbers"].iter().for_each(|field| drop(table.remove(*field)));
            Some(table)
        };
        self.text == text || (computed(text).is_some() && computed(text) == computed(&self.text))
    }
}

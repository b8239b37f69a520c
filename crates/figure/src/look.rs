//! What a figure may ask for of its look, apart from its size: typeface, text or outlines, a place to print.

use super::venue::Venue;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A typeface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Face {
    /// STIX, which goes with Times.
    #[default]
    Serif,
    /// Liberation Sans, which has the metrics of Helvetica, and the signs of Noto Sans Math.
    Sans,
}

impl Face {
    /// Every typeface.
    pub const ALL: &[Face] = &[Face::Serif, Face::Sans];

    /// Its name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Face::Serif => "serif",
            Face::Sans => "sans",
        }
    }

    /// The typeface of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|face| face.name() == name)
    }
}

/// What becomes of labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// Outlines: the same in every program.
    #[default]
    Outlines,
    /// Text in an embedded font: it can be searched and edited.
    Live,
}

impl Text {
    /// Both.
    pub const ALL: &[Text] = &[Text::Outlines, Text::Live];

    /// Its name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Text::Outlines => "outlines",
            Text::Live => "live",
        }
    }

    /// What has this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|text| text.name() == name)
    }
}

/// What is asked for; what is not is as usual.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Wish {
    /// Labels as text or as outlines.
    pub text: Option<Text>,
    /// The typeface.
    pub face: Option<Face>,
    /// The venue.
    pub venue: Option<Venue>,
}

impl Wish {
    /// What this asks for, and where it asks for nothing the other.
    pub fn or(self, other: Self) -> Self {
        Self { text: self.text.or(other.text), face: self.face.or(other.face), venue: self.venue.or(other.venue) }
    }
}

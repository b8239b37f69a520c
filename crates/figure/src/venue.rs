//! Where figures are printed or shown: how wide columns are, how large type may be.

use super::look::{Face, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A journal, a conference or a page. What each asks for, and who says so, is in docs/how-to/venue.md.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Venue {
    /// Journals of the American Physical Society.
    Aps,
    /// Nature and journals of its name.
    Nature,
    /// Science.
    Science,
    /// Neural Information Processing Systems.
    Neurips,
    /// International Conference on Machine Learning.
    Icml,
    /// International Conference on Learning Representations.
    Iclr,
    /// Journal of Machine Learning Research.
    Jmlr,
    /// Journals of the IEEE.
    Ieee,
    /// A page of A4 with margins of 25 mm, of one column or two.
    A4,
    /// A slide of beamer at 16:9, 160 mm x 90 mm.
    Slides,
}

/// What a venue asks for. Lengths in millimetres, type in points.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Terms {
    /// Width of `single` figures.
    pub single: f64,
    /// Width of `double` figures, the widest that there is room for.
    pub double: f64,
    /// Greatest height; figures that are a little taller become as tall as this.
    pub tallest: f64,
    /// Least and greatest type.
    pub type_size: (f64, f64),
    /// Least type of subscripts and superscripts.
    pub scripts: f64,
    /// Typeface.
    pub face: Face,
    /// What becomes of labels.
    pub text: Text,
    /// Whether it is read from a screen.
    pub screen: bool,
}

/// What most ask for: a page of Letter.
const PAGE: Terms = Terms {
    single: 86.0,
    double: 178.0,
    tallest: 220.0,
    type_size: (6.0, 10.0),
    scripts: 3.0,
    face: Face::Serif,
    text: Text::Outlines,
    screen: false,
};

impl Venue {
    /// Every venue.
    pub const ALL: &[Venue] = &[
        Venue::Aps,
        Venue::Nature,
        Venue::Science,
        Venue::Neurips,
        Venue::Icml,
        Venue::Iclr,
        Venue::Jmlr,
        Venue::Ieee,
        Venue::A4,
        Venue::Slides,
    ];

    /// Its name on the command line and in files.
    pub fn name(self) -> &'static str {
        match self {
            Venue::Aps => "aps",
            Venue::Nature => "nature",
            Venue::Science => "science",
            Venue::Neurips => "neurips",
            Venue::Icml => "icml",
            Venue::Iclr => "iclr",
            Venue::Jmlr => "jmlr",
            Venue::Ieee => "ieee",
            Venue::A4 => "a4",
            Venue::Slides => "slides",
        }
    }

    /// The venue of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|venue| venue.name() == name)
    }

    /// What it asks for.
    pub fn terms(self) -> Terms {
        match self {
            // columns of 3 3/8 in and text of 7 in
            Venue::Aps => PAGE,
            // https://research-figure-guide.nature.com/figures/building-and-exporting-figure-panels
            Venue::Nature => Terms {
                single: 89.0,
                double: 183.0,
                tallest: 170.0,
                type_size: (5.0, 7.0),
                scripts: 5.0,
                face: Face::Sans,
                text: Text::Live,
                ..PAGE
            },
            // one and three columns of three
            Venue::Science => Terms {
                single: 57.0,
                double: 184.0,
                type_size: (5.0, 8.0),
                scripts: 5.0,
                face: Face::Sans,
                text: Text::Live,
                ..PAGE
            },
            // 5.5 in and 9 in of text in one column, where a figure may have any width
            Venue::Neurips | Venue::Iclr => Terms { double: 139.7, type_size: (6.0, 8.0), ..PAGE },
            // 3.25 in and 6.75 in
            Venue::Icml => Terms { single: 82.55, double: 171.45, ..PAGE },
            // 6 in of text in one column
            Venue::Jmlr => Terms { double: 152.4, ..PAGE },
            // 3.5 in and 7.16 in, type of 8 pt to 10 pt
            Venue::Ieee => Terms { single: 88.9, double: 182.0, type_size: (8.0, 10.0), ..PAGE },
            Venue::A4 => Terms { single: 77.5, double: 160.0, tallest: 240.0, ..PAGE },
            Venue::Slides => Terms {
                single: 86.0,
                double: 140.0,
                tallest: 78.0,
                type_size: (7.0, 11.0),
                face: Face::Sans,
                screen: true,
                ..PAGE
            },
        }
    }
}

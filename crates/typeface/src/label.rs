//! Labels as text: what is written, glyph by glyph, and the fonts that it needs.

use super::fonts::{Cut, FontError, Fonts, Glyph};
use super::subset::Subset;
use neurodyn_figure::Face;
use std::collections::{BTreeMap, BTreeSet};

/// A filled rectangle: left, bottom, width, height.
pub type Bar = [i64; 4];

/// A glyph in place, rounded as a drawing places its outline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Set {
    /// The glyph.
    pub glyph: Glyph,
    /// The character that it stands for.
    pub character: char,
    /// Origin.
    pub x: i64,
    /// Baseline.
    pub y: i64,
    /// Size, in hundredths of that of the label.
    pub percent: i32,
}

/// A label: a line of type with its scripts, accents and roots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The label in plain text.
    pub plain: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// Its glyphs in reading order, spaces too.
    pub glyphs: Vec<Set>,
    /// Lines of roots and bars above letters.
    pub bars: Vec<Bar>,
}

/// Glyphs of one font and size that stand beside each other as the font itself would set them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Cut of the font.
    pub cut: Cut,
    /// Size, in hundredths of that of the label.
    pub percent: i32,
    /// Where it starts.
    pub x: i64,
    /// Its baseline.
    pub y: i64,
    /// Glyphs and what they stand for.
    pub glyphs: Vec<(Glyph, char)>,
    /// Whether there is room for a space before it.
    pub apart: bool,
}

/// Room, in thousandths of the font size, that readers take for a space.
const SPACE: f64 = 150.0;
/// How far a glyph may be from where the advances before it would put it.
const LOOSE: f64 = 1.0;

impl Label {
    /// From its start to its end.
    pub fn length(&self, fonts: &Fonts) -> f64 {
        let end = |set: &Set| set.x as f64 + fonts.metrics(set.glyph).advance * f64::from(set.percent) / 100.0;
        self.glyphs.iter().map(end).fold(0.0, f64::max)
    }

    /// The label in runs.
    pub fn runs(&self, fonts: &Fonts) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        // where the next glyph would start
        let mut next = 0.0;
        for set in &self.glyphs {
            let x = set.x as f64;
            let fits = |run: &Run| (run.cut, run.percent, run.y) == (set.glyph.cut, set.percent, set.y);
            match runs.last_mut().filter(|run| fits(run) && (x - next).abs() <= LOOSE) {
                Some(run) => run.glyphs.push((set.glyph, set.character)),
                None => {
                    let apart = !runs.is_empty() && x - next >= SPACE;
                    let glyphs = vec![(set.glyph, set.character)];
                    let (cut, percent) = (set.glyph.cut, set.percent);
                    runs.push(Run { cut, percent, x: set.x, y: set.y, glyphs, apart });
                    next = x;
                }
            }
            next += fonts.metrics(set.glyph).advance * f64::from(set.percent) / 100.0;
        }
        runs
    }
}

/// All labels of a drawing, in its order.
#[derive(Debug, Clone, PartialEq)]
pub struct LiveText {
    /// The typeface.
    pub face: Face,
    /// The labels.
    pub labels: Vec<Label>,
}

impl LiveText {
    /// The fonts that hold the glyphs of these labels and no others.
    pub fn subsets(&self) -> Result<Vec<Subset>, FontError> {
        let mut used: BTreeMap<Cut, BTreeSet<(u16, char)>> = BTreeMap::new();
        for set in self.labels.iter().flat_map(|label| &label.glyphs) {
            used.entry(set.glyph.cut).or_default().insert((set.glyph.id, set.character));
        }
        let mut subsets = Vec::new();
        for (cut, glyphs) in used {
            subsets.push(Subset::new(self.face, cut, &glyphs)?);
        }
        Ok(subsets)
    }
}

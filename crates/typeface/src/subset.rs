//! A font with the glyphs that a drawing has, and no others.

use super::fonts::{Cut, FontError, family, file as whole};
use neurodyn_figure::Face;
use skrifa::instance::{LocationRef, Size};
use skrifa::raw::TableProvider;
use skrifa::{FontRef, GlyphId, MetadataProvider, Tag};
use std::collections::{BTreeMap, BTreeSet};
use subsetter::{GlyphRemapper, subset};

/// Part of a cut, as a program for PDF: without a map from characters to glyphs, which is beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subset {
    /// The typeface.
    pub face: Face,
    /// The cut.
    pub cut: Cut,
    /// The font as an OpenType file.
    pub file: Vec<u8>,
    /// Six letters that tell it from other subsets of its font.
    pub tag: String,
    /// Advances by the new numbers of glyphs.
    pub advances: Vec<f32>,
    /// New numbers of glyphs by characters.
    pub characters: BTreeMap<char, u16>,
    /// New numbers of glyphs by those in the whole font.
    numbers: BTreeMap<u16, u16>,
}

/// What a reader that lacks the font would have to know of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Descriptor {
    /// Left, bottom, right, top of all glyphs.
    pub bounds: [f32; 4],
    /// Angle of stems in degrees, below zero where they lean to the right.
    pub angle: f32,
    /// Height above the baseline.
    pub ascent: f32,
    /// Depth below it, below zero.
    pub descent: f32,
    /// Height of capital letters.
    pub capitals: f32,
}

impl Subset {
    /// These glyphs of a cut, with what they stand for.
    pub(crate) fn new(face: Face, cut: Cut, glyphs: &BTreeSet<(u16, char)>) -> Result<Self, FontError> {
        let failed = |problem: &dyn std::fmt::Display| FontError(problem.to_string());
        let mut remapper = GlyphRemapper::new();
        let mut numbers = BTreeMap::from([(0, 0)]);
        let mut characters = BTreeMap::new();
        for &(glyph, character) in glyphs {
            let number = remapper.remap(glyph);
            numbers.insert(glyph, number);
            characters.insert(character, number);
        }
        let file = subset(whole(face, cut), 0, &remapper).map_err(|error| failed(&error))?;
        let font = FontRef::new(&file).map_err(|error| failed(&error))?;
        // parts of composed glyphs come after those that were asked for
        let count = font.maxp().map_err(|error| failed(&error))?.num_glyphs();
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        let advances = (0..count).map(|id| metrics.advance_width(GlyphId::from(id)).unwrap_or_default()).collect();
        Ok(Self { face, cut, tag: tag(&file), file, advances, characters, numbers })
    }

    /// Its name, which says that it is a part.
    pub fn name(&self) -> String {
        format!("{}+{}-{}", self.tag, family(self.face), self.cut.name())
    }

    /// The number that a glyph of the whole font has here.
    pub fn number(&self, id: u16) -> Option<u16> {
        self.numbers.get(&id).copied()
    }

    /// The bare outlines where they are in the format of PostScript; TrueType fonts are embedded whole.
    pub fn postscript(&self) -> Option<&[u8]> {
        Some(FontRef::new(&self.file).ok()?.table_data(Tag::new(b"CFF "))?.as_bytes())
    }

    /// What describes the whole font.
    pub fn descriptor(&self) -> Result<Descriptor, FontError> {
        let font = FontRef::new(whole(self.face, self.cut)).map_err(|error| FontError(error.to_string()))?;
        let metrics = font.metrics(Size::unscaled(), LocationRef::default());
        let bounds = metrics.bounds.map_or([0.0, -250.0, 1000.0, 750.0], |b| [b.x_min, b.y_min, b.x_max, b.y_max]);
        let (ascent, descent) = (metrics.ascent, metrics.descent);
        let capitals = metrics.cap_height.filter(|&height| height > 0.0).unwrap_or(662.0);
        Ok(Descriptor { bounds, angle: metrics.italic_angle, ascent, descent, capitals })
    }
}

/// Letters that follow from these bytes (Fowler, Noll and Vo's sum).
fn tag(bytes: &[u8]) -> String {
    let sum = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |sum, &byte| (sum ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    let mut rest = sum ^ (sum >> 32);
    let mut letter = || {
        let letter = b'A' + (rest % 26) as u8;
        rest /= 26;
        char::from(letter)
    };
    (0..6).map(|_| letter()).collect()
}

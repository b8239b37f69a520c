//! The bundled fonts: advances, extents and outlines, in thousandths of the font size.

use std::fmt::Write;
use ttf_parser::{Face, GlyphId, OutlineBuilder};

const REGULAR: &[u8] = include_bytes!("../../assets/fonts/STIXGeneral-Regular.otf");
const ITALIC: &[u8] = include_bytes!("../../assets/fonts/STIXGeneral-Italic.otf");
const BOLD: &[u8] = include_bytes!("../../assets/fonts/STIXGeneral-Bold.otf");

/// One of the three cuts of the typeface; bold is for the letters of panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Cut {
    Regular,
    Italic,
    Bold,
}

/// A glyph of one cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Glyph {
    pub cut: Cut,
    pub id: u16,
}

impl Glyph {
    /// Name of the glyph in a file. It follows from the font alone, so equal names always mean equal outlines.
    pub fn name(self) -> String {
        match self.cut {
            Cut::Regular => format!("r{}", self.id),
            Cut::Italic => format!("i{}", self.id),
            Cut::Bold => format!("b{}", self.id),
        }
    }
}

/// Advance and extents of a glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Metrics {
    pub advance: f64,
    pub right: f64,
    pub top: f64,
    pub bottom: f64,
}

/// All cuts, parsed.
pub(super) struct Fonts {
    regular: Face<'static>,
    italic: Face<'static>,
    bold: Face<'static>,
}

impl Fonts {
    /// Parses the bundled fonts; they are part of the program, so this fails only if the build was tampered with.
    pub fn load() -> Result<Self, ttf_parser::FaceParsingError> {
        Ok(Self { regular: Face::parse(REGULAR, 0)?, italic: Face::parse(ITALIC, 0)?, bold: Face::parse(BOLD, 0)? })
    }

    fn face(&self, cut: Cut) -> &Face<'static> {
        match cut {
            Cut::Regular => &self.regular,
            Cut::Italic => &self.italic,
            Cut::Bold => &self.bold,
        }
    }

    /// The glyph of a character, upright and regular if its own cut lacks it.
    pub fn glyph(&self, character: char, cut: Cut) -> Option<Glyph> {
        let of = |cut| self.face(cut).glyph_index(character).map(|id| Glyph { cut, id: id.0 });
        of(cut).or_else(|| of(Cut::Regular))
    }

    /// Advance and extents.
    pub fn metrics(&self, glyph: Glyph) -> Metrics {
        let face = self.face(glyph.cut);
        let id = GlyphId(glyph.id);
        let advance = f64::from(face.glyph_hor_advance(id).unwrap_or(0));
        match face.glyph_bounding_box(id) {
            Some(b) => {
                Metrics { advance, right: f64::from(b.x_max), top: f64::from(b.y_max), bottom: f64::from(b.y_min) }
            }
            None => Metrics { advance, right: 0.0, top: 0.0, bottom: 0.0 },
        }
    }

    /// The outline as SVG path data, y upwards.
    pub fn outline(&self, glyph: Glyph) -> String {
        let mut outline = Outline(String::new());
        self.face(glyph.cut).outline_glyph(GlyphId(glyph.id), &mut outline);
        outline.0
    }
}

struct Outline(String);

impl Outline {
    fn push(&mut self, command: char, coordinates: &[f32]) {
        self.0.push(command);
        for (i, value) in coordinates.iter().enumerate() {
            let value = value.round() as i32;
            let space = if i > 0 && value >= 0 { " " } else { "" };
            let _ = write!(self.0, "{space}{value}");
        }
    }
}

impl OutlineBuilder for Outline {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[x, y]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[x, y]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.push('Q', &[x1, y1, x, y]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.push('C', &[x1, y1, x2, y2, x, y]);
    }

    fn close(&mut self) {
        self.0.push('Z');
    }
}

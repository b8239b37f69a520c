//! The bundled fonts: advances, extents and outlines, in thousandths of the font size.

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::raw::ReadError;
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;

const REGULAR: &[u8] = include_bytes!("../assets/fonts/STIXGeneral-Regular.otf");
const ITALIC: &[u8] = include_bytes!("../assets/fonts/STIXGeneral-Italic.otf");
const BOLD: &[u8] = include_bytes!("../assets/fonts/STIXGeneral-Bold.otf");

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
    regular: Face,
    italic: Face,
    bold: Face,
}

/// One cut, parsed.
struct Face {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    outlines: OutlineGlyphCollection<'static>,
    /// Metrics of glyphs met, since they take drawing the outline.
    known: RefCell<BTreeMap<u16, Metrics>>,
}

impl Face {
    fn parse(bytes: &'static [u8]) -> Result<Self, ReadError> {
        let font = FontRef::new(bytes)?;
        Ok(Self {
            characters: font.charmap(),
            metrics: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            outlines: font.outline_glyphs(),
            known: RefCell::default(),
        })
    }

    /// Empty where there is nothing to draw.
    fn outline(&self, id: u16) -> Outline {
        let mut outline = Outline::default();
        if let Some(glyph) = self.outlines.get(GlyphId::from(id)) {
            let settings = DrawSettings::unhinted(Size::unscaled(), LocationRef::default());
            // the bundled fonts have no glyph that fails
            let _ = glyph.draw(settings, &mut outline);
        }
        outline
    }
}

impl Fonts {
    /// Parses the bundled fonts; they are part of the program, so this fails only if the build was tampered with.
    pub fn load() -> Result<Self, ReadError> {
        Ok(Self { regular: Face::parse(REGULAR)?, italic: Face::parse(ITALIC)?, bold: Face::parse(BOLD)? })
    }

    fn face(&self, cut: Cut) -> &Face {
        match cut {
            Cut::Regular => &self.regular,
            Cut::Italic => &self.italic,
            Cut::Bold => &self.bold,
        }
    }

    /// The glyph of a character, upright and regular if its own cut lacks it.
    pub fn glyph(&self, character: char, cut: Cut) -> Option<Glyph> {
        let of = |cut| {
            let id = self.face(cut).characters.map(character)?;
            u16::try_from(id.to_u32()).ok().map(|id| Glyph { cut, id })
        };
        of(cut).or_else(|| of(Cut::Regular))
    }

    /// Advance and extents, those of control points too.
    pub fn metrics(&self, glyph: Glyph) -> Metrics {
        let face = self.face(glyph.cut);
        if let Some(metrics) = face.known.borrow().get(&glyph.id) {
            return *metrics;
        }
        let advance = f64::from(face.metrics.advance_width(GlyphId::from(glyph.id)).unwrap_or(0.0));
        let Extents { right, top, bottom } = face.outline(glyph.id).extents.unwrap_or_default();
        let metrics = Metrics { advance, right: f64::from(right), top: f64::from(top), bottom: f64::from(bottom) };
        face.known.borrow_mut().insert(glyph.id, metrics);
        metrics
    }

    /// The outline as SVG path data, y upwards.
    pub fn outline(&self, glyph: Glyph) -> String {
        self.face(glyph.cut).outline(glyph.id).path
    }
}

#[derive(Clone, Copy, Default)]
struct Extents {
    right: f32,
    top: f32,
    bottom: f32,
}

#[derive(Default)]
struct Outline {
    path: String,
    extents: Option<Extents>,
}

impl Outline {
    fn push(&mut self, command: char, coordinates: &[f32]) {
        self.path.push(command);
        for (i, value) in coordinates.iter().enumerate() {
            let value = value.round() as i32;
            let space = if i > 0 && value >= 0 { " " } else { "" };
            let _ = write!(self.path, "{space}{value}");
        }
        for point in coordinates.as_chunks::<2>().0 {
            let [x, y] = *point;
            let Extents { right, top, bottom } = self.extents.unwrap_or(Extents { right: x, top: y, bottom: y });
            self.extents = Some(Extents { right: right.max(x), top: top.max(y), bottom: bottom.min(y) });
        }
    }
}

impl OutlinePen for Outline {
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
        self.path.push('Z');
    }
}

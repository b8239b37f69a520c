//! The bundled fonts: advances, extents and outlines, in thousandths of the font size.

use neurodyn_figure::Face;
use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::outline::{DrawSettings, OutlineGlyphCollection, OutlinePen};
use skrifa::{FontRef, GlyphId, MetadataProvider};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt::Write;

/// The name of the fonts of a typeface without that of a cut.
pub fn family(face: Face) -> &'static str {
    match face {
        Face::Serif => "STIXGeneral",
        Face::Sans => "NeurodynSans",
    }
}

/// The file of a cut.
pub(crate) fn file(face: Face, cut: Cut) -> &'static [u8] {
    match (face, cut) {
        (Face::Serif, Cut::Regular) => include_bytes!("../assets/fonts/STIXGeneral-Regular.otf"),
        (Face::Serif, Cut::Italic) => include_bytes!("../assets/fonts/STIXGeneral-Italic.otf"),
        (Face::Serif, Cut::Bold) => include_bytes!("../assets/fonts/STIXGeneral-Bold.otf"),
        (Face::Sans, Cut::Regular) => include_bytes!("../assets/fonts/NeurodynSans-Regular.ttf"),
        (Face::Sans, Cut::Italic) => include_bytes!("../assets/fonts/NeurodynSans-Italic.ttf"),
        (Face::Sans, Cut::Bold) => include_bytes!("../assets/fonts/NeurodynSans-Bold.ttf"),
    }
}

/// One of the three cuts of a typeface; bold is for the letters of panels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// Upright.
    Regular,
    /// Slanted.
    Italic,
    /// Upright and heavy.
    Bold,
}

impl Cut {
    /// Every cut.
    pub const ALL: [Cut; 3] = [Cut::Regular, Cut::Italic, Cut::Bold];

    /// Its name in those of fonts.
    pub fn name(self) -> &'static str {
        match self {
            Cut::Regular => "Regular",
            Cut::Italic => "Italic",
            Cut::Bold => "Bold",
        }
    }
}

/// A glyph of one cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Glyph {
    /// Its cut.
    pub cut: Cut,
    /// Its number in the font.
    pub id: u16,
}

/// Advance and extents of a glyph.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metrics {
    /// From its origin to that of the next.
    pub advance: f64,
    /// Rightmost, highest and lowest ink.
    pub right: f64,
    /// See `right`.
    pub top: f64,
    /// See `right`.
    pub bottom: f64,
}

/// All cuts of a typeface, parsed.
pub struct Fonts {
    face: Face,
    regular: Parsed,
    italic: Parsed,
    bold: Parsed,
}

/// The bundled fonts are part of the program, so this happens only if the build was tampered with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a bundled font is damaged: {0}")]
pub struct FontError(pub(crate) String);

/// One cut, parsed.
struct Parsed {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    outlines: OutlineGlyphCollection<'static>,
    /// Metrics of glyphs met, since they take drawing the outline.
    known: RefCell<BTreeMap<u16, Metrics>>,
}

impl Parsed {
    fn parse(bytes: &'static [u8]) -> Result<Self, FontError> {
        let font = FontRef::new(bytes).map_err(|error| FontError(error.to_string()))?;
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
    /// Parses the fonts of a typeface.
    pub fn load(face: Face) -> Result<Self, FontError> {
        let [regular, italic, bold] = Cut::ALL.map(|cut| Parsed::parse(file(face, cut)));
        Ok(Self { face, regular: regular?, italic: italic?, bold: bold? })
    }

    /// The typeface.
    pub fn face(&self) -> Face {
        self.face
    }

    /// Height of letters without ascenders over which the marks of the font stand.
    pub fn low_letters(&self) -> f64 {
        match self.face {
            Face::Serif => 460.0,
            Face::Sans => 535.0,
        }
    }

    /// How far the top of an italic letter lies to the right of its foot, for each unit of height.
    pub fn slant(&self) -> f64 {
        match self.face {
            Face::Serif => 0.16,
            Face::Sans => 0.2,
        }
    }

    fn cut(&self, cut: Cut) -> &Parsed {
        match cut {
            Cut::Regular => &self.regular,
            Cut::Italic => &self.italic,
            Cut::Bold => &self.bold,
        }
    }

    /// Name of a glyph in a file. It follows from the font alone, so equal names always mean equal outlines.
    pub fn name(&self, glyph: Glyph) -> String {
        let face = match self.face {
            Face::Serif => "",
            Face::Sans => "s",
        };
        let cut = match glyph.cut {
            Cut::Regular => 'r',
            Cut::Italic => 'i',
            Cut::Bold => 'b',
        };
        format!("{face}{cut}{}", glyph.id)
    }

    /// The glyph of a character, upright and regular if its own cut lacks it.
    pub fn glyph(&self, character: char, cut: Cut) -> Option<Glyph> {
        let of = |cut| {
            let id = self.cut(cut).characters.map(character)?;
            u16::try_from(id.to_u32()).ok().map(|id| Glyph { cut, id })
        };
        of(cut).or_else(|| of(Cut::Regular))
    }

    /// Advance and extents, those of control points too.
    pub fn metrics(&self, glyph: Glyph) -> Metrics {
        let face = self.cut(glyph.cut);
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
        self.cut(glyph.cut).outline(glyph.id).path
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

//! The bundled typeface, STIX General: glyphs by character, true advance widths, outlines as SVG path data.

use std::fmt::Write;
use std::sync::LazyLock;

use ttf_parser::{Face, GlyphId, OutlineBuilder};

static REGULAR: &[u8] = include_bytes!("../../assets/fonts/STIXGeneral-Regular.otf");
static ITALIC: &[u8] = include_bytes!("../../assets/fonts/STIXGeneral-Italic.otf");

static FACES: LazyLock<[Face<'static>; 2]> =
    LazyLock::new(|| [REGULAR, ITALIC].map(|data| Face::parse(data, 0).expect("bundled font is sound")));

/// Font units in one em, the same for both faces.
pub(super) const EM: f64 = 1000.0;

/// Which of the two faces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Style {
    Regular,
    Italic,
}

/// A glyph of one face.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Glyph {
    pub(super) style: Style,
    pub(super) id: u16,
}

/// Ink box in font units, y upwards.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ink {
    pub(super) left: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) top: f64,
}

fn face(style: Style) -> &'static Face<'static> {
    &FACES[style as usize]
}

/// The glyph of a character; the italic face borrows what it lacks from the regular one.
pub(super) fn glyph(character: char, style: Style) -> Option<Glyph> {
    let find = |style| face(style).glyph_index(character).map(|id| Glyph { style, id: id.0 });
    find(style).or_else(|| find(Style::Regular))
}

/// Advance width in font units.
pub(super) fn advance(glyph: Glyph) -> f64 {
    f64::from(face(glyph.style).glyph_hor_advance(GlyphId(glyph.id)).unwrap_or(0))
}

/// Ink box, or nothing for a space.
pub(super) fn ink(glyph: Glyph) -> Option<Ink> {
    let b = face(glyph.style).glyph_bounding_box(GlyphId(glyph.id))?;
    let [left, right, bottom, top] = [b.x_min, b.x_max, b.y_min, b.y_max].map(f64::from);
    Some(Ink { left, right, bottom, top })
}

/// Outline as path data in font units, y upwards.
pub(super) fn outline(glyph: Glyph) -> String {
    let mut path = Path::default();
    let _ = face(glyph.style).outline_glyph(GlyphId(glyph.id), &mut path);
    path.data
}

/// Relative path data; outlines have whole coordinates.
#[derive(Default)]
struct Path {
    data: String,
    at: (i32, i32),
}

impl Path {
    fn step(&mut self, x: f32, y: f32) -> (i32, i32) {
        (x.round() as i32 - self.at.0, y.round() as i32 - self.at.1)
    }

    fn put(&mut self, command: char, points: &[(f32, f32)]) {
        self.data.push(command);
        for (index, &(x, y)) in points.iter().enumerate() {
            let (dx, dy) = self.step(x, y);
            let gap = if index > 0 && dx >= 0 { " " } else { "" };
            let comma = if dy >= 0 { " " } else { "" };
            let _ = write!(self.data, "{gap}{dx}{comma}{dy}");
        }
        if let Some(&(x, y)) = points.last() {
            self.at = (x.round() as i32, y.round() as i32);
        }
    }
}

impl OutlineBuilder for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.at = (0, 0);
        self.put('M', &[(x, y)]);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.put('l', &[(x, y)]);
    }

    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        self.put('q', &[(x1, y1), (x, y)]);
    }

    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.put('c', &[(x1, y1), (x2, y2), (x, y)]);
    }

    fn close(&mut self) {
        self.data.push('z');
    }
}

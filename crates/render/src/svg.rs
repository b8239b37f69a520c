//! A plotters backend that writes SVG: one backend unit is a hundredth of a point, text becomes outlines, equal styles merge.

use super::live::Marked;
use super::markup::MarkupError;
use super::path::{fixed, polyline, xml};
use super::plain::plain;
use super::style::Style;
use super::typeset::{Line, Placed, typeset};
use neurodyn_figure::Dash;
use neurodyn_typeface::{Fonts, Glyph, Label, Set};
use plotters::style::RGBColor;
use plotters_backend::text_anchor::HPos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::rc::Rc;

/// A hundredth of a point per point.
pub(super) const POINT: f64 = 100.0;

/// Shared handle of one drawing; plotters owns one, the renderer another.
#[derive(Clone)]
pub(super) struct Pen(Rc<RefCell<Drawing>>);

struct Drawing {
    fonts: Rc<Fonts>,
    look: Rc<Style>,
    size: (u32, u32),
    body: String,
    used: BTreeSet<Glyph>,
    labels: Vec<Marked>,
    style: String,
    path: String,
    dash: Dash,
    halo: bool,
    crisp: bool,
}

/// What was drawn.
pub(super) struct Drawn {
    pub definitions: String,
    pub body: String,
    pub labels: Vec<Marked>,
}

impl Pen {
    /// An empty drawing of so many hundredths of a point.
    pub fn new(fonts: Rc<Fonts>, look: Rc<Style>, size: (u32, u32)) -> Self {
        let (body, style, path) = (String::new(), String::new(), String::new());
        let used = BTreeSet::new();
        Self(Rc::new(RefCell::new(Drawing {
            fonts,
            look,
            size,
            body,
            used,
            labels: Vec::new(),
            style,
            path,
            dash: Dash::Solid,
            halo: false,
            crisp: false,
        })))
    }

    /// Pattern of the strokes from here on.
    pub fn dash(&self, dash: Dash) {
        self.0.borrow_mut().dash = dash;
    }

    /// Whether filled shapes get a thin white edge from here on.
    pub fn halo(&self, halo: bool) {
        self.0.borrow_mut().halo = halo;
    }

    /// Whether edges are drawn without anti-aliasing from here on, so that touching areas show no seam.
    pub fn crisp(&self, crisp: bool) {
        self.0.borrow_mut().crisp = crisp;
    }

    /// Draws round dots: segments of no length with round ends.
    pub fn dots(&self, points: &[BackendCoord], radius: i32, colour: RGBColor) {
        let mut drawing = self.0.borrow_mut();
        drawing.flush();
        let (RGBColor(r, g, b), width) = (colour, fixed(2 * radius));
        let (mut path, mut last) = (String::new(), (0, 0));
        for &(x, y) in points {
            let (dx, dy) = (fixed(x - last.0), fixed(y - last.1));
            let space = if dy.starts_with('-') { "" } else { " " };
            let _ = write!(path, "m{dx}{space}{dy}h0");
            last = (x, y);
        }
        let _ = writeln!(
            drawing.body,
            "<path stroke=\"#{r:02x}{g:02x}{b:02x}\" stroke-width=\"{width}\" stroke-linecap=\"round\" d=\"{path}\"/>"
        );
    }

    /// Fills the inside of closed lines, holes left out.
    pub fn region(&self, loops: &[Vec<BackendCoord>], colour: RGBColor) {
        let path: String = loops.iter().map(|line| polyline(line.iter().copied(), true)).collect();
        if path.is_empty() {
            return;
        }
        let mut drawing = self.0.borrow_mut();
        drawing.flush();
        let fill = super::colour::hexadecimal([colour.0, colour.1, colour.2]);
        let _ = writeln!(drawing.body, "<path fill=\"{fill}\" fill-rule=\"evenodd\" d=\"{path}\"/>");
    }

    /// Opens a named group.
    pub fn open(&self, label: &str) {
        let mut drawing = self.0.borrow_mut();
        drawing.flush();
        let _ = writeln!(drawing.body, "<g aria-label=\"{}\">", xml(label));
    }

    /// Closes the group opened last.
    pub fn close(&self) {
        let mut drawing = self.0.borrow_mut();
        drawing.flush();
        drawing.body.push_str("</g>\n");
    }

    /// The definitions of all glyphs used, the elements drawn, and the labels among them.
    pub fn finish(&self) -> Drawn {
        let mut drawing = self.0.borrow_mut();
        drawing.flush();
        let mut definitions = String::new();
        for &glyph in &drawing.used {
            let _ = writeln!(
                definitions,
                "<path id=\"{}\" d=\"{}\"/>",
                drawing.fonts.name(glyph),
                drawing.fonts.outline(glyph)
            );
        }
        let drawing = &mut *drawing;
        let (body, labels) = (std::mem::take(&mut drawing.body), std::mem::take(&mut drawing.labels));
        Drawn { definitions, body, labels }
    }
}

fn hexadecimal(colour: BackendColor) -> String {
    super::colour::hexadecimal(colour.rgb.into())
}

fn opacity(kind: &str, colour: BackendColor) -> String {
    match (colour.alpha * 100.0).round() as i32 {
        100 => String::new(),
        percent => format!(" {kind}-opacity=\"{}\"", fixed(percent)),
    }
}

impl Drawing {
    fn flush(&mut self) {
        if !self.path.is_empty() {
            let _ = writeln!(self.body, "<path {} d=\"{}\"/>", self.style, self.path);
        }
        self.style.clear();
        self.path.clear();
    }

    fn add(&mut self, style: String, path: &str) {
        if style != self.style {
            self.flush();
            self.style = style;
        }
        self.path.push_str(path);
    }

    fn stroke(&self, colour: BackendColor, width: u32) -> String {
        let width = i32::try_from(width).unwrap_or(0);
        let pattern = self.look.pattern(self.dash);
        let dashes = pattern.map_or(String::new(), |pattern| format!(" stroke-dasharray=\"{pattern}\""));
        format!(
            "stroke=\"{}\" stroke-width=\"{}\"{dashes}{}",
            hexadecimal(colour),
            fixed(width),
            opacity("stroke", colour)
        )
    }

    fn fill(&self, colour: BackendColor) -> String {
        let halo = if self.halo {
            let (r, g, b) = (self.look.paper.0, self.look.paper.1, self.look.paper.2);
            format!(" stroke=\"#{r:02x}{g:02x}{b:02x}\" stroke-width=\"{}\"", fixed(self.look.halo))
        } else {
            String::new()
        };
        let crisp = if self.crisp { " shape-rendering=\"crispEdges\"" } else { "" };
        format!("fill=\"{}\"{}{halo}{crisp}", hexadecimal(colour), opacity("fill", colour))
    }

    fn text(&mut self, line: &Line, label: &str, size: f64, at: BackendCoord, upwards: bool, colour: BackendColor) {
        self.flush();
        // size is in hundredths of a point per em, glyphs have 1000 units per em
        let scale = format!("{:.5}", size / POINT / 1000.0);
        let scale = scale.trim_start_matches('0').trim_end_matches('0');
        let matrix = if upwards { format!("0 -{scale} -{scale} 0") } else { format!("{scale} 0 0 -{scale}") };
        let transform = format!("matrix({matrix} {} {})", fixed(at.0), fixed(at.1));
        let fill = hexadecimal(colour);
        let start = self.body.len();
        let _ = write!(self.body, "<g aria-label=\"{}\" fill=\"{fill}\" transform=\"{transform}\">", xml(label));
        let set = |placed: &Placed| Set {
            glyph: placed.glyph,
            character: placed.character,
            x: placed.x.round() as i64,
            y: placed.y.round() as i64,
            percent: (placed.scale * 100.0).round() as i32,
        };
        let glyphs: Vec<Set> = line.glyphs.iter().map(set).collect();
        for (&Set { glyph, character, x, y, percent }, placed) in glyphs.iter().zip(&line.glyphs) {
            if character.is_whitespace() {
                continue;
            }
            self.used.insert(glyph);
            let place = if placed.scale != 1.0 {
                let scale = fixed(percent);
                format!(" transform=\"matrix({scale} 0 0 {scale} {x} {y})\"")
            } else {
                let x = if x != 0 { format!(" x=\"{x}\"") } else { String::new() };
                let y = if y != 0 { format!(" y=\"{y}\"") } else { String::new() };
                format!("{x}{y}")
            };
            // the older of two names of this attribute, which all readers know
            let _ = write!(self.body, "<use xlink:href=\"#{}\"{place}/>", self.fonts.name(glyph));
        }
        let bars: Vec<[i64; 4]> = line.bars.iter().map(|bar| bar.map(|v| v.round() as i64)).collect();
        for [x, y, width, height] in &bars {
            let _ = write!(self.body, "<path d=\"M{x} {y}h{width}v{height}h-{width}z\"/>");
        }
        self.body.push_str("</g>\n");
        let label = Label { plain: label.to_owned(), colour: colour.rgb.into(), glyphs, bars };
        self.labels.push(Marked { place: start..self.body.len(), transform, size, at, upwards, label });
    }
}

impl DrawingBackend for Pen {
    type ErrorType = MarkupError;

    fn get_size(&self) -> (u32, u32) {
        self.0.borrow().size
    }

    fn ensure_prepared(&mut self) -> Result<(), DrawingErrorKind<MarkupError>> {
        Ok(())
    }

    fn present(&mut self) -> Result<(), DrawingErrorKind<MarkupError>> {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, colour: BackendColor) -> Result<(), DrawingErrorKind<MarkupError>> {
        let mut drawing = self.0.borrow_mut();
        let style = drawing.fill(colour);
        drawing.add(style, &polyline([(x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1)], true));
        Ok(())
    }

    fn draw_line<S: BackendStyle>(
        &mut self,
        from: BackendCoord,
        to: BackendCoord,
        style: &S,
    ) -> Result<(), DrawingErrorKind<MarkupError>> {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(
        &mut self,
        (x0, y0): BackendCoord,
        (x1, y1): BackendCoord,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<MarkupError>> {
        let mut drawing = self.0.borrow_mut();
        let path = polyline([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], true);
        let style =
            if fill { drawing.fill(style.color()) } else { drawing.stroke(style.color(), style.stroke_width()) };
        drawing.add(style, &path);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        path: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<MarkupError>> {
        let mut drawing = self.0.borrow_mut();
        let style = drawing.stroke(style.color(), style.stroke_width());
        drawing.add(style, &polyline(path, false));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(
        &mut self,
        (x, y): BackendCoord,
        radius: u32,
        style: &S,
        fill: bool,
    ) -> Result<(), DrawingErrorKind<MarkupError>> {
        let mut drawing = self.0.borrow_mut();
        let radius = i32::try_from(radius).unwrap_or(0);
        let (r, d) = (fixed(radius), fixed(2 * radius));
        let path = format!("M{} {}a{r} {r} 0 1 0 {d} 0a{r} {r} 0 1 0-{d} 0z", fixed(x - radius), fixed(y));
        let style =
            if fill { drawing.fill(style.color()) } else { drawing.stroke(style.color(), style.stroke_width()) };
        drawing.add(style, &path);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(
        &mut self,
        vertices: I,
        style: &S,
    ) -> Result<(), DrawingErrorKind<MarkupError>> {
        let mut drawing = self.0.borrow_mut();
        let style = drawing.fill(style.color());
        drawing.add(style, &polyline(vertices, true));
        Ok(())
    }

    /// Draws markup; the vertical position is always that of the baseline.
    fn draw_text<T: BackendTextStyle>(
        &mut self,
        text: &str,
        style: &T,
        (x, y): BackendCoord,
    ) -> Result<(), DrawingErrorKind<MarkupError>> {
        let mut drawing = self.0.borrow_mut();
        let line = typeset(&drawing.fonts, text).map_err(DrawingErrorKind::DrawingError)?;
        let label = plain(text).map_err(DrawingErrorKind::DrawingError)?;
        let width = line.width * style.size() / 1000.0;
        let back = match style.anchor().h_pos {
            HPos::Left => 0,
            HPos::Center => (width / 2.0).round() as i32,
            HPos::Right => width.round() as i32,
        };
        let upwards = matches!(style.transform(), FontTransform::Rotate270);
        let at = if upwards { (x, y + back) } else { (x - back, y) };
        drawing.text(&line, &label, style.size(), at, upwards, style.color());
        Ok(())
    }

    fn estimate_text_size<T: BackendTextStyle>(
        &self,
        text: &str,
        style: &T,
    ) -> Result<(u32, u32), DrawingErrorKind<MarkupError>> {
        let line = typeset(&self.0.borrow().fonts, text).map_err(DrawingErrorKind::DrawingError)?;
        let size = |thousandths: f64| (thousandths * style.size() / 1000.0).ceil() as u32;
        Ok((size(line.width), size(line.top - line.bottom)))
    }
}

//! Places the glyphs of a label.

use super::error::MarkupError;
use super::font::{self, EM, Glyph, Style};
use super::markup::{self, Class, Node, Over};

/// A glyph with its origin in points from the start of the baseline, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) glyph: Glyph,
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) size: f64,
}

/// A filled bar (overbar, root) in points, y downwards.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Bar {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) width: f64,
    pub(super) height: f64,
}

/// A label ready to be drawn. Sizes in points.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct TextBox {
    pub(super) glyphs: Vec<Placed>,
    pub(super) bars: Vec<Bar>,
    pub(super) width: f64,
    /// Ink above the baseline.
    pub(super) ascent: f64,
    /// Ink below the baseline.
    pub(super) descent: f64,
    /// How far the last glyph leans out of its advance.
    lean: f64,
    /// Class of the last character, for spacing.
    last: Option<Class>,
}

const SCRIPT: f64 = 0.72;
const SMALLEST: f64 = 4.5;

/// Sets markup at a size in points.
pub(super) fn set(text: &str, size: f64) -> Result<TextBox, MarkupError> {
    Ok(line(&markup::parse(text)?, size))
}

fn line(nodes: &[Node], size: f64) -> TextBox {
    let mut out = TextBox::default();
    for (index, node) in nodes.iter().enumerate() {
        let unit = size / EM;
        match node {
            Node::Space(em) => out.skip(em * unit),
            Node::Character(c, style, class) => {
                let class = match class {
                    // A sign at the start or after an operator binds to what follows.
                    Class::Binary if matches!(out.last, None | Some(Class::Binary | Class::Relation | Class::Open)) => {
                        Class::Ordinary
                    }
                    // A lone operator, as in a superscript plus.
                    Class::Binary | Class::Relation if nodes.len() == 1 => Class::Ordinary,
                    other => *other,
                };
                let side = match class {
                    Class::Binary => 180.0 * unit,
                    Class::Relation => 240.0 * unit,
                    _ => 0.0,
                };
                let apart = out.last == Some(Class::Function) && class == Class::Ordinary;
                out.skip(if apart { 140.0 * unit } else { side });
                out.glyph(*c, *style, size);
                out.skip(if class == Class::Punctuation { 160.0 * unit } else { side });
                out.last = Some(class);
            }
            Node::Word(word) => {
                if index > 0 && out.last == Some(Class::Ordinary) {
                    out.skip(140.0 * unit);
                }
                word.chars().for_each(|c| out.glyph(c, Style::Regular, size));
                out.last = Some(Class::Function);
            }
            Node::Scripts { base, low, high } => out.scripts(base, low, high, size),
            Node::Over(over, content) => out.over(*over, content, size),
        }
    }
    out
}

impl TextBox {
    fn skip(&mut self, distance: f64) {
        if distance != 0.0 {
            self.width += distance;
            self.lean = 0.0;
        }
    }

    fn glyph(&mut self, c: char, style: Style, size: f64) {
        let Some(glyph) = font::glyph(c, style) else { return };
        let unit = size / EM;
        self.glyphs.push(Placed { glyph, x: self.width, y: 0.0, size });
        let advance = font::advance(glyph) * unit;
        self.width += advance;
        self.lean = 0.0;
        if let Some(ink) = font::ink(glyph) {
            self.ascent = self.ascent.max(ink.top * unit);
            self.descent = self.descent.max(-ink.bottom * unit);
            self.lean = (ink.right * unit - advance).max(0.0);
        }
    }

    /// Appends another box at (x, y) from this one's origin, y downwards.
    fn put(&mut self, other: &TextBox, x: f64, y: f64) {
        self.glyphs.extend(other.glyphs.iter().map(|g| Placed { x: g.x + x, y: g.y + y, ..*g }));
        self.bars.extend(other.bars.iter().map(|b| Bar { x: b.x + x, y: b.y + y, ..*b }));
        self.ascent = self.ascent.max(other.ascent - y);
        self.descent = self.descent.max(other.descent + y);
    }

    fn append(&mut self, other: &TextBox) {
        let x = self.width;
        self.put(other, x, 0.0);
        self.width += other.width;
        (self.lean, self.last) = (other.lean, other.last);
    }

    fn scripts(&mut self, base: &[Node], low: &[Node], high: &[Node], size: f64) {
        // The class of the base decides the space around it, as if it stood alone.
        let body = line(base, size);
        if self.last == Some(Class::Function) && body.last == Some(Class::Ordinary) {
            self.skip(140.0 * size / EM);
        }
        self.append(&body);
        let small = (size * SCRIPT).max(SMALLEST);
        let (x, lean) = (self.width, self.lean);
        let mut widest = 0.0_f64;
        if !high.is_empty() {
            let up = line(high, small);
            let shift = (body.ascent - 0.5 * small).max(0.36 * size) + (up.descent * 0.5);
            let gap = lean + 0.05 * size;
            self.put(&up, x + gap, -shift);
            widest = widest.max(up.width + up.lean + gap);
        }
        if !low.is_empty() {
            let down = line(low, small);
            let shift = (0.17 * size).max(if high.is_empty() { 0.0 } else { 0.24 * size });
            self.put(&down, x + 0.02 * size, shift);
            widest = widest.max(down.width + down.lean + 0.02 * size);
        }
        self.width += widest + 0.04 * size;
        self.lean = 0.0;
        self.last = body.last.or(Some(Class::Ordinary));
    }

    fn over(&mut self, over: Over, content: &[Node], size: f64) {
        let body = line(content, size);
        let thin = 0.055 * size;
        let x = self.width;
        match over {
            Over::Bar => {
                let slant = if matches!(content, [Node::Character(_, Style::Italic, _)]) { 0.09 * size } else { 0.0 };
                let y = -(body.ascent + 0.13 * size);
                let width = (body.width - 0.06 * size).max(0.2 * size);
                self.append(&body);
                self.bars.push(Bar { x: x + 0.03 * size + slant, y, width, height: thin });
                self.ascent = self.ascent.max(-y);
                self.lean = (slant - 0.03 * size).max(self.lean);
            }
            Over::Accent(c) => {
                let slant = if matches!(content, [Node::Character(_, Style::Italic, _)]) { 0.08 * size } else { 0.0 };
                let mut accent = TextBox::default();
                accent.glyph(c, Style::Regular, size);
                let y = -(body.ascent - 0.45 * size).max(0.0);
                self.append(&body);
                self.put(&accent, x + slant + 0.5 * (body.width - accent.width), y);
            }
            Over::Root => {
                let mut sign = TextBox::default();
                let scale = ((body.ascent + body.descent + 0.2 * size) / (0.98 * size)).max(0.9);
                sign.glyph('√', Style::Regular, size * scale);
                let y = (sign.ascent - body.ascent - 0.14 * size).min(body.descent.max(0.05 * size));
                self.put(&sign, x, y);
                let edge = x + sign.width + sign.lean;
                self.put(&body, edge + 0.02 * size, 0.0);
                self.bars.push(Bar { x: edge - 0.03 * size, y: y - sign.ascent, width: body.width + 0.1 * size, height: thin });
                self.width = edge + body.width + 0.08 * size;
                self.lean = 0.0;
            }
        }
        self.last = Some(Class::Ordinary);
    }

    /// Height of the ink.
    pub(super) fn height(&self) -> f64 {
        self.ascent + self.descent
    }
}

//! Labels as positioned glyphs and bars, measured from the metrics of the font. Units are thousandths of the font size,
//! y upwards.

use super::markup::{Accent, Class, MarkupError, Node, parse};
use neurodyn_typeface::{Cut, Fonts, Glyph};

/// A glyph in place, and the character that it stands for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub glyph: Glyph,
    pub character: char,
    pub x: f64,
    pub y: f64,
    pub scale: f64,
}

/// A filled rectangle: left, bottom, width, height.
pub(super) type Bar = [f64; 4];

/// A typeset label.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Line {
    pub glyphs: Vec<Placed>,
    pub bars: Vec<Bar>,
    /// Advance width.
    pub width: f64,
    /// Highest ink above the baseline.
    pub top: f64,
    /// Lowest ink, relative to the baseline.
    pub bottom: f64,
    /// Slant of the last glyph beyond its advance.
    overhang: f64,
}

pub(super) const SCRIPT: f64 = 0.72;
const BAR: f64 = 46.0;

/// Typesets a label.
pub(super) fn typeset(fonts: &Fonts, text: &str) -> Result<Line, MarkupError> {
    let nodes = parse(text)?;
    let mut line = Line::default();
    for node in &nodes {
        line.append_node(fonts, node, text)?;
    }
    line.width += line.overhang;
    Ok(line)
}

impl Line {
    fn append(&mut self, other: Line, y: f64, scale: f64) {
        let shift = self.width;
        let place = |p: &Placed| Placed { x: shift + p.x * scale, y: y + p.y * scale, scale: p.scale * scale, ..*p };
        self.glyphs.extend(other.glyphs.iter().map(place));
        let moved = |b: &Bar| [shift + b[0] * scale, y + b[1] * scale, b[2] * scale, b[3] * scale];
        self.bars.extend(other.bars.iter().map(moved));
        self.width += other.width * scale;
        self.top = self.top.max(y + other.top * scale);
        self.bottom = self.bottom.min(y + other.bottom * scale);
        self.overhang = other.overhang * scale;
    }

    fn character(&mut self, fonts: &Fonts, character: char, cut: Cut, text: &str) -> Result<(), MarkupError> {
        let Some(glyph) = fonts.glyph(character, cut) else {
            let position = text.chars().position(|c| c == character).map_or(0, |i| i + 1);
            let problem = format!("the font has no '{character}'");
            return Err(MarkupError { text: text.to_owned(), position, problem });
        };
        let metrics = fonts.metrics(glyph);
        self.glyphs.push(Placed { glyph, character, x: self.width, y: 0.0, scale: 1.0 });
        self.width += metrics.advance;
        self.top = self.top.max(metrics.top);
        self.bottom = self.bottom.min(metrics.bottom);
        self.overhang = if glyph.cut == Cut::Italic { (metrics.right - metrics.advance).max(0.0) } else { 0.0 };
        Ok(())
    }

    fn append_node(&mut self, fonts: &Fonts, node: &Node, text: &str) -> Result<(), MarkupError> {
        match node {
            Node::Plain(character) => self.character(fonts, *character, Cut::Regular, text),
            Node::Symbol { character, italic, .. } => {
                let cut = if *italic { Cut::Italic } else { Cut::Regular };
                self.character(fonts, *character, cut, text)
            }
            Node::Word { letters, bold, .. } => {
                let cut = if *bold { Cut::Bold } else { Cut::Regular };
                letters.chars().try_for_each(|letter| self.character(fonts, letter, cut, text))
            }
            Node::Space(width) => {
                self.width += width;
                self.overhang = 0.0;
                Ok(())
            }
            Node::Group(nodes) => {
                self.append(list(fonts, nodes, text, false)?, 0.0, 1.0);
                Ok(())
            }
            Node::Scripts { body, primes, sub, sup } => {
                let of =
                    |nodes: &Option<Vec<Node>>| nodes.as_ref().map(|nodes| list(fonts, nodes, text, true)).transpose();
                let mut marks = Line::default();
                (0..*primes).try_for_each(|_| marks.character(fonts, '\u{2032}', Cut::Regular, text))?;
                self.scripts(list(fonts, body, text, false)?, marks, of(sub)?, of(sup)?);
                Ok(())
            }
            Node::Accented { body, accent } => self.accented(fonts, body, *accent, text),
            Node::Root(body) => self.root(fonts, body, text),
        }
    }

    /// A body with its scripts: primes and what is above follow its slant, what is below does not.
    fn scripts(&mut self, body: Line, primes: Line, sub: Option<Line>, sup: Option<Line>) {
        let (tall, deep, overhang) = (body.top, body.bottom, body.overhang);
        self.append(body, 0.0, 1.0);
        let start = self.width;
        let mut marked = start + overhang;
        if primes.width > 0.0 {
            self.width = marked;
            self.append(primes, 0.0, 1.0);
            marked = self.width;
        }
        let mut end = if marked > start + overhang { marked } else { start };
        let mut below = f64::INFINITY;
        if let Some(sup) = sup {
            self.width = marked + 30.0;
            let y = 363.0_f64.max(tall - 320.0);
            below = y + sup.bottom * SCRIPT;
            self.append(sup, y, SCRIPT);
            end = end.max(self.width + self.overhang);
        }
        if let Some(sub) = sub {
            self.width = start + 15.0;
            let y = (-150.0_f64).min(deep - 40.0).min(below - 90.0 - sub.top * SCRIPT);
            self.append(sub, y, SCRIPT);
            end = end.max(self.width + self.overhang);
        }
        (self.width, self.overhang) = (end + 25.0, 0.0);
    }

    fn accented(&mut self, fonts: &Fonts, body: &[Node], accent: Accent, text: &str) -> Result<(), MarkupError> {
        let body = list(fonts, body, text, false)?;
        let (start, width, top) = (self.width, body.width, body.top);
        // italic letters lean: their top lies to the right of their foot
        let italic = body.glyphs.iter().any(|placed| placed.glyph.cut == Cut::Italic);
        let lean = if italic { top * fonts.slant() } else { 0.0 };
        let ink = body.glyphs.iter().map(|p| p.x + fonts.metrics(p.glyph).right * p.scale).fold(width, f64::max);
        self.append(body, 0.0, 1.0);
        let (end, overhang) = (self.width, self.overhang);
        if accent == Accent::Bar {
            let (left, y) = (start + lean, top + 85.0);
            let right = (start + ink).max(left + 280.0);
            self.bars.push([left, y, right - left, BAR]);
            self.top = self.top.max(y + BAR);
            self.overhang = overhang.max(right - end);
            return Ok(());
        }
        let character = match accent {
            Accent::Hat => '\u{2c6}',
            Accent::Tilde => '\u{2dc}',
            Accent::Dots => '\u{a8}',
            Accent::Dot | Accent::Bar => '\u{2d9}',
        };
        let mut mark = Line::default();
        mark.character(fonts, character, Cut::Regular, text)?;
        self.width = start + width / 2.0 + lean / 2.0 - mark.width / 2.0;
        self.append(mark, (top - fonts.low_letters()).max(0.0), 1.0);
        (self.width, self.overhang) = (end, overhang);
        Ok(())
    }

    fn root(&mut self, fonts: &Fonts, body: &[Node], text: &str) -> Result<(), MarkupError> {
        let body = list(fonts, body, text, false)?;
        let mut sign = Line::default();
        sign.character(fonts, '\u{221a}', Cut::Regular, text)?;
        let (top, bottom) = ((body.top + 120.0).max(700.0), body.bottom.min(0.0));
        let scale = ((top - bottom + BAR) / (sign.top - sign.bottom)).max(0.85);
        let y = top + BAR - sign.top * scale;
        let right = sign.glyphs.first().map_or(0.0, |p| fonts.metrics(p.glyph).right) * scale;
        let start = self.width;
        self.append(sign, y, scale);
        self.width = start + right;
        let width = body.width + body.overhang + 60.0;
        self.bars.push([self.width - 30.0, top, width + 30.0, BAR]);
        self.width += 20.0;
        self.append(body, 0.0, 1.0);
        (self.width, self.overhang) = (start + right + width, 0.0);
        self.top = self.top.max(top + BAR);
        Ok(())
    }
}

fn class(node: &Node) -> Class {
    match node {
        Node::Symbol { class, .. } | Node::Word { class, .. } => *class,
        Node::Scripts { body, .. } => body.last().map_or(Class::Ordinary, class),
        _ => Class::Ordinary,
    }
}

/// A list of mathematical nodes with the spaces between them; in scripts there are hardly any.
fn list(fonts: &Fonts, nodes: &[Node], text: &str, script: bool) -> Result<Line, MarkupError> {
    let mut line = Line::default();
    let mut before: Option<Class> = None;
    for (index, node) in nodes.iter().enumerate() {
        let mut now = class(node);
        let alone = matches!(before, None | Some(Class::Binary | Class::Relation | Class::Open | Class::Punctuation));
        if now == Class::Binary && (alone || index + 1 == nodes.len()) {
            now = Class::Ordinary; // a sign, not an operation
        }
        let space = match (before, now) {
            (None, _) | (Some(Class::Relation), Class::Relation) => 0.0,
            (Some(Class::Relation), _) | (_, Class::Relation) => 250.0,
            (Some(Class::Binary), _) | (_, Class::Binary) => 200.0,
            (Some(Class::Punctuation), _) => 150.0,
            (Some(Class::Function), Class::Open | Class::Close) => 0.0,
            (Some(Class::Function), _) => 150.0,
            (Some(Class::Ordinary | Class::Close), Class::Function) => 150.0,
            _ => 0.0,
        };
        let space = if script { space * 0.2 } else { space };
        // a slanted letter before an upright symbol leans into it
        let upright = matches!(node, Node::Symbol { italic: false, .. } | Node::Word { .. } | Node::Root(_));
        line.width += space + if upright && space < line.overhang { line.overhang * 0.8 } else { 0.0 };
        let thin = matches!(node, Node::Symbol { character: '|' | '/', .. });
        line.width += if thin { 30.0 } else { 0.0 };
        line.append_node(fonts, node, text)?;
        line.width += if thin { 20.0 } else { 0.0 };
        before = Some(now);
    }
    Ok(line)
}

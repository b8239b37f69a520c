//! Labels as text that can be searched and edited, in the fonts of the drawing, each glyph where its outline would be.

use super::frame::Area;
use super::path::{fixed, xml};
use super::svg::POINT;
use neurodyn_figure::Face;
use neurodyn_typeface::{self as typeface, Cut, FontError, Fonts, Label, LiveText, Run, Subset, web_font};
use plotters_backend::BackendCoord;
use std::fmt::Write;
use std::ops::Range;

/// A label, and where its outlines are in the drawing.
pub(super) struct Marked {
    pub place: Range<usize>,
    /// What brings its units to the page.
    pub transform: String,
    /// Hundredths of a point an em.
    pub size: f64,
    pub at: BackendCoord,
    pub upwards: bool,
    pub label: Label,
}

impl Marked {
    /// Where its letters are, those without ascenders.
    pub fn area(&self, fonts: &Fonts) -> Area {
        let length = (self.label.length(fonts) * self.size / 1000.0) as i32;
        let (rise, (x, y)) = ((self.size * 0.45) as i32, self.at);
        match self.upwards {
            true => Area { left: x - rise, top: y - length, right: x, bottom: y },
            false => Area { left: x, top: y - rise, right: x + length, bottom: y },
        }
    }
}

/// What a page with live text is made of: the drawing with outlines, in which the group of each label has its number as a name
/// (`label-0`, ...), and the labels.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// The document with outlines.
    pub outlined: String,
    /// The labels.
    pub text: LiveText,
}

/// The drawing with something else for each label.
fn with(body: &str, labels: &[Marked], write: impl Fn(usize, &Marked, &str) -> String) -> String {
    let (mut out, mut done) = (String::new(), 0);
    for (index, marked) in labels.iter().enumerate() {
        out.push_str(&body[done..marked.place.start]);
        out.push_str(&write(index, marked, &body[marked.place.clone()]));
        done = marked.place.end;
    }
    out + &body[done..]
}

/// The drawing with a name for the group of each label.
pub(super) fn with_names(body: &str, labels: &[Marked]) -> String {
    with(body, labels, |index, _, group| group.replacen("<g ", &format!("<g id=\"label-{index}\" "), 1))
}

/// The drawing with text for outlines.
pub(super) fn with_text(body: &str, labels: &[Marked], fonts: &Fonts) -> String {
    with(body, labels, |_, marked, _| element(marked, fonts))
}

/// The fonts of the text, embedded.
pub(super) fn style(subsets: &[Subset]) -> Result<String, FontError> {
    let mut text = String::from("<style>\n");
    for subset in subsets {
        let (style, weight) = match subset.cut {
            Cut::Regular => ("normal", "normal"),
            Cut::Italic => ("italic", "normal"),
            Cut::Bold => ("normal", "bold"),
        };
        let (family, font) = (family(subsets), web_font(subset)?);
        let _ = writeln!(
            text,
            "@font-face{{font-family:\"{family}\";font-style:{style};font-weight:{weight};src:url({font})}}"
        );
    }
    Ok(text + "</style>\n")
}

/// The name of all these fonts; others of the same typeface have another, so that drawings can stand on one page.
fn family(subsets: &[Subset]) -> String {
    let face = subsets.first().map_or("", |subset| typeface::family(subset.face));
    subsets.iter().map(|subset| format!("{}-", subset.tag)).collect::<String>() + face
}

/// What text is set in: our fonts, in programs that do not read them the same ones of the machine, or any that is like them.
pub(super) fn attributes(subsets: &[Subset]) -> String {
    let Some(first) = subsets.first() else { return String::new() };
    let alike = match first.face {
        Face::Serif => "STIXGeneral, 'STIX Two Text', Times, serif",
        Face::Sans => "Helvetica, Arial, 'Liberation Sans', sans-serif",
    };
    format!(
        " font-family=\"{}, {alike}\" text-rendering=\"geometricPrecision\" xml:space=\"preserve\"",
        family(subsets)
    )
}

fn element(marked: &Marked, fonts: &Fonts) -> String {
    let Marked { size, label, .. } = marked;
    let [r, g, b] = label.colour;
    let turn = if marked.upwards { " rotate(-90)" } else { "" };
    let mut text = format!(
        "<g aria-label=\"{}\" fill=\"#{r:02x}{g:02x}{b:02x}\"><text transform=\"translate({} {}){turn}\" font-size=\"{}\">",
        xml(&label.plain),
        fixed(marked.at.0),
        fixed(marked.at.1),
        points(*size / POINT)
    );
    for run in label.runs(fonts) {
        text.push_str(&span(&run, *size / POINT));
    }
    text.push_str("</text>");
    for [x, y, width, height] in &label.bars {
        let _ = write!(text, "<path transform=\"{}\" d=\"M{x} {y}h{width}v{height}h-{width}z\"/>", marked.transform);
    }
    text + "</g>\n"
}

fn span(run: &Run, size: f64) -> String {
    let place = |thousandths: i64| points(thousandths as f64 * size / 1000.0);
    let cut = match run.cut {
        Cut::Regular => "",
        Cut::Italic => " font-style=\"italic\"",
        Cut::Bold => " font-weight=\"bold\"",
    };
    let scaled = match run.percent {
        100 => String::new(),
        percent => format!(" font-size=\"{}\"", points(size * f64::from(percent) / 100.0)),
    };
    // a space that takes no room, since what follows has its own place, but parts words
    let space = if run.apart { "<tspan> </tspan>" } else { "" };
    let letters: String = run.glyphs.iter().map(|pair| pair.1).collect();
    format!("{space}<tspan x=\"{}\" y=\"{}\"{scaled}{cut}>{}</tspan>", place(run.x), place(-run.y), xml(&letters))
}

/// Ten-thousandths of a point are finer than any printer.
fn points(value: f64) -> String {
    let text = format!("{value:.4}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

//! Labels as text in PDF: composite fonts (`Identity-H`) of the glyphs that there are, with what each stands for.

use super::content::{rounded, uniform_scale};
use neurodyn_figure::Face;
use neurodyn_typeface::{Cut, Fonts, Label, LiveText, Run, Subset};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::writers::Resources;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use resvg::tiny_skia::Transform;

/// Numbers of glyphs are characters of these fonts.
const SYSTEM: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
const TO_UNICODE: SystemInfo = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"UCS"), supplement: 0 };
/// Objects that a font takes.
const OBJECTS: i32 = 5;

/// The labels of a drawing and their fonts.
pub(super) struct Live<'a> {
    labels: &'a [Label],
    fonts: Fonts,
    subsets: Vec<Subset>,
}

/// Name of a font among the resources of the page.
fn name(cut: Cut) -> &'static [u8] {
    match cut {
        Cut::Regular => b"regular",
        Cut::Italic => b"italic",
        Cut::Bold => b"bold",
    }
}

impl<'a> Live<'a> {
    pub(super) fn new(text: &'a LiveText) -> Result<Self, String> {
        let fonts = Fonts::load(text.face).map_err(|error| error.to_string())?;
        let subsets = text.subsets().map_err(|error| error.to_string())?;
        Ok(Self { labels: &text.labels, fonts, subsets })
    }

    /// The label that a group of the drawing holds.
    pub(super) fn label(&self, group: &str) -> Option<&Label> {
        self.labels.get(group.strip_prefix("label-")?.parse::<usize>().ok()?)
    }

    /// Writes a label as text that is read as its plain form.
    pub(super) fn write(&self, label: &Label, transform: Transform, content: &mut Content) -> Result<(), String> {
        let scale = uniform_scale(transform).ok_or("a label is stretched in one direction")?;
        let Transform { sx, ky, kx, sy, .. } = transform;
        let turn = [sx, ky, kx, sy].map(|value| rounded(value / scale));
        let at = |x: i64, y: i64| {
            let mut point = resvg::tiny_skia::Point::from_xy(x as f32, y as f32);
            transform.map_point(&mut point);
            [rounded(point.x), rounded(point.y)]
        };
        let mut span = content.begin_marked_content_with_properties(Name(b"Span"));
        span.properties().actual_text(TextStr(&label.plain));
        span.finish();
        let [r, g, b] = label.colour.map(|part| rounded(f32::from(part) / 255.0));
        content.set_fill_rgb(r, g, b);
        content.begin_text();
        let mut font = None;
        for run in label.runs(&self.fonts) {
            let size = rounded(scale * 10.0 * run.percent as f32);
            if font != Some((run.cut, size)) {
                content.set_font(Name(name(run.cut)), size);
                font = Some((run.cut, size));
            }
            let [a, b, c, d] = turn;
            let [x, y] = at(run.x, run.y);
            content.set_text_matrix([a, b, c, d, x, y]).show(Str(&self.codes(&run)?));
        }
        content.end_text();
        for &[x, y, width, height] in &label.bars {
            let corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)].map(|(x, y)| at(x, y));
            content.move_to(corners[0][0], corners[0][1]);
            for [x, y] in &corners[1..] {
                content.line_to(*x, *y);
            }
            content.close_path().fill_nonzero();
        }
        content.end_marked_content();
        Ok(())
    }

    /// The glyphs of a run by their numbers in the embedded font, two bytes each.
    fn codes(&self, run: &Run) -> Result<Vec<u8>, String> {
        let subset = self.subsets.iter().find(|subset| subset.cut == run.cut).ok_or("a font is missing")?;
        let mut codes = Vec::new();
        for (glyph, character) in &run.glyphs {
            let number = subset.number(glyph.id).ok_or_else(|| format!("the font has no {character:?}"))?;
            codes.extend(number.to_be_bytes());
        }
        Ok(codes)
    }

    /// Names the fonts, whose objects start at this number.
    pub(super) fn resources(&self, resources: &mut Resources, first: i32) {
        let mut fonts = resources.fonts();
        for (index, subset) in self.subsets.iter().enumerate() {
            fonts.pair(Name(name(subset.cut)), Ref::new(first + OBJECTS * index as i32));
        }
    }

    /// Writes the fonts as objects from this number on.
    pub(super) fn objects(&self, pdf: &mut Pdf, first: i32, compress: impl Fn(&[u8]) -> Vec<u8>) -> Result<(), String> {
        for (index, subset) in self.subsets.iter().enumerate() {
            let at = |object: i32| Ref::new(first + OBJECTS * index as i32 + object);
            font(pdf, subset, [at(0), at(1), at(2), at(3), at(4)], &compress)?;
        }
        Ok(())
    }
}

fn font(
    pdf: &mut Pdf,
    subset: &Subset,
    [whole, glyphs, descriptor, unicode, program]: [Ref; 5],
    compress: impl Fn(&[u8]) -> Vec<u8>,
) -> Result<(), String> {
    let name = subset.name();
    let name = Name(name.as_bytes());
    pdf.type0_font(whole)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(glyphs)
        .to_unicode(unicode);

    let postscript = subset.postscript();
    let mut writer = pdf.cid_font(glyphs);
    writer.subtype(if postscript.is_some() { CidFontType::Type0 } else { CidFontType::Type2 });
    writer.base_font(name).system_info(SYSTEM).font_descriptor(descriptor).default_width(0.0);
    if postscript.is_none() {
        writer.cid_to_gid_map_predefined(Name(b"Identity"));
    }
    writer.widths().consecutive(0, subset.advances.iter().copied());
    writer.finish();

    let described = subset.descriptor().map_err(|error| error.to_string())?;
    let [left, bottom, right, top] = described.bounds;
    let mut flags = FontFlags::SYMBOLIC;
    flags.set(FontFlags::SERIF, subset.face == Face::Serif);
    flags.set(FontFlags::ITALIC, subset.cut == Cut::Italic);
    let mut writer = pdf.font_descriptor(descriptor);
    writer.name(name).flags(flags).bbox(Rect::new(left, bottom, right, top)).italic_angle(described.angle);
    writer.ascent(described.ascent).descent(described.descent).cap_height(described.capitals);
    writer.stem_v(if subset.cut == Cut::Bold { 140.0 } else { 80.0 });
    match postscript {
        Some(_) => writer.font_file3(program),
        None => writer.font_file2(program),
    };
    writer.finish();

    let mut map = UnicodeCmap::new(Name(b"neurodyn"), TO_UNICODE);
    // of several characters that share a glyph, the first
    for (&character, &number) in subset.characters.iter().rev() {
        map.pair(number, character);
    }
    let text = map.finish();
    pdf.stream(unicode, &compress(text.as_slice())).filter(Filter::FlateDecode);

    let mut stream_of = |bytes: &[u8], postscript: bool| {
        let compressed = compress(bytes);
        let mut stream = pdf.stream(program, &compressed);
        stream.filter(Filter::FlateDecode);
        if postscript {
            stream.pair(Name(b"Subtype"), Name(b"CIDFontType0C"));
        } else {
            stream.pair(Name(b"Length1"), bytes.len() as i32);
        }
    };
    stream_of(postscript.unwrap_or(&subset.file), postscript.is_some());
    Ok(())
}

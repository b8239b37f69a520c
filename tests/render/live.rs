//! Live text is where outlines are: glyph by glyph, read back from the fonts that a drawing embeds, in all shipped figures.

use crate::figures::shipped::shipped;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use neurodyn::figure::{Axis, Face, Figure, Panel, Series, Text, Venue, Wish};
use neurodyn::render::{Look, lay_out, render};
use roxmltree::{Document, Node};
use skrifa::instance::{LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};
use std::collections::BTreeMap;

/// A glyph on the page: origin, size in points, outline.
type Drawn = (f64, f64, f64, Vec<(char, Vec<i32>)>);

/// Farthest that a glyph may be from its outline, in points: a fiftieth of the width of a frame's line.
const NEAR: f64 = 0.011;

#[derive(Default)]
struct Path(Vec<(char, Vec<i32>)>);

impl Path {
    fn push(&mut self, command: char, at: &[f32]) {
        self.0.push((command, at.iter().map(|value| value.round() as i32).collect()));
    }
}

impl OutlinePen for Path {
    fn move_to(&mut self, x: f32, y: f32) {
        self.push('M', &[x, y]);
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.push('L', &[x, y]);
    }
    fn quad_to(&mut self, a: f32, b: f32, x: f32, y: f32) {
        self.push('Q', &[a, b, x, y]);
    }
    fn curve_to(&mut self, a: f32, b: f32, c: f32, d: f32, x: f32, y: f32) {
        self.push('C', &[a, b, c, d, x, y]);
    }
    fn close(&mut self) {
        self.push('Z', &[]);
    }
}

/// Path data as the renderer writes outlines.
fn parsed(data: &str) -> Vec<(char, Vec<i32>)> {
    let starts: Vec<usize> = data.match_indices(|c: char| c.is_ascii_alphabetic()).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([data.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(&start, end)| {
            let numbers = data[start + 1..end].replace('-', " -");
            let numbers = numbers.split_whitespace().map(|number| number.parse().expect("a number"));
            (data[start..].chars().next().expect("a command"), numbers.collect())
        })
        .collect()
}

fn numbers(text: &str) -> Vec<f64> {
    let inner = text.split_once('(').map_or(text, |(_, rest)| rest.split(')').next().unwrap_or_default());
    inner.split_whitespace().map(|number| number.parse().expect("a number")).collect()
}

fn number(node: &Node, name: &str) -> Option<f64> {
    node.attribute(name).map(|value| value.parse().expect("a number"))
}

/// Labels of a drawing with outlines, and their glyphs.
fn outlined(document: &Document) -> Vec<(String, Vec<Drawn>)> {
    let paths: BTreeMap<&str, Vec<(char, Vec<i32>)>> =
        document.descendants().filter_map(|node| Some((node.attribute("id")?, parsed(node.attribute("d")?)))).collect();
    let link = ("http://www.w3.org/1999/xlink", "href");
    let mut labels = Vec::new();
    for group in
        document.descendants().filter(|node| node.has_attribute("aria-label") && node.has_attribute("transform"))
    {
        let m = numbers(group.attribute("transform").expect("a transform"));
        let glyphs = group.children().filter(|child| child.has_tag_name("use")).map(|child| {
            let (x, y, scale) = match child.attribute("transform").map(numbers) {
                Some(inner) => (inner[4], inner[5], inner[0]),
                None => (number(&child, "x").unwrap_or_default(), number(&child, "y").unwrap_or_default(), 1.0),
            };
            let size = (m[0] * m[0] + m[1] * m[1]).sqrt() * 1000.0 * scale;
            let name = child.attribute(link).expect("a link").trim_start_matches('#');
            (m[0] * x + m[2] * y + m[4], m[1] * x + m[3] * y + m[5], size, paths[name].clone())
        });
        labels.push((group.attribute("aria-label").expect("a label").to_owned(), glyphs.collect()));
    }
    labels
}

/// Labels of a drawing with live text, their glyphs as the embedded fonts have them, and what they say.
fn live(document: &Document) -> Vec<(String, Vec<Drawn>, String)> {
    let style = document.descendants().find(|node| node.has_tag_name("style")).expect("fonts").text().expect("text");
    let mut files: BTreeMap<(String, String), Vec<u8>> = BTreeMap::new();
    for rule in style.split("@font-face").skip(1) {
        let value = |name: &str| {
            rule.split_once(&format!("{name}:")).expect(name).1.split([';', '}']).next().expect(name).to_owned()
        };
        let font = rule.split_once("base64,").expect("data").1.split(')').next().expect("data");
        files.insert((value("font-style"), value("font-weight")), STANDARD.decode(font).expect("base64"));
    }
    let fonts: BTreeMap<_, FontRef> =
        files.iter().map(|(key, file)| (key.clone(), FontRef::new(file).expect("a font"))).collect();
    let mut labels = Vec::new();
    for text in document.descendants().filter(|node| node.has_tag_name("text")) {
        let transform = text.attribute("transform").expect("a transform");
        let (at, upwards) = (numbers(transform), transform.contains("rotate(-90)"));
        let (mut glyphs, mut letters) = (Vec::new(), String::new());
        for span in text.children().filter(|child| child.has_tag_name("tspan")) {
            let content = span.text().unwrap_or_default();
            letters.push_str(content);
            let Some(mut x) = number(&span, "x") else { continue };
            let y = number(&span, "y").expect("a baseline");
            let size = number(&span, "font-size").or(number(&text, "font-size")).expect("a size");
            let style = |name: &str| span.attribute(name).unwrap_or("normal").to_owned();
            let font = &fonts[&(style("font-style"), style("font-weight"))];
            let (charmap, metrics) = (font.charmap(), font.glyph_metrics(Size::unscaled(), LocationRef::default()));
            for letter in content.chars() {
                let glyph = charmap.map(letter).unwrap_or_else(|| panic!("the embedded font has no {letter:?}"));
                let mut pen = Path::default();
                let outlines = font.outline_glyphs();
                let outline = outlines.get(glyph).expect("an outline");
                outline
                    .draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), &mut pen)
                    .expect("drawn");
                if !letter.is_whitespace() {
                    let place = if upwards { (at[0] + y, at[1] - x) } else { (at[0] + x, at[1] + y) };
                    glyphs.push((place.0, place.1, size, pen.0));
                }
                x += f64::from(metrics.advance_width(glyph).expect("an advance")) * size / 1000.0;
            }
        }
        let group = text.parent().expect("a group");
        labels.push((group.attribute("aria-label").expect("a label").to_owned(), glyphs, letters));
    }
    labels
}

#[test]
fn live_text_is_where_its_outlines_are_in_both_typefaces() {
    let (mut compared, mut farthest) = (0, 0.0_f64);
    for (figures, tables) in shipped() {
        for figure in figures {
            for &face in Face::ALL {
                let drawn = |text| {
                    let look = Look::new(None, Wish { text: Some(text), face: Some(face), venue: None });
                    render(&figure, &tables, "", look)
                        .unwrap_or_else(|error| panic!("{}, {face:?}: {error}", figure.name))
                };
                let (outlines, text) = (drawn(Text::Outlines), drawn(Text::Live));
                let (meant, found) = (Document::parse(&outlines).expect("XML"), Document::parse(&text).expect("XML"));
                let (meant, found) = (outlined(&meant), live(&found));
                assert_eq!(meant.len(), found.len(), "{}", figure.name);
                for ((plain, meant), (label, found, letters)) in meant.iter().zip(&found) {
                    assert_eq!((plain, meant.len()), (label, found.len()), "{}", figure.name);
                    let count = letters.chars().filter(|letter| !letter.is_whitespace()).count();
                    assert_eq!(count, found.len(), "{}: {label}", figure.name);
                    for (meant, found) in meant.iter().zip(found) {
                        farthest = farthest.max((meant.0 - found.0).abs()).max((meant.1 - found.1).abs());
                        assert!((meant.2 - found.2).abs() < 0.05, "{}: {label}: {} {}", figure.name, meant.2, found.2);
                        assert!(meant.3 == found.3, "{}: {label}", figure.name);
                        compared += 1;
                    }
                }
            }
        }
    }
    assert!(farthest < NEAR, "{farthest} pt");
    assert!(compared > 30_000, "{compared}");
}

#[test]
fn live_text_reads_as_words() {
    let table = super::numbers("line", &[("x", &[1.0, 2.0]), ("y", &[1.0, 2.0])]);
    let panel = Panel::new(Axis::linear(r"weight scale $\sigma_w = 1$, \$5 < 6"), Axis::linear("y"))
        .series(Series::theory("line", "x", "y"));
    let figure = Figure::new("line", "words").panel(panel);
    let look = Look::new(None, Wish { text: Some(Text::Live), ..Wish::default() });
    let svg = render(&figure, &[table], "", look).expect("drawn");
    assert!(svg.contains("data-text=\"live\"") && !svg.contains("data-face") && !svg.contains("<use "));
    let document = Document::parse(&svg).expect("XML");
    let label = live(&document).into_iter().find(|label| label.0.starts_with("weight")).expect("a label");
    assert_eq!(label.2, "weight scale σw = 1, $5 < 6");
    assert_eq!(Look::of_svg(&svg), Some(look));
}

/// Figures that a venue cannot take, and why; all others are drawn. docs/how-to/venue.md has the same list.
const REFUSED: &[(Venue, &[&str], &str)] = &[
    (Venue::Nature, &["distance_tail", "dropout_depth"], "subscripts or superscripts of 3.6 pt, but nature takes 5 pt"),
    (Venue::Science, &["distance_tail", "dropout_depth"], "but science takes 5 pt at least"),
    (
        Venue::Slides,
        &[
            "activity_depth",
            "backward_width",
            "curvature_jet",
            "curvature_tensor",
            "dropout_layers",
            "fisher_natural",
            "fisher_spectrum",
            "measured_network",
            "metric_anisotropy",
            "poole_expressivity",
            "poole_manifold",
            "recurrent_continuous",
            "recurrent_deviation",
            "recurrent_attractors",
            "singular_basin",
            "singular_coefficient",
            "singular_cone",
        ],
        "mm; slides has 78 mm",
    ),
    (Venue::Slides, &["data_distances"], "the label \"(b)\" stands on"),
];

#[test]
fn shipped_figures_are_drawn_at_every_venue_or_refused_with_a_reason() {
    let mut refused = Vec::new();
    for (figures, tables) in shipped() {
        for figure in figures {
            // ICLR has the terms of NeurIPS
            for &venue in Venue::ALL.iter().filter(|&&venue| venue != Venue::Iclr) {
                let look = Look::new(None, Wish { venue: Some(venue), ..Wish::default() });
                match lay_out(&figure, &tables, look) {
                    Ok(_) => {}
                    Err(error) => refused.push((venue, figure.name.clone(), error.to_string())),
                }
            }
        }
    }
    let known = |(venue, figure, error): &(Venue, String, String)| {
        REFUSED.iter().any(|row| row.0 == *venue && row.1.contains(&figure.as_str()) && error.contains(row.2))
    };
    let unknown: Vec<_> = refused.iter().filter(|row| !known(row)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert_eq!(refused.len(), REFUSED.iter().map(|row| row.1.len()).sum::<usize>());
    let page = include_str!("../../docs/how-to/venue.md").split_once("these are refused").expect("a list").1;
    assert!(refused.iter().all(|(_, figure, _)| page.contains(&format!("`{figure}`"))), "{page}");
}

//! The paths of a drawing as PDF operators, in points from the lower left corner.

use super::live::Live;
use pdf_writer::types::{LineCapStyle, LineJoinStyle};
use pdf_writer::{Content, Name};
use resvg::tiny_skia::{Path, PathSegment, Transform};
use resvg::usvg::{FillRule, Group, LineCap, LineJoin, Node, Paint, ShapeRendering, Tree};
use std::collections::BTreeSet;

/// Points in one of usvg's units, of which there are 96 an inch.
pub(super) const POINTS: f32 = 0.75;

/// Areas drawn without anti-aliasing get an edge of their own colour this wide (points), or viewers show seams between them.
const SEAM: f32 = 0.12;

/// Percentages of opacity of fills and strokes.
pub(super) type Opacities = BTreeSet<(u32, u32)>;

/// Name of the graphics state of two opacities.
pub(super) fn state((fill, stroke): (u32, u32)) -> String {
    format!("o{fill}s{stroke}")
}

/// Writes all paths in the order in which they are painted.
pub(super) fn write(tree: &Tree, live: Option<&Live>, content: &mut Content) -> Result<Opacities, String> {
    let flip = Transform::from_row(POINTS, 0.0, 0.0, -POINTS, 0.0, tree.size().height() * POINTS);
    let mut writer = Writer { content, live, flip, opacities: Opacities::new(), last: (100, 100) };
    writer.group(tree.root())?;
    Ok(writer.opacities)
}

struct Writer<'a> {
    content: &'a mut Content,
    live: Option<&'a Live<'a>>,
    flip: Transform,
    opacities: Opacities,
    last: (u32, u32),
}

impl Writer<'_> {
    fn group(&mut self, group: &Group) -> Result<(), String> {
        let plain = group.opacity().get() == 1.0
            && group.clip_path().is_none()
            && group.mask().is_none()
            && group.filters().is_empty();
        if !plain {
            return Err("it has a group with an opacity, a clip, a mask or a filter".to_owned());
        }
        if let Some((live, label)) = self.live.and_then(|live| Some((live, live.label(group.id())?))) {
            self.opacities((100, 100));
            return live.write(label, group.abs_transform().post_concat(self.flip), self.content);
        }
        for child in group.children() {
            match child {
                Node::Group(group) => self.group(group)?,
                Node::Path(path) if path.is_visible() => self.path(path)?,
                Node::Path(_) => {}
                Node::Image(_) => return Err("it has an image".to_owned()),
                Node::Text(_) => return Err("it has text that is no outline".to_owned()),
            }
        }
        Ok(())
    }

    fn opacities(&mut self, opacities: (u32, u32)) {
        if opacities != self.last {
            self.content.set_parameters(Name(state(opacities).as_bytes()));
            self.opacities.insert(opacities);
            // the state that PDF starts with needs a name where it is gone back to
            self.opacities.insert((100, 100));
            self.last = opacities;
        }
    }

    fn path(&mut self, path: &resvg::usvg::Path) -> Result<(), String> {
        let transform = path.abs_transform().post_concat(self.flip);
        let outline = path.data().clone().transform(transform).ok_or("a path has no finite coordinates")?;
        let percent = |opacity: f32| (opacity * 100.0).round() as u32;
        let opacities = (
            path.fill().map_or(100, |fill| percent(fill.opacity().get())),
            path.stroke().map_or(100, |stroke| percent(stroke.opacity().get())),
        );
        self.opacities(opacities);
        if let Some(fill) = path.fill() {
            let [r, g, b] = colour(fill.paint())?;
            self.content.set_fill_rgb(r, g, b);
            let seamless =
                path.stroke().is_none() && path.rendering_mode() == ShapeRendering::CrispEdges && opacities.0 == 100;
            if seamless {
                self.content.set_stroke_rgb(r, g, b).set_line_width(SEAM).set_line_join(LineJoinStyle::MiterJoin);
                self.content.set_dash_pattern([], 0.0);
            }
            self.outline(&outline);
            match (fill.rule(), seamless) {
                (FillRule::NonZero, false) => self.content.fill_nonzero(),
                (FillRule::EvenOdd, false) => self.content.fill_even_odd(),
                (FillRule::NonZero, true) => self.content.fill_nonzero_and_stroke(),
                (FillRule::EvenOdd, true) => self.content.fill_even_odd_and_stroke(),
            };
        }
        if let Some(stroke) = path.stroke() {
            let scale = uniform_scale(transform).ok_or("a line is stretched in one direction")?;
            let [r, g, b] = colour(stroke.paint())?;
            self.content.set_stroke_rgb(r, g, b).set_line_width(rounded(stroke.width().get() * scale));
            self.content.set_line_cap(match stroke.linecap() {
                LineCap::Butt => LineCapStyle::ButtCap,
                LineCap::Round => LineCapStyle::RoundCap,
                LineCap::Square => LineCapStyle::ProjectingSquareCap,
            });
            self.content.set_line_join(match stroke.linejoin() {
                LineJoin::Miter | LineJoin::MiterClip => LineJoinStyle::MiterJoin,
                LineJoin::Round => LineJoinStyle::RoundJoin,
                LineJoin::Bevel => LineJoinStyle::BevelJoin,
            });
            self.content.set_miter_limit(stroke.miterlimit().get());
            let dashes = stroke.dasharray().unwrap_or_default().iter().map(|&length| rounded(length * scale));
            self.content.set_dash_pattern(dashes, rounded(stroke.dashoffset() * scale));
            self.outline(&outline);
            self.content.stroke();
        }
        Ok(())
    }

    fn outline(&mut self, path: &Path) {
        let mut last = (0.0, 0.0);
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(p) => {
                    self.content.move_to(rounded(p.x), rounded(p.y));
                    last = (p.x, p.y);
                }
                PathSegment::LineTo(p) => {
                    self.content.line_to(rounded(p.x), rounded(p.y));
                    last = (p.x, p.y);
                }
                PathSegment::QuadTo(c, p) => {
                    // the same curve as a cubic
                    let near = |end: f32, control: f32| rounded(end + (control - end) * 2.0 / 3.0);
                    self.content.cubic_to(
                        near(last.0, c.x),
                        near(last.1, c.y),
                        near(p.x, c.x),
                        near(p.y, c.y),
                        rounded(p.x),
                        rounded(p.y),
                    );
                    last = (p.x, p.y);
                }
                PathSegment::CubicTo(a, b, p) => {
                    let [ax, ay, bx, by] = [a.x, a.y, b.x, b.y].map(rounded);
                    self.content.cubic_to(ax, ay, bx, by, rounded(p.x), rounded(p.y));
                    last = (p.x, p.y);
                }
                PathSegment::Close => {
                    self.content.close_path();
                }
            }
        }
    }
}

/// Thousandths of a point are finer than any printer.
pub(super) fn rounded(value: f32) -> f32 {
    (value * 1000.0).round() / 1000.0
}

fn colour(paint: &Paint) -> Result<[f32; 3], String> {
    match paint {
        Paint::Color(colour) => Ok([colour.red, colour.green, colour.blue].map(|c| rounded(f32::from(c) / 255.0))),
        _ => Err("it has a gradient or a pattern".to_owned()),
    }
}

pub(super) fn uniform_scale(transform: Transform) -> Option<f32> {
    let across = transform.sx * transform.sx + transform.ky * transform.ky;
    let up = transform.kx * transform.kx + transform.sy * transform.sy;
    let skew = transform.sx * transform.kx + transform.ky * transform.sy;
    ((across - up).abs() <= 1e-4 * across && skew.abs() <= 1e-4 * across).then(|| across.sqrt())
}

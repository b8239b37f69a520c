//! Strokes, shapes and labels by way of plotters.

use super::colour::mapped;
use super::data::Marker;
use super::error::Problem;
use super::frame::Area;
use super::legend::{Sample, Swatch};
use super::style::{INK, Style};
use super::svg::{POINT, Pen};
use super::text::Ruler;
use neurodyn_figure::Dash;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, DrawingAreaErrorKind};
use plotters::element::{Circle, PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontTransform, IntoFont, RGBColor, ShapeStyle, TextStyle};
use plotters_backend::{BackendCoord, DrawingErrorKind};

/// A page to draw on.
pub(super) struct Brush {
    pub pen: Pen,
    pub root: DrawingArea<Pen, Shift>,
    pub ruler: Ruler,
    pub page: (i32, i32),
}

type Failure = DrawingAreaErrorKind<super::markup::MarkupError>;

fn problem(failure: Failure) -> Problem {
    match failure {
        DrawingAreaErrorKind::BackendError(DrawingErrorKind::DrawingError(error)) => Problem::Markup(error),
        other => Problem::Incomplete(other.to_string()),
    }
}

fn stroke(colour: RGBColor, width: u32) -> ShapeStyle {
    colour.stroke_width(width)
}

impl Brush {
    /// The look.
    pub fn style(&self) -> &Style {
        &self.ruler.style
    }

    /// Strokes polylines.
    pub fn lines(&self, lines: &[Vec<BackendCoord>], colour: RGBColor, width: u32, dash: Dash) -> Result<(), Problem> {
        self.pen.dash(dash);
        for line in lines {
            self.root.draw(&PathElement::new(line.clone(), stroke(colour, width))).map_err(problem)?;
        }
        self.pen.dash(Dash::Solid);
        Ok(())
    }

    /// Fills a polygon.
    pub fn polygon(&self, points: Vec<BackendCoord>, colour: RGBColor, opacity: f64) -> Result<(), Problem> {
        self.root.draw(&Polygon::new(points, colour.mix(opacity))).map_err(problem)
    }

    /// Fills a rectangle.
    pub fn fill(&self, area: &Area, colour: RGBColor) -> Result<(), Problem> {
        let corners = [(area.left, area.top), (area.right, area.bottom)];
        self.root.draw(&Rectangle::new(corners, colour.filled())).map_err(problem)
    }

    /// Strokes a rectangle.
    pub fn outline(&self, area: &Area, colour: RGBColor, width: u32) -> Result<(), Problem> {
        let corners = [(area.left, area.top), (area.right, area.bottom)];
        self.root.draw(&Rectangle::new(corners, stroke(colour, width))).map_err(problem)
    }

    /// Draws markers of one shape.
    pub fn markers(&self, points: &[BackendCoord], marker: Marker, colour: RGBColor, size: i32) -> Result<(), Problem> {
        if marker == Marker::Ring {
            let (radius, style) = (size * 9 / 8, self.style());
            for &point in points {
                self.root.draw(&Circle::new(point, radius, style.paper.filled())).map_err(problem)?;
            }
            for &point in points {
                self.root.draw(&Circle::new(point, radius, stroke(colour, style.ring))).map_err(problem)?;
            }
            return Ok(());
        }
        self.pen.halo(true);
        for &(x, y) in points {
            match corners(marker, (x, y), size) {
                Some(shape) => self.polygon(shape, colour, 1.0)?,
                None => self.root.draw(&Circle::new((x, y), size, colour.filled())).map_err(problem)?,
            }
        }
        self.pen.halo(false);
        Ok(())
    }

    /// Draws the outlines of markers of one shape, to stand around others.
    pub fn rings(&self, points: &[BackendCoord], marker: Marker, colour: RGBColor, size: i32) -> Result<(), Problem> {
        let ring = self.style().ring;
        for &at in points {
            match corners(marker, at, size) {
                Some(mut shape) => {
                    shape.extend_from_within(..2);
                    self.lines(&[shape], colour, ring, Dash::Solid)?;
                }
                None => self.root.draw(&Circle::new(at, size, stroke(colour, ring))).map_err(problem)?,
            }
        }
        Ok(())
    }

    /// Draws an arrow.
    pub fn arrow(&self, from: BackendCoord, to: BackendCoord, colour: RGBColor) -> Result<(), Problem> {
        let (dx, dy) = (f64::from(to.0 - from.0), f64::from(to.1 - from.1));
        let length = (dx * dx + dy * dy).sqrt().max(1.0);
        let (ux, uy) = (dx / length, dy / length);
        let head = (length * 0.4).min(f64::from(self.style().arrow_head));
        let at = |along: f64, aside: f64| {
            let (x, y) = (f64::from(to.0) - along * ux - aside * uy, f64::from(to.1) - along * uy + aside * ux);
            (x.round() as i32, y.round() as i32)
        };
        self.root
            .draw(&PathElement::new(vec![from, at(head * 0.8, 0.0)], stroke(colour, self.style().arrow)))
            .map_err(problem)?;
        self.polygon(vec![to, at(head, head * 0.42), at(head, -head * 0.42)], colour, 1.0)
    }

    /// Writes a label; its baseline starts, has its middle or ends at a place.
    pub fn label(&self, text: &str, size: i32, at: BackendCoord, hold: HPos, upwards: bool) -> Result<(), Problem> {
        self.label_in(INK, text, size, at, hold, upwards)
    }

    /// Writes a label in a colour.
    pub fn label_in(
        &self,
        colour: RGBColor,
        text: &str,
        size: i32,
        at: BackendCoord,
        hold: HPos,
        upwards: bool,
    ) -> Result<(), Problem> {
        let extent = self.ruler.extent(text, size)?;
        let back = match hold {
            HPos::Left => 0,
            HPos::Center => extent.width / 2,
            HPos::Right => extent.width,
        };
        let (along, across) = if upwards { (self.page.1, self.page.0) } else { self.page };
        if extent.width > along || extent.height() > across {
            return Err(Problem::NoRoom { what: format!("label {text:?} is larger than the page") });
        }
        // what would stand out from the page slides back onto it
        let at = if upwards {
            let foot = (at.1 + back).clamp(extent.width, along);
            (at.0.clamp(extent.rise, across - extent.fall), foot - back)
        } else {
            let start = (at.0 - back).clamp(0, along - extent.width);
            (start + back, at.1.clamp(extent.rise, across - extent.fall))
        };
        let font = ("STIX General", size).into_font();
        let font = if upwards { font.transform(FontTransform::Rotate270) } else { font };
        let style = TextStyle::from(font).color(&colour).pos(Pos::new(hold, VPos::Bottom));
        self.root.draw_text(text, &style, at).map_err(problem)
    }

    /// Draws what stands before a label of a legend, its left end and the middle of its height given.
    pub fn swatches(&self, (x, y): BackendCoord, width: i32, swatches: &[Swatch]) -> Result<(), Problem> {
        let count = i32::try_from(swatches.len()).unwrap_or(1).max(1);
        for (index, Swatch { colour, samples }) in (0..).zip(swatches) {
            for sample in samples {
                let (from, to) = (x + width * index / count, x + width * (index + 1) / count);
                match sample {
                    // one pattern over the whole width, its colours one after the other
                    Sample::Line(dash) if count > 1 => {
                        let weight = self.style().weight(*dash);
                        let dashes = dashes(self.style().pattern(*dash), width).into_iter();
                        let own = dashes.map(|(a, b)| ((x + a).max(from), (x + b).min(to))).filter(|(a, b)| a < b);
                        let lines: Vec<_> = own.map(|(a, b)| vec![(a, y), (b, y)]).collect();
                        self.lines(&lines, *colour, weight, Dash::Solid)?;
                    }
                    _ => self.sample((from, y), to - from, *colour, *sample)?,
                }
            }
        }
        Ok(())
    }

    fn sample(&self, (x, y): BackendCoord, width: i32, colour: RGBColor, sample: Sample) -> Result<(), Problem> {
        let style = self.style();
        let bar = |half: i32| vec![(x, y - half), (x + width, y - half), (x + width, y + half), (x, y + half)];
        let line = vec![(x, y), (x + width, y)];
        match sample {
            Sample::Band => self.polygon(bar(style.marker * 5 / 4), colour, style.band)?,
            Sample::Stack => self.polygon(bar(style.marker * 5 / 4), colour, style.stack)?,
            Sample::Swath => {
                self.polygon(bar(style.marker * 2 / 3), colour, style.under)?;
                self.lines(&[line], colour, style.join, Dash::Solid)?;
            }
            Sample::Coloured(map) => {
                for step in 0..8 {
                    let piece = vec![(x + width * step / 8, y), (x + width * (step + 1) / 8, y)];
                    self.lines(&[piece], mapped(map, (f64::from(step) + 0.5) / 8.0), style.line, Dash::Solid)?;
                }
            }
            Sample::Line(dash) => self.lines(&[line], colour, style.weight(dash), dash)?,
            Sample::Steps => {
                let half = style.marker;
                let (a, b, top, low) = (x + width / 3, x + width * 2 / 3, y - half, y + half);
                let bin = vec![(x, low), (a, low), (a, top), (b, top), (b, low), (x + width, low)];
                self.lines(&[bin], colour, style.line, Dash::Solid)?;
            }
            Sample::Marker(marker, error) => {
                let middle = x + width / 2;
                if error {
                    let half = style.marker * 9 / 5;
                    let bar = vec![(middle, y - half), (middle, y + half)];
                    self.lines(&[bar], colour, style.error_bar, Dash::Solid)?;
                }
                self.markers(&[(middle, y)], marker, colour, style.marker)?;
            }
        }
        Ok(())
    }
}

/// The corners of a marker; none if it is round.
fn corners(marker: Marker, (x, y): BackendCoord, size: i32) -> Option<Vec<BackendCoord>> {
    let corners: &[(i32, i32)] = match marker {
        Marker::Circle | Marker::Ring => return None,
        Marker::Square => &[(-88, -88), (88, -88), (88, 88), (-88, 88)],
        Marker::Triangle => &[(0, -120), (108, 75), (-108, 75)],
        Marker::Diamond => &[(0, -128), (108, 0), (0, 128), (-108, 0)],
        Marker::Inverted => &[(0, 120), (-108, -75), (108, -75)],
        Marker::Pentagon => &[(0, -112), (107, -35), (66, 91), (-66, 91), (-107, -35)],
        Marker::Star => &[
            (0, -140),
            (37, -51),
            (133, -43),
            (60, 19),
            (82, 113),
            (0, 63),
            (-82, 113),
            (-60, 19),
            (-133, -43),
            (-37, -51),
        ],
    };
    Some(corners.iter().map(|&(a, b)| (x + a * size / 100, y + b * size / 100)).collect())
}

/// From where to where a line of this pattern and length is drawn.
fn dashes(pattern: Option<&str>, length: i32) -> Vec<(i32, i32)> {
    let Some(pattern) = pattern else { return vec![(0, length)] };
    let points = pattern.split(' ').filter_map(|part| part.parse::<f64>().ok());
    let parts: Vec<i32> = points.map(|points| (points * POINT).round() as i32).filter(|part| *part > 0).collect();
    let (mut at, mut found) = (0, Vec::new());
    for (index, part) in parts.iter().cycle().enumerate() {
        if at >= length {
            break;
        }
        if index % 2 == 0 {
            found.push((at, (at + part).min(length)));
        }
        at += part;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_show_every_pattern() {
        let style = Style::for_theme(crate::Theme::Print);
        let of = |dash: Dash| dashes(style.pattern(dash), style.sample_line);
        assert_eq!(of(Dash::Solid), [(0, 1500)]);
        assert_eq!(of(Dash::Dashed), [(0, 400), (600, 1000), (1200, 1500)]);
        assert_eq!(of(Dash::DashDot), [(0, 500), (660, 750), (910, 1410)]);
        assert_eq!(of(Dash::LongDash), [(0, 800), (1040, 1500)]);
        assert_eq!(of(Dash::Dotted).len(), 6);
        // no two are one, in either theme
        for theme in crate::Theme::ALL {
            let style = Style::for_theme(*theme);
            let dashes: Vec<_> = [Dash::Solid, Dash::Dashed, Dash::DashDot, Dash::LongDash, Dash::Dotted]
                .map(|dash| dashes(style.pattern(dash), style.sample_line))
                .into();
            assert!((0..5).all(|i| (0..i).all(|j| dashes[i] != dashes[j])), "{dashes:?}");
        }
    }
}

//! How sharply drawn lines turn: a curve on too coarse a grid shows corners.

use super::look::Look;
use super::plain::plain;
use super::resolve::Shape;
use super::{RenderError, compose};
use neurodyn_figure::{Dash, Figure, panel_letter};
use neurodyn_numerics::elementary::atan2;
use neurodyn_table::Table;

/// The sharpest corner of the lines of a panel that have one label.
#[derive(Debug, Clone, PartialEq)]
pub struct Turn {
    /// Letter of the panel.
    pub panel: String,
    /// Label of the line in plain text; empty where it has none.
    pub label: String,
    /// Where it turns, in units of the axes.
    pub at: (f64, f64),
    /// By how many degrees on the page.
    pub degrees: f64,
    /// Whether the line has values at whole numbers alone, between which straight pieces say what is known.
    pub whole: bool,
}

/// The sharpest corners of all solid and dashed lines of a figure as printed, those of lines of three vertices and more.
pub fn turns(figure: &Figure, tables: &[Table]) -> Result<Vec<Turn>, RenderError> {
    let composed = compose(figure, tables, Look::default())?;
    let mut found: Vec<Turn> = Vec::new();
    for (index, (content, placed)) in composed.contents.iter().zip(&composed.page.panels).enumerate() {
        let (frame, panel) = (&placed.frame, panel_letter(index));
        let (wide, high) = (f64::from(frame.area.width()), f64::from(frame.area.height()));
        for mark in &content.marks {
            let Shape::Line(points, Dash::Solid | Dash::Dashed) = &mark.shape else { continue };
            let place = |&(x, y): &(f64, f64)| (frame.x.fraction(x) * wide, frame.y.fraction(y) * high);
            let seen = |&(x, y): &(f64, f64)| frame.x.holds(x) && frame.y.holds(y);
            let mut distinct = points.clone();
            distinct.dedup();
            let sharpest = distinct.windows(3).filter(|three| three.iter().all(seen)).map(|three| {
                let [a, b, c] = [place(&three[0]), place(&three[1]), place(&three[2])];
                let (u, v) = ((b.0 - a.0, b.1 - a.1), (c.0 - b.0, c.1 - b.1));
                let turn = atan2(u.0 * v.1 - u.1 * v.0, u.0 * v.0 + u.1 * v.1).abs().to_degrees();
                (turn, three[1])
            });
            let Some((degrees, at)) = sharpest.max_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            let whole = points.iter().all(|(x, _)| x.fract() == 0.0);
            let label = mark.label.as_ref().or(mark.key.as_ref()).and_then(|label| plain(label).ok());
            let turn = Turn { panel: panel.clone(), label: label.unwrap_or_default(), at, degrees, whole };
            match found.iter_mut().find(|other| other.panel == turn.panel && other.label == turn.label) {
                Some(other) if other.degrees < turn.degrees => *other = turn,
                Some(_) => {}
                None => found.push(turn),
            }
        }
    }
    Ok(found)
}

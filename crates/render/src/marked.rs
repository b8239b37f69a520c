//! Names of guides, on them and inside the frame, where they cover the least.

use super::arrange::arrange;
use super::error::Problem;
use super::frame::{Area, Frame};
use super::legend::Obstacles;
use super::resolve::Content;
use super::text::Ruler;
use neurodyn_figure::{Panel, Rule};
use plotters_backend::BackendCoord;

/// Text, start of the baseline, room.
pub(super) type Label<'a> = (&'a str, BackendCoord, Area);

/// The names of guides that lie in the frame.
pub(super) fn marked_labels<'a>(
    panel: &Panel,
    content: &'a Content,
    frame: &Frame,
    ruler: &Ruler,
) -> Result<Vec<Label<'a>>, Problem> {
    if content.marked.is_empty() {
        return Ok(Vec::new());
    }
    let (style, area) = (&ruler.style, frame.area);
    let mut covered = Obstacles::default();
    for found in arrange(panel, content, frame, style).traces {
        found.obstruct(&mut covered, style);
    }
    let inside = area.grown(-style.inset / 2);
    let mut placed: Vec<Label<'a>> = Vec::new();
    for (rule, label) in content.marked.iter().filter(|(_, label)| !label.is_empty()) {
        let extent = ruler.note(label)?;
        let (gap, wide) = (style.mark_gap, extent.width);
        let (top, low) = (area.top + style.inset + extent.rise, area.bottom - style.inset - extent.fall);
        let (left, right) = (area.left + style.inset, area.right - style.inset - wide);
        let spots: Vec<BackendCoord> = match *rule {
            Rule::Vertical(x) if frame.x.holds(x) => {
                let x = frame.x_at(x);
                let (after, before) = (x + gap, x - gap - wide);
                vec![(after, top), (before, top), (after, low), (before, low)]
            }
            Rule::Horizontal(y) if frame.y.holds(y) => {
                let y = frame.y_at(y);
                let (over, under) = (y - gap - extent.fall, y + gap + extent.rise);
                vec![(right, over), (left, over), (right, under), (left, under)]
            }
            Rule::Diagonal => {
                let (low, high) = (frame.x.low.max(frame.y.low), frame.x.high.min(frame.y.high));
                let along = |share: f64| frame.at(low + share * (high - low), low + share * (high - low));
                let under = |(x, y): BackendCoord| (x + gap, y + gap + extent.rise);
                vec![under(along(0.7)), under(along(0.3)), under(along(0.5))]
            }
            Rule::Vertical(_) | Rule::Horizontal(_) => continue,
        };
        let rooms = spots.into_iter().map(|at| (at, extent.at(at)));
        let fitting: Vec<(BackendCoord, Area)> =
            rooms.filter(|(_, r)| inside.holds((r.left, r.top)) && inside.holds((r.right, r.bottom))).collect();
        let apart = |room: &Area| placed.iter().all(|(_, _, other)| !other.meets(room));
        let free = fitting.iter().find(|(_, room)| apart(room) && covered.free(room));
        if let Some(&(at, room)) = free.or_else(|| fitting.iter().find(|(_, room)| apart(room))).or(fitting.first()) {
            placed.push((label, at, room));
        }
    }
    Ok(placed)
}

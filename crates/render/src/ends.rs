//! Labels where lines and areas of stacks end, at the right of the frame, in the colours of their lines.

use super::error::Problem;
use super::frame::Frame;
use super::resolve::{Content, Mark, Shape};
use super::text::Ruler;
use neurodyn_figure::{Legend, Panel};
use plotters::style::RGBColor;
use plotters_backend::BackendCoord;

/// More labels than this go to the legend.
const MOST: usize = 7;

/// A label at the end of a line.
pub(super) struct End<'a> {
    pub text: &'a str,
    pub colour: RGBColor,
    /// Where its baseline starts.
    pub at: BackendCoord,
    /// From the end of the line to the label, where it had to move.
    pub leader: Option<[BackendCoord; 2]>,
}

/// The lines, and areas of a stack, whose labels stand at their ends, one for each label.
pub(super) fn labelled<'a>(panel: &Panel, content: &'a Content) -> Vec<(&'a Mark, &'a str)> {
    let mut found: Vec<(&Mark, &str)> = Vec::new();
    let ends = |mark: &&Mark| matches!(mark.shape, Shape::Line(..) | Shape::Stack(..));
    for mark in content.marks.iter().filter(|mark| mark.at_end).filter(ends) {
        let Some(label) = mark.label.as_deref() else { continue };
        match found.iter_mut().find(|(_, known)| *known == label) {
            // of several pieces, the last ends the line
            Some(entry) => entry.0 = mark,
            None => found.push((mark, label)),
        }
    }
    let barred = panel.heatmap.is_some() || panel.legend == Legend::Hidden;
    if barred || found.len() > MOST { Vec::new() } else { found }
}

/// The room that they need at the right of the frame.
pub(super) fn room(panel: &Panel, content: &Content, ruler: &Ruler) -> Result<i32, Problem> {
    let widths = labelled(panel, content).into_iter().map(|(_, label)| Ok(ruler.note(label)?.width));
    let widest = widths.collect::<Result<Vec<_>, Problem>>()?.into_iter().max();
    Ok(widest.map_or(0, |width| width + ruler.style.end_gap))
}

/// The labels in their places: beside the ends of their lines, and no nearer to each other than lines of text.
pub(super) fn ends<'a>(
    panel: &Panel,
    content: &'a Content,
    frame: &Frame,
    ruler: &Ruler,
) -> Result<Vec<End<'a>>, Problem> {
    let style = &ruler.style;
    let area = &frame.area;
    let mut wanted: Vec<(BackendCoord, &Mark, &str)> = Vec::new();
    for (mark, label) in labelled(panel, content) {
        let points: Vec<_> = match &mark.shape {
            Shape::Line(points, _) => points.iter().map(|&(x, y)| frame.at(x, y)).collect(),
            Shape::Stack(points, _) => points.iter().map(|&(x, low, high)| frame.at(x, (low + high) / 2.0)).collect(),
            _ => continue,
        };
        let pieces = area.clip_line(&points);
        if let Some(&end) = pieces.iter().flatten().max_by_key(|point| point.0) {
            wanted.push((end, mark, label));
        }
    }
    wanted.sort_by_key(|(end, ..)| end.1);
    let middles = spread(&wanted.iter().map(|(end, ..)| end.1).collect::<Vec<_>>(), style.row, (area.top, area.bottom));
    let mut found = Vec::new();
    for ((end, mark, text), middle) in wanted.into_iter().zip(middles) {
        let x = area.right + style.end_gap;
        let moved = (middle - end.1).abs() > style.row * 2 / 5 || area.right - end.0 > style.end_gap;
        let leader = moved.then_some([end, (x - style.inset / 2, middle)]);
        found.push(End { text, colour: mark.colour, at: (x, middle + style.legend * 32 / 100), leader });
    }
    Ok(found)
}

/// Heights as near to those wanted, which rise, as a distance between them allows; where there is no room for that, evenly spread.
fn spread(wanted: &[i32], apart: i32, (top, bottom): (i32, i32)) -> Vec<i32> {
    let steps = i32::try_from(wanted.len().saturating_sub(1)).unwrap_or(i32::MAX).max(1);
    let apart = apart.min((bottom - top) / steps);
    // groups that touch share their displacement: first height, number, sum of what is wanted of the first
    let mut groups: Vec<(i32, i32, i32)> = Vec::new();
    for &height in wanted {
        let mut group = (height, 1, height);
        while let Some(&(first, count, sum)) = groups.last() {
            if first + count * apart <= group.0 {
                break;
            }
            groups.pop();
            let joined = (count + group.1, sum + group.2 - group.1 * count * apart);
            group = (joined.1 / joined.0, joined.0, joined.1);
            let last = bottom - (group.1 - 1) * apart;
            group.0 = group.0.clamp(top, last.max(top));
        }
        groups.push(group);
    }
    groups.into_iter().flat_map(|(first, count, _)| (0..count).map(move |i| first + i * apart)).collect()
}

#[cfg(test)]
mod tests {
    use super::spread;

    #[test]
    fn labels_keep_their_distance_and_their_order() {
        assert_eq!(spread(&[100, 2000, 4000], 980, (0, 5000)), [100, 2000, 4000]);
        // two at one height move apart by the same
        assert_eq!(spread(&[2000, 2000], 1000, (0, 5000)), [1500, 2500]);
        for wanted in [&[0, 0, 0, 0][..], &[5000, 5000, 5000], &[100, 150, 160, 4900, 4950], &[2500; 6]] {
            let found = spread(wanted, 980, (0, 5000));
            assert!(found.windows(2).all(|pair| pair[1] - pair[0] >= 980), "{found:?}");
            assert!(found[0] >= 0 && found[found.len() - 1] <= 5000, "{found:?}");
        }
        // more than there is room for
        let found = spread(&[10; 7], 980, (0, 3000));
        assert!(found.windows(2).all(|pair| pair[1] - pair[0] == 500), "{found:?}");
    }
}

//! Where everything goes: margins from the measured size of labels, equal frames in a grid, legends where they cover nothing.

use super::arrange::{Arranged, arrange};
use super::contour::contour_labels;
use super::error::Problem;
use super::frame::{Area, Frame};
use super::legend::{Block, Entry, Obstacles, entries, place};
use super::margins::{Gauge, Margins, fitted};
use super::marked::marked_labels;
use super::resolve::{Content, Grid};
use super::share::{Share, share};
use super::style::Style;
use super::text::Ruler;
use super::trace::{rule, slope, slope_label};
use neurodyn_figure::{Anchor, Figure, Legend, Note, Panel, Place, Words};
use plotters_backend::BackendCoord;

/// A legend in place.
pub(super) type PlacedLegend = (Vec<Entry>, Block, BackendCoord);

/// A panel in place.
pub(super) struct PlacedPanel {
    /// Cell of the grid with its margins.
    pub cell: Area,
    pub frame: Frame,
    pub strip: Option<Frame>,
    pub gauge: Gauge,
    pub legend: Option<PlacedLegend>,
}

impl PlacedPanel {
    /// The marks in the frame.
    pub fn marks(&self, panel: &Panel, content: &Content, style: &Style) -> Arranged {
        arrange(panel, content, &self.frame, style)
    }
}

/// A page.
pub(super) struct Page {
    pub size: (i32, i32),
    pub panels: Vec<PlacedPanel>,
    pub shared: Option<PlacedLegend>,
}

/// A problem, and the panel in which it lies.
pub(super) type Located = (Option<usize>, Problem);

fn units(millimetres: f64) -> i32 {
    (millimetres * 7200.0 / 25.4).round() as i32
}

/// Lays out a figure.
pub(super) fn layout(figure: &Figure, contents: &[Content], ruler: &Ruler) -> Result<Page, Located> {
    let size = (units(figure.width.millimetres()), units(figure.height_mm));
    let style = &ruler.style;
    let pad = style.pad;
    let columns = figure.columns.max(1);
    let mut top = pad;
    let mut shared = None;
    if figure.shared_legend {
        let entries = entries(&figure.panels.iter().zip(contents).collect::<Vec<_>>());
        if !entries.is_empty() {
            let block = Block::flow(&entries, size.0 - 2 * pad, ruler).map_err(|problem| (None, problem))?;
            let at = ((size.0 - block.width) / 2, top);
            top += block.height + style.shared_gap;
            shared = Some((entries, block, at));
        }
    }
    let page = Area { left: pad, top, right: size.0 - pad, bottom: size.1 - pad };
    let shares = share(figure, contents)?;
    let mut above = figure.panels.iter().map(|panel| panel.legend == Legend::Above).collect::<Vec<_>>();
    for _ in 0..=figure.panels.len() {
        let mut panels = grid(figure, (contents, &shares), ruler, &page, columns, &above)?;
        let mut crowded = false;
        for (index, placed) in panels.iter_mut().enumerate() {
            let panel = &figure.panels[index];
            if figure.shared_legend || panel.legend == Legend::Hidden {
                continue;
            }
            let entries = entries(&[(panel, &contents[index])]);
            if entries.is_empty() {
                continue;
            }
            if above[index] {
                let block = Block::flow(&entries, placed.frame.area.width(), ruler).map_err(|p| (Some(index), p))?;
                let at = (
                    placed.frame.area.left,
                    placed.frame.area.top - placed.gauge.heading - style.title_gap - block.height + Block::foot(style),
                );
                placed.legend = Some((entries, block, at));
                continue;
            }
            let obstacles = obstacles(panel, &contents[index], &placed.frame, ruler).map_err(|p| (Some(index), p))?;
            let area = &placed.frame.area;
            let mut found = place(&entries, area, &obstacles, ruler).map_err(|p| (Some(index), p))?;
            let mut shown = entries;
            if found.is_none() && shown.iter().any(Entry::is_remark) {
                // a remark is not worth a legend outside
                shown.retain(|entry| !entry.is_remark());
                found = place(&shown, area, &obstacles, ruler).map_err(|p| (Some(index), p))?;
            }
            match found {
                Some((block, at)) => placed.legend = Some((shown, block, at)),
                None => (above[index], crowded) = (true, true),
            }
        }
        if !crowded {
            return Ok(Page { size, panels, shared });
        }
    }
    Err((None, Problem::NoRoom { what: "legends".to_owned() }))
}

fn grid(
    figure: &Figure,
    (contents, shares): (&[Content], &[Share]),
    ruler: &Ruler,
    page: &Area,
    columns: usize,
    above: &[bool],
) -> Result<Vec<PlacedPanel>, Located> {
    let style = &ruler.style;
    let between = style.between;
    let count = figure.panels.len();
    let rows = count.div_ceil(columns);
    let columns_used = columns.min(count.max(1));
    let gauge = |index: usize, width: i32, height: i32| {
        let lettered = (count > 1).then_some(index);
        let panel = &figure.panels[index];
        let mut gauge = Gauge::new(panel, &contents[index], &shares[index], lettered, (width, height), ruler)?;
        let entries = entries(&[(panel, &contents[index])]);
        if above[index] && !figure.shared_legend && !entries.is_empty() {
            let mut top =
                gauge.heading + style.title_gap + Block::flow(&entries, width, ruler)?.height - Block::foot(style);
            if let Some(title) = &panel.title {
                top += style.title_legend_gap + ruler.label(title)?.rise;
            }
            gauge.margins.top = gauge.margins.top.max(top);
        }
        Ok(gauge)
    };
    // margins depend on ticks, ticks on the size of frames, and that on margins
    let mut frame = (page.width() / columns_used as i32 * 3 / 4, page.height() / rows as i32 * 2 / 3);
    let mut gauges: Vec<Gauge> = Vec::new();
    let (mut left, mut right, mut top, mut bottom) = (vec![], vec![], vec![], vec![]);
    for _ in 0..3 {
        gauges = (0..count)
            .map(|index| gauge(index, frame.0, frame.1).map_err(|problem| (Some(index), problem)))
            .collect::<Result<_, Located>>()?;
        let most = |of: fn(&Margins) -> i32, keep: &dyn Fn(usize) -> bool| {
            (0..count).filter(|&i| keep(i)).map(|i| of(&gauges[i].margins)).max().unwrap_or(0)
        };
        left = (0..columns_used).map(|c| most(|m| m.left, &|i| i % columns == c)).collect();
        right = (0..columns_used).map(|c| most(|m| m.right, &|i| i % columns == c)).collect();
        // the label of a colour bar must not pass for that of the next axis
        let barred = |c: usize| (0..count).any(|i| i % columns == c && gauges[i].bar.is_some());
        let last = columns_used.saturating_sub(1);
        (0..last).filter(|&c| barred(c)).for_each(|c| right[c] += style.bar_room);
        top = (0..rows).map(|r| most(|m| m.top, &|i| i / columns == r)).collect();
        bottom = (0..rows).map(|r| most(|m| m.bottom, &|i| i / columns == r)).collect();
        let across = left.iter().chain(&right).sum::<i32>() + between * (columns_used as i32 - 1);
        let down = top.iter().chain(&bottom).sum::<i32>() + between * (rows as i32 - 1);
        frame = ((page.width() - across) / columns_used as i32, (page.height() - down) / rows as i32);
        if frame.0 < style.least_frame.0 || frame.1 < style.least_frame.1 {
            let what = format!("frames would be {} x {} pt; make the figure larger", frame.0 / 100, frame.1 / 100);
            return Err((None, Problem::NoRoom { what }));
        }
    }
    let mut panels = Vec::new();
    for (index, gauge) in gauges.into_iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let before = |a: &[i32], b: &[i32], i: usize| a[..i].iter().chain(&b[..i]).sum::<i32>();
        let x = page.left + before(&left, &right, column) + column as i32 * (frame.0 + between) + left[column];
        let y = page.top + before(&top, &bottom, row) + row as i32 * (frame.1 + between) + top[row];
        let cell = Area {
            left: x - left[column],
            top: y - top[row],
            right: x + frame.0 + right[column],
            bottom: y + frame.1 + bottom[row],
        };
        let whole = Area { left: x, top: y, right: x + frame.0, bottom: y + frame.1 };
        panels.push(placed_panel(&figure.panels[index], cell, whole, gauge, style));
    }
    Ok(panels)
}

fn placed_panel(panel: &Panel, cell: Area, whole: Area, gauge: Gauge, style: &Style) -> PlacedPanel {
    let (mut main, mut strip) = (whole, None);
    if gauge.strip_room {
        let top = whole.bottom - style.strip_height(whole.height());
        main.bottom = top - style.strip_gap;
        strip = gauge.strip.as_ref().map(|(span, _)| Frame::new(Area { top, ..whole }, gauge.x, *span));
    }
    if panel.equal_aspect && strip.is_none() {
        // in the middle of its cell, in line with its neighbours at the top
        let (width, height) = fitted(&gauge.x, &gauge.y, (main.width(), main.height()));
        main.left += (main.width() - width) / 2;
        main.right = main.left + width;
        main.bottom = main.top + height;
    }
    let frame = Frame::new(main, gauge.x, gauge.y);
    PlacedPanel { cell, frame, strip, gauge, legend: None }
}

/// A note as it stands in the frame.
pub(super) struct PlacedNote<'a> {
    pub text: &'a str,
    /// Where its baseline starts.
    pub at: BackendCoord,
    /// The room it takes.
    pub room: Area,
}

/// The notes of a panel, but for those on points outside of the axes.
pub(super) fn placed_notes<'a>(
    panel: &'a Panel,
    content: &Content,
    frame: &Frame,
    ruler: &Ruler,
) -> Result<Vec<PlacedNote<'a>>, Problem> {
    let placed = panel.notes.iter().map(|note| placed_note(note, panel, content, frame, ruler));
    placed.filter_map(Result::transpose).collect()
}

fn placed_note<'a>(
    note: &'a Note,
    panel: &Panel,
    content: &Content,
    frame: &Frame,
    ruler: &Ruler,
) -> Result<Option<PlacedNote<'a>>, Problem> {
    let inset = ruler.style.inset;
    let area = &frame.area;
    let (x, y) = match note.place {
        Place::Data(x, y) if frame.x.holds(x) && frame.y.holds(y) => frame.at(x, y),
        Place::Data(..) => return Ok(None),
        Place::Frame(x, y) => (
            area.left + (x * f64::from(area.width())).round() as i32,
            area.bottom - (y * f64::from(area.height())).round() as i32,
        ),
    };
    let text = match &note.words {
        Words::Fixed(text) => text,
        Words::Compared { below, above, missing } => {
            let contour = panel.contours.first().zip(content.contours.first());
            let value =
                contour.and_then(|(contour, grid)| Some((*contour.levels.first()?, nearest(grid, frame, (x, y))?)));
            match value {
                Some((level, value)) if value < level => below,
                Some(_) => above,
                None => missing,
            }
        }
    };
    let extent = ruler.note(text)?;
    let x = match note.anchor {
        Anchor::Start => x,
        Anchor::Middle => x - extent.width / 2,
        Anchor::End => x - extent.width,
    };
    // inside the frame, if there is room at all
    let x = x.min(area.right - inset - extent.width).max(area.left + inset);
    let y = y.min(area.bottom - inset - extent.fall).max(area.top + inset + extent.rise);
    Ok(Some(PlacedNote { text, at: (x, y), room: extent.at((x, y)) }))
}

/// The value of the grid point nearest to a place of the frame.
fn nearest(grid: &Grid, frame: &Frame, (x, y): BackendCoord) -> Option<f64> {
    let column = (0..grid.xs.len()).min_by_key(|&i| frame.x_at(grid.xs[i]).abs_diff(x))?;
    let row = (0..grid.ys.len()).min_by_key(|&i| frame.y_at(grid.ys[i]).abs_diff(y))?;
    grid.values.get(row * grid.xs.len() + column).copied().flatten()
}

/// What a legend or a note would cover.
pub(super) fn obstacles(panel: &Panel, content: &Content, frame: &Frame, ruler: &Ruler) -> Result<Obstacles, Problem> {
    let mut obstacles = Obstacles::default();
    if panel.heatmap.is_some() {
        obstacles.areas.push(frame.area);
    }
    for found in arrange(panel, content, frame, &ruler.style).traces {
        found.obstruct(&mut obstacles, &ruler.style);
    }
    for triangle in &panel.slopes {
        let outline = slope(triangle, frame);
        let at = slope_label(&outline, &ruler.style);
        obstacles.areas.push(ruler.note(&triangle.label)?.at(at));
        obstacles.lines.push(outline);
    }
    for (contour, grid) in panel.contours.iter().zip(&content.contours) {
        for &level in &contour.levels {
            obstacles.lines.extend(super::contour::contour(grid, level, frame));
        }
    }
    for &guide in &panel.rules {
        obstacles.lines.extend(rule(guide, frame));
    }
    for &(guide, _) in &content.marked {
        obstacles.lines.extend(rule(guide, frame));
    }
    obstacles.areas.extend(marked_labels(panel, content, frame, ruler)?.into_iter().map(|(_, _, room)| room));
    obstacles.areas.extend(contour_labels(panel, content, frame, ruler)?.into_iter().map(|(_, _, room)| room));
    obstacles.areas.extend(placed_notes(panel, content, frame, ruler)?.into_iter().map(|note| note.room));
    Ok(obstacles)
}

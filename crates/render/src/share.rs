//! What panels have in common with their neighbours: axes, strips, colour bars.

use super::error::Problem;
use super::frame::span;
use super::layout::Located;
use super::ranges::{Range, ranges, whole};
use super::resolve::Content;
use super::scale::Span;
use super::shade::{Shade, shade};
use super::verdict::strips;
use neurodyn_figure::{Axis, Figure, Heatmap, Panel, Sharing};

/// Least share of a common range that each of its panels must need, unless the author asked for it.
const LEAST: f64 = 0.35;
/// Least share of a range that two maps have in common if they share it.
const FILLED: f64 = 0.95;

/// An axis of a panel.
#[derive(Debug, Clone)]
pub(super) struct Shared {
    pub span: Span,
    /// Whether data lie on it.
    pub known: bool,
    /// Its data, where all are whole numbers.
    pub whole: Option<Vec<f64>>,
    /// Whether a neighbour has its labels.
    pub inner: bool,
}

/// The strip of residuals under a panel.
#[derive(Debug, Clone, Copy)]
pub(super) struct Strip {
    /// It runs from minus this to this.
    pub limit: f64,
    /// Whether a neighbour has its labels.
    pub inner: bool,
}

/// The colours of a heat map.
#[derive(Debug, Clone)]
pub(super) struct Bar {
    pub shade: Shade,
    /// Whether a neighbour has the bar.
    pub inner: bool,
}

/// What the frame of a panel shows.
pub(super) struct Share {
    pub x: Shared,
    pub y: Shared,
    pub strip: Option<Strip>,
    /// Whether its row has strips, so that all its frames are less high.
    pub strip_room: bool,
    pub bar: Option<Bar>,
}

/// What the frames of a figure show.
pub(super) fn share(figure: &Figure, contents: &[Content]) -> Result<Vec<Share>, Located> {
    let columns = figure.columns.max(1);
    let mut shares = Vec::new();
    let strips = strips(figure, contents);
    for (index, (panel, content)) in figure.panels.iter().zip(contents).enumerate() {
        let located = |problem: Problem| (Some(index), problem);
        let (x, y) = ranges(panel, content).map_err(located)?;
        let axis =
            |(span, known): Range, across: bool| Shared { span, known, whole: whole(content, across), inner: false };
        let row = index / columns * columns..((index / columns + 1) * columns).min(contents.len());
        let sizes = row.clone().filter(|&i| strips[i]).flat_map(|i| &contents[i].deviations);
        let largest = sizes.flat_map(|d| &d.points).map(|(_, z)| z.abs()).fold(2.0, f64::max);
        // the band at 2 always shows, and so does every point, clear of the ticks
        let limit = (largest + 0.8).max(3.2);
        shares.push(Share {
            x: axis(x, true),
            y: axis(y, false),
            strip: strips[index].then_some(Strip { limit, inner: false }),
            strip_room: row.clone().any(|i| strips[i]),
            bar: bar(panel, content).map_err(located)?,
        });
    }
    let count = figure.panels.len();
    // a map fills its frame: what is left of a wider one would look like values
    let maps = |a: usize, b: usize| [a, b].iter().any(|&i| figure.panels[i].heatmap.is_some());
    let fill = |a: usize, b: usize, first: &Shared, second: &Shared| {
        let whole = union([first.span, second.span].into_iter());
        !maps(a, b) || part(&whole, &first.span).min(part(&whole, &second.span)) > FILLED
    };
    for row in (0..count).step_by(columns) {
        let row: Vec<usize> = (row..(row + columns).min(count)).collect();
        let alike_y = |a: usize, b: usize| {
            let (first, second) = (&shares[a].y, &shares[b].y);
            alike(&figure.panels[a].y, &figure.panels[b].y, first, second) && fill(a, b, first, second)
        };
        for run in runs(&row, alike_y) {
            let stretched = run.iter().any(|&i| figure.panels[i].equal_aspect);
            unite(&mut shares, run, figure.share_y, stretched, |share| &mut share.y, false);
        }
        // frames of equal aspect compare sizes only if their units are of one length
        let same = |a: usize, b: usize| {
            let (a, b) = (&figure.panels[a], &figure.panels[b]);
            a.equal_aspect && b.equal_aspect && a.y.label == b.y.label
        };
        let alike_x = |a: usize, b: usize| {
            let (first, second) = (&shares[a].x, &shares[b].x);
            alike(&figure.panels[a].x, &figure.panels[b].x, first, second) && fill(a, b, first, second)
        };
        let spans: Vec<(Vec<usize>, Span)> = runs(&row, |a, b| same(a, b) && alike_x(a, b))
            .into_iter()
            .filter(|run| figure.share_x != Sharing::Never && run.len() > 1)
            .map(|run| (run.to_vec(), union(run.iter().map(|&i| shares[i].x.span))))
            .collect();
        for (run, whole) in spans {
            run.into_iter().for_each(|index| shares[index].x.span = whole);
        }
        for pair in row.windows(2) {
            if shares[pair[0]].strip.is_some()
                && shares[pair[1]].y.inner
                && let Some(strip) = &mut shares[pair[1]].strip
            {
                strip.inner = true;
            }
        }
        for run in runs(&row, |a, b| same_bar(&figure.panels[a], &figure.panels[b])) {
            unite_bars(&mut shares, figure, contents, run).map_err(|problem| (Some(run[0]), problem))?;
        }
    }
    for column in 0..columns.min(count) {
        let column: Vec<usize> = (column..count).step_by(columns).collect();
        // rows of equal aspect have widths of their own
        let fixed = |i: usize| figure.panels[i].equal_aspect && figure.share_x != Sharing::Always;
        let alike_x = |a: usize, b: usize| {
            let (first, second) = (&shares[a].x, &shares[b].x);
            alike(&figure.panels[a].x, &figure.panels[b].x, first, second) && fill(a, b, first, second)
        };
        for run in runs(&column, |a, b| !fixed(a) && !fixed(b) && alike_x(a, b)) {
            unite(&mut shares, run, figure.share_x, false, |share| &mut share.x, true);
        }
    }
    Ok(shares)
}

/// Cuts where neighbours are not alike.
fn runs(indices: &[usize], alike: impl Fn(usize, usize) -> bool) -> Vec<&[usize]> {
    indices.chunk_by(|&a, &b| alike(a, b)).collect()
}

/// Whether two axes show the same.
fn alike(a: &Axis, b: &Axis, first: &Shared, second: &Shared) -> bool {
    let fixed = |axis: &Axis| (axis.low, axis.high, axis.scale, axis.angle, axis.exponent, axis.reversed);
    let same = a.label == b.label && fixed(a) == fixed(b) && a.ticks == b.ticks && a.opposite == b.opposite;
    same && !a.label.trim().is_empty() && first.known && second.known
}

fn union(spans: impl Iterator<Item = Span>) -> Span {
    let join = |a: Span, b: Span| Span { low: a.low.min(b.low), high: a.high.max(b.high), ..a };
    spans.reduce(join).unwrap_or(Span { scale: neurodyn_figure::Scale::Linear, low: 0.0, high: 1.0, reversed: false })
}

/// How much of the first range the second takes.
fn part(whole: &Span, of: &Span) -> f64 {
    whole.fraction(of.high) - whole.fraction(of.low)
}

fn unite(
    shares: &mut [Share],
    run: &[usize],
    sharing: Sharing,
    always: bool,
    axis: impl Fn(&mut Share) -> &mut Shared,
    last_has_labels: bool,
) {
    if run.len() < 2 || sharing == Sharing::Never {
        return;
    }
    let axes: Vec<Shared> = run.iter().map(|&i| axis(&mut shares[i]).clone()).collect();
    let whole = union(axes.iter().map(|axis| axis.span));
    if sharing == Sharing::Auto && !always && axes.iter().any(|axis| part(&whole, &axis.span) < LEAST) {
        return;
    }
    let numbers: Option<Vec<Vec<f64>>> = axes.into_iter().map(|axis| axis.whole).collect();
    let numbers: Option<Vec<f64>> = numbers.map(|all| all.concat());
    for (place, &index) in run.iter().enumerate() {
        let axis = axis(&mut shares[index]);
        (axis.span, axis.whole) = (whole, numbers.clone());
        axis.inner = if last_has_labels { place + 1 < run.len() } else { place > 0 };
    }
}

fn same_bar(a: &Panel, b: &Panel) -> bool {
    let look = |map: &Heatmap| {
        (map.label.clone(), map.map, map.log, map.exponent, map.range.map(|(a, b)| [a, b]), map.classes.clone())
    };
    matches!((&a.heatmap, &b.heatmap), (Some(a), Some(b)) if look(a) == look(b))
}

fn unite_bars(shares: &mut [Share], figure: &Figure, contents: &[Content], run: &[usize]) -> Result<(), Problem> {
    let bars: Option<Vec<Bar>> = run.iter().map(|&i| shares[i].bar.clone()).collect();
    let (Some(bars), Some(map)) = (bars, &figure.panels[run[0]].heatmap) else { return Ok(()) };
    let whole = union(bars.iter().map(|bar| bar.shade.span));
    let apart = bars.iter().any(|bar| part(&whole, &bar.shade.span) < LEAST);
    if run.len() < 2 || figure.share_y == Sharing::Never || figure.share_y == Sharing::Auto && apart {
        return Ok(());
    }
    let values = || run.iter().filter_map(|&i| contents[i].heatmap.as_ref()).flat_map(|grid| grid.present());
    for (place, &index) in run.iter().enumerate() {
        shares[index].bar = Some(Bar { shade: shade(map, whole, values()), inner: place + 1 < run.len() });
    }
    Ok(())
}

fn bar(panel: &Panel, content: &Content) -> Result<Option<Bar>, Problem> {
    let (Some(map), Some(grid)) = (&panel.heatmap, &content.heatmap) else { return Ok(None) };
    let mut axis = if map.log { Axis::log10("") } else { Axis::linear("") };
    if let Some((low, high)) = map.range {
        axis = axis.range(low, high);
    }
    if let Some([low, .., high]) = map.classes.as_deref() {
        axis = Axis::linear("").range(*low, *high);
    }
    let values: Vec<f64> = grid.present().collect();
    if values.is_empty() {
        return Ok(None);
    }
    let span = span(&axis, "colour", &values, 0.0)?;
    Ok(Some(Bar { shade: shade(map, span, values), inner: false }))
}

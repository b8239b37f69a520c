use super::*;
use crate::inline;
use neurodyn_figure::{Axis, By, Contour, Heatmap, Series};
use neurodyn_table::Table;

fn layers() -> Table {
    Table::new("layers")
        .number("s", vec![1.5, 1.5, 2.5, 2.5])
        .and_then(|t| t.integer("layer", vec![0, 1, 0, 1]))
        .and_then(|t| t.number("a_theory", vec![0.5, 0.25, 0.75, 0.625]))
        .and_then(|t| t.number("a_mc", vec![0.51, 0.26, 0.75, 0.63]))
        .and_then(|t| t.number("a_stderr", vec![0.01, 0.02, 0.03, 0.04]))
        .expect("a table")
}

fn compared() -> Panel {
    let panel = Panel::new(Axis::linear("layer $l$"), Axis::linear("$A^l$")).title(r"at $\sigma_b = 0$");
    panel.compare("layers", "layer", "a", By::new("s", r"$\sigma_w = {}$"))
}

/// The start of the path of a round marker at this place, without its radius.
fn starts_here(body: &str, (x, y): BackendCoord) -> bool {
    let number = |text: &str| (text.parse::<f64>().unwrap_or(f64::NAN) * 100.0).round() as i32;
    body.split(['"', 'z']).filter_map(|path| path.strip_prefix('M')).any(|path| {
        let Some((start, arc)) = path.split_once('a') else { return false };
        let (Some((left, top)), Some((radius, _))) = (start.split_once(' '), arc.split_once(' ')) else {
            return false;
        };
        (number(left) + number(radius), number(top)) == (x, y)
    })
}

#[test]
fn places_are_those_drawn_and_numbers_those_of_the_table() {
    let figure = Figure::new("f", "F").height(80.0).panel(compared().strip());
    let found = inline(&figure, &[layers()]).expect("drawn");
    let [main, strip] = &found.panels[..] else { panic!("a frame and a strip: {:?}", found.panels) };
    assert_eq!((main.letter.as_deref(), main.title.as_deref()), (None, Some("at σ_b = 0")));
    let labels: Vec<&str> = main.series.iter().map(|series| series.label.as_str()).collect();
    let wanted = ["σ_w = 1.5, theory", "σ_w = 2.5, theory", "σ_w = 1.5, Monte Carlo", "σ_w = 2.5, Monte Carlo"];
    assert_eq!(labels, wanted);
    let mc = &main.series[2];
    let columns: Vec<(&str, &[f64])> = mc.columns.iter().map(|c| (c.name.as_str(), c.values.as_slice())).collect();
    let wanted = [("layer l", &[0.0, 1.0][..]), ("A^l", &[0.51, 0.26]), ("standard error", &[0.01, 0.02])];
    assert_eq!(columns, wanted);
    for (panel, series) in [(main, mc), (strip, &strip.series[0])] {
        let [left, top, right, bottom] = panel.frame;
        for &(x, y) in &series.at {
            assert!((left..=right).contains(&x) && (top..=bottom).contains(&y));
            assert!(starts_here(&found.body, (x, y)), "nothing is drawn at {x}, {y}");
        }
        assert!(!starts_here(&found.body, (series.at[0].0 + 100, series.at[0].1)));
    }
    assert_eq!(strip.series[0].label, "σ_w = 1.5, residual");
    assert_eq!(strip.series[0].columns[1].values, [(0.51 - 0.5) / 0.01, (0.26 - 0.25) / 0.02]);
}

#[test]
fn every_kind_of_mark_can_be_read() {
    let plane = Table::new("plane")
        .number("x", vec![0.0, 1.0, 0.0, 1.0])
        .and_then(|t| t.number("y", vec![0.0, 0.0, 1.0, 1.0]))
        .and_then(|t| t.number("v", vec![1.0, 2.0, 3.0, 4.0]))
        .and_then(|t| t.number("w", vec![2.0, 3.0, 4.0, 5.0]))
        .expect("a table");
    let axes = || Panel::new(Axis::linear("$x$").range(-0.5, 1.5), Axis::linear("").range(-1.0, 6.0));
    let figure = Figure::new("f", "F")
        .double()
        .columns(2)
        .panel(axes().heatmap(Heatmap::new("plane", "x", "y", "v", "value $v$")).contour(Contour::new(
            "plane",
            "x",
            "y",
            "v",
            [2.5],
        )))
        .panel(
            axes()
                .series(Series::band("plane", "x", "v", "w").key("band"))
                .series(Series::histogram("plane", "x", "y", "v"))
                .series(Series::arrows("plane", "x", "y", "v", "w"))
                .series(Series::verticals("plane", "x"))
                .series(Series::horizontals("plane", "v")),
        );
    let found = inline(&figure, &[plane]).expect("drawn").panels;
    let cells = &found[0].series[0];
    assert!(cells.cells && found[0].letter.as_deref() == Some("a") && cells.at.len() == 4);
    assert_eq!((cells.label.as_str(), &cells.columns[2].values[..]), ("value v", &[1.0, 2.0, 3.0, 4.0][..]));
    let shapes: Vec<(usize, usize)> = found[1].series.iter().map(|s| (s.columns.len(), s.at.len())).collect();
    assert_eq!(shapes, [(3, 4), (3, 4), (4, 4), (1, 4), (1, 4)]);
    for series in found.iter().flat_map(|panel| &panel.series) {
        assert!(series.columns.iter().all(|column| column.values.len() == series.at.len()));
    }
}

#[test]
fn lines_are_thinned_and_keep_their_ends_while_points_stay() {
    let many = 5000;
    let x: Vec<f64> = (0..many).map(|i| f64::from(i) / f64::from(many)).collect();
    let table = Table::new("t")
        .number("y", x.clone())
        .and_then(|t| t.number("e", vec![0.1; x.len()]))
        .and_then(|t| t.number("x", x))
        .expect("a table");
    let panel = Panel::new(Axis::linear("$x$"), Axis::linear("$y$"));
    let panel = panel.series(Series::theory("t", "x", "y")).series(Series::monte_carlo("t", "x", "y", "e"));
    let panel = panel.series(Series::points("t", "x", "y"));
    let found = inline(&Figure::new("f", "F").panel(panel), &[table]).expect("drawn").panels;
    let [line, points, rings] = &found[0].series[..] else { panic!("three series") };
    assert_eq!((rings.at.len(), rings.thinned), (2500, 2500));
    assert!(line.at.len() < 300 && line.at.len() + line.thinned == 5000);
    assert_eq!((line.at.first(), line.at.last()), (points.at.first(), points.at.last()));
    assert_eq!((points.at.len(), points.thinned), (5000, 0));
}

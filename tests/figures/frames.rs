//! Frames and maps: what panels share, what axes say, what maps show of values beyond their range, and measures over all shipped figures.

use super::numbers;
use super::shipped::shipped;
use neurodyn::export::{decode_png, export};
use neurodyn::figure::{Axis, Contour, Figure, Heatmap, Legend, Panel, Rule, Series};
use neurodyn::provenance::{Media, Numbers, Provenance};
use neurodyn::render::{Theme, inline, render, turns};
use neurodyn::table::Table;

fn drawn(figure: &Figure, tables: &[Table]) -> String {
    render(figure, tables, "", Theme::Print).unwrap()
}

/// Labels in order of drawing.
fn texts(svg: &str) -> Vec<&str> {
    let pieces = svg.split("<g aria-label=\"").skip(1).map(|piece| piece.split_once('"').unwrap());
    pieces.filter(|(_, rest)| rest.split('>').next().unwrap().contains("transform")).map(|(label, _)| label).collect()
}

fn count(svg: &str, label: &str) -> usize {
    texts(svg).into_iter().filter(|text| *text == label).count()
}

/// Two curves: one from 0 to 1, the other from 0 to a height.
fn curves(height: f64) -> Vec<Table> {
    let xs: Vec<f64> = (0..=100).map(|i| f64::from(i) / 100.0).collect();
    let line =
        |name: &str, top: f64| numbers(name, &[("x", &xs), ("y", &xs.iter().map(|x| top * x).collect::<Vec<_>>())]);
    vec![line("a", 1.0), line("b", height)]
}

fn pair() -> Figure {
    let panel =
        |table: &str| Panel::new(Axis::linear("$x$"), Axis::linear("$y$")).series(Series::theory(table, "x", "y"));
    Figure::new("pair", "Two").grid(2, 60.0).panel(panel("a")).panel(panel("b"))
}

#[test]
fn neighbours_share_an_axis_unless_one_would_be_small() {
    let svg = drawn(&pair(), &curves(0.6));
    assert_eq!((count(&svg, "y"), count(&svg, "x")), (1, 2));
    // 0.5 as a tick once on y, and on both x axes
    assert_eq!(count(&svg, "0.4"), 1 + 2);
    assert_eq!(count(&drawn(&pair(), &curves(0.1)), "y"), 2);
    assert_eq!(count(&drawn(&pair().shared_y(), &curves(0.1)), "y"), 1);
    assert_eq!(count(&drawn(&pair().own_axes(), &curves(0.6)), "y"), 2);
    // one below the other it is x
    let column = drawn(&pair().columns(1).height(120.0), &curves(0.6));
    assert_eq!((count(&column, "y"), count(&column, "x")), (2, 1));
    // an axis without a name is nobody's neighbour
    let mut other = pair();
    other.panels[1].y.label = "$z$".to_owned();
    assert_eq!(count(&drawn(&other, &curves(0.6)), "y"), 1);
    let found = inline(&pair(), &curves(0.6)).unwrap();
    let [left, right] = &found.panels[..] else { panic!("{:?}", found.panels) };
    assert_eq!((left.frame[1], left.frame[3]), (right.frame[1], right.frame[3]));
    // the right curve ends at 0.6 of the height that the left one reaches
    let top = |panel: &neurodyn::render::PanelPoints| panel.frame[3] - panel.series[0].at.last().unwrap().1;
    let share = f64::from(top(right)) / f64::from(top(left));
    // both begin a little above the frame
    assert!((share - (0.6 + 0.05) / 1.05).abs() < 0.01, "{share}");
}

#[test]
fn frames_of_equal_aspect_have_one_unit_and_one_top() {
    let panel = |table: &str| {
        Panel::new(Axis::linear("$x$"), Axis::linear("$y$")).series(Series::theory(table, "x", "y")).equal_aspect()
    };
    let tables = curves(0.2);
    let figure = Figure::new("aspect", "Equal").grid(2, 60.0).panel(panel("a")).panel(panel("b"));
    let found = inline(&figure, &tables).unwrap();
    let [left, right] = &found.panels[..] else { panic!() };
    assert_eq!((left.frame[1], left.frame[3]), (right.frame[1], right.frame[3]));
    let wide = |frame: [i32; 4]| frame[2] - frame[0];
    assert_eq!(wide(left.frame), wide(right.frame));
    // a frame of another shape is in line at the top
    let other =
        Panel::new(Axis::linear("$u$"), Axis::linear("$v$")).series(Series::theory("b", "x", "y")).equal_aspect();
    let found = inline(&Figure::new("tops", "Tops").grid(2, 60.0).panel(panel("a")).panel(other), &tables).unwrap();
    assert_eq!(found.panels[0].frame[1], found.panels[1].frame[1]);
    assert!(found.panels[1].frame[3] < found.panels[0].frame[3]);
}

/// Theory and Monte Carlo that differ by so many standard errors.
fn compared(z: f64) -> (Panel, Table) {
    let xs: Vec<f64> = (0..10).map(f64::from).collect();
    let mc: Vec<f64> = xs.iter().map(|x| x + if *x == 5.0 { 0.1 * z } else { 0.05 }).collect();
    let table = numbers("t", &[("x", &xs), ("a_theory", &xs), ("a_mc", &mc), ("a_stderr", &[0.1; 10])]);
    (Panel::new(Axis::linear("$x$"), Axis::linear("$a$")).compare("t", "x", "a", None), table)
}

#[test]
fn strips_stand_where_they_say_something() {
    let frames = |panel: Panel, table: &Table| {
        let figure = Figure::new("strip", "Strip").panel(panel);
        let tables = [table.clone()];
        (inline(&figure, &tables).unwrap().panels.len(), drawn(&figure, &tables))
    };
    let (panel, table) = compared(2.1);
    let (count, svg) = frames(panel.clone(), &table);
    assert_eq!(count, 1);
    let line = "χ^2/dof = 6.7/10, max |z| = 2.1";
    assert!(texts(&svg).contains(&line), "{:?}", texts(&svg));
    let (count, svg) = frames(panel.strip(), &table);
    assert!(count == 2 && !texts(&svg).contains(&line));
    let (panel, table) = compared(4.5);
    assert_eq!(frames(panel, &table).0, 2);
    // where one panel of a row has a strip, all frames are as high as its own
    let (strip, table) = compared(4.5);
    let plain = Panel::new(Axis::linear("$x$"), Axis::linear("$b$")).series(Series::theory("t", "x", "a_theory"));
    let figure = Figure::new("row", "Row").grid(2, 60.0).panel(strip).panel(plain);
    let found = inline(&figure, &[table]).unwrap();
    let [first, _, second] = &found.panels[..] else { panic!() };
    assert_eq!((first.frame[1], first.frame[3]), (second.frame[1], second.frame[3]));
}

#[test]
fn exponents_read_as_powers_of_ten() {
    let xs: Vec<f64> = (0..20).map(f64::from).collect();
    let table = numbers("t", &[("x", &xs), ("y", &xs.iter().map(|x| -x / 4.0).collect::<Vec<_>>())]);
    let panel = Panel::new(Axis::linear("layer"), Axis::exponent("$D$")).series(Series::theory("t", "x", "y"));
    let figure = Figure::new("exponent", "Exponent").panel(panel);
    let svg = drawn(&figure, std::slice::from_ref(&table));
    assert!(texts(&svg).contains(&"10^(−4)") && texts(&svg).contains(&"10^0"), "{:?}", texts(&svg));
    // what is read out is the number of the table, and says so
    let found = inline(&figure, &[table]).unwrap();
    assert_eq!(found.panels[0].series[0].columns[1].name, "log10 of D");
}

#[test]
fn a_line_along_a_limit_is_seen() {
    let (_, table) = compared(0.0);
    let of = |at: f64| {
        let panel = Panel::new(Axis::linear("$x$"), Axis::linear("$a$").range(0.0, 10.0))
            .series(Series::theory("t", "x", "a_theory"))
            .rule(Rule::Horizontal(at));
        inline(&Figure::new("limit", "Limit").panel(panel), std::slice::from_ref(&table)).unwrap()
    };
    let end = |found: neurodyn::render::Inline| found.panels[0].series[0].at.last().unwrap().1;
    // the frame opens by 3 % at the top, so the same value lies lower
    assert!(end(of(10.0)) > end(of(9.0)));
}

#[test]
fn guides_and_layers_have_names() {
    let (panel, table) = compared(1.0);
    let edges = numbers("edges", &[("at", &[3.0, 7.0])]);
    let mut panel = panel.marked(Rule::Horizontal(8.0), "cap").marked_x("edges", "at", r"$\chi_1 = 1$");
    panel.x = panel.x.opposite("width $n_l$", [(0.0, "$400$"), (5.0, "$50$"), (9.0, "$400$")]);
    let figure = Figure::new("marked", "Marked").panel(panel);
    let svg = drawn(&figure, &[table, edges]);
    for label in ["cap", "χ_1 = 1", "width n_l", "50"] {
        assert_eq!(count(&svg, label), 1, "{label}: {:?}", texts(&svg));
    }
    assert_eq!(count(&svg, "400"), 2);
    assert!(figure.columns_drawn().contains(&("edges".to_owned(), "at".to_owned())));
}

fn provenance(dpi: Option<u32>) -> Provenance {
    Provenance {
        figure: "map".into(),
        title: "Map".into(),
        description: "A map".into(),
        id: "map".into(),
        family: "activity".into(),
        seed: 7,
        values: 1,
        program: "neurodyn 1.2.3".into(),
        numbers: Numbers::new(&[("x.csv".into(), b"a\n1\n".to_vec())]),
        theme: "print".into(),
        look: Vec::new(),
        dpi,
        toml: "seed = 7\n".into(),
        data: Vec::new(),
        settings: Vec::new(),
    }
}

/// A field on 5 x 5 points: x + y from 0 to 8.
fn plane() -> Table {
    let cells: Vec<(f64, f64)> = (0..5).flat_map(|i| (0..5).map(move |j| (f64::from(i), f64::from(j)))).collect();
    let of = |f: fn(&(f64, f64)) -> f64| cells.iter().map(f).collect::<Vec<_>>();
    numbers("plane", &[("x", &of(|c| c.0)), ("y", &of(|c| c.1)), ("v", &of(|c| c.0 + c.1))])
}

/// The colour of a map at a point of the plane, as pixels.
fn pixel(heatmap: Heatmap, x: f64, y: f64) -> [u8; 3] {
    let panel = Panel::new(Axis::linear("$x$"), Axis::linear("$y$")).heatmap(heatmap.clone()).legend(Legend::Hidden);
    let figure = Figure::new("map", "Map").panel(panel);
    let svg = drawn(&figure, &[plane()]);
    let page = export(&svg, Media::Pdf, &provenance(None)).unwrap();
    assert!(page.starts_with(b"%PDF"));
    let file = export(&svg, Media::Png, &provenance(Some(144))).unwrap();
    let ((width, _), pixels) = decode_png(&file).unwrap();
    let [left, top, right, bottom] = inline(&figure, &[plane()]).unwrap().panels[0].frame.map(f64::from);
    // cells reach half a step beyond the outer points
    let (low, size) = if heatmap.smooth { (0.0, 4.0) } else { (-0.5, 5.0) };
    let across = left + (x - low) / size * (right - left);
    let down = bottom - (y - low) / size * (bottom - top);
    let index = ((down / 50.0) as usize * width as usize + (across / 50.0) as usize) * 3;
    [pixels[index], pixels[index + 1], pixels[index + 2]]
}

#[test]
fn maps_show_what_lies_beyond_and_between() {
    let map = || Heatmap::new("plane", "x", "y", "v", "$v$");
    let near = |a: [u8; 3], b: [u8; 3]| a.iter().zip(b).all(|(a, b)| a.abs_diff(b) <= 8);
    let (low, high) = ([0x44, 0x01, 0x54], [0xfd, 0xe7, 0x25]);
    for (map, name) in [(map(), "cells"), (map().smooth(), "smooth")] {
        assert!(near(pixel(map.clone(), 0.05, 0.05), low), "{name}");
        assert!(near(pixel(map.clone(), 3.95, 3.95), high), "{name}");
        let beyond = map.range(1.5, 6.5);
        assert_eq!(pixel(beyond.clone(), 0.1, 0.1), [255, 255, 255], "{name}");
        assert!(near(pixel(beyond.clone(), 3.9, 3.9), [196, 62, 74]), "{name}");
    }
    // halfway between points a cell has the value of its point, a smooth map that between them
    let (cell, next) = (pixel(map(), 1.3, 1.3), pixel(map(), 1.0, 1.0));
    assert_eq!(cell, next);
    let between = pixel(map().smooth(), 1.5, 1.5);
    assert!(near(between, pixel(map().smooth(), 2.0, 1.0)), "{between:?}");
    assert!(!near(between, pixel(map().smooth(), 1.0, 1.0)), "{between:?}");
    // classes have one colour each: 3 and 4 in one, 5 in the next
    let classes = || map().classes([0.0, 3.0, 5.0, 9.0]);
    assert_eq!(pixel(classes(), 1.0, 2.0), pixel(classes(), 2.0, 2.0));
    assert_ne!(pixel(classes(), 2.0, 2.0), pixel(classes(), 2.0, 3.0));
}

#[test]
fn panels_share_a_bar_and_matrices_run_downwards() {
    let panel = || {
        Panel::new(Axis::linear("column"), Axis::linear("row").reversed())
            .heatmap(Heatmap::new("plane", "x", "y", "v", "value"))
            .contour(Contour::new("plane", "x", "y", "v", vec![4.0]))
    };
    let figure = Figure::new("bars", "Bars").grid(2, 60.0).panel(panel()).panel(panel());
    let svg = drawn(&figure, &[plane()]);
    assert_eq!((count(&svg, "value"), svg.matches("aria-label=\"colour bar\"").count()), (1, 1));
    assert_eq!(count(&drawn(&figure.clone().own_axes(), &[plane()]), "value"), 2);
    let found = inline(&figure, &[plane()]).unwrap();
    let cells = &found.panels[0].series[0];
    let row = |value: f64| {
        let index = (0..25).find(|&i| cells.columns[1].values[i] == value).unwrap();
        cells.at[index].1
    };
    assert!(row(0.0) < row(4.0));
}

#[test]
fn maps_of_different_sizes_fill_their_frames() {
    let cells = |count: i32| {
        let cells = (0..count).flat_map(|i| (0..count).map(move |j| (f64::from(i), f64::from(j))));
        let cells: Vec<(f64, f64)> = cells.collect();
        let of = |f: fn(&(f64, f64)) -> f64| cells.iter().map(f).collect::<Vec<_>>();
        numbers(&format!("t{count}"), &[("x", &of(|c| c.0)), ("y", &of(|c| c.1)), ("v", &of(|c| c.0 + c.1))])
    };
    let panel = |table: &str| {
        let map = Heatmap::new(table, "x", "y", "v", "value").range(0.0, 10.0);
        Panel::new(Axis::linear("column"), Axis::linear("row")).heatmap(map).equal_aspect()
    };
    let pair = |second: i32| {
        let figure = Figure::new("sizes", "Sizes").grid(2, 60.0).panel(panel("t8")).panel(panel(&format!("t{second}")));
        let tables = [cells(8), cells(second)];
        let found = inline(&figure, &tables).unwrap().panels;
        (count(&drawn(&figure, &tables), "row"), found[1].frame, found[1].series[0].at.clone())
    };
    let (labels, frame, at) = pair(6);
    assert_eq!(labels, 2);
    // the last cell ends where the frame ends
    let last = at.iter().map(|place| place.0).max().unwrap();
    assert!(((frame[2] - last) * 12 - (frame[2] - frame[0])).abs() < 50, "{frame:?} {last}");
    let mut same = panel("t8");
    same.x.label = "other".to_owned();
    let figure = Figure::new("sizes", "Sizes").grid(2, 60.0).panel(panel("t8")).panel(same);
    assert_eq!(count(&drawn(&figure, &[cells(8)]), "row"), 1);
}

#[test]
fn coarse_curves_turn_and_fine_ones_do_not() {
    let turn = |count: i32| {
        let xs: Vec<f64> = (0..=count).map(|i| f64::from(i) / f64::from(count)).collect();
        let table = numbers("t", &[("x", &xs), ("y", &xs.iter().map(|x| x * x).collect::<Vec<_>>())]);
        let panel = Panel::new(Axis::linear("$x$"), Axis::linear("$y$")).series(Series::theory("t", "x", "y"));
        turns(&Figure::new("turn", "Turn").panel(panel), &[table]).unwrap()[0].degrees
    };
    // y = x^2 turns by 63 degrees in all in a square frame, most at first
    assert!(turn(4) > 10.0 && turn(200) < 1.0, "{} {}", turn(4), turn(200));
}

/// Every shipped figure: its size, and frames of one row that begin on one line.
#[test]
fn shipped_frames_are_in_line() {
    for (figures, tables) in shipped() {
        for figure in figures {
            let svg = drawn(&figure, &tables);
            assert!(svg.len() < 1_000_000, "{}: {} bytes", figure.name, svg.len());
            let found = inline(&figure, &tables).unwrap();
            let mut frames: Vec<(Option<&str>, [i32; 4])> = Vec::new();
            for panel in &found.panels {
                // the strip of a panel follows it under the same letter
                if frames.last().is_none_or(|(letter, _)| letter.is_none() || *letter != panel.letter.as_deref()) {
                    frames.push((panel.letter.as_deref(), panel.frame));
                }
            }
            for row in frames.chunks(figure.columns).filter(|_| figure.panels.len() > 1) {
                assert!(row.iter().all(|(_, frame)| frame[1] == row[0].1[1]), "{}: {row:?}", figure.name);
            }
        }
    }
}

/// Degrees by which a curve may turn at a vertex, as printed.
const SMOOTH: f64 = 5.0;

/// Figures whose lines have corners of their own: transitions, single networks and paths, counts of whole things.
const BENT: &[&str] = &[
    "dropout_depth",
    "paradox_dimension",
    "paradox_spectrum",
    "poole_expressivity",
    "poole_manifold",
    "recurrent_attractors",
    "recurrent_continuous",
    "recurrent_transition",
    "singular_basin",
    "singular_portrait",
];

/// Figures with smooth laws on grids that are too coarse.
const COARSE: &[&str] = &[
    "distance_koenigs",
    "metric_activity",
    "metric_rotation",
    "singular_coefficient",
    "singular_online",
    "singular_plateau",
];

/// Lines between whole numbers, such as layers, are left out: what is between has no value.
#[test]
fn shipped_curves_are_smooth() {
    let mut sharp: Vec<String> = Vec::new();
    let mut figures_with: Vec<String> = Vec::new();
    for (figures, tables) in shipped() {
        for figure in figures {
            let mut corners = turns(&figure, &tables).unwrap();
            corners.retain(|turn| turn.degrees > SMOOTH && !turn.whole);
            for turn in &corners {
                let (name, (x, y)) = (&figure.name, turn.at);
                sharp
                    .push(format!("{name} ({}) {:?}: {:.1} degrees at {x}, {y}", turn.panel, turn.label, turn.degrees));
            }
            if !corners.is_empty() {
                figures_with.push(figure.name.clone());
            }
        }
    }
    println!("{}", sharp.join("\n"));
    let known = |name: &String| BENT.contains(&name.as_str()) || COARSE.contains(&name.as_str());
    let unexpected: Vec<&String> = figures_with.iter().filter(|name| !known(name)).collect();
    assert!(unexpected.is_empty(), "corners in {unexpected:?}");
}

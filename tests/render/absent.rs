//! What is not there is left out, blank or said, and what is there stays.

use super::{compared, layers, numbers, render, texts, visited, well_formed};
use neurodyn::figure::{Axis, Contour, Figure, Heatmap, Panel, Select, Series};
use neurodyn::render::{absent, inline};
use neurodyn::table::{Table, Values};

/// Vertices of the first line of data and number of such lines.
fn data_lines(svg: &str) -> (usize, usize) {
    let lines: Vec<&str> = svg.split("<path ").filter(|path| path.contains("stroke-width=\".9\"")).collect();
    let first =
        lines.first().map_or(0, |line| visited(line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap()).len());
    (
        first,
        lines
            .iter()
            .map(|line| line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap().matches('M').count())
            .sum(),
    )
}

#[test]
fn an_empty_group_is_an_empty_panel_that_says_so() {
    let rows = Select::table("layers").filter("sigma_w", 7.0);
    let empty =
        Panel::new(Axis::linear("x"), Axis::log10("y")).series(Series::theory(rows, "layer", "a_mc").label("seven"));
    let figure = Figure::new("group", "g").double().columns(2).panel(compared()).panel(empty);
    let svg = render(&figure, &[layers()], "").unwrap();
    well_formed(&svg);
    let texts = texts(&svg);
    assert!(texts.contains(&"no data".to_owned()) && texts.contains(&"sigma w = 7".to_owned()), "{texts:?}");
    assert!(!texts.contains(&"seven".to_owned()), "what is not there is not in the legend");
    assert!(texts.contains(&"x".to_owned()) && texts.iter().filter(|text| *text == "10").count() <= 1, "{texts:?}");
    assert_eq!(
        absent(&figure, &[layers()]).unwrap(),
        ["Panel (b): table layers has no rows where sigma_w = 7."],
        "the description says so"
    );
    // one of two groups: the panel is drawn and says nothing
    let both = |sigma_w: f64| Series::theory(Select::table("layers").filter("sigma_w", sigma_w), "layer", "a_mc");
    let panel = Panel::new(Axis::linear("x"), Axis::linear("y")).series(both(1.5)).series(both(7.0));
    let svg = render(&Figure::new("half", "h").panel(panel), &[layers()], "").unwrap();
    assert!(!self::texts(&svg).contains(&"no data".to_owned()) && data_lines(&svg).1 == 1);
}

#[test]
fn what_a_logarithm_does_not_have_is_left_out_and_counted() {
    let zero = numbers("zero", &[("x", &[1.0, 2.0, 3.0, 4.0, 5.0]), ("y", &[1.0, 3.0, 0.0, 0.1, 0.2])]);
    let panel = Panel::new(Axis::linear("x"), Axis::log10("y")).series(Series::theory("zero", "x", "y"));
    let figure = Figure::new("zero", "z").panel(panel);
    let tables = [zero];
    // the line is cut where the value is not
    assert_eq!(data_lines(&render(&figure, &tables, "").unwrap()).1, 2);
    let said = absent(&figure, &tables).unwrap();
    assert_eq!(
        said,
        ["Not drawn: 1 value of column y of table zero at or below 0 is left out of a logarithmic scale."]
    );
    // a bar of fixed range shows a zero in the colour of its low end, another leaves the cell blank
    let cells =
        numbers("cells", &[("x", &[0.0, 1.0, 0.0, 1.0]), ("y", &[0.0, 0.0, 1.0, 1.0]), ("v", &[0.0, 1.0, 5.0, 10.0])]);
    let map = Heatmap::new("cells", "x", "y", "v", "v").log();
    let of = |map: Heatmap| {
        let figure = Figure::new("cells", "c").panel(Panel::new(Axis::linear("x"), Axis::linear("y")).heatmap(map));
        (
            render(&figure, std::slice::from_ref(&cells), "").unwrap(),
            absent(&figure, std::slice::from_ref(&cells)).unwrap(),
        )
    };
    let ((blank, said), (clamped, nothing)) = (of(map.clone()), of(map.range(0.5, 20.0)));
    let painted = |svg: &str| svg.matches("shape-rendering=\"crispEdges\"").count();
    assert_eq!((said.len(), nothing.len()), (1, 0));
    assert!(painted(&clamped) >= painted(&blank) && blank != clamped);
}

#[test]
fn what_does_not_exist_is_a_blank_cell_and_no_contour() {
    let values = |value: &dyn Fn(usize) -> Option<f64>| Values::NumberGaps((0..16).map(value).collect());
    let table = |v: Values| {
        let place = |of: fn(usize) -> usize| (0..16).map(|i| of(i) as f64).collect();
        let table = Table::new("plane").number("x", place(|i| i % 4)).unwrap();
        table.number("y", place(|i| i / 4)).unwrap().with("v", v).unwrap()
    };
    let figure = Figure::new("blank", "b").panel(
        Panel::new(Axis::linear("x"), Axis::linear("y"))
            .heatmap(Heatmap::new("plane", "x", "y", "v", "v"))
            .contour(Contour::new("plane", "x", "y", "v", vec![1.5]).label("edge")),
    );
    let drawn = |v: Values| {
        let tables = [table(v)];
        let svg = render(&figure, &tables, "").unwrap();
        well_formed(&svg);
        (svg, absent(&figure, &tables).unwrap())
    };
    let (whole, nothing) = drawn(values(&|i| Some((i % 4) as f64)));
    assert!(nothing.is_empty());
    let (blank, said) = drawn(values(&|i| (i % 4 < 3).then_some((i % 4) as f64)));
    assert_eq!(said, ["Not drawn: 4 values of column v of table plane do not exist and are left blank."]);
    assert_ne!(blank, whole);
    // twelve cells are left to point at
    let tables = [table(values(&|i| (i % 4 < 3).then_some((i % 4) as f64)))];
    let panels = inline(&figure, &tables).unwrap().panels;
    let cells = panels.iter().flat_map(|panel| &panel.series).find(|series| series.cells).unwrap();
    assert_eq!((cells.at.len(), cells.columns[2].values.len()), (12, 12));
    // the plane itself keeps its extent, and a plane without a single value says so
    let (none, _) = drawn(values(&|_| None));
    assert!(texts(&none).contains(&"no data".to_owned()) && texts(&none).contains(&"3".to_owned()));
    // a single row is a plane, too
    let row = numbers("plane", &[("x", &[0.0, 1.0, 2.0]), ("y", &[0.3, 0.3, 0.3]), ("v", &[1.0, 2.0, 3.0])]);
    well_formed(&render(&figure, &[row], "").unwrap());
}

#[test]
fn notes_out_of_sight_are_left_out() {
    let panel = |x: f64| compared().note("over there", x, 0.5);
    let drawn = |x: f64| texts(&render(&Figure::new("note", "n").panel(panel(x)), &[layers()], "").unwrap());
    assert!(drawn(5.0).contains(&"over there".to_owned()) && !drawn(500.0).contains(&"over there".to_owned()));
}

/// The phases of a plane are read off its data: where there are none, there is no phase.
#[test]
fn phases_are_named_where_the_data_have_them() {
    let plane = |chi: &dyn Fn(f64, f64) -> Option<f64>| {
        let places: Vec<(f64, f64)> = (0..25).map(|i| (f64::from(i % 5), f64::from(i / 5))).collect();
        let table = Table::new("plane").number("w", places.iter().map(|p| p.0).collect()).unwrap();
        let table = table.number("b", places.iter().map(|p| p.1).collect()).unwrap();
        let values = Values::NumberGaps(places.iter().map(|&(w, b)| chi(w, b)).collect());
        let figure = Figure::new("plane", "p").panel(
            Panel::new(Axis::linear("w"), Axis::linear("b"))
                .phases()
                .heatmap(Heatmap::new("plane", "w", "b", "chi", "v"))
                .contour(Contour::new("plane", "w", "b", "chi", vec![1.0])),
        );
        let svg = render(&figure, &[table.with("chi", values).unwrap()], "").unwrap();
        let named = ["ordered", "chaotic", "no fixed point"];
        named.map(|name| texts(&svg).iter().filter(|text| *text == name).count())
    };
    // the corners are the upper left and the lower right one
    assert_eq!(plane(&|w, b| Some(1.0 + 0.1 * (w - b))), [1, 1, 0]);
    assert_eq!(plane(&|w, b| Some(1.0 + 0.1 * (b - w))), [1, 1, 0]);
    assert_eq!(plane(&|w, _| Some(0.1 + 0.1 * w)), [2, 0, 0]);
    assert_eq!(plane(&|w, _| Some(1.1 + 0.1 * w)), [0, 2, 0]);
    assert_eq!(plane(&|w, _| (w < 2.0).then_some(0.5 + 0.1 * w)), [1, 0, 1]);
}

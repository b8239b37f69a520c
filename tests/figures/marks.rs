//! Marks of all shipped figures, drawn from golden data: nothing hides, and legends promise what is drawn.

use super::numbers;
use super::shipped::shipped;
use neurodyn::figure::{Axis, By, ColourMap, Figure, Heatmap, Legend, Panel, Series};
use neurodyn::render::{Covering, Theme, covering, inline, render};
use neurodyn::table::Table;

/// All shipped figures with what covers what in them.
fn counted() -> Vec<(String, Covering)> {
    let of = |(figures, tables): (Vec<Figure>, Vec<Table>)| -> Vec<(String, Covering)> {
        figures.iter().map(|figure| (figure.name.clone(), covering(figure, &tables).expect("drawn"))).collect()
    };
    shipped().into_iter().flat_map(of).collect()
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

#[test]
fn nothing_hides() {
    let all = counted();
    assert!(all.len() > 60, "{}", all.len());
    let sum = |of: fn(&Covering) -> usize| all.iter().map(|(_, counted)| of(counted)).sum::<usize>();
    let (markers, covered) = (sum(|c| c.markers), sum(|c| c.covered));
    let (points, in_place) = (sum(|c| c.points), sum(|c| c.covered_in_place));
    for (name, counted) in &all {
        let (before, after) =
            (share(counted.covered_in_place, counted.points), share(counted.covered, counted.markers));
        println!("{name}: {before:.1} % of {} -> {after:.1} % of {}", counted.points, counted.markers);
    }
    let before = share(in_place, points);
    println!(
        "covered: {before:.2} % of {points} points in their places, {:.2} % of {markers} markers",
        share(covered, markers)
    );
    println!("bars: {} of {} errors", sum(|c| c.bars), sum(|c| c.errors));
    assert!(before > 10.0, "the measure sees what it is for: {before}");
    assert!(share(covered, markers) < 2.0, "{covered} of {markers}");
    assert_eq!(sum(|c| c.hidden_bars), 0);
    let worst = all.iter().map(|(name, c)| (share(c.covered, c.markers), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    assert!(worst.as_ref().is_some_and(|(most, _)| *most < 15.0), "{worst:?}");
}

fn drawn(panel: Panel, table: Table) -> String {
    render(&Figure::new("f", "F").panel(panel), &[table], "", Theme::Print).expect("drawn")
}

fn axes() -> Panel {
    Panel::new(Axis::linear("$x$"), Axis::linear("$y$"))
}

/// Paths of lines of data of this colour.
fn lines(svg: &str, colour: &str) -> usize {
    let paths = svg.split("<path ").filter(|path| path.contains(&format!("stroke=\"{colour}\" stroke-width=\".9\"")));
    paths.map(|path| path.matches('M').count()).sum()
}

#[test]
fn a_law_that_does_not_depend_on_the_split_is_one_line_in_ink() {
    let law = |off: f64| {
        let table = numbers(
            "t",
            &[
                ("s", &[1.0, 1.0, 1.0, 2.0, 2.0, 2.0]),
                ("x", &[0.0, 1.0, 2.0, 0.0, 1.0, 2.0]),
                ("y", &[0.0, 1.0, 4.0, 0.0, 1.0 + off, 4.0]),
            ],
        );
        let series = Series::theory("t", "x", "y").by(By::new("s", "$s = {}$")).key("theory");
        drawn(axes().series(series).legend(Legend::Above), table)
    };
    let (one, two) = (law(1e-6), law(0.2));
    // the line and its sample
    assert_eq!(lines(&one, "#1a1a1a"), 2);
    assert!(one.contains("aria-label=\"theory\"") && !one.contains("aria-label=\"s = 1\""));
    assert_eq!(lines(&two, "#1a1a1a"), 0);
    assert!(two.contains("aria-label=\"s = 1\"") && two.contains("aria-label=\"s = 2\""));
}

#[test]
fn labels_stand_where_lines_end_in_their_colours() {
    let table = numbers(
        "t",
        &[("width", &[100.0, 100.0, 1000.0, 1000.0]), ("x", &[0.0, 1.0, 0.0, 1.0]), ("y", &[0.0, 1.0, 0.0, 1.02])],
    );
    let lined = Series::theory("t", "x", "y").by(By::new("width", "$n = {}$"));
    let svg = drawn(axes().series(lined.clone().label_at_end()), table.clone());
    for label in ["n = 100", "n = 1000"] {
        let (_, rest) = svg.split_once(&format!("<g aria-label=\"{label}\" fill=\"")).expect("a label");
        let colour = &rest[..7];
        assert!(colour != "#1a1a1a" && svg.contains(&format!("stroke=\"{colour}\" stroke-width=\".9\"")), "{colour}");
        assert!(!svg.contains("aria-label=\"legend\""));
    }
    // under a colour bar there is no room for them
    let flat = Panel::new(Axis::linear("$x$"), Axis::linear("$y$").range(0.0, 2.0));
    let grid = flat.series(lined.label_at_end()).heatmap(Heatmap::new("t", "x", "width", "y", "$v$"));
    assert!(drawn(grid, table).contains("aria-label=\"legend\""));
}

#[test]
fn bars_are_promised_where_they_are_drawn() {
    let table = |error: f64| {
        let errors = [error; 4];
        numbers("t", &[("x", &[0.0, 1.0, 2.0, 3.0]), ("y", &[0.0, 1.0, 2.0, 3.0]), ("e", &errors)])
    };
    let small = "errors smaller than the symbols";
    let of =
        |error: f64| drawn(axes().series(Series::monte_carlo("t", "x", "y", "e").key("Monte Carlo")), table(error));
    let bars = |svg: &str| svg.contains("stroke=\"#1a1a1a\" stroke-width=\".7\"");
    assert!(bars(&of(0.5)) && !of(0.5).contains(small));
    assert!(!bars(&of(1e-4)) && of(1e-4).contains(small));
}

#[test]
fn markers_stand_side_by_side_unless_they_are_kept_in_place() {
    let table = numbers("t", &[("s", &[1.0, 2.0]), ("x", &[3.0, 3.0]), ("y", &[1.0, 1.0]), ("e", &[0.1, 0.1])]);
    let of = |series: Series| {
        let panel = axes().series(series.by(By::new("s", "$s = {}$")));
        let read = inline(&Figure::new("f", "F").panel(panel), std::slice::from_ref(&table)).expect("drawn").panels;
        [0, 1].map(|index: usize| read[0].series[index].at[0])
    };
    let series = || Series::monte_carlo("t", "x", "y", "e");
    let ([left, right], [first, second]) = (of(series()), of(series().in_place()));
    assert!(left.0 < first.0 && first.0 < right.0, "{left:?} {first:?} {right:?}");
    assert_eq!(first, second);
}

#[test]
fn dense_points_are_a_line_with_a_band() {
    let count = 400;
    let x: Vec<f64> = (0..count).map(f64::from).collect();
    let y: Vec<f64> = x.iter().map(|x| x * x / 4e4).collect();
    let table = numbers("t", &[("x", &x), ("y", &y), ("e", &vec![0.05; x.len()])]);
    let figure = Figure::new("f", "F").panel(axes().series(Series::monte_carlo("t", "x", "y", "e").key("Monte Carlo")));
    let counted = covering(&figure, std::slice::from_ref(&table)).expect("drawn");
    assert_eq!((counted.markers, counted.points, counted.bars), (0, 400, 0));
    // all of them can be read
    let read = inline(&figure, &[table]).expect("drawn").panels;
    assert_eq!(read[0].series[0].at.len(), 400);
}

#[test]
fn areas_lie_on_each_other_and_read_outs_say_from_where_to_where() {
    let table = Table::new("t").text("fate", vec!["a".into(), "a".into(), "b".into(), "b".into()]).expect("new");
    let table = table.number("x", vec![0.0, 1.0, 0.0, 1.0]).expect("new");
    let table = table.number("y", vec![0.25, 0.5, 0.75, 0.5]).expect("new");
    let figure = Figure::new("f", "F").panel(axes().series(Series::stack("t", "x", "y").by(By::new("fate", "{}"))));
    let read = inline(&figure, &[table]).expect("drawn").panels;
    let ends = |index: usize| [1, 2].map(|column: usize| read[0].series[index].columns[column].values.clone());
    assert_eq!((ends(0), ends(1)), ([vec![0.0; 2], vec![0.25, 0.5]], [vec![0.25, 0.5], vec![1.0; 2]]));
}

#[test]
fn lines_change_their_colour_and_triangles_have_their_slope() {
    let x: Vec<f64> = (0..100).map(f64::from).collect();
    let table = numbers("t", &[("x", &x), ("y", &x)]);
    let svg = drawn(axes().series(Series::coloured("t", "x", "y", "x", ColourMap::Cyclic)), table.clone());
    let colours: std::collections::BTreeSet<&str> = svg
        .split("stroke=\"")
        .skip(1)
        .filter(|rest| rest.contains("stroke-width=\".9\""))
        .map(|rest| &rest[..7])
        .collect();
    assert!(colours.len() > 40, "{}", colours.len());
    let square = Panel::new(Axis::linear("$x$").range(0.0, 1.0), Axis::linear("$y$").range(0.0, 1.0));
    let svg = drawn(square.slope(-0.5, (0.2, 0.8), "$n^{-1/2}$"), table);
    assert!(svg.contains("aria-label=\"n^(−1/2)\""));
    let triangle = svg.split("<path ").find(|path| path.contains("stroke-width=\".4\"")).expect("a triangle");
    assert!(triangle.contains("#6e6e6e"));
}

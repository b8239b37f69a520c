//! Marks of all shipped figures, drawn from golden data: nothing hides, and legends promise what is drawn.

use super::numbers;
use super::shipped::shipped;
use neurodyn::figure::{Axis, By, ColourMap, Contour, Dash, Figure, Heatmap, Legend, Panel, Select, Series};
use neurodyn::render::{Covering, Theme, covering, inline, lay_out, render};
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
    println!("{} rings, {} moved, {} points without a mark", sum(|c| c.rings), sum(|c| c.moved), sum(|c| c.left_out));
    assert!(before > 8.0, "the measure sees what it is for: {before}");
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
    let channels = |text: &str| [1, 3, 5].map(|at: usize| u32::from_str_radix(&text[at..at + 2], 16).unwrap_or(0));
    // the middle channel between the least and the largest, with the places of the two
    let hue = |text: &str| {
        let mut of = channels(text).into_iter().zip(0u32..).collect::<Vec<_>>();
        of.sort();
        let [(low, at_low), (middle, _), (high, at_high)] = of[..] else { unreachable!() };
        f64::from(10 * at_low + at_high) + f64::from(middle - low) / f64::from((high - low).max(1))
    };
    let mut seen = std::collections::BTreeSet::new();
    for label in ["n = 100", "n = 1000"] {
        let (_, rest) = svg.split_once(&format!("<g aria-label=\"{label}\" fill=\"")).expect("a label");
        let colour = &rest[..7];
        // that of the line, or its hue as dark as letters need
        let lines = svg.split("stroke-width=\".9\"").filter_map(|before| before.split("stroke=\"").last()?.get(..7));
        let near = |line: &str| {
            let darker = channels(line).iter().zip(channels(colour)).all(|(of_line, of_label)| of_label <= of_line + 8);
            line == colour || darker && (hue(line) - hue(colour)).abs() < 0.1
        };
        assert!(colour != "#1a1a1a" && lines.into_iter().any(near), "{colour}");
        assert!(seen.insert(colour.to_owned()), "{colour} twice");
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
fn areas_lie_on_each_other_and_read_outs_say_the_share_of_each() {
    let table = Table::new("t").text("fate", vec!["a".into(), "a".into(), "b".into(), "b".into()]).expect("new");
    let table = table.number("x", vec![0.0, 1.0, 0.0, 1.0]).expect("new");
    let table = table.number("y", vec![0.25, 0.5, 0.75, 0.5]).expect("new");
    let figure = Figure::new("f", "F").panel(axes().series(Series::stack("t", "x", "y").by(By::new("fate", "{}"))));
    let read = inline(&figure, &[table]).expect("drawn").panels;
    let shares = |index: usize| read[0].series[index].columns[1].values.clone();
    assert_eq!((shares(0), shares(1)), (vec![0.25, 0.5], vec![0.75, 0.5]));
    // in the middle of each area, the second on the first
    let heights = |index: usize| read[0].series[index].at.iter().map(|at| at.1).collect::<Vec<_>>();
    assert!(heights(0).iter().zip(heights(1)).all(|(first, second)| second < *first), "{:?}", read[0].series);
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

/// Two series of points on one law each, at the same abscissae.
fn on_law(slope: f64) -> (Table, Figure) {
    let layers: Vec<f64> = (0..6).map(f64::from).collect();
    let twice = |of: &dyn Fn(f64) -> f64| layers.iter().chain(&layers).map(|&x| of(x)).collect::<Vec<_>>();
    let group: Vec<f64> = (0..12).map(|i| f64::from(1 + i / 6)).collect();
    let columns = [
        ("s", group),
        ("x", twice(&|x| x)),
        ("y", twice(&|x| slope * x)),
        ("e", twice(&|x| if x > 0.0 { 0.3 } else { 0.0 })),
    ];
    let table =
        columns.iter().fold(Table::new("t"), |table, (name, values)| table.number(*name, values.clone()).expect("new"));
    let by = || By::new("s", "$s = {}$");
    let panel = Panel::new(Axis::linear("layer").range(-1.0, 20.0), Axis::linear("$y$").range(-1.0, 11.0))
        .series(Series::theory("t", "x", "y").by(by()))
        .series(Series::monte_carlo("t", "x", "y", "e").by(by()));
    (table, Figure::new("f", "F").panel(panel))
}

#[test]
fn marks_stay_where_a_law_is_steep_and_then_are_rings() {
    let counted = |slope: f64| {
        let (table, figure) = on_law(slope);
        let remarks = lay_out(&figure, std::slice::from_ref(&table), Theme::Print).expect("drawn").remarks().to_vec();
        (covering(&figure, &[table]).expect("drawn"), remarks)
    };
    let says = |remarks: &[String], word: &str| remarks.iter().any(|remark| remark.contains(word));
    // the input of both, which is exact, is one mark
    let (flat, remarks) = counted(0.1);
    assert_eq!((flat.moved, flat.rings, flat.covered), (10, 0, 0));
    assert!(says(&remarks, "side by side") && !says(&remarks, "rings"), "{remarks:?}");
    let (steep, remarks) = counted(2.0);
    assert_eq!((steep.moved, steep.rings, steep.covered), (0, 5, 0));
    assert!(!says(&remarks, "side by side") && says(&remarks, "rings"), "{remarks:?}");
    assert!(steep.covered_in_place == 5);
}

#[test]
fn lines_that_join_marks_move_with_them() {
    let (table, _) = on_law(0.0);
    let by = || By::new("s", "$s = {}$");
    let panel = Panel::new(Axis::linear("layer"), Axis::linear("$y$"))
        .series(Series::join("t", "x", "y").by(by()))
        .series(Series::monte_carlo("t", "x", "y", "e").by(by()));
    let svg = drawn(panel, table);
    let joins: Vec<&str> = svg.split("<path ").filter(|path| path.contains("stroke-width=\".5\"")).collect();
    let starts: std::collections::BTreeSet<&str> = joins
        .iter()
        .filter_map(|path| path.split_once("d=\"")?.1.split_once(['h', 'l', 'L', 'H', 'V', 'v']))
        .map(|(at, _)| at)
        .collect();
    assert!(starts.len() > 1, "{starts:?}");
}

#[test]
fn bars_are_drawn_where_they_reach_beyond_their_markers() {
    let bars = |error: f64| {
        let table = numbers("t", &[("x", &[0.0, 1.0, 2.0]), ("y", &[0.0, 50.0, 100.0]), ("e", &[error; 3])]);
        let figure = Figure::new("f", "F").panel(axes().series(Series::monte_carlo("t", "x", "y", "e")));
        covering(&figure, &[table]).expect("drawn").bars
    };
    // a marker is about 1.5 of these units high on either side
    assert_eq!((bars(1.2), bars(2.2)), (0, 3));
}

#[test]
fn what_an_axis_hides_needs_no_room() {
    let table = numbers("t", &[("x", &[0.0, 1.0, 2.0, 3.0]), ("y", &[0.0, 1.0, 2.0, 300.0]), ("e", &[0.1; 4])]);
    let panel =
        Panel::new(Axis::linear("$x$").high(2.5), Axis::linear("$y$")).series(Series::monte_carlo("t", "x", "y", "e"));
    let figure = Figure::new("f", "F").panel(panel);
    let read = inline(&figure, &[table]).expect("drawn").panels;
    let (frame, at) = (read[0].frame, &read[0].series[0].at);
    assert_eq!(at.len(), 3);
    assert!(at[2].1 - frame[1] < (frame[3] - frame[1]) / 5, "{at:?} {frame:?}");
}

#[test]
fn areas_of_a_stack_have_their_names_beside_them() {
    let table = Table::new("t").text("fate", vec!["a".into(), "a".into(), "b".into(), "b".into()]).expect("new");
    let table = table.number("x", vec![0.0, 1.0, 0.0, 1.0]).expect("new");
    let table = table.number("y", vec![0.25, 0.5, 0.75, 0.5]).expect("new");
    let svg = drawn(axes().series(Series::stack("t", "x", "y").by(By::new("fate", "{}")).label_at_end()), table);
    assert!(!svg.contains("aria-label=\"legend\"") && svg.contains("<g aria-label=\"b\" fill=\"#"));
}

#[test]
fn maps_of_some_rows_and_contours_to_their_edges() {
    let cells: Vec<(f64, f64, f64)> =
        (0..32).map(|i| (f64::from(i / 16), f64::from(i % 16 / 4), f64::from(i % 4))).collect();
    let of = |f: fn(&(f64, f64, f64)) -> f64| cells.iter().map(f).collect::<Vec<_>>();
    let table =
        numbers("t", &[("k", &of(|c| c.0)), ("x", &of(|c| c.1)), ("y", &of(|c| c.2)), ("v", &of(|c| c.1 + c.0))]);
    let rows = || Select::table("t").filter("k", 1.0);
    let panel = axes()
        .heatmap(Heatmap::new(rows(), "x", "y", "v", "$v$"))
        .contour(Contour::new(rows(), "x", "y", "v", vec![2.5]).dash(Dash::Solid))
        .legend(Legend::Hidden);
    let figure = Figure::new("f", "F").panel(panel);
    let read = inline(&figure, std::slice::from_ref(&table)).expect("drawn");
    assert_eq!(read.panels[0].series[0].at.len(), 16);
    // the contour is upright, over the whole height of the frame, the outer half cells included
    let frame = read.panels[0].frame;
    let height = f64::from(frame[3] - frame[1]) / 100.0;
    let line = read
        .body
        .split("<path ")
        .find(|path| path.contains("stroke=\"#1a1a1a\" stroke-width=\"1\""))
        .expect("a contour");
    let steps = line.split("d=\"").nth(1).expect("a path").split('v').skip(1);
    let steps = steps.filter_map(|step| step.split('"').next()?.parse::<f64>().ok());
    assert!((steps.sum::<f64>().abs() - height).abs() < 0.1, "{line} {height}");
}

//! Legends cover no data, in figures made for that, in all shipped ones and in random ones.

use super::{labels, noise, numbers, plane, render, visited};
use neurodyn::figure::{Axis, By, Contour, Figure, Heatmap, Panel, Series};

#[test]
fn legends_cover_no_data() {
    // a rising line leaves two corners, a falling and a rising one leave the sides
    let xs: Vec<f64> = (0..50).map(f64::from).collect();
    let falling: Vec<f64> = xs.iter().rev().copied().collect();
    for (ys, names) in [(&xs, "rising"), (&falling, "falling")] {
        let table = numbers("line", &[("x", &xs), ("y", ys)]);
        let panel = Panel::new(Axis::linear("x"), Axis::linear("y"))
            .series(Series::theory("line", "x", "y").label(r"a rather long label $\sigma_w$"));
        let svg = render(&Figure::new("line", names).panel(panel), &[table], "").unwrap();
        let (_, x, y) = labels(&svg).into_iter().find(|(label, ..)| label.starts_with("a rather")).unwrap();
        let line = svg.split("<path ").find(|path| path.contains("stroke-width=\".9\"")).unwrap();
        for point in visited(line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap()) {
            let covered = (x - 18.0..x + 75.0).contains(&point.0) && (y - 6.0..y + 2.0).contains(&point.1);
            assert!(!covered, "{names}: legend at {x}, {y} covers {point:?}");
        }
    }
    // data that fill the frame: above it
    let figure = Figure::new("full", "f").panel(
        Panel::new(Axis::linear("x"), Axis::linear("y"))
            .heatmap(Heatmap::new("plane", "x", "y", "v", "v"))
            .contour(Contour::new("plane", "x", "y", "v", vec![50.0]).label("contour")),
    );
    let svg = render(&figure, &[plane()], "").unwrap();
    let top = data_points(&svg).into_iter().fold(f64::INFINITY, |top, point| top.min(point.1));
    assert!(labels(&svg).into_iter().find(|(label, ..)| label == "contour").unwrap().2 < top);
}

/// Boxes of the legends in a part of a figure: samples and labels, in points.
fn legend_boxes(part: &str) -> Vec<(f64, f64, f64, f64)> {
    let Some((_, legend)) = part.split_once("<g aria-label=\"legend\">") else { return Vec::new() };
    let legend = &legend[..legend.find("</g>\n</g>").unwrap_or(legend.len())];
    let mut boxes = Vec::new();
    for (_, x, y) in labels(legend) {
        // the type is 7.6 pt high; half an em to the right of the start is certainly inside
        boxes.push((x, y - 4.0, x + 4.0, y));
    }
    for path in legend.split("<path ").skip(1).filter(|path| path.contains("stroke") || path.contains("fill")) {
        // a path without other attributes begins with it
        let path = format!(" {path}");
        let points = visited(path.split(" d=\"").nth(1).unwrap().split('"').next().unwrap());
        let of = |get: fn(&(f64, f64)) -> f64| {
            points.iter().map(get).fold((f64::MAX, f64::MIN), |(a, b), v| (a.min(v), b.max(v)))
        };
        let ((left, right), (top, bottom)) = (of(|p| p.0), of(|p| p.1));
        boxes.push((left, top, right, bottom));
    }
    boxes
}

/// Vertices of the data of a panel.
fn data_points(part: &str) -> Vec<(f64, f64)> {
    let Some((_, data)) = part.split_once("<g aria-label=\"data\">") else { return Vec::new() };
    let data = &data[..data.find("</g>\n").unwrap_or(data.len())];
    let paths = data.split("<path ").skip(1).map(|path| path.split(" d=\"").nth(1).unwrap().split('"').next().unwrap());
    paths.flat_map(visited).collect()
}

fn legends_are_clear(svg: &str) -> usize {
    let mut seen = 0;
    for part in svg.split("<g aria-label=\"panel (").skip(1) {
        let boxes = legend_boxes(part);
        seen += usize::from(!boxes.is_empty());
        for (x, y) in data_points(part) {
            for &(left, top, right, bottom) in &boxes {
                assert!(
                    !(left..right).contains(&x) || !(top..bottom).contains(&y),
                    "({x}, {y}) in {left} {top} {right} {bottom}"
                );
            }
        }
    }
    seen
}

#[test]
fn legends_of_all_figures_cover_no_data() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("figures");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "svg") {
            let svg = std::fs::read_to_string(&path).unwrap();
            assert!(svg.len() < 1_000_000, "{}", path.display());
            seen += legends_are_clear(&svg);
        }
    }
    assert!(seen > 10, "{seen}");
}

mod random {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn legends_cover_no_data(seed in 1..1_000_000_u64, count in 2..80usize, series in 1..5usize, lines: bool) {
            let total = count * series;
            let group: Vec<f64> = (0..total).map(|i| (i / count) as f64).collect();
            let walk = noise(total, seed + 7).into_iter().scan(0.0, |at, step| { *at += step - 0.5; Some(*at) });
            let ys: Vec<f64> = if lines { walk.collect() } else { noise(total, seed + 9) };
            let xs: Vec<f64> = (0..total).map(|i| (i % count) as f64).collect();
            let table = numbers("random", &[("x", &xs), ("y", &ys), ("group", &group)]);
            let by = By::new("group", r"$\sigma_w = {}$");
            let drawn = if lines { Series::theory("random", "x", "y") } else { Series::points("random", "x", "y") };
            let panel = Panel::new(Axis::linear("x"), Axis::linear("y")).series(drawn.by(by));
            let svg = render(&Figure::new("random", "r").panel(panel), &[table], "").unwrap();
            prop_assert_eq!(legends_are_clear(&svg), 1);
        }
    }
}

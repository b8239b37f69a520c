//! Titles, sizes and labels that an experiment file gives its figures.

use crate::run::RunError;
use neurodyn_config::nearest::instead;
use neurodyn_config::{Columns, ConfigError, Document, PanelLabels, Width};
use neurodyn_figure::{
    Axis, By, Colour, Contour, Figure, FigureWidth, Heatmap, Panel, Rule, Series, Wish, panel_letter,
};
use neurodyn_model::Activation;

/// A split by activations, which their formulas name.
pub fn activations(by: By) -> By {
    by.names(Activation::known().into_iter().map(|activation| (activation.name(), activation.label())))
}

/// A split by order parameters of perceptrons, set as mathematics.
pub fn order_parameters(by: By) -> By {
    let weight = |i: usize| (format!("w{i}"), format!("$w_{i}$"));
    let products = (1..=3).flat_map(|i| {
        (1..=3).flat_map(move |j| {
            ["J", "B"].map(|other| (format!("J{i}.{other}{j}"), format!(r"$J_{i} \cdot {other}_{j}$")))
        })
    });
    by.names((1..=3).map(weight).chain(products))
}

/// A map of a column of the table `plane`, over the plane of scales.
pub fn map_of_scales(column: &str, label: &str) -> Heatmap {
    Heatmap::new("plane", "sigma_w", "sigma_b", column, label)
}

/// The panel of such a map, with the order-chaos boundary by the column `chi_1`.
pub fn over_scales(map: Heatmap) -> Panel {
    let edge = Contour::new("plane", "sigma_w", "sigma_b", "chi_1", vec![1.0]).inline(r"$\chi_1 = {}$");
    Panel::new(Axis::linear(r"weight scale $\sigma_w$"), Axis::linear(r"bias scale $\sigma_b$"))
        .phases()
        .heatmap(map)
        .contour(edge)
}

/// Empirical distribution functions of p-values less the uniform one, within the band of table `uniformity_band`.
pub fn uniformity(label: &str, points: Series) -> Panel {
    Panel::new(Axis::linear("$p$ value").range(0.0, 1.0), Axis::linear(label).range(-0.4, 0.4))
        .rule(Rule::Horizontal(0.0))
        .series(Series::band("uniformity_band", "p_value", "low", "high").colour(Colour::Grey).label("95 %"))
        .series(points)
}

/// A panel over the layers.
pub fn over_layers(y: Axis) -> Panel {
    Panel::new(Axis::linear(r"layer $l$"), y)
}

/// Puts what the file says into the figures. They go by their own names, or by those they have in the module.
pub(super) fn apply(document: &Document, module_names: &[String], figures: &mut [Figure]) -> Result<(), ConfigError> {
    for (name, drawing) in &document.header.figures {
        let found = (0..figures.len()).find(|&i| figures[i].name == *name || module_names[i] == *name);
        let Some(index) = found else {
            let names: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
            return Err(document.error_in(&["figures", name], &format!("no such figure{}", instead(name, &names))));
        };
        let figure = &mut figures[index];
        if let Some(title) = &drawing.title {
            figure.title.clone_from(title);
        }
        if let Some(height) = drawing.height {
            figure.height_mm = height;
        }
        match drawing.width {
            Some(Width::Columns(Columns::Single)) => figure.width = FigureWidth::Single,
            Some(Width::Columns(Columns::Double)) => figure.width = FigureWidth::Double,
            Some(Width::Millimetres(millimetres)) => figure.width = FigureWidth::of_millimetres(millimetres),
            None => {}
        }
        figure.wish = Wish { text: drawing.text, face: drawing.face, venue: drawing.venue }.or(figure.wish);
        for (letter, labels) in &drawing.panels {
            let last = figure.panels.len();
            let Some(panel) = (0..last).find(|&index| panel_letter(index) == *letter) else {
                let allowed = if last == 1 { "a".to_owned() } else { format!("a to {}", panel_letter(last - 1)) };
                let message = format!("no such panel; allowed: {allowed}");
                return Err(document.error_in(&["figures", name, "panels", letter], &message));
            };
            relabel(&mut figure.panels[panel], labels);
        }
        for (column, label) in &drawing.legend {
            let path = ["figures", name, "legend", column];
            if !label.contains("{}") {
                return Err(document.error_in(&path, "a legend label must hold {}, where the value goes"));
            }
            let columns = columns(figure);
            if !columns.contains(column) {
                let there: Vec<&str> = columns.iter().map(String::as_str).collect();
                let message = format!("no such column in the legend{}", instead(column, &there));
                return Err(document.error_in(&path, &message));
            }
            for by in splits(figure).filter(|by| by.column == *column && by.label.is_some()) {
                by.label = Some(label.clone());
            }
        }
    }
    Ok(())
}

fn relabel(panel: &mut Panel, labels: &PanelLabels) {
    if let Some(title) = &labels.title {
        panel.title = Some(title.clone());
    }
    for (axis, label) in [(&mut panel.x, &labels.x), (&mut panel.y, &labels.y)] {
        if let Some(label) = label {
            axis.label.clone_from(label);
        }
    }
}

/// The splits of all series of a figure.
fn splits(figure: &mut Figure) -> impl Iterator<Item = &mut By> {
    figure.panels.iter_mut().flat_map(|panel| &mut panel.series).filter_map(|series| series.by.as_mut())
}

/// Columns that the legend shows.
fn columns(figure: &mut Figure) -> Vec<String> {
    let mut columns: Vec<String> = Vec::new();
    for by in splits(figure).filter(|by| by.label.is_some()) {
        if !columns.contains(&by.column) {
            columns.push(by.column.clone());
        }
    }
    columns
}

/// A curve fine enough to be printed: intervals of the grid are halved where it turns by more than two degrees in a square frame, from
/// left to right and from low to high, twelve times at most. Above and below the frame it is not looked at.
pub fn fine_curve(
    grid: impl IntoIterator<Item = f64>,
    [left, right, low, high]: [f64; 4],
    value: impl Fn(f64) -> Result<f64, RunError>,
) -> Result<Vec<(f64, f64)>, RunError> {
    const SINE: f64 = 0.035;
    const HALVINGS: usize = 12;
    let at = |&(x, y): &(f64, f64)| ((x - left) / (right - left), (y.clamp(low, high) - low) / (high - low));
    let point = |x: f64| value(x).map(|y| (x, y));
    let mut curve = grid.into_iter().map(point).collect::<Result<Vec<_>, RunError>>()?;
    for _ in 0..HALVINGS {
        let places: Vec<(f64, f64)> = curve.iter().map(at).collect();
        let mut halve = vec![false; curve.len()];
        for (i, corner) in places.windows(3).enumerate() {
            let step = |from: (f64, f64), to: (f64, f64)| (to.0 - from.0, to.1 - from.1);
            let (a, b) = (step(corner[0], corner[1]), step(corner[1], corner[2]));
            let (cross, lengths) = (a.0 * b.1 - a.1 * b.0, (a.0 * a.0 + a.1 * a.1) * (b.0 * b.0 + b.1 * b.1));
            if cross * cross > SINE * SINE * lengths {
                (halve[i], halve[i + 1]) = (true, true);
            }
        }
        if !halve.contains(&true) {
            break;
        }
        let mut finer = Vec::with_capacity(2 * curve.len());
        for (i, &(x, y)) in curve.iter().enumerate() {
            finer.push((x, y));
            if halve[i] {
                finer.push(point(0.5 * (x + curve[i + 1].0))?);
            }
        }
        curve = finer;
    }
    Ok(curve)
}

#[cfg(test)]
mod tests {
    use super::fine_curve;

    #[test]
    fn a_curve_gets_points_where_it_turns_and_keeps_those_it_had() {
        let steep = |x: f64| 1.0 / (1.0 + 25.0 * x * x);
        let grid = [-1.0, -0.5, 0.0, 0.5, 1.0];
        let curve = fine_curve(grid, [-1.0, 1.0, 0.0, 1.0], |x| Ok(steep(x))).unwrap();
        assert!(grid.iter().all(|x| curve.contains(&(*x, steep(*x)))));
        assert!(curve.windows(2).all(|two| two[0].0 < two[1].0) && curve.iter().all(|&(x, y)| y == steep(x)));
        let near = curve.iter().filter(|(x, _)| x.abs() < 0.2).count();
        assert!(near > 50 && 2 * near > curve.len(), "{near} of {}", curve.len());
        // the tangent of the angle between two slopes
        let turn = |three: &[(f64, f64)]| {
            let slope = |i: usize| 2.0 * (three[i + 1].1 - three[i].1) / (three[i + 1].0 - three[i].0);
            ((slope(1) - slope(0)) / (1.0 + slope(1) * slope(0))).abs()
        };
        assert!(curve.windows(3).all(|three| turn(three) < 0.036));
        // a straight line needs none, nor what is beyond the frame
        let straight = fine_curve(grid, [-1.0, 1.0, 0.0, 1.0], |x| Ok(0.5 + 0.5 * x)).unwrap();
        assert_eq!(straight.len(), grid.len());
        assert_eq!(fine_curve(grid, [-1.0, 1.0, -2.0, -1.0], |x| Ok(steep(x))).unwrap().len(), grid.len());
    }
}

//! Which columns of which tables a figure draws.

use super::{By, Colours, Figure, Geometry, Guide, Residual, Select};
use std::collections::BTreeSet;

/// Tables and their columns.
type Columns = BTreeSet<(String, String)>;

impl Figure {
    /// Tables and columns that the figure reads, those that choose, split and sort rows included.
    pub fn columns_drawn(&self) -> BTreeSet<(String, String)> {
        let mut drawn = Columns::new();
        for panel in &self.panels {
            if let Some(heatmap) = &panel.heatmap {
                add(&mut drawn, &heatmap.rows, [&heatmap.x, &heatmap.y, &heatmap.value]);
            }
            for contour in &panel.contours {
                add(&mut drawn, &contour.rows, [&contour.x, &contour.y, &contour.value]);
            }
            for series in &panel.series {
                add(&mut drawn, &series.rows, geometry(&series.geometry).into_iter().chain([&series.x]));
                add(&mut drawn, &series.rows, split(&series.by));
            }
            for marked in &panel.marked {
                if let Guide::Verticals(rows, column) | Guide::Horizontals(rows, column) = &marked.guide {
                    add(&mut drawn, rows, [column]);
                }
            }
            for Residual { rows, x, quantity, by, .. } in &panel.residuals {
                let compared = Residual::COLUMNS.map(|part| part.column(quantity));
                add(&mut drawn, rows, compared.iter().chain([x]).chain(split(by)));
            }
        }
        drawn
    }
}

fn add<'a>(drawn: &mut Columns, rows: &Select, columns: impl IntoIterator<Item = &'a String>) {
    let chosen = rows.filters.iter().map(|(column, _)| column).chain(&rows.order);
    let columns: Vec<String> = columns.into_iter().cloned().chain(chosen.cloned()).collect();
    drawn.extend(columns.into_iter().map(|column| (rows.table.clone(), column)));
}

fn geometry(geometry: &Geometry) -> Vec<&String> {
    match geometry {
        Geometry::Line { y, .. } | Geometry::Stack { y } => vec![y],
        Geometry::Coloured { y, value, .. } => vec![y, value],
        Geometry::Points { y, stderr } => std::iter::once(y).chain(stderr).collect(),
        Geometry::Band { low, high } => vec![low, high],
        Geometry::Steps { upper, y } => vec![upper, y],
        Geometry::Arrows { y, u, v } => vec![y, u, v],
        Geometry::Verticals | Geometry::Horizontals => Vec::new(),
    }
}

fn split(by: &Option<By>) -> impl Iterator<Item = &String> {
    by.iter().flat_map(|by| {
        let phase = match &by.colours {
            Colours::Phase(column) => Some(column),
            _ => None,
        };
        std::iter::once(&by.column).chain(phase)
    })
}

#[cfg(test)]
mod tests {
    use crate::{Axis, Figure, Panel, Select, Series};

    #[test]
    fn all_that_is_read_is_named() {
        let rows = Select::table("layers").filter("phase", "ordered").order("layer");
        let panel = Panel::new(Axis::linear("x"), Axis::linear("y")).compare(
            &rows,
            "layer",
            "a",
            crate::By::unlabelled("width"),
        );
        let drawn = Figure::new("f", "F")
            .panel(panel.series(Series::histogram("bins", "low", "high", "density")))
            .columns_drawn();
        let names: Vec<String> = drawn.iter().map(|(table, column)| format!("{table}.{column}")).collect();
        let layers = ["a_correction", "a_mc", "a_stderr", "a_theory", "layer", "phase", "width"]
            .map(|column| format!("layers.{column}"));
        let bins = ["density", "high", "low"].map(|column| format!("bins.{column}"));
        assert_eq!(names, [bins.to_vec(), layers.to_vec()].concat());
    }
}

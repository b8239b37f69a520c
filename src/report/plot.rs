//! Figures inside the page: drawings that share the outlines of their letters, and their numbers as data.

use super::colour::{on_dark, parse};
use super::html::{anchor, data, escape};
use crate::figure::{Figure, FigureWidth};
use crate::render::{Inline, PanelPoints, RenderError, hexadecimal, inline};
use crate::table::Table;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fmt::Write;

/// What all drawings of a page have in common.
#[derive(Default)]
pub(super) struct Plots {
    definitions: BTreeSet<String>,
    colours: BTreeSet<String>,
    data: String,
    /// Vertices of lines that no read-out shows.
    pub thinned: usize,
    /// Numbers that one shows.
    pub shown: usize,
}

impl Plots {
    /// Draws a figure; `key` tells it from other drawings of the same figure.
    pub fn add(&mut self, key: &str, figure: &Figure, tables: &[Table]) -> Result<String, RenderError> {
        let Inline { size, definitions, body, panels, remarks } = inline(figure, tables)?;
        self.definitions.extend(definitions);
        self.colours.extend(colours(&body).map(str::to_owned));
        let series = || panels.iter().flat_map(|panel| &panel.series);
        self.thinned += series().map(|series| series.thinned).sum::<usize>();
        self.shown += series().map(|series| series.at.len()).sum::<usize>();
        let key = anchor(key);
        let numbers = data(&json!(panels.iter().map(panel).collect::<Vec<_>>()));
        let _ = writeln!(self.data, "<script type=\"application/json\" id=\"data-{key}\">{numbers}</script>");
        let (wide, high) = (f64::from(size.0) / 100.0, f64::from(size.1) / 100.0);
        let said: Vec<&str> =
            [figure.description.as_str()].into_iter().chain(remarks.iter().map(String::as_str)).collect();
        let (title, description) = (escape(&figure.title), escape(&said.join(" ")));
        let width = breadth(figure);
        Ok(format!(
            "<div class=\"plot {width}\" id=\"plot-{key}\" data-numbers=\"data-{key}\" tabindex=\"0\" role=\"application\" \
             aria-roledescription=\"figure with numbers\" aria-label=\"{title}: numbers\" aria-describedby=\"keys\" \
             style=\"--wide:{wide}\">\n<div class=\"drawing\">\n\
             <svg viewBox=\"0 0 {wide} {high}\" role=\"img\" aria-labelledby=\"title-{key}\" aria-describedby=\"desc-{key}\">\n\
             <title id=\"title-{key}\">{title}</title>\n<desc id=\"desc-{key}\">{description}</desc>\n\
             <g fill=\"none\" stroke-linejoin=\"round\">\n{body}</g>\n</svg>\n</div>\n</div>\n",
        ))
    }

    /// The outlines of all letters, once, drawn nowhere.
    pub fn sprite(&self) -> String {
        let mut outlines = String::new();
        for definition in &self.definitions {
            outlines.push_str(definition);
            outlines.push('\n');
        }
        format!(
            "<svg class=\"sprite\" width=\"0\" height=\"0\" aria-hidden=\"true\" focusable=\"false\"><defs>\n{outlines}</defs></svg>\n"
        )
    }

    /// What colours become on dark paper.
    pub fn colours(&self) -> String {
        let mut rules = String::new();
        for text in &self.colours {
            let Some(dark) = parse(text).map(|colour| hexadecimal(on_dark(colour))) else { continue };
            for kind in ["stroke", "fill"] {
                let of = format!(".plot svg [{kind}=\"{text}\"]:not([shape-rendering])");
                let _ = writeln!(rules, "{of}{{{kind}:light-dark({text},{dark})}}");
            }
        }
        rules
    }

    /// The numbers of all figures.
    pub fn data(&self) -> &str {
        &self.data
    }
}

/// Name of the width of a figure.
pub(super) fn breadth(figure: &Figure) -> &'static str {
    match figure.width {
        FigureWidth::Single => "narrow",
        FigureWidth::Double => "broad",
        FigureWidth::Hundredths(_) if figure.width.millimetres() < 120.0 => "narrow",
        FigureWidth::Hundredths(_) => "broad",
    }
}

/// Colours of a drawing, those of heat maps aside.
fn colours(body: &str) -> impl Iterator<Item = &str> {
    let meaningful = body.lines().filter(|line| !line.contains("shape-rendering"));
    meaningful.flat_map(|line| {
        ["stroke=\"#", "fill=\"#"].into_iter().flat_map(move |kind| {
            let starts = line.match_indices(kind).map(move |(at, _)| at + kind.len() - 1);
            starts.filter_map(|at| line.get(at..at + 7))
        })
    })
}

/// The numbers of one panel: names and columns of each series, with places in hundredths of a point.
fn panel(panel: &PanelPoints) -> Value {
    let series = panel.series.iter().map(|series| {
        json!({
            "label": series.label,
            "cells": series.cells,
            "names": series.columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>(),
            "columns": series.columns.iter().map(|column| column.values.as_slice()).collect::<Vec<_>>(),
            "x": series.at.iter().map(|at| at.0).collect::<Vec<_>>(),
            "y": series.at.iter().map(|at| at.1).collect::<Vec<_>>(),
        })
    });
    json!({ "letter": panel.letter, "title": panel.title, "frame": panel.frame, "series": series.collect::<Vec<_>>() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_of_heat_maps_stay() {
        let body = "<path stroke=\"#005493\" d=\"\"/>\n<path fill=\"#fde725\" shape-rendering=\"crispEdges\"/>\n<g fill=\"#1a1a1a\">";
        assert_eq!(colours(body).collect::<Vec<_>>(), ["#005493", "#1a1a1a"]);
    }
}

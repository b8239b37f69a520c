//! The figure of a measurement, and where the files that it is of are looked for.

use super::{Digested, Measurements, Measuring};
use crate::driver::Theme;
use crate::driver::contents::{Drawing, in_words};
use crate::figure::{Axis, Colour, Dash, Figure, Panel, Rule, Series};
use crate::measured::{Beside, Layer, Measured};
use crate::numerics::statistics::normal_critical;
use crate::provenance::{Media, Numbers, PROGRAM, Provenance, sha256};
use crate::render::{absent, lay_out};
use crate::table::{Table, frame};
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};

/// What figures of measurements say as their family.
pub(in crate::driver) const FAMILY: &str = "measurement";
/// What they are called, and the experiment that they say they are of.
const NAME: &str = "measurement";

/// The layers as a table: what is drawn.
fn table(measured: &Measured) -> Result<Table> {
    let layers = &measured.layers;
    let all = |value: &dyn Fn(&Layer) -> f64| layers.iter().map(value).collect::<Vec<f64>>();
    let mut table = Table::new("layers")
        .integer("layer", (1..=layers.len() as i64).collect())?
        .text("name", layers.iter().map(|layer| layer.name.clone()).collect())?
        .number("sigma_w", all(&|layer| layer.sigma_w.value))?
        .number("sigma_w_error", all(&|layer| layer.sigma_w.stderr))?
        .number("sigma_w_held_against", all(&|layer| layer.held_against.sigma_w))?
        .number("largest_singular_value", all(&|layer| layer.spectrum.largest / layer.spectrum.edge))?
        .number("deviation", all(&|layer| layer.verdict.worst.z.abs()))?;
    for (name, _, _, of) in QUANTITIES {
        let beside: Option<Vec<Beside>> = layers.iter().map(of).collect();
        let Some(beside) = beside else { continue };
        let all = |value: &dyn Fn(&Beside) -> f64| beside.iter().map(value).collect::<Vec<f64>>();
        table = table
            .number(name, all(&|beside| beside.found))?
            .number(format!("{name}_infinite_width"), all(&|beside| beside.theory))?
            .number(format!("{name}_low"), all(&|beside| beside.band[0]))?
            .number(format!("{name}_high"), all(&|beside| beside.band[1]))?;
    }
    Ok(table)
}

type OfLayer = fn(&Layer) -> Option<Beside>;

/// Quantities that are drawn: their columns, labels, whether on a logarithmic axis, and where they stand.
const QUANTITIES: [(&str, &str, bool, OfLayer); 3] = [
    ("activity", "activity $A^l$", false, |layer| Some(layer.activity)),
    ("distance", "distance $D^l$", true, |layer| layer.distance),
    ("tangent_growth", r"tangent growth $g^l / g^0$", true, |layer| layer.tangent_growth),
];

/// The panels, of a table that has what they show.
fn panels(measured: &Measured) -> Vec<Panel> {
    let count = measured.layers.len();
    // every layer has a tick where there is room
    let step = count.div_ceil(10).max(1);
    let axis = || {
        let ticks: Vec<f64> =
            (1..=count).filter(|layer| layer % step == 0 || count == 1).map(|layer| layer as f64).collect();
        Axis::linear("layer $l$").range(0.5, count as f64 + 0.5).ticks(ticks)
    };
    let mut panels = Vec::new();
    for (name, label, logarithmic, of) in QUANTITIES {
        let beside: Option<Vec<Beside>> = measured.layers.iter().map(of).collect();
        let Some(beside) = beside else { continue };
        let positive = beside.iter().all(|beside| beside.found > 0.0 && beside.theory > 0.0 && beside.band[0] > 0.0);
        let y = if logarithmic && positive { Axis::log10(label) } else { Axis::linear(label) };
        let mut panel = Panel::new(axis(), y)
            .series(
                Series::band("layers", "layer", &format!("{name}_low"), &format!("{name}_high"))
                    .colour(Colour::Grey)
                    .key("95 of 100 networks of these widths"),
            )
            .series(Series::theory("layers", "layer", &format!("{name}_infinite_width")).key("infinite width"))
            .series(Series::points("layers", "layer", name).colour(Colour::Nth(1)).in_place());
        if let Some(series) = panel.series.last_mut() {
            series.key = Some("this network".to_owned());
        }
        panels.push(panel);
    }
    let found = Series::monte_carlo("layers", "layer", "sigma_w", "sigma_w_error").colour(Colour::Nth(1));
    let held = Series::line("layers", "layer", "sigma_w_held_against", Dash::Dotted).key("held against");
    // a scale that is fitted is where it is
    let scales = Panel::new(axis(), Axis::linear(r"weight scale $\sigma_w$"));
    panels.push(if measured.scales_given { scales.series(held) } else { scales }.series(found));
    panels.push(
        Panel::new(axis(), Axis::linear(r"largest singular value / edge").include(1.05))
            .rule(Rule::Horizontal(1.0))
            .series(Series::points("layers", "layer", "largest_singular_value").colour(Colour::Nth(1))),
    );
    let limit = limit(measured);
    let far = measured.layers.iter().any(|layer| layer.verdict.worst.z.abs() > 10.0 * limit);
    let label = "least likely test (std. dev.)";
    let y = if far { Axis::log10(label) } else { Axis::linear(label).low(0.0) };
    panels.push(
        Panel::new(axis(), y.include(limit))
            .marked(Rule::Horizontal(limit), "alarm")
            .series(Series::points("layers", "layer", "deviation").colour(Colour::Nth(1))),
    );
    panels
}

/// Standard deviations from which on a test alarms.
fn limit(measured: &Measured) -> f64 {
    normal_critical(0.5 * measured.verdict.familywise / measured.verdict.tests.max(1) as f64)
}

/// Draws the figure.
pub(in crate::driver) fn draw(measuring: &Measuring, of: &Measurements, theme: Theme) -> Result<Drawing> {
    let tables = vec![table(&of.measured)?];
    let against = if of.measured.scales_given { "given" } else { "fitted to each layer" };
    let description = format!(
        "Network {} on {} inputs of {}: activity, distance of inputs and growth of a tangent by layer, with theory of infinitely wide networks as \
         a line and the band of 95 of 100 networks of these widths; sigma_w with its standard error and the scale held against, {against}; \
         the largest singular value of each layer as a multiple of the edge of Marchenko and Pastur; standard deviations of the least likely \
         test of each layer. phi(u) = {}.",
        of.network.file, of.measured.inputs, of.data.file, of.measured.activation
    );
    let panels = panels(&of.measured);
    let rows = panels.len().div_ceil(3) as f64;
    let figure = Figure::new(NAME, "A network beside its ensemble").describe(description);
    let mut figure = in_words(figure.grid(3, 52.0 * rows + 8.0).shared_legend().panels(panels));
    let laid_out = lay_out(&figure, &tables, theme)?;
    for sentence in laid_out.remarks().iter().chain(&absent(&figure, &tables)?) {
        figure.description = format!("{} {sentence}", figure.description);
    }
    let csv = vec![("layers.csv".to_owned(), frame::to_csv(&tables[0])?)];
    let provenance = Provenance {
        figure: figure.name.clone(),
        title: figure.title.clone(),
        description: figure.description.clone(),
        id: NAME.to_owned(),
        family: FAMILY.to_owned(),
        // of the drawn networks, which is a constant of the program
        seed: 0,
        values: 1,
        program: PROGRAM.to_owned(),
        numbers: Numbers::new(&csv),
        theme: theme.name().to_owned(),
        look: Vec::new(),
        dpi: None,
        toml: measuring.stated(of).text().map_err(|error| anyhow!(error))?,
        data: Vec::new(),
        settings: Vec::new(),
    };
    let svg = laid_out.document(&figure, &provenance.to_rdf(Media::Svg))?;
    Ok(Drawing { svg, live: laid_out.live(&figure)?, provenance })
}

/// Where a file is that a figure wants.
pub(in crate::driver) enum Searched {
    /// Here.
    Found(PathBuf),
    /// Files of this name are there, but with other contents.
    Differs(String),
    /// Nowhere.
    Missing(String),
}

/// Looks for a file by its name and digest in these folders.
pub(in crate::driver) fn search(wanted: &Digested, folders: &[PathBuf]) -> Result<Searched> {
    let Digested { file, sha256: meant } = wanted;
    if Path::new(file).file_name().is_none_or(|name| *name != **file) {
        return Err(anyhow!("it wants the file {file:?}; allowed are names without a folder"));
    }
    let mut differing = Vec::new();
    for folder in folders {
        let path = folder.join(file);
        if !path.is_file() {
            continue;
        }
        let found = sha256(&crate::files::bytes_at_most(&path, crate::arrays::MOST_BYTES)?);
        if found == *meant {
            return Ok(Searched::Found(path));
        }
        differing.push(format!("{} has SHA-256 {found}", path.display()));
    }
    if differing.is_empty() {
        let places: Vec<String> = folders.iter().map(|folder| folder.display().to_string()).collect();
        return Ok(Searched::Missing(format!(
            "it is of {file} (SHA-256 {meant}), which is not in {}",
            places.join(" nor in ")
        )));
    }
    Ok(Searched::Differs(format!("it is of {file} with SHA-256 {meant}, but {}", differing.join(", "))))
}

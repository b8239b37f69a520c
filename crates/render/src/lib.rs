//! Draws figures as SVG.
//!
//! plotters supplies the drawing areas, elements and coordinate translation; the backend behind it is ours (`svg`). One of
//! its units is a hundredth of a point, text is set from the bundled fonts and becomes outlines, so that a figure looks the
//! same everywhere, and the same figure and tables give the same bytes.

mod absent;
mod axes;
mod brush;
mod colour;
mod contour;
mod data;
mod error;
mod font;
mod frame;
mod inline;
mod lab;
mod layout;
mod legend;
mod map;
mod margins;
mod marked;
mod markup;
mod paint;
mod path;
mod plain;
mod points;
mod ranges;
mod resolve;
mod scale;
mod shade;
mod share;
mod style;
mod svg;
mod symbols;
mod template;
mod text;
mod thin;
mod ticks;
mod trace;
mod turning;
mod typeset;
mod verdict;

pub use colour::hexadecimal;
pub use error::{Problem, RenderError};
pub use inline::{Inline, inline};
pub use markup::MarkupError;
pub use plain::plain_title;
pub use points::{NamedNumbers, PanelPoints, SeriesPoints};
pub use style::Theme;
pub use symbols::command_of;
pub use template::check_label;
pub use turning::{Turn, turns};

use brush::Brush;
use data::Palette;
use font::Fonts;
use layout::{Located, Page, layout};
use neurodyn_figure::{Figure, panel_letter};
use neurodyn_table::Table;
use path::{fixed, xml};
use plotters::drawing::IntoDrawingArea;
use resolve::{Content, resolve};
use std::rc::Rc;
use style::Style;
use svg::Pen;
use text::Ruler;
use verdict::Verdict;

/// Draws a figure from the tables that it names, in a theme, which the root element records as `data-theme`.
///
/// `metadata` is well-formed XML, put into the `metadata` element as it is. The result is a complete SVG document.
pub fn render(figure: &Figure, tables: &[Table], metadata: &str, theme: Theme) -> Result<String, RenderError> {
    let composed = compose(figure, tables, theme)?;
    Ok(document(figure, &composed, metadata))
}

/// What of a figure is not drawn because the tables do not have it, or a logarithm cannot show it: plain sentences, none where all is there.
pub fn absent(figure: &Figure, tables: &[Table]) -> Result<Vec<String>, RenderError> {
    let palette = Palette::new(figure, tables);
    let mut sentences = Vec::new();
    for (index, panel) in figure.panels.iter().enumerate() {
        let content = resolve(panel, tables, &palette).map_err(|problem| located(figure, (Some(index), problem)))?;
        let place = if figure.panels.len() > 1 {
            format!("Panel ({}): ", panel_letter(index))
        } else {
            "Not drawn: ".to_owned()
        };
        sentences.extend(content.absent.sentences().into_iter().map(|sentence| format!("{place}{sentence}.")));
    }
    Ok(sentences)
}

fn located(figure: &Figure, (panel, problem): Located) -> RenderError {
    RenderError { figure: figure.name.clone(), panel: panel.map(panel_letter), problem: Box::new(problem) }
}

/// A figure laid out and drawn, but in no document yet.
struct Composed {
    contents: Vec<Content>,
    page: Page,
    definitions: String,
    body: String,
    style: Rc<Style>,
}

fn compose(figure: &Figure, tables: &[Table], theme: Theme) -> Result<Composed, RenderError> {
    attempt(figure, tables, theme).map_err(|problem| located(figure, problem))
}

fn attempt(figure: &Figure, tables: &[Table], theme: Theme) -> Result<Composed, Located> {
    let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if figure.name.is_empty() || !figure.name.chars().all(safe) {
        return Err((None, Problem::Incomplete("its name must be lower snake case".to_owned())));
    }
    if figure.panels.is_empty() {
        return Err((None, Problem::Incomplete("it has no panels".to_owned())));
    }
    let fonts = Fonts::load().map_err(|error| (None, Problem::Incomplete(error.to_string())))?;
    let ruler = Ruler { fonts: Rc::new(fonts), style: Rc::new(Style::for_theme(theme)) };
    let palette = Palette::new(figure, tables);
    let contents = figure.panels.iter().enumerate();
    let contents = contents
        .map(|(index, panel)| resolve(panel, tables, &palette).map_err(|problem| (Some(index), problem)))
        .collect::<Result<Vec<Content>, Located>>()?;
    let page = layout(figure, &contents, &ruler)?;
    let style = ruler.style.clone();
    let (definitions, body) = draw(figure, &contents, &page, ruler)?;
    Ok(Composed { contents, page, definitions, body, style })
}

fn draw(figure: &Figure, contents: &[Content], page: &Page, ruler: Ruler) -> Result<(String, String), Located> {
    let pen =
        Pen::new(ruler.fonts.clone(), ruler.style.clone(), (page.size.0.unsigned_abs(), page.size.1.unsigned_abs()));
    let root = pen.clone().into_drawing_area();
    let brush = Brush { pen, root, ruler, page: page.size };
    let summed = summaries(contents, page, &brush.ruler)?;
    for (index, (panel, placed)) in figure.panels.iter().zip(&page.panels).enumerate() {
        let located = |problem| (Some(index), problem);
        brush.pen.open(&format!("panel ({})", panel_letter(index)));
        paint::marks(&brush, panel, &contents[index], placed).map_err(located)?;
        // letters of one row stand on one line
        let row = index / figure.columns.max(1);
        let neighbours =
            figure.panels.iter().zip(&page.panels).skip(row * figure.columns.max(1)).take(figure.columns.max(1));
        let line = neighbours
            .map(|(panel, placed)| axes::headline(panel, placed, brush.style()))
            .min()
            .unwrap_or(placed.frame.area.top);
        axes::axes(&brush, panel, placed, line).map_err(located)?;
        if let Some(line) = &summed[index] {
            axes::summary(&brush, placed, line).map_err(located)?;
        }
        if let Some(legend) = &placed.legend {
            paint::legend(&brush, legend).map_err(located)?;
        }
        brush.pen.close();
    }
    if let Some(legend) = &page.shared {
        paint::legend(&brush, legend).map_err(|problem| (None, problem))?;
    }
    Ok(brush.pen.finish())
}

/// The lines that sum up residuals where no strip shows them: with the number of cells, if that fits above all frames.
fn summaries(contents: &[Content], page: &Page, ruler: &Ruler) -> Result<Vec<Option<String>>, Located> {
    let lines = |long: bool| -> Vec<Option<String>> {
        let of = |(placed, content): (&layout::PlacedPanel, &Content)| {
            Verdict::of(content).filter(|_| placed.gauge.summed).map(|verdict| verdict.line(long))
        };
        page.panels.iter().zip(contents).map(of).collect()
    };
    let long = lines(true);
    for (index, (line, placed)) in long.iter().zip(&page.panels).enumerate() {
        let Some(line) = line else { continue };
        let width = ruler.extent(line, ruler.style.verdict).map_err(|problem| (Some(index), problem))?.width;
        if width + ruler.style.label > placed.frame.area.width() {
            return Ok(lines(false));
        }
    }
    Ok(long)
}

fn document(figure: &Figure, composed: &Composed, metadata: &str) -> String {
    let Composed { page, definitions, body, style, .. } = composed;
    let (theme, paper) = (style.theme.name(), style.paper);
    let paper = format!("#{:02x}{:02x}{:02x}", paper.0, paper.1, paper.2);
    let (width, height) = (fixed(page.size.0), fixed(page.size.1));
    let (name, title, description) = (&figure.name, xml(&figure.title), xml(&figure.description));
    let millimetres = figure.width.millimetres();
    let tall = figure.height_mm;
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{millimetres}mm\" height=\"{tall}mm\" \
         viewBox=\"0 0 {width} {height}\" data-theme=\"{theme}\" role=\"img\" aria-labelledby=\"{name}-title {name}-description\">\n\
         <title id=\"{name}-title\">{title}</title>\n\
         <desc id=\"{name}-description\">{description}</desc>\n\
         <metadata>{metadata}</metadata>\n\
         <defs>\n{definitions}</defs>\n\
         <path fill=\"{paper}\" d=\"M0 0h{width}v{height}h-{width}z\"/>\n\
         <g fill=\"none\" stroke-linejoin=\"round\">\n{body}</g>\n\
         </svg>\n"
    )
}

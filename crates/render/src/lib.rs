//! Draws figures as SVG.
//!
//! plotters supplies the drawing areas, elements and coordinate translation; the backend behind it is ours (`svg`). One of
//! its units is a hundredth of a point, text is set from the bundled fonts and becomes outlines, so that a figure looks the
//! same everywhere, and the same figure and tables give the same bytes.

mod absent;
mod arrange;
mod axes;
mod bridge;
mod brush;
mod colour;
mod contour;
mod covering;
mod data;
mod dodge;
mod ends;
mod error;
mod family;
mod frame;
mod inline;
mod lab;
mod layout;
mod legend;
mod live;
mod look;
mod map;
mod margins;
mod marked;
mod markup;
mod merge;
mod nest;
mod paint;
mod path;
mod plain;
mod points;
mod ranges;
mod remarks;
mod residuals;
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
pub use covering::Covering;
pub use error::{Problem, RenderError};
pub use inline::{Inline, inline};
pub use live::Live;
pub use look::Look;
pub use markup::MarkupError;
pub use plain::plain_title;
pub use points::{NamedNumbers, PanelPoints, SeriesPoints};
pub use style::Theme;
pub use symbols::command_of;
pub use template::check_label;
pub use turning::{Turn, turns};

use arrange::strip_marks;
use brush::Brush;
use data::Palette;
use layout::{Located, Page, layout};
use merge::merge;
use neurodyn_figure::{Figure, Legend, Panel, Text, panel_letter};
use neurodyn_table::Table;
use neurodyn_typeface::{FontError, Fonts, LiveText};
use path::{fixed, xml};
use plotters::drawing::IntoDrawingArea;
use resolve::{Content, Mark, resolve};
use std::rc::Rc;
use style::Style;
use svg::{Drawn, Pen};
use text::Ruler;
use verdict::Verdict;

/// Draws a figure from the tables that it names, in a look, which the root element records (`data-theme`, ...).
///
/// `metadata` is well-formed XML, put into the `metadata` element as it is. The result is a complete SVG document.
pub fn render(figure: &Figure, tables: &[Table], metadata: &str, look: impl Into<Look>) -> Result<String, RenderError> {
    lay_out(figure, tables, look)?.document(figure, metadata)
}

/// A figure that is laid out and drawn, and what is to be said of it.
pub struct LaidOut(Composed);

/// Lays a figure out, before its document is written: what is to be said of the drawing is part of its description.
pub fn lay_out(figure: &Figure, tables: &[Table], look: impl Into<Look>) -> Result<LaidOut, RenderError> {
    compose(figure, tables, look.into()).map(LaidOut)
}

impl LaidOut {
    /// What a reader has to know of the drawing, in plain sentences: what agreement is measured by, and which marks are not where, or not as
    /// many as, one would take for granted.
    pub fn remarks(&self) -> &[String] {
        &self.0.remarks
    }

    /// The document of the figure, with its title and description as they are now.
    pub fn document(&self, figure: &Figure, metadata: &str) -> Result<String, RenderError> {
        let Composed { drawn, look, .. } = &self.0;
        if look.text == Text::Outlines {
            return Ok(document(figure, &self.0, metadata, [&drawn.definitions, &drawn.body, ""]));
        }
        let (fonts, text) = self.text().map_err(|error| damaged(figure, &error))?;
        let subsets = text.subsets().map_err(|error| damaged(figure, &error))?;
        let style = live::style(&subsets).map_err(|error| damaged(figure, &error))?;
        let body = live::with_text(&drawn.body, &drawn.labels, &fonts);
        Ok(document(figure, &self.0, metadata, [&style, &body, &live::attributes(&subsets)]))
    }

    /// What other formats make of live text; nothing where letters are outlines.
    pub fn live(&self, figure: &Figure) -> Result<Option<Live>, RenderError> {
        let Composed { drawn, look, .. } = &self.0;
        if look.text == Text::Outlines {
            return Ok(None);
        }
        let (_, text) = self.text().map_err(|error| damaged(figure, &error))?;
        let body = live::with_names(&drawn.body, &drawn.labels);
        Ok(Some(Live { outlined: document(figure, &self.0, "", [&drawn.definitions, &body, ""]), text }))
    }

    fn text(&self) -> Result<(Fonts, LiveText), FontError> {
        let Composed { drawn, look, .. } = &self.0;
        let labels = drawn.labels.iter().map(|marked| marked.label.clone()).collect();
        Ok((Fonts::load(look.face)?, LiveText { face: look.face, labels }))
    }
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

fn damaged(figure: &Figure, error: &FontError) -> RenderError {
    located(figure, (None, Problem::Incomplete(error.to_string())))
}

fn located(figure: &Figure, (panel, problem): Located) -> RenderError {
    RenderError { figure: figure.name.clone(), panel: panel.map(panel_letter), problem: Box::new(problem) }
}

/// A figure laid out and drawn, but in no document yet.
struct Composed {
    contents: Vec<Content>,
    page: Page,
    drawn: Drawn,
    look: Look,
    /// Width and height in millimetres.
    millimetres: (f64, f64),
    style: Rc<Style>,
    remarks: Vec<String>,
}

fn compose(figure: &Figure, tables: &[Table], look: Look) -> Result<Composed, RenderError> {
    attempt(figure, tables, look).map_err(|problem| located(figure, problem))
}

fn attempt(figure: &Figure, tables: &[Table], look: Look) -> Result<Composed, Located> {
    let safe = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if figure.name.is_empty() || !figure.name.chars().all(safe) {
        return Err((None, Problem::Incomplete("its name must be lower snake case".to_owned())));
    }
    if figure.panels.is_empty() {
        return Err((None, Problem::Incomplete("it has no panels".to_owned())));
    }
    let figure = &look.sized(figure).map_err(|problem| (None, problem))?;
    let fonts = Fonts::load(look.face).map_err(|error| (None, Problem::Incomplete(error.to_string())))?;
    let ruler = Ruler { fonts: Rc::new(fonts), style: Rc::new(look.style()) };
    let palette = Palette::new(figure, tables);
    let contents = figure.panels.iter().enumerate();
    let mut contents = contents
        .map(|(index, panel)| resolve(panel, tables, &palette).map_err(|problem| (Some(index), problem)))
        .collect::<Result<Vec<Content>, Located>>()?;
    figure.panels.iter().zip(&mut contents).for_each(|(panel, content)| merge(panel, content));
    // how points look follows from the size of frames, and what legends say of them takes room
    let page = layout(figure, &contents, &ruler)?;
    settle(figure, &mut contents, &page, &ruler.style);
    let page = layout(figure, &contents, &ruler)?;
    let style = ruler.style.clone();
    let fonts = ruler.fonts.clone();
    let drawn = draw(figure, &contents, &page, ruler)?;
    look.check(&drawn.labels, page.size, &fonts).map_err(|problem| (None, problem))?;
    let remarks = remarks::remarks(figure, &contents, &page, &style);
    let millimetres = (figure.width.millimetres(), figure.height_mm);
    Ok(Composed { contents, page, drawn, look, millimetres, style, remarks })
}

/// Settles which points become bands, which error bars are drawn, and where the legend says that none is.
fn settle(figure: &Figure, contents: &mut [Content], page: &Page, style: &Style) {
    let panels = || figure.panels.iter().zip(&page.panels);
    let mut least = style.marker;
    for ((panel, placed), content) in panels().zip(contents.iter_mut()) {
        let arranged = placed.marks(panel, content, style);
        least = least.min(arranged.size);
        for (mark, traced) in content.marks.iter_mut().zip(&arranged.traces) {
            mark.look.dense = Some(traced.swath);
            mark.look.bars = Some(traced.has_bars());
        }
    }
    contents.iter_mut().for_each(|content| content.marker = Some(least));
    // what one entry of a legend explains looks alike in all panels
    let alike = |mark: &Mark| Some((mark.key.clone()?, mark.is_curve()?));
    let marks = || contents.iter().flat_map(|content| &content.marks);
    let dense: Vec<_> = marks().filter(|mark| mark.look.dense == Some(true)).filter_map(alike).collect();
    for mark in contents.iter_mut().flat_map(|content| &mut content.marks) {
        if alike(mark).is_some_and(|kind| dense.contains(&kind)) {
            mark.look.dense = Some(true);
        }
    }
    let with_errors = |mark: &&mut Mark| mark.has_errors() && mark.look.dense == Some(false);
    if contents.iter().flat_map(|content| &content.marks).any(|mark| mark.look.bars == Some(true)) {
        return;
    }
    let explained = |panel: &Panel| figure.shared_legend || panel.legend != Legend::Hidden;
    let first = figure.panels.iter().zip(contents).filter(|(panel, _)| explained(panel));
    if let Some(mark) = first.flat_map(|(_, content)| &mut content.marks).find(with_errors) {
        mark.look.says_small = true;
    }
}

/// What covers what in a figure, counted from where its marks are laid out.
pub fn covering(figure: &Figure, tables: &[Table]) -> Result<Covering, RenderError> {
    let Composed { contents, page, style, .. } = compose(figure, tables, Look::default())?;
    let mut counted = Covering::default();
    for ((panel, placed), content) in figure.panels.iter().zip(&page.panels).zip(&contents) {
        counted.count(&placed.marks(panel, content, &style), &content.marks);
        if let Some(strip) = &placed.strip {
            counted.count(&strip_marks(content, strip, &style), &[]);
        }
    }
    Ok(counted)
}

fn draw(figure: &Figure, contents: &[Content], page: &Page, ruler: Ruler) -> Result<Drawn, Located> {
    let pen =
        Pen::new(ruler.fonts.clone(), ruler.style.clone(), (page.size.0.unsigned_abs(), page.size.1.unsigned_abs()));
    let root = pen.clone().into_drawing_area();
    let brush = Brush { pen, root, ruler, page: page.size };
    let summed = summaries(contents, page);
    for (index, (panel, placed)) in figure.panels.iter().zip(&page.panels).enumerate() {
        let located = |problem| (Some(index), problem);
        brush.pen.open(&format!("panel ({})", panel_letter(index)));
        let row = index / figure.columns.max(1);
        paint::marks(&brush, panel, &contents[index], placed).map_err(located)?;
        // letters of one row stand on one line
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

/// The lines that sum up residuals where no strip shows them.
fn summaries(contents: &[Content], page: &Page) -> Vec<Option<String>> {
    let of = |(placed, content): (&layout::PlacedPanel, &Content)| {
        Verdict::of(content).filter(|_| placed.gauge.summed).map(|verdict| verdict.line())
    };
    page.panels.iter().zip(contents).map(of).collect()
}

/// Metadata, definitions, what is drawn, and what holds for all of that.
fn document(
    figure: &Figure,
    composed: &Composed,
    metadata: &str,
    [definitions, body, attributes]: [&str; 3],
) -> String {
    let Composed { page, look, millimetres: (millimetres, tall), style, .. } = composed;
    let (look, paper) = (look.attributes(), style.paper);
    let paper = format!("#{:02x}{:02x}{:02x}", paper.0, paper.1, paper.2);
    let (width, height) = (fixed(page.size.0), fixed(page.size.1));
    let (name, title, description) = (&figure.name, xml(&figure.title), xml(&figure.description));
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"{millimetres}mm\" height=\"{tall}mm\" \
         viewBox=\"0 0 {width} {height}\" {look} role=\"img\" aria-labelledby=\"{name}-title {name}-description\">\n\
         <title id=\"{name}-title\">{title}</title>\n\
         <desc id=\"{name}-description\">{description}</desc>\n\
         <metadata>{metadata}</metadata>\n\
         <defs>\n{definitions}</defs>\n\
         <path fill=\"{paper}\" d=\"M0 0h{width}v{height}h-{width}z\"/>\n\
         <g fill=\"none\" stroke-linejoin=\"round\"{attributes}>\n{body}</g>\n\
         </svg>\n"
    )
}

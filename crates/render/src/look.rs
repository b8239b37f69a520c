//! How figures are drawn, apart from what they show.

use super::error::Problem;
use super::frame::Area;
use super::live::Marked;
use super::style::{Style, Theme};
use super::svg::POINT;
use super::typeset::SCRIPT;
use neurodyn_figure::{Face, Figure, FigureWidth, Terms, Text, Venue, Wish};
use neurodyn_typeface::Fonts;

/// Signs whose size says nothing of the type beside them.
const ROOT: &str = "√";
/// A figure may become so much lower than it was meant to be.
const SQUEEZED: f64 = 0.75;
/// How far labels may reach into each other, on either side, in hundredths of a point.
const LOOSE: i32 = -50;

/// How a figure is drawn. A figure says so, and is drawn like that again when it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// What it is drawn for.
    pub theme: Theme,
    /// What becomes of labels.
    pub text: Text,
    /// Typeface.
    pub face: Face,
    /// Where it is to be printed or shown.
    pub venue: Option<Venue>,
}

impl From<Theme> for Look {
    fn from(theme: Theme) -> Self {
        Self::new(Some(theme), Wish::default())
    }
}

impl Look {
    /// What is asked for, else what the venue asks for, else as usual.
    pub fn new(theme: Option<Theme>, wish: Wish) -> Self {
        let terms = wish.venue.map(Venue::terms);
        let screen = terms.is_some_and(|terms| terms.screen);
        Self {
            theme: theme.unwrap_or(if screen { Theme::Light } else { Theme::default() }),
            text: wish.text.or(terms.map(|terms| terms.text)).unwrap_or_default(),
            face: wish.face.or(terms.map(|terms| terms.face)).unwrap_or_default(),
            venue: wish.venue,
        }
    }

    /// The figure as wide as the venue's columns, and no taller than its pages.
    pub(super) fn sized(&self, figure: &Figure) -> Result<Figure, Problem> {
        let mut figure = figure.clone();
        let Some(venue) = self.venue else { return Ok(figure) };
        let terms = venue.terms();
        let width = match figure.width {
            FigureWidth::Single => terms.single,
            FigureWidth::Double => terms.double,
            FigureWidth::Hundredths(_) => figure.width.millimetres(),
        };
        if width > terms.double {
            let what = format!("a width of {width} mm; {} has {} mm", venue.name(), terms.double);
            return Err(Problem::NoRoom { what });
        }
        if figure.height_mm * SQUEEZED > terms.tallest {
            let what = format!("a height of {} mm; {} has {} mm", figure.height_mm, venue.name(), terms.tallest);
            return Err(Problem::NoRoom { what });
        }
        figure.width = FigureWidth::of_millimetres(width);
        figure.height_mm = figure.height_mm.min(terms.tallest);
        Ok(figure)
    }

    /// Type, weights and distances.
    pub(super) fn style(&self) -> Style {
        let style = Style::for_theme(self.theme);
        match self.venue.map(Venue::terms) {
            Some(terms) => style.with_type(terms.type_size.0.max(terms.scripts / SCRIPT), terms.type_size.1),
            None => style,
        }
    }

    /// Refuses the first label that is smaller or larger than the venue allows, leaves the page (in hundredths of a point) or stands on another.
    pub(super) fn check(&self, labels: &[Marked], page: (i32, i32), fonts: &Fonts) -> Result<(), Problem> {
        let Some(venue) = self.venue else { return Ok(()) };
        let Terms { type_size: (least, greatest), scripts, .. } = venue.terms();
        // labels that share an axis with a neighbour are empty
        let labels: Vec<&Marked> = labels.iter().filter(|marked| !marked.label.glyphs.is_empty()).collect();
        let areas: Vec<Area> = labels.iter().map(|marked| marked.area(fonts)).collect();
        for (index, (Marked { label, size, .. }, area)) in labels.iter().copied().zip(&areas).enumerate() {
            if area.left < 0 || area.top < 0 || area.right > page.0 || area.bottom > page.1 {
                return Err(Problem::NoRoom { what: format!("the label {:?} leaves the page", label.plain) });
            }
            if let Some(other) = areas[..index].iter().position(|other| area.grown(LOOSE).meets(&other.grown(LOOSE))) {
                let what = format!("the label {:?} stands on {:?}", label.plain, labels[other].label.plain);
                return Err(Problem::NoRoom { what });
            }
            let points = size / POINT;
            // a root grows with what is below it, and accents are parts of letters
            let letters =
                label.glyphs.iter().filter(|set| !ROOT.contains(set.character) && !set.character.is_whitespace());
            let smallest = letters.map(|set| set.percent).min().unwrap_or(100);
            let script = points * f64::from(smallest) / 100.0;
            let wrong = if points < least || points > greatest {
                format!("type of {points:.1} pt, but {} takes {least} pt to {greatest} pt", venue.name())
            } else if script < scripts {
                format!(
                    "subscripts or superscripts of {script:.1} pt, but {} takes {scripts} pt at least",
                    venue.name()
                )
            } else {
                continue;
            };
            return Err(Problem::Type { label: label.plain.clone(), wrong });
        }
        Ok(())
    }

    /// What of it is not as usual, but for the theme: names and values.
    fn unusual(&self) -> Vec<(&'static str, &'static str)> {
        let mut unusual = Vec::new();
        if self.text != Text::default() {
            unusual.push(("text", self.text.name()));
        }
        if self.face != Face::default() {
            unusual.push(("face", self.face.name()));
        }
        unusual.extend(self.venue.map(|venue| ("venue", venue.name())));
        unusual
    }

    /// What the provenance of a figure says of it besides the theme.
    pub fn stated(&self) -> Vec<String> {
        self.unusual().into_iter().map(|(name, value)| format!("{name} {value}")).collect()
    }

    /// The look that a provenance states, or what in it is not known.
    pub fn of_stated(theme: &str, stated: &[String]) -> Result<Self, String> {
        let names = |names: Vec<&str>| names.join(", ");
        let Some(theme) = Theme::named(theme) else {
            let known = names(Theme::ALL.iter().map(|theme| theme.name()).collect());
            return Err(format!("it states theme {theme:?}; there are {known}"));
        };
        let mut look = Self::from(theme);
        for item in stated {
            let known = match item.split_once(' ') {
                Some(("text", name)) => Text::named(name).map(|text| look.text = text),
                Some(("face", name)) => Face::named(name).map(|face| look.face = face),
                Some(("venue", name)) => Venue::named(name).map(|venue| look.venue = Some(venue)),
                _ => None,
            };
            known.ok_or_else(|| format!("it states that it was drawn with {item:?}, which is not known"))?;
        }
        // what is said in another way would be drawn the same, and then written otherwise
        if look.stated() == stated { Ok(look) } else { Err(format!("it states that it was drawn with {stated:?}")) }
    }

    /// What the root element of a figure says of it.
    pub(super) fn attributes(&self) -> String {
        let unusual = self.unusual().into_iter().map(|(name, value)| format!(" data-{name}=\"{value}\""));
        format!("data-theme=\"{}\"{}", self.theme.name(), unusual.collect::<String>())
    }

    /// How a figure says that it was drawn; `None` where it says nothing that is known.
    pub fn of_svg(svg: &str) -> Option<Self> {
        let root = svg.split_once("<svg ")?.1.split_once('>')?.0;
        let stated = |name: &str| Some(root.split_once(&format!(" data-{name}=\""))?.1.split_once('"')?.0);
        let said = |name: &str| stated(name).map(|value| format!("{name} {value}"));
        Self::of_stated(stated("theme")?, &["text", "face", "venue"].into_iter().filter_map(said).collect::<Vec<_>>())
            .ok()
    }
}

//! How figures are drawn, apart from what they show.

use super::style::Theme;
use neurodyn_figure::{Face, Text, Wish};

/// How a figure is drawn. A figure says so, and is drawn like that again when it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Look {
    /// What it is drawn for.
    pub theme: Theme,
    /// What becomes of labels.
    pub text: Text,
    /// Typeface.
    pub face: Face,
}

impl From<Theme> for Look {
    fn from(theme: Theme) -> Self {
        Self::new(Some(theme), Wish::default())
    }
}

impl Look {
    /// What is asked for, the rest as usual.
    pub fn new(theme: Option<Theme>, wish: Wish) -> Self {
        let theme = theme.unwrap_or_default();
        Self { theme, text: wish.text.unwrap_or_default(), face: wish.face.unwrap_or_default() }
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
        Self::of_stated(stated("theme")?, &["text", "face"].into_iter().filter_map(said).collect::<Vec<_>>()).ok()
    }
}

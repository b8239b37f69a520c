//! A figure given by its file: read within limits of size and time, whoever made it, and held against itself.

use super::Selected;
use super::absent::explained;
use super::contents::in_words;
use super::deadline::{End, within};
use crate::config::Document;
use crate::experiments::find;
use crate::export::decode_png;
use crate::files;
use crate::pdf;
use crate::provenance::{Media, Provenance, is_whole};
use anyhow::{Context, Result, anyhow};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

/// Most bytes of a file.
pub(super) const MOST_BYTES: u64 = 128 << 20;
/// Most bytes of the experiment file in it.
const MOST_TOML: usize = 1 << 20;
/// Longest that reading one may take.
const READING: Duration = Duration::from_secs(60);

/// A figure, and the experiment in it.
pub(super) struct Given {
    pub(super) path: PathBuf,
    pub(super) media: Media,
    pub(super) provenance: Provenance,
    /// Its experiment, with the settings that it states.
    pub(super) selected: Selected,
    /// Where it is in a document that it was put into.
    pub(super) included: Option<Included>,
}

/// A figure as a page of a document has it.
pub(super) struct Included {
    pub(super) page: usize,
    pub(super) figure: Arc<pdf::Figure>,
}

/// Reads a file of a stranger in bounded time.
pub(super) fn in_time<T: Send + 'static>(
    path: &Path,
    interrupt: &AtomicBool,
    read: impl FnOnce(&Path) -> Result<T> + Send + 'static,
) -> Result<T> {
    let owned = path.to_owned();
    let mut found = None;
    let end = within(
        READING,
        interrupt,
        move |_, sender| drop(sender.send(read(&owned))),
        |read| {
            found = read.or(found.take());
        },
    )?;
    match (found, end) {
        (Some(found), _) => found,
        (None, End::Late) => Err(anyhow!("{}: reading it takes more than a minute, so it was left", path.display())),
        (None, _) => Err(anyhow!("{}: reading it failed", path.display())),
    }
}

/// The bytes of a file of a stranger.
pub(super) fn bytes_of(path: &Path) -> Result<Vec<u8>> {
    files::bytes_at_most(path, MOST_BYTES).map_err(|error| explained(error, path))
}

impl Given {
    /// Reads the file of a figure.
    pub(super) fn read(path: &Path, interrupt: &AtomicBool) -> Result<Self> {
        in_time(path, interrupt, |path| Self::from_bytes(path, &bytes_of(path)?))
    }

    /// A figure in a file of its own.
    pub(super) fn from_bytes(path: &Path, bytes: &[u8]) -> Result<Self> {
        let (media, provenance) =
            Provenance::from_file(bytes).map_err(|error| anyhow!("{}: {error}", path.display()))?;
        Self::new(path, media, provenance, None)
    }

    /// A figure with this provenance.
    pub(super) fn new(path: &Path, media: Media, provenance: Provenance, included: Option<Included>) -> Result<Self> {
        let shown = shown(path, included.as_ref().map(|included| included.page));
        if provenance.toml.len() > MOST_TOML {
            return Err(anyhow!(
                "{shown}: the experiment in it has {} bytes, and {MOST_TOML} are the most that is read",
                provenance.toml.len()
            ));
        }
        let allowed = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        if !provenance.id.chars().all(allowed) {
            return Err(anyhow!(
                "{shown}: its experiment is called {:?}; allowed are lower case letters, digits and _",
                provenance.id
            ));
        }
        let inside = || format!("{shown}: the experiment in it");
        let name = PathBuf::from(format!("{}.toml", provenance.id));
        let mut document = Document::parse(&name, provenance.toml.clone()).with_context(inside)?;
        document.settings.clone_from(&provenance.settings);
        let selected = find(document).with_context(inside)?;
        Ok(Self { path: path.to_owned(), media, provenance, selected, included })
    }

    pub(super) fn document(&self) -> &Document {
        &self.selected.document
    }

    /// The bytes of the file.
    pub(super) fn bytes(&self) -> Result<Vec<u8>> {
        bytes_of(&self.path)
    }

    /// What it states that does not go together, as far as can be told without computing.
    pub(super) fn contradictions(&self) -> Vec<String> {
        let mut found = self.provenance.contradictions(self.document());
        found.extend(self.unset());
        found
    }

    /// Why the values that are said to be set are not those of its experiment.
    fn unset(&self) -> Option<String> {
        let stated = &self.provenance.settings;
        let settings = stated.iter().map(|setting| setting.parse()).collect::<Result<Vec<super::Setting>, _>>();
        let same = settings.is_ok_and(|settings| {
            let document = self.document().with_settings(&settings);
            document.is_ok_and(|document| document.text == self.document().text && document.settings == *stated)
        });
        (!stated.is_empty() && !same)
            .then(|| format!("it states --set {:?}, but its experiment has other values", stated.join(", --set ")))
    }

    /// Why the file is not all of a figure of this name, as far as can be told without computing.
    pub(super) fn damage(&self) -> Result<Option<String>> {
        if let Some(contradiction) = self.contradictions().into_iter().next() {
            return Ok(Some(contradiction));
        }
        let Provenance { figure, title, numbers, .. } = &self.provenance;
        let figures = self.selected.figures()?;
        let Some(own) = figures.into_iter().map(in_words).find(|own| own.name == *figure) else {
            return Ok(Some(format!("its experiment draws no figure {figure:?}")));
        };
        if self.provenance.settings.is_empty()
            // what is missing in the data is said after the rest
            && (*title != own.title || !self.provenance.description.starts_with(&own.description))
        {
            return Ok(Some(format!(
                "its title is {title:?}, but that of the figure is {:?}, or its description differs",
                own.title
            )));
        }
        if self.path.file_stem().is_none_or(|stem| *stem != **figure) {
            let name = format!("{figure}.{}", self.media.extension());
            return Ok(Some(format!("it holds the figure {figure}; call the file {name}")));
        }
        let tables = numbers.tables.iter().map(|(_, digest)| digest);
        if let Some(digest) = tables.chain([&numbers.digest]).find(|digest| !is_digest(digest)) {
            return Ok(Some(format!("it states {digest:?} as a digest, which must be 64 hexadecimal digits")));
        }
        let bytes = self.bytes()?;
        if !is_whole(self.media, &bytes) {
            return Ok(Some("its end is missing".to_owned()));
        }
        Ok((self.media == Media::Png)
            .then(|| decode_png(&bytes).err())
            .flatten()
            .map(|error| format!("its pixels cannot be read: {error}")))
    }
}

/// A file, and its page.
pub(super) fn shown(path: &Path, page: Option<usize>) -> String {
    match page {
        Some(page) => format!("{}, page {page}", path.display()),
        None => path.display().to_string(),
    }
}

/// Whether a text is a SHA-256 as this program writes it.
fn is_digest(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

//! Figures in documents: a PDF that TeX, or another program, made with figures in it.

use crate::driver::given::{Given, Included, bytes_of, in_time, shown};
use crate::driver::one_line_each;
use crate::pdf::{self, Document, Drawing, Kind};
use crate::provenance::{Media, Provenance, ProvenanceError};
use anyhow::{Result, anyhow};
use std::path::Path;
use std::sync::atomic::AtomicBool;

/// What is found in a file.
pub(super) enum Held {
    /// A figure that can be computed again.
    Figure(Box<Given>),
    /// A drawing of neurodyn that cannot, on this page, and why.
    Bare(usize, String),
    /// A drawing of another program, on this page, and what it is.
    Foreign(usize, String),
    /// A figure that cannot be read, on this page, and why.
    Unreadable(usize, String),
}

/// Reads the figure that a file is, or all drawings of a document.
pub(super) fn read(path: &Path, interrupt: &AtomicBool) -> Result<Vec<Held>> {
    in_time(path, interrupt, |path| {
        let bytes = bytes_of(path)?;
        if Media::Pdf.begins(&bytes) {
            let read = pdf::read(&bytes, &Provenance::is_packet);
            let document = read.map_err(|error| anyhow!("{}: {error}", path.display()))?;
            if !document.whole {
                return drawings(path, document);
            }
        }
        Ok(vec![Held::Figure(Box::new(Given::from_bytes(path, &bytes)?))])
    })
}

fn drawings(path: &Path, document: Document) -> Result<Vec<Held>> {
    if document.drawings.is_empty() {
        return Err(anyhow!(
            "{}: holds no provenance; only figures drawn by neurodyn do, and there is no drawing on its {} pages",
            path.display(),
            document.pages
        ));
    }
    Ok(document.drawings.into_iter().map(|drawing| held(path, drawing)).collect())
}

fn held(path: &Path, drawing: Drawing) -> Held {
    let page = drawing.page;
    let named = |what: &str| match drawing.object {
        Some(object) => format!("{what} (object {object})"),
        None => what.to_owned(),
    };
    match drawing.kind {
        Kind::Foreign(what) => Held::Foreign(page, named(what)),
        Kind::Bare(why) => Held::Bare(page, named(why)),
        Kind::Figure(figure) => {
            let given = Provenance::from_packet(&figure.packet)
                .map_err(|error| {
                    let reason = match error {
                        ProvenanceError::Broken(reason) => format!("is damaged: {reason}"),
                        _ => "is in a form that this version of neurodyn does not know".to_owned(),
                    };
                    anyhow!("{}: its provenance {reason}", shown(path, Some(page)))
                })
                .and_then(|provenance| Given::new(path, Media::Pdf, provenance, Some(Included { page, figure })));
            match given {
                Ok(given) => Held::Figure(Box::new(given)),
                Err(error) => Held::Unreadable(page, one_line_each(&error)),
            }
        }
    }
}

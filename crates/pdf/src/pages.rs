//! The pages of a file, in order, with what they inherit.

use crate::file::File;
use crate::value::{Dictionary, Value};
use crate::{PdfError, damaged, limits};
use std::collections::BTreeSet;

pub(crate) struct Page {
    pub(crate) dictionary: Dictionary,
    pub(crate) resources: Dictionary,
    pub(crate) frame: Value,
}

/// A node of the tree that is still to be looked at.
struct Node {
    value: Value,
    resources: Dictionary,
    frame: Value,
    depth: u64,
}

impl File<'_> {
    pub(crate) fn catalog(&self) -> Result<Dictionary, PdfError> {
        match self.find(&self.trailer, "Root")? {
            Value::Dictionary(catalog) => Ok(catalog),
            _ => Err(damaged("it has no catalog")),
        }
    }

    pub(crate) fn pages(&self) -> Result<Vec<Page>, PdfError> {
        let root = self.catalog()?.get("Pages").cloned().ok_or_else(|| damaged("it has no pages"))?;
        let (mut pages, mut seen) = (Vec::new(), BTreeSet::new());
        let mut waiting = vec![Node { value: root, resources: Dictionary::default(), frame: Value::Null, depth: 0 }];
        while let Some(Node { value, resources, frame, depth }) = waiting.pop() {
            limits::check_depth(depth)?;
            let Value::Reference(number) = value else {
                return Err(damaged("a node of its tree of pages is no object"));
            };
            if !seen.insert(number) {
                return Err(damaged(format!("object {number} stands twice in its tree of pages")));
            }
            let Value::Dictionary(dictionary) = self.look_up(&value)? else {
                return Err(damaged(format!("object {number} of its tree of pages is no dictionary")));
            };
            let resources = match self.find(&dictionary, "Resources")? {
                Value::Dictionary(own) => own,
                _ => resources,
            };
            let frame = match self.find(&dictionary, "MediaBox")? {
                Value::Null => frame,
                own => own,
            };
            match self.find(&dictionary, "Kids")? {
                Value::Array(kids) => {
                    let below = |kid: &Value| Node {
                        value: kid.clone(),
                        resources: resources.clone(),
                        frame: frame.clone(),
                        depth: depth + 1,
                    };
                    self.budgets.values.take(kids.len() as u64)?;
                    waiting.extend(kids.iter().rev().map(below));
                }
                _ => pages.push(Page { dictionary, resources, frame }),
            }
            if pages.len() as u64 > limits::PAGES {
                return Err(PdfError::Beyond { what: "pages", most: limits::PAGES });
            }
        }
        Ok(pages)
    }

    /// The content of a page: its streams, one after the other.
    pub(crate) fn content(&self, page: &Page) -> Result<Vec<u8>, PdfError> {
        let parts = match self.find(&page.dictionary, "Contents")? {
            Value::Array(parts) => parts.iter().map(|part| self.look_up(part)).collect::<Result<Vec<_>, _>>()?,
            Value::Null => Vec::new(),
            one => vec![one],
        };
        let mut content = Vec::new();
        for part in &parts {
            let Value::Stream(stream) = part else { return Err(damaged("the content of a page is no stream")) };
            content.extend(self.unfolded(stream)?);
            content.push(b'\n');
            if content.len() as u64 > limits::STREAM {
                return Err(PdfError::Beyond { what: "bytes in the content of a page", most: limits::STREAM });
            }
        }
        Ok(content)
    }
}

//! Which drawings stand on which page: forms and images that pages put there, and pages that are figures themselves.

use crate::content::{Operators, paints};
use crate::figure::Figure;
use crate::file::File;
use crate::lexer::Token;
use crate::limits::{Budget, check_depth};
use crate::pages::Page;
use crate::value::{Dictionary, Stream, Value};
use crate::{PdfError, RESOURCE, damaged, limits};
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;
use std::sync::Arc;

/// What is on the pages of a file.
#[derive(Debug)]
pub struct Document {
    /// Number of pages.
    pub pages: usize,
    /// Whether the file as a whole is a figure: one page, which says where it comes from.
    pub whole: bool,
    /// In the order of pages, and in that of painting on a page; what stands twice on a page is named once.
    pub drawings: Vec<Drawing>,
}

/// A drawing on a page.
#[derive(Debug, Clone)]
pub struct Drawing {
    /// Page, the first being 1.
    pub page: usize,
    /// Number of the object that it is; nothing where it is part of its page.
    pub object: Option<u32>,
    /// What is known of it.
    pub kind: Kind,
}

/// What is known of a drawing.
#[derive(Debug, Clone)]
pub enum Kind {
    /// It says where it comes from.
    Figure(Arc<Figure>),
    /// It was drawn by neurodyn, but does not say where it comes from; why that is known.
    Bare(&'static str),
    /// Another program's; what it is.
    Foreign(&'static str),
}

const NO_PROVENANCE: &str = "it was drawn by neurodyn, but its provenance was removed, or it was drawn before PDF figures kept theirs in papers";
const TWO_PROVENANCES: &str = "it states two provenances, which differ";

/// Reads a file. `ours` says whether an XMP packet is one of neurodyn.
pub fn read(bytes: &[u8], ours: &dyn Fn(&[u8]) -> bool) -> Result<Document, PdfError> {
    let file = File::new(bytes)?;
    let pages = file.pages()?;
    let catalog = file.catalog()?;
    let named = file.packet(&catalog)?.is_some_and(|packet| ours(&packet));
    let mut walk = Walk { file: &file, ours, forms: BTreeMap::new(), open: Vec::new() };
    let budget = Budget::new("drawings", limits::DRAWINGS);
    let mut drawings = Vec::new();
    for (index, page) in pages.iter().enumerate() {
        for (object, kind) in walk.page(page)? {
            budget.take(1)?;
            drawings.push(Drawing { page: index + 1, object, kind });
        }
    }
    // a single page that is a figure is the figure's file, whatever its catalog says
    let is_page = drawings.iter().any(|drawing| drawing.object.is_none() && matches!(drawing.kind, Kind::Figure(_)));
    Ok(Document { pages: pages.len(), whole: pages.len() == 1 && (named || is_page), drawings })
}

type Found = (Option<u32>, Kind);

/// What a content stream draws.
#[derive(Default)]
struct Content {
    /// Whether it paints by itself, not only through what it puts into it.
    paints: bool,
    /// Whether it says that its provenance is among its resources.
    marked: bool,
    drawings: Vec<Found>,
}

struct Walk<'f, 'a> {
    file: &'f File<'a>,
    ours: &'f dyn Fn(&[u8]) -> bool,
    /// Forms by the numbers of their objects.
    forms: BTreeMap<u32, Rc<[Found]>>,
    /// Forms that are being looked at, each in the one before.
    open: Vec<u32>,
}

impl Walk<'_, '_> {
    fn page(&mut self, page: &Page) -> Result<Vec<Found>, PdfError> {
        let content = self.file.content(page)?;
        match self.provenance(&page.dictionary, &page.resources)? {
            Provenance::One(packet) => {
                let figure = Figure::new(self.file, packet, &page.frame, content, &page.resources)?;
                return Ok(vec![(None, Kind::Figure(Arc::new(figure)))]);
            }
            Provenance::Two => return Ok(vec![(None, Kind::Bare(TWO_PROVENANCES))]),
            Provenance::None => {}
        }
        let found = self.content(&content, &page.resources)?;
        let own = found.marked.then_some((None, Kind::Bare(NO_PROVENANCE)));
        Ok(own.into_iter().chain(found.drawings).collect())
    }

    fn content(&mut self, content: &[u8], resources: &Dictionary) -> Result<Content, PdfError> {
        let mut found = Content::default();
        let forms = self.dictionary(resources, "XObject")?;
        let (mut names, mut objects) = (BTreeSet::new(), BTreeSet::new());
        let mut operators = Operators::new(content);
        while let Some(operation) = operators.next()? {
            found.paints |= paints(operation.operator);
            match (operation.operator, operation.operands.as_slice()) {
                (b"BDC" | b"DP", [_, Token::Name(name)]) => found.marked |= name == RESOURCE.as_bytes(),
                (b"BI", _) if objects.insert(None) => found.drawings.push((None, Kind::Foreign("an image"))),
                (b"Do", [Token::Name(name)]) if names.insert(name.clone()) => {
                    let Some(&Value::Reference(number)) = forms.named(name) else { continue };
                    let inner = self.external(number)?;
                    self.file.budgets.values.take(1 + inner.len() as u64)?;
                    let new = inner.iter().filter(|(object, _)| objects.insert(*object));
                    found.drawings.extend(new.cloned());
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// What is drawn by an object that a content stream puts there.
    fn external(&mut self, number: u32) -> Result<Rc<[Found]>, PdfError> {
        if let Some(found) = self.forms.get(&number) {
            return Ok(Rc::clone(found));
        }
        if self.open.contains(&number) {
            return Err(damaged(format!("the drawing in object {number} contains itself")));
        }
        check_depth(self.open.len() as u64)?;
        // what is not there, or is no drawing, is not drawn
        let Value::Stream(stream) = self.file.look_up(&Value::Reference(number))? else { return Ok(Rc::new([])) };
        let found: Rc<[Found]> = if stream.dictionary.says("Subtype", "Image") {
            Rc::new([(Some(number), Kind::Foreign("an image"))])
        } else {
            self.open.push(number);
            let found = self.form(number, &stream)?;
            self.open.pop();
            found.into()
        };
        self.forms.insert(number, Rc::clone(&found));
        Ok(found)
    }

    fn form(&mut self, number: u32, stream: &Stream) -> Result<Vec<Found>, PdfError> {
        let this = |kind: Kind| (Some(number), kind);
        let dictionary = &stream.dictionary;
        let resources = self.dictionary(dictionary, "Resources")?;
        let content = match self.file.unfolded(stream) {
            Err(PdfError::Unread(_)) => return Ok(vec![this(Kind::Foreign("a drawing in a form that is not read"))]),
            content => content?,
        };
        match self.provenance(dictionary, &resources)? {
            Provenance::One(packet) => {
                let frame = dictionary.get("BBox").unwrap_or(&Value::Null);
                let figure = Figure::new(self.file, packet, frame, content, &resources)?;
                return Ok(vec![this(Kind::Figure(Arc::new(figure)))]);
            }
            Provenance::Two => return Ok(vec![this(Kind::Bare(TWO_PROVENANCES))]),
            Provenance::None => {}
        }
        let found = self.content(&content, &resources)?;
        let own = if found.marked || self.says_ours(dictionary)? {
            Some(Kind::Bare(NO_PROVENANCE))
        } else {
            found.paints.then_some(Kind::Foreign("a drawing"))
        };
        let Some(own) = own else { return Ok(found.drawings) };
        let rest = found.drawings.into_iter().filter(|(_, kind)| !matches!(kind, Kind::Foreign(_)));
        Ok([this(own)].into_iter().chain(rest).collect())
    }

    /// Whether TeX noted that the file which a form was made from is one of ours.
    fn says_ours(&self, form: &Dictionary) -> Result<bool, PdfError> {
        let information = self.dictionary(form, "PTEX.InfoDict")?;
        Ok(matches!(self.file.find(&information, "Producer")?, Value::Text(text) if text.starts_with(b"neurodyn ")))
    }

    /// A dictionary in a dictionary; empty where there is none.
    fn dictionary(&self, dictionary: &Dictionary, key: &str) -> Result<Dictionary, PdfError> {
        Ok(match self.file.find(dictionary, key)? {
            Value::Dictionary(found) => found,
            _ => Dictionary::default(),
        })
    }

    /// What a page or a form says of where it comes from: by itself, by its resources.
    fn provenance(&self, dictionary: &Dictionary, resources: &Dictionary) -> Result<Provenance, PdfError> {
        let mut found: Vec<Vec<u8>> = self.file.packet(dictionary)?.into_iter().collect();
        let own = self.dictionary(&self.dictionary(resources, "Properties")?, RESOURCE)?;
        found.extend(self.file.packet(&own)?);
        found.retain(|packet| (self.ours)(packet));
        found.dedup();
        Ok(match found.len() {
            0 => Provenance::None,
            1 => found.pop().map_or(Provenance::None, Provenance::One),
            _ => Provenance::Two,
        })
    }
}

enum Provenance {
    None,
    One(Vec<u8>),
    Two,
}

impl File<'_> {
    /// The XMP packet that hangs on something.
    fn packet(&self, dictionary: &Dictionary) -> Result<Option<Vec<u8>>, PdfError> {
        match self.find(dictionary, "Metadata")? {
            Value::Stream(stream) => match self.unfolded(&stream) {
                Err(PdfError::Unread(_)) => Ok(None),
                packet => packet.map(Some),
            },
            _ => Ok(None),
        }
    }
}

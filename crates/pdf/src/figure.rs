//! A figure with all that its drawing depends on, taken out of its file.

use crate::file::File;
use crate::limits::check_depth;
use crate::value::{Dictionary, Value};
use crate::{PdfError, damaged};
use std::collections::BTreeMap;

/// A drawing that says where it comes from.
#[derive(Debug, PartialEq)]
pub struct Figure {
    /// The XMP packet that says so.
    pub packet: Vec<u8>,
    pub(crate) frame: [f64; 4],
    pub(crate) content: Vec<u8>,
    pub(crate) resources: Tree,
}

/// A value with everything that it refers to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Tree {
    /// Null, a truth value, a name or a text, as it would be written.
    Plain(Vec<u8>),
    Number(f64),
    Array(Vec<Tree>),
    Dictionary(BTreeMap<Vec<u8>, Tree>),
    Stream(BTreeMap<Vec<u8>, Tree>, Vec<u8>),
}

/// Resources that draw nothing by themselves.
const NOT_DRAWN: [&[u8]; 2] = [b"ProcSet", b"Properties"];
/// How the bytes of a stream are packed.
const PACKING: [&[u8]; 4] = [b"Length", b"Filter", b"DecodeParms", b"DL"];

impl Figure {
    pub(crate) fn new(
        file: &File,
        packet: Vec<u8>,
        frame: &Value,
        content: Vec<u8>,
        resources: &Dictionary,
    ) -> Result<Self, PdfError> {
        file.budgets.kept.take((packet.len() + content.len()) as u64)?;
        Ok(Self { packet, frame: rectangle(file, frame)?, content, resources: file.used(resources)? })
    }
}

fn rectangle(file: &File, value: &Value) -> Result<[f64; 4], PdfError> {
    let broken = || damaged("the frame of a figure is no rectangle");
    let Value::Array(items) = file.look_up(value)? else { return Err(broken()) };
    let mut numbers = [0.0; 4];
    if items.len() != numbers.len() {
        return Err(broken());
    }
    for (number, item) in numbers.iter_mut().zip(items.iter()) {
        let Value::Number(found) = file.look_up(item)? else { return Err(broken()) };
        *number = found;
    }
    Ok(numbers)
}

impl File<'_> {
    /// The resources that a drawing may use.
    fn used(&self, resources: &Dictionary) -> Result<Tree, PdfError> {
        let mut found = BTreeMap::new();
        for (key, value) in resources.iter().filter(|(key, _)| !NOT_DRAWN.contains(key)) {
            match self.tree(value, 1)? {
                Tree::Dictionary(entries) if entries.is_empty() => {}
                tree => {
                    found.insert(key.to_vec(), tree);
                }
            }
        }
        Ok(Tree::Dictionary(found))
    }

    fn tree(&self, value: &Value, depth: u64) -> Result<Tree, PdfError> {
        check_depth(depth)?;
        self.budgets.values.take(1)?;
        let entries = |dictionary: &Dictionary, left_out: &[&[u8]]| {
            let kept = dictionary.iter().filter(|(key, _)| !left_out.contains(key));
            kept.map(|(key, value)| Ok((key.to_vec(), self.tree(value, depth + 1)?))).collect::<Result<_, PdfError>>()
        };
        let plain = |mark: u8, bytes: &[u8]| Tree::Plain([&[mark], bytes].concat());
        Ok(match self.look_up(value)? {
            Value::Null | Value::Reference(_) => plain(b'-', b""),
            Value::Boolean(truth) => plain(b'?', &[u8::from(truth)]),
            Value::Number(number) => Tree::Number(number),
            Value::Name(name) => plain(b'/', &name),
            Value::Text(text) => plain(b'(', &text),
            Value::Array(items) => {
                Tree::Array(items.iter().map(|item| self.tree(item, depth + 1)).collect::<Result<_, _>>()?)
            }
            Value::Dictionary(dictionary) => Tree::Dictionary(entries(&dictionary, &[])?),
            Value::Stream(stream) => {
                let (bytes, left_out): (_, &[&[u8]]) = match self.unfolded(&stream) {
                    Ok(bytes) => (bytes, &PACKING),
                    // compared as it is packed
                    Err(PdfError::Unread(_)) => (self.raw(&stream).to_vec(), &PACKING[..1]),
                    Err(error) => return Err(error),
                };
                self.budgets.kept.take(bytes.len() as u64)?;
                Tree::Stream(entries(&stream.dictionary, left_out)?, bytes)
            }
        })
    }
}

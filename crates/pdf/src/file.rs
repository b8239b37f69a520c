//! The objects of a file, by number.

use crate::lexer::{Lexer, Token};
use crate::limits::{Budgets, check_depth};
use crate::value::{Dictionary, Stream, Value};
use crate::{PdfError, damaged};
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

/// Where an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entry {
    Free,
    At(usize),
    Packed { stream: u32, index: usize },
}

/// A stream that holds objects.
struct Packed {
    bytes: Vec<u8>,
    /// Number of each object and where it begins.
    objects: Vec<(u32, usize)>,
}

pub(crate) struct File<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) budgets: Budgets,
    pub(crate) trailer: Dictionary,
    entries: BTreeMap<u32, Entry>,
    known: RefCell<BTreeMap<u32, Value>>,
    packed: RefCell<BTreeMap<u32, Rc<Packed>>>,
    /// Objects that are being read, each for the sake of the one before.
    depth: Cell<u64>,
}

impl<'a> File<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Result<Self, PdfError> {
        if !bytes.starts_with(b"%PDF-") {
            return Err(damaged("it does not begin as PDF files do"));
        }
        let mut file = Self {
            bytes,
            budgets: Budgets::new(),
            trailer: Dictionary::default(),
            entries: BTreeMap::new(),
            known: RefCell::default(),
            packed: RefCell::default(),
            depth: Cell::new(0),
        };
        (file.entries, file.trailer) = file.sections()?;
        file.known.borrow_mut().clear();
        Ok(file)
    }

    /// A value, or the object that it refers to.
    pub(crate) fn look_up(&self, value: &Value) -> Result<Value, PdfError> {
        let mut value = value.clone();
        let mut steps = 0;
        while let Value::Reference(number) = value {
            check_depth(steps)?;
            steps += 1;
            value = self.object(number)?;
        }
        Ok(value)
    }

    /// What a dictionary has below a key.
    pub(crate) fn find(&self, dictionary: &Dictionary, key: &str) -> Result<Value, PdfError> {
        dictionary.get(key).map_or(Ok(Value::Null), |value| self.look_up(value))
    }

    /// An object; null where there is none.
    fn object(&self, number: u32) -> Result<Value, PdfError> {
        if let Some(value) = self.known.borrow().get(&number) {
            return Ok(value.clone());
        }
        self.depth.set(self.depth.get() + 1);
        let value = check_depth(self.depth.get()).and_then(|()| match self.entries.get(&number) {
            None | Some(Entry::Free) => Ok(Value::Null),
            Some(&Entry::At(at)) => match self.object_at(at)? {
                (found, value) if found == number => Ok(value),
                (found, _) => Err(damaged(format!("object {found} is where object {number} should be"))),
            },
            Some(&Entry::Packed { stream, index }) => self.unpacked(number, stream, index),
        });
        self.depth.set(self.depth.get() - 1);
        let value = value?;
        self.known.borrow_mut().insert(number, value.clone());
        Ok(value)
    }

    /// The object at this place of the file, and its number.
    pub(crate) fn object_at(&self, at: usize) -> Result<(u32, Value), PdfError> {
        let mut lexer = Lexer::new(self.bytes, at);
        let missing = || damaged(format!("no object is at byte {at}"));
        let number = match (lexer.token()?, lexer.token()?) {
            (Some(Token::Number(number)), Some(Token::Number(_))) if lexer.takes("obj") => {
                Value::Number(number).whole().and_then(|number| u32::try_from(number).ok()).ok_or_else(missing)?
            }
            _ => return Err(missing()),
        };
        let value = lexer.value(&self.budgets.values)?;
        let has_stream = lexer.takes("stream");
        self.budgets.read.take((lexer.at - at) as u64)?;
        let (Value::Dictionary(dictionary), true) = (&value, has_stream) else { return Ok((number, value)) };
        let start = match self.bytes.get(lexer.at..).unwrap_or_default() {
            [b'\r', b'\n', ..] => lexer.at + 2,
            [b'\n' | b'\r', ..] => lexer.at + 1,
            _ => lexer.at,
        };
        let length = self.find(dictionary, "Length")?.whole();
        let end = length.and_then(|length| start.checked_add(usize::try_from(length).ok()?));
        let end = end.filter(|&end| Lexer::new(self.bytes, end).takes("endstream") && end <= self.bytes.len());
        let end = end.ok_or_else(|| damaged(format!("the stream of object {number} does not end where it says")))?;
        Ok((number, Value::Stream(Rc::new(Stream { dictionary: dictionary.clone(), start, end }))))
    }

    fn unpacked(&self, number: u32, stream: u32, index: usize) -> Result<Value, PdfError> {
        let known = self.packed.borrow().get(&stream).cloned();
        let packed = match known {
            Some(packed) => packed,
            None => {
                let packed = Rc::new(self.unpack(stream)?);
                self.packed.borrow_mut().insert(stream, Rc::clone(&packed));
                packed
            }
        };
        match packed.objects.get(index) {
            Some(&(found, at)) if found == number => {
                let mut lexer = Lexer::new(&packed.bytes, at);
                let value = lexer.value(&self.budgets.values)?;
                self.budgets.read.take((lexer.at - at) as u64)?;
                Ok(value)
            }
            _ => Err(damaged(format!("object {number} is not in stream {stream}"))),
        }
    }

    fn unpack(&self, stream: u32) -> Result<Packed, PdfError> {
        // a stream is never inside another one
        let Some(&Entry::At(at)) = self.entries.get(&stream) else {
            return Err(damaged(format!("stream {stream}, which should hold objects, is not in the file")));
        };
        let broken = || damaged(format!("stream {stream}, which should hold objects, is broken"));
        let Value::Stream(found) = self.object_at(at)?.1 else { return Err(broken()) };
        let number = |key: &str| self.find(&found.dictionary, key)?.whole().ok_or_else(broken);
        let (count, first) = (number("N")?, number("First")?);
        let bytes = self.unfolded(&found)?;
        self.budgets.kept.take(bytes.len() as u64)?;
        let mut lexer = Lexer::new(&bytes, 0);
        let mut objects = Vec::new();
        for _ in 0..count {
            self.budgets.values.take(1)?;
            let (Some(Token::Number(number)), Some(Token::Number(offset))) = (lexer.token()?, lexer.token()?) else {
                return Err(broken());
            };
            let number = Value::Number(number).whole().and_then(|number| u32::try_from(number).ok());
            let at = Value::Number(offset).whole().and_then(|offset| usize::try_from(first.checked_add(offset)?).ok());
            objects.push(number.zip(at.filter(|&at| at < bytes.len())).ok_or_else(broken)?);
        }
        Ok(Packed { bytes, objects })
    }
}

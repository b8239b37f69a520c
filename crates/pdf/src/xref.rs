//! Where the objects of a file are: the chain of cross-reference tables and streams.

use crate::file::{Entry, File};
use crate::lexer::{Lexer, Token};
use crate::limits::Budget;
use crate::value::{Dictionary, Value};
use crate::{PdfError, damaged, limits};
use std::collections::{BTreeMap, BTreeSet};

/// How far before its end a file says where its table is.
const TAIL: usize = 2048;

pub(crate) type Entries = BTreeMap<u32, Entry>;

impl File<'_> {
    /// Reads the chain, the newest section first.
    pub(crate) fn sections(&self) -> Result<(Entries, Dictionary), PdfError> {
        let listed = Budget::new("objects", limits::OBJECTS);
        let mut entries = Entries::new();
        let mut first: Option<Dictionary> = None;
        let mut seen = BTreeSet::new();
        let mut waiting = vec![self.start()?];
        while let Some(at) = waiting.pop() {
            if !seen.insert(at) {
                return Err(damaged("its cross-reference tables refer to each other in a circle"));
            }
            if seen.len() as u64 > limits::SECTIONS {
                return Err(PdfError::Beyond { what: "cross-reference tables", most: limits::SECTIONS });
            }
            let mut lexer = Lexer::new(self.bytes, at);
            let trailer = match lexer.takes("xref") {
                true => self.table(&mut lexer, &mut entries, &listed)?,
                false => self.stream_of_entries(at, &mut entries, &listed)?,
            };
            if trailer.get("Encrypt").is_some() {
                return Err(PdfError::Unread("it is encrypted".to_owned()));
            }
            // the older table is read last: what is listed first counts
            for key in ["Prev", "XRefStm"] {
                if let Some(at) = trailer.get(key) {
                    let at = at.whole().filter(|&at| at < self.bytes.len() as u64);
                    waiting.push(at.ok_or_else(|| damaged(format!("its /{key} is no place in it")))? as usize);
                }
            }
            first.get_or_insert(trailer);
        }
        Ok((entries, first.unwrap_or_default()))
    }

    fn start(&self) -> Result<usize, PdfError> {
        let from = self.bytes.len().saturating_sub(TAIL);
        let word = b"startxref";
        let found = self.bytes[from..].windows(word.len()).rposition(|window| window == word);
        let at = found.ok_or_else(|| damaged("its end is missing"))?;
        match Lexer::new(self.bytes, from + at + word.len()).token()? {
            Some(Token::Number(number)) => Value::Number(number)
                .whole()
                .filter(|&at| at < self.bytes.len() as u64)
                .map(|at| at as usize)
                .ok_or_else(|| damaged("its cross-reference table lies outside of it")),
            _ => Err(damaged("its end does not say where its cross-reference table is")),
        }
    }

    fn table(&self, lexer: &mut Lexer, entries: &mut Entries, listed: &Budget) -> Result<Dictionary, PdfError> {
        let broken = || damaged("its cross-reference table is broken");
        let whole = |lexer: &mut Lexer| match lexer.token()? {
            Some(Token::Number(number)) => Value::Number(number).whole().ok_or_else(broken),
            _ => Err(broken()),
        };
        let start = lexer.at;
        while !lexer.takes("trailer") {
            let (first, count) = (whole(lexer)?, whole(lexer)?);
            for number in (first..).take(count as usize) {
                listed.take(1)?;
                let (at, _generation) = (whole(lexer)?, whole(lexer)?);
                let entry = match lexer.token()? {
                    Some(Token::Word(b"n")) => Entry::At(at as usize),
                    Some(Token::Word(b"f")) => Entry::Free,
                    _ => return Err(broken()),
                };
                let number = u32::try_from(number).map_err(|_| broken())?;
                entries.entry(number).or_insert(entry);
            }
        }
        let trailer = lexer.value(&self.budgets.values)?;
        self.budgets.read.take((lexer.at - start) as u64)?;
        match trailer {
            Value::Dictionary(trailer) => Ok(trailer),
            _ => Err(damaged("its trailer is no dictionary")),
        }
    }

    fn stream_of_entries(&self, at: usize, entries: &mut Entries, listed: &Budget) -> Result<Dictionary, PdfError> {
        let broken = || damaged("its cross-reference stream is broken");
        let (_, value) = self.object_at(at)?;
        let Value::Stream(stream) = value else { return Err(damaged("it has no cross-reference table where it says")) };
        let dictionary = &stream.dictionary;
        if !dictionary.says("Type", "XRef") {
            return Err(broken());
        }
        let numbers = |value: Option<&Value>| match value {
            Some(Value::Array(items)) => items.iter().map(|item| item.whole().ok_or_else(broken)).collect(),
            _ => Err(broken()),
        };
        let widths: Vec<u64> = numbers(dictionary.get("W"))?;
        let [kind, second, third] = widths[..] else { return Err(broken()) };
        if widths.iter().any(|&width| width > 8) || second == 0 {
            return Err(broken());
        }
        let ranges: Vec<u64> = match dictionary.get("Index") {
            None => vec![0, dictionary.get("Size").and_then(Value::whole).ok_or_else(broken)?],
            index => numbers(index)?,
        };
        let bytes = self.unfolded(&stream)?;
        let mut rows = bytes.chunks_exact((kind + second + third) as usize);
        for range in ranges.chunks(2) {
            let [first, count] = range[..] else { return Err(broken()) };
            for number in (first..).take(count as usize) {
                listed.take(1)?;
                let row = rows.next().ok_or_else(broken)?;
                let (kind_bytes, rest) = row.split_at(kind as usize);
                let (second, third) = rest.split_at(second as usize);
                let number = u32::try_from(number).map_err(|_| broken())?;
                let entry = match (if kind == 0 { 1 } else { big_endian(kind_bytes) }, big_endian(second)) {
                    (1, at) => Entry::At(usize::try_from(at).map_err(|_| broken())?),
                    (2, stream) => Entry::Packed {
                        stream: u32::try_from(stream).map_err(|_| broken())?,
                        index: usize::try_from(big_endian(third)).map_err(|_| broken())?,
                    },
                    _ => Entry::Free,
                };
                entries.entry(number).or_insert(entry);
            }
        }
        Ok(dictionary.clone())
    }
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, &byte| number << 8 | u64::from(byte))
}

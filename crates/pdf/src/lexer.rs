//! Bytes to tokens, tokens to values.

use crate::limits::{Budget, TEXT, check_depth};
use crate::value::{Dictionary, Value};
use crate::{PdfError, damaged};
use std::collections::BTreeMap;
use std::rc::Rc;

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Token<'a> {
    Number(f64),
    Name(Vec<u8>),
    Text(Vec<u8>),
    Open(Bracket),
    Close(Bracket),
    Word(&'a [u8]),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bracket {
    Array,
    Dictionary,
}

#[derive(Clone)]
pub(crate) struct Lexer<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: usize,
}

pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

fn is_regular(byte: u8) -> bool {
    !is_space(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

impl<'a> Lexer<'a> {
    pub(crate) fn new(bytes: &'a [u8], at: usize) -> Self {
        Self { bytes, at: at.min(bytes.len()) }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Passes over white space and comments.
    pub(crate) fn skip(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                while self.peek().is_some_and(|byte| byte != b'\n' && byte != b'\r') {
                    self.at += 1;
                }
            } else if is_space(byte) {
                self.at += 1;
            } else {
                return;
            }
        }
    }

    /// The next token; nothing at the end.
    pub(crate) fn token(&mut self) -> Result<Option<Token<'a>>, PdfError> {
        self.skip();
        let Some(first) = self.peek() else { return Ok(None) };
        let pair = self.bytes.get(self.at + 1) == Some(&first);
        let bracket = |lexer: &mut Self, length: usize, token: Token<'a>| {
            lexer.at += length;
            Ok(Some(token))
        };
        match first {
            b'[' => bracket(self, 1, Token::Open(Bracket::Array)),
            b']' => bracket(self, 1, Token::Close(Bracket::Array)),
            b'<' if pair => bracket(self, 2, Token::Open(Bracket::Dictionary)),
            b'>' if pair => bracket(self, 2, Token::Close(Bracket::Dictionary)),
            b'{' | b'}' => {
                let word = &self.bytes[self.at..self.at + 1];
                bracket(self, 1, Token::Word(word))
            }
            b'/' => {
                self.at += 1;
                let name = self.name();
                Ok(Some(Token::Name(name)))
            }
            b'(' => self.literal().map(Some),
            b'<' => self.hexadecimal().map(Some),
            b')' | b'>' => Err(damaged(format!("a bracket at byte {} closes nothing", self.at))),
            _ => {
                let word = self.regular();
                Ok(Some(number(word).map_or(Token::Word(word), Token::Number)))
            }
        }
    }

    fn regular(&mut self) -> &'a [u8] {
        let start = self.at;
        while self.peek().is_some_and(is_regular) {
            self.at += 1;
        }
        &self.bytes[start..self.at]
    }

    fn name(&mut self) -> Vec<u8> {
        let word = self.regular();
        let mut name = Vec::with_capacity(word.len());
        let mut at = 0;
        while at < word.len() {
            let escaped = word.get(at + 1..at + 3).and_then(|pair| Some(digit(pair[0])? << 4 | digit(pair[1])?));
            match (word[at], escaped) {
                (b'#', Some(byte)) => {
                    name.push(byte);
                    at += 3;
                }
                (byte, _) => {
                    name.push(byte);
                    at += 1;
                }
            }
        }
        name
    }

    /// A text in parentheses, which may hold balanced ones.
    fn literal(&mut self) -> Result<Token<'a>, PdfError> {
        let start = self.at;
        let mut text = Vec::new();
        let mut open = 0u32;
        loop {
            let Some(byte) = self.peek() else {
                return Err(damaged(format!("a text at byte {start} has no end")));
            };
            self.at += 1;
            match byte {
                b'(' => {
                    open += 1;
                    if open > 1 {
                        text.push(byte);
                    }
                }
                b')' => {
                    open -= 1;
                    if open == 0 {
                        return Ok(Token::Text(text));
                    }
                    text.push(byte);
                }
                b'\\' => self.escape(&mut text),
                _ => text.push(byte),
            }
            check_length(&text)?;
        }
    }

    fn escape(&mut self, text: &mut Vec<u8>) {
        let Some(byte) = self.peek() else { return };
        self.at += 1;
        match byte {
            b'n' => text.push(b'\n'),
            b'r' => text.push(b'\r'),
            b't' => text.push(b'\t'),
            b'b' => text.push(8),
            b'f' => text.push(12),
            b'\r' => {
                if self.peek() == Some(b'\n') {
                    self.at += 1;
                }
            }
            b'\n' => {}
            b'0'..=b'7' => {
                let mut code = u32::from(byte - b'0');
                for _ in 0..2 {
                    if let Some(next @ b'0'..=b'7') = self.peek() {
                        code = code << 3 | u32::from(next - b'0');
                        self.at += 1;
                    }
                }
                text.push(code as u8);
            }
            _ => text.push(byte),
        }
    }

    fn hexadecimal(&mut self) -> Result<Token<'a>, PdfError> {
        let start = self.at;
        self.at += 1;
        let (mut text, mut half) = (Vec::new(), None);
        loop {
            let byte = self.peek();
            self.at += 1;
            match byte {
                Some(b'>') => {
                    text.extend(half.map(|high: u8| high << 4));
                    return Ok(Token::Text(text));
                }
                Some(byte) if is_space(byte) => {}
                Some(byte) => match (digit(byte), half.take()) {
                    (Some(low), Some(high)) => text.push(high << 4 | low),
                    (Some(high), None) => half = Some(high),
                    (None, _) => return Err(damaged(format!("a text at byte {start} is not hexadecimal"))),
                },
                None => return Err(damaged(format!("a text at byte {start} has no end"))),
            }
            check_length(&text)?;
        }
    }

    /// Whether this word comes next; if so it is passed over.
    pub(crate) fn takes(&mut self, word: &str) -> bool {
        self.skip();
        let rest = &self.bytes[self.at..];
        let found = rest.starts_with(word.as_bytes()) && !rest.get(word.len()).is_some_and(|&byte| is_regular(byte));
        if found {
            self.at += word.len();
        }
        found
    }

    /// The next value of an object, where `7 0 R` is a reference.
    pub(crate) fn value(&mut self, budget: &Budget) -> Result<Value, PdfError> {
        let token = self.token()?;
        self.value_from(token, budget, 0)
    }

    fn value_from(&mut self, token: Option<Token<'a>>, budget: &Budget, depth: u64) -> Result<Value, PdfError> {
        check_depth(depth)?;
        let size = match &token {
            Some(Token::Name(bytes) | Token::Text(bytes)) => bytes.len() as u64 / 32,
            Some(Token::Open(Bracket::Dictionary)) => 9,
            _ => 0,
        };
        budget.take(1 + size)?;
        match token {
            Some(Token::Number(number)) => Ok(self.reference(number).map_or(Value::Number(number), Value::Reference)),
            Some(Token::Name(name)) => Ok(Value::Name(name.into())),
            Some(Token::Text(text)) => Ok(Value::Text(text.into())),
            Some(Token::Open(Bracket::Array)) => {
                let mut items = Vec::new();
                loop {
                    match self.token()? {
                        Some(Token::Close(Bracket::Array)) => return Ok(Value::Array(items.into())),
                        token => items.push(self.value_from(token, budget, depth + 1)?),
                    }
                }
            }
            Some(Token::Open(Bracket::Dictionary)) => {
                let mut entries: BTreeMap<Rc<[u8]>, Value> = BTreeMap::new();
                loop {
                    match self.token()? {
                        Some(Token::Close(Bracket::Dictionary)) => {
                            return Ok(Value::Dictionary(Dictionary::new(entries)));
                        }
                        Some(Token::Name(key)) => {
                            let token = self.token()?;
                            // a key costs as much as a value
                            budget.take(1 + key.len() as u64 / 32)?;
                            entries.insert(key.into(), self.value_from(token, budget, depth + 1)?);
                        }
                        _ => return Err(damaged(format!("a dictionary has no name at byte {}", self.at))),
                    }
                }
            }
            Some(Token::Word(b"true")) => Ok(Value::Boolean(true)),
            Some(Token::Word(b"false")) => Ok(Value::Boolean(false)),
            Some(Token::Word(b"null")) => Ok(Value::Null),
            Some(Token::Word(_) | Token::Close(_)) => Err(damaged(format!("a value is missing at byte {}", self.at))),
            None => Err(damaged("it ends within an object")),
        }
    }

    /// The rest of `7 0 R` after the 7.
    fn reference(&mut self, number: f64) -> Option<u32> {
        let number = Value::Number(number).whole().and_then(|number| u32::try_from(number).ok())?;
        let mut ahead = self.clone();
        ahead.skip();
        let is_digit = ahead.peek().is_some_and(|byte| byte.is_ascii_digit());
        if !is_digit || number == 0 {
            return None;
        }
        let Ok(Some(Token::Number(_))) = ahead.token() else { return None };
        ahead.takes("R").then(|| {
            self.at = ahead.at;
            number
        })
    }
}

fn check_length(text: &[u8]) -> Result<(), PdfError> {
    if text.len() as u64 > TEXT { Err(PdfError::Beyond { what: "bytes in a text", most: TEXT }) } else { Ok(()) }
}

fn digit(byte: u8) -> Option<u8> {
    (byte as char).to_digit(16).map(|digit| digit as u8)
}

/// A number as PDF writes it, without exponents.
fn number(word: &[u8]) -> Option<f64> {
    let allowed = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.');
    if word.len() > 64 || !word.iter().all(allowed) {
        return None;
    }
    std::str::from_utf8(word).ok()?.parse().ok()
}

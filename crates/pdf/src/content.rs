//! The operators of a content stream.

use crate::lexer::{Lexer, Token, is_space};
use crate::{PdfError, damaged, limits};

pub(crate) struct Operators<'a> {
    lexer: Lexer<'a>,
}

/// An operator and what stands before it; brackets of arrays and dictionaries are operands of their own.
#[derive(Debug, PartialEq)]
pub(crate) struct Operation<'a> {
    pub(crate) operator: &'a [u8],
    pub(crate) operands: Vec<Token<'a>>,
    /// The pixels of an image that stands within the stream.
    pub(crate) pixels: &'a [u8],
}

impl<'a> Operators<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self { lexer: Lexer::new(bytes, 0) }
    }

    pub(crate) fn next(&mut self) -> Result<Option<Operation<'a>>, PdfError> {
        let mut operands = Vec::new();
        let mut image = false;
        while let Some(token) = self.lexer.token()? {
            match token {
                Token::Word(b"true" | b"false" | b"null") => operands.push(token),
                Token::Word(b"BI") => image = true,
                Token::Word(b"ID") if image => {
                    let pixels = self.pixels()?;
                    return Ok(Some(Operation { operator: b"BI", operands, pixels }));
                }
                Token::Word(operator) if !image => return Ok(Some(Operation { operator, operands, pixels: &[] })),
                token => operands.push(token),
            }
            if operands.len() as u64 > limits::OPERANDS {
                return Err(PdfError::Beyond { what: "operands of an operator", most: limits::OPERANDS });
            }
        }
        // operands without an operator do nothing, but they are there
        Ok((!operands.is_empty()).then_some(Operation { operator: b"", operands, pixels: &[] }))
    }

    /// The pixels after `ID`, up to an `EI` between white space.
    fn pixels(&mut self) -> Result<&'a [u8], PdfError> {
        let start = (self.lexer.at + 1).min(self.lexer.bytes.len());
        let rest = &self.lexer.bytes[start..];
        let is_end = |window: &[u8]| is_space(window[0]) && window[1..3] == *b"EI";
        let ended = |at: &usize| rest.get(at + 3).is_none_or(|&byte| is_space(byte));
        let mut ends = rest.windows(3).enumerate().filter(|(_, window)| is_end(window)).map(|(at, _)| at);
        let length = ends.find(ended).ok_or_else(|| damaged("an image within a page has no end"))?;
        self.lexer.at = start + length + 3;
        Ok(&rest[..length])
    }
}

/// Whether an operator paints by itself.
pub(crate) fn paints(operator: &[u8]) -> bool {
    const PAINTING: [&[u8]; 15] =
        [b"f", b"F", b"f*", b"S", b"s", b"B", b"B*", b"b", b"b*", b"sh", b"Tj", b"TJ", b"'", b"\"", b"BI"];
    PAINTING.contains(&operator)
}

//! Streams unfolded within limits.

use crate::file::File;
use crate::value::{Dictionary, Stream, Value};
use crate::{PdfError, damaged, limits};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_zlib_with_limit};

impl File<'_> {
    /// The bytes of a stream as they are in the file.
    pub(crate) fn raw(&self, stream: &Stream) -> &[u8] {
        self.bytes.get(stream.start..stream.end).unwrap_or_default()
    }

    /// The unfolded bytes of a stream.
    pub(crate) fn unfolded(&self, stream: &Stream) -> Result<Vec<u8>, PdfError> {
        let filters = self.list(stream.dictionary.get("Filter"))?;
        let parameters = self.list(stream.dictionary.get("DecodeParms"))?;
        let mut bytes = None;
        if filters.len() as u64 > limits::DEPTH {
            return Err(damaged("a stream has too many filters"));
        }
        for (index, filter) in filters.iter().enumerate() {
            let Value::Name(name) = filter else { return Err(damaged("the filter of a stream is no name")) };
            if **name != *b"FlateDecode" {
                return Err(PdfError::Unread(format!(
                    "a stream is packed with {}; only FlateDecode is unfolded",
                    String::from_utf8_lossy(name)
                )));
            }
            let unfolded = self.inflate(bytes.as_deref().unwrap_or(self.raw(stream)))?;
            let parameters = parameters.get(index).and_then(Value::dictionary);
            bytes = Some(match parameters {
                Some(parameters) => self.predicted(unfolded, parameters)?,
                None => unfolded,
            });
        }
        match bytes {
            Some(bytes) => Ok(bytes),
            None => {
                let raw = self.raw(stream);
                if raw.len() as u64 > limits::STREAM {
                    return Err(PdfError::Beyond { what: "bytes in a stream", most: limits::STREAM });
                }
                self.budgets.unfolded.take(raw.len() as u64)?;
                Ok(raw.to_vec())
            }
        }
    }

    /// One value or an array of them, each looked up.
    fn list(&self, value: Option<&Value>) -> Result<Vec<Value>, PdfError> {
        match value.map(|value| self.look_up(value)).transpose()? {
            None | Some(Value::Null) => Ok(Vec::new()),
            Some(Value::Array(items)) => {
                self.budgets.values.take(items.len() as u64)?;
                items.iter().map(|item| self.look_up(item)).collect()
            }
            Some(value) => Ok(vec![value]),
        }
    }

    fn inflate(&self, bytes: &[u8]) -> Result<Vec<u8>, PdfError> {
        let left = self.budgets.unfolded.left();
        let most = left.min(limits::STREAM);
        match decompress_to_vec_zlib_with_limit(bytes, most as usize) {
            Ok(unfolded) => {
                self.budgets.unfolded.take(unfolded.len() as u64)?;
                Ok(unfolded)
            }
            Err(error) if error.status == TINFLStatus::HasMoreOutput => match left <= limits::STREAM {
                true => Err(self.budgets.unfolded.beyond()),
                false => Err(PdfError::Beyond { what: "bytes in an unfolded stream", most: limits::STREAM }),
            },
            Err(_) => Err(damaged("a stream cannot be unfolded")),
        }
    }

    /// Undoes the predictors of PNG, as cross-reference streams have them.
    fn predicted(&self, bytes: Vec<u8>, parameters: &Dictionary) -> Result<Vec<u8>, PdfError> {
        let number = |key: &str, otherwise: u64| match parameters.get(key).map(|value| self.look_up(value)) {
            None => Ok(otherwise),
            Some(value) => value?.whole().ok_or_else(|| damaged(format!("the {key} of a stream is no number"))),
        };
        match number("Predictor", 1)? {
            0 | 1 => return Ok(bytes),
            10..=15 => {}
            other => {
                return Err(PdfError::Unread(format!("a stream has predictor {other}; only those of PNG are undone")));
            }
        }
        let (colours, bits, columns) = (number("Colors", 1)?, number("BitsPerComponent", 8)?, number("Columns", 1)?);
        if !(1..=32).contains(&colours) || !(1..=16).contains(&bits) || !(1..=1 << 24).contains(&columns) {
            return Err(damaged("the rows of a stream have no length"));
        }
        let pixel = (colours * bits).div_ceil(8) as usize;
        let length = (colours * bits * columns).div_ceil(8) as usize;
        let mut rows: Vec<u8> = Vec::with_capacity(bytes.len());
        let mut before = vec![0u8; length];
        for row in bytes.chunks(length + 1) {
            let start = rows.len();
            for (index, &byte) in row[1..].iter().enumerate() {
                let left = if index >= pixel { rows[start + index - pixel] } else { 0 };
                let (up, corner) = (before[index], if index >= pixel { before[index - pixel] } else { 0 });
                let guess = match row[0] {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => ((u16::from(left) + u16::from(up)) / 2) as u8,
                    4 => paeth(left, up, corner),
                    other => return Err(damaged(format!("a row of a stream has predictor {other}"))),
                };
                rows.push(byte.wrapping_add(guess));
            }
            let found = rows.len() - start;
            before[..found].copy_from_slice(&rows[start..]);
        }
        Ok(rows)
    }
}

fn paeth(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let distance = |byte: u8| (guess - i16::from(byte)).abs();
    let (by_left, by_up, by_corner) = (distance(left), distance(up), distance(corner));
    if by_left <= by_up && by_left <= by_corner {
        left
    } else if by_up <= by_corner {
        up
    } else {
        corner
    }
}

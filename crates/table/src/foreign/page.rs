//! Heads of the pages of a Parquet file, in Thrift's compact protocol: only how large a page is and how many values it has. polars reads the rest.

/// What the head of a page says.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Head {
    /// Its own bytes.
    pub(super) length: usize,
    /// Bytes of the page once it is unfolded.
    pub(super) unfolded: i64,
    /// Bytes of the page in the file.
    pub(super) folded: i64,
    /// Values of a page of data, or of a dictionary.
    pub(super) values: i64,
    /// Whether it is a dictionary.
    pub(super) dictionary: bool,
}

/// The head that these bytes begin with; none where a field is not as the format has it, since readers differ in what they make of that.
pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    let mut reader = Reader { bytes, at: 0 };
    let mut head = Head::default();
    let (mut id, mut page, mut seen) = (0, -1, None);
    while let Some((field, kind)) = reader.field(&mut id)? {
        match (field, kind) {
            (1, 5) => page = reader.integer()?,
            (2, 5) => head.unfolded = reader.integer()?,
            (3, 5) => head.folded = reader.integer()?,
            // a checksum
            (4, 5) => drop(reader.integer()?),
            // of data, of a dictionary, of data in the second version
            (5 | 7 | 8, 12) if seen.is_none() => {
                head.values = reader.numbers(field)?;
                seen = Some(field);
            }
            _ => return None,
        }
    }
    head.dictionary = page == 2;
    head.length = reader.at;
    matches!((page, seen), (0, Some(5)) | (2, Some(7)) | (3, Some(8))).then_some(head)
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn varint(&mut self) -> Option<u64> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Some(value);
            }
        }
        None
    }

    fn integer(&mut self) -> Option<i64> {
        self.varint().map(|value| (value >> 1) as i64 ^ -((value & 1) as i64))
    }

    /// Number and type of the next field; nothing at the end of the structure.
    fn field(&mut self, id: &mut i64) -> Option<Option<(i64, u8)>> {
        let byte = self.byte()?;
        if byte == 0 {
            return Some(None);
        }
        let (step, before) = (i64::from(byte >> 4), *id);
        *id = if step == 0 { self.integer()? } else { id.checked_add(step)? };
        (*id > before).then_some(Some((*id, byte & 0x0f)))
    }

    /// Values of a page, from the part of its head that has this number. Nothing of it may be negative or more than there are values.
    fn numbers(&mut self, part: i64) -> Option<i64> {
        let (mut id, mut values) = (0, -1);
        while let Some((field, kind)) = self.field(&mut id)? {
            match (part, field, kind) {
                (_, 1, 5) => values = self.integer()?,
                // of the second version: gaps and rows
                (8, 2 | 3, 5) => drop(self.integer().filter(|number| (0..=values).contains(number))?),
                // encodings, lengths of levels
                (5, 2..=4, 5) | (7, 2, 5) | (8, 4..=6, 5) => drop(self.integer().filter(|number| *number >= 0)?),
                // whether it is sorted, whether it is compressed
                (7, 3, 1 | 2) | (8, 7, 1 | 2) => {}
                (5, 5, 12) | (8, 8, 12) => self.statistics(values)?,
                _ => return None,
            }
        }
        (values >= 0).then_some(values)
    }

    /// Passes over what a page says of its values: ends, gaps, different ones.
    fn statistics(&mut self, values: i64) -> Option<()> {
        let mut id = 0;
        while let Some((field, kind)) = self.field(&mut id)? {
            match (field, kind) {
                (1 | 2 | 5 | 6, 8) => {
                    let length = self.varint()?;
                    self.ahead(length)?;
                }
                (3 | 4, 6) => drop(self.integer().filter(|number| (0..=values).contains(number))?),
                (7 | 8, 1 | 2) => {}
                _ => return None,
            }
        }
        Some(())
    }

    fn ahead(&mut self, length: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        self.at = if end <= self.bytes.len() { end } else { return None };
        Some(())
    }
}

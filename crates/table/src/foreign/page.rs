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

/// Deepest structure that is followed; a head has two.
const DEEPEST: usize = 8;

/// The head that these bytes begin with.
pub(super) fn head(bytes: &[u8]) -> Option<Head> {
    let mut reader = Reader { bytes, at: 0 };
    let mut head = Head::default();
    let mut id = 0;
    while let Some((field, kind)) = reader.field(&mut id)? {
        match (field, kind) {
            (1, 5) => head.dictionary = reader.integer()? == 2,
            (2, 5) => head.unfolded = reader.integer()?,
            (3, 5) => head.folded = reader.integer()?,
            // of data, of a dictionary, of data in the second version
            (5 | 7 | 8, 12) => head.values = reader.first_integer()?,
            _ => reader.skip(kind, 0)?,
        }
    }
    head.length = reader.at;
    Some(head)
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
        let step = i64::from(byte >> 4);
        *id = if step == 0 { self.integer()? } else { id.checked_add(step)? };
        Some(Some((*id, byte & 0x0f)))
    }

    /// Field 1 of a structure, which is skipped.
    fn first_integer(&mut self) -> Option<i64> {
        let (mut id, mut found) = (0, 0);
        while let Some((field, kind)) = self.field(&mut id)? {
            if (field, kind) == (1, 5) {
                found = self.integer()?;
            } else {
                self.skip(kind, 1)?;
            }
        }
        Some(found)
    }

    fn ahead(&mut self, length: u64) -> Option<()> {
        let end = self.at.checked_add(usize::try_from(length).ok()?)?;
        self.at = if end <= self.bytes.len() { end } else { return None };
        Some(())
    }

    fn skip(&mut self, kind: u8, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        match kind {
            1 | 2 => Some(()),
            3 => self.ahead(1),
            4..=6 => self.varint().map(|_| ()),
            7 => self.ahead(8),
            8 => {
                let length = self.varint()?;
                self.ahead(length)
            }
            9 | 10 => {
                let byte = self.byte()?;
                let count = if byte >> 4 == 15 { self.varint()? } else { u64::from(byte >> 4) };
                // an element takes a byte or more, but for answers, which a head has not
                (0..count)
                    .try_for_each(|_| if byte & 0x0f <= 2 { self.ahead(1) } else { self.skip(byte & 0x0f, depth + 1) })
            }
            12 => {
                let mut id = 0;
                while let Some((_, kind)) = self.field(&mut id)? {
                    self.skip(kind, depth + 1)?;
                }
                Some(())
            }
            _ => None,
        }
    }
}

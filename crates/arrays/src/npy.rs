//! NPY, the format of one numpy array: a magic number, a Python dictionary with type, order and shape, and the numbers.

use super::archive::no_numbers;
use super::error::Fault;
use super::kind::{Kind, Order};
use super::{Array, MOST_AXES};

pub(crate) const MAGIC: &[u8] = b"\x93NUMPY";
/// Most bytes of a header that is read; numpy itself accepts 10000.
pub(crate) const MOST_HEADER: usize = 1 << 16;

/// What the head of an NPY file says.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Head {
    /// Bytes before the numbers.
    pub length: usize,
    pub shape: Vec<usize>,
    /// The type as it is written.
    pub written: String,
    /// None for a type that has no numbers, such as text.
    pub kind: Option<Kind>,
    pub order: Order,
}

/// Bytes of the head of an NPY file that begins so; the beginning must have 12 bytes, unless the file ends before.
pub(crate) fn head_length(bytes: &[u8]) -> Result<usize, Fault> {
    let ends = || Fault::new("a file that ends within its header", "a whole NPY file");
    if !bytes.starts_with(MAGIC) {
        return Err(Fault::new("bytes that do not begin with \\x93NUMPY", "an NPY file"));
    }
    let size = |range: std::ops::Range<usize>| {
        let bytes = bytes.get(range).ok_or_else(ends)?;
        Ok(bytes.iter().rev().fold(0usize, |size, &byte| size << 8 | usize::from(byte)))
    };
    let (start, length) = match bytes.get(6).ok_or_else(ends)? {
        1 => (10, size(8..10)?),
        2 | 3 => (12, size(8..12)?),
        other => return Err(Fault::new(format!("version {other} of NPY"), "1, 2 or 3")),
    };
    if length > MOST_HEADER {
        return Err(Fault::new(format!("a header of {length} bytes"), format!("at most {MOST_HEADER}")));
    }
    Ok(start + length)
}

/// Reads the head of an NPY file that begins with it.
pub(crate) fn head(bytes: &[u8]) -> Result<Head, Fault> {
    let length = head_length(bytes)?;
    let start = if bytes.get(6) == Some(&1) { 10 } else { 12 };
    let text = bytes.get(start..length);
    let text = text.ok_or_else(|| Fault::new("a file that ends within its header", "a whole NPY file"))?;
    let text = std::str::from_utf8(text).map_err(|_| Fault::new("a header that is no text", "a Python dictionary"))?;
    let mut reader = Reader { rest: text.trim_end(), whole: text.trim() };
    let (mut written, mut fortran, mut shape) = (None, None, None);
    reader.expect("{")?;
    while !reader.take("}") {
        let key = reader.quoted()?;
        reader.expect(":")?;
        match key {
            "descr" if written.is_none() => written = Some(reader.description()?),
            "fortran_order" if fortran.is_none() => fortran = Some(reader.truth()?),
            "shape" if shape.is_none() => shape = Some(reader.shape()?),
            _ => return Err(reader.fault()),
        }
        if !reader.take(",") {
            reader.expect("}")?;
            break;
        }
    }
    let (Some(written), Some(first_axis_fastest), Some(shape)) = (written, fortran, shape) else {
        return Err(reader.fault());
    };
    if !reader.rest.trim().is_empty() {
        return Err(reader.fault());
    }
    let order = Order { big_endian: written.starts_with('>'), first_axis_fastest };
    Ok(Head { length, shape, kind: kind(&written), written, order })
}

/// The numbers of an NPY file whose head has been read.
pub(crate) fn numbers(name: &str, head: &Head, bytes: &[u8]) -> Result<Array, Fault> {
    let kind = head.kind.ok_or_else(|| no_numbers(&head.written))?;
    let needed = kind.bytes(&head.shape)?;
    if bytes.len() != needed {
        let shape = super::shape_text(&head.shape);
        return Err(Fault::new(
            format!("{} bytes of numbers", bytes.len()),
            format!("{needed}, for {shape} of {}", kind.name()),
        ));
    }
    let values = kind.decode(bytes, &head.shape, head.order);
    Ok(Array { name: name.to_owned(), shape: head.shape.clone(), values })
}

fn kind(written: &str) -> Option<Kind> {
    let (order, name) = written.split_at_checked(1)?;
    let kind = match name {
        "b1" => Kind::Bool,
        "u1" => Kind::U8,
        "u2" => Kind::U16,
        "u4" => Kind::U32,
        "u8" => Kind::U64,
        "i1" => Kind::I8,
        "i2" => Kind::I16,
        "i4" => Kind::I32,
        "i8" => Kind::I64,
        "f2" => Kind::F16,
        "f4" => Kind::F32,
        "f8" => Kind::F64,
        _ => return None,
    };
    // `|` says that there is no order of bytes
    (matches!(order, "<" | ">") || order == "|" && kind.size() == 1).then_some(kind)
}

/// The bytes of an NPY file (version 1, 64-bit floats), as numpy writes it.
pub fn write(array: &Array) -> Vec<u8> {
    let mut bytes = begin(&array.shape);
    bytes.reserve(8 * array.values.len());
    array.values.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
    bytes
}

/// The bytes of an NPY file with a symmetric matrix, whose lower triangle this is, row by row with the diagonal last in each.
pub fn write_symmetric(triangle: &[Vec<f64>]) -> Vec<u8> {
    let order = triangle.len();
    let mut bytes = begin(&[order, order]);
    bytes.reserve(8 * order * order);
    for (i, row) in triangle.iter().enumerate() {
        row.iter().for_each(|value| bytes.extend_from_slice(&value.to_le_bytes()));
        triangle[i + 1..].iter().for_each(|below| bytes.extend_from_slice(&below[i].to_le_bytes()));
    }
    bytes
}

/// All before the numbers.
fn begin(shape: &[usize]) -> Vec<u8> {
    let lengths: Vec<String> = shape.iter().map(usize::to_string).collect();
    let shape = if lengths.len() == 1 { format!("({},)", lengths[0]) } else { format!("({})", lengths.join(", ")) };
    let mut header = format!("{{'descr': '<f8', 'fortran_order': False, 'shape': {shape}, }}");
    // the numbers begin at a multiple of 64
    let padding = (64 - (10 + header.len() + 1) % 64) % 64;
    header.push_str(&" ".repeat(padding));
    header.push('\n');
    [MAGIC, &[1, 0], &(header.len() as u16).to_le_bytes(), header.as_bytes()].concat()
}

/// Reads the few forms of Python that a header has.
struct Reader<'a> {
    rest: &'a str,
    whole: &'a str,
}

impl<'a> Reader<'a> {
    fn fault(&self) -> Fault {
        let shown: String = self.whole.chars().take(200).collect();
        Fault::new(
            format!("the header {shown:?}"),
            "a dictionary of descr, fortran_order and shape, such as {'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }",
        )
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.rest.trim_start().strip_prefix(token);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), Fault> {
        if self.take(token) { Ok(()) } else { Err(self.fault()) }
    }

    fn quoted(&mut self) -> Result<&'a str, Fault> {
        let quote = if self.take("'") {
            '\''
        } else if self.take("\"") {
            '"'
        } else {
            return Err(self.fault());
        };
        let (word, rest) = self.rest.split_once(quote).ok_or_else(|| self.fault())?;
        self.rest = rest;
        Ok(word)
    }

    /// The type; one with fields is a list of several.
    fn description(&mut self) -> Result<String, Fault> {
        if self.rest.trim_start().starts_with('[') {
            return Err(Fault::new("an array whose entries have fields", Kind::allowed()));
        }
        self.quoted().map(str::to_owned)
    }

    fn truth(&mut self) -> Result<bool, Fault> {
        if self.take("True") {
            return Ok(true);
        }
        self.expect("False").map(|()| false)
    }

    fn shape(&mut self) -> Result<Vec<usize>, Fault> {
        let mut shape = Vec::new();
        self.expect("(")?;
        while !self.take(")") {
            let rest = self.rest.trim_start();
            let digits = rest.len() - rest.trim_start_matches(|letter: char| letter.is_ascii_digit()).len();
            let length = rest[..digits].parse().map_err(|_| self.fault())?;
            // Python 2 wrote long numbers with a letter
            self.rest = rest[digits..].strip_prefix('L').unwrap_or(&rest[digits..]);
            shape.push(length);
            if shape.len() > MOST_AXES {
                return Err(Fault::new(format!("over {MOST_AXES} axes"), format!("at most {MOST_AXES}")));
            }
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(shape)
    }
}

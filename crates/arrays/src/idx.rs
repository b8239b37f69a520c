//! IDX, the format of MNIST: two zeros, the type, the number of axes, their lengths, and the numbers, most significant byte first.

use super::archive::{Entry, Place};
use super::error::Fault;
use super::kind::Kind;

/// Whether the bytes begin as such a file does.
pub(crate) fn looks_so(bytes: &[u8]) -> bool {
    matches!(bytes, [0, 0, 8..=14, 1..=255, ..])
}

pub(crate) fn entry(bytes: &[u8]) -> Result<Entry, Fault> {
    let [_, _, code, axes, ..] = *bytes else { return Err(ends()) };
    let kind = match code {
        0x08 => Kind::U8,
        0x09 => Kind::I8,
        0x0b => Kind::I16,
        0x0c => Kind::I32,
        0x0d => Kind::F32,
        0x0e => Kind::F64,
        _ => return Err(Fault::new(format!("type {code:#04x} of IDX"), "0x08, 0x09, 0x0b, 0x0c, 0x0d or 0x0e")),
    };
    let start = 4 + 4 * usize::from(axes);
    let lengths = bytes.get(4..start).ok_or_else(ends)?.as_chunks::<4>().0;
    let shape: Vec<usize> = lengths.iter().map(|length| u32::from_be_bytes(*length) as usize).collect();
    let (needed, found) = (kind.bytes(&shape)?, bytes.len() - start);
    if needed != found {
        let shape = super::shape_text(&shape);
        return Err(Fault::new(
            format!("{found} bytes of numbers"),
            format!("{needed}, for {shape} of {}", kind.name()),
        ));
    }
    let written = kind.name().to_owned();
    Ok(Entry { name: String::new(), shape, written, kind: Some(kind), place: Place::BigEndian(start) })
}

fn ends() -> Fault {
    Fault::new("a file that ends within its header", "a whole IDX file")
}

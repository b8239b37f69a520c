//! safetensors: the length of a JSON header, the header, and the numbers, little-endian, in row order.

use super::MOST_AXES;
use super::archive::{Entry, Place};
use super::error::Fault;
use super::kind::Kind;
use safetensors::{Dtype, SafeTensors};

/// Whether the bytes begin as such a file does.
pub(crate) fn looks_so(bytes: &[u8]) -> bool {
    bytes.get(8) == Some(&b'{')
}

pub(crate) fn entries(bytes: &[u8]) -> Result<Vec<Entry>, Fault> {
    let damaged = |error| Fault::new(format!("a damaged file ({error})"), "a safetensors file");
    let (length, metadata) = SafeTensors::read_metadata(bytes).map_err(damaged)?;
    let start = length + 8;
    let mut entries = Vec::new();
    // in the order of their numbers, which a map does not keep
    for name in metadata.offset_keys() {
        let Some(info) = metadata.info(&name) else { continue };
        if info.shape.len() > MOST_AXES {
            return Err(Fault::new(format!("{name} with {} axes", info.shape.len()), format!("at most {MOST_AXES}")));
        }
        let range = start + info.data_offsets.0..start + info.data_offsets.1;
        let (shape, written) = (info.shape.clone(), format!("{:?}", info.dtype));
        entries.push(Entry { name, shape, written, kind: kind(info.dtype), place: Place::Bytes(range) });
    }
    Ok(entries)
}

fn kind(dtype: Dtype) -> Option<Kind> {
    Some(match dtype {
        Dtype::BOOL => Kind::Bool,
        Dtype::U8 => Kind::U8,
        Dtype::I8 => Kind::I8,
        Dtype::U16 => Kind::U16,
        Dtype::I16 => Kind::I16,
        Dtype::U32 => Kind::U32,
        Dtype::I32 => Kind::I32,
        Dtype::U64 => Kind::U64,
        Dtype::I64 => Kind::I64,
        Dtype::F16 => Kind::F16,
        Dtype::BF16 => Kind::Bf16,
        Dtype::F32 => Kind::F32,
        Dtype::F64 => Kind::F64,
        // packed and exotic ones
        _ => return None,
    })
}

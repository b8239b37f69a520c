//! Files that gzip has made smaller.

use super::error::Fault;
use super::{MOST_BYTES, MOST_UNFOLDED};
use flate2::read::MultiGzDecoder;
use std::io::Read;

/// Whether the bytes begin as such a file does.
pub(crate) fn looks_so(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// The file inside.
pub(crate) fn unfold(bytes: &[u8]) -> Result<Vec<u8>, Fault> {
    let most = MOST_UNFOLDED.saturating_mul(bytes.len() as u64).saturating_add(1 << 20).min(MOST_BYTES);
    let mut inside = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(most + 1).read_to_end(&mut inside);
    read.map_err(|error| Fault::new(format!("a damaged file ({error})"), "a file of gzip"))?;
    if inside.len() as u64 > most {
        let found = format!("over {most} bytes in a file of {}", bytes.len());
        return Err(Fault::new(
            found,
            format!("{MOST_UNFOLDED} times its size and a MiB, and at most {MOST_BYTES} bytes"),
        ));
    }
    Ok(inside)
}

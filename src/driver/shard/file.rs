//! Shard files: JSON with every number as the hexadecimal digits of its bits, whole or refused.

use crate::experiments::{Piece, Share};
use crate::provenance::digest;
use crate::simulation::Moments;
use serde::{Deserialize, Serialize};

/// Version of the format.
const FORMAT: u32 = 1;

/// What must be the same for shards to belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Identifier of the experiment.
    pub experiment: String,
    /// SHA-256 of the experiment file.
    pub toml: String,
    /// Version of the program and SHA-256 of the code that numbers come from.
    pub code: String,
}

impl Identity {
    /// Of this experiment file and this program.
    pub fn new(id: &str, toml: &str) -> Self {
        Self {
            experiment: id.to_owned(),
            toml: digest([(id, toml.as_bytes())]),
            code: format!("{} {}", env!("CARGO_PKG_VERSION"), env!("NEURODYN_CODE")),
        }
    }
}

/// One computed shard.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// What it belongs to.
    pub identity: Identity,
    /// Which of how many.
    pub share: Share,
    /// Its pieces, first to last.
    pub pieces: Vec<(Piece, Moments)>,
}

/// Why a shard file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is cut off, or was never a shard file.
    #[error("damaged, not a whole shard file: {0}")]
    Text(#[from] serde_json::Error),
    /// Its format is not this program's.
    #[error("of format {found}, but this program reads {FORMAT}")]
    Format {
        /// What was found.
        found: u32,
    },
    /// Its content is not what was written.
    #[error("damaged: its checksum does not match its content")]
    Checksum,
    /// Its numbers are not moments.
    #[error("damaged: point {point}, block {first} holds no moments")]
    Moments {
        /// The point.
        point: usize,
        /// The first block.
        first: u64,
    },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sealed {
    sha256: String,
    content: Content,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Content {
    format: u32,
    identity: Identity,
    shard: u64,
    of: u64,
    pieces: Vec<Stored>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    point: usize,
    first: u64,
    level: u32,
    replicas: u64,
    /// Mean and central sums of orders 2 to 4 of each observable.
    moments: Vec<String>,
}

/// Name of the file of a shard.
pub fn name(share: Share) -> String {
    let digits = share.of.to_string().len();
    format!("shard-{:0digits$}-of-{}.json", share.index, share.of)
}

impl Shard {
    /// The content of its file.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let stored = |(piece, moments): &(Piece, Moments)| Stored {
            point: piece.point,
            first: piece.first,
            level: piece.level,
            replicas: moments.count(),
            moments: moments.parts().iter().map(to_hex).collect(),
        };
        let content = Content {
            format: FORMAT,
            identity: self.identity.clone(),
            shard: self.share.index,
            of: self.share.of,
            pieces: self.pieces.iter().map(stored).collect(),
        };
        Ok(serde_json::to_string(&Sealed { sha256: checksum(&content)?, content })? + "\n")
    }

    /// Reads the content of a file.
    pub fn from_text(text: &str) -> Result<Self, Damage> {
        let Sealed { sha256, content } = serde_json::from_str(text)?;
        if content.format != FORMAT {
            return Err(Damage::Format { found: content.format });
        }
        if checksum(&content)? != sha256 {
            return Err(Damage::Checksum);
        }
        let piece = |stored: &Stored| {
            let parts: Option<Vec<[f64; 4]>> = stored.moments.iter().map(|text| from_hex(text)).collect();
            let moments = parts.and_then(|parts| Moments::from_parts(stored.replicas, &parts));
            let moments = moments.ok_or(Damage::Moments { point: stored.point, first: stored.first })?;
            Ok((Piece { point: stored.point, first: stored.first, level: stored.level }, moments))
        };
        Ok(Self {
            identity: content.identity.clone(),
            share: Share { index: content.shard, of: content.of },
            pieces: content.pieces.iter().map(piece).collect::<Result<_, Damage>>()?,
        })
    }

    /// Reads a file.
    pub fn read(path: &std::path::Path) -> Result<Self, Damage> {
        Self::from_text(&std::fs::read_to_string(path)?)
    }
}

fn checksum(content: &Content) -> serde_json::Result<String> {
    Ok(digest([("shard", serde_json::to_string(content)?.as_bytes())]))
}

fn to_hex(parts: &[f64; 4]) -> String {
    parts.map(|part| format!("{:016x}", part.to_bits())).join(" ")
}

fn from_hex(text: &str) -> Option<[f64; 4]> {
    let bits = text.split(' ').map(|part| u64::from_str_radix(part, 16).map(f64::from_bits));
    bits.collect::<Result<Vec<f64>, _>>().ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard() -> Shard {
        let mut moments = Moments::default();
        for (replica, x) in [0.1, -3e-300, 2.0f64.sqrt(), 7e250].into_iter().enumerate() {
            moments.push(replica as u64, &[x.min(1e3), -x.min(1.0) / 3.0]).expect("finite");
        }
        let pieces = vec![(Piece { point: 0, first: 8, level: 3 }, moments)];
        Shard { identity: Identity::new("x", "seed = 1\n"), share: Share { index: 3, of: 12 }, pieces }
    }

    #[test]
    fn bits_survive() {
        let shard = shard();
        let text = shard.to_text().expect("text");
        assert_eq!(Shard::from_text(&text).expect("whole"), shard);
        assert_eq!(name(shard.share), "shard-03-of-12.json");
    }

    #[test]
    fn any_changed_digit_and_any_cut_is_seen() {
        let text = shard().to_text().expect("text");
        let mut refused = 0;
        for (at, letter) in text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
            let other = if letter == '7' { "8" } else { "7" };
            let changed = format!("{}{other}{}", &text[..at], &text[at + 1..]);
            assert!(Shard::from_text(&changed).is_err(), "{at}: {letter} to {other}");
            refused += 1;
        }
        assert!(refused > 100);
        for end in [0, 1, text.len() / 2, text.len() - 3] {
            assert!(matches!(Shard::from_text(&text[..end]), Err(Damage::Text(_))), "{end}");
        }
    }
}

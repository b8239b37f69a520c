//! Shard files: JSON with every number as the hexadecimal digits of its bits, whole or refused.

use super::MOST;
use crate::experiment::data::Stated;
use crate::experiment::{Piece, Sample, Share};
use crate::files;
use crate::provenance::digest;
use crate::simulation::{BLOCK_REPLICAS, MOST_BLOCKS, Moments};
use serde::{Deserialize, Serialize};

/// Version of the format.
const FORMAT: u32 = 2;

/// What must be the same for shards to belong together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// Identifier of the experiment.
    pub experiment: String,
    /// SHA-256 of the experiment file, and of the files of data that it names.
    pub toml: String,
    /// Version of the program and SHA-256 of the code that numbers come from.
    pub code: String,
}

impl Identity {
    /// Of this experiment file, of data by the SHA-256 of their files, and of this program by the digest of the code that its numbers come from.
    pub fn new(id: &str, toml: &str, data: &[Stated], code: &str) -> Self {
        let data = data.iter().map(|stated| (stated.file.as_str(), stated.sha256.as_bytes()));
        Self {
            experiment: id.to_owned(),
            toml: digest([(id, toml.as_bytes())].into_iter().chain(data)),
            code: format!("{} {code}", env!("CARGO_PKG_VERSION")),
        }
    }
}

impl Identity {
    /// Whether it can be that of any experiment and program; what is not is of no use in a message either.
    fn is_sound(&self) -> bool {
        let name = |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_';
        let (id, toml, code) = (&self.experiment, &self.toml, &self.code);
        (1..=LONGEST).contains(&id.len())
            && id.chars().all(name)
            && toml.len() == 64
            && toml.chars().all(|digit| digit.is_ascii_hexdigit())
            && (1..=LONGEST).contains(&code.len())
            && code.chars().all(|letter| letter == ' ' || letter.is_ascii_graphic())
    }
}

/// Most letters of a name in a file.
const LONGEST: usize = 255;

/// One computed shard.
#[derive(Debug, Clone, PartialEq)]
pub struct Shard {
    /// What it belongs to.
    pub identity: Identity,
    /// Which of how many.
    pub share: Share,
    /// Its pieces, first to last.
    pub pieces: Vec<(Piece, Sample)>,
}

/// Why a shard file is of no use.
#[derive(Debug, thiserror::Error)]
pub enum Damage {
    /// It cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(std::io::Error),
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
    /// It says that it is of something that cannot be.
    #[error("damaged: experiment, digest or code is none")]
    Identity,
    /// There are no such shards.
    #[error("damaged: it says to be shard {shard} of {of}, but there are 1 to {MOST} shards, from 0 on")]
    Share {
        /// Which.
        shard: u64,
        /// Of how many.
        of: u64,
    },
    /// No sweep has such blocks.
    #[error(
        "damaged: piece {piece} says to be blocks of point {point}, {replicas} replicas from block {first} on, at level {level}"
    )]
    Piece {
        /// Which, from 0.
        piece: usize,
        /// Its point.
        point: usize,
        /// Its first block.
        first: u64,
        /// Its level.
        level: u32,
        /// Its replicas.
        replicas: u64,
    },
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
    /// Instead of moments: the observables of each replica.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    kept: Vec<String>,
}

/// Name of the file of a shard.
pub fn name(share: Share) -> String {
    let digits = share.of.to_string().len();
    format!("shard-{:0digits$}-of-{}.json", share.index, share.of)
}

impl Shard {
    /// The content of its file.
    pub fn to_text(&self) -> serde_json::Result<String> {
        let stored = |(piece, sample): &(Piece, Sample)| {
            let (moments, kept) = match sample {
                Sample::Moments(moments) => (moments.parts().iter().map(|parts| to_hex(parts)).collect(), Vec::new()),
                Sample::Kept(rows) => (Vec::new(), rows.iter().map(|row| to_hex(row)).collect()),
            };
            let Piece { point, first, level } = *piece;
            Stored { point, first, level, replicas: sample.count(), moments, kept }
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
        if !content.identity.is_sound() {
            return Err(Damage::Identity);
        }
        let Content { shard, of, .. } = content;
        if !((1..=MOST).contains(&of) && shard < of) {
            return Err(Damage::Share { shard, of });
        }
        check_blocks(&content.pieces)?;
        let piece = |stored: &Stored| {
            let sample = stored.sample().ok_or(Damage::Moments { point: stored.point, first: stored.first })?;
            Ok((Piece { point: stored.point, first: stored.first, level: stored.level }, sample))
        };
        Ok(Self {
            identity: content.identity.clone(),
            share: Share { index: content.shard, of: content.of },
            pieces: content.pieces.iter().map(piece).collect::<Result<_, Damage>>()?,
        })
    }

    /// Reads a file.
    pub fn read(path: &std::path::Path) -> Result<Self, Damage> {
        Self::from_text(&files::read(path).map_err(|error| Damage::Unreadable(error.reason))?)
    }
}

impl Stored {
    /// What its numbers say: moments, or as many rows of observables as there are replicas, of one length.
    fn sample(&self) -> Option<Sample> {
        if self.kept.is_empty() {
            let parts: Option<Vec<[f64; 4]>> =
                self.moments.iter().map(|text| from_hex(text)?.try_into().ok()).collect();
            return Moments::from_parts(self.replicas, &parts?).map(Sample::Moments);
        }
        let rows: Vec<Vec<f64>> = self.kept.iter().map(|text| from_hex(text)).collect::<Option<_>>()?;
        let sample = Sample::Kept(rows);
        let whole = self.moments.is_empty() && sample.count() == self.replicas && sample.observables().is_some();
        whole.then_some(sample)
    }
}

/// Refuses pieces that no sweep has: each is a complete subtree of blocks, holds as many replicas as fit into it, and comes after the one
/// before; all of one point see the same observables.
fn check_blocks(pieces: &[Stored]) -> Result<(), Damage> {
    let mut before: Option<(&Stored, u64)> = None;
    for (piece, stored) in pieces.iter().enumerate() {
        let &Stored { point, first, level, replicas, .. } = stored;
        let size = 1u64
            .checked_shl(level)
            .filter(|size| *size <= MOST_BLOCKS && first.is_multiple_of(*size) && first < MOST_BLOCKS);
        let follows = |(other, end): (&Stored, u64)| {
            other.point < point || (other.point == point && end <= first && other.moments.len() == stored.moments.len())
        };
        let fits = |size: u64| (1..=size * BLOCK_REPLICAS).contains(&replicas);
        match size {
            Some(size) if fits(size) && before.is_none_or(follows) => before = Some((stored, first + size)),
            _ => return Err(Damage::Piece { piece, point, first, level, replicas }),
        }
    }
    Ok(())
}

fn checksum(content: &Content) -> serde_json::Result<String> {
    Ok(digest([("shard", serde_json::to_string(content)?.as_bytes())]))
}

fn to_hex(numbers: &[f64]) -> String {
    numbers.iter().map(|number| format!("{:016x}", number.to_bits())).collect::<Vec<_>>().join(" ")
}

/// The numbers of a text; none where it is empty.
fn from_hex(text: &str) -> Option<Vec<f64>> {
    let number = |digits: &str| {
        let whole = digits.len() == 16 && digits.bytes().all(|digit| digit.is_ascii_hexdigit());
        if whole { u64::from_str_radix(digits, 16).ok().map(f64::from_bits) } else { None }
    };
    text.split(' ').filter(|_| !text.is_empty()).map(number).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    fn shard() -> Shard {
        let mut moments = Moments::default();
        for (replica, x) in [0.1, -3e-300, 2.0f64.sqrt(), 7e250].into_iter().enumerate() {
            moments.push(replica as u64, &[x.min(1e3), -x.min(1.0) / 3.0]).expect("finite");
        }
        let kept = Sample::Kept(vec![vec![0.1, f64::MAX, -0.0], vec![3.0, 5e-324, 1.0 / 3.0]]);
        let pieces = vec![
            (Piece { point: 0, first: 8, level: 3 }, Sample::Moments(moments)),
            (Piece { point: 1, first: 0, level: 0 }, kept),
        ];
        Shard { identity: Identity::new("x", "seed = 1\n", &[], "c0de"), share: Share { index: 3, of: 12 }, pieces }
    }

    #[test]
    fn bits_survive() {
        let shard = shard();
        let text = shard.to_text().expect("text");
        assert_eq!(Shard::from_text(&text).expect("whole"), shard);
        assert_eq!(name(shard.share), "shard-03-of-12.json");
    }

    /// The text with its content changed and the checksum that goes with it.
    fn sealed_again(text: &str, change: impl Fn(&mut Value)) -> Option<String> {
        let mut value: Value = serde_json::from_str(text).expect("JSON");
        change(&mut value["content"]);
        // numbers that the format cannot hold are refused without a checksum
        let content: Content = serde_json::from_value(value["content"].take()).ok()?;
        let sha256 = checksum(&content).expect("text");
        Some(serde_json::to_string(&Sealed { sha256, content }).expect("text"))
    }

    #[test]
    fn a_checksum_is_no_proof() {
        let text = shard().to_text().expect("text");
        let piece =
            |field: &'static str, value: Value| move |content: &mut Value| content["pieces"][0][field] = value.clone();
        let kept = |value: Value| move |content: &mut Value| content["pieces"][1]["kept"] = value.clone();
        let top = |field: &'static str, value: Value| move |content: &mut Value| content[field] = value.clone();
        let identity = |field: &'static str, value: &'static str| {
            move |content: &mut Value| content["identity"][field] = value.into()
        };
        let nan = format!("7ff8000000000000{}", " 0000000000000000".repeat(3));
        let negative = format!("0000000000000000 bff0000000000000{}", " 0000000000000000".repeat(2));
        type Change = Box<dyn Fn(&mut Value)>;
        let changes: Vec<(Change, &str)> = vec![
            (Box::new(top("of", json!(1_000_000_000u64))), "shard 3 of 1000000000, but there are 1 to 1000000 shards"),
            (Box::new(top("of", json!(0))), "shard 3 of 0"),
            (Box::new(top("shard", json!(12))), "shard 12 of 12"),
            (Box::new(top("format", json!(1))), "of format 1"),
            (Box::new(identity("experiment", "x\u{1b}[2J")), "experiment, digest or code"),
            (Box::new(identity("toml", "")), "experiment, digest or code"),
            (Box::new(identity("code", "\r")), "experiment, digest or code"),
            (Box::new(piece("level", json!(64))), "piece 0"),
            (Box::new(piece("level", json!(63))), "piece 0"),
            (Box::new(piece("level", json!(4))), "piece 0"),
            (Box::new(piece("first", json!(u64::MAX - 7))), "piece 0"),
            (Box::new(piece("replicas", json!(0))), "piece 0"),
            (Box::new(piece("replicas", json!(513))), "piece 0"),
            (Box::new(piece("moments", json!([nan]))), "holds no moments"),
            (Box::new(piece("moments", json!([negative]))), "holds no moments"),
            (Box::new(piece("moments", json!(["0 0 0 0"]))), "holds no moments"),
            (Box::new(piece("kept", json!(["0000000000000000"]))), "holds no moments"),
            (Box::new(kept(json!(["0000000000000000"]))), "point 1, block 0"),
            (Box::new(kept(json!(["0000000000000000", ""]))), "point 1, block 0"),
            (Box::new(kept(json!(["0000000000000000", "x"]))), "point 1, block 0"),
            (Box::new(piece("moments", json!(["+00000000000000 0 0"]))), "holds no moments"),
        ];
        for (change, message) in changes {
            let damaged = sealed_again(&text, change).expect("of the format");
            let error = Shard::from_text(&damaged).expect_err(message).to_string();
            assert!(error.contains(message), "{message}: {error}");
        }
        let twice = |content: &mut Value| {
            let piece = content["pieces"][0].clone();
            content["pieces"].as_array_mut().expect("a list").push(piece);
        };
        let error =
            Shard::from_text(&sealed_again(&text, twice).expect("of the format")).expect_err("twice").to_string();
        assert!(error.contains("piece 2"), "{error}");
        assert_eq!(Shard::from_text(&sealed_again(&text, |_| ()).expect("of the format")).expect("whole"), shard());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(400))]

        /// Whatever a file says under a right checksum, it is refused or within bounds.
        #[test]
        fn damage_that_is_sealed_again_stays_within_bounds(
            numbers in proptest::collection::vec(prop_oneof![Just(0), Just(u64::MAX), 0u64..100, 0u64..1 << 30, any::<u64>()], 7),
            which in 0usize..64,
            text in ".{0,40}",
            moments in proptest::collection::vec(prop_oneof!["[0-9a-f]{16}( [0-9a-f]{16}){3}", ".{0,70}"], 0..3),
        ) {
            let change = |content: &mut Value| {
                let mut next = numbers.iter().enumerate().filter(|(index, _)| which >> index & 1 == 1).map(|(_, n)| json!(n));
                for field in ["shard", "of"] {
                    next.next().into_iter().for_each(|number| content[field] = number);
                }
                for field in ["point", "first", "level", "replicas"] {
                    next.next().into_iter().for_each(|number| content["pieces"][0][field] = number);
                }
                if which % 3 == 0 {
                    content["identity"][["experiment", "toml", "code"][which % 9 / 3]] = json!(text);
                }
                if which % 5 == 0 {
                    content["pieces"][0]["moments"] = json!(moments);
                }
            };
            let Some(damaged) = sealed_again(&shard().to_text().expect("text"), change) else { return Ok(()) };
            if let Ok(shard) = Shard::from_text(&damaged) {
                prop_assert!(shard.share.index < shard.share.of && shard.share.of <= MOST);
                prop_assert!(shard.identity.is_sound() && name(shard.share).len() < 40);
                for (piece, sample) in &shard.pieces {
                    let blocks = piece.blocks();
                    prop_assert!(blocks.end <= 2 * MOST_BLOCKS && sample.count() > 0);
                    if let Sample::Moments(moments) = sample {
                        prop_assert!(moments.parts().iter().all(|[mean, ..]| mean.is_finite()));
                    }
                }
                // and is written as it was read
                let text = shard.to_text().expect("text");
                prop_assert_eq!(Shard::from_text(&text).expect("whole").to_text().expect("text"), text);
            }
        }
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

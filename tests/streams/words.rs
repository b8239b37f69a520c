//! Random words as the samplers use them, without end, on standard output: little-endian 64-bit words, or, for `normals`, doubles
//! `Phi(z)` of the normal numbers. For test batteries: `tests/streams/run`.

use neurodyn::numerics::elementary::normal_cdf;
use neurodyn::random::{Address, Role, Stream, fill_normals};
use std::io::Write;
use std::process::ExitCode;

/// How words follow each other: from one stream, or one word from each of addresses that differ in one part by 1.
const PATTERNS: &[&str] = &["stream", "seeds", "roles", "points", "replicas", "layers", "blocks", "normals"];
const SEED: u64 = 20_180_801;
const REPLICA: u64 = 5;
const WORDS: usize = 1 << 15;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(pattern) = arguments.first().filter(|pattern| PATTERNS.contains(&pattern.as_str())) else {
        eprintln!("words: say one of {}", PATTERNS.join(", "));
        return ExitCode::from(2);
    };
    // another stream, to try again what looked suspicious
    let replica = arguments.get(1).map_or(Ok(REPLICA), |replica| replica.parse());
    let Ok(replica) = replica else {
        eprintln!("words: the replica is a whole number");
        return ExitCode::from(2);
    };
    let mut source = Source::new(pattern, replica);
    let mut out = std::io::stdout().lock();
    let mut words = vec![0u64; WORDS];
    // until nobody reads
    loop {
        source.fill(&mut words);
        let bytes: Vec<u8> = words.iter().flat_map(|word| word.to_le_bytes()).collect();
        if out.write_all(&bytes).is_err() {
            return ExitCode::SUCCESS;
        }
    }
}

enum Source {
    One(Stream),
    Normals(Stream),
    Neighbours(fn(u64) -> Stream, u64),
}

/// A place in the middle of those that experiments use.
fn address() -> Address {
    Address { seed: SEED, role: Role::PREACTIVATIONS, point: 3, replica: REPLICA }
}

impl Source {
    fn new(pattern: &str, replica: u64) -> Self {
        let neighbour: fn(u64) -> Stream = match pattern {
            "stream" => return Self::One(Address { replica, ..address() }.stream(1, 0)),
            "normals" => return Self::Normals(address().stream(1, 0)),
            "seeds" => |i| Address { seed: SEED.wrapping_add(i), ..address() }.stream(1, 0),
            "roles" => |i| {
                // all roles, then the next replica
                let roles = Role::ALL.len() as u64;
                Address { role: Role::ALL[(i % roles) as usize], replica: i / roles, ..address() }.stream(1, 0)
            },
            "points" => |i| Address { point: i, ..address() }.stream(1, 0),
            "replicas" => |i| Address { replica: i, ..address() }.stream(1, 0),
            // layers and blocks are half a word each: then the next replica
            "layers" => |i| Address { replica: i >> 32, ..address() }.stream(i as u32, 0),
            _ => |i| Address { replica: i >> 32, ..address() }.stream(1, i as u32),
        };
        Self::Neighbours(neighbour, 0)
    }

    fn fill(&mut self, words: &mut [u64]) {
        match self {
            Self::One(stream) => stream.fill(words),
            Self::Normals(stream) => {
                let mut normals = vec![0.0; words.len()];
                fill_normals(stream, &mut normals);
                for (word, normal) in words.iter_mut().zip(normals) {
                    *word = normal_cdf(normal).to_bits();
                }
            }
            Self::Neighbours(stream, next) => {
                for word in words {
                    *word = stream(*next).word();
                    *next += 1;
                }
            }
        }
    }
}

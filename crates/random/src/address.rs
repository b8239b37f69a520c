//! Addresses of random draws. Nothing is added, hashed or drawn to make a sub-seed, so no two addresses collide.

use super::chacha::{BLOCK_WORDS, Blocks, Cipher, FEW};
use neurodyn_numerics::simd::{Level, dispatch, level};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// What the numbers are for: eight bytes, the last a digit that is bumped to change values on purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Role(pub [u8; 8]);

impl Role {
    /// A network as a whole; samplers replace it by the roles below.
    pub const NETWORK: Role = Role(*b"network1");
    /// Preactivations drawn by the macroscopic sampler.
    pub const PREACTIVATIONS: Role = Role(*b"preacts1");
    /// Rows of explicit weights, each followed by its bias.
    pub const WEIGHTS: Role = Role(*b"weights1");
    /// Coefficients of random input manifolds.
    pub const MANIFOLD: Role = Role(*b"manifld1");
    /// Examples of online learning, through order parameters.
    pub const EXAMPLES: Role = Role(*b"exampls1");
    /// Examples of online learning with explicit inputs.
    pub const EXPLICIT_EXAMPLES: Role = Role(*b"explexm1");
    /// Particles of free energies.
    pub const FREE_ENERGY: Role = Role(*b"freeeng1");
    /// Masks of dropout.
    pub const MASKS: Role = Role(*b"masksdr1");
    /// Normals of the way back, given the forward pass.
    pub const BACKWARD: Role = Role(*b"backwrd1");
    /// Errors at the end of a network, where the way back begins.
    pub const READOUT_ERRORS: Role = Role(*b"readerr1");
    /// Biases and images of directions of recurrent networks by their exact law.
    pub const RECURRENT: Role = Role(*b"recurrt1");
    /// Random starts of recurrent networks.
    pub const RECURRENT_STARTS: Role = Role(*b"recstrt1");
    /// Coefficients of random target functions.
    pub const EXPRESSIVITY: Role = Role(*b"express1");
    /// Labels of random dichotomies.
    pub const DICHOTOMIES: Role = Role(*b"paradox1");
    /// Every role.
    pub const ALL: &[Role] = &[
        Role::NETWORK,
        Role::PREACTIVATIONS,
        Role::WEIGHTS,
        Role::MANIFOLD,
        Role::EXAMPLES,
        Role::EXPLICIT_EXAMPLES,
        Role::FREE_ENERGY,
        Role::MASKS,
        Role::BACKWARD,
        Role::READOUT_ERRORS,
        Role::RECURRENT,
        Role::RECURRENT_STARTS,
        Role::EXPRESSIVITY,
        Role::DICHOTOMIES,
    ];
}

/// Where a family of streams of random numbers lives: the ChaCha key in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address {
    /// Seed of the experiment.
    pub seed: u64,
    /// What the numbers are for.
    pub role: Role,
    /// Index of the point of the experiment's grid.
    pub point: u64,
    /// Index of the replica.
    pub replica: u64,
}

impl Address {
    /// The same place for another purpose.
    pub fn with_role(self, role: Role) -> Self {
        Self { role, ..self }
    }

    /// `seed | role | point | replica`, numbers in little-endian order.
    pub fn key(&self) -> [u8; 32] {
        let mut key = [0; 32];
        let words = [self.seed.to_le_bytes(), self.role.0, self.point.to_le_bytes(), self.replica.to_le_bytes()];
        for (part, word) in key.chunks_exact_mut(8).zip(words) {
            part.copy_from_slice(&word);
        }
        key
    }

    /// The stream of one block of one layer: ChaCha8 with this key and the nonce `layer << 32 | block`.
    pub fn stream(&self, layer: u32, block: u32) -> Stream {
        let cipher = Cipher::new(&self.key(), u64::from(layer) << 32 | u64::from(block));
        Stream { cipher, next: 0, buffer: [0; BUFFER], used: BUFFER, generator: None }
    }
}

/// Words kept for those who ask for few at a time.
const BUFFER: usize = FEW * BLOCK_WORDS;

/// Words of one ChaCha8 stream, from its beginning.
#[derive(Debug, Clone)]
pub struct Stream {
    cipher: Cipher,
    /// The block after those in the buffer.
    next: u64,
    buffer: [u64; BUFFER],
    used: usize,
    /// What makes the words where vectors are narrow, and the block it stands at.
    generator: Option<(Box<ChaCha8Rng>, u64)>,
}

impl Stream {
    /// The next word.
    pub fn word(&mut self) -> u64 {
        if self.used == BUFFER {
            self.refill();
        }
        self.used += 1;
        self.buffer[self.used - 1]
    }

    /// The next words.
    pub fn fill(&mut self, words: &mut [u64]) {
        let kept = (BUFFER - self.used).min(words.len());
        let (start, rest) = words.split_at_mut(kept);
        start.copy_from_slice(&self.buffer[self.used..self.used + kept]);
        self.used += kept;
        let (whole, end) = rest.split_at_mut(rest.len() / BUFFER * BUFFER);
        self.blocks(whole);
        if !end.is_empty() {
            self.refill();
            end.copy_from_slice(&self.buffer[..end.len()]);
            self.used = end.len();
        }
    }

    fn refill(&mut self) {
        let mut buffer = [0; BUFFER];
        self.blocks(&mut buffer);
        self.buffer = buffer;
        self.used = 0;
    }

    /// The words of the next blocks, a multiple of [`FEW`]; the same words whichever way they are made.
    fn blocks(&mut self, words: &mut [u64]) {
        let first = self.next;
        self.next = first.wrapping_add((words.len() / BLOCK_WORDS) as u64);
        if matches!(level(), Level::Avx2 | Level::Avx512) {
            dispatch(Blocks { cipher: &self.cipher, first, words });
        } else if !words.is_empty() {
            let (generator, place) = self.generator.get_or_insert_with(|| (Box::new(self.cipher.generator()), 0));
            if *place != first {
                generator.set_word_pos(u128::from(first) * 16);
            }
            *place = self.next;
            let mut bytes = [0; 8 * BUFFER];
            for chunk in words.chunks_mut(BUFFER) {
                generator.fill_bytes(&mut bytes);
                for (word, bytes) in chunk.iter_mut().zip(bytes.as_chunks::<8>().0) {
                    *word = u64::from_le_bytes(*bytes);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_numerics::simd::Switch;
    use rand::SeedableRng;

    const ADDRESS: Address = Address { seed: 1, role: Role::NETWORK, point: 2, replica: 3 };

    #[test]
    fn the_key_is_the_address() {
        let key = ADDRESS.key();
        assert_eq!(&key[..8], &[1, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(&key[8..16], b"network1");
        assert_eq!((key[16], key[24]), (2, 3));
    }

    #[test]
    fn tags_end_in_a_digit_and_differ() {
        for (i, role) in Role::ALL.iter().enumerate() {
            assert!(role.0[7].is_ascii_digit());
            assert!(Role::ALL[..i].iter().all(|other| other != role));
        }
    }

    #[test]
    fn words_do_not_depend_on_how_they_are_asked_for() {
        let mut filled = [0; 200];
        ADDRESS.stream(4, 5).fill(&mut filled);
        let mut single = ADDRESS.stream(4, 5);
        assert!(filled.iter().all(|word| *word == single.word()));
        let mut parts = [0; 200];
        let mut stream = ADDRESS.stream(4, 5);
        for part in parts.chunks_mut(7) {
            stream.fill(part);
        }
        assert_eq!(parts, filled);
    }

    #[test]
    fn words_are_those_of_the_crate_on_every_path() {
        let switch = Switch::take();
        let mut expected = ChaCha8Rng::from_seed(ADDRESS.key());
        expected.set_stream(4 << 32 | 5);
        let mut stream = ADDRESS.stream(4, 5);
        for (round, length) in [3, 64, 1, 200, 60, 128, 7].into_iter().cycle().take(40).enumerate() {
            // the level may even change on the way
            let level = Level::available().nth(round % Level::available().count()).expect("a level");
            switch.to(level);
            let mut words = vec![0; length];
            stream.fill(&mut words);
            assert!(words.iter().all(|word| *word == expected.next_u64()), "{round} {level:?}");
            assert_eq!(stream.word(), expected.next_u64());
        }
    }

    #[test]
    fn layer_and_block_do_not_mix() {
        let first = |layer, block| ADDRESS.stream(layer, block).word();
        assert_ne!(first(0, 1), first(1, 0));
        assert_ne!(first(1, 0), first(1, 1));
    }
}

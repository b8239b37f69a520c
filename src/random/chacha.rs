//! ChaCha8 in bulk: the words of `rand_chacha`'s generator, block by block, computed for many blocks at once.
//!
//! One loop over independent blocks, each written out as scalar code, is what the compiler turns into vectors: at AVX2 and AVX-512 it is
//! up to twice as fast as the generator of the crate, which takes over below (`random/address.rs`). Tests hold the two together.

use crate::numerics::simd::Kernel;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Words in a block.
pub(super) const BLOCK_WORDS: usize = 8;
/// Blocks computed at once where there are as many to do.
const MANY: usize = 32;
/// Blocks computed at once otherwise; they make one chunk of normals.
pub(super) const FEW: usize = 8;

/// The four constants of ChaCha, "expand 32-byte k" in little-endian words.
const CONSTANTS: [u32; 4] = [0x6170_7865, 0x3320_646e, 0x7962_2d32, 0x6b20_6574];

/// Key and nonce of one stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cipher {
    pub key: [u32; 8],
    pub nonce: u64,
}

impl Cipher {
    pub fn new(key: &[u8; 32], nonce: u64) -> Self {
        let mut words = [0; 8];
        for (word, bytes) in words.iter_mut().zip(key.as_chunks::<4>().0) {
            *word = u32::from_le_bytes(*bytes);
        }
        Self { key: words, nonce }
    }

    /// The crate's generator of the same words.
    pub fn generator(&self) -> ChaCha8Rng {
        let mut key = [0; 32];
        for (bytes, word) in key.as_chunks_mut::<4>().0.iter_mut().zip(self.key) {
            *bytes = word.to_le_bytes();
        }
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(self.nonce);
        generator
    }
}

/// Writes the blocks from number `first` on; `words` holds a multiple of [`FEW`] blocks.
pub(super) struct Blocks<'a> {
    pub cipher: &'a Cipher,
    pub first: u64,
    pub words: &'a mut [u64],
}

impl Kernel for Blocks<'_> {
    type Output = ();

    #[inline(always)]
    fn run(self) {
        let mut block = self.first;
        let (many, rest) = self.words.as_chunks_mut::<{ MANY * BLOCK_WORDS }>();
        for words in many {
            blocks::<MANY>(self.cipher, block, words);
            block = block.wrapping_add(MANY as u64);
        }
        for words in rest.as_chunks_mut::<{ FEW * BLOCK_WORDS }>().0 {
            blocks::<FEW>(self.cipher, block, words);
            block = block.wrapping_add(FEW as u64);
        }
    }
}

#[inline(always)]
fn quarter_round(s: &mut [u32; 16], a: usize, b: usize, c: usize, d: usize) {
    s[a] = s[a].wrapping_add(s[b]);
    s[d] = (s[d] ^ s[a]).rotate_left(16);
    s[c] = s[c].wrapping_add(s[d]);
    s[b] = (s[b] ^ s[c]).rotate_left(12);
    s[a] = s[a].wrapping_add(s[b]);
    s[d] = (s[d] ^ s[a]).rotate_left(8);
    s[c] = s[c].wrapping_add(s[d]);
    s[b] = (s[b] ^ s[c]).rotate_left(7);
}

#[inline(always)]
fn double_round(s: &mut [u32; 16]) {
    for k in 0..4 {
        quarter_round(s, k, 4 + k, 8 + k, 12 + k);
    }
    for k in 0..4 {
        quarter_round(s, k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4);
    }
}

/// `N` blocks (D. J. Bernstein, "ChaCha, a variant of Salsa20", with 8 rounds, a 64-bit counter and a 64-bit nonce).
#[inline(always)]
fn blocks<const N: usize>(cipher: &Cipher, first: u64, words: &mut [u64]) {
    let [k0, k1, k2, k3, k4, k5, k6, k7] = cipher.key;
    let [c0, c1, c2, c3] = CONSTANTS;
    let (nonce_low, nonce_high) = (cipher.nonce as u32, (cipher.nonce >> 32) as u32);
    // word `k` of block `b` at `[k][b]`, so that the loop stores whole vectors
    let mut columns = [[0u64; N]; BLOCK_WORDS];
    let [w0, w1, w2, w3, w4, w5, w6, w7] = &mut columns;
    for b in 0..N {
        let counter = first.wrapping_add(b as u64);
        let (low, high) = (counter as u32, (counter >> 32) as u32);
        let start = [c0, c1, c2, c3, k0, k1, k2, k3, k4, k5, k6, k7, low, high, nonce_low, nonce_high];
        let mut s = start;
        // written out: a loop inside would keep the outer one from becoming vectors
        double_round(&mut s);
        double_round(&mut s);
        double_round(&mut s);
        double_round(&mut s);
        let word = |k: usize| {
            u64::from(s[2 * k].wrapping_add(start[2 * k]))
                | u64::from(s[2 * k + 1].wrapping_add(start[2 * k + 1])) << 32
        };
        w0[b] = word(0);
        w1[b] = word(1);
        w2[b] = word(2);
        w3[b] = word(3);
        w4[b] = word(4);
        w5[b] = word(5);
        w6[b] = word(6);
        w7[b] = word(7);
    }
    for (b, block) in words.as_chunks_mut::<BLOCK_WORDS>().0.iter_mut().enumerate().take(N) {
        for k in 0..BLOCK_WORDS {
            block[k] = columns[k][b];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numerics::simd::{Level, dispatch_at};
    use rand::Rng;

    #[test]
    fn the_words_are_those_of_the_crate_at_every_level() {
        for (byte, nonce, first) in [(0, 0, 0), (7, 5, 3), (250, u64::MAX, u64::from(u32::MAX) - 9)] {
            let key: [u8; 32] = std::array::from_fn(|i| i as u8 ^ byte);
            let mut generator = ChaCha8Rng::from_seed(key);
            generator.set_stream(nonce);
            generator.set_word_pos(u128::from(first) * 16);
            let mut expected = vec![0u64; 64 * 21];
            expected.iter_mut().for_each(|word| *word = generator.next_u64());
            for level in Level::available() {
                let mut words = vec![0; expected.len()];
                dispatch_at(level, Blocks { cipher: &Cipher::new(&key, nonce), first, words: &mut words });
                assert_eq!(words, expected, "{level:?}");
            }
        }
    }
}

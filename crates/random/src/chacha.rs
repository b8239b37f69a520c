//! ChaCha8 in bulk: the words of `rand_chacha`'s generator, block by block, computed for many blocks at once.
//!
//! One loop over independent blocks, each written out as scalar code, is what the compiler turns into vectors: at AVX2 and AVX-512 it is
//! up to twice as fast as the generator of the crate, which takes over below (`random/address.rs`). Tests hold the two together.

use neurodyn_numerics::simd::Kernel;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Words in a block.
pub(super) const BLOCK_WORDS: usize = 8;
/// Blocks computed at once where there are as many to do.
const MANY: usize = 16;
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
    let (first_low, first_high) = (first as u32, (first >> 32) as u32);
    // half word `k` of block `b` at `[k][b]`: nothing wider than 32 bits in the loop, so that its vectors are full
    let mut rows = [[0u32; N]; 2 * BLOCK_WORDS];
    let [r0, r1, r2, r3, r4, r5, r6, r7, r8, r9, r10, r11, r12, r13, r14, r15] = &mut rows;
    for b in 0..N {
        let low = first_low.wrapping_add(b as u32);
        let high = first_high.wrapping_add(u32::from(low < first_low));
        let start = [c0, c1, c2, c3, k0, k1, k2, k3, k4, k5, k6, k7, low, high, nonce_low, nonce_high];
        let mut s = start;
        // written out: a loop inside would keep the outer one from becoming vectors
        double_round(&mut s);
        double_round(&mut s);
        double_round(&mut s);
        double_round(&mut s);
        for k in 0..16 {
            s[k] = s[k].wrapping_add(start[k]);
        }
        [r0[b], r1[b], r2[b], r3[b], r4[b], r5[b], r6[b], r7[b]] = [s[0], s[1], s[2], s[3], s[4], s[5], s[6], s[7]];
        [r8[b], r9[b], r10[b], r11[b], r12[b], r13[b], r14[b], r15[b]] =
            [s[8], s[9], s[10], s[11], s[12], s[13], s[14], s[15]];
    }
    for (b, block) in words.as_chunks_mut::<BLOCK_WORDS>().0.iter_mut().enumerate().take(N) {
        for k in 0..BLOCK_WORDS {
            block[k] = u64::from(rows[2 * k][b]) | u64::from(rows[2 * k + 1][b]) << 32;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_numerics::simd::{Level, dispatch_at};
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

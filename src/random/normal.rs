//! Standard normal and uniform numbers from random words.
//!
//! Box-Muller in chunks of [`CHUNK`] words. With `k < CHUNK / 2`, words `a = w[k]` and `b = w[CHUNK/2 + k]` of a chunk give
//!
//! ```text
//! u = 1 - (a >> 12) 2^-52  in (0, 1],     v = (b >> 12) 2^-52  in [0, 1),     r = sqrt(-2 ln u)
//! z[k] = r cos(2 pi v),     z[CHUNK/2 + k] = r sin(2 pi v)
//! ```
//!
//! `|z|` is at most `sqrt(104 ln 2) = 8.4906`; a true normal exceeds that with probability 2.1e-17. The logarithm is within
//! 0.8 ulp, sine and cosine within 1.7 ulp.

use super::Stream;
use crate::numerics::elementary::{ln_normal_positive, sin_cos_two_pi};
use crate::numerics::simd::{Kernel, Level, dispatch, dispatch_at};

/// Number of words that make as many normals at once.
pub const CHUNK: usize = 64;
const HALF: usize = CHUNK / 2;

/// Bits of 1.0; or-ing 52 random bits into it gives a number in `[1, 2)`.
const ONE: u64 = 0x3ff0_0000_0000_0000;

/// Uniform on `[0, 1)` from the leading 53 bits.
#[inline(always)]
pub fn uniform(word: u64) -> f64 {
    (word >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
}

/// The normals of one chunk of words.
#[inline(always)]
pub fn normals_from_words(words: &[u64; CHUNK], normals: &mut [f64; CHUNK]) {
    let (radius, angle) = words.split_at(HALF);
    let (cosines, sines) = normals.split_at_mut(HALF);
    for k in 0..HALF {
        let u = 2.0 - f64::from_bits(ONE | radius[k] >> 12);
        let v = f64::from_bits(ONE | angle[k] >> 12) - 1.0;
        let r = (-2.0 * ln_normal_positive(u)).sqrt();
        let (sin, cos) = sin_cos_two_pi(v);
        cosines[k] = r * cos;
        sines[k] = r * sin;
    }
}

/// The normals of a stream, one by one; the same values as [`fill_normals`].
#[derive(Debug, Clone)]
pub struct Normals {
    stream: Stream,
    chunk: [f64; CHUNK],
    used: usize,
}

impl Normals {
    /// Normals from the next words of the stream.
    pub fn new(stream: Stream) -> Self {
        Self { stream, chunk: [0.0; CHUNK], used: CHUNK }
    }
}

impl Iterator for Normals {
    type Item = f64;

    fn next(&mut self) -> Option<f64> {
        if self.used == CHUNK {
            let mut words = [0; CHUNK];
            self.stream.fill(&mut words);
            normals_from_words(&words, &mut self.chunk);
            self.used = 0;
        }
        self.used += 1;
        Some(self.chunk[self.used - 1])
    }
}

struct Fill<'a> {
    stream: &'a mut Stream,
    normals: &'a mut [f64],
}

impl Kernel for Fill<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let mut words = [0; CHUNK];
        let (chunks, rest) = self.normals.as_chunks_mut::<CHUNK>();
        for chunk in chunks {
            self.stream.fill(&mut words);
            normals_from_words(&words, chunk);
        }
        if !rest.is_empty() {
            let mut chunk = [0.0; CHUNK];
            self.stream.fill(&mut words);
            normals_from_words(&words, &mut chunk);
            rest.copy_from_slice(&chunk[..rest.len()]);
        }
    }
}

/// Fills a slice with standard normals at the active SIMD level. Whole chunks of words are used up.
pub fn fill_normals(stream: &mut Stream, normals: &mut [f64]) {
    dispatch(Fill { stream, normals });
}

/// [`fill_normals`] at a given level, for tests and benchmarks.
pub fn fill_normals_at(level: Level, stream: &mut Stream, normals: &mut [f64]) {
    dispatch_at(level, Fill { stream, normals });
}

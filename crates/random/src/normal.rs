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
//! 0.8 ulp, sine and cosine within 1.4 ulp.

use super::Stream;
use neurodyn_numerics::elementary::within::{Parted, sin_cos_two_pi};
use neurodyn_numerics::simd::{Kernel, Level, dispatch, dispatch_at};

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
    // in stages: one loop would wait for its longest chain, since fewer of its rounds fit into the processor's window; until the last
    // stage, the places of the normals hold parts of logarithms
    let mut squares = [0.0; HALF];
    for k in 0..HALF {
        let parted = Parted::new(2.0 - f64::from_bits(ONE | radius[k] >> 12));
        (cosines[k], sines[k], squares[k]) = (parted.k, parted.f, parted.s);
    }
    for k in 0..HALF {
        squares[k] = -2.0 * Parted { k: cosines[k], f: sines[k], s: squares[k] }.ln();
    }
    for k in 0..HALF {
        let v = f64::from_bits(ONE | angle[k] >> 12) - 1.0;
        let (sin, cos) = sin_cos_two_pi(v);
        let r = squares[k].sqrt();
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
            fill_normals(&mut self.stream, &mut self.chunk);
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
        let mut words = [0; 4 * CHUNK];
        for normals in self.normals.chunks_mut(words.len()) {
            let words = &mut words[..normals.len().next_multiple_of(CHUNK)];
            self.stream.fill(words);
            let words = words.as_chunks().0;
            let (chunks, rest) = normals.as_chunks_mut();
            for (words, normals) in words.iter().zip(chunks) {
                normals_from_words(words, normals);
            }
            if let (false, Some(words)) = (rest.is_empty(), words.last()) {
                let mut chunk = [0.0; CHUNK];
                normals_from_words(words, &mut chunk);
                rest.copy_from_slice(&chunk[..rest.len()]);
            }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Address, Role};
    use neurodyn_numerics::elementary::normal_cdf;
    use neurodyn_numerics::statistics::{kolmogorov_smirnov, normal_critical};

    /// Chance that one of the statistical tests below fails although all is well. Seeds are fixed, so they do not flicker.
    const FALSE_ALARM: f64 = 1e-4;

    fn address(replica: u64) -> Address {
        Address { seed: 7, role: Role::NETWORK, point: 0, replica }
    }

    fn draw(address: &Address, layer: u32, block: u32, count: usize) -> Vec<f64> {
        let mut normals = vec![0.0; count];
        fill_normals(&mut address.stream(layer, block), &mut normals);
        normals
    }

    #[test]
    fn every_level_and_the_scalar_view_give_the_same_bits() {
        let mut scalar = vec![0.0; 5000];
        fill_normals_at(Level::Scalar, &mut address(0).stream(0, 0), &mut scalar);
        for level in Level::available() {
            let mut found = vec![0.0; 5000];
            fill_normals_at(level, &mut address(0).stream(0, 0), &mut found);
            assert!(found.iter().zip(&scalar).all(|(a, b)| a.to_bits() == b.to_bits()), "{level:?}");
        }
        let single: Vec<f64> = Normals::new(address(0).stream(0, 0)).take(5000).collect();
        assert_eq!(single, scalar);
    }

    #[test]
    fn extreme_words_give_finite_normals() {
        for (radius, angle, size) in
            [(0, 0, 0.0), (u64::MAX, 0, (104.0 * std::f64::consts::LN_2).sqrt()), (u64::MAX, u64::MAX, 8.49)]
        {
            let mut words = [radius; CHUNK];
            words[HALF..].fill(angle);
            let mut normals = [f64::NAN; CHUNK];
            normals_from_words(&words, &mut normals);
            assert!((normals[0] - size).abs() <= 1e-2 * size && normals[HALF].abs() < 1e-10, "{normals:?}");
        }
        assert_eq!((uniform(0), uniform(u64::MAX)), (0.0, 1.0 - f64::EPSILON / 2.0));
    }

    #[test]
    fn normals_follow_the_normal_law() {
        let mut normals = draw(&address(1), 0, 0, 1 << 18);
        let n = normals.len() as f64;
        // exact variances of the sample moments: 1, 2, 15, 96 over n
        for (power, mean, variance) in [(1, 0.0, 1.0), (2, 1.0, 2.0), (3, 0.0, 15.0), (4, 3.0, 96.0)] {
            let moment = normals.iter().map(|z| (0..power).fold(1.0, |p, _| p * z)).sum::<f64>() / n;
            let deviation = (moment - mean) / (variance / n).sqrt();
            assert!(deviation.abs() < normal_critical(FALSE_ALARM / 4.0), "moment {power}: {deviation} sd");
        }
        normals.sort_by(f64::total_cmp);
        assert!(kolmogorov_smirnov(&normals, normal_cdf).p_value > FALSE_ALARM);
        // and the test would see a scale that is off by 3 %
        assert!(kolmogorov_smirnov(&normals, |z| normal_cdf(1.03 * z)).p_value < FALSE_ALARM);
    }

    #[test]
    fn neighbouring_addresses_and_places_are_uncorrelated() {
        const N: usize = 1 << 16;
        let base = draw(&address(0), 3, 5, N);
        let others = [
            draw(&address(1), 3, 5, N),
            draw(&address(0), 4, 5, N),
            draw(&address(0), 3, 6, N),
            draw(&Address { point: 1, ..address(0) }, 3, 5, N),
            draw(&Address { seed: 8, ..address(0) }, 3, 5, N),
            draw(&address(0).with_role(Role::WEIGHTS), 3, 5, N),
        ];
        let lagged = [1, 2, HALF, CHUNK].map(|lag| base[lag..].to_vec());
        let limit = normal_critical(FALSE_ALARM / 20.0);
        for (index, other) in others.iter().chain(&lagged).enumerate() {
            // of the values, and of their squares (variance 4 for a product of centred squares)
            let plain: f64 = base.iter().zip(other).map(|(a, b)| a * b).sum();
            let squares: f64 = base.iter().zip(other).map(|(a, b)| (a * a - 1.0) * (b * b - 1.0)).sum();
            let root = (other.len() as f64).sqrt();
            assert!(plain.abs() < limit * root, "{index}: {}", plain / root);
            assert!(squares.abs() < 2.0 * limit * root, "{index}: squares {}", squares / (2.0 * root));
        }
    }

    #[test]
    fn uniforms_are_uniform() {
        let mut stream = address(2).stream(0, 0);
        let mut values: Vec<f64> = (0..100_000).map(|_| uniform(stream.word())).collect();
        values.sort_by(f64::total_cmp);
        assert!(kolmogorov_smirnov(&values, |u| u).p_value > FALSE_ALARM);
    }
}

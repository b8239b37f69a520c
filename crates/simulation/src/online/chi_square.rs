//! Draws of `chi^2`, by Marsaglia and Tsang (2000) for two and more degrees of freedom.

use neurodyn_numerics::elementary::within::ln;
use neurodyn_numerics::simd::{Kernel, dispatch};
use neurodyn_random::{CHUNK, Stream, fill_normals, uniform};

/// A sequence of draws. Candidates are made and judged [`CHUNK`] at a time; those accepted are the draws, in order.
pub struct ChiSquare {
    freedom: u64,
    normals: Stream,
    uniforms: Stream,
    /// Draws at hand, the next one last.
    ready: Vec<f64>,
}

impl ChiSquare {
    /// Draws with this many degrees of freedom.
    pub fn new(freedom: u64, normals: Stream, uniforms: Stream) -> Self {
        Self { freedom, normals, uniforms, ready: Vec::with_capacity(CHUNK) }
    }

    /// The next draw.
    pub fn draw(&mut self) -> f64 {
        if self.freedom == 0 {
            return 0.0;
        }
        loop {
            if let Some(value) = self.ready.pop() {
                return value;
            }
            self.refill();
        }
    }

    fn refill(&mut self) {
        let mut values = [0.0; CHUNK];
        fill_normals(&mut self.normals, &mut values);
        if self.freedom == 1 {
            self.ready.extend(values.iter().rev().map(|z| z * z));
            return;
        }
        let mut words = [0; CHUNK];
        self.uniforms.fill(&mut words);
        let mut accepted = [false; CHUNK];
        dispatch(Judge { freedom: self.freedom, words: &words, values: &mut values, accepted: &mut accepted });
        self.ready.extend(values.iter().zip(accepted).rev().filter(|(_, accepted)| *accepted).map(|(value, _)| value));
    }
}

/// Turns normals into candidates, and says which ones are accepted.
struct Judge<'a> {
    freedom: u64,
    words: &'a [u64; CHUNK],
    values: &'a mut [f64; CHUNK],
    accepted: &'a mut [bool; CHUNK],
}

impl Kernel for Judge<'_> {
    type Output = ();
    #[inline(always)]
    fn run(self) {
        let d = 0.5 * self.freedom as f64 - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        for k in 0..CHUNK {
            let x = self.values[k];
            let root = 1.0 + c * x;
            let v = root * root * root;
            // the logarithm of what is not positive compares as false
            self.accepted[k] = ln(uniform(self.words[k])) < 0.5 * x * x + d - d * v + d * ln(v);
            self.values[k] = 2.0 * d * v;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_numerics::statistics::{mean_and_stderr, variance_and_stderr};
    use neurodyn_random::{Address, Role};

    #[test]
    fn chi_squares_have_their_moments() {
        for freedom in [1u64, 2, 3, 7, 50, 1000] {
            let at = Address { seed: 6, role: Role::NETWORK, point: 0, replica: freedom };
            let mut chi = ChiSquare::new(freedom, at.stream(1, 0), at.stream(2, 0));
            let values: Vec<f64> = (0..40_000).map(|_| chi.draw()).collect();
            let n = freedom as f64;
            for ((found, stderr), exact) in [(mean_and_stderr(&values), n), (variance_and_stderr(&values), 2.0 * n)] {
                let z = (found - exact) / stderr.expect("many");
                assert!(z.abs() < 4.5, "{freedom}: {found} against {exact}, {z}");
            }
        }
    }

    #[test]
    fn no_freedom_no_length() {
        let at = Address { seed: 6, role: Role::NETWORK, point: 0, replica: 0 };
        assert_eq!(ChiSquare::new(0, at.stream(1, 0), at.stream(2, 0)).draw(), 0.0);
    }
}

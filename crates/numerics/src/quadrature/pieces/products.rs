//! Products of value, slope and bend on one panel, and how well 16 points integrate them.

/// Products have lost digits to underflow below.
const NOTHING: f64 = 1e-280;
/// Number of products of up to four of value, slope and bend.
pub(super) const PRODUCTS: usize = 34;

/// Their exponents.
pub(super) const EXPONENTS: [[usize; 3]; PRODUCTS] = {
    let mut all = [[0; 3]; PRODUCTS];
    let (mut n, mut i) = (0, 0);
    while i <= 4 {
        let mut j = 0;
        while i + j <= 4 {
            let mut k = 0;
            while i + j + k <= 4 {
                if i + j + k > 0 {
                    all[n] = [i, j, k];
                    n += 1;
                }
                k += 1;
            }
            j += 1;
        }
        i += 1;
    }
    all
};

/// The products on a panel of one side.
#[derive(Debug, Clone)]
pub(super) struct Sums {
    /// Integrals.
    value: [f64; PRODUCTS],
    /// Integrals of magnitudes.
    pub(super) size: [f64; PRODUCTS],
    /// What rounding of the nodes may make of them.
    noise: [f64; PRODUCTS],
    /// Largest magnitudes of value, slope and bend.
    peak: [f64; 3],
    pub(super) finite: bool,
}

/// How 16 points on the whole compare with those on its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Resolved,
    /// To what the digits of the formula may allow.
    Noisy,
    Coarse,
}

impl Sums {
    /// From the values at 16 places, with weights on `[0, 1]`; `breaks` are distances as `places` are.
    pub(super) fn new(places: &[f64], weights: &[f64], width: f64, values: &[[f64; 3]; 16], breaks: &[f64]) -> Self {
        let mut sums = Self {
            value: [0.0; PRODUCTS],
            size: [0.0; PRODUCTS],
            noise: [0.0; PRODUCTS],
            peak: [0.0; 3],
            finite: true,
        };
        for value in values {
            for k in 0..3 {
                sums.peak[k] = sums.peak[k].max(value[k].abs());
            }
        }
        let ratio = if sums.peak[1] > 0.0 { sums.peak[2] / sums.peak[1] } else { 0.0 };
        for ((&place, value), weight) in places.iter().zip(values).zip(weights) {
            let break_nearby = breaks.iter().map(|b| 1.0 / (b - place).abs()).fold(0.0, f64::max);
            // how fast value, slope and bend change: of the bend's own slope there is only this guess
            let rate = [value[1].abs(), value[2].abs(), value[2].abs() * ratio.max(break_nearby)];
            let mut powers = [[1.0; 5]; 3];
            for k in 0..3 {
                for n in 1..5 {
                    powers[k][n] = powers[k][n - 1] * value[k];
                }
            }
            for (p, exponents) in EXPONENTS.iter().enumerate() {
                let power = |k: usize, less: usize| powers[k][exponents[k] - less];
                let product = power(0, 0) * power(1, 0) * power(2, 0);
                let mut change = 0.0;
                for k in (0..3).filter(|&k| exponents[k] > 0) {
                    let others = power((k + 1) % 3, 0) * power((k + 2) % 3, 0);
                    change += exponents[k] as f64 * (power(k, 1) * others).abs() * rate[k];
                }
                sums.value[p] += width * weight * product;
                sums.size[p] += width * weight * product.abs();
                sums.noise[p] += width * weight * f64::EPSILON * place * change;
            }
        }
        sums.finite = sums.size.iter().all(|size| size.is_finite());
        sums.noise.iter_mut().filter(|noise| !noise.is_finite()).for_each(|noise| *noise = 0.0);
        sums
    }

    /// How this whole compares with its parts. `inside` is what lies further in; errors of `least` pass, and products that need not be
    /// resolved do.
    pub(super) fn compare(
        &self,
        parts: [&Self; 2],
        inside: &Inside,
        width: f64,
        least: &[f64; PRODUCTS],
        free: &[bool; PRODUCTS],
    ) -> Verdict {
        let mut verdict = Verdict::Resolved;
        let peak = |k: usize| inside.peak[k].max(self.peak[k]).max(parts[0].peak[k]).max(parts[1].peak[k]);
        for (p, exponents) in EXPONENTS.iter().enumerate().filter(|&(p, _)| !free[p]) {
            let error = (parts[0].value[p] + parts[1].value[p] - self.value[p]).abs();
            let size = parts[0].size[p] + parts[1].size[p];
            let noise = parts[0].noise[p] + parts[1].noise[p];
            if error <= 1e-14 * size + 2e-15 * inside.size[p] + 2.0 * noise + least[p] || size <= NOTHING {
                continue;
            }
            let power = |k: usize| (0..exponents[k]).fold(1.0, |power, _| power * peak(k));
            // written so that NaN is coarse
            if error <= 1e-12 * size || error <= 1e-14 * width * power(0) * power(1) * power(2) {
                verdict = Verdict::Noisy;
            } else {
                return Verdict::Coarse;
            }
        }
        verdict
    }
}

/// What lies between the origin and a panel.
#[derive(Debug, Clone)]
pub(super) struct Inside {
    /// Integrals of magnitudes.
    size: [f64; PRODUCTS],
    /// Largest magnitudes of value, slope and bend.
    peak: [f64; 3],
}

impl Inside {
    pub(super) fn nothing() -> Self {
        Self { size: [0.0; PRODUCTS], peak: [0.0; 3] }
    }

    pub(super) fn add(&mut self, sums: &Sums) {
        self.size.iter_mut().zip(&sums.size).for_each(|(size, new)| *size += new);
        self.peak.iter_mut().zip(&sums.peak).for_each(|(peak, new)| *peak = peak.max(*new));
    }
}

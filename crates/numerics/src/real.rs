//! Numbers that formulas are written for once and evaluated with twice: `f64`, and [`Series`], which carries a formula's
//! first and second derivative along a line.

use super::elementary::ln;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// What a formula needs of a number.
pub trait Real:
    Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Div<Output = Self> + Neg<Output = Self>
{
    /// A constant.
    fn constant(value: f64) -> Self;
    /// Natural logarithm.
    fn ln(self) -> Self;
    /// Square root.
    fn sqrt(self) -> Self;
    /// The number itself, derivatives dropped.
    fn value(self) -> f64;
}

impl Real for f64 {
    fn constant(value: f64) -> Self {
        value
    }

    fn ln(self) -> Self {
        ln(self)
    }

    fn sqrt(self) -> Self {
        self.sqrt()
    }

    fn value(self) -> f64 {
        self
    }
}

/// `f(t) = value + first t + second t^2 + O(t^3)`: a Taylor series cut after the square. Exact but for rounding.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Series {
    /// `f(0)`.
    pub value: f64,
    /// `f'(0)`.
    pub first: f64,
    /// `f''(0) / 2`.
    pub second: f64,
}

impl Add for Series {
    type Output = Self;
    fn add(self, b: Self) -> Self {
        Self { value: self.value + b.value, first: self.first + b.first, second: self.second + b.second }
    }
}

impl Sub for Series {
    type Output = Self;
    fn sub(self, b: Self) -> Self {
        Self { value: self.value - b.value, first: self.first - b.first, second: self.second - b.second }
    }
}

impl Neg for Series {
    type Output = Self;
    fn neg(self) -> Self {
        Self { value: -self.value, first: -self.first, second: -self.second }
    }
}

impl Mul for Series {
    type Output = Self;
    fn mul(self, b: Self) -> Self {
        Self {
            value: self.value * b.value,
            first: self.value * b.first + self.first * b.value,
            second: self.value * b.second + self.first * b.first + self.second * b.value,
        }
    }
}

impl Div for Series {
    type Output = Self;
    fn div(self, b: Self) -> Self {
        let value = self.value / b.value;
        let first = (self.first - value * b.first) / b.value;
        Self { value, first, second: (self.second - value * b.second - first * b.first) / b.value }
    }
}

impl Real for Series {
    fn constant(value: f64) -> Self {
        Self { value, first: 0.0, second: 0.0 }
    }

    fn ln(self) -> Self {
        let first = self.first / self.value;
        Self { value: ln(self.value), first, second: self.second / self.value - 0.5 * first * first }
    }

    fn sqrt(self) -> Self {
        let value = self.value.sqrt();
        let first = 0.5 * self.first / value;
        Self { value, first, second: 0.5 * (self.second - first * first) / value }
    }

    fn value(self) -> f64 {
        self.value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn formula<R: Real>(x: R, y: R) -> R {
        let one = R::constant(1.0);
        (x * y + one).ln() / (x.sqrt() - -y * y) - x / y
    }

    #[test]
    fn derivatives_are_difference_quotients() {
        let (dx, dy) = (0.7, -0.4);
        let line = |t: f64| formula(1.3 + dx * t, 0.8 + dy * t);
        let series =
            formula(Series { value: 1.3, first: dx, second: 0.0 }, Series { value: 0.8, first: dy, second: 0.0 });
        let h = 1e-3;
        let first = (8.0 * (line(h) - line(-h)) - (line(2.0 * h) - line(-2.0 * h))) / (12.0 * h);
        let second = (line(h) + line(-h) - 2.0 * line(0.0)) / (h * h);
        assert_eq!(series.value(), line(0.0));
        assert!((series.first - first).abs() < 1e-10, "{} {first}", series.first);
        assert!((2.0 * series.second - second).abs() < 1e-5, "{} {second}", series.second);
    }
}

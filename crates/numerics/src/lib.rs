//! Numerical methods that know nothing of networks. Everything here gives the same bits on every machine.

pub mod comparison;
pub mod convex;
pub mod elementary;
pub mod empirical;
pub mod extrapolation;
pub mod fused;
pub mod interpolation;
pub mod linalg;
pub mod maximum;
pub mod monomials;
pub mod ode;
pub mod processor;
pub mod product;
pub mod quadrature;
pub mod quantity;
pub mod real;
pub mod roots;
pub mod simd;
pub mod spacing;
pub mod spread;
pub mod statistics;
pub mod sum;
pub mod vector;

//! The slow manifold near the singular region of two units, with `(v, w)` at their fast equilibrium.

use neurodyn_numerics::elementary::ln;

/// Adiabatic law of the slow trajectories, `|u|^2 - y^2 / 2 + w*^2 ln |y| = const` with `y = w_2 - w_1 = z w`: `|u|^2` at `z`, given a point
/// `(z_0, |u_0|^2)` of the trajectory and `w = w*`. `(v, w)` follow `(u, z)` at every moment; true to leading order in `|u|`.
pub fn adiabatic_law(w: f64, (z_0, square_0): (f64, f64), z: f64) -> f64 {
    let potential = |z: f64| 0.5 * z * z * w * w - w * w * ln((z * w).abs());
    square_0 + potential(z) - potential(z_0)
}

/// The frozen-coordinate law, `|u|^2 = (4 w*^2 / 3) ln((z^2 + 3)^2 / |z|) + const`, as we transcribe it from the literature (Wei et al. 2008;
/// Cousseau et al. 2008; Amari 2016, chapter 12): `(v, w)` are frozen at their values on the singular region, which misses shifts of
/// `v` of order `|u|` and of `w` of order `|u|^2` that move `z` as much.
pub fn frozen_law(w: f64, (z_0, square_0): (f64, f64), z: f64) -> f64 {
    let potential = |z: f64| {
        let sum = z * z + 3.0;
        4.0 / 3.0 * w * w * (2.0 * ln(sum) - ln(z.abs()))
    };
    square_0 + potential(z) - potential(z_0)
}

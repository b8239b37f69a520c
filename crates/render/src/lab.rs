//! How colours look: CIELAB (D65) of sRGB and back, on the project's own elementary functions.

use neurodyn_numerics::elementary::{exp, ln};
use plotters::style::RGBColor;

const WHITE: [f64; 3] = [0.950_47, 1.0, 1.088_83];
const TO_XYZ: [[f64; 3]; 3] = [
    [0.412_456_4, 0.357_576_1, 0.180_437_5],
    [0.212_672_9, 0.715_152_2, 0.072_175_0],
    [0.019_333_9, 0.119_192_0, 0.950_304_1],
];
const FROM_XYZ: [[f64; 3]; 3] = [
    [3.240_454_2, -1.537_138_5, -0.498_531_4],
    [-0.969_266_0, 1.876_010_8, 0.041_556_0],
    [0.055_643_4, -0.204_025_9, 1.057_225_2],
];
/// Where the cube root of CIELAB ends in a straight line.
const EDGE: f64 = 216.0 / 24389.0;
const SLOPE: f64 = 24389.0 / 27.0;

fn power(base: f64, exponent: f64) -> f64 {
    if base > 0.0 { exp(exponent * ln(base)) } else { 0.0 }
}

fn times(matrix: &[[f64; 3]; 3], vector: [f64; 3]) -> [f64; 3] {
    matrix.map(|row| row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2])
}

/// Linear light of a colour.
pub(super) fn linear(colour: RGBColor) -> [f64; 3] {
    [colour.0, colour.1, colour.2].map(|channel| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { power((value + 0.055) / 1.055, 2.4) }
    })
}

/// Lightness and the two opponent axes of linear light.
pub(super) fn lab(light: [f64; 3]) -> [f64; 3] {
    let xyz = times(&TO_XYZ, light);
    let bent = |i: usize| {
        let ratio = xyz[i] / WHITE[i];
        if ratio > EDGE { power(ratio, 1.0 / 3.0) } else { (SLOPE * ratio + 16.0) / 116.0 }
    };
    let (x, y, z) = (bent(0), bent(1), bent(2));
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

/// Lightness of a colour, 0 to 100.
pub(super) fn lightness(colour: RGBColor) -> f64 {
    lab(linear(colour))[0]
}

/// The nearest colour of the screen.
pub(super) fn colour([lightness, a, b]: [f64; 3]) -> RGBColor {
    let y = (lightness + 16.0) / 116.0;
    let unbent = |t: f64| if t * t * t > EDGE { t * t * t } else { (116.0 * t - 16.0) / SLOPE };
    let light =
        times(&FROM_XYZ, [WHITE[0] * unbent(y + a / 500.0), WHITE[1] * unbent(y), WHITE[2] * unbent(y - b / 200.0)]);
    let [r, g, b] = light.map(|value| {
        let value = value.clamp(0.0, 1.0);
        let coded = if value <= 0.003_130_8 { 12.92 * value } else { 1.055 * power(value, 1.0 / 2.4) - 0.055 };
        (coded * 255.0).round() as u8
    });
    RGBColor(r, g, b)
}

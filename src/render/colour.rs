//! Colours: a palette whose lightness rises so that it survives grey print, a ramp, phases, and colour maps.

use crate::figure::{Colour, ColourMap};
use plotters::style::RGBColor;

/// Near black, for text, axes and lone series.
pub(super) const INK: RGBColor = RGBColor(26, 26, 26);
/// Guides and neutral legend entries.
pub(super) const GREY: RGBColor = RGBColor(110, 110, 110);
/// Guide bands.
pub(super) const PALE: RGBColor = RGBColor(232, 232, 232);
/// Paper.
pub(super) const WHITE: RGBColor = RGBColor(255, 255, 255);

/// Okabe and Ito's hues, made darker or lighter so that neighbours differ in lightness too.
const DISTINCT: [RGBColor; 7] = [
    RGBColor(0, 84, 147),
    RGBColor(204, 76, 2),
    RGBColor(0, 158, 115),
    RGBColor(230, 159, 0),
    RGBColor(122, 40, 120),
    RGBColor(86, 180, 233),
    RGBColor(40, 40, 40),
];

/// Number of distinct colours.
pub(super) const MOST_DISTINCT: usize = DISTINCT.len();

const VIRIDIS: [u32; 9] =
    [0x44_01_54, 0x47_2d_7b, 0x3b_52_8b, 0x2c_72_8e, 0x21_91_8c, 0x28_ae_80, 0x5e_c9_62, 0xad_dc_30, 0xfd_e7_25];
const CIVIDIS: [u32; 12] = [
    0x00_20_4d, 0x00_30_6f, 0x2a_40_6c, 0x48_52_6b, 0x5e_62_6e, 0x72_73_74, 0x87_84_79, 0x9e_96_77, 0xb6_a9_71,
    0xd0_be_67, 0xea_d3_57, 0xff_ea_46,
];
const DIVERGING: [u32; 9] =
    [0x21_66_ac, 0x43_93_c3, 0x92_c5_de, 0xd1_e5_f0, 0xf7_f7_f7, 0xfd_db_c7, 0xf4_a5_82, 0xd6_60_4d, 0xb2_18_2b];

/// The n-th distinct colour.
pub(super) fn distinct(index: usize) -> RGBColor {
    DISTINCT[index % MOST_DISTINCT]
}

/// The colour of one of `count` ordered values, dark to light.
pub(super) fn ramp(index: usize, count: usize) -> RGBColor {
    let position = if count > 1 { index as f64 / (count - 1) as f64 } else { 0.0 };
    anchored(&VIRIDIS, 0.04 + 0.80 * position)
}

/// A colour named in a figure.
pub(super) fn named(colour: Colour) -> RGBColor {
    match colour {
        Colour::Ink => INK,
        Colour::Grey => GREY,
        Colour::Nth(index) => distinct(index),
        Colour::Ordered => RGBColor(0, 100, 176),
        Colour::Critical => RGBColor(128, 128, 128),
        Colour::Chaotic => RGBColor(198, 40, 40),
    }
}

/// The colour of a value between 0 and 1, in 256 steps.
pub(super) fn mapped(map: ColourMap, position: f64) -> RGBColor {
    let position = (position.clamp(0.0, 1.0) * 255.0).round() / 255.0;
    match map {
        ColourMap::Viridis => anchored(&VIRIDIS, position),
        ColourMap::Cividis => anchored(&CIVIDIS, position),
        ColourMap::Diverging => anchored(&DIVERGING, position),
    }
}

fn anchored(anchors: &[u32], position: f64) -> RGBColor {
    let scaled = position.clamp(0.0, 1.0) * (anchors.len() - 1) as f64;
    let index = (scaled.floor() as usize).min(anchors.len() - 2);
    let share = scaled - index as f64;
    let channel = |colour: u32, shift: u32| f64::from(colour >> shift & 255);
    let mix = |shift| {
        let (from, to) = (channel(anchors[index], shift), channel(anchors[index + 1], shift));
        (from + (to - from) * share).round() as u8
    };
    RGBColor(mix(16), mix(8), mix(0))
}

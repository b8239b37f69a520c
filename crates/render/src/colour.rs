//! Colours: a palette that survives grey print and all kinds of colour vision, a ramp, phases, and colour maps.

use super::lab;
use super::style::{GREY, INK};
use neurodyn_figure::{Colour, ColourMap};
use neurodyn_numerics::elementary::{cos, sin};
use plotters::style::RGBColor;
use std::f64::consts::TAU;

/// Hues near those of Okabe and Ito, moved apart until every two differ by 20 in CIELAB to all kinds of colour vision and
/// neighbours by 12 in lightness. Blue beside vermilion would say ordered and chaotic, so the first three are neither.
const DISTINCT: [RGBColor; 7] = [
    RGBColor(11, 156, 110),
    RGBColor(113, 32, 106),
    RGBColor(236, 165, 0),
    RGBColor(1, 71, 159),
    RGBColor(95, 192, 244),
    RGBColor(191, 58, 0),
    RGBColor(52, 51, 51),
];

/// Number of distinct colours.
pub(super) const MOST_DISTINCT: usize = DISTINCT.len();

const ORDERED: RGBColor = RGBColor(0, 100, 176);
const CRITICAL: RGBColor = RGBColor(50, 50, 50);
const CHAOTIC: RGBColor = RGBColor(222, 78, 58);

/// The n-th distinct colour.
pub(super) fn distinct(index: usize) -> RGBColor {
    DISTINCT[index % MOST_DISTINCT]
}

/// The colour of one of `count` ordered values, dark to light.
pub(super) fn ramp(index: usize, count: usize) -> RGBColor {
    let position = if count > 1 { index as f64 / (count - 1) as f64 } else { 0.0 };
    mapped(ColourMap::Viridis, 0.04 + 0.76 * position)
}

/// Letters on paper have at least 4.5 times less light than it (WCAG 2.2, 1.4.3); this lightness has.
const LEGIBLE: f64 = 47.0;

/// The same hue, dark enough for letters on paper.
pub(super) fn legible(colour: RGBColor) -> RGBColor {
    let [lightness, a, b] = lab::lab(lab::linear(colour));
    if lightness <= LEGIBLE { colour } else { lab::colour([LEGIBLE, a * LEGIBLE / lightness, b * LEGIBLE / lightness]) }
}

/// The colour of one of `count` values on a circle: one turn of hue, once dark and once light.
pub(super) fn cycle(index: usize, count: usize) -> RGBColor {
    turned(index as f64 / count.max(1) as f64)
}

fn turned(position: f64) -> RGBColor {
    let turn = TAU * position;
    let (lightness, chroma) = (56.0 - 16.0 * cos(turn), 42.0);
    let hue = turn - 1.2;
    lab::colour([lightness, chroma * cos(hue), chroma * sin(hue)])
}

/// A colour named in a figure.
pub(super) fn named(colour: Colour) -> RGBColor {
    match colour {
        Colour::Ink => INK,
        Colour::Grey => GREY,
        Colour::Nth(index) => distinct(index),
        Colour::Ordered => ORDERED,
        Colour::Critical => CRITICAL,
        Colour::Chaotic => CHAOTIC,
    }
}

/// Cells without a value.
pub(super) const ABSENT: RGBColor = RGBColor(206, 206, 206);

/// The colour of what lies below the low end of a map: no colour of the map comes near.
pub(super) fn below(map: ColourMap) -> RGBColor {
    match map {
        ColourMap::Viridis | ColourMap::Cividis | ColourMap::Cyclic => RGBColor(255, 255, 255),
        ColourMap::Diverging => RGBColor(16, 10, 60),
    }
}

/// The colour of what lies above its high end.
pub(super) fn above(map: ColourMap) -> RGBColor {
    match map {
        ColourMap::Viridis | ColourMap::Cividis => RGBColor(196, 62, 74),
        ColourMap::Diverging => RGBColor(60, 4, 16),
        ColourMap::Cyclic => RGBColor(0, 0, 0),
    }
}

/// The colour of a value between 0 and 1, in 256 steps.
pub(super) fn mapped(map: ColourMap, position: f64) -> RGBColor {
    let position = (position.clamp(0.0, 1.0) * 255.0).round() / 255.0;
    match map {
        ColourMap::Viridis => published(colorous::VIRIDIS, position),
        ColourMap::Cividis => published(colorous::CIVIDIS, position),
        ColourMap::Diverging => diverging(position),
        ColourMap::Cyclic => turned(position),
    }
}

pub(super) fn published(gradient: colorous::Gradient, position: f64) -> RGBColor {
    let colour = gradient.eval_continuous(position);
    RGBColor(colour.r, colour.g, colour.b)
}

/// Lightness of the middle and of the ends of the diverging map, inside the range of Brewer's.
const MIDDLE: f64 = 93.0;
const ENDS: f64 = 34.0;

/// Brewer's blue-white-red, with its positions moved so that lightness falls evenly from the middle to both ends.
fn diverging(position: f64) -> RGBColor {
    let side = 2.0 * position - 1.0;
    let wanted = MIDDLE + (ENDS - MIDDLE) * side.abs();
    // from the white middle (0) outwards (1); Brewer's map runs from red to blue
    let at = |out: f64| published(colorous::RED_BLUE, if side < 0.0 { 0.5 + 0.5 * out } else { 0.5 - 0.5 * out });
    let (mut near, mut far) = (0.0, 1.0);
    for _ in 0..14 {
        let middle = 0.5 * (near + far);
        if lab::lightness(at(middle)) > wanted { near = middle } else { far = middle }
    }
    at(near)
}

/// A colour as CSS and SVG write it.
pub fn hexadecimal([r, g, b]: [u8; 3]) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Severe protanopia, deuteranopia and tritanopia in linear light (Machado, Oliveira and Fernandes 2009).
    pub const VISION: [(&str, [[f64; 3]; 3]); 4] = [
        ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
        (
            "protanopia",
            [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
        ),
        (
            "deuteranopia",
            [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
        ),
        (
            "tritanopia",
            [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
        ),
    ];

    fn seen(colour: RGBColor, vision: &[[f64; 3]; 3]) -> [f64; 3] {
        let light = lab::linear(colour);
        lab::lab(vision.map(|row| (0..3).map(|i| row[i] * light[i]).sum::<f64>().clamp(0.0, 1.0)))
    }

    pub fn apart(colours: &[RGBColor], vision: &[[f64; 3]; 3]) -> f64 {
        let all: Vec<[f64; 3]> = colours.iter().map(|&colour| seen(colour, vision)).collect();
        let pairs = (0..all.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
        let distance = |(i, j): (usize, usize)| (0..3).map(|k| (all[i][k] - all[j][k]) * (all[i][k] - all[j][k])).sum();
        pairs
            .map(|pair| {
                let square: f64 = distance(pair);
                square.sqrt()
            })
            .fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn colours_are_told_apart_by_all_kinds_of_vision() {
        for (name, vision) in &VISION {
            assert!(apart(&DISTINCT, vision) >= 20.0, "{name}: {}", apart(&DISTINCT, vision));
            let phases = [ORDERED, CRITICAL, CHAOTIC];
            assert!(apart(&phases, vision) >= 30.0, "{name}: {}", apart(&phases, vision));
        }
        // the measure sees what is not apart: red and green of one lightness
        assert!(apart(&[RGBColor(200, 80, 60), RGBColor(110, 120, 50)], &VISION[2].1) < 20.0);
    }

    #[test]
    fn letters_in_colour_can_be_read_on_the_paper_of_every_theme() {
        let light = |colour: RGBColor| {
            let [r, g, b] = lab::linear(colour);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let shades = (0..=40).map(|index| mapped(ColourMap::Viridis, f64::from(index) / 40.0));
        let hues = (0..12).map(|index| cycle(index, 12)).chain((0..MOST_DISTINCT).map(distinct));
        let phases = [Colour::Ordered, Colour::Critical, Colour::Chaotic, Colour::Grey].map(named);
        for paper in [RGBColor(255, 255, 255), RGBColor(252, 251, 247)] {
            for colour in shades.clone().chain(hues.clone()).chain(phases) {
                let contrast = (light(paper) + 0.05) / (light(legible(colour)) + 0.05);
                assert!(contrast >= 4.5, "{colour:?}: {contrast}");
            }
        }
    }

    #[test]
    fn neighbours_are_told_apart_in_grey() {
        let least = |colours: &[RGBColor]| {
            let steps = colours.windows(2).map(|pair| (lab::lightness(pair[0]) - lab::lightness(pair[1])).abs());
            steps.fold(f64::INFINITY, f64::min)
        };
        assert!(least(&DISTINCT) >= 12.0, "{}", least(&DISTINCT));
        assert!(least(&[ORDERED, CRITICAL, CHAOTIC, ORDERED]) >= 11.0);
        for count in 2..=6 {
            let ramp: Vec<RGBColor> = (0..count).map(|index| ramp(index, count)).collect();
            assert!(least(&ramp) >= 8.0, "{count}: {}", least(&ramp));
        }
        // on white paper every one is seen
        assert!(DISTINCT.iter().all(|&colour| lab::lightness(colour) <= 76.0));
    }

    fn lightnesses(map: ColourMap, low: f64, high: f64, count: usize) -> Vec<f64> {
        let at = |i: usize| low + (high - low) * i as f64 / (count - 1) as f64;
        (0..count).map(|i| lab::lightness(mapped(map, at(i)))).collect()
    }

    /// Least and greatest step of lightness over the mean step.
    fn steps(lightnesses: &[f64]) -> (f64, f64) {
        let mean = (lightnesses[lightnesses.len() - 1] - lightnesses[0]) / (lightnesses.len() - 1) as f64;
        let steps = lightnesses.windows(2).map(|pair| (pair[1] - pair[0]) / mean);
        steps.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), step| (low.min(step), high.max(step)))
    }

    #[test]
    fn maps_are_even_in_lightness() {
        for (map, low, high) in [
            (ColourMap::Viridis, 0.0, 1.0),
            (ColourMap::Cividis, 0.0, 1.0),
            (ColourMap::Diverging, 0.0, 0.5),
            (ColourMap::Diverging, 0.5, 1.0),
        ] {
            let (least, most) = steps(&lightnesses(map, low, high, 17));
            assert!(least > 0.75 && most < 1.25, "{map:?} {low}: {least} {most}");
        }
        assert_eq!(mapped(ColourMap::Viridis, 0.0), RGBColor(0x44, 0x01, 0x54));
        assert_eq!(mapped(ColourMap::Viridis, 1.0), RGBColor(0xfd, 0xe7, 0x25));
    }

    #[test]
    fn the_cycle_closes() {
        let colours: Vec<RGBColor> = (0..12).map(|index| cycle(index, 12)).collect();
        let distance = |a: RGBColor, b: RGBColor| apart(&[a, b], &VISION[0].1);
        let steps: Vec<f64> = (0..12).map(|i| distance(colours[i], colours[(i + 1) % 12])).collect();
        let (least, most) = steps.iter().fold((f64::INFINITY, 0.0_f64), |(l, m), &s| (l.min(s), m.max(s)));
        assert!(least > 12.0 && most < 2.0 * least, "{steps:?}");
    }
}

//! The register of colours: what a value of a quantity looks like in every figure.

use super::colour::{mapped, named};
use super::lab;
use neurodyn_figure::{Colour, ColourMap, Family, Phase};
use neurodyn_numerics::elementary::{cos, ln, sin};
use plotters::style::RGBColor;

/// Values whose places are nearer than this would not be told apart; then their ranks say what they look like.
const LEAST_GAP: f64 = 0.095;
/// Few values whose range is no larger than this would be shades of one colour; then their ranks say what they look like, too.
const LEAST_RANGE: f64 = 0.3;
/// Nearer to an edge than this, in logarithms, is at it.
const AT_EDGE: f64 = 0.01;

/// The colour of a phase.
pub(super) fn phase(phase: Phase) -> RGBColor {
    named(match phase {
        Phase::Ordered => Colour::Ordered,
        Phase::Critical => Colour::Critical,
        Phase::Chaotic => Colour::Chaotic,
    })
}

/// The colour of one of the values of a figure.
pub(super) fn shade(family: Family, values: &[f64], value: f64) -> RGBColor {
    match family {
        Family::Edge(edge) => {
            let off = ln(value / edge);
            if off.abs() < AT_EDGE {
                return phase(Phase::Critical);
            }
            let side: Vec<f64> = values.iter().copied().filter(|&v| (ln(v / edge) > 0.0) == (off > 0.0)).collect();
            let away = |v: f64| (ln(v / edge).abs() / ln(3.2)).min(1.0);
            // ranks count from the edge outwards
            let side: Vec<f64> = if off > 0.0 { side } else { side.into_iter().rev().collect() };
            let at = placed(&side, value, Some(&away), 0.0);
            if off > 0.0 {
                path([70.0, 64.0, 68.0], [26.0, 48.0, 18.0], at)
            } else {
                path([60.0, 38.0, 255.0], [26.0, 44.0, 275.0], at)
            }
        }
        Family::Layer => {
            let at = placed(values, value, Some(&|v: f64| (ln(v.max(1.0)) / ln(100.0)).min(1.0)), LEAST_RANGE);
            mapped(ColourMap::Viridis, 0.04 + 0.76 * at)
        }
        Family::Width => {
            let scale = |v: f64| (ln(v.max(10.0) / 10.0) / ln(1000.0)).min(1.0);
            let at = placed(values, value, Some(&scale), LEAST_RANGE);
            super::colour::published(colorous::PLASMA, 0.12 + 0.7 * at)
        }
        Family::Keep => {
            let at = placed(values, value, Some(&|v: f64| (2.0 * (1.0 - v)).clamp(0.0, 1.0).sqrt()), 0.0);
            path([24.0, 34.0, 250.0], [76.0, 32.0, 200.0], at)
        }
        Family::Ordered => path([24.0, 52.0, 318.0], [74.0, 36.0, 350.0], placed(values, value, None, 0.0)),
    }
}

/// The place of a value on its scale, from 0 to 1, where all values of the figure are told apart on it, and several take so much of it;
/// else its rank's, which spreads the values of the figure over the whole scale.
fn placed(values: &[f64], value: f64, scale: Option<&dyn Fn(f64) -> f64>, range: f64) -> f64 {
    if let Some(scale) = scale {
        let mut places: Vec<f64> = values.iter().map(|&v| scale(v)).collect();
        places.sort_by(f64::total_cmp);
        let wide = places.len() < 2 || places[places.len() - 1] - places[0] >= range;
        if wide && places.windows(2).all(|pair| pair[1] - pair[0] >= LEAST_GAP) {
            return scale(value);
        }
    }
    let rank = values.iter().position(|&v| v == value).unwrap_or(0);
    if values.len() > 1 { rank as f64 / (values.len() - 1) as f64 } else { 0.0 }
}

/// Between two colours, given by lightness, chroma and hue in degrees.
fn path(from: [f64; 3], to: [f64; 3], at: f64) -> RGBColor {
    let [lightness, chroma, hue] = [0, 1, 2].map(|i| from[i] + (to[i] - from[i]) * at);
    lab::colour([lightness, chroma * cos(hue.to_radians()), chroma * sin(hue.to_radians())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::tests::{VISION, apart};

    fn shades(column: &str, values: &[f64]) -> Vec<RGBColor> {
        values.iter().map(|&value| shade(Family::of(column), values, value)).collect()
    }

    #[test]
    fn values_of_a_figure_are_told_apart_by_all_kinds_of_vision() {
        let sets: [(&str, &[f64]); 14] = [
            ("sigma_w", &[1.3, 2.5, 4.0]),
            ("sigma_w", &[0.9, 1.3, 2.5, 4.0]),
            ("sigma_w", &[0.6, 0.8, 1.2, 1.5, 2.0, 2.5, 3.0]),
            ("gain", &[1.5, 2.0, 4.0]),
            ("layer", &[1.0, 2.0, 4.0, 8.0]),
            ("layer", &[0.0, 5.0, 10.0, 20.0, 40.0, 60.0]),
            ("layer", &[1.0, 3.0, 5.0, 7.0, 9.0, 11.0]),
            ("depth", &[5.0, 20.0, 80.0]),
            ("width", &[50.0, 100.0, 200.0, 400.0, 800.0, 1600.0]),
            ("width", &[100.0, 1000.0, 10000.0]),
            ("width", &[20.0, 50.0, 200.0, 800.0, 3200.0]),
            ("keep", &[0.7, 0.9, 0.95, 0.99, 1.0]),
            ("delta", &[0.1, 0.2, 0.3, 0.4, 0.5]),
            ("sigma_b", &[0.1, 0.3, 1.0]),
        ];
        let mut near = Vec::new();
        for (column, values) in sets {
            let shades = shades(column, values);
            let least = VISION.map(|(name, vision)| (name, apart(&shades, &vision)));
            near.extend(least.into_iter().filter(|(_, least)| *least < 6.0).map(|found| (column, values, found)));
            // on white paper every one is seen
            let pale = shades.iter().map(|&colour| lab::lightness(colour)).filter(|lightness| *lightness > 78.0);
            near.extend(pale.map(|lightness| (column, values, ("white paper", lightness))));
        }
        assert!(near.is_empty(), "{near:#?}");
    }

    #[test]
    fn a_value_has_one_colour_whatever_stands_beside_it() {
        for (column, value, sets) in [
            ("sigma_w", 2.5, [&[1.3, 2.5, 4.0][..], &[0.9, 1.5, 2.5], &[1.1, 2.5]]),
            ("width", 200.0, [&[200.0][..], &[50.0, 200.0, 3200.0], &[20.0, 200.0, 400.0]]),
            ("layer", 5.0, [&[5.0][..], &[1.0, 5.0, 10.0], &[5.0, 20.0, 80.0]]),
            ("keep", 0.9, [&[0.9, 1.0][..], &[0.7, 0.9, 0.95, 0.99, 1.0], &[0.9]]),
        ] {
            let found = sets.map(|set| shade(Family::of(column), set, value));
            assert!(found.iter().all(|&colour| colour == found[0]), "{column} = {value}: {found:?}");
        }
        // what cannot be told apart by value is told apart by rank
        assert_ne!(shade(Family::Layer, &[7.0, 8.0], 7.0), shade(Family::Layer, &[7.0, 8.0], 8.0));
        // a few of a small part of the scale are spread over all of it
        for (column, few) in
            [("width", [10.0, 20.0, 40.0]), ("width", [100.0, 200.0, 400.0]), ("layer", [7.0, 9.0, 13.0])]
        {
            let least = VISION.map(|(_, vision)| apart(&shades(column, &few), &vision));
            assert!(least.iter().all(|least| *least > 20.0), "{column} {few:?}: {least:?}");
        }
    }

    #[test]
    fn below_the_edge_is_blue_and_above_it_red() {
        let edge = Family::of("sigma_w");
        let warm = |value: f64| {
            let RGBColor(red, _, blue) = shade(edge, &[1.0, 1.3, 1.5, 4.0], value);
            red > blue
        };
        assert_eq!([1.0, 1.3, 1.5, 4.0].map(warm), [false, false, true, true]);
        assert_eq!(shade(edge, &[1.395], 1.395), phase(Phase::Critical));
    }
}

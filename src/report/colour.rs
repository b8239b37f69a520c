//! The colours of figures on dark paper. Those of heat maps and their bars stay, since they mean values.
//!
//! Greys are turned over. Colours that stand out less from dark paper are mixed with white, the more the darker they are, so that
//! their order of lightness stays and each reaches the contrast of 4.5 : 1 that letters need.

use crate::numerics::elementary::pow;

/// Dark paper and what is written on it.
pub(super) const PAPER: [u8; 3] = [22, 24, 29];
const INK: [u8; 3] = [236, 236, 232];

/// A colour on dark paper.
pub(super) fn on_dark(colour: [u8; 3]) -> [u8; 3] {
    let (low, high) = (colour.iter().min().copied().unwrap_or(0), colour.iter().max().copied().unwrap_or(0));
    if high - low <= 8 {
        // a grey: black becomes ink, white becomes paper
        let share = f64::from(high) / 255.0;
        return mix(INK, PAPER, share * (0.62 + 0.38 * share));
    }
    let now = contrast(colour, PAPER);
    let wanted = now.max(4.55 + 0.7 * (now - 1.0));
    let steps = (0..=100).map(|step| mix(colour, [255; 3], f64::from(step) / 100.0));
    steps.into_iter().find(|&mixed| contrast(mixed, PAPER) >= wanted).unwrap_or([255; 3])
}

fn mix(from: [u8; 3], to: [u8; 3], share: f64) -> [u8; 3] {
    let channel = |i: usize| (f64::from(from[i]) + share * (f64::from(to[i]) - f64::from(from[i]))).round() as u8;
    [channel(0), channel(1), channel(2)]
}

/// Contrast ratio of WCAG 2.
fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(|channel| {
        let share = f64::from(channel) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { pow((share + 0.055) / 1.055, 2.4) }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Reads `#rrggbb`.
pub(super) fn parse(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([channel(0)?, channel(2)?, channel(4)?])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::hexadecimal;

    #[test]
    fn colours_stand_out_and_keep_their_order() {
        // dark to light
        let ramp = [[0x44, 0x01, 0x54], [0x3b, 0x52, 0x8b], [0x21, 0x91, 0x8c], [0x5e, 0xc9, 0x62]];
        let ratios = ramp.map(|colour| contrast(on_dark(colour), PAPER));
        assert!(ratios[0] >= 4.5 && ratios.windows(2).all(|pair| pair[0] < pair[1]), "{ratios:?}");
        assert!(contrast(on_dark([26; 3]), PAPER) > 12.0 && contrast(on_dark([110; 3]), PAPER) > 4.5);
        assert_eq!(on_dark([255; 3]), PAPER);
        assert!(contrast(on_dark([232; 3]), PAPER) < 2.0);
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 1e-9);
    }

    #[test]
    fn colours_are_read_as_they_are_written() {
        assert_eq!(parse("#1a0Bff").map(hexadecimal).as_deref(), Some("#1a0bff"));
        assert!(parse("#1a0b").is_none() && parse("none").is_none() && parse("#é1a0b").is_none());
    }
}

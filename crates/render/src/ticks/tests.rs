//! Ticks: inside their range, apart, exact.

use super::*;
use crate::scale::decimal_value;
use crate::style::{Style, Theme};
use neurodyn_typeface::Fonts;
use proptest::prelude::*;
use std::rc::Rc;

fn ruler() -> Ruler {
    Ruler {
        fonts: Rc::new(Fonts::load(neurodyn_figure::Face::default()).unwrap()),
        style: Rc::new(Style::for_theme(Theme::Print)),
    }
}

fn on(scale: Scale, low: f64, high: f64) -> Span {
    Span { scale, low, high, reversed: false }
}

/// Labels as plain numbers: what a reader takes them for.
fn read(label: &str, exponent: i32) -> f64 {
    let text = label.trim_matches('$').replace(r" \times ", "*");
    match (text.strip_prefix("10^{"), text.split_once("*10^{")) {
        (Some(power), _) => decimal_value(1, power.trim_end_matches('}').parse().unwrap()),
        (_, Some((mantissa, power))) => format!("{mantissa}e{}", power.trim_end_matches('}')).parse().unwrap(),
        _ => format!("{text}e{exponent}").parse().unwrap(),
    }
}

fn sound(span: &Span, ticks: &Ticks, room: &Room) {
    assert!(ticks.major.len() >= 2, "{span:?}: {ticks:?}");
    assert!(ticks.major.len() <= 14, "{span:?}: {ticks:?}");
    for (value, label) in &ticks.major {
        assert!(span.holds(*value), "{span:?}: {value}");
        assert_eq!(read(label, ticks.exponent), *value, "{span:?}: {label}");
    }
    for pair in ticks.major.windows(2) {
        assert!(pair[0].0 < pair[1].0, "{ticks:?}");
    }
    assert!(room.clearance(span, &ticks.major).unwrap().is_some(), "{span:?} over {}: {ticks:?}", room.length);
    for value in &ticks.minor {
        assert!(span.holds(*value), "{span:?}: minor {value}");
        assert!(ticks.major.iter().all(|(major, _)| major != value), "{span:?}: {value} twice");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn linear_ticks_are_sound(
        low in -1.0..1.0_f64, width in 0.01..2.0_f64, power in -6..7_i32, length in 8_000..40_000_i32, across: bool,
    ) {
        let size = decimal_value(1, power);
        let span = on(Scale::Linear, low * size, (low + width) * size);
        let ruler = ruler();
        let room = Room { length, across, ruler: &ruler };
        let ticks = ticks(&span, Kind::Any, &room).unwrap();
        sound(&span, &ticks, &room);
        // equal steps, of which all labels are multiples
        let step = ticks.major[1].0 - ticks.major[0].0;
        for (value, _) in &ticks.major {
            prop_assert!(((value / step).round() - value / step).abs() < 1e-6, "{:?}", ticks);
        }
    }

    #[test]
    fn whole_ticks_are_whole(low in -50..50_i32, width in 2..2000_i32, length in 8_000..40_000_i32) {
        let span = on(Scale::Linear, f64::from(low) - 0.3, f64::from(low + width) + 0.3);
        let ruler = ruler();
        let room = Room { length, across: true, ruler: &ruler };
        let ticks = ticks(&span, Kind::Whole(&[]), &room).unwrap();
        sound(&span, &ticks, &room);
        prop_assert!(ticks.major.iter().all(|(value, _)| value.fract() == 0.0));
        prop_assert!(ticks.minor.iter().all(|value| value.fract() == 0.0), "{:?}", ticks);
    }

    #[test]
    fn logarithmic_ticks_are_sound(
        low in -12.0..6.0_f64, decades in 0.3..20.0_f64, length in 9_000..40_000_i32, across: bool,
    ) {
        use neurodyn_numerics::elementary::exp;
        let power = |x: f64| exp(x * std::f64::consts::LN_10);
        let span = on(Scale::Log10, power(low), power(low + decades));
        let ruler = ruler();
        let room = Room { length, across, ruler: &ruler };
        sound(&span, &ticks(&span, Kind::Any, &room).unwrap(), &room);
    }
}

#[test]
fn minor_ticks_are_exact() {
    let ruler = ruler();
    let room = Room { length: 8_000, across: true, ruler: &ruler };
    let whole = ticks(&on(Scale::Linear, -0.3, 1800.3), Kind::Whole(&[]), &room).unwrap();
    assert_eq!(whole.minor, [200.0, 400.0, 600.0, 800.0, 1200.0, 1400.0, 1600.0, 1800.0]);
    let room = Room { length: 14_000, across: false, ruler: &ruler };
    let tenths = ticks(&on(Scale::Linear, 0.0, 1.0), Kind::Any, &room).unwrap();
    assert!(tenths.minor.contains(&0.05) && tenths.minor.contains(&0.35), "{tenths:?}");
}

#[test]
fn angles_are_fractions_of_pi() {
    let ruler = ruler();
    let labels = |high: f64, length| -> Vec<String> {
        let room = Room { length, across: true, ruler: &ruler };
        let ticks = ticks(&on(Scale::Linear, 0.0, high), Kind::Angle, &room).unwrap();
        ticks.major.into_iter().map(|(_, label)| label).collect()
    };
    assert_eq!(labels(PI, 12_000), ["$0$", r"$\pi/4$", r"$\pi/2$", r"$3\pi/4$", r"$\pi$"]);
    assert_eq!(labels(PI, 5_000), ["$0$", r"$\pi/2$", r"$\pi$"]);
    assert_eq!(labels(2.0 * PI, 12_000), ["$0$", r"$\pi/2$", r"$\pi$", r"$3\pi/2$", r"$2\pi$"]);
}

#[test]
fn simple_ranges_have_simple_ticks() {
    let ruler = ruler();
    let values = |low, high, length| -> Vec<f64> {
        let room = Room { length, across: false, ruler: &ruler };
        ticks(&on(Scale::Linear, low, high), Kind::Any, &room).unwrap().major.into_iter().map(|t| t.0).collect()
    };
    assert_eq!(values(0.0, 1.0, 14_000), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    assert_eq!(values(-1.0, 1.0, 12_000), [-1.0, -0.5, 0.0, 0.5, 1.0]);
    assert_eq!(values(0.0, 0.0, 12_000).len(), 0);
}

#[test]
fn whole_ticks_stand_on_the_data() {
    let ruler = ruler();
    let room = Room { length: 15_000, across: true, ruler: &ruler };
    let at = |low: f64, high: f64, data: &[i64]| -> (Vec<f64>, Vec<f64>) {
        let ticks = ticks(&on(Scale::Linear, low, high), Kind::Whole(data), &room).unwrap();
        (ticks.major.into_iter().map(|tick| tick.0).collect(), ticks.minor)
    };
    let odd: Vec<i64> = (0..10).map(|i| 2 * i + 1).collect();
    assert_eq!(at(0.3, 19.7, &odd), (vec![1.0, 5.0, 9.0, 13.0, 17.0], vec![3.0, 7.0, 11.0, 15.0, 19.0]));
    // the last layer stands aside
    assert_eq!(at(0.3, 20.7, &[&odd[..], &[20]].concat()).0, [1.0, 5.0, 9.0, 13.0, 17.0]);
    // steps that hold round numbers begin at zero
    let fours: Vec<i64> = (0..11).map(|i| 4 * i).collect();
    assert_eq!(at(-1.0, 41.0, &fours).0, [0.0, 8.0, 16.0, 24.0, 32.0, 40.0]);
    // what has no step is as before
    let all: Vec<i64> = (0..31).collect();
    assert_eq!(at(-1.0, 31.0, &all), at(-1.0, 31.0, &[]));
}

#[test]
fn exponents_are_powers_of_ten() {
    let ruler = ruler();
    let room = Room { length: 12_000, across: false, ruler: &ruler };
    let of = |low: f64, high: f64| ticks(&on(Scale::Linear, low, high), Kind::Exponent, &room).unwrap();
    let decades = of(-3.2, 1.1);
    let labels: Vec<&str> = decades.major.iter().map(|(_, label)| label.as_str()).collect();
    assert_eq!(labels, ["$10^{-3}$", "$10^{-2}$", "$10^{-1}$", "$10^{0}$", "$10^{1}$"]);
    assert_eq!(decades.major.iter().map(|tick| tick.0).collect::<Vec<_>>(), [-3.0, -2.0, -1.0, 0.0, 1.0]);
    assert!(decades.minor.iter().any(|value| (value - log10(0.2)).abs() < 1e-12), "{decades:?}");
    // the same places as on a logarithmic axis
    let same = ticks(&on(Scale::Log10, 1.0, 6.0), Kind::Any, &room).unwrap();
    let short = of(0.0, log10(6.0));
    for ((value, label), (logarithm, again)) in same.major.iter().zip(&short.major) {
        assert!((log10(*value) - logarithm).abs() < 1e-12 && label == again, "{short:?}");
    }
    // further than numbers reach
    let far = of(-4000.0, 0.0);
    assert!(far.major.iter().any(|(value, label)| *value == -4000.0 && label == "$10^{-4000}$"), "{far:?}");
}

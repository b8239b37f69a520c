//! Maxima of functions of one variable.

/// Place and value of the maximum of a function that has one between `low` and `high`, by golden sections; the place to 1e-7 of the bracket
/// or to what the rounding of the function allows. Fails where the function does.
pub fn maximum<E>(mut low: f64, mut high: f64, f: impl Fn(f64) -> Result<f64, E>) -> Result<(f64, f64), E> {
    const GOLDEN: f64 = 0.618_033_988_749_894_9;
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_a, mut at_b) = (f(a)?, f(b)?);
    for _ in 0..34 {
        if at_a >= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - GOLDEN * (high - low);
            at_a = f(a)?;
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + GOLDEN * (high - low);
            at_b = f(b)?;
        }
    }
    Ok(if at_a >= at_b { (a, at_a) } else { (b, at_b) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_is_found_wherever_it_lies() {
        for place in [0.0, 1e-3, 0.3, 0.999, 1.0] {
            let (found, value) = maximum(0.0, 1.0, |x: f64| Ok::<_, ()>(2.0 - (x - place).abs())).expect("no error");
            assert!((found - place).abs() < 1e-7 && (value - 2.0).abs() < 1e-7, "{place}: {found} {value}");
        }
        assert_eq!(maximum(0.0, 1.0, |_| Err::<f64, _>("broken")), Err("broken"));
    }
}

//! Numbers in decimal digits, with as many of them as are meant or as their standard errors allow.

/// Sign, digits and decimal exponent of a number rounded to this number of significant digits.
fn rounded(x: f64, digits: usize) -> (bool, String, i32) {
    let text = format!("{:.*e}", digits - 1, x.abs());
    let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    (x.is_sign_negative() && x != 0.0, mantissa.replace('.', ""), exponent.parse().unwrap_or(0))
}

/// All digits, written plainly or with a power of ten; the first one stands for `10^exponent`.
fn placed(digits: &str, exponent: i32) -> (String, Option<i32>) {
    let length = digits.len() as i32;
    if !(-4..7).contains(&exponent) || length <= exponent {
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        return (format!("{first}{point}{rest}"), (exponent != 0).then_some(exponent));
    }
    if exponent < 0 {
        return (format!("0.{}{digits}", "0".repeat((-exponent - 1) as usize)), None);
    }
    let (whole, rest) = digits.split_at(exponent as usize + 1);
    let point = if rest.is_empty() { "" } else { "." };
    (format!("{whole}{point}{rest}"), None)
}

/// A number in decimal digits, perhaps times a power of ten.
pub(super) struct Decimal {
    negative: bool,
    body: String,
    power: Option<i32>,
}

impl Decimal {
    fn sign(&self) -> &'static str {
        if self.negative { "-" } else { "" }
    }

    /// For the eye.
    pub(super) fn mathematics(&self) -> String {
        let (sign, body) = (self.sign(), &self.body);
        match self.power {
            Some(power) if body == "1" => format!("{sign}10^{{{power}}}"),
            Some(power) => format!("{sign}{body} \\times 10^{{{power}}}"),
            None => format!("{sign}{body}"),
        }
    }

    /// For programs.
    pub(super) fn digits(&self) -> String {
        let power = self.power.map_or(String::new(), |power| format!("e{power}"));
        format!("{}{}{power}", self.sign(), self.body)
    }
}

/// A number rounded to this number of significant digits.
pub(super) fn significant(x: f64, digits: usize) -> Decimal {
    let (negative, text, exponent) = rounded(x, digits);
    let (body, power) = placed(&text, exponent);
    Decimal { negative, body, power }
}

/// A number with its standard error to two digits in parentheses, for the eye; the number alone to the same place, and the error alone, for
/// programs.
pub(super) fn with_error(x: f64, error: f64) -> [String; 3] {
    if error <= 0.0 {
        let text = significant(x, 6);
        return [text.mathematics(), text.digits(), "0".to_owned()];
    }
    let (_, spread, last) = rounded(error, 2);
    // the place of the last digit of the error
    let place = last - 1;
    let (_, _, first) = rounded(x, 17);
    let digits = first - place + 1;
    let error = significant(error, 2);
    if digits < 1 || x == 0.0 {
        // smaller than its own error
        let number = significant(x, 2);
        let both = format!("{} \\pm {}", number.mathematics(), error.mathematics());
        return [both, number.digits(), error.digits()];
    }
    let (negative, mut text, exponent) = rounded(x, digits as usize);
    // where rounding has carried into a new first digit, one at the end is missing
    text.push_str(if exponent > first { "0" } else { "" });
    let (body, power) = placed(&text, exponent);
    let alone = Decimal { negative, body, power };
    let both = Decimal { body: format!("{}({spread})", alone.body), ..alone };
    [both.mathematics(), alone.digits(), error.digits()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_rounded_to_significant_digits() {
        for (x, digits, expected) in [
            (0.638_259_8, 6, "0.638260"),
            (-1.5, 3, "-1.50"),
            (0.0, 3, "0.00"),
            (99.999, 3, "100"),
            (123_456.7, 6, "123457"),
            (1.5e-7, 2, "1.5 \\times 10^{-7}"),
            (2.5e12, 3, "2.50 \\times 10^{12}"),
            (123_456.0, 2, "1.2 \\times 10^{5}"),
            (0.000_123, 3, "0.000123"),
            (-1e6, 1, "-10^{6}"),
            (1e6, 2, "1.0 \\times 10^{6}"),
        ] {
            assert_eq!(significant(x, digits).mathematics(), expected, "{x}");
            // the digits alone are the same number
            let plain = expected.replace(" \\times 10^{", "e").replace("10^{", "1e").replace('}', "");
            assert_eq!(significant(x, digits).digits(), plain, "{x}");
        }
    }

    #[test]
    fn standard_errors_have_two_digits_and_the_number_ends_with_them() {
        for (x, error, both, alone, spread) in [
            (0.638_259_8, 0.000_147, "0.63826(15)", "0.63826", "0.00015"),
            (-4.819_06, 0.8324, "-4.82(83)", "-4.82", "0.83"),
            (227.06, 11.3, "227(11)", "227", "11"),
            (2271.4, 113.0, "2.27(11) \\times 10^{3}", "2.27e3", "1.1e2"),
            (9.9996, 0.0021, "9.9996(21)", "9.9996", "0.0021"),
            (9.99996, 0.0021, "10.0000(21)", "10.0000", "0.0021"),
            (1.234e-9, 5.6e-11, "1.234(56) \\times 10^{-9}", "1.234e-9", "5.6e-11"),
            (0.001, 0.5, "0.0010 \\pm 0.50", "0.0010", "0.50"),
            (0.7, 0.0, "0.700000", "0.700000", "0"),
        ] {
            assert_eq!(with_error(x, error), [both, alone, spread], "{x} {error}");
        }
    }
}

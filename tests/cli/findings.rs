//! The numbers that docs/explanation/findings.md says of the experiments, against the golden data: each agrees to its printed digits.

use neurodyn::numerics::elementary::{exp, ln};
use std::path::Path;

/// A table of golden data as rows of cells.
struct Golden {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn read(path: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect(path)
}

fn golden(table: &str) -> Golden {
    let text = read(&format!("tests/golden/{table}.csv"));
    let mut rows = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
    Golden { names: rows.next().expect("a head"), rows: rows.collect() }
}

impl Golden {
    fn place(&self, column: &str) -> usize {
        self.names.iter().position(|name| name == column).expect(column)
    }

    /// The numbers of a column in all rows that have these cells.
    fn all(&self, column: &str, at: &[(&str, &str)]) -> Vec<f64> {
        let (column, at): (usize, Vec<_>) =
            (self.place(column), at.iter().map(|(name, cell)| (self.place(name), *cell)).collect());
        let meant = self.rows.iter().filter(|row| at.iter().all(|(place, cell)| row[*place] == *cell));
        let numbers: Vec<f64> = meant.map(|row| row[column].parse().expect("a number")).collect();
        assert!(!numbers.is_empty(), "no row has {at:?}");
        numbers
    }

    fn one(&self, column: &str, at: &[(&str, &str)]) -> f64 {
        let numbers = self.all(column, at);
        assert_eq!(numbers.len(), 1, "{column} {at:?}");
        numbers[0]
    }

    /// Where `column` reaches 1/2, by a straight line between the rows at either side.
    fn half(&self, place: &str, column: &str, at: &[(&str, &str)]) -> f64 {
        let (x, y) = (self.all(place, at), self.all(column, at));
        let k = (1..y.len()).find(|&k| y[k - 1] < 0.5 && y[k] >= 0.5).expect("a crossing");
        x[k - 1] + (x[k] - x[k - 1]) * (0.5 - y[k - 1]) / (y[k] - y[k - 1])
    }
}

/// The numbers that stand at the `{}` of this sentence, whose other words must be those of the page.
fn quoted(page: &str, sentence: &str) -> Vec<String> {
    let parts: Vec<&str> = sentence.split("{}").collect();
    let starts = page.match_indices(parts[0]).map(|(start, part)| start + part.len());
    let mut found = starts.filter_map(|start| {
        let mut rest = &page[start..];
        let mut numbers = Vec::new();
        for part in &parts[1..] {
            let digits = rest.find(|c: char| !(c.is_ascii_digit() || ".-".contains(c))).unwrap_or(rest.len());
            // the full stop of a sentence is not part of its last number
            let number = rest[..digits].trim_end_matches('.');
            numbers.push(number.to_owned());
            rest = rest[number.len()..].strip_prefix(part)?;
        }
        Some(numbers)
    });
    let numbers = found.next().unwrap_or_else(|| panic!("the page does not say {sentence:?}"));
    assert!(found.next().is_none(), "the page says {sentence:?} twice");
    numbers
}

/// Whether the text is this number, rounded to the digits that the text has.
fn is_rounded(text: &str, value: f64) -> bool {
    let decimals = text.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    format!("{value:.decimals$}") == text
}

#[test]
fn numbers_agree_with_the_golden_data_to_their_digits() {
    let page = read("docs/explanation/findings.md").split_whitespace().collect::<Vec<_>>().join(" ");
    let check = |sentence: &str, values: &[f64]| {
        let numbers = quoted(&page, sentence);
        assert_eq!(numbers.len(), values.len(), "{sentence}");
        for (text, value) in numbers.iter().zip(values) {
            assert!(is_rounded(text, *value), "{sentence:?} says {text} where the golden data have {value}");
        }
    };

    let widths = golden("recurrent_layers.widths");
    let last = |width: &'static str| [("sigma_w", "0.9"), ("quantity", "activity"), ("step", "12"), ("width", width)];
    let layers = |width| widths.one("layers_variance", &last(width));
    let ratio = |width| widths.one("scaled_variance", &last(width)) / layers(width);
    // an uncertainty in units of the last digit
    let spread = |width| 100.0 * widths.one("scaled_variance_error", &last(width)) / layers(width);
    let [narrow, middle, wide] = ["100", "1000", "10000"];
    check(
        "the variance of the activity is {}({}), {}({}) and {}({}) times as large on 100, 1000 and 10^4 neurons",
        &[ratio(narrow), spread(narrow), ratio(middle), spread(middle), ratio(wide), spread(wide)],
    );

    let growth = golden("recurrent_transition.growth");
    let strong = [("sigma_w", "2.5")];
    check(
        "({}({}) against {} at `sigma_w` = 2.5)",
        &[
            growth.one("exponent_mc", &strong),
            1e4 * growth.one("exponent_stderr", &strong),
            growth.one("exponent_theory", &strong),
        ],
    );

    let errors = golden("backward_width.all");
    let first = [("quantity", "difference"), ("layer", "1"), ("width", "3200")];
    check(
        "({} / n over 20 layers, measured {}({}) / n)",
        &[errors.one("first_order", &first), errors.one("found", &first), 100.0 * errors.one("found_error", &first)],
    );

    let shares = golden("paradox_shatter.growth");
    let chi_1 = golden("distance_dynamics.fixed_points").one("chi_1", &strong);
    let excess = |points: &str| {
        let k: f64 = points.parse().expect("a number");
        2.0 * ln(k) / ln(chi_1) - shares.one("bound_depth", &[("inputs", points)])
    };
    check(
        "takes to leading order `2 ln k / ln chi_1` layers (it takes {} fewer for 12 points, {} fewer for 32 to 512;",
        &[excess("12"), excess("32")],
    );
    assert!(is_rounded("6.2", excess("512")) && is_rounded("6.2", excess("128")));

    let kept = golden("paradox_pairs.inputs_curve");
    let prefactor = |tolerance: &str, width: &str| {
        let at = [("tolerance", tolerance), ("width", width)];
        exp(kept.one("log_median", &at) - kept.one("log_leading", &at))
    };
    check(
        "its square; times a factor ({} to {} for 400 to 3000 neurons;",
        &[prefactor("0.1", "400"), prefactor("0.3", "3000")],
    );

    let cosines = golden("fisher_natural.learning").all("cosine", &[]);
    let least = cosines.iter().copied().fold(f64::INFINITY, f64::min);
    let most = cosines.iter().copied().fold(0.0, f64::max);
    check("(cosines {} to {})", &[least, most]);

    let sizes = golden("recurrent_continuous.sizes");
    let theory = golden("recurrent_continuous.lags");
    let deviation =
        |measure, gain| 600.0 * -sizes.one("deviation", &[("measure", measure), ("gain", gain), ("width", "600")]);
    check(
        "by about `{} / n` at `g` = 4 and `{} / n` at 1.5",
        &[deviation("exponent", "4.0"), deviation("exponent", "1.5")],
    );
    let most: f64 = quoted(&page, "have `D(0)` within {} % of theory")[0].parse().expect("a number");
    for gain in ["1.5", "4.0"] {
        let exact = theory.one("autocorrelation_theory", &[("gain", gain), ("lag", "0.0")]);
        assert!((deviation("variance", gain) / 600.0 / exact).abs() < 0.01 * most);
    }

    let (deep, wide) = (golden("poole_expressivity.deep"), golden("poole_expressivity.wide"));
    let of_width = |width| wide.half("frequency", "unexplained", &[("width", width)]);
    let of_layer = |layer| deep.half("frequency", "unexplained", &[("layer", layer)]);
    check(
        "reaches {} to {} periods on half a circle (half of the mean square left). On 500 neurons of layer 3 it reaches {}, of layer 5 {}.",
        &[of_width("100"), of_width("10000"), of_layer("3"), of_layer("5")],
    );
}

#[test]
fn a_number_agrees_to_its_digits_only() {
    assert!(is_rounded("2.46", 2.4559) && !is_rounded("2.46", 2.4549) && is_rounded("18", 17.9));
    let text = "a is 2.50(3) and b -4.";
    assert_eq!(quoted(text, "a is {}({}) and b {}"), ["2.50", "3", "-4"]);
    assert!(std::panic::catch_unwind(|| quoted(text, "a is {} and")).is_err());
}

use super::*;
use neurodyn_model::{Activation, WeightStd};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(rename = "activation")]
    _activation: Activation,
    #[serde(rename = "sigma_w")]
    _sigma_w: Vec<WeightStd>,
}

const GOOD: &str = "family = \"activity\"\ntitle = \"t\"\nseed = 7\nvalues = 1\n\n[parameters]\nactivation = \"tanh\"\nsigma_w = [1.0, 2.5]\n";

fn parse(text: &str) -> Result<Params, ConfigError> {
    Document::parse(Path::new("experiments/x.toml"), text.to_owned())?.parameters(|item| item.read(Params::deserialize))
}

#[test]
fn a_good_file_is_read() {
    let document = Document::parse(Path::new("experiments/x.toml"), GOOD.to_owned()).expect("valid");
    assert_eq!((document.id.as_str(), document.module(), document.header.seed), ("x", "x", 7));
    assert!(document.parameters(|item| item.read(Params::deserialize)).is_ok());
}

#[test]
fn every_error_names_file_line_field_and_what_is_allowed() {
    for (from, to, line, parts) in [
        ("seed = 7", "sed = 7", 3, vec!["sed", "seed"]),
        ("sigma_w = [", "sigma_v = [", 8, vec!["parameters.sigma_v: ", "sigma_w"]),
        ("2.5]", "-2.5]", 8, vec!["sigma_w", "-2.5", "from 0 to 1e100"]),
        ("\"tanh\"", "\"tahn\"", 7, vec!["tahn", "tanh", "softplus"]),
        ("values = 1", "values = \"one\"", 4, vec!["values: ", "\"one\"", "a whole number from 0 to 4294967295"]),
        ("[1.0, 2.5]", "[1.0, true]", 8, vec!["parameters.sigma_w[1]: ", "`true`", "a number"]),
        ("seed = 7", "seed = -7", 3, vec!["seed: ", "-7", "a whole number, 0 or more"]),
        ("seed = 7\n", "", 1, vec!["seed"]),
        ("\"t\"", "\"t", 2, vec!["string"]),
    ] {
        let error = parse(&GOOD.replacen(from, to, 1)).expect_err(to).to_string();
        assert!(error.starts_with(&format!("experiments/x.toml:{line}:")), "{to}: {error}");
        for part in parts {
            assert!(error.contains(part), "{to}: {part} missing in {error}");
        }
    }
}

#[test]
fn a_seed_belongs_to_one_experiment() {
    let document = |name: &str| Document::parse(Path::new(name), GOOD.to_owned()).expect("valid");
    let error = same_seed(&document("a.toml"), &document("b.toml")).expect("same seed").to_string();
    assert!(error.contains("a.toml") && error.contains("b.toml") && error.contains('7'), "{error}");
    let other = Document::parse(Path::new("b.toml"), GOOD.replace("seed = 7", "seed = 8")).expect("valid");
    assert_eq!(same_seed(&document("a.toml"), &other), None);
}

#[test]
fn names_that_golden_files_and_figures_cannot_carry_are_refused() {
    for name in ["experiments/a.b.toml", "experiments/a-b.toml", "experiments/A.toml", "experiments/é.toml"] {
        let error = Document::parse(Path::new(name), GOOD.to_owned()).expect_err(name).to_string();
        assert!(error.starts_with(name) && error.contains("lower case letters, digits and _"), "{error}");
    }
    let parse = |length: usize| Document::parse(Path::new(&format!("{}.toml", "a".repeat(length))), GOOD.to_owned());
    assert!(parse(LONGEST_ID).is_ok());
    let error = parse(LONGEST_ID + 1).expect_err("too long").to_string();
    assert!(error.contains("at most 100"), "{error}");
}

/// A section of two fields, one of them a list of sections.
fn outer(item: Item<'_>) -> Result<(f64, Vec<u64>), ItemError> {
    let mut outer = item.section(&["gain", "cases"])?;
    let gain = outer.take("gain")?.read(f64::deserialize)?;
    let inner = |item: Item<'_>| item.section(&["width"])?.take("width")?.read(u64::deserialize);
    Ok((gain, outer.take("cases")?.filled_list()?.into_iter().map(inner).collect::<Result<_, _>>()?))
}

#[test]
fn sections_are_read_field_by_field_with_the_place_of_each_error() {
    let head = "family = \"activity\"\ntitle = \"t\"\nseed = 7\nvalues = 1\n";
    let good =
        format!("{head}[parameters]\ngain = 2\n[[parameters.cases]]\nwidth = 3\n[[parameters.cases]]\nwidth = 4\n");
    let read =
        |text: String| Document::parse(Path::new("experiments/x.toml"), text).expect("a header").parameters(outer);
    assert_eq!(read(good.clone()), Ok((2.0, vec![3, 4])));
    for (from, to, line, parts) in [
        ("width = 4", "width = -4", 10, vec!["parameters.cases[1].width: ", "`-4`"]),
        ("width = 4", "widht = 4", 10, vec!["parameters.cases[1].widht: ", "`widht`", "width"]),
        ("width = 4", "", 9, vec!["parameters.cases[1]: ", "missing field `width`"]),
        ("gain = 2", "gain = \"2\"", 6, vec!["parameters.gain: ", "string \"2\""]),
        ("gain = 2\n", "", 5, vec!["parameters: ", "missing field `gain`"]),
        (
            "[[parameters.cases]]\nwidth = 3\n[[parameters.cases]]\nwidth = 4",
            "cases = []",
            7,
            vec!["parameters.cases: ", "empty"],
        ),
        (
            "[[parameters.cases]]\nwidth = 3\n[[parameters.cases]]\nwidth = 4",
            "cases = 1",
            7,
            vec!["parameters.cases: ", "`1`", "a list"],
        ),
        // the numbers of a section, in order, are no section
        (
            "[[parameters.cases]]\nwidth = 3\n[[parameters.cases]]\nwidth = 4",
            "cases = [[3]]",
            7,
            vec!["parameters.cases[0]: ", "a table of parameters"],
        ),
    ] {
        let Err(ConfigError::Invalid { line: found, message, .. }) = read(good.replacen(from, to, 1)) else {
            panic!("{to}")
        };
        assert!(found == line && parts.iter().all(|part| message.contains(part)), "{to}: line {found}: {message}");
    }
}

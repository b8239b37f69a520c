//! Every activation through every experiment that has one as a parameter, in small: it ends with tables of finite numbers and figures, or is refused
//! with a reason at a line of the file. Nothing is said of whether the numbers are right.

use libtest_mimic::{Arguments, Failed, Trial};
use neurodyn::config::{ConfigError, Document, Setting};
use neurodyn::experiment::{Run, RunError, schema};
use neurodyn::experiments::{CATALOGUE, REGISTRY, find};
use neurodyn::model::{Activation, Sigmoid};
use neurodyn::render::{Theme, render};
use neurodyn::table::{Table, Values};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::AtomicBool;
use toml::Value;

/// Parameters that name an activation.
const ACTIVATIONS: [&str; 2] = ["activation", "activations"];
/// The parameter that names the activation of a perceptron.
const SIGMOID: &str = "phi";

/// Numbers of a kind, and what is at most taken of them: sizes that only cost time.
const AT_MOST: &[(i64, &[&str])] = &[
    (30, &["replicas", "wide_replicas", "particles", "wide"]),
    (20, &["width", "widths", "values", "narrowest", "judged_width", "neurons"]),
    (4, &["depth", "layer", "layers", "sampled_layers", "depths", "steps"]),
    (2, &["count", "sampled_every", "starts"]),
    (8, &["curve", "points", "angles", "times", "bins", "inputs"]),
    (100, &["settle", "growth_steps"]),
];

/// What stays as it is: not sizes, though lists.
const WHOLE: [&str; 3] = ["manifold", "teacher", "student"];

/// What the general rule makes too small, or leaves too long.
const EXCEPTIONS: &[(&str, &[&str])] = &[
    ("curvature_kink", &["curve.count=2", "layers=[1]"]),
    ("curvature_tensor", &["gauss_bonnet_depth=2"]),
    ("fisher_blocks", &["unit.size=4", "unit.inputs=40", "portrait.width=2", "portrait.inputs=40"]),
    ("fisher_natural", &["unit.size=2", "unit.inputs=10"]),
    (
        "paradox_angle",
        &[
            // without a crossover there is nothing to see
            "width=200",
            "judged_depth=4",
            "weak.depth=24",
            "weak.shown=[2, 4]",
            "weak.sampled_angles.count=24",
            "weak.crossover_layers=[16, 20, 24]",
            "weak.fit_from=16",
            "strong.depth=12",
            "strong.shown=[2, 4]",
            "strong.sampled_angles.count=24",
            "strong.crossover_layers=[8, 10, 12]",
            "strong.fit_from=8",
        ],
    ),
    ("paradox_dimension", &["boxes.points=16"]),
    ("poole_expressivity", &["shown.layers=[1, 3]", "wide.width=[10, 20]", "deep.frequency=[1, 2]"]),
    ("recurrent_transition", &["growth.to=4", "attractors.networks=30"]),
    ("singular_plateau", &["last=300.0", "online.last=100.0"]),
    (
        "singular_portrait",
        &["cases[0].last=200.0", "cases[1].last=200.0", "cases[2].last=200.0", "paths.starts=[[0.9, 0.85]]"],
    ),
    ("recurrent_continuous", &["networks=[{ width = 10, replicas = 30 }, { width = 20, replicas = 30 }]"]),
];

/// Settings that make the parameters below a path small.
fn small(value: &Value, path: &str, key: &str, settings: &mut Vec<String>) {
    let most = AT_MOST.iter().find(|(_, keys)| keys.contains(&key)).map(|(most, _)| *most);
    let least = |value: &Value| match (value, most) {
        (Value::Integer(number), Some(most)) => Value::Integer(*number.min(&most)),
        _ => value.clone(),
    };
    let smaller = match value {
        _ if WHOLE.contains(&key) => return,
        Value::Table(table) => {
            return table.iter().for_each(|(key, value)| small(value, &format!("{path}.{key}"), key, settings));
        }
        Value::Array(list) if list.iter().all(Value::is_table) => {
            let items = list.iter().enumerate();
            return items.for_each(|(index, item)| small(item, &format!("{path}[{index}]"), key, settings));
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(least).collect();
            list.dedup();
            list.truncate(2);
            Value::Array(list)
        }
        other => least(other),
    };
    if smaller != *value {
        settings.push(format!("{path}={smaller}"));
    }
}

/// Settings that put this name wherever the parameters below a path have an activation.
fn named(value: &Value, path: &str, keys: &[&str], name: &str, settings: &mut Vec<String>) {
    match value {
        Value::Table(table) => {
            for (key, value) in table {
                let path = format!("{path}.{key}");
                match value {
                    Value::String(_) if keys.contains(&key.as_str()) => settings.push(format!("{path}={name:?}")),
                    Value::Array(_) if keys.contains(&key.as_str()) => settings.push(format!("{path}=[{name:?}]")),
                    _ => named(value, &path, keys, name, settings),
                }
            }
        }
        // others of a list stay, since some must differ
        Value::Array(list) => {
            list.first().into_iter().for_each(|item| named(item, &format!("{path}[0]"), keys, name, settings));
        }
        _ => (),
    }
}

fn shipped(module: &str) -> Document {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("experiments/{module}.toml"));
    Document::parse(&path, std::fs::read_to_string(&path).expect("an experiment file")).expect("valid")
}

/// Settings that make all weight scales below a path, but for grids, this one.
fn scaled(value: &Value, path: &str, scale: f64, settings: &mut Vec<String>) {
    let Value::Table(table) = value else { return };
    for (key, value) in table {
        let path = format!("{path}.{key}");
        match value {
            Value::Float(_) if key == "sigma_w" => settings.push(format!("{path}={scale:?}")),
            Value::Array(_) if key == "sigma_w" => settings.push(format!("{path}=[{scale:?}]")),
            _ => scaled(value, &path, scale, settings),
        }
    }
}

/// The experiment in small, with this activation.
fn document(module: &str, keys: &[&str], name: &str, scale: Option<f64>) -> Result<Document, ConfigError> {
    let document = shipped(module);
    let file: toml::Table = document.text.parse().expect("TOML");
    let mut settings = Vec::new();
    small(&file["parameters"], "parameters", "", &mut settings);
    named(&file["parameters"], "parameters", keys, name, &mut settings);
    scale.into_iter().for_each(|scale| scaled(&file["parameters"], "parameters", scale, &mut settings));
    let exceptions =
        EXCEPTIONS.iter().find(|(other, _)| *other == module).map_or(&[][..], |(_, exceptions)| exceptions);
    settings.extend(exceptions.iter().map(|setting| format!("parameters.{setting}")));
    let settings: Vec<Setting> = settings.iter().map(|setting| setting.parse().expect(setting)).collect();
    let document = document.with_settings(&settings)?;
    // errors then name a line, as for a file, not a setting of the command line
    Document::parse(&document.path, document.text)
}

/// What comes of a document: whether it was computed, or the refusal.
fn outcome(document: &Document) -> Result<(), RunError> {
    let entry = find(document)?;
    let interrupt = AtomicBool::new(false);
    let tables = entry.run(document, &Run::new(document.header.seed, &interrupt, &|_| {}), None)?;
    assert!(!tables.is_empty() && tables.iter().all(finite), "{tables:?}");
    for figure in entry.figures(document)? {
        render(&figure, &tables, "", Theme::Print).unwrap_or_else(|error| panic!("{}: {error}", figure.name));
    }
    Ok(())
}

fn finite(table: &Table) -> bool {
    table.columns().iter().all(|(_, values)| match values {
        Values::Number(numbers) => numbers.iter().all(|number| number.is_finite()),
        Values::NumberGaps(numbers) => numbers.iter().flatten().all(|number| number.is_finite()),
        Values::Integer(_) | Values::IntegerGaps(_) | Values::Text(_) | Values::Flag(_) => true,
    })
}

/// Runs an experiment with each of these activations.
fn passes_or_says_why_not(module: &str, keys: &[&str], names: &[&str]) -> Result<(), Failed> {
    let mut wrong = Vec::new();
    let mut computed = 0;
    let mut refused = Vec::new();
    // at the scales of the file many an activation has no fixed point
    for (name, scale) in names.iter().flat_map(|name| [(name, None), (name, Some(1.2))]) {
        let found = catch_unwind(AssertUnwindSafe(|| match document(module, keys, name, scale) {
            Ok(document) => outcome(&document),
            Err(error) => Err(error.into()),
        }));
        match found {
            Ok(Ok(())) => computed += 1,
            // the header ends at the line of its parameters
            Ok(Err(RunError::Config(ConfigError::Invalid { line, ref message, .. })))
                if line > 7 && !message.contains("NaN") && !message.contains("inf,") =>
            {
                refused.push(format!("{module}, {name}: {message}"));
            }
            Ok(Err(error)) => wrong.push(format!("{name} at {scale:?}: {error}")),
            Err(panic) => {
                let message = panic.downcast_ref::<String>().map(String::as_str);
                let message = message.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no message");
                wrong.push(format!("{name} at {scale:?}: a panic: {message}"));
            }
        }
    }
    if computed == 0 {
        wrong.push(format!("no activation is computed:\n{}", refused.join("\n")));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
}

/// What files call it.
fn sigmoid_name(sigmoid: Sigmoid) -> &'static str {
    match sigmoid {
        Sigmoid::ErfSqrt2 => "erf_sqrt2",
        Sigmoid::GaussCdf => "gauss_cdf",
    }
}

fn main() {
    let arguments = Arguments::from_args();
    let activations: Vec<&str> = Activation::ALL.iter().map(|activation| activation.name()).collect();
    let sigmoids: Vec<&str> = [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf].into_iter().map(sigmoid_name).collect();
    let mut trials = Vec::new();
    for entry in REGISTRY {
        let file: toml::Table = shipped(entry.module).text.parse().expect("TOML");
        for (keys, names) in [(&ACTIVATIONS[..], &activations), (&[SIGMOID], &sigmoids)] {
            let mut places = Vec::new();
            named(&file["parameters"], "parameters", keys, names[0], &mut places);
            if !places.is_empty() {
                let names = names.clone();
                trials.push(Trial::test(entry.module, move || passes_or_says_why_not(entry.module, keys, &names)));
            }
        }
        // the schema of an experiment lists the names of activations where it has one, whatever the parameter is called
        let schema = schema::of_module(&CATALOGUE, entry.module).expect("a schema").to_string();
        let listed = schema.contains(&format!("{:?}", sigmoids[0]));
        let there = trials.last().is_some_and(|trial| trial.name() == entry.module);
        assert_eq!(listed, there, "{}: a parameter that names an activation", entry.module);
    }
    libtest_mimic::run(&arguments, trials).exit();
}

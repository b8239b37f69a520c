//! Every activation through every experiment that has one as a parameter, in small: it ends with tables of finite numbers and figures, or is refused
//! with a reason at a line of the file. Nothing is said of whether the numbers are right.

use crate::{small, with_run};
use libtest_mimic::{Failed, Trial};
use neurodyn::config::{ConfigError, Document};
use neurodyn::experiment::{RunError, schema};
use neurodyn::experiments::{CATALOGUE, REGISTRY, find};
use neurodyn::model::{Activation, Sigmoid};
use neurodyn::render::{Theme, render};
use neurodyn::table::{Table, Values};
use std::panic::{AssertUnwindSafe, catch_unwind};
use toml::Value;

/// Parameters that name an activation.
const ACTIVATIONS: [&str; 2] = ["activation", "activations"];
/// The parameter that names the activation of a perceptron.
const SIGMOID: &str = "phi";

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
    let parameters = small::parameters(module);
    let mut settings = Vec::new();
    named(&parameters, "parameters", keys, name, &mut settings);
    scale.into_iter().for_each(|scale| scaled(&parameters, "parameters", scale, &mut settings));
    small::document(module, 30, settings)
}

/// What comes of a document: whether it was computed, or the refusal.
fn outcome(document: &Document) -> Result<(), RunError> {
    let found = find(document.clone())?;
    let tables = with_run(document, 1.0, |found, run| found.run(run, None))?;
    assert!(!tables.is_empty() && tables.iter().all(finite), "{tables:?}");
    for figure in found.figures()? {
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

pub fn trials() -> Vec<Trial> {
    let activations: Vec<&str> = Activation::ALL.iter().map(|activation| activation.name()).collect();
    let sigmoids: Vec<&str> = [Sigmoid::ErfSqrt2, Sigmoid::GaussCdf].into_iter().map(sigmoid_name).collect();
    let mut trials = Vec::new();
    for entry in REGISTRY {
        let parameters = small::parameters(entry.module);
        for (keys, names) in [(&ACTIVATIONS[..], &activations), (&[SIGMOID], &sigmoids)] {
            let mut places = Vec::new();
            named(&parameters, "parameters", keys, names[0], &mut places);
            if !places.is_empty() {
                let names = names.clone();
                let name = format!("smoke::{}", entry.module);
                trials.push(Trial::test(name, move || passes_or_says_why_not(entry.module, keys, &names)));
            }
        }
        // the schema of an experiment lists the names of activations where it has one, whatever the parameter is called
        let schema = schema::of_module(&CATALOGUE, entry.module).expect("a schema").to_string();
        let listed = schema.contains(&format!("{:?}", sigmoids[0]));
        let there = trials.last().is_some_and(|trial| trial.name() == format!("smoke::{}", entry.module));
        assert_eq!(listed, there, "{}: a parameter that names an activation", entry.module);
    }
    trials
}

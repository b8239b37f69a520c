//! Experiments in small: what only costs time is cut down, the rest is as shipped.

use crate::shipped_text;
use neurodyn::config::{ConfigError, Document, Setting};
use toml::Value;

/// Numbers that are as few as the caller says, beside all replicas.
const FEW: [&str; 3] = ["particles", "wide", "many"];
/// Numbers of a kind, and what is at most taken of them: sizes that only cost time.
const AT_MOST: &[(i64, &[&str])] = &[
    (20, &["width", "widths", "values", "narrowest", "judged_width", "neurons"]),
    (4, &["depth", "layer", "layers", "sampled_layers", "depths", "steps"]),
    (2, &["count", "sampled_every", "starts"]),
    (8, &["curve", "points", "angles", "times", "bins", "inputs"]),
    (100, &["settle", "growth_steps"]),
];

/// What stays as it is: not sizes, though lists.
const WHOLE: [&str; 5] = ["manifold", "teacher", "student", "rows", "columns"];

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
    ("measured_network", &["drawn=2000", "training.examples=8", "training.steps=8"]),
    ("paradox_dimension", &["boxes.points=16"]),
    ("poole_expressivity", &["shown.layers=[1, 3]", "wide.width=[10, 20]", "deep.frequency=[1, 2]"]),
    ("recurrent_transition", &["growth.to=4", "attractors.networks=30"]),
    ("singular_coefficient", &["replicas=70", "particles=10", "sweeps=1"]),
    (
        "singular_plateau",
        &["separations=[0.5]", "last=100.0", "online.last=30.0", "length.separations.to=0.2", "length.spreads.to=1.0"],
    ),
    (
        "singular_portrait",
        &["cases[0].last=200.0", "cases[1].last=200.0", "cases[2].last=200.0", "paths.starts=[[0.9, 0.85]]"],
    ),
    ("recurrent_continuous", &["networks=[{ width = 10, replicas = 30 }, { width = 20, replicas = 30 }]"]),
];

/// Parameters of the shipped file.
pub fn parameters(module: &str) -> Value {
    let file: toml::Table = shipped_text(module).1.parse().expect("TOML");
    file["parameters"].clone()
}

/// The experiment in small, with so many replicas at most and with these settings besides.
pub fn document(module: &str, replicas: i64, others: Vec<String>) -> Result<Document, ConfigError> {
    let (path, text) = shipped_text(module);
    let mut settings = Vec::new();
    collect(&parameters(module), "parameters", "", replicas, &mut settings);
    settings.extend(others);
    let exceptions =
        EXCEPTIONS.iter().find(|(other, _)| *other == module).map_or(&[][..], |(_, exceptions)| exceptions);
    settings.extend(exceptions.iter().map(|setting| format!("parameters.{setting}")));
    let settings: Vec<Setting> = settings.iter().map(|setting| setting.parse().expect(setting)).collect();
    let document = Document::parse(&path, text)?.with_settings(&settings)?;
    // errors then name a line, as for a file, not a setting of the command line
    Document::parse(&document.path, document.text)
}

/// Settings that make the parameters below a path small.
fn collect(value: &Value, path: &str, key: &str, replicas: i64, settings: &mut Vec<String>) {
    let general = AT_MOST.iter().find(|(_, keys)| keys.contains(&key)).map(|(most, _)| *most);
    let most = if key.ends_with("replicas") || FEW.contains(&key) { Some(replicas) } else { general };
    let least = |value: &Value| match (value, most) {
        (Value::Integer(number), Some(most)) => Value::Integer(*number.min(&most)),
        _ => value.clone(),
    };
    let smaller = match value {
        _ if WHOLE.contains(&key) => return,
        Value::Table(table) => {
            let items = table.iter();
            return items.for_each(|(key, value)| collect(value, &format!("{path}.{key}"), key, replicas, settings));
        }
        Value::Array(list) if list.iter().all(Value::is_table) => {
            let items = list.iter().enumerate();
            return items.for_each(|(at, item)| collect(item, &format!("{path}[{at}]"), key, replicas, settings));
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

//! Schemas of experiment files: in step with the program, and at one with it about what is allowed.

use super::{files_below, neurodyn, write};
use boon::{Compiler, SchemaIndex, Schemas};
use neurodyn::config::{Digits, Grid, checked};
use neurodyn::model::{Activation, BiasStd, Manifold, Perceptron, Replicas, Sigmoid, WeightStd, Width};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments")
}

/// Every shipped experiment file: name, module and text.
fn experiments() -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(shipped()).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = std::fs::read_to_string(&path).expect("text");
            let module = text.strip_prefix("#:schema schema/").and_then(|rest| rest.split_once(".json\n"));
            let (module, _) =
                module.unwrap_or_else(|| panic!("{}: no line #:schema schema/MODULE.json", path.display()));
            found.push((path.file_stem().expect("a name").to_string_lossy().into_owned(), module.to_owned(), text));
        }
    }
    assert!(found.len() > 30);
    found
}

/// The schemas of the repository, or one of a type.
struct Checker {
    schemas: Schemas,
    compiler: Compiler,
    shipped: BTreeMap<String, SchemaIndex>,
}

impl Checker {
    fn new() -> Self {
        Self { schemas: Schemas::new(), compiler: Compiler::new(), shipped: BTreeMap::new() }
    }

    fn add(&mut self, name: &str, schema: Value) -> SchemaIndex {
        let place = format!("https://example.org/{name}");
        self.compiler.add_resource(&place, schema).expect("a new name");
        self.compiler.compile(&place, &mut self.schemas).unwrap_or_else(|error| panic!("{name}: {error:#}"))
    }

    fn shipped(&mut self, name: &str) -> SchemaIndex {
        if let Some(index) = self.shipped.get(name) {
            return *index;
        }
        let text = std::fs::read_to_string(shipped().join(format!("schema/{name}.json"))).expect("a schema");
        let index = self.add(name, serde_json::from_str(&text).expect("JSON"));
        self.shipped.insert(name.to_owned(), index);
        index
    }

    fn refuses(&self, value: &Value, schema: SchemaIndex) -> Option<String> {
        self.schemas.validate(value, schema).err().map(|error| format!("{error:#}"))
    }
}

fn value_of(text: &str) -> Value {
    toml::from_str(text).expect("TOML")
}

#[test]
fn the_folder_is_what_the_program_writes() {
    let folder = tempfile::tempdir().expect("a folder");
    let answer = neurodyn(folder.path(), &["schema", "--out", "schema"]);
    assert_eq!(answer.code, 0, "{}", answer.err);
    let names = |root: &Path| -> Vec<String> {
        let below = files_below(&root.join("schema"));
        below.iter().map(|path| path.rsplit('/').next().expect("a name").to_owned()).collect()
    };
    assert_eq!(names(folder.path()), names(&shipped()));
    for name in names(&shipped()) {
        let read = |root: &Path| std::fs::read_to_string(root.join("schema").join(&name)).expect("text");
        let same = read(folder.path()) == read(&shipped());
        assert!(same, "{name} is not what the program says; write it with: neurodyn schema --out experiments/schema");
    }
    let printed = neurodyn(folder.path(), &["schema", "activity_map"]);
    let written = std::fs::read_to_string(folder.path().join("schema/activity_map.json")).expect("text");
    assert_eq!((printed.code, printed.out), (0, written));
    let answer = neurodyn(folder.path(), &["schema", "activity_mop"]);
    assert!(answer.code == 2 && answer.err.contains("\"activity_mop\"; is activity_map meant?"), "{}", answer.err);
}

#[test]
fn every_shipped_file_fits_its_schema_and_that_of_any() {
    let mut checker = Checker::new();
    let any = checker.shipped("experiment");
    for (name, module, text) in experiments() {
        let own = checker.shipped(&module);
        let mut value = value_of(&text);
        assert_eq!(value.get("experiment").and_then(Value::as_str).unwrap_or(&name), module, "{name}");
        for schema in [own, any] {
            assert_eq!(checker.refuses(&value, schema), None, "{name}");
        }
        value["experiment"] = module.as_str().into();
        for schema in [own, any] {
            assert_eq!(checker.refuses(&value, schema), None, "{name}");
        }
    }
}

#[test]
fn broken_files_are_refused_by_schema_and_program() {
    let mut checker = Checker::new();
    let any = checker.shipped("experiment");
    for (name, from, to) in [
        ("activity_map", "sigma_b =", "sigma_c ="),
        ("activity_map", "seed =", "sede ="),
        ("activity_map", "seed = 20180801\n", ""),
        ("activity_map", "seed = 20180801", "seed = -1"),
        ("activity_map", "values = 2", "values = 5000000000"),
        ("activity_map", "\"activity\"", "\"activities\""),
        ("activity_map", "[1.3, 2.5, 4.0]", "[]"),
        ("activity_map", "[1.3, 2.5, 4.0]", "1.3"),
        ("activity_map", "4.0]", "-4.0]"),
        ("activity_map", "4.0]", "1e101]"),
        ("activity_map", "\"tanh\"", "\"tahn\""),
        ("activity_map", "width = 1000", "width = 0"),
        ("activity_map", "width = 1000", "width = 0.5"),
        ("activity_map", "width = 1000", "width = 2000000000000"),
        ("activity_map", "replicas = 200", "replicas = 29"),
        ("activity_map", "replicas = 200", "replicas = { target_stderr = 0.0, at_most = 2000 }"),
        ("activity_map", "replicas = 200", "replicas = { target_stderr = 0.1, at_most = 1000 }"),
        ("activity_map", "replicas = 200", "replicas = { target_stderr = 0.1 }"),
        ("activity_map", "count = 8", "cuont = 8"),
        ("activity_map", "count = 8", "count = 0"),
        ("activity_map", "from = 1.0, to = 15.0", "from = -1.0, to = 15.0"),
        ("activity_map", "from = 1.0, to = 15.0", "scale = \"log\", from = 0.0, to = 15.0"),
        ("activity_map", "from = 1.0, to = 15.0", "scale = \"cubic\", from = 1.0, to = 15.0"),
        ("activity_convergence", "depth = 8", "depth = 0"),
        ("activity_convergence", "depth = 8", "depth = 1000001"),
        ("activity_convergence", "depth = 8", "depth = \"deep\""),
        ("activity_convergence", "at = { sigma_w = 2.5 } }", "at = { sigma_w = 2.5 }, digits = 18 }"),
        ("activity_convergence", "column = \"slope\"", "columns = \"slope\""),
        ("activity_phase", "tolerance = 1e-4", "tolerance = 0.0"),
        ("activity_width", "layers = [1,", "layers = [-1,"),
        ("activity_width", "widths = [10,", "widths = [0,"),
        ("activity_depth", "[parameters.unequal]", "[parameters.equal]"),
        ("distance_phase", "initial_correlation = 0.5", "initial_correlation = 1.5"),
        ("distance_circle", "inputs = 24", "inputs = 23"),
        ("poole_manifold", "inputs = 128", "inputs = 127"),
        ("metric_anisotropy", "[2, 3, 8]", "[1, 3, 8]"),
        ("metric_length", "\"great_circle\", activity = 0.2", "\"great_circle\", activity = 0.0"),
        ("metric_length", "\"great_circle\"", "\"circle\""),
        ("metric_length", "activities = [0.3, 0.1, 0.1]", "activities = []"),
        ("metric_length", "components = 200", "components = 2000"),
        ("metric_length", "from = [0.9, 0.0, 0.0]", "from = [0.9, 0.0]"),
        ("metric_activity", "semi_axes = [1.0, 0.5]", "semi_axes = [1.0, 0.0]"),
        ("singular_basin", "[[0.4], [2.0]]", "[[], [2.0]]"),
        ("singular_basin", "[1.0, 1.0]", "[1.0, 1e101]"),
        ("singular_basin", "steps = [0.2, 0.1, 0.05]", "steps = [0.2]"),
        ("singular_basin", "\"erf_sqrt2\"", "\"tanh\""),
        ("singular_natural", "exact_steps = [0.01, 0.005]", "exact_steps = [0.01]"),
        ("singular_plateau", "z = 0.3", "z = 1.0"),
        ("sweep_activity", "experiment = \"activity_width\"", "experiment = \"activity_with\""),
    ] {
        let text = std::fs::read_to_string(shipped().join(format!("{name}.toml"))).expect("a file");
        assert!(text.contains(from), "{name}: {from}");
        let broken = text.replacen(from, to, 1);
        let folder = tempfile::tempdir().expect("a folder");
        write(folder.path(), &format!("experiments/{name}.toml"), &broken);
        let answer = neurodyn(folder.path(), &["list"]);
        assert!(answer.code == 2, "the program takes {name}: {to}");
        let module = value_of(&text).get("experiment").and_then(Value::as_str).unwrap_or(name).to_owned();
        let own = checker.shipped(&module);
        let mut value = value_of(&broken);
        assert!(checker.refuses(&value, own).is_some(), "the schema takes {name}: {to}");
        if value.get("experiment").is_none() {
            value["experiment"] = module.into();
        }
        assert!(checker.refuses(&value, any).is_some(), "the schema of any module takes {name}: {to}");
    }
}

/// Paths of properties without an explanation, but for those in conditions on other properties.
fn unexplained(schema: &Value, path: &str, found: &mut Vec<String>) {
    let inner: Vec<(String, &Value)> = match schema {
        Value::Object(object) => object.iter().map(|(key, value)| (key.clone(), value)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    for (key, value) in inner.into_iter().filter(|(key, _)| key != "if" && key != "then") {
        let path = format!("{path}/{key}");
        for (name, property) in value.as_object().filter(|_| key == "properties").into_iter().flatten() {
            // the word that says which kind of table this is
            let explained = property.get("description").is_some() || property.get("const").is_some();
            found.extend((!explained).then(|| format!("{path}/{name}")));
        }
        unexplained(value, &path, found);
    }
}

#[test]
fn every_field_is_explained_and_no_other_is_allowed() {
    for path in files_below(&shipped().join("schema")) {
        let text = std::fs::read_to_string(&path).expect("text");
        let schema: Value = serde_json::from_str(&text).expect("JSON");
        let mut found = Vec::new();
        unexplained(&schema, "", &mut found);
        assert_eq!(found, [""; 0], "{path}");
        assert_eq!(schema["additionalProperties"], false, "{path}");
        assert!(!text.contains("TODO") && schema["$schema"] == "http://json-schema.org/draft-07/schema#", "{path}");
    }
}

/// Everything that a file can hold, each once.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)]
struct All {
    sigma_w: WeightStd,
    sigma_b: BiasStd,
    activation: Activation,
    phi: Sigmoid,
    width: Width,
    replicas: Replicas,
    grid: Grid,
    digits: Digits,
    manifold: Manifold,
    perceptron: Perceptron,
    #[serde(with = "checked::Networks")]
    networks: usize,
    #[serde(with = "checked::Depth")]
    depth: usize,
    #[serde(with = "checked::Count::<8>")]
    count: usize,
    #[serde(with = "checked::Layers")]
    layers: Vec<usize>,
    #[serde(with = "checked::List::<WeightStd>")]
    list: Vec<WeightStd>,
    #[serde(with = "checked::NonNegative")]
    non_negative: f64,
    #[serde(with = "checked::Positive")]
    positive: f64,
    #[serde(with = "checked::Correlation")]
    correlation: f64,
    #[serde(with = "checked::NonNegativeGrid")]
    non_negative_grid: Grid,
    #[serde(with = "checked::CorrelationGrid")]
    correlation_grid: Grid,
}

fn good() -> Value {
    json!({
        "sigma_w": 1.5, "sigma_b": 0, "activation": "tanh", "phi": "gauss_cdf", "width": 10, "replicas": 30, "grid": [1.0], "digits": 3,
        "manifold": { "kind": "great_circle", "activity": 1.0 },
        "perceptron": { "input_weights": [[1.0]], "output_weights": [1.0] },
        "networks": 30, "depth": 1, "count": 8, "layers": [0], "list": [1.0], "non_negative": 0.0, "positive": 1.0, "correlation": 1.0,
        "non_negative_grid": [0.0], "correlation_grid": [-1.0],
    })
}

/// Numbers on both sides of every bound, and words.
fn leaf() -> impl Strategy<Value = Value> {
    const WHOLE: [i64; 20] = [
        -1,
        0,
        1,
        2,
        3,
        7,
        8,
        16,
        17,
        18,
        29,
        30,
        1023,
        1024,
        1_000_000,
        1_000_001,
        1_000_000_000,
        1_000_000_001,
        1_000_000_000_000,
        1_000_000_000_001,
    ];
    const REAL: [f64; 12] = [-1e101, -1e100, -1.5, -1.0, -1e-300, 0.0, 1e-300, 0.5, 1.0, 1.5, 1e100, 1.1e100];
    const WORDS: [&str; 10] =
        ["tanh", "Tanh", "relu", "erf_sqrt2", "gauss_cdf", "log", "linear", "great_circle", "torus", ""];
    prop_oneof![
        proptest::sample::select(WHOLE.to_vec()).prop_map(Value::from),
        proptest::sample::select(REAL.to_vec()).prop_map(Value::from),
        proptest::sample::select(WORDS.to_vec()).prop_map(Value::from),
        any::<bool>().prop_map(Value::from),
        any::<f64>().prop_filter("finite", |x| x.is_finite()).prop_map(Value::from),
    ]
}

fn anything() -> impl Strategy<Value = Value> {
    const KEYS: [&str; 21] = [
        "from",
        "to",
        "count",
        "scale",
        "target_stderr",
        "at_most",
        "kind",
        "activity",
        "activities",
        "semi_axes",
        "centre",
        "radius",
        "rise",
        "dimension",
        "length_scale",
        "harmonics",
        "components",
        "seed",
        "input_weights",
        "output_weights",
        "other",
    ];
    let list = proptest::collection::vec(leaf(), 0..4).prop_map(Value::from);
    let rows = proptest::collection::vec(proptest::collection::vec(leaf(), 0..3), 0..3).prop_map(Value::from);
    let entry = prop_oneof![leaf(), proptest::collection::vec(leaf(), 0..4).prop_map(Value::from)];
    let any =
        proptest::collection::btree_map(proptest::sample::select(KEYS.to_vec()).prop_map(str::to_owned), entry, 0..5);
    let any = any.prop_map(|map| Value::Object(map.into_iter().collect()));
    // of the right form more often than by chance
    let object = |keys: &'static [&'static str]| {
        proptest::collection::vec(leaf(), keys.len())
            .prop_map(move |values| Value::Object(keys.iter().map(|key| (*key).to_owned()).zip(values).collect()))
    };
    let kinds = prop_oneof![
        leaf().prop_map(|x| json!({ "kind": "great_circle", "activity": x })),
        proptest::collection::vec(leaf(), 0..3).prop_map(|x| json!({ "kind": "torus", "activities": x })),
        (leaf(), leaf()).prop_map(|(a, b)| json!({ "kind": "ellipse", "semi_axes": [a, 1], "centre": [0, b, 0] })),
        (leaf(), leaf()).prop_map(|(a, b)| json!({ "kind": "sphere_patch", "dimension": a, "activity": b })),
        (leaf(), leaf(), leaf()).prop_map(|(a, b, c)| json!({
            "kind": "gaussian_process", "dimension": a, "activity": 1, "length_scale": b, "harmonics": 2, "components": c, "seed": 1
        })),
    ];
    let perceptron = (leaf(), leaf()).prop_map(|(a, b)| json!({ "input_weights": [[a]], "output_weights": [b] }));
    let grid = (object(&["from", "to"]), 1..4i64, proptest::sample::select(vec!["log", "linear"])).prop_map(
        |(mut range, count, scale)| {
            range["count"] = count.into();
            range["scale"] = scale.into();
            range
        },
    );
    prop_oneof![
        4 => leaf(), 3 => list, 1 => rows, 1 => any, 2 => grid, 1 => object(&["from", "to", "count"]),
        2 => object(&["target_stderr", "at_most"]), 2 => kinds, 1 => perceptron
    ]
}

#[test]
fn what_a_schema_refuses_the_program_refuses() {
    let mut checker = Checker::new();
    let schema = SchemaSettings::draft07().into_generator().into_root_schema_for::<All>();
    let schema = checker.add("all", schema.into());
    let read = |value: &Value| toml::from_str::<All>(&toml::to_string(value).expect("TOML"));
    assert!(checker.refuses(&good(), schema).is_none() && read(&good()).is_ok());
    let fields: Vec<String> = good().as_object().expect("fields").keys().cloned().collect();
    let (mut taken, mut refused) = (0, 0);
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let case = (proptest::sample::select(fields), anything());
    for _ in 0..10_000 {
        let (field, found) = case.new_tree(&mut runner).expect("a case").current();
        let mut value = good();
        value[&field] = found.clone();
        let (by_schema, by_program) = (checker.refuses(&value, schema), read(&value));
        if let (Some(why), Ok(_)) = (&by_schema, &by_program) {
            panic!("the program takes {field} = {found}, but the schema does not: {why}");
        }
        // what is a single number or word, the schema knows as well as the program; 1.0 is a whole number in JSON
        let single = found.is_number() || found.is_string() || found.is_boolean();
        let whole = found.is_f64() && found.as_f64().is_some_and(|x| x.fract() == 0.0);
        if let (None, Err(error)) = (&by_schema, &by_program) {
            assert!(!single || whole, "the schema takes {field} = {found}, but the program does not: {error}");
        }
        if by_program.is_ok() { taken += 1 } else { refused += 1 }
    }
    assert!(taken > 400 && refused > 400, "{taken} taken, {refused} refused");
}

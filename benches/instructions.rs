//! Regression guard: instructions of small fixed works, counted by callgrind and compared with those of `instructions.toml`.
//!
//! `make bench` counts and fails where a work takes more than [`TOLERANCE`] above the stored count, made with the same compiler and
//! the same valgrind; `make bench-accept` stores new counts, after counting twice. Counts do not depend on what else the machine does, unlike times. Valgrind knows no AVX-512, so
//! all is counted at AVX2. Each work runs in a process of its own, once to warm up and once counted, on one thread.
//!
//! Why not gungraun: its baselines are whole profiles below `target`, not a file of counts to commit and read in a diff, and it
//! needs a second program of exactly its own version.

use neurodyn::config::Document;
use neurodyn::experiment::Run;
use neurodyn::experiments;
use neurodyn::model::{
    Activation, Ensemble, Inputs, JetGram, Manifold, ManifoldKind, Network, Perceptron, Sigmoid, SymmetricMatrix, Width,
};
use neurodyn::numerics::elementary::cos;
use neurodyn::numerics::product::{Vectors, products};
use neurodyn::numerics::quadrature::PairCovariance;
use neurodyn::numerics::simd;
use neurodyn::random::{Address, Role, fill_normals};
use neurodyn::render::{Theme, render};
use neurodyn::simulation::{LANES, OnlineTask, SamplerKind, parallel_map, with_threads};
use neurodyn::theory::activity::activity_fixed_point;
use neurodyn::theory::card::{Request, card};
use neurodyn::theory::distance::distance_fixed_point;
use neurodyn::theory::gram::gram_after;
use neurodyn::theory::jet::JetTheory;
use neurodyn::theory::overlap::{quadrature_overlap, quadrature_squared_difference};
use neurodyn::theory::perceptron::{Learning, Population, flow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hint::black_box;
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::AtomicBool;

/// Relative rise above the stored count that fails.
const TOLERANCE: f64 = 0.03;
/// Largest relative difference of two counts of one program.
const REPEATABLE: f64 = 0.001;
/// The level counted.
const LEVEL: &str = "avx2";
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/instructions.toml");

/// What is stored.
#[derive(Serialize, Deserialize)]
struct Record {
    rustc: String,
    valgrind: String,
    level: String,
    instructions: BTreeMap<String, u64>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["count", name] => count_this(name),
        ["accept"] => accept(),
        [] => compare(),
        _ => Err("the only argument is accept".to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Runs a work under the eyes of callgrind, which counts only below [`measured`].
fn count_this(name: &str) -> Result<(), String> {
    simd::initialise().map_err(|error| error.to_string())?;
    let (_, prepare) =
        works().into_iter().find(|(known, _)| known == name).ok_or(format!("no work is called {name}"))?;
    with_threads(Some(1), || {
        let work = prepare();
        work();
        measured(&work);
    })
}

/// Callgrind looks for this name.
#[inline(never)]
fn measured(work: &Work) {
    work();
    black_box(());
}

/// Instructions of every work, in processes of their own.
fn count() -> Result<Record, String> {
    let version = Command::new("valgrind").arg("--version").output();
    let version = version.map_err(|error| format!("valgrind, which counts instructions, cannot be run: {error}"))?;
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let names: Vec<String> = works().into_iter().map(|(name, _)| name).collect();
    let counts = parallel_map(&names, |name| count_one(&program, name))?;
    Ok(Record {
        rustc: env!("NEURODYN_RUSTC").to_owned(),
        valgrind: String::from_utf8_lossy(&version.stdout).trim().to_owned(),
        level: LEVEL.to_owned(),
        instructions: names.into_iter().zip(counts).collect(),
    })
}

fn count_one(program: &Path, name: &str) -> Result<u64, String> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=*instructions*measured*"])
        .arg(program)
        .args(["count", name])
        // the environment lies on the stack, so its size moves addresses
        .env_clear()
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env(simd::VARIABLE, LEVEL)
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&output.stderr);
    let count = text.lines().find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    match count {
        Some(count) if output.status.success() && count > 0 => Ok(count),
        _ => Err(format!("{name} could not be counted:\n{text}")),
    }
}

/// Counts twice and stores.
fn accept() -> Result<(), String> {
    let (record, again) = (count()?, count()?);
    for (name, &count) in &record.instructions {
        let change = relative(again.instructions[name], count);
        if change.abs() > REPEATABLE {
            return Err(format!("{name} is not repeatable: {count}, then {}", again.instructions[name]));
        }
        println!("{name:36} {count:12}   again {:+.4} %", 100.0 * change);
    }
    let text = toml::to_string(&record).map_err(|error| error.to_string())?;
    std::fs::write(FILE, format!("# Written by `make bench-accept`.\n{text}"))
        .map_err(|error| format!("{FILE}: {error}"))
}

/// Counts and compares with what is stored.
fn compare() -> Result<(), String> {
    let text =
        std::fs::read_to_string(FILE).map_err(|error| format!("{FILE}: {error}; store it with make bench-accept"))?;
    let stored: Record = toml::from_str(&text).map_err(|error| format!("{FILE}: {error}"))?;
    let now = count()?;
    let mut comparable = true;
    for (what, stored, now) in [
        ("compiler", &stored.rustc, &now.rustc),
        ("counter", &stored.valgrind, &now.valgrind),
        ("level", &stored.level, &now.level),
    ] {
        if stored != now {
            println!("another {what}: {now}, stored was {stored}; counts are shown, not judged");
            comparable = false;
        }
    }
    let (mut failures, mut fewer) = (Vec::new(), 0);
    for (name, &count) in &now.instructions {
        let Some(&before) = stored.instructions.get(name) else {
            failures.push(format!("{name}: not stored"));
            continue;
        };
        let change = relative(count, before);
        println!("{name:36} {count:12}   {:+.2} %", 100.0 * change);
        if change > TOLERANCE && comparable {
            failures.push(format!("{name}: {:+.2} %, from {before} to {count} instructions", 100.0 * change));
        }
        fewer += u32::from(change < -TOLERANCE);
    }
    let gone = stored.instructions.keys().filter(|name| !now.instructions.contains_key(*name));
    failures.extend(gone.map(|name| format!("{name}: stored, but there is no such work")));
    if fewer > 0 {
        println!("{fewer} fell by more than {:.0} %: make bench-accept keeps that", 100.0 * TOLERANCE);
    }
    if failures.is_empty() {
        return Ok(());
    }
    Err(format!("beyond {:+.0} % (make bench-accept stores new counts):\n{}", 100.0 * TOLERANCE, failures.join("\n")))
}

fn relative(now: u64, before: u64) -> f64 {
    now as f64 / before as f64 - 1.0
}

type Work = Box<dyn Fn() + Send + Sync>;
/// Makes ready what is not counted, and gives what is.
type Prepare = Box<dyn FnOnce() -> Work + Send>;

fn works() -> Vec<(String, Prepare)> {
    let mut works: Vec<(String, Prepare)> = Vec::new();
    let mut add = |name: &str, prepare: Prepare| works.push((name.to_owned(), prepare));
    for &activation in Activation::ALL {
        let prepare = move || sampler(SamplerKind::Macroscopic, activation, 1000, 10, &pair());
        add(&format!("exact law, pair, {activation}"), Box::new(prepare));
    }
    for text in ["u * sigmoid(u)", "max(-1, min(1, u))", "u * tanh(softplus(u))"] {
        let formula: Activation = text.parse().expect("a formula");
        let prepare = move || sampler(SamplerKind::Macroscopic, formula, 1000, 10, &pair());
        add(&format!("exact law, pair, {text}"), Box::new(prepare));
    }
    let sampled = |kind, width, depth, inputs: fn() -> Inputs| -> Prepare {
        Box::new(move || sampler(kind, Activation::Tanh, width, depth, &inputs()))
    };
    add("exact law, jet of a surface", sampled(SamplerKind::Macroscopic, 1000, 5, patch));
    add("exact law, 40 points", sampled(SamplerKind::Macroscopic, 1000, 3, points));
    add("explicit weights, jet of a surface", sampled(SamplerKind::Explicit, 200, 3, patch));
    add("explicit weights, 40 points", sampled(SamplerKind::Explicit, 200, 3, points));
    add("product", Box::new(product));
    add("normals", Box::new(normals));
    add("quadrature, overlap", Box::new(|| quadrature(4.0, quadrature_overlap)));
    add("quadrature, squared difference", Box::new(|| quadrature(4e-12, quadrature_squared_difference)));
    add("fixed point, activity", Box::new(|| theory(activity)));
    add("fixed point, distance", Box::new(|| theory(distance)));
    add("correlation map", Box::new(|| theory(correlation_map)));
    add("theory card", Box::new(|| theory(whole_card)));
    add("theory of a jet", Box::new(jet));
    add("covariance of 100 inputs", Box::new(covariance));
    add("online learning in law", Box::new(|| online(|task, all| task.sample_replicas(&[2000], all).len())));
    add("online learning, explicit", Box::new(|| online(|task, all| task.sample_explicit(&[300], &all[0]).len())));
    add("averaged learning", Box::new(averaged_learning));
    add("parameters", Box::new(parameters));
    add("figure", Box::new(figure));
    works
}

fn address(replica: u64) -> Address {
    Address { seed: 1, role: Role::NETWORK, point: 0, replica }
}

fn pair() -> Inputs {
    Inputs::pair(1.0, 0.0, 0.5).expect("two inputs")
}

fn points() -> Inputs {
    Inputs::points(SymmetricMatrix::from_fn(40, |i, j| if i == j { 0.6 } else { 0.1 })).expect("inputs")
}

fn patch() -> Inputs {
    let sphere = Manifold::new(ManifoldKind::SpherePatch { dimension: 2, activity: 0.6 }).expect("a manifold");
    Inputs::jets(&[sphere.jet(&[0.1, 0.1])], 2).expect("inputs")
}

fn sampler(kind: SamplerKind, activation: Activation, width: u64, depth: usize, inputs: &Inputs) -> Work {
    let ensemble = Ensemble::new(activation, 1.3, 0.3).expect("an ensemble");
    let network = Network::uniform(ensemble, Width::new(width).expect("a width"), depth).expect("a network");
    let inputs = inputs.clone();
    Box::new(move || {
        black_box(kind.sampler().sample(&network, &inputs, &address(1))).expect("a finite network");
    })
}

fn product() -> Work {
    let numbers: Vec<f64> = (0..200 * 300).map(|i| cos(f64::from(i))).collect();
    Box::new(move || {
        let of = |count| Vectors { values: &numbers, stride: 300, count, length: 300 };
        let mut out = vec![0.0; 100 * 200];
        products(of(100), of(200), &mut out);
        black_box(out);
    })
}

fn normals() -> Work {
    Box::new(|| {
        let mut values = vec![0.0; 100_000];
        fill_normals(&mut address(1).stream(0, 0), &mut values);
        black_box(values);
    })
}

/// An integral of two correlated preactivations, at this gap.
fn quadrature(gap: f64, integral: fn(Activation, &PairCovariance) -> f64) -> Work {
    Box::new(move || {
        for activation in [Activation::Tanh, Activation::ErfSqrt2, Activation::Relu, Activation::Softplus] {
            for q in [0.3, 4.0] {
                black_box(integral(activation, &PairCovariance { q, difference: 0.0, gap: 0.25 * gap * q }));
            }
        }
    })
}

/// A few ensembles of tanh, ordered and chaotic.
fn theory(of: fn(&Ensemble)) -> Work {
    let scales = [(0.9, 0.3), (1.5, 0.3), (2.5, 0.0), (4.0, 1.0)];
    let ensembles = scales.map(|(w, b)| Ensemble::new(Activation::Tanh, w, b).expect("an ensemble"));
    Box::new(move || ensembles.iter().for_each(of))
}

fn activity(ensemble: &Ensemble) {
    black_box(activity_fixed_point(ensemble)).expect("bounded");
}

fn distance(ensemble: &Ensemble) {
    let point = activity_fixed_point(ensemble).expect("bounded");
    black_box(distance_fixed_point(ensemble, &point)).expect("converges");
}

fn whole_card(ensemble: &Ensemble) {
    black_box(card(ensemble, &Request::default())).expect("a card");
}

fn correlation_map(ensemble: &Ensemble) {
    for k in 0..=50 {
        let law = PairCovariance { q: 2.0, difference: 0.0, gap: 4.0 * (1.0 - f64::from(k) / 50.0) };
        black_box(quadrature_overlap(ensemble.activation, &law));
    }
}

/// A layer of a surface at infinite width, with means and covariances to order 1/n.
fn jet() -> Work {
    let ensemble = Ensemble::new(Activation::Tanh, 1.5, 0.3).expect("an ensemble");
    let input = JetGram::of(patch().gram(), 2);
    let theory = JetTheory::new(&ensemble, &input).expect("smooth");
    let width = [Width::new(1000).expect("a width")];
    Box::new(move || {
        black_box(theory.corrections(&input, &width)).expect("finite");
    })
}

fn covariance() -> Work {
    let ensemble = Ensemble::new(Activation::ErfSqrt2, 1.5, 0.3).expect("an ensemble");
    let gram = SymmetricMatrix::from_fn(100, |i, j| cos(0.01 * (i - j) as f64));
    Box::new(move || {
        black_box(gram_after(&ensemble, &gram, 10)).expect("finite");
    })
}

/// A teacher of two units and a student.
fn networks() -> [Perceptron; 2] {
    let network = |rows: [[f64; 2]; 2], outputs: [f64; 2]| {
        Perceptron::new(rows.map(|row| row.to_vec()).to_vec(), outputs.to_vec()).expect("a network")
    };
    [network([[1.0, 0.0], [-0.3, 0.8]], [1.0, 0.5]), network([[0.9, -0.2], [0.3, 0.9]], [0.7, 0.2])]
}

fn online(learn: fn(&OnlineTask, &[Address]) -> usize) -> Work {
    let [teacher, start] = networks();
    let task = OnlineTask::new(Sigmoid::ErfSqrt2, teacher, start, 1000, 1e-4, 0.1).expect("a task");
    let addresses: Vec<Address> = (0..LANES as u64).map(address).collect();
    Box::new(move || {
        black_box(learn(&task, &addresses));
    })
}

fn averaged_learning() -> Work {
    let [teacher, student] = networks();
    let population = Population::new(Sigmoid::ErfSqrt2, teacher);
    Box::new(move || {
        black_box(flow(&population, &student, Learning::Gradient, &[10.0])).expect("regular");
    })
}

const EXPERIMENT: &str = r#"
family = "activity"
title = "Activity map and length map"
seed = 1
values = 1

[parameters]
activation = "tanh"
sigma_w = [1.3, 2.5, 4.0]
sigma_b = 0.3
variances = { from = 0.09, to = 15.0, count = 301 }
sampled_variances = { from = 1.0, to = 15.0, count = 8 }
width = 100
replicas = 30
"#;

fn document() -> Document {
    Document::parse(Path::new("activity_map.toml"), EXPERIMENT.to_owned()).expect("an experiment")
}

/// An experiment file, read and checked.
fn parameters() -> Work {
    Box::new(|| {
        black_box(experiments::find(document())).expect("known");
    })
}

/// The drawing of a computed experiment.
fn figure() -> Work {
    let experiment = experiments::find(document()).expect("known");
    let interrupt = AtomicBool::new(false);
    let run = Run::new(experiment.document.header.seed, &interrupt, &|_| ());
    let tables = experiment.run(&run, None).expect("computed");
    let figures = experiment.figures().expect("checked");
    Box::new(move || {
        for figure in &figures {
            black_box(render(figure, &tables, "", Theme::Print)).expect("drawn");
        }
    })
}

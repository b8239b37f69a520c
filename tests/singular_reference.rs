//! Singular learning against high-precision values (`tests/reference/values.json`, 25 digits): closed forms to 1e-10 relative, trajectories
//! to 1e-8.

use neurodyn::model::{Perceptron, Sigmoid, SingularCoordinates};
use neurodyn::numerics::linalg::symmetric_eigen;
use neurodyn::theory::perceptron::{Learning, Population, adiabatic_law, flow, frozen_law};
use serde_json::Value;

fn number(value: &Value) -> f64 {
    value.as_str().expect("a decimal string").parse().expect("a number")
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("an array").iter().map(number).collect()
}

/// Entries `sing/<kind>/...`: name, inputs, value.
fn entries(kind: &str) -> Vec<(String, Value, Value)> {
    let all: Value = serde_json::from_str(include_str!("reference/values.json")).expect("valid JSON");
    let found: Vec<_> = all["entries"]
        .as_array()
        .expect("entries")
        .iter()
        .filter(|e| e["id"].as_str().is_some_and(|id| id.split('/').take(2).eq(["sing", kind])))
        .map(|e| (e["id"].to_string(), e["inputs"].clone(), e["value"].clone()))
        .collect();
    assert!(!found.is_empty(), "no reference values of kind {kind}");
    found
}

fn population(inputs: &Value) -> Population {
    let units = inputs["teacher"].as_array().expect("units");
    let rows = units.iter().map(|unit| numbers(&unit[1])).collect();
    let outputs = units.iter().map(|unit| number(&unit[0])).collect();
    Population::new(Sigmoid::ErfSqrt2, Perceptron::new(rows, outputs).expect("a teacher"))
}

fn student(inputs: &Value, name: &str) -> Perceptron {
    let parameters = numbers(&inputs[name]);
    let n = inputs["N"].as_u64().expect("a dimension") as usize;
    let rows = vec![parameters[2..2 + n].to_vec(), parameters[2 + n..].to_vec()];
    Perceptron::new(rows, parameters[..2].to_vec()).expect("a student")
}

fn close(id: &str, found: f64, exact: f64, tolerance: f64) {
    // entries that vanish are right to rounding of the others, which are of order 1
    let error = (found - exact).abs();
    assert!(error <= tolerance * exact.abs() + 1e-16, "{id}: {found} against {exact}");
}

fn all_close(id: &str, found: &[f64], exact: &[f64], tolerance: f64) {
    assert_eq!(found.len(), exact.len(), "{id}");
    found.iter().zip(exact).for_each(|(found, exact)| close(id, *found, *exact, tolerance));
}

#[test]
fn loss_and_gradient() {
    for (id, inputs, value) in entries("loss") {
        let found = population(&inputs).loss(&student(&inputs, "theta")).expect("fits");
        close(&id, found, number(&value), 1e-10);
    }
    for (id, inputs, value) in entries("grad") {
        let found = population(&inputs).gradient(&student(&inputs, "theta")).expect("fits");
        all_close(&id, &found, &numbers(&value), 1e-10);
    }
}

#[test]
fn fisher_information() {
    for (id, inputs, value) in entries("fisher") {
        let found = population(&inputs).fisher(&student(&inputs, "theta"));
        for (found, exact) in found.iter().zip(value.as_array().expect("rows")) {
            all_close(&id, found, &numbers(exact), 1e-10);
        }
    }
    for (id, inputs, value) in entries("fisher_eig") {
        let fisher = population(&inputs).fisher(&student(&inputs, "theta"));
        let mut found = symmetric_eigen(fisher.len(), |i, j| fisher[i][j]).values;
        found.reverse();
        all_close(&id, &found, &numbers(&value), 1e-10);
    }
}

#[test]
fn coordinates() {
    for (id, inputs, value) in entries("xi") {
        let SingularCoordinates { v, w, u, z } =
            SingularCoordinates::of(&student(&inputs, "theta")).expect("two units");
        let found: Vec<f64> = v.into_iter().chain([w]).chain(u).chain([z]).collect();
        all_close(&id, &found, &numbers(&value), 1e-14);
    }
}

#[test]
fn trajectories() {
    for (kind, learning) in [("flow", Learning::Gradient), ("ngflow", Learning::Natural)] {
        for (id, inputs, value) in entries(kind) {
            let population = population(&inputs);
            let times = numbers(&inputs["times"]);
            let found = flow(&population, &student(&inputs, "theta0"), learning, &times).expect("smooth");
            for (student, row) in found.iter().zip(value.as_array().expect("rows")) {
                let mut state = student.parameters();
                state.push(population.loss(student).expect("fits"));
                all_close(&id, &state, &numbers(row), 1e-8);
            }
        }
    }
}

#[test]
fn the_best_single_unit_and_its_stability() {
    for (kind, is_fit) in [("oneunit", true), ("H", false)] {
        for (id, inputs, value) in entries(kind) {
            let population = population(&inputs);
            let teacher = population.teacher();
            let start = Perceptron::new(vec![teacher.input_weights(0).to_vec()], vec![1.0]).expect("a unit");
            let fit = population.one_unit_fit(&start).expect("converges");
            if is_fit {
                let found: Vec<f64> = std::iter::once(fit.w).chain(fit.v).collect();
                all_close(&id, &found, &numbers(&value), 1e-10);
            } else {
                for (found, exact) in
                    population.stability(&fit).expect("fits").iter().zip(value.as_array().expect("rows"))
                {
                    // a difference of terms of order 1
                    let exact = numbers(exact);
                    found.iter().zip(exact).for_each(|(found, exact)| close(&id, *found, exact, 1e-10));
                }
            }
        }
    }
}

#[test]
fn slow_trajectories() {
    for (kind, law) in [("reduced", adiabatic_law as fn(f64, (f64, f64), f64) -> f64), ("reduced_lit", frozen_law)] {
        for (id, inputs, value) in entries(kind) {
            let [w, z, square] = ["wstar", "z0", "u2_0"].map(|name| number(&inputs[name]));
            let found: Vec<f64> = numbers(&inputs["z"]).into_iter().map(|at| law(w, (z, square), at)).collect();
            all_close(&id, &found, &numbers(&value), 1e-12);
        }
    }
}

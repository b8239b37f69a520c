//! An experiment that is written outside of the program, with a catalogue of its own.

use neurodyn_config::Document;
use neurodyn_experiment::columns::columns;
use neurodyn_experiment::parameters::parameters;
use neurodyn_experiment::prelude::*;
use neurodyn_experiment::{Catalogue, Entry, schema};
use std::sync::atomic::AtomicBool;

parameters! {
    /// One layer of inputs.
    Params {
        activation, width, sigma_w: WeightScale,
        replicas: NetworkCount,
        inputs: Sections<Case> => "Inputs.",
    }

    /// One input.
    Case {
        activity: Positive => "Its activity.",
    }
}

columns! {
    next: Theory "activity of the first layer";
}

impl Experiment for Params {
    type Point = Networks;

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let ensemble = Ensemble::new(self.activation, self.sigma_w.get(), 0.0)?;
        for case in &self.inputs {
            let networks = Networks::new(ensemble, self.width, 1, Inputs::single(case.activity)?)?;
            points.add(
                format!("A = {}", case.activity),
                Replicas::fixed(self.replicas as u64)?,
                networks.cost(),
                networks,
            );
        }
        Ok(())
    }

    fn observe(&self, networks: &Networks, at: &Address) -> Observed {
        Ok(vec![networks.sample(at)?[1].get(0, 0)])
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        let ensemble = run.theory(&Ensemble::new(self.activation, self.sigma_w.get(), 0.0)?);
        let rows = self.inputs.iter().zip(found).map(|(case, found)| {
            let q = ensemble.sigma_w.squared() * case.activity;
            row! { width: self.width, replicas: found.replicas(), next: Judged::new(0.5 * q, found.mean(0)) }
        });
        Ok(vec![table("layer", rows)?])
    }

    fn figures(&self) -> Vec<Figure> {
        Vec::new()
    }
}

const CATALOGUE: Catalogue =
    Catalogue { entries: &[Entry::of::<Params>("own", "outside", columns::ALL)], families: &["own"] };

const FILE: &str = "family = \"own\"\ntitle = \"Outside\"\nseed = 1\nvalues = 1\n\n[parameters]\nactivation = \"relu\"\nwidth = 200\nsigma_w = 1.5\n\
                    replicas = 400\n\n[[parameters.inputs]]\nactivity = 1.0\n\n[[parameters.inputs]]\nactivity = 2.0\n";

fn document(text: &str) -> Document {
    Document::parse("experiments/outside.toml".as_ref(), text.to_owned()).expect("a header")
}

#[test]
fn it_is_found_planned_computed_and_judged_by_its_columns() {
    let loaded = CATALOGUE.find(document(FILE)).expect("valid");
    assert_eq!(loaded.plan().expect("a plan").points().len(), 2);
    let interrupt = AtomicBool::new(false);
    let tables = loaded.run(&Run::new(1, &interrupt, &|_| ()), None).expect("tables");
    let of = |column: &str| tables[0].numbers(column).expect("numbers");
    let (theory, mc, stderr) = (of("next_theory"), of("next_mc"), of("next_stderr"));
    assert_eq!(theory, [1.125, 2.25]);
    for i in 0..2 {
        // the law of one layer of relu has no correction; five standard errors: once in two million
        assert!(
            (mc[i] - theory[i]).abs() < 5.0 * stderr[i] && stderr[i] > 0.0,
            "{} {} {}",
            mc[i],
            theory[i],
            stderr[i]
        );
    }
    assert_eq!(loaded.entry.column("layer", "next_mc").expect("declared").role, "Monte Carlo");
    assert!(
        schema::of_module(&CATALOGUE, "outside").is_some_and(|schema| schema.to_string().contains("Its activity."))
    );
}

#[test]
fn its_errors_are_at_their_lines() {
    for (from, to, line) in
        [("activity = 2.0", "activity = -2.0", "16"), ("width = 200", "width = 0", "8"), ("replicas = 400", "", "6")]
    {
        let error = CATALOGUE.find(document(&FILE.replace(from, to))).err().expect(to).to_string();
        assert!(error.contains(&format!("outside.toml:{line}:")), "{to}: {error}");
    }
}

//! All that reads files of others, each given any bytes: for the fuzzer, and for the test that replays its corpus.

use neurodyn::arrays::{Archive, MOST_UNFOLDED};
use neurodyn::config::{Document, StudentAndTeacher};
use neurodyn::experiments::find;
use neurodyn::golden;
use neurodyn::model::Activation;
use neurodyn::pdf::{self, Kind};
use neurodyn::provenance::Provenance;
use neurodyn::table::Table;
use neurodyn::theory::perceptron::Population;
use std::path::Path;

/// An experiment file. `experiment = "..."` in it says which module is to run it.
pub fn experiment(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(document) = Document::parse(Path::new("activity_map.toml"), text.to_owned())
        && let Ok(experiment) = find(document)
    {
        let figures = experiment.figures().unwrap_or_default();
        assert!(figures.iter().all(|figure| !figure.name.contains(['/', '\\', '.'])), "a figure outside its folder");
    }
}

/// Golden data.
pub fn golden(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let like = Table::new("t")
        .integer("layer", vec![1, 2])
        .and_then(|table| table.number("a_theory", vec![0.5, 1.5]))
        .and_then(|table| table.text("phase", vec!["ordered".to_owned(), "chaotic".to_owned()]));
    let Ok(like) = like else { return };
    if let Ok(golden) = golden::parse("t.csv", text, &like) {
        let _ = golden::compare(&golden, &like).map(|difference| difference.to_string());
    }
}

/// A student and its teacher.
pub fn two_unit(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(StudentAndTeacher { phi, student, teacher }) = StudentAndTeacher::parse(Path::new("two_unit.toml"), text)
    {
        let population = Population::new(phi, teacher);
        let _ = population.loss(&student);
        let _ = population.gradient(&student);
    }
}

/// A formula of an activation, as files and the command line give it; some values of what it is.
pub fn formula(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(activation) = text.parse::<Activation>() {
        assert!(
            activation.value(0.5).is_finite() && activation.name().parse::<Activation>() == Ok(activation),
            "{activation}"
        );
        let _ = activation.jet_difference(0.3, 1e-9);
    }
}

/// A document with figures in it.
pub fn document(data: &[u8]) {
    let Ok(document) = pdf::read(data, &Provenance::is_packet) else { return };
    let mut figures = document.drawings.iter().filter_map(|drawing| match &drawing.kind {
        Kind::Figure(figure) => Some(figure),
        Kind::Bare(_) | Kind::Foreign(_) => None,
    });
    let first = figures.next();
    if let Some(first) = first {
        let same = pdf::difference(first, first);
        // what cannot be read is like nothing
        assert!(same.as_ref().is_none_or(|said| said.starts_with("it is ")), "a figure differs from itself: {same:?}");
        let _ = Provenance::from_packet(&first.packet);
    }
    if let (Some(first), Some(second)) = (first, figures.next()) {
        let _ = pdf::difference(first, second);
    }
}

/// A figure: SVG, PDF or PNG.
pub fn provenance(data: &[u8]) {
    if let Ok((_, provenance)) = Provenance::from_file(data) {
        let name = format!("{}.toml", provenance.id);
        if let Ok(document) = Document::parse(Path::new(&name), provenance.toml.clone()) {
            let _ = provenance.contradictions(&document);
            let _ = find(document);
        }
    }
}

/// A file of arrays, whatever its format, and the layers that it may hold.
pub fn arrays(data: &[u8]) {
    let Ok(archive) = Archive::from_bytes(Path::new("a.npz"), data.to_vec()) else { return };
    let mut numbers = 0;
    for entry in archive.entries() {
        if let Ok(array) = archive.array(entry) {
            assert_eq!(array.values.len(), array.shape.iter().product::<usize>(), "{}", entry.name);
            numbers += array.values.len() as u64;
        }
    }
    assert!(numbers <= MOST_UNFOLDED * data.len() as u64 + (1 << 20), "{numbers} numbers of {} bytes", data.len());
    let _ = neurodyn::measured::list(&archive, None);
}

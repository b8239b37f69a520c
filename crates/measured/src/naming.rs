//! Which arrays of a file are weights and biases, in which order, and what is left out and why.

use neurodyn_arrays::{Entry, shape_text};
use serde::Serialize;

/// A layer that a file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Named {
    /// Its name: that of its weights without the word for them.
    pub name: String,
    /// Place of its weights among the arrays.
    pub weights: usize,
    /// Whether they are stored as `n_in x n_out`.
    pub transposed: bool,
    /// Place of its biases.
    pub biases: Option<usize>,
    /// Neurons of the layer before.
    pub n_in: usize,
    /// Neurons of the layer.
    pub n_out: usize,
}

/// An array that is no part of a layer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its name.
    pub name: String,
    /// Its shape.
    pub shape: Vec<usize>,
    /// Why it is left out.
    pub reason: String,
}

/// The layers of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// From the first to the last.
    pub layers: Vec<Named>,
    /// What is left out.
    pub left_out: Vec<LeftOut>,
}

/// Why a file holds no network that can be measured.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NamingError {
    /// No weights.
    #[error(
        "found no weights among {count} arrays ({names}); allowed are matrices called weight, kernel, w or W, with biases called bias or b beside them, such as \
         fc1.weight and fc1.bias, 0.weight, dense/kernel, W1 and b1"
    )]
    None {
        /// Number of arrays.
        count: usize,
        /// The first of them.
        names: String,
    },
    /// Layers that do not follow each other.
    #[error(
        "layer {after} has {n_in} inputs, but layer {before}, before it, has {n_out} neurons; allowed are layers that follow each other: name them in their order with --layers, \
         which --list shows"
    )]
    Broken {
        /// The earlier one.
        before: String,
        /// Its neurons.
        n_out: usize,
        /// The later one.
        after: String,
        /// Its inputs.
        n_in: usize,
    },
    /// A layer that is not there.
    #[error("--layers: found {name:?}; the layers of this file are {layers}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// What there is.
        layers: String,
    },
}

/// Words for weights, and whether they go with matrices stored as `n_in x n_out`.
const WEIGHTS: [(&str, bool); 4] = [("weight", false), ("weights", false), ("kernel", true), ("w", false)];
/// Words for biases.
const BIASES: [&str; 3] = ["bias", "biases", "b"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Weights { transposed: bool },
    Biases,
}

/// The words and numbers of a name; letters and digits beside each other are two.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut last = None;
    for letter in name.chars() {
        let kind = if letter.is_ascii_digit() {
            Some(0)
        } else if letter.is_alphabetic() {
            Some(1)
        } else {
            None
        };
        if kind.is_some() {
            if kind != last {
                words.push(String::new());
            }
            if let Some(word) = words.last_mut() {
                word.extend(letter.to_lowercase());
            }
        }
        last = kind;
    }
    words
}

/// What an array is by its name, and the name of its layer.
fn role(name: &str) -> Option<(Role, String)> {
    // TensorFlow numbers the outputs of an operation
    let name = name.strip_suffix(":0").unwrap_or(name);
    let of = |word: &str| {
        let weights = WEIGHTS.iter().find(|(known, _)| *known == word);
        weights.map(|&(_, transposed)| Role::Weights { transposed }).or(BIASES.contains(&word).then_some(Role::Biases))
    };
    let words = words(name);
    let place = words.iter().rposition(|word| of(word).is_some())?;
    let role = of(&words[place])?;
    let rest: Vec<&str> =
        words.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, word)| word.as_str()).collect();
    Some((role, rest.join(".")))
}

/// Pieces of a name by which layers are sorted: numbers by their size.
fn sorted_by(name: &str) -> Vec<(u64, String)> {
    let piece = |word: String| word.parse().map(|number| (number, String::new())).unwrap_or((u64::MAX, word));
    words(name).into_iter().map(piece).collect()
}

/// Number of places where layers do not follow each other.
fn breaks(layers: &[Named]) -> usize {
    layers.windows(2).filter(|pair| pair[0].n_out != pair[1].n_in).count()
}

/// Finds the layers among arrays; `chosen` names those that are wanted, in their order.
pub fn find(entries: &[Entry], chosen: Option<&[String]>) -> Result<Found, NamingError> {
    let mut left_out = Vec::new();
    let mut layers: Vec<Named> = Vec::new();
    let mut biases = Vec::new();
    // arrays that numpy.savez was given without names
    let positional = !entries.is_empty()
        && entries.iter().all(|entry| entry.name.strip_prefix("arr_").is_some_and(|rest| rest.parse::<u32>().is_ok()));
    let mut leave = |entry: &Entry, reason: String| {
        left_out.push(LeftOut { name: entry.name.clone(), shape: entry.shape.clone(), reason });
    };
    let mut order: Vec<usize> = (0..entries.len()).collect();
    if positional {
        order.sort_by_key(|&at| sorted_by(&entries[at].name));
    }
    for at in order {
        let entry = &entries[at];
        let found = match (positional, entry.shape.len()) {
            (true, 2) => Some((Role::Weights { transposed: false }, entry.name.clone())),
            (true, 1) => Some((Role::Biases, layers.last().map_or(String::new(), |layer| layer.name.clone()))),
            _ => role(&entry.name),
        };
        match (found, &entry.shape[..], entry.kind) {
            (_, _, None) => leave(entry, format!("its type is {}", entry.written)),
            (Some((Role::Weights { transposed }, name)), &[rows, columns], _) if rows > 0 && columns > 0 => {
                let (n_out, n_in) = if transposed { (columns, rows) } else { (rows, columns) };
                layers.push(Named { name, weights: at, transposed, biases: None, n_in, n_out });
            }
            (Some((Role::Weights { .. }, _)), shape, _) => {
                leave(entry, format!("{} is no matrix: only layers with a matrix are measured", shape_text(shape)));
            }
            (Some((Role::Biases, name)), &[_], _) => biases.push((at, name)),
            (Some((Role::Biases, _)), shape, _) => leave(entry, format!("{} are no biases", shape_text(shape))),
            (None, _, _) => leave(entry, "its name says neither weights nor biases".to_owned()),
        }
    }
    if layers.is_empty() {
        let names: Vec<&str> = entries.iter().take(10).map(|entry| entry.name.as_str()).collect();
        return Err(NamingError::None { count: entries.len(), names: names.join(", ") });
    }
    // turn all where the layers, or their biases, then fit better
    let length = |name: &str| biases.iter().find(|(_, of)| of == name).map(|(at, _)| entries[*at].shape[0]);
    let misfits = |layers: &[Named]| {
        layers.iter().filter(|layer| length(&layer.name).is_some_and(|length| length != layer.n_out)).count()
    };
    let arranged = |layers: Vec<Named>| best_order(layers, chosen.is_some());
    let turned = |layers: &[Named]| -> Vec<Named> {
        let turn = |layer: &Named| Named {
            transposed: !layer.transposed,
            n_in: layer.n_out,
            n_out: layer.n_in,
            ..layer.clone()
        };
        layers.iter().map(turn).collect()
    };
    let (one, other) = (arranged(layers.clone()), arranged(turned(&layers)));
    let faults = |layers: &[Named]| misfits(layers) + if chosen.is_some() { 0 } else { breaks(layers) };
    let mut layers = if faults(&other) < faults(&one) { other } else { one };
    for (at, name) in biases {
        let entry = &entries[at];
        match layers.iter_mut().find(|layer| layer.name == name && layer.biases.is_none()) {
            Some(layer) if layer.n_out == entry.shape[0] => layer.biases = Some(at),
            Some(layer) => leave(entry, format!("layer {} has {} neurons", layer.name, layer.n_out)),
            None => leave(entry, "there is no matrix of its name".to_owned()),
        }
    }
    if let Some(chosen) = chosen {
        let mut wanted = Vec::new();
        for name in chosen {
            let same = |layer: &&Named| {
                layer.name == *name || entries[layer.weights].name == *name || words(&layer.name) == words(name)
            };
            let layer = layers.iter().find(same).ok_or_else(|| NamingError::Unknown {
                name: name.clone(),
                layers: layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>().join(", "),
            })?;
            wanted.push(layer.clone());
        }
        for layer in layers.iter().filter(|layer| !wanted.contains(layer)) {
            for at in [Some(layer.weights), layer.biases].into_iter().flatten() {
                leave(&entries[at], "--layers does not name it".to_owned());
            }
        }
        layers = wanted;
    }
    if let Some(pair) = layers.windows(2).find(|pair| pair[0].n_out != pair[1].n_in) {
        return Err(NamingError::Broken {
            before: pair[0].name.clone(),
            n_out: pair[0].n_out,
            after: pair[1].name.clone(),
            n_in: pair[1].n_in,
        });
    }
    Ok(Found { layers, left_out })
}

/// The order of the numbers in their names, or that of the file where layers then follow each other better.
fn best_order(layers: Vec<Named>, chosen: bool) -> Vec<Named> {
    let mut sorted = layers.clone();
    sorted.sort_by_key(|layer| sorted_by(&layer.name));
    let numbered = layers.iter().any(|layer| words(&layer.name).iter().any(|word| word.parse::<u64>().is_ok()));
    match breaks(&sorted).cmp(&breaks(&layers)) {
        std::cmp::Ordering::Less => sorted,
        std::cmp::Ordering::Equal if numbered && !chosen => sorted,
        _ => layers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use neurodyn_arrays::{Archive, Array, npy};
    use std::path::Path;

    /// Entries of these names and shapes, as a safetensors file has them.
    fn entries(arrays: &[(&str, &[usize])]) -> Vec<Entry> {
        let mut at = 0;
        let described = arrays.iter().map(|(name, shape)| {
            let length = 4 * shape.iter().product::<usize>();
            at += length;
            format!("{name:?}:{{\"dtype\":\"F32\",\"shape\":{shape:?},\"data_offsets\":[{},{at}]}}", at - length)
        });
        let header = format!("{{{}}}", described.collect::<Vec<_>>().join(","));
        let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
        bytes.extend_from_slice(header.as_bytes());
        bytes.resize(bytes.len() + at, 0);
        Archive::from_bytes(Path::new("a"), bytes).expect("a file").entries().to_vec()
    }

    fn layers(arrays: &[(&str, &[usize])]) -> Vec<(String, usize, usize, bool)> {
        let found = find(&entries(arrays), None).expect("layers");
        found.layers.into_iter().map(|layer| (layer.name, layer.n_in, layer.n_out, layer.biases.is_some())).collect()
    }

    fn layer(name: &str, n_in: usize, n_out: usize, biases: bool) -> (String, usize, usize, bool) {
        (name.to_owned(), n_in, n_out, biases)
    }

    #[test]
    fn the_usual_names_are_known() {
        let expected = |one: &str, two: &str| vec![layer(one, 3, 5, true), layer(two, 5, 2, true)];
        for (names, layers_of) in [
            (["0.weight", "0.bias", "2.weight", "2.bias"], ["0", "2"]),
            (["layers.9.weight", "layers.9.bias", "layers.10.weight", "layers.10.bias"], ["layers.9", "layers.10"]),
            (["fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"], ["fc.1", "fc.2"]),
            (["W1", "b1", "W2", "b2"], ["1", "2"]),
            (["w_0", "b_0", "w_1", "b_1"], ["0", "1"]),
        ] {
            let shapes: [&[usize]; 4] = [&[5, 3], &[5], &[2, 5], &[2]];
            let arrays: Vec<(&str, &[usize])> = names.into_iter().zip(shapes).collect();
            assert_eq!(layers(&arrays), expected(layers_of[0], layers_of[1]));
            // in any order of the file
            let arrays: Vec<(&str, &[usize])> = arrays.into_iter().rev().collect();
            assert_eq!(layers(&arrays), expected(layers_of[0], layers_of[1]));
        }
        let kernels: [(&str, &[usize]); 4] = [
            ("dense/kernel:0", &[3, 5]),
            ("dense/bias:0", &[5]),
            ("dense_1/kernel:0", &[5, 2]),
            ("dense_1/bias:0", &[2]),
        ];
        assert_eq!(layers(&kernels), expected("dense", "dense.1"));
        let positional: [(&str, &[usize]); 4] =
            [("arr_0", &[5, 3]), ("arr_1", &[5]), ("arr_2", &[2, 5]), ("arr_3", &[2])];
        assert_eq!(layers(&positional), expected("arr_0", "arr_2"));
    }

    #[test]
    fn what_is_stored_the_other_way_is_turned() {
        let arrays: [(&str, &[usize]); 3] = [("W1", &[3, 5]), ("b1", &[5]), ("W2", &[5, 2])];
        assert_eq!(layers(&arrays), [layer("1", 3, 5, true), layer("2", 5, 2, false)]);
    }

    #[test]
    fn what_is_left_out_is_said() {
        let arrays: [(&str, &[usize]); 5] = [
            ("conv.weight", &[8, 3, 3, 3]),
            ("fc.weight", &[5, 3]),
            ("norm.weight", &[5]),
            ("norm.bias", &[5]),
            ("steps", &[]),
        ];
        let found = find(&entries(&arrays), None).expect("a layer");
        let left: Vec<String> = found.left_out.iter().map(|left| format!("{}: {}", left.name, left.reason)).collect();
        assert_eq!(found.layers.len(), 1);
        assert_eq!(
            left,
            [
                "conv.weight: 8 x 3 x 3 x 3 is no matrix: only layers with a matrix are measured",
                "norm.weight: 5 numbers is no matrix: only layers with a matrix are measured",
                "steps: its name says neither weights nor biases",
                "norm.bias: there is no matrix of its name",
            ]
        );
    }

    #[test]
    fn layers_that_do_not_follow_each_other_are_refused() {
        let arrays: [(&str, &[usize]); 3] = [("a.weight", &[5, 3]), ("b1.weight", &[7, 4]), ("c.weight", &[2, 5])];
        let error = find(&entries(&arrays), None).expect_err("a gap").to_string();
        assert!(error.contains("--layers"), "{error}");
        let names = ["a".to_owned(), "c.weight".to_owned()];
        let found = find(&entries(&arrays), Some(&names)).expect("two layers");
        assert_eq!(found.layers.iter().map(|layer| layer.n_out).collect::<Vec<_>>(), [5, 2]);
        let error = find(&entries(&arrays), Some(&["d".to_owned()])).expect_err("no such layer").to_string();
        assert!(error.contains("found \"d\""), "{error}");
        let none = Array { name: String::new(), shape: vec![2], values: vec![0.0; 2] };
        let archive = Archive::from_bytes(Path::new("a"), npy::write(&none)).expect("a file");
        assert!(find(archive.entries(), None).is_err());
    }
}

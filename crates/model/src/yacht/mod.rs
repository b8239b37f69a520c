//! A small real regression: residuary resistance of sailing yachts (Gerritsma, Onnink and Versluis; UCI Machine Learning Repository,
//! <https://doi.org/10.24432/C5XG7R>, CC BY 4.0; see the README beside the data).

use super::ParameterError;

const TEXT: &str = include_str!("yacht_hydrodynamics.csv");

/// Inputs and output of an example, as they were measured.
pub type Measured = ([f64; Examples::INPUTS], f64);

/// All rows of the file, in its order.
pub fn yacht() -> Result<Vec<Measured>, ParameterError> {
    TEXT.lines()
        .skip(1)
        .map(|line| {
            let bad = || ParameterError { name: "data".into(), found: line.to_owned(), allowed: "seven numbers a row" };
            let numbers: Vec<f64> =
                line.split(',').map(|cell| cell.parse().map_err(|_| bad())).collect::<Result<_, _>>()?;
            let (output, inputs) = numbers.split_last().ok_or_else(bad)?;
            Ok((inputs.try_into().map_err(|_| bad())?, *output))
        })
        .collect()
}

/// Examples with inputs and outputs shifted and scaled to mean 0 and variance 1 over those to learn from.
#[derive(Debug, Clone, PartialEq)]
pub struct Examples {
    /// Inputs, example by example.
    pub inputs: Vec<f64>,
    /// Outputs.
    pub outputs: Vec<f64>,
}

impl Examples {
    /// Number of inputs.
    pub const INPUTS: usize = 6;

    /// Examples to learn from and examples held out: every `held_out`-th row, from the second on.
    pub fn yacht(held_out: usize) -> Result<(Self, Self), ParameterError> {
        if held_out < 2 {
            let allowed = "2 or more, for every so many";
            return Err(ParameterError { name: "held_out".into(), found: held_out.to_string(), allowed });
        }
        let rows: Vec<Vec<f64>> =
            yacht()?.into_iter().map(|(inputs, output)| [inputs.as_slice(), &[output]].concat()).collect();
        let out = |index: usize| index % held_out == 1;
        let learned: Vec<&Vec<f64>> = rows.iter().enumerate().filter(|(i, _)| !out(*i)).map(|(_, row)| row).collect();
        let count = learned.len() as f64;
        let scales: Vec<(f64, f64)> = (0..=Self::INPUTS)
            .map(|column| {
                let mean = learned.iter().map(|row| row[column]).sum::<f64>() / count;
                let square = learned.iter().map(|row| (row[column] - mean) * (row[column] - mean)).sum::<f64>() / count;
                (mean, square.sqrt())
            })
            .collect();
        let (mut to_learn, mut to_test) =
            (Self { inputs: Vec::new(), outputs: Vec::new() }, Self { inputs: Vec::new(), outputs: Vec::new() });
        for (index, row) in rows.iter().enumerate() {
            let mut scaled = row.iter().zip(&scales).map(|(x, (mean, sd))| (x - mean) / sd).collect::<Vec<f64>>();
            let examples = if out(index) { &mut to_test } else { &mut to_learn };
            examples.outputs.extend(scaled.pop());
            examples.inputs.extend(scaled);
        }
        Ok((to_learn, to_test))
    }

    /// Number of examples.
    pub fn len(&self) -> usize {
        self.outputs.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.outputs.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the source says: 308 experiments, 22 hulls at 14 Froude numbers from 0.125 to 0.450.
    #[test]
    fn the_file_is_what_its_source_says() {
        let rows = yacht().expect("numbers");
        assert_eq!(rows.len(), 308);
        let hulls: Vec<_> = rows.chunks(14).collect();
        assert_eq!(hulls.len(), 22);
        for (h, hull) in hulls.iter().enumerate() {
            assert!(hulls[..h].iter().all(|other| other[0].0[..5] != hull[0].0[..5]), "hull {h}");
            for (f, (inputs, resistance)) in hull.iter().enumerate() {
                assert!(inputs[..5] == hull[0].0[..5] && (inputs[5] - 0.125 - 0.025 * f as f64).abs() < 1e-12);
                assert!((0.01..=62.42).contains(resistance));
            }
        }
        assert_eq!((rows[0].1, rows[307].1), (0.11, 46.66));
    }

    #[test]
    fn examples_are_standardised_where_they_are_learned() {
        let (learned, tested) = Examples::yacht(4).expect("split");
        assert_eq!((learned.len(), tested.len()), (231, 77));
        for column in 0..6 {
            let values = learned.inputs.iter().skip(column).step_by(6);
            let (mean, square) = values.fold((0.0, 0.0), |(m, s), x| (m + x / 231.0, s + x * x / 231.0));
            assert!(mean.abs() < 1e-12 && (square - 1.0).abs() < 1e-12);
        }
        assert!(Examples::yacht(1).is_err());
    }
}

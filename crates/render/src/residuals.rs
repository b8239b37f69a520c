//! Residuals with their numbers: Monte Carlo against theory, in standard errors.

use super::data::Marker;
use super::error::Problem;
use super::resolve::{Deviation, Lookup, Parts, runs};
use super::style::INK;
use neurodyn_figure::Residual;
use neurodyn_numerics::comparison::Comparison;

/// The column of layers.
const LAYERS: &str = "layer";

/// Whether rows are of more than one layer, whatever their abscissa is.
fn several_layers(parts: &Parts<'_>) -> Result<bool, Problem> {
    let Some((first, ..)) = parts.first().filter(|(rows, ..)| rows.table.column(LAYERS).is_some()) else {
        return Ok(false);
    };
    let layers = first.table.numbers_or_gaps(LAYERS)?;
    let mut found = parts.iter().flat_map(|(rows, ..)| &rows.rows).filter_map(|&row| layers[row]);
    let one = found.next();
    Ok(found.any(|layer| Some(layer) != one))
}

impl Lookup<'_> {
    /// The residuals of each part.
    pub(super) fn residuals(&mut self, residual: &Residual) -> Result<Vec<Deviation>, Problem> {
        let [mc, theory, stderr, correction] = Residual::COLUMNS.map(|part| part.column(&residual.quantity));
        let mut deviations = Vec::new();
        let parts = self.parts(&residual.rows, residual.by.as_ref())?;
        let layers = several_layers(&parts)?;
        for (rows, style, _) in parts {
            let constant = |value: f64| vec![Some(value); rows.rows.len()];
            let corrections = match rows.table.column(&correction) {
                Some(_) if residual.corrected => self.plain(&rows, &correction)?,
                _ => constant(0.0),
            };
            let replicas = match rows.table.column("replicas") {
                Some(_) => self.plain(&rows, "replicas")?,
                None => constant(Comparison::UNKNOWN),
            };
            let [mc, theory, errors] =
                [self.plain(&rows, &mc)?, self.plain(&rows, &theory)?, self.plain(&rows, &stderr)?];
            let complete = runs([self.across(&rows, &residual.x)?, mc, errors, replicas, theory, corrections]);
            let complete: Vec<[f64; 6]> = complete.into_iter().flatten().collect();
            let largest = complete.iter().fold(0.0f64, |largest, row| largest.max(row[1].abs()).max(row[4].abs()));
            let (mut points, mut certain) = (Vec::new(), 0);
            for [x, mc, stderr_here, replicas, theory, correction] in complete {
                let compared = Comparison { mc, stderr: stderr_here, replicas, theory, correction };
                // what is not random (an input layer) agrees up to rounding
                let exact = stderr_here == 0.0 && compared.is_exact(largest);
                certain += usize::from(exact);
                let z = compared.difference() / stderr_here;
                match (exact, z.is_finite()) {
                    (true, _) => {}
                    (false, true) => points.push((x, compared.z())),
                    (false, false) => {
                        return Err(Problem::NoError {
                            table: rows.table.name().to_owned(),
                            column: stderr,
                            quantity: residual.quantity.clone(),
                            difference: compared.difference(),
                        });
                    }
                }
            }
            if points.len() + certain > 0 {
                let (colour, marker) = style.unwrap_or((INK, Marker::Circle));
                deviations.push(Deviation { points, layers, colour, marker });
            }
        }
        Ok(deviations)
    }
}

//! Fisher information of a perceptron of two units on the way to the singular region, where they are one: as the units approach
//! each other one eigenvalue falls like `|u|^6` and `N` like `|u|^2`, and `1 + N` stay.

use super::learner::*;
use crate::experiment::prelude::*;

parameters! {
    Params {
        phi,
        v: Numbers<Coordinate> => "`v`.",
        w: Number<Coordinate> => "`w`.",
        direction: List<f64> => "Direction of `u`, of unit length.",
        approach: Approach, map: Map,
    }

    /// Eigenvalues against `|u|` at one `z`.
    Approach {
        z: Number<Coordinate> => "`z`.",
        largest: Number<Separation> => "Largest separation `|u|`.",
        smallest: Number<Separation> => "Smallest separation `|u|`.",
        count: Count<2> => "Number of separations.",
    }

    /// Smallest eigenvalue over `z` and `|u|`.
    Map {
        z: NumberGrid<Coordinate> => "Values of `z`.",
        separation: NumberGrid<Distance> => "Separations `|u|`.",
    }
}

columns! {
    rank: Label "rank of the eigenvalue of the Fisher information, from 1 for the largest";
    separation: Parameter "separation |u| = |J_2 - J_1| of the input weights";
    z: Parameter "z = (w_2 - w_1) / (w_1 + w_2)";
    eigenvalue {
        approach: Theory "eigenvalue of the Fisher information";
        guides: Approximation "guide proportional to this power of |u|";
    }
    slope: Theory "d ln(eigenvalue) / d ln |u|, towards the next smaller separation";
    power: Label "power of |u| of the guide";
    log_smallest: Theory "log10 of the smallest eigenvalue, not below 1e-17 of the largest";
}

/// Separations of the map as drawn, in equal ratios.
const PLANE_ROWS: usize = 61;

/// Share of the largest eigenvalue that its rounding hides.
const ROUNDING: f64 = 1e-17;

impl Experiment for Params {
    type Point = ();
    const NO_CONTROL: Option<&'static str> = Some("theory alone; nothing is simulated");

    fn check(&self) -> Result<(), ParameterError> {
        let length: f64 = self.direction.iter().map(|e| e * e).sum();
        let wrong = self.direction.len() != self.v.len() || (length - 1.0).abs() > 1e-9;
        refuse_where(wrong, "direction", format!("{:?}", self.direction), "a unit vector of as many numbers as v")?;
        refuse_where(self.w.abs() < 1e-9, "w", format!("{:?}", self.w), "a number of size 1e-9 or more")?;
        let Approach { largest, smallest, .. } = self.approach;
        let allowed = "below the largest separation";
        refuse_where(smallest >= largest, "approach.smallest", format!("{smallest:?}"), allowed)
    }

    fn tables(&self, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let eigenvalues = |separation: f64, z: f64| {
            let u = self.direction.iter().map(|e| separation * e).collect();
            let student = SingularCoordinates { v: self.v.clone(), w: self.w, u, z }.perceptron()?;
            let none = Perceptron::new(vec![vec![0.0; self.v.len()]], vec![0.0])?;
            Ok(Population::new(self.phi, none).fisher_eigenvalues(&student))
        };
        let Approach { z, largest, smallest, count } = self.approach;
        rows!(approach, guides);
        let places: Vec<f64> = geometric(largest, smallest, count).collect();
        let found = run.map(&places, |&separation| eigenvalues(separation, z))?;
        // blank where it is the rounding of the largest
        let value = |i: usize, rank: usize| Some(found[i][rank]).filter(|value| *value > ROUNDING * found[i][0]);
        for rank in 0..found[0].len() {
            for (i, &separation) in places.iter().enumerate() {
                // logarithmic slope towards the next smaller separation
                let j = if i + 1 < places.len() { i + 1 } else { i - 1 };
                let slope = |(here, there): (f64, f64)| ln(here / there) / ln(separation / places[j]);
                let slope = value(i, rank).zip(value(j, rank)).map(slope);
                approach.push(row! { rank: rank + 1, separation, eigenvalue: value(i, rank), slope });
            }
        }
        for (power, rank) in [(2usize, found[0].len() - 2), (6, found[0].len() - 1)] {
            let Some(anchor) = value(count / 2, rank) else { continue };
            for separation in [places[0], places[count - 1]] {
                let ratio = separation / places[count / 2];
                let eigenvalue = (0..power).fold(1.0, |product, _| product * ratio) * anchor;
                guides.push(row! { power, separation, eigenvalue });
            }
        }
        let map = |name: &'static str, places: &[(f64, f64)]| {
            let rows = run.map(places, |&(separation, z)| {
                let values = eigenvalues(separation, z)?;
                // rounding of the largest eigenvalue hides smaller ones
                let log_smallest = log10(values[values.len() - 1].max(ROUNDING * values[0]));
                Ok(row! { separation, z, log_smallest })
            })?;
            table(name, rows)
        };
        let places = plane(&self.map.z, &self.map.separation)?;
        let places: Vec<(f64, f64)> = places.into_iter().map(|(z, separation)| (separation, z)).collect();
        let rows: Vec<f64> = geometric(smallest, largest, PLANE_ROWS).collect();
        let plane = map("plane", &pairs(&rows, self.map.z.values()))?;
        Ok(vec![approach.table()?, guides.table()?, map("map", &places)?, plane])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("rank", r"$\lambda_{{}}$").ramp();
        let approach = Select::table("approach").order("separation");
        vec![Figure::new("singular_fisher", "Fisher information near the singular region")
            .setting("phi(u) = {phi}; v = {v}, w = {w} at all z and separations; z = {approach.z} in (a)")
            .describe(
                "Eigenvalues of the Fisher information of two units against their separation at one z; triangles: slopes 2 and 6 (a). \
                 Smallest eigenvalue over z and separation, which vanishes on u = 0 and on z = +-1, where it is smaller than the bar says \
                 (white) (b).",
            )
            .grid(2, 70.0)
            .panel(
                Panel::new(Axis::log10(r"separation $|u|$"), Axis::log10("eigenvalues of $G$"))
                    .title(format!("$z = {}$", self.approach.z))
                    .series(Series::theory(approach, "separation", "eigenvalue").by(by).label_at_end())
                    .slope(2.0, (0.06, 0.42), "$|u|^2$")
                    .slope(6.0, (0.45, 0.1), "$|u|^6$"),
            )
            .panel(
                Panel::new(Axis::linear("position $z$"), Axis::log10(r"separation $|u|$")).heatmap(
                    Heatmap::new("plane", "z", "separation", "log_smallest", r"eigenvalue $\lambda_{\min}$")
                        .exponent()
                        .smooth()
                        .range(-14.0, -2.0),
                ),
            )]
    }
}

//! What the residuals of a panel say together, in one line, and whether they need a strip.

use super::resolve::Content;
use neurodyn_figure::Figure;
use neurodyn_numerics::statistics::{chi_squared_tail, normal_critical};

/// Either rule makes a strip stand this often where theory is right and values are independent.
const ALPHA: f64 = 0.01;

/// All residuals of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict {
    /// Sum of the squares of the residuals of what is random.
    chi_squared: f64,
    /// How many there are.
    random: usize,
    /// Largest residual.
    largest: f64,
}

impl Verdict {
    /// Of a panel that has residuals.
    pub fn of(content: &Content) -> Option<Self> {
        let mut verdict = Self { chi_squared: 0.0, random: 0, largest: 0.0 };
        for deviation in &content.deviations {
            verdict.random += deviation.points.len();
            for &(_, z) in &deviation.points {
                verdict.chi_squared += z * z;
                verdict.largest = verdict.largest.max(z.abs());
            }
        }
        (!content.deviations.is_empty()).then_some(verdict)
    }

    /// Whether residuals are larger than chance makes them, one of them or all together. That they are smaller says nothing: values of one
    /// network are not independent.
    pub fn speaks(&self) -> bool {
        self.random > 0
            && (self.largest > normal_critical(ALPHA / self.random as f64)
                || chi_squared_tail(self.chi_squared, self.random as f64) < ALPHA)
    }

    /// Whether there is anything random.
    pub fn is_random(&self) -> bool {
        self.random > 0
    }

    /// The line that stands in place of a strip.
    pub fn line(&self) -> String {
        if self.random == 0 {
            return "equal up to rounding".to_owned();
        }
        let digits = usize::from(self.chi_squared < 99.95);
        let (sum, random, largest) = (self.chi_squared, self.random, self.largest);
        format!(r"$\chi^2 / \mathrm{{dof}} = {sum:.digits$} / {random}$, $\max |z| = {largest:.1}$")
    }
}

/// Under which panels a strip stands: all of a row that have residuals, where those of one say something or its author asked for it.
pub(super) fn strips(figure: &Figure, contents: &[Content]) -> Vec<bool> {
    let columns = figure.columns.max(1);
    let stands = |index: usize| {
        Verdict::of(&contents[index]).is_some_and(|verdict| figure.panels[index].strip || verdict.speaks())
    };
    let row = |index: usize| index / columns * columns..((index / columns + 1) * columns).min(contents.len());
    (0..contents.len()).map(|index| !contents[index].deviations.is_empty() && row(index).any(stands)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::absent::Absent;
    use crate::data::Marker;
    use crate::resolve::Deviation;
    use crate::style::INK;

    fn content(z: &[f64], exact: usize) -> Content {
        let points = z.iter().enumerate().map(|(i, &z)| (i as f64, z)).collect();
        let deviation = Deviation { points, layers: false, colour: INK, marker: Marker::Circle };
        let deviations = if z.len() + exact > 0 { vec![deviation] } else { Vec::new() };
        Content {
            marks: vec![],
            heatmap: None,
            contours: vec![],
            deviations,
            order: vec![],
            marked: vec![],
            absent: Absent::default(),
            marker: None,
        }
    }

    #[test]
    fn what_chance_does_is_one_line_and_what_it_does_not_is_a_strip() {
        let of = |z: &[f64]| Verdict::of(&content(z, 0)).unwrap();
        let plain = of(&[1.0, -1.0, 2.0, 0.0, -1.5, 0.5, 0.3, -0.2]);
        assert!(!plain.speaks());
        assert_eq!(plain.line(), r"$\chi^2 / \mathrm{dof} = 8.6 / 8$, $\max |z| = 2.0$");
        assert!(of(&[1.0; 40]).line().contains("40.0 / 40") && of(&[1.0; 140]).line().contains("= 140 / 140"));
        // one cell far away, and many a little
        assert!(of(&[0.1, 0.1, 0.1, 0.1, 3.4]).speaks() && !of(&[0.1, 0.1, 0.1, 0.1, 3.0]).speaks());
        assert!(of(&[1.8; 12]).speaks() && !of(&[1.3; 12]).speaks());
        // one number many times
        assert!(!of(&[-0.4; 7]).speaks());
    }

    #[test]
    fn what_is_exact_is_no_degree_of_freedom() {
        assert_eq!(Verdict::of(&content(&[1.0], 2)).unwrap().random, 1);
        let sure = Verdict::of(&content(&[], 2)).unwrap();
        assert_eq!(sure.line(), "equal up to rounding");
        assert!(!sure.speaks() && Verdict::of(&content(&[], 0)).is_none());
    }
}

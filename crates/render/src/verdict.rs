//! What the residuals of a panel say together, in one line, and whether they need a strip.

use super::resolve::Content;
use neurodyn_figure::Figure;
use neurodyn_numerics::statistics::{chi_squared_tail, normal_critical};

/// Either rule makes a strip stand this often where theory is right and cells are independent.
const ALPHA: f64 = 0.01;

/// All residuals of a panel.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Verdict {
    /// Sum of the squares of the residuals of what is random.
    chi_squared: f64,
    /// How many there are.
    random: usize,
    /// Cells, with those that are exact.
    cells: usize,
    /// Largest residual.
    largest: f64,
}

impl Verdict {
    /// Of a panel that has residuals.
    pub fn of(content: &Content) -> Option<Self> {
        let mut verdict = Self { chi_squared: 0.0, random: 0, cells: 0, largest: 0.0 };
        for deviation in &content.deviations {
            verdict.cells += deviation.points.len();
            verdict.random += deviation.points.len() - deviation.exact;
            for &(_, z) in &deviation.points {
                verdict.chi_squared += z * z;
                verdict.largest = verdict.largest.max(z.abs());
            }
        }
        (verdict.cells > 0).then_some(verdict)
    }

    /// Whether residuals are larger than chance makes them, one of them or all together. That they are smaller says nothing: cells of one
    /// network are not independent.
    pub fn speaks(&self) -> bool {
        self.random > 0
            && (self.largest > normal_critical(ALPHA / self.random as f64)
                || chi_squared_tail(self.chi_squared, self.random as f64) < ALPHA)
    }

    /// The line that stands in place of a strip, with the number of cells or without.
    pub fn line(&self, long: bool) -> String {
        let cells = if long { format!(" ({} cells)", self.cells) } else { String::new() };
        if self.random == 0 {
            return format!("equal up to rounding{cells}");
        }
        let digits = usize::from(self.chi_squared < 9.95);
        let (sum, random, largest) = (self.chi_squared, self.random, self.largest);
        format!(r"$\chi^2 / \mathrm{{dof}} = {sum:.digits$} / {random}$, $\max |z| = {largest:.1}${cells}")
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
        let deviations = vec![Deviation { points, exact, colour: INK, marker: Marker::Circle }];
        Content {
            marks: vec![],
            heatmap: None,
            contours: vec![],
            deviations,
            order: vec![],
            marked: vec![],
            absent: Absent::default(),
        }
    }

    #[test]
    fn what_chance_does_is_one_line_and_what_it_does_not_is_a_strip() {
        let of = |z: &[f64]| Verdict::of(&content(z, 0)).unwrap();
        let plain = of(&[1.0, -1.0, 2.0, 0.0, -1.5, 0.5, 0.3, -0.2]);
        assert!(!plain.speaks());
        assert_eq!(plain.line(true), r"$\chi^2 / \mathrm{dof} = 8.6 / 8$, $\max |z| = 2.0$ (8 cells)");
        assert_eq!(plain.line(false), r"$\chi^2 / \mathrm{dof} = 8.6 / 8$, $\max |z| = 2.0$");
        // one cell far away, and many a little
        assert!(of(&[0.1, 0.1, 0.1, 0.1, 3.4]).speaks() && !of(&[0.1, 0.1, 0.1, 0.1, 3.0]).speaks());
        assert!(of(&[1.8; 12]).speaks() && !of(&[1.3; 12]).speaks());
        // one number many times
        assert!(!of(&[-0.4; 7]).speaks());
    }

    #[test]
    fn what_is_exact_counts_as_a_cell_but_not_as_a_degree_of_freedom() {
        let verdict = Verdict::of(&content(&[0.0, 0.0, 1.0], 2)).unwrap();
        assert_eq!((verdict.random, verdict.cells), (1, 3));
        let sure = Verdict::of(&content(&[0.0, 0.0], 2)).unwrap();
        assert_eq!(sure.line(true), "equal up to rounding (2 cells)");
        assert!(!sure.speaks() && Verdict::of(&content(&[], 0)).is_none());
    }
}

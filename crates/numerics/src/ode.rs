//! Ordinary differential equations by extrapolation (Gragg, Bulirsch and Stoer): modified midpoint steps of 2, 4, ..., 16 parts,
//! extrapolated in the square of the step. Only `+ - * /`, so the same bits everywhere; the libraries at hand choose their steps
//! with the platform's powers.

/// Why an integration stopped.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OdeError<E> {
    /// A time that no integration reaches.
    #[error("the time asked for is {time}, but must be a finite number, 0 or more")]
    Time {
        /// The time.
        time: f64,
    },
    /// The right-hand side.
    #[error(transparent)]
    Field(E),
    /// The step became too small to move the time.
    #[error("the step size vanishes at time {time} (the solution ends there, or the equation is stiff)")]
    StepSize {
        /// Time reached.
        time: f64,
    },
    /// More than [`Integrator::most_steps`] steps.
    #[error("more than {steps} steps up to time {time}")]
    TooManySteps {
        /// Steps taken.
        steps: u64,
        /// Time reached.
        time: f64,
    },
}

/// Tolerances of an integration.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Integrator {
    /// Error allowed in one step, relative to each component.
    pub relative: f64,
    /// Error allowed in one step, absolute.
    pub absolute: f64,
    /// Steps after which to give up.
    pub most_steps: u64,
}

impl Default for Integrator {
    fn default() -> Self {
        Self { relative: 1e-13, absolute: 1e-14, most_steps: 1_000_000 }
    }
}

/// Columns of the extrapolation table.
const COLUMNS: usize = 8;

/// A solution from time 0 with dense output: the states after every step, and the equation to go on from them.
#[derive(Debug, Clone)]
pub struct Solution<F> {
    field: F,
    integrator: Integrator,
    times: Vec<f64>,
    states: Vec<Vec<f64>>,
    step: f64,
}

impl<F, E> Solution<F>
where
    F: Fn(&[f64]) -> Result<Vec<f64>, E>,
{
    /// The solution of `y' = field(y)`, `y(0) = start`.
    pub fn new(field: F, start: Vec<f64>, integrator: Integrator) -> Self {
        Self { field, integrator, times: vec![0.0], states: vec![start], step: 1e-3 }
    }

    /// `y(time)`, `time` finite and 0 or more, to the tolerances of the integrator: integrates on where that is not yet known, and
    /// otherwise from the last step before it, so that the states asked for do not change the steps taken.
    pub fn at(&mut self, time: f64) -> Result<Vec<f64>, OdeError<E>> {
        if !(time.is_finite() && time >= 0.0) {
            return Err(OdeError::Time { time });
        }
        while self.times[self.times.len() - 1] < time {
            self.advance()?;
        }
        let index = self.times.partition_point(|t| *t <= time) - 1;
        let (mut t, mut state) = (self.times[index], self.states[index].clone());
        let mut step = time - t;
        while t < time {
            let attempt = self.extrapolate(&state, step)?;
            match attempt {
                Some((next, _)) => {
                    state = next;
                    t += step;
                    // exact at the end, whatever the roundings of the sum
                    step = time - t;
                }
                None if !(step >= 1e-14 * time) => return Err(OdeError::StepSize { time: t }),
                None => step *= 0.5,
            }
        }
        Ok(state)
    }

    /// One step of its own choice.
    fn advance(&mut self) -> Result<(), OdeError<E>> {
        let last = self.times.len() - 1;
        let time = self.times[last];
        if last as u64 >= self.integrator.most_steps {
            return Err(OdeError::TooManySteps { steps: last as u64, time });
        }
        loop {
            if !(time + self.step > time) || !(1e-300..f64::INFINITY).contains(&self.step) {
                return Err(OdeError::StepSize { time });
            }
            match self.extrapolate(&self.states[last], self.step)? {
                Some((state, columns)) => {
                    self.times.push(time + self.step);
                    self.states.push(state);
                    self.step *= match columns {
                        ..=4 => 2.5,
                        5 => 1.6,
                        6 => 1.2,
                        7 => 1.0,
                        _ => 0.7,
                    };
                    return Ok(());
                }
                None => self.step *= 0.4,
            }
        }
    }

    /// The state one step on and the columns it took; none when the table does not converge.
    fn extrapolate(&self, state: &[f64], step: f64) -> Result<Option<(Vec<f64>, usize)>, OdeError<E>> {
        let slope = self.slope(state)?;
        // last row of the table
        let mut row: Vec<Vec<f64>> = Vec::new();
        for k in 0..COLUMNS {
            let parts = 2 * (k + 1);
            let Some(first) = self.midpoint(state, &slope, step, parts)? else { return Ok(None) };
            let mut next = vec![first];
            for j in 0..k {
                let ratio = parts as f64 / (2 * (k - j)) as f64;
                let weight = 1.0 / (ratio * ratio - 1.0);
                let better = next[j].iter().zip(&row[j]).map(|(new, old)| new + weight * (new - old)).collect();
                next.push(better);
            }
            row = next;
            if k >= 2 && self.converged(&row[k], &row[k - 1], state) {
                return Ok(Some((row.swap_remove(k), k + 1)));
            }
        }
        Ok(None)
    }

    fn converged(&self, best: &[f64], before: &[f64], start: &[f64]) -> bool {
        best.iter().zip(before).zip(start).all(|((best, before), start)| {
            let size = best.abs().max(start.abs());
            (best - before).abs() <= self.integrator.absolute + self.integrator.relative * size
        })
    }

    /// Gragg's modified midpoint rule with an even number of parts; none where it leaves the finite numbers.
    fn midpoint(&self, state: &[f64], slope: &[f64], step: f64, parts: usize) -> Result<Option<Vec<f64>>, OdeError<E>> {
        let h = step / parts as f64;
        let mut before = state.to_vec();
        let mut here: Vec<f64> = state.iter().zip(slope).map(|(y, f)| y + h * f).collect();
        for _ in 1..parts {
            if here.iter().any(|y| !y.is_finite()) {
                return Ok(None);
            }
            let slope = self.slope(&here)?;
            let next = before.iter().zip(&slope).map(|(y, f)| y + 2.0 * h * f).collect();
            before = std::mem::replace(&mut here, next);
        }
        if here.iter().any(|y| !y.is_finite()) {
            return Ok(None);
        }
        let slope = self.slope(&here)?;
        Ok(Some(here.iter().zip(&before).zip(&slope).map(|((y, b), f)| 0.5 * (y + b + h * f)).collect()))
    }

    fn slope(&self, state: &[f64]) -> Result<Vec<f64>, OdeError<E>> {
        (self.field)(state).map_err(OdeError::Field)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::elementary::{exp, sin_cos};
    use std::convert::Infallible;

    type Field = fn(&[f64]) -> Result<Vec<f64>, Infallible>;

    fn solve(field: Field, start: Vec<f64>) -> Solution<Field> {
        Solution::new(field, start, Integrator::default())
    }

    #[test]
    fn an_oscillator_keeps_its_phase() {
        let mut solution = solve(|y| Ok(vec![y[1], -y[0]]), vec![1.0, 0.0]);
        for time in [0.0, 0.3, 7.0, 100.0, 2.5] {
            let (sin, cos) = sin_cos(time);
            let found = solution.at(time).expect("smooth");
            assert!((found[0] - cos).abs() < 1e-11 && (found[1] + sin).abs() < 1e-11, "{time}: {found:?}");
        }
    }

    #[test]
    fn decay_and_growth_over_many_scales() {
        let mut solution = solve(|y| Ok(vec![-y[0], y[1] * (1.0 - y[1])]), vec![1.0, 1e-6]);
        for time in [1.0, 10.0, 25.0] {
            let found = solution.at(time).expect("smooth");
            let logistic = 1.0 / (1.0 + (1e6 - 1.0) * exp(-time));
            assert!((found[0] / exp(-time) - 1.0).abs() < 1e-9 || found[0] < 1e-5, "{found:?}");
            assert!((found[1] / logistic - 1.0).abs() < 1e-9, "{found:?} {logistic}");
        }
    }

    #[test]
    fn what_is_asked_for_does_not_change_the_steps() {
        let field: Field = |y| Ok(vec![y[1], -y[0] * y[0] * y[0]]);
        let (mut one, mut many) = (solve(field, vec![1.0, 0.0]), solve(field, vec![1.0, 0.0]));
        for i in 0..50 {
            many.at(0.37 * f64::from(i)).expect("smooth");
        }
        assert_eq!(one.at(20.0), many.at(20.0));
    }

    #[test]
    fn a_solution_that_ends_says_where() {
        // y = 1 / (1 - t)
        let error = solve(|y| Ok(vec![y[0] * y[0]]), vec![1.0]).at(2.0).expect_err("it blows up");
        let (OdeError::StepSize { time } | OdeError::TooManySteps { time, .. }) = error else { panic!("{error}") };
        assert!((time - 1.0).abs() < 1e-6, "{time}");
    }

    #[test]
    fn times_that_are_none_are_refused() {
        let mut solution = solve(|y| Ok(vec![-y[0]]), vec![1.0]);
        for time in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY, -1e-300] {
            assert!(matches!(solution.at(time), Err(OdeError::Time { .. })), "{time}");
        }
        assert_eq!(solution.at(0.0), Ok(vec![1.0]));
    }

    #[test]
    fn fields_and_states_beyond_all_numbers_end_in_an_error() {
        for field in [(|_| Ok(vec![f64::NAN])) as Field, |_| Ok(vec![f64::INFINITY]), |y| Ok(vec![1e300 * y[0] * y[0]])]
        {
            for start in [1.0, -1e200, f64::NAN, f64::INFINITY] {
                let error = solve(field, vec![start]).at(1.0).expect_err("no solution");
                assert!(matches!(error, OdeError::StepSize { .. }), "{error}");
            }
        }
        // a constant needs ever larger steps
        assert_eq!(solve(|_| Ok(vec![0.0]), vec![3.0]).at(1e308), Ok(vec![3.0]));
    }
}

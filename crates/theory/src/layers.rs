//! Recursions from layer to layer, and what they repeat.

use super::TheoryError;

/// States of layers `0..=depth`. Once a state comes again to the last bit, after one layer or two, so do all that follow: they are copied
/// instead of computed, so deep networks cost what it takes to settle. `next` gets a state and the layer that it makes.
pub(super) fn follow<S: Copy + PartialEq>(
    input: S,
    depth: usize,
    mut next: impl FnMut(&S, usize) -> Result<S, TheoryError>,
) -> Result<Vec<S>, TheoryError> {
    let mut states = vec![input];
    for layer in 1..=depth {
        let state = next(&states[layer - 1], layer)?;
        let period = (1..=2).find(|&period| period <= layer && states[layer - period] == state);
        states.push(state);
        if let Some(period) = period {
            (layer + 1..=depth).for_each(|later| states.push(states[later - period]));
            break;
        }
    }
    Ok(states)
}

/// What a costly function gave at its last two arguments.
#[derive(Debug)]
pub(super) struct Memo<X, Y>([Option<(X, Y)>; 2]);

impl<X: Copy + PartialEq, Y: Clone> Memo<X, Y> {
    pub(super) fn new() -> Self {
        Self([None, None])
    }

    /// The value at `x`, computed if it is not one of the last two.
    pub(super) fn of(&mut self, x: X, compute: impl FnOnce() -> Y) -> Y {
        if let Some((_, y)) = self.0.iter().flatten().find(|(known, _)| *known == x) {
            return y.clone();
        }
        let y = compute();
        self.0 = [self.0[1].take(), Some((x, y.clone()))];
        y
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_repeats_is_computed_once() {
        let mut count = 0;
        let settling = follow(1.0, 1000, |x, _| {
            count += 1;
            Ok(0.5 * x + 1.0)
        });
        assert_eq!((settling.map(|states| (states.len(), states[1000])), count < 60), (Ok((1001, 2.0)), true));
        let cycle = follow(3, 7, |x, _| Ok(-x)).expect("finite");
        assert_eq!(cycle, [3, -3, 3, -3, 3, -3, 3, -3]);
        let growing = follow(1, 5, |x, layer| Ok(x + layer)).expect("finite");
        assert_eq!(growing, [1, 2, 4, 7, 11, 16]);
        assert_eq!(follow(1, 0, |x, _| Ok(*x)), Ok(vec![1]));

        let (mut memo, mut count) = (Memo::new(), 0);
        for x in [1, 2, 1, 2, 3, 2, 1] {
            assert_eq!(
                memo.of(x, || {
                    count += 1;
                    10 * x
                }),
                10 * x
            );
        }
        assert_eq!(count, 4);
    }
}

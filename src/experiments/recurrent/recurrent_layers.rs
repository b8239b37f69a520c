//! Recurrent networks against the theory of independent layers: activity, distance of two copies and overlap of one trajectory with its
//! own past. At infinite width single-time quantities are those of independent layers; the order 1/n is not.
//!
//! Theory is judged against the extrapolation `2 m(2n) - m(n)` of two widths, which has no term of order 1/n, whatever that is. Deviations
//! at single widths are shown beside the 1/n theory of independent layers and are not judged.

use crate::experiment::prelude::*;
use crate::simulation::{ConditionedMatrix, Recurrent, Start};
use crate::theory::recurrent::lag_overlaps;

parameters! {
    Params {
        activation,
        sigma_w: List<WeightStd> => "Weight scales `sigma_w`, one curve each: weights are `N(0, sigma_w^2 / n)`.",
        sigma_b,
        initial_activity: Positive => "Activity of both starts.",
        initial_correlation: Correlation => "Correlation of the two starts.",
        steps: Depth => "Number of steps.",
        lags: Layers => "Lags `k` of the overlap with the past.",
        widths: Widths, extrapolated: Extrapolated,
    }

    /// Widths at which deviations are shown.
    Widths {
        width: List<Width> => "Numbers of neurons `n`.",
        replicas: NetworkCount,
    }

    /// Widths `n` and `2n` that are extrapolated.
    Extrapolated {
        width => "The smaller number of neurons `n`.",
        replicas: WidthReplicas,
    }
}

columns! {
    step: Parameter ["steps"] "number t of the step, 0 for the start";
    lag: Parameter ["steps"] "lag k between the two states of one trajectory";
    overlap: Theory "overlap x_t . x_(t-k) / n of a trajectory with its past";
    quantity: Label "activity, or distance of two copies";
    scaled_shift {
        _: MonteCarlo "n times the deviation of the mean at this width from infinite-width theory";
        _.error: StandardError "its standard error";
    }
    layers_shift: Theory "the same for independent layers, to first order in 1/n";
    scaled_variance {
        _: MonteCarlo "n times the variance over networks";
        _.error: StandardError "its standard error";
    }
    layers_variance: Theory "the same for independent layers, to first order in 1/n";
}

impl Experiment for Params {
    type Point = Networks;
    const UNJUDGED: &'static str = "
        widths.scaled_shift | the measured size of the order 1/n, whose only theory is that of independent layers, another network
        widths.scaled_variance | the measured size of the order 1/n, whose only theory is that of independent layers, another network
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let found = self.lags.iter().find(|&&lag| lag == 0 || lag > self.steps);
        refuse("lags", found, "from 1 to the number of steps")?;
        let shown = self.widths.width.iter().map(|width| ("widths.width", width.get()));
        for (name, width) in shown.chain([("extrapolated.width", self.extrapolated.width.get())]) {
            refuse_where(!(3..=WIDEST).contains(&width), name, width, "from 3 to 1000000")?;
        }
        Ok(())
    }

    fn points(&self, points: &mut Points<Networks>) -> Result<(), RunError> {
        let Extrapolated { width, replicas } = self.extrapolated;
        let both = pairs(&self.sigma_w, &[width, Width::new(2 * width.get())?]).into_iter().map(|of| (of, replicas));
        let shown = pairs(&self.sigma_w, &self.widths.width).into_iter().map(|of| (of, self.widths.replicas));
        for ((sigma_w, width), replicas) in both.chain(shown) {
            let ensemble = Ensemble { activation: self.activation, sigma_w, sigma_b: self.sigma_b };
            let networks = Networks::new(ensemble, width, self.steps, pair(start(self))?)?;
            let n = width.get() as f64;
            let cost = OneNetwork::from(Work::recurrent(n, n.min(2.0 * self.steps as f64)));
            points.keep(format!("sigma_w = {}, width = {n}", sigma_w.get()), replicas, cost, networks);
        }
        Ok(())
    }

    /// Activity and distance in each step, then the overlaps at each lag in each step that has them.
    fn observe(&self, Networks { network, inputs }: &Networks, at: &Address) -> Observed {
        let (ensemble, n) = (&network.ensemble, network.widths()[0].get() as usize);
        let weights = ConditionedMatrix::new(ensemble, n, 2 * self.steps, at)?;
        let mut network = Recurrent::new(ensemble.activation, weights, Start::cosines(inputs, n)?);
        let seen = network.with_past(self.steps, &self.lags);
        let single = seen.iter().flat_map(|(gram, _)| [activity(gram), distance(gram)]);
        Ok(single.chain(seen.iter().flat_map(|(_, overlaps)| overlaps.iter().copied())).collect())
    }

    fn tables(&self, found: &[Found<Networks>], run: &Run) -> Result<Tables, RunError> {
        rows!(steps, lags, widths);
        let (both, shown) = found.split_at(2 * self.sigma_w.len());
        for both in both.chunks(2) {
            let ensemble = &both[0].point.network.ensemble;
            let (sigma_w, theory, replicas) = (ensemble.sigma_w, run.theory(ensemble), both[0].replicas());
            let found = |index: usize| extrapolated(&both[0].mean(index), &both[1].mean(index));
            for (step, state) in pair_trajectory(&theory, start(self), self.steps)?.iter().enumerate() {
                let activity = Judged::new(state.activity, found(2 * step));
                let distance = Judged::new(state.distance, found(2 * step + 1));
                steps.push(row! { sigma_w, step, replicas, activity, distance });
            }
            let overlaps = lag_overlaps(&theory, self.initial_activity, self.steps)?;
            for (l, &lag) in self.lags.iter().enumerate() {
                for step in lag..=self.steps {
                    let index = 2 * (self.steps + 1) + step * self.lags.len() + l;
                    let overlap = Judged::new(overlaps[step][step - lag], found(index));
                    lags.push(row! { sigma_w, lag, step, replicas, overlap });
                }
            }
        }
        for found in shown {
            let network = &found.point.network;
            let (sigma_w, width) = (network.ensemble.sigma_w, network.widths()[0]);
            let n = width.get() as f64;
            let expected = pair_of_inputs(run, network, start(self))?;
            for (offset, quantity) in ["activity", "distance"].into_iter().enumerate() {
                for step in 0..=self.steps {
                    let values = found.values(2 * step + offset);
                    let (mean, variance) = (Estimate::of(&values), Estimate::variance_of(&values));
                    let state = &expected[step].state;
                    let (exact, layers) = match quantity {
                        "activity" => (state.activity, expected[step].activity()),
                        _ => (state.distance, expected[step].distance()),
                    };
                    widths.push(row! {
                        sigma_w, width, quantity, step, replicas: found.replicas(),
                        scaled_shift: Measured::new((n * (mean.mean - exact), n * stderr(&mean))),
                        layers_shift: n * layers.bias,
                        scaled_variance: Measured::new((n * variance.mean, n * stderr(&variance))),
                        layers_variance: n * layers.variance,
                    });
                }
            }
        }
        Ok(vec![steps.table()?, lags.table()?, widths.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let by = By::new("sigma_w", r"$\sigma_w = {}$");
        let step = || Axis::linear(r"step $t$");
        let first = Select::table("lags").filter("lag", self.lags[0] as i64);
        let overlaps = Panel::new(step(), Axis::linear(format!(r"overlap $C(t, t - {})$", self.lags[0])))
            .compare(&first, "step", "overlap", &by);
        let scales = extent(self.sigma_w.iter().map(|w| w.get()));
        let parted = |(quantity, label, sigma_w): (&str, &str, f64)| {
            let rows = Select::table("widths").filter("sigma_w", sigma_w).filter("quantity", quantity);
            let line = rows.clone().filter("width", self.widths.width[0].get() as i64);
            let points = Series::measured(&rows, "step", "scaled_variance").by(By::new("width", r"$n = {}$").ramp());
            Panel::new(step(), Axis::linear(label).low(0.0))
                .title(format!(r"$\sigma_w = {sigma_w}$"))
                .series(Series::theory(&line, "step", "layers_variance").key("independent layers"))
                .series(points.key("recurrent"))
        };
        let what =
            [("activity", r"variance of activity $n \Var A_t$"), ("distance", r"variance of distance $n \Var D_t$")];
        let what =
            what.into_iter().flat_map(|(quantity, label)| [(quantity, label, scales.0), (quantity, label, scales.1)]);
        let parting = Figure::new("recurrent_deviation", "Where recurrent networks and independent layers part")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; starts of activity {initial_activity} and correlation {initial_correlation}; {widths.replicas networks} of each width")
            .describe(
                "Variance over networks of activity (top) and distance of two copies (bottom), times the width, against the step, at the \
                 smallest (left) and the largest weight scale (right): recurrent networks as points, 1/n theory of independent layers as \
                 lines; bars: standard errors. In order the state stays near its past, and one matrix and bias for all steps make networks differ more.",
            )
            .grid(2, 130.0)
            .shared_legend()
            .panels(what.map(parted));
        let compare = |quantity: &str, label: &str| {
            Panel::new(step(), Axis::linear(label).low(0.0)).compare("steps", "step", quantity, &by)
        };
        let figure = Figure::new("recurrent_layers", "Recurrent networks and independent layers")
            .setting("phi(u) = {activation}, sigma_b = {sigma_b}; starts of activity {initial_activity} and correlation {initial_correlation}; {extrapolated.replicas networks} of n = {extrapolated.width} and of twice the width")
            .describe(
                "Activity, distance of two copies and overlap with the state one step before, of recurrent networks against the \
                 step: theory of independent layers as lines, Monte Carlo extrapolated from two widths as points with standard errors.",
            )
            .grid(3, 72.0)
            .shared_legend()
            .panel(compare("activity", r"activity $A_t$"))
            .panel(compare("distance", r"distance $D_t$"))
            .panel(overlaps);
        vec![figure, parting]
    }
}

/// Most neurons accepted: the past of some steps takes gigabytes.
const WIDEST: u64 = 1_000_000;

fn start(params: &Params) -> PairState {
    let distance = 2.0 * params.initial_activity * (1.0 - params.initial_correlation);
    PairState::equal(params.initial_activity, distance)
}

//! The continuous-time network `dx/dt = -x + J phi(x)` of Sompolinsky, Crisanti and Sommers (1988): chaos above the gain `1 / phi'(0)`.
//!
//! The autocorrelation is judged at the largest size, where what is left of order 1/n is below the standard error over networks (the
//! table `sizes` shows it); the Lyapunov exponent, whose finite-size deviation is larger, against its extrapolation from the two largest
//! sizes. Time and trajectories of one network are averaged first and never count as samples.

mod figures;

use crate::experiment::prelude::*;
use crate::simulation::{ContinuousPlan, WeightMatrix, follow};
use crate::theory::continuous::{MeanField, critical_gain, growth_in_time};

parameters! {
    Params {
        activation => "Activation function `phi`; odd, smooth and bounded.",
        gain: List<WeightStd> => "Gains `g`: weights are `N(0, g^2 / n)`.",
        further: List<WeightStd> => "Further gains, of which variance and exponent alone are looked at.",
        networks: Plain<Vec<Networks>> => "Sizes of the networks, the largest last and twice the one before it.",
        motion: Motion, curve: Curve, course: Course,
    }

    /// Networks of one size.
    Networks {
        width => "Number of neurons `n`.",
        replicas: NetworkCount => "Number of networks of each gain.",
    }

    /// How each network is followed.
    Motion {
        trajectories: Count<1> => "Trajectories of a network, from independent starts.",
        interval: Positive => "Time between samples.",
        steps: Count<1> => "Runge-Kutta steps between samples.",
        transient: Count<0> => "Intervals before the first sample.",
        watched: Count<1> => "Intervals from the first sample to the last.",
        lags: Layers => "Lags of the autocorrelation that are judged, in intervals.",
    }

    /// Infinite-width curves.
    Curve {
        gain: NonNegativeGrid => "Gains.",
        lag: NonNegativeGrid => "Lags.",
    }

    /// A network whose neurons are shown.
    Course {
        gain: WeightStd => "Gain.",
        width => "Number of neurons `n`.",
        neurons: Count<1> => "How many are shown.",
        finer: Count<1> => "Samples in the time between samples of the others.",
    }
}

columns! {
    gain: Parameter "gain g: weights are N(0, g^2 / n)";
    time: Parameter ["time constants"] "time since the first sample";
    neuron: Label "which neuron, from 1";
    potential: MonteCarlo "membrane potential x_i(t) of one neuron in one network";
    lag: Parameter ["time constants"] "lag tau between two states of one trajectory";
    autocorrelation: Theory "autocorrelation x(t) . x(t + tau) / (n g^2) of the membrane potentials, stationary";
    variance: Theory "D(0) / g^2, the autocorrelation at lag 0; 0 below the transition";
    decay_rate: Theory ["per time constant"] "rate at which the autocorrelation decays at large lags";
    exponent {
        _: Theory ["per time constant"] "largest Lyapunov exponent";
        _.correction: Correction ["per time constant"] "growth over the time watched less its limit: of tangents of a dying state, below the transition";
    }
    inverse_width: Parameter "1/n";
    deviation {
        _: MonteCarlo "mean over networks of this size minus infinite-width theory";
        _.error: StandardError "its standard error";
    }
    fit: Fit "deviation on the straight line through the two largest sizes";
    seen_variance: MonteCarlo "mean of x^2 over g^2 at the largest size";
    limit {
        _: MonteCarlo "deviation on that line at 1/n = 0";
        _.error: StandardError "its standard error";
    }
}

impl Experiment for Params {
    type Point = (Ensemble, usize, ContinuousPlan);
    const UNJUDGED: &'static str = "
        course.potential | neurons of one network drawn, not a mean
        further.seen_variance | beside theory: dying states below the transition, and few networks near it, where size and time matter most
        limits.limit | of the exponent, the number that table exponents judges; of the variance, shown to be compatible with none
        sizes.deviation | Monte Carlo minus infinite-width theory: the measured size of the order 1/n, which has no theory
    ";

    fn check(&self) -> Result<(), ParameterError> {
        let phi = self.activation;
        let allowed = "odd, smooth and bounded";
        refuse_where(!(phi.is_odd() && phi.is_smooth() && phi.bound().is_some()), "activation", phi, allowed)?;
        let widths: Vec<u64> = self.networks.iter().map(|networks| networks.width.get()).collect();
        let most = WeightMatrix::WIDEST as u64;
        let course = self.course.width.get();
        let all = widths.iter().map(|width| ("networks.width", *width)).chain([("course.width", course)]);
        for (name, width) in all {
            refuse_where(!(3..=most).contains(&width), name, width, "from 3 to 5000, since weights are explicit")?;
        }
        let doubled = matches!(widths[..], [.., before, last] if last == 2 * before);
        let (found, allowed) = (format!("widths {widths:?}"), "two or more, the last twice the one before");
        refuse_where(!(doubled && widths.is_sorted()), "networks", found, allowed)?;
        let Motion { watched, lags, .. } = &self.motion;
        refuse("motion.lags", lags.iter().find(|lag| *lag > watched), "at most the intervals watched")?;
        refuse("curve.gain", self.curve.gain.values().iter().find(|gain| !(**gain > 0.0)), "above 0")
    }

    fn points(&self, points: &mut Points<(Ensemble, usize, ContinuousPlan)>) -> Result<(), RunError> {
        let Motion { trajectories, interval, steps, transient, watched, ref lags } = self.motion;
        let longest_lag = lags.iter().copied().max().unwrap_or(0);
        let plan = ContinuousPlan { trajectories, interval, steps, transient, watched, longest_lag, kept: 0 };
        let Course { gain, width, neurons, finer } = self.course;
        let course = ContinuousPlan {
            trajectories: 1,
            interval: interval / finer as f64,
            transient: transient * finer,
            watched: watched * finer,
            longest_lag: 0,
            kept: neurons,
            ..plan
        };
        let all = self.gain.iter().flat_map(|&gain| {
            self.networks.iter().map(move |&Networks { width, replicas }| (gain, width, replicas, plan))
        });
        let [.., narrow, wide] = &self.networks[..] else { return Ok(()) };
        let further = self
            .further
            .iter()
            .flat_map(|&gain| [narrow, wide].map(|&Networks { width, replicas }| (gain, width, replicas, plan)));
        for (gain, width, replicas, plan) in all.chain([(gain, width, 1, course)]).chain(further) {
            let n = width.get() as usize;
            let products = 8 * plan.trajectories * plan.steps * (plan.transient + plan.watched);
            let square = (n * n) as f64;
            let work = Work { seconds: 2e-10 * square * products as f64, bytes: 8.0 * square };
            let item = (Ensemble::new(self.activation, gain.get(), 0.0)?, n, plan);
            let label = format!("gain = {}, width = {n}", gain.get());
            points.keep(label, replicas, OneNetwork::from(work), item);
        }
        Ok(())
    }

    /// The exponent, the autocorrelation at each lag, and the course of each neuron kept.
    fn observe(&self, (ensemble, n, plan): &(Ensemble, usize, ContinuousPlan), at: &Address) -> Observed {
        let trace = follow(ensemble.activation, WeightMatrix::new(ensemble, *n, at)?, plan, at);
        let mut values = vec![trace.exponent];
        values.extend(trace.autocorrelation.iter().map(|product| product / ensemble.sigma_w.squared()));
        values.extend(trace.courses.iter().flatten());
        Ok(values)
    }

    fn tables(&self, found: &[Found<Self::Point>], run: &Run) -> Result<Tables, RunError> {
        let states = run.map(&self.gain, |gain| mean_field(self, run, gain.get()))?;
        let (samples, rest) = found.split_at(self.gain.len() * self.networks.len());
        let Some((course, others)) = rest.split_first() else { return Ok(Vec::new()) };
        let (lags, exponents) = judged(self, samples, &states)?;
        Ok(vec![
            lags,
            exponents,
            sizes(self, samples, &states)?,
            limits(self, samples, &states)?,
            lines(self, &states)?,
            curve(self, run)?,
            self::course(course)?,
            further(self, others, run)?,
            beyond(self, samples, &states)?,
        ])
    }

    fn figures(&self) -> Vec<Figure> {
        figures::figures(self)
    }
}

/// Networks of one gain and one size.
type Sample = Found<(Ensemble, usize, ContinuousPlan)>;

/// Theory at this gain; 2 % off in a negative control.
fn mean_field(params: &Params, run: &Run, gain: f64) -> Result<MeanField, RunError> {
    Ok(MeanField::new(params.activation, gain * run.theory_factor())?)
}

/// The autocorrelation at the largest size, and the exponent extrapolated from the two largest.
fn judged(params: &Params, samples: &[Sample], states: &[MeanField]) -> Result<(Table, Table), RunError> {
    rows!(lags, exponents);
    for ((gain, sizes), state) in params.gain.iter().zip(samples.chunks(params.networks.len())).zip(states) {
        let [.., narrow, wide] = sizes else { continue };
        for &lag in &params.motion.lags {
            let tau = lag as f64 * params.motion.interval;
            let found = wide.mean(1 + lag);
            lags.push(row! {
                gain: gain.get(), lag: tau, replicas: found.replicas,
                autocorrelation: Judged::new(state.autocorrelation(tau) / gain.squared(), found),
            });
        }
        let exponent = Judged::new(state.lyapunov_exponent(), extrapolated(&narrow.mean(0), &wide.mean(0)));
        exponents.push(row! { gain: gain.get(), replicas: narrow.replicas().min(wide.replicas()), exponent });
    }
    Ok((lags.table()?, exponents.table()?))
}

/// Deviations from infinite width at every size.
fn sizes(params: &Params, samples: &[Sample], states: &[MeanField]) -> Result<Table, RunError> {
    let mut rows = Rows::new("sizes");
    for measure in ["variance", "exponent"] {
        for ((gain, sizes), state) in params.gain.iter().zip(samples.chunks(params.networks.len())).zip(states) {
            for (networks, sample) in params.networks.iter().zip(sizes) {
                let (found, theory) = match measure {
                    "variance" => (sample.mean(1), state.variance() / gain.squared()),
                    _ => (sample.mean(0), state.lyapunov_exponent()),
                };
                rows.push(row! {
                    measure, gain: gain.get(), width: networks.width, inverse_width: 1.0 / networks.width.get() as f64,
                    replicas: networks.replicas, deviation: Measured::new((found.mean - theory, stderr(&found))),
                });
            }
        }
    }
    Ok(rows.table()?)
}

/// Those of the two largest sizes extrapolated to infinite width.
fn limits(params: &Params, samples: &[Sample], states: &[MeanField]) -> Result<Table, RunError> {
    let mut rows = Rows::new("limits");
    for measure in ["variance", "exponent"] {
        for ((gain, sizes), state) in params.gain.iter().zip(samples.chunks(params.networks.len())).zip(states) {
            let [.., narrow, wide] = sizes else { continue };
            let (index, theory) = match measure {
                "variance" => (1, state.variance() / gain.squared()),
                _ => (0, state.lyapunov_exponent()),
            };
            let (limit, error) = extrapolated(&narrow.mean(index), &wide.mean(index));
            let n = narrow.point.1 as f64;
            for (inverse_width, fit) in [(0.0, limit - theory), (1.0 / n, narrow.mean(index).mean - theory)] {
                let limit = Measured::new((limit - theory, error));
                rows.push(row! { measure, gain: gain.get(), inverse_width, fit, limit });
            }
        }
    }
    Ok(rows.table()?)
}

/// Straight lines through the two largest sizes, from the smaller of these on to the smallest of all.
fn beyond(params: &Params, samples: &[Sample], states: &[MeanField]) -> Result<Table, RunError> {
    let mut rows = Rows::new("beyond");
    for ((gain, sizes), state) in params.gain.iter().zip(samples.chunks(params.networks.len())).zip(states) {
        let ([first, ..], [.., narrow, wide]) = (sizes, sizes) else { continue };
        let [at_narrow, at_wide] = [narrow, wide].map(|sample| sample.mean(0).mean - state.lyapunov_exponent());
        let (n, limit) = (narrow.point.1 as f64, 2.0 * at_wide - at_narrow);
        for width in [narrow.point.1, first.point.1] {
            let inverse_width = 1.0 / width as f64;
            rows.push(row! { gain: gain.get(), inverse_width, fit: limit + (at_narrow - limit) * n * inverse_width });
        }
    }
    Ok(rows.table()?)
}

/// Variance at the largest size, and the exponent extrapolated from the two largest, at further gains.
fn further(params: &Params, samples: &[Sample], run: &Run) -> Result<Table, RunError> {
    let Motion { interval, transient, watched, .. } = params.motion;
    let mut rows = Rows::new("further");
    for (gain, sizes) in params.further.iter().zip(samples.chunks(2)) {
        let [narrow, wide] = sizes else { continue };
        let state = mean_field(params, run, gain.get())?;
        let slope = gain.get() * run.theory_factor() / critical_gain(params.activation);
        let correction = if slope < 1.0 {
            let [from, to] = [transient, transient + watched].map(|count| count as f64 * interval);
            growth_in_time(slope, from, to) - state.lyapunov_exponent()
        } else {
            0.0
        };
        let found = extrapolated(&narrow.mean(0), &wide.mean(0));
        let variance = wide.mean(1);
        rows.push(row! {
            gain: gain.get(), replicas: narrow.replicas().min(wide.replicas()),
            seen_variance: Measured::new((variance.mean, stderr(&variance))),
            exponent: Compared::new(state.lyapunov_exponent(), found, correction),
        });
    }
    Ok(rows.table()?)
}

fn lines(params: &Params, states: &[MeanField]) -> Result<Table, RunError> {
    let mut rows = Rows::new("lines");
    for (gain, state) in params.gain.iter().zip(states) {
        for &lag in params.curve.lag.values() {
            rows.push(row! { gain: gain.get(), lag, autocorrelation: state.autocorrelation(lag) / gain.squared() });
        }
    }
    Ok(rows.table()?)
}

fn curve(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("curve");
    let gains = params.curve.gain.values();
    let states = run.map(gains, |gain| mean_field(params, run, *gain))?;
    for (gain, state) in gains.iter().zip(states) {
        rows.push(row! {
            gain: *gain, variance: state.variance() / (gain * gain), decay_rate: state.decay_rate(),
            exponent: state.lyapunov_exponent(),
        });
    }
    Ok(rows.table()?)
}

/// A few neurons of one network.
fn course(found: &Sample) -> Result<Table, RunError> {
    let plan = found.point.2;
    let mut rows = Rows::new("course");
    // behind the exponent and the autocorrelation at lag 0
    for (neuron, values) in found.rows()[0][2..].chunks(plan.watched + 1).enumerate() {
        for (sample, value) in values.iter().enumerate() {
            rows.push(row! { neuron: neuron + 1, time: sample as f64 * plan.interval, potential: *value });
        }
    }
    Ok(rows.table()?)
}

//! The continuous-time network `dx/dt = -x + J phi(x)` of Sompolinsky, Crisanti and Sommers (1988): chaos above the gain `1 / phi'(0)`.
//!
//! The autocorrelation is judged at the largest size, where what is left of order 1/n is below the standard error over networks (the
//! table `sizes` shows it); the Lyapunov exponent, whose finite-size deviation is larger, against its extrapolation from the two largest
//! sizes. Time and trajectories of one network are averaged first and never count as samples.

use crate::experiment::prelude::*;
use crate::simulation::{ContinuousPlan, WeightMatrix, follow};
use crate::theory::continuous::{MeanField, critical_gain, growth_in_time};

parameters! {
    Params {
        activation => "Activation function `phi`; odd, smooth and bounded.",
        gain: List<WeightStd> => "Gains `g`: weights are `N(0, g^2 / n)`.",
        further: List<WeightStd> => "Further gains, of which variance and exponent alone are looked at.",
        networks: Vec<Networks> => "Sizes of the networks, the largest last and twice the one before it.",
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
        let check_width = |name: &'static str, width: &u64| {
            let allowed = 3..=WeightMatrix::WIDEST as u64;
            refuse_where(!allowed.contains(width), name, width, "from 3 to 5000, since weights are explicit")
        };
        each("networks", &widths, |width| check_width("width", width))?;
        check_width("course.width", &self.course.width.get())?;
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
        let course = plan.of_neurons(neurons, finer);
        let all = self.gain.iter().flat_map(|&gain| {
            self.networks.iter().map(move |&Networks { width, replicas }| (gain, width, replicas, plan))
        });
        let [.., narrow, wide] = &self.networks[..] else { return Ok(()) };
        let further = self.further.iter();
        let further = further.flat_map(|&gain| [narrow, wide].map(|of| (gain, of.width, of.replicas, plan)));
        for (gain, width, replicas, plan) in all.chain([(gain, width, 1, course)]).chain(further) {
            let n = width.get() as usize;
            let item = (Ensemble::new(self.activation, gain.get(), 0.0)?, n, plan);
            let label = format!("gain = {}, width = {n}", gain.get());
            points.keep(label, replicas, OneNetwork::from(plan.work(n)), item);
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
        let of_gains: Vec<OfGain> = self.gain.iter().zip(samples.chunks(self.networks.len())).zip(&states).collect();
        let curves = [lines(self, &of_gains)?, curve(self, run)?, self::course(course)?, further(self, others, run)?];
        let found = [judged(self, &of_gains)?, deviations(self, &of_gains)?].concat();
        Ok(found.into_iter().chain(curves).chain([beyond(&of_gains)?]).collect())
    }

    fn figures(&self) -> Vec<Figure> {
        vec![chaos(self), sizes()]
    }
}

/// Networks of one gain and one size.
type Sample = Found<(Ensemble, usize, ContinuousPlan)>;

/// A gain, its networks size by size, and its theory.
type OfGain<'a> = ((&'a WeightStd, &'a [Sample]), &'a MeanField);

/// Theory at this gain; 2 % off in a negative control.
fn mean_field(params: &Params, run: &Run, gain: f64) -> Result<MeanField, RunError> {
    Ok(MeanField::new(params.activation, gain * run.theory_factor())?)
}

/// The autocorrelation at the largest size, and the exponent extrapolated from the two largest.
fn judged(params: &Params, of_gains: &[OfGain]) -> Result<[Table; 2], RunError> {
    rows!(lags, exponents);
    for &((gain, sizes), state) in of_gains {
        let [.., narrow, wide] = sizes else { continue };
        for &lag in &params.motion.lags {
            let tau = lag as f64 * params.motion.interval;
            let autocorrelation = Judged::new(state.autocorrelation(tau) / gain.squared(), wide.mean(1 + lag));
            lags.push(row! { gain, lag: tau, replicas: wide.replicas(), autocorrelation });
        }
        let exponent = Judged::new(state.lyapunov_exponent(), extrapolated(&narrow.mean(0), &wide.mean(0)));
        exponents.push(row! { gain, replicas: narrow.replicas().min(wide.replicas()), exponent });
    }
    Ok([lags.table()?, exponents.table()?])
}

/// Deviations from infinite width at every size, and those of the two largest sizes extrapolated to infinite width.
fn deviations(params: &Params, of_gains: &[OfGain]) -> Result<[Table; 2], RunError> {
    rows!(rows: "sizes", limits);
    for (measure, index) in [("variance", 1), ("exponent", 0)] {
        for &((gain, sizes), state) in of_gains {
            let theory = match measure {
                "variance" => state.variance() / gain.squared(),
                _ => state.lyapunov_exponent(),
            };
            for (&Networks { width, replicas }, sample) in params.networks.iter().zip(sizes) {
                let (found, inverse_width) = (sample.mean(index), 1.0 / width.get() as f64);
                let deviation = Measured::new((found.mean - theory, stderr(&found)));
                rows.push(row! { measure, gain, width, inverse_width, replicas, deviation });
            }
            let [.., narrow, wide] = sizes else { continue };
            let (limit, error) = extrapolated(&narrow.mean(index), &wide.mean(index));
            let (at_narrow, limit) = (narrow.mean(index).mean - theory, Measured::new((limit - theory, error)));
            let ends = [(0.0, limit.value), (1.0 / narrow.point.1 as f64, at_narrow)];
            limits.extend(ends.map(|(inverse_width, fit)| row! { measure, gain, inverse_width, fit, limit }));
        }
    }
    Ok([rows.table()?, limits.table()?])
}

/// Straight lines through the two largest sizes, from the smaller of these on to the smallest of all.
fn beyond(of_gains: &[OfGain]) -> Result<Table, RunError> {
    rows!(beyond);
    for &((gain, sizes), state) in of_gains {
        let ([first, ..], [.., narrow, wide]) = (sizes, sizes) else { continue };
        let [at_narrow, at_wide] = [narrow, wide].map(|sample| sample.mean(0).mean - state.lyapunov_exponent());
        let (n, limit) = (narrow.point.1 as f64, 2.0 * at_wide - at_narrow);
        for width in [narrow.point.1, first.point.1] {
            let inverse_width = 1.0 / width as f64;
            beyond.push(row! { gain, inverse_width, fit: limit + (at_narrow - limit) * n * inverse_width });
        }
    }
    Ok(beyond.table()?)
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
        let (replicas, seen_variance) = (narrow.replicas().min(wide.replicas()), Measured::new(wide.mean(1)));
        let exponent = Compared::new(state.lyapunov_exponent(), found, correction);
        rows.push(row! { gain, replicas, seen_variance, exponent });
    }
    Ok(rows.table()?)
}

fn lines(params: &Params, of_gains: &[OfGain]) -> Result<Table, RunError> {
    rows!(lines);
    for &((gain, _), state) in of_gains {
        let of = |&lag: &f64| row! { gain, lag, autocorrelation: state.autocorrelation(lag) / gain.squared() };
        lines.extend(params.curve.lag.values().iter().map(of));
    }
    Ok(lines.table()?)
}

fn curve(params: &Params, run: &Run) -> Result<Table, RunError> {
    let rows = run.map(params.curve.gain.values(), |&gain| {
        let state = mean_field(params, run, gain)?;
        let (variance, decay_rate) = (state.variance() / (gain * gain), state.decay_rate());
        Ok(row! { gain, variance, decay_rate, exponent: state.lyapunov_exponent() })
    })?;
    table("curve", rows)
}

/// A few neurons of one network.
fn course(found: &Sample) -> Result<Table, RunError> {
    let plan = found.point.2;
    rows!(course);
    // behind the exponent and the autocorrelation at lag 0
    for (neuron, values) in (1_usize..).zip(found.rows()[0][2..].chunks(plan.watched + 1)) {
        for (sample, &potential) in values.iter().enumerate() {
            course.push(row! { neuron, time: sample as f64 * plan.interval, potential });
        }
    }
    Ok(course.table()?)
}

fn chaos(params: &Params) -> Figure {
    let gain = || Axis::linear("gain $g$");
    let by = By::new("gain", "$g = {}$");
    let critical = critical_gain(params.activation);
    let largest = params.networks.last().map_or(0, |networks| networks.width.get());
    Figure::new("recurrent_continuous", "Chaos in continuous-time random networks")
        .setting("phi(u) = {activation}; {networks.replicas} networks of n = {networks.width}, {motion.trajectories} trajectories in each, {motion.watched} samples of each at times {motion.interval} apart, after {motion.transient} that are left out; g = {course.gain}, n = {course.width} in (a)")
        .describe(
            "(a) Membrane potentials of a few neurons of one network. (b) Autocorrelation over the square of the gain \
             against the lag, at the largest size: dynamic mean-field theory of infinite networks as lines, means over networks \
             as points with standard errors. \
             (c) Its value at lag 0, at the largest size, and (d) the largest Lyapunov exponent, extrapolated from the two \
             largest sizes, against the gain. Vertical line: the transition to chaos. Below the transition tangents are judged by \
             theory of their growth over the time watched, which is less than 0.01 below the limit drawn.",
        )
        .grid(2, 130.0)
        .panel(
            Panel::new(Axis::linear("time $t$"), Axis::linear(r"potentials $x_i(t)$"))
                .title(format!("$g = {}$, $n = {}$", params.course.gain.get(), params.course.width.get()))
                .series(Series::line("course", "time", "potential", Dash::Solid).by(By::unlabelled("neuron")))
                .legend(Legend::Hidden),
        )
        .panel(
            Panel::new(Axis::linear(r"lag $\tau$"), Axis::linear(r"autocorrelation $D(\tau) / g^2$").low(0.0))
                .title(format!("$n = {largest}$"))
                .beside(("lines", "autocorrelation"), "lags", "lag", "autocorrelation", &by),
        )
        .panel(
            Panel::new(gain(), Axis::linear("variance $D(0) / g^2$").low(0.0))
                .title(format!("$n = {largest}$"))
                .rule(Rule::Vertical(critical))
                .series(Series::theory("curve", "gain", "variance").key("theory"))
                .found(Select::table("lags").filter("lag", 0.0), "gain", "autocorrelation", None)
                .series(Series::measured("further", "gain", "seen_variance")),
        )
        .panel(
            Panel::new(gain(), Axis::linear(r"Lyapunov exponent $\lambda$"))
                .title(r"$n \to \infty$")
                .rule(Rule::Vertical(critical))
                .rule(Rule::Horizontal(0.0))
                .beside(("curve", "exponent"), "exponents", "gain", "exponent", None)
                .found_unkeyed("further", "gain", "exponent", None),
        )
}

fn sizes() -> Figure {
    let panel = |(measure, label): (&str, &str)| {
        let [rows, limits] = ["sizes", "limits"].map(|table| Select::table(table).filter("measure", measure));
        let by = By::new("gain", "$g = {}$");
        let panel = Panel::new(Axis::linear("$1 / n$").low(-3e-4), Axis::linear(label))
            .rule(Rule::Horizontal(0.0))
            .series(Series::measured(&rows, "inverse_width", "deviation").by(by));
        if measure == "variance" {
            return panel;
        }
        panel
            .series(Series::line(&limits, "inverse_width", "fit", Dash::DashDot).by(By::unlabelled("gain")))
            .series(Series::boundary("beyond", "inverse_width", "fit").by(By::unlabelled("gain")))
            .series(
                Series::measured(limits.filter("inverse_width", 0.0), "inverse_width", "limit")
                    .by(By::unlabelled("gain")),
            )
    };
    Figure::new("recurrent_continuous_sizes", "Continuous-time networks of finite size")
        .setting("phi(u) = {activation}; {networks.replicas} networks of n = {networks.width}, {motion.trajectories} trajectories in each")
        .describe(
            "Deviation of the variance of the membrane potentials (a) and of the Lyapunov exponent (b) from \
             theory of infinite networks against the inverse number of neurons, with standard errors over networks. In (b) dash-dotted: \
             straight lines through the two largest sizes, whose values at 1/n = 0 are the exponents extrapolated; dotted: the same lines \
             as far as the smallest size, which did not make them.",
        )
        .grid(2, 66.0)
        .panels([("variance", "deviation of variance $D(0) / g^2$"), ("exponent", r"deviation of exponent $\lambda$")].map(panel))
}

//! The transition of recurrent networks without bias at `sigma_w phi'(0) = 1`: the activity after many steps, the Lyapunov exponent
//! `(1/2) ln chi_1`, and what small networks do instead: fixed points, cycles, quasi-periodic orbits and chaos, several at a time.
//!
//! The exponent is that of a tangent, renormalised in each step; theory is judged against its extrapolation from two widths. The other
//! tables have no theory at finite width.

use crate::experiment::prelude::*;
use crate::simulation::{Attractor, AttractorSearch, ConditionedMatrix, Recurrent, Start, WeightMatrix};
use crate::theory::continuous::critical_gain;
use crate::theory::recurrent::{growth_rate, lyapunov_exponent};

parameters! {
    Params {
        activation,
        initial_activity: Positive => "Activity of the starts, and the mean activity of random ones.",
        curve: Curve, late: Late, growth: Growth,
        attractors: Small => "Attractors of small networks.",
    }

    /// Infinite-width curves.
    Curve {
        sigma_w: NonNegativeGrid => "Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.",
    }

    /// Activity after many steps.
    Late {
        sigma_w: NonNegativeGrid => "Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.",
        width: List<Width> => "Numbers of neurons `n`.",
        steps: Depth => "Number of steps.",
        replicas: NetworkCount,
    }

    /// Growth of tangents.
    Growth {
        sigma_w: List<WeightStd> => "Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.",
        width => "The smaller number of neurons `n`; the other is `2n`.",
        from: Count<0> => "Step from which growth is measured.",
        to: Depth => "Step to which growth is measured.",
        replicas: WidthReplicas,
    }

    /// Attractors of small networks with explicit weights.
    Small {
        sigma_w: List<WeightStd> => "Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.",
        width: List<Width> => "Numbers of neurons `n`.",
        starts: Count<1> => "Random starts of each network.",
        networks: NetworkCount => "Number of networks.",
        settle: Count<0> => "Steps before an orbit is looked at.",
        longest_period: Count<1> => "Longest period looked for.",
        tolerance: Positive => "Root mean square difference of two states that count as the same.",
        /// Steps over which the Lyapunov exponent of an orbit that does not return is measured, the second half of them counting.
        growth_steps: Count<2>,
        chaotic_above: NonNegative => "Lyapunov exponent above which such an orbit is chaotic.",
    }
}

impl Small {
    fn search(&self) -> AttractorSearch {
        let Self { settle, longest_period: watch, tolerance, growth_steps, chaotic_above, .. } = *self;
        AttractorSearch { settle, watch, tolerance, growth_steps, chaotic_above }
    }
}

columns! {
    exponent {
        _: Theory ["per step"] "Lyapunov exponent (1/2) ln chi_1 at A*, in networks the mean growth rate of a tangent over the steps measured";
        early: Theory ["per step"] "mean growth rate of a tangent over the steps measured";
    }
    late_activity: MonteCarlo "activity after the last step";
    fate: Label "what becomes of a start: fixed point, cycle, quasi-periodic (neighbours do not part, or still settling), chaotic";
    fraction: MonteCarlo "fraction of starts with this fate";
    distinct: MonteCarlo "number of distinct attractors that the starts of one network reach; all orbits that do not return count as one";
}

/// A fate of a start, as tables and as figures name it.
type Fate = (&'static str, &'static str, fn(&Attractor) -> bool);

const FATES: [Fate; 4] = [
    ("fixed_point", "fixed point", |end| matches!(end, Attractor::FixedPoint)),
    ("cycle", "cycle", |end| matches!(end, Attractor::Cycle(_))),
    ("quasi_periodic", "quasi-periodic", |end| matches!(end, Attractor::QuasiPeriodic)),
    ("chaotic", "chaotic", |end| matches!(end, Attractor::Chaotic)),
];

/// What is looked at.
pub enum Look {
    /// Growth of a tangent, from this point and tangent.
    Growth(Inputs),
    /// Activity after many steps, from this point.
    Late(Inputs),
    /// Attractors that random starts reach.
    Attractors,
}

impl Experiment for Params {
    type Point = (Ensemble, usize, Look);
    const UNJUDGED: &'static str = "
        attractors.distinct | shown only: no theory of small networks
        fates.fraction | shown only: no theory of small networks
        late.late_activity | finite networks near the transition; only infinite width has a theory, which table curve holds
    ";

    fn check(&self) -> Result<(), ParameterError> {
        check_scales("curve.sigma_w", self.curve.sigma_w.values())?;
        check_scales("late.sigma_w", self.late.sigma_w.values())?;
        refuse_where(self.growth.from >= self.growth.to, "growth.from", self.growth.from, "below the last step")?;
        let (any, explicit) = ("from 3 to 1000000", "from 3 to 5000 where weights are explicit");
        for (name, widths, limit, allowed) in [
            ("late.width", &*self.late.width, 1_000_000, any),
            ("growth.width", std::slice::from_ref(&self.growth.width), 1_000_000, any),
            ("attractors.width", &*self.attractors.width, WeightMatrix::WIDEST as u64, explicit),
        ] {
            let found = widths.iter().find(|width| !(3..=limit).contains(&width.get())).map(|width| width.get());
            refuse(name, found, allowed)?;
        }
        Ok(())
    }

    fn points(&self, points: &mut Points<(Ensemble, usize, Look)>) -> Result<(), RunError> {
        let Params { growth, late, attractors: small, .. } = self;
        let single = Inputs::single(self.initial_activity)?;
        let gram = SymmetricMatrix::from_fn(2, |i, j| [[self.initial_activity, 0.0], [0.0, 1.0]][i][j]);
        let tangent = Inputs::new(vec![Column::State, Column::Tangent { of: 0 }], gram)?;
        let mut list = Vec::new();
        let n = growth.width.get();
        for (sigma_w, n) in pairs(&growth.sigma_w, &[n, 2 * n]) {
            list.push((sigma_w.get(), n as usize, Look::Growth(tangent.clone())));
        }
        for (width, sigma_w) in pairs(&late.width, late.sigma_w.values()) {
            list.push((sigma_w, width.get() as usize, Look::Late(single.clone())));
        }
        for (width, sigma_w) in pairs(&small.width, &small.sigma_w) {
            list.push((sigma_w.get(), width.get() as usize, Look::Attractors));
        }
        for (sigma_w, n, look) in list {
            let (name, replicas, work) = match look {
                Look::Growth(_) => ("growth", growth.replicas, Work::recurrent(n as f64, n.min(2 * growth.to) as f64)),
                Look::Late(_) => ("late", late.replicas, Work::recurrent(n as f64, n.min(late.steps) as f64)),
                Look::Attractors => ("attractors", small.networks, small.search().work(n, small.starts)),
            };
            let item = (Ensemble::new(self.activation, sigma_w, 0.0)?, n, look);
            let label = format!("{name}, sigma_w = {sigma_w}, width = {n}");
            points.keep(label, replicas, OneNetwork::from(work), item);
        }
        Ok(())
    }

    /// Mean growth rate; activity; share of starts with each fate and number of attractors.
    fn observe(&self, (ensemble, n, look): &(Ensemble, usize, Look), at: &Address) -> Observed {
        let network = |inputs: &Inputs, directions: usize| {
            let weights = ConditionedMatrix::new(ensemble, *n, directions, at)?;
            Ok::<_, SimulationError>(Recurrent::new(ensemble.activation, weights, Start::cosines(inputs, *n)?))
        };
        match look {
            Look::Growth(inputs) => {
                let Growth { from, to, .. } = self.growth;
                Ok(vec![network(inputs, 2 * to)?.growth_rate(1, from, to)])
            }
            Look::Late(inputs) => {
                let mut network = network(inputs, self.late.steps)?;
                (0..self.late.steps).for_each(|_| network.step());
                Ok(vec![activity(&network.gram())])
            }
            Look::Attractors => {
                let small = &self.attractors;
                let start = Start::normal(small.starts, self.initial_activity.sqrt(), *n, at);
                let found = small.search().run(ensemble.activation, &WeightMatrix::new(ensemble, *n, at)?, start);
                let count = |is: fn(&Attractor) -> bool| found.ends.iter().filter(|end| is(end)).count() as f64;
                let fractions = FATES.into_iter().map(|(.., is)| count(is) / small.starts as f64);
                Ok(fractions.chain([found.distinct as f64]).collect())
            }
        }
    }

    fn tables(&self, found: &[Found<(Ensemble, usize, Look)>], run: &Run) -> Result<Tables, RunError> {
        rows!(curve, early, rates: "growth", late, fates, counts: "attractors");
        let Growth { ref sigma_w, from, to, replicas, .. } = self.growth;
        for &sigma_w in self.curve.sigma_w.values() {
            let theory = run.theory(&Ensemble::new(self.activation, sigma_w, 0.0)?);
            if let Some(exponent) = lyapunov_exponent(&theory)? {
                curve.push(row! { sigma_w, activity_star: activity_fixed_point(&theory)?.activity, exponent });
            }
            if let Some(exponent) = growth_rate(&theory, self.initial_activity, from, to)? {
                early.push(row! { sigma_w, exponent });
            }
        }
        let small = &self.attractors;
        let (growth, found) = found.split_at(2 * sigma_w.len());
        let (after, attractors) = found.split_at(found.len() - small.width.len() * small.sigma_w.len());
        for (sigma_w, found) in sigma_w.iter().zip(growth.chunks(2)) {
            let theory = run.theory(&found[0].point.0);
            if let Some(rate) = growth_rate(&theory, self.initial_activity, from, to)? {
                let exponent = Judged::new(rate, extrapolated(&found[0].mean(0), &found[1].mean(0)));
                rates.push(row! { sigma_w, replicas, exponent });
            }
        }
        for found in after {
            let (Ensemble { sigma_w, .. }, width, _) = &found.point;
            late.push(row! { width, sigma_w, replicas: found.replicas(), late_activity: Shown::new(found.mean(0)) });
        }
        for (width, found) in small.width.iter().zip(attractors.chunks(small.sigma_w.len())) {
            let replicas = small.networks;
            for (kind, (fate, ..)) in FATES.into_iter().enumerate() {
                for (sigma_w, found) in small.sigma_w.iter().zip(found) {
                    fates.push(row! { width, fate, sigma_w, replicas, fraction: Shown::new(found.mean(kind)) });
                }
            }
            for (sigma_w, found) in small.sigma_w.iter().zip(found) {
                counts.push(row! { width, sigma_w, replicas, distinct: Shown::new(found.mean(FATES.len())) });
            }
        }
        Ok(vec![curve.table()?, early.table()?, rates.table()?, late.table()?, fates.table()?, counts.table()?])
    }

    fn figures(&self) -> Vec<Figure> {
        let scale = || Axis::linear(r"weight scale $\sigma_w$");
        let by_width = By::new("width", r"$n = {}$").ramp();
        let (least, most) = extent(self.attractors.sigma_w.iter().map(|sigma_w| sigma_w.get()));
        let by_fate = By::new("fate", "{}").names(FATES.into_iter().map(|(fate, name, _)| (fate, name)));
        let critical = critical_gain(self.activation);
        let limit = Series::line("curve", "sigma_w", "exponent", Dash::DashDot);
        let distinct = Series::join("attractors", "sigma_w", "distinct_mc").by(By::new("width", "$n = {}$").ramp());
        let found = Series::found("attractors", "sigma_w", "distinct").by(By::unlabelled("width").ramp());
        let Growth { from, to, .. } = self.growth;
        let widths = self.attractors.width.iter().map(|width| width.get() as i64);
        vec![
            Figure::new("recurrent_transition", "The transition of recurrent networks")
                .setting("phi(u) = {activation}, sigma_b = 0; starts of activity {initial_activity}; {late.steps} steps and {late.replicas networks} of each width in (a); steps {growth.from} to {growth.to}, {growth.replicas networks} of n = {growth.width} and of twice the width in (b)")
                .describe(
                    "Activity of recurrent networks without bias after many steps (a), and mean growth rate of a tangent over \
                     early steps, extrapolated from two widths (b), against the weight scale: infinite-width theory as lines, \
                     Monte Carlo as points with standard errors. In (b) the solid line is theory of the same steps, the \
                     dash-dotted one the Lyapunov exponent (1/2) ln chi_1, its limit at late times. Vertical line: the \
                     transition. Activities above theory in (a) are of finite networks: the larger they are, the nearer.",
                )
                .grid(2, 74.0)
                .panel(
                    Panel::new(scale(), Axis::linear(r"late activity $A$").low(0.0))
                        .rule(Rule::Vertical(critical))
                        .series(Series::theory("curve", "sigma_w", "activity_star").key(r"$n \to \infty$"))
                        .series(Series::found("late", "sigma_w", "late_activity").by(&by_width).in_place()),
                )
                .panel(
                    Panel::new(scale(), Axis::linear(r"growth rate $\lambda$ of a tangent"))
                        .rule(Rule::Horizontal(0.0))
                        .rule(Rule::Vertical(critical))
                        .series(Series::theory("early", "sigma_w", "exponent").key(format!("theory, steps {from} to {to}")))
                        .series(limit.colour(Colour::Grey).key(r"$t \to \infty$: $(1/2) \ln \chi_1$"))
                        .found("growth", "sigma_w", "exponent", None),
                ),
            Figure::new("recurrent_attractors", "Attractors of small recurrent networks")
                .setting("phi(u) = {activation}, sigma_b = 0; {attractors.networks networks} of each size and scale, {attractors.starts} random starts in each of mean activity {initial_activity}; {attractors.settle} steps before an orbit is looked at, periods up to {attractors.longest_period}, chaotic above a Lyapunov exponent of {attractors.chaotic_above}")
                .describe(format!(
                    "Fractions of random starts that end in a fixed point, a cycle, a quasi-periodic orbit or chaos, stacked, \
                     against the weight scale (a to c), and the number of distinct attractors that the {} starts of one network reach (d), in \
                     small networks without bias; all orbits that do not return count as one. Means over {} networks; bars: standard errors \
                     over networks.",
                    self.attractors.starts, self.attractors.networks,
                ))
                .grid(2, 116.0)
                .own_axes()
                .shared_legend()
                .panel_each(("width", "$n = {}$"), widths, |of| {
                    // areas fill the frame; one weight scale has none
                    let scale = if least < most { scale().range(least, most) } else { scale() };
                    Panel::new(scale, Axis::linear("fraction of starts").range(0.0, 1.0))
                        .series(Series::stack(of("fates"), "sigma_w", "fraction_mc").by(&by_fate))
                })
                .panel(
                    Panel::new(scale(), Axis::linear("distinct attractors").low(0.9))
                        .series(distinct.label_at_end())
                        .series(found.in_place()),
                ),
        ]
    }
}

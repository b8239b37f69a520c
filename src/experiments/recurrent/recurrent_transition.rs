//! The transition of recurrent networks without bias at `sigma_w phi'(0) = 1`: the activity after many steps, the Lyapunov exponent
//! `(1/2) ln chi_1`, and what small networks do instead: fixed points, cycles, quasi-periodic orbits and chaos, several at a time.
//!
//! The exponent is that of a tangent, renormalised in each step; theory is judged against its extrapolation from two widths. The other
//! tables have no theory at finite width.

use crate::experiment::prelude::*;
use crate::model::Column;
use crate::simulation::{Attractor, AttractorSearch, Attractors, ConditionedMatrix, Recurrent, Start, WeightMatrix};
use crate::theory::recurrent::{growth_rate, lyapunov_exponent};

parameters! {
    Params {
        activation: Activation,
        /// Activity of the starts, and the mean activity of random ones.
        initial_activity: Positive,
        /// Infinite-width curves.
        curve: Curve,
        /// Activity after many steps.
        late: Late,
        /// Growth of tangents.
        growth: Growth,
        /// Attractors of small networks.
        attractors: Small,
    }

    /// Infinite-width curves.
    Curve {
        /// Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
        sigma_w: NonNegativeGrid,
    }

    /// Activity after many steps.
    Late {
        /// Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
        sigma_w: NonNegativeGrid,
        /// Numbers of neurons `n`.
        width: List<Width>,
        /// Number of steps.
        steps: Depth,
        replicas: NetworkCount,
    }

    /// Growth of tangents.
    Growth {
        /// Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
        sigma_w: List<WeightStd>,
        /// The smaller number of neurons `n`; the other is `2n`.
        width: Width,
        /// Step from which growth is measured.
        from: Count<0>,
        /// Step to which growth is measured.
        to: Depth,
        /// Number of networks of each width.
        replicas: NetworkCount,
    }

    /// Attractors of small networks with explicit weights.
    Small {
        /// Weight scales `sigma_w`: weights are `N(0, sigma_w^2 / n)`.
        sigma_w: List<WeightStd>,
        /// Numbers of neurons `n`.
        width: List<Width>,
        /// Random starts of each network.
        starts: Count<1>,
        /// Number of networks.
        networks: NetworkCount,
        /// Steps before an orbit is looked at.
        settle: Count<0>,
        /// Longest period looked for.
        longest_period: Count<1>,
        /// Root mean square difference of two states that count as the same.
        tolerance: Positive,
        /// Steps over which the Lyapunov exponent of an orbit that does not return is measured, the second half of them counting.
        growth_steps: Count<2>,
        /// Lyapunov exponent above which such an orbit is chaotic.
        chaotic_above: NonNegative,
    }
}

columns! {
    exponent: Theory ["per step"] "Lyapunov exponent (1/2) ln chi_1 at A*, in networks the mean growth rate of a tangent over the steps measured";
    late_activity: MonteCarlo "activity after the last step";
    fate: Label "what becomes of a start: fixed point, cycle, quasi-periodic (neighbours do not part, or still settling), chaotic";
    fraction: MonteCarlo "fraction of starts with this fate";
    distinct: MonteCarlo "number of distinct attractors that the starts of one network reach; all orbits that do not return count as one";
}

pub struct RecurrentTransition;

/// Fates of a start, as tables name them.
const FATES: [&str; 4] = ["fixed_point", "cycle", "quasi_periodic", "chaotic"];

impl Experiment for RecurrentTransition {
    type Params = Params;
    type Point = ();
    const COLUMNS: &'static [Meaning] = columns::ALL;
    const UNJUDGED: &'static str = "
        attractors.distinct | shown only: no theory of small networks
        fates.fraction | shown only: no theory of small networks
        late.late_activity | finite networks near the transition; only infinite width has a theory, which table curve holds
    ";

    fn check(params: &Params) -> Result<(), ParameterError> {
        let refused = |name, found: String, allowed| Err(ParameterError { name, found, allowed });
        if params.growth.from >= params.growth.to {
            return refused("growth.from", params.growth.from.to_string(), "below the last step");
        }
        let (any, explicit) = ("from 3 to 1000000", "from 3 to 5000 where weights are explicit");
        for (name, widths, limit, allowed) in [
            ("late.width", &*params.late.width, 1_000_000, any),
            ("growth.width", std::slice::from_ref(&params.growth.width), 1_000_000, any),
            ("attractors.width", &*params.attractors.width, WeightMatrix::WIDEST as u64, explicit),
        ] {
            if let Some(width) = widths.iter().find(|width| !(3..=limit).contains(&width.get())) {
                return refused(name, width.get().to_string(), allowed);
            }
        }
        Ok(())
    }

    fn tables(params: &Params, _: &[Found<()>], run: &Run) -> Result<Tables, RunError> {
        let mut point = 0;
        let growth = growth(params, run, &mut point)?;
        let late = late(params, run, &mut point)?;
        let (fates, attractors) = attractors(params, run, &mut point)?;
        Ok(vec![curve(params, run)?, growth, late, fates, attractors])
    }

    fn figures(params: &Params) -> Vec<Figure> {
        let scale = || Axis::linear(r"weight scale $\sigma_w$");
        let by_width = By::new("width", r"$n = {}$").ramp();
        let mut fates = Figure::new("recurrent_attractors", "Attractors of small recurrent networks")
            .describe(
                "Fraction of random starts that end in a fixed point, a cycle, a quasi-periodic orbit or chaos against the weight scale, \
                 and the number of distinct attractors reached, in small networks without bias. Bars: standard errors over networks.",
            )
            .double()
            .height(120.0)
            .columns(2);
        let names = FATES.into_iter().zip(["fixed point", "cycle", "quasi-periodic", "chaotic"]);
        for width in &params.attractors.width {
            let rows = Select::table("fates").filter("width", width.get() as i64);
            let by = By::new("fate", "{}").names(names.clone());
            fates = fates.panel(
                Panel::new(scale(), Axis::linear("fraction of starts").range(-0.05, 1.15))
                    .title(format!("$n = {}$", width.get()))
                    .series(
                        Series::line(&rows, "sigma_w", "fraction_mc", crate::figure::Dash::Dotted)
                            .by(By::unlabelled("fate")),
                    )
                    .series(Series::monte_carlo(&rows, "sigma_w", "fraction_mc", "fraction_stderr").by(&by)),
            );
        }
        vec![
            Figure::new("recurrent_transition", "The transition of recurrent networks")
                .describe(
                    "Activity of recurrent networks without bias after many steps (a), and growth rate of a tangent extrapolated from two \
                     widths (b), against the weight scale: infinite-width theory of late times as lines, Monte Carlo as points. The tangent is measured \
                     over early steps; its residuals are against theory for these steps, which lies below the line near the transition.",
                )
                .double()
                .height(74.0)
                .columns(2)
                .panel(
                    Panel::new(scale(), Axis::linear(r"late activity $A$").low(0.0))
                        .series(Series::theory("curve", "sigma_w", "activity_star").key(r"$n \to \infty$"))
                        .series(
                            Series::monte_carlo("late", "sigma_w", "late_activity_mc", "late_activity_stderr").by(&by_width),
                        ),
                )
                .panel(
                    Panel::new(scale(), Axis::linear(r"Lyapunov exponent $\lambda$"))
                        .rule(Rule::Horizontal(0.0))
                        .series(Series::theory("curve", "sigma_w", "exponent").key(r"$(1/2) \ln \chi_1$"))
                        .series(
                            Series::monte_carlo("growth", "sigma_w", "exponent_mc", "exponent_stderr").key("Monte Carlo"),
                        )
                        .residual(Residual::new("growth", "sigma_w", "exponent")),
                ),
            fates.panel(
                Panel::new(scale(), Axis::linear("distinct attractors").low(0.0))
                    .series(Series::monte_carlo("attractors", "sigma_w", "distinct_mc", "distinct_stderr").by(&by_width)),
            ),
        ]
    }
}

fn ensemble(params: &Params, sigma_w: f64) -> Result<Ensemble, RunError> {
    Ok(Ensemble::new(params.activation, sigma_w, 0.0)?)
}

fn curve(params: &Params, run: &Run) -> Result<Table, RunError> {
    let mut rows = Rows::new("curve");
    for &w in params.curve.sigma_w.values() {
        let theory = run.theory(&ensemble(params, w)?);
        if let Some(exponent) = lyapunov_exponent(&theory)? {
            rows.push(row! { sigma_w: w, activity_star: activity_fixed_point(&theory)?.activity, exponent });
        }
    }
    Ok(rows.table()?)
}

/// Mean growth rate of a tangent in each network.
fn rates(params: &Params, run: &Run, ensemble: &Ensemble, n: usize, point: u64) -> Result<Vec<f64>, RunError> {
    let Growth { from, to, replicas, .. } = params.growth;
    let gram = SymmetricMatrix::from_fn(2, |i, j| match (i, j) {
        (0, 0) => params.initial_activity,
        (1, 1) => 1.0,
        _ => 0.0,
    });
    let inputs = Inputs::new(vec![Column::State, Column::Tangent { of: 0 }], gram)?;
    run.replicas(replicas, |replica| {
        let weights = ConditionedMatrix::new(ensemble, n, 2 * to, &run.address(point, replica))?;
        let mut network = Recurrent::new(ensemble.activation, weights, Start::cosines(&inputs, n)?);
        let mut total = 0.0;
        for step in 0..to {
            network.step();
            let square = network.renormalise(1);
            if step >= from {
                total += 0.5 * ln(square);
            }
        }
        Ok(total / (to - from) as f64)
    })
}

fn growth(params: &Params, run: &Run, point: &mut u64) -> Result<Table, RunError> {
    let mut rows = Rows::new("growth");
    let n = params.growth.width.get() as usize;
    for &sigma_w in &params.growth.sigma_w {
        let ensemble = ensemble(params, sigma_w.get())?;
        let narrow = Estimate::of(&rates(params, run, &ensemble, n, *point)?);
        let wide = Estimate::of(&rates(params, run, &ensemble, 2 * n, *point + 1)?);
        *point += 2;
        let (exponent, error) = extrapolated(&narrow, &wide);
        let Growth { from, to, replicas, .. } = params.growth;
        if let Some(rate) = growth_rate(&run.theory(&ensemble), params.initial_activity, from, to)? {
            rows.push(row! { sigma_w, replicas, exponent: Judged::new(rate, (exponent, error)) });
        }
    }
    Ok(rows.table()?)
}

fn late(params: &Params, run: &Run, point: &mut u64) -> Result<Table, RunError> {
    let mut rows = Rows::new("late");
    let inputs = Inputs::single(params.initial_activity)?;
    for width in &params.late.width {
        let n = width.get() as usize;
        for &w in params.late.sigma_w.values() {
            let ensemble = ensemble(params, w)?;
            let found = run.replicas(params.late.replicas, |replica| {
                let weights = ConditionedMatrix::new(&ensemble, n, params.late.steps, &run.address(*point, replica))?;
                let mut network = Recurrent::new(ensemble.activation, weights, Start::cosines(&inputs, n)?);
                (0..params.late.steps).for_each(|_| network.step());
                Ok(activity(&network.gram()))
            })?;
            *point += 1;
            let estimate = Estimate::of(&found);
            rows.push(row! {
                width, sigma_w: w, replicas: found.len(),
                late_activity: Shown::new((estimate.mean, estimate.stderr.unwrap_or(0.0))),
            });
        }
    }
    Ok(rows.table()?)
}

fn fate(end: &Attractor) -> usize {
    match end {
        Attractor::FixedPoint => 0,
        Attractor::Cycle(_) => 1,
        Attractor::QuasiPeriodic => 2,
        Attractor::Chaotic => 3,
    }
}

fn attractors(params: &Params, run: &Run, point: &mut u64) -> Result<(Table, Table), RunError> {
    let small = &params.attractors;
    let search = AttractorSearch {
        settle: small.settle,
        watch: small.longest_period,
        tolerance: small.tolerance,
        growth_steps: small.growth_steps,
        chaotic_above: small.chaotic_above,
    };
    let mut fates = Rows::new("fates");
    let mut counts = Rows::new("attractors");
    for width in &small.width {
        let n = width.get() as usize;
        let mut by_fate: Vec<Vec<(f64, Estimate)>> = vec![Vec::new(); FATES.len()];
        for &sigma_w in &small.sigma_w {
            let ensemble = ensemble(params, sigma_w.get())?;
            let found: Vec<Attractors> = run.replicas(small.networks, |replica| {
                let address = run.address(*point, replica);
                let start = Start::normal(small.starts, params.initial_activity.sqrt(), n, &address);
                Ok(search.run(ensemble.activation, &WeightMatrix::new(&ensemble, n, &address)?, start))
            })?;
            *point += 1;
            for (kind, by_fate) in by_fate.iter_mut().enumerate() {
                let fraction = |network: &Attractors| {
                    network.ends.iter().filter(|end| fate(end) == kind).count() as f64 / small.starts as f64
                };
                let fractions: Vec<f64> = found.iter().map(fraction).collect();
                by_fate.push((sigma_w.get(), Estimate::of(&fractions)));
            }
            let distinct: Vec<f64> = found.iter().map(|network| network.distinct as f64).collect();
            let estimate = Estimate::of(&distinct);
            counts.push(row! {
                width, sigma_w, replicas: small.networks,
                distinct: Shown::new((estimate.mean, estimate.stderr.unwrap_or(0.0))),
            });
        }
        for (name, estimates) in FATES.into_iter().zip(by_fate) {
            for (sigma_w, estimate) in estimates {
                fates.push(row! {
                    width, fate: name, sigma_w, replicas: small.networks,
                    fraction: Shown::new((estimate.mean, estimate.stderr.unwrap_or(0.0))),
                });
            }
        }
    }
    Ok((fates.table()?, counts.table()?))
}

//! What an experiment costs, as its plan says before anything is computed.

use crate::driver::Selected;
use crate::driver::compute::failure;
use anyhow::Result;

/// What is simulated, and about how long that takes.
#[derive(Debug, Clone, serde::Serialize)]
pub struct Cost {
    /// Number of points that are simulated; without any it is theory alone.
    pub points: usize,
    /// Replicas of all points, at most.
    pub replicas: u64,
    /// Blocks of replicas, which shards are made of; without any it cannot be cut.
    pub blocks: u64,
    /// Estimated seconds of one core, at most.
    pub seconds: f64,
    /// Whether that is right to a factor of a few only.
    pub rough: bool,
    /// Points with one number of replicas, in order.
    pub groups: Vec<SamePoints>,
}

/// Points with the same number of replicas.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct SamePoints {
    /// How many.
    pub points: usize,
    /// Replicas of each, at most.
    pub replicas: u64,
    /// Standard error at which they end, where one is asked for.
    pub target_stderr: Option<f64>,
}

pub(super) fn cost(experiment: &Selected) -> Result<Cost> {
    let plan = experiment.plan().map_err(|error| failure(experiment, error))?;
    let mut groups: Vec<SamePoints> = Vec::new();
    for point in plan.points() {
        let (replicas, target_stderr) = (point.budget.at_most(), point.budget.target_stderr());
        let same = |group: &&mut SamePoints| group.replicas == replicas && group.target_stderr == target_stderr;
        match groups.iter_mut().find(same) {
            Some(group) => group.points += 1,
            None => groups.push(SamePoints { points: 1, replicas, target_stderr }),
        }
    }
    Ok(Cost {
        points: plan.points().len(),
        replicas: plan.points().iter().map(|point| point.budget.at_most()).sum(),
        blocks: plan.blocks(),
        seconds: plan.work() as f64 * 1e-9,
        rough: plan.points().iter().any(|point| point.guessed),
        groups,
    })
}

impl Cost {
    /// In sentences.
    pub fn sentences(&self) -> Vec<String> {
        if self.points == 0 {
            return vec!["Theory alone: nothing is simulated, so it cannot be cut into shards.".to_owned()];
        }
        let most = if self.groups.iter().any(|group| group.target_stderr.is_some()) { "at most " } else { "" };
        let rough = if self.rough { ", right to a factor of a few" } else { "" };
        let group = |group: &SamePoints| {
            let SamePoints { points, replicas, target_stderr } = group;
            let (one, each) = (plural(*points as u64, "point"), if *points == 1 { "" } else { " each" });
            match target_stderr {
                Some(target) => {
                    format!("{one} of {} at most, until the standard error is {target:e}", plural(*replicas, "replica"))
                }
                None => format!("{one} of {}{each}", plural(*replicas, "replica")),
            }
        };
        let groups: Vec<String> = self.groups.iter().map(group).collect();
        let time = format!("{most}some {} of one core{rough}", duration(self.seconds));
        let blocks = plural(self.blocks, "block");
        vec![
            format!("Simulated: {}.", groups.join(", ")),
            format!("Estimated time of what is simulated: {time}. It can be cut into shards, {blocks} in all."),
        ]
    }
}

pub(in crate::driver) fn plural(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Seconds to two digits, in the unit that fits.
pub fn duration(seconds: f64) -> String {
    if seconds == 0.0 {
        return "0 s".to_owned();
    }
    let (number, unit) = match seconds {
        s if s < 1.0 => (s * 1e3, "ms"),
        s if s < 600.0 => (s, "s"),
        s if s < 36_000.0 => (s / 60.0, "min"),
        s => (s / 3600.0, "h"),
    };
    match number {
        n if n < 0.095 => format!("{n:.1e} {unit}"),
        n if n < 0.95 => format!("{n:.2} {unit}"),
        n if n < 9.5 => format!("{n:.1} {unit}"),
        n if n < 99.5 => format!("{n:.0} {unit}"),
        n => format!("{:.0} {unit}", (n / 10.0).round() * 10.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_two_digits() {
        for (seconds, text) in [
            (0.0, "0 s"),
            (1e-5, "1.0e-2 ms"),
            (0.0123, "12 ms"),
            (0.999, "1000 ms"),
            (1.04, "1.0 s"),
            (451.0, "450 s"),
            (7000.0, "120 min"),
            (1e6, "280 h"),
        ] {
            assert_eq!(duration(seconds), text);
        }
    }

    #[test]
    fn theory_alone_costs_nothing_to_simulate() {
        let cost = Cost { points: 0, replicas: 0, blocks: 0, seconds: 0.0, rough: false, groups: Vec::new() };
        assert_eq!(cost.sentences().len(), 1);
        let groups = vec![
            SamePoints { points: 2, replicas: 40, target_stderr: None },
            SamePoints { points: 1, replicas: 5000, target_stderr: Some(1e-3) },
        ];
        let [what, time] =
            &Cost { points: 3, replicas: 5080, blocks: 81, seconds: 3.0, rough: true, groups }.sentences()[..]
        else {
            panic!("two sentences");
        };
        assert_eq!(
            what,
            "Simulated: 2 points of 40 replicas each, 1 point of 5000 replicas at most, until the standard error is 1e-3."
        );
        assert!(time.contains("at most some 3.0 s of one core, right to a factor of a few. It can be cut"), "{time}");
    }
}

//! Calibration over many seeds.

use super::{SMALL, neurodyn, project, write};
use serde_json::Value;

const CONE: &str = r#"experiment = "singular_cone"
family = "singular"
title = "Theory alone"
seed = 12
values = 1

[parameters.landscape]
teacher_v = 1.0
teacher_w = 1.5
v = [-1.0, 1.0]
w = [-1.0, 1.0]

[parameters.cone]
length = 2.0
v = [-0.5, 0.5]
rays = 8
points = 9
"#;

#[test]
fn what_cannot_be_calibrated_does_not_stop_the_others() {
    let folder = project();
    let root = folder.path();
    write(root, "experiments/cone.toml", CONE);
    let huge = SMALL.replace("width = 200", "width = 1_000_000_000_000").replace("seed = 11", "seed = 13");
    write(root, "experiments/huge.toml", &format!("experiment = \"activity_convergence\"\n{huge}"));
    let all = neurodyn(root, &["calibrate", "cone", "huge", "small", "--seeds", "30", "--json"]);
    assert_eq!(all.code, 1, "{}", all.err);
    assert!(all.err.contains("1 of 3 experiments are not calibrated"), "{}", all.err);
    let found: Vec<Value> = serde_json::from_str(&all.out).expect("JSON");
    let said =
        |i: usize| (found[i]["experiment"].as_str(), found[i]["outcome"].as_str(), found[i]["failures"].to_string());
    assert_eq!(said(2), (Some("small"), Some("fine"), "[]".to_owned()));
    assert_eq!(found[2]["seeds"], 30);
    let (id, outcome, why) = said(1);
    assert_eq!((id, outcome), (Some("huge"), Some("refused")));
    assert!(why.contains("huge.toml") && why.contains("1000 hours"), "{why}");
    let (id, outcome, why) = said(0);
    assert_eq!((id, outcome), (Some("cone"), Some("fine")));
    assert!(why.contains("no Monte Carlo beside theory"), "{why}");
    let text = neurodyn(root, &["calibrate", "cone", "small", "--seeds", "30"]);
    assert_eq!(text.code, 0, "{}", text.err);
    assert!(
        text.out.contains("cone: nothing to calibrate: ") && text.out.contains("small: 30 seeds from 1"),
        "{}",
        text.out
    );
    // alone, it is the command that cannot be done
    let alone = neurodyn(root, &["calibrate", "cone", "--seeds", "30"]);
    assert_eq!(alone.code, 2, "{}", alone.err);
}

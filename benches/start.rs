//! How soon the program answers: medians and worst of 30 starts, process and all. The last two need a project that was run once.

use std::process::{Command, Stdio};
use std::time::Instant;

fn main() {
    let theory = |activation| {
        format!("theory --activation {activation} --sigma-w 2.5 --sigma-b 0.3 --depth 10 --correlation 0.5")
    };
    let commands = ["--version".to_owned(), theory("tanh"), theory("erf_sqrt2"), theory("softplus"), theory("gelu")];
    println!("milliseconds: median, worst");
    for command in commands.into_iter().chain(["list".to_owned(), "run --changed".to_owned()]) {
        let mut times: Vec<f64> = (0..30).map(|_| start(&command)).collect();
        times.sort_by(f64::total_cmp);
        println!("{:6.1} {:6.1}   neurodyn {command}", times[15], times[29]);
    }
}

/// Milliseconds of one run.
fn start(command: &str) -> f64 {
    let clock = Instant::now();
    let status = Command::new(env!("CARGO_BIN_EXE_neurodyn"))
        .args(command.split(' '))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.expect("it runs");
    1e3 * clock.elapsed().as_secs_f64()
}

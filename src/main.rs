//! The `neurodyn` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(neurodyn::cli::main(std::env::args_os()))
}

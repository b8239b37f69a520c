//! The `neurodyn` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    neurodyn::cli::main()
}

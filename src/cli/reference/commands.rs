//! The page about the commands: the help of each as it prints it.

use crate::cli::{help, interrupt};
use crate::driver::wrapped;
use clap::Command;

/// Exit codes and what they mean.
fn exit_codes() -> [(u8, &'static str); 5] {
    [
        (0, "fine; a first run, without golden data, too"),
        (1, "a check failed: numbers, figures or statistics are not what they should be"),
        (2, "bad input or usage; one line says where and what is allowed, and nothing is half-written"),
        (101, "a bug of the program"),
        (interrupt::CODE, "interrupted; what was finished before is complete, the rest is untouched"),
    ]
}

/// The page, as Markdown.
pub(super) fn page() -> String {
    let mut page = "# Commands\n\nThe help of every command, as `--help` prints it, long lines folded. What other programs are to read goes to standard output, \
                    everything else to standard error.\n\n## Exit codes\n\n| code | meaning |\n|---|---|\n"
        .to_owned();
    for (code, meaning) in exit_codes() {
        page.push_str(&format!("| {code} | {meaning} |\n"));
    }
    let mut program = help::command();
    program.build();
    section(&program, &mut page);
    page
}

/// The help of a command and of those below it, each with a heading of its own.
fn section(command: &Command, page: &mut String) {
    // in full, such as `neurodyn shard plan`
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let help = command.clone().render_long_help().to_string();
    page.push_str(&format!("\n## {name}\n\n```text\n{}```\n", folded(&help)));
    for below in command.get_subcommands() {
        // `help` says what stands here
        if !below.is_hide_set() && below.get_name() != "help" {
            section(below, page);
        }
    }
}

/// Long lines in several, those of lists of commands and options below their second column.
fn folded(help: &str) -> String {
    help.trim_end().lines().fold(String::new(), |text, line| {
        let rest = line.trim_start();
        let margin = line.len() - rest.len();
        let column = rest.find("  ").map_or(0, |gap| gap + rest[gap..].len() - rest[gap..].trim_start().len());
        let (head, rest) = line.split_at(margin + column);
        text + &wrapped(head, head.chars().count(), rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_go_on_below_their_second_column() {
        let text = folded(&format!("Usage: x\n\n  run   {}\n", "word ".repeat(30)));
        assert!(text.starts_with("Usage: x\n\n  run   word word"), "{text}");
        assert!(text.lines().nth(3).is_some_and(|line| line.starts_with("        word")), "{text}");
        let short = "      --jobs <N>\n          Number of threads\n";
        assert_eq!(folded(short), short);
    }

    #[test]
    fn every_command_has_its_help() {
        let page = page();
        for heading in ["## neurodyn\n", "## neurodyn run\n", "## neurodyn shard plan\n"] {
            assert_eq!(page.matches(heading).count(), 1, "{heading}");
        }
        assert!(page.contains("Usage: neurodyn shard plan") && !page.contains("## neurodyn help"));
    }
}

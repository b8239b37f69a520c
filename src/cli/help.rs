//! The help as it is printed: commands in groups, examples, no flags without an effect; and the nearest command to one that there is not.

use super::Arguments;
use crate::nearest::nearest;
use clap::builder::{StyledStr, Styles};
use clap::error::{ContextKind, ContextValue};
use clap::{Command, CommandFactory, FromArgMatches};
use std::ffi::OsString;
use std::fmt::Write;
use std::io::IsTerminal;

/// A heading stands before the first command of its group; the others follow in the order of their declarations.
const GROUPS: [(&str, &str); 4] = [
    ("run", "Experiments"),
    ("cite", "Figures and what they rest on"),
    ("theory", "One network, without an experiment"),
    ("schema", "The program itself"),
];

/// Flags of all commands that have no effect on some, and are not shown there.
const WITHOUT_EFFECT: [(&str, &[&str]); 23] = [
    ("new", &["jobs", "quiet", "golden"]),
    ("list", &["jobs"]),
    ("show", &["jobs"]),
    ("shard plan", &["jobs", "golden"]),
    ("shard run", &["golden"]),
    ("shard status", &["jobs", "root", "golden"]),
    ("shard script", &["jobs", "golden"]),
    ("cite", &["jobs"]),
    ("data", &["jobs", "golden"]),
    ("report", &["jobs"]),
    ("verify", &["golden"]),
    ("calibrate", &["golden"]),
    ("theory", &["jobs", "root", "golden"]),
    ("init", &["jobs", "root", "golden"]),
    ("sample", &["root", "golden"]),
    ("kernel", &["root", "golden"]),
    ("measure", &["root", "golden"]),
    ("two-unit", &["jobs", "root", "golden"]),
    ("schema", &["jobs", "root", "golden"]),
    ("doctor", &["quiet"]),
    ("completions", &["jobs", "quiet", "root", "golden"]),
    ("man", &["jobs", "quiet", "root", "golden"]),
    ("reference", &["jobs"]),
];

/// Columns of help that goes to no terminal, and most on one.
const COLUMNS: usize = 100;

/// The commands, as their help shows them.
pub(super) fn command() -> Command {
    dressed().term_width(COLUMNS)
}

/// What was asked for on the command line.
pub(super) fn arguments(words: &[OsString]) -> Result<Arguments, clap::Error> {
    let command = if std::io::stdout().is_terminal() { dressed().max_term_width(COLUMNS) } else { command() };
    let known = command.clone();
    let found =
        command.try_get_matches_from(words).and_then(|mut matches| Arguments::from_arg_matches_mut(&mut matches));
    found.map_err(|error| with_nearest(error, words, &known))
}

fn dressed() -> Command {
    let command = Arguments::command();
    let globals: Vec<clap::Arg> = command.get_arguments().filter(|arg| arg.is_global_set()).cloned().collect();
    let hidden = |path: &str| {
        let found = WITHOUT_EFFECT.iter().find(|(command, _)| *command == path);
        let names = found.map_or(&[][..], |(_, names)| names);
        globals.iter().filter(|arg| names.contains(&arg.get_id().as_str())).map(|arg| arg.clone().hide(true)).collect()
    };
    let styles = command.get_styles().clone();
    let command = each(command, "", &|command, path| {
        let arguments: Vec<clap::Arg> = hidden(path);
        let command = command.args(arguments);
        match command.get_after_help().map(ToString::to_string) {
            Some(text) => command.after_help(styled(&text, &styles)),
            None => command,
        }
    });
    let groups = groups(&command, &styles);
    let (on, off) = (styles.get_header().render(), styles.get_header().render_reset());
    command.help_template(format!(
        "{{about-with-newline}}\n{{usage-heading}} {{usage}}\n\n{groups}{on}Options:{off}\n{{options}}{{after-help}}"
    ))
}

/// The command and all below it, changed; they are named by their path, such as `shard run`.
fn each(command: Command, path: &str, change: &impl Fn(Command, &str) -> Command) -> Command {
    change(command, path).mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        each(below, path.trim_start(), change)
    })
}

/// Its headings as clap writes its own.
fn styled(text: &str, styles: &Styles) -> StyledStr {
    let header = styles.get_header();
    let mut styled = StyledStr::new();
    for (number, line) in text.lines().enumerate() {
        let end = if number == 0 { "" } else { "\n" };
        let _ = match line {
            "Example:" | "Examples:" => write!(styled, "{end}{header}{line}{header:#}"),
            line => write!(styled, "{end}{line}"),
        };
    }
    styled
}

/// The commands, a line each, below the headings of their groups.
fn groups(command: &Command, styles: &Styles) -> String {
    let shown = || command.get_subcommands().filter(|command| !command.is_hide_set());
    let help = ("help", "Print this message or the help of the given subcommand(s)".to_owned());
    let about = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut text = String::new();
    let width = shown().map(|command| command.get_name().len()).max().unwrap_or_default();
    let (header, literal) = (styles.get_header(), styles.get_literal());
    let mut end = "";
    for (name, about) in shown().map(|command| (command.get_name(), about(command))).chain([help]) {
        if let Some((_, heading)) = GROUPS.iter().find(|(first, _)| *first == name) {
            text.push_str(&format!("{end}{header}{heading}:{header:#}\n"));
            end = "\n";
        }
        text.push_str(&format!("  {literal}{name}{literal:#}{:gap$}  {about}\n", "", gap = width - name.len()));
    }
    text + "\n"
}

/// The error with the command that is meant, where clap has found none.
fn with_nearest(mut error: clap::Error, words: &[OsString], command: &Command) -> clap::Error {
    let Some(ContextValue::String(given)) = error.get(ContextKind::InvalidSubcommand).cloned() else { return error };
    let at = words.iter().skip(1).fold(command, |command, word| command.find_subcommand(word).unwrap_or(command));
    let near = nearest(&given, at.get_subcommands().map(Command::get_name));
    if let (Some(near), None) = (near, error.get(ContextKind::SuggestedSubcommand)) {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(vec![near.to_owned()]));
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(command: &Command, path: &str, found: &mut Vec<String>) {
        for below in command.get_subcommands() {
            let path = format!("{path} {}", below.get_name()).trim_start().to_owned();
            paths(below, &path, found);
            found.push(path);
        }
    }

    #[test]
    fn the_tables_name_commands_and_flags_that_there_are() {
        let command = Arguments::command();
        let mut known = Vec::new();
        paths(&command, "", &mut known);
        for name in GROUPS.iter().map(|(name, _)| name).chain(WITHOUT_EFFECT.iter().map(|(name, _)| name)) {
            assert!(known.iter().any(|path| path == name), "{name}");
        }
        for flag in WITHOUT_EFFECT.iter().flat_map(|(_, flags)| *flags) {
            assert!(command.get_arguments().any(|arg| arg.get_id() == flag && arg.is_global_set()), "{flag}");
        }
        let first = command.get_subcommands().next().map(Command::get_name);
        assert_eq!(first, Some(GROUPS[0].0), "no command stands before the first heading");
    }

    #[test]
    fn clap_finds_nothing_wrong() {
        command().debug_assert();
    }
}

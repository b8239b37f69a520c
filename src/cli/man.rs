//! `neurodyn man`: manual pages, from the same declarations as the help.

use super::{help, print, progress};
use crate::driver::{self, Outcome};
use crate::nearest::instead;
use anyhow::{Result, anyhow};
use clap::{Command, ValueHint};
use clap_mangen::Man as Page;
use clap_mangen::roff::{Roff, roman};
use std::path::PathBuf;

#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  neurodyn man run > neurodyn-run.1
  neurodyn man --out share/man/man1

A page is read with: man ./neurodyn-run.1")]
pub(super) struct Man {
    /// Command, such as run or shard merge (default: the program)
    #[arg(conflicts_with = "out")]
    command: Vec<String>,
    /// Write all pages to this folder instead: neurodyn.1, neurodyn-run.1, ...
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath)]
    out: Option<PathBuf>,
}

impl Man {
    pub(super) fn act(&self) -> Result<Outcome> {
        // its page would say what every page says
        let mut top = help::command().disable_help_subcommand(true);
        top.build();
        let Some(folder) = &self.out else { return print(&page(self.asked(&top)?)?) };
        let mut pages = Vec::new();
        collect(&top, &mut pages)?;
        let paths = driver::write_files(folder, &pages)?;
        progress::say(&format!("{}: {} manual pages", folder.display(), paths.len()));
        Ok(Outcome::Fine)
    }

    fn asked<'a>(&self, top: &'a Command) -> Result<&'a Command> {
        let mut command = top;
        for word in &self.command {
            let known: Vec<&str> = shown(command).map(Command::get_name).collect();
            let below = shown(command).find(|below| below.get_name() == word);
            command = below.ok_or_else(|| anyhow!("no command is called {word:?}{}", instead(word, &known)))?;
        }
        Ok(command)
    }
}

fn shown(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|command| !command.is_hide_set())
}

fn collect(command: &Command, pages: &mut Vec<(PathBuf, Vec<u8>)>) -> Result<()> {
    let name = Page::new(command.clone()).get_filename();
    pages.push((name.into(), page(command)?.into_bytes()));
    shown(command).try_for_each(|below| collect(below, pages))
}

/// One page: examples have a section, and keep their lines.
fn page(command: &Command) -> Result<String> {
    let page = Page::new(command.clone()).source(format!("neurodyn {}", env!("CARGO_PKG_VERSION")));
    let mut text = Vec::new();
    page.render_title(&mut text)?;
    page.render_name_section(&mut text)?;
    page.render_synopsis_section(&mut text)?;
    page.render_description_section(&mut text)?;
    page.render_options_section(&mut text)?;
    if shown(command).next().is_some() {
        page.render_subcommands_section(&mut text)?;
    }
    if let Some(more) = command.get_after_help() {
        after(&more.to_string()).to_writer(&mut text)?;
    }
    Ok(String::from_utf8(text)?)
}

/// What stands below the options of the help: lines that are indented are examples.
fn after(text: &str) -> Roff {
    let mut roff = Roff::new();
    let mut example = false;
    let mut heading = "NOTES";
    for line in text.lines() {
        if matches!(line, "Example:" | "Examples:") {
            heading = "EXAMPLES";
            continue;
        }
        if line.is_empty() {
            continue;
        }
        if !heading.is_empty() {
            roff.control("SH", [heading]);
            heading = "";
        }
        let indented = line.starts_with(' ');
        if indented != example {
            roff.control(if indented { "nf" } else { "fi" }, []);
            example = indented;
        }
        if !indented {
            roff.control("PP", []);
        }
        roff.text([roman(line)]);
    }
    if example {
        roff.control("fi", []);
    }
    roff
}

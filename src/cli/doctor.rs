//! `neurodyn doctor`: what is there and what is missing.

use super::plain::one_line;
use super::{Common, print, project};
use crate::driver::{self, Health, Outcome, State, Tool};
use anyhow::Result;

#[derive(clap::Args)]
#[command(after_help = "\
Example:
  neurodyn doctor

Figures and numbers need nothing but neurodyn. What is missing is no failure: the exit code is 0. Nothing is written")]
pub(super) struct Doctor {
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Most lines about one kind of trouble.
const MOST: usize = 10;

impl Doctor {
    pub(super) fn print(&self, common: &Common) -> Result<Outcome> {
        let health = driver::examine(project(common, &[]));
        if self.json {
            return print(&format!("{}\n", serde_json::to_string_pretty(&health)?));
        }
        print(&text(&health))
    }
}

fn text(health: &Health) -> String {
    let program = &health.program;
    let ends = if program.threads == 1 { "" } else { "s" };
    let mut lines = vec![
        format!("neurodyn {}: {} instructions, {} thread{ends}", program.version, program.simd, program.threads),
        "figures, numbers, data, report: nothing else is needed".to_owned(),
    ];
    let mut part = "";
    for tool in &health.tools {
        if tool.part != part {
            part = tool.part;
            lines.push(format!("{part}:"));
        }
        lines.push(line(tool));
    }
    lines.extend(health.project.as_ref().map_or_else(Vec::new, about));
    if let Some(reason) = &health.no_project {
        lines.push(format!("project: none: {}", one_line(reason)));
        lines.push("  to begin one here: neurodyn new NAME --from FIGURE.svg".to_owned());
    }
    lines.join("\n") + "\n"
}

fn line(tool: &Tool) -> String {
    let state = match (tool.found, &tool.version) {
        (true, Some(version)) => one_line(version),
        (true, None) => "there".to_owned(),
        (false, _) => "MISSING".to_owned(),
    };
    let get = if tool.found { String::new() } else { format!("; to get it: {}", tool.get) };
    format!("  {:<22} {:<24} {}{get}", tool.name, state, tool.purpose)
}

fn about(state: &State) -> Vec<String> {
    let of = state.experiments;
    let mut lines = vec![
        format!("project: {}", one_line(&state.root)),
        format!("  {of} experiments, {} with fresh figures", state.fresh),
        format!("  golden data of {} of {of} in {}", state.with_golden, one_line(&state.golden)),
        format!("  results of {} of {of} in {}", state.with_results, one_line(&state.results)),
    ];
    for (what, list) in [("cannot be used", &state.faults), ("not fresh", &state.not_fresh)] {
        lines.extend(list.iter().take(MOST).map(|text| {
            let first = text.lines().next().unwrap_or_default();
            format!("  {what}: {}", one_line(first))
        }));
        if list.len() > MOST {
            lines.push(format!("  {what}: {} more; neurodyn list has all", list.len() - MOST));
        }
    }
    lines
}

//! The page of one experiment.

use super::markdown::{code, table, text};
use super::{ACTIVATIONS, TO_ROOT};
use crate::driver::citation::Citation;
use crate::driver::describe::{Described, DescribedTable, Parameter, plural};
use crate::driver::{Project, Selected};
use anyhow::Result;

/// The page, as Markdown. A parameter that takes just these words, the activations, says so with a link.
pub(super) fn page(
    project: &Project,
    experiment: &Selected,
    described: &Described,
    activations: &[&str],
) -> Result<String> {
    let Described { id, family, title, seed, values, file, .. } = described;
    let of = if described.module == id { String::new() } else { format!(", a variant of {}", link(described.module)) };
    let mut page = format!(
        "# {title}\n\n`{id}`{of}; family [{family}](index.md#{family}), seed {seed}, values {values}, file \
         [`{file}`]({TO_ROOT}{file})\n",
        title = text(title),
    );
    for paragraph in std::iter::once(&described.summary).chain(&described.about).filter(|text| !text.is_empty()) {
        page.push_str(&format!("\n{}\n", text(paragraph)));
    }
    page.push_str("\n## Figures\n");
    for figure in &described.figures {
        let (title, path, caption) = (text(&figure.title), &figure.path, text(&figure.caption));
        page.push_str(&format!("\n![{title}]({TO_ROOT}{path})\n\n**{title}** (`{}`). {caption}\n", figure.name));
    }
    page.push_str("\n## Parameters\n\nNames are those below `parameters` of the file.\n\n");
    let rows = described.parameters.iter().map(|parameter| row(parameter, activations));
    page.push_str(&table(&["parameter", "in the file", "meaning"], rows));
    page.push_str(&commands(described));
    page.push_str(&tables(described));
    page.push_str(&judgement(described));
    page.push_str(&numbers(described));
    page.push_str(&format!("\n## Cost\n\n{}\n", described.cost.sentences().join(" ")));
    if described.cost.points > 0 {
        page.push_str(&format!("`neurodyn shard plan {id} --shards 4` says what each shard would take.\n"));
    }
    page.push_str(&citation(project, experiment, described)?);
    Ok(page)
}

fn link(id: &str) -> String {
    format!("[`{id}`]({id}.md)")
}

fn row(parameter: &Parameter, activations: &[&str]) -> Vec<String> {
    let Parameter { name, values, words, .. } = parameter;
    let value = if values.is_empty() { String::new() } else { code(&parameter.value()) };
    let meaning = match words {
        Some(words) if words == activations => {
            format!("{} Allowed: the [activations]({ACTIVATIONS}).", text(&parameter.explained("")))
        }
        _ => text(&parameter.explained(&parameter.allowed)),
    };
    vec![code(name), value, meaning.trim_start().to_owned()]
}

fn commands(described: &Described) -> String {
    let setting = match described.setting {
        Some(_) => ", the second is a quick look with another value, not to be cited",
        None => "",
    };
    format!(
        "\n## To run and to vary it\n\n```sh\n{}\n```\n\nThe first command computes it, checks its numbers and draws its figures{setting}. \
         The last one writes `experiments/my_{}.toml`, a variant to be changed at will.\n",
        described.commands().join("\n"),
        described.id
    )
}

fn tables(described: &Described) -> String {
    let mut part = "\n## Tables\n".to_owned();
    if described.tables.is_empty() {
        part.push_str(&format!("\n{}\n", text(&described.without_tables())));
    }
    for DescribedTable { name, rows, figures, columns } in &described.tables {
        let figures: Vec<String> = figures.iter().map(|figure| code(figure)).collect();
        let drawn = if figures.is_empty() { String::new() } else { format!(", drawn in {}", figures.join(", ")) };
        part.push_str(&format!("\n### `{name}`\n\n{}{drawn}.\n\n", plural(*rows as u64, "row")));
        let rows = columns.iter().map(|column| vec![code(&column.name), text(&column.explained())]);
        part.push_str(&table(&["column", "what it holds"], rows));
    }
    part
}

fn judgement(described: &Described) -> String {
    let mut part = "\n## Judged against theory\n\n".to_owned();
    if described.judged.is_empty() {
        part.push_str("Nothing is judged.\n");
    } else {
        let judged: Vec<String> = described.judged.iter().map(|quantity| code(quantity)).collect();
        part.push_str(&format!("Every cell of {}.\n", judged.join(", ")));
    }
    if !described.not_judged.is_empty() {
        part.push_str("\nMeasured, but not judged:\n\n");
    }
    for unjudged in &described.not_judged {
        part.push_str(&format!("* {}: {}\n", code(unjudged.quantity), text(unjudged.reason)));
    }
    if let Some(reason) = described.no_control {
        part.push_str(&format!("\nThere is no negative control: {}.\n", text(reason)));
    }
    part
}

fn numbers(described: &Described) -> String {
    if described.numbers.is_empty() {
        return String::new();
    }
    let rows = described.numbers.iter().map(|number| {
        let value = number.value.clone().unwrap_or_else(|| "no golden data yet".to_owned());
        vec![code(&number.name), value, number.error.clone().unwrap_or_default(), text(&number.cell)]
    });
    format!(
        "\n## Numbers for texts\n\nIn LaTeX `\\nd{{NAME}}`, after `\\input{{numbers}}`.\n\n{}",
        table(&["name", "value", "standard error", "cell"], rows)
    )
}

fn citation(project: &Project, experiment: &Selected, described: &Described) -> Result<String> {
    let mut part = "\n## To cite it\n\n".to_owned();
    let Some(digest) = project.golden_digest(&described.id)? else {
        return Ok(part + "It has no golden data yet, so there is nothing to cite.\n");
    };
    let version = env!("CARGO_PKG_VERSION");
    for figure in &described.figures {
        let sentence = Citation::new(&experiment.document, &figure.name, &digest, version).sentence();
        part.push_str(&format!("`neurodyn cite {}`: {}\n\n", figure.name, text(&sentence)));
    }
    part.truncate(part.trim_end().len());
    Ok(part + "\n")
}

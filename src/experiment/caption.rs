//! The sentence about parameters that ends the description of every figure, from the experiment file itself.

use crate::config::{Document, Written};

/// Longest list that is written out; of a longer one the ends are.
const WRITTEN_OUT: usize = 8;

/// What the networks of an experiment are, in one sentence: activation, scales, widths, depths, inputs and how many there are; then the same for each of
/// its sections. Empty where its file says nothing of these.
pub(super) fn parameters(document: &Document) -> String {
    let runs = if document.header.family == "singular" { "runs" } else { "networks" };
    let Written::Table(entries) = document.written() else { return String::new() };
    let mut parts = Vec::new();
    let all = phrases(&entries, runs);
    if !all.is_empty() {
        parts.push(all.join(", "));
    }
    for (name, value) in &entries {
        let below = if let Written::List(list) = value { list.as_slice() } else { std::slice::from_ref(value) };
        let sections: Vec<String> = below
            .iter()
            .filter_map(
                |one| if let Written::Table(below) = one { Some(phrases(below, runs).join(", ")) } else { None },
            )
            .filter(|section| !section.is_empty())
            .collect();
        if !sections.is_empty() {
            parts.push(format!("{}: {}", name.replace('_', " "), sections.join(" and ")));
        }
    }
    if parts.is_empty() { String::new() } else { format!("Parameters: {}.", parts.join("; ")) }
}

/// What is said of the values of one table.
fn phrases(entries: &[(String, Written)], runs: &str) -> Vec<String> {
    entries.iter().filter_map(|(name, value)| phrase(name, value, runs)).collect()
}

fn phrase(name: &str, value: &Written, runs: &str) -> Option<String> {
    let values = said(value)?;
    Some(match name {
        "activation" | "activations" | "phi" => values,
        "sigma_w" | "sigma_b" | "gain" => format!("{name} = {values}"),
        "gains" => format!("gain = {values}"),
        "ordered" | "critical" | "chaotic" => format!("sigma_w = {values} ({name})"),
        "width" | "widths" => format!("n = {values}"),
        "depth" | "layers" => format!("{values} layers"),
        "depths" => format!("depths {values}"),
        "keep" => format!("keep probability {values}"),
        "inputs" | "points" => format!("{values} {name}"),
        "replicas" => match value.get("target_stderr") {
            Some(error) => format!("{runs} to a standard error of {error}"),
            None => format!("{values} {runs}"),
        },
        _ => return None,
    })
}

/// A value in words; nothing where it is a table that is no grid.
fn said(value: &Written) -> Option<String> {
    match value {
        Written::Scalar(text) => Some(number(text)),
        Written::List(list) => {
            let values: Vec<String> = list.iter().map(said).collect::<Option<_>>()?;
            match &values[..] {
                [] => None,
                [first, .., last] if values.len() > WRITTEN_OUT => Some(format!("{first} to {last}")),
                _ => Some(values.join(", ")),
            }
        }
        Written::Table(_) => match (value.get("from"), value.get("to")) {
            (Some(from), Some(to)) => Some(format!("{} to {}", said(from)?, said(to)?)),
            _ => value.get("target_stderr").map(|error| error.to_string()),
        },
    }
}

/// A number with the digits that a reader needs; other words as they are, without their quotes.
fn number(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if text.len() > 7 && value.abs() < 1e4 => {
            format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Ok(_) => text.strip_suffix(".0").unwrap_or(text).to_owned(),
        Err(_) => text.trim_matches('"').to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(parameters: &str) -> String {
        let head = "family = \"distance\"\ntitle = \"t\"\nseed = 1\nvalues = 1\n";
        let text = format!("experiment = \"distance_phase\"\n{head}{parameters}");
        super::parameters(&Document::parse("x.toml".as_ref(), text).expect("a document"))
    }

    #[test]
    fn a_sentence_says_what_the_networks_are() {
        let text = "[parameters]\nactivation = \"tanh\"\nsigma_w = { from = 1.0, to = 5.0, count = 41 }\nsigma_b = 0.3\nbins = 3\n\n[parameters.across]\n\
                    sigma_w = [1.7320508075688772, 2.5]\nwidth = 4000\ndepth = 80\nreplicas = 60\n";
        let said = "Parameters: tanh, sigma_w = 1 to 5, sigma_b = 0.3; across: sigma_w = 1.7321, 2.5, n = 4000, 80 layers, 60 networks.";
        assert_eq!(of(text), said);
        assert_eq!(of("[parameters]\nbins = 3\n"), "");
        assert!(
            of("[parameters]\nreplicas = { target_stderr = 1e-4, at_most = 5000 }\n")
                .contains("networks to a standard error of 1e-4")
        );
    }
}

//! The sentence about parameters that ends the description of a figure, filled in from the experiment file.

use neurodyn_config::{Document, Written};
use neurodyn_model::Activation;

/// Longest list that is written out; of a longer one that rises or falls the ends are.
const WRITTEN_OUT: usize = 8;

/// Parameters that are activation functions: their formulas stand for their names.
const ACTIVATIONS: [&str; 3] = ["activation", "activations", "phi"];

/// What a figure is of, by its own sentence ([`filled`]); without one, what the file says of all networks of the experiment.
pub(super) fn parameters(document: &Document, sentence: Option<&str>) -> String {
    let said = match sentence {
        Some(sentence) => filled(sentence, &document.written()),
        None => listed(document),
    };
    if said.is_empty() { String::new() } else { format!("Parameters: {said}.") }
}

/// A sentence ([`Figure::setting`](neurodyn_figure::Figure::setting)) with the values of the file.
fn filled(sentence: &str, file: &Written) -> String {
    let clauses = sentence.split("; ").filter_map(|clause| {
        let items: Vec<String> = clause.split(", ").filter_map(|item| with_values(item, file)).collect();
        (!items.is_empty()).then(|| items.join(", "))
    });
    clauses.collect::<Vec<_>>().join("; ")
}

fn with_values(item: &str, file: &Written) -> Option<String> {
    let (mut out, mut rest) = (String::new(), item);
    while let Some((before, after)) = rest.split_once('{') {
        let (place, tail) = after.split_once('}')?;
        let (path, noun) = place.split_once(' ').map_or((place, None), |(path, noun)| (path, Some(noun)));
        let name = path.rsplit('.').next().unwrap_or(path);
        let value = at(file, path)?;
        out.push_str(before);
        out.push_str(&match noun {
            Some(noun) => counted(&value, noun)?,
            None => said(name, &value)?,
        });
        rest = tail;
    }
    Some(out + rest)
}

/// The value at a path of names with dots between them; of a list of sections the values of all, each once.
fn at(table: &Written, path: &str) -> Option<Written> {
    let Some((name, below)) = path.split_once('.') else { return table.get(path).cloned() };
    let values = match table.get(name)? {
        Written::List(sections) => sections.iter().map(|section| at(section, below)).collect::<Option<Vec<_>>>()?,
        section => return at(section, below),
    };
    match &values[..] {
        [first, others @ ..] if others.iter().all(|other| other == first) => Some(first.clone()),
        _ => Some(Written::List(values)),
    }
}

/// So many of these, or as many as give a standard error.
fn counted(value: &Written, noun: &str) -> Option<String> {
    match value.get("target_stderr") {
        Some(Written::Scalar(error)) => Some(format!("{noun} to a standard error of {}", number(error))),
        _ => Some(format!("{} {noun}", said("", value)?)),
    }
}

/// A value in words; nothing where it is a table that is no grid.
fn said(name: &str, value: &Written) -> Option<String> {
    match value {
        Written::Scalar(text) if ACTIVATIONS.contains(&name) => Some(formula(text)),
        // what the data are called, without the folder and the format
        Written::Scalar(text) if name == "file" => {
            let file = text.trim_matches('"').rsplit('/').next()?;
            Some(file.split('.').next()?.replace(['_', '-'], " "))
        }
        Written::Scalar(text) => Some(number(text)),
        Written::List(list) if name == "rows" => {
            let ends: Vec<String> = list.iter().map(|value| inner(name, value)).collect::<Option<_>>()?;
            match &ends[..] {
                [from, to] => Some(format!("{from} to {to}")),
                [from, to, step] => Some(format!("{from} to {to} in steps of {step}")),
                _ => None,
            }
        }
        Written::List(list) => {
            let values: Vec<String> = list.iter().map(|value| inner(name, value)).collect::<Option<_>>()?;
            match &values[..] {
                [] => None,
                [first, .., last] if values.len() > WRITTEN_OUT && monotone(list) => Some(format!("{first} to {last}")),
                _ => Some(values.join(", ")),
            }
        }
        Written::Table(_) => {
            let end = |name| said("", value.get(name)?);
            Some(format!("{} to {}", end("from")?, end("to")?))
        }
    }
}

/// A value in a list: a list in brackets, unless it is of one value.
fn inner(name: &str, value: &Written) -> Option<String> {
    match value {
        Written::List(list) => {
            let values: Vec<String> = list.iter().map(|value| inner(name, value)).collect::<Option<_>>()?;
            if let [one] = &values[..] { Some(one.clone()) } else { Some(format!("({})", values.join(", "))) }
        }
        _ => said(name, value),
    }
}

/// Whether numbers rise, or fall, all the way.
fn monotone(list: &[Written]) -> bool {
    let number = |value: &Written| if let Written::Scalar(text) = value { text.parse::<f64>().ok() } else { None };
    let Some(numbers) = list.iter().map(number).collect::<Option<Vec<f64>>>() else { return false };
    numbers.is_sorted_by(|a, b| a < b) || numbers.is_sorted_by(|a, b| a > b)
}

/// An activation function as captions write it: its formula without the signs of its markup.
fn formula(name: &str) -> String {
    let name = name.trim_matches('"');
    let plain = |activation: Activation| {
        let markup = activation.label().replace("\\sqrt ", "√").replace("\\sqrt{\\pi}", "√pi");
        markup.replace(['$', '\\'], "")
    };
    name.parse().map_or_else(|_| name.to_owned(), plain)
}

/// A number with the digits that a reader needs; other words as they are, without their quotes.
fn number(text: &str) -> String {
    match text.parse::<f64>() {
        Ok(value) if text.len() > 7 && value.abs() < 1e4 && value.abs() > 1e-3 => {
            format!("{value:.4}").trim_end_matches('0').trim_end_matches('.').to_owned()
        }
        Ok(_) => text.strip_suffix(".0").unwrap_or(text).to_owned(),
        Err(_) => text.trim_matches('"').to_owned(),
    }
}

/// What the networks of an experiment are: activation, scales, widths, depths, inputs and how many there are; then the same for each of
/// its sections. Empty where its file says nothing of these.
fn listed(document: &Document) -> String {
    let Written::Table(entries) = document.written() else { return String::new() };
    let mut parts = Vec::new();
    let all = phrases(&entries);
    if !all.is_empty() {
        parts.push(all.join(", "));
    }
    for (name, value) in &entries {
        let below = if let Written::List(list) = value { list.as_slice() } else { std::slice::from_ref(value) };
        let sections: Vec<String> = below
            .iter()
            .filter_map(|one| if let Written::Table(below) = one { Some(phrases(below).join(", ")) } else { None })
            .filter(|section| !section.is_empty())
            .collect();
        if !sections.is_empty() {
            parts.push(format!("{}: {}", name.replace('_', " "), sections.join(" and ")));
        }
    }
    parts.join("; ")
}

/// What is said of the values of one table.
fn phrases(entries: &[(String, Written)]) -> Vec<String> {
    entries.iter().filter_map(|(name, value)| phrase(name, value)).collect()
}

fn phrase(name: &str, value: &Written) -> Option<String> {
    if name == "replicas" {
        return counted(value, "networks");
    }
    let values = said(name, value)?;
    Some(match name {
        _ if ACTIVATIONS.contains(&name) => format!("phi(u) = {values}"),
        "sigma_w" | "sigma_b" | "gain" => format!("{name} = {values}"),
        "gains" => format!("gain = {values}"),
        "ordered" | "critical" | "chaotic" => format!("sigma_w = {values} ({name})"),
        "width" | "widths" => format!("n = {values}"),
        "depth" | "layers" => format!("{values} layers"),
        "depths" => format!("depths {values}"),
        "keep" => format!("keep probability {values}"),
        "inputs" | "points" => format!("{values} {name}"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(parameters: &str) -> Document {
        let head = "family = \"distance\"\ntitle = \"t\"\nseed = 1\nvalues = 1\n";
        let text = format!("experiment = \"distance_phase\"\n{head}{parameters}");
        Document::parse("x.toml".as_ref(), text).expect("a document")
    }

    fn of(parameters: &str) -> String {
        super::parameters(&document(parameters), None)
    }

    #[test]
    fn a_list_says_what_the_networks_are() {
        let text = "[parameters]\nactivation = \"tanh\"\nsigma_w = { from = 1.0, to = 5.0, count = 41 }\nsigma_b = 0.3\nbins = 3\n\n[parameters.across]\n\
                    sigma_w = [1.7320508075688772, 2.5]\nwidth = 4000\ndepth = 80\nreplicas = 60\n";
        let said = "Parameters: phi(u) = tanh u, sigma_w = 1 to 5, sigma_b = 0.3; across: sigma_w = 1.7321, 2.5, n = 4000, 80 layers, 60 networks.";
        assert_eq!(of(text), said);
        assert_eq!(of("[parameters]\nbins = 3\n"), "");
        assert!(
            of("[parameters]\nreplicas = { target_stderr = 1e-4, at_most = 5000 }\n")
                .contains("networks to a standard error of 1e-4")
        );
    }

    #[test]
    fn a_sentence_is_filled_in() {
        let text = "[parameters]\nphi = \"erf_sqrt2\"\nweights = [[1.0, 0.5], [0.4, -0.9]]\nwidths = [1000, 10, 10, 10, 10, 10, 10, 10, 1000]\n\
                    replicas = { target_stderr = 1e-4 }\n[[parameters.cases]]\nwidth = 20\nteacher = { input = [[0.4], [2.0]] }\nlast = 2e4\n\
                    [[parameters.cases]]\nwidth = 50\nteacher = { input = [[1.5]] }\nlast = 2e4\n";
        let sentence = "phi(u) = {phi}; weights {weights}; widths {widths}, {replicas networks}; n = {cases.width}; teachers {cases.teacher.input}, up to \
                        {cases.last}; {missing}, n = {cases.missing}; {phi} only";
        let said = "Parameters: phi(u) = erf(u / √2); weights (1, 0.5), (0.4, -0.9); widths 1000, 10, 10, 10, 10, 10, 10, 10, 1000, networks to a standard \
                    error of 1e-4; n = 20, 50; teachers (0.4, 2), 1.5, up to 2e4; erf(u / √2) only.";
        assert_eq!(super::parameters(&document(text), Some(sentence)), said);
    }
}

//! The page about the JSON of `neurodyn init`.

/// Path, type and meaning of every field.
const FIELDS: [(&str, &str, &str); 49] = [
    ("activation", "text", "its name"),
    ("depth", "whole number", "number of layers `L`"),
    ("width", "whole number", "neurons a layer `n`"),
    (
        "critical.kind",
        "`line`, `point`, `none`",
        "what the critical networks of this activation are; at a `--sigma-b`, whether there are any",
    ),
    ("critical.sigma_w", "number or null", "weight scale of the choice; null where there is none"),
    ("critical.sigma_b", "number or null", "bias scale of the choice"),
    ("critical.q_star", "number or null", "fixed point `q*`; null where every `q` is one, too"),
    ("critical.chi_1", "number or null", "`sigma_w^2 E[phi'^2]` at `q*`"),
    ("critical.activity_slope", "number or null", "`sigma_w^2 E[phi'^2 + phi phi'']` at `q*`"),
    ("critical.reason", "text, optional", "why it is a point, or why there is none"),
    (
        "critical.line[].sigma_b",
        "number",
        "`line`, where the choice can move, has critical networks at some bias scales",
    ),
    ("critical.line[].sigma_w", "number", "weight scale there"),
    ("critical.line[].q_star", "number", "fixed point there"),
    ("critical.line[].activity_slope", "number", "slope of the activity map there"),
    ("signal", "object or null", "null where there is no choice, as are `gradient`, `one_network` and `code`"),
    ("signal.input_activity", "number", "`A^0`, as given, or by default `A*`, or 1 where that is 0 or any"),
    ("signal.activity_star", "number or null", "`A*`; null where every activity is one"),
    ("signal.activity", "number or null", "`A^L`; null where it overflows"),
    ("signal.law", "`kept`, `exponential`, `power`, `slow`", "how `|A^l - A*|` falls for inputs that come to `A*`"),
    ("signal.depth_scale", "number or null", "layers for a factor e, of an exponential law"),
    ("signal.exponent", "number or null", "power of `l`, of a power law"),
    ("signal.amplitude", "number or null", "what stands before the power"),
    (
        "signal.attracts_from",
        "`above`, `below` or null",
        "the only side from which `A*` attracts; null where it does from both",
    ),
    ("signal.goes_to", "object or null", "the fixed point that this input comes to; null where every activity is one"),
    ("signal.goes_to.activity", "number", "`A` there"),
    ("signal.goes_to.chi_1", "number", "`chi_1` there"),
    ("gradient", "object or null", "squared errors on their way back"),
    (
        "gradient.log10_ratio",
        "number or null",
        "`log10(qt^1 / qt^L)`: what is left of a squared gradient in the first layer",
    ),
    ("gradient.law", "as above", "how that ratio goes with `L` for inputs that come to `A*`"),
    ("gradient.depth_scale", "number or null", "as above"),
    ("gradient.exponent", "number or null", "as above"),
    ("gradient.amplitude", "number or null", "as above"),
    ("one_network", "object or null", "one network of this width, to first order in 1/n"),
    (
        "one_network.log_gradient_std",
        "number",
        "standard deviation over networks of the logarithm of the squared gradient in the first layer",
    ),
    ("one_network.width_for_gradient", "number", "width at which it is 0.1"),
    ("one_network.log_activity_std", "number", "standard deviation over networks of `ln A^L`"),
    ("one_network.width_for_activity", "number", "width at which it is 0.1"),
    (
        "frameworks[].name",
        "`pytorch`, `xavier`, `gain`, `he`, `lecun`",
        "initialisation of a framework, of square layers",
    ),
    ("frameworks[].about", "text", "what it is"),
    ("frameworks[].sigma_w", "number or null", "its weight scale; null where it has none for this activation"),
    ("frameworks[].sigma_b", "number or null", "its bias scale"),
    ("frameworks[].q_star", "number or null", "the fixed point that this input comes to"),
    ("frameworks[].chi_1", "number or null", "`chi_1` there"),
    (
        "frameworks[].gradient_depth_scale",
        "number or null",
        "`1 / ln chi_1` there, in layers: negative where gradients vanish; null at `chi_1` = 1",
    ),
    ("frameworks[].activity", "number or null", "`A^L`"),
    ("frameworks[].log10_gradient", "number or null", "`log10(qt^1 / qt^L)`"),
    ("frameworks[].reason", "text, optional", "why something is null"),
    ("code", "object or null", "lines to paste"),
    ("code.pytorch, code.flax, code.keras", "text", "a network of these layers in PyTorch, in Flax, in Keras"),
];

/// The page, as Markdown.
pub(super) fn page() -> String {
    let rows: String = FIELDS
        .iter()
        .map(|(path, kind, meaning)| format!("| `{path}` | {kind} | {} |\n", meaning.replace('|', "\\|")))
        .collect();
    format!(
        "# What init answers\n\nFields of the JSON that `neurodyn init --json` prints; `[]` stands for each item of a list. The numbers are those of \
         networks of infinite width, but for `one_network`. [Choose weight and bias scales](../how-to/initialise.md) shows how to use \
         them, [Critical networks](../explanation/critical.md) what they rest on.\n\n| field | holds | meaning |\n|---|---|---|\n{rows}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::init::answer;
    use crate::model::{Activation, BiasStd, Width};
    use crate::theory::initialisation::Request;
    use serde_json::Value;
    use std::collections::BTreeSet;

    fn paths(value: &Value, path: &str, found: &mut BTreeSet<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                    paths(value, &path, found);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| paths(item, &format!("{path}[]"), found)),
            _ => {
                found.insert(path.to_owned());
            }
        }
    }

    #[test]
    fn every_field_is_there_and_no_other() {
        let mut found = BTreeSet::new();
        for (activation, sigma_b) in
            [(Activation::Gelu, None), (Activation::Tanh, None), (Activation::Softplus, Some(0.3))]
        {
            let (width, sigma_b) = (Width::new(50).unwrap(), sigma_b.map(|x| BiasStd::new(x).unwrap()));
            let request = Request { activation, depth: 4, width, activity: None, sigma_b };
            paths(&serde_json::to_value(answer(&request).unwrap()).unwrap(), "", &mut found);
        }
        let relu = Request {
            activation: Activation::Relu,
            depth: 4,
            width: Width::new(50).unwrap(),
            activity: None,
            sigma_b: None,
        };
        paths(&serde_json::to_value(answer(&relu).unwrap()).unwrap(), "", &mut found);
        let said: BTreeSet<String> = FIELDS.iter().flat_map(|(path, ..)| path.split(", ").map(str::to_owned)).collect();
        assert_eq!(found, said);
    }
}

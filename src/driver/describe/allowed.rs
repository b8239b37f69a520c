//! What a schema allows, in words.

use serde_json::Value;

/// What may stand where this schema is for; empty where it says nothing.
pub(super) fn allowed(schema: &Value) -> String {
    if let Some(words) = words(schema) {
        let words: Vec<String> = words.iter().map(|word| format!("\"{word}\"")).collect();
        return one_of(&words);
    }
    for choice in ["anyOf", "oneOf"] {
        if let Some(choices) = schema[choice].as_array() {
            return choices.iter().map(alternative).collect::<Vec<_>>().join("; or ");
        }
    }
    match schema["type"].as_str() {
        Some("integer") => range(schema, "a whole number"),
        Some("number") => range(schema, "a number"),
        Some("array") => list(schema),
        Some("object") => table(schema),
        Some("boolean") => "true or false".to_owned(),
        Some("string") => "text".to_owned(),
        _ => String::new(),
    }
}

/// The words that are allowed, where only these are.
pub(super) fn words(schema: &Value) -> Option<Vec<String>> {
    let list = schema["enum"].as_array()?;
    Some(list.iter().map(|word| word.as_str().map_or_else(|| word.to_string(), str::to_owned)).collect())
}

fn one_of(words: &[String]) -> String {
    match words {
        [one] => one.clone(),
        [one, other] => format!("{one} or {other}"),
        _ => format!("one of {}", words.join(", ")),
    }
}

/// One of several, with what it means.
fn alternative(schema: &Value) -> String {
    let allowed = allowed(schema);
    match schema["description"].as_str() {
        Some(text) if schema["type"] == "object" => {
            let text = text.trim_end_matches('.');
            let mut letters = text.chars();
            // the first word of a sentence, unless it is a symbol
            let first: String = letters.next().map(|letter| letter.to_lowercase().collect()).unwrap_or_default();
            format!("{allowed}: {first}{}", letters.as_str())
        }
        _ => allowed,
    }
}

fn number(value: &Value) -> Option<String> {
    let text = value.is_number().then(|| value.to_string().replace("e+", "e"))?;
    let text = text.strip_suffix(".0").unwrap_or(&text);
    // many zeros cannot be counted by eye
    match text.strip_prefix('1').filter(|zeros| zeros.len() > 5 && zeros.bytes().all(|digit| digit == b'0')) {
        Some(zeros) => Some(format!("10^{}", zeros.len())),
        None => Some(text.to_owned()),
    }
}

fn range(schema: &Value, what: &str) -> String {
    let bound = |name: &str| number(&schema[name]);
    let what = match number(&schema["multipleOf"]) {
        Some(factor) => format!("{what}, a multiple of {factor},"),
        None => what.to_owned(),
    };
    let (least, most) = (bound("minimum"), bound("maximum"));
    if let (Some(least), Some(most)) = (&least, &most) {
        return format!("{what} from {least} to {most}");
    }
    let bounds = [
        least.map(|least| format!("{least} or more")),
        bound("exclusiveMinimum").map(|least| format!("above {least}")),
        most.map(|most| format!("at most {most}")),
        bound("exclusiveMaximum").map(|most| format!("below {most}")),
    ];
    let bounds: Vec<String> = bounds.into_iter().flatten().collect();
    if bounds.is_empty() { what } else { format!("{what} {}", bounds.join(" and ")) }
}

fn list(schema: &Value) -> String {
    let item = allowed(&schema["items"]);
    let some = match (schema["minItems"].as_u64(), schema["maxItems"].as_u64()) {
        (Some(least), Some(most)) if least == most => format!("a list of {least}"),
        (Some(least), _) if least > 1 => format!("a list of {least} or more"),
        _ => "a list".to_owned(),
    };
    let contained = match schema.get("contains") {
        Some(contained) => format!(" (at least one {})", range(contained, "").trim()),
        None => String::new(),
    };
    if item.is_empty() { some } else { format!("{some}, each {item}{contained}") }
}

/// Names of a table; those that may be left out in brackets.
fn table(schema: &Value) -> String {
    let Some(properties) = schema["properties"].as_object() else { return "a table".to_owned() };
    let required = |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|one| one == name));
    let named = |(name, schema): (&String, &Value)| match schema["const"].as_str() {
        Some(word) => format!("{name} = \"{word}\""),
        None if required(name) => name.clone(),
        None => format!("[{name}]"),
    };
    let mut properties: Vec<(&String, &Value)> = properties.iter().collect();
    // what says which kind it is comes first, what may be left out last
    properties.sort_by_key(|(name, schema)| (schema.get("const").is_none(), !required(name)));
    let names: Vec<String> = properties.into_iter().map(named).collect();
    format!("a table {{ {} }}", names.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn schemas_are_said_in_words() {
        let grid = json!({
            "type": "object", "description": "Equal steps, or equal ratios.", "required": ["from", "to", "count"],
            "properties": { "count": {}, "from": {}, "scale": {}, "to": {} }
        });
        let numbers = json!({ "type": "array", "minItems": 1, "items": { "type": "number", "exclusiveMinimum": 0, "maximum": 1e100 } });
        for (schema, text) in [
            (json!({ "type": "integer", "minimum": 1, "maximum": 1_000_000 }), "a whole number from 1 to 10^6"),
            (json!({ "type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1 }), "a number above 0 and below 1"),
            (
                json!({ "type": "integer", "multipleOf": 4, "minimum": 4.0 }),
                "a whole number, a multiple of 4, 4 or more",
            ),
            (json!({ "enum": ["a"] }), "\"a\""),
            (json!({ "enum": ["a", "b"] }), "\"a\" or \"b\""),
            (json!({ "enum": ["a", "b", "c"] }), "one of \"a\", \"b\", \"c\""),
            (numbers.clone(), "a list, each a number above 0 and at most 1e100"),
            (
                json!({ "anyOf": [numbers, grid] }),
                "a list, each a number above 0 and at most 1e100; or a table { count, from, to, [scale] }: equal steps, or equal ratios",
            ),
            (
                json!({ "oneOf": [{ "type": "object", "properties": { "a": {}, "kind": { "const": "x" } }, "required": ["a", "kind"] }] }),
                "a table { kind = \"x\", a }",
            ),
            (
                json!({ "type": "array", "minItems": 2, "maxItems": 2, "items": { "type": "number" }, "contains": { "minimum": 1 } }),
                "a list of 2, each a number (at least one 1 or more)",
            ),
            (json!({}), ""),
        ] {
            assert_eq!(allowed(&schema), text, "{schema}");
        }
    }
}

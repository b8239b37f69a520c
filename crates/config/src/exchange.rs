//! Experiment files as values that other programs have: JSON there, TOML here.

use super::{ConfigError, invalid};
use serde_json::Value;
use std::path::Path;

/// The values of a file.
pub fn values(path: &Path, text: &str) -> Result<Value, ConfigError> {
    toml::from_str(text).map_err(|error| invalid(path, text, error))
}

/// A file with these values, those of the top first.
pub fn file(values: &Value) -> Result<String, String> {
    toml::to_string(values).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_come_back() {
        let given = json!({
            "title": "a \"b\" \u{7f}\u{1f600}\n", "seed": 7, "parameters": {
                "sigma_w": [1.5, 2.0, 1e-300], "start": { "from": 0, "to": 1.5, "count": 3 }, "cases": [{ "width": 10 }],
            },
        });
        let text = file(&given).expect("TOML");
        assert_eq!(values(Path::new("x.toml"), &text).expect("TOML"), given, "{text}");
        assert!(file(&json!({ "seed": null })).is_err());
        let error = values(Path::new("x.toml"), "seed = 1\nseed = 2\n").expect_err("twice");
        assert!(error.to_string().starts_with("x.toml"), "{error}");
    }
}

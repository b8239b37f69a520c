//! What is wrong with a formula.

/// A formula that is not taken: where, what was found, what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the activation {text:?} {}{message}", .column.map_or_else(String::new, |column| format!("at column {column}: ")))]
pub struct FormulaError {
    /// The formula, cut where it is long.
    pub text: String,
    /// Column in it, from 1, where there is one place that is wrong.
    pub column: Option<usize>,
    /// What was found and what is allowed.
    pub message: String,
}

impl FormulaError {
    pub(super) fn at(text: &str, column: usize, message: impl Into<String>) -> Self {
        Self { column: Some(column), ..Self::whole(text, message) }
    }

    pub(super) fn whole(text: &str, message: impl Into<String>) -> Self {
        const SHOWN: usize = 60;
        let mut shown: String = text.chars().take(SHOWN).collect();
        if text.chars().nth(SHOWN).is_some() {
            shown.push_str("...");
        }
        Self { text: shown, column: None, message: message.into() }
    }
}

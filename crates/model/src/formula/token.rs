//! The words of a formula.

use super::error::FormulaError;

/// Longest formula in characters, and most words in it.
pub const LONGEST: usize = 2000;

/// A word.
#[derive(Debug, Clone, PartialEq)]
pub enum Token {
    Number(f64),
    Name(String),
    /// One of `+ - * / ^ ( ) , < > <= >=`.
    Sign(&'static str),
    End,
}

impl Token {
    /// As messages show it.
    pub fn shown(&self) -> String {
        match self {
            Token::Number(number) => format!("the number {number}"),
            Token::Name(name) => format!("{name:?}"),
            Token::Sign(sign) => format!("{sign:?}"),
            Token::End => "the end".to_owned(),
        }
    }
}

const SIGNS: [&str; 13] = ["<=", ">=", "**", "+", "-", "*", "/", "^", "(", ")", ",", "<", ">"];

/// The words with their columns, from 1, and the end.
pub fn tokens(text: &str) -> Result<Vec<(usize, Token)>, FormulaError> {
    if text.len() > LONGEST {
        let message = format!("has {} bytes; at most {LONGEST} are allowed", text.len());
        return Err(FormulaError::whole(text, message));
    }
    let mut tokens = Vec::new();
    let mut rest = text;
    let mut column = 1;
    while let Some(first) = rest.chars().next() {
        let (token, length) = match first {
            ' ' | '\t' | '\n' | '\r' => (None, 1),
            '0'..='9' | '.' => {
                let length = number_length(rest);
                let number: f64 = rest[..length]
                    .parse()
                    .map_err(|_| FormulaError::at(text, column, format!("{:?} is not a number", &rest[..length])))?;
                if !number.is_finite() {
                    return Err(FormulaError::at(text, column, format!("{} is too large", &rest[..length])));
                }
                (Some(Token::Number(number)), length)
            }
            first if first.is_ascii_alphabetic() || first == '_' => {
                let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
                (Some(Token::Name(rest[..end].to_owned())), end)
            }
            _ => match SIGNS.into_iter().find(|sign| rest.starts_with(sign)) {
                Some("**") => (Some(Token::Sign("^")), 2),
                Some(sign) => (Some(Token::Sign(sign)), sign.len()),
                None => {
                    let message = format!(
                        "{first:?} is not allowed; allowed are numbers, names, + - * / ^ ( ) , and the comparisons < <= > >="
                    );
                    return Err(FormulaError::at(text, column, message));
                }
            },
        };
        tokens.extend(token.map(|token| (column, token)));
        column += rest[..length].chars().count();
        rest = &rest[length..];
    }
    tokens.push((column, Token::End));
    Ok(tokens)
}

/// Digits, a point, digits, an exponent.
fn number_length(text: &str) -> usize {
    let bytes = text.as_bytes();
    let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let mut end = digits(0);
    if bytes.get(end) == Some(&b'.') {
        end += 1;
        end += digits(end);
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let count = digits(end + 1 + sign);
        if count > 0 {
            end += 1 + sign + count;
        }
    }
    end
}

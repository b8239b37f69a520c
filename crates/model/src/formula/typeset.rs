//! A formula in the markup of labels.

use super::expression::{Expression, shortest};
use super::instruction::Function;
use super::named;

/// In dollars. An activation that is called by a name alone is that name.
pub fn label(expression: &Expression) -> String {
    match expression {
        Expression::Call(name, arguments) if named::find(name).is_some() => {
            let name = name.replace('_', r"\_");
            match &arguments[..] {
                [Expression::Variable] => name,
                _ => format!("{name}$({})$", listed(arguments)),
            }
        }
        _ => format!("${}$", math(expression, 0)),
    }
}

fn listed(arguments: &[Expression]) -> String {
    arguments.iter().map(|argument| math(argument, 0)).collect::<Vec<_>>().join(", ")
}

/// A number with its power of ten.
fn number(value: f64) -> String {
    let text = shortest(value);
    match text.split_once('e') {
        Some((digits, exponent)) => format!(r"{digits} \times 10^{{{exponent}}}"),
        None => text,
    }
}

/// The part, in parentheses where its place binds more tightly.
fn math(expression: &Expression, least: u8) -> String {
    let (text, binds) = match expression {
        Expression::Number(value) if *value == std::f64::consts::PI => (r"\pi".to_owned(), 9),
        Expression::Number(value) => (number(*value), if *value < 0.0 { 6 } else { 9 }),
        Expression::Variable => ("u".to_owned(), 9),
        Expression::Negative(part) => (format!("-{}", math(part, 6)), 6),
        Expression::Operator("^", base, exponent) => (format!("{}^{{{}}}", math(base, 8), math(exponent, 0)), 7),
        Expression::Operator("*", left, right) => {
            let (a, b) = (math(left, 5), math(right, 6));
            // two numbers side by side would be one
            let dot = if b.starts_with(|c: char| c.is_ascii_digit()) { r" \cdot " } else { r"\," };
            (format!("{a}{dot}{b}"), 5)
        }
        Expression::Operator("/", left, right) => (format!("{} / {}", math(left, 5), math(right, 6)), 5),
        Expression::Operator(sign @ ("+" | "-"), left, right) => {
            (format!("{} {sign} {}", math(left, 4), math(right, 5)), 4)
        }
        Expression::Operator(sign, left, right) => {
            let (sign, binds) = match *sign {
                "<=" => (r"\le", 3),
                ">=" => (r"\ge", 3),
                "and" => (r"\text{ and }", 2),
                "or" => (r"\text{ or }", 1),
                sign => (sign, 3),
            };
            (format!("{} {sign} {}", math(left, binds), math(right, binds + 1)), binds)
        }
        Expression::Call("abs", arguments) => (format!("|{}|", listed(arguments)), 9),
        Expression::Call("sqrt", arguments) => (format!(r"\sqrt{{{}}}", listed(arguments)), 9),
        Expression::Call("exp", arguments) => match &arguments[..] {
            [argument @ (Expression::Variable | Expression::Number(_) | Expression::Negative(_))] => {
                (format!("e^{{{}}}", math(argument, 0)), 7)
            }
            _ => (format!(r"\exp({})", listed(arguments)), 9),
        },
        Expression::Call("where", arguments) => match &arguments[..] {
            [condition, yes, no] => {
                let (condition, yes, no) = (math(condition, 0), math(yes, 0), math(no, 0));
                (format!(r"{yes} \text{{ where }} {condition}\text{{, else }} {no}"), 0)
            }
            _ => (String::new(), 0),
        },
        Expression::Call(name, arguments) => {
            let elementary = Function::NAMED.iter().find(|(known, ..)| known == name);
            let set = match (elementary, *name) {
                (Some((.., set)), _) => (*set).to_owned(),
                (None, "min") => r"\min".to_owned(),
                (None, "max") => r"\max".to_owned(),
                (None, name) => format!(r"\mathrm{{{}}}", name.replace('_', r"\_")),
            };
            match &arguments[..] {
                [Expression::Variable] if elementary.is_some() => (format!("{set} u"), 5),
                _ => (format!("{set}({})", listed(arguments)), 9),
            }
        }
    };
    if binds < least { format!("({text})") } else { text }
}

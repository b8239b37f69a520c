//! Numbers for Typst.

use super::{Quoted, place};
use std::collections::BTreeMap;

/// Definitions; `float(ndraw("NAME"))` computes with a number.
const HEAD: &str = r#"// Numbers of all experiments, from their golden data. Written by neurodyn.
// #import "numbers.typ": nd, ndraw, nderror
// #nd("NAME") is the number with its standard error in parentheses, ndraw("NAME") the number alone and nderror("NAME") its standard error: digits,
// as in #calc.round(2 * float(ndraw("NAME")), digits: 3).
#let neurodyn-number(name, part) = {
  let number = neurodyn-numbers.at(name, default: none)
  if number == none { panic("numbers.typ has no number called " + name) }
  let found = number.at(part, default: none)
  if found == none { panic("numbers.typ has no standard error of " + name) }
  found
}
#let nd(name) = neurodyn-number(name, "both")
#let ndraw(name) = neurodyn-number(name, "value")
#let nderror(name) = neurodyn-number(name, "error")
"#;

/// All numbers, and functions that read them.
pub(super) fn file(numbers: &BTreeMap<&str, Quoted>) -> String {
    // a function sees what was defined before it
    let (comments, functions) = HEAD.split_at(HEAD.find("#let").unwrap_or_default());
    let mut text = format!("{comments}#let neurodyn-numbers = (\n");
    for (name, Quoted { document, number, both, value, error }) in numbers {
        let both = both.replace("\\times", "times").replace('{', "(").replace('}', ")");
        let error = if number.error.is_some() { format!(", error: \"{error}\"") } else { String::new() };
        text.push_str(&format!("  // {}, {}\n", document.id, place(number)));
        text.push_str(&format!("  \"{name}\": (both: ${both}$, value: \"{value}\"{error}),\n"));
    }
    // an empty list would be another kind of thing
    let end = if numbers.is_empty() { ":)\n" } else { ")\n" };
    text + end + functions
}

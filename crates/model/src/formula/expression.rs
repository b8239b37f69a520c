//! A formula as it is written: the tree, how it is read, and how it is written again.

use super::error::FormulaError;
use super::instruction::Function;
use super::named::{self, NAMED, Named, WITH_A_FILE};
use super::token::{Token, tokens};
use crate::activation::Activation;
use crate::nearest::nearest;
use std::collections::BTreeMap;
use std::fmt::{self, Display, Formatter};

/// Deepest nesting of parentheses and signs.
const DEEPEST: usize = 64;

/// A formula.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    Number(f64),
    Variable,
    Negative(Box<Expression>),
    /// One of `+ - * / ^ < <= > >= and or`.
    Operator(&'static str, Box<Expression>, Box<Expression>),
    /// A function by its name, with its arguments.
    Call(&'static str, Vec<Expression>),
}

/// How tightly an operator binds.
fn strength(operator: &str) -> u8 {
    match operator {
        "or" => 1,
        "and" => 2,
        "<" | "<=" | ">" | ">=" => 3,
        "+" | "-" => 4,
        "*" | "/" => 5,
        _ => 7,
    }
}

/// What signs before a factor bind like.
const SIGN: u8 = 6;

/// Whether it is true or false, and not a number.
fn is_truth(operator: &str) -> bool {
    strength(operator) <= 3
}

/// Reads a formula with these constants.
pub fn parse(text: &str, constants: &BTreeMap<String, f64>) -> Result<Expression, FormulaError> {
    let tokens = tokens(text)?;
    let mut parser = Parser { text, tokens, next: 0, depth: 0, constants, used: Vec::new() };
    let expression = parser.whole()?;
    // the constants of a name that stands alone are its parameters
    if let Some(name) = constants.keys().find(|name| !parser.used.contains(name)) {
        return Err(FormulaError::whole(text, format!("does not use the constant {name:?}")));
    }
    Ok(expression)
}

struct Parser<'a> {
    text: &'a str,
    tokens: Vec<(usize, Token)>,
    next: usize,
    depth: usize,
    constants: &'a BTreeMap<String, f64>,
    used: Vec<&'a String>,
}

/// A part, and whether it is true or false instead of a number.
type Part = (Expression, bool);

impl<'a> Parser<'a> {
    fn peek(&self) -> &Token {
        &self.tokens[self.next].1
    }

    fn column(&self) -> usize {
        self.tokens[self.next].0
    }

    fn take(&mut self) -> Token {
        let token = self.tokens[self.next].1.clone();
        self.next = (self.next + 1).min(self.tokens.len() - 1);
        token
    }

    fn fail<T>(&self, column: usize, message: impl Into<String>) -> Result<T, FormulaError> {
        Err(FormulaError::at(self.text, column, message))
    }

    fn whole(&mut self) -> Result<Expression, FormulaError> {
        if let (Token::Name(name), Some((_, Token::End))) = (self.peek().clone(), self.tokens.get(1))
            && let Some(function) = Callable::of(&name)
        {
            return self.alone(function);
        }
        if let [(_, Token::Name(name)), (_, Token::End)] = &self.tokens[..]
            && !["u", "pi", "e"].contains(&name.as_str())
            && !self.constants.contains_key(name)
        {
            let alone = Callable::names().filter(|name| Callable::of(name).is_some_and(|one| one.takes(1)));
            let near = nearest(name, alone).map_or_else(String::new, |near| format!("; is {near} meant?"));
            let shipped = Activation::ALL.iter().map(|one| one.name());
            let names: Vec<&str> = shipped.chain(NAMED[WITH_A_FILE..].iter().map(|one| one.name)).collect();
            let message =
                format!("must be one of {}, or a formula in u such as u * sigmoid(1.702 * u){near}", names.join(", "));
            return Err(FormulaError::whole(self.text, message));
        }
        let expression = self.number_part(0)?;
        match self.peek() {
            Token::End => Ok(expression),
            found => {
                self.fail(self.column(), format!("found {}, where an operator or the end is allowed", found.shown()))
            }
        }
    }

    /// A name without an argument is that function of `u`.
    fn alone(&mut self, function: Callable) -> Result<Expression, FormulaError> {
        let mut arguments = vec![Expression::Variable];
        for (parameter, default) in function.parameters() {
            let constants: &'a BTreeMap<String, f64> = self.constants;
            let constant = constants.get_key_value(*parameter);
            self.used.extend(constant.map(|(name, _)| name));
            arguments.push(Expression::Number(constant.map_or(*default, |(_, value)| *value)));
        }
        if !function.takes(1) {
            let message = format!("needs arguments: {}", function.usage());
            return self.fail(1, message);
        }
        Ok(Expression::Call(function.name(), function.without_defaults(arguments)))
    }

    /// A part that is a number.
    fn number_part(&mut self, least: u8) -> Result<Expression, FormulaError> {
        let column = self.column();
        match self.part(least)? {
            (expression, false) => Ok(expression),
            _ => self.fail(column, "a comparison stands where a number is needed; write where(u > 0, a, b)"),
        }
    }

    /// Operators that bind at least so tightly.
    fn part(&mut self, least: u8) -> Result<Part, FormulaError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return self.fail(self.column(), format!("is nested more than {DEEPEST} deep"));
        }
        let first_column = self.column();
        let (mut left, mut truth) = self.factor()?;
        loop {
            let operator = match self.peek() {
                Token::Sign(sign) if !["(", ")", ","].contains(sign) => *sign,
                Token::Name(name) if name == "and" => "and",
                Token::Name(name) if name == "or" => "or",
                _ => break,
            };
            let binds = strength(operator);
            if binds < least {
                break;
            }
            self.take();
            let column = self.column();
            // powers group from the right, all others from the left
            let (right, right_truth) = self.part(if operator == "^" { SIGN } else { binds + 1 })?;
            if let (true, Expression::Operator(inner, ..)) = (strength(operator) == 3, &left)
                && strength(inner) == 3
            {
                return self.fail(column, "comparisons do not chain; join them by and");
            }
            let joins = matches!(operator, "and" | "or");
            for (column, found) in [(first_column, truth), (column, right_truth)] {
                if found != joins {
                    let needed = if joins { "a comparison" } else { "a number" };
                    return self.fail(column, format!("{operator:?} needs {needed} on either side"));
                }
            }
            left = Expression::Operator(operator, Box::new(left), Box::new(right));
            truth = is_truth(operator);
        }
        self.depth -= 1;
        Ok((left, truth))
    }

    fn factor(&mut self) -> Result<Part, FormulaError> {
        let column = self.column();
        match self.take() {
            Token::Number(number) => Ok((Expression::Number(number), false)),
            Token::Sign("-") => match self.number_part(SIGN)? {
                Expression::Number(number) => Ok((Expression::Number(-number), false)),
                part => Ok((Expression::Negative(Box::new(part)), false)),
            },
            Token::Sign("+") => Ok((self.number_part(SIGN)?, false)),
            Token::Sign("(") => {
                let part = self.part(0)?;
                self.close(column)?;
                Ok(part)
            }
            Token::Name(name) => Ok((self.name(column, &name)?, false)),
            found => {
                self.fail(column, format!("found {}, where a number, u, a function or ( is allowed", found.shown()))
            }
        }
    }

    fn close(&mut self, opened: usize) -> Result<(), FormulaError> {
        match self.peek() {
            Token::Sign(")") => {
                self.take();
                Ok(())
            }
            found => {
                let message = format!(
                    "found {}, where an operator or the ) to the ( at column {opened} is allowed",
                    found.shown()
                );
                self.fail(self.column(), message)
            }
        }
    }

    fn name(&mut self, column: usize, name: &str) -> Result<Expression, FormulaError> {
        if *self.peek() == Token::Sign("(") {
            return self.call(column, name);
        }
        match name {
            "u" => return Ok(Expression::Variable),
            "pi" => return Ok(Expression::Number(std::f64::consts::PI)),
            "e" => return Ok(Expression::Number(std::f64::consts::E)),
            _ => {}
        }
        let constants: &'a BTreeMap<String, f64> = self.constants;
        if let Some((key, value)) = constants.get_key_value(name) {
            self.used.push(key);
            return Ok(Expression::Number(*value));
        }
        if let Some(function) = Callable::of(name) {
            return self.fail(column, format!("{name:?} is a function and needs its arguments: {}", function.usage()));
        }
        let known: Vec<&str> = ["u", "pi", "e"].into_iter().chain(self.constants.keys().map(String::as_str)).collect();
        let near = nearest(name, known.iter().copied().chain(Callable::names().map(|name| name as &str)));
        let meant = near.map_or_else(|| ";".to_owned(), |near| format!("; is {near} meant?"));
        let message = format!("nothing is called {name:?}{meant} known are {}, and functions of u", known.join(", "));
        self.fail(column, message)
    }

    fn call(&mut self, column: usize, name: &str) -> Result<Expression, FormulaError> {
        let Some(function) = Callable::of(name) else {
            let near = nearest(name, Callable::names());
            let meant = near.map_or_else(String::new, |near| format!("; is {near} meant?"));
            let all = Callable::names().collect::<Vec<_>>().join(", ");
            let rest = if near.is_some() { String::new() } else { format!("; there are {all}") };
            return self.fail(column, format!("no function is called {name:?}{meant}{rest}"));
        };
        let opened = self.column();
        self.take();
        let mut arguments = Vec::new();
        loop {
            let first_is_truth = function == Callable::Where && arguments.is_empty();
            let argument_column = self.column();
            let (argument, truth) = self.part(0)?;
            if truth != first_is_truth {
                let needed = if first_is_truth { "a comparison, such as u > 0," } else { "a number" };
                return self.fail(argument_column, format!("{name} needs {needed} here"));
            }
            arguments.push(argument);
            match self.peek() {
                Token::Sign(",") => self.take(),
                _ => break,
            };
        }
        self.close(opened)?;
        if !function.takes(arguments.len()) {
            let message = format!("{name} is given {} arguments: {}", arguments.len(), function.usage());
            return self.fail(column, message);
        }
        if arguments.len() > 1
            && !function.parameters().is_empty()
            && let Some(place) = arguments[1..].iter().position(|argument| !matches!(argument, Expression::Number(_)))
        {
            let message = format!("the parameter {:?} of {name} must be a number", function.parameters()[place].0);
            return self.fail(column, message);
        }
        Ok(Expression::Call(function.name(), function.without_defaults(arguments)))
    }
}

/// What may be called.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Callable {
    /// An elementary function.
    Elementary(&'static str),
    /// The smallest or the largest of its arguments.
    Extreme(&'static str),
    /// `where`.
    Where,
    /// An activation.
    Named(&'static Named),
}

impl Callable {
    fn of(name: &str) -> Option<Self> {
        let elementary = Function::NAMED.iter().find(|(known, ..)| *known == name);
        elementary.map(|(known, ..)| Callable::Elementary(known)).or_else(|| match name {
            "min" => Some(Callable::Extreme("min")),
            "max" => Some(Callable::Extreme("max")),
            "where" => Some(Callable::Where),
            _ => named::find(name).map(Callable::Named),
        })
    }

    fn names() -> impl Iterator<Item = &'static str> {
        let elementary = Function::NAMED.iter().map(|(name, ..)| *name);
        elementary.chain(["min", "max", "where"]).chain(named::NAMED.iter().map(|named| named.name))
    }

    fn name(self) -> &'static str {
        match self {
            Callable::Elementary(name) | Callable::Extreme(name) => name,
            Callable::Where => "where",
            Callable::Named(named) => named.name,
        }
    }

    fn parameters(self) -> &'static [(&'static str, f64)] {
        match self {
            Callable::Named(named) => named.parameters,
            _ => &[],
        }
    }

    fn takes(self, count: usize) -> bool {
        match self {
            Callable::Elementary(_) => count == 1,
            Callable::Extreme(_) => count >= 2,
            Callable::Where => count == 3,
            Callable::Named(named) => (1..=1 + named.parameters.len()).contains(&count),
        }
    }

    fn usage(self) -> String {
        match self {
            Callable::Elementary(name) => format!("{name}(u)"),
            Callable::Extreme(name) => format!("{name}(a, b), or more"),
            Callable::Where => "where(u > 0, a, b)".to_owned(),
            Callable::Named(named) => match named.parameters {
                [] => format!("{}(u)", named.name),
                parameters => {
                    let names: Vec<&str> = parameters.iter().map(|(name, _)| *name).collect();
                    format!("{0}(u) or {0}(u, {1})", named.name, names.join(", "))
                }
            },
        }
    }

    /// Arguments without those at the end that say what is so anyway.
    fn without_defaults(self, mut arguments: Vec<Expression>) -> Vec<Expression> {
        while arguments.len() > 1
            && let Some((_, default)) = self.parameters().get(arguments.len() - 2)
            && arguments.last() == Some(&Expression::Number(*default))
        {
            arguments.pop();
        }
        arguments
    }
}

/// A number as short as it can be read again.
pub fn shortest(number: f64) -> String {
    if number == number.trunc() && number.abs() < 1e15 { format!("{number}") } else { format!("{number:?}") }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            // a name alone is that function of u
            Expression::Call(name, arguments) if arguments == &[Expression::Variable] => f.write_str(name),
            _ => f.write_str(&self.written(0)),
        }
    }
}

impl Expression {
    /// In plain text, in parentheses where the place needs what binds more tightly.
    fn written(&self, least: u8) -> String {
        let (text, binds) = match self {
            Expression::Number(number) if *number < 0.0 => (shortest(*number), SIGN),
            Expression::Number(number) => (shortest(*number), 9),
            Expression::Variable => ("u".to_owned(), 9),
            Expression::Negative(part) => (format!("-{}", part.written(SIGN)), SIGN),
            Expression::Operator("^", base, exponent) => (format!("{}^{}", base.written(8), exponent.written(SIGN)), 7),
            Expression::Operator(sign, left, right) => {
                let binds = strength(sign);
                (format!("{} {sign} {}", left.written(binds), right.written(binds + 1)), binds)
            }
            Expression::Call(name, arguments) => {
                let arguments: Vec<String> = arguments.iter().map(|argument| argument.written(0)).collect();
                (format!("{name}({})", arguments.join(", ")), 9)
            }
        };
        if binds < least { format!("({text})") } else { text }
    }
}

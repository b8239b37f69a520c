//! From the tree to the list of operations: equal parts once, constants computed.

use super::error::FormulaError;
use super::expression::{Expression, parse};
use super::instruction::{Binary, Function, Instruction};
use super::named;
use super::program::{MOST, Program};
use std::collections::BTreeMap;

/// The operations of a formula; `text` is for messages.
pub fn lower(text: &str, expression: &Expression) -> Result<Program, FormulaError> {
    let mut list = List { text, instructions: Vec::new() };
    let variable = list.push(Instruction::Variable)?;
    let last = list.expression(expression, variable)?;
    list.ends_with(last)
}

struct List<'a> {
    text: &'a str,
    instructions: Vec<Instruction>,
}

impl List<'_> {
    /// The place of an operation, which is computed here where nothing varies.
    fn push(&mut self, instruction: Instruction) -> Result<usize, FormulaError> {
        let instruction = self.folded(instruction)?;
        if let Some(place) = self.instructions.iter().position(|known| *known == instruction) {
            return Ok(place);
        }
        if self.instructions.len() == MOST {
            return Err(FormulaError::whole(self.text, format!("has more than {MOST} operations")));
        }
        self.instructions.push(instruction);
        Ok(self.instructions.len() - 1)
    }

    fn constant(&self, place: usize) -> Option<f64> {
        match self.instructions[place] {
            Instruction::Constant(value) => Some(value),
            _ => None,
        }
    }

    fn folded(&self, instruction: Instruction) -> Result<Instruction, FormulaError> {
        let operands: Option<Vec<f64>> = instruction.operands().map(|place| self.constant(place)).collect();
        let Some(operands) = operands.filter(|operands| !operands.is_empty()) else { return Ok(instruction) };
        let mut small: Vec<Instruction> = operands.into_iter().map(Instruction::Constant).collect();
        small.push(match instruction {
            Instruction::Unary(function, _) => Instruction::Unary(function, 0),
            Instruction::Binary(binary, ..) => Instruction::Binary(binary, 0, 1),
            Instruction::Power(_, exponent) => Instruction::Power(0, exponent),
            Instruction::RealPower(_, exponent) => Instruction::RealPower(0, exponent),
            Instruction::Where(..) => Instruction::Where(0, 1, 2),
            Instruction::Variable | Instruction::Constant(_) => return Ok(instruction),
        });
        let value = Program::new(small).value(0.0);
        if value.is_finite() {
            return Ok(Instruction::Constant(value));
        }
        Err(FormulaError::whole(self.text, "contains a constant part that is no finite number"))
    }

    /// Only what the result needs, in order.
    fn ends_with(&self, last: usize) -> Result<Program, FormulaError> {
        let mut needed = vec![false; self.instructions.len()];
        needed[last] = true;
        for place in (0..=last).rev() {
            if needed[place] {
                self.instructions[place].operands().for_each(|operand| needed[operand] = true);
            }
        }
        let mut moved = vec![0; self.instructions.len()];
        let mut kept = Vec::new();
        for place in (0..=last).filter(|place| needed[*place]) {
            let to = |operand: usize| moved[operand];
            kept.push(match self.instructions[place] {
                Instruction::Unary(function, a) => Instruction::Unary(function, to(a)),
                Instruction::Binary(binary, a, b) => Instruction::Binary(binary, to(a), to(b)),
                Instruction::Power(a, exponent) => Instruction::Power(to(a), exponent),
                Instruction::RealPower(a, exponent) => Instruction::RealPower(to(a), exponent),
                Instruction::Where(a, b, c) => Instruction::Where(to(a), to(b), to(c)),
                other => other,
            });
            moved[place] = kept.len() - 1;
        }
        if let Some(Instruction::Constant(value)) = kept.last() {
            let message = format!("is {value} for every u; it must depend on u");
            return Err(FormulaError::whole(self.text, message));
        }
        Ok(Program::new(kept))
    }

    fn expression(&mut self, expression: &Expression, variable: usize) -> Result<usize, FormulaError> {
        match expression {
            Expression::Number(value) => self.push(Instruction::Constant(*value)),
            Expression::Variable => Ok(variable),
            Expression::Negative(part) => {
                let part = self.expression(part, variable)?;
                self.push(Instruction::Unary(Function::Negative, part))
            }
            Expression::Operator("^", base, exponent) => {
                let (base, exponent) = (self.expression(base, variable)?, self.expression(exponent, variable)?);
                self.power(base, exponent)
            }
            Expression::Operator(sign, left, right) => {
                let (left, right) = (self.expression(left, variable)?, self.expression(right, variable)?);
                self.push(match *sign {
                    "+" => Instruction::Binary(Binary::Add, left, right),
                    "-" => Instruction::Binary(Binary::Subtract, left, right),
                    "*" => Instruction::Binary(Binary::Multiply, left, right),
                    "/" => Instruction::Binary(Binary::Divide, left, right),
                    "<" => Instruction::Binary(Binary::Less, left, right),
                    "<=" => Instruction::Binary(Binary::LessOrEqual, left, right),
                    ">" => Instruction::Binary(Binary::Less, right, left),
                    ">=" => Instruction::Binary(Binary::LessOrEqual, right, left),
                    "and" => Instruction::Binary(Binary::And, left, right),
                    _ => Instruction::Binary(Binary::Or, left, right),
                })
            }
            Expression::Call(name, arguments) => self.call(name, arguments, variable),
        }
    }

    fn call(&mut self, name: &str, arguments: &[Expression], variable: usize) -> Result<usize, FormulaError> {
        if let Some(named) = named::find(name) {
            let argument = self.expression(&arguments[0], variable)?;
            let value = |place: usize| match arguments.get(place) {
                Some(Expression::Number(value)) => Some(*value),
                _ => None,
            };
            let parameters = named.parameters.iter().enumerate();
            let constants: BTreeMap<String, f64> = parameters
                .map(|(place, (name, default))| ((*name).to_owned(), value(place + 1).unwrap_or(*default)))
                .collect();
            return self.expression(&parse(named.formula, &constants)?, argument);
        }
        let mut places = Vec::with_capacity(arguments.len());
        for argument in arguments {
            places.push(self.expression(argument, variable)?);
        }
        if name == "where" {
            // where both branches are one, there is no choice
            return match places[..] {
                [_, yes, no] if yes == no => Ok(yes),
                [condition, yes, no] => match self.constant(condition) {
                    Some(truth) => Ok(if truth != 0.0 { yes } else { no }),
                    None => self.push(Instruction::Where(condition, yes, no)),
                },
                _ => unreachable!("the parser counts arguments"),
            };
        }
        if let Some((_, function, _)) = Function::NAMED.iter().find(|(known, ..)| *known == name) {
            return self.push(Instruction::Unary(*function, places[0]));
        }
        let binary = if name == "min" { Binary::Min } else { Binary::Max };
        let mut result = places[0];
        for place in &places[1..] {
            result = if result == *place { result } else { self.push(Instruction::Binary(binary, result, *place))? };
        }
        Ok(result)
    }

    fn power(&mut self, base: usize, exponent: usize) -> Result<usize, FormulaError> {
        const LARGEST: f64 = 64.0;
        match self.constant(exponent) {
            Some(0.0) => self.push(Instruction::Constant(1.0)),
            Some(1.0) => Ok(base),
            Some(2.0) => self.push(Instruction::Binary(Binary::Multiply, base, base)),
            Some(0.5) => self.push(Instruction::Unary(Function::Sqrt, base)),
            Some(p) if p == p.trunc() && p.abs() <= LARGEST => self.push(Instruction::Power(base, p as i32)),
            Some(p) if p.abs() <= LARGEST => self.push(Instruction::RealPower(base, p)),
            Some(p) => Err(FormulaError::whole(self.text, format!("has the power {p}; at most {LARGEST} is allowed"))),
            None => {
                let logarithm = self.push(Instruction::Unary(Function::Ln, base))?;
                let product = self.push(Instruction::Binary(Binary::Multiply, exponent, logarithm))?;
                self.push(Instruction::Unary(Function::Exp, product))
            }
        }
    }
}

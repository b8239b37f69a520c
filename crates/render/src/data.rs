//! Rows and columns that a figure names, and the colour that each parameter value has throughout a figure.

use super::absent::{Absent, Why};
use super::colour::{self, MOST_DISTINCT};
use super::error::Problem;
use super::family;
use super::style::GREY;
use neurodyn_figure::{By, Colours, Family, Figure, Phase, Select, Value};
use neurodyn_table::{Table, Values, word};
use plotters::style::RGBColor;

/// Some rows of a table.
pub(super) struct SelectedRows<'a> {
    pub table: &'a Table,
    pub rows: Vec<usize>,
}

impl SelectedRows<'_> {
    /// A column of numbers at these rows, `None` where one is missing, or not positive though the scale is logarithmic.
    pub fn numbers(&self, column: &str, logarithmic: bool, absent: &mut Absent) -> Result<Vec<Option<f64>>, Problem> {
        let all = self.table.numbers_or_gaps(column)?;
        let mut shown = |&row: &usize| {
            let why = match all[row] {
                None => Why::Missing,
                Some(value) if logarithmic && value <= 0.0 => Why::NotPositive,
                number => return number,
            };
            absent.cell(self.table.name(), column, why, row);
            None
        };
        Ok(self.rows.iter().map(&mut shown).collect())
    }
}

fn value_at(values: &Values, row: usize) -> Value {
    match values {
        Values::Number(numbers) => Value::Number(numbers[row]),
        Values::Integer(numbers) => Value::Number(numbers[row] as f64),
        Values::Text(labels) => Value::Text(labels[row].clone()),
        Values::NumberGaps(numbers) => or_empty(numbers[row]),
        Values::IntegerGaps(numbers) => or_empty(numbers[row].map(|number| number as f64)),
        Values::Flag(flags) => Value::Text(word(flags[row]).to_owned()),
    }
}

/// What is missing equals no number that a selection asks for.
fn or_empty(number: Option<f64>) -> Value {
    number.map_or_else(|| Value::Text(String::new()), Value::Number)
}

fn column<'a>(table: &'a Table, name: &str) -> Result<&'a Values, Problem> {
    match table.column(name) {
        Some(values) => Ok(values),
        // the table words the error
        None => Err(table.numbers(name).map_or_else(Problem::from, |_| Problem::Incomplete(String::new()))),
    }
}

/// What a selection asks for, in plain text.
pub(super) fn conditions(select: &Select) -> String {
    let condition = |(name, cell): &(String, Value)| match cell {
        Value::Number(value) => format!("{name} = {value}"),
        Value::Text(value) => format!("{name} = {value:?}"),
    };
    select.filters.iter().map(condition).collect::<Vec<_>>().join(" and ")
}

/// The rows of a selection; there may be none.
pub(super) fn select<'a>(tables: &'a [Table], select: &Select) -> Result<SelectedRows<'a>, Problem> {
    let table = tables.iter().find(|table| table.name() == select.table).ok_or_else(|| {
        let tables = tables.iter().map(Table::name).collect::<Vec<_>>().join(", ");
        Problem::NoTable { table: select.table.clone(), tables }
    })?;
    let mut rows: Vec<usize> = (0..table.rows()).collect();
    for (name, wanted) in &select.filters {
        let values = column(table, name)?;
        rows.retain(|&row| value_at(values, row) == *wanted);
    }
    if let Some(order) = &select.order {
        let keys = table.numbers_or_gaps(order)?;
        let key = |row: usize| keys[row].unwrap_or(f64::INFINITY);
        rows.sort_by(|&a, &b| key(a).total_cmp(&key(b)));
    }
    Ok(SelectedRows { table, rows })
}

/// The rows of each distinct value of a column: numbers in rising order, labels in order of appearance.
pub(super) fn split<'a>(rows: &SelectedRows<'a>, name: &str) -> Result<Vec<(Value, SelectedRows<'a>)>, Problem> {
    let values = column(rows.table, name)?;
    let mut parts: Vec<(Value, SelectedRows<'a>)> = Vec::new();
    for &row in &rows.rows {
        let value = value_at(values, row);
        match parts.iter_mut().find(|(cell, _)| *cell == value) {
            Some((_, part)) => part.rows.push(row),
            None => parts.push((value, SelectedRows { table: rows.table, rows: vec![row] })),
        }
    }
    parts.sort_by(|a, b| match (&a.0, &b.0) {
        (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
        _ => std::cmp::Ordering::Equal,
    });
    Ok(parts)
}

/// Shape of a marker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Square,
    Triangle,
    Diamond,
    Inverted,
    Pentagon,
    Star,
    /// A ring: a point that is not one of several series.
    Ring,
}

const MARKERS: [Marker; MOST_DISTINCT] = [
    Marker::Circle,
    Marker::Square,
    Marker::Triangle,
    Marker::Diamond,
    Marker::Inverted,
    Marker::Pentagon,
    Marker::Star,
];

/// The values that split the series of a figure, column by column.
pub(super) struct Palette(Vec<(String, Vec<Value>)>);

impl Palette {
    /// Collects the values of all panels, so that one value has one colour everywhere.
    pub fn new(figure: &Figure, tables: &[Table]) -> Self {
        let mut columns: Vec<(String, Vec<Value>)> = Vec::new();
        let series = |panel: usize| {
            let panel = &figure.panels[panel];
            let series = panel.series.iter().filter_map(|s| s.by.as_ref().map(|by| (&s.rows, by)));
            series
                .chain(panel.residuals.iter().filter_map(|r| r.by.as_ref().map(|by| (&r.rows, by))))
                .collect::<Vec<_>>()
        };
        for (rows, by) in (0..figure.panels.len()).flat_map(series) {
            // selections that fail are reported where they are drawn
            let Ok(parts) = select(tables, rows).and_then(|rows| split(&rows, &by.column)) else { continue };
            let index = columns.iter().position(|(name, _)| *name == by.column).unwrap_or_else(|| {
                columns.push((by.column.clone(), Vec::new()));
                columns.len() - 1
            });
            let known = &mut columns[index].1;
            for (value, _) in parts {
                if !known.contains(&value) {
                    known.push(value);
                }
            }
        }
        for (_, values) in &mut columns {
            values.sort_by(|a, b| match (a, b) {
                (Value::Number(a), Value::Number(b)) => a.total_cmp(b),
                _ => std::cmp::Ordering::Equal,
            });
        }
        Self(columns)
    }

    /// Colour and marker of one value.
    pub fn style(&self, by: &By, value: &Value, rows: &SelectedRows<'_>) -> Result<(RGBColor, Marker), Problem> {
        let values = self.0.iter().find(|(name, _)| *name == by.column).map_or(&[][..], |(_, values)| values);
        let (index, count) = (values.iter().position(|v| v == value).unwrap_or(0), values.len());
        let marker = MARKERS[index % MOST_DISTINCT];
        Ok(match &by.colours {
            Colours::Quantity => (quantity(&by.column, values, value), marker),
            Colours::Distinct if count <= MOST_DISTINCT => (colour::distinct(index), marker),
            Colours::Distinct | Colours::Ramp => (ranked(&by.column, values, value), MARKERS[index % 4]),
            Colours::Cycle => (colour::cycle(index, count), MARKERS[0]),
            Colours::Grey => (GREY, MARKERS[0]),
            Colours::Phase(name) => (phase(rows, name)?, marker),
        })
    }
}

/// The colour that the register gives a value.
fn quantity(column: &str, values: &[Value], value: &Value) -> RGBColor {
    let known = |value: &Value| match value {
        Value::Text(name) => Phase::named(name),
        Value::Number(_) => None,
    };
    match (known(value), value) {
        (Some(phase), _) => family::phase(phase),
        (None, Value::Number(_)) => ranked(column, values, value),
        (None, Value::Text(_)) => {
            let names = || values.iter().filter(|value| known(value).is_none());
            let index = names().position(|name| name == value).unwrap_or(0);
            if names().count() <= MOST_DISTINCT { colour::distinct(index) } else { ranked(column, values, value) }
        }
    }
}

/// The colour of a number on the scale of its quantity, or of a name by its rank.
fn ranked(column: &str, values: &[Value], value: &Value) -> RGBColor {
    let numbers: Option<Vec<f64>> = values
        .iter()
        .map(|value| match value {
            Value::Number(number) => Some(*number),
            Value::Text(_) => None,
        })
        .collect();
    match (numbers, value) {
        (Some(numbers), Value::Number(number)) => family::shade(Family::of(column), &numbers, *number),
        _ => colour::ramp(values.iter().position(|other| other == value).unwrap_or(0), values.len()),
    }
}

/// What a column says of these rows, by the first of them.
pub(super) fn said(rows: &SelectedRows<'_>, name: &str) -> Result<Option<Value>, Problem> {
    let values = column(rows.table, name)?;
    Ok(rows.rows.first().map(|&row| value_at(values, row)))
}

fn phase(rows: &SelectedRows<'_>, name: &str) -> Result<RGBColor, Problem> {
    let found = match said(rows, name)? {
        Some(Value::Text(phase)) => phase,
        Some(Value::Number(value)) => value.to_string(),
        None => String::new(),
    };
    let no_phase =
        || Problem::NoPhase { table: rows.table.name().to_owned(), column: name.to_owned(), found: found.clone() };
    Phase::named(&found).map(family::phase).ok_or_else(no_phase)
}

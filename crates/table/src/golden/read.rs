//! Reading golden CSV with the kinds of the table it is compared with.

use crate::{NO, Table, Values, YES};

/// Golden data that cannot be read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{path}:{line}: {message}")]
pub struct GoldenError {
    /// The file.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// What was found and what is allowed.
    pub message: String,
}

/// The cells of a golden file, as they stand there.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// Names of the columns.
    pub names: Vec<String>,
    /// Line, from 1, and cells of each row.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// Reads golden CSV as it stands.
pub fn cells(path: &str, text: &str) -> Result<Cells, GoldenError> {
    let error = |line: usize, message: String| GoldenError { path: path.to_owned(), line, message };
    let mut lines = text.lines().enumerate();
    let (_, header) = lines.next().ok_or_else(|| error(1, "empty, but a line of column names is needed".to_owned()))?;
    let names = cells_of(header).map_err(|message| error(1, message))?;
    let mut rows: Vec<(usize, Vec<String>)> = Vec::new();
    for (index, line) in lines {
        let row = cells_of(line).map_err(|message| error(index + 1, message))?;
        if row.len() != names.len() {
            return Err(error(index + 1, format!("{} cells, but {} are needed", row.len(), names.len())));
        }
        rows.push((index + 1, row));
    }
    Ok(Cells { names, rows })
}

/// Reads golden CSV. Columns that `like` has are read as the same kind, others as labels.
pub fn parse(path: &str, text: &str, like: &Table) -> Result<Table, GoldenError> {
    let error = |line: usize, message: String| GoldenError { path: path.to_owned(), line, message };
    let Cells { names, rows } = cells(path, text)?;
    let mut table = Table::new(like.name());
    for (column, name) in names.iter().enumerate() {
        let bad =
            |line: usize, cell: &str, kind: &str| error(line, format!("column {name} is {cell:?}, but must be {kind}"));
        let cells = rows.iter().map(|(line, row)| (*line, row[column].as_str()));
        let values = match like.column(name) {
            Some(Values::Number(_) | Values::NumberGaps(_)) => Values::NumberGaps(
                cells
                    .map(|(line, cell)| match cell.parse::<f64>() {
                        Ok(number) if number.is_finite() => Ok(Some(number)),
                        _ if cell.is_empty() => Ok(None),
                        _ => Err(bad(line, cell, "a finite number, or empty")),
                    })
                    .collect::<Result<_, _>>()?,
            ),
            Some(Values::Integer(_) | Values::IntegerGaps(_)) => Values::IntegerGaps(
                cells
                    .map(|(line, cell)| match cell {
                        "" => Ok(None),
                        _ => cell.parse().map(Some).map_err(|_| bad(line, cell, "a whole number, or empty")),
                    })
                    .collect::<Result<_, _>>()?,
            ),
            Some(Values::Flag(_)) => Values::Flag(
                cells
                    .map(|(line, cell)| match cell {
                        YES => Ok(true),
                        NO => Ok(false),
                        _ => Err(bad(line, cell, "yes or no")),
                    })
                    .collect::<Result<_, _>>()?,
            ),
            _ => Values::Text(cells.map(|(_, cell)| cell.to_owned()).collect()),
        };
        table = table.with(name.clone(), values).map_err(|problem| error(1, problem.to_string()))?;
    }
    Ok(table)
}

/// Cells of one line; quoted cells may hold commas and doubled quotes.
fn cells_of(line: &str) -> Result<Vec<String>, String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        let cell = cells.last_mut().expect("one cell at least");
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            _ => cell.push(letter),
        }
    }
    if quoted { Err("a quote is opened but not closed".to_owned()) } else { Ok(cells) }
}

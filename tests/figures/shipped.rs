//! All shipped figures with their golden data.

use neurodyn::config::Document;
use neurodyn::experiments::find;
use neurodyn::figure::Figure;
use neurodyn::golden::cells;
use neurodyn::table::{Table, Values};
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_owned()
}

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(root().join(folder)).expect("a folder");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths
}

/// Each shipped experiment: its figures and its golden data.
pub fn shipped() -> Vec<(Vec<Figure>, Vec<Table>)> {
    let of = |path: &PathBuf| {
        let document = Document::parse(path, std::fs::read_to_string(path).expect("readable")).expect("valid");
        let figures = find(document.clone()).expect("known").figures().expect("figures");
        let drawn = figures.iter().flat_map(Figure::columns_drawn).next().expect("a table").0;
        let tables = files("tests/golden", ".csv").into_iter().filter_map(|path| {
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let (id, table) = stem.split_once('.').unwrap_or((&stem, &drawn));
            (id == document.id).then(|| table_of(&path, table))
        });
        (figures.clone(), tables.collect())
    };
    files("experiments", ".toml").iter().map(of).collect()
}

/// A golden table, its kinds told from its cells.
fn table_of(path: &Path, name: &str) -> Table {
    let text = std::fs::read_to_string(path).expect("readable");
    let read = cells(&path.display().to_string(), &text).expect("golden data");
    let column = |index: usize| read.rows.iter().map(move |(_, row)| row[index].as_str());
    read.names.iter().enumerate().fold(Table::new(name), |table, (index, name)| {
        let whole: Option<Vec<i64>> = column(index).map(|cell| cell.parse().ok()).collect();
        let numbers: Option<Vec<f64>> = column(index).map(|cell| cell.parse().ok()).collect();
        let gap = |cell: &str| if cell.is_empty() { Some(None) } else { cell.parse().ok().map(Some) };
        let gaps: Option<Vec<Option<f64>>> = column(index).map(gap).collect();
        let gaps = gaps.map(Values::NumberGaps);
        let labels = || Values::Text(column(index).map(str::to_owned).collect());
        let values = whole.map(Values::Integer).or(numbers.map(Values::Number)).or(gaps).unwrap_or_else(labels);
        table.with(name.as_str(), values).expect("a column")
    })
}

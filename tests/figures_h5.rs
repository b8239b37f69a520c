//! Marks of all shipped figures, drawn from golden data: nothing hides, and legends promise what is drawn.

use neurodyn::config::Document;
use neurodyn::experiments::find;
use neurodyn::figure::Figure;
use neurodyn::golden::cells;
use neurodyn::render::{Covering, covering};
use neurodyn::table::{Table, Values};
use std::path::{Path, PathBuf};

fn files(folder: &str, ending: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut paths: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    paths.retain(|path| path.to_string_lossy().ends_with(ending));
    paths.sort();
    paths
}

/// A golden table, its kinds told from its cells.
fn table_of(path: &Path, name: &str) -> Table {
    let text = std::fs::read_to_string(path).expect("readable");
    let read = cells(&path.display().to_string(), &text).expect("golden data");
    let column = |index: usize| read.rows.iter().map(move |(_, row)| row[index].as_str());
    read.names.iter().enumerate().fold(Table::new(name), |table, (index, name)| {
        let whole: Option<Vec<i64>> = column(index).map(|cell| cell.parse().ok()).collect();
        let numbers: Option<Vec<f64>> = column(index).map(|cell| cell.parse().ok()).collect();
        let labels = || Values::Text(column(index).map(str::to_owned).collect());
        let values = whole.map(Values::Integer).or(numbers.map(Values::Number)).unwrap_or_else(labels);
        table.with(name.as_str(), values).expect("a column")
    })
}

/// All shipped figures with what covers what in them.
fn counted() -> Vec<(String, Covering)> {
    let mut found = Vec::new();
    for path in files("experiments", ".toml") {
        let document = Document::parse(&path, std::fs::read_to_string(&path).expect("readable")).expect("valid");
        let figures = find(&document).expect("known").figures(&document).expect("figures");
        let first = figures.iter().flat_map(Figure::columns_drawn).next().expect("a table").0;
        let tables = files("tests/golden", ".csv").into_iter().filter_map(|path| {
            let stem = path.file_stem().expect("a name").to_string_lossy().into_owned();
            let (id, table) = stem.split_once('.').unwrap_or((&stem, &first));
            (id == document.id).then(|| table_of(&path, table))
        });
        let tables: Vec<Table> = tables.collect();
        found.extend(figures.iter().map(|figure| (figure.name.clone(), covering(figure, &tables).expect("drawn"))));
    }
    found
}

fn share(part: usize, whole: usize) -> f64 {
    100.0 * part as f64 / whole.max(1) as f64
}

#[test]
fn nothing_hides() {
    let all = counted();
    assert!(all.len() > 60, "{}", all.len());
    let sum = |of: fn(&Covering) -> usize| all.iter().map(|(_, counted)| of(counted)).sum::<usize>();
    let (markers, covered) = (sum(|c| c.markers), sum(|c| c.covered));
    let (points, in_place) = (sum(|c| c.points), sum(|c| c.covered_in_place));
    for (name, counted) in &all {
        let (before, after) =
            (share(counted.covered_in_place, counted.points), share(counted.covered, counted.markers));
        println!("{name}: {before:.1} % of {} -> {after:.1} % of {}", counted.points, counted.markers);
    }
    let before = share(in_place, points);
    println!("covered: {before:.2} % of {points} points in their places, {:.2} % of {markers} markers", share(covered, markers));
    println!("bars: {} of {} errors", sum(|c| c.bars), sum(|c| c.errors));
    assert!(before > 10.0, "the measure sees what it is for: {before}");
    assert!(share(covered, markers) < 2.0, "{covered} of {markers}");
    assert_eq!(sum(|c| c.hidden_bars), 0);
    let worst = all.iter().map(|(name, c)| (share(c.covered, c.markers), name)).max_by(|a, b| a.0.total_cmp(&b.0));
    assert!(worst.as_ref().is_some_and(|(most, _)| *most < 15.0), "{worst:?}");
}

//! All shipped figures, drawn from golden data: whole, they are the committed drawings; without any one group of their rows, they are still
//! figures, and say what is not there.

use crate::figures::shipped::{root, shipped};
use neurodyn::figure::{By, Figure, Guide, Select, Value};
use neurodyn::render::{Look, Theme, absent, lay_out, render};
use neurodyn::table::{Table, Values};
use std::collections::BTreeSet;

#[test]
fn golden_data_draw_the_committed_figures() {
    let mut drawn = 0;
    for (figures, tables) in shipped() {
        for figure in figures {
            let path = root().join("figures").join(format!("{}.svg", figure.name));
            let committed = std::fs::read_to_string(&path).expect("a figure");
            let (before, rest) = committed.split_once("<metadata>").expect("metadata");
            let (_, after) = rest.split_once("</metadata>").expect("metadata");
            let look = Look::of_svg(&committed).expect("a look");
            let laid_out = lay_out(&figure, &tables, look).expect("laid out");
            let mut said = figure.clone();
            for sentence in laid_out.remarks() {
                said.description = format!("{} {sentence}", said.description);
            }
            let svg = laid_out.document(&said, "").expect("drawn");
            let committed = format!("{before}<metadata></metadata>{after}");
            let differs = svg.bytes().zip(committed.bytes()).take_while(|(one, other)| one == other).count();
            let near = |text: &str| {
                String::from_utf8_lossy(&text.as_bytes()[differs.saturating_sub(80)..(differs + 80).min(text.len())])
                    .into_owned()
            };
            assert!(svg == committed, "{} is drawn otherwise: {}, not {}", figure.name, near(&svg), near(&committed));
            assert_eq!(absent(&figure, &tables).expect("read"), Vec::<String>::new(), "{}", figure.name);
            drawn += 1;
        }
    }
    assert!(drawn > 60, "{drawn}");
}

fn cell(values: &Values, row: usize) -> Value {
    match values {
        Values::Number(numbers) => Value::Number(numbers[row]),
        Values::Integer(numbers) => Value::Number(numbers[row] as f64),
        Values::Text(labels) => Value::Text(labels[row].clone()),
        Values::Flag(flags) => Value::Text(neurodyn::table::word(flags[row]).to_owned()),
        Values::NumberGaps(_) | Values::IntegerGaps(_) => panic!("golden data have no gaps"),
    }
}

/// Rows of each group that a figure looks at: those of a selection, and those of the first and the last value that splits it.
fn groups(figure: &Figure, tables: &[Table]) -> BTreeSet<(usize, Vec<usize>)> {
    let mut groups = BTreeSet::new();
    let mut add = |select: &Select, by: Option<&By>| {
        let (index, table) =
            tables.iter().enumerate().find(|(_, table)| table.name() == select.table).expect("a table");
        let column = |name: &str| table.column(name).expect("a column");
        let chosen = |row: &usize| select.filters.iter().all(|(name, wanted)| cell(column(name), *row) == *wanted);
        let rows: Vec<usize> = (0..table.rows()).filter(chosen).collect();
        if let Some(by) = by {
            let values = column(&by.column);
            for at in [rows.first(), rows.last()].into_iter().flatten() {
                let part = rows.iter().copied().filter(|row| cell(values, *row) == cell(values, *at));
                groups.insert((index, part.collect()));
            }
        }
        groups.insert((index, rows));
    };
    for panel in &figure.panels {
        panel.series.iter().for_each(|series| add(&series.rows, series.by.as_ref()));
        panel.residuals.iter().for_each(|residual| add(&residual.rows, residual.by.as_ref()));
        panel.heatmap.iter().for_each(|map| add(&map.rows, None));
        panel.contours.iter().for_each(|contour| add(&contour.rows, None));
        for marked in &panel.marked {
            if let Guide::Verticals(rows, _) | Guide::Horizontals(rows, _) = &marked.guide {
                add(rows, None);
            }
        }
    }
    groups
}

fn without(table: &Table, rows: &[usize]) -> Table {
    fn kept<T: Clone>(values: &[T], rows: &[usize]) -> Vec<T> {
        let stays = |(row, value): (usize, &T)| rows.binary_search(&row).is_err().then(|| value.clone());
        values.iter().enumerate().filter_map(stays).collect()
    }
    table.columns().iter().fold(Table::new(table.name()), |left, (name, values)| {
        let values = match values {
            Values::Number(numbers) => Values::Number(kept(numbers, rows)),
            Values::Integer(numbers) => Values::Integer(kept(numbers, rows)),
            Values::Text(labels) => Values::Text(kept(labels, rows)),
            Values::Flag(flags) => Values::Flag(kept(flags, rows)),
            Values::NumberGaps(numbers) => Values::NumberGaps(kept(numbers, rows)),
            Values::IntegerGaps(numbers) => Values::IntegerGaps(kept(numbers, rows)),
        };
        left.with(name.as_str(), values).expect("a column")
    })
}

#[test]
fn every_figure_survives_the_loss_of_any_group() {
    let (mut drawn, mut said) = (0, 0);
    for (figures, mut tables) in shipped() {
        for figure in figures {
            for (index, rows) in groups(&figure, &tables) {
                let fewer = without(&tables[index], &rows);
                let whole = std::mem::replace(&mut tables[index], fewer);
                let svg = render(&figure, &tables, "", Theme::Print);
                let place = || format!("{} without {} rows of {}", figure.name, rows.len(), whole.name());
                assert!(svg.is_ok(), "{}: {}", place(), svg.expect_err("an error"));
                drawn += 1;
                said += usize::from(!absent(&figure, &tables).expect("read").is_empty());
                tables[index] = whole;
            }
        }
    }
    // splits lose a value without a word, selections do not
    assert!(drawn > 300 && said > 100 && said < drawn, "{said} of {drawn}");
}

use super::*;
use crate::agreement::judge;
use crate::figure::{Axis, By, Panel, Series};

const HOSTILE: &str = "</title></script><script>alert(\"1\")</script><img src=x onerror='x'>&amp;";

fn table(shift: f64) -> Table {
    Table::new("layers")
        .number("s", vec![1.5, 1.5, 2.5, 2.5])
        .and_then(|t| t.integer("layer", vec![0, 1, 0, 1]))
        .and_then(|t| t.integer("replicas", vec![100; 4]))
        .and_then(|t| t.number("a_theory", vec![0.5, 0.25, 0.75, 0.625]))
        .and_then(|t| t.number("a_mc", vec![0.5 + shift, 0.26, 0.75, 0.63]))
        .and_then(|t| t.number("a_stderr", vec![0.01; 4]))
        .expect("a table")
}

fn figure() -> Figure {
    let panel = Panel::new(Axis::linear("layer $l$"), Axis::linear("$A$"));
    let by = By::new("s", r"$\sigma_w = {}$");
    let panel = panel.compare("layers", "layer", "a", by);
    Figure::new("hostile", HOSTILE)
        .describe(HOSTILE)
        .height(80.0)
        .panel(panel.series(Series::verticals("layers", "layer").key("guide")))
}

fn experiment(id: &str, golden: Golden) -> ReportedExperiment {
    let tables = vec![table(0.0)];
    ReportedExperiment {
        id: id.to_owned(),
        family: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        seed: 7,
        values: 1,
        digest: "ab".repeat(32),
        toml: format!("title = '''{HOSTILE}'''\n"),
        figures: vec![(Figure { name: id.to_owned(), ..figure() }, Some(HOSTILE.to_owned()))],
        agreement: judge(&tables).expect("judged"),
        not_judged: vec![("t.shown", "no theory < 1")],
        tables,
        run: RunRecord { seconds: Some(1.5), simd: Some(HOSTILE.to_owned()), ..RunRecord::default() },
        golden,
    }
}

fn changed() -> Golden {
    let (old, new) = (table(0.5), table(0.0));
    let differences = crate::golden::compare(&old, &new).into_iter().collect();
    Golden::Changed(Changes { differences, remarks: vec![HOSTILE.to_owned()], tables: Ok(vec![old]) })
}

/// Values of an attribute.
fn values<'a>(html: &'a str, attribute: &str) -> Vec<&'a str> {
    let start = format!(" {attribute}=\"");
    let rest = html.split(&start).skip(1);
    rest.filter_map(|part| part.split('"').next()).collect()
}

#[test]
fn text_from_files_cannot_become_markup() {
    let html = page(&[experiment("one", changed()), experiment("two", Golden::Same)]).expect("a page");
    assert!(!html.contains("alert(\"1\")") && !html.contains("<img") && !html.contains("onerror='"));
    // scripts: the page's own two and one of data for each of the four drawings
    assert_eq!(html.matches("<script").count(), 6);
    assert_eq!(html.matches("</script>").count(), 6);
    assert_eq!(html.matches("</title>").count(), 1 + 4);
}

#[test]
fn names_of_elements_are_unique_and_point_somewhere() {
    let html = page(&[experiment("one", changed()), experiment("two", Golden::Same)]).expect("a page");
    let ids = values(&html, "id");
    let mut unique = ids.clone();
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(ids.len(), unique.len());
    let lists = ["aria-labelledby", "aria-describedby", "data-numbers", "for"];
    let lists = lists.iter().flat_map(|name| values(&html, name)).flat_map(str::split_whitespace);
    let links =
        values(&html, "href").into_iter().chain(values(&html, "xlink:href")).filter_map(|link| link.strip_prefix('#'));
    for name in lists.chain(links) {
        assert!(unique.binary_search(&name).is_ok(), "{name}");
    }
    // nothing outside
    for link in values(&html, "href").into_iter().chain(values(&html, "src")) {
        assert!(link.starts_with('#'), "{link}");
    }
    assert!(!html.contains("url(") && !html.contains("@import"));
}

#[test]
fn old_and_new_are_both_there_and_agreement_is_told_by_table() {
    let html = page(&[experiment("one", changed())]).expect("a page");
    for part in [
        "id=\"plot-one-old\"",
        "id=\"plot-one-new\"",
        "id=\"agreement-one\"",
        "<td class=\"number\">0.5</td>",
        "holds",
        "Not judged in <code>one</code>",
        "<li><code>t.shown</code>: no theory &lt; 1</li>",
    ] {
        assert!(html.contains(part), "{part}");
    }
    let same = page(&[experiment("one", Golden::Same)]).expect("a page");
    assert!(same.contains("Nothing differs: every number of 1 experiment") && !same.contains("plot-one-old"));
    let missing = page(&[experiment("one", Golden::Missing)]).expect("a page");
    assert!(
        missing.contains("no golden data to compare with for <code>one</code>") && !missing.contains("Nothing differs")
    );
}

#[test]
fn an_old_figure_that_cannot_be_drawn_says_why() {
    let golden = Golden::Changed(Changes { differences: vec![], remarks: vec![], tables: Err("<gone>".to_owned()) });
    let html = page(&[experiment("one", golden)]).expect("a page");
    assert!(html.contains("do not draw this figure: &lt;gone&gt;") && html.contains("id=\"plot-one-new\""));
}

#[test]
fn the_same_data_give_the_same_bytes() {
    let of = || page(&[experiment("one", changed()), experiment("two", Golden::Missing)]).expect("a page");
    assert_eq!(of(), of());
}

#[test]
fn what_all_runs_have_in_common_is_said_once() {
    let of = |threads: u64| {
        let run = RunRecord {
            seconds: Some(2.0),
            threads: Some(threads),
            simd: Some("avx2".to_owned()),
            ..RunRecord::default()
        };
        ReportedExperiment { run, ..experiment("two", Golden::Same) }
    };
    let one = ReportedExperiment { run: of(2).run, ..experiment("one", Golden::Same) };
    let html = page(&[one, of(2)]).expect("a page");
    assert!(
        html.contains("4.00 s in all")
            && html.contains("All ran with 2 threads, avx2.")
            && !html.contains("Machine and program")
    );
    let one = ReportedExperiment { run: of(1).run, ..experiment("one", Golden::Same) };
    let html = page(&[one, of(2)]).expect("a page");
    assert!(html.contains("<td class=\"hint\">1 thread</td>") && html.contains("All ran with avx2."));
}

#[test]
fn a_table_that_fails_is_named_with_its_cells() {
    let tables = vec![table(0.5)];
    let agreement = judge(&tables).expect("judged");
    let html = page(&[ReportedExperiment { agreement, tables, ..experiment("one", Golden::Same) }]).expect("a page");
    for part in [
        "fails in 1 cell</strong>",
        "disagree</a> in 1 of 1 experiment",
        "Where <code>one</code> fails",
        "50.00 standard errors",
    ] {
        assert!(html.contains(part), "{part}");
    }
    assert!(!page(&[experiment("one", Golden::Same)]).expect("a page").contains("class=\"failures\""));
}

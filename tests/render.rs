//! Figures: the same bytes twice, nothing cut off or covered, and errors that say where.

#[path = "render/absent.rs"]
mod absent_data;
mod groups;
mod legends;
mod live;

use neurodyn::figure::{Anchor, Axis, By, Contour, Figure, Heatmap, Legend, Panel, Place, Residual, Rule, Series};
use neurodyn::render::{Look, Problem, RenderError, Theme, check_label};
use neurodyn::table::{Table, Values};

/// Drawn for print.
fn render(figure: &Figure, tables: &[Table], metadata: &str) -> Result<String, RenderError> {
    neurodyn::render::render(figure, tables, metadata, Theme::Print)
}

fn numbers(name: &str, columns: &[(&str, &[f64])]) -> Table {
    columns.iter().fold(Table::new(name), |table, (column, values)| table.number(*column, values.to_vec()).unwrap())
}

/// Two series with theory, Monte Carlo and a correction.
fn layers() -> Table {
    let (mut weight, mut layer, mut theory, mut mc) = (vec![], vec![], vec![], vec![]);
    for (index, sigma_w) in [1.5, 2.5].into_iter().enumerate() {
        for l in 0..12_u32 {
            let expected = 0.9 - 0.8 / (1.0 + f64::from(l)) + 0.3 * index as f64;
            weight.push(sigma_w);
            layer.push(f64::from(l));
            theory.push(expected);
            mc.push(expected + 0.02 * (f64::from(l * 37 % 11) / 5.0 - 1.0));
        }
    }
    let stderr = vec![0.02; layer.len()];
    let columns: [(&str, &[f64]); 5] =
        [("sigma_w", &weight), ("layer", &layer), ("a_theory", &theory), ("a_mc", &mc), ("a_stderr", &stderr)];
    numbers("layers", &columns)
}

fn plane() -> Table {
    let cells = (0..20).flat_map(|i| (0..15).map(move |j| (f64::from(i), f64::from(j))));
    let cells: Vec<(f64, f64)> = cells.collect();
    let of = |f: fn(&(f64, f64)) -> f64| cells.iter().map(f).collect::<Vec<_>>();
    numbers("plane", &[("x", &of(|c| c.0)), ("y", &of(|c| c.1)), ("v", &of(|c| 1.0 + c.0 * c.0 + c.1 * c.1))])
}

fn compared() -> Panel {
    Panel::new(Axis::linear(r"layer $l$"), Axis::linear(r"activity $A^l$")).compare(
        "layers",
        "layer",
        "a",
        By::new("sigma_w", r"$\sigma_w = {}$"),
    )
}

fn everything() -> (Figure, Vec<Table>) {
    let map = Panel::new(Axis::linear("$x$"), Axis::linear("$y$"))
        .heatmap(Heatmap::new("plane", "x", "y", "v", r"$v$").log())
        .contour(Contour::new("plane", "x", "y", "v", vec![50.0, 200.0]).label("$v = {}$"));
    let marked = Panel::new(Axis::log10(r"$n$").range(1.0, 1e4), Axis::linear(r"$\bar{D}$").range(-0.5, 0.5))
        .rule(Rule::Horizontal(0.0))
        .rule(Rule::Vertical(100.0))
        .note(r"$\chi_1 \le 1$", 200.0, 0.2)
        .note_at(r"$\sqrt{\langle q \rangle}$", Place::Frame(1.0, 1.0), Anchor::End);
    let figure = Figure::new("everything", "Every mark")
        .describe("All marks at once")
        .double()
        .height(130.0)
        .columns(2)
        .panel(compared().title("$a$"))
        .panel(map)
        .panel(marked)
        .panel(compared().legend(Legend::Above));
    (figure, vec![layers(), plane()])
}

/// An axis over a range, alone in a figure.
fn ranged(x: Axis) -> String {
    let figure = Figure::new("ranged", "r").panel(Panel::new(x, Axis::linear("y").range(0.0, 1.0)));
    render(&figure, &[], "").unwrap()
}

/// Labels in order of drawing, with their place on the page.
fn labels(svg: &str) -> Vec<(String, f64, f64)> {
    let mut found = Vec::new();
    for piece in svg.split("<g aria-label=\"").skip(1) {
        let (label, rest) = piece.split_once('"').unwrap();
        let Some((_, matrix)) = rest.split_once("transform=\"matrix(").filter(|(before, _)| !before.contains('<'))
        else {
            continue;
        };
        let numbers: Vec<f64> = matrix.split(')').next().unwrap().split(' ').map(|n| n.parse().unwrap()).collect();
        found.push((label.to_owned(), numbers[4], numbers[5]));
    }
    found
}

fn texts(svg: &str) -> Vec<String> {
    labels(svg).into_iter().map(|(label, ..)| label).collect()
}

/// A minimal check that tags nest and attributes are quoted.
fn well_formed(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = xml;
    while let Some(start) = rest.find('<') {
        assert!(!rest[..start].contains('>'), "a stray > before {:?}", &rest[start..rest.len().min(start + 40)]);
        let end = start + rest[start..].find('>').expect("a tag that ends");
        let tag = &rest[start + 1..end];
        assert!(!tag.contains('<'), "{tag}");
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
        } else if !tag.starts_with('?') && !tag.ends_with('/') {
            open.push(tag.split(' ').next().unwrap());
        }
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for entity in xml.split('&').skip(1) {
        let name = entity.split(';').next().unwrap();
        assert!(["amp", "lt", "gt", "quot"].contains(&name), "&{name}");
    }
}

/// Corners of everything drawn outside of the definitions of glyphs, in points.
fn extremes(svg: &str) -> (f64, f64, f64, f64) {
    let body = svg.split_once("</defs>").unwrap().1;
    let (mut left, mut top, mut right, mut bottom) = (f64::INFINITY, f64::INFINITY, 0.0_f64, 0.0_f64);
    let tags = body.split("<path ").skip(1).map(|tag| tag.split('>').next().unwrap());
    // bars of labels have no style of their own and are in units of the font
    for path in tags.filter(|tag| tag.contains("stroke=") || tag.contains("fill=")) {
        let data = path.split(" d=\"").nth(1).unwrap().split('"').next().unwrap();
        for (x, y) in visited(data) {
            (left, top, right, bottom) = (left.min(x), top.min(y), right.max(x), bottom.max(y));
        }
    }
    (left, top, right, bottom)
}

/// Points that a path visits.
fn visited(data: &str) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    let commands: Vec<usize> = data.char_indices().filter(|(_, c)| c.is_ascii_alphabetic()).map(|(i, _)| i).collect();
    for (k, &start) in commands.iter().enumerate() {
        let end = commands.get(k + 1).copied().unwrap_or(data.len());
        let text = data[start + 1..end].replace('-', " -");
        let n: Vec<f64> = text.split_whitespace().map(|n| n.parse().unwrap()).collect();
        match &data[start..=start] {
            "M" => (x, y) = (n[0], n[1]),
            "m" => (x, y) = (x + n[0], y + n[1]),
            "h" => x += n[0],
            "v" => y += n[0],
            "a" => (x, y) = (x + n[5], y + n[6]),
            "l" => {
                for step in n.chunks(2) {
                    (x, y) = (x + step[0], y + step[1]);
                    points.push((x, y));
                }
            }
            "z" => {}
            other => panic!("command {other}"),
        }
        points.push((x, y));
    }
    points
}

/// A drawing depends on nothing but what the figure names: not on the order of tables and of columns, on what else is in them, or on what was drawn
/// before, in this thread or another.
#[test]
fn same_figure_same_bytes() {
    let (figure, tables) = everything();
    let drawn = render(&figure, &tables, "<a/>").unwrap();
    let other = numbers("unused", &[("x", &[1.0, 2.0])]);
    let turned = tables.iter().rev().map(|table| {
        let spare = Table::new(table.name()).with("spare", Values::Text(vec!["spare".into(); table.rows()])).unwrap();
        let columns = table.columns().iter().rev().cloned();
        columns.fold(spare, |table, (name, values)| table.with(name, values).unwrap())
    });
    let turned: Vec<Table> = std::iter::once(other).chain(turned).collect();
    ranged(Axis::log10("z").range(1e-3, 1e3));
    assert_eq!(render(&figure, &turned, "<a/>").unwrap(), drawn);
    let elsewhere = std::thread::spawn(move || render(&everything().0, &turned, "<a/>").unwrap());
    assert_eq!(elsewhere.join().unwrap(), drawn);
}

#[test]
fn documents_are_sound() {
    let (figure, tables) = everything();
    let svg = render(&figure, &tables, "<provenance seed=\"7\"/>").unwrap();
    well_formed(&svg);
    assert!(!svg.contains("<text") && !svg.contains("font-family"));
    assert!(svg.contains("role=\"img\"") && svg.contains("<title id=\"everything-title\">Every mark</title>"));
    assert!(svg.contains("<metadata><provenance seed=\"7\"/></metadata>"));
    assert!(svg.contains("width=\"178mm\" height=\"130mm\""));
    for letter in ["(a)", "(b)", "(c)", "(d)"] {
        assert!(texts(&svg).contains(&letter.to_owned()));
    }
}

#[test]
fn nothing_leaves_the_page() {
    let (figure, tables) = everything();
    let svg = render(&figure, &tables, "").unwrap();
    let (left, top, right, bottom) = extremes(&svg);
    let (width, height) = (178.0 / 25.4 * 72.0 + 0.01, 130.0 / 25.4 * 72.0 + 0.01);
    assert!(left >= 0.0 && top >= 0.0 && right <= width && bottom <= height, "{left} {top} {right} {bottom}");
    for (label, x, y) in labels(&svg) {
        assert!((0.0..width).contains(&x) && (0.0..height).contains(&y), "{label} at {x}, {y}");
    }
}

#[test]
fn lines_end_at_the_frame() {
    // a line far beyond a fixed range: no coordinate may leave the frame
    let table = numbers("wild", &[("x", &[0.0, 1.0, 2.0, 3.0]), ("y", &[0.5, 1e12, -1e300, 0.5])]);
    let panel =
        Panel::new(Axis::linear("x"), Axis::linear("y").range(0.0, 1.0)).series(Series::theory("wild", "x", "y"));
    let svg = render(&Figure::new("wild", "w").panel(panel), &[table], "").unwrap();
    let frame = svg.split("<path ").find(|path| path.contains("stroke-width=\".55\"")).unwrap();
    let corners = visited(frame.split(" d=\"").nth(1).unwrap().split('"').next().unwrap());
    let line = svg.split("<path ").find(|path| path.contains("stroke-width=\".9\"")).unwrap();
    for (x, y) in visited(line.split(" d=\"").nth(1).unwrap().split('"').next().unwrap()) {
        let inside = |v: f64, of: fn(&(f64, f64)) -> f64| {
            let values = corners.iter().map(of);
            v >= values.clone().fold(f64::INFINITY, f64::min) - 0.011 && v <= values.fold(0.0, f64::max) + 0.011
        };
        assert!(inside(x, |c| c.0) && inside(y, |c| c.1), "{x} {y}");
    }
}

#[test]
fn ticks_are_exact_and_few() {
    let ticks =
        |axis: Axis| -> Vec<String> { texts(&ranged(axis)).into_iter().take_while(|label| label != "x").collect() };
    assert_eq!(ticks(Axis::linear("x").range(0.0, 0.5)), ["0.0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
    assert_eq!(ticks(Axis::linear("x").range(-1.0, 1.0)), ["−1.0", "−0.5", "0.0", "0.5", "1.0"]);
    assert_eq!(ticks(Axis::linear("x").range(0.3, 0.9)), ["0.3", "0.4", "0.5", "0.6", "0.7", "0.8", "0.9"]);
    let decades = ticks(Axis::log10("x").range(1e-300, 1.0));
    assert_eq!(decades.first().map(String::as_str), Some("10^(−300)"));
    assert_eq!(decades.last().map(String::as_str), Some("10^0"));
    assert_eq!(
        ticks(Axis::log10("x").range(1e-3, 1e3)),
        ["10^(−3)", "10^(−2)", "10^(−1)", "10^0", "10^1", "10^2", "10^3"]
    );
    assert_eq!(ticks(Axis::log10("x").range(1.0, 6.0)), ["1", "2", "3", "4", "5", "6"]);
    // a common power of ten goes to the label of the axis
    let tiny = texts(&ranged(Axis::linear("x").range(-2e-5, 2e-5)));
    assert!(tiny.contains(&"−2.0".to_owned()) && tiny.contains(&"x (10^(−5))".to_owned()), "{tiny:?}");
    let widest = texts(&ranged(Axis::linear("x").range(-1e308, 1e308)));
    assert!(widest.contains(&"x (10^308)".to_owned()), "{widest:?}");
}

fn problem(figure: &Figure, tables: &[Table]) -> RenderError {
    render(figure, tables, "").unwrap_err()
}

#[test]
fn the_font_has_every_symbol() {
    let symbols = include_str!("../crates/render/src/symbols.rs");
    let names: Vec<&str> =
        symbols.lines().filter_map(|line| line.trim().strip_prefix("(\"")?.split('"').next()).collect();
    assert!(names.len() > 60 && names.iter().collect::<std::collections::BTreeSet<_>>().len() == names.len());
    for name in names {
        let note = format!(r"$\{name}_1^{{\bar{{x}}}} + \sqrt{{\hat{{y}}}}$");
        let panel =
            Panel::new(Axis::linear("x").range(0.0, 1.0), Axis::linear("y").range(0.0, 1.0)).note(note, 0.1, 0.5);
        render(&Figure::new("symbol", name).panel(panel), &[], "").unwrap();
    }
}

#[test]
fn broken_labels_are_errors_with_position() {
    for (label, position, hint) in [
        (r"$\sigma_", 8, "script"),
        (r"$\sigmaw$", 2, r"\sigmaw is not known"),
        (r"$x + \sgima$", 6, r"did you mean \sigma?"),
        (r"$\bar$", 5, r"\bar needs a symbol"),
        ("$x^2'$", 5, "a prime after the superscript"),
        (r"$\mathrm_1$", 8, r"\mathrm needs a letter"),
        ("a_b", 2, "outside of mathematics"),
        (r"$x^2^3$", 6, "second superscript"),
        ("$x", 1, "closes"),
        (r"$\bar{D$", 8, "closes"),
        (r"50\%", 3, "backslash"),
        ("$x § y$", 4, "'§' is not known"),
        ("\u{4e2d}", 1, "font has no"),
    ] {
        let panel = Panel::new(Axis::linear(label).range(0.0, 1.0), Axis::linear("y").range(0.0, 1.0));
        let error = problem(&Figure::new("broken", "b").panel(panel), &[]);
        assert_eq!(error.panel.as_deref(), Some("a"));
        let Problem::Markup(markup) = &*error.problem else { panic!("{label}: {error}") };
        assert_eq!(markup.position, position, "{error}");
        assert!(error.to_string().contains(hint), "{error}");
    }
}

#[test]
fn missing_data_are_errors_that_say_what_there_is() {
    let panel = |series: Series| Panel::new(Axis::linear("x"), Axis::log10("y")).series(series);
    let figure = |series: Series| Figure::new("data", "d").panel(compared()).panel(panel(series));
    let said = |series: Series| problem(&figure(series), &[layers()]).to_string();
    let error = said(Series::theory("layers", "layer", "a_theorie"));
    assert!(error.starts_with("figure data, panel (b): table layers: no number column a_theorie"), "{error}");
    assert!(error.contains("a_theory"), "{error}");
    assert!(said(Series::theory("nothing", "x", "y")).contains("no table nothing (tables: layers)"));
    let gap = numbers("plane", &[("x", &[0.0, 1.0, 0.0]), ("y", &[0.0, 0.0, 1.0]), ("v", &[1.0, 2.0, 3.0])]);
    let map = Panel::new(Axis::linear("x"), Axis::linear("y")).heatmap(Heatmap::new("plane", "x", "y", "v", "v"));
    assert!(problem(&Figure::new("gap", "g").panel(map), &[gap]).to_string().contains("3 rows for 2 x 2 points"));
    let exact = numbers(
        "exact",
        &[("x", &[0.0, 1.0]), ("q_theory", &[1.0, 1.0]), ("q_mc", &[1.0, 1.1]), ("q_stderr", &[0.0, 0.0])],
    );
    let strip =
        Panel::new(Axis::linear("x"), Axis::linear("y").range(0.0, 1.0)).residual(Residual::new("exact", "x", "q"));
    assert!(problem(&Figure::new("exact", "e").panel(strip), &[exact]).to_string().contains("q_stderr = 0"));
}

#[test]
fn residuals_of_rounding_lie_in_the_band() {
    let ulp = f64::EPSILON / 2.0;
    let table = numbers(
        "sure",
        &[
            ("x", &[0.0, 1.0]),
            ("q_theory", &[1.0 - ulp, 0.5]),
            ("q_mc", &[1.0 - 2.0 * ulp, 0.51]),
            ("q_stderr", &[0.001 * ulp, 0.01]),
        ],
    );
    let panel = Panel::new(Axis::linear("x"), Axis::linear("y").range(0.0, 1.0))
        .residual(Residual::new("sure", "x", "q"))
        .strip();
    let svg = render(&Figure::new("sure", "s").panel(panel), &[table], "").unwrap();
    // the strip keeps its ordinary range, with ticks at -2, 0 and 2
    assert!(texts(&svg).contains(&"2".to_owned()), "{:?}", texts(&svg));
}

#[test]
fn impossible_figures_are_errors() {
    let small = Figure::new("small", "s").height(12.0).panel(compared());
    assert!(problem(&small, &[layers()]).to_string().contains("no room"));
    let empty = Figure::new("empty", "e").panel(Panel::new(Axis::linear("x"), Axis::linear("y")));
    assert!(matches!(*problem(&empty, &[]).problem, Problem::Range { .. }));
    let named = Figure::new("../up", "n").panel(compared());
    assert!(problem(&named, &[layers()]).to_string().contains("snake case"));
    assert!(render(&Figure::new("none", "n"), &[], "").is_err());
}

#[test]
fn hostile_text_stays_text() {
    let hostile = "</title><script>\"&'$_^{}\\\u{1}";
    let table = Table::new("labels").text("kind", vec![hostile.replace('\u{1}', ""); 2]).unwrap();
    let table = table.number("x", vec![0.0, 1.0]).unwrap().number("y", vec![0.0, 1.0]).unwrap();
    let series = Series::theory("labels", "x", "y").by(By::new("kind", "${}$ and {}"));
    let figure = Figure::new("hostile", hostile)
        .describe(hostile)
        .panel(Panel::new(Axis::linear("a < b & \"c\""), Axis::linear("y")).series(series));
    let svg = render(&figure, &[table], "").unwrap();
    well_formed(&svg);
    assert!(!svg.contains("<script") && !svg.contains('\u{1}'));
    assert!(svg.contains("a &lt; b &amp; &quot;c&quot;"));
}

#[test]
fn arguments_may_be_single_symbols() {
    for label in [
        r"$\bar D$",
        r"$\bar\kappa^l$",
        r"$\sqrt 2$",
        r"$\phi'_1{}^2$",
        r"$\hat x_\sigma$",
        r"$\mathrm d x$",
        r"$\|x\|^*$",
    ] {
        check_label(label, false).unwrap();
    }
    // both forms are set alike
    let drawn = |label: &str| {
        let panel = Panel::new(Axis::linear(label).range(0.0, 1.0), Axis::linear("y").range(0.0, 1.0));
        render(&Figure::new("same", "s").panel(panel), &[], "").unwrap()
    };
    assert_eq!(drawn(r"$\bar D^l$"), drawn(r"$\bar{D}^{l}$"));
    assert_eq!(drawn(r"$\phi''_1$"), drawn(r"$\phi_1''$"));
    assert_ne!(drawn(r"$\bar D$"), drawn(r"$D$"));
}

#[test]
fn themes_differ_and_say_so() {
    let (figure, tables) = everything();
    let drawn = |theme| neurodyn::render::render(&figure, &tables, "", theme).unwrap();
    for &theme in Theme::ALL {
        assert_eq!(Look::of_svg(&drawn(theme)), Some(Look::from(theme)));
        well_formed(&drawn(theme));
    }
    assert_ne!(drawn(Theme::Print), drawn(Theme::Light));
    assert_eq!(Look::of_svg("<svg width=\"1mm\"><g data-theme=\"print\"/></svg>"), None);
}

/// Pseudo-random numbers from 0 to 1.
fn noise(count: usize, mut state: u64) -> Vec<f64> {
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..count).map(|_| next()).collect()
}

#[test]
fn large_sets_make_small_files() {
    let many = 200_000;
    let points = numbers("points", &[("x", &noise(many, 1)), ("y", &noise(many, 2))]);
    let axes = || Panel::new(Axis::linear("x"), Axis::linear("y"));
    let figure =
        Figure::new("points", "p").double().height(100.0).panel(axes().series(Series::points("points", "x", "y")));
    let svg = render(&figure, &[points], "").unwrap();
    assert!(svg.len() < 1_000_000, "{}", svg.len());
    // the cloud still fills the frame
    assert!(svg.matches("h0").count() > 20_000, "{}", svg.matches("h0").count());
    let long = 1_000_000;
    let xs: Vec<f64> = (0..long).map(|i| i as f64).collect();
    let spiral = |of: fn(f64) -> f64| (0..long).map(|i| i as f64 / 1e6 * of(i as f64 / 1e4)).collect::<Vec<f64>>();
    for (name, x, y) in [
        ("noise", xs, noise(long, 3)),
        ("spiral", spiral(|t| t - 2.0 * (t / 2.0).floor() - 1.0), spiral(|t| (t * 0.7).fract())),
    ] {
        let table = numbers("line", &[("x", &x), ("y", &y)]);
        let figure =
            Figure::new(name, "l").double().height(100.0).panel(axes().series(Series::theory("line", "x", "y")));
        let svg = render(&figure, &[table], "").unwrap();
        assert!(svg.len() < 1_000_000, "{name}: {}", svg.len());
    }
}

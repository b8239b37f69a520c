use super::*;
use neurodyn_figure::Face;
use neurodyn_provenance::Numbers;
use neurodyn_typeface::{Cut, Fonts, Label, LiveText, Set};

/// Every kind of element that the renderer writes: filled, stroked, dashed, translucent, crisp, and a glyph used twice.
const SVG: &str = r##"<svg xmlns="http://www.w3.org/2000/svg" width="25.4mm" height="12.7mm" viewBox="0 0 72 36">
<defs><path id="a" d="M0 0L500 0C500 500 300 700 0 700z"/></defs>
<path fill="#ffffff" d="M0 0h72v36h-72z"/>
<g fill="none" stroke-linejoin="round">
<path fill="#0000ff" shape-rendering="crispEdges" d="M10 10h10v10h-10z"/>
<path fill="#ff0000" fill-opacity=".3" d="M15 5h10v10h-10z"/>
<path stroke="#1a1a1a" stroke-width=".75" stroke-dasharray="4 2" d="M5 30l60 -10"/>
<g transform="matrix(.01 0 0 -.01 30 30)" fill="#1a1a1a"><use href="#a"/><use href="#a" x="600"/></g>
</g>
</svg>
"##;

fn provenance(dpi: Option<u32>) -> Provenance {
    Provenance {
        figure: "x".into(),
        title: "Activity – α".into(),
        description: "What it (shows)".into(),
        id: "x".into(),
        family: "activity".into(),
        seed: 7,
        values: 1,
        program: "neurodyn 1.2.3".into(),
        numbers: Numbers::new(&[("x.csv".into(), b"a\n1\n".to_vec())]),
        theme: "print".into(),
        look: Vec::new(),
        dpi,
        toml: "seed = 7\n".into(),
        data: Vec::new(),
        settings: Vec::new(),
    }
}

#[test]
fn each_format_gives_the_provenance_back_and_the_same_bytes_twice() {
    for (media, dpi) in [(Media::Pdf, None), (Media::Png, Some(300))] {
        let provenance = provenance(dpi);
        let file = export(SVG, media, &provenance).expect("exported");
        assert_eq!(file, export(SVG, media, &provenance).expect("exported"));
        assert_eq!(Provenance::from_file(&file), Ok((media, provenance)));
    }
}

#[test]
fn pixels_are_where_they_should_be() {
    let file = export(SVG, Media::Png, &provenance(Some(144))).expect("exported");
    let ((width, height), pixels) = decode_png(&file).expect("decoded");
    assert_eq!((width, height), (144, 72));
    // two pixels a point
    let at = |x: f32, y: f32| {
        let index = ((y * 2.0) as usize * 144 + (x * 2.0) as usize) * 3;
        [pixels[index], pixels[index + 1], pixels[index + 2]]
    };
    assert_eq!(at(1.0, 1.0), [255, 255, 255]);
    assert_eq!(at(12.0, 17.0), [0, 0, 255]);
    assert_eq!(at(22.0, 7.0), [255, 178, 178]);
    // the glyph: five points wide, seven high, from (30, 30) upwards, and again six points to the right
    assert_eq!(at(31.0, 28.0), [26, 26, 26]);
    assert_eq!(at(37.0, 28.0), [26, 26, 26]);
    assert_eq!(at(34.9, 23.2), [255, 255, 255]);
}

#[test]
fn a_pdf_says_what_it_is_and_holds_the_paths_as_vectors() {
    let file = export(SVG, Media::Pdf, &provenance(None)).expect("exported");
    let text = String::from_utf8_lossy(&file);
    assert!(text.starts_with("%PDF-1.5") && text.contains("/MediaBox [0 0 72 36]"), "{text}");
    for absent in ["/Image", "/Font", "Date", "/Type /Pattern"] {
        assert!(!text.contains(absent), "{absent}");
    }
    let start = file.windows(7).position(|window| window == b"stream\n").expect("a stream") + 7;
    let inflated = miniz_oxide::inflate::decompress_to_vec_zlib(&file[start..]).expect("deflated");
    let content = String::from_utf8(inflated).expect("operators");
    // the blue square, the dashed line, a glyph's curve
    for operators in ["0 0 1 rg", "10 26 m", "[4 2] 0 d", "0.75 w", "5 6 m\n65 16 l", " c\n"] {
        assert!(content.contains(operators), "{operators}: {content}");
    }
}

#[test]
fn what_a_page_cannot_hold_is_refused() {
    let with = |element: &str| SVG.replace("</g>\n</svg>", &format!("{element}</g>\n</svg>"));
    for (svg, reason) in [
        (with("<g opacity=\".5\"><path fill=\"#000\" d=\"M0 0h5v5z\"/></g>"), "an opacity, a clip, a mask or a filter"),
        (with("<path transform=\"scale(1 2)\" stroke=\"#000\" d=\"M0 0h5v5z\"/>"), "stretched in one direction"),
        (
            with(
                "<linearGradient id=\"l\"><stop offset=\"0\" stop-color=\"#000\"/><stop offset=\"1\" stop-color=\"#fff\"/></linearGradient><path fill=\"url(#l)\" d=\"M0 0h5v5z\"/>",
            ),
            "a gradient or a pattern",
        ),
        ("<svg".to_owned(), "x.pdf cannot be made"),
    ] {
        let error = export(svg.as_str(), Media::Pdf, &provenance(None)).expect_err(reason).to_string();
        assert!(error.starts_with("x.pdf cannot be made: ") && error.contains(reason), "{error}");
    }
    for dpi in [None, Some(0), Some(100_000)] {
        let error = export(SVG, Media::Png, &provenance(dpi)).expect_err("no such resolution").to_string();
        assert!(error.contains("30 to 1200 pixels an inch"), "{error}");
    }
}

/// A word with a space, a slanted letter and a script, typeset as outlines are.
fn live_text(face: Face) -> LiveText {
    let fonts = Fonts::load(face).expect("fonts");
    let mut x = 0.0;
    let mut set = |&(character, cut, percent): &(char, Cut, i32)| {
        let glyph = fonts.glyph(character, cut).expect("a glyph");
        let set = Set { glyph, character, x: f64::round(x) as i64, y: if percent < 100 { -150 } else { 0 }, percent };
        x += fonts.metrics(glyph).advance * f64::from(percent) / 100.0;
        set
    };
    let text = [('W', 100), ('A', 100), (' ', 100)].map(|(letter, percent)| (letter, Cut::Regular, percent));
    let scripts = [('σ', Cut::Italic, 100), ('w', Cut::Italic, 72)];
    let glyphs = text.iter().chain(&scripts).map(&mut set).collect();
    let label = Label { plain: "WA σ_w".into(), colour: [26, 26, 26], glyphs, bars: vec![[0, 700, 400, 46]] };
    LiveText { face, labels: vec![label] }
}

/// The streams of a PDF, inflated.
fn streams(file: &[u8]) -> Vec<Vec<u8>> {
    let at = |from: usize, word: &[u8]| file[from..].windows(word.len()).position(|window| window == word);
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(start) = at(from, b"\nstream\n") {
        from += start + 8;
        found.extend(miniz_oxide::inflate::decompress_to_vec_zlib(&file[from..]));
    }
    found
}

#[test]
fn live_labels_are_text_where_their_outlines_would_be() {
    let outlined = SVG.replace(
        "<g transform=\"matrix(.01 0 0 -.01 30 30)\"",
        "<g id=\"label-0\" transform=\"matrix(.01 0 0 -.01 30 30)\"",
    );
    for face in [Face::Serif, Face::Sans] {
        let text = live_text(face);
        let source = Source { svg: "<svg/>", live: Some((&outlined, &text)) };
        let file = export(source, Media::Pdf, &provenance(None)).expect("exported");
        assert_eq!(file, export(source, Media::Pdf, &provenance(None)).expect("exported"));
        let shown = String::from_utf8_lossy(&file);
        let (kind, program) = match face {
            Face::Serif => ("/CIDFontType0", "/FontFile3"),
            Face::Sans => ("/CIDFontType2", "/FontFile2"),
        };
        for part in [kind, program, "/Identity-H", "/ToUnicode", "/DW 0", "/Type0"] {
            assert!(shown.contains(part), "{part}");
        }
        assert!(!shown.contains("/Type3") && shown.matches("/Type /FontDescriptor").count() == 2);
        let streams = streams(&file);
        let content = String::from_utf8_lossy(&streams[0]);
        // the page has 36 points, so the baseline is 6 points from below; ten points an em
        let sigma = text.labels[0].glyphs[3];
        let at = |set: &Set| format!("{} {} Tm", 30.0 + set.x as f32 / 100.0, 6.0 + set.y as f32 / 100.0);
        for part in [
            "/regular 10 Tf",
            "1 0 0 1 30 6 Tm",
            "/italic 7.2 Tf",
            &at(&sigma),
            &at(&text.labels[0].glyphs[4]),
            "/ActualText",
        ] {
            assert!(content.contains(part), "{part}: {content}");
        }
        // three runs, and a bar four points long
        assert_eq!(content.matches(" Tj").count(), 3, "{content}");
        assert!(content.contains("30 13 m\n34 13 l\n34 13.46 l\n30 13.46 l\nh\nf\n"), "{content}");
        let mapped: Vec<String> = streams
            .iter()
            .map(|stream| String::from_utf8_lossy(stream).into_owned())
            .filter(|text| text.contains("beginbfchar"))
            .collect();
        assert_eq!(mapped.len(), 2);
        assert!(mapped[0].contains("<0057>") && mapped[1].contains("<03C3>"), "{mapped:?}");
    }
    let text = LiveText { face: Face::Serif, labels: Vec::new() };
    let pixels = |live| export(Source { svg: SVG, live }, Media::Png, &provenance(Some(144))).expect("exported");
    assert_eq!(pixels(None), pixels(Some((&outlined, &text))));
}

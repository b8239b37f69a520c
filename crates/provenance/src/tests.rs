use super::*;

fn sample() -> Provenance {
    Provenance {
        figure: "x_spread".into(),
        title: "A & B".into(),
        description: "<b> ]]> \"c\"".into(),
        id: "x".into(),
        family: "activity".into(),
        seed: u64::MAX,
        values: 3,
        program: "neurodyn 1.2.3".into(),
        numbers: Numbers::new(&[("x.b.csv".into(), b"b\n2\n".to_vec()), ("x.a.csv".into(), b"a\n1\n".to_vec())]),
        theme: "print".into(),
        look: Vec::new(),
        dpi: None,
        toml: "# </nd:toml></metadata><script>&amp;\r\ntitle = \"a & b\"\n\n# end  ".into(),
        data: vec![("my data.npy".into(), "00".repeat(32))],
        settings: vec!["title=\"a <b>\"".into(), "seed=5".into()],
    }
}

fn svg(inside: &str) -> String {
    format!("<svg xmlns=\"http://www.w3.org/2000/svg\"><metadata>{inside}</metadata></svg>")
}

#[test]
fn provenance_survives_hostile_text() {
    let provenance = sample();
    let svg = svg(&provenance.to_rdf(Media::Svg));
    assert!(!svg.contains("<script") && !svg.contains("<b>"));
    assert_eq!(Provenance::from_file(svg.as_bytes()), Ok((Media::Svg, provenance)));
}

#[test]
fn a_pdf_keeps_it_in_a_packet() {
    let provenance = sample();
    let pdf = |packets: &str| format!("%PDF-1.7\nstream\n{packets}\nendstream\n").into_bytes();
    let packet = provenance.to_xmp(Media::Pdf);
    assert_eq!(Provenance::from_file(&pdf(&packet)), Ok((Media::Pdf, provenance.clone())));
    for (packets, message) in [
        (String::new(), "holds no provenance"),
        (format!("{packet}{packet}"), "two XMP packets"),
        (packet.replace("<?xpacket end", "<?xpacket"), "no end"),
        (provenance.to_xmp(Media::Png), "says image/png, but it is application/pdf"),
    ] {
        let error = Provenance::from_file(&pdf(&packets)).expect_err(message).to_string();
        assert!(error.contains(message), "{error}");
    }
}

#[test]
fn what_is_foreign_or_damaged_is_named() {
    let good = sample().to_rdf(Media::Svg);
    for (file, message) in [
        ("GIF89a".to_owned(), "is no SVG, PDF or PNG file"),
        (svg(""), "holds no provenance"),
        (svg("<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"/>"), "holds no provenance"),
        (svg(&format!("{good}{good}")), "two descriptions"),
        (svg(&good.replace("nd:seed", "nd:sed")), "has no seed"),
        (svg(&good.replace("<nd:seed>", "<nd:seed>1</nd:seed><nd:seed>")), "has seed twice"),
        (svg(&good.replace(&u64::MAX.to_string(), "-1")), "gives \"-1\" as seed"),
        (svg(&good).replace("</metadata>", ""), "is damaged"),
        ("\u{89}PNG".to_owned(), "is no SVG, PDF or PNG file"),
    ] {
        let error = Provenance::from_file(file.as_bytes()).expect_err(message).to_string();
        assert!(error.contains(message), "{message}: {error}");
    }
    let error = Provenance::from_file(b"\x89PNG\r\n\x1a\n\0\0").expect_err("cut off").to_string();
    assert!(error.starts_with("is damaged"), "{error}");
    assert!(Provenance::from_file(b"<svg \xff").expect_err("no text").to_string().contains("not UTF-8"));
}

#[test]
fn contradictions_are_found() {
    let text = "family = \"activity\"\ntitle = \"t\"\nseed = 7\nvalues = 1\n[parameters]\n";
    let document = Document::parse(std::path::Path::new("x.toml"), text.to_owned()).expect("valid");
    let mut provenance = Provenance::new(&document, sample().numbers, "x", "t", "d");
    assert!(provenance.contradictions(&document).is_empty());
    provenance.seed = 8;
    assert_eq!(provenance.contradictions(&document), ["it states seed 8, but its experiment has seed 7"]);
}

#[test]
fn digests_see_names_and_bytes() {
    let of = |name, bytes: &[u8]| digest([(name, bytes)]);
    assert_eq!(of("a", b"1").len(), 64);
    assert_ne!(of("a", b"1"), of("b", b"1"));
    assert_ne!(of("a", b"1"), of("a", b"2"));
    let numbers = sample().numbers;
    assert_eq!(numbers.tables.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["x.a.csv", "x.b.csv"]);
}

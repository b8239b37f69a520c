use super::limits::{DEPTH, OBJECTS, SECTIONS};
use super::*;
use miniz_oxide::deflate::compress_to_vec_zlib;

/// A file of these objects, the first being the catalog, with a table of where they are.
fn file(objects: &[impl AsRef<[u8]>]) -> Vec<u8> {
    with_trailer(objects, "")
}

fn with_trailer(objects: &[impl AsRef<[u8]>], more: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{} 0 obj\n", index + 1).bytes());
        bytes.extend(object.as_ref());
        bytes.extend(b"\nendobj\n");
    }
    let at = bytes.len();
    bytes.extend(format!("{table}trailer\n<</Root 1 0 R{more}>>\nstartxref\n{at}\n%%EOF").bytes());
    bytes
}

fn stream(dictionary: &str, content: &[u8]) -> Vec<u8> {
    [format!("<<{dictionary}/Length {}>>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
}

const CATALOG: &[u8] = b"<</Type/Catalog/Pages 2 0 R>>";
const PAGES: &[u8] = b"<</Type/Pages/Kids[3 0 R]/Count 1>>";
const PACKET: &[u8] = b"a packet of ours";

/// One page whose content puts object 5 there, and whatever follows.
fn one_page(further: &[Vec<u8>]) -> Vec<u8> {
    let page = b"<</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<</XObject<</A 5 0 R>>>>>>";
    let start = [CATALOG.to_vec(), PAGES.to_vec(), page.to_vec(), stream("", b"q 1 0 0 1 72 72 cm /A Do Q")];
    file(&[&start, further].concat())
}

fn read_ours(bytes: &[u8]) -> Result<Document, PdfError> {
    read(bytes, &|packet| packet.ends_with(b"of ours"))
}

fn kinds(bytes: &[u8]) -> Vec<(usize, Kind)> {
    let document = read_ours(bytes).expect("readable");
    document.drawings.into_iter().map(|drawing| (drawing.page, drawing.kind)).collect()
}

fn refusal(bytes: &[u8]) -> String {
    read_ours(bytes).expect_err("refused").to_string()
}

/// A figure as a form, with its provenance in both places, one of them, or none.
fn figure(content: &[u8], on_form: bool, in_resources: bool, more: &str) -> Vec<u8> {
    let own = if on_form { "/Metadata 6 0 R" } else { "" };
    let properties = if in_resources { "/Properties<</neurodyn<</Metadata 6 0 R>>>>" } else { "" };
    let resources = format!("/Resources<<{properties}/ExtGState<</a 7 0 R>>>>");
    stream(&format!("/Type/XObject/Subtype/Form/BBox[0 0 10 10]{own}{resources}{more}"), content)
}

const DRAWN: &[u8] = b"/Source /neurodyn BDC /a gs 1 2 m 3.50 4 l S EMC";

fn paper(form: Vec<u8>, opacity: &str) -> Vec<u8> {
    let state = format!("<</Type/ExtGState/ca {opacity}>>").into_bytes();
    one_page(&[form, stream("/Type/Metadata", PACKET), state])
}

fn only_figure(bytes: &[u8]) -> std::sync::Arc<Figure> {
    match kinds(bytes).pop() {
        Some((1, Kind::Figure(figure))) => figure,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_figure_is_found_by_either_of_its_marks() {
    for (on_form, in_resources) in [(true, true), (true, false), (false, true)] {
        let found = only_figure(&paper(figure(DRAWN, on_form, in_resources, ""), ".5"));
        assert_eq!(found.packet, PACKET);
    }
    assert!(matches!(kinds(&paper(figure(DRAWN, false, false, ""), ".5"))[..], [(1, Kind::Bare(_))]));
    let unmarked = figure(b"1 2 m 3 4 l S", false, false, "");
    assert!(matches!(kinds(&paper(unmarked.clone(), ".5"))[..], [(1, Kind::Foreign("a drawing"))]));
    let noted = figure(b"1 2 m 3 4 l S", false, false, "/PTEX.InfoDict<</Producer(neurodyn 0.0.1)>>");
    assert!(matches!(kinds(&paper(noted, ".5"))[..], [(1, Kind::Bare(_))]));
    let image = stream("/Subtype/Image/Width 1/Height 1", b"x");
    assert!(matches!(kinds(&one_page(&[image]))[..], [(1, Kind::Foreign("an image"))]));
    // two packets of ours that differ
    let two = stream(
        "/Subtype/Form/BBox[0 0 10 10]/Metadata 6 0 R/Resources<</Properties<</neurodyn<</Metadata 7 0 R>>>>>>",
        DRAWN,
    );
    let two = one_page(&[two, stream("", PACKET), stream("", b"another of ours")]);
    assert!(matches!(kinds(&two)[..], [(1, Kind::Bare("it states two provenances, which differ"))]));
}

#[test]
fn a_single_page_that_is_a_figure_is_the_file_of_a_figure() {
    let page = "<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Metadata 5 0 R/Contents 4 0 R>>";
    let with = |catalog: &str, pages: &str, page: &str| {
        let rest = [stream("", b"f"), stream("", PACKET), b"<</Type/Page/MediaBox[0 0 9 9]>>".to_vec()];
        let start = [catalog, pages, page].map(|text| text.as_bytes().to_vec());
        read_ours(&file(&[&start[..], &rest].concat())).expect("readable")
    };
    let (catalog, pages) = ("<</Pages 2 0 R>>", "<</Kids[3 0 R]>>");
    let own = with(catalog, pages, page);
    assert!(own.whole && own.drawings.len() == 1);
    assert!(with("<</Pages 2 0 R/Metadata 5 0 R>>", pages, "<</Contents 4 0 R>>").whole);
    assert!(!with(catalog, pages, "<</Contents 4 0 R>>").whole);
    // one page of two
    let two = with("<</Pages 2 0 R/Metadata 5 0 R>>", "<</Kids[3 0 R 6 0 R]>>", page);
    assert!(!two.whole && two.drawings.len() == 1 && two.drawings[0].page == 1);
}

#[test]
fn figures_are_compared_by_what_they_draw() {
    let meant = only_figure(&paper(figure(DRAWN, true, true, ""), ".5"));
    let of = |content: &[u8], opacity: &str| {
        let packed = compress_to_vec_zlib(content, 6);
        let form = figure(&packed, true, false, "/Filter/FlateDecode");
        difference(&only_figure(&paper(form, opacity)), &meant)
    };
    assert_eq!(of(DRAWN, ".5"), None);
    assert_eq!(of(b"/Source/neurodyn BDC\n/a gs % x\n1.0 2 m +3.5 4. l\nS EMC\n", "0.5"), None);
    let said = of(b"/Source /neurodyn BDC /a gs 1 2 m 3.51 4 l S EMC", ".5").expect("a difference");
    assert_eq!(said, "operator 4 is \"3.51 4 l\" where \"3.5 4 l\" is meant");
    assert_eq!(of(DRAWN, ".6").as_deref(), Some("its resource /ExtGState/a/ca is not the one meant"));
    assert!(of(&DRAWN[..DRAWN.len() - 4], ".5").is_some_and(|said| said.starts_with("it ends after 5")));
    assert!(of(&[DRAWN, b" f"].concat(), ".5").is_some_and(|said| said.contains("goes on with \"f\"")));
    assert!(of(&[DRAWN, b" 7"].concat(), ".5").is_some_and(|said| said.contains("goes on with \"7 \"")));
    let framed = String::from_utf8(figure(DRAWN, true, true, "")).expect("text").replace("0 0 10 10", "0 0 10 9");
    let framed = only_figure(&paper(framed.into_bytes(), ".5"));
    assert!(difference(&framed, &meant).is_some_and(|said| said.contains("frame")));
}

#[test]
fn embedded_fonts_are_compared_however_they_are_packed() {
    let with = |font: Vec<u8>, name: &str| {
        let resources = "/Resources<</Properties<</neurodyn<</Metadata 6 0 R>>>>/Font<</F 8 0 R>>/ProcSet[/PDF]>>";
        let form = stream(&format!("/Subtype/Form/BBox[0 0 10 10]{resources}"), b"BT /F 9 Tf (x) Tj ET");
        let font_of = format!("<</Type/Font/Subtype/TrueType/BaseFont/{name}/FontDescriptor<</FontFile2 9 0 R>>>>");
        only_figure(&one_page(&[form, stream("", PACKET), Vec::from("null"), font_of.into_bytes(), font]))
    };
    let plain = with(stream("/Length1 8", b"outlines"), "A");
    let packed = stream("/Filter/FlateDecode/Length1 8", &compress_to_vec_zlib(b"outlines", 6));
    assert_eq!(difference(&with(packed, "A"), &plain), None);
    let said = |found: &Figure| difference(found, &plain).expect("a difference");
    let place = "its resource /Font/F/FontDescriptor/FontFile2 is not the one meant";
    assert_eq!(said(&with(stream("/Length1 8", b"outlinez"), "A")), place);
    assert_eq!(
        said(&with(stream("/Length1 8", b"outlines"), "B")),
        "its resource /Font/F/BaseFont is not the one meant"
    );
}

#[test]
fn drawings_in_drawings_are_found_and_circles_refused() {
    let wrapper = |inner: &[u8]| stream("/Subtype/Form/Resources<</XObject<</B 8 0 R>>>>", inner);
    let rest = [stream("", PACKET), b"<</ca .5>>".to_vec(), figure(DRAWN, true, true, "")];
    let with = |inner: &[u8]| kinds(&one_page(&[&[wrapper(inner)][..], &rest].concat()));
    assert!(matches!(with(b"q /B Do Q /B Do")[..], [(1, Kind::Figure(_))]));
    assert!(matches!(with(b"/B Do 0 0 m 1 1 l S")[..], [(1, Kind::Foreign("a drawing")), (1, Kind::Figure(_))]));
    let circle = stream("/Subtype/Form/Resources<</XObject<</B 5 0 R>>>>", b"/B Do");
    assert!(refusal(&one_page(&[circle])).contains("contains itself"));
    let chain: Vec<Vec<u8>> = (6..6 + 2 * DEPTH)
        .map(|next| stream(&format!("/Subtype/Form/Resources<</XObject<</B {next} 0 R>>>>"), b"/B Do"))
        .collect();
    assert!(refusal(&one_page(&chain)).contains("levels of nesting"));
    let inline = file(&[CATALOG, PAGES, b"<</Contents 4 0 R>>", &stream("", b"BI /W 1 /H 1 ID \0EIx EI Q")]);
    assert!(matches!(kinds(&inline)[..], [(1, Kind::Foreign("an image"))]));
}

#[test]
fn trees_of_pages_end() {
    for kids in ["2 0 R", "3 0 R 3 0 R"] {
        let pages = format!("<</Kids[{kids}]>>");
        let found = refusal(&file(&[CATALOG, pages.as_bytes(), b"<</Type/Page>>"]));
        assert!(found.contains("stands twice in its tree of pages"), "{found}");
    }
    let mut deep = vec![CATALOG.to_vec()];
    deep.extend((3..200).map(|next| format!("<</Kids[{next} 0 R]>>").into_bytes()));
    deep.push(b"<</Type/Page>>".to_vec());
    assert!(refusal(&file(&deep)).contains("levels of nesting"));
    let many = vec!["7 0 R"; 3_000_000].join(" ");
    let many = file(&[CATALOG.to_vec(), format!("<</Kids[{many}]>>").into_bytes()]);
    assert!(refusal(&many).contains("values"));
}

/// A file with a cross-reference stream of these rows.
fn with_rows(objects: &[(u32, &[u8])], rows: &[[u32; 3]], more: &str) -> Vec<u8> {
    let mut bytes = b"%PDF-1.5\n".to_vec();
    let mut rows = rows.to_vec();
    for (number, object) in objects {
        rows[*number as usize] = [1, bytes.len() as u32, 0];
        bytes.extend(format!("{number} 0 obj\n").bytes());
        bytes.extend(*object);
        bytes.extend(b"\nendobj\n");
    }
    let at = bytes.len();
    let packed: Vec<u8> = rows
        .iter()
        .flat_map(|[kind, second, third]| {
            [&[*kind as u8][..], &second.to_be_bytes(), &(*third as u16).to_be_bytes()].concat()
        })
        .collect();
    let dictionary = format!("/Type/XRef/Root 1 0 R/W[1 4 2]/Size {}/Filter/FlateDecode{more}", rows.len());
    bytes.extend(b"99 0 obj\n");
    bytes.extend(stream(&dictionary, &compress_to_vec_zlib(&packed, 6)));
    bytes.extend(format!("\nendobj\nstartxref\n{at}\n%%EOF").bytes());
    bytes
}

#[test]
fn packed_objects_are_read_and_their_circles_refused() {
    let inside = b"1 0 2 30 3 60 <</Type/Catalog/Pages 2 0 R>> <</Kids[3 0 R]>>               <</Type/Page>>";
    let first = inside.iter().position(|&byte| byte == b'<').expect("a dictionary");
    let packed = |more: &str| stream(&format!("/Type/ObjStm/N 3/First {first}{more}"), inside);
    let rows = [[0, 0, 0], [2, 4, 0], [2, 4, 1], [2, 4, 2], [0, 0, 0]];
    let document = read_ours(&with_rows(&[(4, &packed(""))], &rows, "")).expect("readable");
    assert_eq!((document.pages, document.drawings.len()), (1, 0));
    // a stream in itself, in another one, not there, of another number, with a length in itself
    for (rows, said) in [
        ([[0, 0, 0], [2, 4, 0], [2, 4, 1], [2, 4, 2], [2, 4, 0]], "is not in the file"),
        ([[0, 0, 0], [2, 7, 0], [2, 4, 1], [2, 4, 2], [0, 0, 0]], "is not in the file"),
        ([[0, 0, 0], [2, 4, 1], [2, 4, 1], [2, 4, 2], [0, 0, 0]], "object 1 is not in stream 4"),
    ] {
        let mut bytes = with_rows(&[(4, &packed(""))], &rows, "");
        if rows[4] == [2, 4, 0] {
            bytes = with_rows(&[], &rows, "");
        }
        let found = refusal(&bytes);
        assert!(found.contains(said), "{found}");
    }
    let own_length = b"<</N 3/First 9/Length 1 0 R>>\nstream\n\nendstream";
    let found = refusal(&with_rows(&[(4, own_length)], &rows, ""));
    assert!(found.contains("levels of nesting"), "{found}");
    // rows of PNG's predictor, as most programs write them
    let found = refusal(&with_rows(&[(4, &packed(""))], &rows, "/DecodeParms<</Predictor 2>>"));
    assert!(found.contains("predictor 2"), "{found}");
}

#[test]
fn bombs_are_refused() {
    let zeros = vec![b' '; 65 << 20];
    let bomb = compress_to_vec_zlib(&zeros, 6);
    assert!(bomb.len() < 1 << 17);
    let content = stream("/Filter/FlateDecode", &bomb);
    let found = refusal(&file(&[CATALOG, PAGES, b"<</Contents 4 0 R>>", &content]));
    assert!(found.contains("bytes in an unfolded stream"), "{found}");
    // many that are each just small enough
    let part = compress_to_vec_zlib(&zeros[..60 << 20], 6);
    let forms: Vec<Vec<u8>> = (0..5).map(|_| stream("/Subtype/Form/Filter/FlateDecode", &part)).collect();
    let names: String = (0..5).map(|index| format!("/A{index} {} 0 R", index + 5)).collect();
    let page = format!("<</Contents 4 0 R/Resources<</XObject<<{names}>>>>>>").into_bytes();
    let all: String = (0..5).map(|index| format!("/A{index} Do ")).collect();
    let start = [CATALOG.to_vec(), PAGES.to_vec(), page, stream("", all.as_bytes())];
    let found = refusal(&file(&[&start[..], &forms].concat()));
    assert!(found.contains("bytes of unfolded streams"), "{found}");
    // a filter over a filter
    let twice = stream("/Filter[/FlateDecode/FlateDecode]", &compress_to_vec_zlib(&bomb, 6));
    let found = refusal(&file(&[CATALOG, PAGES, b"<</Contents 4 0 R>>", &twice]));
    assert!(found.contains("bytes in an unfolded stream"), "{found}");
    let deep = [vec![b'['; 100_000], vec![b']'; 100_000]].concat();
    assert!(refusal(&file(&[deep])).contains("levels of nesting"));
    let wide = [b"[".to_vec(), b"0 ".repeat(5_000_000), b"]".to_vec()].concat();
    assert!(refusal(&file(&[wide])).contains("values"));
    let dictionaries = [b"[".to_vec(), b"<<>>".repeat(500_000), b"]".to_vec()].concat();
    assert!(refusal(&file(&[dictionaries])).contains("values"));
    let long = [b"(".to_vec(), vec![b'x'; 17 << 20], b")".to_vec()].concat();
    assert!(refusal(&file(&[long])).contains("bytes in a text"));
    let operands = stream("", &b"0 ".repeat(100_000));
    let found = refusal(&file(&[CATALOG, PAGES, b"<</Contents 4 0 R>>", &operands]));
    assert!(found.contains("operands"), "{found}");
}

#[test]
fn objects_that_reach_over_all_others_are_refused() {
    // each is a page and a comment to the end of a line of a megabyte
    let parts: Vec<String> = (1..60_000).map(|number| format!("{number} 0 obj<</Type/Page>>%")).collect();
    let mut table = String::from("xref\n0 60001\n0000000000 65535 f \n");
    let mut bytes = b"%PDF-1.5\n".to_vec();
    for part in &parts {
        table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
        bytes.extend(part.bytes());
    }
    bytes.push(b'\n');
    table.push_str(&format!("{:010} 00000 n \n", bytes.len()));
    let kids: String = (1..60_000).map(|number| format!("{number} 0 R ")).collect();
    bytes.extend(format!("60000 0 obj<</Kids[{kids}]>>\n").bytes());
    let at = bytes.len();
    bytes.extend(format!("{table}trailer<</Root<</Pages 60000 0 R>>>>\nstartxref\n{at}\n%%EOF").bytes());
    let found = refusal(&bytes);
    assert!(found.contains("bytes of objects"), "{found}");
}

#[test]
fn tables_are_bounded_and_end() {
    let good = file(&[CATALOG, PAGES, b"<</Type/Page>>"]);
    assert_eq!(read_ours(&good).expect("readable").pages, 1);
    let text = String::from_utf8(good.clone()).expect("text");
    let at = text.find("xref\n").expect("a table");
    let circle = with_trailer(&[CATALOG, PAGES, b"<</Type/Page>>"], &format!("/Prev {at}"));
    assert!(refusal(&circle).contains("circle"));
    let huge = text.replace("xref\n0 4", "xref\n0 4000000000");
    assert!(refusal(huge.as_bytes()).contains("cross-reference table is broken"));
    let entries = "0000000000 65535 f \n".repeat(OBJECTS as usize + 1);
    let many = format!("%PDF-1.5\nxref\n0 {}\n{entries}trailer<<>>\nstartxref\n9\n%%EOF", OBJECTS + 1);
    assert!(refusal(many.as_bytes()).contains("more than 1000000 objects"));
    let mut chain = b"%PDF-1.5\n".to_vec();
    let mut before = 0;
    for index in 0..SECTIONS + 2 {
        let previous = if index == 0 { String::new() } else { format!("/Prev {before}") };
        before = chain.len();
        chain.extend(format!("xref\n0 0\ntrailer<<{previous}>>\n").bytes());
    }
    chain.extend(format!("startxref\n{before}\n%%EOF").bytes());
    assert!(refusal(&chain).contains("cross-reference tables"));
    assert!(refusal(&with_trailer(&[CATALOG, PAGES], "/Encrypt 3 0 R")).contains("encrypted"));
    let packed = stream("/Filter/LZWDecode", b"x");
    assert!(refusal(&file(&[CATALOG, PAGES, b"<</Contents 4 0 R>>", &packed])).contains("LZWDecode"));
    for length in 0..good.len() {
        assert!(read_ours(&good[..length]).is_err() || length >= good.len() - 6, "{length}");
    }
}

#[test]
fn every_byte_may_be_damaged() {
    let good = paper(figure(DRAWN, true, true, ""), ".5");
    assert!(read_ours(&good).is_ok());
    let mut refused = 0;
    for at in 0..good.len() {
        for byte in [0, b' ', b'(', b'<', b'[', b'9', b'/', 255, good[at] ^ 1] {
            let mut bytes = good.clone();
            bytes[at] = byte;
            refused += usize::from(read_ours(&bytes).is_err());
        }
    }
    assert!(refused > 100, "{refused}");
}

use super::fonts::file as whole;
use super::web::file;
use super::*;
use neurodyn_figure::Face;
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, GlyphId, MetadataProvider};

/// A label of these characters in a row, each at its place, in the cut that is asked for.
fn label(fonts: &Fonts, text: &[(char, Cut, i32)]) -> Label {
    let mut x = 0.0;
    let mut place = |&(character, cut, percent): &(char, Cut, i32)| {
        let glyph = fonts.glyph(character, cut).expect("a glyph");
        let set = Set { glyph, character, x: f64::round(x) as i64, y: if percent < 100 { -150 } else { 0 }, percent };
        x += fonts.metrics(glyph).advance * f64::from(percent) / 100.0;
        set
    };
    let glyphs = text.iter().map(&mut place).collect();
    Label { plain: text.iter().map(|row| row.0).collect(), colour: [26; 3], glyphs, bars: Vec::new() }
}

fn outline(font: &FontRef, id: u16) -> String {
    use skrifa::outline::DrawSettings;
    use skrifa::outline::pen::SvgPen;
    let mut pen = SvgPen::new();
    let glyph = font.outline_glyphs().get(GlyphId::from(id)).expect("an outline");
    glyph.draw(DrawSettings::unhinted(Size::unscaled(), LocationRef::default()), &mut pen).expect("drawn");
    pen.to_string()
}

const TEXT: &[(char, Cut, i32)] = &[
    ('A', Cut::Regular, 100),
    (' ', Cut::Regular, 100),
    ('é', Cut::Regular, 100),
    ('σ', Cut::Italic, 100),
    ('w', Cut::Italic, 72),
    ('≪', Cut::Italic, 100),
    ('a', Cut::Bold, 100),
];

#[test]
fn subsets_have_the_outlines_and_advances_of_the_whole_font() {
    for &face in Face::ALL {
        let fonts = Fonts::load(face).expect("fonts");
        let live = LiveText { face, labels: vec![label(&fonts, TEXT)] };
        let subsets = live.subsets().expect("subsets");
        assert_eq!(subsets.iter().map(|subset| subset.cut).collect::<Vec<_>>(), Cut::ALL);
        assert_eq!(subsets, live.subsets().expect("subsets"));
        for set in &live.labels[0].glyphs {
            let subset = subsets.iter().find(|subset| subset.cut == set.glyph.cut).expect("its cut");
            let number = subset.number(set.glyph.id).expect("a number");
            let (part, font) = (FontRef::new(&subset.file).unwrap(), FontRef::new(whole(face, subset.cut)).unwrap());
            assert_eq!(outline(&part, number), outline(&font, set.glyph.id), "{face:?} {}", set.character);
            assert_eq!(f64::from(subset.advances[usize::from(number)]), fonts.metrics(set.glyph).advance);
            assert_eq!(subset.characters[&set.character], number);
            // in the font for browsers the character leads there
            let bytes = file(subset).expect("a file");
            let web = FontRef::new(&bytes).expect("a font");
            assert_eq!(web.charmap().map(set.character), Some(GlyphId::from(number)), "{face:?} {}", set.character);
            assert_eq!(web.charmap().map('Z'), None);
            assert_eq!(outline(&web, number), outline(&font, set.glyph.id));
            assert_eq!(subset.postscript().is_some(), face == Face::Serif);
        }
        let sizes: Vec<usize> = subsets.iter().map(|subset| subset.file.len()).collect();
        assert!(sizes.iter().all(|&size| size < 6_000), "{sizes:?}");
    }
}

#[test]
fn runs_go_on_where_the_font_would_and_break_where_it_would_not() {
    let fonts = Fonts::load(Face::Serif).expect("fonts");
    let mut label = label(
        &fonts,
        &[("a", 100), ("b", 100), ("c", 72), ("d", 72)].map(|(c, p)| (c.chars().next().unwrap(), Cut::Regular, p)),
    );
    let texts = |label: &Label| -> Vec<String> {
        label.runs(&fonts).iter().map(|run| run.glyphs.iter().map(|pair| pair.1).collect()).collect()
    };
    assert_eq!(texts(&label), ["ab", "cd"]);
    assert!(!label.runs(&fonts)[1].apart);
    label.glyphs.iter_mut().skip(1).for_each(|set| set.x += 250);
    assert_eq!(texts(&label), ["a", "b", "cd"]);
    assert_eq!(label.runs(&fonts).iter().map(|run| run.apart).collect::<Vec<_>>(), [false, true, false]);
}

#[test]
fn the_sum_of_a_font_file_is_what_its_head_says() {
    let fonts = Fonts::load(Face::Sans).expect("fonts");
    let live = LiveText { face: Face::Sans, labels: vec![label(&fonts, TEXT)] };
    for subset in live.subsets().expect("subsets") {
        let bytes = file(&subset).expect("a file");
        let word = |chunk: &[u8]| u32::from_be_bytes(chunk.try_into().expect("whole words"));
        assert_eq!(bytes.len() % 4, 0);
        assert_eq!(bytes.chunks(4).map(word).fold(0, u32::wrapping_add), 0xb1b0_afba);
    }
}

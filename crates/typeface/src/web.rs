//! A subset as a font for browsers: its tables, and those that a font in PDF does without.

use super::fonts::{Cut, FontError};
use super::subset::Subset;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use skrifa::{FontRef, Tag};

/// The font as the text of a `url(...)`.
pub fn web_font(subset: &Subset) -> Result<String, FontError> {
    let media = if subset.postscript().is_some() { "otf" } else { "ttf" };
    Ok(format!("data:font/{media};base64,{}", STANDARD.encode(file(subset)?)))
}

/// A whole OpenType file.
pub(super) fn file(subset: &Subset) -> Result<Vec<u8>, FontError> {
    let font = FontRef::new(&subset.file).map_err(|error| FontError(error.to_string()))?;
    let mut tables: Vec<([u8; 4], Vec<u8>)> = Vec::new();
    for record in font.table_directory().table_records() {
        let tag = record.tag();
        let data = font.table_data(tag).map(|data| data.as_bytes().to_vec());
        // hints are for sizes in pixels; names are those of the whole font
        if ![*b"name", *b"cvt ", *b"fpgm", *b"prep"].map(|tag| Tag::new(&tag)).contains(&tag) {
            tables.extend(data.map(|data| (tag.to_be_bytes(), data)));
        }
    }
    tables.push((*b"OS/2", os2(subset)?));
    tables.push((*b"cmap", cmap(subset)));
    tables.push((*b"name", name(subset)));
    tables.sort();
    Ok(assemble(subset.postscript().is_some(), &tables))
}

/// Puts tables into a file: directory, checksums, alignment.
fn assemble(postscript: bool, tables: &[([u8; 4], Vec<u8>)]) -> Vec<u8> {
    let count = tables.len() as u16;
    let selector = count.ilog2() as u16;
    let range = 16 << selector;
    let mut file = if postscript { b"OTTO".to_vec() } else { vec![0, 1, 0, 0] };
    put(&mut file, &[count, range, selector, 16 * count - range]);
    let mut offset = 12 + 16 * tables.len();
    let mut whole = 0;
    for (tag, data) in tables {
        file.extend(tag);
        let at = (*tag == *b"head").then_some(offset + 8);
        whole = at.unwrap_or(whole);
        [sum(&unsummed(tag, data)), offset as u32, data.len() as u32].iter().for_each(|v| file.extend(v.to_be_bytes()));
        offset += data.len().next_multiple_of(4);
    }
    for (tag, data) in tables {
        file.extend(unsummed(tag, data));
        file.resize(file.len().next_multiple_of(4), 0);
    }
    let adjustment = 0xb1b0_afba_u32.wrapping_sub(sum(&file));
    file[whole..whole + 4].copy_from_slice(&adjustment.to_be_bytes());
    file
}

/// The table as it is summed up: `head` without the sum of the file.
fn unsummed(tag: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut data = data.to_vec();
    if tag == b"head" {
        data[8..12].fill(0);
    }
    data
}

fn sum(data: &[u8]) -> u32 {
    let word = |chunk: &[u8]| (0..4).fold(0, |word, i| word << 8 | u32::from(chunk.get(i).copied().unwrap_or(0)));
    data.chunks(4).fold(0, |sum: u32, chunk| sum.wrapping_add(word(chunk)))
}

fn put(bytes: &mut Vec<u8>, values: &[u16]) {
    values.iter().for_each(|value| bytes.extend(value.to_be_bytes()));
}

/// Characters of the basic plane to glyphs, format 4: a segment for each character, and one that ends the list.
fn cmap(subset: &Subset) -> Vec<u8> {
    let basic = |(&character, &glyph): (&char, &u16)| Some((u16::try_from(u32::from(character)).ok()?, glyph));
    let mut pairs: Vec<(u16, u16)> = subset.characters.iter().filter_map(basic).collect();
    pairs.push((0xffff, 0));
    let count = pairs.len() as u16;
    let range = 2 << count.ilog2();
    let mut bytes = Vec::new();
    put(&mut bytes, &[0, 1, 3, 1, 0, 12]);
    put(&mut bytes, &[4, 16 + 8 * count, 0, 2 * count, range, count.ilog2() as u16, 2 * count - range]);
    pairs.iter().for_each(|&(character, _)| put(&mut bytes, &[character]));
    put(&mut bytes, &[0]);
    pairs.iter().for_each(|&(character, _)| put(&mut bytes, &[character]));
    pairs.iter().for_each(|&(character, glyph)| put(&mut bytes, &[glyph.wrapping_sub(character)]));
    pairs.iter().for_each(|_| put(&mut bytes, &[0]));
    bytes
}

fn name(subset: &Subset) -> Vec<u8> {
    let full = subset.name().replace('+', "-");
    let texts = [(1, full.as_str()), (2, subset.cut.name()), (4, full.as_str()), (6, full.as_str())];
    let (mut records, mut text) = (Vec::new(), Vec::new());
    put(&mut records, &[0, texts.len() as u16, 6 + 12 * texts.len() as u16]);
    for (number, value) in texts {
        let start = text.len() as u16;
        put(&mut text, &value.encode_utf16().collect::<Vec<u16>>());
        put(&mut records, &[3, 1, 0x409, number, text.len() as u16 - start, start]);
    }
    records.extend(text);
    records
}

/// Metrics for Windows, version 4.
fn os2(subset: &Subset) -> Result<Vec<u8>, FontError> {
    let descriptor = subset.descriptor()?;
    let unit = |value: f32| value.round() as i16 as u16;
    let (weight, selection) = match subset.cut {
        Cut::Regular => (400, 1 << 6),
        Cut::Italic => (400, 1),
        Cut::Bold => (700, 1 << 5),
    };
    let codes = || subset.characters.keys().map(|&character| u16::try_from(u32::from(character)).unwrap_or(u16::MAX));
    let (first, last) = (codes().min().unwrap_or_default(), codes().max().unwrap_or_default());
    let mut bytes = Vec::new();
    // average width, weight, ordinary width, no restriction on embedding, scripts, strikeout, no class
    put(&mut bytes, &[4, 500, weight, 5, 0, 650, 700, 0, 140, 650, 700, 0, 480, 50, 260, 0]);
    // no classification, ranges of Unicode unknown
    bytes.extend([0; 10 + 16]);
    bytes.extend(b"none");
    put(&mut bytes, &[selection, first, last]);
    let (ascent, descent) = (unit(descriptor.ascent), unit(descriptor.descent));
    put(&mut bytes, &[ascent, descent, 0, ascent, unit(-descriptor.descent)]);
    bytes.extend([0; 8]);
    put(&mut bytes, &[450, unit(descriptor.capitals), 0, 32, 0]);
    Ok(bytes)
}

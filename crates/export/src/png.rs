//! Pixels: opaque sRGB, with the resolution and the provenance in chunks before them.

use neurodyn_provenance::{Media, PNG_KEYWORD, Provenance};
use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter, PixelDimensions, SrgbRenderingIntent, Unit};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::Tree;
use std::io::Cursor;

/// usvg's units in an inch.
const UNITS: f32 = 96.0;

pub(super) fn pixels(tree: &Tree, provenance: &Provenance) -> Result<Vec<u8>, String> {
    let dpi = provenance.dpi.filter(|dpi| super::DPI.contains(dpi)).ok_or_else(|| {
        format!("its resolution must be {} to {} pixels an inch", super::DPI.start(), super::DPI.end())
    })?;
    let count = |length: f32| (length * dpi as f32 / UNITS).round() as u32;
    let size = tree.size();
    let (width, height) = (count(size.width()), count(size.height()));
    let mut pixmap = Pixmap::new(width, height).ok_or_else(|| format!("{width} x {height} pixels are too many"))?;
    pixmap.fill(Color::WHITE);
    // whole pixels on all sides
    let scale = Transform::from_scale(width as f32 / size.width(), height as f32 / size.height());
    resvg::render(tree, scale, &mut pixmap.as_mut());
    let opaque: Vec<u8> = pixmap.data().chunks_exact(4).flat_map(|pixel| pixel[..3].iter().copied()).collect();
    encode(&opaque, (width, height), dpi, provenance).map_err(|error| error.to_string())
}

fn encode(
    rgb: &[u8],
    (width, height): (u32, u32),
    dpi: u32,
    provenance: &Provenance,
) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_color(ColorType::Rgb);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Balanced);
    encoder.set_filter(Filter::Adaptive);
    encoder.set_source_srgb(SrgbRenderingIntent::RelativeColorimetric);
    // an inch is 0.0254 m
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    encoder.set_pixel_dims(Some(PixelDimensions { xppu: per_metre, yppu: per_metre, unit: Unit::Meter }));
    encoder.add_itxt_chunk("Title".to_owned(), provenance.title.clone())?;
    encoder.add_itxt_chunk("Description".to_owned(), provenance.description.clone())?;
    encoder.add_itxt_chunk("Software".to_owned(), provenance.program.clone())?;
    encoder.add_itxt_chunk(PNG_KEYWORD.to_owned(), provenance.to_xmp(Media::Png))?;
    let mut writer = encoder.write_header()?;
    writer.write_image_data(rgb)?;
    writer.finish()?;
    Ok(bytes)
}

/// Most pixels that are read: a page of 178 mm x 300 mm at the finest resolution has fewer.
const MOST_PIXELS: u64 = 1 << 27;

/// Width and height that a PNG states.
pub fn size(bytes: &[u8]) -> Result<(u32, u32), String> {
    let mut decoder = Decoder::new(Cursor::new(bytes));
    decoder.read_header_info().map(png::Info::size).map_err(|error| error.to_string())
}

/// Width, height and pixels (red, green, blue) of a PNG as written here.
pub fn decode(bytes: &[u8]) -> Result<((u32, u32), Vec<u8>), String> {
    // before any memory is asked for
    let (width, height) = size(bytes)?;
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(format!("{width} x {height} pixels are too many"));
    }
    let mut reader = Decoder::new(Cursor::new(bytes)).read_info().map_err(|error| error.to_string())?;
    let size = reader.output_buffer_size().ok_or("it is too large")?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels).map_err(|error| error.to_string())?;
    if (frame.color_type, frame.bit_depth) != (ColorType::Rgb, BitDepth::Eight) {
        return Err("they are not eight bits of red, green and blue".to_owned());
    }
    Ok(((frame.width, frame.height), pixels))
}

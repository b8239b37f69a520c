//! One page of PDF 1.5, which programs that put pages into others take without a warning: the drawing as one figure with a text that replaces it, and its provenance as XMP,
//! which the file, the page and a resource of the page refer to.

use super::content::{POINTS, state, write};
use super::live::Live;
use neurodyn_pdf::RESOURCE;
use neurodyn_provenance::{Media, Provenance, digest};
use neurodyn_typeface::LiveText;
use pdf_writer::types::StructRole;
use pdf_writer::writers::StructTreeRoot;
use pdf_writer::{Content, Filter, Finish, Name, Pdf, Rect, Ref, TextStr};
use resvg::usvg::Tree;

/// Level of compression; another one gives other bytes.
const LEVEL: u8 = 9;

pub(super) fn page(tree: &Tree, text: Option<&LiveText>, provenance: &Provenance) -> Result<Vec<u8>, String> {
    let [catalog, pages, page, contents, info, metadata, root, figure, parents] =
        std::array::from_fn(|index| Ref::new(index as i32 + 1));
    let opacity_at = |index: usize| Ref::new(10 + index as i32);
    let mut content = Content::new();
    content.begin_marked_content_with_properties(Name(b"Figure")).properties().identify(0);
    content.begin_marked_content_with_properties(Name(b"Source")).properties_named(Name(RESOURCE.as_bytes()));
    let live = text.map(Live::new).transpose()?;
    let opacities = write(tree, live.as_ref(), &mut content)?;
    let first_font = 10 + opacities.len() as i32;
    content.end_marked_content().end_marked_content();
    let drawing = content.finish();
    let compress = |bytes: &[u8]| miniz_oxide::deflate::compress_to_vec_zlib(bytes, LEVEL);
    let compressed = compress(drawing.as_slice());
    let packet = provenance.to_xmp(Media::Pdf);
    let identifier = digest([("page", drawing.as_slice()), ("packet", packet.as_bytes())]).into_bytes()[..32].to_vec();

    let mut pdf = Pdf::new();
    pdf.set_version(1, 5);
    pdf.set_file_id((identifier.clone(), identifier));
    let mut writer = pdf.catalog(catalog);
    writer.pages(pages).metadata(metadata).lang(TextStr("en"));
    writer.mark_info().marked(true);
    writer.viewer_preferences().display_doc_title(true);
    writer.pair(Name(b"StructTreeRoot"), root);
    writer.finish();
    let mut structure = pdf.indirect(root).start::<StructTreeRoot>();
    structure.child(figure).parent_tree_next_key(1);
    structure.parent_tree().nums().insert(0, parents);
    structure.finish();
    pdf.indirect(parents).array().item(figure);
    pdf.pages(pages).kids([page]).count(1);
    let size = Rect::new(0.0, 0.0, tree.size().width() * POINTS, tree.size().height() * POINTS);
    let mut writer = pdf.page(page);
    writer.parent(pages).media_box(size).contents(contents).struct_parents(0).metadata(metadata);
    let mut resources = writer.resources();
    let mut states = resources.ext_g_states();
    for (index, &opacity) in opacities.iter().enumerate() {
        states.pair(Name(state(opacity).as_bytes()), opacity_at(index));
    }
    states.finish();
    // what TeX makes of the page keeps its resources, whatever hangs on the page itself
    resources.properties().insert(Name(RESOURCE.as_bytes())).pair(Name(b"Metadata"), metadata);
    if let Some(live) = &live {
        live.resources(&mut resources, first_font);
    }
    resources.finish();
    writer.finish();
    for (index, &(fill, stroke)) in opacities.iter().enumerate() {
        let share = |percent: u32| percent as f32 / 100.0;
        let mut writer = pdf.ext_graphics(opacity_at(index));
        writer.non_stroking_alpha(share(fill)).stroking_alpha(share(stroke));
    }
    pdf.stream(contents, &compressed).filter(Filter::FlateDecode);
    if let Some(live) = &live {
        live.objects(&mut pdf, first_font, compress)?;
    }
    let mut writer = pdf.struct_element(figure);
    writer.kind(StructRole::Figure).parent(root).page(page);
    writer.title(TextStr(&provenance.title)).alt(TextStr(&provenance.description));
    writer.children().marked_content_id(0);
    writer.finish();
    let mut writer = pdf.document_info(info);
    let source = format!("experiment {}, seed {}, values {}", provenance.id, provenance.seed, provenance.values);
    writer.title(TextStr(&provenance.title)).subject(TextStr(&provenance.description)).keywords(TextStr(&source));
    writer.creator(TextStr(&provenance.program)).producer(TextStr(&provenance.program));
    writer.finish();
    pdf.metadata(metadata, packet.as_bytes());
    Ok(pdf.finish())
}

//! Provenance as RDF: Dublin Core as XMP writes it, and what is needed to compute again.

use super::{Media, Numbers, Provenance, ProvenanceError};
use roxmltree::{Document, Node, ParsingOptions};
use std::fmt::Write;

const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
const DC: &str = "http://purl.org/dc/elements/1.1/";
const ND: &str = "urn:neurodyn:provenance:2";
/// How the name of our vocabulary begins in any of its versions.
pub(super) const VOCABULARY: &str = "urn:neurodyn:provenance:";

/// Most elements and texts of a file that is read; figures have some thousands.
const MOST_NODES: u32 = 1_000_000;
/// Most bytes of XML that is read; figures have some hundred thousand. An attribute of a few bytes takes ten times as many in memory.
const MOST_XML: usize = 32 << 20;

impl Provenance {
    /// The element `rdf:RDF`, for a file of this kind.
    pub fn to_rdf(&self, media: Media) -> String {
        let mut text = format!(
            "<rdf:RDF xmlns:rdf=\"{RDF}\" xmlns:dc=\"{DC}\" xmlns:nd=\"{ND}\">\n<rdf:Description rdf:about=\"\">\n"
        );
        let alternative =
            |text: &str| format!("<rdf:Alt><rdf:li xml:lang=\"x-default\">{}</rdf:li></rdf:Alt>", between_tags(text));
        let sequence = |items: &[String]| {
            let items = items.iter().map(|item| format!("<rdf:li>{}</rdf:li>", between_tags(item))).collect::<String>();
            format!("<rdf:Seq>{items}</rdf:Seq>")
        };
        let source = format!("experiment {}, seed {}, values {}", self.id, self.seed, self.values);
        let tables: Vec<String> = self.numbers.tables.iter().map(|(name, digest)| format!("{name} {digest}")).collect();
        let mut fields = vec![
            ("dc:title", alternative(&self.title)),
            ("dc:description", alternative(&self.description)),
            ("dc:creator", sequence(std::slice::from_ref(&self.program))),
            ("dc:format", media.mime().to_owned()),
            ("dc:identifier", between_tags(&self.figure)),
            ("dc:source", between_tags(&source)),
            ("dc:type", "<rdf:Bag><rdf:li>StillImage</rdf:li></rdf:Bag>".to_owned()),
            ("nd:experiment", between_tags(&self.id)),
            ("nd:family", between_tags(&self.family)),
            ("nd:seed", self.seed.to_string()),
            ("nd:values", self.values.to_string()),
            ("nd:digest", between_tags(&self.numbers.digest)),
            ("nd:tables", sequence(&tables)),
        ];
        fields.push(("nd:theme", between_tags(&self.theme)));
        if !self.look.is_empty() {
            fields.push(("nd:look", sequence(&self.look)));
        }
        fields.extend(self.dpi.map(|dpi| ("nd:dpi", dpi.to_string())));
        if !self.data.is_empty() {
            // the digest first: a name may have spaces
            let data: Vec<String> = self.data.iter().map(|(file, digest)| format!("{digest} {file}")).collect();
            fields.push(("nd:data", sequence(&data)));
        }
        if !self.settings.is_empty() {
            fields.push(("nd:settings", sequence(&self.settings)));
        }
        fields.push(("nd:toml", between_tags(&self.toml)));
        for (name, value) in fields {
            // writing to a string cannot fail
            let _ = writeln!(text, "<{name}>{value}</{name}>");
        }
        text.push_str("</rdf:Description>\n</rdf:RDF>");
        text
    }

    /// Reads the only description of our vocabulary in an XML document, anywhere in it.
    pub(super) fn from_xml(xml: &str) -> Result<(Media, Self), ProvenanceError> {
        if xml.len() > MOST_XML {
            let message = format!("its XML has {} bytes, and {MOST_XML} are the most that is read", xml.len());
            return Err(ProvenanceError::Broken(message));
        }
        // no figure of ours has a document type, whose entities could make a small file a large text
        let options = ParsingOptions { allow_dtd: false, nodes_limit: MOST_NODES, ..ParsingOptions::default() };
        let document = Document::parse_with_options(xml, options).map_err(|error| match error {
            roxmltree::Error::DtdDetected => ProvenanceError::Missing,
            error => ProvenanceError::Broken(error.to_string()),
        })?;
        let ours = |node: &Node| {
            node.has_tag_name((RDF, "Description"))
                && node.children().any(|child| child.tag_name().namespace() == Some(ND))
        };
        let mut found = document.descendants().filter(ours);
        match (found.next(), found.next()) {
            (None, _) => Err(ProvenanceError::Missing),
            (Some(_), Some(_)) => Err(ProvenanceError::Broken("it has two descriptions of its provenance".to_owned())),
            (Some(node), None) => read(node),
        }
    }
}

fn read(description: Node) -> Result<(Media, Provenance), ProvenanceError> {
    let element = |namespace: &'static str, name: &'static str| {
        let mut found = description.children().filter(|child| child.has_tag_name((namespace, name)));
        match (found.next(), found.next()) {
            (Some(node), None) => Ok(node),
            (None, _) => Err(ProvenanceError::Broken(format!("its provenance has no {name}"))),
            (Some(_), Some(_)) => Err(ProvenanceError::Broken(format!("its provenance has {name} twice"))),
        }
    };
    let text = |namespace, name| element(namespace, name).map(|node| all_text(&node));
    let items = |namespace, name| -> Result<Vec<String>, ProvenanceError> {
        let node = element(namespace, name)?;
        Ok(node.descendants().filter(|node| node.has_tag_name((RDF, "li"))).map(|node| all_text(&node)).collect())
    };
    let first = |namespace, name| items(namespace, name).map(|items| items.into_iter().next().unwrap_or_default());
    let broken = |name: &str, found: &str| ProvenanceError::Broken(format!("its provenance gives {found:?} as {name}"));
    fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, ProvenanceError> {
        text.parse().map_err(|_| ProvenanceError::Broken(format!("its provenance gives {text:?} as {name}")))
    }
    let format = text(DC, "format")?;
    let media = Media::from_mime(&format).ok_or_else(|| broken("format", &format))?;
    let tables = items(ND, "tables")?;
    let pair = |item: &String| item.split_once(' ').map(|(name, digest)| (name.to_owned(), digest.to_owned()));
    let tables = tables.iter().map(|item| pair(item).ok_or_else(|| broken("table", item))).collect::<Result<_, _>>()?;
    let data = items(ND, "data").unwrap_or_default();
    let pair = |item: &String| item.split_once(' ').map(|(digest, file)| (file.to_owned(), digest.to_owned()));
    let data = data.iter().map(|item| pair(item).ok_or_else(|| broken("data", item))).collect::<Result<_, _>>()?;
    let dpi = match element(ND, "dpi") {
        Ok(node) => Some(number("dpi", &all_text(&node))?),
        Err(_) => None,
    };
    let provenance = Provenance {
        figure: text(DC, "identifier")?,
        title: first(DC, "title")?,
        description: first(DC, "description")?,
        id: text(ND, "experiment")?,
        family: text(ND, "family")?,
        seed: number("seed", &text(ND, "seed")?)?,
        values: number("values", &text(ND, "values")?)?,
        program: first(DC, "creator")?,
        theme: text(ND, "theme")?,
        // nothing where all is as usual
        look: items(ND, "look").unwrap_or_default(),
        numbers: Numbers { digest: text(ND, "digest")?, tables },
        dpi,
        toml: text(ND, "toml")?,
        data,
        // there are none in a figure that can be cited
        settings: items(ND, "settings").unwrap_or_default(),
    };
    Ok((media, provenance))
}

/// All text below a node; comments in between are nothing.
fn all_text(node: &Node) -> String {
    node.descendants().filter(Node::is_text).filter_map(|text| text.text()).collect()
}

/// Text that XML reads back as it is between tags.
fn between_tags(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            // XML has no way to write these
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {
                escaped.push('\u{fffd}')
            }
            _ => escaped.push(letter),
        }
        escaped
    })
}

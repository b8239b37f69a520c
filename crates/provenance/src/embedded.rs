//! Where files of each kind keep their provenance.

use super::Provenance;
use super::rdf::VOCABULARY;
use std::io::Cursor;

/// Kind of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Media {
    /// Scalable vector graphics: the source of the others.
    Svg,
    /// One page of PDF.
    Pdf,
    /// Pixels.
    Png,
}

/// Why a file cannot be asked where it comes from.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProvenanceError {
    /// A file of another kind.
    #[error("is no SVG, PDF or PNG file")]
    Kind,
    /// A file without provenance.
    #[error("holds no provenance; only figures drawn by neurodyn do")]
    Missing,
    /// A file, or provenance, that cannot be read.
    #[error("is damaged: {0}")]
    Broken(String),
}

const PDF: &[u8] = b"%PDF-";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
const PACKET: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>\n";
const PACKET_START: &[u8] = b"<?xpacket begin=";
const PACKET_END: &[u8] = b"<?xpacket end=";

/// Keyword of the text chunk of a PNG that holds XMP.
pub const PNG_KEYWORD: &str = "XML:com.adobe.xmp";

impl Media {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Svg, Self::Pdf, Self::Png];

    /// Media type.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
        }
    }

    /// Extension of file names.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Pdf => "pdf",
            Self::Png => "png",
        }
    }

    pub(super) fn from_mime(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|media| media.mime() == text)
    }

    /// Whether a file of this kind begins with these bytes, whatever it is called.
    pub fn begins(self, bytes: &[u8]) -> bool {
        match self {
            Self::Svg => find(&bytes[..bytes.len().min(4096)], b"<svg", 0).is_some(),
            Self::Pdf => bytes.starts_with(PDF),
            Self::Png => bytes.starts_with(PNG),
        }
    }

    /// The kind of these bytes.
    fn recognise(bytes: &[u8]) -> Option<Self> {
        [Self::Pdf, Self::Png, Self::Svg].into_iter().find(|media| media.begins(bytes))
    }
}

impl Provenance {
    /// The XMP packet of a PDF or PNG.
    pub fn to_xmp(&self, media: Media) -> String {
        let rdf = self.to_rdf(media);
        format!("{PACKET}<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">\n{rdf}\n</x:xmpmeta>\n<?xpacket end=\"r\"?>")
    }

    /// Whether an XMP packet of a PDF is one of neurodyn, whole or not.
    pub fn is_packet(packet: &[u8]) -> bool {
        find(packet, VOCABULARY.as_bytes(), 0).is_some()
    }

    /// Reads the provenance in an XMP packet of a PDF.
    pub fn from_packet(packet: &[u8]) -> Result<Self, ProvenanceError> {
        let broken = |message: String| ProvenanceError::Broken(message);
        let text =
            std::str::from_utf8(packet).map_err(|error| broken(format!("its XMP packet is not UTF-8: {error}")))?;
        match Self::from_xml(text)? {
            (Media::Pdf, provenance) => Ok(provenance),
            (stated, _) => Err(broken(format!("its provenance says {}, but it is in a PDF", stated.mime()))),
        }
    }

    /// Reads the provenance of a figure and the kind of its file.
    pub fn from_file(bytes: &[u8]) -> Result<(Media, Self), ProvenanceError> {
        let kind = Media::recognise(bytes).ok_or(ProvenanceError::Kind)?;
        let broken = |message: String| ProvenanceError::Broken(message);
        let xml = match kind {
            Media::Svg => {
                std::str::from_utf8(bytes).map_err(|error| broken(format!("it is not UTF-8: {error}")))?.to_owned()
            }
            Media::Pdf => packet(bytes)?,
            Media::Png => chunk(bytes)?,
        };
        let (stated, provenance) = Self::from_xml(&xml)?;
        if stated != kind {
            return Err(broken(format!("its provenance says {}, but it is {}", stated.mime(), kind.mime())));
        }
        Ok((kind, provenance))
    }
}

/// Whether a file has the end that files of its kind have.
pub fn is_whole(media: Media, bytes: &[u8]) -> bool {
    match media {
        // XML without its end is not read
        Media::Svg => true,
        Media::Pdf => bytes.trim_ascii_end().ends_with(b"%%EOF"),
        Media::Png => bytes.ends_with(b"\0\0\0\0IEND\xae\x42\x60\x82"),
    }
}

fn find(bytes: &[u8], needle: &[u8], from: usize) -> Option<usize> {
    let rest = bytes.get(from..)?;
    rest.windows(needle.len()).position(|window| window == needle).map(|position| from + position)
}

/// The one XMP packet of a PDF; packets are never compressed, so that programs that know no PDF find them.
fn packet(bytes: &[u8]) -> Result<String, ProvenanceError> {
    let start = find(bytes, PACKET_START, 0).ok_or(ProvenanceError::Missing)?;
    if find(bytes, PACKET_START, start + PACKET_START.len()).is_some() {
        return Err(ProvenanceError::Broken("it has two XMP packets".to_owned()));
    }
    let end = find(bytes, PACKET_END, start)
        .ok_or_else(|| ProvenanceError::Broken("its XMP packet has no end".to_owned()))?;
    String::from_utf8(bytes[start..end].to_vec())
        .map_err(|error| ProvenanceError::Broken(format!("its XMP packet is not UTF-8: {error}")))
}

fn chunk(bytes: &[u8]) -> Result<String, ProvenanceError> {
    let broken = |error: &dyn std::fmt::Display| ProvenanceError::Broken(error.to_string());
    // chunks with wrong checksums are damage, not chunks to pass over
    let mut options = png::DecodeOptions::default();
    options.set_skip_ancillary_crc_failures(false);
    let decoder = png::Decoder::new_with_options(Cursor::new(bytes), options);
    let reader = decoder.read_info().map_err(|error| broken(&error))?;
    let mut found = reader.info().utf8_text.iter().filter(|chunk| chunk.keyword == PNG_KEYWORD);
    match (found.next(), found.next()) {
        (None, _) => Err(ProvenanceError::Missing),
        (Some(_), Some(_)) => Err(broken(&"it has two XMP packets")),
        // a small file could unfold to a text of any length
        (Some(chunk), None) if chunk.compressed => {
            Err(broken(&"its XMP packet is compressed, which neurodyn never does"))
        }
        (Some(chunk), None) => chunk.get_text().map_err(|error| broken(&error)),
    }
}

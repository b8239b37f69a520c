//! Provenance inside a figure: what it was made from, complete enough to make it again.
//!
//! Nothing here depends on the machine, the time or the version of the program: those go to `results/<id>/run.json`.

use crate::config::Document;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Where a figure comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// Experiment identifier.
    pub id: String,
    /// Family of experiments.
    pub family: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Version of the experiment's values.
    pub values: u32,
    /// SHA-256 of the tables as CSV.
    pub digest: String,
    /// The whole experiment file.
    pub toml: String,
    /// What was set on the command line; a figure with any is not citable.
    pub settings: Vec<String>,
}

/// SHA-256 over the CSV texts of all tables: for each, its file name, its length and its bytes.
pub fn digest<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8])>) -> String {
    let mut hasher = Sha256::new();
    for (name, bytes) in files {
        hasher.update(format!("{name}\n{}\n", bytes.len()).as_bytes());
        hasher.update(bytes);
    }
    hasher.finalize().iter().fold(String::new(), |mut text, byte| {
        // writing to a string cannot fail
        let _ = write!(text, "{byte:02x}");
        text
    })
}

impl Provenance {
    /// Provenance of figures drawn from this document and tables of this digest.
    pub fn new(document: &Document, digest: String) -> Self {
        Self {
            id: document.id.clone(),
            family: document.header.family.clone(),
            seed: document.header.seed,
            values: document.header.values,
            digest,
            toml: document.text.clone(),
            settings: document.settings.clone(),
        }
    }

    /// The fragment that goes into `<metadata>`.
    pub fn to_xml(&self) -> String {
        let mut text = String::from(
            "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" \
             xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:nd=\"urn:neurodyn:provenance:1\">\n\
             <rdf:Description rdf:about=\"\">\n\
             <dc:creator>neurodyn</dc:creator>\n<dc:format>image/svg+xml</dc:format>\n",
        );
        for (name, value) in self.fields() {
            // writing to a string cannot fail
            let _ = writeln!(text, "<{name}>{}</{name}>", escape(&value));
        }
        if !self.settings.is_empty() {
            let _ = writeln!(text, "<nd:settings>{}</nd:settings>", escape(&self.settings.join("\n")));
        }
        text.push_str("</rdf:Description>\n</rdf:RDF>");
        text
    }

    fn fields(&self) -> [(&'static str, String); 6] {
        [
            ("dc:identifier", self.id.clone()),
            ("nd:family", self.family.clone()),
            ("nd:seed", self.seed.to_string()),
            ("nd:values", self.values.to_string()),
            ("nd:digest", self.digest.clone()),
            ("nd:toml", self.toml.clone()),
        ]
    }

    /// Reads the provenance of a figure; `None` where there is none or it is damaged.
    pub fn from_svg(svg: &str) -> Option<Self> {
        let field = |name: &str| {
            let start = svg.find(&format!("<{name}>"))? + name.len() + 2;
            let end = start + svg[start..].find(&format!("</{name}>"))?;
            Some(unescape(&svg[start..end]))
        };
        Some(Self {
            id: field("dc:identifier")?,
            family: field("nd:family")?,
            seed: field("nd:seed")?.parse().ok()?,
            values: field("nd:values")?.parse().ok()?,
            digest: field("nd:digest")?,
            toml: field("nd:toml")?,
            settings: field("nd:settings").map(|text| text.lines().map(str::to_owned).collect()).unwrap_or_default(),
        })
    }
}

fn escape(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut escaped, letter| {
        match letter {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '\r' => escaped.push_str("&#13;"),
            _ => escaped.push(letter),
        }
        escaped
    })
}

fn unescape(text: &str) -> String {
    text.replace("&#13;", "\r").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provenance_survives_hostile_text() {
        let provenance = Provenance {
            id: "x".into(),
            family: "activity".into(),
            seed: u64::MAX,
            values: 3,
            digest: digest([("x.csv", b"a\n1\n".as_slice())]),
            toml: "# </nd:toml></metadata><script>&amp;\r\ntitle = \"a & b\"\n".into(),
            settings: vec!["title=\"a <b>\"".into(), "seed=5".into()],
        };
        let svg = format!("<svg><metadata>{}</metadata></svg>", provenance.to_xml());
        assert!(!svg.contains("<script"));
        assert_eq!(Provenance::from_svg(&svg), Some(provenance));
        assert_eq!(Provenance::from_svg("<svg></svg>"), None);
    }

    #[test]
    fn digests_see_names_and_bytes() {
        let of = |name, bytes: &[u8]| digest([(name, bytes)]);
        assert_eq!(of("a", b"1").len(), 64);
        assert_ne!(of("a", b"1"), of("b", b"1"));
        assert_ne!(of("a", b"1"), of("a", b"2"));
    }
}

//! How to cite a figure: what it was computed by and from, exactly enough to compute it again.

use super::{Project, Selected};
use crate::files;
use crate::nearest::instead;
use crate::provenance::Provenance;
use anyhow::{Result, anyhow};
use std::path::Path;

const TITLE: &str = "neurodyn: statistical neurodynamics of random deep networks";
const AUTHORS: &str = "The neurodyn authors";

/// What a citation names.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Citation {
    /// Name of the figure.
    pub figure: String,
    /// Experiment that it belongs to.
    pub experiment: String,
    /// Title of the experiment.
    pub title: String,
    /// Seed of all random numbers.
    pub seed: u64,
    /// Version of the values.
    pub values: u32,
    /// SHA-256 of the golden data, as the figure itself has it.
    pub digest: String,
    /// Version of the program.
    pub version: String,
}

/// The citation of a figure, given by its name or path, or by the name of an experiment with one figure.
pub fn cite(project: &Project, selected: &[Selected], figure: &str) -> Result<Citation> {
    refuse_quick(Path::new(figure))?;
    let name = Path::new(figure).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut names = Vec::new();
    for experiment in selected {
        for found in experiment.entry.figures(&experiment.document)? {
            if found.name == name {
                return of(project, experiment, name);
            }
            names.push(found.name);
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Err(anyhow!("no figure is called {name:?}{}", instead(&name, &names)))
}

/// The experiment file that a figure of no project comes from: beside the folder of the figure.
pub fn file_of_figure(figure: &str) -> Option<String> {
    let id = stated(Path::new(figure))?.id;
    let folder = std::path::absolute(figure).ok()?.parent()?.parent()?.to_owned();
    let path = folder.join(format!("{id}.toml"));
    path.is_file().then(|| path.display().to_string())
}

/// The provenance of a figure, if there is one to be read.
fn stated(path: &Path) -> Option<Provenance> {
    Some(Provenance::from_file(&files::bytes(path).ok()?).ok()?.1)
}

/// Refuses a figure drawn from values set on the command line: no file has them.
fn refuse_quick(path: &Path) -> Result<()> {
    match stated(path) {
        Some(Provenance { settings, .. }) if !settings.is_empty() => Err(anyhow!(
            "{}: a quick look with --set {}, which is not citable; keep the values in a file: neurodyn new NAME --from {0}",
            path.display(),
            settings.join(", --set ")
        )),
        _ => Ok(()),
    }
}

pub(super) fn of(project: &Project, experiment: &Selected, figure: String) -> Result<Citation> {
    let document = &experiment.document;
    let digest = project.golden_digest(&document.id)?.ok_or_else(|| {
        anyhow!(
            "{figure} has no golden data to cite; make them with: neurodyn run {0}, neurodyn accept {0}",
            document.id
        )
    })?;
    Ok(Citation {
        figure,
        experiment: document.id.clone(),
        title: document.header.title.clone(),
        seed: document.header.seed,
        values: document.header.values,
        digest,
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

impl Citation {
    /// For a caption.
    pub fn sentence(&self) -> String {
        format!(
            "Figure {} was computed by neurodyn {}, experiment {}, seed {}, values {} (SHA-256 of its numbers {}).",
            self.figure, self.version, self.experiment, self.seed, self.values, self.digest
        )
    }

    /// For a caption in LaTeX, with the first twelve digits of the digest.
    pub fn caption(&self) -> String {
        let Self { figure, version, seed, values, digest, .. } = self;
        let [figure, experiment] = [figure, &self.experiment].map(|text| latex(text));
        let short = digest.get(..12).unwrap_or(digest);
        format!(
            "Computed by neurodyn {version}: figure \\texttt{{{figure}}}, experiment \\texttt{{{experiment}}}, seed {seed}, \
             values {values}, SHA-256 \\texttt{{{short}}}\\ldots"
        )
    }

    /// For a bibliography in BibTeX.
    pub fn bibtex(&self) -> String {
        let Self { figure, seed, values, version, digest, .. } = self;
        let [experiment, title] = [&self.experiment, &self.title].map(|text| latex(text));
        let digest = breakable(digest);
        format!(
            "@software{{neurodyn:{figure},\n  title = {{{{{TITLE}}}}},\n  author = {{{{{AUTHORS}}}}},\n  version = {{{version}}},\n  \
             note = {{Experiment {experiment} ({title}), seed {seed}, values {values}, SHA-256 {digest}}}\n}}"
        )
    }

    /// In the Citation File Format 1.2.0.
    pub fn cff(&self) -> String {
        let Self { figure, experiment, seed, values, version, digest, .. } = self;
        // a JSON string is a YAML string
        let title = serde_json::Value::from(self.title.as_str());
        format!(
            "cff-version: 1.2.0\nmessage: \"Cite the experiment, its seed and its values.\"\ntype: software\ntitle: \"{TITLE}\"\n\
             authors:\n  - name: \"{AUTHORS}\"\nversion: {version}\nabstract: {title}\nidentifiers:\n  - type: other\n    \
             value: \"sha256:{digest}\"\n    description: \"figure {figure}: experiment {experiment}, seed {seed}, values {values}\""
        )
    }
}

/// A long word that LaTeX may break after every eighth letter.
fn breakable(word: &str) -> String {
    let letters: Vec<char> = word.chars().collect();
    letters.chunks(8).map(String::from_iter).collect::<Vec<_>>().join("\\allowbreak{}")
}

/// Text for LaTeX.
fn latex(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, letter| {
        match letter {
            '\\' => escaped.push_str("\\textbackslash{}"),
            '~' => escaped.push_str("\\textasciitilde{}"),
            '^' => escaped.push_str("\\textasciicircum{}"),
            '{' | '}' | '_' | '%' | '&' | '#' | '$' => escaped.extend(['\\', letter]),
            _ if letter.is_control() => escaped.push(' '),
            _ => escaped.push(letter),
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_place() {
        let citation = Citation {
            figure: "a_b".into(),
            experiment: "a_b".into(),
            title: "50 % \"of\" {x}\n\\end".into(),
            seed: 7,
            values: 2,
            digest: "ab".repeat(32),
            version: "1.2.3".into(),
        };
        let bibtex = citation.bibtex();
        assert!(
            bibtex.contains("Experiment a\\_b (50 \\% \"of\" \\{x\\} \\textbackslash{}end), seed 7, values 2"),
            "{bibtex}"
        );
        assert!(citation.cff().contains("\nabstract: \"50 % \\\"of\\\" {x}\\n\\\\end\"\n"), "{}", citation.cff());
        assert!(
            citation.caption().contains("experiment \\texttt{a\\_b}, seed 7, values 2, SHA-256 \\texttt{"),
            "{}",
            citation.caption()
        );
        assert!(citation.sentence().contains("neurodyn 1.2.3, experiment a_b, seed 7, values 2 (SHA-256"));
    }
}

//! How to cite a figure: what it was computed by and from, exactly enough to compute it again.

use super::given::Given;
use super::latex::{breakable, text as latex};
use super::origin::{Origin, difference, origin_in, place};
use super::prose::prose;
use super::{Project, Selected};
use crate::config::Document;
use crate::nearest::instead;
use crate::provenance::{Media, version};
use crate::render::plain_title;
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

const TITLE: &str = "neurodyn: statistical neurodynamics of random deep networks";
const AUTHORS: &str = "The neurodyn authors";

/// Day of the release, as CITATION.cff has it; a citation says its year, and must be the same whenever it is made.
const RELEASED: &str = "2026-11-27";

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
    /// SHA-256 of its numbers, as the figure itself has it.
    pub digest: String,
    /// Version of the program that drew it, as the figure itself has it.
    pub version: String,
    /// What the figure shows and of what, as the figure itself has it.
    pub description: String,
}

/// What is cited, and what a reader should know besides.
#[derive(Debug, Clone, PartialEq)]
pub struct Cited {
    /// The citation.
    pub citation: Citation,
    /// How the figure differs from what the project has now.
    pub remarks: Vec<String>,
}

/// The file that is meant, where a figure is given by its file: from here, or from the project's folder, or from that of its figures.
pub fn figure_file(figure: &str, root: Option<&Path>, here: &Path) -> Option<PathBuf> {
    let path = Path::new(figure);
    let extension = path.extension()?.to_str()?;
    if !Media::ALL.iter().any(|media| media.extension() == extension) {
        return None;
    }
    let root = root.map(Path::to_owned).or_else(|| Project::root_from(here).ok());
    let below = root.into_iter().flat_map(|root| [root.join(path), root.join("figures").join(path)]);
    let found = std::iter::once(path.to_owned()).chain(below).find(|path| here.join(path).exists());
    // where there is none, the error is about what was given
    Some(found.unwrap_or_else(|| path.to_owned()))
}

/// The citation of this file: what it says itself, once all of that goes together.
pub fn cite_file(path: &Path, root: Option<&Path>, golden: Option<&Path>, here: &Path) -> Result<Cited> {
    let (given, citation) = checked(path)?;
    let mut remarks = Vec::new();
    if let Some((file, root)) = place(&given, root, here) {
        if let Origin::Other { file, difference } = origin_in(&given, &file, here) {
            remarks.push(format!("its experiment is not {file} as it is now: {difference}"));
        }
        let mut project = Project::empty(&root);
        if let Some(folder) = golden {
            project = project.with_golden(folder);
        }
        match project.golden_digest(&citation.experiment)? {
            Some(digest) if digest == citation.digest => {}
            Some(digest) => remarks.push(format!("its numbers are not the golden data, which have SHA-256 {digest}")),
            None => remarks.push(format!("{} has no golden data of it", project.golden_folder().display())),
        }
    }
    let remarks = remarks.into_iter().map(|remark| format!("{}: {remark}", path.display())).collect();
    Ok(Cited { citation, remarks })
}

/// The citation of a committed figure, given by its name, which is that of an experiment with one figure. Its file says what the golden
/// data were computed from, so that has to be the experiment file as it is now.
pub fn cite(project: &Project, selected: &[Selected], figure: &str) -> Result<Citation> {
    let name = Path::new(figure).file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    let mut names = Vec::new();
    for experiment in selected {
        for found in experiment.figure_names()? {
            if found == name {
                return committed(project, experiment, &name);
            }
            names.push(found);
        }
    }
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    Err(anyhow!("no figure is called {name:?}{}", instead(&name, &names)))
}

fn committed(project: &Project, experiment: &Selected, name: &str) -> Result<Citation> {
    let (document, called) = (&experiment.document, experiment.called());
    let digest = project.golden_digest(&document.id)?.ok_or_else(|| {
        anyhow!("{name} has no golden data to cite; make them with: neurodyn run {called}, neurodyn accept {called}")
    })?;
    let stale = |reason: String| {
        anyhow!(
            "{reason}; nothing is cited before it is computed again and golden: neurodyn run {called}, neurodyn accept {called}"
        )
    };
    let file = |media: Media| project.root.join("figures").join(format!("{name}.{}", media.extension()));
    let path = Media::ALL.map(file).into_iter().find(|path| path.exists()).ok_or_else(|| {
        stale(format!(
            "{} is not there, so nothing says what the golden data were computed from",
            file(Media::Svg).display()
        ))
    })?;
    let (given, citation) = checked(&path)?;
    let shown = path.display();
    if given.provenance.toml != document.text {
        let difference = difference(given.document(), &document.text);
        let reason = format!("{shown} was drawn from another {}: {difference}", document.path.display());
        // titles and labels move no number
        if document.computes_like(&given.provenance.toml) && citation.digest == digest {
            return Err(anyhow!("{reason}; draw it as it is now: neurodyn draw {called}"));
        }
        return Err(stale(reason));
    }
    if citation.digest != digest {
        return Err(stale(format!("{shown} was drawn from other numbers than the golden data")));
    }
    Ok(citation)
}

/// A figure all of whose statements go together, and its citation.
fn checked(path: &Path) -> Result<(Given, Citation)> {
    let given = Given::read(path, &AtomicBool::new(false))?;
    let (shown, provenance) = (path.display(), &given.provenance);
    if !provenance.settings.is_empty() {
        // no file has them
        return Err(anyhow!(
            "{shown}: a quick look with --set {}, which is not citable; keep the values in a file: neurodyn new NAME --from {shown}",
            provenance.settings.join(", --set ").replace(char::is_control, " ")
        ));
    }
    if let Some(damage) = given.damage()? {
        return Err(anyhow!("{shown}: {damage}"));
    }
    let version = version(&provenance.program).unwrap_or_default();
    let mut citation = Citation::new(given.document(), &provenance.figure, &provenance.numbers.digest, version);
    citation.description.clone_from(&provenance.description);
    Ok((given, citation))
}

impl Citation {
    /// A citation without a description.
    pub(super) fn new(document: &Document, figure: &str, digest: &str, version: &str) -> Self {
        Self {
            figure: figure.to_owned(),
            experiment: document.id.clone(),
            title: document.header.title.clone(),
            seed: document.header.seed,
            values: document.header.values,
            digest: digest.to_owned(),
            version: version.to_owned(),
            description: String::new(),
        }
    }
}

impl Citation {
    /// For a caption.
    pub fn sentence(&self) -> String {
        format!(
            "Figure {} was computed by neurodyn {}, experiment {}, seed {}, values {} (SHA-256 of its numbers {}).",
            self.figure, self.version, self.experiment, self.seed, self.values, self.digest
        )
    }

    /// A whole caption in LaTeX: what the figure shows and of what, and what it was computed by.
    pub fn caption(&self) -> String {
        format!("{} {}", prose(&self.description), self.provenance())
    }

    /// The end of a caption in LaTeX, with the first twelve digits of the digest.
    pub fn provenance(&self) -> String {
        let Self { figure, version, seed, values, digest, .. } = self;
        let [figure, experiment] = [figure, &self.experiment].map(|text| latex(text));
        let short = digest.get(..12).unwrap_or(digest);
        format!(
            "Computed by neurodyn {version}: figure \\texttt{{{figure}}}, experiment \\texttt{{{experiment}}}, seed {seed}, \
             values {values}, SHA-256 \\texttt{{{short}}}\\ldots"
        )
    }

    /// For a bibliography in BibTeX, with the fields that all styles print.
    pub fn bibtex(&self) -> String {
        let Self { figure, seed, values, version, digest, .. } = self;
        let [experiment, title] = [&self.experiment, &plain_title(&self.title)].map(|text| latex(text));
        let (digest, year) = (breakable(digest), &RELEASED[..4]);
        format!(
            "@misc{{neurodyn:{figure},\n  title = {{{{{TITLE}}}}},\n  author = {{{{{AUTHORS}}}}},\n  year = {{{year}}},\n  \
             howpublished = {{Computer program, version {version}}},\n  \
             note = {{Experiment {experiment} ({title}), seed {seed}, values {values}, SHA-256 {digest}}}\n}}"
        )
    }

    /// In the Citation File Format 1.2.0.
    pub fn cff(&self) -> String {
        let Self { figure, experiment, seed, values, version, digest, .. } = self;
        // a JSON string is a YAML string
        let title = serde_json::Value::from(plain_title(&self.title));
        format!(
            "cff-version: 1.2.0\nmessage: \"Cite the experiment, its seed and its values.\"\ntype: software\ntitle: \"{TITLE}\"\n\
             authors:\n  - name: \"{AUTHORS}\"\nversion: {version}\ndate-released: {RELEASED}\nabstract: {title}\nidentifiers:\n  - type: other\n    \
             value: \"sha256:{digest}\"\n    description: \"figure {figure}: experiment {experiment}, seed {seed}, values {values}\""
        )
    }
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
            description: "Width (a) at sigma_w = 1.5, 50 % of \\end.".into(),
        };
        let bibtex = citation.bibtex();
        assert!(
            bibtex.contains(
                "Experiment a\\_b (50 \\% \\symbol{34}of\\symbol{34} \\textbraceleft{}x\\textbraceright{} \\textbackslash{}end), seed 7"
            ),
            "{bibtex}"
        );
        assert!(citation.cff().contains("\nabstract: \"50 % \\\"of\\\" {x}\\n\\\\end\"\n"), "{}", citation.cff());
        let shown = "Width (a) at $\\sigma_{w} = 1.5$, 50 \\% of \\textbackslash{}end. Computed by neurodyn 1.2.3: figure \\texttt{a\\_b}, ";
        assert!(citation.caption().starts_with(shown), "{}", citation.caption());
        assert!(
            citation.caption().contains("experiment \\texttt{a\\_b}, seed 7, values 2, SHA-256 \\texttt{"),
            "{}",
            citation.caption()
        );
        assert!(citation.sentence().contains("neurodyn 1.2.3, experiment a_b, seed 7, values 2 (SHA-256"));
    }
    #[test]
    fn the_program_is_cited_as_its_own_file_says() {
        let stated = include_str!("../../CITATION.cff");
        for line in [
            format!("title: \"{TITLE}\""),
            format!("  - name: \"{AUTHORS}\""),
            format!("date-released: {RELEASED}"),
            format!("version: {}", env!("CARGO_PKG_VERSION")),
        ] {
            assert!(stated.lines().any(|stated| stated == line), "{line}");
        }
    }

    #[test]
    fn every_style_of_bibtex_knows_the_entry() {
        let citation = Citation {
            figure: "a".into(),
            experiment: "a".into(),
            title: "Chaos for $\\sigma_w$ < 1".into(),
            seed: 7,
            values: 2,
            digest: "ab".repeat(32),
            version: "1.2.3".into(),
            description: "Width (a) at sigma_w = 1.5, 50 % of \\end.".into(),
        };
        let bibtex = citation.bibtex();
        let (kind, rest) = bibtex.split_once('{').expect("an entry");
        assert_eq!(kind, "@misc");
        for field in
            ["title = {{", "author = {{The", "year = {2026}", "howpublished = {Computer program, version 1.2.3}"]
        {
            assert!(rest.contains(field), "{field}: {bibtex}");
        }
        assert!(bibtex.contains("(Chaos for \\ensuremath{\\sigma}\\_w \\textless{} 1)"), "{bibtex}");
        assert!(citation.cff().contains("\nabstract: \"Chaos for σ_w < 1\"\n"), "{}", citation.cff());
    }
}

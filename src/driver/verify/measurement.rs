//! Figures of measured networks: they name their network and their data by digests, so they can be drawn again by whoever has both files.

use super::{Stated, Terms, Verification, compare};
use crate::config::Measurement;
use crate::driver::deadline::{End, within};
use crate::driver::given::MOST_BYTES;
use crate::driver::measure::{FAMILY, Measuring, Searched, Shown, draw, search};
use crate::driver::{Origin, Settings, Theme, one_line_each};
use crate::files;
use crate::provenance::{Media, Provenance, sha256, version};
use crate::simulation::cost;
use anyhow::{Result, anyhow};
use std::path::{Path, PathBuf};

/// A figure of a measurement.
pub(super) struct Given {
    path: PathBuf,
    media: Media,
    bytes: Vec<u8>,
    provenance: Provenance,
    folders: Vec<PathBuf>,
}

impl Given {
    /// Reads a file, where it is such a figure; all others, and what cannot be read, are for those who know more.
    pub(super) fn read(path: &Path, terms: &Terms) -> Option<Self> {
        let bytes = files::bytes_at_most(path, MOST_BYTES).ok()?;
        let mark = format!("<nd:family>{FAMILY}</nd:family>");
        bytes.windows(mark.len()).any(|window| window == mark.as_bytes()).then_some(())?;
        let (media, provenance) = Provenance::from_file(&bytes).ok().filter(|(_, found)| found.family == FAMILY)?;
        let beside = path.parent().map(Path::to_owned).unwrap_or_default();
        let mut folders = vec![if beside.as_os_str().is_empty() { PathBuf::from(".") } else { beside }];
        if !files::same_folder(&folders[0], terms.here) {
            folders.push(terms.here.to_owned());
        }
        Some(Self { path: path.to_owned(), media, bytes, provenance, folders })
    }

    fn stated(&self, origin: Origin) -> Stated {
        Stated {
            format: self.media,
            figure: self.provenance.figure.clone(),
            experiment: self.provenance.id.clone(),
            seed: self.provenance.seed,
            program: self.provenance.program.clone(),
            settings: Vec::new(),
            experiment_sha256: sha256(self.provenance.toml.as_bytes()),
            origin,
        }
    }

    /// The answer, within the time that the reader allows.
    pub(super) fn verify(self, terms: &Terms, settings: &Settings) -> Result<Verification> {
        let (path, stated) = (self.path.clone(), self.stated(Origin::FigureAlone));
        settings.listener.start(FAMILY);
        let mut answer = None;
        let end = within(
            terms.at_most,
            settings.interrupt,
            move |_, sender| drop(sender.send(self.judged())),
            |judged| answer = judged.or(answer.take()),
        )?;
        settings.listener.end();
        let reason = match (answer, end) {
            (Some(answer), _) => return Ok(answer),
            (None, End::Late) => {
                let allowed = cost::duration(terms.at_most.as_secs_f64());
                format!("it was stopped after {allowed}, the most allowed; allow more with --at-most")
            }
            (None, _) => "it cannot be measured: the program failed".to_owned(),
        };
        Ok(Verification::refused(&path, None, Some(stated), reason))
    }

    fn judged(&self) -> Verification {
        self.compared().unwrap_or_else(|error| {
            Verification::refused(&self.path, None, Some(self.stated(Origin::FigureAlone)), one_line_each(&error))
        })
    }

    fn compared(&self) -> Result<Verification> {
        let measurement = Measurement::parse(Path::new("measurement.toml"), &self.provenance.toml)?;
        let measuring = Measuring::of(&measurement)?;
        let wanted = [&measurement.network, &measurement.data];
        let searched = wanted.iter().map(|wanted| search(wanted, &self.folders)).collect::<Result<Vec<Searched>>>()?;
        let (mut found, mut missing, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for searched in searched {
            match searched {
                Searched::Found(path) => found.push(path),
                Searched::Missing(reason) => missing.push(reason),
                Searched::Differs(problem) => problems.push(problem),
            }
        }
        let files = wanted.map(|wanted| format!("{} (SHA-256 {})", wanted.file, wanted.sha256)).to_vec();
        let mut verification = Verification::new(&self.path, None, Some(self.stated(Origin::Files { files })));
        if let Some(problem) = self.contradiction() {
            problems.push(problem);
        }
        if !missing.is_empty() {
            return Err(anyhow!(missing.into_iter().chain(problems).collect::<Vec<_>>().join("; ")));
        }
        verification.problems = problems;
        let [network, data] = &found[..] else { return Ok(verification) };
        let measured = Shown::read(data)?.measure(network, &measuring)?;
        let stated = &self.provenance;
        let Some(theme) = Theme::named(&stated.theme) else {
            verification.problems.push(format!("it states theme {:?}, which there is not", stated.theme));
            return Ok(verification);
        };
        let meant = draw(&measuring, &measured, theme)?;
        verification.numbers_identical = meant.provenance.numbers == stated.numbers;
        if !verification.numbers_identical {
            verification.problems.push(compare::numbers(&stated.numbers, &meant.provenance.numbers));
        }
        let drawn = meant.under(stated).file(self.media, stated.dpi.unwrap_or_default())?;
        let difference = compare::drawing(self.media, &self.bytes, &drawn);
        verification.drawing_identical = difference.is_none();
        verification.problems.extend(difference);
        for (name, stated, meant) in [
            ("title", &stated.title, &meant.provenance.title),
            ("description", &stated.description, &meant.provenance.description),
            ("name", &stated.figure, &meant.provenance.figure),
            ("measurement", &stated.toml, &meant.provenance.toml),
        ] {
            if stated != meant {
                verification.problems.push(format!("its {name} is {stated:?}, but that of the figure is {meant:?}"));
            }
        }
        Ok(verification)
    }

    /// What no program of ours says of itself.
    fn contradiction(&self) -> Option<String> {
        let Provenance { program, seed, values, .. } = &self.provenance;
        if version(program).is_none() {
            return Some(format!("it says that it was drawn by {program:?}, which is no version of neurodyn"));
        }
        ((*seed, *values) != (0, 1))
            .then(|| format!("it states seed {seed}, values {values}, but a measurement has seed 0, values 1"))
    }
}

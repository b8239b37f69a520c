//! An experiment in words, for a terminal.

use super::cost::{duration, plural};
use super::{Described, LastRun, Parameter};
use std::fmt::Write;

/// Letters of a line.
const WIDTH: usize = 92;

/// Text in lines of at most 92 letters that begin with so many spaces, the first with these words instead.
pub fn wrapped(first: &str, indent: usize, text: &str) -> String {
    let (mut lines, mut line) = (String::new(), format!("{first:indent$}"));
    // what begins the line is longer than the place for it
    if first.chars().count() > indent {
        line.push_str("  ");
    }
    let mut fresh = true;
    for word in text.split_whitespace() {
        if !fresh && line.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push_str(line.trim_end());
            lines.push('\n');
            line = " ".repeat(indent);
            fresh = true;
        }
        if !fresh {
            line.push(' ');
        }
        line.push_str(word);
        fresh = false;
    }
    lines + line.trim_end() + "\n"
}

impl Parameter {
    /// Meaning, unit, and what is allowed.
    pub(in crate::driver) fn explained(&self, allowed: &str) -> String {
        let meaning = self.meaning.trim_end_matches('.');
        let unit = self.unit.map_or(String::new(), |unit| format!(" ({unit})"));
        let mut text = if meaning.is_empty() { String::new() } else { format!("{meaning}{unit}.") };
        if !allowed.is_empty() {
            let _ = write!(text, " Allowed: {allowed}.");
        }
        if self.optional {
            text.push_str(" May be left out.");
        }
        text.trim_start().to_owned()
    }

    /// What the file has.
    pub(in crate::driver) fn value(&self) -> String {
        match &self.values[..] {
            // the tables of a list that all have the same
            [first, rest @ ..] if rest.iter().all(|value| value == first) => first.clone(),
            values => values.join("; "),
        }
    }
}

impl LastRun {
    fn sentence(&self) -> String {
        let Self { results, current, seconds, threads, simd, version } = self;
        let mut text = match seconds {
            Some(seconds) => format!("The last run took {}", duration(*seconds)),
            None => "There was a run".to_owned(),
        };
        if let Some(threads) = threads {
            let _ = write!(text, " with {}", plural(*threads, "thread"));
        }
        if let Some(simd) = simd {
            let _ = write!(text, ", {simd}");
        }
        if let Some(version) = version {
            let _ = write!(text, ", neurodyn {version}");
        }
        let other = if *current { "" } else { "; the experiment file has changed since" };
        format!("{text} ({results}/run.json{other}).")
    }
}

impl Described {
    /// All of it, in lines of 92 letters.
    pub fn text(&self) -> String {
        let Self { id, title, family, seed, values, file, .. } = self;
        let mut text = wrapped("", 0, &format!("{id}: {title}"));
        text.push_str(&wrapped("", 0, &format!("family {family}, seed {seed}, values {values}, file {file}")));
        if self.module != self.id {
            text.push_str(&wrapped("", 0, &format!("a variant of {}", self.module)));
        }
        for paragraph in std::iter::once(&self.summary).chain(&self.about).filter(|paragraph| !paragraph.is_empty()) {
            text.push('\n');
            text.push_str(&wrapped("", 0, paragraph));
        }
        text.push_str("\nFIGURES\n");
        for figure in &self.figures {
            text.push_str(&wrapped(&format!("  {}", figure.path), 4, ""));
            text.push_str(&wrapped("", 4, &format!("{}. {}", figure.title.trim_end_matches('.'), figure.caption)));
        }
        self.parameters_in(&mut text);
        self.tables_in(&mut text);
        self.judgement_in(&mut text);
        if !self.numbers.is_empty() {
            text.push_str("\nNUMBERS FOR TEXTS, as \\nd{NAME}\n");
            for number in &self.numbers {
                let value = number.value.as_deref().unwrap_or("no golden data yet");
                let error = number.error.as_ref().map_or(String::new(), |error| format!(" +- {error}"));
                text.push_str(&wrapped(&format!("  {}", number.name), 34, &format!("{value}{error}")));
                text.push_str(&wrapped("", 36, &number.cell));
            }
        }
        text.push_str("\nCOST\n");
        let run = self.last_run.iter().map(LastRun::sentence);
        for sentence in self.cost.sentences().into_iter().chain(run) {
            text.push_str(&wrapped("", 2, &sentence));
        }
        text.push_str("\nTO GO ON\n");
        for command in self.commands() {
            let _ = writeln!(text, "  {command}");
        }
        text
    }

    /// Commands that run it and vary it.
    pub(in crate::driver) fn commands(&self) -> Vec<String> {
        let (id, called) = (&self.id, &self.called);
        let mut commands = vec![format!("neurodyn run {called}")];
        if let Some(setting) = &self.setting {
            // shells read brackets
            let quote = if setting.contains('[') { "'" } else { "" };
            commands.push(format!("neurodyn run {called} --set {quote}{setting}{quote}"));
        }
        commands.push(format!("neurodyn new my_{id} --from {called}"));
        commands
    }

    fn parameters_in(&self, text: &mut String) {
        text.push_str("\nPARAMETERS, with the values of the file\n");
        for parameter in &self.parameters {
            let Parameter { name, values, allowed, .. } = parameter;
            if values.is_empty() && allowed.is_empty() {
                text.push_str(&wrapped(&format!("  {name}"), 4, ""));
            } else if values.is_empty() {
                text.push_str(&wrapped(&format!("  {name}"), 4, "(not in the file)"));
            } else {
                let (start, value) = (format!("  {name} ="), parameter.value());
                // one space, unless the value goes on in further lines
                text.push_str(&wrapped("", 2, &format!("{} {value}", start.trim_start())));
            }
            let explained = parameter.explained(allowed);
            if !explained.is_empty() {
                text.push_str(&wrapped("", 6, &explained));
            }
        }
    }

    fn tables_in(&self, text: &mut String) {
        text.push_str("\nTABLES\n");
        if self.tables.is_empty() {
            text.push_str(&wrapped("", 2, &self.without_tables()));
        }
        for table in &self.tables {
            let drawn = if table.figures.is_empty() {
                String::new()
            } else {
                format!(", drawn in {}", table.figures.join(", "))
            };
            text.push_str(&wrapped("", 2, &format!("{}: {}{drawn}", table.name, plural(table.rows as u64, "row"))));
            for column in &table.columns {
                text.push_str(&wrapped(&format!("    {}", column.name), 28, &column.explained()));
            }
        }
    }

    /// What stands in the place of tables that are not known.
    pub(in crate::driver) fn without_tables(&self) -> String {
        format!("They are known once it has run: neurodyn run {}.", self.called)
    }

    fn judgement_in(&self, text: &mut String) {
        text.push_str("\nJUDGED AGAINST THEORY\n");
        if !self.judged.is_empty() {
            text.push_str(&wrapped("", 2, &self.judged.join(", ")));
        }
        for unjudged in &self.not_judged {
            text.push_str(&wrapped("", 2, &format!("not judged: {}: {}", unjudged.quantity, unjudged.reason)));
        }
        if let Some(reason) = self.no_control {
            text.push_str(&wrapped("", 2, &format!("no negative control: {reason}")));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_between_words() {
        let text = wrapped("  name", 10, &"word ".repeat(40));
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].starts_with("  name    word word") && lines[1].starts_with("          word"), "{text}");
        assert!(lines.iter().all(|line| line.chars().count() <= WIDTH && !line.ends_with(' ')), "{text}");
        assert_eq!(text.matches("word").count(), 40);
        assert_eq!(wrapped("  a long name", 4, "x"), "  a long name  x\n");
        assert_eq!(wrapped("", 2, ""), "\n");
    }
}

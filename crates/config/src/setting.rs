//! `--set PATH=VALUE`: one value of an experiment file, given on the command line.

use super::nearest::nearest;
use super::{ConfigError, Document};
use std::fmt;
use std::str::FromStr;
use toml_edit::{DocumentMut, InlineTable, Item, Key, TableLike, Value};

/// A value, and where in an experiment file it goes; `params.` is short for `parameters.`.
#[derive(Debug, Clone)]
pub struct Setting {
    steps: Vec<Step>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Key(String),
    Index(usize),
}

/// Steps as a path, such as `parameters.cases[0].width`.
fn path(steps: &[Step]) -> String {
    steps.iter().fold(String::new(), |text, step| match step {
        Step::Key(key) if text.is_empty() => Key::new(key).display_repr().into_owned(),
        Step::Key(key) => format!("{text}.{}", Key::new(key).display_repr()),
        Step::Index(index) => format!("{text}[{index}]"),
    })
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", path(&self.steps), self.value.to_string().trim())
    }
}

impl FromStr for Setting {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.chars().any(char::is_control) {
            return Err("it must be one line without control characters".to_owned());
        }
        let (place, value) = text.split_once('=').ok_or("it must be PATH=VALUE, such as parameters.sigma_w=1.5")?;
        let mut steps = steps(place.trim())?;
        if let Some(Step::Key(key)) = steps.first_mut()
            && key == "params"
        {
            "parameters".clone_into(key);
        }
        Ok(Self { steps, value: read(value.trim())? })
    }
}

impl Setting {
    /// The same; a number or word in the place of a list of such, or of a grid, is a list of one.
    fn fitted(&self, top: &Item) -> Self {
        let old = self.steps.iter().try_fold(top, |item, step| match step {
            Step::Key(key) => item.get(key.as_str()),
            Step::Index(index) => item.get(*index),
        });
        let number = |value: &Value| value.is_integer() || value.is_float();
        let one_of = match old {
            Some(Item::Value(Value::Array(list))) => list.iter().all(|item| match &self.value {
                value if number(value) => number(item),
                value => value.is_str() && item.is_str(),
            }),
            Some(item) => item.get("from").and(item.get("to")).and(item.get("count")).is_some() && number(&self.value),
            None => false,
        };
        let value = if one_of { Value::Array([self.value.clone()].into_iter().collect()) } else { self.value.clone() };
        Self { steps: self.steps.clone(), value }
    }
}

fn steps(place: &str) -> Result<Vec<Step>, String> {
    let wrong =
        || format!("{place:?} is no path; it must be names with dots between them, such as parameters.cases[0].width");
    let mut steps = Vec::new();
    let mut rest = place;
    loop {
        let (keys, more) = rest.split_once('[').map_or((rest, None), |(keys, more)| (keys, Some(more)));
        if !keys.is_empty() || steps.is_empty() {
            let keys = Key::parse(keys).map_err(|_| wrong())?;
            steps.extend(keys.iter().map(|key| Step::Key(key.get().to_owned())));
        }
        let Some(more) = more else { break };
        let (index, after) = more.split_once(']').ok_or_else(wrong)?;
        steps.push(Step::Index(index.parse().map_err(|_| wrong())?));
        rest = match after.strip_prefix('.') {
            Some(keys) if !keys.is_empty() => keys,
            None if after.is_empty() || after.starts_with('[') => after,
            _ => return Err(wrong()),
        };
        if rest.is_empty() {
            break;
        }
    }
    Ok(steps)
}

/// TOML, or words that are none.
fn read(text: &str) -> Result<Value, String> {
    if text.is_empty() {
        return Err("there is no value after =".to_owned());
    }
    let word = |letter: char| letter.is_alphanumeric() || " _-.,:".contains(letter);
    match text.parse::<Value>() {
        Ok(value) => Ok(value),
        Err(_) if text.starts_with(char::is_alphabetic) && text.chars().all(word) => Ok(text.into()),
        Err(error) => Err(format!("{text:?} is no value of TOML: {}", error.message())),
    }
}

impl Document {
    /// The same with these values, which `settings` of the new document lists; comments stay.
    pub fn with_settings(&self, settings: &[Setting]) -> Result<Self, ConfigError> {
        let refused = |at: String, message| ConfigError::Setting { settings: at, message };
        let mut edited: DocumentMut = self.text.parse().map_err(|error: toml_edit::TomlError| {
            refused(flags(settings), format!("{}: {}", self.path.display(), error.message()))
        })?;
        let mut given = Vec::new();
        for setting in settings {
            let setting = setting.fitted(edited.as_item());
            set_in_table(edited.as_table_mut(), &setting.steps, 0, &setting.value)
                .map_err(|message| refused(flags(std::slice::from_ref(&setting)), message))?;
            given.push(setting.to_string());
        }
        let mut document = Self::parse(&self.path, edited.to_string()).map_err(|error| blame(error, self, settings))?;
        document.settings = given;
        document.folder.clone_from(&self.folder);
        Ok(document)
    }
}

/// The error as one of the settings that it is about, or of all where that is not clear.
pub fn blame(error: ConfigError, document: &Document, settings: &[Setting]) -> ConfigError {
    let ConfigError::Invalid { message, excerpt, .. } = error else { return error };
    let about = |setting: &&Setting| {
        let path = path(&setting.steps);
        let field = message.split(": ").next().unwrap_or_default();
        let last = path.rsplit('.').next().unwrap_or_default();
        let line = excerpt.split(" | ").nth(1).unwrap_or_default();
        let key = line.split('=').next().unwrap_or_default().trim();
        field.starts_with(&path) || path.starts_with(field) || key == last
    };
    let guilty: Vec<Setting> = settings.iter().filter(about).cloned().collect();
    let at = flags(if guilty.is_empty() { settings } else { &guilty });
    let meant = guilty.iter().find_map(|setting| match &setting.steps[..] {
        [Step::Key(key), ..] if document.has_parameter(key) => Some(format!("; is parameters.{key} meant?")),
        [Step::Key(key), _, ..] if nearest(key, ["params"]).is_some() => Some("; is parameters meant?".to_owned()),
        _ => None,
    });
    ConfigError::Setting { settings: at, message: message + &meant.unwrap_or_default() }
}

fn flags(settings: &[Setting]) -> String {
    settings.iter().map(|setting| format!("--set {setting}")).collect::<Vec<_>>().join(", ")
}

fn set_in_table(table: &mut dyn TableLike, steps: &[Step], done: usize, value: &Value) -> Result<(), String> {
    let Step::Key(key) = &steps[done] else {
        return Err(format!("{} is a table, not a list; it has {}", path(&steps[..done]), keys(table)));
    };
    let more = done + 1 < steps.len();
    match table.get_mut(key) {
        Some(item) if more => set_in_item(item, steps, done + 1, value),
        Some(Item::Value(old)) => {
            replace(old, value);
            Ok(())
        }
        there => {
            // a table gives way to a value of another form, or a value is new
            if there.is_some() {
                table.remove(key);
            }
            let mut item = Item::Value(value.clone());
            if more {
                item = Item::Value(InlineTable::new().into());
                set_in_item(&mut item, steps, done + 1, value)?;
            }
            table.insert(key, item);
            Ok(())
        }
    }
}

fn set_in_item(item: &mut Item, steps: &[Step], done: usize, value: &Value) -> Result<(), String> {
    match item {
        Item::Table(table) => set_in_table(table, steps, done, value),
        Item::ArrayOfTables(tables) => {
            let index = index(steps, done, tables.len())?;
            match (tables.get_mut(index), value) {
                (Some(table), _) if done + 1 < steps.len() => set_in_table(table, steps, done + 1, value),
                (Some(table), Value::InlineTable(new)) => {
                    let (decor, position) = (table.decor().clone(), table.position());
                    *table = new.clone().into_table();
                    *table.decor_mut() = decor;
                    table.set_position(position);
                    Ok(())
                }
                _ => Err(format!("{} is {}, but must be a table", path(&steps[..=done]), value.type_name())),
            }
        }
        Item::Value(old) => set_in_value(old, steps, done, value),
        Item::None => Err(format!("{} is not there", path(&steps[..done]))),
    }
}

fn set_in_value(old: &mut Value, steps: &[Step], done: usize, value: &Value) -> Result<(), String> {
    if done == steps.len() {
        replace(old, value);
        return Ok(());
    }
    match old {
        Value::InlineTable(table) => {
            let before = table.len();
            set_in_table(table, steps, done, value)?;
            if table.len() > before {
                table.fmt();
            }
            Ok(())
        }
        Value::Array(list) => {
            let index = index(steps, done, list.len())?;
            match list.get_mut(index) {
                Some(old) => set_in_value(old, steps, done + 1, value),
                None => Err(format!("{} is not there", path(&steps[..=done]))),
            }
        }
        _ => Err(format!(
            "{} is {} of type {}, neither table nor list",
            path(&steps[..done]),
            old.to_string().trim(),
            old.type_name()
        )),
    }
}

fn index(steps: &[Step], done: usize, count: usize) -> Result<usize, String> {
    match steps[done] {
        Step::Index(index) if index < count => Ok(index),
        _ => Err(format!(
            "{0} is a list of {count}, from {0}[0] on; {1} is not there",
            path(&steps[..done]),
            path(&steps[..=done])
        )),
    }
}

fn keys(table: &dyn TableLike) -> String {
    table.iter().map(|(key, _)| key).collect::<Vec<_>>().join(", ")
}

/// The new value in the place of the old one, with what stands around that.
pub(super) fn replace(old: &mut Value, value: &Value) {
    let decor = old.decor().clone();
    *old = value.clone();
    *old.decor_mut() = decor;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    const TEXT: &str = "# about\nfamily = \"activity\"\ntitle = \"t\" # short\nseed = 7\nvalues = 1\n\n[parameters]\n# scales\nsigma_w = [1.0, 2.5] # two\n\
                        grid = { from = 0.0, to = 1.0, count = 3 }\n\n[[parameters.cases]]\nwidth = 10\n\n[[parameters.cases]]\nwidth = 20\n";

    fn with(settings: &[&str]) -> Result<String, String> {
        let settings: Vec<Setting> = settings.iter().map(|text| text.parse()).collect::<Result<_, _>>()?;
        let document = Document::parse(Path::new("x.toml"), TEXT.to_owned()).expect("valid");
        document.with_settings(&settings).map(|document| document.text).map_err(|error| error.to_string())
    }

    #[test]
    fn values_change_and_all_else_stays() {
        for (settings, from, to) in [
            (&["seed=5"][..], "seed = 7", "seed = 5"),
            (&["params.sigma_w=[1.2,1.8]"], "[1.0, 2.5]", "[1.2,1.8]"),
            (&["params.sigma_w=1.5"], "[1.0, 2.5]", "[1.5]"),
            (&["params.sigma_w=2"], "[1.0, 2.5]", "[2]"),
            (&["params.sigma_w=wide"], "[1.0, 2.5]", "\"wide\""),
            (&["params.grid=0.5"], "{ from = 0.0, to = 1.0, count = 3 }", "[0.5]"),
            (&["parameters.sigma_w[1] = 3"], "2.5]", "3]"),
            (&["title=a quick look"], "\"t\"", "\"a quick look\""),
            (&["title='t=u'"], "\"t\"", "'t=u'"),
            (&["parameters.grid.count=9"], "count = 3", "count = 9"),
            (&["parameters.cases[1].width=30"], "width = 20", "width = 30"),
            (&["parameters.cases[1]={ width = 30 }"], "width = 20", "width = 30"),
            (&["parameters.grid.scale=log"], "count = 3 }", "count = 3, scale = \"log\" }"),
            (&["parameters.new=1"], "count = 3 }\n", "count = 3 }\nnew = 1\n"),
            (&["seed=5", "seed=6"], "seed = 7", "seed = 6"),
        ] {
            assert!(TEXT.contains(from), "{from}");
            assert_eq!(with(settings), Ok(TEXT.replacen(from, to, 1)), "{settings:?}");
        }
        let text = with(&["parameters.cases=[{ width = 3 }]"]).expect("set");
        assert!(text.contains("cases = [{ width = 3 }]") && !text.contains("[["), "{text}");
    }

    #[test]
    fn what_cannot_be_set_is_named() {
        for (setting, parts) in [
            ("seed", &["PATH=VALUE"][..]),
            ("=3", &["no path"]),
            ("seed=", &["no value after ="]),
            ("parameters.sigma_w=[1.0", &["\"[1.0\" is no value of TOML"]),
            ("parameters.cases[x].width=1", &["\"parameters.cases[x].width\" is no path"]),
            (
                "parameters.cases[2].width=1",
                &["--set parameters.cases[2].width=1", "a list of 2", "parameters.cases[2] is not there"],
            ),
            ("parameters.cases[0]=1", &["parameters.cases[0] is integer, but must be a table"]),
            ("parameters.cases.width=1", &["parameters.cases is a list of 2"]),
            ("parameters[0]=1", &["parameters is a table, not a list; it has sigma_w, grid, cases"]),
            ("seed.low=1", &["--set seed.low=1", "seed is 7 of type integer"]),
            ("seed=many", &["--set seed=\"many\"", "seed: ", "a whole number"]),
            ("sede=1", &["--set sede=1", "unknown field `sede`", "`seed`"]),
            (
                "sigma_w=1",
                &["--set sigma_w=1", "unknown field `sigma_w`", "`parameters`", "is parameters.sigma_w meant?"],
            ),
            ("prams.sigma_w=1", &["unknown field `prams`", "is parameters meant?"]),
            ("title=a\nb", &["one line"]),
        ] {
            let error = with(&[setting]).expect_err(setting);
            for part in parts {
                assert!(error.contains(part), "{setting}: {part} missing in {error}");
            }
        }
    }
}

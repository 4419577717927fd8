//! The layers that set keys: defaults, the database, `guildhall.toml`, the environment, the command line. Each provides
//! text and its origin; the last one wins.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
};

use serde::Serialize;

use super::{
    ConfigError, Flags,
    key::{Exposure, Key},
    kinds::Kind,
};

const FILE: &str = "guildhall.toml";

/// The maximum edit distance at which a known name is suggested.
const MOST_SLIPS: usize = 3;

/// The source of a value. Each overrides the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Built in.
    Default,
    /// Saved by an admin in the browser.
    Stored,
    /// `guildhall.toml`.
    File,
    /// Its variable, or the file that its variable's `_FILE` names.
    Environment,
    /// The command line.
    CommandLine,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ShownValue {
    /// The value is absent or empty.
    Nothing,
    /// The value is a secret that is set.
    Secret,
    /// The value, as it was written.
    Text(String),
}

/// A key with its effective value.
#[derive(Clone, Debug)]
pub struct Setting {
    /// Its name in `guildhall.toml`.
    pub key: &'static str,
    /// The environment variable that sets it.
    pub variable: &'static str,
    /// Its value, unless that is a secret.
    pub value: ShownValue,
    pub origin: Origin,
    /// True if admins can save it in the browser, unless it is set elsewhere.
    pub is_kept: bool,
}

struct LayerValue {
    text: String,
    origin: Origin,
    /// True if quoted in `guildhall.toml`; other layers have only text.
    is_quoted: bool,
}

/// The value of each key that is set.
pub(super) struct Layers {
    keys: &'static [Key],
    given: BTreeMap<&'static str, LayerValue>,
    /// The paths that `guildhall.toml` names for keys with `_file`.
    files: BTreeMap<&'static str, String>,
}

impl Layers {
    /// Creates the lowest layer.
    pub(super) fn defaults(keys: &'static [Key]) -> Self {
        let given = BTreeMap::new();
        let mut layers = Self { keys, given, files: BTreeMap::new() };
        for key in keys {
            if let Some(default) = key.default {
                layers.set(key.name, default.to_owned(), Origin::Default);
            }
        }
        layers
    }

    fn set(&mut self, key: &'static str, text: String, origin: Origin) {
        let is_quoted = true;
        let given = LayerValue { text, origin, is_quoted };
        self.given.insert(key, given);
    }

    /// Adds a stored value of a key that admins can save.
    pub(super) fn add_stored(&mut self, name: &str, text: &str) {
        if let Some(key) = self.keys.iter().find(|key| key.is_kept && key.name == name) {
            self.set(key.name, text.to_owned(), Origin::Stored);
        }
    }

    /// Adds the file at `named`, or that of the working directory if there is one; returns its path. Parent directories are not
    /// searched: their files are not meant for this server. A working directory that this user may not enter, as that of whoever called
    /// `sudo`, has none.
    pub(super) fn add_file(
        &mut self,
        named: Option<&Path>,
    ) -> Result<Option<PathBuf>, ConfigError> {
        let path = named.unwrap_or_else(|| Path::new(FILE));
        let text = match fs::read_to_string(path) {
            Ok(text) => text,
            Err(_) if named.is_none() && !path.try_exists().unwrap_or(false) => return Ok(None),
            Err(error) => {
                let says = format!("cannot read {}: {error}", path.display());
                return Err(ConfigError::Invalid(says));
            }
        };
        self.add_toml(&text)?;
        self.read_files()?;
        Ok(Some(std::path::absolute(path).unwrap_or_else(|_| path.to_owned())))
    }

    /// Reads the files that `guildhall.toml` names for keys with `_file`.
    fn read_files(&mut self) -> Result<(), ConfigError> {
        for (key, path) in self.files.clone() {
            if self.given.get(key).is_some_and(|given| given.origin == Origin::File) {
                let both = format!("{key} and {key}_file are both in {FILE}: remove one of them");
                return Err(ConfigError::Invalid(both));
            }
            let text = content(&path).map_err(|source| ConfigError::File {
                variable: format!("{key}_file"),
                path: path.clone(),
                source,
            })?;
            self.set(key, text, Origin::File);
        }
        Ok(())
    }

    /// Returns the file that holds the value of a key, if `guildhall.toml` names one.
    pub(super) fn file_of(&self, key: &str) -> Option<PathBuf> {
        self.files.get(key).map(PathBuf::from)
    }

    /// Adds the text of a file. The error does not quote the invalid line, which may contain a secret.
    pub(super) fn add_toml(&mut self, text: &str) -> Result<(), ConfigError> {
        let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.unwrap_or_default().matches('\n').count() + 1;
            ConfigError::Invalid(format!(
                "{FILE} is not valid TOML: correct line {line}; text must be in double quotes"
            ))
        })?;
        for (name, value) in table {
            let Some(key) = self.keys.iter().find(|key| key.name == name) else {
                let bare = name.strip_suffix("_file");
                let of_file = self.keys.iter().find(|key| Some(key.name) == bare);
                if let (Some(key), toml::Value::String(path)) = (of_file, &value) {
                    self.files.insert(key.name, path.clone());
                    continue;
                }
                let found = format!("unknown key '{name}' in {FILE}");
                return Err(self.unknown(&found, &name, |key| key.name));
            };
            let (text, is_quoted) = match value {
                toml::Value::String(text) => (text, true),
                toml::Value::Integer(number) => (number.to_string(), false),
                toml::Value::Float(number) => (number.to_string(), false),
                toml::Value::Boolean(yes) => (yes.to_string(), false),
                other => (other.type_str().to_owned(), false),
            };
            let origin = Origin::File;
            let given = LayerValue { text, origin, is_quoted };
            self.given.insert(key.name, given);
        }
        Ok(())
    }

    /// Adds the environment. Rejects unknown variables with Guildhall's prefix.
    pub(super) fn add_environment(
        &mut self,
        environment: &BTreeMap<String, String>,
    ) -> Result<(), ConfigError> {
        let is_known = |name: &str| {
            let name = name.strip_suffix("_FILE").unwrap_or(name);
            name == "GUILDHALL_CRASH_AT" || self.keys.iter().any(|key| key.variable == name)
        };
        let mut ours = environment.keys().filter(|name| name.starts_with("GUILDHALL_"));
        if let Some(name) = ours.find(|name| !is_known(name)) {
            let found = format!("unknown environment variable {name}");
            return Err(self.unknown(&found, name, |key| key.variable));
        }
        for key in self.keys {
            if let Some(text) = variable(environment, key.variable)? {
                self.set(key.name, text, Origin::Environment);
            }
        }
        Ok(())
    }

    /// Adds the command line.
    pub(super) fn add_flags(&mut self, flags: &Flags) -> Result<(), ConfigError> {
        if let Some(path) = &flags.data_dir {
            let text = path.to_str();
            let text = text.ok_or_else(|| ConfigError::NotText("--data-dir".to_owned()))?;
            self.set("data_dir", text.to_owned(), Origin::CommandLine);
        }
        if let Some(bind) = &flags.bind {
            self.set("bind", bind.to_string(), Origin::CommandLine);
        }
        Ok(())
    }

    /// Returns the error for an unknown name, with the most similar known name.
    fn unknown(&self, found: &str, name: &str, named: fn(&Key) -> &'static str) -> ConfigError {
        let near = |key: &Key| (strsim::levenshtein(name, named(key)), named(key));
        let hint = match self.keys.iter().map(near).min() {
            Some((slips, known)) if slips <= MOST_SLIPS => format!("; did you mean '{known}'? See"),
            _ => "; see".to_owned(),
        };
        ConfigError::Invalid(format!("{found}{hint} docs/configuration.md"))
    }

    /// Returns the value of an optional key.
    pub(super) fn optional<T>(
        &self,
        name: &'static str,
        kind: &Kind<T>,
    ) -> Result<Option<T>, ConfigError> {
        let key = self.keys.iter().find(|key| key.name == name);
        let (Some(key), Some(given)) = (key, self.given.get(name)) else {
            return Ok(None);
        };
        let is_blank = key.exposure == Exposure::Secret && given.text.trim().is_empty();
        match kind.value(&given.text, given.is_quoted) {
            Some(value) if !is_blank => Ok(Some(value)),
            _ => Err(refusal(key, given, &kind.allowed(given.is_quoted))),
        }
    }

    /// Returns the value of a key with a default.
    pub(super) fn required<T>(&self, name: &'static str, kind: &Kind<T>) -> Result<T, ConfigError> {
        let missing = || ConfigError::Invalid(format!("{name} is not set"));
        self.optional(name, kind)?.ok_or_else(missing)
    }

    /// Returns every key with its value and origin.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let setting = |key: &Key| {
            let given = self.given.get(key.name);
            Setting {
                key: key.name,
                variable: key.variable,
                value: match given {
                    Some(given) if given.text.is_empty() => ShownValue::Nothing,
                    Some(_) if key.exposure == Exposure::Secret => ShownValue::Secret,
                    Some(given) => ShownValue::Text(given.text.clone()),
                    None => ShownValue::Nothing,
                },
                origin: given.map_or(Origin::Default, |given| given.origin),
                is_kept: key.is_kept,
            }
        };
        self.keys.iter().map(setting).collect()
    }
}

/// Returns the error for an invalid value: its key, its text unless it is a secret, and the next step.
fn refusal(key: &Key, given: &LayerValue, allowed: &str) -> ConfigError {
    let found = match &given.text {
        text if text.trim().is_empty() => "is empty".to_owned(),
        _ if key.exposure == Exposure::Secret => "is invalid".to_owned(),
        text => format!("is '{text}'"),
    };
    let unset = match key.default {
        None if given.text.trim().is_empty() => ", or unset",
        _ => "",
    };
    let allowed = format!("{allowed}{unset}");
    ConfigError::Value { key: key.name, variable: key.variable, found, allowed }
}

/// Returns the text of a variable, or of the file that its `_FILE` variable names. An empty variable counts as
/// unset, since compose files pass those through.
fn variable(
    environment: &BTreeMap<String, String>,
    name: &str,
) -> Result<Option<String>, ConfigError> {
    let file_variable = format!("{name}_FILE");
    let get = |name: &str| environment.get(name).filter(|value| !value.is_empty());
    let path = match (get(name), get(&file_variable)) {
        (Some(_), Some(_)) => {
            let both = format!("{name} and {file_variable} are both set: unset one of them");
            return Err(ConfigError::Invalid(both));
        }
        (None, Some(path)) => path,
        (value, None) => return Ok(value.cloned()),
    };
    let read = content(path);
    read.map(Some).map_err(|source| ConfigError::File {
        variable: file_variable,
        path: path.clone(),
        source,
    })
}

/// Reads a value from a file, without the line break at its end.
fn content(path: &str) -> io::Result<String> {
    Ok(fs::read_to_string(path)?.trim_end_matches(['\r', '\n']).to_owned())
}

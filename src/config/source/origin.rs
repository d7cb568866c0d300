//! The sources of a configuration in their order, and the first of them that is there.

use std::ffi::OsStr;
use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::command_line::CommandLine;
use super::text::{self, ReadError};
use super::variables::{PassedOver, Variables};
use crate::config::defaults;
use crate::config::report::{Finding, Severity};

const YAML_B64: &str = "LOG_GENERATOR_CONFIG_YAML_B64";
const YAML: &str = "LOG_GENERATOR_CONFIG_YAML";
const PATH: &str = "LOG_GENERATOR_CONFIG_PATH";
const DEFAULT_PATH: &str = "config/config.yaml";

/// Where a configuration came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConfigSource {
    /// The file that the command line names.
    Argument(PathBuf),
    /// `LOG_GENERATOR_CONFIG_YAML_B64`.
    YamlBase64,
    /// `LOG_GENERATOR_CONFIG_YAML`.
    Yaml,
    /// The file that `LOG_GENERATOR_CONFIG_PATH` names.
    PathVariable(PathBuf),
    /// `config/config.yaml`.
    DefaultPath,
    /// The built-in default.
    BuiltIn,
    /// The record of a run, which is repeated.
    Record(PathBuf),
}

impl ConfigSource {
    /// What the names of files in the configuration are relative to: the directory of its file, or else that of the process.
    pub fn directory(&self) -> &Path {
        let file = match self {
            Self::Argument(path) | Self::PathVariable(path) | Self::Record(path) => path,
            Self::DefaultPath => Path::new(DEFAULT_PATH),
            Self::YamlBase64 | Self::Yaml | Self::BuiltIn => return Path::new(""),
        };
        file.parent().unwrap_or(Path::new(""))
    }

    /// The name that stands in front of errors: the file or the variable.
    pub fn name(&self) -> String {
        match self {
            Self::Argument(path) | Self::PathVariable(path) | Self::Record(path) => {
                path.display().to_string()
            }
            Self::YamlBase64 => YAML_B64.into(),
            Self::Yaml => YAML.into(),
            Self::DefaultPath => DEFAULT_PATH.into(),
            Self::BuiltIn => "the built-in default".into(),
        }
    }
}

/// For the log: `/etc/x.yaml (LOG_GENERATOR_CONFIG_PATH)`.
impl fmt::Display for ConfigSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name())?;
        match self {
            Self::PathVariable(_) => write!(f, " ({PATH})"),
            Self::YamlBase64 | Self::Yaml => f.write_str(" (environment)"),
            Self::Argument(_) => f.write_str(" (command line)"),
            Self::Record(_) => f.write_str(" (the run is repeated)"),
            Self::DefaultPath | Self::BuiltIn => Ok(()),
        }
    }
}

/// The source that is used, its text, and the others.
pub struct FoundSource {
    pub source: ConfigSource,
    pub text: String,
    pub passed_over: Vec<PassedOver>,
    /// A file that the environment names and that was passed over all the same.
    pub missing: Option<Finding>,
}

/// Goes through the sources. The first that is there is used, right or wrong: to fall back on
/// another one would run a configuration that you did not ask for.
pub fn find(
    directory: &Path,
    command_line: &CommandLine,
    variables: Variables<'_>,
) -> Result<FoundSource, Finding> {
    let mut search = Search { used: None, passed_over: Vec::new() };
    search.offer("CONFIG", "not given", command_line.config.as_ref(), |path| {
        if path.as_os_str().is_empty() {
            return Err(Finding::of_source("CONFIG", "found an empty name, expected a file"));
        }
        read_file(directory, ConfigSource::Argument(path.clone()))
    })?;
    let unset = |name| if variables(name).is_some() { "set but empty" } else { "not set" };
    let given = |name| variables(name).filter(|value| !value.is_empty());
    search.offer(YAML_B64, unset(YAML_B64), given(YAML_B64).as_deref(), |value| {
        let bytes = not_blank(YAML_B64, value, "a configuration in base64, from `base64 FILE`")?;
        let text = text::from_base64(bytes)
            .and_then(|text| text::has_line_breaks(&text).map(|()| text))
            .map_err(|e| Finding::of_source(YAML_B64, e))?;
        Ok((ConfigSource::YamlBase64, text))
    })?;
    search.offer(YAML, unset(YAML), given(YAML).as_deref(), |value| {
        let bytes = not_blank(YAML, value, "a configuration in YAML")?;
        let text = text::from_utf8(bytes.to_vec()).map_err(|e| Finding::of_source(YAML, e))?;
        text::has_line_breaks(&text).map_err(|e| Finding::of_source(YAML, e))?;
        Ok((ConfigSource::Yaml, text))
    })?;
    let named = given(PATH);
    let missing = named
        .as_deref()
        .filter(|_| search.used.is_none())
        .and_then(|value| is_mounted_empty(directory, Path::new(value)));
    let (absent, named) = match &missing {
        Some(_) => ("its file is not there", None),
        None => (unset(PATH), named.as_deref()),
    };
    search.offer(PATH, absent, named, |value| {
        not_blank(PATH, value, "the path of a configuration file")?;
        read_file(directory, ConfigSource::PathVariable(value.into()))
    })?;
    let default = directory.join(DEFAULT_PATH);
    let there = match fs::symlink_metadata(&default) {
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        _ => Some(()),
    };
    search.offer(DEFAULT_PATH, "not there", there, |()| {
        read_file(directory, ConfigSource::DefaultPath)
    })?;
    let passed_over = search.passed_over;
    let (source, text) =
        search.used.unwrap_or_else(|| (ConfigSource::BuiltIn, defaults::BUILT_IN.to_owned()));
    Ok(FoundSource { source, text, passed_over, missing })
}

/// Whether the file that the environment names is missing together with all else in its directory: an empty
/// directory that is mounted there hides the one that an image has. A file that is missing beside others is likely
/// misspelt, and stays an error.
fn is_mounted_empty(directory: &Path, path: &Path) -> Option<Finding> {
    let is_missing = |error: &io::Error| error.kind() == ErrorKind::NotFound;
    let file = directory.join(path);
    fs::symlink_metadata(&file).err().filter(is_missing)?;
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty())?;
    let why = match fs::read_dir(directory.join(parent)) {
        Ok(mut entries) => entries.next().is_none().then_some("is empty")?,
        Err(error) if is_missing(&error) => "is not there",
        Err(_) => return None,
    };
    let message = format!(
        "found no {}: the directory {} {why}. The next source is used; put the file there, or unset the variable",
        path.display(),
        parent.display(),
    );
    Some(Finding { severity: Severity::Warning, ..Finding::of_source(PATH, message) })
}

struct Search {
    used: Option<(ConfigSource, String)>,
    passed_over: Vec<PassedOver>,
}

impl Search {
    /// Takes a source if it is there and none came before it.
    fn offer<T>(
        &mut self,
        name: &str,
        absent: &str,
        given: Option<T>,
        read: impl FnOnce(T) -> Result<(ConfigSource, String), Finding>,
    ) -> Result<(), Finding> {
        let reason = match (&self.used, given) {
            (None, Some(given)) => {
                self.used = Some(read(given)?);
                return Ok(());
            }
            (Some(_), Some(_)) => "comes later",
            (Some(_), None) => return Ok(()),
            (None, None) => absent,
        };
        let reason = reason.to_owned();
        self.passed_over.push(PassedOver { source: name.to_owned(), reason });
        Ok(())
    }
}

/// A value that is nothing but blanks is a mistake of the script that set it.
pub(super) fn not_blank<'v>(
    name: &str,
    value: &'v OsStr,
    expected: &str,
) -> Result<&'v [u8], Finding> {
    let bytes = value.as_encoded_bytes();
    if bytes.iter().all(u8::is_ascii_whitespace) {
        let message = format!("set but blank, expected {expected}: unset it if it is not meant");
        return Err(Finding::of_source(name, message));
    }
    Ok(bytes)
}

fn read_file(directory: &Path, source: ConfigSource) -> Result<(ConfigSource, String), Finding> {
    let name = source.name();
    let path = match &source {
        ConfigSource::Argument(path) | ConfigSource::PathVariable(path) => directory.join(path),
        _ => directory.join(DEFAULT_PATH),
    };
    let named_by = match source {
        ConfigSource::PathVariable(_) => format!(" (named by {PATH})"),
        _ => String::new(),
    };
    match text::from_file(&path) {
        Ok(text) => Ok((source, text)),
        Err(ReadError::UnreadableText(cause)) => {
            Err(Finding::of_source(name, format!("cannot be read: {cause}{named_by}")))
        }
        Err(ReadError::Wrong(message)) => Err(Finding::of_source(name, message)),
    }
}

//! Loading in tests: no variable of the process is read, no directory of the process is changed.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use access_log_generator::inside::cli::Arguments;
use access_log_generator::inside::config::report::ConfigErrors;
use access_log_generator::inside::config::source::{Loaded, load_in};

/// Loads with the given variables and no others, relative paths taken from the package.
pub fn load(arguments: &Arguments, variables: &[(&str, &[u8])]) -> Result<Loaded, ConfigErrors> {
    load_from(Path::new(env!("CARGO_MANIFEST_DIR")), arguments, variables)
}

/// [`load`] in a directory.
pub fn load_from(
    directory: &Path,
    arguments: &Arguments,
    variables: &[(&str, &[u8])],
) -> Result<Loaded, ConfigErrors> {
    load_in(directory, &arguments.into(), &|name| {
        let value = variables.iter().find(|(known, _)| *known == name)?.1;
        Some(os_string(value))
    })
}

fn os_string(bytes: &[u8]) -> OsString {
    use std::os::unix::ffi::OsStringExt;
    OsString::from_vec(bytes.to_vec())
}

/// Loads YAML from the variable that carries it.
pub fn load_yaml(yaml: &[u8]) -> Result<Loaded, ConfigErrors> {
    load(&Arguments::default(), &[("LOG_GENERATOR_CONFIG_YAML", yaml)])
}

/// The files of a folder beside this one with an extension, by name.
pub fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|error| panic!("{}: {error}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == extension))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no .{extension} in {}", folder.display());
    files
}

/// Compares with the `.expected` file beside `input`; `UPDATE_GOLDEN=1` writes it instead.
/// Returns what differs.
pub fn golden(input: &Path, actual: &str) -> Option<String> {
    let path = input.with_extension("expected");
    let actual = format!("{actual}\n");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, actual).unwrap();
        return None;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    (expected != actual)
        .then(|| format!("{}\n-- expected\n{expected}-- actual\n{actual}", path.display()))
}

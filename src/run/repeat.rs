//! `--repeat run.json` takes the settings from the record of a run, however they were given then: by
//! configuration, environment or command line. Today's configuration is not read, and the command line
//! only says where the lines go.

use std::path::{Path, PathBuf};

use crate::cli::Arguments;
use crate::config::report::{ConfigErrors, Finding};
use crate::config::source::{
    ConfigSource, Loaded, Variables, destination_override, directory_override, override_port,
};
use crate::config::{Destination, Output};
use crate::log_id::{ACCESS_LOG, file_names};
use crate::recorded::mistaken::instead_of_record;
use crate::run_record::RunRecord;
use crate::run_record::file::read;
use crate::version;

/// The settings recorded in the file at `path`, and the record.
///
/// # Errors
/// The file is not the record of a run that this version of the program can repeat, or the lines would
/// go where those of the recorded run are.
pub fn load(
    path: &Path,
    arguments: &Arguments,
    variables: Variables<'_>,
) -> Result<(Loaded, RunRecord), ConfigErrors> {
    let name = path.display().to_string();
    let wrong = |message: String| ConfigErrors::one(Finding::of_source(&name, message));
    let record = read(path).map_err(|error| match instead_of_record(path) {
        Some(found) => wrong(format!("this is not a run.json; {found}")),
        None => ConfigErrors::one(Finding::of_source("--repeat", error.to_string())),
    })?;
    // The run begins with the configuration of its first epoch; where lines go is the same in all of them.
    let epochs = record.clone().into_latest_run();
    let first = epochs.first().expect("a record is of an epoch");
    let mut config = first.config()?;
    if !first.is_of(&config) {
        return Err(wrong(format!(
            "the configuration in it has another digest than {}; expected the run.json as the run left it",
            first.configuration_digest
        )));
    }
    let variables = &|name: &str| variables(name).filter(|value| !value.is_empty());
    let mut overridden = send_elsewhere(&mut config.output, path, arguments, variables)
        .map_err(ConfigErrors::one)?;
    let mut warnings = Vec::new();
    if record.version != version::VERSION {
        warnings.push(Finding::warning_of_source(
            &name,
            format!(
                "it is of version {}, and this is {}: the lines may differ",
                record.version,
                version::VERSION
            ),
        ));
    }
    overridden.extend(
        override_port(&mut config, &arguments.into(), variables).map_err(ConfigErrors::one)?,
    );
    let shard = record.shard;
    let source = ConfigSource::Record(path.to_owned());
    let passed_over = Vec::new();
    let loaded = Loaded {
        config,
        source,
        shard,
        passed_over,
        overridden,
        port_is_given: false,
        warnings,
        notes: Vec::new(),
    };
    Ok((loaded, record))
}

/// Has the lines of the record at `path` go where the command line or else the environment says, and not where
/// they went in the recorded run. Returns what was said, in words.
fn send_elsewhere(
    output: &mut Output,
    path: &Path,
    arguments: &Arguments,
    variables: Variables<'_>,
) -> Result<Vec<String>, Finding> {
    let mut said = Vec::new();
    let destination = destination_override(&arguments.into(), variables)?;
    if let Some((destination, from)) = destination {
        said.push(format!("output.destination is {}, from {from}", destination.name()));
    }
    output.destination = destination.map(|given| given.0).unwrap_or_default();
    let given = directory_override(&arguments.into(), variables)?;
    output.directory = if output.destination == Destination::Stdout && given.is_none() {
        None
    } else {
        let recorded = path.parent().unwrap_or(Path::new(""));
        let (directory, from) = other_directory(recorded, given)
            .map_err(|message| Finding::of_source(path.display().to_string(), message))?;
        said.push(format!("output.directory is {}, from {from}", directory.display()));
        Some(directory)
    };
    Ok(said)
}

/// The given directory if it has no lines, or else the reason to refuse it.
fn other_directory<F>(
    recorded: &Path,
    given: Option<(PathBuf, F)>,
) -> Result<(PathBuf, F), String> {
    let Some((directory, from)) = given else {
        return Err(
            "the run can be repeated, but not into its own directory: say where to with --log-dir-override DIR or --stdout"
                .to_owned(),
        );
    };
    if is_same(recorded, &directory) {
        return Err(format!(
            "the lines of the run are in {} already; name another directory with --log-dir-override DIR",
            directory.display()
        ));
    }
    if let Some(log) = log_with_lines(&directory) {
        return Err(format!(
            "there are lines in {} already, so that the logs would not be those of the run; name an empty \
             directory with --log-dir-override DIR",
            log.display()
        ));
    }
    Ok((directory, from))
}

/// The access.log of the directory, plain or packed, that has lines already. A pipe or a device holds
/// none.
fn log_with_lines(directory: &Path) -> Option<PathBuf> {
    let has_lines = |log: &PathBuf| log.metadata().is_ok_and(|log| log.is_file() && log.len() > 0);
    let names = file_names(ACCESS_LOG);
    names.map(|name| directory.join(name)).find(has_lines)
}

/// Whether two paths lead to the same directory. A directory that does not exist yet is a different one.
fn is_same(one: &Path, other: &Path) -> bool {
    let here = |path: &Path| {
        if path.as_os_str().is_empty() { PathBuf::from(".") } else { path.to_owned() }
    };
    let found = |path: &Path| here(path).canonicalize().ok();
    found(one).is_some_and(|one| found(other) == Some(one))
}

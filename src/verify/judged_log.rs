//! Which log is judged: the one that the command line names, or the one whose name the received files have.

use std::path::{Path, PathBuf};

use crate::files::rotated_name::RotatedName;
use crate::log_id::{ACCESS_LOG, ERROR_LOG, SYSTEM_LOG, file_names};
use crate::recorded::run::RecordedRun;

/// The name of the log to judge, such as `access.log`.
///
/// # Errors
/// No run has the log that is named, it is not a log of hits, or the files are of several logs.
pub fn judged_log(
    named: Option<&str>,
    received: &[PathBuf],
    runs: &[RecordedRun],
) -> Result<String, String> {
    let mut further: Vec<&str> = Vec::new();
    for log in runs.iter().flat_map(|run| &run.config.output.logs) {
        if !further.contains(&&*log.file) {
            further.push(&log.file);
        }
    }
    match named {
        Some(name) if name == ACCESS_LOG || further.contains(&name) => Ok(name.to_owned()),
        Some(name) => {
            let why = match name {
                ERROR_LOG | SYSTEM_LOG => "verify cannot judge it, because it is no log of hits",
                _ => "no run of the record has it",
            };
            let logs: Vec<_> = std::iter::once(ACCESS_LOG).chain(further).collect();
            Err(format!("--log {name}: {why}; name one of {}", logs.join(", ")))
        }
        None => by_files(received, &further),
    }
}

/// The log whose name the files have; access.log if they have the name of no further log.
fn by_files(received: &[PathBuf], further: &[&str]) -> Result<String, String> {
    let log_of = |path: &Path| {
        let name = path.file_name()?.to_string_lossy();
        let is_of = |log: &&&str| {
            file_names(log).any(|file| file == name)
                || RotatedName::parse(log, &name).is_some()
                || is_numbered(&name, log)
        };
        further.iter().find(is_of).copied()
    };
    let mut logs = received.iter().map(|path| (path, log_of(path)));
    let Some((first, log)) = logs.next() else { return Ok(ACCESS_LOG.to_owned()) };
    match logs.find(|(_, other)| *other != log) {
        None => Ok(log.unwrap_or(ACCESS_LOG).to_owned()),
        Some((second, other)) => Err(format!(
            "{} looks like {}, and {} like {}; judge one log at a time, or name it with --log",
            first.display(),
            log.unwrap_or(ACCESS_LOG),
            second.display(),
            other.unwrap_or(ACCESS_LOG)
        )),
    }
}

/// Whether logrotate has named the file: `slow.log.1`, `slow.log.2.gz`.
fn is_numbered(name: &str, log: &str) -> bool {
    let number = name.strip_prefix(log).and_then(|rest| rest.strip_prefix('.'));
    let number = number.map(|number| number.split('.').next().unwrap_or_default());
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(received: &[&str]) -> Result<String, String> {
        let received: Vec<PathBuf> = received.iter().map(PathBuf::from).collect();
        by_files(&received, &["errors.log", "slow.log"])
    }

    #[test]
    fn the_log_is_the_one_whose_name_the_files_have() {
        for (received, log) in [
            (&["logs/slow.log"][..], "slow.log"),
            (
                &["slow.log-20261101T000000.gz", "slow.log-20261101T010000", "a/slow.log"],
                "slow.log",
            ),
            (&["errors.log.gz"], "errors.log"),
            (&["errors.log.2.gz", "errors.log.1", "errors.log"], "errors.log"),
            (&["errors.log.old"], "access.log"),
            (&["received.log", "-"], "access.log"),
            (&["not-slow.log"], "access.log"),
            (&["access.log", "access.log-20261101T000000.gz"], "access.log"),
        ] {
            assert_eq!(by(received).as_deref(), Ok(log), "{received:?}");
        }
    }

    #[test]
    fn files_of_several_logs_are_not_judged_together() {
        let error = by(&["slow.log", "access.log"]).unwrap_err();
        assert!(error.starts_with("slow.log looks like slow.log, and access.log like access.log"));
        assert!(by(&["slow.log", "errors.log"]).is_err());
        assert!(by(&["-", "errors.log"]).is_err());
    }
}

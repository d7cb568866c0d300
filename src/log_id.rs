//! Identifies a log of a run by a small number, which the formatter, the files and the counters share.
//! No I/O and nothing about the content of a log may enter here.

use std::sync::Arc;

use crate::codec::Codec;

/// The number of a log of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogId(usize);

/// The names of the files of the logs that a run usually has, in the order of the logs' numbers.
const USUAL: [&str; 3] = [ACCESS_LOG, ERROR_LOG, SYSTEM_LOG];
/// The file of [`LogId::ACCESS`].
pub const ACCESS_LOG: &str = "access.log";
/// The file of [`LogId::ERROR`].
pub const ERROR_LOG: &str = "error.log";
/// The file of [`LogId::SYSTEM`].
pub const SYSTEM_LOG: &str = "system.log";
/// The ending of the name of a log's file.
pub const LOG_ENDING: &str = ".log";

impl LogId {
    /// access.log: the simulated site's hits, one per line.
    pub const ACCESS: Self = Self(0);
    /// error.log: what failed on the simulated site.
    pub const ERROR: Self = Self(1);
    /// system.log: what the generator itself did.
    pub const SYSTEM: Self = Self(2);

    /// The log of `output.logs` at an index, from 0: hits again, in a selection and a format of its own.
    pub const fn further(index: usize) -> Self {
        Self(USUAL.len() + index)
    }

    /// The index in `output.logs`, of a further log.
    pub fn further_index(self) -> Option<usize> {
        self.0.checked_sub(USUAL.len())
    }

    /// The number of the log: 0, 1, 2 ... without gaps.
    #[inline]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// All logs that a run may have: access.log, error.log and system.log, and behind them those of `output.logs`.
/// A copy shares the names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogNames(Arc<[Arc<str>]>);

impl Default for LogNames {
    fn default() -> Self {
        Self::with([])
    }
}

impl LogNames {
    /// The usual logs, and further ones with these files, whose names end in `.log`.
    pub fn with<'a>(further: impl IntoIterator<Item = &'a str>) -> Self {
        Self(USUAL.into_iter().chain(further).map(Into::into).collect())
    }

    /// How many there are; at least three.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// Each log with the name of its file, in the order of their numbers.
    pub fn all(&self) -> impl Iterator<Item = (LogId, &str)> {
        self.0.iter().enumerate().map(|(index, name)| (LogId(index), &**name))
    }

    /// The logs of `output.logs`.
    pub fn further(&self) -> impl Iterator<Item = (LogId, &str)> {
        self.all().skip(USUAL.len())
    }

    /// The names of the files.
    pub fn files(&self) -> impl Iterator<Item = &Arc<str>> {
        self.0.iter()
    }
}

/// The name of a log: that of its file without `.log`.
pub fn stem(file: &str) -> &str {
    file.strip_suffix(LOG_ENDING).unwrap_or(file)
}

/// All names that the file of a log may have: plain, and packed in each form.
pub fn file_names(plain: &str) -> impl Iterator<Item = String> {
    let packed = Codec::ALL.into_iter().map(move |codec| format!("{plain}{}", codec.ending()));
    std::iter::once(plain.to_owned()).chain(packed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_stands_at_its_number_and_its_file_has_its_name() {
        let names = LogNames::with(["slow.log", "errors-json.log"]);
        let all: Vec<_> = names.all().map(|(log, name)| (log.index(), name)).collect();
        let expected = ["access.log", "error.log", "system.log", "slow.log", "errors-json.log"];
        assert_eq!(all, expected.into_iter().enumerate().collect::<Vec<_>>());
        let further: Vec<_> = names.further().collect();
        let expected = [(LogId::further(0), "slow.log"), (LogId::further(1), "errors-json.log")];
        assert_eq!(further, expected);
        assert_eq!(names.files().map(|name| stem(name)).last(), Some("errors-json"));
    }
}

//! Identifies a log of a run by a small number, which the formatter, the files and the counters share.
//! No I/O and nothing about the content of a log may enter here.

use crate::codec::Codec;

/// The number of a log of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogId(usize);

impl LogId {
    /// access.log: the simulated site's hits, one per line.
    pub const ACCESS: Self = Self(0);
    /// error.log: what failed on the simulated site.
    pub const ERROR: Self = Self(1);
    /// system.log: what the generator itself did.
    pub const SYSTEM: Self = Self(2);
    /// All logs, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::ACCESS, Self::ERROR, Self::SYSTEM];

    /// The number of the log: 0, 1, 2 ... without gaps.
    #[inline]
    pub const fn index(self) -> usize {
        self.0
    }

    /// The name of the log: that of its file without `.log`.
    pub const fn name(self) -> &'static str {
        ["access", "error", "system"][self.0]
    }

    /// The name of the log's file.
    pub const fn file_name(self) -> &'static str {
        ["access.log", "error.log", "system.log"][self.0]
    }

    /// All names that the log's file may have: plain, and packed in each form.
    pub fn file_names(self) -> impl Iterator<Item = String> {
        let plain = self.file_name();
        let packed = Codec::ALL.into_iter().map(move |codec| format!("{plain}{}", codec.ending()));
        std::iter::once(plain.to_owned()).chain(packed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_stands_at_its_number_and_its_file_has_its_name() {
        for (index, log) in LogId::ALL.into_iter().enumerate() {
            assert_eq!(log.index(), index);
            assert_eq!(log.file_name(), format!("{}.log", log.name()));
        }
    }
}

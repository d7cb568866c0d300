//! Counts failed writes by kind.

use std::io;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::error::Error;

/// The reason why a write failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The disk is full.
    NoSpace,
    /// The quota of the user is used up.
    Quota,
    /// The process lacks the permission.
    Permission,
    /// The file system is mounted read-only.
    ReadOnly,
    /// The directory no longer exists.
    NotFound,
    /// Any other reason; the message names it.
    Other,
}

impl ErrorKind {
    /// All kinds.
    pub const ALL: [Self; 6] =
        [Self::NoSpace, Self::Quota, Self::Permission, Self::ReadOnly, Self::NotFound, Self::Other];

    /// The name of the kind in metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::NoSpace => "no_space",
            Self::Quota => "quota",
            Self::Permission => "permission",
            Self::ReadOnly => "read_only",
            Self::NotFound => "not_found",
            Self::Other => "other",
        }
    }

    fn of(error: &Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull => Self::NoSpace,
            io::ErrorKind::QuotaExceeded => Self::Quota,
            io::ErrorKind::PermissionDenied => Self::Permission,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            io::ErrorKind::NotFound => Self::NotFound,
            _ => Self::Other,
        }
    }
}

/// The number of failed writes of each kind.
#[derive(Debug, Default)]
pub(super) struct WriteErrors([AtomicU64; ErrorKind::ALL.len()]);

impl WriteErrors {
    pub(super) fn count(&self, error: &Error) {
        self.0[ErrorKind::of(error) as usize].fetch_add(1, Relaxed);
    }

    pub(super) fn by_kind(&self) -> impl Iterator<Item = (ErrorKind, u64)> {
        ErrorKind::ALL.into_iter().zip(self.0.iter().map(|count| count.load(Relaxed)))
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn an_error_is_counted_by_its_kind_and_one_that_is_none_of_io_as_other() {
        let errors = WriteErrors::default();
        let io = |code| Error::io("write to", Path::new("a"))(io::Error::from_raw_os_error(code));
        // ENOSPC, EDQUOT, EACCES, EROFS, ENOENT, EIO on Linux and elsewhere.
        for code in [28, 28, 13, 30, 2, 5] {
            errors.count(&io(code));
        }
        errors.count(&Error::new("write", "a", "why"));
        let found: Vec<_> = errors.by_kind().map(|(kind, count)| (kind.name(), count)).collect();
        let expected = [
            ("no_space", 2),
            ("quota", 0),
            ("permission", 1),
            ("read_only", 1),
            ("not_found", 1),
            ("other", 2),
        ];
        assert_eq!(found, expected);
    }
}

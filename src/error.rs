//! Errors outside the configuration: the operation, its object, and the cause.

use std::fmt;
use std::io;
use std::path::Path;

/// An operation that failed while the program ran.
///
/// Its `Display` is one sentence: `cannot open /var/log/app/access.log: Permission denied (os error 13)`.
#[derive(Debug)]
pub struct Error {
    operation: &'static str,
    subject: String,
    cause: String,
    kind: io::ErrorKind,
    source: Option<io::Error>,
}

/// A result whose error is [`Error`].
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// An error of `operation` on an object. `operation` is a verb phrase that follows "cannot"
    /// (`"open"`, `"listen on"`).
    pub fn new(
        operation: &'static str,
        subject: impl fmt::Display,
        cause: impl fmt::Display,
    ) -> Self {
        Self {
            operation,
            subject: subject.to_string(),
            cause: cause.to_string(),
            kind: io::ErrorKind::Other,
            source: None,
        }
    }

    /// For [`Result::map_err`]: an I/O error of `operation` on `path`.
    pub fn io(operation: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let subject = path.display().to_string();
        move |cause| Self {
            operation,
            subject,
            cause: cause.to_string(),
            kind: cause.kind(),
            source: Some(cause),
        }
    }

    /// The same error, marked as a kind of I/O error.
    pub fn of_kind(self, kind: io::ErrorKind) -> Self {
        Self { kind, ..self }
    }

    /// The kind of the I/O error; [`io::ErrorKind::Other`] if it is not one.
    pub fn kind(&self) -> io::ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cannot {} {}: {}", self.operation, self.subject, self.cause)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|cause| cause as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_reads_as_one_sentence() {
        let cause = io::Error::from_raw_os_error(13);
        let error = Error::io("open", Path::new("/var/log/app/access.log"))(cause);
        assert_eq!(
            error.to_string(),
            "cannot open /var/log/app/access.log: Permission denied (os error 13)"
        );
        let source = std::error::Error::source(&error).expect("an I/O error keeps its cause");
        let source = source.downcast_ref::<io::Error>().expect("it is one of I/O");
        assert_eq!(source.raw_os_error(), Some(13));
    }
}

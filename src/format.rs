//! The formatter: hits -> bytes. It is pure: no thread, no I/O and no wall clock may enter here, and it
//! allocates nothing per line.
//!
//! ```text
//! LogFormat text ──► elements ──► program ─┐
//!                    (element)   (program) ├─► formatter ──► rendered lines of each log
//! site, visitors ──► dictionary ───────────┘
//! ```
//!
//! 1. A log is a value: a [`LogSpec`] has a name, selects the hits that belong in the log, and holds a
//!    [`Program`]. All logs of a run, with the [`Dictionary`] that they share, are its [`Logs`].
//! 2. A program is compiled once. Neighbouring elements that depend on the same thing (the second, the
//!    request, the referrer, the agent) become one table, together with the text between them. Writing a
//!    line then takes a few copies, whatever its format.
//! 3. Text that changes once a second is rendered once a second.

mod buffer;
mod clock;
mod dictionary;
mod element;
mod error_log;
mod escape;
mod formatter;
mod log_format;
mod logs;
mod op;
mod program;
mod rendered;
pub mod stamp;
mod steps;
mod texts;

pub use formatter::Formatter;
pub use log_format::{COMBINED, FormatError};
pub use logs::Logs;
pub use rendered::{Mark, Rendered, RenderedHits};

#[cfg(test)]
mod tests;

//! The formatter: hits -> bytes. It is pure: no thread, no I/O and no wall clock may enter here, and it
//! allocates nothing per line.
//!
//! ```text
//! elements of a format ──► segments ──► program ─┐
//!      (log_format)               (compiler)     ├─► formatter ──► rendered lines of each log
//! site, visitors ───────► dictionary ────────────┘
//! ```
//!
//! 1. A log is a value: a [`LogSpec`] has a name, selects the hits that belong in the log, and holds a
//!    [`Program`]. All logs of a run, with the [`Dictionary`] that they share, are its [`Logs`].
//! 2. A program is compiled once. Neighbouring elements that depend on the same thing (the second, the
//!    request, the referrer, the agent) become one table, together with the text between them. What is the
//!    same in all lines becomes text. Writing a line then takes a few copies, whatever its format.
//! 3. Text that changes once a second is rendered once a second. What is computed for each hit (times,
//!    ids, sizes of requests) is computed only if the format shows it.

mod buffer;
mod clock;
mod compiler;
mod depends;
mod dictionary;
mod digits;
mod error_log;
mod error_pages;
mod fact;
mod filter;
mod formatter;
mod ipv6;
mod known;
mod left_out;
mod line_lengths;
mod line_source;
mod logs;
mod longest;
mod message_sizes;
mod op;
mod program;
mod rendered;
mod segments;
mod shown;
mod spoiler;
mod spoilt_bytes;
mod steps;
mod texts;
mod visitor_texts;

pub use depends::is_certain;
pub use formatter::Formatter;
pub use line_lengths::LineLengths;
pub use logs::Logs;
pub use rendered::{Mark, Rendered, RenderedHits};

#[cfg(test)]
mod tests;

//! What a line consists of, as its readers see it: columns with a name, a kind of value, and a text between them. It follows from
//! the tables of `log_format` alone. The examples are texts that `format` writes. Pure: no file, no clock.
//!
//! ```text
//! pieces of a format ──► shape ──► columns ──► examples ──► JSON, YAML, Markdown
//!     (log_format)    (JSON or text)         (format)
//! ```

mod column;
mod described;
pub mod examples;
mod json;
mod print;
mod shape;
#[cfg(test)]
mod tests;

pub use column::{LineColumn, ValueKind};
pub use described::described;
pub use json::{JsonNode, JsonValue};
pub use print::text;
pub use shape::{LineItem, LineShape};

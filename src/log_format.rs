//! The language of formats: what a line looks like, as the configurations of Apache and nginx write it, or by a name. A format
//! is read here into [elements](Element), and `format` turns these into bytes. Nothing about a site, a hit or a log may enter
//! here.
//!
//! ```text
//! "combined", "json" ... (named) ─┐
//! LogFormat (apache) ─────────────┼─► elements
//! log_format (nginx) ─────────────┘
//! ```

use std::sync::Arc;

pub mod apache;
pub mod element;
mod error;
mod error_formats;
mod escape;
mod field;
mod field_table;
mod file_header;
pub mod named;
pub mod nginx;
mod pasted;
pub mod piece;
pub mod reference;
pub mod stamp;
mod template;
mod text;
pub mod time_form;
mod time_reading;
mod unsupported;

use crate::likeness::nearest;
pub use apache::COMBINED;
pub use element::{Condition, Element};
pub use error::FormatError;
pub use error_formats::ErrorFormat;
pub use escape::Escape;
pub use field::{Field, TimeUnit, TlsSpelling};
pub use field_table::FieldKind;
pub use file_header::FileHeader;
pub use named::NAMED;
use nginx::NginxEscape;
use pasted::Pasted;
use piece::Piece;
use stamp::Stamp;

/// The format of a log's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogFormat(Arc<FormatParts>);

#[derive(Debug, PartialEq, Eq)]
struct FormatParts {
    text: String,
    pieces: Vec<Piece>,
    elements: Vec<Element>,
    header: Option<FileHeader>,
}

impl Default for LogFormat {
    fn default() -> Self {
        Self::parse("combined").expect("the combined format is known")
    }
}

impl LogFormat {
    /// Reads a format: a name, an Apache LogFormat, an nginx log_format, or a directive of either server's configuration.
    ///
    /// # Errors
    /// The text is none of these, or has a part that is unknown or not supported.
    pub fn parse(text: &str) -> Result<Self, FormatError> {
        let (format, line) = (text.trim(), text.trim_matches(['\n', '\r']));
        if let Some(named) = named::find(format) {
            return Ok(Self::of(text, named.pieces(), FileHeader::of(named.header)));
        }
        let pieces = match pasted::read(format) {
            Some(pasted) => match pasted? {
                Pasted::Apache(format) => apache::pieces(&format)?,
                Pasted::Nginx(format, escape) => nginx::pieces(&format, escape)?,
            },
            // A space at the end belongs to the line, a line feed does not.
            None => match Dialect::of(line) {
                Dialect::Apache => apache::pieces(line)?,
                Dialect::Nginx => nginx::pieces(line, NginxEscape::Default)?,
                Dialect::Neither => return Err(unknown(format)),
            },
        };
        Ok(Self::of(text, pieces, None))
    }

    fn of(text: &str, pieces: Vec<Piece>, header: Option<FileHeader>) -> Self {
        let elements = piece::elements(&pieces);
        Self(Arc::new(FormatParts { text: text.to_owned(), pieces, elements, header }))
    }

    /// The text that the format was read from.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// The columns of a line, and the text between them.
    pub fn pieces(&self) -> &[Piece] {
        &self.0.pieces
    }

    /// The parts of a line, without its line feed.
    pub fn elements(&self) -> &[Element] {
        &self.0.elements
    }

    /// The lines that each file begins with, if there are such lines.
    pub fn file_header(&self) -> Option<&FileHeader> {
        self.0.header.as_ref()
    }

    /// Where a line shows its time; `None` if no time in it can be read back to the second.
    pub fn stamp(&self) -> Option<Stamp> {
        Stamp::of(self.elements())
    }
}

/// In which server's language a format is written.
enum Dialect {
    Apache,
    Nginx,
    Neither,
}

impl Dialect {
    /// The language of a format. Both servers write the other's sign as plain text, so the sign that comes with a name
    /// decides.
    fn of(format: &str) -> Self {
        let behind = |sign: char, fits: fn(char) -> bool| {
            format.match_indices(sign).any(|(at, _)| format[at + 1..].starts_with(fits))
        };
        let is_nginx = behind('$', |c| c.is_ascii_lowercase() || c == '{');
        let is_apache = behind('%', |c| c.is_ascii_alphabetic() || "{<>!^".contains(c));
        match (is_nginx, is_apache || format.contains('%')) {
            (true, _) if !is_apache => Self::Nginx,
            (true, _) if format.matches('$').count() > format.matches('%').count() => Self::Nginx,
            (_, true) => Self::Apache,
            _ => Self::Neither,
        }
    }
}

fn unknown(format: &str) -> FormatError {
    let names: Vec<_> = NAMED.iter().map(|named| named.name).collect();
    let near = nearest(format, names.iter().copied(), 1);
    let meant = near.first().map(|near| format!(" (did you mean {near}?)")).unwrap_or_default();
    let reason = format!(
        "is no format: name one of {}{meant}, or give an Apache LogFormat (with %) or an nginx log_format \
         (with $)",
        names.join(", ")
    );
    FormatError::new(format, 0, format, reason)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;

    #[test]
    fn a_format_is_known_by_its_name_its_directive_or_its_signs() {
        let combined = LogFormat::default();
        for same in [
            "Combined",
            COMBINED,
            "\n%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\"\n",
            "LogFormat \"%h %l %u %t \\\"%r\\\" %>s %b \\\"%{Referer}i\\\" \\\"%{User-Agent}i\\\"\" combined",
        ] {
            assert_eq!(LogFormat::parse(same).unwrap().elements(), combined.elements(), "{same}");
        }
        let nginx = LogFormat::parse("nginx").unwrap();
        let text = "log_format combined '$remote_addr - $remote_user [$time_local] '\n '\"$request\" $status $body_bytes_sent '\n \
                    '\"$http_referer\" \"$http_user_agent\"';";
        assert_eq!(LogFormat::parse(text).unwrap().elements(), nginx.elements());
        assert!(LogFormat::parse("$status 100%").is_ok());
        assert!(LogFormat::parse("%h costs $5").is_ok());
    }

    #[test]
    fn what_is_no_format_is_refused_with_the_names_there_are() {
        let error = LogFormat::parse("combinde").unwrap_err().to_string();
        assert!(error.contains("did you mean combined?"), "{error}");
        for distant in ["", "colour"] {
            let error = LogFormat::parse(distant).unwrap_err().to_string();
            assert!(
                error.contains("rfc5424, or give") && !error.contains("did you mean"),
                "{error}"
            );
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(5_000))]
        #[test]
        fn any_text_is_a_format_or_has_a_place_that_is_wrong(
            parts in vec(
                prop_oneof![
                    "[%$\\\\{}<>!^,:;'\"a-zA-Z0-9 é\n]{0,6}",
                    select(vec![
                        "%{", "}t", "%", "$", "${", "LogFormat \"", "log_format x ", "escape=json ", "%{%", "%200,",
                        "%^", "$time_local", "%h", "%{begin:", "}i",
                    ])
                    .prop_map(str::to_owned),
                ],
                0..8,
            ),
        ) {
            let text = parts.concat();
            match LogFormat::parse(&text) {
                Ok(format) => prop_assert_eq!(format.text(), text),
                Err(error) => {
                    prop_assert!(error.text.get(error.at..).is_some(), "{:?}", error);
                    prop_assert!(error.text[error.at..].starts_with(&error.found), "{:?}", error);
                    prop_assert!(!error.to_string().is_empty());
                }
            }
        }
    }
}

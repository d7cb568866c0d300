//! A format with a name, and how its string is read.

use crate::log_format::apache;
use crate::log_format::nginx::{self, NginxEscape};
use crate::log_format::piece::Piece;
use crate::log_format::template::{self, FieldStyle};

/// A format with a name.
#[derive(Clone, Copy, Debug)]
pub struct NamedFormat {
    /// Its name.
    pub name: &'static str,
    /// Whose format it is, in a few words.
    pub about: &'static str,
    /// What each file begins with, in the notation of [`template`]; mostly empty.
    pub header: &'static str,
    /// The string that it stands for.
    pub body: Body,
}

/// The string that a name stands for.
#[derive(Clone, Copy, Debug)]
pub enum Body {
    /// A LogFormat.
    Apache(&'static str),
    /// A log_format.
    Nginx(&'static str),
    /// A template, and how its fields are written.
    Template(&'static str, &'static FieldStyle),
}

impl NamedFormat {
    /// The columns of a line, and the text between them.
    pub fn pieces(&self) -> Vec<Piece> {
        const KNOWN: &str = "the parts of a named format are known";
        match self.body {
            Body::Apache(format) => apache::pieces(format).expect(KNOWN),
            Body::Nginx(format) => nginx::pieces(format, NginxEscape::Default).expect(KNOWN),
            Body::Template(text, style) => template::pieces(text, style),
        }
    }

    /// The string that the name stands for, if it is one of Apache or nginx.
    pub fn string(&self) -> Option<&'static str> {
        match self.body {
            Body::Apache(format) | Body::Nginx(format) => Some(format),
            Body::Template(..) => None,
        }
    }
}

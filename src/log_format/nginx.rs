//! nginx's log_format: the text of a format -> elements. The rules are those of ngx_http_log_module
//! (nginx.org/en/docs/http/ngx_http_log_module.html#log_format), the variables those of its modules.

pub mod variables;

use variables::{FAMILIES, UNSUPPORTED, VARIABLES};

use super::element::Element;
use super::error::{FormatError, or_table};
use super::escape::Escape;
use super::piece::{self, FormatColumn, Piece};
use super::template::{self, FieldStyle};
use super::unsupported::Unsupported;
use crate::likeness::nearest;

/// How many variables a message names at most.
const NAMED: usize = 3;

/// `escape=default|json|none`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NginxEscape {
    /// `\xHH` for quotes, backslashes, control characters and bytes above 126; `-` for what is missing.
    #[default]
    Default,
    /// As a JSON string needs it; nothing for what is missing.
    Json,
    /// As it is; nothing for what is missing.
    None,
}

impl NginxEscape {
    /// The escape of a name.
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "default" => Some(Self::Default),
            "json" => Some(Self::Json),
            "none" => Some(Self::None),
            _ => None,
        }
    }

    const fn style(self) -> FieldStyle {
        match self {
            Self::Default => FieldStyle::new(Escape::Nginx, "-"),
            Self::Json => FieldStyle::new(Escape::Json, ""),
            Self::None => FieldStyle::new(Escape::None, ""),
        }
    }
}

/// The columns of a line in a log_format, one for each variable, and the text between them, without a line feed at its end.
///
/// # Errors
/// A variable that is unknown or not supported, or a line feed within the line.
pub fn pieces(format: &str, escape: NginxEscape) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['$', '\\', '\n', '\r']) {
        pieces.push(Piece::Text(rest[..at].to_owned()));
        let place = format.len() - rest.len() + at;
        rest = &rest[at..];
        let length = if rest.starts_with('$') {
            let (name, length) = name(format, place)?;
            pieces.push(Piece::Column(variable(format, (place, length), name, escape)?));
            length
        } else {
            let (text, length) = super::text::escaped(format, place)?;
            pieces.push(Piece::Text(text));
            length
        };
        rest = &rest[length..];
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(piece::merged(pieces))
}

/// The name of the variable at byte `at`, and how many bytes it takes with its dollar sign and braces.
fn name(format: &str, at: usize) -> Result<(&str, usize), FormatError> {
    let rest = &format[at + 1..];
    let (name, around) = match rest.strip_prefix('{') {
        Some(inside) => match inside.split_once('}') {
            Some((name, _)) => (name, 3),
            None => {
                return Err(FormatError::new(format, at, &format[at..], "has a `{` without a `}`"));
            }
        },
        None => {
            let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
            (&rest[..rest.find(|c| !is_name(c)).unwrap_or(rest.len())], 1)
        }
    };
    if name.is_empty() {
        return Err(FormatError::new(
            format,
            at,
            "$",
            "has no name behind it; nginx cannot write a dollar sign",
        ));
    }
    Ok((name, name.len() + around))
}

fn variable(
    format: &str,
    (at, length): (usize, usize),
    name: &str,
    escape: NginxEscape,
) -> Result<FormatColumn, FormatError> {
    let style = escape.style();
    let found = &format[at..at + length];
    let known = VARIABLES.iter().find(|row| row.name == name);
    let family = || FAMILIES.iter().find(|family| name.starts_with(family.name));
    if let Some(row) = known.or_else(family) {
        let elements = match row.template {
            Some(template) => template::elements(template, &style),
            None => vec![Element::Literal(style.missing.into_owned())],
        };
        let (name, about) = (name.to_owned(), row.about.to_owned());
        return Ok(FormatColumn { name, source: found.to_owned(), about, elements });
    }
    let is_row = |row: &&Unsupported| match row.text.strip_suffix('*') {
        Some(family) => name.starts_with(family),
        None => row.text == name,
    };
    let reason = match UNSUPPORTED.iter().find(is_row) {
        Some(row) => format!("is not supported: {}", row.reason),
        None => {
            let near = nearest(name, VARIABLES.iter().map(|row| row.name), NAMED);
            let near: Vec<_> = near.iter().map(|name| format!("${name}")).collect();
            format!("is no variable of nginx{}", or_table(&near))
        }
    };
    Err(FormatError::new(format, at, found, reason))
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    fn elements(format: &str, escape: NginxEscape) -> Result<Vec<Element>, FormatError> {
        Ok(piece::elements(&pieces(format, escape)?))
    }

    #[test]
    fn a_format_is_its_variables_and_the_text_between_them() {
        let field = |field, escape, missing: &'static str| Element::Field {
            field,
            escape,
            missing: missing.into(),
        };
        assert_eq!(
            elements(r#"$remote_addr\t"${http_referer}"$pipe"#, NginxEscape::Default).unwrap(),
            [
                field(Field::RemoteHost, Escape::Nginx, "-"),
                "\t\"".into(),
                field(Field::Referrer, Escape::Nginx, "-"),
                "\".".into(),
            ]
        );
        assert_eq!(
            elements("[$http_user_agent$http_dnt]", NginxEscape::Json).unwrap(),
            ["[".into(), field(Field::Agent, Escape::Json, ""), "]".into()]
        );
    }

    #[test]
    fn every_variable_has_a_template_that_can_be_read() {
        for escape in [NginxEscape::Default, NginxEscape::Json, NginxEscape::None] {
            for row in VARIABLES {
                assert!(elements(&format!("${}", row.name), escape).is_ok(), "{}", row.name);
            }
            for row in FAMILIES {
                assert!(elements(&format!("${}x", row.name), escape).is_ok(), "{}", row.name);
            }
            for row in UNSUPPORTED {
                let name = row.text.replace('*', "x");
                assert!(elements(&format!("${name}"), escape).is_err(), "{}", row.text);
            }
        }
    }

    #[test]
    fn what_is_no_variable_is_named_with_its_place_and_the_nearest() {
        for (format, at, found) in
            [("é $remote_adr", 3, "$remote_adr"), ("${status", 0, "${status"), ("a $ b", 2, "$")]
        {
            let error = elements(format, NginxEscape::Default).unwrap_err();
            assert_eq!((error.at, &*error.found), (at, found), "{error}");
        }
        let text = elements("$remote_adr", NginxEscape::Default).unwrap_err().to_string();
        assert!(text.contains("; the nearest are $remote_addr"), "{text}");
        let text = elements("$colour", NginxEscape::Default).unwrap_err().to_string();
        assert!(text.contains("is no variable of nginx; --man 5 has a table of"), "{text}");
    }
}

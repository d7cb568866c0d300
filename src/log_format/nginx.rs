//! nginx's log_format: the text of a format -> elements. The rules are those of ngx_http_log_module
//! (nginx.org/en/docs/http/ngx_http_log_module.html#log_format), the variables those of its modules.

pub mod variables;

use variables::{FAMILIES, UNSUPPORTED, VARIABLES};

use super::element::{Element, Elements};
use super::error::FormatError;
use super::escape::Escape;
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

/// The elements of a line in a log_format, without a line feed at its end.
///
/// # Errors
/// A variable that is unknown or not supported, or a line feed within the line.
pub fn elements(format: &str, escape: NginxEscape) -> Result<Vec<Element>, FormatError> {
    let mut elements = Elements::default();
    let mut rest = format;
    while let Some(at) = rest.find(['$', '\\', '\n', '\r']) {
        elements.push(rest[..at].into());
        let place = format.len() - rest.len() + at;
        rest = &rest[at..];
        let length = if rest.starts_with('$') {
            let (name, length) = name(format, place)?;
            elements.extend(variable(format, (place, length), name, escape)?);
            length
        } else {
            let (text, length) = super::text::escaped(format, place)?;
            elements.push(Element::Literal(text));
            length
        };
        rest = &rest[length..];
    }
    elements.push(rest.into());
    Ok(elements.finish())
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
) -> Result<Vec<Element>, FormatError> {
    let style = escape.style();
    let known = VARIABLES.iter().find(|row| row.name == name);
    if let Some(row) = known {
        return Ok(match row.template {
            Some(template) => template::elements(template, &style),
            None => vec![Element::Literal(style.missing.into_owned())],
        });
    }
    if FAMILIES.iter().any(|family| name.starts_with(family.name)) {
        return Ok(vec![Element::Literal(style.missing.into_owned())]);
    }
    let found = &format[at..at + length];
    let is_row = |row: &&Unsupported| match row.text.strip_suffix('*') {
        Some(family) => name.starts_with(family),
        None => row.text == name,
    };
    let reason = match UNSUPPORTED.iter().find(is_row) {
        Some(row) => format!("is not supported: {}", row.reason),
        None => {
            let near = nearest(name, VARIABLES.iter().map(|row| row.name), NAMED);
            let near: Vec<_> = near.iter().map(|name| format!("${name}")).collect();
            format!("is no variable of nginx; the nearest are {}", near.join(", "))
        }
    };
    Err(FormatError::new(format, at, found, reason))
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

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
        assert!(text.contains("$remote_addr"), "{text}");
    }
}

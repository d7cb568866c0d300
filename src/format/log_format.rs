//! Apache's LogFormat: the text of a format -> elements. It knows those directives of mod_log_config
//! (httpd.apache.org/docs/2.4/mod/mod_log_config.html) for which a hit has the field.

use std::fmt;

use super::element::Element;
use super::stamp::StampForm;

/// The NCSA combined format, as Apache's documentation gives it.
pub const COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;

/// A directive and the elements that it stands for.
struct Directive {
    text: &'static str,
    elements: fn() -> Vec<Element>,
}

const DIRECTIVES: &[Directive] = &[
    Directive { text: "%%", elements: || vec!["%".into()] },
    Directive { text: "%h", elements: || vec![Element::Host] },
    // Apache writes `-` unless mod_ident asks the client, which is no longer in use.
    Directive { text: "%l", elements: || vec!["-".into()] },
    Directive { text: "%u", elements: || vec![Element::User] },
    Directive { text: "%t", elements: || vec![Element::Stamp(StampForm::Apache)] },
    Directive {
        text: "%r",
        elements: || vec![Element::Method, " ".into(), Element::Target, " HTTP/1.1".into()],
    },
    Directive { text: "%m", elements: || vec![Element::Method] },
    Directive { text: "%s", elements: || vec![Element::Status] },
    Directive { text: "%>s", elements: || vec![Element::Status] },
    Directive { text: "%b", elements: || vec![Element::Bytes] },
    Directive { text: "%{Referer}i", elements: || vec![Element::Referrer] },
    Directive { text: "%{User-Agent}i", elements: || vec![Element::Agent] },
];

/// Why a text is not a LogFormat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatError {
    /// The position in the text, in bytes from its beginning.
    pub at: usize,
    /// The text at that position.
    pub found: String,
}

impl fmt::Display for FormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known: Vec<_> = DIRECTIVES.iter().map(|directive| directive.text).collect();
        write!(
            f,
            "byte {}: found {:?}, expected a LogFormat directive: {}",
            self.at,
            self.found,
            known.join(" ")
        )
    }
}

impl std::error::Error for FormatError {}

/// The elements of a line in a LogFormat, including the line feed at its end.
///
/// # Errors
/// A `%` does not start a directive that is known here.
pub fn elements(format: &str) -> Result<Vec<Element>, FormatError> {
    let mut elements = Elements::default();
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        let (text, behind) = rest.split_at(at);
        elements.push(text.into());
        let known = DIRECTIVES.iter().find(|directive| behind.starts_with(directive.text));
        let Some(directive) = known else {
            let at = format.len() - behind.len();
            return Err(FormatError { at, found: behind.chars().take(20).collect() });
        };
        (directive.elements)().into_iter().for_each(|element| elements.push(element));
        rest = &behind[directive.text.len()..];
    }
    elements.push(rest.into());
    elements.push("\n".into());
    Ok(elements.0)
}

/// Collects elements and joins neighbouring literals.
#[derive(Default)]
struct Elements(Vec<Element>);

impl Elements {
    fn push(&mut self, element: Element) {
        match (self.0.last_mut(), element) {
            (_, Element::Literal(text)) if text.is_empty() => {}
            (Some(Element::Literal(before)), Element::Literal(text)) => before.push_str(&text),
            (_, element) => self.0.push(element),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_its_directives_and_the_text_between_them() {
        use Element::{Agent, Bytes, Host, Method, Referrer, Stamp, Status, Target, User};
        assert_eq!(
            elements(COMBINED).unwrap(),
            [
                Host,
                " - ".into(),
                User,
                " ".into(),
                Stamp(StampForm::Apache),
                " \"".into(),
                Method,
                " ".into(),
                Target,
                " HTTP/1.1\" ".into(),
                Status,
                " ".into(),
                Bytes,
                " \"".into(),
                Referrer,
                "\" \"".into(),
                Agent,
                "\"\n".into(),
            ]
        );
        assert_eq!(elements("").unwrap(), ["\n".into()]);
        assert_eq!(elements("100 %% é").unwrap(), ["100 % é\n".into()]);
    }

    #[test]
    fn what_is_no_directive_is_named_with_its_place() {
        for (format, at, found) in
            [("%h %Q %u", 3, "%Q %u"), ("é%", 2, "%"), ("%{Cookie}i", 0, "%{Cookie}i")]
        {
            let error = elements(format).unwrap_err();
            assert_eq!((error.at, &*error.found), (at, found));
        }
        let text = elements("%h %Q").unwrap_err().to_string();
        assert!(
            text.starts_with("byte 3: found \"%Q\", expected a LogFormat directive: %%"),
            "{text}"
        );
    }
}

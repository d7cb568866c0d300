//! What is known of a line before any hit: which elements say the same in every line of a site. They become literals, and
//! conditions that always hold become the part that they choose.

use super::depends::{Presence, presence};
use super::dictionary::Dictionary;
use crate::log_format::element::Elements;
use crate::log_format::{Condition, Element, Field};
use crate::stream::{Protocol, wire};

/// The elements with everything written out that is the same in every line.
pub fn written_out(elements: &[Element], dictionary: &Dictionary) -> Vec<Element> {
    if dictionary.has_traffic() {
        return written(&with_unread_lines(elements), dictionary);
    }
    written(elements, dictionary)
}

/// The elements with a choice for each request line: the server logs one that it could not read as it came.
fn with_unread_lines(elements: &[Element]) -> Vec<Element> {
    let is = |element: &Element, wanted| matches!(element, Element::Field { field, .. } if *field == wanted);
    let is_space = |element: &Element| matches!(element, Element::Literal(text) if text == " ");
    let mut out = Vec::new();
    let mut rest = elements;
    while let [first, after @ ..] = rest {
        match rest {
            [method, space, target, second_space, protocol, after @ ..]
                if is(method, Field::Method)
                    && is_space(space)
                    && is(target, Field::Target)
                    && is_space(second_space)
                    && is(protocol, Field::Protocol) =>
            {
                out.push(Element::Choice {
                    condition: Condition::Has(Field::Method),
                    then: rest[..5].to_vec(),
                    otherwise: vec![target.clone()],
                });
                rest = after;
            }
            _ => {
                out.push(first.clone());
                rest = after;
            }
        }
    }
    out
}

fn written(elements: &[Element], dictionary: &Dictionary) -> Vec<Element> {
    let mut out = Elements::default();
    for element in elements {
        match element {
            Element::Field { field, missing, .. } if is_missing(*field, dictionary) => {
                out.push(Element::Literal(missing.clone().into_owned()));
            }
            Element::Field { field, .. } => match same_in_all(*field, dictionary) {
                Some(text) => out.push(Element::Literal(text)),
                None => out.push(varying(element, dictionary)),
            },
            Element::Choice { condition, then, otherwise } => {
                let (then, otherwise) = (written(then, dictionary), written(otherwise, dictionary));
                match always(condition, dictionary) {
                    Some(true) => out.extend(then),
                    Some(false) => out.extend(otherwise),
                    None => {
                        let condition = condition.clone();
                        out.push(Element::Choice { condition, then, otherwise });
                    }
                }
            }
            Element::Literal(_) | Element::Time(_) => out.push(element.clone()),
        }
    }
    out.finish()
}

/// The element with the field that says the same of each answer, where answers to the same request differ.
fn varying(element: &Element, dictionary: &Dictionary) -> Element {
    let mut element = element.clone();
    if let Element::Field { field, .. } = &mut element
        && dictionary.has_traffic()
    {
        *field = match *field {
            Field::BodyBytes => Field::VaryingBodyBytes,
            Field::BytesSent => Field::VaryingBytesSent,
            other => other,
        };
    }
    element
}

/// The text of a field that is the same for all hits of a site.
fn same_in_all(field: Field, dictionary: &Dictionary) -> Option<String> {
    let host = dictionary.host_name();
    let (name, port) = split_port(host);
    match field {
        Field::Host => Some(host.to_owned()),
        Field::ServerName => Some(name.to_owned()),
        Field::ServerPort => {
            let usual = if dictionary.scheme() == "https" { "443" } else { "80" };
            Some(port.unwrap_or(usual).to_owned())
        }
        Field::ServerAddress => Some(wire::SERVER.to_owned()),
        Field::Scheme => Some(dictionary.scheme().to_owned()),
        Field::Protocol if !dictionary.has_traffic() => {
            Some(Protocol::NAMES[Protocol::Http11 as usize].to_owned())
        }
        _ => None,
    }
}

/// A host without its port, and the port. The host may be an IPv6 address in brackets.
fn split_port(host: &str) -> (&str, Option<&str>) {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    }
}

/// Whether no hit of a site has a field.
fn is_missing(field: Field, dictionary: &Dictionary) -> bool {
    match presence(field) {
        Presence::WithTls => dictionary.scheme() != "https",
        // People log in by a form there, and a user name is that of HTTP authentication alone.
        Presence::LoggedIn => dictionary.has_traffic(),
        Presence::InEvent => !dictionary.marks().has_events(),
        Presence::Spoilt => dictionary.marks().spoiling().is_empty(),
        _ => false,
    }
}

/// Whether a condition holds for all hits of a site or for none; `None` if it depends on the hit.
fn always(condition: &Condition, dictionary: &Dictionary) -> Option<bool> {
    let Condition::Has(field) = condition else { return None };
    let is_certain = match presence(*field) {
        Presence::Always | Presence::WithTls => true,
        Presence::Read => !dictionary.has_traffic(),
        Presence::LoggedIn => dictionary.has_traffic(),
        Presence::InEvent => !dictionary.marks().has_events(),
        Presence::Spoilt => dictionary.marks().spoiling().is_empty(),
        _ => false,
    };
    is_certain.then(|| !is_missing(*field, dictionary))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_is_split_from_names_and_addresses() {
        for (host, expected) in [
            ("www.example.com", ("www.example.com", None)),
            ("www.example.com:81", ("www.example.com", Some("81"))),
            ("[::1]", ("[::1]", None)),
            ("[::1]:81", ("[::1]", Some("81"))),
        ] {
            assert_eq!(split_port(host), expected);
        }
    }
}

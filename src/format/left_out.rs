//! A format without one of its fields, as lines have it that lack one.

use crate::log_format::{Element, Field};

/// What stands between fields.
const BETWEEN: [char; 5] = [' ', '\t', ',', ';', '|'];

/// The elements without their status and what belongs to it up to the next separator; in a format without one, without the last
/// field that can be left out so.
pub fn without_a_field(elements: &[Element]) -> Vec<Element> {
    let is_field = |at: &usize| matches!(elements[*at], Element::Field { .. });
    let is_status =
        |at: &usize| matches!(elements[*at], Element::Field { field: Field::Status, .. });
    let status = (0..elements.len()).find(is_status);
    let others = (0..elements.len()).rev().filter(is_field);
    let mut candidates = status.into_iter().chain(others);
    let first = candidates.clone().next();
    let found = candidates.find_map(|at| without(elements, at));
    found.unwrap_or_else(|| match first {
        // Nothing separates fields here.
        Some(at) => [&elements[..at], &elements[at + 1..]].concat(),
        None => elements.to_vec(),
    })
}

/// The elements without the field at an index; `None` if no separators stand around it.
fn without(elements: &[Element], at: usize) -> Option<Vec<Element>> {
    let (before, behind) = (&elements[..at], &elements[at + 1..]);
    let (earlier, kept) = match before.split_last() {
        None => (before, ""),
        Some((Element::Literal(text), earlier)) => {
            let end = text.rfind(BETWEEN).map(|end| end + 1);
            (earlier, &text[..end.or(earlier.is_empty().then_some(0))?])
        }
        Some(_) => return None,
    };
    let (later, rest) = match behind.split_first() {
        None => (behind, ""),
        Some((Element::Literal(text), later)) => {
            (later, text.find(BETWEEN).map(|end| &text[end + 1..])?)
        }
        Some(_) => return None,
    };
    let between = if behind.is_empty() { kept.trim_end_matches(BETWEEN) } else { kept };
    let between = Element::Literal(format!("{between}{rest}"));
    Some([earlier, &[between], later].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_format::LogFormat;

    /// The literals of a format without a field, with `*` in the place of each other element.
    fn shown(format: &str) -> String {
        let elements = without_a_field(LogFormat::parse(format).unwrap().elements());
        let text = |element: &Element| match element {
            Element::Literal(text) => text.clone(),
            _ => "*".to_owned(),
        };
        elements.iter().map(text).collect()
    }

    #[test]
    fn the_status_is_left_out_with_what_belongs_to_it() {
        assert_eq!(shown("%h %l %u %t \"%r\" %>s %b"), "* - * [*] \"* * *\" *");
        assert_eq!(shown("status=$status bytes=$body_bytes_sent"), "bytes=*");
        assert_eq!(shown("$remote_addr\t$status"), "*");
        let json = shown("json");
        assert!(
            !json.contains("status") && json.contains("\"protocol\":\"*\",\"body_bytes\":"),
            "{json}"
        );
    }

    #[test]
    fn without_a_status_it_is_the_last_field_that_can_be_left_out() {
        assert_eq!(shown("%h %b"), "*");
        assert_eq!(shown("%h [%b"), "*");
        assert_eq!(shown("%h-%b"), "*-");
        assert_eq!(shown("%t"), shown("%t"));
    }
}

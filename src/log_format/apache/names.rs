//! What readers call a directive that is more or less than one field.

use crate::log_format::element::Element;
use crate::log_format::piece::fields;

/// The directives that have a name of their own, without their arguments.
const NAMES: [(&str, &str); 7] = [
    ("f", "file"),
    ("H", "protocol"),
    ("l", "ident"),
    ("L", "error_id"),
    ("r", "request"),
    ("R", "handler"),
    ("t", "time"),
];

/// What stands before the argument of a directive that has one.
const FAMILIES: [(&str, &str); 9] = [
    ("C", "cookie"),
    ("c", "ssl"),
    ("e", "environment"),
    ("i", "header"),
    ("n", "note"),
    ("o", "answer"),
    ("x", "ssl"),
    ("^ti", "trailer"),
    ("^to", "answer_trailer"),
];

/// The name of a directive's column: that of its only field, or else one that follows from the directive.
pub(super) fn name(directive: &str, argument: Option<&str>, elements: &[Element]) -> String {
    let named = |table: &[(&str, &'static str)]| {
        table.iter().find(|(known, _)| *known == directive).map(|(_, name)| *name)
    };
    if let ([Element::Field { .. } | Element::Choice { .. }], [field]) =
        (elements, &*fields(elements))
    {
        return field.info().name.to_owned();
    }
    if let (Some(name), true) = (named(&NAMES), argument.is_none() || directive == "t") {
        return name.to_owned();
    }
    let family = named(&FAMILIES).unwrap_or("value");
    let argument = argument.unwrap_or(directive).trim_start_matches('^');
    let is_word = |c: char| c.is_ascii_alphanumeric();
    let words = argument.split(|c| !is_word(c)).filter(|word| !word.is_empty());
    let words: Vec<_> =
        [family.to_owned()].into_iter().chain(words.map(str::to_ascii_lowercase)).collect();
    words.join("_")
}

#[cfg(test)]
mod tests {
    use super::super::directives::DIRECTIVES;
    use super::super::pieces;
    use crate::log_format::piece::Piece;

    #[test]
    fn every_directive_has_a_name_that_regular_expressions_and_databases_take() {
        let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        for row in DIRECTIVES.iter().filter(|row| row.text != "%%") {
            let written = row.text.replace("NAME", "X-Own: é");
            let found = pieces(&written).unwrap();
            let [Piece::Column(column)] = &*found else { panic!("{written}: {found:?}") };
            assert_eq!(column.source, written);
            assert!(column.name.starts_with(|c: char| c.is_ascii_lowercase()), "{column:?}");
            assert!(column.name.chars().all(is_word), "{column:?}");
            assert!(!column.name.starts_with("value"), "{column:?}");
        }
    }
}

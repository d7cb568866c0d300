//! Apache's LogFormat: the text of a format -> elements. mod_log_config's rules
//! (httpd.apache.org/docs/2.4/mod/mod_log_config.html), with those of mod_logio, mod_ssl and mod_unique_id.

pub mod directives;
mod names;

use directives::{ANY, DIRECTIVES, Directive, NO_END, UNSUPPORTED};

use super::element::{Condition, Element};
use super::error::{FormatError, or_table};
use super::escape::Escape;
use super::piece::{self, FormatColumn, Piece};
use super::template::{self, FieldStyle};
use super::time_form::TimeForm;
use super::unsupported::Unsupported;
use crate::likeness::nearest;

/// The NCSA combined format, as Apache's documentation gives it.
pub const COMBINED: &str = r#"%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i""#;

/// How Apache writes fields.
const STYLE: FieldStyle = FieldStyle::new(Escape::Apache, "-");
/// How many directives a message names at most.
const NAMED: usize = 3;

/// The columns of a line in a LogFormat, one for each directive, and the text between them, without a line feed at its end.
///
/// # Errors
/// A directive that is unknown or not supported, or a line feed within the line.
pub fn pieces(format: &str) -> Result<Vec<Piece>, FormatError> {
    let mut pieces = Vec::new();
    let mut rest = format;
    while let Some(at) = rest.find(['%', '\\', '\n', '\r']) {
        pieces.push(Piece::Text(rest[..at].to_owned()));
        let place = format.len() - rest.len() + at;
        rest = &rest[at..];
        if rest.starts_with('%') {
            let item = Item::read(format, place)?;
            pieces.push(item.piece(format, place)?);
            rest = &rest[item.length..];
        } else {
            let (text, length) = super::text::escaped(format, place)?;
            pieces.push(Piece::Text(text));
            rest = &rest[length..];
        }
    }
    pieces.push(Piece::Text(rest.to_owned()));
    Ok(piece::merged(pieces))
}

/// A directive as it was written: `%!200,304{Referer}i` and so on.
struct Item<'f> {
    /// How many bytes it has.
    length: usize,
    negated: bool,
    statuses: Vec<u16>,
    argument: Option<&'f str>,
    /// What it asks for: a letter, or two behind `^`.
    name: &'f str,
}

impl<'f> Item<'f> {
    /// Reads the directive at byte `at` of a format.
    fn read(format: &'f str, at: usize) -> Result<Self, FormatError> {
        let text = &format[at..];
        let mut item =
            Self { length: 1, negated: false, statuses: Vec::new(), argument: None, name: "" };
        loop {
            let rest = &text[item.length..];
            let Some(next) = rest.chars().next() else {
                return Err(FormatError::new(format, at, text, "ends before its directive"));
            };
            item.length += next.len_utf8();
            match next {
                '<' | '>' | ',' => {}
                '!' => item.negated = true,
                '0'..='9' => {
                    let digits = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
                    item.length += digits - 1;
                    item.statuses.push(rest[..digits].parse().unwrap_or(0));
                }
                '{' => {
                    let Some((argument, _)) = rest[1..].split_once('}') else {
                        return Err(FormatError::new(format, at, text, "has a `{` without a `}`"));
                    };
                    item.argument = Some(argument);
                    item.length += argument.len() + 1;
                }
                '^' => {
                    let end = rest.char_indices().nth(3).map_or(rest.len(), |(end, _)| end);
                    item.length += end - 1;
                    item.name = &rest[..end];
                    return Ok(item);
                }
                letter => {
                    item.name = &rest[..letter.len_utf8()];
                    return Ok(item);
                }
            }
        }
    }

    fn piece(&self, format: &str, at: usize) -> Result<Piece, FormatError> {
        let found = &format[at..at + self.length];
        let directive = self.directive();
        let elements = match (directive, self.argument) {
            (Some(Directive { template: Some(template), .. }), _) => {
                template::elements(template, &STYLE)
            }
            (Some(_), _) => vec!["-".into()],
            (None, Some(form)) if self.name == "t" => {
                time(form).map_err(|reason| FormatError::new(format, at, found, reason))?
            }
            (None, _) => return Err(FormatError::new(format, at, found, self.unknown())),
        };
        if self.name == "%" {
            return Ok(Piece::Text("%".to_owned()));
        }
        let name = names::name(self.name, self.argument, &elements);
        let about = directive.map_or("the time", |row| row.about).to_owned();
        let column = FormatColumn { name, source: found.to_owned(), about, elements };
        Ok(Piece::Column(if self.statuses.is_empty() { column } else { self.by_status(column) }))
    }

    /// A column that only some statuses show.
    fn by_status(&self, column: FormatColumn) -> FormatColumn {
        let (mut then, mut otherwise) = (column.elements, vec!["-".into()]);
        if self.negated {
            std::mem::swap(&mut then, &mut otherwise);
        }
        let condition = Condition::StatusIs(self.statuses.clone());
        let elements = vec![Element::Choice { condition, then, otherwise }];
        let about = format!("{}, for some statuses", column.about);
        FormatColumn { about, elements, ..column }
    }

    /// The row of the directive: the one with its argument, or else the one for any argument.
    fn directive(&self) -> Option<&'static Directive> {
        let argument = match (self.name, self.argument) {
            // Nothing, or only `begin`, is the usual form.
            ("t", argument) => argument
                .map(|form| form.strip_prefix("begin:").unwrap_or(form))
                .filter(|form| !["", "begin"].contains(form)),
            (_, argument) => argument,
        };
        let is_same = |known: &str| argument.is_some_and(|own| known.eq_ignore_ascii_case(own));
        let with = |wanted: &dyn Fn(Option<&'static str>) -> bool| {
            DIRECTIVES.iter().find(|row| row.parts().1 == self.name && wanted(row.parts().0))
        };
        with(&|known| known.map_or(argument.is_none(), is_same))
            .or_else(|| with(&|known| known == Some(ANY) && argument.is_some()))
    }

    /// Why there is no such directive.
    fn unknown(&self) -> String {
        let is_row = |row: &&Unsupported| directives::parts(row.text) == (self.argument, self.name);
        if let Some(row) = UNSUPPORTED.iter().find(is_row) {
            return format!("is not supported: {}", row.reason);
        }
        let canonical = match self.argument {
            Some(argument) => format!("%{{{argument}}}{}", self.name),
            None => format!("%{}", self.name),
        };
        let near = nearest(&canonical, DIRECTIVES.iter().map(|row| row.text), NAMED);
        format!("is no LogFormat directive{}", or_table(&near))
    }
}

/// The elements of `%{...}t` with a form of strftime.
fn time(argument: &str) -> Result<Vec<Element>, String> {
    let form = argument.strip_prefix("begin:").unwrap_or(argument);
    if form == "end" || form.starts_with("end:") {
        return Err(format!("is not supported: {NO_END}"));
    }
    if !form.contains('%') {
        return Err(no_time(form));
    }
    let form = TimeForm::parse(form).map_err(|at| {
        let directive: String = form.get(at..).unwrap_or_default().chars().take(2).collect();
        format!("has {directive:?}, which is no directive of strftime")
    })?;
    Ok(vec![Element::Time(form)])
}

/// Why a form without a directive of strftime is refused. Apache would write it into each line as it is.
fn no_time(form: &str) -> String {
    let known = DIRECTIVES.iter().filter_map(|row| match row.parts() {
        (Some(argument), "t") if argument != ANY => Some(argument),
        _ => None,
    });
    let near = nearest(form, known.clone(), 1);
    let meant = near.iter().map(|name| format!("; did you mean %{{{name}}}t?")).collect::<String>();
    let known: Vec<_> = known.collect();
    format!(
        "shows no time: it has no directive of strftime, such as %H, and is none of {}{meant}",
        known.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::super::field::Field;
    use super::*;

    fn elements(format: &str) -> Result<Vec<Element>, FormatError> {
        Ok(piece::elements(&pieces(format)?))
    }

    fn field(field: Field) -> Element {
        Element::Field { field, escape: Escape::Apache, missing: "-".into() }
    }

    #[test]
    fn a_format_is_its_directives_and_the_text_between_them() {
        assert_eq!(elements("").unwrap(), []);
        assert_eq!(elements("100 %% é").unwrap(), ["100 % é".into()]);
        assert_eq!(
            elements(r#"%h %l \"%{referer}i\"%>s"#).unwrap(),
            [
                field(Field::RemoteHost),
                " - \"".into(),
                field(Field::Referrer),
                "\"".into(),
                field(Field::Status)
            ]
        );
    }

    #[test]
    fn a_directive_can_be_for_some_statuses_alone() {
        let choice = |then: &[Element], otherwise: &[Element]| Element::Choice {
            condition: Condition::StatusIs(vec![200, 304]),
            then: then.to_vec(),
            otherwise: otherwise.to_vec(),
        };
        let referrer = [field(Field::Referrer)];
        assert_eq!(elements("%200,304{Referer}i").unwrap(), [choice(&referrer, &["-".into()])]);
        assert_eq!(elements("%!200,304{Referer}i").unwrap(), [choice(&["-".into()], &referrer)]);
    }

    #[test]
    fn every_directive_has_a_template_that_can_be_read() {
        for row in DIRECTIVES {
            let text = row.text.replace("NAME", "X-Unknown").replace("FORMAT", "%H");
            assert!(elements(&text).is_ok(), "{text}");
        }
        for row in UNSUPPORTED {
            let text = row.text.replace("NAME", "X-Unknown").replace("FORMAT", "%H");
            assert!(elements(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_no_directive_is_named_with_its_place_and_the_nearest() {
        for (format, at, found) in [
            ("%h %Q %u", 3, "%Q"),
            ("é%", 2, "%"),
            ("%h %{x", 3, "%{x"),
            ("%^zz", 0, "%^zz"),
            ("%{%Q}t", 0, "%{%Q}t"),
            ("%h %{msec_farc}t", 3, "%{msec_farc}t"),
            ("%{begin:seconds}t", 0, "%{begin:seconds}t"),
        ] {
            let error = elements(format).unwrap_err();
            assert_eq!((error.at, &*error.found), (at, found), "{error}");
        }
        let text = elements("%h %Q").unwrap_err().to_string();
        assert!(text.contains("; the nearest is %q"), "{text}");
        let text = elements("%h %J").unwrap_err().to_string();
        assert!(text.contains("is no LogFormat directive; --man 5 has a table of"), "{text}");
    }

    #[test]
    fn a_form_that_shows_no_time_is_refused_with_the_one_that_was_meant() {
        let text = elements("%{msec_farc}t").unwrap_err().to_string();
        let known = "none of sec, msec, usec, msec_frac, usec_frac; did you mean %{msec_frac}t?";
        assert!(text.ends_with(known), "{text}");
        let text = elements("%{colour}t").unwrap_err().to_string();
        assert!(text.ends_with("usec_frac"), "{text}");
        assert!(elements("%{%%}t %{begin:%H}t %{begin:msec_frac}t").is_ok());
        for usual in ["%{}t", "%{begin}t", "%{begin:}t"] {
            assert_eq!(elements(usual).unwrap(), elements("%t").unwrap(), "{usual}");
        }
        assert!(elements("%{end}t").unwrap_err().to_string().contains("is not supported"));
    }
}

//! The notation in which this program writes formats of its own, directives and variables as a string of fields:
//!
//! - `$name` or `${name}` is a field, `$$` a dollar sign, and `$-` what stands for a missing fact;
//! - `${time:FORMAT}` is the time in the notation of strftime(3), and `${utc:FORMAT}` the time in UTC;
//! - `$(name ... $)` stands only in lines of hits that have the field, and `$(name ... $| ... $)` says what else stands there;
//! - `$[name ... $]` is a column of which readers know by this name. What stands in no brackets has the names of its fields.

use std::borrow::Cow;

use super::element::{Condition, Element};
use super::escape::Escape;
use super::field::Field;
use super::piece::{self, FormatColumn, Piece};
use super::time_form::TimeForm;

/// How the fields of a template are written.
#[derive(Clone, Debug)]
pub struct FieldStyle {
    /// How text is escaped.
    pub escape: Escape,
    /// What stands for a fact that the hit does not have.
    pub missing: Cow<'static, str>,
}

impl FieldStyle {
    /// The style with this escape and this text for what is missing.
    pub const fn new(escape: Escape, missing: &'static str) -> Self {
        Self { escape, missing: Cow::Borrowed(missing) }
    }
}

/// The elements of a template.
///
/// # Panics
/// The template is wrong. Templates are part of the program, and a test reads each.
pub fn elements(template: &str, style: &FieldStyle) -> Vec<Element> {
    piece::elements(&pieces(template, style))
}

/// The columns of a template, and the text between them.
///
/// # Panics
/// The template is wrong.
pub fn pieces(template: &str, style: &FieldStyle) -> Vec<Piece> {
    let mut reader = Reader { rest: template, style };
    let pieces = reader.part();
    assert!(reader.rest.is_empty(), "{template:?} goes on with {:?}", reader.rest);
    pieces
}

struct Reader<'t> {
    rest: &'t str,
    style: &'t FieldStyle,
}

impl<'t> Reader<'t> {
    /// The pieces up to the end of the template, of a choice's part or of a column.
    fn part(&mut self) -> Vec<Piece> {
        let mut pieces = Vec::new();
        while let Some(at) = self.rest.find('$') {
            let (text, behind) = self.rest.split_at(at);
            pieces.push(Piece::Text(text.to_owned()));
            self.rest = behind;
            if ["$)", "$|", "$]"].iter().any(|end| behind.starts_with(end)) {
                return piece::merged(pieces);
            }
            self.rest = &behind[1..];
            pieces.push(self.piece());
        }
        pieces.push(Piece::Text(self.rest.to_owned()));
        self.rest = "";
        piece::merged(pieces)
    }

    /// The piece behind a dollar sign.
    fn piece(&mut self) -> Piece {
        if self.take("$") {
            return Piece::Text("$".to_owned());
        }
        if self.take("-") {
            return Piece::Text(self.style.missing.clone().into_owned());
        }
        if self.take("(") {
            return self.choice();
        }
        if self.take("[") {
            return self.column();
        }
        if !self.take("{") {
            let name = self.name();
            return one(name, self.field(name));
        }
        let (inside, behind) = self.rest.split_once('}').expect("a brace is closed");
        self.rest = behind;
        let form = |format| TimeForm::parse(format).expect("the time's form is right");
        match inside.split_once(':') {
            Some(("time", format)) => one("time", Element::Time(form(format))),
            Some(("utc", format)) => one("time", Element::Time(form(format).in_utc())),
            _ => one(inside, self.field(inside)),
        }
    }

    fn choice(&mut self) -> Piece {
        let condition = Condition::Has(field(self.name()));
        self.take(" ");
        let then = self.part();
        let otherwise = if self.take("$|") { self.part() } else { Vec::new() };
        assert!(self.take("$)"), "a choice is closed before {:?}", self.rest);
        piece::choice(condition, then, otherwise)
    }

    fn column(&mut self) -> Piece {
        let (name, behind) = self.rest.split_once(' ').expect("a column has a name");
        self.rest = behind;
        let elements = piece::elements(&self.part());
        assert!(self.take("$]"), "the column {name} is closed before {:?}", self.rest);
        Piece::Column(FormatColumn::named(name, elements))
    }

    fn field(&self, name: &str) -> Element {
        let FieldStyle { escape, missing } = self.style.clone();
        Element::Field { field: field(name), escape, missing }
    }

    fn take(&mut self, text: &str) -> bool {
        let rest = self.rest.strip_prefix(text);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn name(&mut self) -> &'t str {
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        let end = self.rest.find(|c| !is_name(c)).unwrap_or(self.rest.len());
        let (name, behind) = self.rest.split_at(end);
        self.rest = behind;
        name
    }
}

fn one(name: &str, element: Element) -> Piece {
    Piece::Column(FormatColumn::named(name, vec![element]))
}

fn field(name: &str) -> Field {
    Field::named(name).unwrap_or_else(|| panic!("{name:?} is a field"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_is_its_fields_and_the_text_between_them() {
        let style = FieldStyle::new(Escape::Json, "");
        let field = |field| Element::Field { field, escape: Escape::Json, missing: "".into() };
        let expected = [
            "a$".into(),
            field(Field::Method),
            "b".into(),
            Element::Time(TimeForm::parse("%H").unwrap()),
            Element::Choice {
                condition: Condition::Has(Field::User),
                then: vec![",".into(), field(Field::User)],
                otherwise: vec!["-".into()],
            },
            "c".into(),
        ];
        let found = elements("a$$${method}b${time:%H}$(user ,$user$|-$)c", &style);
        assert_eq!(found, expected);
    }
    #[test]
    fn a_column_has_the_name_in_its_brackets_or_that_of_its_field() {
        let style = FieldStyle::new(Escape::None, "-");
        let found = pieces(
            "$[cs-uri $method $path$] $status$(user  for $user$) $[zero 0$] $(body_bytes $body_bytes$|0$)",
            &style,
        );
        let names: Vec<_> = found
            .iter()
            .map(|piece| match piece {
                Piece::Text(text) => text,
                Piece::Column(column) => &column.name,
                Piece::Optional { .. } => "?",
            })
            .collect();
        assert_eq!(names, ["cs-uri", " ", "status", "?", " ", "zero", " ", "body_bytes"]);
        let plain = elements(
            "$method $path $status$(user  for $user$) 0 $(body_bytes $body_bytes$|0$)",
            &style,
        );
        assert_eq!(piece::elements(&found), plain);
    }
}

//! The notation in which this program writes formats of its own, directives and variables as a string of fields:
//!
//! - `$name` or `${name}` is a field, `$$` a dollar sign, and `$-` what stands for a missing fact;
//! - `${time:FORMAT}` is the time in the notation of strftime(3), and `${utc:FORMAT}` the time in UTC;
//! - `$(name ... $)` stands only in lines of hits that have the field, and `$(name ... $| ... $)` says what else stands there.

use std::borrow::Cow;

use super::element::{Condition, Element, Elements};
use super::escape::Escape;
use super::field::Field;
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
    let mut reader = Reader { rest: template, style };
    let elements = reader.part();
    assert!(reader.rest.is_empty(), "{template:?} goes on with {:?}", reader.rest);
    elements
}

struct Reader<'t> {
    rest: &'t str,
    style: &'t FieldStyle,
}

impl<'t> Reader<'t> {
    /// The elements up to the end of the template or of a choice's part.
    fn part(&mut self) -> Vec<Element> {
        let mut elements = Elements::default();
        while let Some(at) = self.rest.find('$') {
            let (text, behind) = self.rest.split_at(at);
            elements.push(text.into());
            self.rest = behind;
            if behind.starts_with("$)") || behind.starts_with("$|") {
                return elements.finish();
            }
            self.rest = &behind[1..];
            elements.push(self.element());
        }
        elements.push(self.rest.into());
        self.rest = "";
        elements.finish()
    }

    /// The element behind a dollar sign.
    fn element(&mut self) -> Element {
        if self.take("$") {
            return "$".into();
        }
        if self.take("-") {
            return Element::Literal(self.style.missing.clone().into_owned());
        }
        if self.take("(") {
            return self.choice();
        }
        if !self.take("{") {
            let name = self.name();
            return self.field(name);
        }
        let (inside, behind) = self.rest.split_once('}').expect("a brace is closed");
        self.rest = behind;
        let form = |format| TimeForm::parse(format).expect("the time's form is right");
        match inside.split_once(':') {
            Some(("time", format)) => Element::Time(form(format)),
            Some(("utc", format)) => Element::Time(form(format).in_utc()),
            _ => self.field(inside),
        }
    }

    fn choice(&mut self) -> Element {
        let condition = Condition::Has(field(self.name()));
        self.take(" ");
        let then = self.part();
        let otherwise = if self.take("$|") { self.part() } else { Vec::new() };
        assert!(self.take("$)"), "a choice is closed before {:?}", self.rest);
        Element::Choice { condition, then, otherwise }
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
}

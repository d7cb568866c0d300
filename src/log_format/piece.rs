//! A format as a reader of its lines sees it: columns that have a name, and the text between them.

use super::element::{Condition, Element, Elements};
use super::field::Field;

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Text that is the same in every line.
    Text(String),
    /// A value.
    Column(FormatColumn),
    /// Parts that only some lines have.
    Optional {
        /// What decides.
        condition: Condition,
        /// What these lines have.
        then: Vec<Piece>,
        /// The text that the others have in its place; often empty.
        otherwise: String,
    },
}

/// A value in a line, with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormatColumn {
    /// What its readers call it.
    pub name: String,
    /// What the format says there: a directive, a variable, or the names of fields.
    pub source: String,
    /// What it says.
    pub about: String,
    /// What it consists of.
    pub elements: Vec<Element>,
}

impl FormatColumn {
    /// A column of elements that a template has under this name.
    pub fn named(name: &str, elements: Vec<Element>) -> Self {
        let fields = fields(&elements);
        let join = |texts: Vec<&str>, by| {
            let mut texts = texts;
            texts.dedup();
            texts.join(by)
        };
        let about = match (fields.is_empty(), elements.iter().any(shows_time)) {
            (_, true) => "the time".to_owned(),
            (true, _) => always(&elements),
            (false, _) => join(fields.iter().map(|field| field.info().about).collect(), "; "),
        };
        let source = join(fields.iter().map(|field| field.info().name).collect(), ", ");
        let source = if elements.iter().any(shows_time) { "time".to_owned() } else { source };
        Self { name: name.to_owned(), source, about, elements }
    }
}

/// What a column says whose text no field is in.
fn always(elements: &[Element]) -> String {
    match elements {
        [Element::Literal(text)] => format!("always `{text}`"),
        [Element::Choice { condition: Condition::Has(field), .. }] => {
            format!("depends on {}", field.info().about)
        }
        _ => "depends on the answer".to_owned(),
    }
}

fn shows_time(element: &Element) -> bool {
    matches!(element, Element::Time(_))
}

/// The fields that elements show, each once, in their order.
pub fn fields(elements: &[Element]) -> Vec<Field> {
    let mut found = Vec::new();
    let mut waiting: Vec<&Element> = elements.iter().rev().collect();
    while let Some(element) = waiting.pop() {
        match element {
            Element::Field { field, .. } if !found.contains(field) => found.push(*field),
            Element::Choice { then, otherwise, .. } => {
                waiting.extend(then.iter().chain(otherwise).rev());
            }
            _ => {}
        }
    }
    found
}

/// The elements that pieces consist of.
pub fn elements(pieces: &[Piece]) -> Vec<Element> {
    let mut all = Elements::default();
    for piece in pieces {
        match piece {
            Piece::Text(text) => all.push(Element::Literal(text.clone())),
            Piece::Column(column) => all.extend(column.elements.iter().cloned()),
            Piece::Optional { condition, then, otherwise } => all.push(Element::Choice {
                condition: condition.clone(),
                then: elements(then),
                otherwise: if otherwise.is_empty() {
                    Vec::new()
                } else {
                    vec![(&**otherwise).into()]
                },
            }),
        }
    }
    all.finish()
}

/// The pieces with neighbouring texts as one.
pub fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match (all.last_mut(), piece) {
            (_, Piece::Text(text)) if text.is_empty() => {}
            (Some(Piece::Text(before)), Piece::Text(text)) => before.push_str(&text),
            (_, piece) => all.push(piece),
        }
    }
    all
}

/// A choice of a template as a piece. It is one column, unless it is a value with text around it that some lines have: then
/// that value alone is the column.
pub fn choice(condition: Condition, then: Vec<Piece>, otherwise: Vec<Piece>) -> Piece {
    let text = match &*otherwise {
        [] => Some(String::new()),
        [Piece::Text(text)] => Some(text.clone()),
        _ => None,
    };
    let has_text = then.iter().any(|piece| !matches!(piece, Piece::Column(_)));
    let has_column = then.iter().any(|piece| matches!(piece, Piece::Column(_)));
    if let (Some(otherwise), true) = (text, has_text)
        && (has_column || otherwise.is_empty())
    {
        return Piece::Optional { condition, then, otherwise };
    }
    let name = match (then.first(), &condition) {
        (Some(Piece::Column(column)), _) => column.name.clone(),
        (_, Condition::Has(field)) => field.info().name.to_owned(),
        _ => "message".to_owned(),
    };
    let (then, otherwise) = (elements(&then), elements(&otherwise));
    Piece::Column(FormatColumn::named(&name, vec![Element::Choice { condition, then, otherwise }]))
}

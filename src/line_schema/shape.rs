//! The shape of a line: a JSON object, or text with columns in it.

use std::collections::HashMap;

use super::column::{LineColumn, identifier};
use super::json::{self, JsonNode};
use crate::log_format::piece::{Piece, elements};
use crate::log_format::{Element, Escape};

/// The shape of a format's lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineShape {
    /// A JSON object.
    Json(JsonNode),
    /// Pairs of keys and values, as logfmt has them.
    Pairs(Vec<LineItem>),
    /// Text.
    Text(Vec<LineItem>),
}

/// A part of a line of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LineItem {
    /// Text that is the same in every line.
    Text(String),
    /// A value.
    Column(LineColumn),
    /// Parts that only some lines have.
    Optional {
        /// What these lines have.
        then: Vec<LineItem>,
        /// The text that the others have in its place; often empty.
        otherwise: String,
    },
}

impl LineShape {
    /// The shape of a format in pieces.
    pub fn of(pieces: &[Piece]) -> Self {
        if let Some(object) = json::object(pieces) {
            return Self::Json(object);
        }
        let is_pair =
            |element: &Element| matches!(element, Element::Field { escape: Escape::Logfmt, .. });
        let items = items(pieces, &mut HashMap::new());
        if elements(pieces).iter().any(is_pair) { Self::Pairs(items) } else { Self::Text(items) }
    }

    /// The columns of a line, in their order.
    pub fn columns(&self) -> Vec<&LineColumn> {
        match self {
            Self::Json(object) => object.columns(),
            Self::Pairs(items) | Self::Text(items) => columns(items),
        }
    }
}

/// The columns among items, in their order.
pub fn columns(items: &[LineItem]) -> Vec<&LineColumn> {
    let mut found = Vec::new();
    for item in items {
        match item {
            LineItem::Text(_) => {}
            LineItem::Column(column) => found.push(column),
            LineItem::Optional { then, .. } => found.extend(columns(then)),
        }
    }
    found
}

fn items(pieces: &[Piece], known: &mut HashMap<String, usize>) -> Vec<LineItem> {
    let item = |piece: &Piece| match piece {
        Piece::Text(text) => LineItem::Text(text.clone()),
        Piece::Column(column) => {
            let mut column = LineColumn::new(column);
            let times = known.entry(identifier(&column.name)).or_default();
            *times += 1;
            if *times > 1 {
                column.name = format!("{}_{times}", column.name);
            }
            LineItem::Column(column)
        }
        Piece::Optional { then, otherwise, .. } => {
            LineItem::Optional { then: items(then, known), otherwise: otherwise.clone() }
        }
    };
    pieces.iter().map(item).collect()
}

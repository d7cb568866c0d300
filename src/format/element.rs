//! The elements that a line consists of, in their order, before anything is known about the site.

use super::stamp::StampForm;

/// One part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Element {
    /// Text that is the same in every line.
    Literal(String),
    /// The remote host: an address.
    Host,
    /// The user name; `-` before log-in.
    User,
    /// ` (user NAME)`; nothing before log-in.
    UserNote,
    /// The time of the hit.
    Stamp(StampForm),
    /// The request method.
    Method,
    /// The request target: path and query.
    Target,
    /// The status code of the answer.
    Status,
    /// The size of the answer's body in bytes; `-` if the status has no body.
    Bytes,
    /// The referrer; `-` if there is none.
    Referrer,
    /// The user agent.
    Agent,
    /// The severity of a failure: `ERROR` or `WARNING`.
    Level,
    /// The application's message about a failure.
    Failure,
}

/// What the text of an element depends on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depends {
    /// The second of the hit.
    Second,
    /// The method, the URL and the outcome of the hit.
    Request,
    /// The page that the visitor came from.
    Referrer,
    /// The visitor's user agent.
    Agent,
    /// More than a table could hold, or nothing at all.
    Alone,
}

impl Element {
    /// What the text depends on. Neighbours that depend on the same thing become one table.
    pub fn depends(&self) -> Depends {
        match self {
            Self::Stamp(_) => Depends::Second,
            Self::Method | Self::Target | Self::Status | Self::Bytes | Self::Level => {
                Depends::Request
            }
            Self::Referrer => Depends::Referrer,
            Self::Agent => Depends::Agent,
            Self::Literal(_) | Self::Host | Self::User | Self::UserNote | Self::Failure => {
                Depends::Alone
            }
        }
    }

    /// Whether the text depends on the URL, and not only on the method and the outcome.
    pub fn needs_url(&self) -> bool {
        matches!(self, Self::Target | Self::Bytes)
    }
}

impl From<&str> for Element {
    fn from(text: &str) -> Self {
        Self::Literal(text.to_owned())
    }
}

/// Neighbouring elements that depend on the same thing, with the literals between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    /// What their text depends on.
    pub depends: Depends,
    /// The elements; just one if it stands alone.
    pub elements: Vec<Element>,
}

/// Splits a line into segments. A literal joins the table before it, or else the one after it. Between
/// two elements that stand alone, it is a segment of its own.
pub fn segments(elements: &[Element]) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    // Literals that no table before them has taken.
    let mut before: Vec<Element> = Vec::new();
    for element in elements {
        let depends = element.depends();
        let is_text = matches!(element, Element::Literal(_));
        let last = segments.last_mut().filter(|last| {
            let is_table = last.depends != Depends::Alone && before.is_empty();
            is_table && (is_text || last.depends == depends)
        });
        match last {
            Some(last) => last.elements.push(element.clone()),
            None if is_text => before.push(element.clone()),
            None if depends == Depends::Alone => {
                segments.extend(before.drain(..).map(alone));
                segments.push(alone(element.clone()));
            }
            None => {
                let mut elements = std::mem::take(&mut before);
                elements.push(element.clone());
                segments.push(Segment { depends, elements });
            }
        }
    }
    segments.extend(before.into_iter().map(alone));
    segments
}

fn alone(element: Element) -> Segment {
    Segment { depends: Depends::Alone, elements: vec![element] }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Segments by the names of their elements, text as it is.
    fn shown(elements: &[Element]) -> Vec<String> {
        let show = |element: &Element| match element {
            Element::Literal(text) => text.clone(),
            other => format!("<{other:?}>"),
        };
        segments(elements)
            .iter()
            .map(|segment| segment.elements.iter().map(show).collect())
            .collect()
    }

    #[test]
    fn neighbours_that_depend_on_the_same_share_a_segment_with_the_text_between_them() {
        use Element::{Agent, Bytes, Host, Method, Referrer, Status, User};
        let line = [
            Host,
            " ".into(),
            User,
            " \"".into(),
            Method,
            "\" ".into(),
            Status,
            " ".into(),
            Bytes,
            " ".into(),
            Referrer,
            Agent,
            "\n".into(),
        ];
        assert_eq!(
            shown(&line),
            ["<Host>", " ", "<User>", " \"<Method>\" <Status> <Bytes> ", "<Referrer>", "<Agent>\n"]
        );
    }

    #[test]
    fn text_is_never_lost_and_never_moves() {
        use Element::{Agent, Host, Referrer};
        let lines: [&[Element]; 5] = [
            &[],
            &["a".into()],
            &["a".into(), "b".into(), Host, "c".into()],
            &["a".into(), Agent, "b".into(), Agent, Host, "c".into(), Referrer],
            &[Host, Host, "a".into(), "b".into(), Agent, Referrer, "c".into()],
        ];
        for line in lines {
            let parts = segments(line);
            let flat: Vec<_> = parts.iter().flat_map(|segment| segment.elements.clone()).collect();
            assert_eq!(flat, line);
            let stands_alone = |segment: &&Segment| segment.depends == Depends::Alone;
            assert!(parts.iter().filter(stands_alone).all(|segment| segment.elements.len() == 1));
        }
    }
}

//! A line split into segments: neighbours that follow from the same thing, and so share a table.

use super::depends::{Depends, depends};
use crate::log_format::Element;

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
        let depends = depends(element);
        let is_text = depends == Depends::Nothing;
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
    use crate::log_format::LogFormat;

    /// Segments by what they depend on.
    fn shown(format: &str) -> Vec<Depends> {
        let format = LogFormat::parse(format).unwrap();
        segments(format.elements()).iter().map(|segment| segment.depends).collect()
    }

    #[test]
    fn neighbours_that_depend_on_the_same_share_a_segment_with_the_text_between_them() {
        use Depends::{Agent, Alone, Referrer, Request, Second};
        // The version of HTTP is written out before, where it is the same in all lines.
        let combined = [Alone, Alone, Alone, Second, Request, Alone, Request, Referrer, Agent];
        assert_eq!(shown("combined"), combined);
        assert_eq!(shown("a %m %200b %{Location}o %s %U"), [Request]);
        // A path that only some statuses show is too much for a table.
        assert_eq!(shown("%m%404U"), [Request, Alone]);
        assert_eq!(shown("%{Referer}i%404{Referer}i"), [Referrer, Alone]);
    }

    #[test]
    fn text_is_never_lost_and_never_moves() {
        for format in
            ["combined", "json", "ecs", "otel", "x%hy%Dz%U%q%q%s", "%h%h%%%D", "text only %%"]
        {
            let format = LogFormat::parse(format).unwrap();
            let parts = segments(format.elements());
            let flat: Vec<_> = parts.iter().flat_map(|segment| segment.elements.clone()).collect();
            assert_eq!(flat, format.elements());
            let stands_alone = |segment: &&Segment| segment.depends == Depends::Alone;
            assert!(parts.iter().filter(stands_alone).all(|segment| segment.elements.len() == 1));
        }
    }
}

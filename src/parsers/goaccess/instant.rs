//! Where goaccess finds the time of a line: in one column, or a date and a time of day in two.

use crate::line_schema::LineColumn;
use crate::log_format::Element;
use crate::log_format::time_form::{TimeForm, TimePart};

/// Where a line has its time.
#[derive(Debug)]
pub struct GoaccessTime {
    /// The columns, each with what stands for it.
    columns: Vec<(String, String)>,
    /// The date's form.
    pub date: String,
    /// The form of the time of day.
    pub time: String,
}

impl GoaccessTime {
    /// The time in a line of these columns; `None` if there is none.
    pub fn among(columns: &[&LineColumn]) -> Option<Self> {
        columns.iter().find_map(|column| Self::whole(column)).or_else(|| Self::of_two(columns))
    }

    /// What stands for a column, if the time is in it.
    pub fn specifier(&self, column: &LineColumn) -> Option<&str> {
        self.columns.iter().find(|(name, _)| *name == column.name).map(|(_, text)| &**text)
    }

    fn whole(column: &LineColumn) -> Option<Self> {
        let before = match column.elements.first()? {
            Element::Literal(text) => &**text,
            _ => "",
        };
        let at = usize::from(!before.is_empty());
        let Element::Time(form) = column.elements.get(at)? else { return None };
        if !form.is_readable() {
            return None;
        }
        let behind = &column.elements[at + 1..];
        if let [TimePart::Epoch] = form.parts() {
            // Digits right behind the seconds belong to one number that goaccess cannot read.
            let end = match behind.first() {
                None => "",
                Some(Element::Literal(text)) if text.starts_with('.') => ".%^",
                Some(_) => return None,
            };
            let columns = vec![(column.name.clone(), format!("{before}%x{end}"))];
            return Some(Self { columns, date: "%s".to_owned(), time: "%s".to_owned() });
        }
        let parts = form.parts();
        let first_time = parts.iter().position(is_clock)?;
        let last_time = parts.iter().rposition(is_clock)?;
        let last_date = parts.iter().rposition(is_date)?;
        if last_date > first_time {
            return None;
        }
        // What goaccess reads ends with a character, and none stands before an offset without a space.
        let has_offset = matches!(parts.get(last_time + 1), Some(TimePart::Offset { .. }));
        let last_time = last_time + usize::from(has_offset);
        let date = strptime(&parts[..=last_date])?;
        let between = text(&parts[last_date + 1..first_time])?;
        let time = strptime(&parts[first_time..=last_time])?;
        let rest = rest(&parts[last_time + 1..], behind);
        let columns = vec![(column.name.clone(), format!("{before}%d{between}%t{rest}"))];
        Some(Self { columns, date, time })
    }

    fn of_two(columns: &[&LineColumn]) -> Option<Self> {
        let is = |column: &&&LineColumn, wanted: fn(&TimePart) -> bool, count: usize| {
            let form = only(column);
            form.is_some_and(|form| {
                form.parts().iter().filter(|part| wanted(part)).count() == count
            })
        };
        let date =
            columns.iter().find(|column| is(column, is_date, 3) && is(column, is_clock, 0))?;
        let time =
            columns.iter().find(|column| is(column, is_clock, 3) && is(column, is_date, 0))?;
        Some(Self {
            columns: vec![
                (date.name.clone(), "%d".to_owned()),
                (time.name.clone(), "%t".to_owned()),
            ],
            date: strptime(only(date)?.parts())?,
            time: strptime(only(time)?.parts())?,
        })
    }
}

fn only(column: &LineColumn) -> Option<&TimeForm> {
    match &*column.elements {
        [Element::Time(form)] => Some(form),
        _ => None,
    }
}

/// How goaccess goes over what is behind the time of day in its column.
fn rest(parts: &[TimePart], behind: &[Element]) -> String {
    let lead = match (parts.first(), behind.first()) {
        (Some(TimePart::Text(text)), _) => text.chars().next(),
        (None, Some(Element::Literal(text))) => text.chars().next(),
        (Some(_), _) | (None, Some(_)) => return "%^".to_owned(),
        (None, None) => return String::new(),
    };
    let ends_with = match behind.last() {
        Some(Element::Literal(text)) if text.ends_with(']') => "]",
        _ => "",
    };
    match lead {
        Some(']') | None => ends_with.to_owned(),
        Some(lead) => format!("{lead}%^{ends_with}"),
    }
}

/// Whether a part belongs to the time of day. goaccess takes no space in it, so it cannot read an hour with `AM` or `PM`.
fn is_clock(part: &TimePart) -> bool {
    matches!(part, TimePart::Second | TimePart::Directive('H' | 'k' | 'M'))
}

fn is_date(part: &TimePart) -> bool {
    matches!(part, TimePart::Directive('Y' | 'y' | 'm' | 'd' | 'b' | 'B' | 'e' | 'a' | 'A' | 'j'))
}

/// Parts that are text alone; `None` if others are among them.
fn text(parts: &[TimePart]) -> Option<String> {
    let text = |part: &TimePart| match part {
        TimePart::Text(text) => Some(text.clone()),
        _ => None,
    };
    parts.iter().map(text).collect()
}

/// Parts in the notation of strptime(3); `None` for what goaccess cannot read. It counts the spaces in a form to find the end of
/// the value, and `%e` and `%k` may have one more.
fn strptime(parts: &[TimePart]) -> Option<String> {
    let part = |part: &TimePart| match part {
        TimePart::Text(text) => Some(text.clone()),
        TimePart::Second => Some("%S".to_owned()),
        TimePart::Offset { .. } => Some("%z".to_owned()),
        TimePart::Directive('e' | 'k') => None,
        TimePart::Directive(letter) => Some(format!("%{letter}")),
        _ => None,
    };
    parts.iter().map(part).collect()
}

//! The part of a line that depends on the second. It is rendered once a second, and mostly only its last
//! two digits change.

use std::ops::Range;

use jiff::Timestamp;
use jiff::tz::{Offset, TimeZone};

use super::buffer::LONGEST_CHUNK;
use crate::log_format::Element;
use crate::log_format::time_form::{ClockFace, Ticking, ZoneName, utc_face};
use crate::time::{SECOND, Time};

/// One second of the log, as the clocks of its time zone show it.
#[derive(Clone, Copy, Debug)]
pub struct Second {
    /// The start of its minute, in seconds since 1970.
    minute: i64,
    /// The start of its minute, or a second within it, as the zone's clocks show it.
    face: ClockFace,
    /// The second within the minute, 0 to 59.
    second: i8,
    /// The first instant after this second.
    pub end: Time,
}

/// Finds the second that a time is in.
#[derive(Debug)]
pub struct SecondClock {
    zone: TimeZone,
    /// The offset and its abbreviation, and the second at which they may change next.
    offset: Offset,
    name: ZoneName,
    offset_until: i64,
    /// The range of seconds for which the minute and the offset of `now` hold.
    minute: Range<i64>,
    from: Time,
    now: Second,
}

impl SecondClock {
    /// A clock for a time zone.
    pub fn new(zone: TimeZone) -> Self {
        let now = Second { minute: 0, face: utc_face(0), second: 0, end: 0 };
        let (offset, name) = (Offset::UTC, ZoneName::UTC);
        Self { zone, offset, name, offset_until: i64::MIN, minute: 0..0, from: 1, now }
    }

    /// The second that a time is in. Times may go back, but not by more than a day's worth of zone
    /// changes; the stream's never do.
    pub fn second_of(&mut self, time: Time) -> Second {
        if time < self.from || time >= self.now.end {
            self.set(time);
        }
        self.now
    }

    #[cold]
    fn set(&mut self, time: Time) {
        let second = (time / SECOND) as i64;
        let back = time < self.from;
        self.from = time - time % SECOND;
        self.now.end = self.from + SECOND;
        if self.minute.contains(&second) {
            self.now.second = (second - self.now.minute) as i8;
            return;
        }
        let now = Timestamp::from_second(second).expect("within the range of jiff");
        if back || second >= self.offset_until {
            let info = self.zone.to_offset_info(now);
            (self.offset, self.name) = (info.offset(), ZoneName::new(info.abbreviation()));
            let change = self.zone.following(now).next();
            self.offset_until = change.map_or(i64::MAX, |change| change.timestamp().as_second());
        }
        let local = self.offset.to_datetime(now);
        let minute = second - i64::from(local.second());
        self.minute = minute..(minute + 60).min(self.offset_until);
        let face = ClockFace { local, offset: self.offset, zone: self.name };
        self.now = Second { minute, face, second: local.second(), end: self.now.end };
    }
}

/// The text of a line that depends on its second: the times and the literals around them.
#[derive(Clone, Debug)]
pub struct SecondText {
    /// Literals and times.
    elements: Vec<Element>,
    /// The digits in `bytes` that change each second.
    ticking: Vec<(usize, Ticking)>,
    /// The text, followed by as many bytes as a chunk may reach beyond it.
    bytes: Vec<u8>,
    len: usize,
    longest: usize,
    /// The minute that `bytes` show. Within it, only the ticking digits change.
    minute: Option<(i64, Offset)>,
}

impl SecondText {
    /// The text of these elements, which shows no second yet. Until then it is as long as it can be.
    pub fn new(elements: Vec<Element>) -> Self {
        let longest_of = |element: &Element| match element {
            Element::Time(form) => form.longest(),
            Element::Literal(text) => text.len(),
            other => unreachable!("{other:?} does not follow from the second"),
        };
        let longest = elements.iter().map(longest_of).sum();
        let bytes = vec![b' '; longest + LONGEST_CHUNK];
        Self { elements, ticking: Vec::new(), bytes, len: longest, longest, minute: None }
    }

    /// The text, followed by as many bytes as a chunk may reach beyond it.
    #[inline]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The length of the text, bytes.
    #[inline]
    pub fn len(&self) -> usize {
        self.len
    }

    /// The most bytes that it has, whatever the second.
    pub fn longest(&self) -> usize {
        self.longest
    }

    /// Makes the text show a second.
    pub fn show(&mut self, second: &Second) {
        let minute = Some((second.minute, second.face.offset));
        if self.minute != minute {
            self.minute = minute;
            self.show_minute(second);
        }
        let epoch = second.minute + i64::from(second.second);
        for &(at, ticking) in &self.ticking {
            ticking.write(second.second, epoch, &mut self.bytes[at..]);
        }
    }

    fn show_minute(&mut self, second: &Second) {
        let Self { elements, ticking, bytes, .. } = self;
        bytes.clear();
        ticking.clear();
        for element in elements {
            match element {
                Element::Time(form) => {
                    let utc = form.is_utc().then(|| utc_face(second.minute));
                    let face = utc.as_ref().unwrap_or(&second.face);
                    form.write(face, bytes, |at, kind| ticking.push((at, kind)));
                }
                Element::Literal(text) => bytes.extend_from_slice(text.as_bytes()),
                _ => {}
            }
        }
        self.len = self.bytes.len();
        self.bytes.resize(self.longest + LONGEST_CHUNK, 0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log_format::time_form::TimeForm;

    fn text() -> SecondText {
        let time = |form| Element::Time(TimeForm::parse(form).unwrap());
        let (apache, plain) = (time("[%d/%b/%Y:%H:%M:%S %z]"), time("%Y-%m-%d %H:%M:%S"));
        SecondText::new(vec!["<".into(), apache, " ".into(), plain, ">".into()])
    }

    fn shown(text: &mut SecondText, second: &Second) -> String {
        text.show(second);
        String::from_utf8(text.bytes()[..text.len()].to_vec()).unwrap()
    }

    fn stamps(zone: &str, times: &[&str]) -> Vec<String> {
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).unwrap();
        let (mut clock, mut text) = (SecondClock::new(zone), text());
        let times = times.iter().map(|time| time.parse::<Timestamp>().unwrap());
        times.map(|time| shown(&mut text, &clock.second_of(time.as_nanosecond() as Time))).collect()
    }

    #[test]
    fn a_stamp_follows_its_zone_through_the_changes_of_its_clocks() {
        assert_eq!(
            stamps(
                "America/New_York",
                &[
                    "2026-11-01T05:59:59.999Z",
                    "2026-11-01T06:00:00Z",
                    "2027-01-01T04:59:59Z",
                    "2027-03-14T07:00:00Z"
                ]
            ),
            [
                "<[01/Nov/2026:01:59:59 -0400] 2026-11-01 01:59:59>",
                "<[01/Nov/2026:01:00:00 -0500] 2026-11-01 01:00:00>",
                "<[31/Dec/2026:23:59:59 -0500] 2026-12-31 23:59:59>",
                "<[14/Mar/2027:03:00:00 -0400] 2027-03-14 03:00:00>",
            ]
        );
        assert_eq!(
            stamps("America/St_Johns", &["2024-10-10T13:55:36Z"]),
            ["<[10/Oct/2024:11:25:36 -0230] 2024-10-10 11:25:36>"]
        );
        assert_eq!(
            stamps("Asia/Kathmandu", &["2024-02-28T18:14:59Z", "2024-02-28T18:15:00Z"]),
            [
                "<[28/Feb/2024:23:59:59 +0545] 2024-02-28 23:59:59>",
                "<[29/Feb/2024:00:00:00 +0545] 2024-02-29 00:00:00>"
            ]
        );
    }

    #[test]
    fn a_clock_that_goes_on_shows_what_a_new_one_shows() {
        // Steps within a second, a minute and over the change of the clocks, and one back.
        let start: Timestamp = "2026-11-01T05:58:57.5Z".parse().unwrap();
        let steps = [0, 1, 600, 2_500, 59_000, 1, 58_999, 1_000, 61_000, -3_600_000, 500, 7_000];
        let zone = jiff::tz::TimeZoneDatabase::bundled().get("America/New_York").unwrap();
        let (mut clock, mut going_on) = (SecondClock::new(zone.clone()), text());
        let mut time = start.as_millisecond();
        for step in steps {
            time += step;
            let time = time as Time * 1_000_000;
            let (second, new) =
                (clock.second_of(time), SecondClock::new(zone.clone()).second_of(time));
            assert_eq!(second.end, new.end);
            assert_eq!(shown(&mut going_on, &second), shown(&mut text(), &new));
        }
    }
}

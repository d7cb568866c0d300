//! Where a line shows its time.

use jiff::tz::TimeZone;
use memchr::memmem;

use super::element::Element;
use super::time_form::TimeForm;
use crate::time::Time;

/// The longest text before a stamp by which it is looked for, bytes.
const LONGEST_SIGN: usize = 24;

/// The stamp of a format: the first time in its lines that can be read back to the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// The text right before it; all of the line's beginning if `at_start`.
    before: Vec<u8>,
    at_start: bool,
    form: TimeForm,
}

impl Stamp {
    /// The stamp in lines of these elements; `None` if no time in them can be read back.
    pub fn of(elements: &[Element]) -> Option<Self> {
        let (at, form) = (0..elements.len()).find_map(|at| Some((at, joined(&elements[at..])?)))?;
        let (text, at_start) = match &elements[..at] {
            [] => ("", true),
            [Element::Literal(text)] => (&**text, true),
            [.., Element::Literal(text)] => (&**text, false),
            _ => ("", false),
        };
        let skipped = if at_start { 0 } else { text.len().saturating_sub(LONGEST_SIGN) };
        Some(Self { before: text.as_bytes()[skipped..].to_vec(), at_start, form })
    }

    /// The second that a line shows; `None` if the line has no such stamp. A form without an offset shows the clocks of
    /// `zone`.
    pub fn read(&self, line: &[u8], zone: &TimeZone) -> Option<Time> {
        let read = |at: usize| self.form.read(&line[at..], zone);
        if self.at_start {
            return line.starts_with(&self.before).then(|| read(self.before.len()))?;
        }
        let found = memmem::find_iter(line, &self.before);
        found.map(|at| at + self.before.len()).find_map(read)
    }
}

/// The form at the beginning of these elements, together with the text and the forms that follow it until it can be read
/// back: a date and a time of day may be two.
fn joined(elements: &[Element]) -> Option<TimeForm> {
    let (first, rest) = elements.split_first()?;
    let Element::Time(first) = first else { return None };
    let mut form = first.clone();
    for element in rest {
        if form.is_readable() {
            break;
        }
        form = match element {
            Element::Literal(text) => form.followed_by_text(text),
            Element::Time(next) if next.is_utc() == form.is_utc() => form.followed_by(next),
            _ => return None,
        };
    }
    form.is_readable().then_some(form)
}

/// Reads the second of a line's stamp in one of the usual forms: Apache's anywhere in the line, or
/// `2024-10-10 13:55:36` by the clocks of `zone` at its beginning.
pub fn read_any(line: &[u8], zone: &TimeZone) -> Option<Time> {
    let form = |format| TimeForm::parse(format).expect("the forms are right");
    let apache =
        Stamp { before: b"[".to_vec(), at_start: false, form: form("%d/%b/%Y:%H:%M:%S %z]") };
    let plain = Stamp { before: Vec::new(), at_start: true, form: form("%Y-%m-%d %H:%M:%S") };
    apache.read(line, zone).or_else(|| plain.read(line, zone))
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::super::time_form::{ClockFace, ZoneName};
    use super::*;
    use crate::time::SECOND;

    fn zone(name: &str) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
    }

    fn read(zone_name: &str, line: &str) -> Option<String> {
        let time = read_any(line.as_bytes(), &zone(zone_name))?;
        Some(crate::time::timestamp(time).to_string())
    }

    #[test]
    fn the_stamp_of_a_hit_is_found_and_read_with_its_own_offset() {
        for (line, expected) in [
            (
                "10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] \"GET / HTTP/1.1\"",
                "2024-10-10T13:55:36Z",
            ),
            ("[x [01/Mar/2026:00:30:00 +0545]", "2026-02-28T18:45:00Z"),
            ("[29/Feb/2028:23:59:59 -0230]", "2028-03-01T02:29:59Z"),
            (
                "10.0.0.1 - [odd] [10/Oct/2024:13:55:36 -0230] \"GET /[01/Jan/2020:00:00:00 +0000] \
                 HTTP/1.1\" 200 5",
                "2024-10-10T16:25:36Z",
            ),
        ] {
            assert_eq!(read("America/New_York", line).as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn the_stamp_of_a_message_is_read_by_the_clocks_of_the_zone() {
        let read = |zone| read(zone, "2024-10-10 13:55:36 - ERROR - failed");
        assert_eq!(read("America/New_York").unwrap(), "2024-10-10T17:55:36Z");
        assert_eq!(read("Asia/Kathmandu").unwrap(), "2024-10-10T08:10:36Z");
    }

    #[test]
    fn of_an_hour_that_comes_twice_the_first_is_meant() {
        let found = read("America/New_York", "2026-11-01 01:30:00 - INFO - x");
        assert_eq!(found.unwrap(), "2026-11-01T05:30:00Z");
    }

    #[test]
    fn what_is_no_stamp_has_no_time() {
        for line in [
            "",
            "[",
            "10.0.0.1 - - [10/Oct/2024:13:55:36 +0000",
            "[10/Okt/2024:13:55:36 +0000]",
            "[31/Feb/2024:13:55:36 +0000]",
            "[10/Oct/2024:24:55:36 +0000]",
            "[31/Dec/1969:23:59:59 +0000]",
            "2024-10-1\u{fffd} 13:55:36",
            "2024-02-31 13:55:36",
            " 2024-10-10 13:55:36",
            "2024-10-10T13:55:36",
        ] {
            assert_eq!(read_any(line.as_bytes(), &TimeZone::UTC), None, "{line:?}");
        }
    }

    #[test]
    fn a_date_and_a_time_of_day_are_one_stamp() {
        let time = |format| Element::Time(TimeForm::parse(format).unwrap());
        let stamp = Stamp::of(&["at ".into(), time("%F"), "\t".into(), time("%T"), "x".into()]);
        let read = stamp.unwrap().read(b"at 2026-11-08\t07:05:09x", &TimeZone::UTC);
        assert_eq!(read, Some(1_794_121_509 * SECOND));
        assert_eq!(Stamp::of(&[time("%F"), time("%T").clone(), "x".into()]).map(|_| ()), Some(()));
        assert_eq!(Stamp::of(&[time("%T"), "x".into()]), None);
    }

    #[test]
    fn a_stamp_is_found_behind_the_text_before_it() {
        let time = |format| Element::Time(TimeForm::parse(format).unwrap());
        let stamp =
            Stamp::of(&[time("%H:%M"), "{\"id\": 2026, \"the time\": \"".into(), time("%FT%T%:z")]);
        let line = b"07:05{\"id\": 2026, \"the time\": \"2026-11-08T07:05:09+02:00\"";
        let read = stamp.unwrap().read(line, &TimeZone::UTC);
        assert_eq!(read, Some(1_794_114_309 * SECOND));
        assert_eq!(Stamp::of(&["text".into(), time("%H:%M")]), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(second in 86_400_i64 * 730..9_999_999_999, at in 0..3_usize) {
            // Zones with a daylight saving time, with odd minutes, and with neither.
            let zone = zone(["Europe/Berlin", "America/St_Johns", "UTC"][at]);
            let now = Timestamp::from_second(second).unwrap();
            let offset = zone.to_offset(now);
            let local = offset.to_datetime(now);
            let face = ClockFace { local, offset, zone: ZoneName::UTC };
            for (format, tells_offset) in [
                ("%d/%b/%Y:%H:%M:%S %z", true),
                ("%FT%T%:z", true),
                ("%s", true),
                ("%:x", second < 1 << 32),
                ("%a %b %e %k:%M:%S %Y", false),
                ("%Y-%m-%d %H:%M:%S", false),
            ] {
                let form = TimeForm::parse(format).unwrap();
                let text = form.show(&face, second);
                let read = form.read(text.as_bytes(), &zone).unwrap();
                if tells_offset || (format != "%:x" && !zone.to_ambiguous_timestamp(local).is_ambiguous()) {
                    prop_assert_eq!(read, second as Time * SECOND, "{}", format);
                }
            }
        }
    }
}

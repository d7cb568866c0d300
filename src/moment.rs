//! Instants as people write them on a command line: `2026-11-01T00:00:00Z`, `2026-11-01`, `-7d`,
//! `@1793491200`. Some of them depend on the time and the zone of the run, so those come in as values;
//! no clock may enter here.

use std::time::Duration;

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::duration::parse_duration;

/// The years that a stream can cover. Timestamps of 64 bits end in 2554.
const YEARS: std::ops::Range<i16> = 1970..2500;

/// An instant in the way it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Moment {
    /// An absolute instant.
    At(Timestamp),
    /// A local time in the log's zone.
    Local(DateTime),
    /// This long before the start of the run.
    Ago(Duration),
    /// This long after the start of the run.
    Ahead(Duration),
}

/// The forms of an instant, as a phrase for an error.
pub const FORMS: &str = "a time is written like 2026-11-01T00:00:00Z or 2026-11-01T00:00:00+01:00, in the \
                         log's time zone like 2026-11-01 or 2026-11-01T08:30:00, as seconds since 1970 like \
                         @1793491200, or from now on like -7d or +1h30m; from 1970 to 2499";

impl Moment {
    /// Parses an instant in any of its forms; `None` for any other text, and outside of 1970 to 2499.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(length) = text.strip_prefix('-') {
            return length_of(length).map(Self::Ago);
        }
        if let Some(length) = text.strip_prefix('+') {
            return length_of(length).map(Self::Ahead);
        }
        if let Some(seconds) = text.strip_prefix('@') {
            return at(seconds_since_epoch(seconds)?);
        }
        if let Ok(time) = text.parse::<Timestamp>() {
            return at(time);
        }
        let local = text.parse::<Date>().ok().filter(|_| !text.contains(['T', 't', ' ', ':']));
        let local = local.map(|date| date.to_datetime(jiff::civil::Time::midnight()));
        let local = local.or_else(|| text.parse::<DateTime>().ok())?;
        YEARS.contains(&local.year()).then_some(Self::Local(local))
    }

    /// The instant, for a run that starts at `now` in `zone`. When the clocks are changed, RFC 5545
    /// decides: a local time that is skipped means the later instant, and one that comes twice the
    /// earlier. An instant before 1970 becomes 1970.
    pub fn resolve(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let length =
            |length: Duration| SignedDuration::try_from(length).unwrap_or(SignedDuration::MAX);
        let time = match self {
            Self::At(time) => Ok(time),
            Self::Local(local) => zone.to_timestamp(local),
            Self::Ago(by) => now.checked_sub(length(by)),
            Self::Ahead(by) => now.checked_add(length(by)),
        };
        // This cannot overflow: durations are at most 100 years, and years are in range.
        time.unwrap_or(now).max(Timestamp::UNIX_EPOCH)
    }
}

/// Parses a duration. A number without a unit could mean anything here.
fn length_of(text: &str) -> Option<Duration> {
    let has_unit = text.bytes().any(|byte| byte.is_ascii_alphabetic());
    parse_duration(text).ok().filter(|_| has_unit)
}

/// Parses `1793491200` or `1793491200.25`.
fn seconds_since_epoch(text: &str) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || fraction.len() > 9 {
        return None;
    }
    let nanos: i32 = format!("{fraction:0<9}").parse().ok()?;
    Timestamp::new(whole.parse().ok()?, nanos).ok()
}

fn at(time: Timestamp) -> Option<Moment> {
    YEARS.contains(&time.to_zoned(TimeZone::UTC).year()).then_some(Moment::At(time))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is meant, at noon of 2026-11-23 in Berlin.
    fn meant(text: &str) -> String {
        let now = "2026-11-23T11:00:00Z".parse().unwrap();
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        Moment::parse(text)
            .map_or("nothing".into(), |moment| moment.resolve(now, &zone).to_string())
    }

    #[test]
    fn each_form_means_its_instant() {
        for (text, expected) in [
            ("2026-11-01T00:00:00Z", "2026-11-01T00:00:00Z"),
            ("2026-11-01T01:00:00+01:00", "2026-11-01T00:00:00Z"),
            ("2026-11-01", "2026-10-31T23:00:00Z"),
            ("2026-11-01T08:30:00", "2026-11-01T07:30:00Z"),
            ("2026-07-01T08:30", "2026-07-01T06:30:00Z"),
            ("@1793491200", "2026-11-01T00:00:00Z"),
            ("@1793491200.25", "2026-11-01T00:00:00.25Z"),
            ("-7d", "2026-11-16T11:00:00Z"),
            ("-1h30m", "2026-11-23T09:30:00Z"),
            ("+2h", "2026-11-23T13:00:00Z"),
            ("-0s", "2026-11-23T11:00:00Z"),
            ("-100d", "2026-08-15T11:00:00Z"),
        ] {
            assert_eq!(meant(text), expected, "{text}");
        }
    }

    #[test]
    fn an_hour_that_the_clocks_skip_or_repeat_has_one_meaning() {
        assert_eq!(meant("2026-03-29T02:30:00"), "2026-03-29T01:30:00Z");
        assert_eq!(meant("2026-10-25T02:30:00"), "2026-10-25T00:30:00Z");
    }

    #[test]
    fn before_1970_it_is_1970() {
        assert_eq!(meant("-36525d"), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn anything_else_is_nothing() {
        for text in [
            "",
            "yesterday",
            "-7",
            "+7",
            "-",
            "@",
            "@-1",
            "@1e9",
            "@1.",
            "2026-11",
            "2026-13-01",
            "7d",
            "1969-12-31",
            "1969-12-31T23:59:59Z",
            "2500-01-01",
            "2500-01-01T00:00:00Z",
            "@99999999999",
            "2026-11-01T25:00:00",
        ] {
            assert_eq!(Moment::parse(text), None, "{text}");
        }
    }
}

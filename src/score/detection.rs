//! Reads what a detector has found.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::record::cause;
use super::value::{RemoteHost, instant, line_number, remote_host, shown, text};
use crate::basis::Basis;
use crate::time::{Time, timestamp};

/// A detection, with what a grade needs of it.
#[derive(Debug, PartialEq)]
pub struct Detection<'a> {
    /// Its times. One that is about an address or a line may have none.
    pub times: Option<DetectionTimes>,
    /// The kind that it names.
    pub kind: Option<Cow<'a, str>>,
    /// The address or the line that it is about.
    pub about: About,
}

/// The times of a detection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DetectionTimes {
    /// The first instant that it is about.
    pub from: Time,
    /// The last instant that it is about.
    pub until: Time,
    /// When it was made.
    pub made: Time,
}

/// What a detection is about besides a time.
#[derive(Debug, PartialEq)]
pub enum About {
    /// Nothing else that would be graded.
    Time,
    /// A remote host.
    Host(RemoteHost),
    /// A line, by its number.
    Line(u64),
}

/// The values of a detection, as they stand there. Other keys are passed over.
#[derive(Debug, Deserialize)]
#[serde(expecting = "an object")]
struct RawDetection<'a> {
    #[serde(borrow)]
    time: Option<&'a RawValue>,
    #[serde(borrow)]
    from: Option<&'a RawValue>,
    #[serde(borrow)]
    until: Option<&'a RawValue>,
    #[serde(borrow)]
    kind: Option<&'a RawValue>,
    #[serde(borrow)]
    remote_host: Option<&'a RawValue>,
    #[serde(borrow)]
    line: Option<&'a RawValue>,
}

impl<'a> Detection<'a> {
    /// Reads a detection that is graded by `basis`.
    ///
    /// # Errors
    /// It lacks what the basis needs, or has a wrong value: what was found and what would be right.
    pub fn read(line: &'a [u8], basis: Basis) -> Result<Self, String> {
        let raw: RawDetection<'a> = serde_json::from_slice(line).map_err(|error| {
            let (found, cause) = (shown(&String::from_utf8_lossy(line)), cause(&error));
            format!(
                "found {found}, which cannot be read as an object ({cause}); a detection is a JSON object on a \
                 line of its own, such as {{\"time\":\"2026-11-02T03:00:00Z\"}}"
            )
        })?;
        let times = raw.times()?;
        if times.is_none() && matches!(basis, Basis::Events | Basis::Windows) {
            let basis = basis.name();
            return Err(format!(
                "found a detection without `time`; with --by {basis}, it has `time`, or `from` and `until`, or all \
                 three"
            ));
        }
        let about = match basis {
            Basis::Events | Basis::Windows => About::Time,
            Basis::Addresses => {
                let host = raw.needed("remote_host", raw.remote_host, basis)?;
                About::Host(remote_host("remote_host", host)?)
            }
            Basis::Lines => About::Line(line_number("line", raw.needed("line", raw.line, basis)?)?),
        };
        let kind = |value| text("kind", value, "a kind is a text such as \"ddos\", or left out");
        Ok(Self { times, kind: raw.kind.map(kind).transpose()?, about })
    }
}

impl<'a> RawDetection<'a> {
    /// The times of the detection, if it has any. Half of a span says nothing.
    fn times(&self) -> Result<Option<DetectionTimes>, String> {
        let made = self.time.map(|time| instant("time", time)).transpose()?;
        let (Some(from), Some(until)) = (self.from, self.until) else {
            return Ok(made.map(|made| DetectionTimes { from: made, until: made, made }));
        };
        let (from, until) = (instant("from", from)?, instant("until", until)?);
        if until < from {
            let [from, until] = [from, until].map(timestamp);
            return Err(format!(
                "found `until` {until} before `from` {from}; `until` is the later one"
            ));
        }
        Ok(Some(DetectionTimes { from, until, made: made.unwrap_or(from) }))
    }

    fn needed(
        &self,
        key: &str,
        value: Option<&'a RawValue>,
        basis: Basis,
    ) -> Result<&'a RawValue, String> {
        value.ok_or_else(|| {
            let basis = basis.name();
            format!("found a detection without `{key}`; with --by {basis}, each detection has one")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    const AT: Time = 1_793_588_400 * SECOND;

    #[test]
    fn a_detection_has_a_time_a_span_or_both_and_other_keys_are_passed_over() {
        let read = |line: &str| {
            let read = Detection::read(line.as_bytes(), Basis::Events).unwrap();
            let DetectionTimes { from, until, made } = read.times.unwrap();
            (from - AT, until - AT, made - AT, read.kind.map(Cow::into_owned))
        };
        let span = r#""from":"2026-11-02T03:00:00Z","until":"2026-11-02T03:01:00Z""#;
        assert_eq!(
            read(r#"{"time":"2026-11-02T03:00:07Z","rule":{"id":[7]}}"#),
            (7 * SECOND, 7 * SECOND, 7 * SECOND, None)
        );
        assert_eq!(read(&format!("{{{span}}}")), (0, 60 * SECOND, 0, None));
        let all = format!(r#"{{{span},"time":1793588490,"kind":"ddos","line":null}}"#);
        assert_eq!(read(&all), (0, 60 * SECOND, 90 * SECOND, Some("ddos".to_owned())));
        // Half of a span says nothing beside a time.
        assert_eq!(read(r#"{"time":1793588400,"from":"alerts"}"#), (0, 0, 0, None));
    }

    #[test]
    fn a_time_is_asked_for_where_it_decides_what_is_found_and_nowhere_else() {
        let line = br#"{"remote_host":"203.0.113.9","line":3,"from":1793588400}"#;
        for basis in [Basis::Addresses, Basis::Lines] {
            assert_eq!(Detection::read(line, basis).unwrap().times, None);
            // One that is there is right.
            let error = Detection::read(br#"{"line":3,"time":"now"}"#, basis).unwrap_err();
            assert!(error.starts_with("`time`: found \"now\"; "), "{error}");
        }
        for basis in [Basis::Events, Basis::Windows] {
            let error = Detection::read(line, basis).unwrap_err();
            let expected = format!(
                "found a detection without `time`; with --by {}, it has `time`, ",
                basis.name()
            );
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn what_a_basis_needs_is_asked_for_and_nothing_else() {
        let line = br#"{"time":1793588400,"remote_host":"203.0.113.9","line":7}"#;
        let about = |basis| Detection::read(line, basis).unwrap().about;
        assert_eq!(about(Basis::Events), About::Time);
        assert_eq!(about(Basis::Windows), About::Time);
        assert_eq!(
            about(Basis::Addresses),
            About::Host(RemoteHost::Address([203, 0, 113, 9].into()))
        );
        assert_eq!(about(Basis::Lines), About::Line(7));
        let bare = br#"{"time":1793588400,"remote_host":null}"#;
        for (basis, key) in [(Basis::Addresses, "remote_host"), (Basis::Lines, "line")] {
            let error = Detection::read(bare, basis).unwrap_err();
            assert!(error.starts_with(&format!("found a detection without `{key}`; with --by ")));
        }
    }

    #[test]
    fn a_wrong_detection_is_said_with_what_would_be_right() {
        for (line, expected) in [
            ("time=now", "found time=now, which cannot be read as an object ("),
            (
                "{}",
                "without `time`; with --by events, it has `time`, or `from` and `until`, or all",
            ),
            (r#"{"from":1793588400}"#, "found a detection without `time`; "),
            (r#"{"time":"now"}"#, "`time`: found \"now\"; "),
            (r#"{"from":9,"until":8}"#, "found `until` 1970-01-01T00:00:08Z before `from` "),
            (r#"{"time":9,"kind":["ddos"]}"#, "`kind`: found [\"ddos\"]; "),
            (r#"{"time":9,"time":8}"#, "duplicate field `time` at column "),
        ] {
            let error = Detection::read(line.as_bytes(), Basis::Events).unwrap_err();
            assert!(error.contains(expected), "{line}: {error}");
        }
    }
}

//! An event that happened: an occurrence of an entry of the scenario.

use std::sync::Arc;

use crate::config::ScenarioEvent;
use crate::config::event_kind::EventKind;
use crate::stream::scenario::timeline::EventWindow;
use crate::time::{Time, timestamp};

/// An event that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Happening {
    /// The entry of the scenario.
    pub name: Arc<str>,
    /// Which of the entry's events in the run it is, from 0.
    pub number: u64,
    /// The kind.
    pub kind: EventKind,
    /// When it is on.
    pub on: EventWindow,
    /// What the configuration says of it, as a JSON object.
    pub parameters: Arc<str>,
    /// How many lines it has made or changed.
    pub lines: u64,
}

impl Happening {
    /// What ground truth calls it.
    pub fn id(&self) -> String {
        format!("{}.{}", self.name, self.number)
    }

    /// Whether it is an occurrence of that entry, which another epoch of the run may have as well.
    pub fn is_of(&self, event: &ScenarioEvent, on: EventWindow) -> bool {
        *self.name == *event.name && self.kind == event.kind && self.on == on
    }

    /// The record of its beginning.
    pub fn begun(&self) -> String {
        format!(
            "{{\"record\":\"event\",\"event\":\"{}\",\"kind\":\"{}\",\"class\":\"{}\",\"start\":\"{}\",\"end\":\"{}\",\
             \"parameters\":{}}}\n",
            self.id(),
            self.kind.name(),
            self.kind.class().name(),
            stamp(self.on.start),
            stamp(self.on.end),
            self.parameters
        )
    }

    /// The record of its end, or of the end of the run.
    pub fn ended(&self, time: Time) -> String {
        format!(
            "{{\"record\":\"event_end\",\"event\":\"{}\",\"time\":\"{}\",\"lines\":{}}}\n",
            self.id(),
            stamp(time),
            self.lines
        )
    }
}

/// A time as all records show it: in UTC, with milliseconds.
fn stamp(time: Time) -> String {
    timestamp(time).strftime("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::SECOND;

    #[test]
    fn the_records_of_an_event_have_the_settled_form_and_cut_times_to_the_millisecond() {
        let start = 1_793_588_400 * SECOND;
        let stuffing = Happening {
            name: "stuffing".into(),
            number: 0,
            kind: EventKind::CredentialStuffing,
            on: EventWindow { start, end: start + 1_200 * SECOND + 1_999_999 },
            parameters: "{\"rate\":5.0}".into(),
            lines: 412,
        };
        assert_eq!(
            stuffing.begun(),
            r#"{"record":"event","event":"stuffing.0","kind":"credential_stuffing","class":"attack","start":"2026-11-02T03:00:00.000Z","end":"2026-11-02T03:20:00.001Z","parameters":{"rate":5.0}}"#
                .to_owned()
                + "\n"
        );
        assert_eq!(
            stuffing.ended(start + SECOND / 2),
            "{\"record\":\"event_end\",\"event\":\"stuffing.0\",\"time\":\"2026-11-02T03:00:00.500Z\",\"lines\":412}\n"
        );
    }
}

//! The marks by which hits name their events: a number for each event and each of its stages, in a byte.

use super::slowness;
use crate::config::ScenarioEvent;
use crate::config::event_kind::{EventClass, EventKind};

/// The event of a scenario that made a hit or changed it, and the stage of the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventMark(pub u8);

impl EventMark {
    /// No event.
    pub const NONE: Self = Self(0);

    /// The mark of a stage of the event whose first stage this marks.
    pub fn stage(self, stage: u8) -> Self {
        Self(self.0 + stage)
    }
}

/// What a mark stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkedEvent {
    /// The name of the event.
    pub event: String,
    /// The stage of an attack; the class of another event.
    pub stage: &'static str,
}

/// The marks of a scenario. The first stands for no event.
#[derive(Clone, Debug)]
pub struct EventMarks {
    rows: Vec<MarkedEvent>,
    /// The first mark of each event.
    first: Vec<u8>,
    /// The names of the entries by their places, if one of them spoils lines.
    spoiling: Vec<String>,
}

impl EventMarks {
    /// The marks of a scenario.
    pub fn new(events: &[ScenarioEvent]) -> Self {
        let spoil = |event: &ScenarioEvent| event.kind.class() == EventClass::Log;
        let named: &[ScenarioEvent] = if events.iter().any(spoil) { events } else { &[] };
        let mut marks = Self {
            rows: vec![MarkedEvent { event: String::new(), stage: "" }],
            first: Vec::new(),
            spoiling: named.iter().map(|event| event.name.clone()).collect(),
        };
        for event in events {
            marks.first.push(marks.rows.len() as u8);
            for stage in stages(event.kind) {
                marks.rows.push(MarkedEvent { event: event.name.clone(), stage });
            }
        }
        assert!(marks.rows.len() <= 256, "the configuration is refused where events are too many");
        marks
    }

    /// The mark of an event, by its place in the scenario, and one of its [stages].
    pub fn of(&self, event: usize, stage: u8) -> EventMark {
        EventMark(self.first[event]).stage(stage)
    }

    /// The names of the entries by their places, to tell which one spoils a hit's line; none if none does.
    pub fn spoiling(&self) -> &[String] {
        &self.spoiling
    }

    /// All marks of an event, by its place in the scenario.
    pub fn all_of(&self, event: usize) -> impl Iterator<Item = EventMark> {
        let behind = self.first.get(event + 1).map_or(self.rows.len(), |next| usize::from(*next));
        (usize::from(self.first[event])..behind).map(|mark| EventMark(mark as u8))
    }

    /// Whether there are events that hits can belong to.
    pub fn has_events(&self) -> bool {
        self.rows.len() > 1
    }

    /// What each mark stands for, in their order.
    pub fn rows(&self) -> &[MarkedEvent] {
        &self.rows
    }
}

/// The stages of a kind of event.
pub fn stages(kind: EventKind) -> &'static [&'static str] {
    match kind {
        EventKind::CredentialStuffing
        | EventKind::PasswordSpraying
        | EventKind::AccountTakeover => &["log_in", "takeover"],
        EventKind::Scraping => &["scrape"],
        EventKind::Carding => &["try", "pay"],
        EventKind::Ddos => &["flood"],
        EventKind::IdEnumeration => &["enumerate"],
        kind if kind.class() == EventClass::Attack => {
            &["probe", "evade", "exploit", "exfiltrate", "upload", "use"]
        }
        // A mark for each of its levels.
        EventKind::SlowResponses => &["failure"; slowness::LEVELS],
        kind if kind.class() == EventClass::Load => &["load"],
        // It neither makes hits nor changes them: a hit names it apart, so that the line of an attack can be spoilt.
        kind if kind.class() == EventClass::Log => &[],
        _ => &["failure"],
    }
}

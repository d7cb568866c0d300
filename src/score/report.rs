//! The report of a grading. Its fields become JSON for programs; `text` writes the same report for people.

mod text;

use serde::Serialize;

use super::events::TrueEvent;
use super::grade::{Counts, CountsByKind, DelayFigures};
use super::grader::Grader;
use super::kinds::KindId;
use crate::basis::Basis;
use crate::config::event_kind::EventClass;
use crate::likeness::likely;
use crate::time::{SECOND, Time, timestamp};

/// The grades of a detector.
#[derive(Debug, Serialize)]
pub struct ScoreReport {
    /// What was counted.
    pub by: Basis,
    /// For how long after its end an event could be detected, if that mattered.
    pub grace_seconds: Option<f64>,
    /// The length of a window, if that mattered.
    pub window_seconds: Option<f64>,
    /// How many detections were read.
    pub detections: u64,
    /// The grade of each kind, by name.
    pub kinds: Vec<KindGrade>,
    /// The grade in all.
    pub all: GradeFigures,
    /// The events, in the order of the truth.
    pub events: Vec<EventGrade>,
    /// What you should know about these figures, as sentences.
    pub hints: Vec<String>,
}

/// The grade for a kind of event.
#[derive(Debug, Serialize)]
pub struct KindGrade {
    /// The kind.
    pub kind: String,
    /// Its class; null if only detections name the kind.
    pub class: Option<EventClass>,
    /// The grade.
    #[serde(flatten)]
    pub figures: GradeFigures,
}

/// The figures of a grade. What is undefined is null.
#[derive(Debug, Serialize)]
pub struct GradeFigures {
    /// True, and detected.
    pub found: u64,
    /// True, and not detected.
    pub missed: u64,
    /// Detected, and not true.
    #[serde(rename = "false")]
    pub wrong: u64,
    /// The share of what was detected that is true.
    pub precision: Option<f64>,
    /// The share of what is true that was detected.
    pub recall: Option<f64>,
    /// The harmonic mean of the two.
    pub f1: Option<f64>,
    /// The median of the delays of the events that were detected with a time.
    pub median_delay_seconds: Option<f64>,
    /// The longest of these delays.
    pub longest_delay_seconds: Option<f64>,
}

/// What became of an event.
#[derive(Debug, Serialize)]
pub struct EventGrade {
    /// The name of the event.
    pub event: String,
    /// Its kind.
    pub kind: String,
    /// When it began, RFC 3339.
    pub start: String,
    /// When it ended, RFC 3339.
    pub end: String,
    /// How long after its start it was first detected; null if it was not.
    pub delay_seconds: Option<f64>,
}

/// What the figures were made with.
#[derive(Clone, Copy, Debug)]
pub struct Graded {
    /// What was counted.
    pub by: Basis,
    /// How long after its end an event could be detected.
    pub grace: Time,
    /// The length of a window.
    pub window: Time,
}

impl ScoreReport {
    /// The report on what a grader has found.
    pub fn new(grader: &Grader, graded: Graded) -> Self {
        let counts = grader.counts();
        let kinds = &grader.truth.kinds;
        let seconds = |time: Time| time as f64 / SECOND as f64;
        let has_grace = matches!(graded.by, Basis::Events | Basis::Addresses);
        let event = |(id, event): (_, &TrueEvent)| EventGrade {
            event: event.name.clone(),
            kind: kinds.name(event.kind).to_owned(),
            start: timestamp(event.start).to_string(),
            end: timestamp(event.end).to_string(),
            delay_seconds: grader.delay(id).map(seconds),
        };
        let of_kind = |id: KindId| {
            let mut of = grader.truth.events.iter().filter(|(_, event)| event.kind == id);
            KindGrade {
                kind: kinds.name(id).to_owned(),
                class: of.next().map(|(_, event)| event.class),
                figures: GradeFigures::new(counts.kinds[id as usize], grader, Some(id)),
            }
        };
        Self {
            by: graded.by,
            grace_seconds: has_grace.then(|| seconds(graded.grace)),
            window_seconds: (graded.by == Basis::Windows).then(|| seconds(graded.window)),
            detections: grader.detections,
            kinds: kinds.by_name().into_iter().map(of_kind).collect(),
            all: GradeFigures::new(counts.all, grader, None),
            events: grader.truth.events.iter().map(event).collect(),
            hints: hints(grader, &counts, graded.by),
        }
    }

    /// The report as one JSON object on one line.
    pub fn json(&self) -> String {
        serde_json::to_string(self).expect("the report has only plain values") + "\n"
    }
}

impl GradeFigures {
    /// The figures of a kind, or of all.
    fn new(counts: Counts, grader: &Grader, kind: Option<KindId>) -> Self {
        let events = grader.truth.events.iter();
        let of_kind = events.filter(|(_, event)| kind.is_none_or(|kind| kind == event.kind));
        let delays = DelayFigures::of(of_kind.filter_map(|(id, _)| grader.delay(id)).collect());
        Self {
            found: counts.found,
            missed: counts.missed,
            wrong: counts.wrong,
            precision: counts.precision(),
            recall: counts.recall(),
            f1: counts.f1(),
            median_delay_seconds: delays.map(|delays| delays.median),
            longest_delay_seconds: delays.map(|delays| delays.longest),
        }
    }
}

fn hints(grader: &Grader, counts: &CountsByKind, by: Basis) -> Vec<String> {
    let (events, kinds) = (&grader.truth.events, &grader.truth.kinds);
    let mut hints = Vec::new();
    if events.count() == 0 {
        hints.push("The truth has no event, so whatever is detected is false.".to_owned());
    }
    if by == Basis::Windows && grader.truth.lines == 0 && events.count() > 0 {
        hints.push(
            "The truth has no records of lines, so the windows are those from the start to the end of each \
             event."
                .to_owned(),
        );
    }
    let true_kinds: Vec<KindId> = events.iter().map(|(_, event)| event.kind).collect();
    for id in kinds.by_name().into_iter().filter(|id| !true_kinds.contains(id)) {
        let name = kinds.name(id);
        let meant = likely(name, true_kinds.iter().map(|id| kinds.name(*id)));
        let meant = meant.map(|meant| format!(" Did you mean `{meant}`?")).unwrap_or_default();
        hints.push(format!("No event of the truth is of the kind `{name}`.{meant}"));
    }
    if counts.without_kind > 0 {
        let name = if by == Basis::Events { "detections" } else { by.name() };
        hints.push(format!(
            "False {name} without a kind: {} of {}. They count in the last row alone.",
            counts.without_kind, counts.all.wrong
        ));
    }
    if let Some(kind) = &grader.truth.passed_over {
        hints.push(format!(
            "Records of the kind `{kind}` were passed over; this version does not know them."
        ));
    }
    hints
}

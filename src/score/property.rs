//! What holds for any truth: a detector that reports exactly the truth is perfect, and a silent one finds nothing.

use proptest::prelude::*;

use super::detection::Detection;
use super::grader::Grader;
use super::record::TruthRecord;
use super::report::{GradeFigures, Graded, ScoreReport};
use super::truth::Truth;
use crate::basis::Basis;
use crate::time::SECOND;

const ALL: [Basis; 4] = [Basis::Events, Basis::Windows, Basis::Addresses, Basis::Lines];
const KINDS: [(&str, &str); 4] =
    [("ddos", "attack"), ("stuffing", "attack"), ("flash_crowd", "load"), ("outage", "failure")];
/// The first second of the truth.
const START: u64 = 1_793_588_400;

/// An event of a random truth.
#[derive(Clone, Debug)]
struct Happened {
    kind: usize,
    start: u64,
    length: u64,
    /// Offset from the start in tenths of the length, and remote host, of each line.
    lines: Vec<(u64, u8)>,
}

fn happened() -> impl Strategy<Value = Happened> {
    let lines = prop::collection::vec((0..=10_u64, any::<u8>()), 1..8);
    (0..KINDS.len(), 0..20_000_u64, 0..4_000_u64, lines)
        .prop_map(|(kind, start, length, lines)| Happened { kind, start, length, lines })
}

/// The records of the truth, and what a perfect detector reports by each basis.
fn told(events: &[Happened], names_kind: bool) -> (Vec<String>, [Vec<String>; 4]) {
    let (mut truth, mut reports) = (Vec::new(), [const { Vec::new() }; 4]);
    let mut lines = Vec::new();
    for (number, event) in events.iter().enumerate() {
        let ((kind, class), start) = (KINDS[event.kind], START + event.start);
        let end = start + event.length;
        truth.push(format!(
            r#"{{"record":"event","event":"e.{number}","kind":"{kind}","class":"{class}","start":{start},"end":{end}}}"#
        ));
        let of_kind = if names_kind { format!(r#","kind":"{kind}""#) } else { String::new() };
        reports[0].push(format!(r#"{{"time":{start}{of_kind}}}"#));
        for (tenths, host) in &event.lines {
            lines.push((start + event.length * tenths / 10, *host, number, class, of_kind.clone()));
        }
    }
    // Lines of ordinary visitors, some of them from the remote hosts of attackers.
    lines.extend((0..50).map(|at| (START + at * 500, at as u8, usize::MAX, "", String::new())));
    lines.sort();
    for (number, (time, host, event, class, of_kind)) in (1..).zip(lines) {
        let host = format!(r#""remote_host":"203.0.113.{host}""#);
        let event_name =
            if class.is_empty() { String::new() } else { format!(r#","event":"e.{event}""#) };
        truth.push(format!(
            r#"{{"record":"line","line":{number},"time":{time},{host}{event_name}}}"#
        ));
        if class.is_empty() {
            continue;
        }
        reports[1].push(format!(r#"{{"time":{time}{of_kind}}}"#));
        if class == "attack" {
            reports[2].push(format!(r#"{{"time":{time},{host}{of_kind}}}"#));
        }
        reports[3].push(format!(r#"{{"time":{time},"line":{number}{of_kind}}}"#));
    }
    (truth, reports)
}

/// The report on these detections.
pub fn graded(truth: &[String], detections: &[String], by: Basis) -> ScoreReport {
    let graded = Graded { by, grace: 60 * SECOND, window: 60 * SECOND };
    let mut read = Truth::new(by, graded.window);
    read.next_file();
    for line in truth {
        read.add(&TruthRecord::read(line.as_bytes()).unwrap()).unwrap();
    }
    read.finish().unwrap();
    let mut grader = Grader::new(read, graded.grace);
    for line in detections {
        grader.take(&Detection::read(line.as_bytes(), by).unwrap()).unwrap();
    }
    ScoreReport::new(&grader, graded)
}

fn is_perfect(figures: &GradeFigures) -> bool {
    let nothing_wrong = figures.missed == 0 && figures.wrong == 0;
    let one = Some(1.0);
    // A kind that is no attack has no addresses to find.
    let shares = [figures.precision, figures.recall, figures.f1];
    nothing_wrong && (shares == [one; 3] || (figures.found == 0 && shares == [None; 3]))
}

proptest! {
    #[test]
    fn a_detector_that_reports_exactly_the_truth_is_perfect_by_every_basis(
        events in prop::collection::vec(happened(), 1..12),
        names_kind in any::<bool>(),
    ) {
        let (truth, reports) = told(&events, names_kind);
        let has_attack = events.iter().any(|event| KINDS[event.kind].1 == "attack");
        for (by, detections) in ALL.into_iter().zip(reports) {
            let report = graded(&truth, &detections, by);
            let kinds = report.kinds.iter().map(|kind| &kind.figures);
            prop_assert!(kinds.chain([&report.all]).all(is_perfect), "{}", report);
            if by != Basis::Addresses || has_attack {
                prop_assert_eq!(report.all.recall, Some(1.0));
            }
        }
    }

    #[test]
    fn a_silent_detector_has_recall_0_and_no_precision_by_every_basis(
        events in prop::collection::vec(happened(), 1..12),
    ) {
        let (truth, _) = told(&events, true);
        for by in ALL {
            let all = graded(&truth, &[], by).all;
            prop_assert_eq!((all.found, all.wrong, all.precision), (0, 0, None));
            if all.missed > 0 {
                prop_assert_eq!((all.recall, all.f1), (Some(0.0), Some(0.0)));
            }
        }
    }

    #[test]
    fn what_is_said_does_not_depend_on_the_order_of_the_detections(
        events in prop::collection::vec(happened(), 1..8),
        at in prop::collection::vec((0..25_000_u64, 0..5_usize, any::<u8>(), 1..99_u64), 0..20),
    ) {
        let (truth, _) = told(&events, true);
        let mut detections: Vec<String> = at.iter().map(|(at, kind, host, line)| {
            let kind = KINDS.get(*kind).map(|kind| format!(r#","kind":"{}""#, kind.0));
            let (time, kind) = (START + at, kind.unwrap_or_default());
            format!(r#"{{"time":{time}{kind},"remote_host":"203.0.113.{host}","line":{line}}}"#)
        }).collect();
        for by in ALL {
            let forward = graded(&truth, &detections, by).json();
            detections.reverse();
            prop_assert_eq!(graded(&truth, &detections, by).json(), forward);
        }
    }
}

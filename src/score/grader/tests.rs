//! Grades of a small truth, computed by hand.

use super::super::property::graded;
use super::super::report::{GradeFigures, ScoreReport};
use crate::basis::Basis;

/// Two attacks and a load, in the seconds of an hour: stuffing from 600 to 900 and from 1800 to 1900, and a crowd from
/// 700 to 1000. The first stuffing has lines in the minutes 10 and 11, of two hosts; the second one in minute 30.
fn truth() -> Vec<String> {
    let event = |name: &str, kind: &str, class: &str, start: u64, end: u64| {
        format!(
            r#"{{"record":"event","event":"{name}","kind":"{kind}","class":"{class}","start":{start},"end":{end}}}"#
        )
    };
    let line = |line: u64, time: u64, host: u8, event: &str| {
        let event = if event.is_empty() { String::new() } else { format!(r#","event":"{event}""#) };
        format!(
            r#"{{"record":"line","line":{line},"time":{time},"remote_host":"203.0.113.{host}"{event}}}"#
        )
    };
    vec![
        line(1, 10, 7, ""),
        event("s.0", "stuffing", "attack", 600, 900),
        line(2, 605, 1, "s.0"),
        line(3, 650, 2, "s.0"),
        line(4, 670, 1, "s.0"),
        event("crowd.0", "flash_crowd", "load", 700, 1_000),
        line(5, 705, 7, "crowd.0"),
        line(6, 790, 8, "crowd.0"),
        event("s.1", "stuffing", "attack", 1_800, 1_900),
        line(7, 1_810, 1, "s.1"),
        line(8, 2_000, 9, ""),
    ]
}

fn of(detections: &[&str], by: Basis) -> ScoreReport {
    let detections: Vec<String> = detections.iter().map(|text| (*text).to_owned()).collect();
    graded(&truth(), &detections, by)
}

/// Found, missed, false, and the median and the longest delay.
fn figures(figures: &GradeFigures) -> (u64, u64, u64, Option<f64>, Option<f64>) {
    let GradeFigures { found, missed, wrong, .. } = *figures;
    (found, missed, wrong, figures.median_delay_seconds, figures.longest_delay_seconds)
}

fn of_kind<'a>(report: &'a ScoreReport, kind: &str) -> &'a GradeFigures {
    let found = report.kinds.iter().find(|of| of.kind == kind);
    &found.unwrap_or_else(|| panic!("there is a row for {kind}")).figures
}

#[test]
fn by_events_each_event_counts_once_and_each_false_detection() {
    let report = of(
        &[
            // Twice the first stuffing, the later one first.
            r#"{"time":900,"kind":"stuffing"}"#,
            r#"{"time":630,"kind":"stuffing"}"#,
            // The crowd by no name, but within the stuffing, too.
            r#"{"time":720}"#,
            // The second stuffing, 59 s after its end; a minute and a second after it is too late.
            r#"{"time":1959,"kind":"stuffing"}"#,
            r#"{"time":1961,"kind":"stuffing"}"#,
            // Another kind, and a time of no event.
            r#"{"time":650,"kind":"flash_crowd"}"#,
            r#"{"time":3000}"#,
        ],
        Basis::Events,
    );
    assert_eq!(figures(of_kind(&report, "stuffing")), (2, 0, 1, Some(94.5), Some(159.0)));
    assert_eq!(figures(of_kind(&report, "flash_crowd")), (1, 0, 1, Some(20.0), Some(20.0)));
    assert_eq!(figures(&report.all), (3, 0, 3, Some(30.0), Some(159.0)));
    assert_eq!(report.all.precision, Some(0.5));
    assert_eq!(report.all.f1, Some(2.0 / 3.0));
    let hint = "False detections without a kind: 1 of 3. They count in the last row alone.";
    assert_eq!(report.hints, [hint]);
    assert_eq!((report.detections, report.grace_seconds), (7, Some(60.0)));
}

#[test]
fn by_events_a_span_finds_what_it_overlaps_and_its_delay_is_that_of_its_making() {
    let report = of(&[r#"{"from":0,"until":700,"time":760}"#], Basis::Events);
    assert_eq!(figures(&report.all), (2, 1, 0, Some(110.0), Some(160.0)));
    // Without a time it counts as made at its beginning, and an event cannot be found before it begins.
    let report = of(&[r#"{"from":0,"until":650}"#], Basis::Events);
    assert_eq!(figures(&report.all), (1, 2, 0, Some(0.0), Some(0.0)));
}

#[test]
fn by_windows_those_with_a_line_of_an_event_are_compared_with_those_detected() {
    // True are the minutes 10 and 11 (stuffing), 11 and 13 (crowd), and 30 (stuffing).
    let report = of(
        &[
            r#"{"from":600,"until":720,"kind":"stuffing"}"#,
            r#"{"time":725,"kind":"flash_crowd"}"#,
            r#"{"time":815}"#,
            r#"{"time":60}"#,
        ],
        Basis::Windows,
    );
    assert_eq!(figures(of_kind(&report, "stuffing")), (2, 1, 0, Some(0.0), Some(0.0)));
    assert_eq!(figures(of_kind(&report, "flash_crowd")), (1, 1, 1, Some(115.0), Some(115.0)));
    // Of the four windows 10, 11, 13 and 30, three are found; 12 and 1 are false.
    assert_eq!(figures(&report.all), (3, 1, 2, Some(57.5), Some(115.0)));
    assert_eq!(report.window_seconds, Some(60.0));
}

#[test]
fn by_addresses_the_hosts_of_attacks_count_each_once() {
    let report = of(
        &[
            r#"{"time":690,"remote_host":"203.0.113.1","kind":"stuffing"}"#,
            r#"{"time":640,"remote_host":"203.0.113.1"}"#,
            // A visitor of the flash crowd, and an ordinary one.
            r#"{"time":710,"remote_host":"203.0.113.7"}"#,
            r#"{"time":710,"remote_host":"203.0.113.9","kind":"stuffing"}"#,
        ],
        Basis::Addresses,
    );
    // Host 1 is found and host 2 missed. The second attack of host 1 was not detected in its time.
    assert_eq!(figures(of_kind(&report, "stuffing")), (1, 1, 1, Some(40.0), Some(40.0)));
    assert_eq!(figures(of_kind(&report, "flash_crowd")), (0, 0, 0, None, None));
    assert_eq!(figures(&report.all), (1, 1, 2, Some(40.0), Some(40.0)));
}

#[test]
fn by_lines_the_numbers_of_the_lines_of_events_are_compared() {
    let report = of(
        &[
            r#"{"time":606,"line":2}"#,
            r#"{"time":651,"line":3,"kind":"stuffing"}"#,
            r#"{"time":706,"line":5,"kind":"stuffing"}"#,
            r#"{"time":1810,"line":7,"kind":"stuffing"}"#,
            r#"{"time":2000,"line":8}"#,
        ],
        Basis::Lines,
    );
    assert_eq!(figures(of_kind(&report, "stuffing")), (3, 1, 1, Some(8.0), Some(10.0)));
    assert_eq!(figures(of_kind(&report, "flash_crowd")), (0, 2, 0, None, None));
    assert_eq!(figures(&report.all), (3, 3, 2, Some(8.0), Some(10.0)));
}

#[test]
fn addresses_and_lines_without_times_are_graded_and_have_no_delay() {
    let banned =
        [r#"{"remote_host":"203.0.113.1","kind":"stuffing"}"#, r#"{"remote_host":"203.0.113.9"}"#];
    let report = of(&banned, Basis::Addresses);
    assert_eq!(figures(of_kind(&report, "stuffing")), (1, 1, 0, None, None));
    assert_eq!(figures(&report.all), (1, 1, 1, None, None));
    let lines = [r#"{"line":2}"#, r#"{"line":7}"#, r#"{"line":8}"#];
    let report = of(&lines, Basis::Lines);
    assert_eq!(figures(&report.all), (2, 4, 1, None, None));
    // One with a time is the first that has a delay.
    let timed = [&lines[..], &[r#"{"time":651,"line":3}"#]].concat();
    assert_eq!(figures(&of(&timed, Basis::Lines).all), (3, 3, 1, Some(51.0), Some(51.0)));
}

#[test]
fn a_kind_that_only_detections_name_has_a_row_and_a_hint_at_what_was_meant() {
    let report = of(&[r#"{"time":650,"kind":"flash-crowd"}"#], Basis::Events);
    let row = of_kind(&report, "flash-crowd");
    assert_eq!(figures(row), (0, 0, 1, None, None));
    assert_eq!((row.precision, row.recall), (Some(0.0), None));
    let hint = "No event of the truth is of the kind `flash-crowd`. Did you mean `flash_crowd`?";
    assert_eq!(report.hints, [hint]);
}

#[test]
fn a_night_without_events_is_graded_by_its_false_alarms() {
    let alarm = r#"{"time":650}"#.to_owned();
    let report = graded(&[], &[alarm], Basis::Events);
    assert_eq!(figures(&report.all), (0, 0, 1, None, None));
    assert!(report.hints[0].starts_with("The truth has no event"), "{:?}", report.hints);
}

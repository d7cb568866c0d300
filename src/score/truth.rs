//! The truth, as far as a basis needs it: all events, and the windows, addresses or lines of their lines.

use super::events::{EventId, TrueEvent, TrueEvents};
use super::kinds::Kinds;
use super::record::{LineRecord, TruthRecord};
use super::units::UnitSets;
use super::value::RemoteHost;
use crate::basis::Basis;
use crate::config::event_kind::EventClass;
use crate::time::Time;

/// The most windows that one event or one detection may span.
pub const MOST_WINDOWS: u64 = 10_000_000;

/// What truly happened.
#[derive(Debug)]
pub struct Truth {
    /// The events.
    pub events: TrueEvents,
    /// Their kinds; those of detections are added.
    pub kinds: Kinds,
    /// What of them is compared.
    pub units: TrueUnits,
    /// How many records of lines there are.
    pub lines: u64,
    /// The first kind of record that was passed over.
    pub passed_over: Option<String>,
    ranges: LineRanges,
    /// The window and the event noted last, because many lines in a row have both in common.
    noted: Option<(u64, EventId)>,
}

/// The units that are compared.
#[derive(Debug)]
pub enum TrueUnits {
    /// None: events are compared as a whole.
    Events,
    /// Windows by their numbers, and their length.
    Windows(UnitSets<u64>, Time),
    /// The remote hosts of attacks.
    Addresses(UnitSets<RemoteHost>),
    /// Lines by their numbers.
    Lines(UnitSets<u64>),
}

impl Truth {
    /// No truth yet, for a basis with windows of that length.
    pub fn new(basis: Basis, window: Time) -> Self {
        let units = match basis {
            Basis::Events => TrueUnits::Events,
            Basis::Windows => TrueUnits::Windows(UnitSets::default(), window),
            Basis::Addresses => TrueUnits::Addresses(UnitSets::default()),
            Basis::Lines => TrueUnits::Lines(UnitSets::default()),
        };
        Self {
            events: TrueEvents::default(),
            kinds: Kinds::default(),
            units,
            lines: 0,
            passed_over: None,
            ranges: LineRanges::default(),
            noted: None,
        }
    }

    /// Another file begins.
    pub fn next_file(&mut self) {
        self.ranges.0.push(None);
    }

    /// Adds a record.
    ///
    /// # Errors
    /// It does not fit those before it: what was found and what would be right.
    pub fn add(&mut self, record: &TruthRecord) -> Result<(), String> {
        match record {
            TruthRecord::Begin(begin) => self.events.begin(TrueEvent {
                name: begin.event.to_string(),
                kind: self.kinds.id(&begin.kind),
                class: begin.class,
                start: begin.start,
                end: begin.end,
            }),
            TruthRecord::End { event, time } => self.events.end(event, *time),
            TruthRecord::Line(line) => self.line(line),
            TruthRecord::Other(kind) => {
                self.passed_over.get_or_insert_with(|| kind.to_string());
                Ok(())
            }
        }
    }

    fn line(&mut self, line: &LineRecord) -> Result<(), String> {
        self.lines += 1;
        // No detector can name a line that is not in the log.
        if let TrueUnits::Lines(_) = self.units {
            if line.is_dropped() {
                return Ok(());
            }
            self.ranges.note(line.number()?)?;
        }
        for name in [line.event()?, line.spoilt()?].into_iter().flatten() {
            self.belongs(line, &name)?;
        }
        Ok(())
    }

    /// Notes that a line belongs to an event.
    fn belongs(&mut self, line: &LineRecord, name: &str) -> Result<(), String> {
        let event = self.events.named(name)?;
        match &mut self.units {
            TrueUnits::Events => {}
            TrueUnits::Windows(windows, length) => {
                let at = (line.time()? / *length, event);
                if self.noted != Some(at) {
                    windows.belongs(at.0, event);
                    self.noted = Some(at);
                }
            }
            TrueUnits::Addresses(hosts) => {
                if self.events.get(event).class == EventClass::Attack {
                    hosts.belongs(line.remote_host()?, event);
                }
            }
            TrueUnits::Lines(lines) => lines.belongs(line.number()?, event),
        }
        Ok(())
    }

    /// Ends the reading. Without records of lines, the windows are those that the events span.
    ///
    /// # Errors
    /// The basis needs records of lines, or there would be too many windows.
    pub fn finish(&mut self) -> Result<(), String> {
        if self.lines > 0 || self.events.count() == 0 {
            return Ok(());
        }
        match &mut self.units {
            TrueUnits::Events => {}
            TrueUnits::Windows(windows, length) => {
                for (id, event) in self.events.iter() {
                    let spanned = windows_of(event.start, event.end, *length)
                        .map_err(|what| format!("the event `{}` spans {what}", event.name))?;
                    spanned.for_each(|window| windows.belongs(window, id));
                }
            }
            TrueUnits::Addresses(_) | TrueUnits::Lines(_) => {
                return Err("the truth has events and no records of lines".to_owned());
            }
        }
        Ok(())
    }
}

/// The numbers of the windows from one instant to another, which is not in the last one, and at least the first.
///
/// # Errors
/// There are too many: their number and what would be right.
pub fn windows_of(from: Time, until: Time, length: Time) -> Result<std::ops::Range<u64>, String> {
    let first = from / length;
    let windows = first..until.div_ceil(length).max(first + 1);
    let count = windows.end - windows.start;
    if count > MOST_WINDOWS {
        return Err(format!("{count} windows, more than {MOST_WINDOWS}; give a longer --window"));
    }
    Ok(windows)
}

/// The first and the last number of the lines in each file. Only the lines of one log can be told apart by them.
#[derive(Debug, Default)]
struct LineRanges(Vec<Option<(u64, u64)>>);

impl LineRanges {
    fn note(&mut self, number: u64) -> Result<(), String> {
        const RIGHT: &str = "--by lines grades the lines of one run: name its files of the truth alone, the \
                             oldest first";
        let Some((this, others)) = self.0.split_last_mut() else { return Ok(()) };
        let (first, last) = this.unwrap_or((number, number - 1));
        if number <= last {
            return Err(format!("found line {number} behind line {last}; {RIGHT}"));
        }
        // Ranges that meet do so at the end of one of them first, unless one begins within another.
        let met = others.iter().flatten().find(|(from, to)| first <= *to && *from <= number);
        if met.is_some() {
            return Err(format!("found line {number}, which another file has, too; {RIGHT}"));
        }
        *this = Some((first, number));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(basis: Basis, files: &[&[&str]]) -> Result<Truth, String> {
        let mut truth = Truth::new(basis, 60 * crate::time::SECOND);
        for lines in files {
            truth.next_file();
            for line in *lines {
                truth.add(&TruthRecord::read(line.as_bytes())?)?;
            }
        }
        truth.finish().map(|()| truth)
    }

    const EVENT: &str = r#"{"record":"event","event":"a.0","kind":"a","class":"attack","start":"2026-11-02T03:00:30Z","end":"2026-11-02T03:02:00Z"}"#;
    const LINES: [&str; 3] = [
        r#"{"record":"line","line":1,"time":1793588430,"event":"a.0","remote_host":"::1"}"#,
        r#"{"record":"line","line":2,"time":1793588431,"remote_host":"::1"}"#,
        r#"{"record":"line","line":3,"time":1793588432,"event":"a.0","remote_host":"::1"}"#,
    ];

    fn windows(truth: &Truth) -> usize {
        let TrueUnits::Windows(sets, _) = &truth.units else { panic!("windows are asked for") };
        sets.counts(&truth.events, 1).all.missed as usize
    }

    #[test]
    fn without_records_of_lines_windows_are_those_of_the_events_and_others_are_refused() {
        assert_eq!(windows(&read(Basis::Windows, &[&[EVENT]]).unwrap()), 2);
        assert_eq!(windows(&read(Basis::Windows, &[&[EVENT, LINES[0], LINES[1]]]).unwrap()), 1);
        assert!(read(Basis::Events, &[&[EVENT]]).is_ok());
        for basis in [Basis::Addresses, Basis::Lines] {
            assert!(read(basis, &[&[EVENT]]).unwrap_err().contains("no records of lines"));
            assert!(read(basis, &[&[]]).is_ok());
        }
    }

    #[test]
    fn a_span_has_the_windows_that_it_touches_and_its_end_opens_none() {
        let of = |from, until| windows_of(from, until, 60).unwrap();
        assert_eq!(of(0, 60), 0..1);
        assert_eq!(of(59, 61), 0..2);
        assert_eq!(of(60, 60), 1..2);
        assert_eq!(of(61, 61), 1..2);
        let error = windows_of(0, 60 * (MOST_WINDOWS + 1), 60).unwrap_err();
        assert!(error.starts_with("10000001 windows, more than 10000000; "), "{error}");
    }

    #[test]
    fn lines_of_several_runs_are_refused_where_their_numbers_decide() {
        let again: &[&str] = &[EVENT, LINES[0], LINES[2], LINES[1]];
        let error = read(Basis::Lines, &[again]).unwrap_err();
        assert!(error.starts_with("found line 2 behind line 3; --by lines grades"), "{error}");
        let shards: &[&[&str]] = &[&[EVENT, LINES[0], LINES[2]], &[EVENT, LINES[1]]];
        let error = read(Basis::Lines, shards).unwrap_err();
        assert!(error.starts_with("found line 2, which another file has, too; "), "{error}");
        assert!(read(Basis::Addresses, shards).is_ok());
        // Rotated files of one run go on where the one before ends.
        assert!(read(Basis::Lines, &[&[EVENT, LINES[0], LINES[1]], &[LINES[2]]]).is_ok());
    }

    #[test]
    fn a_line_of_an_event_that_no_record_begins_is_refused() {
        let error = read(Basis::Lines, &[&[LINES[0]]]).unwrap_err();
        assert!(error.starts_with("found the event `a.0`, which no record before"), "{error}");
    }
}

//! A run that is compared with received lines: the window on its lines, how far it goes, and what was found.

use std::collections::BTreeMap;
use std::ops::Range;

use super::doubtful::Doubtful;
use super::expected::BlockSource;
use super::findings::{LineFinding, Place, RunFindings, Unwritten};
use super::places::{Places, place_of, without};
use super::stamp::RESOLUTION;
use super::trail::Stranger;
use super::window::Window;
use crate::format::{Formatter, RenderedHits};
use crate::recorded::facts::Facts;
use crate::stream::Hit;
use crate::time::Time;

/// How many places after which lines may be missing are kept.
const MOST_EDGES: usize = 1 << 16;
/// The most lines counted that a killed run never wrote.
const MOST_UNWRITTEN: u64 = 10_000_000;

/// The source of a run's lines, and what renders them.
pub struct Opened {
    /// The source of the lines.
    pub source: Box<dyn BlockSource>,
    /// Renders the lines as the run did.
    pub formatter: Formatter,
}

/// A line whose beginning was received as the last line of a file.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The index of the line within the run.
    pub line: u64,
    /// The index of the file.
    pub file: usize,
    /// The beginning that was received.
    pub stranger: Stranger,
}

/// A run that is compared with received lines.
pub struct Track {
    /// What the record says about the run.
    pub facts: Facts,
    /// The lines that received lines are compared with.
    pub window: Window,
    /// What was found so far.
    pub found: RunFindings,
    opened: Option<Opened>,
    state: TrackState,
    /// For a run that did not end: how many lines after the last one received may still come.
    tail: u64,
    /// The lines within the judged times.
    span: Range<u64>,
    times: Range<Time>,
    /// The index of the last line received.
    last: Option<u64>,
    /// The line after the last one received, if only its beginning was received.
    pub begun: Option<Begun>,
    /// Lines after which others may be missing, each with where it was received.
    edges: BTreeMap<u64, Place>,
    /// Lines that were received out of order and, so far, not in their place.
    strays: Places,
    /// Lines that were repeated in their place. They are doubles, unless they came out of order before.
    homes: Places,
    /// Lines after everything known to be written, which left the window without being received.
    doubtful: Doubtful,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TrackState {
    Waiting,
    Open,
    Done,
}

impl Track {
    /// A run of which only lines within `times` are judged, in blocks of `block` lines. For a run that
    /// did not end, lines are made up to `tail` after the last one received, or more.
    pub fn new(facts: Facts, times: Range<Time>, block: usize, tail: u64, show: usize) -> Self {
        let tail = tail.max(facts.unrecorded);
        Self {
            found: RunFindings::nothing(show, facts.spoilt),
            facts,
            window: Window::new(block),
            opened: None,
            state: TrackState::Waiting,
            tail,
            span: u64::MAX..u64::MAX,
            times,
            last: None,
            begun: None,
            edges: BTreeMap::new(),
            strays: Places::default(),
            homes: Places::default(),
            doubtful: Doubtful::default(),
        }
    }

    /// Whether its source has not been opened yet.
    pub fn is_waiting(&self) -> bool {
        self.state == TrackState::Waiting
    }

    /// Whether the run has been judged.
    pub fn is_done(&self) -> bool {
        self.state == TrackState::Done
    }

    /// Sets the source of its lines.
    pub fn open(&mut self, opened: Opened) {
        self.opened = Some(opened);
        self.state = TrackState::Open;
    }

    /// Whether any of its lines was received.
    pub fn is_received(&self) -> bool {
        self.last.is_some()
    }

    /// Whether lines of this time have left the window and are no longer compared.
    pub fn is_past(&self, time: Time) -> bool {
        let past = match self.window.times() {
            Some((first, _)) => time.saturating_add(RESOLUTION) <= first,
            None => self.is_done() && time <= self.facts.reached,
        };
        past && time.saturating_add(RESOLUTION) > self.facts.start
    }

    /// The index after the last line received.
    pub fn last_end(&self) -> u64 {
        self.last.map_or(self.window.start(), |last| last + 1)
    }

    /// The index after the last line that certainly exists.
    pub fn certain(&self) -> u64 {
        let received = self.last.map_or(0, |last| last + 1);
        if self.facts.ended { self.facts.lines } else { self.facts.lines.max(received) }
    }

    /// Makes a block of lines after the window. Returns false if the run has no more.
    pub fn grow(&mut self) -> bool {
        let limit = if self.facts.ended { u64::MAX } else { self.certain() + self.tail };
        self.window.end() < limit && self.pull()
    }

    fn pull(&mut self) -> bool {
        let Some(block) = self.opened.as_mut().and_then(|opened| opened.source.next_block()) else {
            return false;
        };
        let at =
            |time: Time| block.first + block.hits.partition_point(|hit| hit.time < time) as u64;
        let end = block.first + block.hits.len() as u64;
        let (start, behind) = (at(self.times.start), at(self.times.end));
        if start < end {
            self.span.start = self.span.start.min(start);
        }
        if behind < end {
            self.span.end = self.span.end.min(behind);
        }
        self.window.push(block);
        true
    }

    /// Notes that lines were received, and decides about the doubtful lines before them.
    pub fn receive(&mut self, first: u64, len: u64) {
        let line = first + len - 1;
        self.last = self.last.max(Some(line));
        self.settle_doubtful(line);
    }

    /// Decides that the doubtful lines before `line` are missing: `line` was received, or must have been.
    fn settle_doubtful(&mut self, line: u64) {
        if let Some(missing) = self.doubtful.received(line) {
            self.found.expected += missing.lines;
            self.found.missing.add(missing, |_| {});
        }
    }

    /// The part of these lines that is within the judged times.
    pub fn judged(&self, first: u64, len: u64) -> Range<u64> {
        let start = first.max(self.span.start);
        start..(first + len).min(self.span.end).max(start)
    }

    /// Whether a line is within the judged times.
    pub fn is_judged(&self, line: u64) -> bool {
        self.span.contains(&line)
    }

    /// Notes that lines after `line` may be missing, and that `line` was received at `place`.
    pub fn edge(&mut self, line: u64, place: Place) {
        if self.edges.len() < MOST_EDGES {
            self.edges.insert(line, place);
        }
    }

    /// Notes lines that came out of order, the first of them at `place`.
    pub fn stray(&mut self, lines: Range<u64>, place: Place) {
        let at = |line: u64| place_of(line - lines.start, place);
        let at_home = self.homes.take(lines.clone());
        for range in without(lines.clone(), &at_home) {
            let place = at(range.start);
            self.strays.insert(range, place);
        }
        for (range, _) in at_home {
            let place = at(range.start);
            self.double(range, place);
        }
    }

    /// Notes repeated lines that are in their place, the first of them at `place`. If they had come out
    /// of order before, those copies are the doubles.
    pub fn home(&mut self, lines: Range<u64>, place: Place) {
        let at = |line: u64| place_of(line - lines.start, place);
        let strays = self.strays.take(lines.clone());
        for again in without(lines.clone(), &strays) {
            let twice = self.homes.take(again.clone());
            for range in without(again, &twice) {
                let place = at(range.start);
                self.homes.insert(range, place);
            }
            for (range, first) in twice {
                let place = at(range.start);
                self.homes.insert(range.clone(), first);
                self.double(range, place);
            }
        }
        for (range, place) in strays {
            self.double(range, place);
        }
    }

    /// Notes doubled lines, the first of them at `place`.
    pub fn double(&mut self, lines: Range<u64>, place: Place) {
        if lines.is_empty() {
            return;
        }
        let first = lines.start;
        let finding = self.finding(&lines, place);
        let formatter = self.opened.as_mut().map(|opened| &mut opened.formatter);
        let window = &self.window;
        self.found
            .doubled
            .add(finding, |finding| finding.expected = render(formatter, window.hit(first)));
    }

    /// A finding about lines of this run, the first of them received at `place`.
    pub fn finding(&self, lines: &Range<u64>, place: Place) -> LineFinding {
        finding(lines, self.window.hit(lines.start), self.window.hit(lines.end - 1), Some(place))
    }

    /// The text of a line, while it is in the window.
    pub fn text(&mut self, line: u64) -> Option<Vec<u8>> {
        render(Some(&mut self.opened.as_mut()?.formatter), self.window.hit(line))
    }

    /// Removes the oldest block of the window. Lines of it that were not received are missing if they
    /// are before `end`. Without an `end`, they are missing if they are known to be written, and
    /// otherwise doubtful.
    pub fn give_up(&mut self, end: Option<u64>) {
        let Some(kept) = self.window.pop() else { return };
        let limit = self.judged(kept.first, kept.hits.len() as u64);
        let certain = end.unwrap_or_else(|| self.certain()).clamp(limit.start, limit.end);
        let (certain, doubtful) = (limit.start..certain, certain..limit.end);
        self.found.expected += certain.end - certain.start;
        self.found.spoilt.count(&kept, &certain);
        let mut formatter = self.opened.as_mut().map(|opened| &mut opened.formatter);
        for line in kept.unreceived().filter(|line| certain.contains(line)) {
            let hit = kept.hit(line);
            let time = hit.map(|hit| hit.time);
            let number = Some(line + 1);
            let found =
                LineFinding { number, lines: 1, from: time, until: time, ..LineFinding::default() };
            self.found.missing.add(found, |found| {
                found.place = self.edges.range(..=line).next_back().map(|edge| *edge.1);
                found.expected = render(formatter.as_deref_mut(), hit);
            });
        }
        if end.is_none() && !doubtful.is_empty() {
            let place = self.edges.range(..=doubtful.start).next_back().map(|edge| *edge.1);
            let first = kept.hit(doubtful.start);
            let expected = render(formatter.as_deref_mut(), first);
            let found = finding(&doubtful, first, kept.hit(doubtful.end - 1), place);
            self.doubtful.add(LineFinding { expected, ..found });
        }
        let behind = kept.first + kept.hits.len() as u64;
        for (strays, findings) in [
            (&mut self.strays, &mut self.found.out_of_order),
            (&mut self.homes, &mut self.found.doubled),
        ] {
            for (lines, place) in strays.take(0..behind) {
                let (first, last) = (kept.hit(lines.start), kept.hit(lines.end - 1));
                findings.add(finding(&lines, first, last, Some(place)), |found| {
                    found.expected = render(formatter.as_deref_mut(), first);
                });
            }
        }
        // The last place before the window may still be needed.
        let behind = self.window.start();
        if let Some((&near, _)) = self.edges.range(..=behind).next_back() {
            self.edges = self.edges.split_off(&near);
        }
        if let Some(last) = self.last
            && let Some(hit) = kept.hit(last)
        {
            self.found.last = Some((last + 1, Some(hit.time)));
        }
    }

    /// Judges everything that is left. If `tail` is given, only up to the last line received, and only
    /// what is before that time.
    pub fn close(&mut self, tail: Option<Time>) {
        self.state = TrackState::Done;
        let open = tail.is_some();
        let mut end = if open { self.last.map_or(0, |last| last + 1) } else { self.certain() };
        if let Some(time) = tail {
            end = end.max(self.line_at(time));
            self.settle_doubtful(end);
        }
        loop {
            while self.window.first_end().is_some_and(|behind| behind <= end) {
                self.give_up(Some(end));
            }
            let over = self.window.end() >= end.min(self.span.end);
            if over || !self.pull() {
                break;
            }
        }
        let Facts { ended, followed, next_start, .. } = self.facts;
        let begun = self
            .begun
            .take()
            .map(|Begun { file, stranger, .. }| Place { file, line: stranger.line });
        if !ended && (begun.is_some() || (followed && !open)) && self.span.end > self.window.end() {
            self.found.unwritten = match next_start {
                Some(until) if !open => self.count_unwritten(end, until),
                _ => self.first_unwritten(end),
            };
            if let Some(unwritten) = &mut self.found.unwritten {
                unwritten.begun = begun;
                unwritten.lines = unwritten.lines.max(u64::from(begun.is_some()));
            }
        }
        while !self.window.is_empty() {
            self.give_up(Some(end));
        }
        if let (Some(last), None) = (self.last, self.found.last) {
            self.found.last = Some((last + 1, None));
        }
        // The thread that makes the lines can stop now.
        self.opened = None;
    }

    /// The first line at or after a time. If the window would have to grow, the lines in it before that
    /// time are judged.
    fn line_at(&mut self, time: Time) -> u64 {
        loop {
            if let Some(line) = self.window.first_from(time) {
                return line;
            }
            let end = self.window.end();
            while self.window.first_end().is_some_and(|behind| behind <= end) {
                self.give_up(Some(end));
            }
            if !self.pull() {
                return end;
            }
        }
    }

    /// What is known about the lines from `end` on that a killed run did not get to write, if nothing
    /// tells how many there are.
    fn first_unwritten(&mut self, end: u64) -> Option<Unwritten> {
        if !self.doubtful.is_empty() {
            return self.doubtful.unwritten(None);
        }
        while self.window.end() <= end && self.pull() {}
        let from = self.window.hit(end)?.time;
        Some(Unwritten {
            number: end + 1,
            lines: 0,
            at_least: true,
            from,
            until: None,
            begun: None,
        })
    }

    /// Counts the lines from `end` on that a killed run did not get to write before the next run started
    /// at `until`.
    fn count_unwritten(&mut self, end: u64, until: Time) -> Option<Unwritten> {
        let mut unwritten = self.doubtful.unwritten(Some(until));
        if unwritten.as_ref().is_some_and(|unwritten| unwritten.at_least) {
            return unwritten;
        }
        loop {
            while let Some(behind) = self.window.first_end() {
                for line in end.max(self.window.start())..behind {
                    let hit = self.window.hit(line).filter(|hit| hit.time < until);
                    let Some(Hit { time, .. }) = hit else { return unwritten };
                    let found = unwritten.get_or_insert(Unwritten {
                        number: line + 1,
                        lines: 0,
                        at_least: false,
                        from: *time,
                        until: Some(until),
                        begun: None,
                    });
                    found.lines += 1;
                    if found.lines == MOST_UNWRITTEN {
                        found.at_least = true;
                        return unwritten;
                    }
                }
                self.give_up(Some(end));
            }
            if !self.pull() {
                return unwritten;
            }
        }
    }
}

/// A finding about lines, with the hits of the first and the last line if known.
fn finding(
    lines: &Range<u64>,
    first: Option<&Hit>,
    last: Option<&Hit>,
    place: Option<Place>,
) -> LineFinding {
    LineFinding {
        number: Some(lines.start + 1),
        lines: lines.end - lines.start,
        from: first.map(|hit| hit.time),
        until: last.map(|hit| hit.time),
        place,
        ..LineFinding::default()
    }
}

/// The text of a hit's line, without its line feed; `None` if the formatter or the hit is unknown.
fn render(formatter: Option<&mut Formatter>, hit: Option<&Hit>) -> Option<Vec<u8>> {
    let mut lines = RenderedHits::default();
    formatter?.render(std::slice::from_ref(hit?), &mut lines);
    let text = lines.first().strip_suffix(b"\n");
    Some(text.expect("a line has its line feed").to_vec())
}

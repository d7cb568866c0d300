//! Compares received lines with the runs they should be of. Each line is looked for where it is due,
//! else in the window around it, else further on (in `search`); what a file has brought is then judged as a
//! whole (in `verdicts`). Pure: lines come in by [`Judge::feed`], what was found comes out of
//! [`Judge::finish`]; no file and no thread may enter here.

mod lane;
mod search;
mod torn;
mod verdicts;

use std::ops::Range;

use self::lane::Lane;
use super::facts::Facts;
use super::findings::{Findings, RunFindings};
use super::stamp::{RESOLUTION, earliest, median};
use super::track::{Opened, Track};
use super::trail::{LineStretch, Trail};
use super::window::LARGEST_BLOCK;
use crate::time::{SECOND, Time};

/// Of a run that did not end, lines are made that far behind the last one received, as a share of
/// the window: they may be there although the record does not tell of them.
const TAIL_SHARE: u64 = 4;
/// Where the shards of a site come in one file, those of one may come this much later than the others.
const ON_ITS_WAY: Time = 60 * SECOND;

/// What is judged, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// By how many lines a line may come too early or too late; at least 16.
    pub window: u64,
    /// The time of the lines that are judged.
    pub times: Range<Time>,
    /// The reader has not read all yet: nothing is missing behind the last line received.
    pub tail_open: bool,
    /// How many findings of a kind are kept.
    pub show: usize,
}

impl Settings {
    /// How many lines a block of expected lines has: a power of two.
    pub fn block(&self) -> usize {
        let eighth = usize::try_from(self.window / 8).unwrap_or(usize::MAX);
        (1 << eighth.clamp(1, LARGEST_BLOCK).ilog2()).min(LARGEST_BLOCK)
    }
}

/// Lines as they stand in a file.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// Their text.
    pub text: &'a [u8],
    /// Where in it they are.
    pub lines: &'a [ReceivedLine],
    /// The last of them is the last of the file, and has no line feed.
    pub torn: bool,
}

/// A received line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedLine {
    /// Where it is in the text, without its line feed.
    pub at: Range<usize>,
    /// The hash of that.
    pub hash: u64,
}

impl<'a> Received<'a> {
    /// The text of a line.
    pub fn text(&self, line: usize) -> &'a [u8] {
        &self.text[self.lines[line].at.clone()]
    }

    /// The time that most of the lines from `line` on agree on.
    pub fn time(&self, line: usize) -> Option<Time> {
        median(self.texts(line))
    }

    /// The earliest time of the lines from `line` on: what is before it does not come any more.
    pub fn earliest(&self, line: usize) -> Option<Time> {
        earliest(self.texts(line))
    }

    fn texts(&self, line: usize) -> impl Iterator<Item = &'a [u8]> {
        let text = self.text;
        self.lines[line..].iter().map(move |line| &text[line.at.clone()])
    }
}

/// What was found of all runs.
#[derive(Debug)]
pub struct Judgement {
    /// For each run, what was found; nothing of earlier runs of which no line was received.
    pub runs: Vec<Option<RunFindings>>,
    /// Lines that are of no run.
    pub foreign: Findings,
    /// Lines that were received, those of times that are not judged left out.
    pub received: u64,
    /// Lines of times that are not judged.
    pub outside: u64,
    /// Foreign lines with stamps of a time that was compared no longer when they came.
    pub late: u64,
    /// Foreign lines that end in a carriage return.
    pub carriage_returns: u64,
}

/// Compares.
pub struct Judge<'a> {
    settings: Settings,
    tracks: Vec<Track>,
    /// For each run, the record that tells of it.
    records: Vec<usize>,
    lanes: Vec<Lane>,
    open: Box<dyn FnMut(usize) -> Opened + 'a>,
    outcome: Judgement,
    /// What was placed of the lines at hand: first line and length.
    placed: Vec<(u64, u64)>,
}

impl<'a> Judge<'a> {
    /// A judge of so many files, and of runs of which this is known, those of a record behind each
    /// other, the oldest first, and at least one; `open` says where a run's lines come from, in blocks
    /// of [`Settings::block`].
    pub fn new(
        settings: Settings,
        runs: Vec<Facts>,
        files: usize,
        open: impl FnMut(usize) -> Opened + 'a,
    ) -> Self {
        let Settings { window, show, ref times, .. } = settings;
        let tail = window / TAIL_SHARE;
        let track = |facts| Track::new(facts, times.clone(), settings.block(), tail, show);
        let tracks: Vec<Track> = runs.into_iter().map(track).collect();
        let records: Vec<usize> = tracks.iter().map(|track| track.facts.record).collect();
        Self {
            lanes: std::iter::repeat_with(|| Lane::new(&records)).take(files).collect(),
            tracks,
            records,
            open: Box::new(open),
            outcome: Judgement {
                runs: Vec::new(),
                foreign: Findings::received(show),
                received: 0,
                outside: 0,
                late: 0,
                carriage_returns: 0,
            },
            placed: Vec::new(),
            settings,
        }
    }

    /// About how far a file has come: in which run, and how many lines of it.
    pub fn position(&self, file: usize) -> (usize, u64) {
        self.lanes[file].due.unwrap_or_default()
    }

    /// Takes in the next lines of a file: the first `count` of `received`. The others are looked at,
    /// and come again; they are missing only `at_end` of the file.
    pub fn feed(&mut self, file: usize, received: Received<'_>, count: usize, at_end: bool) {
        self.placed.clear();
        let mut at = 0;
        while at < count {
            if let Some((track, due)) = self.lanes[file].due {
                let hashes = received.lines[at..count].iter().map(|line| line.hash);
                let taken = self.tracks[track].window.take(due, hashes);
                if taken > 0 {
                    self.place(file, track, due, taken as u64, false);
                    at += taken;
                    continue;
                }
                if due == self.tracks[track].window.end() && self.grow(track) {
                    continue;
                }
                if self.is_due_of_another(file, track, received.lines[at].hash) {
                    at += 1;
                    continue;
                }
            }
            self.look_for(file, received, at, at_end);
            at += 1;
        }
        self.settle(file);
    }

    /// Nothing comes any more of this file.
    pub fn ended(&mut self, file: usize) {
        self.judge_trail(file, true);
        // Its memory goes, too: there may be thousands of files.
        self.lanes[file].trail = Trail::new(&self.records);
    }

    /// Nothing comes any more with a stamp before `time`: runs that are over by then are judged.
    pub fn passed(&mut self, time: Time) {
        for track in 0..self.tracks.len() {
            let is_open = !self.tracks[track].is_waiting() && !self.tracks[track].is_done();
            let Some(over) = self.tracks[track].facts.until().filter(|_| is_open) else { continue };
            if over.saturating_add(RESOLUTION) < time && !self.is_overtaken(track, over) {
                self.judge_trails_of(track);
                self.close(track, None);
            }
        }
    }

    /// Whether a run before this one may have lines of a time behind `over`, as one has that does not wait
    /// for the clock: these come first, and those of this one behind them with earlier stamps.
    fn is_overtaken(&self, track: usize, over: Time) -> bool {
        let record = self.records[track];
        let first = self.records.partition_point(|other| *other < record);
        let mut before = self.tracks[first..track].iter().filter(|before| !before.is_done());
        before.any(|before| before.facts.until().is_none_or(|until| until > over))
    }

    /// Judges all that is left.
    pub fn finish(mut self) -> Judgement {
        for file in 0..self.lanes.len() {
            self.judge_trail(file, true);
        }
        for track in 0..self.tracks.len() {
            // A record's runs follow each other; those of other records are beside them.
            let record = self.records[track];
            let first = self.records.partition_point(|other| *other < record);
            let newest = self.records.partition_point(|other| *other <= record) - 1;
            let is_received = |track: &usize| self.tracks[*track].is_received();
            let first_received = (first..=newest).find(is_received);
            let last_received = (first..=newest).rfind(is_received);
            let tail_open = if self.settings.tail_open { last_received } else { None };
            // Who came late has the end of the runs: where it begins is said, or is in what came.
            let is_in_span = if self.settings.times.start > 0 {
                self.tracks[track].facts.reached >= self.settings.times.start
            } else {
                first_received.is_some_and(|first| track > first) || track == newest
            };
            let judged = self.tracks[track].is_received()
                || (is_in_span && tail_open.is_none_or(|open| track <= open));
            if judged && self.tracks[track].is_waiting() {
                let opened = (self.open)(track);
                self.tracks[track].open(opened);
            }
            if judged && !self.tracks[track].is_done() {
                let tail = (tail_open == Some(track)).then(|| self.beside(record));
                self.close(track, tail);
            }
            let found = std::mem::replace(&mut self.tracks[track].found, RunFindings::nothing(0));
            self.outcome.runs.push(judged.then_some(found));
        }
        self.outcome
    }

    /// Up to when lines of other records have come in the files in which lines of this one have: so
    /// far its own should have come, too, but for what is still on its way.
    fn beside(&self, record: usize) -> Time {
        let shared = self.lanes.iter().filter(|lane| lane.is_shared_by(record));
        let newest = shared.map(|lane| lane.newest).max();
        newest.map_or(0, |newest| newest.saturating_sub(ON_ITS_WAY))
    }

    /// Lines of a file are these lines of a run.
    fn place(&mut self, file: usize, track: usize, first: u64, len: u64, again: bool) {
        self.tracks[track].receive(first, len);
        let lane = &mut self.lanes[file];
        let line = lane.lines + 1;
        lane.trail.add(LineStretch { track, first, len, line, again, in_place: false });
        lane.lines += len;
        if lane.due.is_some_and(|due| due.0 != track) {
            self.placed.clear();
        }
        lane.due = Some((track, first + len));
        lane.dues[self.records[track]] = lane.due;
        if self.settings.tail_open
            && let Some(last) = self.tracks[track].window.hit(first + len - 1)
        {
            lane.newest = lane.newest.max(last.time);
        }
        self.placed.push((first, len));
    }

    /// Whether a line is the one that is due of another record than that of `track`; it is placed.
    fn is_due_of_another(&mut self, file: usize, track: usize, hash: u64) -> bool {
        let current = self.records[track];
        for record in (0..self.lanes[file].dues.len()).filter(|record| *record != current) {
            let Some((track, due)) = self.lanes[file].dues[record] else { continue };
            if due == self.tracks[track].window.end() {
                self.grow(track);
            }
            if self.tracks[track].window.take(due, std::iter::once(hash)) > 0 {
                self.place(file, track, due, 1, false);
                return true;
            }
        }
        false
    }

    /// Notes about where a file is, and judges what it brought, if that is much.
    fn settle(&mut self, file: usize) {
        let lane = &mut self.lanes[file];
        if let Some((track, due)) = lane.due {
            self.placed.sort_unstable();
            let half = self.placed.iter().map(|(_, len)| len).sum::<u64>() / 2;
            let mut lines = 0;
            let most = self.placed.iter().find(|(_, len)| {
                lines += len;
                lines > half
            });
            match (most, lane.around) {
                (Some((first, len)), _) => lane.around = Some((track, first + len)),
                (None, None) => lane.around = Some((track, due)),
                (None, Some(_)) => {}
            }
        }
        if lane.trail.is_full(self.settings.window / 2) {
            self.judge_trail(file, false);
        }
    }

    /// Makes more of a run's lines, and gives up what the window has no room for. False if there
    /// are no more.
    fn grow(&mut self, track: usize) -> bool {
        if !self.tracks[track].grow() {
            return false;
        }
        while self.tracks[track].window.len() > 2 * self.settings.window.max(16) {
            let Some(end) = self.tracks[track].window.first_end() else { break };
            for file in 0..self.lanes.len() {
                while self.lanes[file].trail.first_of(track).is_some_and(|first| first < end) {
                    self.judge_trail(file, false);
                }
            }
            self.tracks[track].give_up(None);
        }
        true
    }
}

#[cfg(test)]
mod overlapping;
#[cfg(test)]
mod property;
#[cfg(test)]
mod shards;
#[cfg(test)]
pub(super) mod test_run;
#[cfg(test)]
pub(super) mod tests;

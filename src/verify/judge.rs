//! Compares received lines with the runs that they should belong to. A line is first looked for at the
//! place that is due, then in the window around it, then further on (in `search`). Afterwards, what a
//! file has brought is judged as a whole (in `verdicts`). Pure: lines come in by [`Judge::feed`], and
//! [`Judge::finish`] returns what was found; no file and no thread may enter here.

mod lane;
mod search;
mod torn;
mod verdicts;

use std::ops::Range;

use self::lane::Lane;
use super::findings::{Findings, RunFindings};
use super::stamp::{RESOLUTION, Stamps};
use super::track::{Opened, Track};
use super::trail::{LineStretch, Trail};
use super::window::LARGEST_BLOCK;
use crate::recorded::facts::Facts;
use crate::time::{SECOND, Time};

/// For a run that did not end, lines are made this far beyond the last one received, as a share of the
/// window. They may exist although the record does not know them.
const TAIL_SHARE: u64 = 4;
/// If a file mixes the shards of a site, the lines of one shard may come this much later than the others.
const ON_ITS_WAY: Time = 60 * SECOND;

/// What to judge, and how.
#[derive(Clone, Debug)]
pub struct Settings {
    /// How many lines too early or too late a line may come; at least 16.
    pub window: u64,
    /// The times of the lines to judge.
    pub times: Range<Time>,
    /// Whether the reader is still at work. If so, nothing is missing after the last line received.
    pub tail_open: bool,
    /// How many findings of each kind are kept.
    pub show: usize,
    /// How lines show their time.
    pub stamps: Stamps,
}

impl Settings {
    /// How many lines a block of expected lines has: a power of two.
    pub fn block(&self) -> usize {
        let eighth = usize::try_from(self.window / 8).unwrap_or(usize::MAX);
        (1 << eighth.clamp(1, LARGEST_BLOCK).ilog2()).min(LARGEST_BLOCK)
    }
}

/// Consecutive lines of a file.
#[derive(Clone, Copy, Debug)]
pub struct Received<'a> {
    /// The text that contains the lines.
    pub text: &'a [u8],
    /// Where in the text the lines are.
    pub lines: &'a [ReceivedLine],
    /// Whether the last line is the last of the file and has no line feed.
    pub torn: bool,
    /// How lines show their time.
    pub stamps: &'a Stamps,
}

/// One received line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceivedLine {
    /// The range of the line in the text, without its line feed.
    pub at: Range<usize>,
    /// The hash of the line.
    pub hash: u64,
}

impl<'a> Received<'a> {
    /// The text of a line.
    pub fn text(&self, line: usize) -> &'a [u8] {
        &self.text[self.lines[line].at.clone()]
    }

    /// The time of a line's stamp; `None` if it has none.
    pub fn stamp(&self, line: usize) -> Option<Time> {
        self.stamps.read(self.text(line))
    }

    /// The time on which most of the lines from `line` on agree.
    pub fn time(&self, line: usize) -> Option<Time> {
        self.stamps.median(self.texts(line))
    }

    /// The earliest time of the lines from `line` on. Nothing earlier comes after them.
    pub fn earliest(&self, line: usize) -> Option<Time> {
        self.stamps.earliest(self.texts(line))
    }

    fn texts(&self, line: usize) -> impl Iterator<Item = &'a [u8]> {
        let text = self.text;
        self.lines[line..].iter().map(move |line| &text[line.at.clone()])
    }
}

/// Everything found about all runs.
#[derive(Debug)]
pub struct Judgement {
    /// The findings of each run; `None` for an earlier run of which no line was received.
    pub runs: Vec<Option<RunFindings>>,
    /// Lines that belong to no run.
    pub foreign: Findings,
    /// How many lines were received, without those outside the judged times.
    pub received: u64,
    /// How many lines were received from times that are not judged.
    pub outside: u64,
    /// How many foreign lines have stamps of a time that was no longer compared when they came.
    pub late: u64,
    /// How many foreign lines end in a carriage return.
    pub carriage_returns: u64,
}

/// Compares received lines with the lines of runs.
pub struct Judge<'a> {
    settings: Settings,
    tracks: Vec<Track>,
    /// For each run, the index of its record.
    records: Vec<usize>,
    lanes: Vec<Lane>,
    open: Box<dyn FnMut(usize) -> Opened + 'a>,
    outcome: Judgement,
    /// Where the current lines were placed: first line and length of each stretch.
    placed: Vec<(u64, u64)>,
}

impl<'a> Judge<'a> {
    /// A judge of `files` files. The runs are described by their facts: those of one record one after
    /// the other, the oldest first, and at least one. `open` returns the source of a run's lines, in
    /// blocks of [`Settings::block`].
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

    /// Roughly how far a file has come: in which run, and how many lines of it.
    pub fn position(&self, file: usize) -> (usize, u64) {
        self.lanes[file].due.unwrap_or_default()
    }

    /// Takes in the next lines of a file: the first `count` of `received`. The others are only looked
    /// at, and come again with the next call; there are none `at_end` of the file.
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

    /// Notes that the file has no more lines.
    pub fn ended(&mut self, file: usize) {
        self.judge_trail(file, true);
        // This frees its memory: there may be thousands of files.
        self.lanes[file].trail = Trail::new(&self.records);
    }

    /// Notes that no more lines come with a stamp before `time`, and judges the runs that are over by then.
    pub fn passed(&mut self, time: Time) {
        for track in 0..self.tracks.len() {
            let is_open = !self.tracks[track].is_waiting() && !self.tracks[track].is_done();
            let Some(over) = self.tracks[track].facts.until().filter(|_| is_open) else { continue };
            let off = self.tracks[track].facts.off;
            let over_by_stamp = over.saturating_add(RESOLUTION).saturating_add(off);
            if over_by_stamp < time && !self.is_overtaken(track, over) {
                self.judge_trails_of(track);
                self.close(track, None);
            }
        }
    }

    /// Whether an earlier run may have lines of times after `over`, like a run that does not wait for
    /// the clock. Those come first, and the lines of this run follow with earlier stamps.
    fn is_overtaken(&self, track: usize, over: Time) -> bool {
        let record = self.records[track];
        let first = self.records.partition_point(|other| *other < record);
        let mut before = self.tracks[first..track].iter().filter(|before| !before.is_done());
        before.any(|before| before.facts.until().is_none_or(|until| until > over))
    }

    /// Judges everything that is left.
    pub fn finish(mut self) -> Judgement {
        for file in 0..self.lanes.len() {
            self.judge_trail(file, true);
        }
        for track in 0..self.tracks.len() {
            // The runs of one record follow each other; runs of other records go on at the same time.
            let record = self.records[track];
            let first = self.records.partition_point(|other| *other < record);
            let newest = self.records.partition_point(|other| *other <= record) - 1;
            let is_received = |track: &usize| self.tracks[*track].is_received();
            let first_received = (first..=newest).find(is_received);
            let last_received = (first..=newest).rfind(is_received);
            let tail_open = if self.settings.tail_open { last_received } else { None };
            // A late reader has only the end of the runs. Where that begins is in the settings, or in
            // the first lines.
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
            let found =
                std::mem::replace(&mut self.tracks[track].found, RunFindings::nothing(0, 0));
            self.outcome.runs.push(judged.then_some(found));
        }
        self.outcome
    }

    /// The time up to which other records' lines have come, in files that hold lines of this record too.
    /// This record's own lines should have come that far as well, except those still on their way.
    fn beside(&self, record: usize) -> Time {
        let shared = self.lanes.iter().filter(|lane| lane.is_shared_by(record));
        let newest = shared.map(|lane| lane.newest).max();
        newest.map_or(0, |newest| newest.saturating_sub(ON_ITS_WAY))
    }

    /// Notes that lines of a file are these lines of a run.
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

    /// Whether a line is the one due of a record other than that of `track`. If so, it is placed.
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

    /// Notes roughly where a file is, and judges what it has brought if that is much.
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

    /// Makes more of a run's lines, and gives up those that the window has no room for. Returns false if
    /// there are no more.
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

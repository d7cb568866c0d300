//! Finds the place of a line that is not the line due: in the window of a run, or further on.

use super::lane::Lane;
use super::{Judge, Received};
use crate::time::Time;
use crate::verify::stamp::RESOLUTION;
use crate::verify::track::Track;
use crate::verify::trail::Stranger;
use crate::verify::window::{Located, Wanted};

/// How many lines must agree before a file is believed to have jumped ahead.
const AGREEING: usize = 3;

impl Judge<'_> {
    /// Finds the place of a line that is not the line due.
    pub(super) fn look_for(
        &mut self,
        file: usize,
        received: Received<'_>,
        at: usize,
        at_end: bool,
    ) {
        let text = received.text(at);
        let stamp = received.stamp(at);
        let mut ahead = Ahead { received, at, at_end, may_jump: true, time: None };
        let current = self.lanes[file].due.map(|due| due.0);
        let mut goes_on: Option<bool> = None;
        let is_early = self.is_early(file, received, at, stamp);
        let others = (0..self.tracks.len()).filter(|track| Some(*track) != current && !is_early);
        let mut best: Option<(usize, Located)> = None;
        for track in current.into_iter().chain(others) {
            if !self.may_be_of(track, stamp) {
                continue;
            }
            let rival = current.filter(|current| {
                *current != track && self.records[*current] == self.records[track]
            });
            let may_jump = rival.is_none_or(|current| {
                !*goes_on.get_or_insert_with(|| self.goes_on(current, received, at))
            });
            ahead.may_jump = may_jump;
            let wanted = wanted(received, at);
            let Some(found) = self.look_in(file, track, wanted, stamp, &mut ahead) else {
                continue;
            };
            // A line that was received before may be a new line of another run with the same seed and start.
            if best.is_none() || !found.again {
                best = Some((track, found));
            }
            if !found.again {
                break;
            }
        }
        if let Some((track, found)) = best {
            self.tracks[track].window.mark(found.line);
            return self.place(file, track, found.line, 1, found.again);
        }
        let late = stamp.is_some_and(|stamp| self.tracks.iter().any(|track| track.is_past(stamp)));
        let torn = received.torn && at + 1 == received.lines.len();
        let lane = &mut self.lanes[file];
        lane.lines += 1;
        lane.stranger = stamp.or(lane.stranger);
        let time = lane.stranger;
        lane.trail.add_stranger(Stranger { line: lane.lines, text: text.into(), time, late, torn });
    }

    /// Whether a line without a stamp is one of those before the judged times: no line of the file has a place yet, and those that
    /// follow are earlier. Such a line may be short, and equal to one that is judged.
    fn is_early(
        &self,
        file: usize,
        received: Received<'_>,
        at: usize,
        stamp: Option<Time>,
    ) -> bool {
        let start = self.settings.times.start;
        let is_unknown = start > 0 && stamp.is_none() && self.lanes[file].due.is_none();
        is_unknown && received.time(at).is_some_and(|time| time.saturating_add(RESOLUTION) <= start)
    }

    /// Whether lines of a run follow a line that has no place in it. If so, the file has not left the
    /// run, and another run of the same time has not reached these lines yet.
    fn goes_on(&mut self, track: usize, received: Received<'_>, at: usize) -> bool {
        let behind = (at + 1..received.lines.len()).take(AGREEING);
        let near = self.tracks[track].last_end();
        for line in behind {
            let Some(time) = received.stamp(line) else { continue };
            let times = Some(time..time.saturating_add(RESOLUTION));
            let window = &mut self.tracks[track].window;
            if window.find(wanted(received, line), near, times).is_some_and(|at| !at.again) {
                return true;
            }
        }
        false
    }

    /// Whether a line with this stamp may belong to a run.
    fn may_be_of(&self, track: usize, stamp: Option<Time>) -> bool {
        let Track { facts, .. } = &self.tracks[track];
        // A line without a stamp belongs to no run, unless the run's lines have none; those come in order.
        let Some(stamp) = stamp else { return !self.tracks[track].is_waiting() };
        // A killed run may be far beyond its record: half a second of writing history can cover days.
        let behind = if facts.ended { facts.reached } else { Time::MAX };
        let is_begun = stamp.saturating_add(RESOLUTION).saturating_add(facts.off) > facts.start;
        !self.tracks[track].is_done() && is_begun && stamp.saturating_sub(facts.off) <= behind
    }

    /// Finds a line in a run, in the window or further on.
    fn look_in(
        &mut self,
        file: usize,
        track: usize,
        wanted: Wanted,
        stamp: Option<Time>,
        ahead: &mut Ahead<'_>,
    ) -> Option<Located> {
        if self.tracks[track].is_waiting() {
            let opened = (self.open)(track);
            self.tracks[track].open(opened);
        }
        let Lane { due, around, .. } = self.lanes[file];
        let here = |place: Option<(usize, u64)>| {
            place.filter(|place| place.0 == track).map(|place| place.1)
        };
        let last = self.tracks[track].last_end();
        let near = here(due).unwrap_or(last);
        let off = self.tracks[track].facts.off;
        let latest = |stamp: Time| stamp.saturating_add(RESOLUTION).saturating_add(off);
        let times = stamp.map(|stamp| stamp.saturating_sub(off)..latest(stamp));
        let mut found = self.tracks[track].window.find(wanted, near, times.clone());
        let Some(stamp) = stamp else { return found };
        let furthest = here(around).unwrap_or(last).saturating_add(self.settings.window);
        let is_started = around.is_some();
        while found.is_none_or(|found| found.again && !found.is_followed) {
            let reached = self.tracks[track].window.times().map_or(0, |times| times.1);
            // Once a line of a later second is there, all lines of this second are.
            if reached >= latest(stamp) {
                break;
            }
            let end = self.tracks[track].window.end();
            let is_near = end < furthest
                || ahead
                    .time(is_started)
                    .is_some_and(|time| time.saturating_add(RESOLUTION) > reached);
            if !is_near || !self.grow(track) {
                break;
            }
            // Looks only at what is new; the rest was searched before.
            let new = self.tracks[track].window.find_from(end, wanted, near, times.clone());
            found = match (found, new) {
                (Some(known), Some(new)) if new.again && !new.is_followed => Some(known),
                (known, new) => new.or(known),
            };
        }
        found
    }
}

fn wanted(received: Received<'_>, at: usize) -> Wanted {
    let hash = |line: usize| received.lines.get(line).map(|line| line.hash);
    Wanted { hash: received.lines[at].hash, next: hash(at + 1) }
}

/// The time of the lines that follow, computed at most once.
struct Ahead<'a> {
    received: Received<'a>,
    at: usize,
    at_end: bool,
    /// Whether the run may be at these lines, far from everything that came of it so far.
    may_jump: bool,
    time: Option<Option<Time>>,
}

impl Ahead<'_> {
    /// The time of the lines that follow. `None` if the run may not jump there, or if too few lines
    /// follow to tell in a file whose lines had a place before.
    fn time(&mut self, is_started: bool) -> Option<Time> {
        if !self.may_jump {
            return None;
        }
        let Self { received, at, at_end, .. } = *self;
        let few = at_end && is_started && received.lines.len() - at < AGREEING;
        *self.time.get_or_insert_with(|| if few { None } else { received.time(at) })
    }
}

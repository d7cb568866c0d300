//! Judges what a file has brought: which strangers are altered lines of the run, and what is wrong with
//! each line that is not as it should be.

use std::ops::Range;

use super::Judge;
use super::lane::LastJudged;
use crate::time::Time;
use crate::verify::findings::{LineFinding, Place};
use crate::verify::resemblance::pair;
use crate::verify::stamp::RESOLUTION;
use crate::verify::trail::{Judged, LineStretch, Stranger, TrailStep};

/// How many steps after a stranger the next lines of each record are looked for.
const NEAR: usize = 1024;
/// How many expected lines are considered for a group of strangers, in addition to one for each stranger.
const MORE: usize = 64;

impl Judge<'_> {
    /// Judges all files that have lines of a run, as far as they have been read.
    pub(super) fn judge_trails_of(&mut self, track: usize) {
        for file in 0..self.lanes.len() {
            if self.lanes[file].trail.first_of(track).is_some() {
                self.judge_trail(file, true);
            }
        }
    }

    /// Judges what a file has brought: everything, or the first half.
    pub(super) fn judge_trail(&mut self, file: usize, all: bool) {
        let Judged { mut steps, next } = self.lanes[file].trail.judge(all);
        let behind = self.next_of_its_record(&steps, &next);
        let mut strangers = Vec::new();
        for at in 0..steps.len() {
            let stretch = match &mut steps[at] {
                TrailStep::Stranger(stranger) => {
                    strangers.push(std::mem::take(stranger));
                    continue;
                }
                TrailStep::LineStretch(stretch) => *stretch,
            };
            if stretch.in_place {
                self.judge_strangers_before(file, &mut strangers, stretch, &steps[at..]);
                self.judge_in_place(file, stretch);
            } else if stretch.again {
                let home = self.home(file, stretch, behind[at]);
                if home.len > 0 {
                    self.judge_strangers_before(file, &mut strangers, home, &steps[at..]);
                }
                self.judge_again(file, stretch, home);
            } else {
                let (lines, place) = self.count(file, stretch);
                self.tracks[stretch.track].stray(lines, place);
            }
        }
        self.judge_strangers(file, strangers, &next, all);
        for (record, next) in next.into_iter().enumerate() {
            self.note_edge(file, record, next);
        }
    }

    /// For each step, the next lines in place of its record.
    fn next_of_its_record(
        &self,
        steps: &[TrailStep],
        next: &[Option<LineStretch>],
    ) -> Vec<Option<LineStretch>> {
        let mut next = next.to_vec();
        let mut behind = vec![None; steps.len()];
        for (at, step) in steps.iter().enumerate().rev() {
            if let TrailStep::LineStretch(stretch) = step {
                let next = &mut next[self.records[stretch.track]];
                behind[at] = *next;
                if stretch.in_place {
                    *next = Some(*stretch);
                }
            }
        }
        behind
    }

    /// Judges strangers before the lines in place that follow them, the first of `steps`.
    fn judge_strangers_before(
        &mut self,
        file: usize,
        strangers: &mut Vec<Stranger>,
        stretch: LineStretch,
        steps: &[TrailStep],
    ) {
        if strangers.is_empty() {
            return;
        }
        let strangers = std::mem::take(strangers);
        let near = steps.iter().take(NEAR);
        let mut next = self.lanes[file].trail.first_in_place(near);
        next[self.records[stretch.track]] = Some(stretch);
        self.judge_strangers(file, strangers, &next, false);
    }

    /// Judges lines that are in place.
    fn judge_in_place(&mut self, file: usize, stretch: LineStretch) {
        self.count(file, stretch);
        self.pass(file, stretch);
    }

    /// The part of repeated lines that is where it belongs.
    fn home(&self, file: usize, stretch: LineStretch, behind: Option<LineStretch>) -> LineStretch {
        let last = self.lanes[file].judged[self.records[stretch.track]];
        let last = last.filter(|last| last.track == stretch.track);
        let next = behind.filter(|next| next.track == stretch.track);
        let from = last.map_or(0, |last| last.end).clamp(stretch.first, stretch.end());
        let to = next.map_or(u64::MAX, |next| next.first).clamp(from, stretch.end());
        stretch.part(from - stretch.first, to - from)
    }

    /// Judges repeated lines, some of which (`home`) are where they belong.
    fn judge_again(&mut self, file: usize, stretch: LineStretch, home: LineStretch) {
        let before = stretch.part(0, home.first - stretch.first);
        let behind = stretch.part(home.end() - stretch.first, stretch.end() - home.end());
        for away in [before, behind] {
            let (lines, place) = self.count(file, away);
            self.tracks[stretch.track].double(lines, place);
        }
        if home.len > 0 {
            let (lines, place) = self.count(file, home);
            self.tracks[stretch.track].home(lines, place);
            self.pass(file, home);
        }
    }

    /// Notes that everything up to the end of these lines is judged.
    fn pass(&mut self, file: usize, stretch: LineStretch) {
        let LineStretch { track, line, len, .. } = stretch;
        let record = self.records[track];
        self.note_edge(file, record, Some(stretch));
        let lane = &mut self.lanes[file];
        lane.judged[record] = Some(LastJudged { track, end: stretch.end(), line: line + len - 1 });
        lane.last_judged = Some(record);
    }

    /// Notes the line after which others are missing, if any are.
    fn note_edge(&mut self, file: usize, record: usize, next: Option<LineStretch>) {
        let Some(LastJudged { track, end, line }) = self.lanes[file].judged[record] else { return };
        if next.is_none_or(|stretch| (stretch.track, stretch.first) != (track, end)) {
            self.tracks[track].edge(end, Place { file, line });
        }
    }

    /// Counts received lines of a run. Returns which of them are in the judged times, and the place of
    /// the first.
    fn count(&mut self, file: usize, stretch: LineStretch) -> (Range<u64>, Place) {
        let track = &mut self.tracks[stretch.track];
        let lines = track.judged(stretch.first, stretch.len);
        let len = lines.end - lines.start;
        self.outcome.outside += stretch.len - len;
        self.outcome.received += len;
        track.found.received += len;
        let line = stretch.line + lines.start.saturating_sub(stretch.first);
        (lines, Place { file, line })
    }

    /// Distinguishes altered lines from foreign ones. The strangers come after the last judged line of
    /// each record and before `next`. If it is unknown what follows them, `all` of the file has been
    /// read.
    pub(super) fn judge_strangers(
        &mut self,
        file: usize,
        strangers: Vec<Stranger>,
        next: &[Option<LineStretch>],
        all: bool,
    ) {
        let mut strangers = strangers;
        let torn = strangers.pop_if(|last| last.torn);
        if let Some(torn) = torn {
            self.judge_strangers(file, strangers, next, all);
            return self.judge_torn(file, torn, next);
        }
        if strangers.is_empty() {
            return;
        }
        for record in (0..next.len()).filter(|record| all && next[*record].is_none()) {
            self.look_behind(file, record, strangers.len() as u64);
        }
        let candidates = self.candidates(file, next, strangers.len() + MORE);
        let texts: Vec<&[u8]> = strangers.iter().map(|stranger| &*stranger.text).collect();
        let tracks = &mut self.tracks;
        let pairs = pair(&texts, candidates.len(), |candidate| {
            let (track, line) = candidates[candidate];
            tracks[track].text(line).unwrap_or_default()
        });
        let mut pairs = pairs.into_iter().peekable();
        for (at, stranger) in strangers.into_iter().enumerate() {
            match pairs.next_if(|pair| pair.0 == at) {
                Some((_, candidate)) => self.count_altered(file, stranger, candidates[candidate]),
                None => self.count_foreign(file, stranger),
            }
        }
    }

    /// Makes the lines after the last one of a record, one of which an altered last line may be.
    fn look_behind(&mut self, file: usize, record: usize, strangers: u64) {
        let Some(LastJudged { track, end, .. }) = self.lanes[file].judged[record] else { return };
        let behind = end + strangers.min(self.settings.window) + MORE as u64;
        while self.tracks[track].window.end() < behind && self.grow(track) {}
    }

    /// The lines that were not received and may be the strangers before `next`, in the order of their
    /// times: up to `limit` of each record from either side.
    fn candidates(
        &self,
        file: usize,
        next: &[Option<LineStretch>],
        limit: usize,
    ) -> Vec<(usize, u64)> {
        let mut all = Vec::new();
        for (record, next) in next.iter().enumerate() {
            self.add_candidates(self.lanes[file].judged[record], *next, limit, &mut all);
        }
        if next.len() > 1 {
            let time = |(track, line): &(usize, u64)| {
                self.tracks[*track].window.hit(*line).map(|h| h.time)
            };
            all.sort_by_cached_key(time);
        }
        all
    }

    /// Adds the candidates of one record.
    fn add_candidates(
        &self,
        before: Option<LastJudged>,
        next: Option<LineStretch>,
        limit: usize,
        candidates: &mut Vec<(usize, u64)>,
    ) {
        let reach = limit as u64;
        let before = before.map(|last| (last.track, last.end));
        let behind = next.map(|stretch| (stretch.track, stretch.first));
        let (front, back) = match (before, behind) {
            (Some((track, from)), Some((same, to))) if track == same => {
                (Some((track, from..to)), Some((track, from..to)))
            }
            _ => (
                before.map(|(track, from)| (track, from..from + reach)),
                behind.map(|(track, to)| (track, to.saturating_sub(reach)..to)),
            ),
        };
        let mut last = None;
        if let Some((track, range)) = front {
            let lines = self.tracks[track].window.unreceived(range, limit);
            candidates.extend(lines.map(|line| (track, line)).inspect(|line| last = Some(*line)));
        }
        if let Some((track, range)) = back {
            let lines = self.tracks[track].window.unreceived_from_the_end(range, limit);
            let mut back: Vec<_> = lines
                .map(|line| (track, line))
                .take_while(|line| last.is_none_or(|last| last.0 != track || *line > last))
                .collect();
            back.reverse();
            candidates.append(&mut back);
        }
    }

    pub(super) fn count_altered(
        &mut self,
        file: usize,
        stranger: Stranger,
        (track, line): (usize, u64),
    ) {
        let track = &mut self.tracks[track];
        track.window.mark(line);
        track.receive(line, 1);
        if !track.is_judged(line) {
            self.outcome.outside += 1;
            return;
        }
        self.outcome.received += 1;
        track.found.received += 1;
        let text = track.text(line);
        // Its stamp is off on purpose, so that it was not looked for here.
        if text.as_deref() == Some(&*stranger.text) {
            return;
        }
        if let Some(hit) = track.window.hit(line) {
            track.found.spoilt.alter(hit);
        }
        let finding = track.finding(&(line..line + 1), Place { file, line: stranger.line });
        track.found.altered.add(finding, |finding| {
            finding.expected = text;
            finding.received = Some(stranger.text.into());
        });
    }

    pub(super) fn count_foreign(&mut self, file: usize, stranger: Stranger) {
        let time = self.settings.stamps.read(&stranger.text);
        if !self.is_judged(file, time, stranger.time) {
            self.outcome.outside += 1;
            return;
        }
        self.outcome.received += 1;
        self.outcome.late += u64::from(stranger.late);
        self.outcome.carriage_returns += u64::from(stranger.text.ends_with(b"\r"));
        let finding = LineFinding {
            lines: 1,
            from: time,
            until: time,
            place: Some(Place { file, line: stranger.line }),
            ..LineFinding::default()
        };
        self.outcome.foreign.add(finding, |finding| finding.received = Some(stranger.text.into()));
    }

    /// Whether a line that belongs to no run is in the judged times: by its stamp, or else by its
    /// neighbours. `near` is the stamp of a neighbour that belongs to no run either.
    fn is_judged(&self, file: usize, time: Option<Time>, near: Option<Time>) -> bool {
        let times = &self.settings.times;
        let holds = |time: Time| time.saturating_add(RESOLUTION) > times.start && time < times.end;
        let lane = &self.lanes[file];
        match (time, lane.last_judged.and_then(|record| lane.judged[record])) {
            (Some(time), _) => holds(time),
            (None, Some(last)) => self.tracks[last.track].is_judged(last.end - 1),
            (None, None) => near.is_none_or(holds),
        }
    }
}

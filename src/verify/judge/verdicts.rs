//! From what a file has brought to what is wrong with it: which strangers are lines of the run,
//! altered, and what is said of each line that is not as it should be.

use std::ops::Range;

use super::{Judge, LastJudged};
use crate::stream::{SECOND, Time};
use crate::verify::findings::{Finding, Place};
use crate::verify::resemblance::pair;
use crate::verify::stamp::stamp;
use crate::verify::trail::{Judged, Step, Stranger, Stretch};

/// Expected lines, besides as many as there are strangers, that these may once have been.
const MORE: usize = 64;

impl Judge<'_> {
    /// Judges all files that have lines of a run, as far as they were read.
    pub(super) fn judge_trails_of(&mut self, track: usize) {
        for file in 0..self.lanes.len() {
            if self.lanes[file].trail.first_of(track).is_some() {
                self.judge_trail(file, true);
            }
        }
    }

    /// Judges what a file has brought: all, or the first half.
    pub(super) fn judge_trail(&mut self, file: usize, all: bool) {
        let Judged { steps, next } = self.lanes[file].trail.judge(all);
        // For each step, the run in place that comes next.
        let mut behind = vec![next; steps.len()];
        for at in (1..steps.len()).rev() {
            behind[at - 1] = match &steps[at] {
                Step::Stretch(stretch) if stretch.in_place => Some(*stretch),
                _ => behind[at],
            };
        }
        let mut strangers = Vec::new();
        for (step, behind) in steps.into_iter().zip(behind) {
            match step {
                Step::Stranger(stranger) => strangers.push(stranger),
                Step::Stretch(stretch) if stretch.in_place => {
                    self.judge_strangers(
                        file,
                        std::mem::take(&mut strangers),
                        Some(stretch),
                        false,
                    );
                    self.judge_in_place(file, stretch);
                }
                Step::Stretch(stretch) if stretch.again => {
                    let home = self.home(file, stretch, behind);
                    if home.len > 0 {
                        let strangers = std::mem::take(&mut strangers);
                        self.judge_strangers(file, strangers, Some(home), false);
                    }
                    self.judge_again(file, stretch, home);
                }
                Step::Stretch(stretch) => {
                    let (lines, place) = self.count(file, stretch);
                    self.tracks[stretch.track].stray(lines, place);
                }
            }
        }
        self.judge_strangers(file, strangers, next, all);
        self.note_edge(file, next);
    }

    /// Lines where they belong.
    fn judge_in_place(&mut self, file: usize, stretch: Stretch) {
        self.count(file, stretch);
        self.pass(file, stretch);
    }

    /// Of lines that came again, those that are where they belong.
    fn home(&self, file: usize, stretch: Stretch, behind: Option<Stretch>) -> Stretch {
        let last = self.lanes[file].judged.filter(|last| last.track == stretch.track);
        let next = behind.filter(|next| next.track == stretch.track);
        let from = last.map_or(0, |last| last.end).clamp(stretch.first, stretch.end());
        let to = next.map_or(u64::MAX, |next| next.first).clamp(from, stretch.end());
        stretch.part(from - stretch.first, to - from)
    }

    /// Lines that came before, some of which are where they belong.
    fn judge_again(&mut self, file: usize, stretch: Stretch, home: Stretch) {
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

    /// All up to the end of these lines is judged.
    fn pass(&mut self, file: usize, stretch: Stretch) {
        self.note_edge(file, Some(stretch));
        let Stretch { track, line, len, .. } = stretch;
        self.lanes[file].judged =
            Some(LastJudged { track, end: stretch.end(), line: line + len - 1 });
    }

    /// Notes behind which line others are missing, if they are.
    fn note_edge(&mut self, file: usize, next: Option<Stretch>) {
        let Some(LastJudged { track, end, line }) = self.lanes[file].judged else { return };
        if next.is_none_or(|stretch| (stretch.track, stretch.first) != (track, end)) {
            self.tracks[track].edge(end, Place { file, line });
        }
    }

    /// Counts received lines of a run, and says which are of the time that is judged, and where the
    /// first of them is.
    fn count(&mut self, file: usize, stretch: Stretch) -> (Range<u64>, Place) {
        let track = &mut self.tracks[stretch.track];
        let lines = track.judged(stretch.first, stretch.len);
        let len = lines.end - lines.start;
        self.outcome.outside += stretch.len - len;
        self.outcome.received += len;
        track.found.received += len;
        let line = stretch.line + lines.start.saturating_sub(stretch.first);
        (lines, Place { file, line })
    }

    /// Tells altered lines from foreign ones. They stand between the last line that was judged and
    /// `next`; if it is not known what stands behind them, it is because `all` was read.
    fn judge_strangers(
        &mut self,
        file: usize,
        strangers: Vec<Stranger>,
        next: Option<Stretch>,
        all: bool,
    ) {
        if strangers.is_empty() {
            return;
        }
        if all && next.is_none() {
            self.look_behind(file, strangers.len() as u64);
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

    /// Makes the lines behind the last one of a file, which an altered last line may once have been.
    fn look_behind(&mut self, file: usize, strangers: u64) {
        let Some(LastJudged { track, end, .. }) = self.lanes[file].judged else { return };
        let behind = end + strangers.min(self.settings.window) + MORE as u64;
        while self.tracks[track].window.end() < behind && self.grow(track) {}
    }

    /// Lines that were not received and may be the strangers before `next`, in order: up to `limit`
    /// from either side.
    fn candidates(&self, file: usize, next: Option<Stretch>, limit: usize) -> Vec<(usize, u64)> {
        let reach = limit as u64;
        let before = self.lanes[file].judged.map(|last| (last.track, last.end));
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
        let mut candidates = Vec::new();
        if let Some((track, range)) = front {
            let lines = self.tracks[track].window.unreceived(range, limit);
            candidates.extend(lines.map(|line| (track, line)));
        }
        let last = candidates.last().copied();
        if let Some((track, range)) = back {
            let lines = self.tracks[track].window.unreceived_from_the_end(range, limit);
            let mut back: Vec<_> = lines
                .map(|line| (track, line))
                .take_while(|line| last.is_none_or(|last| last.0 != track || *line > last))
                .collect();
            back.reverse();
            candidates.append(&mut back);
        }
        candidates
    }

    fn count_altered(&mut self, file: usize, stranger: Stranger, (track, line): (usize, u64)) {
        let track = &mut self.tracks[track];
        track.window.mark(line);
        track.receive(line, 1);
        if !track.is_judged(line) {
            self.outcome.outside += 1;
            return;
        }
        self.outcome.received += 1;
        track.found.received += 1;
        let finding = track.finding(&(line..line + 1), Place { file, line: stranger.line });
        let text = track.text(line);
        track.found.altered.add(finding, |finding| {
            finding.expected = text;
            finding.received = Some(stranger.text.into());
        });
    }

    fn count_foreign(&mut self, file: usize, stranger: Stranger) {
        let time = stamp(&stranger.text);
        if !self.is_judged(file, time, stranger.time) {
            self.outcome.outside += 1;
            return;
        }
        self.outcome.received += 1;
        self.outcome.late += u64::from(stranger.late);
        self.outcome.carriage_returns += u64::from(stranger.text.ends_with(b"\r"));
        let finding = Finding {
            lines: 1,
            from: time,
            until: time,
            place: Some(Place { file, line: stranger.line }),
            ..Finding::default()
        };
        self.outcome.foreign.add(finding, |finding| finding.received = Some(stranger.text.into()));
    }

    /// Whether a line of no run is of the time that is judged: by its stamp, else by its neighbours', of
    /// which one of no run has the stamp `near`.
    fn is_judged(&self, file: usize, time: Option<Time>, near: Option<Time>) -> bool {
        let times = &self.settings.times;
        let holds = |time: Time| time.saturating_add(SECOND) > times.start && time < times.end;
        match (time, self.lanes[file].judged) {
            (Some(time), _) => holds(time),
            (None, Some(last)) => self.tracks[last.track].is_judged(last.end - 1),
            (None, None) => near.is_none_or(holds),
        }
    }
}

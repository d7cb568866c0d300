//! The last line of a file, if it has no line feed. It may be the line that a run was writing when it
//! was killed, or is writing now. Such a line is not altered: it is not written yet, or never was.

use super::Judge;
use crate::time::Time;
use crate::verify::track::Begun;
use crate::verify::trail::{LineStretch, Stranger};

impl Judge<'_> {
    /// Judges the last line of a file, which has no line feed, after all its other lines.
    pub(super) fn judge_torn(
        &mut self,
        file: usize,
        stranger: Stranger,
        next: &[Option<LineStretch>],
    ) {
        let begun = (0..self.tracks.len())
            .find_map(|track| self.begun_by(track, &stranger.text).map(|line| (track, line)));
        match begun {
            Some((track, line)) => {
                let begun = &mut self.tracks[track].begun;
                begun.get_or_insert(Begun { line, file, stranger });
            }
            None => {
                let whole = Stranger { torn: false, ..stranger };
                self.judge_strangers(file, vec![whole], next, true);
            }
        }
    }

    /// The line after the last one received of a run, if it may not have been written to its end and
    /// `text` is its beginning.
    fn begun_by(&mut self, track: usize, text: &[u8]) -> Option<u64> {
        let run = &mut self.tracks[track];
        let newest = self.records.get(track + 1) != Some(&self.records[track]);
        let may_be_open = !run.is_done() && (!run.is_waiting() || newest);
        let is_whole = run.facts.ended && !self.settings.tail_open;
        if is_whole || !may_be_open {
            return None;
        }
        if run.is_waiting() {
            let opened = (self.open)(track);
            self.tracks[track].open(opened);
        }
        let line = self.tracks[track].last_end();
        let recorded = self.tracks[track].facts.lines;
        if !self.settings.tail_open && line < recorded {
            return None;
        }
        while self.tracks[track].window.end() <= line && self.grow(track) {}
        let whole = self.tracks[track].text(line)?;
        (whole.len() > text.len() && whole.starts_with(text)).then_some(line)
    }

    /// Judges everything that is left of a run. If other lines came after a line of which only the
    /// beginning was received, that line had been written.
    pub(super) fn close(&mut self, track: usize, tail: Option<Time>) {
        let end = match tail {
            Some(_) => self.tracks[track].last_end(),
            None => self.tracks[track].certain(),
        };
        if let Some(Begun { line, file, stranger }) =
            self.tracks[track].begun.take_if(|begun| begun.line < end)
        {
            if self.tracks[track].window.hit(line).is_some() {
                self.count_altered(file, stranger, (track, line));
            } else {
                self.count_foreign(file, stranger);
            }
        }
        self.tracks[track].close(tail);
    }
}

#[cfg(test)]
mod tests;

//! The records of truth.jsonl: those of events between those of the lines. Nothing is allocated for a line.

use std::io::{self, Write};

use memchr::memchr;

use super::account::{Account, BLOCK, EpochAccount, EventMoment};
use crate::config::ScenarioEvent;
use crate::config::event_kind::{EventClass, EventKind};
use crate::format::{Formatter, Logs, RenderedHits};
use crate::log_format::named::truth_of_line;
use crate::recorded::hits::Hits;
use crate::recorded::run::RecordedRun;
use crate::stream::Hit;
use crate::stream::scenario::marks::{EventMarks, stages};

/// How many hits are rendered at once: few enough for a core's own cache.
const RENDERED: usize = 512;
/// The longest record of a line is shorter, bytes.
const LONGEST: usize = 512;

/// Writes the records of a run.
pub struct Records<'a> {
    account: &'a Account,
    out: &'a mut dyn Write,
    bytes: Vec<u8>,
    /// How many hits there were, and how many lines of access.log they have.
    hits: u64,
    line: u64,
}

/// What the marks of hits say in an epoch: for each, the event and the stage as a record shows them.
struct Said {
    marks: EventMarks,
    texts: Vec<String>,
    /// The same for the events that spoil lines, by the place of the entry: whose kind, and how a record shows it.
    spoilt: Vec<(EventKind, String)>,
}

impl<'a> Records<'a> {
    /// The records of a run that has this account.
    pub fn new(account: &'a Account, out: &'a mut dyn Write) -> Self {
        let bytes = Vec::with_capacity(RENDERED * LONGEST);
        Self { account, out, bytes, hits: 0, line: 0 }
    }

    /// Writes the records of the events alone.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn events(&mut self, of: &EpochAccount) -> io::Result<()> {
        for moment in &of.moments {
            self.moment(moment);
            self.write()?;
        }
        Ok(())
    }

    /// Writes the records of the events and the lines of an epoch.
    ///
    /// # Errors
    /// Those of the reader.
    pub fn lines(&mut self, of: &EpochAccount, epoch: &RecordedRun) -> io::Result<()> {
        let stream = epoch.stream();
        let site = stream.site();
        let logs = Logs::of_elements(&epoch.config, site, epoch.shard, &truth_of_line());
        let (mut formatter, mut rendered) = (Formatter::new(logs), RenderedHits::default());
        let mut hits = Hits::new(stream, &epoch.gaps, epoch.hits, BLOCK);
        let marks = EventMarks::new(&epoch.config.scenario);
        let unspoilt = |event: &ScenarioEvent| (event.kind, String::new());
        let mut said = Said {
            texts: vec![String::new(); marks.rows().len()],
            spoilt: epoch.config.scenario.iter().map(unspoilt).collect(),
            marks,
        };
        for (place, happening) in &of.carried {
            self.say(*place, *happening, &mut said);
        }
        let mut moments = of.moments.iter().peekable();
        while let Some(block) = hits.next_block() {
            for hits in block.hits.chunks(RENDERED) {
                rendered.clear();
                formatter.render(hits, &mut rendered);
                let mut lines = rendered.first();
                for hit in hits {
                    while let Some(moment) = moments.next_if(|next| next.after_line <= self.hits) {
                        self.moment(moment);
                        if let Some(place) = moment.begins {
                            self.say(place, moment.happening, &mut said);
                        }
                    }
                    let end = memchr(b'\n', lines).expect("each hit has its line");
                    let (line, rest) = lines.split_at(end);
                    self.lines_of(hit, line, &said);
                    lines = &rest[1..];
                }
                self.write()?;
            }
        }
        moments.for_each(|moment| self.moment(moment));
        self.write()
    }

    /// Writes the record of a hit's line: two if the line is doubled, and one without a number if it is not in the log.
    #[inline]
    fn lines_of(&mut self, hit: &Hit, line: &[u8], said: &Said) {
        self.hits += 1;
        let event = &said.texts[usize::from(hit.event.0)];
        let Some(place) = hit.spoilt_by() else {
            self.line += 1;
            return self.line(Some(self.line), line, event, "");
        };
        let (kind, spoilt) = &said.spoilt[place];
        if *kind == EventKind::LinesDropped {
            return self.line(None, line, event, spoilt);
        }
        for _ in 0..if *kind == EventKind::LinesDoubled { 2 } else { 1 } {
            self.line += 1;
            self.line(Some(self.line), line, event, spoilt);
        }
    }

    #[inline]
    fn line(&mut self, number: Option<u64>, line: &[u8], event: &str, spoilt: &str) {
        self.bytes.extend_from_slice(b"{\"record\":\"line\"");
        if let Some(number) = number {
            write!(self.bytes, ",\"line\":{number}").expect("there is room in memory");
        }
        self.bytes.extend_from_slice(line);
        self.bytes.extend_from_slice(event.as_bytes());
        self.bytes.extend_from_slice(spoilt.as_bytes());
        self.bytes.extend_from_slice(b"}\n");
    }

    fn moment(&mut self, moment: &EventMoment) {
        let happening = &self.account.happenings[moment.happening];
        let record = match moment.begins {
            Some(_) => happening.begun(),
            None => happening.ended(moment.time),
        };
        self.bytes.extend_from_slice(record.as_bytes());
    }

    /// From now on, the marks of an entry mean this event.
    fn say(&self, place: usize, happening: usize, said: &mut Said) {
        let happening = &self.account.happenings[happening];
        let id = happening.id();
        if happening.kind.class() == EventClass::Log {
            said.spoilt[place].1 = format!(",\"spoilt\":\"{id}\"");
        }
        for (number, stage) in stages(happening.kind).iter().enumerate() {
            let mark = said.marks.of(place, number as u8);
            said.texts[usize::from(mark.0)] = format!(",\"event\":\"{id}\",\"stage\":\"{stage}\"");
        }
    }

    fn write(&mut self) -> io::Result<()> {
        let written = self.out.write_all(&self.bytes);
        self.bytes.clear();
        written
    }
}

//! Runs and files for the tests of the judge: in memory, and without threads.

use std::io::{self, Cursor};

use jiff::tz::TimeZone;

use super::*;
use crate::config::Config;
use crate::format::{Formatter, Logs, RenderedHits};
use crate::log_format::LogFormat;
use crate::log_id::LogId;
use crate::recorded::hits::Hits;
use crate::shard::Shard;
use crate::stream::{Hit, Stream};
use crate::verify::expected::{BlockSource, Hasher, LineBlock};
use crate::verify::merge::{Files, judge_files};
use crate::verify::reader::LineReader;
use crate::verify::stamp::Stamps;

/// 2026-11-01T00:00:00Z
pub const START: Time = 1_793_491_200 * SECOND;

/// A run for tests.
#[derive(Clone, Debug)]
pub struct TestRun {
    pub config: Config,
    pub seed: u64,
    pub shard: Shard,
    pub facts: Facts,
}

impl TestRun {
    /// A run that has ended, with `lines` lines, 100 per second.
    pub fn ended(seed: u64, lines: u64) -> Self {
        let mut config = Config::default();
        config.output.rate = 100.0;
        Self::with(config, seed, lines)
    }

    /// A run that has ended, with `lines` lines.
    pub fn with(config: Config, seed: u64, lines: u64) -> Self {
        let mut run = Self {
            config,
            seed,
            shard: Shard::WHOLE,
            facts: Facts {
                record: 0,
                lines,
                ended: true,
                start: START,
                reached: START,
                followed: false,
                next_start: None,
                unrecorded: 0,
                spoilt: 0,
                off: 0,
            },
        };
        run.facts.reached = run.hits(lines).last().map_or(START, |hit| hit.time);
        run
    }

    pub fn hits(&self, lines: u64) -> Vec<Hit> {
        let mut hits = Vec::new();
        let mut stream = self.stream();
        stream.fill(Time::MAX, lines as usize, &mut hits);
        hits
    }

    fn stream(&self) -> Stream {
        Stream::of_shard(&self.config, self.seed, self.facts.start, self.shard)
    }

    fn formatter(&self, stream: &Stream) -> Formatter {
        Formatter::new(Logs::alone(&self.config, stream.site(), self.shard, LogId::ACCESS))
    }

    /// The text of the first lines of the run, without line feeds.
    pub fn lines(&self, lines: u64) -> Vec<Vec<u8>> {
        let stream = self.stream();
        let mut rendered = RenderedHits::default();
        self.formatter(&stream).render(&self.hits(lines), &mut rendered);
        let bytes = rendered.bytes_of(LogId::ACCESS);
        let mut lines: Vec<_> = bytes.split(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        lines.pop();
        lines
    }

    fn open(&self, block: usize) -> Opened {
        let stream = self.stream();
        let formatter = self.formatter(&stream);
        let end = if self.facts.ended { self.facts.lines } else { u64::MAX };
        let hits = Hits::new(stream, &[], end, block);
        let source = Expected { hits, hasher: Hasher::new(self.formatter_of()) };
        Opened { source: Box::new(source), formatter }
    }

    fn formatter_of(&self) -> Formatter {
        self.formatter(&self.stream())
    }
}

/// The lines of a run, made without threads.
struct Expected {
    hits: Hits,
    hasher: Hasher,
}

impl BlockSource for Expected {
    fn next_block(&mut self) -> Option<LineBlock> {
        let mut block = LineBlock::of(self.hits.next_block()?);
        self.hasher.hash(&mut block);
        Some(block)
    }
}

/// Files in memory.
pub struct InMemory(pub Vec<Vec<u8>>);

impl Files for InMemory {
    fn count(&self) -> usize {
        self.0.len()
    }

    fn name(&self, file: usize) -> String {
        file.to_string()
    }

    fn open(&self, file: usize) -> io::Result<LineReader> {
        LineReader::new(Cursor::new(self.0[file].clone()), None, &stamps())
    }

    fn reopens(&self, _: usize) -> bool {
        true
    }
}

/// A file of these lines.
pub fn file<L: AsRef<[u8]>>(lines: impl IntoIterator<Item = L>) -> Vec<u8> {
    lines.into_iter().flat_map(|line| [line.as_ref(), b"\n"].concat()).collect()
}

/// The stamps of the runs here.
fn stamps() -> Stamps {
    Stamps::of([(&LogFormat::default(), &TimeZone::UTC)]).unwrap()
}

pub fn settings(window: u64) -> Settings {
    Settings { window, times: 0..Time::MAX, tail_open: false, show: usize::MAX, stamps: stamps() }
}

/// Judges files by runs.
pub fn judge_with(settings: &Settings, runs: &[TestRun], files: Vec<Vec<u8>>) -> Judgement {
    let facts = runs.iter().map(|run| run.facts.clone()).collect();
    let block = settings.block();
    let mut judge =
        Judge::new(settings.clone(), facts, files.len(), |run: usize| runs[run].open(block));
    assert!(judge_files(&InMemory(files), &mut judge).unreadable.is_empty());
    judge.finish()
}

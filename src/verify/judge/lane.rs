//! How far a file has been read and judged.

use crate::time::Time;
use crate::verify::trail::Trail;

/// A file that is being read.
#[derive(Debug)]
pub(super) struct Lane {
    pub trail: Trail,
    /// How many lines have been read so far.
    pub lines: u64,
    /// The line that is due next, and its run.
    pub due: Option<(usize, u64)>,
    /// The line that is due next, for each record: a file may mix the shards of a site.
    pub dues: Vec<Option<(usize, u64)>>,
    /// Roughly where the file is, and in which run: where most of its lines are, not the last one.
    pub around: Option<(usize, u64)>,
    /// The time of the newest line that belongs to any run.
    pub newest: Time,
    /// For each record, the last line in place that was judged.
    pub judged: Vec<Option<LastJudged>>,
    /// The record whose line was judged last.
    pub last_judged: Option<usize>,
    /// The stamp of the last line that belonged to no run and had a stamp.
    pub stranger: Option<Time>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct LastJudged {
    pub track: usize,
    /// The index after that line within the run.
    pub end: u64,
    /// The number of that line in the file.
    pub line: u64,
}

impl Lane {
    /// A file of which nothing has been read. `records` holds the record of each run.
    pub fn new(records: &[usize]) -> Self {
        let different = records.iter().max().map_or(0, |last| last + 1);
        Self {
            trail: Trail::new(records),
            lines: 0,
            due: None,
            dues: vec![None; different],
            around: None,
            newest: 0,
            judged: vec![None; different],
            last_judged: None,
            stranger: None,
        }
    }

    /// Whether the file has lines of a record and of others.
    pub fn is_shared_by(&self, record: usize) -> bool {
        self.dues[record].is_some() && self.dues.iter().flatten().count() > 1
    }
}

//! How far a file is read and judged.

use crate::time::Time;
use crate::verify::trail::Trail;

/// A file that is being read.
#[derive(Debug)]
pub(super) struct Lane {
    pub trail: Trail,
    /// Lines so far.
    pub lines: u64,
    /// The line of which run that is due.
    pub due: Option<(usize, u64)>,
    /// For each record, the same: the shards of a site may come in one file.
    pub dues: Vec<Option<(usize, u64)>>,
    /// About where in which run it is: where most lines are, not the last one.
    pub around: Option<(usize, u64)>,
    /// The time of the newest line of any run.
    pub newest: Time,
    /// For each record, the last line in place that was judged.
    pub judged: Vec<Option<LastJudged>>,
    /// The record of the last one of all.
    pub last_judged: Option<usize>,
    /// The stamp of the last line of no run that had one.
    pub stranger: Option<Time>,
}

#[derive(Clone, Copy, Debug)]
pub(super) struct LastJudged {
    pub track: usize,
    /// The place behind it.
    pub end: u64,
    /// Its number in the file.
    pub line: u64,
}

impl Lane {
    /// A file of which nothing is read yet, and runs of which these records tell.
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

    /// Whether it has lines of a record, and of others.
    pub fn is_shared_by(&self, record: usize) -> bool {
        self.dues[record].is_some() && self.dues.iter().flatten().count() > 1
    }
}

//! The logs of a run: which hits are in each, and how their lines look.

use std::sync::Arc;

use super::clock::{Second, SecondText};
use super::dictionary::Dictionary;
use super::op::LineSource;
use super::program::Program;
use super::rendered::{Mark, Rendered};
use super::{error_log, log_format};
use crate::config::Config;
use crate::log_id::LogId;
use crate::shard::Shard;
use crate::stream::Hit;
use crate::stream::site::{Outcome, Site};

/// A log: its name, the hits that it selects, and how its lines look.
#[derive(Debug)]
pub struct LogSpec {
    log: LogId,
    /// Whether hits with an outcome are in it, by [`Outcome`].
    selected: [bool; Outcome::ALL.len()],
    program: Program,
}

impl LogSpec {
    /// access.log: all hits, in the combined format.
    fn access(dictionary: &Dictionary) -> Self {
        let program = Program::compile(log_format::COMBINED, dictionary);
        Self::all_hits(
            LogId::ACCESS,
            program.expect("the directives of the combined format are known"),
        )
    }

    /// A log of all hits.
    pub(super) fn all_hits(log: LogId, program: Program) -> Self {
        Self { log, selected: [true; Outcome::ALL.len()], program }
    }

    /// error.log: the hits that failed, in the words of an application.
    fn error(dictionary: &Dictionary) -> Self {
        let selected = Outcome::ALL.map(|outcome| dictionary.failure(outcome).is_some());
        let outcomes: Vec<_> =
            Outcome::ALL.into_iter().filter(|outcome| selected[*outcome as usize]).collect();
        let program = Program::of(&error_log::elements(), &outcomes, dictionary);
        Self { log: LogId::ERROR, selected, program }
    }

    /// Which log it is.
    pub fn log(&self) -> LogId {
        self.log
    }

    /// How its lines look.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Appends the lines of hits of one second, the first of which came at `first`. `seconds` is the text of
    /// an earlier second, and becomes that of this one where there is a line.
    pub(super) fn render(
        &self,
        dictionary: &Dictionary,
        (second, seconds): (&Second, &mut [SecondText]),
        hits: &[Hit],
        rendered: &mut Rendered,
    ) {
        let is_selected = |hit: &&Hit| self.selected[hit.outcome as usize];
        let Some(at) = hits.iter().position(|hit| is_selected(&hit)) else { return };
        let first = hits[0];
        seconds.iter_mut().for_each(|text| text.show(second));
        rendered.marks.push(Mark { offset: rendered.bytes.len(), time: first.time });
        let source = LineSource { dictionary, seconds };
        let longest = self.program.longest();
        for hit in hits[at..].iter().filter(is_selected) {
            let len = self.program.append(source, hit, rendered.bytes.line(longest)).len();
            rendered.bytes.add(len);
            rendered.by_outcome[hit.outcome as usize] += 1;
        }
    }
}

/// All logs of hits, and the dictionary that they share.
#[derive(Debug)]
pub struct Logs {
    dictionary: Dictionary,
    specs: Box<[LogSpec]>,
}

impl Logs {
    /// The logs of a configuration and its site, all of it.
    pub fn new(config: &Config, site: &Site) -> Arc<Self> {
        Self::of_shard(config, site, Shard::WHOLE)
    }

    /// The logs of a shard of the site.
    pub fn of_shard(config: &Config, site: &Site, shard: Shard) -> Arc<Self> {
        let dictionary = Dictionary::new(config, site, shard);
        let access = LogSpec::access(&dictionary);
        let error = config.output.error_log.then(|| LogSpec::error(&dictionary));
        let specs = [access].into_iter().chain(error).collect();
        Arc::new(Self { dictionary, specs })
    }

    /// access.log alone.
    pub fn access_alone(config: &Config, site: &Site, shard: Shard) -> Arc<Self> {
        let dictionary = Dictionary::new(config, site, shard);
        let specs = [LogSpec::access(&dictionary)].into();
        Arc::new(Self { dictionary, specs })
    }

    /// What is the same in all of them.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// The logs; the first is access.log, which has all hits.
    pub fn specs(&self) -> &[LogSpec] {
        &self.specs
    }

    /// access.log.
    fn access(&self) -> &Program {
        self.specs.first().expect("there is always an access.log").program()
    }

    /// Lines by the class of their status, from 1xx to 5xx.
    pub(super) fn by_status_class(&self, rendered: &Rendered) -> [u64; 5] {
        let mut classes = [0; 5];
        for (outcome, lines) in Outcome::ALL.into_iter().zip(rendered.by_outcome) {
            classes[self.dictionary.status_class(outcome)] += lines;
        }
        classes
    }

    /// How long the line of a hit in access.log is, in bytes with its line feed.
    pub fn length(&self, hit: &Hit) -> u64 {
        self.access().length(&self.dictionary, hit)
    }
}

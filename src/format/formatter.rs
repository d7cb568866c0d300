//! Renders batches of hits. Each formatter thread has its own [`Formatter`].

use std::sync::Arc;

use super::clock::{SecondClock, SecondText};
use super::logs::{LogSpec, Logs};
use super::rendered::{Rendered, RenderedHits};
use super::spoiler::SpoiltTexts;
use super::visitor_texts::VisitorTexts;
use crate::stream::Hit;

/// Turns hits into the lines of all logs. It keeps the text of the current second, so each thread needs
/// its own.
#[derive(Debug)]
pub struct Formatter {
    logs: Arc<Logs>,
    clock: SecondClock,
    /// For each log, the text that depends on the second.
    seconds: Vec<Box<[SecondText]>>,
    /// For each log, what is needed for lines that are spoilt, if some are.
    spoilt: Vec<Option<SpoiltTexts>>,
    /// What is known of the last visitors, if visitors come for many lines.
    visitors: Option<VisitorTexts>,
    /// The hits of a second that a log with conditions has.
    taken: Vec<Hit>,
}

impl Formatter {
    /// A formatter for logs that it shares with other formatters.
    pub fn new(logs: Arc<Logs>) -> Self {
        let clock = SecondClock::new(logs.dictionary().zone().clone());
        let seconds = logs.specs().iter().map(|spec| spec.program().seconds().into()).collect();
        let zone = logs.dictionary().zone();
        let spoilt = logs.specs().iter().map(|spec| spec.spoilt_texts(zone)).collect();
        let dictionary = logs.dictionary();
        let visitors = dictionary.has_traffic().then(|| VisitorTexts::new(dictionary));
        Self { logs, clock, seconds, spoilt, visitors, taken: Vec::new() }
    }

    /// Switches to other logs, unless these are the ones it has.
    pub fn follow(&mut self, logs: &Arc<Logs>) {
        if !Arc::ptr_eq(&self.logs, logs) {
            *self = Self::new(Arc::clone(logs));
        }
    }

    /// Appends the lines of `hits`, which must be in the order of their times.
    pub fn render(&mut self, hits: &[Hit], out: &mut RenderedHits) {
        let Self { logs, clock, seconds, spoilt, visitors, taken } = self;
        let logs = &**logs;
        let ids = logs.specs().iter().map(LogSpec::log);
        if !out.logs.iter().map(|rendered| rendered.log).eq(ids.clone()) {
            out.logs = ids.map(Rendered::new).collect();
        }
        let mut rest = hits;
        while let Some(first) = rest.first() {
            let second = clock.second_of(first.time);
            let behind = rest.iter().position(|hit| hit.time >= second.end);
            let (hits, behind) = rest.split_at(behind.unwrap_or(rest.len()));
            for (((spec, seconds), spoilt), rendered) in
                logs.specs().iter().zip(&mut *seconds).zip(&mut *spoilt).zip(&mut out.logs)
            {
                let hits = match spec.filter() {
                    None => hits,
                    Some(filter) => {
                        let takes = |hit: &&Hit| filter.takes(logs.dictionary(), hit);
                        taken.clear();
                        taken.extend(hits.iter().filter(takes));
                        &**taken
                    }
                };
                spec.render(
                    (logs.dictionary(), visitors),
                    (&second, seconds, spoilt),
                    hits,
                    rendered,
                );
            }
            rest = behind;
        }
        out.status_classes = logs.by_status_class(&out.logs[0]);
    }
}

//! The logs of a run: which hits go into each, and what their lines look like.

use std::sync::Arc;

use jiff::tz::TimeZone;

use super::clock::{Second, SecondText};
use super::compiler::Compiler;
use super::dictionary::Dictionary;
use super::filter::HitFilter;
use super::program::Program;
use super::rendered::{Mark, Rendered, UnevenHit};
use super::spoiler::{Spoiler, SpoiltLine, SpoiltTexts};
use super::visitor_texts::VisitorTexts;
use crate::config::{Config, FurtherLog, Selection};
use crate::log_format::{Element, FormatError, LogFormat};
use crate::log_id::LogId;
use crate::sequence::FULL_BATCH;
use crate::shard::Shard;
use crate::stream::Hit;
use crate::stream::site::{Outcome, Site};

/// A log: its name, the hits that it selects, and the form of its lines.
#[derive(Debug)]
pub struct LogSpec {
    log: LogId,
    /// Whether the log includes hits with an outcome, by [`Outcome`].
    selected: [bool; Outcome::ALL.len()],
    /// What else a hit must meet, of a further log that has conditions.
    filter: Option<HitFilter>,
    program: Program,
    /// What spoils lines, if something does.
    spoiler: Option<Spoiler>,
}

impl LogSpec {
    /// access.log: all hits, whose lines are whole.
    fn access(elements: &[Element], compiler: &mut Compiler<'_>) -> Self {
        let program = compiler.compile(elements, &Outcome::ALL);
        let (log, selected) = (LogId::ACCESS, [true; Outcome::ALL.len()]);
        Self { log, selected, filter: None, program, spoiler: None }
    }

    /// access.log as a run writes it, with the lines that are spoilt. `in_single_lines`: a caller leaves out or repeats the hits
    /// of lines that are dropped or doubled.
    fn spoilt_access(config: &Config, compiler: &mut Compiler<'_>, in_single_lines: bool) -> Self {
        Self {
            spoiler: Spoiler::new(config, compiler, in_single_lines),
            ..Self::access(config.output.format.elements(), compiler)
        }
    }

    /// The log of `output.logs` at an index.
    fn further(
        index: usize,
        further: &FurtherLog,
        dictionary: &Dictionary,
        compiler: &mut Compiler<'_>,
    ) -> Self {
        let elements = further.format.elements();
        Self::selecting(LogId::further(index), &further.selection, elements, dictionary, compiler)
    }

    /// A log with the hits of a selection.
    fn selecting(
        log: LogId,
        selection: &Selection,
        elements: &[Element],
        dictionary: &Dictionary,
        compiler: &mut Compiler<'_>,
    ) -> Self {
        let filter = HitFilter::new(selection, dictionary, || compiler.timings());
        let outcomes = filter.as_ref().map_or(Outcome::ALL.to_vec(), HitFilter::outcomes);
        let program = compiler.compile(elements, &outcomes);
        Self { log, selected: [true; Outcome::ALL.len()], filter, program, spoiler: None }
    }

    /// error.log: the hits that failed, with the message of an application.
    fn error(elements: &[Element], dictionary: &Dictionary, compiler: &mut Compiler<'_>) -> Self {
        let selected = Outcome::ALL.map(|outcome| dictionary.failure(outcome).is_some());
        let outcomes: Vec<_> =
            Outcome::ALL.into_iter().filter(|outcome| selected[*outcome as usize]).collect();
        let program = compiler.compile(elements, &outcomes);
        Self { log: LogId::ERROR, selected, filter: None, program, spoiler: None }
    }

    /// The log that this describes.
    pub fn log(&self) -> LogId {
        self.log
    }

    /// What its lines look like.
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// What a hit must meet; `None` if the outcome alone decides.
    pub(super) fn filter(&self) -> Option<&HitFilter> {
        self.filter.as_ref()
    }

    /// What a thread needs to spoil lines, if some are spoilt.
    pub(super) fn spoilt_texts(&self, zone: &TimeZone) -> Option<SpoiltTexts> {
        self.spoiler.as_ref().map(|spoiler| spoiler.texts(&self.program, zone))
    }

    /// How many lines a hit has in the log, if it is one that the log has.
    fn lines_of(&self, hit: &Hit) -> usize {
        self.spoiler.as_ref().map_or(1, |spoiler| spoiler.lines_of(hit))
    }

    /// Appends the lines of hits that all lie in `second`, and which the filter takes. `seconds` holds the text of an earlier
    /// second and is brought up to date if there is a line.
    pub(super) fn render(
        &self,
        (dictionary, visitors): (&Dictionary, &mut Option<VisitorTexts>),
        (second, seconds, spoilt): (&Second, &mut [SecondText], &mut Option<SpoiltTexts>),
        hits: &[Hit],
        rendered: &mut Rendered,
    ) {
        let is_selected = |hit: &&Hit| self.selected[hit.outcome as usize];
        let Some(at) = hits.iter().position(|hit| is_selected(&hit)) else { return };
        let first = hits[0];
        seconds.iter_mut().for_each(|text| text.show(second));
        rendered.marks.push(Mark { offset: rendered.bytes.len(), time: first.time });
        if let (Some(spoiler), Some(texts)) = (&self.spoiler, spoilt) {
            let of_second =
                SpoiltLine { dictionary, program: &self.program, second, seconds, hit: &first };
            return render_spoilt(spoiler, texts, of_second, hits, rendered);
        }
        if let Some(visitors) = visitors {
            return self.render_known((dictionary, visitors), seconds, &hits[at..], rendered);
        }
        let longest = self.program.longest();
        for hit in hits[at..].iter().filter(is_selected) {
            let room = rendered.bytes.line(longest);
            let left = self.program.append((dictionary, None), seconds, hit, room).left();
            rendered.bytes.add(left);
            rendered.by_outcome[hit.outcome as usize] += 1;
        }
    }

    /// Appends the lines of the hits that are selected, whose visitors are kept. Not inlined: lines of other sites would pay for it.
    #[inline(never)]
    fn render_known(
        &self,
        (dictionary, visitors): (&Dictionary, &mut VisitorTexts),
        seconds: &[SecondText],
        hits: &[Hit],
        rendered: &mut Rendered,
    ) {
        let longest = self.program.longest();
        for hit in hits.iter().filter(|hit| self.selected[hit.outcome as usize]) {
            let visitor = Some(visitors.of(dictionary, hit));
            let room = rendered.bytes.line(longest);
            let left = self.program.append((dictionary, visitor), seconds, hit, room).left();
            rendered.bytes.add(left);
            rendered.by_outcome[hit.outcome as usize] += 1;
        }
    }
}

/// Appends the lines of hits of a second, of which some are spoilt. The mark of the second is there.
fn render_spoilt(
    spoiler: &Spoiler,
    texts: &mut SpoiltTexts,
    of_second: SpoiltLine<'_>,
    hits: &[Hit],
    rendered: &mut Rendered,
) {
    let SpoiltLine { dictionary, program, seconds, .. } = of_second;
    let (start, longest) = (rendered.bytes.len(), program.longest());
    for hit in hits {
        rendered.by_outcome[hit.outcome as usize] += 1;
        if hit.spoilt_by().is_none() {
            let room = rendered.bytes.line(longest);
            let left = program.append((dictionary, None), seconds, hit, room).left();
            rendered.bytes.add(left);
            continue;
        }
        spoiler.append(SpoiltLine { hit, ..of_second }, texts, &mut rendered.bytes);
        let lines = spoiler.lines_of(hit);
        if lines != 1 {
            rendered.uneven.push(UnevenHit { end: rendered.bytes.len(), is_doubled: lines == 2 });
        }
    }
    // A second all of whose lines are dropped has none to mark.
    if rendered.bytes.len() == start {
        rendered.marks.pop();
    }
}

/// All logs of hits, with the dictionary that they share.
#[derive(Debug)]
pub struct Logs {
    dictionary: Dictionary,
    specs: Box<[LogSpec]>,
}

/// The bytes of a batch if all its lines were the longest; they have half of that in the mean.
const BATCH_BYTES: usize = 512 << 10;
/// The least number of hits in a full batch.
const LEAST_BATCH: usize = 128;

impl Logs {
    /// The logs of a configuration for its whole site.
    pub fn new(config: &Config, site: &Site) -> Arc<Self> {
        Self::of_shard(config, site, Shard::WHOLE)
    }

    /// The logs of one shard of the site.
    pub fn of_shard(config: &Config, site: &Site, shard: Shard) -> Arc<Self> {
        let output = &config.output;
        Self::compiled(config, site, shard, |dictionary, compiler| {
            let mut specs = vec![LogSpec::spoilt_access(config, compiler, false)];
            if output.has(LogId::ERROR) {
                specs.push(LogSpec::error(&output.error_format.elements(), dictionary, compiler));
            }
            for (index, log) in output.logs.iter().enumerate() {
                if output.has(LogId::further(index)) {
                    specs.push(LogSpec::further(index, log, dictionary, compiler));
                }
            }
            specs
        })
    }

    /// Only one log of hits, whatever else is configured: access.log or one of `output.logs`. Each hit that is rendered has one
    /// line; [`Logs::lines_of_first`] says how often it is there.
    pub fn alone(config: &Config, site: &Site, shard: Shard, log: LogId) -> Arc<Self> {
        let output = &config.output;
        Self::compiled(config, site, shard, |dictionary, compiler| {
            vec![match log.further_index() {
                None => LogSpec::spoilt_access(config, compiler, true),
                Some(index) => LogSpec::further(index, &output.logs[index], dictionary, compiler),
            }]
        })
    }

    fn compiled(
        config: &Config,
        site: &Site,
        shard: Shard,
        specs: impl FnOnce(&Dictionary, &mut Compiler<'_>) -> Vec<LogSpec>,
    ) -> Arc<Self> {
        let dictionary = Dictionary::new(config, site, shard);
        let specs = specs(&dictionary, &mut Compiler::new(&dictionary, site)).into();
        Arc::new(Self { dictionary, specs })
    }

    /// access.log alone, in a format of your own: a name such as `json`, an Apache LogFormat such as
    /// [`COMBINED`](crate::COMBINED), or an nginx log_format.
    ///
    /// # Errors
    /// The text is no format; the error has the place of what is wrong.
    ///
    /// ```
    /// use access_log_generator::{Config, Formatter, LogId, Logs, RenderedHits, SECOND, Stream, Time};
    ///
    /// let config = Config::default();
    /// let mut stream = Stream::new(&config, 7, 1_793_491_200 * SECOND);
    /// let logs = Logs::in_format(&config, stream.site(), "%>s %t %m").unwrap();
    /// let (mut hits, mut rendered) = (Vec::new(), RenderedHits::default());
    /// stream.fill(Time::MAX, 1, &mut hits);
    /// Formatter::new(logs).render(&hits, &mut rendered);
    /// assert_eq!(rendered.bytes_of(LogId::ACCESS), b"200 [01/Nov/2026:00:00:00 +0000] GET\n");
    ///
    /// let error = Logs::in_format(&config, stream.site(), "%h %Q").unwrap_err();
    /// assert_eq!(error.at, 3);
    /// ```
    pub fn in_format(config: &Config, site: &Site, format: &str) -> Result<Arc<Self>, FormatError> {
        let format = LogFormat::parse(format)?;
        Ok(Self::compiled(config, site, Shard::WHOLE, |_, compiler| {
            vec![LogSpec::access(format.elements(), compiler)]
        }))
    }

    /// access.log alone, with lines of these elements in the place of its own.
    pub fn of_elements(
        config: &Config,
        site: &Site,
        shard: Shard,
        elements: &[Element],
    ) -> Arc<Self> {
        Self::compiled(config, site, shard, |_, compiler| vec![LogSpec::access(elements, compiler)])
    }

    /// Parts of the lines of a log of hits or errors, each as if it were a log: what is rendered has them in this order.
    pub fn of_parts(config: &Config, site: &Site, log: LogId, parts: &[Vec<Element>]) -> Arc<Self> {
        let dictionary = Dictionary::new(config, site, Shard::WHOLE);
        let mut compiler = Compiler::new(&dictionary, site);
        let spec = |elements: &Vec<Element>| match log.further_index() {
            Some(index) => {
                let selection = &config.output.logs[index].selection;
                LogSpec::selecting(log, selection, elements, &dictionary, &mut compiler)
            }
            None if log == LogId::ERROR => LogSpec::error(elements, &dictionary, &mut compiler),
            None => LogSpec::access(elements, &mut compiler),
        };
        let specs = parts.iter().map(spec).collect();
        Arc::new(Self { dictionary, specs })
    }

    /// The texts that all logs share.
    pub fn dictionary(&self) -> &Dictionary {
        &self.dictionary
    }

    /// All logs. The first is access.log, which has all hits, unless another log is [alone](Self::alone).
    pub fn specs(&self) -> &[LogSpec] {
        &self.specs
    }

    /// Whether the first log has one line for each hit.
    pub fn first_has_all(&self) -> bool {
        let is_even = |spec: &LogSpec| {
            let changes = spec.spoiler.as_ref().is_some_and(Spoiler::changes_count);
            spec.filter().is_none() && !changes
        };
        self.specs.first().is_some_and(is_even)
    }

    /// Whether some lines of the first log are spoilt.
    pub fn first_is_spoilt(&self) -> bool {
        self.specs.first().is_some_and(|spec| spec.spoiler.is_some())
    }

    /// How many lines of the first log are for a hit: one or none, or two of a hit whose line is doubled.
    pub fn lines_of_first(&self, hit: &Hit) -> usize {
        let Some(spec) = self.specs.first() else { return 0 };
        let is_taken = spec.filter().is_none_or(|filter| filter.takes(&self.dictionary, hit));
        if is_taken { spec.lines_of(hit) } else { 0 }
    }

    /// The program of access.log.
    pub(super) fn access(&self) -> &Program {
        self.specs.first().expect("there is always an access.log").program()
    }

    /// The number of hits in a full batch, at most [`FULL_BATCH`]: as many as have lines that fit a core's own cache.
    pub fn full_batch(&self) -> usize {
        let added =
            self.specs.first().and_then(|spec| spec.spoiler.as_ref()).map_or(0.0, Spoiler::added);
        let longest = match self.take_long() {
            true => self.access().longest() + added as usize,
            false => added as usize,
        };
        BATCH_BYTES
            .checked_div(longest)
            .map_or(FULL_BATCH, |hits| hits.clamp(LEAST_BATCH, FULL_BATCH))
    }

    /// Whether the lines of access.log take longer to render than their hits take to make. That is so if more than the
    /// usual steps are needed, by what was measured of the named formats.
    pub fn take_long(&self) -> bool {
        self.access().steps.has_others()
    }

    /// Counts lines by the class of their status, from 1xx to 5xx.
    pub(super) fn by_status_class(&self, rendered: &Rendered) -> [u64; 5] {
        let mut classes = [0; 5];
        for (outcome, lines) in Outcome::ALL.into_iter().zip(rendered.by_outcome) {
            classes[self.dictionary.status_class(outcome)] += lines;
        }
        classes
    }
}

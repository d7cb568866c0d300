//! The report of a verification. Its fields become JSON for programs; `text` writes the same report for people.

mod text;

use jiff::tz::TimeZone;
use serde::Serialize;

use super::findings::{Findings, LineFinding, RunFindings};
use super::judge::Judgement;
use super::merge::Read;
use super::spoilt::{SpoiltCount, SpoiltLines};
use crate::config::ScenarioEvent;
use crate::config::event_kind::EventKind;
use crate::fault::Fault;
use crate::log_format::stamp::read_any;
use crate::recorded::run::RecordedRun;
use crate::run_record::REMEMBERED;
use crate::shard::Shard;
use crate::time::{SECOND, Time, timestamp};
use crate::version::VERSION;

/// How many bytes of a line are shown at most.
const LONGEST: usize = 4096;

/// The result of a verification.
#[derive(Debug, Serialize)]
pub struct VerifyReport {
    /// Whether nothing is missing, doubled, out of order, altered or foreign.
    pub all_there: bool,
    /// Whether the exit status is 0: nothing is wrong except faults that were to be ignored.
    pub passed: bool,
    /// Whether all files could be read, and something was received if there was something to receive.
    #[serde(skip)]
    was_read: bool,
    /// The kinds of faults to ignore. They are counted all the same.
    pub ignored: Vec<Fault>,
    /// The file of the log that was judged, such as `access.log`.
    pub log: String,
    /// How many lines were received from the judged times.
    pub received: u64,
    /// How many lines were received from other times.
    pub outside: u64,
    /// The runs, the oldest first.
    pub runs: Vec<RunReport>,
    /// Files that could not be read, or not to their end.
    pub unreadable: Vec<UnreadableFile>,
    /// Lines that belong to no run.
    pub foreign: FaultReport,
    /// Possible causes of what was found, as sentences.
    pub hints: Vec<String>,
}

/// A finished verification, to be reported on.
#[derive(Clone, Copy)]
pub struct Verified<'a> {
    /// What was found.
    pub outcome: &'a Judgement,
    /// The runs that were judged.
    pub runs: &'a [RecordedRun],
    /// The file of the log that was judged.
    pub log: &'a str,
    /// The names of the received files.
    pub names: &'a [String],
    /// The problems of these files themselves.
    pub read: &'a Read,
    /// The window that was used, in lines.
    pub window: u64,
    /// The field that held the lines, if one was named.
    pub field: Option<&'a str>,
    /// The kinds of faults to ignore.
    pub ignored: &'a [Fault],
}

impl Verified<'_> {
    /// Whether nothing at all was received, although runs that were not judged have lines. That
    /// everything is there would then be true only of the last run.
    fn lacks_everything(&self) -> bool {
        let Judgement { received, outside, runs: found, .. } = self.outcome;
        let unjudged = self.runs.iter().zip(found).filter(|(_, found)| found.is_none());
        received + outside == 0 && unjudged.map(|(run, _)| run.facts.lines).any(|lines| lines > 0)
    }
}

/// A file that could not be read, or not to its end.
#[derive(Debug, Serialize)]
pub struct UnreadableFile {
    /// The name of the file.
    pub file: String,
    /// The error of reading it.
    pub error: String,
}

/// The report on one run.
#[derive(Debug, Serialize)]
pub struct RunReport {
    /// The seed of the run's stream.
    pub seed: u64,
    /// The shard of the site; 0 of 1 is the whole site.
    pub shard: Shard,
    /// When the stream starts, RFC 3339.
    pub start: String,
    /// Whether the run ended in good order.
    pub ended: bool,
    /// How many lines the record says the run has.
    pub recorded: u64,
    /// What was found; null for an earlier run of which no line was received.
    pub found: Option<FoundReport>,
}

/// Everything found about a run.
#[derive(Debug, Serialize)]
pub struct FoundReport {
    /// How many lines were expected.
    pub expected: u64,
    /// How many lines were received, including doubled and altered ones.
    pub received: u64,
    /// Lines that events of the scenario have spoilt on purpose.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spoilt: Vec<SpoiltReport>,
    /// Lines that were not received.
    pub missing: FaultReport,
    /// Lines that were received more than once.
    pub doubled: FaultReport,
    /// Lines that came too early or too late.
    pub out_of_order: FaultReport,
    /// Lines that came with a different text.
    pub altered: FaultReport,
    /// Lines that the run did not get to write because it was killed; null if it is not known to have
    /// been killed.
    pub unwritten: Option<UnwrittenReport>,
    /// The number of the last line received, from 1.
    pub last_number: Option<u64>,
    /// The time of the last line received, RFC 3339.
    pub last_time: Option<String>,
}

/// Lines that an event of the scenario has spoilt on purpose.
#[derive(Debug, Serialize)]
pub struct SpoiltReport {
    /// The event.
    pub event: String,
    /// Its kind.
    #[serde(serialize_with = "kind_name")]
    pub kind: EventKind,
    /// How many lines the log has as it has left them, those that are doubled counted twice; or lacks, if it drops them.
    pub lines: u64,
    /// How many of them were not received.
    pub missing: u64,
    /// How many of them came with another text.
    pub altered: u64,
}

fn kind_name<S: serde::Serializer>(kind: &EventKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.name())
}

/// What the events of a scenario have spoilt.
fn spoilt_by(spoilt: &SpoiltLines, scenario: &[ScenarioEvent]) -> Vec<SpoiltReport> {
    let counts = scenario.iter().zip(spoilt.counts()).filter(|(_, count)| count.lines > 0);
    let report = |(event, count): (&ScenarioEvent, &SpoiltCount)| SpoiltReport {
        event: event.name.clone(),
        kind: event.kind,
        lines: count.lines,
        missing: count.missing,
        altered: count.altered,
    };
    counts.map(report).collect()
}

/// Lines that a killed run did not get to write.
#[derive(Debug, Serialize)]
pub struct UnwrittenReport {
    /// The number of the first line, from 1.
    pub number: u64,
    /// How many lines there are, as far as known.
    pub lines: u64,
    /// Whether there may be more lines, which were not counted.
    pub at_least: bool,
    /// The time of the first line, RFC 3339.
    pub from: String,
    /// When the next run started, RFC 3339; null if that says nothing about the end of this run.
    pub until: Option<String>,
    /// The name of the file that ends with the beginning of the first line, if one does.
    pub file: Option<String>,
    /// The number of that beginning in the file, from 1.
    pub line: Option<u64>,
}

/// All lines with one kind of fault.
#[derive(Debug, Serialize)]
pub struct FaultReport {
    /// How many lines have the fault.
    pub lines: u64,
    /// The first few findings.
    pub first: Vec<ShownFinding>,
}

/// A line with a fault, or several consecutive ones.
#[derive(Debug, Serialize)]
pub struct ShownFinding {
    /// The number of the first line within its run, from 1; null for a foreign line.
    pub number: Option<u64>,
    /// How many lines there are.
    pub lines: u64,
    /// The time of the first line, RFC 3339.
    pub from: Option<String>,
    /// The time of the last line, RFC 3339.
    pub until: Option<String>,
    /// The file in which the first line was received; for missing lines, that of the line before them.
    pub file: Option<String>,
    /// The number of that line in the file, from 1.
    pub line: Option<u64>,
    /// The text of the first line as it was written, if a run wrote it.
    pub expected: Option<String>,
    /// The text of the first line as it was received, if that differs.
    pub received: Option<String>,
}

impl VerifyReport {
    /// The report on a verification.
    pub fn new(verified: &Verified<'_>) -> Self {
        let Verified { outcome, runs, names, read, .. } = *verified;
        let hints = hints(verified);
        let unreadable = read.unreadable.iter().map(|(file, error)| UnreadableFile {
            file: names[*file].clone(),
            error: error.to_string(),
        });
        let runs = runs.iter().zip(&outcome.runs).map(|(run, found)| RunReport {
            seed: run.seed,
            shard: run.shard,
            start: timestamp(run.facts.start).to_string(),
            ended: run.facts.ended,
            recorded: run.facts.lines,
            found: found.as_ref().map(|found| FoundReport::new(found, run, names)),
        });
        let is_ignored = |fault: &Fault| verified.ignored.contains(fault);
        let mut report = Self {
            all_there: false,
            passed: false,
            was_read: read.unreadable.is_empty() && !verified.lacks_everything(),
            ignored: Fault::ALL.into_iter().filter(is_ignored).collect(),
            log: verified.log.to_owned(),
            received: outcome.received,
            outside: outcome.outside,
            runs: runs.collect(),
            unreadable: unreadable.collect(),
            foreign: FaultReport::new(&outcome.foreign, names),
            hints,
        };
        let mut found = Fault::ALL.into_iter().filter(|fault| report.lines_of(*fault) > 0);
        let passed = found.clone().all(|fault| report.ignored.contains(&fault));
        let all_there = found.next().is_none();
        report.passed = report.was_read && passed;
        report.all_there = report.was_read && all_there;
        report
    }

    /// How many lines have a kind of fault.
    fn lines_of(&self, fault: Fault) -> u64 {
        let sum = |kind: fn(&FoundReport) -> &FaultReport| {
            self.found().map(|found| kind(found).lines).sum()
        };
        match fault {
            Fault::Missing => sum(|found| &found.missing),
            Fault::Doubled => sum(|found| &found.doubled),
            Fault::OutOfOrder => sum(|found| &found.out_of_order),
            Fault::Altered => sum(|found| &found.altered),
            Fault::Foreign => self.foreign.lines,
        }
    }

    fn found(&self) -> impl Iterator<Item = &FoundReport> {
        self.runs.iter().filter_map(|run| run.found.as_ref())
    }

    /// The report as one line of JSON.
    pub fn json(&self) -> String {
        let mut json = serde_json::to_string(self).expect("a report has a JSON form");
        json.push('\n');
        json
    }
}

impl FoundReport {
    fn new(found: &RunFindings, run: &RecordedRun, names: &[String]) -> Self {
        Self {
            spoilt: spoilt_by(&found.spoilt, &run.config.scenario),
            expected: found.expected,
            received: found.received,
            missing: FaultReport::new(&found.missing, names),
            doubled: FaultReport::new(&found.doubled, names),
            out_of_order: FaultReport::new(&found.out_of_order, names),
            altered: FaultReport::new(&found.altered, names),
            unwritten: found.unwritten.as_ref().map(|unwritten| UnwrittenReport {
                number: unwritten.number,
                lines: unwritten.lines,
                at_least: unwritten.at_least,
                from: second(unwritten.from),
                until: unwritten.until.map(second),
                file: unwritten.begun.and_then(|place| names.get(place.file).cloned()),
                line: unwritten.begun.map(|place| place.line),
            }),
            last_number: found.last.map(|last| last.0),
            last_time: found.last.and_then(|last| last.1).map(second),
        }
    }
}

impl FaultReport {
    fn new(findings: &Findings, names: &[String]) -> Self {
        let mut first: Vec<_> = findings.first.iter().collect();
        first.sort_by_key(|found| (found.number, found.place));
        let shown = |found: &LineFinding| ShownFinding {
            number: found.number,
            lines: found.lines,
            from: found.from.map(second),
            until: found.until.map(second),
            file: found.place.and_then(|place| names.get(place.file).cloned()),
            line: found.place.map(|place| place.line),
            expected: found.expected.as_deref().map(text),
            received: found.received.as_deref().map(text),
        };
        Self { lines: findings.lines, first: first.into_iter().map(shown).collect() }
    }
}

/// Possible causes of what was found.
fn hints(verified: &Verified<'_>) -> Vec<String> {
    let Verified { outcome, runs, read, window, field, .. } = *verified;
    let mut hints = Vec::new();
    let mut hint = |hint: String| hints.push(hint);
    let minor = |version: &str| version.rsplit_once('.').map(|parts| parts.0.to_owned());
    for run in runs.iter().filter(|run| minor(&run.version) != minor(VERSION)) {
        hint(format!(
            "The run of seed {} is one of version {}, and this is version {VERSION}, whose stream \
             may be another.",
            run.seed, run.version
        ));
    }
    let lines = read.without_field;
    if let Some(field) = field.filter(|_| lines > 0) {
        hint(format!(
            "{lines} of the lines received are no JSON objects with a text in the field {field}."
        ));
    }
    if verified.lacks_everything() {
        hint("Nothing was received, and runs before the last one have lines.".to_owned());
    }
    let of_runs: u64 = outcome.runs.iter().flatten().map(|found| found.received).sum();
    let expected: u64 = outcome.runs.iter().flatten().map(|found| found.expected).sum();
    if expected == 0 && outcome.received == 0 {
        hint("No line was expected and none received: is it the span that was meant?".to_owned());
    }
    let of_one_record = |record| runs.iter().filter(move |run| run.facts.record == record).count();
    let records = runs.last().map_or(0, |run| run.facts.record + 1);
    let most = (0..records).map(of_one_record).max().unwrap_or(0);
    if outcome.foreign.lines > 0 && most > REMEMBERED {
        hint(format!(
            "The record tells of the last {most} runs in its directory; lines of older ones are \
             foreign."
        ));
    }
    if let Some(lacking) = lacking_shards(runs) {
        hint(lacking);
    }
    if outcome.received > 0 && of_runs == 0 {
        hint("No line received is of this run. Is it the run.json of this log?".to_owned());
        let first = outcome.foreign.first.first().and_then(|found| found.received.as_deref());
        if let Some(text) = first.and_then(|line| mistaken_line(line, field.is_some())) {
            hint(text.to_owned());
        }
    }
    if outcome.carriage_returns > 0 {
        hint(format!(
            "{} of the foreign lines end in a carriage return. Were line ends converted?",
            outcome.carriage_returns
        ));
    }
    if outcome.late > 0 {
        hint(format!(
            "{} of the foreign lines bear times that were compared no longer when they came. If \
             they are of this run, name its files one by one, or set --window above {window}.",
            outcome.late
        ));
    }
    hints
}

/// What a line that belongs to no run may be. `has_field` says whether a JSON field was named.
fn mistaken_line(line: &[u8], has_field: bool) -> Option<&'static str> {
    if line == b"{" {
        return Some("What was received looks like a run.json: name it with --run.");
    }
    if line.starts_with(b"{") && !has_field {
        return Some("The lines look like JSON: name the field that holds the text, with --field.");
    }
    read_any(line, &TimeZone::UTC)
        .map(|_| "Was something put before or behind each line on its way?")
}

/// A hint about shards whose records were not given.
fn lacking_shards(runs: &[RecordedRun]) -> Option<String> {
    // The newest run of each record.
    let newest: Vec<&RecordedRun> = runs
        .chunk_by(|one, other| one.facts.record == other.facts.record)
        .filter_map(|record| record.last())
        .collect();
    let one = newest.first()?;
    if newest.iter().any(|other| !one.is_of_the_same_site(other)) {
        return Some(
            "The records are not of one site: they differ in the seed, in the configuration or in the \
             number of shards."
                .to_owned(),
        );
    }
    let count = one.shard.count;
    let given = |index: &u32| newest.iter().any(|run| run.shard == Shard { index: *index, count });
    let lacking: Vec<u32> = (0..count).filter(|index| !given(index)).collect();
    let first = lacking.first()?;
    let named = count as usize - lacking.len();
    Some(format!(
        "The records of {named} of {count} shards were named, and that of shard {first} was not: what \
         was received of it is foreign, and what was not is not missed."
    ))
}

/// A time in RFC 3339, to the second, as the log's stamps have no fraction.
fn second(time: Time) -> String {
    timestamp(time / SECOND * SECOND).to_string()
}

/// A line as text. Bytes that are not UTF-8 are replaced, and a long line is cut off.
fn text(line: &[u8]) -> String {
    let shown = &line[..line.len().min(LONGEST)];
    let more = if line.len() > LONGEST { "..." } else { "" };
    String::from_utf8_lossy(shown).into_owned() + more
}

#[cfg(test)]
mod tests;

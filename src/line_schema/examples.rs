//! Examples: what the columns of a format show in lines that the program's own formatter writes.

use super::column::LineColumn;
use crate::config::Config;
use crate::format::{Formatter, Logs, RenderedHits};
use crate::log_format::Element;
use crate::log_id::LogId;
use crate::stream::Stream;
use crate::time::{SECOND, Time};

/// The seed of the lines if none is configured.
const SEED: u64 = 1;
/// Where they start: 2026-11-01T00:00:00Z.
pub(super) const START: Time = 1_793_491_200 * SECOND;
/// How many lines are looked at.
const LINES: usize = 1_000;
/// How many hits are made at once, and how often at most: few of them fail.
const BATCH: usize = 2_000;
const BATCHES: usize = 200;

/// What parts of the lines of a log show, for each part in the order of the lines; up to `lines` lines. Fewer, if the first
/// 400,000 hits have no more.
pub fn texts(
    config: &Config,
    log: LogId,
    parts: &[Vec<Element>],
    lines: usize,
) -> Vec<Vec<String>> {
    let mut stream = Stream::new(config, config.output.seed.unwrap_or(SEED), START);
    let mut formatter = Formatter::new(Logs::of_parts(config, stream.site(), log, parts));
    let mut all = vec![Vec::new(); parts.len()];
    let (mut hits, mut rendered) = (Vec::new(), RenderedHits::default());
    for _ in 0..BATCHES {
        if all.first().is_none_or(|texts: &Vec<String>| texts.len() >= lines) {
            break;
        }
        hits.clear();
        rendered.clear();
        stream.fill(Time::MAX, BATCH, &mut hits);
        formatter.render(&hits, &mut rendered);
        for (texts, part) in all.iter_mut().zip(&rendered.logs) {
            let more = part.bytes.split(|byte| *byte == b'\n');
            texts.extend(more.map(|text| String::from_utf8_lossy(text).into_owned()));
            // Behind the last line feed is nothing.
            texts.pop();
        }
    }
    all.iter_mut().for_each(|texts| texts.truncate(lines));
    all
}

/// An example for each column: the first value that is there, or else what stands for a missing one.
pub fn examples(config: &Config, log: LogId, columns: &[&LineColumn]) -> Vec<String> {
    let parts: Vec<_> = columns.iter().map(|column| column.elements.clone()).collect();
    let texts = texts(config, log, &parts, LINES);
    let example = |(column, texts): (&&LineColumn, Vec<String>)| {
        let is_there = |text: &&String| {
            !text.is_empty() && **text != "-" && Some(*text) != column.missing.as_ref()
        };
        texts.iter().find(is_there).or(texts.first()).cloned().unwrap_or_default()
    };
    columns.iter().zip(texts).map(example).collect()
}

//! The summary at the end of a run: as messages and, on request, as text or as one JSON object on
//! standard output. The names are those of /health if they mean the same.

use std::collections::BTreeMap;
use std::time::Instant;

use indicatif::HumanCount;
use serde::Serialize;

use crate::config::Destination;
use crate::log_id::LogId;
use crate::output::Form;
use crate::shard::Shard;
use crate::status::health::whole_as_integer;
use crate::status::target::{AskedRate, figure};
use crate::status::{LogCount, Status};
use crate::time::{SECOND, time};

/// The totals of a run, as they are in its files.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// The version of this program.
    pub version: &'static str,
    /// The directory of the log files; null if no file is written.
    pub output_directory: Option<String>,
    /// Where the lines of access.log went.
    #[serde(skip)]
    pub destination: Destination,
    /// The configured rate in lines per second.
    #[serde(serialize_with = "whole_as_integer")]
    pub rate: f64,
    /// The seed of the stream.
    pub seed: u64,
    /// Where the stream starts, RFC 3339.
    pub start: String,
    /// The shard of the site; 0 of 1 is the whole site.
    pub shard: Shard,
    /// The simulated time that the files have reached, RFC 3339; null without a line.
    pub simulated_time: Option<String>,
    /// How many lines are in access.log.
    pub total_logs_generated: u64,
    /// How many bytes are in access.log.
    pub access_bytes: u64,
    /// The stamp of the first line in access.log, RFC 3339; null without a line.
    pub first_line: Option<String>,
    /// The stamp of the last line in access.log, RFC 3339; null without a line.
    pub last_line: Option<String>,
    /// How many lines are in error.log.
    pub error_lines: u64,
    /// How many bytes are in error.log.
    pub error_bytes: u64,
    /// Lines and bytes in the logs of `output.logs`, by their names; absent if there are none.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub further_logs: BTreeMap<String, LogCount>,
    /// How many bytes are in all logs but system.log.
    pub bytes_written: u64,
    /// Seconds from the start of the process until the last line was on the disk.
    pub seconds: f64,
    /// Lines of access.log per second of `seconds`.
    pub lines_per_second: f64,
    /// Bytes of all logs but system.log per second of `seconds`.
    pub bytes_per_second: f64,
    /// The mean target rate over the run, by `rate` and the traffic pattern, in lines per second of
    /// simulated time; for a shard, its part.
    pub asked_rate: f64,
    /// Lines of access.log per second of simulated time; null if no simulated time has passed.
    pub reached_rate: Option<f64>,
    /// Whether the run was told to go on in another way, so that the asked rate is that of its end.
    #[serde(skip)]
    pub steered: bool,
    /// How the asked rate comes about.
    #[serde(skip)]
    pub asked: AskedRate,
    /// Seconds of simulated time from `start` to the end of the run.
    pub simulated_seconds: f64,
    /// How often the simulation jumped forward because the machine fell behind.
    pub gaps: u64,
    /// How many lines were left out, summed over all gaps.
    pub gap_lines: u64,
    /// Simulated seconds without lines, summed over all gaps.
    pub gap_seconds: f64,
    /// How many files were rotated.
    pub rotations: u64,
    /// How many rotated files were compressed.
    pub compressed_files: u64,
    /// How many rotated files were deleted, because of their age or to make room.
    pub deleted_files: u64,
    /// How many writes failed; each was tried again.
    pub write_errors: u64,
}

impl Summary {
    /// The summary of a run that has ended, or else ends `now`.
    pub fn new(status: &Status, now: Instant) -> Self {
        let run = status.run();
        let epoch = status.epoch();
        let (first, last) = status.stamps().unzip();
        let seconds = status.length(now).as_secs_f64();
        let per_second = |amount: u64| amount as f64 / seconds.max(1e-9);
        let (start, end) = (time(run.start), time(status.simulated_time().unwrap_or(run.start)));
        let simulated_seconds = end.saturating_sub(start) as f64 / SECOND as f64;
        let asked = status.target().over(start, end);
        let LogCount { bytes: access_bytes, .. } = status.written(LogId::ACCESS);
        let LogCount { lines: error_lines, bytes: error_bytes } = status.written(LogId::ERROR);
        Self {
            version: run.version,
            output_directory: run.directory_name(),
            destination: run.destination,
            rate: status.target().site_rate(),
            seed: epoch.seed,
            start: epoch.started().to_string(),
            shard: run.shard,
            simulated_time: status.simulated_time().map(|time| time.to_string()),
            total_logs_generated: status.lines(),
            access_bytes,
            first_line: first.map(|time| time.to_string()),
            last_line: last.map(|time| time.to_string()),
            error_lines,
            error_bytes,
            further_logs: status.further(),
            bytes_written: status.bytes(),
            seconds,
            lines_per_second: per_second(status.lines()),
            bytes_per_second: per_second(status.bytes()),
            asked_rate: asked.mean(),
            reached_rate: (end > start).then(|| status.lines() as f64 / simulated_seconds),
            asked,
            steered: status.acts() > 0,
            simulated_seconds,
            gaps: status.gaps(),
            gap_lines: status.gap_lines(),
            gap_seconds: status.gap_time().as_secs_f64(),
            rotations: status.rotations(),
            compressed_files: status.compressed_files(),
            deleted_files: status.deleted_files(),
            write_errors: status.write_errors(),
        }
    }

    /// The summary in words, as separate messages.
    pub fn messages(&self) -> Vec<String> {
        let count = HumanCount;
        let stamps = match (&self.first_line, &self.last_line) {
            (Some(first), Some(last)) => format!(", stamped {first} to {last}"),
            _ => String::new(),
        };
        let reached = match self.reached_rate {
            Some(rate) => format!(
                "reached: {} lines/s, over {:.1} s of simulated time",
                figure(rate),
                self.simulated_seconds,
            ),
            None => "no time has passed in the log".to_owned(),
        };
        let place = match self.destination {
            Destination::Files => "In access.log",
            Destination::Stdout => "On standard output",
            Destination::Both => "In access.log and on standard output",
        };
        let access = format!(
            "{place}: {} lines, {} bytes{stamps}",
            count(self.total_logs_generated),
            count(self.access_bytes),
        );
        let run = [
            format!(
                "The stream: --seed {} --from {}{}; gaps: {}, left out: {} lines, {:.1} s",
                self.seed,
                self.start,
                self.shard.flag(),
                self.gaps,
                count(self.gap_lines),
                self.gap_seconds,
            ),
            format!(
                "Files rotated: {}, compressed: {}, deleted: {}; writes that failed: {}",
                self.rotations, self.compressed_files, self.deleted_files, self.write_errors,
            ),
            format!(
                "Rate asked for{}: {}; {reached}",
                if self.steered { " at the end" } else { "" },
                self.asked
            ),
            format!(
                "Stopped: {} lines in {:.1} s, {} lines/s, {:.1} MB/s",
                count(self.total_logs_generated),
                self.seconds,
                rate(self.lines_per_second),
                self.bytes_per_second / 1e6,
            ),
        ];
        std::iter::once(access).chain(self.beside_access_log()).chain(run).collect()
    }

    /// What is in the logs beside access.log.
    fn beside_access_log(&self) -> Vec<String> {
        if self.output_directory.is_none() {
            return vec!["In files: nothing, because no directory is named".to_owned()];
        }
        let error = LogCount { lines: self.error_lines, bytes: self.error_bytes };
        let further = self.further_logs.iter().map(|(log, count)| (&**log, *count));
        let all = std::iter::once(("error", error)).chain(further);
        let message = |(log, LogCount { lines, bytes }): (&str, LogCount)| {
            format!("In {log}.log: {} lines, {} bytes", HumanCount(lines), HumanCount(bytes))
        };
        all.map(message).collect()
    }

    /// The summary in a printed form, including the last line feed.
    pub fn print(&self, form: Form) -> String {
        let mut text = match form {
            Form::Text => self.messages().join("\n"),
            Form::Json => {
                serde_json::to_string(self).expect("a structure of plain values has a JSON form")
            }
        };
        text.push('\n');
        text
    }
}

/// A rate, with one decimal place if that says something.
fn rate(rate: f64) -> String {
    if rate < 1_000.0 { format!("{rate:.1}") } else { HumanCount(rate.round() as u64).to_string() }
}

#[cfg(test)]
mod tests;

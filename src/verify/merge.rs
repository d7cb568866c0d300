//! The order in which the lines of several files are judged: that of their stamps. Files that continue
//! each other are read in that order, however they were named, and files that cover the same time are
//! read together. Stamps may be broken; they count if most of the next lines agree.

use std::io;

use super::headers::HeaderLines;
use super::judge::Judge;
use super::reader::LineReader;
use crate::time::Time;

/// How many lines of one file are judged before the others get their turn.
const STRIDE: usize = 64;

/// A source of received files.
pub trait Files {
    /// The number of files.
    fn count(&self) -> usize;
    /// The name of a file.
    fn name(&self, file: usize) -> String;
    /// Opens a file at its beginning. This is allowed a second time only if the file [can be
    /// reopened](Files::reopens).
    ///
    /// # Errors
    /// The file cannot be opened or read.
    fn open(&self, file: usize) -> io::Result<LineReader>;
    /// Whether a file can be opened more than once. A pipe cannot.
    fn reopens(&self, file: usize) -> bool;
}

/// The index of a file that could not be read, and the error.
pub type ReadFailure = (usize, io::Error);

/// A file whose lines are being judged.
struct FileLane {
    /// The stamp of most of its next lines.
    time: Time,
    /// A time before which the file has no more lines.
    earliest: Time,
    state: FileState,
}

enum FileState {
    /// The file will be opened when its turn comes.
    Waiting,
    Reading(Box<LineReader>),
    Read,
}

/// The problems of the files themselves.
#[derive(Debug, Default)]
pub struct Read {
    /// How many lines lack the field that was named.
    pub without_field: u64,
    /// Files that could not be read, or not to their end. What could be read is judged.
    pub unreadable: Vec<ReadFailure>,
    /// For each file, the lines of headers in it.
    pub headers: Vec<HeaderLines>,
}

/// Reads all files and has them judged.
pub fn judge_files(files: &impl Files, judge: &mut Judge<'_>) -> Read {
    let headers = vec![HeaderLines::default(); files.count()];
    let mut read = Read { headers, ..Read::default() };
    let mut lanes = Vec::new();
    for file in 0..files.count() {
        lanes.push(FileLane::begin(files, file).unwrap_or_else(|error| {
            read.unreadable.push((file, error));
            FileLane { time: 0, earliest: 0, state: FileState::Read }
        }));
    }
    while let Some(file) = next(&lanes, judge) {
        let others =
            lanes.iter().enumerate().filter(|(other, lane)| *other != file && lane.is_left());
        let next_other = others.map(|(_, lane)| lane.time).min();
        let position = judge.position(file);
        let left = (0..lanes.len()).filter(|other| lanes[*other].is_left());
        let positions = left.map(|other| judge.position(other));
        let ahead = positions.filter(|other| other.0 == position.0 && other.1 > position.1);
        let distance = ahead.map(|other| other.1 - position.1).min().unwrap_or(u64::MAX);
        let FileLane { time, earliest, state } = &mut lanes[file];
        if let FileState::Waiting = state {
            *state = match files.open(file) {
                Ok(reader) => FileState::Reading(Box::new(reader)),
                Err(error) => {
                    read.unreadable.push((file, error));
                    FileState::Read
                }
            };
        }
        let FileState::Reading(reader) = state else { continue };
        if let Err(error) = reader.fill() {
            read.unreadable.push((file, error));
            reader.give_up();
        }
        let available = reader.available();
        if available == 0 {
            read.without_field += reader.without_field();
            read.headers[file].clone_from(reader.headers());
            *state = FileState::Read;
            judge.ended(file);
            continue;
        }
        let received = reader.received();
        *time = received.time(0).unwrap_or(*time);
        // The last lines of a run may come before many lines of the next one.
        *earliest = received.earliest(0).unwrap_or(*earliest);
        let last = received.time(available.saturating_sub(AGREEING)).unwrap_or(*time);
        let alone = next_other.is_none_or(|other| other > last.max(*time));
        let left = lanes.iter().filter(|lane| lane.is_left());
        judge.passed(left.map(|lane| lane.earliest).min().unwrap_or(0));
        let FileLane { time, state: FileState::Reading(reader), .. } = &mut lanes[file] else {
            continue;
        };
        // No file overtakes another, so of two copies the one named first always comes first.
        let count = if alone { available } else { available.min(STRIDE) };
        let count = count.min(usize::try_from(distance).unwrap_or(usize::MAX));
        judge.feed(file, reader.received(), count, reader.at_end());
        reader.take(count);
        *time = reader.received().time(0).unwrap_or(*time);
    }
    read
}

/// How many lines at the end of a block decide about its last time.
const AGREEING: usize = 15;

impl FileLane {
    /// Determines when a file begins.
    fn begin(files: &impl Files, file: usize) -> io::Result<Self> {
        let mut reader = files.open(file)?;
        // A file that cannot be read further is read as far as possible when its turn comes.
        if reader.fill().is_err() {
            reader.give_up();
        }
        let received = reader.received();
        let time = received.time(0).unwrap_or(0);
        let earliest = received.earliest(0).unwrap_or(0);
        // Thousands of archives cannot be kept open.
        let again = files.reopens(file);
        let state = if again { FileState::Waiting } else { FileState::Reading(Box::new(reader)) };
        Ok(Self { time, earliest, state })
    }

    fn is_left(&self) -> bool {
        !matches!(self.state, FileState::Read)
    }
}

/// The file that is furthest behind: by its stamps, or else by the lines of the run. A file that goes on
/// comes before a file that begins, because the latter may well be its continuation.
fn next(lanes: &[FileLane], judge: &Judge<'_>) -> Option<usize> {
    let left = lanes.iter().enumerate().filter(|(_, lane)| lane.is_left());
    let key = |(file, lane): &(usize, &FileLane)| {
        (lane.time, matches!(lane.state, FileState::Waiting), judge.position(*file))
    };
    left.min_by_key(key).map(|(file, _)| file)
}

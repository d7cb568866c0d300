//! In which order the lines of several files are judged: by their stamps, so that files that belong
//! behind each other are read in that order, however they were named, and files that tell of the same
//! time beside each other. Stamps may be broken; where most of the next lines agree, they are believed.

use std::io;

use super::judge::Judge;
use super::reader::LineReader;
use crate::time::Time;

/// Lines of one file that are judged before the others have their turn.
const STRIDE: usize = 64;

/// Where received lines come from.
pub trait Files {
    /// How many files there are.
    fn count(&self) -> usize;
    /// What it is called.
    fn name(&self, file: usize) -> String;
    /// Opens one, from its beginning; a second time only if it can be opened
    /// [again](Files::reopens).
    ///
    /// # Errors
    /// It cannot be opened or read.
    fn open(&self, file: usize) -> io::Result<LineReader>;
    /// Whether a file can be opened as often as one likes. Not so a pipe.
    fn reopens(&self, file: usize) -> bool;
}

/// A file that could not be read, and why.
pub type ReadFailure = (usize, io::Error);

/// A file whose lines are judged.
struct Lane {
    /// What most of its next lines are stamped with.
    time: Time,
    /// A time before which nothing comes any more.
    earliest: Time,
    state: FileState,
}

enum FileState {
    /// To be opened when it is its turn.
    Waiting,
    Reading(Box<LineReader>),
    Read,
}

/// What is to be said of the files as such.
#[derive(Debug, Default)]
pub struct Read {
    /// Lines that had not the field that was named.
    pub without_field: u64,
    /// Files that could not be read, or not to their end. What could be read is judged.
    pub unreadable: Vec<ReadFailure>,
}

/// Has all files judged.
pub fn judge_files(files: &impl Files, judge: &mut Judge<'_>) -> Read {
    let mut read = Read::default();
    let mut lanes = Vec::new();
    for file in 0..files.count() {
        lanes.push(Lane::begin(files, file).unwrap_or_else(|error| {
            read.unreadable.push((file, error));
            Lane { time: 0, earliest: 0, state: FileState::Read }
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
        let Lane { time, earliest, state } = &mut lanes[file];
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
            *state = FileState::Read;
            judge.ended(file);
            continue;
        }
        let received = reader.received();
        *time = received.time(0).unwrap_or(*time);
        // The last lines of a run may stand before many of the next one.
        *earliest = received.earliest(0).unwrap_or(*earliest);
        let last = received.time(available.saturating_sub(AGREEING)).unwrap_or(*time);
        let alone = next_other.is_none_or(|other| other > last.max(*time));
        let left = lanes.iter().filter(|lane| lane.is_left());
        judge.passed(left.map(|lane| lane.earliest).min().unwrap_or(0));
        let Lane { time, state: FileState::Reading(reader), .. } = &mut lanes[file] else {
            continue;
        };
        // No file overtakes another: of two copies the one that is named first is always the first.
        let count = if alone { available } else { available.min(STRIDE) };
        let count = count.min(usize::try_from(distance).unwrap_or(usize::MAX));
        judge.feed(file, reader.received(), count, reader.at_end());
        reader.take(count);
        *time = reader.received().time(0).unwrap_or(*time);
    }
    read
}

/// Lines at the end of a block that are asked for its last time.
const AGREEING: usize = 15;

impl Lane {
    /// Looks when a file begins.
    fn begin(files: &impl Files, file: usize) -> io::Result<Self> {
        let mut reader = files.open(file)?;
        // One that cannot be read further is read as far as it goes, when it is its turn.
        if reader.fill().is_err() {
            reader.give_up();
        }
        let received = reader.received();
        let time = received.time(0).unwrap_or(0);
        let earliest = received.earliest(0).unwrap_or(0);
        // Thousands of archives are not kept open.
        let again = files.reopens(file);
        let state = if again { FileState::Waiting } else { FileState::Reading(Box::new(reader)) };
        Ok(Self { time, earliest, state })
    }

    fn is_left(&self) -> bool {
        !matches!(self.state, FileState::Read)
    }
}

/// The file that is furthest behind: by its stamps, else by the lines of the run. One that goes on
/// comes before one that begins, for that may well be the next one.
fn next(lanes: &[Lane], judge: &Judge<'_>) -> Option<usize> {
    let left = lanes.iter().enumerate().filter(|(_, lane)| lane.is_left());
    let key = |(file, lane): &(usize, &Lane)| {
        (lane.time, matches!(lane.state, FileState::Waiting), judge.position(*file))
    };
    left.min_by_key(key).map(|(file, _)| file)
}

//! The threads of a verification. For each run, `expected` makes its hits again and `hash` computes the
//! hashes of their lines. If there are several pipes, a thread `drain` reads each of them ahead. The
//! main thread reads the received files and compares. No other module of a verification spawns threads.
//! A thread ends when its lines are no longer taken, or when no more come.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, Builder};

use crossbeam_channel::{Receiver, bounded};

use super::backlog::Backlog;
use super::expected::{BlockSource, Hasher, LineBlock};
use super::headers::count_headers;
use super::judge::{Judge, Judgement, Settings};
use super::merge::{Files, Read, judge_files};
use super::track::Opened;
use crate::error::{Error, Result};
use crate::format::Formatter;
use crate::recorded::hits::Hits;
use crate::recorded::run::RecordedRun;

/// How many blocks of lines are made ahead.
const WAITING: usize = 4;
/// How many blocks of a pipe are kept in memory before its turn: 16 MiB.
const BLOCKS_IN_MEMORY: usize = 256;

impl BlockSource for Receiver<LineBlock> {
    fn next_block(&mut self) -> Option<LineBlock> {
        self.recv().ok()
    }
}

/// Reads a pipe, or standard input (`-`), from now on, even before its turn. Opening a named pipe blocks
/// until a writer opens it, so this thread is not joined and ends with the process.
///
/// # Errors
/// The thread cannot be started.
pub fn drain(path: PathBuf) -> Result<Arc<Backlog>> {
    let backlog = Backlog::new(BLOCKS_IN_MEMORY, tempfile::tempfile);
    let filled = Arc::clone(&backlog);
    let fill = move || {
        let input: io::Result<Box<dyn io::Read>> = if path == Path::new("-") {
            Ok(Box::new(io::stdin()))
        } else {
            File::open(&path).map(|file| Box::new(file) as _)
        };
        filled.fill(input);
    };
    let spawned = Builder::new().name("drain".to_owned()).spawn(fill);
    spawned.map_err(|error| Error::new("start the thread", "drain", error))?;
    Ok(backlog)
}

/// Judges files of received lines by runs, of which there is at least one, the oldest first. Also
/// returns the problems of the files themselves.
///
/// # Errors
/// A thread cannot be started.
pub fn verify(
    runs: &[RecordedRun],
    files: &impl Files,
    settings: &Settings,
) -> Result<(Judgement, Read)> {
    thread::scope(|scope| {
        let mut starters = Vec::new();
        for run in runs {
            let (start, started) = bounded::<()>(0);
            // One for the thread `hash`, and one for the lines to show.
            let (logs_out, logs_in) = bounded(2);
            let (hits_out, hits_in) = bounded::<LineBlock>(WAITING);
            let (blocks_out, blocks_in) = bounded(WAITING);
            let make = move || {
                if started.recv().is_err() {
                    return;
                }
                let stream = run.stream();
                let logs = run.logs(&stream);
                let sent = logs_out.send(logs.clone()).and_then(|()| logs_out.send(logs.clone()));
                if sent.is_err() {
                    return;
                }
                let hits = Hits::new(stream, &run.gaps, run.end(), settings.block());
                let mut hits = hits.of(logs);
                hits.skip_to(settings.times.start);
                while let Some(block) = hits.next_block() {
                    if hits_out.send(LineBlock::of(block)).is_err() {
                        return;
                    }
                }
            };
            let logs = logs_in.clone();
            let hash = move || {
                let Ok(logs) = logs.recv() else { return };
                let mut hasher = Hasher::new(Formatter::new(logs));
                for mut block in hits_in {
                    hasher.hash(&mut block);
                    if blocks_out.send(block).is_err() {
                        return;
                    }
                }
            };
            let failed = |name| move |error| Error::new("start the thread", name, error);
            let thread = |name: &str| Builder::new().name(name.to_owned());
            thread("expected").spawn_scoped(scope, make).map_err(failed("expected"))?;
            thread("hash").spawn_scoped(scope, hash).map_err(failed("hash"))?;
            starters.push(Some((start, logs_in, blocks_in)));
        }
        let facts = runs.iter().map(|run| run.facts.clone()).collect();
        let mut judge = Judge::new(settings.clone(), facts, files.count(), |run: usize| {
            let starter = starters.get_mut(run).and_then(Option::take);
            let (start, logs, blocks) = starter.expect("a run is opened once");
            start.send(()).expect("it waits for the start");
            let logs = logs.recv().expect("they come before all else");
            Opened { source: Box::new(blocks), formatter: Formatter::new(logs) }
        });
        let read = judge_files(files, &mut judge);
        let mut judgement = judge.finish();
        count_headers(&mut judgement, &read.headers);
        Ok((judgement, read))
    })
}

//! The law: the stream is a pure function of configuration, seed and start.

use std::fs;
use std::sync::Arc;

use access_log_generator::LogId;
use access_log_generator::Shard;
use access_log_generator::Stream;
use access_log_generator::inside::clock::Clock;
use access_log_generator::inside::config::Config;
use access_log_generator::inside::end::End;
use access_log_generator::inside::epoch::{Beginning, Prepared};
use access_log_generator::inside::files::LogFiles;
use access_log_generator::inside::pace::Pace;
use access_log_generator::inside::pipeline::{self, Around, RunParts};
use access_log_generator::inside::retry::Retry;
use access_log_generator::inside::run_record::RunRecord;
use access_log_generator::inside::status::{RunFacts, Status};
use access_log_generator::inside::stop::Stop;
use access_log_generator::inside::stream::timestamp;

use crate::log::lines;
use crate::{START, config};

/// access.log and error.log of a whole run on all its threads.
fn run(config: &Config, seed: u64, workers: usize, lines: u64) -> (Vec<u8>, Vec<u8>) {
    let directory = tempfile::tempdir().unwrap();
    let mut config = config.clone();
    config.output.directory = Some(directory.path().to_owned());
    config.output.log_rotation = None;
    config.output.disk_monitor = None;
    let (files, _) = LogFiles::open(&config.output, None).unwrap();
    let prepared = Prepared::new(Arc::new(config.clone()), Shard::WHOLE);
    let (epoch, stream) = prepared.begin(Beginning::first(seed, START));
    let run = RunFacts::new(&config, seed, timestamp(START), Shard::WHOLE);
    let status = Arc::new(Status::new(run));
    let (_messages, messages) = crossbeam_channel::bounded(1);
    let around = Around {
        reload: None,
        steering: None,
        record: RunRecord::new(&config, &status, None),
        http: None,
        signals: None,
        progress: None,
        service_manager: None,
    };
    let parts = RunParts {
        orders: crossbeam_channel::bounded(1).1,
        epoch: Arc::new(epoch),
        stream,
        replay: None,
        files,
        clock: Clock::start(),
        pace: Pace::new(START, config.output.burst()),
        end: End::new(lines, u64::MAX),
        waits: true,
        retry: Retry::Forever,
        codec: None,
        workers,
        status: Arc::clone(&status),
        stop: Stop::default(),
        messages,
    };
    pipeline::run(parts, around).unwrap();
    assert_eq!(status.lines(), lines);
    let read = |name| fs::read(directory.path().join(name)).unwrap();
    (read("access.log"), read("error.log"))
}

#[test]
fn the_number_of_formatters_changes_no_byte() {
    let config = config(|config| config.output.rate = 20_000.0);
    let expected = lines(&config, 7, 100_000);
    for workers in [1, 2, 8, 1, 2, 8] {
        let (access, error) = run(&config, 7, workers, 100_000);
        assert!(
            access == *expected.bytes_of(LogId::ACCESS),
            "access.log with {workers} formatters"
        );
        assert!(error == *expected.bytes_of(LogId::ERROR), "error.log with {workers} formatters");
    }
}

#[test]
fn another_seed_is_another_log() {
    let (one, other) = (lines(&config(|_| {}), 1, 1_000), lines(&config(|_| {}), 2, 1_000));
    let [one, other] =
        [&one, &other].map(|lines| lines.bytes_of(LogId::ACCESS).split(|&b| b == b'\n'));
    let same = one.zip(other);
    assert!(same.filter(|(one, other)| one == other).count() <= 1);
}

#[test]
fn each_batch_size_gives_the_same_hits() {
    let config = config(|_| {});
    let mut at_once = Vec::new();
    Stream::new(&config, 5, START).fill(u64::MAX, 10_000, &mut at_once);
    let mut in_pieces = Vec::new();
    let mut stream = Stream::new(&config, 5, START);
    for (piece, time) in (0..).map(|piece| (piece, START + piece * 100_000_007)) {
        stream.fill(time, 1 + (piece % 3) as usize, &mut in_pieces);
        if in_pieces.len() >= at_once.len() {
            break;
        }
    }
    assert_eq!(in_pieces[..at_once.len()], at_once);
}

/// A million lines of the default configuration, seed 42. A change of this number is a change of
/// every user's stream: a deliberate act, noted in the change log.
const FINGERPRINT: (u64, u64) = (682_314_200_488_106_193, 12_543_863_706_086_425_630);

#[test]
fn a_million_lines_have_the_stored_fingerprint() {
    let lines = lines(&config(|_| {}), 42, 1_000_000);
    let found = (fnv(lines.bytes_of(LogId::ACCESS)), fnv(lines.bytes_of(LogId::ERROR)));
    assert_eq!(found, FINGERPRINT, "the stream has changed");
}

/// FNV-1a, 64 bits.
fn fnv(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

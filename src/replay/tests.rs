//! The steps of a run that is made again.

use super::*;
use crate::config::Config;
use crate::log_id::LogId;
use crate::shard::Shard;
use crate::status::{RunFacts, Status};
use crate::time::{SECOND, timestamp};

const START: u64 = 1_793_491_200 * SECOND;

fn gap(after_line: u64, lines: u64) -> LeftOut {
    LeftOut { after_line, lines, gap: Gap { from: START + 5, until: START + 9 } }
}

/// The record of a run that has events after these numbers of lines.
fn record(happens: impl FnOnce(&Status, &mut RunRecord)) -> RunRecord {
    let config = Config::default();
    let status = Status::new(RunFacts::new(&config, 7, timestamp(START), Shard::WHOLE));
    let mut record = RunRecord::new(&config, &status, None);
    happens(&status, &mut record);
    record.update(&status, true);
    record
}

fn replay_of(record: &RunRecord) -> Replay {
    Replay::of(record.clone(), &Config::default().output).unwrap()
}

/// An epoch with the default configuration that was told nothing.
fn epoch(beginning: Beginning) -> Next {
    let config = Arc::new(Config::default());
    Next::Epoch(Box::new(RecordedEpoch { beginning, config, acts: Vec::new() }))
}

/// The step after each number of lines, until the end.
fn course(record: RunRecord) -> Vec<Next> {
    let mut replay = replay_of(&record);
    let mut emitted = 0;
    let mut course = Vec::new();
    loop {
        let next = replay.next(emitted);
        if let Next::Lines(lines) = next {
            emitted += lines;
        }
        if next == Next::End {
            return course;
        }
        course.push(next);
    }
}

#[test]
fn a_run_without_gaps_is_its_lines() {
    let record = record(|status, _| status.wrote(LogId::ACCESS, 1_000, 1));
    assert_eq!(replay_of(&record).lines(), 1_000);
    assert_eq!(replay_of(&record).first().beginning, Beginning::first(7, START));
    assert_eq!(course(record), [Next::Lines(1_000)]);
}

#[test]
fn gaps_come_where_they_were_and_the_last_has_nothing_behind_it() {
    let record = record(|status, _| {
        status.left_out(gap(0, 3));
        status.wrote(LogId::ACCESS, 400, 1);
        status.left_out(gap(400, 12));
        status.left_out(gap(400, 5));
        status.wrote(LogId::ACCESS, 600, 1);
        status.left_out(gap(1_000, 77));
    });
    let expected = [
        Next::Gap(gap(0, 3), Behind::Lines),
        Next::Lines(400),
        Next::Gap(gap(400, 12), Behind::Lines),
        Next::Gap(gap(400, 5), Behind::Lines),
        Next::Lines(600),
        Next::Gap(gap(1_000, 77), Behind::Nothing),
    ];
    assert_eq!(course(record), expected);
}

#[test]
fn each_epoch_follows_behind_the_last_line_of_the_one_before() {
    let second = Beginning::first(7, START).following(START + SECOND, 400);
    let third = second.following(START + 2 * SECOND, 400);
    let record = record(|status, record| {
        status.wrote(LogId::ACCESS, 400, 1);
        status.left_out(gap(400, 1_000_000));
        status.begin_epoch(second, None);
        record.update(status, false);
        status.begin_epoch(third, None);
        status.wrote(LogId::ACCESS, 50, 1);
        status.left_out(gap(450, 2));
        status.wrote(LogId::ACCESS, 10, 1);
    });
    assert_eq!((record.seed, record.lines, record.continues), (third.seed, 60, true));
    assert_eq!(record.gaps[0].after_line, 50);
    let replay = replay_of(&record);
    assert_eq!((replay.lines(), replay.is_without_its_beginning()), (460, false));
    let expected = [
        Next::Lines(400),
        Next::Gap(gap(400, 1_000_000), Behind::Nothing),
        // The second epoch had no line, so it is not remembered.
        epoch(Beginning { after_line: 400, ..third }),
        Next::Lines(50),
        Next::Gap(gap(450, 2), Behind::Lines),
        Next::Lines(10),
    ];
    assert_eq!(course(record), expected);
}

#[test]
fn the_run_before_it_is_another_one() {
    let before = record(|status, _| status.wrote(LogId::ACCESS, 9, 1));
    let config = Config::default();
    let status = Status::new(RunFacts::new(&config, 8, timestamp(START), Shard::WHOLE));
    let mut record = RunRecord::new(&config, &status, Some(before));
    status.wrote(LogId::ACCESS, 5, 1);
    record.update(&status, true);
    assert_eq!(course(record), [Next::Lines(5)]);
}

#[test]
fn a_run_of_more_epochs_than_are_remembered_is_without_its_beginning() {
    let record = record(|status, _| {
        for number in 1..=150 {
            status.wrote(LogId::ACCESS, 10, 1);
            let start = START + number * SECOND;
            status.begin_epoch(status.epoch().following(start, 10 * number), None);
        }
        status.wrote(LogId::ACCESS, 10, 1);
    });
    let replay = replay_of(&record);
    assert_eq!((replay.lines(), replay.is_without_its_beginning()), (1_110, true));
}

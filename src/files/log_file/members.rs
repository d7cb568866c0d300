//! A log of members is written, rotated and repaired as one of lines is, whatever fails.

use std::io::{ErrorKind, Read};

use flate2::bufread::MultiGzDecoder;

use super::super::faulty::{Call, Fault, Faulty};
use super::tests::{START, rotation};
use super::*;
use crate::codec::Codec;
use crate::config::{RotationPeriod, RotationUnit};
use crate::format::Mark;
use crate::pack::{Packed, Packer};
use crate::time::{SECOND, Time};

const PATH: &str = "/logs/access.log.gz";
/// The time of the first line of each member: two of one minute, then one of the next.
const TIMES: [Time; 3] = [START, START + 10 * SECOND, START + 30 * SECOND];

fn open(storage: &Faulty, max_bytes: Option<u64>) -> LogFile<Faulty> {
    let every = RotationPeriod { when: RotationUnit::Minute, interval: 1 };
    let rotation = rotation(max_bytes, Some(every));
    LogFile::open(storage, PATH.into(), rotation, Unit::Member(Codec::Gzip).into()).unwrap().0
}

/// A batch of three members, each of one line.
fn batch() -> Packed {
    let lines = b"the first\nthe second\nthe third\n";
    let marks = [0, 10, 21].into_iter().zip(TIMES).map(|(offset, time)| Mark { offset, time });
    let marks: Vec<_> = marks.collect();
    let mut packed = Packed::new(Codec::Gzip);
    Packer::new(Codec::Gzip).pack(lines, &marks, |time| time + 1, &mut packed);
    assert_eq!(packed.marks.len(), 3);
    packed
}

pub fn unpacked(storage: &Faulty, path: &str) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(&*storage.content(path)).read_to_string(&mut text).unwrap();
    text
}

#[test]
fn wherever_a_write_fails_the_batch_goes_on_there_and_each_file_has_whole_members() {
    let batch = batch();
    for at in 1..batch.bytes.len() {
        let storage = Faulty::default();
        let mut log = open(&storage, None);
        storage.plan(Call::Write, [Fault::Short(at), Fault::Error(ErrorKind::StorageFull)]);
        if log.append(Lines::packed(&batch)).is_err() {
            log.append(Lines::packed(&batch)).unwrap();
        }
        let first = unpacked(&storage, "/logs/access.log-20241010T135536.gz");
        assert_eq!(first, "the first\nthe second\n", "{at}");
        assert_eq!(unpacked(&storage, PATH), "the third\n", "{at}");
    }
}

#[test]
fn to_give_up_leaves_whole_members_and_tells_which_of_the_batch_they_are() {
    let batch = batch();
    let ends = [batch.marks[1].offset, batch.marks[2].offset];
    for at in 1..ends[1] {
        let storage = Faulty::default();
        let mut log = open(&storage, None);
        storage.plan(Call::Write, [Fault::Short(at), Fault::Error(ErrorKind::StorageFull)]);
        log.append(Lines::packed(&batch)).unwrap_err();
        let written = log.give_up().unwrap();
        assert_eq!(written, if at < ends[0] { 0 } else { ends[0] }, "{at}");
        assert_eq!(storage.content(PATH), &batch.bytes[..written], "{at}");
        assert_eq!(batch.plain_within(written), if at < ends[0] { 0 } else { 10 }, "{at}");
    }
}

#[test]
fn after_a_crash_the_log_goes_on_behind_the_last_whole_member_in_the_period_that_it_has() {
    let batch = batch();
    let second = batch.marks[1].offset;
    let storage = Faulty::default();
    let mut log = open(&storage, None);
    storage.plan(Call::Write, [Fault::Crash(second + 5)]);
    log.append(Lines::packed(&batch)).unwrap_err();
    storage.restart();
    let (mut log, cut) = {
        let every = RotationPeriod { when: RotationUnit::Minute, interval: 1 };
        let rotation = rotation(None, Some(every));
        LogFile::open(&storage, PATH.into(), rotation, Unit::Member(Codec::Gzip).into()).unwrap()
    };
    let told = cut.unwrap().to_string();
    assert_eq!(told, "Cut a torn last member of 5 bytes off /logs/access.log.gz");
    log.append(Lines::packed(&batch)).unwrap();
    let first = unpacked(&storage, "/logs/access.log-20241010T135536.gz");
    assert_eq!(first, "the first\nthe first\nthe second\n");
    assert_eq!(unpacked(&storage, PATH), "the third\n");
}

#[test]
fn a_file_is_full_when_the_next_member_does_not_fit() {
    let batch = batch();
    let storage = Faulty::default();
    let most = batch.marks[1].offset as u64 + 3;
    open(&storage, Some(most)).append(Lines::packed(&batch)).unwrap();
    let names =
        ["/logs/access.log-20241010T135536.gz", "/logs/access.log-20241010T135546.gz", PATH];
    let found = names.map(|name| unpacked(&storage, name));
    assert_eq!(found, ["the first\n", "the second\n", "the third\n"]);
}

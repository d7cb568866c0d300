//! Each file of a format with a header begins with it, whatever becomes of the files.

use std::io::ErrorKind;

use super::super::faulty::{Call, Fault, Faulty};
use super::members::unpacked;
use super::tests::{START, rotation};
use super::*;
use crate::codec::Codec;
use crate::format::Mark;
use crate::log_format::FileHeader;
use crate::pack::{Packed, Packer};
use crate::time::{SECOND, Time};

const PATH: &str = "/logs/access.log";
const HEADER: &str = "#Date: 2024-10-10 13:55:36\n#Fields: a\n";

fn content(unit: Unit) -> FileContent {
    let header = FileHeader::of("#Date: ${utc:%F %T}\n#Fields: a\n");
    FileContent { header, ..unit.into() }
}

fn open(storage: &Faulty, max_bytes: Option<u64>) -> LogFile<Faulty> {
    let content = content(Unit::Line);
    LogFile::open(storage, PATH.into(), rotation(max_bytes, None), content).unwrap().0
}

fn append_at(log: &mut LogFile<Faulty>, time: Time, lines: &str) -> Result<()> {
    log.append(Lines::plain(lines.as_bytes(), &[Mark { offset: 0, time }]))
}

fn append(log: &mut LogFile<Faulty>, lines: &str) -> Result<()> {
    append_at(log, START, lines)
}

fn text(storage: &Faulty, path: &str) -> String {
    String::from_utf8(storage.content(path)).unwrap()
}

#[test]
fn a_header_comes_with_the_first_lines_in_one_write_and_never_again() {
    let storage = Faulty::default();
    let mut log = open(&storage, None);
    assert_eq!(text(&storage, PATH), "");
    append(&mut log, "1\n2\n").unwrap();
    assert_eq!(storage.calls(Call::Write), 1);
    append(&mut log, "3\n").unwrap();
    drop(log);
    append(&mut open(&storage, None), "4\n").unwrap();
    assert_eq!(text(&storage, PATH), format!("{HEADER}1\n2\n3\n4\n"));
}

#[test]
fn every_file_of_a_rotation_begins_with_the_header_of_its_own_first_line_and_counts_it() {
    let storage = Faulty::default();
    let mut log = open(&storage, Some(HEADER.len() as u64 + 4));
    append(&mut log, "1\n2\n").unwrap();
    append_at(&mut log, START + SECOND, "3\n4\n5\n").unwrap();
    let later = HEADER.replace(":36", ":37");
    for (path, expected) in [
        ("/logs/access.log-20241010T135536", format!("{HEADER}1\n2\n")),
        ("/logs/access.log-20241010T135537", format!("{later}3\n4\n")),
        (PATH, format!("{later}5\n")),
    ] {
        assert_eq!(text(&storage, path), expected, "{path}");
    }
}

#[test]
fn a_limit_smaller_than_the_header_still_leaves_a_line_in_each_file() {
    let storage = Faulty::default();
    append(&mut open(&storage, Some(1)), "1\n2\n").unwrap();
    let rotated = text(&storage, "/logs/access.log-20241010T135536");
    assert_eq!(
        [rotated, text(&storage, PATH)],
        ["1\n", "2\n"].map(|line| format!("{HEADER}{line}"))
    );
}

#[test]
fn a_write_that_ends_anywhere_in_the_header_goes_on_there() {
    for at in 1..HEADER.len() + 3 {
        let storage = Faulty::default();
        // If the beginning of the header counted as a line, the file would be full and rotate here.
        let mut log = open(&storage, Some(1));
        storage.plan(Call::Write, [Fault::Short(at), Fault::Error(ErrorKind::StorageFull)]);
        append(&mut log, "123\n").unwrap_err();
        assert_eq!(text(&storage, PATH).len(), at);
        append(&mut log, "123\n").unwrap();
        assert_eq!(text(&storage, PATH), format!("{HEADER}123\n"), "{at}");
    }
}

#[test]
fn a_crash_or_giving_up_leaves_no_header_alone() {
    for at in 1..HEADER.len() + 3 {
        for crashes in [true, false] {
            let storage = Faulty::default();
            let mut log = open(&storage, None);
            let faults = [Fault::Short(at), Fault::Error(ErrorKind::StorageFull)];
            if crashes {
                storage.plan(Call::Write, [Fault::Crash(at)]);
            } else {
                storage.plan(Call::Write, faults);
            }
            append(&mut log, "123\n").unwrap_err();
            if crashes {
                storage.restart();
                log = open(&storage, None);
            } else {
                assert_eq!(log.give_up().unwrap(), 0);
            }
            assert_eq!(text(&storage, PATH), "", "{at}");
            append_at(&mut log, START + SECOND, "4\n").unwrap();
            let expected = HEADER.replace(":36", ":37") + "4\n";
            assert_eq!(text(&storage, PATH), expected, "{at}, {crashes}");
        }
    }
}

#[test]
fn a_file_in_the_place_of_one_that_was_taken_away_or_emptied_begins_with_a_header_too() {
    let storage = Faulty::default();
    let mut log = open(&storage, None);
    append(&mut log, "1\n").unwrap();
    storage.move_away(PATH, "/away/access.log");
    log.check().unwrap();
    append(&mut log, "2\n").unwrap();
    assert_eq!(text(&storage, PATH), format!("{HEADER}2\n"));
    storage.empty(PATH);
    log.check().unwrap();
    append(&mut log, "3\n").unwrap();
    assert_eq!(text(&storage, PATH), format!("{HEADER}3\n"));
}

/// A program that copies and truncates the file does so between two lines, and more lines may follow before it is noticed.
#[test]
fn where_a_truncation_is_noticed_late_the_header_comes_before_the_next_line() {
    let storage = Faulty::default();
    let mut log = open(&storage, None);
    append(&mut log, "1\n2\n").unwrap();
    storage.empty(PATH);
    append(&mut log, "3\n").unwrap();
    log.check().unwrap();
    append(&mut log, "4\n").unwrap();
    append(&mut log, "5\n").unwrap();
    assert_eq!(text(&storage, PATH), format!("3\n{HEADER}4\n5\n"));
}

#[test]
fn the_first_member_of_a_packed_file_is_its_header() {
    let unit = Unit::Member(Codec::Gzip);
    let path = "/logs/access.log.gz";
    let open = |storage: &Faulty| {
        LogFile::open(storage, path.into(), rotation(None, None), content(unit)).unwrap().0
    };
    let mut packed = Packed::new(Codec::Gzip);
    let marks = [Mark { offset: 0, time: START }];
    Packer::new(Codec::Gzip).pack(b"1\n", &marks, |_| Time::MAX, &mut packed);
    let storage = Faulty::default();
    let mut log = open(&storage);
    log.append(Lines::packed(&packed)).unwrap();
    assert_eq!(storage.calls(Call::Write), 1);
    log.append(Lines::packed(&packed)).unwrap();
    drop(log);
    assert_eq!(unpacked(&storage, path), format!("{HEADER}1\n1\n"));
    let whole = storage.content(path).len();
    let lines = 2 * packed.bytes.len();
    for at in 1..whole - lines + 1 {
        let storage = Faulty::default();
        let mut log = open(&storage);
        storage.plan(Call::Write, [Fault::Crash(at)]);
        log.append(Lines::packed(&packed)).unwrap_err();
        storage.restart();
        open(&storage).append(Lines::packed(&packed)).unwrap();
        assert_eq!(unpacked(&storage, path), format!("{HEADER}1\n"), "{at}");
    }
}

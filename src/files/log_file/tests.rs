use std::io::ErrorKind;

use jiff::tz::TimeZone;

use super::super::faulty::{Call, Fault, Faulty, FaultyFile};
use super::*;
use crate::config::{LogRotation, Output, RotationPeriod, RotationUnit};
use crate::format::Mark;
use crate::time::{SECOND, Time};

const PATH: &str = "/logs/access.log";

/// 2024-10-10T13:55:36Z.
pub const START: Time = 1_728_568_536 * SECOND;

pub fn rotation(max_bytes: Option<u64>, every: Option<RotationPeriod>) -> Rotation {
    let log_rotation = Some(LogRotation { max_bytes, every, ..LogRotation::default() });
    let output = crate::config::Config::default().output;
    Rotation::new(&Output { log_rotation, timezone: TimeZone::UTC, ..output })
}

fn open_rotating(storage: &Faulty, max_bytes: u64) -> LogFile<Faulty> {
    let every = RotationPeriod { when: RotationUnit::Minute, interval: 1 };
    LogFile::open(storage, PATH.into(), rotation(Some(max_bytes), Some(every)), Unit::Line.into())
        .unwrap()
        .0
}

fn open(storage: &Faulty) -> LogFile<Faulty> {
    open_rotating(storage, u64::MAX)
}

fn append_at(file: &mut LogFile<Faulty>, time: Time, bytes: &[u8]) -> Result<()> {
    file.append(Lines::plain(bytes, &[Mark { offset: 0, time }]))
}

fn append(file: &mut LogFile<Faulty>, bytes: &[u8]) -> Result<()> {
    append_at(file, START, bytes)
}

/// A short description of a change.
fn changes(file: &mut LogFile<Faulty>) -> Vec<String> {
    let change = |change: Change<FaultyFile>| match change {
        Change::Rotated { to, .. } => to.display().to_string(),
        Change::Replaced { path, asked: true, .. } => format!("{} is reopened", path.display()),
        Change::Replaced { path, .. } => format!("{} was taken away", path.display()),
        Change::Recovered(recovered) => recovered.to_string(),
        Change::Pinned(path) => format!("{} is pinned", path.display()),
    };
    file.changes().into_iter().map(change).collect()
}

#[test]
fn a_batch_that_failed_midway_continues_where_it_stopped() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    storage.plan(Call::Write, [Fault::Short(3), Fault::Error(ErrorKind::StorageFull)]);
    let error = append(&mut file, b"first\nsecond\n").unwrap_err();
    assert_eq!(error.to_string(), "cannot write to /logs/access.log: no storage space");
    assert_eq!(error.kind(), ErrorKind::StorageFull);
    assert_eq!(storage.content(PATH), b"fir");
    append(&mut file, b"first\nsecond\n").unwrap();
    append(&mut file, b"third\n").unwrap();
    assert_eq!(storage.content(PATH), b"first\nsecond\nthird\n");
}

#[test]
fn an_interrupted_write_is_repeated_at_once() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    storage.plan(Call::Write, [Fault::Error(ErrorKind::Interrupted)]);
    append(&mut file, b"line\n").unwrap();
    assert_eq!(storage.content(PATH), b"line\n");
}

#[test]
fn a_write_that_takes_no_byte_is_an_error_and_not_a_busy_loop() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    storage.plan(Call::Write, [Fault::Short(0)]);
    let error = append(&mut file, b"line\n").unwrap_err();
    assert_eq!(error.to_string(), "cannot write to /logs/access.log: no byte was accepted");
}

#[test]
fn an_empty_batch_writes_nothing() {
    let storage = Faulty::default();
    open(&storage).append(Lines::plain(b"", &[])).unwrap();
    assert_eq!(storage.calls(Call::Write), 0);
}

#[test]
fn each_call_that_fails_at_start_is_named() {
    let cut = "cannot cut the torn last line of /logs/access.log: permission denied";
    for (call, message) in [
        (Call::Open, "cannot open /logs/access.log: permission denied"),
        (Call::FileIdentity, "cannot look at /logs/access.log: permission denied"),
        (Call::Size, cut),
        (Call::Read, cut),
        (Call::Truncate, cut),
        (Call::Modified, "cannot read /logs/access.log: permission denied"),
        (Call::List, "cannot list /logs: permission denied"),
    ] {
        let storage = Faulty::default();
        storage.put(PATH, b"whole\ntorn");
        storage.plan(call, [Fault::Error(ErrorKind::PermissionDenied)]);
        let error = LogFile::open(&storage, PATH.into(), rotation(None, None), Unit::Line.into())
            .unwrap_err();
        assert_eq!(error.to_string(), message, "{call:?}");
    }
}

#[test]
fn a_full_file_gets_the_name_of_its_first_line_and_a_new_one_follows() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 14);
    append(&mut file, b"first\nsecond\nthird\n").unwrap();
    append_at(&mut file, START + 24 * SECOND, b"next minute\n").unwrap();
    let [first, second] =
        ["/logs/access.log-20241010T135536", "/logs/access.log-20241010T135536.001"];
    assert_eq!(changes(&mut file), [first, second]);
    assert_eq!(storage.content(first), b"first\nsecond\n");
    assert_eq!(storage.content(second), b"third\n");
    assert_eq!(storage.content(PATH), b"next minute\n");
}

#[test]
fn the_old_file_can_be_synced_when_it_is_handed_over() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 6);
    append(&mut file, b"first\nsecond\n").unwrap();
    assert_eq!(storage.calls(Call::Sync), 0);
    let Some(Change::Rotated { mut file, .. }) = file.changes().into_iter().next() else {
        panic!("the file was rotated");
    };
    file.sync().unwrap();
    assert_eq!(file.size().unwrap(), 6);
}

#[test]
fn a_rotation_that_fails_at_any_call_goes_on_from_there() {
    for (call, message) in [
        (Call::PathIdentity, "cannot look at /logs/access.log: permission denied"),
        (
            Call::Rename,
            "cannot rename /logs/access.log: it would become /logs/access.log-20241010T135536: \
             permission denied",
        ),
        (Call::Open, "cannot open /logs/access.log: permission denied"),
    ] {
        let storage = Faulty::default();
        let mut file = open_rotating(&storage, 6);
        storage.plan(call, [Fault::Error(ErrorKind::PermissionDenied)]);
        let error = append(&mut file, b"first\nsecond\n").unwrap_err();
        assert_eq!(error.to_string(), message, "{call:?}");
        append(&mut file, b"first\nsecond\n").unwrap();
        assert_eq!(storage.content("/logs/access.log-20241010T135536"), b"first\n");
        assert_eq!(storage.content(PATH), b"second\n");
    }
}

#[test]
fn a_file_found_at_start_belongs_to_the_period_of_its_first_line() {
    let storage = Faulty::default();
    let old = b"::1 - - [10/Oct/2024:13:54:59 +0000] \"GET / HTTP/1.1\" 200 1 \"-\" \"-\"\n";
    storage.put(PATH, old);
    storage.set_modified(START);
    let mut file = open(&storage);
    append(&mut file, b"line\n").unwrap();
    assert_eq!(storage.content("/logs/access.log-20241010T135459"), old);
    assert_eq!(storage.content(PATH), b"line\n");
}

#[test]
fn a_file_whose_lines_have_no_time_belongs_to_the_period_it_was_last_written_in() {
    let storage = Faulty::default();
    storage.put(PATH, b"notes\n");
    storage.set_modified(START);
    let mut file = open(&storage);
    append_at(&mut file, START + 23 * SECOND, b"same minute\n").unwrap();
    append_at(&mut file, START + 24 * SECOND, b"next\n").unwrap();
    assert_eq!(storage.content("/logs/access.log-20241010T135536"), b"notes\nsame minute\n");
}

#[test]
fn lines_of_a_period_before_that_of_the_file_begin_a_new_one() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    append_at(&mut file, START, b"an earlier run\n").unwrap();
    append_at(&mut file, START - 30 * SECOND, b"same minute\n").unwrap();
    append_at(&mut file, START - 60 * SECOND, b"the minute before\n").unwrap();
    append_at(&mut file, START, b"next minute\n").unwrap();
    let names = ["", ".001"].map(|number| format!("/logs/access.log-20241010T135536{number}"));
    assert_eq!(changes(&mut file), names);
    assert_eq!(storage.content(&names[0]), b"an earlier run\nsame minute\n");
    assert_eq!(storage.content(&names[1]), b"the minute before\n");
    assert_eq!(storage.content(PATH), b"next minute\n");
}

#[test]
fn a_name_that_somebody_took_is_passed_over() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 6);
    storage.put("/logs/access.log-20241010T135536", b"theirs\n");
    storage.put_link("/logs/access.log-20241010T135536.001", b"theirs too\n");
    append(&mut file, b"first\nsecond\n").unwrap();
    assert_eq!(changes(&mut file), ["/logs/access.log-20241010T135536.002"]);
    assert_eq!(storage.content("/logs/access.log-20241010T135536"), b"theirs\n");
    assert_eq!(storage.content("/logs/access.log-20241010T135536.001"), b"theirs too\n");
}

#[test]
fn files_of_one_second_have_names_of_their_own_even_if_the_first_is_an_archive_by_then() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 4);
    append_at(&mut file, START + 1, b"one\n").unwrap();
    append_at(&mut file, START + 2, b"two\n").unwrap();
    let name = "/logs/access.log-20241010T135536";
    storage.move_away(name, format!("{name}.gz"));
    append_at(&mut file, START + 3, b"three\n").unwrap();
    assert_eq!(changes(&mut file), [name.to_owned(), format!("{name}.001")]);
}

#[test]
fn names_go_on_behind_those_that_are_there() {
    let storage = Faulty::default();
    storage.put("/logs/access.log-20241010T140000.007.gz", b"");
    let mut file = open_rotating(&storage, 6);
    append(&mut file, b"first\nsecond\n").unwrap();
    assert_eq!(changes(&mut file), ["/logs/access.log-20241010T140000.008"]);
}

#[test]
fn a_log_behind_a_link_is_written_to_but_not_renamed() {
    let storage = Faulty::default();
    storage.put_link(PATH, b"");
    let mut file = open_rotating(&storage, 6);
    append(&mut file, b"first\nsecond\n").unwrap();
    file.check().unwrap();
    assert_eq!(storage.content(PATH), b"first\nsecond\n");
    assert!(changes(&mut file).is_empty());
}

#[test]
fn a_log_that_something_is_mounted_on_is_written_to_but_not_renamed() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 10);
    storage.plan(Call::Rename, [Fault::Error(ErrorKind::ResourceBusy)]);
    for line in [b"first__\n", b"second_\n", b"third__\n"] {
        append(&mut file, line).unwrap();
    }
    assert_eq!(storage.content(PATH), b"first__\nsecond_\nthird__\n");
    assert_eq!(changes(&mut file), ["/logs/access.log is pinned"]);
}

#[test]
fn a_file_that_somebody_renamed_keeps_its_lines_and_a_new_one_follows() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    append(&mut file, b"first\n").unwrap();
    storage.move_away(PATH, "/logs/access.log.1");
    append(&mut file, b"second\n").unwrap();
    file.check().unwrap();
    append(&mut file, b"third\n").unwrap();
    assert_eq!(storage.content("/logs/access.log.1"), b"first\nsecond\n");
    assert_eq!(storage.content(PATH), b"third\n");
    assert_eq!(changes(&mut file), ["/logs/access.log was taken away"]);
}

#[test]
fn a_file_that_was_moved_is_reopened_when_asked_and_one_in_its_place_stays_open() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    append(&mut file, b"first\n").unwrap();
    file.reopen().unwrap();
    assert_eq!(changes(&mut file), [""; 0]);
    storage.move_away(PATH, "/logs/access.log.1");
    storage.plan(Call::Open, [Fault::Error(ErrorKind::PermissionDenied)]);
    let error = file.reopen().unwrap_err().to_string();
    assert_eq!(error, "cannot open /logs/access.log: permission denied");
    file.reopen().unwrap();
    append(&mut file, b"second\n").unwrap();
    assert_eq!(storage.content("/logs/access.log.1"), b"first\n");
    assert_eq!(storage.content(PATH), b"second\n");
    assert_eq!(changes(&mut file), ["/logs/access.log is reopened"]);
}

#[test]
fn a_file_that_somebody_put_in_the_place_is_written_to() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    append(&mut file, b"first\n").unwrap();
    storage.put(PATH, b"theirs\ntorn");
    storage.set_modified(START);
    file.check().unwrap();
    append(&mut file, b"second\n").unwrap();
    assert_eq!(storage.content(PATH), b"theirs\nsecond\n");
    let cut = "Cut a torn last line of 4 bytes off /logs/access.log";
    assert_eq!(changes(&mut file), ["/logs/access.log was taken away", cut]);
}

#[test]
fn a_file_that_somebody_else_put_there_is_not_renamed_in_our_name() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 6);
    append(&mut file, b"first\n").unwrap();
    storage.move_away(PATH, "/logs/access.log.1");
    storage.put(PATH, b"");
    append(&mut file, b"second\n").unwrap();
    assert_eq!(storage.content("/logs/access.log.1"), b"first\n");
    assert_eq!(storage.content(PATH), b"second\n");
    assert_eq!(changes(&mut file), ["/logs/access.log was taken away"]);
}

#[test]
fn nothing_is_appended_while_nobody_knows_where_the_file_is() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    let denied = [Fault::Error(ErrorKind::PermissionDenied); 2];
    storage.plan(Call::PathIdentity, denied);
    let error = file.check().unwrap_err().to_string();
    assert_eq!(error, "cannot look at /logs/access.log: permission denied");
    append(&mut file, b"line\n").unwrap_err();
    assert_eq!(storage.content(PATH), b"");
    append(&mut file, b"line\n").unwrap();
    assert_eq!(storage.content(PATH), b"line\n");
}

#[test]
fn the_directory_is_made_again() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    storage.take_away("/logs");
    storage.plan(Call::CreateDir, [Fault::Error(ErrorKind::ReadOnlyFilesystem)]);
    let error = file.check().unwrap_err().to_string();
    assert_eq!(error, "cannot open /logs/access.log: read-only filesystem or storage medium");
    append(&mut file, b"line\n").unwrap();
    assert_eq!(storage.content(PATH), b"line\n");
}

#[test]
fn a_line_that_was_not_whole_when_its_file_was_taken_goes_to_the_new_one() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    storage.plan(Call::Write, [Fault::Short(8), Fault::Error(ErrorKind::StorageFull)]);
    append(&mut file, b"first\nsecond\n").unwrap_err();
    storage.move_away(PATH, "/logs/access.log.1");
    assert_eq!(storage.content("/logs/access.log.1"), b"first\nse");
    storage.plan(Call::Truncate, [Fault::Error(ErrorKind::ReadOnlyFilesystem)]);
    let error = append(&mut file, b"first\nsecond\n").unwrap_err().to_string();
    assert_eq!(
        error,
        "cannot cut the torn last line of the old /logs/access.log: read-only filesystem or \
         storage medium"
    );
    append(&mut file, b"first\nsecond\n").unwrap();
    assert_eq!(storage.content("/logs/access.log.1"), b"first\n");
    assert_eq!(storage.content(PATH), b"second\n");
}

#[test]
fn a_file_that_somebody_truncated_is_measured_anew() {
    let storage = Faulty::default();
    let mut file = open_rotating(&storage, 12);
    append(&mut file, b"first\nsecon\n").unwrap();
    storage.empty(PATH);
    file.check().unwrap();
    append(&mut file, b"third\nforth\n").unwrap();
    assert_eq!(storage.content(PATH), b"third\nforth\n");
    assert!(changes(&mut file).is_empty());
}

#[test]
fn a_line_that_was_not_whole_when_its_file_was_truncated_is_written_whole() {
    let storage = Faulty::default();
    let mut file = open(&storage);
    storage.plan(Call::Write, [Fault::Short(8), Fault::Error(ErrorKind::StorageFull)]);
    append(&mut file, b"first\nsecond\n").unwrap_err();
    storage.empty(PATH);
    append(&mut file, b"first\nsecond\n").unwrap();
    assert_eq!(storage.content(PATH), b"second\n");
}

//! The logs of a run together: how they are created, opened, taken away and given up.

use std::{fs, io};

use tempfile::TempDir;

use super::faulty::{Call, Fault, Faulty};
use super::lines::Unit;
use super::*;
use crate::format::Mark;
use crate::log_id::{ACCESS_LOG, ERROR_LOG, SYSTEM_LOG};

fn directory() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn output(directory: &Path) -> config::Output {
    config::Output { directory: Some(directory.to_owned()), ..config::Config::default().output }
}

fn open(directory: &Path) -> Result<(LogFiles, Vec<Recovered>)> {
    LogFiles::open(&output(directory), None)
}

fn lines(bytes: &[u8]) -> Lines<'_> {
    Lines::plain(bytes, &[Mark { offset: 0, time: 0 }])
}

#[test]
fn the_files_and_their_parents_are_created() {
    let root = directory();
    let logs = root.path().join("a/b");
    let (_files, recovered) = open(&logs).unwrap();
    assert!(recovered.is_empty());
    for name in [ACCESS_LOG, ERROR_LOG, SYSTEM_LOG] {
        assert_eq!(fs::read(logs.join(name)).unwrap(), b"", "{name}");
    }
}

#[test]
fn each_batch_goes_to_its_own_file_after_what_is_there() {
    let root = directory();
    fs::write(root.path().join(ACCESS_LOG), "old\n").unwrap();
    let (mut files, _) = open(root.path()).unwrap();
    files.append(LogId::ACCESS, lines(b"hit\n")).unwrap();
    files.append(LogId::ERROR, lines(b"failure\n")).unwrap();
    files.append(LogId::SYSTEM, lines(b"message\n")).unwrap();
    files.sync().unwrap();
    let text = |name| fs::read_to_string(root.path().join(name)).unwrap();
    assert_eq!(text(ACCESS_LOG), "old\nhit\n");
    assert_eq!(text(ERROR_LOG), "failure\n");
    assert_eq!(text(SYSTEM_LOG), "message\n");
}

#[test]
fn a_torn_last_line_is_cut_off_at_start() {
    let root = directory();
    let path = root.path().join(ERROR_LOG);
    fs::write(&path, "whole\nhal").unwrap();
    let (_files, recovered) = open(root.path()).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "whole\n");
    assert_eq!(recovered, [Recovered { path, unit: Unit::Line, bytes: 3 }]);
}

#[test]
fn a_second_instance_touches_nothing() {
    let root = directory();
    let (_first, _) = open(root.path()).unwrap();
    let path = root.path().join(ACCESS_LOG);
    fs::write(&path, "whole\nin flight").unwrap();
    let refusal = open(root.path()).unwrap_err().to_string();
    assert_eq!(
        refusal,
        format!(
            "cannot lock {}: another access-log-generator (pid {}) writes there; stop it, or \
             choose another directory",
            root.path().display(),
            std::process::id()
        )
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), "whole\nin flight");
}

#[test]
fn a_sync_that_fails_does_not_keep_the_others_from_being_synced() {
    let root = directory();
    let storage = Faulty::default();
    let (mut files, _) = LogFiles::open_on(&storage, &output(root.path()), None).unwrap();
    storage.plan(Call::Sync, [Fault::Error(io::ErrorKind::StorageFull)]);
    let error = files.sync().unwrap_err().to_string();
    assert_eq!(
        error,
        format!("cannot sync {}/access.log: no storage space", root.path().display())
    );
    assert_eq!(storage.calls(Call::Sync), 3);
}

#[test]
fn a_file_that_cannot_be_opened_is_named() {
    let root = directory();
    fs::create_dir(root.path().join(ERROR_LOG)).unwrap();
    let error = open(root.path()).unwrap_err().to_string();
    assert_eq!(
        error,
        format!("cannot open {}/error.log: Is a directory (os error 21)", root.path().display())
    );
}

#[test]
fn a_directory_that_was_removed_is_made_again_and_locked() {
    let root = directory();
    let logs = root.path().join("logs");
    let (mut files, _) = open(&logs).unwrap();
    files.append(LogId::ACCESS, lines(b"before\n")).unwrap();
    fs::remove_dir_all(&logs).unwrap();
    files.check().unwrap();
    files.append(LogId::ACCESS, lines(b"after\n")).unwrap();
    assert_eq!(fs::read_to_string(logs.join(ACCESS_LOG)).unwrap(), "after\n");
    assert_eq!(files.changes().count(), 3);
    let refusal = open(&logs).unwrap_err().to_string();
    assert!(refusal.contains("another access-log-generator"), "{refusal}");
}

#[test]
fn a_batch_goes_to_the_file_that_somebody_has_just_put_in_the_place() {
    let root = directory();
    let path = root.path().join(ACCESS_LOG);
    let (mut files, _) = open(root.path()).unwrap();
    fs::rename(&path, root.path().join("old")).unwrap();
    fs::write(&path, "").unwrap();
    files.append(LogId::ACCESS, lines(b"line\n")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "line\n");
    assert_eq!(fs::read_to_string(root.path().join("old")).unwrap(), "");
}

#[test]
fn whoever_takes_a_file_has_one_batch_of_time_to_put_a_new_one_there() {
    let root = directory();
    let path = root.path().join(ACCESS_LOG);
    let (mut files, _) = open(root.path()).unwrap();
    fs::rename(&path, root.path().join("old")).unwrap();
    files.append(LogId::ACCESS, lines(b"first\n")).unwrap();
    assert_eq!(fs::read_to_string(root.path().join("old")).unwrap(), "first\n");
    files.append(LogId::ACCESS, lines(b"second\n")).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "second\n");
}

#[test]
fn files_that_are_reopened_are_new_ones_at_once_also_where_none_was_put() {
    let root = directory();
    let (mut files, _) = open(root.path()).unwrap();
    files.append(LogId::ACCESS, lines(b"first\n")).unwrap();
    for name in [ACCESS_LOG, SYSTEM_LOG] {
        fs::rename(root.path().join(name), root.path().join(format!("{name}.1"))).unwrap();
    }
    files.reopen().unwrap();
    let asked = |change: Change<_>| match change {
        Change::Replaced { asked, .. } => asked,
        other => panic!("{other:?}"),
    };
    assert_eq!(files.changes().map(asked).collect::<Vec<_>>(), [true, true]);
    files.append(LogId::ACCESS, lines(b"second\n")).unwrap();
    files.append(LogId::SYSTEM, lines(b"message\n")).unwrap();
    let text = |name| fs::read_to_string(root.path().join(name)).unwrap();
    assert_eq!((&*text("access.log.1"), &*text(ACCESS_LOG)), ("first\n", "second\n"));
    assert_eq!((&*text("system.log.1"), &*text(SYSTEM_LOG)), ("", "message\n"));
}

#[test]
fn a_pipe_is_left_for_what_stands_in_its_place_only_when_asked() {
    let root = directory();
    let path = root.path().join(ACCESS_LOG);
    assert!(std::process::Command::new("mkfifo").arg(&path).status().unwrap().success());
    // Opened for both: a reader alone would wait for a writer.
    let mut pipe = fs::OpenOptions::new().read(true).write(true).open(&path).unwrap();
    let (mut files, _) = open(root.path()).unwrap();
    files.append(LogId::ACCESS, lines(b"first\n")).unwrap();
    files.reopen().unwrap();
    assert_eq!(files.changes().count(), 0, "the pipe is in its place");
    fs::remove_file(&path).unwrap();
    files.check().unwrap();
    files.append(LogId::ACCESS, lines(b"second\n")).unwrap();
    files.reopen().unwrap();
    files.append(LogId::ACCESS, lines(b"third\n")).unwrap();
    let mut piped = [0; 13];
    io::Read::read_exact(&mut pipe, &mut piped).unwrap();
    assert_eq!(&piped, b"first\nsecond\n");
    assert_eq!(fs::read_to_string(&path).unwrap(), "third\n");
}

#[test]
fn no_line_goes_into_the_files_of_another_instance() {
    let root = directory();
    let (mut files, _) = open(root.path()).unwrap();
    for name in [lock::LOCK_FILE, ACCESS_LOG] {
        fs::remove_file(root.path().join(name)).unwrap();
    }
    let (_other, _) = open(root.path()).unwrap();
    let error = files.append(LogId::ACCESS, lines(b"line\n")).unwrap_err().to_string();
    assert!(error.contains("another access-log-generator"), "{error}");
    assert_eq!(fs::read_to_string(root.path().join(ACCESS_LOG)).unwrap(), "");
}

#[test]
fn a_directory_that_another_instance_took_over_is_left_to_it() {
    let root = directory();
    let (mut files, _) = open(root.path()).unwrap();
    fs::remove_file(root.path().join(lock::LOCK_FILE)).unwrap();
    let (other, _) = open(root.path()).unwrap();
    let error = files.check().unwrap_err().to_string();
    assert!(error.contains("another access-log-generator"), "{error}");
    drop(other);
    files.check().unwrap();
}

#[test]
fn a_check_that_finds_everything_in_place_changes_nothing() {
    let root = directory();
    let (mut files, _) = open(root.path()).unwrap();
    files.append(LogId::ACCESS, lines(b"line\n")).unwrap();
    files.check().unwrap();
    assert_eq!(files.changes().count(), 0);
}

#[test]
fn a_log_that_is_off_is_neither_created_nor_touched() {
    let root = directory();
    fs::write(root.path().join(ERROR_LOG), "of an earlier run, torn").unwrap();
    let output = config::Output { error_log: false, system_log: false, ..output(root.path()) };
    let (mut files, recovered) = LogFiles::open(&output, None).unwrap();
    assert!(recovered.is_empty() && !files.has(LogId::SYSTEM));
    files.append(LogId::ACCESS, lines(b"hit\n")).unwrap();
    files.append(LogId::ERROR, lines(b"failure\n")).unwrap();
    files.append(LogId::SYSTEM, lines(b"message\n")).unwrap();
    files.check().unwrap();
    files.reopen().unwrap();
    files.give_up().unwrap();
    files.sync().unwrap();
    let error = fs::read_to_string(root.path().join(ERROR_LOG)).unwrap();
    assert_eq!(error, "of an earlier run, torn");
    assert!(!root.path().join(SYSTEM_LOG).exists());
    assert!(files.changes().all(|change| format!("{change:?}").contains(ACCESS_LOG)));
}

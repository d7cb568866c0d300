use std::fs;
use std::io::{self, Read};
use std::os::unix::fs::symlink;

use flate2::read::GzDecoder;
use proptest::prelude::*;

use super::super::disk::Disk;
use super::super::faulty::{Call, Fault, Faulty};
use super::*;
use crate::log_id::{ACCESS_LOG, LogNames};

const LOGS: &str = "/logs";
const NAME: &str = "access.log-20241010T130000";
const ORIGINAL: &str = "/logs/access.log-20241010T130000";
const ARCHIVE: &str = "/logs/access.log-20241010T130000.gz";
const UNFINISHED: &str = "/logs/.access-20241010T130000.unfinished";

/// Lines that fill several blocks and are not all alike.
fn lines() -> Vec<u8> {
    let line = |n: u32| {
        let mixed = n.wrapping_mul(2_654_435_761) >> 16;
        format!("192.168.0.{} \"GET /products/{mixed} HTTP/1.1\" 200 {n}\n", mixed % 256)
    };
    (0..16_000).flat_map(|n| line(n).into_bytes()).collect()
}

fn run(storage: &impl Storage, directory: &Path, level: u32) -> Result<CompressionEnd> {
    let name = RotatedName::parse(ACCESS_LOG, NAME).unwrap();
    compress(storage, directory, ACCESS_LOG, name, level, &mut || true)
}

fn compress_there(storage: &Faulty) -> Result<CompressionEnd> {
    run(storage, LOGS.as_ref(), 1)
}

fn clean_up_there(storage: &Faulty) -> Vec<String> {
    clean_up(storage, LOGS.as_ref(), &LogNames::default(), &mut || true)
        .into_iter()
        .map(|settled| settled.map_or_else(|error| error.to_string(), |done| done.to_string()))
        .collect()
}

fn with_original(content: &[u8]) -> Faulty {
    let storage = Faulty::default();
    storage.put(ORIGINAL, content);
    storage
}

fn decode(archive: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    let mut decoder = GzDecoder::new(archive);
    decoder.read_to_end(&mut content).unwrap();
    assert!(decoder.into_inner().is_empty(), "something follows the archive");
    content
}

fn archive_of(content: &[u8]) -> Vec<u8> {
    let storage = with_original(content);
    compress_there(&storage).unwrap();
    storage.content(ARCHIVE)
}

fn has(storage: &Faulty, path: &str) -> bool {
    storage.paths().contains(&path.into())
}

fn assert_only_the_archive(storage: &Faulty, content: &[u8]) {
    assert_eq!(storage.paths(), [PathBuf::from(ARCHIVE)]);
    assert_eq!(decode(&storage.content(ARCHIVE)), content);
}

/// Checks that no line is lost: the original or the archive is there, and is complete.
fn assert_nothing_lost(storage: &Faulty, content: &[u8]) {
    let (original, archive) = (has(storage, ORIGINAL), has(storage, ARCHIVE));
    assert!(original || archive);
    assert!(!original || storage.content(ORIGINAL) == content);
    assert!(!archive || decode(&storage.content(ARCHIVE)) == content);
}

#[test]
fn the_archive_takes_the_place_of_the_original() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join(NAME), lines()).unwrap();
    let outcome = run(&Disk, root.path(), 6).unwrap();
    let names: Vec<_> =
        fs::read_dir(root.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert_eq!(names, ["access.log-20241010T130000.gz"]);
    let archive = fs::read(root.path().join(&names[0])).unwrap();
    assert_eq!(decode(&archive), lines());
    let (from, to) = (lines().len() as u64, archive.len() as u64);
    assert_eq!(outcome, CompressionEnd::Compressed { from, to });
    assert!(to < from);
}

#[test]
fn the_original_is_removed_last_of_all() {
    let storage = with_original(b"a line\n");
    storage.plan(Call::Sync, [Fault::Error(io::ErrorKind::StorageFull)]);
    let error = compress_there(&storage).unwrap_err().to_string();
    assert_eq!(error, format!("cannot sync {UNFINISHED}: no storage space"));
    assert_eq!((storage.calls(Call::Rename), storage.paths().len()), (0, 1));
    storage.plan(Call::SyncDir, [Fault::Error(io::ErrorKind::Other)]);
    let error = compress_there(&storage).unwrap_err().to_string();
    assert_eq!(error, "cannot sync /logs: other error");
    // The archive has its name; the next try finds it and only removes the original.
    assert!(has(&storage, ORIGINAL) && has(&storage, ARCHIVE));
    compress_there(&storage).unwrap();
    assert_only_the_archive(&storage, b"a line\n");
    assert_eq!(storage.calls(Call::Create), 2);
}

#[test]
fn the_archive_tells_nothing_that_differs_between_runs() {
    let archive = archive_of(b"a line\n");
    // RFC 1952, 2.3: magic, deflate, no flags, no time.
    assert_eq!(archive[..8], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0]);
    assert_eq!(archive, archive_of(b"a line\n"));
}

#[test]
fn the_level_is_the_callers() {
    let sizes = [0, 1, 9, 99].map(|level| {
        let storage = with_original(&lines());
        run(&storage, LOGS.as_ref(), level).unwrap();
        storage.content(ARCHIVE).len()
    });
    assert!(sizes[0] > sizes[1] && sizes[1] > sizes[2], "{sizes:?}");
    assert_eq!(sizes[2], sizes[3]);
}

#[test]
fn files_of_any_length_are_compressed_whole() {
    for len in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK] {
        let content: Vec<u8> = (0..len).map(|n| ((n * n) >> 7) as u8).collect();
        let storage = with_original(&content);
        compress_there(&storage).unwrap();
        assert_only_the_archive(&storage, &content);
    }
}

#[test]
fn short_and_interrupted_writes_are_continued() {
    let storage = with_original(&lines());
    let interrupted = Fault::Error(io::ErrorKind::Interrupted);
    storage.plan(Call::Write, [Fault::Short(1), interrupted, Fault::Short(7), interrupted]);
    compress_there(&storage).unwrap();
    assert_only_the_archive(&storage, &lines());
}

#[test]
fn a_write_that_takes_no_byte_is_an_error_and_not_a_busy_loop() {
    let storage = with_original(b"a line\n");
    storage.plan(Call::Write, [Fault::Short(0)]);
    let error = compress_there(&storage).unwrap_err().to_string();
    assert_eq!(error, format!("cannot write to {UNFINISHED}: write zero"));
    assert_eq!(storage.paths(), [PathBuf::from(ORIGINAL)]);
}

#[test]
fn a_crash_at_any_call_loses_nothing_and_the_next_start_finishes() {
    let mut crashes = 0;
    for call in 0.. {
        let storage = with_original(&lines());
        storage.plan_after(call, Fault::Crash(1000));
        let outcome = compress_there(&storage);
        if !storage.has_crashed() {
            outcome.unwrap();
            break;
        }
        crashes += 1;
        storage.restart();
        assert_nothing_lost(&storage, &lines());
        clean_up_there(&storage);
        assert_nothing_lost(&storage, &lines());
        assert_eq!(storage.paths().len(), 1, "after a crash at call {call}");
        if has(&storage, ORIGINAL) {
            compress_there(&storage).unwrap();
        }
        assert_only_the_archive(&storage, &lines());
    }
    assert!(crashes > 10, "{crashes}");
}

#[test]
fn an_error_at_any_call_loses_nothing_and_the_next_try_finishes() {
    let mut errors = 0;
    for call in 0.. {
        let storage = with_original(&lines());
        storage.plan_after(call, Fault::Error(io::ErrorKind::StorageFull));
        let outcome = compress_there(&storage);
        assert_nothing_lost(&storage, &lines());
        match outcome {
            Ok(_) => break,
            Err(error) => assert!(error.to_string().ends_with(": no storage space"), "{error}"),
        }
        errors += 1;
        assert!(!has(&storage, UNFINISHED), "after an error at call {call}");
        compress_there(&storage).unwrap();
        assert_only_the_archive(&storage, &lines());
    }
    assert!(errors > 10, "{errors}");
}

#[test]
fn a_crash_while_cleaning_up_loses_nothing_either() {
    for call in 0.. {
        let storage = with_original(&lines());
        storage.put(ARCHIVE, &archive_of(&lines()));
        storage.put(UNFINISHED, b"half");
        storage.plan_after(call, Fault::Crash(0));
        clean_up_there(&storage);
        let crashed = storage.has_crashed();
        storage.restart();
        assert_nothing_lost(&storage, &lines());
        clean_up_there(&storage);
        assert_only_the_archive(&storage, &lines());
        if !crashed {
            assert!(call > 5, "{call}");
            break;
        }
    }
}

#[test]
fn after_a_stop_no_block_is_read_and_nothing_is_left_behind() {
    let storage = with_original(&lines());
    let name = RotatedName::parse(ACCESS_LOG, NAME).unwrap();
    let stopped = || compress(&storage, LOGS.as_ref(), ACCESS_LOG, name, 1, &mut || false).unwrap();
    assert_eq!(stopped(), CompressionEnd::Stopped);
    assert_eq!(storage.paths(), [PathBuf::from(ORIGINAL)]);
    assert_eq!(storage.calls(Call::Read), 0);
    storage.put(ARCHIVE, &archive_of(&lines()));
    assert_eq!(stopped(), CompressionEnd::Stopped);
    assert!(clean_up(&storage, LOGS.as_ref(), &LogNames::default(), &mut || false).is_empty());
    assert_nothing_lost(&storage, &lines());
}

#[test]
fn a_file_that_is_removed_meanwhile_leaves_no_archive() {
    let name = RotatedName::parse(ACCESS_LOG, NAME).unwrap();
    let storage = with_original(&lines());
    let mut blocks = 0;
    let outcome = compress(&storage, LOGS.as_ref(), ACCESS_LOG, name, 1, &mut || {
        blocks += 1;
        if blocks == 3 {
            storage.remove(ORIGINAL.as_ref()).unwrap();
        }
        true
    });
    assert_eq!((outcome.unwrap(), blocks), (CompressionEnd::Gone, 3));
    assert!(storage.paths().is_empty());
    assert_eq!(compress_there(&storage).unwrap(), CompressionEnd::Gone);
}

#[test]
fn an_archive_that_does_not_hold_the_file_is_not_believed() {
    let whole = archive_of(&lines());
    let mut damaged = whole.clone();
    damaged[whole.len() / 2] ^= 1;
    let mut longer = lines();
    longer.extend(b"one more\n");
    for (what, archive) in [
        ("cut short", whole[..whole.len() - 1].to_vec()),
        ("damaged", damaged),
        ("empty", Vec::new()),
        ("no archive", b"not gzip at all".to_vec()),
        ("of fewer lines", archive_of(&lines()[..BLOCK])),
        ("of more lines", archive_of(&longer)),
    ] {
        let storage = with_original(&lines());
        storage.put(ARCHIVE, &archive);
        let refusal = format!(
            "cannot replace {ORIGINAL}: {ARCHIVE} is there too and does not hold the same lines; \
             remove one of the two"
        );
        assert_eq!(compress_there(&storage).unwrap_err().to_string(), refusal, "{what}");
        assert_eq!(clean_up_there(&storage), [refusal], "{what}");
        assert_eq!(storage.content(ORIGINAL), lines());
        assert_eq!(storage.content(ARCHIVE), archive);
    }
}

#[test]
fn what_was_left_is_settled_and_told() {
    let storage = with_original(&lines());
    storage.put(ARCHIVE, &archive_of(&lines()));
    storage.put("/logs/.system-20241010T120000.001.unfinished", b"half");
    storage.put("/logs/system.log-20241010T120000.002.gz.tmp", b"half, of an earlier version");
    storage.put("/logs/system.log-20241010T120000.001", b"a message\n");
    let unfinished = "Removed an archive that was left unfinished: /logs/";
    assert_eq!(
        clean_up_there(&storage),
        [
            format!("Removed a file whose archive is complete: {ORIGINAL}"),
            format!("{unfinished}.system-20241010T120000.001.unfinished"),
            format!("{unfinished}system.log-20241010T120000.002.gz.tmp"),
        ]
    );
    assert_eq!(
        storage.paths(),
        [ARCHIVE, "/logs/system.log-20241010T120000.001"].map(PathBuf::from)
    );
    assert_eq!(clean_up_there(&storage), [""; 0]);
}

#[test]
fn what_cannot_be_settled_does_not_keep_the_others_from_being() {
    let storage = Faulty::default();
    let [one, other] = [UNFINISHED, "/logs/.error-20241010T130000.unfinished"];
    storage.put(one, b"half");
    storage.put(other, b"half");
    storage.plan(Call::Remove, [Fault::Error(io::ErrorKind::PermissionDenied)]);
    assert_eq!(
        clean_up_there(&storage),
        [
            format!("cannot remove {one}: permission denied"),
            format!("Removed an archive that was left unfinished: {other}"),
        ]
    );
    storage.plan(Call::List, [Fault::Error(io::ErrorKind::PermissionDenied)]);
    assert_eq!(clean_up_there(&storage), ["cannot list /logs: permission denied"]);
}

#[test]
fn nothing_foreign_is_touched() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let theirs = outside.path().join("theirs");
    fs::write(&theirs, "theirs").unwrap();
    let foreign = [
        "access.log.bak",
        "access.log-notes",
        "access.log-notes.gz.tmp",
        "access.log-20241010T130000.txt",
        "access.log-20241010T130000.tmp",
        "other.log-20241010T130000.gz.tmp",
        ".access-notes.unfinished",
        ".access-20241010T130000.gz.unfinished",
        ".other-20241010T130000.unfinished",
    ];
    for name in foreign {
        fs::write(root.path().join(name), name).unwrap();
    }
    let [original, archive, unfinished] =
        [ORIGINAL, ARCHIVE, UNFINISHED].map(|path| root.path().join(&path[LOGS.len() + 1..]));
    for link in [&original, &archive, &unfinished] {
        symlink(&theirs, link).unwrap();
    }
    assert!(clean_up(&Disk, root.path(), &LogNames::default(), &mut || true).is_empty());
    // A link takes the place of each of the three names in turn.
    run(&Disk, root.path(), 1).unwrap_err();
    fs::remove_file(&original).unwrap();
    fs::write(&original, "ours\n").unwrap();
    run(&Disk, root.path(), 1).unwrap_err();
    fs::remove_file(&archive).unwrap();
    run(&Disk, root.path(), 1).unwrap_err();
    assert!(fs::symlink_metadata(&unfinished).unwrap().is_symlink());
    symlink("/no/such/file", &archive).unwrap();
    fs::remove_file(&unfinished).unwrap();
    run(&Disk, root.path(), 1).unwrap_err();
    assert!(fs::symlink_metadata(&archive).unwrap().is_symlink());

    assert_eq!(fs::read_to_string(&original).unwrap(), "ours\n");
    assert_eq!(fs::read_to_string(&theirs).unwrap(), "theirs");
    for name in foreign {
        assert_eq!(fs::read_to_string(root.path().join(name)).unwrap(), name);
    }
}

#[test]
fn a_directory_under_a_name_of_ours_is_refused() {
    let root = tempfile::tempdir().unwrap();
    let path = root.path().join(NAME);
    fs::create_dir(&path).unwrap();
    let error = run(&Disk, root.path(), 1).unwrap_err().to_string();
    assert_eq!(error, format!("cannot compress {}: not a regular file", path.display()));
    assert_eq!(fs::read_dir(root.path()).unwrap().count(), 1);
}

proptest! {
    #[test]
    fn whatever_fails_and_however_often_the_lines_are_there_once_in_the_end(
        content in proptest::collection::vec(any::<u8>(), 0..4000),
        faults in proptest::collection::vec((0usize..25, 0u8..3, 0usize..50), 0..8),
    ) {
        let storage = with_original(&content);
        for (after, kind, bytes) in faults {
            storage.plan_after(after, match kind {
                0 => Fault::Short(bytes.max(1)),
                1 => Fault::Error(io::ErrorKind::StorageFull),
                _ => Fault::Crash(bytes),
            });
            let _ = if has(&storage, ORIGINAL) { compress_there(&storage).map(drop) } else { Ok(()) };
            if storage.has_crashed() {
                storage.restart();
                clean_up_there(&storage);
            }
            assert_nothing_lost(&storage, &content);
        }
        storage.restart();
        clean_up_there(&storage);
        if has(&storage, ORIGINAL) {
            compress_there(&storage).unwrap();
        }
        assert_only_the_archive(&storage, &content);
    }
}

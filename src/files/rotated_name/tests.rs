use jiff::civil::datetime;
use proptest::prelude::*;

use super::*;

const LOG: &str = "access.log";

fn parse(name: &str) -> Option<RotatedName> {
    RotatedName::parse(LOG, name)
}

fn name(text: &str) -> RotatedName {
    parse(text).unwrap_or_else(|| panic!("{text} is not a rotated file's name"))
}

fn next(stamp: DateTime, existing: &[&str]) -> String {
    RotatedName::next(stamp, existing.iter().map(|text| name(text))).file_name(LOG)
}

#[test]
fn a_name_says_when_which_and_whether_compressed() {
    let stamp = datetime(2024, 10, 10, 13, 0, 0, 0);
    for (text, number, compressed) in [
        ("access.log-20241010T130000", 0, None),
        ("access.log-20241010T130000.gz", 0, Some(Codec::Gzip)),
        ("access.log-20241010T130000.001", 1, None),
        ("access.log-20241010T130000.010.gz", 10, Some(Codec::Gzip)),
        ("access.log-20241010T130000.999", 999, None),
        ("access.log-20241010T130000.1000", 1000, None),
        ("access.log-20241010T130000.4294967295.gz", u32::MAX, Some(Codec::Gzip)),
    ] {
        let expected = RotatedName { stamp, number, compressed };
        assert_eq!(parse(text), Some(expected), "{text}");
        assert_eq!(expected.file_name(LOG), text);
    }
}

#[test]
fn every_other_name_is_foreign() {
    for text in [
        "",
        "access.log",
        "access.log.bak",
        "access.log-notes",
        "access.log-",
        "access.log.1",
        "access.log.gz",
        "access.log-20241010",
        "access.log-20241010.gz",
        "access.log-20241010T130000.txt",
        "access.log-20241010T130000.gz.tmp",
        "access.log-20241010T130000.tmp",
        "access.log-20241010T130000.gz.gz",
        "access.log-20241010T130000.GZ",
        "access.log-20241010T130000.",
        "access.log-20241010T130000..gz",
        "access.log-20241010T130000.000",
        "access.log-20241010T130000.1",
        "access.log-20241010T130000.01",
        "access.log-20241010T130000.0001",
        "access.log-20241010T130000.0999",
        "access.log-20241010T130000.+01",
        "access.log-20241010T130000.4294967296",
        "access.log-20241010T130000.001.002",
        "access.log-20241010T130000 ",
        " access.log-20241010T130000",
        "access.log-2024101T0130000",
        "access.log-20241010t130000",
        "access.log-20241010T13000",
        "access.log-20241010T1300000",
        "access.log-+0241010T130000",
        "access.log-2024+110T130000",
        "access.log-2024101é130000",
        "access.log-20241é10T130000",
        "access.log-2024éé10T130000",
        "access.log- \u{10000}000T130000",
        "access.log-20241010T \u{10000}0",
        "access.log-20240230T130000",
        "access.log-20230229T130000",
        "access.log-20241310T130000",
        "access.log-20241000T130000",
        "access.log-20241010T240000",
        "access.log-20241010T136000",
        "access.log-20241010T235960",
        "error.log-20241010T130000",
        "xaccess.log-20241010T130000",
        "dir/access.log-20241010T130000",
    ] {
        assert_eq!(parse(text), None, "{text}");
    }
}

#[test]
fn an_unfinished_archive_is_known_by_its_name_and_by_that_of_earlier_versions() {
    let file = name("access.log-20241010T130000.002");
    let unfinished = file.unfinished_file_name(LOG);
    assert_eq!(unfinished, ".access-20241010T130000.002.unfinished");
    for name in [&unfinished, "access.log-20241010T130000.002.gz.tmp"] {
        assert_eq!(RotatedName::parse_unfinished(LOG, name), Some(file.archive()), "{name}");
        assert_eq!(RotatedName::parse_unfinished("error.log", name), None, "{name}");
        assert_eq!(parse(name), None, "{name}");
    }
    for foreign in [
        "access.log-20241010T130000.tmp",
        "access.log.gz.tmp",
        "notes.gz.tmp",
        "access-20241010T130000.unfinished",
        ".access-20241010T130000",
        ".access-notes.unfinished",
        ".access.log-20241010T130000.unfinished",
        ".access-20241010T130000.gz.unfinished",
        ".unfinished",
    ] {
        assert_eq!(RotatedName::parse_unfinished(LOG, foreign), None, "{foreign}");
    }
}

#[test]
fn no_pattern_for_logs_or_archives_matches_an_unfinished_archive() {
    for log in crate::log_id::LogNames::default().files() {
        let unfinished = name("access.log-20241010T130000.002").unfinished_file_name(log);
        // The `*` of some readers matches a leading dot too.
        assert!(!unfinished.contains(".log") && !unfinished.ends_with(".gz"), "{unfinished}");
        assert!(unfinished.starts_with('.'), "{unfinished}");
    }
}

#[test]
fn names_are_ordered_by_age() {
    let by_age = [
        "access.log-20241010T125959.007",
        "access.log-20241010T130000.gz",
        "access.log-20241010T130000.001",
        "access.log-20241010T130000.001.gz",
        "access.log-20241010T130000.002.gz",
        "access.log-20241010T130000.999",
        "access.log-20241010T130000.1000",
        "access.log-20241010T130001",
    ];
    assert!(by_age.map(name).is_sorted_by(|older, newer| older < newer));
}

#[test]
fn a_file_is_named_after_its_first_line() {
    let stamp = datetime(2024, 10, 10, 14, 0, 0, 0);
    assert_eq!(next(stamp, &[]), "access.log-20241010T140000");
    assert_eq!(next(stamp, &["access.log-20241010T130000.gz"]), "access.log-20241010T140000");
}

#[test]
fn where_the_name_is_taken_numbers_follow_compressed_or_not() {
    let stamp = datetime(2024, 10, 10, 13, 0, 0, 0);
    let first = "access.log-20241010T130000";
    assert_eq!(next(stamp, &[first]), "access.log-20241010T130000.001");
    assert_eq!(
        next(stamp, &["access.log-20241010T130000.001.gz", "access.log-20241010T130000.gz"]),
        "access.log-20241010T130000.002"
    );
    assert_eq!(
        next(stamp, &["access.log-20241010T130000.999.gz"]),
        "access.log-20241010T130000.1000"
    );
}

#[test]
fn a_file_from_the_hour_that_is_repeated_sorts_behind_the_first_pass() {
    let again = datetime(2026, 11, 1, 1, 0, 0, 0);
    assert_eq!(next(again, &["access.log-20261101T015500"]), "access.log-20261101T015500.001");
}

#[test]
fn behind_the_last_number_comes_the_next_second() {
    let stamp = datetime(2024, 10, 10, 13, 0, 59, 0);
    assert_eq!(
        next(stamp, &["access.log-20241010T130059.4294967295"]),
        "access.log-20241010T130100"
    );
}

fn any_name() -> impl Strategy<Value = RotatedName> {
    // Only a few seconds and numbers are drawn, so that they collide.
    (0i8..4, prop_oneof![0u32..4, 998u32..1002, Just(u32::MAX)], any::<bool>()).prop_map(
        |(second, number, compressed)| {
            let stamp = datetime(2024, 12, 31, 23, 59, 56 + second, 0);
            RotatedName { stamp, number, compressed: compressed.then_some(Codec::Gzip) }
        },
    )
}

proptest! {
    #[test]
    fn the_next_name_sorts_behind_all_that_exist_and_is_never_before_its_stamp(
        existing in proptest::collection::vec(any_name(), 0..12),
        second in 50i8..60,
    ) {
        let stamp = datetime(2024, 12, 31, 23, 59, second, 0);
        let next = RotatedName::next(stamp, existing.iter().copied());
        prop_assert!(next.stamp >= stamp && next.compressed.is_none());
        prop_assert!(existing.iter().all(|old| (old.stamp, old.number) < (next.stamp, next.number)));
    }

    #[test]
    fn a_name_reads_back_as_it_was_written(name in any_name()) {
        prop_assert_eq!(parse(&name.file_name(LOG)), Some(name));
        let unfinished = name.unfinished_file_name(LOG);
        prop_assert_eq!(RotatedName::parse_unfinished(LOG, &unfinished), Some(name.archive()));
    }

    #[test]
    fn what_is_accepted_is_written_just_so(
        text in r"access\.log-(20[0-9]{2}(0[1-9]|1[0-3])[0-3][0-9]T[0-2][0-9]{3}[0-6][0-9]|.{0,20})(\.[0-9]{1,5})?(\.gz)?",
    ) {
        if let Some(name) = parse(&text) {
            prop_assert_eq!(name.file_name(LOG), text);
        }
    }
}

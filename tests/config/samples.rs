//! Values that are right for the ranges of configs/README.md that are told in words, and some that are wrong.

/// Values that are right, and values that are wrong.
type Sample = (&'static [&'static str], &'static [&'static str]);

/// The samples of lists.
pub fn of_list(range: &str) -> Option<Sample> {
    Some(match range {
        "a list" => (&["[203.0.113.0/24]"], &["[]", "[\"\"]", "{}", "1"]),
        "a list of networks, or weights" => (
            &[
                "[203.0.113.0/24]",
                "{203.0.113.7: 2, \"::/0\": 0.000000001}",
                "{\"::\": 0, \"::1\": 1}",
            ],
            &["[]", "[\"\"]", "{}", "{203.0.113.7: 0}", "{example.com: 1}", "{\"::\": -1}", "1"],
        ),
        "a list of URLs, or weights" => (
            &["[https://a.example/]", "{'https://a.example/b': 2, 'android-app://c/': 0}"],
            &[
                "[]",
                "[a.example]",
                "[\"-\"]",
                "{}",
                "{https://a.example/: 0}",
                "['https:///a']",
                "1",
            ],
        ),
        "a list, perhaps empty, or weights" => (
            &["[Agent/1.0]", "[]", "{Agent/1.0: 2, Other/2: 0.000000001}", "{a: 0, b: 1}"],
            &["[\"\"]", "{}", "{a: 0}", "{a: -1}", "{\"\": 1}", "1"],
        ),
        _ => return None,
    })
}

/// The samples of the keys of `scenario[]` and `actors.bots[]`.
pub fn of_event(range: &str) -> Option<Sample> {
    Some(match range {
        "a list of names of lists and requests" => (
            &["[secrets]", "[\"/.env\", \"POST /login.php\", wordpress]", "[/]"],
            &["[]", "[env]", "[\"/a b\"]", "[\"BREW /\"]", "secrets", "1"],
        ),
        "a kind of bot" => (&["scanners", "partners"], &["people", "monitor", "1", "[]"]),
        "text, `-` for none" => (&["Agent/1.0", "\"-\"", "\"7\""], &["\"\"", "1.5", "[]"]),
        "a kind of event" => (&["surge"], &["surges", "1", "[]"]),
        "a name, as ground truth has it" => {
            (&["night", "Black_Friday-1"], &["1", "\"a b\"", "é", "\"-a\""])
        }
        "a time, cron's five fields, `N per day`, or `on demand`" => (
            &[
                "+2h",
                "\"2026-11-27T20:00:00Z\"",
                "\"30 9 * * mon-fri\"",
                "3 per day",
                "on demand",
                "1000 per day",
            ],
            &["-2h", "tomorrow", "\"61 * * * *\"", "0 per day", "1001 per day", "1"],
        ),
        "a duration, `1s` to `30d`" => {
            (&["1s", "30d", "1h30m"], &["999ms", "30d1s", "\"20\"", "1", "x"])
        }
        "-86400 to 86400 s, whole, not 0" => {
            (&["-86400", "86400", "-1", "90"], &["0", "86401", "-86401", "1.5", "x"])
        }
        "a duration, `1s` to `10m`" => (&["1s", "10m"], &["999ms", "10m1s", "\"20\"", "1"]),
        "what can fail" => (&["database_down", "disk_full"], &["database", "1"]),
        "a page of the site" => (&["/", "\"/blog/*\""], &["about", "\"/a/*/b\"", "1"]),
        _ => return None,
    })
}

/// The samples of the keys of `output.logs[]`.
pub fn of_further_log(range: &str) -> Option<Sample> {
    Some(match range {
        "a name" => (
            &["slow.log", "4xx_json-2.log", "a.b.log"],
            &[
                "slow",
                ".log",
                "access.log",
                "Error.LOG",
                "a/b.log",
                "../a.log",
                "-a.log",
                "a b.log",
                "1",
            ],
        ),
        "the site's" => (&["www.example.com", "WWW.example.com"], &["www.example.org", "1"]),
        "a network" => (
            &["203.0.113.0/24", "203.0.113.7", "\"2001:db8::/32\""],
            &["203.0.113.7/24", "www.example.com", "1"],
        ),
        "text that begins with `/`" => {
            (&["/", "/api", "/a/b"], &["api", "\"/a?b\"", "\"/a b\"", "1"])
        }
        "a duration, `\"1ms\"` to `\"1h\"`" => {
            (&["1ms", "1h", "1s500ms"], &["\"0s\"", "1h1ms", "\"1\"", "1", "x"])
        }
        _ => return None,
    })
}

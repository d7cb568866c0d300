//! The rules of the table of flags, and of the parser that reads it.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::time::Duration;

use proptest::prelude::*;

use super::documents::SHELLS;
use super::flags::Action;
use super::*;
use crate::moment::Moment;
use crate::probe_url::Probe;

/// Parses the words after the program's name.
fn parse<I: IntoIterator>(words: I) -> Result<Command, UsageError>
where
    I::Item: Into<OsString>,
{
    super::parse([OsString::from("log")].into_iter().chain(words.into_iter().map(Into::into)))
}

/// Compares with a golden file; with `UPDATE_GOLDEN` set it writes the file instead.
pub fn golden(name: &str, actual: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, actual).unwrap();
    }
    assert_eq!(actual, std::fs::read_to_string(&path).unwrap(), "{}", path.display());
}

/// Parses the words of a command other than the run.
pub fn parse_of(command: &str, words: &str) -> Result<Command, UsageError> {
    parse([command].into_iter().chain(words.split_whitespace()))
}

/// The help of a command is its golden file, fits a screen, and is printed wherever it is asked for.
pub fn has_its_help<A>(command: &str, page: &CommandPage<A>) {
    let text = help(page);
    golden(&format!("{command}_help.txt"), &text);
    assert!(text.lines().count() < 60);
    assert!(text.lines().all(|line| line.chars().count() <= 92), "{text}");
    for words in ["--help --nonsense", "help", "-h"] {
        assert_eq!(parse_of(command, words), Ok(Command::Print(text.clone())), "{words}");
    }
    assert_eq!(parse(["help", command]), Ok(Command::Print(text)));
}

/// What is said of these wrong command lines is in the golden file.
pub fn refuses(command: &str, cases: &[&str]) {
    let said = cases.iter().map(|words| {
        let error = parse_of(command, words).unwrap_err();
        format!("$ access-log-generator {command} {words}\n{error}\n")
    });
    golden(&format!("{command}_errors.txt"), &said.collect::<Vec<_>>().join("\n"));
}

fn run(words: &str) -> Arguments {
    match parse(words.split_whitespace()) {
        Ok(Command::Run(arguments)) => arguments,
        other => panic!("{words}: {other:?}"),
    }
}

fn error(words: &[&str]) -> String {
    parse(words).expect_err("the command line is refused").to_string()
}

/// A word that each value accepts.
fn a_value(name: &str) -> &'static str {
    match name {
        "N" => "7",
        "T" => "2026-11-01T00:00:00Z",
        "D" => "1h30m",
        "SIZE" => "10GiB",
        "DIR" => "/var/log/app",
        "N|off" => "8081",
        "FILE" => "logs/run.json",
        "I/N" => "0/8",
        "FORM" | "FORMAT" => "json",
        "CODEC" => "gzip",
        "AS" => "markdown",
        "NAME" => "slow.log",
        "PARSER" => "fluent-bit",
        "PROFILE" => "shop",
        "SCENARIO" => "flash_sale",
        "SHELL" => "fish",
        "[SECTION]" => "5",
        "[URL]" => "http://localhost:8080/health",
        other => panic!("a value of a kind that this test does not know: {other}"),
    }
}

#[test]
fn no_flag_is_in_the_table_twice() {
    let longs: BTreeSet<_> = FLAGS.iter().map(|flag| flag.long).collect();
    assert_eq!(longs.len(), FLAGS.len());
    let shorts: Vec<_> = FLAGS.iter().filter_map(|flag| flag.short).collect();
    assert_eq!(shorts.iter().collect::<BTreeSet<_>>().len(), shorts.len());
}

#[test]
fn every_row_has_a_name_and_help_in_the_style_of_the_others() {
    for Flag { long, help, .. } in FLAGS {
        assert!(long.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{long}");
        assert!(help.starts_with(|first: char| first.is_ascii_uppercase()), "{long}: {help}");
        assert!(!help.ends_with('.') && help.len() > 10, "{long}: {help}");
    }
}

#[test]
fn every_row_is_understood_and_changes_something_of_its_own() {
    let mut seen: Vec<Command> = vec![Command::Run(Arguments::default())];
    for flag in FLAGS {
        let mut words = vec![format!("--{}", flag.long)];
        words.extend(flag.value().map(|value| a_value(value).to_owned()));
        let command = parse(&words).unwrap();
        assert!(!seen.contains(&command), "--{} does what another flag does", flag.long);
        if let Some(short) = flag.short {
            words[0] = format!("-{short}");
            assert_eq!(parse(&words).unwrap(), command, "-{short}");
        }
        seen.push(command);
    }
}

#[test]
fn every_flag_that_takes_a_value_takes_it_in_both_forms_and_asks_for_it() {
    for flag in FLAGS {
        let long = flag.long;
        match flag.value() {
            Some(value) => {
                let apart = parse([&format!("--{long}"), a_value(value)]).unwrap();
                assert_eq!(parse([format!("--{long}={}", a_value(value))]).unwrap(), apart);
                if let Action::MayTake { .. } = flag.action {
                    assert_ne!(parse([format!("--{long}")]).unwrap(), apart);
                    continue;
                }
                let missing = error(&[&format!("--{long}")]);
                assert!(missing.starts_with(&format!("--{long} needs a value; ")), "{missing}");
                assert!(missing.contains(&format!("write --{long} {value}")), "{missing}");
            }
            None if matches!(flag.action, Action::Set(_)) => {
                let unwanted = error(&[&format!("--{long}=yes")]);
                assert!(unwanted.contains(&format!("--{long} takes no value")), "{unwanted}");
            }
            None => {}
        }
    }
}

#[test]
fn the_help_is_the_golden_file_and_fits_a_screen() {
    let text = help(&PAGE);
    golden("help.txt", &text);
    assert!(text.lines().count() <= 80);
    assert!(text.lines().all(|line| line.chars().count() <= 92), "{text}");
}

#[test]
fn the_help_names_every_flag_once_as_the_parser_knows_it() {
    let text = help(&PAGE);
    for flag in FLAGS {
        let short = flag.short.map_or("    ".to_owned(), |short| format!("-{short}, "));
        let start = format!("\n  {short}--{} ", flag.long);
        assert_eq!(text.matches(&start).count(), 1, "{start}");
    }
}

/// The flags of all commands as the user types them.
fn all_flags() -> BTreeSet<&'static str> {
    let verify = verify::FLAGS.iter().map(|flag| flag.long);
    let truth = truth::FLAGS.iter().map(|flag| flag.long);
    let score = score::FLAGS.iter().map(|flag| flag.long);
    FLAGS.iter().map(|flag| flag.long).chain(verify).chain(truth).chain(score).collect()
}

#[test]
fn the_manual_page_and_the_completions_of_every_shell_name_every_flag() {
    let man = man::program(&PAGE, &subcommands());
    let scripts = SHELLS.iter().map(|shell| match parse(["--completions", shell]) {
        Ok(Command::Print(script)) => script,
        other => panic!("{shell}: {other:?}"),
    });
    let scripts: Vec<String> = scripts.collect();
    for flag in all_flags() {
        assert!(man.contains(&format!("\\-\\-{}\\fR", flag.replace('-', "\\-"))), "{flag}");
        let [bash, zsh, fish] = &scripts[..] else { panic!("three shells") };
        assert!(
            bash.contains(&format!("--{flag}")) && zsh.contains(&format!("--{flag}")),
            "{flag}"
        );
        assert!(fish.contains(&format!(" -l {flag} ")), "{flag}");
    }
}

#[test]
fn the_schema_is_printed_in_the_place_of_a_run() {
    let printed = parse(["--config-schema", "config.yaml"]);
    assert_eq!(printed, Ok(Command::Print(schema::text())));
    assert!(schema::text().starts_with("{\n  \"$schema\": "));
}

#[test]
fn the_manual_pages_have_no_line_that_roff_takes_for_its_own() {
    let pages = [man::program(&PAGE, &subcommands()), man::configuration()];
    for line in pages.iter().flat_map(|page| page.lines()) {
        let request = line.strip_prefix('.').and_then(|line| line.split(' ').next());
        let known = ["TH", "SH", "SS", "PP", "TP", "IP", "RS", "RE", "nf", "fi", "br"];
        assert!(request.is_none_or(|request| known.contains(&request)), "{line}");
        assert!(!line.starts_with('\''), "{line}");
    }
}

#[test]
fn the_manual_page_of_the_configuration_has_every_key_and_default_of_the_reference() {
    let page = man::configuration();
    let rows =
        include_str!("../../configs/README.md").lines().filter(|line| line.starts_with("| `"));
    let mut keys = 0;
    for row in rows.filter(|row| row.matches(" |").count() == 5) {
        let cells: Vec<&str> =
            row.split(" |").map(|cell| cell.trim_matches([' ', '|', '`'])).collect();
        let [key, default] = [cells[0], cells[3]].map(|cell| cell.replace('-', "\\-"));
        let entry =
            page.split(".TP\n").find(|entry| entry.starts_with(&format!("\\fB{key}\\fR\n")));
        let entry = entry.unwrap_or_else(|| panic!("there is no {key}"));
        assert!(entry.contains("Default: ") && entry.contains(&default), "{key}: {entry}");
        keys += 1;
    }
    assert!(keys > 50, "{keys} keys");
    for mark in ["|\n", "](", "**", "```", "\n#"] {
        assert!(!page.contains(mark), "Markdown is left over: {mark}");
    }
}

#[test]
fn a_manual_page_is_called_by_its_section() {
    let page =
        |words: &[&str]| match parse(["--man"].iter().chain(words).copied().collect::<Vec<_>>()) {
            Ok(Command::Print(page)) => page.lines().next().unwrap_or_default().to_owned(),
            other => panic!("{words:?}: {other:?}"),
        };
    assert!(page(&[]).starts_with(".TH ACCESS-LOG-GENERATOR 1 "));
    assert!(page(&["1"]).starts_with(".TH ACCESS-LOG-GENERATOR 1 "));
    assert!(page(&["5"]).starts_with(".TH ACCESS-LOG-GENERATOR.YAML 5 "));
    assert!(error(&["--man", "7"]).contains("5 for that of the configuration"));
}

#[test]
fn what_follows_a_health_check_is_a_url_or_the_configuration() {
    let of = |words| (run(words).health_check, run(words).config);
    assert_eq!(of("--health-check"), (Some(Probe::Configured), None));
    assert_eq!(of("--health-check a.yaml"), (Some(Probe::Configured), Some("a.yaml".into())));
    let url = Probe::url("http://[::1]:8080/ready");
    assert_eq!(of("--health-check http://[::1]:8080/ready a.yaml"), (url, Some("a.yaml".into())));
}

#[test]
fn all_of_it_together() {
    let arguments = run("-v --rate 0.5 --seed 18446744073709551615 --lines 10 --duration 90 \
                         --from 2026-11-01T01:00:00+01:00 --workers 64 --exit a.yaml");
    assert_eq!(
        arguments,
        Arguments {
            config: Some("a.yaml".into()),
            exit: true,
            rate: Some(0.5),
            seed: Some(u64::MAX),
            from: Moment::parse("2026-11-01T00:00:00Z"),
            lines: Some(10),
            duration: Some(Duration::from_secs(90)),
            workers: Some(64),
            verbose: true,
            ..Arguments::default()
        }
    );
}

#[test]
fn after_two_dashes_everything_is_a_name() {
    assert_eq!(run("-- --check").config, Some("--check".into()));
    assert_eq!(run("--log-dir-override -logs").log_dir_override, Some("-logs".into()));
}

#[test]
fn help_and_version_win_over_what_follows() {
    let help = Command::Print(help(&PAGE));
    assert_eq!(parse(["--help", "--nonsense"]), Ok(help.clone()));
    assert_eq!(parse(["--version", "a", "b"]), Ok(Command::Version));
    assert_eq!(parse(["-qh"]), Ok(help));
}

#[test]
fn help_and_version_are_understood_as_words_in_the_first_place_alone() {
    assert_eq!(parse(["help"]), Ok(Command::Print(help(&PAGE))));
    assert_eq!(parse(["help", "verify"]), Ok(Command::Print(help(&verify::PAGE))));
    assert_eq!(parse(["verify", "help"]), Ok(Command::Print(help(&verify::PAGE))));
    assert_eq!(parse(["version"]), Ok(Command::Version));
    assert_eq!(run("-q help").config, Some("help".into()));
    assert_eq!(run("./help").config, Some("./help".into()));
}

#[test]
fn large_numbers_may_be_written_short() {
    assert_eq!(run("--rate 5k").rate, Some(5_000.0));
    assert_eq!(run("--lines 1.5M").lines, Some(1_500_000));
    for (size, bytes) in
        [("200M", 200_000_000), ("200MB", 200_000_000), ("1k", 1_000), ("2G", 2_000_000_000)]
    {
        assert_eq!(run(&format!("--bytes {size}")).bytes, Some(bytes), "{size}");
    }
}

#[test]
fn what_is_wrong_is_said_with_what_would_be_right() {
    let cases: Vec<String> = [
        &["--rte", "5"][..],
        &["--log-dirr", "x"],
        &["--zzz"],
        &["-x"],
        &["--rate", "0"],
        &["--rate", "-5"],
        &["--rate", "inf"],
        &["--rate", "nan"],
        &["--rate", "10000001"],
        &["--rate", "fast"],
        &["--rate="],
        &["--rate", "--seed", "5"],
        &["--port", "65536"],
        &["--port", "none"],
        &["--log-dir-override", "-q"],
        &["--log-dir-override", ""],
        &["--seed", "-1"],
        &["--seed", "18446744073709551616"],
        &["--from", "yesterday"],
        &["--from", "-7"],
        &["--until", "2500-01-01"],
        &["--bytes", "0"],
        &["--bytes", "10 GB"],
        &["--bytes", "10GX"],
        &["--lines", "0"],
        &["--lines", "1e6"],
        &["--duration", "0"],
        &["--duration", "1.5h"],
        &["--workers", "0"],
        &["--workers", "65"],
        &["--compress", "zip"],
        &["--summary", "xml"],
        &["--health-check", "https://localhost"],
        &["--completions", "tcsh"],
        &["--rate", "5", "--rate", "6"],
        &["-v", "--verbose"],
        &["-vq"],
        &["--check", "--print-config"],
        &["--schema", "xml"],
        &["--print-parser", "awk"],
        &["--schema", "json", "--print-parser", "grok"],
        &["--repeat", "run.json", "--seed", "7"],
        &["--repeat", "run.json", "--exit"],
        &["--repeat", "run.json", "shop.yaml"],
        &["--retry", "0s"],
        &["--retry", "often"],
        &["a.yaml", "b.yaml"],
        &[""],
        &["--check=yes"],
    ]
    .iter()
    .map(|words| format!("$ access-log-generator {}\n{}\n", words.join(" "), error(words)))
    .collect();
    golden("errors.txt", &cases.join("\n"));
}

#[cfg(unix)]
#[test]
fn a_name_need_not_be_utf_8_but_a_number_must() {
    use std::os::unix::ffi::OsStrExt;
    let odd = OsStr::from_bytes(b"\xff");
    let Ok(Command::Run(arguments)) = parse([odd]) else { panic!("a file may have any name") };
    assert_eq!(arguments.config, Some(odd.into()));
    let error = parse([OsStr::new("--seed"), odd]).unwrap_err().to_string();
    assert!(error.starts_with("--seed: ") && error.contains("not UTF-8"), "{error}");
}

proptest! {
    #[test]
    fn no_command_line_makes_it_panic(words in prop::collection::vec(
        "(--?)?(rate|seed|from|lines|duration|workers|check|v|q|vq)?[= ]?[-0-9a-zA-Z.:+]{0,8}|\\PC{0,6}",
        0..5,
    )) {
        let _ = parse(words);
    }
}

#[test]
fn other_spellings_of_flags_mean_the_same() {
    assert_eq!(run("--config a.yaml"), run("a.yaml"));
    assert_eq!(run("--log-dir /x"), run("--log-dir-override /x"));
    assert_eq!(run("--log-dir=/x"), run("--log-dir-override=/x"));
    assert!(
        error(&["--config", "a", "b"]).starts_with("found two configuration files, `a` and `b`")
    );
    let twice = error(&["--log-dir", "/x", "--log-dir-override", "/y"]);
    assert!(twice.starts_with("--log-dir-override is given twice"), "{twice}");
}

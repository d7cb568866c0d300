use super::*;

fn at(time: &str) -> Timestamp {
    time.parse().unwrap()
}

fn silent(debug: bool) -> (SystemLog, Receiver<Message>) {
    SystemLog::new(true, debug, Some("off"))
}

fn say(log: &SystemLog, target: &str, level: Level, text: &str) {
    log.log(&Record::builder().target(target).level(level).args(format_args!("{text}")).build());
}

fn texts(messages: &Receiver<Message>) -> Vec<String> {
    messages.try_iter().map(|message| message.text).collect()
}

#[test]
fn a_line_has_the_guides_form() {
    let time = at("2024-10-10T13:55:36Z");
    let text = "Health check server started on port 8080";
    assert_eq!(
        line(time, &TimeZone::UTC, Level::Info, text),
        "2024-10-10 13:55:36 - INFO - Health check server started on port 8080"
    );
}

#[test]
fn a_line_is_stamped_in_the_logs_zone() {
    let zone = TimeZone::get("America/St_Johns").unwrap();
    let text = line(at("2024-10-10T01:00:00Z"), &zone, Level::Error, "x");
    assert_eq!(text, "2024-10-09 22:30:00 - ERROR - x");
}

#[test]
fn a_warning_is_spelled_out() {
    let names = [Level::Error, Level::Warn, Level::Info, Level::Debug].map(name);
    assert_eq!(names, ["ERROR", "WARNING", "INFO", "DEBUG"]);
}

#[test]
fn one_message_is_one_line_whatever_it_quotes() {
    let line =
        line(at("2024-01-01T00:00:00Z"), &TimeZone::UTC, Level::Info, "a\nb\r\0\u{1b}[0m é\u{85}");
    assert_eq!(line, r"2024-01-01 00:00:00 - INFO - a\nb\r\u{0}\u{1b}[0m é\u{85}");
}

#[test]
fn messages_wait_until_the_writer_takes_them() {
    let (log, messages) = silent(false);
    say(&log, OURS, Level::Info, "first");
    say(&log, OURS, Level::Warn, "second");
    let lines: Vec<_> = messages.try_iter().map(|m| m.line(&TimeZone::UTC)).collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].ends_with(" - INFO - first\n"), "{}", lines[0]);
    assert!(lines[1].ends_with(" - WARNING - second\n"), "{}", lines[1]);
}

#[test]
fn debug_messages_are_kept_only_when_asked_for() {
    for (debug, expected) in [(false, &[][..]), (true, &["detail"])] {
        let (log, messages) = silent(debug);
        say(&log, OURS, Level::Debug, "detail");
        assert_eq!(texts(&messages), expected);
    }
}

#[test]
fn packages_are_heard_only_when_they_warn() {
    let (log, messages) = silent(true);
    for level in [Level::Debug, Level::Info, Level::Warn, Level::Error] {
        say(&log, "jiff::tz", level, name(level));
    }
    assert_eq!(texts(&messages), ["WARNING", "ERROR"]);
}

#[test]
fn quiet_leaves_warnings_and_errors_on_standard_error_and_all_in_the_file() {
    let (log, _messages) = SystemLog::new(true, false, None);
    let info = Metadata::builder().target(OURS).level(Level::Info).build();
    let warning = Metadata::builder().target(OURS).level(Level::Warn).build();
    assert!(!log.goes_to_terminal(&info) && log.goes_to_terminal(&warning));
    assert!(log.goes_to_file(&info) && log.goes_to_file(&warning));
}

#[test]
fn a_filter_in_the_environment_takes_the_place_of_the_flags() {
    let (log, _messages) = SystemLog::new(true, false, Some("tiny_http=debug"));
    let foreign = Metadata::builder().target("tiny_http").level(Level::Debug).build();
    let ours = Metadata::builder().target(OURS).level(Level::Error).build();
    assert!(log.goes_to_terminal(&foreign) && !log.goes_to_terminal(&ours));
    assert!(!log.goes_to_file(&foreign) && log.goes_to_file(&ours));
}

#[test]
fn a_full_channel_drops_messages_and_says_how_many() {
    let (log, messages) = silent(false);
    for number in 0..WAITING + 3 {
        say(&log, OURS, Level::Info, &number.to_string());
    }
    assert_eq!(texts(&messages).len(), WAITING);
    say(&log, OURS, Level::Info, "again");
    assert_eq!(texts(&messages), ["Messages that came too fast and are missing here: 3", "again"]);
}

#[test]
fn a_message_dropped_along_with_its_note_is_counted_too() {
    let (log, messages) = silent(false);
    for _ in 0..WAITING + 3 {
        say(&log, OURS, Level::Info, "x");
    }
    // There is room for the note only.
    messages.recv().unwrap();
    say(&log, OURS, Level::Info, "x");
    assert_eq!(messages.try_iter().count(), WAITING);
    say(&log, OURS, Level::Info, "again");
    assert_eq!(texts(&messages)[0], "Messages that came too fast and are missing here: 1");
}

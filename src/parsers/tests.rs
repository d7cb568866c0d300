use ::regex::Regex;

use super::*;
use crate::config::Config;
use crate::line_schema::examples::texts;
use crate::line_schema::{LineColumn, LineItem};
use crate::log_format::NAMED;
use crate::log_id::{ACCESS_LOG, LogId};

const LINES: usize = 300;

/// Strings of both servers that are hard to read back.
const STRINGS: [&str; 6] = [
    r#"%h "%!200,304{Referer}i" %q %{%s}t%{msec_frac}t %X %{X-Own}i %L %{Cookie}i %200b %T"#,
    r"%{%A, %e. %B %Y, %I:%M %p}t|%U|%{User-Agent}i|%D",
    r"%t%s%b%m (it's [a] {log}^$.*+?\\)",
    "$remote_addr [$msec] $https \"$request\" $upstream_status|$upstream_response_time",
    "log_format x escape=none '$time_iso8601\t$http_referer\t$http_user_agent\t$is_args$args';",
    "log_format x escape=json '{\"at\":\"$time_iso8601\",\"took\":$request_time,\"by\":\"$http_user_agent\"}';",
];

fn formats() -> impl Iterator<Item = LogFormat> {
    let all = NAMED.iter().map(|named| named.name).chain(STRINGS);
    all.map(|text| LogFormat::parse(text).unwrap())
}

fn items(format: &LogFormat) -> Option<Vec<LineItem>> {
    match LineShape::of(format.pieces()) {
        LineShape::Json(_) => None,
        LineShape::Pairs(items) | LineShape::Text(items) => Some(items),
    }
}

#[test]
fn the_expression_of_a_format_matches_each_of_its_lines() {
    let config = Config::default();
    for format in formats() {
        let Some(items) = items(&format) else { continue };
        let column =
            |column: &LineColumn| format!("(?P<{}>{})", column.identifier(), regex::value(column));
        let expression = Regex::new(&format!("^{}$", regex::pattern(&items, &column))).unwrap();
        let lines = texts(&config, LogId::ACCESS, &[format.elements().to_vec()], LINES).remove(0);
        assert_eq!(lines.len(), LINES);
        for line in lines {
            assert!(expression.is_match(&line), "{}: {expression} on {line}", format.text());
        }
    }
}

#[test]
fn the_expression_of_a_named_format_captures_what_its_columns_show() {
    let config = Config::default();
    for named in NAMED {
        let format = LogFormat::parse(named.name).unwrap();
        let Some(items) = items(&format) else { continue };
        let shape = LineShape::of(format.pieces());
        let column =
            |column: &LineColumn| format!("(?P<{}>{})", column.identifier(), regex::value(column));
        let expression = Regex::new(&format!("^{}$", regex::pattern(&items, &column))).unwrap();
        let columns = shape.columns();
        let mut parts: Vec<_> = columns.iter().map(|column| column.elements.clone()).collect();
        parts.push(format.elements().to_vec());
        let mut texts = texts(&config, LogId::ACCESS, &parts, LINES);
        let lines = texts.pop().unwrap();
        for (number, line) in lines.iter().enumerate() {
            let found = expression.captures(line).unwrap();
            for (column, texts) in columns.iter().zip(&texts) {
                if let Some(value) = found.name(&column.identifier()) {
                    assert_eq!(
                        value.as_str(),
                        texts[number],
                        "{}: {} in {line}",
                        named.name,
                        column.name
                    );
                }
            }
        }
    }
}

#[test]
fn a_line_that_a_format_does_not_make_does_not_match() {
    let format = LogFormat::default();
    let column = |column: &LineColumn| regex::value(column);
    let expression =
        Regex::new(&format!("^{}$", regex::pattern(&items(&format).unwrap(), &column))).unwrap();
    let right = r#"10.0.0.1 - - [10/Oct/2024:13:55:36 +0000] "GET / HTTP/1.1" 200 5 "-" "a \"b\"""#;
    assert!(expression.is_match(right));
    for (part, wrong) in
        [("10.0", "x"), ("200 5", "2x0 5"), ("\\\"b\\\"", "\"b\""), ("[10", "[1"), ("GET", "get")]
    {
        assert!(!expression.is_match(&right.replacen(part, wrong, 1)), "{part} -> {wrong}");
    }
}

#[test]
fn every_program_reads_a_format_or_says_why_it_cannot_and_what_would() {
    for format in formats() {
        for parser in LogParser::ALL {
            match text(parser, ACCESS_LOG, &format) {
                Ok(text) => assert!(text.ends_with('\n') && text.len() > 20, "{text}"),
                Err(unreadable) => {
                    let message = unreadable.to_string();
                    assert!(
                        message.starts_with(&format!("{} cannot read", parser.name())),
                        "{message}"
                    );
                    assert!(
                        message.contains("fluent-bit and clickhouse have a parser"),
                        "{message}"
                    );
                }
            }
        }
    }
    let refused =
        |parser, name| text(parser, ACCESS_LOG, &LogFormat::parse(name).unwrap()).is_err();
    let all = NAMED.iter().flat_map(|named| LogParser::ALL.map(|parser| (parser, named.name)));
    let unreadable: Vec<_> = all.filter(|(parser, name)| refused(*parser, name)).collect();
    let json = ["json", "ecs", "otel", "truth", "caddy"].map(|name| (LogParser::Grok, name));
    for wanted in json.into_iter().chain([(LogParser::Goaccess, "otel")]) {
        assert!(unreadable.contains(&wanted), "{wanted:?}");
    }
    assert_eq!(unreadable.len(), json.len() + 1, "{unreadable:?}");
}

#[test]
fn what_is_printed_of_a_log_has_its_name() {
    let printed = |parser, file| text(parser, file, &LogFormat::default()).unwrap();
    for (file, name) in
        [("access.log", "access_log"), ("slow-2.x.log", "slow_2_x_log"), ("5xx.log", "log_5xx_log")]
    {
        assert!(printed(LogParser::FluentBit, file).contains(&format!("Name         {name}\n")));
        let statements = printed(LogParser::Clickhouse, file);
        assert!(statements.starts_with(&format!("CREATE TABLE {name}\n")), "{statements}");
        assert!(
            statements.contains(&format!("INSERT INTO {name}\nFROM INFILE '{file}'\n")),
            "{statements}"
        );
    }
}

#[test]
fn goaccess_gets_the_date_and_the_path_wherever_and_however_they_stand() {
    let printed = |log_format: &str| {
        let format = LogFormat::parse(log_format).unwrap();
        text(LogParser::Goaccess, ACCESS_LOG, &format)
    };
    for (log_format, [line, date, time]) in [
        (r#"%h %t "%U%q" %>s"#, [r#"%h [%d:%t %^] "%U" %s"#, "%d/%b/%Y", "%H:%M:%S"]),
        (r#"%h %{%FT%T%z}t "%r" %>s"#, [r#"%h %dT%t "%r" %s"#, "%Y-%m-%d", "%H:%M:%S%z"]),
        (r#"%h %{%D %T}t "%r" %>s"#, [r#"%h %d %t "%r" %s"#, "%m/%d/%y", "%H:%M:%S"]),
    ] {
        let expected = format!("log-format {line}\ndate-format {date}\ntime-format {time}\n");
        assert_eq!(printed(log_format), Ok(expected));
    }
    // An hour of twelve has its half of the day behind a space, and some days begin with one.
    for unreadable in ["%F %I:%M:%S %p", "%e %b %Y %T"] {
        let error = printed(&format!(r#"%h %{{{unreadable}}}t "%r" %>s"#)).unwrap_err().to_string();
        assert!(error.contains("no date with a time of day"), "{error}");
    }
}

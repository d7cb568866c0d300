//! Lines of each format as files in tests/formats, which `UPDATE_GOLDEN=1` writes.

use super::*;
use crate::log_format::{ErrorFormat, FileHeader};
use crate::server_failure::ServerFailure;
use crate::stream::failure::server_failure;
use crate::stream::scenario::marks::EventMarks;

#[test]
fn the_lines_of_each_named_format_are_the_golden_ones() {
    let config = config(|_| {});
    let site = Site::new(&config);
    let mut hits = hits_of_all_kinds(&site);
    // What a site without a profile has.
    let is_usual = |hit: &Hit| {
        matches!(hit.method, Method::Get | Method::Post) && Outcome::ALL[..7].contains(&hit.outcome)
    };
    hits.retain(is_usual);
    hits.truncate(24);
    for named in NAMED {
        let path = format!("{}/tests/formats/{}.txt", env!("CARGO_MANIFEST_DIR"), named.name);
        let header = FileHeader::of(named.header).map(|header| header.show(hits[0].time));
        let header = String::from_utf8(header.unwrap_or_default()).unwrap();
        let lines = header + &lines_in(named.name, &config, &site, &hits);
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(&path, &lines).unwrap();
        }
        assert_eq!(lines, std::fs::read_to_string(&path).unwrap(), "{}", named.name);
    }
}

/// The lines of error.log about a failure of each kind.
fn errors_in(format: ErrorFormat) -> Vec<String> {
    // An event for each kind that does not happen by itself.
    let causes: Vec<String> = ServerFailure::ALL[ServerFailure::USUAL..]
        .iter()
        .map(|cause| {
            let name = cause.name();
            format!(
                "{{kind: server_errors, name: {name}, at: +1h, for: 1h, share: 1, cause: {name}}}"
            )
        })
        .collect();
    let yaml = format!("{{profile: shop, scenario: [{}]}}", causes.join(", "));
    let scenario = Config::from_yaml(&yaml).unwrap().scenario;
    let marks = EventMarks::new(&scenario);
    let config = config(|config| {
        (config.output.error_format, config.scenario) = (format, scenario.clone());
    });
    let (_, error) = render(&config, |site| {
        let hit = Hit { referrer: Referrer::external(0), ..hit(site, "/checkout") };
        let hit = Hit { outcome: Outcome::ServerError, ..hit };
        let kind = |kind: ServerFailure| match (kind as usize).checked_sub(ServerFailure::USUAL) {
            Some(event) => Hit { event: marks.of(event, 0), ..hit },
            None => {
                let visitor =
                    (0..).find(|visitor| server_failure(&Hit { visitor: *visitor, ..hit }) == kind);
                Hit { visitor: visitor.unwrap(), ..hit }
            }
        };
        let refused = |outcome, is_logged_in| Hit {
            outcome,
            credentials: Credentials::new(false, is_logged_in),
            ..hit
        };
        let others = [
            refused(Outcome::Forbidden, false),
            refused(Outcome::Unauthorized, false),
            refused(Outcome::Unauthorized, true),
        ];
        // The server itself says that the application took too long.
        let late = Hit { outcome: Outcome::GatewayTimeout, ..kind(ServerFailure::UpstreamTimeout) };
        ServerFailure::ALL.map(kind).into_iter().chain([late]).chain(others).collect()
    });
    error.lines().map(str::to_owned).collect()
}

#[test]
fn a_line_of_error_log_is_the_one_that_the_server_logs_for_that_failure() {
    let shown: Vec<String> = ErrorFormat::ALL
        .into_iter()
        .flat_map(|format| [vec![format!("== {}", format.name())], errors_in(format)].concat())
        .collect();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/formats/errors.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(path, shown.join("\n") + "\n").unwrap();
    }
    assert_eq!(shown.join("\n") + "\n", std::fs::read_to_string(path).unwrap());
}

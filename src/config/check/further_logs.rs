//! `output.logs`: the logs beside access.log.

use std::time::Duration;

use super::cursor::ConfigItem;
use super::formats::format;
use super::visitors::network;
use crate::config::keys::further_logs::{
    FILE, HOST, LONGEST_FILE, MOST_LOGS, PATH_PREFIX, SLOWER_THAN, SLOWER_THAN_LIMITS, STATUS,
};
use crate::config::tree::{NodeId, quoted};
use crate::config::{FurtherLog, Selection, StatusSelection};
use crate::duration::parse_duration;
use crate::log_id::{LOG_ENDING, LogNames};

/// Reads the list.
pub fn further_logs(item: &ConfigItem<'_>) -> Vec<FurtherLog> {
    const EXPECTED: &str =
        "a list of logs, each with \"file\" and perhaps \"format\" and conditions";
    let items = item.list(EXPECTED).unwrap_or_default();
    if items.len() > MOST_LOGS {
        item.error(format!("found {} logs, expected at most {MOST_LOGS}", items.len()));
    }
    let mut files: Vec<(String, NodeId)> = Vec::new();
    let mut logs = Vec::new();
    for item in items {
        let Some(map) = item.map("a map with \"file\"") else { continue };
        let file_item = map.require("file", FILE.expected);
        let file = file_item.as_ref().and_then(file);
        if let (Some(item), Some(file)) = (&file_item, &file) {
            // Some file systems take no notice of the case.
            match files.iter().find(|(other, _)| other.eq_ignore_ascii_case(file)) {
                Some((_, other)) => item.error_with(
                    *other,
                    format!("found the file {} twice, expected one for each log", quoted(file)),
                ),
                None => files.push((file.clone(), item.id())),
            }
        }
        let format = map.get("format").and_then(|item| format(&item));
        let selection = Selection {
            status: map.get("status").and_then(|item| status(&item)),
            host: map.get("host").and_then(|item| item.text(HOST.expected).map(str::to_owned)),
            remote_host: map.get("remote_host").and_then(|item| network(&item)),
            path_prefix: map.get("path_prefix").and_then(|item| path_prefix(&item)),
            slower_than: map.get("slower_than").and_then(|item| slower_than(&item)),
        };
        map.finish();
        if let Some(file) = file {
            logs.push(FurtherLog { file, format: format.unwrap_or_default(), selection });
        }
    }
    logs
}

fn file(item: &ConfigItem<'_>) -> Option<String> {
    let name = item.text(FILE.expected)?;
    let is_word = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let stem = name.strip_suffix(LOG_ENDING).unwrap_or("");
    let is_right = stem.starts_with(|first: char| first.is_ascii_alphanumeric())
        && stem.chars().all(is_word)
        && name.len() <= LONGEST_FILE;
    if !is_right {
        return item.wrong(FILE.expected);
    }
    if LogNames::default().files().any(|usual| usual.eq_ignore_ascii_case(name)) {
        item.error(format!(
            "found {}, which is a log of every run; expected another name",
            quoted(name)
        ));
        return None;
    }
    Some(name.to_owned())
}

fn status(item: &ConfigItem<'_>) -> Option<StatusSelection> {
    let name = item.text(STATUS.expected)?;
    StatusSelection::from_name(name).or_else(|| item.wrong(STATUS.expected))
}

fn path_prefix(item: &ConfigItem<'_>) -> Option<String> {
    let path = item.text(PATH_PREFIX.expected)?;
    let is_wrong = |c: char| c.is_whitespace() || c.is_control() || "?#".contains(c);
    if !path.starts_with('/') || path.contains(is_wrong) {
        return item.wrong(PATH_PREFIX.expected);
    }
    Some(path.to_owned())
}

fn slower_than(item: &ConfigItem<'_>) -> Option<Duration> {
    let text = item.text(SLOWER_THAN.expected)?;
    let (least, most) = SLOWER_THAN_LIMITS;
    match parse_duration(text) {
        Ok(time)
            if (least..=most).contains(&time)
                && !text.ends_with(|last: char| last.is_ascii_digit()) =>
        {
            Some(time)
        }
        _ => item.wrong(SLOWER_THAN.expected),
    }
}

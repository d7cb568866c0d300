//! `scenario`: what happens to the site, and when.

use std::time::Duration;

use super::cursor::{ConfigItem, Map};
use super::formats::format;
use super::pages::listed_path;
use crate::config::Steered;
use crate::config::event_key::EventKey;
use crate::config::event_kind::{EventClass, EventKind, KINDS};
use crate::config::event_times::EventTimes;
use crate::config::keys::NumberLimits;
use crate::config::keys::paths::PagePath;
use crate::config::keys::scenario::{
    ADDRESSES, AT, CAUSE, FACTOR, FOR, INCREASE, KIND, LENGTHS, LINE_LENGTH, LONGEST_NAME,
    MOST_ADDED, MOST_EVENTS, MOST_OFFSET, MULTIPLIER, NAME, OFFSET, RATE, SHAPE, SHARE, STATUS,
    TIMEOUT, TIMEOUTS, UPSTREAMS,
};
use crate::config::scenario::{EventShape, FailureStatus, ScenarioEvent};
use crate::config::tree::{NodeId, quoted};
use crate::duration::parse_duration;
use crate::likeness::likely;
use crate::server_failure::ServerFailure;

/// Reads the list. All but surges and what spoils lines need the visitors of a profile.
pub fn scenario(item: &ConfigItem<'_>, has_profile: bool) -> Vec<ScenarioEvent> {
    let items = item.list("a list of events, each with \"kind\", \"at\" and \"for\"");
    let items = items.unwrap_or_default();
    if items.len() > MOST_EVENTS {
        item.error(format!("found {} events, expected at most {MOST_EVENTS}", items.len()));
    }
    let mut names: Vec<(String, NodeId)> = Vec::new();
    let mut events: Vec<ScenarioEvent> = Vec::new();
    for item in items {
        let Some(map) = item.map("a map with \"kind\", \"at\" and \"for\"") else { continue };
        let Some(event) = event(&map, &mut names) else {
            map.finish();
            continue;
        };
        map.finish();
        let is_of_visitors =
            event.kind != EventKind::Surge && event.kind.class() != EventClass::Log;
        if is_of_visitors && !has_profile {
            item.error(format!(
                "found {} without a profile, expected \"profile: shop\" or another one: without, a site has surges and \
                 spoilt lines alone",
                event.kind.name()
            ));
        }
        let added = event.share_of_lines() * f64::from(event.line_length());
        if event.kind == EventKind::LongLines && added > MOST_ADDED {
            item.error(format!(
                "found lines of {} bytes in a share of {}, which are {added:.0} bytes a line in the mean, expected at \
                 most {MOST_ADDED}",
                event.line_length(),
                event.share_of_lines()
            ));
        }
        events.push(event);
    }
    events
}

fn event(map: &Map<'_>, names: &mut Vec<(String, NodeId)>) -> Option<ScenarioEvent> {
    let kind = map.require("kind", KIND.expected).and_then(|item| kind(&item));
    let at = map.require("at", AT.expected).and_then(|item| at(&item));
    let length = map.require("for", FOR.expected).and_then(|item| length(&item));
    let name_item = map.get("name");
    let given = name_item.as_ref().and_then(name);
    let shape = map.get("shape").and_then(|item| shape(&item)).unwrap_or_default();
    let Some(kind) = kind else {
        // Which of these keys are right cannot be said without a kind.
        EventKey::ALL.iter().for_each(|key| drop(map.get(key.name())));
        return None;
    };
    let name = given.unwrap_or_else(|| kind.name().to_owned());
    name_once(name_item.as_ref().unwrap_or(map.item()), &name, names);
    let taken = |key: EventKey| -> Option<ConfigItem<'_>> {
        let item = map.get(key.name());
        let is_known = kind.keys().contains(&key);
        if let Some(item) = item.as_ref().filter(|_| !is_known) {
            let known: Vec<&str> = kind.keys().iter().map(|key| key.name()).collect();
            let known = known.join(", ");
            let kind = kind.name();
            item.error(format!("found a key that {kind} does not take; it takes {known}"));
        }
        if item.is_none() && kind.required().contains(&key) {
            map.item().error(format!("found no \"{}\", which {} needs", key.name(), kind.name()));
        }
        item.filter(|_| is_known)
    };
    Some(ScenarioEvent {
        multiplier: taken(EventKey::Multiplier).and_then(|item| item.number(multipliers(kind))),
        share: taken(EventKey::Share).and_then(|item| item.number(SHARE)),
        status: taken(EventKey::Status).and_then(|item| status(&item, kind)),
        cause: taken(EventKey::Cause).and_then(|item| cause(&item)),
        page: taken(EventKey::Page).and_then(|item| page(&item)),
        visitors: taken(EventKey::Visitors).and_then(|item| item.number(SHARE)),
        upstream: taken(EventKey::Upstream)
            .and_then(|item| item.whole(UPSTREAMS))
            .and_then(|number| number.try_into().ok()),
        factor: taken(EventKey::Factor).and_then(|item| item.number(FACTOR)),
        timeout: taken(EventKey::Timeout)
            .and_then(|item| length_within(&item, TIMEOUTS, TIMEOUT.expected)),
        rate: taken(EventKey::Rate).and_then(|item| item.number(RATE)),
        addresses: taken(EventKey::Addresses)
            .and_then(|item| item.whole(ADDRESSES))
            .and_then(|number| number.try_into().ok()),
        patched: taken(EventKey::Patched).and_then(|item| item.boolean()),
        line_length: taken(EventKey::Length)
            .and_then(|item| item.whole(LINE_LENGTH))
            .and_then(|number| number.try_into().ok()),
        offset: taken(EventKey::Offset).and_then(|item| offset(&item)),
        format: taken(EventKey::Format).and_then(|item| format(&item)),
        shape,
        kind,
        name,
        // Last: what is wrong with the other keys is said, too.
        at: at?,
        length: length?,
        steered: Steered::default(),
    })
}

/// Of these kinds, surges alone can take lines away.
fn multipliers(kind: EventKind) -> NumberLimits {
    if kind == EventKind::Surge { MULTIPLIER } else { INCREASE }
}

/// A page of the site with all that is asked of it.
fn page(item: &ConfigItem<'_>) -> Option<String> {
    let page = listed_path(item, PagePath::OneOrMany)?;
    match page.split_once('?') {
        Some((path, _)) => item.wrong(format!("a page without its query, such as \"{path}\"")),
        None => Some(page),
    }
}

/// Adds the name of an event to those of the others.
fn name_once(place: &ConfigItem<'_>, name: &str, names: &mut Vec<(String, NodeId)>) {
    match names.iter().find(|(other, _)| *other == name) {
        Some((_, other)) => place.error_with(
            *other,
            format!("found the name {} twice, expected one for each event", quoted(name)),
        ),
        None => names.push((name.to_owned(), place.id())),
    }
}

fn kind(item: &ConfigItem<'_>) -> Option<EventKind> {
    let name = item.text(KIND.expected)?;
    EventKind::from_name(name).or_else(|| {
        let names = KINDS.iter().map(|row| row.name);
        item.wrong(match likely(name, names.clone()) {
            Some(kind) => format!("a kind of event: did you mean \"{kind}\"?"),
            None => format!("one of {}", names.collect::<Vec<_>>().join(", ")),
        })
    })
}

fn name(item: &ConfigItem<'_>) -> Option<String> {
    let name = item.text(NAME.expected)?;
    let is_right = name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || "_-".contains(c))
        && name.len() <= LONGEST_NAME;
    if is_right { Some(name.to_owned()) } else { item.wrong(NAME.expected) }
}

fn at(item: &ConfigItem<'_>) -> Option<EventTimes> {
    EventTimes::parse(item.text(AT.expected)?).map_or_else(|right| item.wrong(right), Some)
}

fn length(item: &ConfigItem<'_>) -> Option<Duration> {
    length_within(item, LENGTHS, FOR.expected)
}

fn length_within(
    item: &ConfigItem<'_>,
    (least, most): (Duration, Duration),
    expected: &'static str,
) -> Option<Duration> {
    let text = item.text(expected)?;
    let has_unit = text.ends_with(|last: char| last.is_ascii_alphabetic());
    let length =
        parse_duration(text).ok().filter(|length| has_unit && (least..=most).contains(length));
    length.or_else(|| item.wrong(expected))
}

fn shape(item: &ConfigItem<'_>) -> Option<EventShape> {
    let name = item.text(SHAPE.expected)?;
    let shape = EventShape::ALL.into_iter().find(|shape| shape.name() == name);
    shape.or_else(|| item.wrong(SHAPE.expected))
}

fn offset(item: &ConfigItem<'_>) -> Option<i32> {
    let most = f64::from(MOST_OFFSET);
    let seconds = item.number(NumberLimits::between(-most, most))?;
    if seconds == 0.0 || seconds.fract() != 0.0 {
        return item.wrong(OFFSET.expected);
    }
    Some(seconds as i32)
}

fn status(item: &ConfigItem<'_>, kind: EventKind) -> Option<FailureStatus> {
    let number = item.whole((100, 599))?;
    let of_kind = FailureStatus::of(kind);
    let status = of_kind.iter().find(|status| u64::from(status.number()) == number);
    status.copied().or_else(|| match of_kind.len() == FailureStatus::ALL.len() {
        true => item.wrong(STATUS.expected),
        false => {
            let numbers: Vec<String> =
                of_kind.iter().map(|status| status.number().to_string()).collect();
            item.wrong(format!("{}, which {} answers with", numbers.join(" or "), kind.name()))
        }
    })
}

fn cause(item: &ConfigItem<'_>) -> Option<ServerFailure> {
    ServerFailure::from_name(item.text(CAUSE.expected)?).or_else(|| item.wrong(CAUSE.expected))
}

//! `state_transitions` and `session`: where a session goes and how long it takes.

use super::cursor::{ConfigItem, Map};
use super::weights::{self, weight};
use crate::config::keys::sessions::{
    BROWSING, DIRECT_ACCESS, DURATION, INTERVAL, LAST, LOGIN, MEAN_INTERVAL, OLDER, START,
};
use crate::config::keys::{self, ConfigKey, NumberLimits, preset};
use crate::config::tree::quoted;
use crate::config::{SessionTimes, State, StateTransitions};
use crate::likeness::likely;

/// Reads `state_transitions`; without a table in it, it is as `usual`. A table that is missing beside others is the guide's.
pub fn state_transitions(section: Option<Map<'_>>, usual: StateTransitions) -> StateTransitions {
    let Some(map) = section else { return usual };
    if map.entries().next().is_none() {
        map.finish();
        return usual;
    }
    let mut tables: StateTransitions = preset();
    let read = |key: &ConfigKey<StateTransitions>, from: State, into: &mut Vec<(State, f64)>| {
        if let Some(table) = map.of(key).and_then(|item| table(&item, from)) {
            *into = table;
        }
    };
    read(&START, State::Start, &mut tables.start);
    read(&LOGIN, State::Login, &mut tables.login);
    read(&DIRECT_ACCESS, State::DirectAccess, &mut tables.direct_access);
    read(&BROWSING, State::Browsing, &mut tables.browsing);
    for (from, spellings) in LAST {
        // What they say is known; that it is right is checked.
        map.one_of(&spellings).and_then(|item| table(&item, from));
    }
    map.accept_older(OLDER);
    map.finish();
    tables
}

fn table(item: &ConfigItem<'_>, from: State) -> Option<Vec<(State, f64)>> {
    let map = item.map(keys::weights::STATES.expected)?;
    let mut table: Vec<(State, f64)> = Vec::new();
    let mut good = true;
    for (name, item) in map.entries() {
        let Some(to) = State::from_name(name) else {
            let states = State::ALL[1..].iter().map(|state| state.name());
            let hint = match likely(name, states.clone()) {
                Some(state) => format!("did you mean \"{state}\"?"),
                None => format!("the states are {}", states.collect::<Vec<_>>().join(", ")),
            };
            map.wrong_key(name, format!("found {}, which is no state; {hint}", quoted(name)));
            good = false;
            continue;
        };
        if to == State::Start {
            map.wrong_key(name, "found START as a next state, but a session starts only once");
            good = false;
        } else if from.is_last() && to != State::End {
            let message = format!(
                "found {}, expected END, which is all that follows {}",
                to.name(),
                from.name()
            );
            map.wrong_key(name, message);
            good = false;
        } else if table.iter().any(|(other, _)| *other == to) {
            map.wrong_key(name, format!("found {} twice, expected each state once", to.name()));
            good = false;
        }
        match weight(&item) {
            Some(weight) => table.push((to, weight)),
            None => good = false,
        }
    }
    if !good || !weights::have_a_choice(&map, table.iter().map(|(_, weight)| *weight), "state") {
        return None;
    }
    weights::note_sum(map.item(), table.iter().map(|(_, weight)| *weight));
    Some(table)
}

/// Whether `session` says how long people look at a page.
pub fn has_interval(session: &Map<'_>) -> bool {
    session.entries().any(|(key, _)| key.ends_with("page_view_interval"))
}

/// Reads `session`; absent is empty.
pub fn session(section: Option<Map<'_>>) -> SessionTimes {
    let mut times: SessionTimes = preset();
    let Some(map) = section else { return times };
    let (min, max) = (&mut times.min_browsing_duration, &mut times.max_browsing_duration);
    range(&map, ("min_browsing_duration", min), ("max_browsing_duration", max), DURATION);
    if let Some(item) = map.get("page_view_interval") {
        let newer = ["min_page_view_interval", "max_page_view_interval"].map(|key| map.get(key));
        if let Some(other) = newer.into_iter().flatten().next() {
            item.error_with(
                other.id(),
                "found beside min_page_view_interval or max_page_view_interval, expected either \
                 these two or page_view_interval, their mean",
            );
        }
        if let Some(mean) = item.number(MEAN_INTERVAL) {
            times.min_page_view_interval = mean / 2.0;
            times.max_page_view_interval = mean * 1.5;
        }
    } else {
        let (min, max) = (&mut times.min_page_view_interval, &mut times.max_page_view_interval);
        range(&map, ("min_page_view_interval", min), ("max_page_view_interval", max), INTERVAL);
    }
    map.finish();
    times
}

fn range(
    map: &Map<'_>,
    (min_key, min): (&'static str, &mut f64),
    (max_key, max): (&'static str, &mut f64),
    limits: NumberLimits,
) {
    let (min_item, max_item) = (map.get(min_key), map.get(max_key));
    let read = |item: &Option<ConfigItem<'_>>, into: &mut f64| match item {
        Some(item) => item.number(limits).map(|number| *into = number).is_some(),
        None => true,
    };
    let good = read(&min_item, min) & read(&max_item, max);
    if good && *min > *max {
        // Told where the person has written something: at the upper end, if it is given.
        if let Some(item) = &max_item {
            let by = if min_item.is_some() { "" } else { " by default" };
            item.error(format!("found {max}, expected at least {min_key}, which is {min}{by}"));
        } else if let Some(item) = &min_item {
            item.error(format!(
                "found {min}, expected at most {max_key}, which is {max} by default"
            ));
        }
    }
}

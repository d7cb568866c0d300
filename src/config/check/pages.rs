//! `navigation` and `urls`: which pages there are and which page follows which.

use std::collections::HashMap;

use super::cursor::{ConfigItem, Map};
use super::page_path::page_path;
use super::weights::{self, weight};
use crate::config::keys;
use crate::config::keys::error_rates::RATE;
use crate::config::keys::pages::{HOME, OLDER};
use crate::config::keys::paths::{PAGE, PagePath};
use crate::config::tree::{NodeId, Value, quoted};
use crate::config::{Navigation, PageWeights, Shares, UrlRule};
use crate::likeness::likely;

const PAGES: &str = keys::weights::PAGES.expected;

/// Reads `navigation`; absent is the guide's.
pub fn navigation(item: Option<ConfigItem<'_>>, mut navigation: Navigation) -> Navigation {
    let Some(map) = item.and_then(|item| item.map(PAGES)) else { return navigation };
    if map.is_empty() {
        map.item().error(
            "found an empty map, expected the pages of the site under \"home\": \
             leave the section out for the default ones",
        );
        return navigation;
    }
    let home = map.of(&HOME);
    map.accept_older(OLDER);
    let homes: Vec<&str> =
        std::iter::once(HOME.name).chain(HOME.also.iter().map(|also| also.name())).collect();
    let is_older = |key: &str| OLDER.iter().any(|(older, _)| *older == key);
    let mut flat = Weights::default();
    let mut pages = Keys::default();
    for (key, item) in map.entries().filter(|(key, _)| !homes.contains(key) && !is_older(key)) {
        if is_number(&item) {
            flat.add(&map, key, &item);
            if let Some(home) = &home {
                item.error_with(
                    home.id(),
                    "found a weight beside \"home\": move the page under it",
                );
            }
        } else if key.starts_with('/') {
            let weights = page_weights(&item, Empty::IsWrong);
            if let Some(path) = pages.add(&map, key, &item, PagePath::OneOrMany)
                && let Some(weights) = weights
            {
                navigation.pages.push((path, weights));
            }
        } else {
            let meant =
                likely(key, homes.iter().copied()).map_or_else(|| format!("/{key}"), str::to_owned);
            map.unknown_key(key, &format!("did you mean {}?", quoted(&meant)));
        }
    }
    let weights = match &home {
        Some(item) => page_weights(item, Empty::IsWrong),
        None if flat.any => flat.finish(&map),
        None => None,
    };
    if let Some(weights) = weights {
        navigation.home = weights;
    }
    navigation
}

fn is_number(item: &ConfigItem<'_>) -> bool {
    matches!(item.value(), Value::Integer(_) | Value::Float(_))
}

#[derive(Clone, Copy, PartialEq)]
enum Empty {
    IsWrong,
    IsNone,
}

fn page_weights(item: &ConfigItem<'_>, empty: Empty) -> Option<PageWeights> {
    let map = item.map(PAGES)?;
    if map.is_empty() && empty == Empty::IsNone {
        return Some(Vec::new());
    }
    let mut weights = Weights::default();
    for (key, item) in map.entries() {
        weights.add(&map, key, &item);
    }
    weights.finish(&map)
}

/// Page paths met so far: two spellings of one path are an error.
#[derive(Default)]
struct Keys {
    seen: HashMap<String, NodeId>,
}

impl Keys {
    /// The path in the form that it has in a request line.
    fn add(
        &mut self,
        map: &Map<'_>,
        key: &str,
        item: &ConfigItem<'_>,
        which: PagePath,
    ) -> Option<String> {
        let path = match page_path(key, which) {
            Ok(path) => path,
            Err(expected) => {
                map.wrong_key(key, format!("found {}, expected {expected}", quoted(key)));
                return None;
            }
        };
        match self.seen.insert(path.clone(), item.id()) {
            Some(other) => {
                item.error_with(other, format!("found the page {path} twice, expected it once"));
                None
            }
            None => Some(path),
        }
    }
}

#[derive(Default)]
struct Weights {
    any: bool,
    bad: bool,
    keys: Keys,
    weights: PageWeights,
}

impl Weights {
    fn add(&mut self, map: &Map<'_>, key: &str, item: &ConfigItem<'_>) {
        self.any = true;
        let path = self.keys.add(map, key, item, PagePath::OneOrMany);
        match (path, weight(item)) {
            (Some(path), Some(weight)) => self.weights.push((path, weight)),
            _ => self.bad = true,
        }
    }

    fn finish(self, map: &Map<'_>) -> Option<PageWeights> {
        let weights = self.weights.iter().map(|(_, weight)| *weight);
        if self.bad || !weights::have_a_choice(map, weights.clone(), "page") {
            return None;
        }
        weights::note_sum(map.item(), weights);
        Some(self.weights)
    }
}

/// Reads `urls`, a map of paths or a list; absent is empty.
pub fn urls(item: Option<ConfigItem<'_>>) -> Vec<UrlRule> {
    const EXPECTED: &str = "a map of pages, each with \"success\", \"not_found\", \
                            \"system_error\" or \"next_pages\"";
    let Some(item) = item else { return Vec::new() };
    let mut keys = Keys::default();
    let mut rules = Vec::new();
    if let Value::List(_) = item.value() {
        for item in item.list(EXPECTED).unwrap_or_default() {
            let Some(map) = item.map(EXPECTED) else { continue };
            let path = map.require("path", "the path of the page").and_then(|item| {
                let path = listed_path(&item, PagePath::OneOrMany)?;
                match keys.seen.insert(path.clone(), item.id()) {
                    Some(other) => {
                        item.error_with(other, format!("found {path} twice, expected it once"));
                        None
                    }
                    None => Some(path),
                }
            });
            rules.extend(url_rule(map, path));
        }
    } else if let Some(map) = item.map(EXPECTED) {
        for (key, item) in map.entries() {
            let path = keys.add(&map, key, &item, PagePath::OneOrMany);
            rules.extend(item.map(EXPECTED).and_then(|rule| url_rule(rule, path)));
        }
    }
    rules
}

/// A page path that is a value.
pub fn listed_path(item: &ConfigItem<'_>, which: PagePath) -> Option<String> {
    let text = item.text(PAGE.expected)?;
    page_path(text, which).map_err(|expected| item.wrong::<()>(expected)).ok()
}

fn url_rule(map: Map<'_>, path: Option<String>) -> Option<UrlRule> {
    let share = |key| map.get(key).map(|item| weight(&item));
    let given = [share("success"), share("not_found"), share("system_error")];
    let next = map.get("next_pages").and_then(|item| page_weights(&item, Empty::IsNone));
    let shares = given.iter().any(Option::is_some).then(|| shares(&map, given)).flatten();
    map.finish();
    Some(UrlRule { path: path?, shares, next_pages: next.unwrap_or_default() })
}

/// The shares of which at least one is given; one that is given and wrong is reported already.
fn shares(map: &Map<'_>, given: [Option<Option<f64>>; 3]) -> Option<Shares> {
    let good = given.iter().all(|share| *share != Some(None));
    let [success, not_found, system_error] = given.map(Option::flatten);
    let (not_found, system_error) = (not_found.unwrap_or(0.0), system_error.unwrap_or(0.0));
    // What is not said to fail succeeds.
    let success = success.unwrap_or((1.0 - not_found - system_error).max(0.0));
    if good && success + not_found + system_error == 0.0 {
        map.item().error(
            "found \"success\", \"not_found\" and \"system_error\" all 0, expected at least one \
             above 0",
        );
        return None;
    }
    if good {
        weights::note_sum(map.item(), [success, not_found, system_error].into_iter());
    }
    good.then_some(Shares { success, not_found, system_error })
}

/// Reads `high_error_pages`, a list of path and rate or a map.
pub fn high_error_pages(item: &ConfigItem<'_>) -> Vec<(String, f64)> {
    const EXPECTED: &str =
        "a list of pages with \"path\" and \"error_rate\", or a map such as \"/checkout\": 0.1";
    let mut keys = Keys::default();
    let mut pages = Vec::new();
    if let Value::List(_) = item.value() {
        for item in item.list(EXPECTED).unwrap_or_default() {
            let Some(map) = item.map("a map with \"path\" and \"error_rate\"") else { continue };
            let path_item = map.require("path", "the path of the page");
            let rate_item = map.require("error_rate", &RATE.words());
            map.finish();
            let path = path_item.and_then(|item| {
                let path = listed_path(&item, PagePath::One)?;
                if let Some(other) = keys.seen.insert(path.clone(), item.id()) {
                    item.error_with(other, format!("found {path} twice, expected it once"));
                    return None;
                }
                Some(path)
            });
            let rate = rate_item.and_then(|item| item.number(RATE));
            pages.extend(path.zip(rate));
        }
    } else if let Some(map) = item.map(EXPECTED) {
        for (key, item) in map.entries() {
            let path = keys.add(&map, key, &item, PagePath::One);
            pages.extend(path.zip(item.number(RATE)));
        }
    }
    pages
}

//! `actors`, `assets` and `failures`: who visits a site with a profile, what its pages load, and when its server fails.

use super::bots::bots;
use super::cursor::Map;
use crate::config::actors::People;
use crate::config::keys::Section;
use crate::config::keys::actors::SHARE;
use crate::config::words::plain;
use crate::config::{Actors, AssetSettings, FailureTimes};

/// Reads `failures`; what is absent is what `failures` has.
pub fn failures(
    section: Option<Map<'_>>,
    mut failures: FailureTimes,
    has_profile: bool,
) -> FailureTimes {
    let Some(map) = section else { return failures };
    needs_profile(&map, has_profile);
    map.fill(FailureTimes::KEYS, &mut failures);
    map.finish();
    failures
}

/// Reads `assets`; what is absent is what `assets` has.
pub fn assets(
    section: Option<Map<'_>>,
    mut assets: AssetSettings,
    has_profile: bool,
) -> AssetSettings {
    let Some(map) = section else { return assets };
    needs_profile(&map, has_profile);
    map.fill(AssetSettings::KEYS, &mut assets);
    map.finish();
    assets
}

fn needs_profile(section: &Map<'_>, has_profile: bool) {
    if !has_profile {
        section.item().warning(
            "does nothing without a profile: add \"profile: shop\", or leave the section out",
        );
    }
}

/// Reads `actors`; what is absent is what `actors` has.
pub fn actors(section: Option<Map<'_>>, mut actors: Actors, has_profile: bool) -> Actors {
    let Some(map) = section else { return actors };
    needs_profile(&map, has_profile);
    fill(&map, "shares", &mut actors.shares);
    one_above_0(&map, "shares", &actors.shares.weights());
    fill(&map, "people", &mut actors.people);
    fill(&map, "hotlinks", &mut actors.hotlinks);
    fill(&map, "search_crawlers", &mut actors.search_crawlers);
    fill(&map, "ai_crawlers", &mut actors.ai_crawlers);
    fill(&map, "seo_crawlers", &mut actors.seo_crawlers);
    fill(&map, "monitors", &mut actors.monitors);
    fill(&map, "feed_readers", &mut actors.feed_readers);
    fill(&map, "link_previews", &mut actors.link_previews);
    fill(&map, "scanners", &mut actors.scanners);
    fill(&map, "strays", &mut actors.strays);
    fill(&map, "apps", &mut actors.apps);
    fill(&map, "partners", &mut actors.partners);
    if let Some(item) = map.get("bots") {
        actors.bots = bots(&item, &actors.bots);
    }
    let strays = &actors.strays;
    let weights = [strays.malformed, strays.silent, strays.icons, strays.old_links];
    one_above_0(&map, "strays", &weights);
    let People { http2, http3, mobile, office, .. } = actors.people;
    if let Some(item) = map.get("people") {
        for ((one, share), (other, and)) in
            [(("http2", http2), ("http3", http3)), (("mobile", mobile), ("office", office))]
        {
            if share + and > SHARE.high {
                let (share, and) = (plain(share), plain(and));
                item.error(format!(
                    "found {one} {share} and {other} {and}, expected at most 1 together"
                ));
            }
        }
    }
    map.finish();
    actors
}

fn fill<S: Section>(actors: &Map<'_>, key: &'static str, section: &mut S) {
    if let Some(map) = actors.section(key) {
        map.fill(S::KEYS, section);
        map.finish();
    }
}

fn one_above_0(actors: &Map<'_>, key: &'static str, weights: &[f64]) {
    if let Some(item) = actors.get(key)
        && weights.iter().all(|weight| *weight <= 0.0)
    {
        item.error("found no weight above 0, expected at least one");
    }
}

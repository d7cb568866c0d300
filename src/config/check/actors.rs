//! `actors` and `failures`: who visits a site with a profile and when its server fails; and how a distribution is read.

use super::cursor::{ConfigItem, Map};
use crate::config::actors::People;
use crate::config::keys::actors::SHARE;
use crate::config::keys::distributions::{DISTRIBUTION, LAWS};
use crate::config::keys::{NumberLimits, Section};
use crate::config::tree::Value;
use crate::config::words::plain;
use crate::config::{Actors, Distribution, FailureTimes};

/// The parameters of laws, but for a scale, which has the limits of the quantity.
const PARAMETER: NumberLimits = NumberLimits::between(0.01, 100.0);

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
    let strays = &actors.strays;
    let weights = [strays.malformed, strays.silent, strays.icons, strays.old_links];
    one_above_0(&map, "strays", &weights);
    let People { http2, http3, .. } = actors.people;
    if let Some(item) = map.get("people")
        && http2 + http3 > SHARE.high
    {
        let (http2, http3) = (plain(http2), plain(http3));
        item.error(format!("found http2 {http2} and http3 {http3}, expected at most 1 together"));
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

impl ConfigItem<'_> {
    /// A distribution of numbers within limits.
    pub fn distribution(&self, limits: NumberLimits) -> Option<Distribution> {
        let expected = || format!("{}, each value {}", DISTRIBUTION, limits.words());
        match self.value() {
            Value::Integer(_) | Value::Float(_) => self.number(limits).map(Distribution::Constant),
            Value::Map(entries) if entries.iter().any(|entry| entry.key == "law") => {
                self.law(limits)
            }
            Value::Map(entries) if entries.iter().any(|entry| entry.key == "from") => {
                let map = self.map(DISTRIBUTION)?;
                let number = |key, what| map.require(key, what)?.number(limits);
                let (from, to) = (number("from", "the lowest"), number("to", "the highest"));
                map.finish();
                match (from?, to?) {
                    (from, to) if from <= to => Some(Distribution::Range(from, to)),
                    (from, to) => self.wrong(format!(
                        "from at most to (they are {} and {})",
                        plain(from),
                        plain(to)
                    )),
                }
            }
            Value::Map(entries) if !entries.is_empty() => self.percentiles(limits),
            _ => self.wrong(expected()),
        }
    }

    fn law(&self, limits: NumberLimits) -> Option<Distribution> {
        let map = self.map(DISTRIBUTION)?;
        let item = map.require("law", "lognormal, exponential or pareto")?;
        let name = item.text("lognormal, exponential or pareto")?;
        let number = |key, limits| map.require(key, "a number")?.number(limits);
        let law = match name {
            "lognormal" => {
                let (median, sigma) = (number("median", limits), number("sigma", PARAMETER));
                Some(Distribution::LogNormal { median: median?, sigma: sigma? })
            }
            "exponential" => Some(Distribution::Exponential { mean: number("mean", limits)? }),
            "pareto" => {
                let (least, alpha) = (number("least", limits), number("alpha", PARAMETER));
                Some(Distribution::Pareto { least: least?, alpha: alpha? })
            }
            _ => {
                let names: Vec<&str> = LAWS.iter().map(|(name, _)| *name).collect();
                return item.wrong(format!("one of {}", names.join(", ")));
            }
        };
        map.finish();
        law
    }

    fn percentiles(&self, limits: NumberLimits) -> Option<Distribution> {
        let map = self.map(DISTRIBUTION)?;
        let mut points = Vec::new();
        for (key, item) in map.entries() {
            let at = key.strip_prefix(['p', 'P']).and_then(|at| at.parse::<f64>().ok());
            match at.filter(|at| *at > 0.0 && *at < 100.0) {
                Some(at) => points.push((at, item.number(limits)?)),
                None => {
                    map.wrong_key(key, format!("found \"{key}\", expected {DISTRIBUTION}"));
                    return None;
                }
            }
        }
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let descends = points.windows(2).find(|two| two[0].1 > two[1].1 || two[0].0 >= two[1].0);
        match descends {
            None => Some(Distribution::Percentiles(points)),
            Some(two) => self.wrong(format!(
                "values that grow with their percentiles (p{} is {}, p{} is {})",
                two[0].0,
                plain(two[0].1),
                two[1].0,
                plain(two[1].1)
            )),
        }
    }
}

//! The keys of `actors`: the kinds of visitors, and which share of the lines each makes. The defaults are those of a shop; other
//! profiles have some of their own.

use super::bots::BOTS;
use super::{
    ConfigKey, Inside, KeyKind, NumberLimits, Section, UsualSpread, preset, print, rows, section,
};
use crate::config::actors::*;
use crate::config::{Config, Distribution, defaults};

/// A share of what is concerned.
pub const SHARE: NumberLimits = NumberLimits::between(0.0, 1.0);
/// A length of time.
pub const TIME: NumberLimits = NumberLimits::between(0.0001, MOST_SECONDS).of("seconds");
/// How many requests or pages.
pub const COUNT: NumberLimits = NumberLimits::between(1.0, MOST_REQUESTS);

/// A share, and where it goes.
pub(super) const fn share<S>(
    name: &'static str,
    about: &'static str,
    default: f64,
    at: fn(&mut S) -> &mut f64,
) -> ConfigKey<S> {
    ConfigKey {
        name,
        also: &[],
        about,
        example: "",
        kind: KeyKind::Number { limits: SHARE, default, at },
    }
}

/// A distribution, and where it goes.
pub(super) const fn spread<S>(
    name: &'static str,
    about: &'static str,
    limits: NumberLimits,
    default: &'static [(f64, f64)],
    at: fn(&mut S) -> &mut Distribution,
) -> ConfigKey<S> {
    ConfigKey {
        name,
        also: &[],
        about,
        example: "",
        kind: KeyKind::Distribution { limits, default: UsualSpread::Percentiles(default), at },
    }
}

/// The section, which is printed where there is a profile.
pub(super) const ACTORS: ConfigKey<Config> = section(
    "actors",
    "who visits a site with a profile, and what they do; without a profile it does nothing",
    Inside::map(rows::<Actors>),
    |config| config.profile.map(|_| print(&config.actors)),
);

impl Section for Actors {
    const KEYS: &'static [ConfigKey<Self>] = &[
        section(
            "shares",
            "weights of the kinds of visitors in the lines",
            Inside::map(rows::<LineShares>),
            |actors| Some(print(&actors.shares)),
        ),
        section("people", "people with browsers", Inside::map(rows::<People>), |actors| {
            Some(print(&actors.people))
        }),
        section(
            "hotlinks",
            "people who come to a single file",
            Inside::map(rows::<Hotlinks>),
            |actors| Some(print(&actors.hotlinks)),
        ),
        section(
            "search_crawlers",
            "crawlers of search engines",
            Inside::map(rows::<Crawlers<SEARCH>>),
            |actors| Some(print(&actors.search_crawlers)),
        ),
        section(
            "ai_crawlers",
            "crawlers that collect texts for models",
            Inside::map(rows::<Crawlers<AI>>),
            |actors| Some(print(&actors.ai_crawlers)),
        ),
        section(
            "seo_crawlers",
            "crawlers of marketing services",
            Inside::map(rows::<Crawlers<SEO>>),
            |actors| Some(print(&actors.seo_crawlers)),
        ),
        section(
            "monitors",
            "monitors that look whether the site is up",
            Inside::map(rows::<Monitors>),
            |actors| Some(print(&actors.monitors)),
        ),
        section(
            "feed_readers",
            "readers of the feed",
            Inside::map(rows::<FeedReaders>),
            |actors| Some(print(&actors.feed_readers)),
        ),
        section(
            "link_previews",
            "messengers and networks that show a preview of a shared link",
            Inside::map(rows::<LinkPreviews>),
            |actors| Some(print(&actors.link_previews)),
        ),
        section(
            "scanners",
            "scanners that look for weak places",
            Inside::map(rows::<Scanners>),
            |actors| Some(print(&actors.scanners)),
        ),
        section("strays", "single requests, by weight", Inside::map(rows::<Strays>), |actors| {
            Some(print(&actors.strays))
        }),
        section(
            "apps",
            "people with the site's own application, which calls its API",
            Inside::map(rows::<Apps>),
            |actors| Some(print(&actors.apps)),
        ),
        section(
            "partners",
            "programs of other companies that call the API",
            Inside::map(rows::<Partners>),
            |actors| Some(print(&actors.partners)),
        ),
        BOTS,
    ];

    fn blank() -> Self {
        Self {
            shares: preset(),
            people: preset(),
            hotlinks: preset(),
            search_crawlers: preset(),
            ai_crawlers: preset(),
            seo_crawlers: preset(),
            monitors: preset(),
            feed_readers: preset(),
            link_previews: preset(),
            scanners: preset(),
            strays: preset(),
            apps: preset(),
            partners: preset(),
            bots: defaults::bots(),
        }
    }
}

impl Section for LineShares {
    const KEYS: &'static [ConfigKey<Self>] = &[
        share("people", "people with browsers", 0.75, |shares| &mut shares.people),
        share("hotlinks", "people who come to a single file", 0.018, |shares| &mut shares.hotlinks),
        share("search_crawlers", "Googlebot, Bingbot and others", 0.06, |shares| {
            &mut shares.search_crawlers
        }),
        share("ai_crawlers", "GPTBot, ClaudeBot and others", 0.05, |shares| {
            &mut shares.ai_crawlers
        }),
        share("seo_crawlers", "AhrefsBot, SemrushBot and others", 0.035, |shares| {
            &mut shares.seo_crawlers
        }),
        share("monitors", "UptimeRobot and others", 0.012, |shares| &mut shares.monitors),
        share("feed_readers", "Feedly and others", 0.012, |shares| &mut shares.feed_readers),
        share("link_previews", "facebookexternalhit and others", 0.010, |shares| {
            &mut shares.link_previews
        }),
        share("scanners", "programs that try what weak sites have", 0.032, |shares| {
            &mut shares.scanners
        }),
        share("strays", "single requests from anywhere", 0.017, |shares| &mut shares.strays),
        share("apps", "people with the site's own application", 0.0, |shares| &mut shares.apps),
        share("partners", "programs of other companies", 0.0, |shares| &mut shares.partners),
    ];

    fn blank() -> Self {
        let [people, hotlinks, search_crawlers, ai_crawlers, seo_crawlers] = [0.0; 5];
        let [monitors, feed_readers, link_previews, scanners, strays] = [0.0; 5];
        let [apps, partners] = [0.0; 2];
        Self {
            people,
            hotlinks,
            search_crawlers,
            ai_crawlers,
            seo_crawlers,
            monitors,
            feed_readers,
            link_previews,
            scanners,
            strays,
            apps,
            partners,
        }
    }
}

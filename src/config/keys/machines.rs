//! The keys of `actors` for all kinds of visitors but people with browsers.

use super::actors::{COUNT, TIME, share, spread};
use super::{ConfigKey, Section};
use crate::config::Distribution;
use crate::config::actors::*;

/// Where a distribution has its default from its row.
pub(super) const LATER: Distribution = Distribution::Constant(1.0);

impl Section for Hotlinks {
    const KEYS: &'static [ConfigKey<Self>] = &[
        share("downloads", "visits that fetch the large file in parts (206)", 0.08, |hotlinks| {
            &mut hotlinks.downloads
        }),
        share(
            "not_modified",
            "images that the browser has (304), half of them at most: it has to fetch one before",
            0.02,
            |hotlinks| &mut hotlinks.not_modified,
        ),
        share("external_referrer", "visits with another site's referrer", 0.67, |hotlinks| {
            &mut hotlinks.external_referrer
        }),
    ];

    fn blank() -> Self {
        Self { downloads: 0.0, not_modified: 0.0, external_referrer: 0.0 }
    }
}

/// The defaults of crawlers, by their kind.
struct CrawlerDefaults {
    pages: &'static [(f64, f64)],
    pace: &'static [(f64, f64)],
    robots_txt: f64,
    not_modified: f64,
    images: f64,
    slashes: f64,
}

const CRAWLERS: [CrawlerDefaults; 3] = [
    CrawlerDefaults {
        pages: &[(55.0, 1.0), (80.0, 3.0), (95.0, 11.0), (99.5, 160.0)],
        pace: &[(10.0, 1.5), (50.0, 11.0), (90.0, 70.0), (99.0, 400.0)],
        robots_txt: 0.16,
        not_modified: 0.16,
        images: 0.12,
        slashes: 0.014,
    },
    CrawlerDefaults {
        pages: &[(50.0, 1.0), (80.0, 4.0), (96.0, 30.0), (99.6, 400.0)],
        pace: &[(10.0, 0.3), (50.0, 1.6), (90.0, 9.0), (99.0, 60.0)],
        robots_txt: 0.3,
        not_modified: 0.0,
        images: 0.03,
        slashes: 0.008,
    },
    CrawlerDefaults {
        pages: &[(50.0, 1.0), (80.0, 3.0), (96.0, 12.0), (99.6, 90.0)],
        pace: &[(10.0, 2.0), (50.0, 8.0), (90.0, 40.0), (99.0, 300.0)],
        robots_txt: 0.35,
        not_modified: 0.02,
        images: 0.01,
        slashes: 0.02,
    },
];

impl<const KIND: usize> Section for Crawlers<KIND> {
    const KEYS: &'static [ConfigKey<Self>] = &[
        spread("pages", "requests of a visit", COUNT, CRAWLERS[KIND].pages, |crawlers| {
            &mut crawlers.pages
        }),
        spread("pace", "from a request to the next", TIME, CRAWLERS[KIND].pace, |crawlers| {
            &mut crawlers.pace
        }),
        share(
            "robots_txt",
            "visits that ask for /robots.txt first",
            CRAWLERS[KIND].robots_txt,
            |crawlers| &mut crawlers.robots_txt,
        ),
        share(
            "not_modified",
            "requests for what the crawler has and is still current (304)",
            CRAWLERS[KIND].not_modified,
            |crawlers| &mut crawlers.not_modified,
        ),
        share("images", "requests for images", CRAWLERS[KIND].images, |crawlers| {
            &mut crawlers.images
        }),
        share(
            "slashes",
            "requests for the path of a page with a slash too many, which lead on to the page (301)",
            CRAWLERS[KIND].slashes,
            |crawlers| &mut crawlers.slashes,
        ),
    ];

    fn blank() -> Self {
        Self {
            pages: LATER,
            pace: LATER,
            robots_txt: 0.0,
            not_modified: 0.0,
            images: 0.0,
            slashes: 0.0,
        }
    }
}

impl Section for Monitors {
    const KEYS: &'static [ConfigKey<Self>] = &[
        spread(
            "looks",
            "looks before a monitor pauses",
            COUNT,
            &[(1.0, 20.0), (50.0, 80.0), (99.0, 140.0)],
            |monitors| &mut monitors.looks,
        ),
        spread(
            "interval",
            "between two looks; each monitor has its own",
            TIME,
            &[(33.0, 60.0), (34.0, 300.0)],
            |monitors| &mut monitors.interval,
        ),
        share("head", "monitors that send HEAD", 0.5, |monitors| &mut monitors.head),
    ];

    fn blank() -> Self {
        Self { looks: LATER, interval: LATER, head: 0.0 }
    }
}

impl Section for FeedReaders {
    const KEYS: &'static [ConfigKey<Self>] = &[share(
        "not_modified",
        "requests of readers that have the latest (304)",
        0.7,
        |readers| &mut readers.not_modified,
    )];

    fn blank() -> Self {
        Self { not_modified: 0.0 }
    }
}

impl Section for LinkPreviews {
    const KEYS: &'static [ConfigKey<Self>] = &[
        share(
            "partial",
            "previews that ask for the beginning of the page alone (206)",
            0.25,
            |previews| &mut previews.partial,
        ),
        share("image", "previews that fetch an image of the page", 0.5, |previews| {
            &mut previews.image
        }),
    ];

    fn blank() -> Self {
        Self { partial: 0.0, image: 0.0 }
    }
}

impl Section for Scanners {
    const KEYS: &'static [ConfigKey<Self>] = &[
        spread(
            "requests",
            "requests of a visit",
            COUNT,
            &[(60.0, 1.0), (85.0, 4.0), (97.0, 30.0), (99.7, 160.0)],
            |scanners| &mut scanners.requests,
        ),
        spread(
            "pace",
            "from a request to the next",
            TIME,
            &[(10.0, 0.05), (50.0, 0.4), (90.0, 2.5), (99.0, 30.0)],
            |scanners| &mut scanners.pace,
        ),
    ];

    fn blank() -> Self {
        Self { requests: LATER, pace: LATER }
    }
}

impl Section for Strays {
    const KEYS: &'static [ConfigKey<Self>] = &[
        share("malformed", "what is no HTTP, such as TLS on a plain port (400)", 0.3, |strays| {
            &mut strays.malformed
        }),
        share("silent", "connections without a request (408)", 0.2, |strays| &mut strays.silent),
        share("icons", "touch icons that the site does not have", 0.18, |strays| &mut strays.icons),
        share("old_links", "old and mistyped links", 0.2, |strays| &mut strays.old_links),
    ];

    fn blank() -> Self {
        Self { malformed: 0.0, silent: 0.0, icons: 0.0, old_links: 0.0 }
    }
}

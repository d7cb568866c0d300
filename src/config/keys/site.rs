//! The keys of `site` and `status_codes`: what the simulated site is called, how much it sells and what it answers.

use super::machines::LATER;
use super::shapes::json;
use super::{ConfigKey, KeyForm, KeyKind, NumberLimits, Section, UsualSpread, Worded};
use crate::config::tree::Node;
use crate::config::{Distribution, Scheme, SiteSettings, StatusCodes};

/// The site's host.
pub const HOST: Worded = Worded {
    range: "a name or an address",
    expected: "the name of a host, such as \"shop.example.com\" or \"localhost:8000\", without \"https://\" or a path",
    schema: || {
        json(
            r#"{"type": "string",
                "pattern": "^([A-Za-z0-9_-]+([.][A-Za-z0-9_-]+)*|\\[[0-9A-Fa-f:.]+\\])(:[0-9]+)?$"}"#,
        )
    },
};

/// The scheme of its URLs.
pub const SCHEME: Worded = Worded {
    range: "`http`, `https`",
    expected: "\"http\" or \"https\"",
    schema: || json(r#"{"enum": ["http", "https"]}"#),
};

/// An exponent of Zipf's law.
const EXPONENT: NumberLimits = NumberLimits::between(0.0, 3.0);
/// A standard deviation of a logarithm.
const VARIATION: NumberLimits = NumberLimits::between(0.0, 3.0);
/// How large a page is.
pub const PAGE_SIZE: NumberLimits = NumberLimits::between(200.0, 8_000_000.0).of("bytes");
/// How long an application takes: what takes longer has failed.
pub const ANSWER_TIME: NumberLimits = NumberLimits::between(0.0001, 50.0).of("seconds");

const fn number(
    name: &'static str,
    about: &'static str,
    (limits, default): (NumberLimits, f64),
    at: fn(&mut SiteSettings) -> &mut f64,
) -> ConfigKey<SiteSettings> {
    let kind = KeyKind::Number { limits, default, at };
    ConfigKey { name, also: &[], about, example: "", kind }
}

const fn drawn(
    name: &'static str,
    about: &'static str,
    (limits, usual): (NumberLimits, fn() -> Distribution),
    at: fn(&mut SiteSettings) -> &mut Distribution,
) -> ConfigKey<SiteSettings> {
    let kind = KeyKind::Distribution { limits, default: UsualSpread::Law(usual), at };
    ConfigKey { name, also: &[], about, example: "", kind }
}

/// Which numbers a status is.
const STATUS: (u64, u64) = (100, 599);

impl Section for SiteSettings {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "host",
            also: &[],
            about: "the host of the site's own URLs, with a port if it has one",
            example: r#""shop.example.com""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(HOST),
                told: None,
                print: |site| Some(Node::text(&site.host)),
            },
        },
        ConfigKey {
            name: "scheme",
            also: &[],
            about: "the scheme of these URLs",
            example: r#""http""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(SCHEME),
                told: None,
                print: |site| {
                    Some(Node::text(match site.scheme {
                        Scheme::Http => "http",
                        Scheme::Https => "https",
                    }))
                },
            },
        },
        ConfigKey {
            name: "products",
            also: &[],
            about: "how many products there are; a million take 5 s of processor time and 400 MB at start",
            example: "100",
            kind: KeyKind::Whole32 {
                range: (1, 1_000_000),
                default: 5_000,
                at: |site| &mut site.products,
            },
        },
        ConfigKey {
            name: "pages",
            also: &[],
            about: "how many URLs a page such as `/blog/*` has",
            example: "4000",
            kind: KeyKind::Whole32 {
                range: (1, 1_000_000),
                default: 200,
                at: |site| &mut site.pages,
            },
        },
        number(
            "popularity",
            "how unevenly visitors choose among products, articles, search terms and the like: Zipf's exponent, 0 for all alike",
            (EXPONENT, 0.9),
            |site| &mut site.popularity,
        ),
        // The spread of the bodies of real sites (Arlitt and Williamson 1996, Barford and Crovella 1998).
        drawn(
            "page_size",
            "bytes of a page; without a profile each page draws its own, with one each kind of pages the typical size of its pages, compressed",
            (PAGE_SIZE, || Distribution::LogNormal { median: 9_000.0, sigma: 1.5 }),
            |site| &mut site.page_size,
        ),
        number(
            "page_variation",
            "with a profile, by how much the sizes of pages of a kind differ: the standard deviation of the logarithm",
            (VARIATION, 0.28),
            |site| &mut site.page_variation,
        ),
        drawn(
            "call_size",
            "bytes of what the API answers about an item, compressed; the answers to other calls are in proportion",
            (PAGE_SIZE, || Distribution::LogNormal { median: 1_900.0, sigma: 0.3 }),
            |site| &mut site.call_size,
        ),
        drawn(
            "answer_time",
            "seconds that the application usually takes for a page; each page draws its own",
            (ANSWER_TIME, || Distribution::LogNormal { median: 0.04, sigma: 0.7 }),
            |site| &mut site.answer_time,
        ),
        number(
            "answer_variation",
            "by how much the times of a page differ: the standard deviation of the logarithm; one in a hundred takes far longer",
            (VARIATION, 0.5),
            |site| &mut site.answer_variation,
        ),
    ];

    fn blank() -> Self {
        let [popularity, page_variation, answer_variation] = [0.0; 3];
        Self {
            host: "www.example.com".into(),
            scheme: Scheme::Https,
            products: 0,
            pages: 0,
            popularity,
            page_size: LATER,
            page_variation,
            call_size: LATER,
            answer_time: LATER,
            answer_variation,
        }
    }
}

/// A status and where it goes.
const fn status(
    name: &'static str,
    about: &'static str,
    default: u16,
    at: fn(&mut StatusCodes) -> &mut u16,
) -> ConfigKey<StatusCodes> {
    let kind = KeyKind::Whole16 { range: STATUS, default, at };
    ConfigKey { name, also: &[], about, example: "", kind }
}

impl Section for StatusCodes {
    const KEYS: &'static [ConfigKey<Self>] = &[
        status("success", "it succeeded", 200, |codes| &mut codes.success),
        status("not_found", "it is not there", 404, |codes| &mut codes.not_found),
        status("server_error", "it failed", 500, |codes| &mut codes.server_error),
        status("forbidden", "it is refused", 403, |codes| &mut codes.forbidden),
        status("unauthorized", "it wants a log-in", 401, |codes| &mut codes.unauthorized),
        status("redirect_permanent", "it has moved for good", 301, |codes| {
            &mut codes.redirect_permanent
        }),
        status("redirect_temporary", "it is elsewhere for now", 302, |codes| {
            &mut codes.redirect_temporary
        }),
    ];

    fn blank() -> Self {
        Self {
            success: 0,
            not_found: 0,
            server_error: 0,
            forbidden: 0,
            unauthorized: 0,
            redirect_permanent: 0,
            redirect_temporary: 0,
        }
    }
}

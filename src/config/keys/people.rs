//! The keys of `actors.people`: what people with browsers do.

use super::actors::{COUNT, TIME, share, spread};
use super::machines::LATER;
use super::{ConfigKey, KeyKind, NumberLimits, Section};
use crate::config::actors::People;

/// How many people come back.
const REGULARS: NumberLimits = NumberLimits::between(0.0, 1_000_000_000.0);

/// How many addresses people share.
const ADDRESSES: (u64, u64) = (1, 1_000_000);
/// From how many parts of a network people come. A network of 8 bits has as many.
const PARTS: (u64, u64) = (1, 256);

/// How many of what there are, and where it goes.
const fn many(
    name: &'static str,
    about: &'static str,
    range: (u64, u64),
    default: u32,
    at: fn(&mut People) -> &mut u32,
) -> ConfigKey<People> {
    ConfigKey { name, also: &[], about, example: "", kind: KeyKind::Whole32 { range, default, at } }
}

/// How many people come back, and where it goes.
pub(super) const fn regulars<S>(at: fn(&mut S) -> &mut f64) -> ConfigKey<S> {
    ConfigKey {
        name: "regulars",
        also: &[],
        about: "how many people come back; 0 for as many as come in two days",
        example: "5000",
        kind: KeyKind::Number { limits: REGULARS, default: 0.0, at },
    }
}

impl Section for People {
    const KEYS: &'static [ConfigKey<Self>] = &[
        spread(
            "pages",
            "pages of a visit",
            COUNT,
            &[(52.0, 1.0), (70.0, 2.2), (88.0, 4.6), (97.0, 8.6), (99.7, 34.0)],
            |people| &mut people.pages,
        ),
        spread(
            "think_time",
            "from a page with its assets to the next page",
            TIME,
            &[(2.0, 0.8), (25.0, 6.0), (50.0, 17.0), (80.0, 70.0), (95.0, 330.0), (99.5, 1_500.0)],
            |people| &mut people.think_time,
        ),
        spread(
            "first_asset",
            "from a page to its first asset",
            TIME,
            &[(2.0, 0.03), (50.0, 0.22), (90.0, 0.9), (99.5, 4.0)],
            |people| &mut people.first_asset,
        ),
        spread(
            "next_asset",
            "from an asset to the next; a visitor keeps a pace",
            TIME,
            &[(25.0, 0.002), (50.0, 0.05), (75.0, 0.24), (90.0, 0.7), (99.0, 2.2)],
            |people| &mut people.next_asset,
        ),
        share("returning", "visits of people who have been here before", 0.36, |people| {
            &mut people.returning
        }),
        regulars(|people| &mut people.regulars),
        share(
            "cached",
            "returning visits whose browser has the files that pages share",
            0.75,
            |people| &mut people.cached,
        ),
        share(
            "revalidated",
            "pictures in the cache that are asked for again (304)",
            0.12,
            |people| &mut people.revalidated,
        ),
        share("kept_files", "files of a page that the browser has already", 0.25, |people| {
            &mut people.kept_files
        }),
        share(
            "kept_back",
            "files of a page that the browser goes back to and has",
            0.5,
            |people| &mut people.kept_back,
        ),
        share("without_assets", "page views that load no assets", 0.05, |people| {
            &mut people.without_assets
        }),
        share(
            "external_referrer",
            "visits that come from another site, of those that do not come by an advertisement",
            0.42,
            |people| &mut people.external_referrer,
        ),
        share(
            "campaign",
            "visits by an advertisement, with its query and mostly the referrer of where it stands, of those to the 400 pages that advertisements lead to",
            0.22,
            |people| &mut people.campaign,
        ),
        share("no_referrer", "page views whose referrer is not sent", 0.16, |people| {
            &mut people.no_referrer
        }),
        share("other_tab", "page views that come from another tab", 0.33, |people| {
            &mut people.other_tab
        }),
        share("reload", "steps that load the page again", 0.025, |people| &mut people.reload),
        share(
            "back",
            "steps back to a page that the browser shows from its cache",
            0.16,
            |people| &mut people.back,
        ),
        share("log_in", "visits without a referrer that begin with the log-in", 0.06, |people| {
            &mut people.log_in
        }),
        share("wrong_password", "log-ins with a wrong password", 0.12, |people| {
            &mut people.wrong_password
        }),
        share("add_to_cart", "steps from a product that put it into the cart", 0.05, |people| {
            &mut people.add_to_cart
        }),
        share("check_out", "steps of the checkout that people go on from", 0.55, |people| {
            &mut people.check_out
        }),
        share("leave_after_failure", "failures after which people leave", 0.5, |people| {
            &mut people.leave_after_failure
        }),
        share("http2", "people with HTTP/2", 0.735, |people| &mut people.http2),
        share(
            "http3",
            "people with HTTP/3 once they know the site; others have 1.1",
            0.25,
            |people| &mut people.http3,
        ),
        share("mobile", "people in networks in which many share an address", 0.28, |people| {
            &mut people.mobile
        }),
        share("office", "people in networks in which a few share an address", 0.125, |people| {
            &mut people.office
        }),
        many(
            "mobile_addresses",
            "how many addresses the people of a mobile network share, in each of its parts",
            ADDRESSES,
            14,
            |people| &mut people.mobile_addresses,
        ),
        many(
            "office_addresses",
            "how many addresses the people of an office network share, in each of its parts",
            ADDRESSES,
            2,
            |people| &mut people.office_addresses,
        ),
        many(
            "network_parts",
            "from how many /16 of a network of `ip_ranges` that is larger than that its people come, at most",
            PARTS,
            5,
            |people| &mut people.network_parts,
        ),
        share(
            "silent",
            "visits at whose end a connection runs out that the browser has opened and sent no request over (408)",
            0.012,
            |people| &mut people.silent,
        ),
    ];

    fn blank() -> Self {
        let [returning, regulars, cached, revalidated, kept_files, kept_back, without_assets] =
            [0.0; 7];
        let [external_referrer, campaign, no_referrer, other_tab, reload, back] = [0.0; 6];
        let [log_in, wrong_password, add_to_cart, check_out, leave_after_failure] = [0.0; 5];
        let [http2, http3, mobile, office, silent] = [0.0; 5];
        let [mobile_addresses, office_addresses, network_parts] = [0; 3];
        Self {
            pages: LATER,
            think_time: LATER,
            first_asset: LATER,
            next_asset: LATER,
            returning,
            regulars,
            cached,
            revalidated,
            kept_files,
            kept_back,
            without_assets,
            external_referrer,
            campaign,
            no_referrer,
            other_tab,
            reload,
            back,
            log_in,
            wrong_password,
            add_to_cart,
            check_out,
            leave_after_failure,
            http2,
            http3,
            mobile,
            office,
            mobile_addresses,
            office_addresses,
            network_parts,
            silent,
        }
    }
}

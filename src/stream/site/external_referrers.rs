//! The pages of other sites that visitors come from: those that are configured, and those that advertisements and payments bring.

use super::campaigns::AdPlace;
use crate::config::Config;
use crate::stream::random::{Choice, Random, zipf_weights};

/// Zipf's exponent for the popularity of referrers without weights.
const POPULARITY: f64 = 1.2;
/// The provider of payments, from which no link leads to the site, and its place among the referrers.
const PAYMENTS: &str = "https://checkout.stripe.com/";
const PLACE_OF_PAYMENTS: usize = 12;
/// Those that advertisements beside search results, in networks and in mails come from.
const OF_SEARCH: [&str; 4] = [
    "https://www.google.com/",
    "https://www.google.com/",
    "https://www.google.com/",
    "android-app://com.google.android.googlequicksearchbox/",
];
const OF_NETWORKS: [&str; 5] = [
    "https://lm.facebook.com/",
    "https://l.facebook.com/",
    "https://l.instagram.com/",
    "https://m.facebook.com/",
    "https://www.facebook.com/",
];
const OF_MAILS: [&str; 2] = ["https://mail.google.com/", "https://outlook.live.com/"];
/// The hosts of sites that send crowds.
const OF_CROWDS: [&str; 4] = ["www.reddit.com", "news.ycombinator.com", "t.co", "www.facebook.com"];
/// Mails that are read in a browser: of this many, one.
const MAILS: u64 = 3;

/// The pages of other sites that visitors come from. A referrer names one by its index.
#[derive(Debug)]
pub struct ExternalReferrers {
    urls: Vec<String>,
    /// How many of them are configured, with the provider of payments among them.
    listed: usize,
    popularity: Choice<u32>,
    payments: u32,
    of_search: [u32; OF_SEARCH.len()],
    of_networks: [u32; OF_NETWORKS.len()],
    of_mails: [u32; OF_MAILS.len()],
    /// The sites that send crowds, of those that are configured.
    of_crowds: Box<[u32]>,
}

impl ExternalReferrers {
    /// Those of a configuration. Without a profile, there are no advertisements and no payments.
    pub fn new(config: &Config) -> Self {
        let list = &config.external_referrers;
        let mut urls = list.entries.clone();
        let mut weights = list.weights.clone();
        let payments = urls.len().min(PLACE_OF_PAYMENTS);
        let has_others = config.profile.is_some();
        if has_others {
            urls.insert(payments, PAYMENTS.to_owned());
            if let Some(weights) = &mut weights {
                weights.insert(payments, 0.0);
            }
        }
        let listed = urls.len();
        let of_host = |host: &&str| urls.iter().position(|url| host_of(url) == *host);
        let of_crowds = OF_CROWDS.iter().filter_map(of_host).map(|place| place as u32).collect();
        let mut weights = weights.unwrap_or_else(|| zipf_weights(listed, POPULARITY).collect());
        if has_others {
            weights[payments] = 0.0;
        }
        let mut place = |url: &str| match urls.iter().position(|other| other == url) {
            Some(place) => place as u32,
            None if has_others => {
                urls.push(url.to_owned());
                urls.len() as u32 - 1
            }
            None => 0,
        };
        Self {
            of_search: OF_SEARCH.map(&mut place),
            of_networks: OF_NETWORKS.map(&mut place),
            of_mails: OF_MAILS.map(&mut place),
            of_crowds,
            urls,
            listed,
            popularity: Choice::new(&weights).map(|referrer| referrer as u32),
            payments: payments as u32,
        }
    }

    /// Their URLs, by their indexes.
    pub fn urls(&self) -> &[String] {
        &self.urls
    }

    /// Those that are configured, with the provider of payments among them; only advertisements bring the others.
    pub fn listed(&self) -> &[String] {
        &self.urls[..self.listed]
    }

    /// Draws one that is configured.
    pub fn draw(&self, random: &mut Random) -> u32 {
        self.popularity.draw(random)
    }

    /// The provider of payments.
    pub fn payment_provider(&self) -> u32 {
        self.payments
    }

    /// The site that sends a crowd, by 64 random bits; of those that mostly do, if one is configured.
    pub fn of_crowd(&self, bits: u64) -> u32 {
        if self.of_crowds.is_empty() {
            return self.popularity.pick(bits);
        }
        self.of_crowds[(bits % self.of_crowds.len() as u64) as usize]
    }

    /// Draws where an advertisement stands; a program for mails names no referrer.
    pub fn of_advertisement(&self, place: AdPlace, random: &mut Random) -> Option<u32> {
        let among: &[u32] = match place {
            AdPlace::Search => &self.of_search,
            AdPlace::Network => &self.of_networks,
            AdPlace::Mail if random.below(MAILS) > 0 => return None,
            AdPlace::Mail => &self.of_mails,
        };
        Some(among[random.below(among.len() as u64) as usize])
    }
}

/// The host of an absolute URL.
pub fn host_of(url: &str) -> &str {
    let (_, rest) = url.split_once("://").unwrap_or(("", url));
    rest.split(['/', ':', '?', '#']).next().unwrap_or(rest)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn of(yaml: &str) -> ExternalReferrers {
        ExternalReferrers::new(&Config::from_yaml(yaml).unwrap())
    }

    /// Those that are drawn.
    fn drawn(referrers: &ExternalReferrers) -> HashSet<&str> {
        let mut random = Random::new(4);
        let draws = (0..40_000).map(|_| referrers.draw(&mut random));
        draws.map(|index| &*referrers.urls()[index as usize]).collect()
    }

    #[test]
    fn an_advertisement_comes_from_where_it_stands_whatever_list_is_configured() {
        for own in ["", "external_referrers: ['https://a.example/']\n"] {
            let referrers = of(&format!("{own}profile: shop"));
            let mut random = Random::new(9);
            let mut from = |place| {
                let draws = (0..200).filter_map(|_| referrers.of_advertisement(place, &mut random));
                draws.map(|index| &*referrers.urls()[index as usize]).collect::<HashSet<_>>()
            };
            let is_of = |name: &str, hosts: &[&str]| hosts.iter().any(|host| name.contains(host));
            assert!(from(AdPlace::Search).iter().all(|name| is_of(name, &["google"])));
            let networks = from(AdPlace::Network);
            assert!(networks.iter().all(|name| is_of(name, &["facebook", "instagram"])));
            let mails = from(AdPlace::Mail);
            assert!(mails.iter().all(|name| is_of(name, &["mail.google", "outlook"])));
        }
    }

    #[test]
    fn visitors_come_from_what_is_configured_and_never_from_the_provider_of_payments() {
        for profile in ["none", "shop"] {
            let referrers = of(&format!("profile: {profile}"));
            let expected = if profile == "none" { 12 } else { 83 };
            assert_eq!(drawn(&referrers).len(), expected, "{profile}");
            assert!(!drawn(&referrers).contains(PAYMENTS));
            let own = format!(
                "profile: {profile}\nexternal_referrers: ['https://a.example/', 'https://b.example/']"
            );
            let expected = HashSet::from(["https://a.example/", "https://b.example/"]);
            assert_eq!(drawn(&of(&own)), expected, "{profile}");
        }
        let shop = of("profile: shop");
        assert_eq!(shop.urls()[shop.payment_provider() as usize], PAYMENTS);
    }

    #[test]
    fn a_crowd_comes_from_a_site_that_sends_crowds_or_else_from_any_that_is_configured() {
        for (own, expected) in [
            ("['https://a.example/', 'https://t.co/x']", "https://t.co/x"),
            ("['https://a.example/']", "https://a.example/"),
        ] {
            let referrers = of(&format!("profile: shop\nexternal_referrers: {own}"));
            for bits in [0, 7, u64::MAX] {
                assert_eq!(referrers.urls()[referrers.of_crowd(bits) as usize], expected);
            }
        }
    }

    #[test]
    fn a_referrer_has_its_weight() {
        let many: Vec<String> = (0..20).map(|at| format!("'https://{at}.example/': 1")).collect();
        let referrers = of(&format!(
            "profile: shop\nexternal_referrers: {{{}, 'https://b.example/': 20}}",
            many.join(", ")
        ));
        let mut random = Random::new(4);
        let draws = (0..20_000).map(|_| referrers.draw(&mut random) as usize);
        let heavy = draws.filter(|index| referrers.urls()[*index] == "https://b.example/").count();
        assert!((9_600..10_400).contains(&heavy), "{heavy}");
    }
}

//! Where people can come from, as far as their browsers tell: one inside Facebook's application was not at a search engine.

use super::agents;
use crate::config::Config;
use crate::stream::address::Visitor;
use crate::stream::random::Choice;
use crate::stream::site::{AdPlace, ExternalReferrers, host_of};

/// Where a browser is, by its user agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Browser {
    /// Inside Facebook's application.
    Facebook,
    /// Inside Instagram's.
    Instagram,
    /// Inside the application of a search engine.
    Google,
    Android,
    /// On an iPhone or iPad.
    Apple,
    Desktop,
}

/// The marks in user agents by which a browser is told, the most special first.
const MARKS: [(&str, Browser); 7] = [
    ("FBAN/", Browser::Facebook),
    ("FBAV/", Browser::Facebook),
    ("Instagram ", Browser::Instagram),
    (" GSA/", Browser::Google),
    ("Android", Browser::Android),
    ("iPhone", Browser::Apple),
    ("iPad", Browser::Apple),
];
/// The hosts of referrers that Facebook's and Instagram's applications send, and those of both that phones send.
const OF_FACEBOOK: [&str; 3] = ["m.facebook.com", "lm.facebook.com", "l.facebook.com"];
const OF_INSTAGRAM: [&str; 2] = ["l.instagram.com", "www.instagram.com"];
const OF_PHONES: [&str; 2] = ["m.facebook.com", "lm.facebook.com"];
/// Facebook's own page and Google's.
const FACEBOOK: [&str; 1] = ["www.facebook.com"];
const GOOGLE: [&str; 1] = ["www.google.com"];
/// How the hosts of Google's search begin in all countries, and what an application on Android sends.
const GOOGLES: &str = "www.google.";
const APPLICATION: &str = "android-app:";

/// What browsers can tell by a referrer.
#[derive(Clone, Copy, Debug)]
struct OriginMarks {
    /// It is a result of Google's search.
    is_googles: bool,
    /// It is an application on Android.
    is_application: bool,
    /// Phones alone send it.
    is_of_phones: bool,
}

impl OriginMarks {
    fn of(url: &str) -> Self {
        let host = host_of(url);
        Self {
            is_googles: host.starts_with(GOOGLES),
            is_application: url.starts_with(APPLICATION),
            is_of_phones: OF_PHONES.contains(&host),
        }
    }
}

/// The referrers that special browsers send, as indexes.
#[derive(Debug)]
struct SentReferrers {
    facebook: Box<[u32]>,
    instagram: Box<[u32]>,
    facebook_page: Box<[u32]>,
    google: Box<[u32]>,
}

impl SentReferrers {
    /// Those that are among `urls`.
    fn among(urls: &[String]) -> Self {
        let of = |hosts: &[&str]| {
            let mut sent = Vec::new();
            for host in hosts {
                let all = (0..).zip(urls);
                sent.extend(all.filter(|(_, url)| host_of(url) == *host).map(|(index, _)| index));
            }
            sent.into_boxed_slice()
        };
        Self {
            facebook: of(&OF_FACEBOOK),
            instagram: of(&OF_INSTAGRAM),
            facebook_page: of(&FACEBOOK),
            google: of(&GOOGLE),
        }
    }
}

/// Where people can come from.
#[derive(Debug)]
pub struct Origins {
    browser: Choice<Browser>,
    /// By the index of the referrer.
    marks: Box<[OriginMarks]>,
    /// How many referrers are configured.
    listed: usize,
    /// What browsers send of those, and of all, which advertisements bring.
    sent: SentReferrers,
    sent_of_all: SentReferrers,
}

impl Origins {
    /// The browsers of a configuration, and where visitors come from.
    pub fn new(config: &Config, referrers: &ExternalReferrers) -> Self {
        let (agents, weights) = agents::of_people(config);
        let browsers: Vec<Browser> = agents.iter().map(|agent| browser_of(agent)).collect();
        Self {
            browser: Choice::among(&browsers, &weights),
            marks: referrers.urls().iter().map(|url| OriginMarks::of(url)).collect(),
            listed: referrers.listed().len(),
            sent: SentReferrers::among(referrers.listed()),
            sent_of_all: SentReferrers::among(referrers.urls()),
        }
    }

    #[inline]
    fn browser(&self, visitor: Visitor) -> Browser {
        self.browser.pick(agents::bits_of(visitor))
    }

    /// Where the advertisements stand that a person comes by; `None` for any place.
    pub fn place(&self, visitor: Visitor) -> Option<AdPlace> {
        match self.browser(visitor) {
            Browser::Facebook | Browser::Instagram => Some(AdPlace::Network),
            Browser::Google => Some(AdPlace::Search),
            Browser::Android | Browser::Apple | Browser::Desktop => None,
        }
    }

    /// Whether a person searches for images: within a network's application, one does not.
    pub fn searches(&self, visitor: Visitor) -> bool {
        !matches!(self.browser(visitor), Browser::Facebook | Browser::Instagram)
    }

    /// Whether a person's browser looks for an icon that it can put on the screen of a phone or tablet, beside the one that a page
    /// names.
    pub fn wants_touch_icon(&self, visitor: Visitor) -> bool {
        self.browser(visitor) == Browser::Apple
    }

    /// Whether a person's browser asks for the icon of a site: one within an application shows none.
    pub fn shows_icon(&self, visitor: Visitor) -> bool {
        !matches!(self.browser(visitor), Browser::Facebook | Browser::Instagram | Browser::Google)
    }

    /// The referrer itself, an index, if a person can come from there, or one that the browser can send. Where there is none such, it
    /// is the referrer itself, too.
    pub fn fitting(&self, visitor: Visitor, referrer: u32) -> u32 {
        let OriginMarks { is_googles, is_application, is_of_phones } =
            self.marks[referrer as usize];
        let is_listed = (referrer as usize) < self.listed;
        let sent = if is_listed { &self.sent } else { &self.sent_of_all };
        let among = match self.browser(visitor) {
            Browser::Facebook => &sent.facebook,
            Browser::Instagram => &sent.instagram,
            Browser::Google if !is_googles => &sent.google,
            Browser::Apple | Browser::Desktop if is_application => &sent.google,
            Browser::Desktop if is_of_phones => &sent.facebook_page,
            _ => return referrer,
        };
        if among.is_empty() { referrer } else { among[referrer as usize % among.len()] }
    }
}

fn browser_of(agent: &str) -> Browser {
    let mark = MARKS.iter().find(|(mark, _)| agent.contains(mark));
    mark.map_or(Browser::Desktop, |(_, browser)| *browser)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Profile, defaults};
    use crate::stream::random::Random;

    #[test]
    fn a_browser_sends_only_referrers_that_it_can_have() {
        let config = defaults::profile::config(Some(Profile::Shop));
        let referrers = ExternalReferrers::new(&config);
        let origins = Origins::new(&config, &referrers);
        let urls = referrers.listed();
        let mut random = Random::new(6);
        let mut seen = [0; 6];
        for _ in 0..4_000 {
            let visitor = random.bits() >> 2;
            let browser = origins.browser(visitor);
            seen[browser as usize] += 1;
            for index in 0..urls.len() as u32 {
                let referrer = &*urls[origins.fitting(visitor, index) as usize];
                let is_of_phones = ["lm", "m"].map(|name| format!("https://{name}.facebook.com/"));
                assert!(
                    match browser {
                        Browser::Facebook => referrer.ends_with(".facebook.com/"),
                        Browser::Instagram => referrer.ends_with(".instagram.com/"),
                        Browser::Google => referrer.starts_with("https://www.google."),
                        Browser::Android => referrer == urls[index as usize],
                        Browser::Apple => !referrer.starts_with("android-app:"),
                        Browser::Desktop => {
                            !referrer.starts_with("android-app:")
                                && !is_of_phones.contains(&referrer.to_owned())
                        }
                    },
                    "{browser:?} {referrer}"
                );
            }
        }
        assert!(seen.iter().all(|seen| *seen > 50), "{seen:?}");
    }

    #[test]
    fn a_browser_to_which_no_listed_referrer_fits_sends_the_one_that_was_drawn() {
        let yaml = "profile: shop\nexternal_referrers: ['https://a.example/', 'android-app://b/']";
        let config = Config::from_yaml(yaml).unwrap();
        let referrers = ExternalReferrers::new(&config);
        let origins = Origins::new(&config, &referrers);
        let mut random = Random::new(6);
        for _ in 0..4_000 {
            let visitor = random.bits() >> 2;
            for index in 0..2 {
                assert_eq!(origins.fitting(visitor, index), index);
            }
        }
    }
}

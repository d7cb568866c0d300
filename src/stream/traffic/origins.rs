//! Where people can come from, as far as their browsers tell: one inside Facebook's application was not at a search engine.

use super::agents;
use crate::config::Config;
use crate::stream::address::Visitor;
use crate::stream::random::Choice;
use crate::stream::site::{AdPlace, EXTERNAL_REFERRERS};

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
/// Indexes in [`EXTERNAL_REFERRERS`]: those that Facebook's and Instagram's applications send, and those of both that phones send.
const OF_FACEBOOK: [u32; 3] = [18, 16, 17];
const OF_INSTAGRAM: [u32; 2] = [15, 8];
const OF_PHONES: [u32; 2] = [18, 16];
/// Facebook's own page, Google's, and the search on Android's first screen.
const FACEBOOK: u32 = 3;
const GOOGLE: u32 = 0;
const ANDROID_SEARCH: u32 = 13;

/// Where people can come from.
#[derive(Debug)]
pub struct Origins {
    browser: Choice<Browser>,
}

impl Origins {
    /// The browsers of a configuration.
    pub fn new(config: &Config) -> Self {
        let (agents, weights) = agents::of_people(config);
        let browsers: Vec<Browser> = agents.iter().map(|agent| browser_of(agent)).collect();
        Self { browser: Choice::among(&browsers, &weights) }
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

    /// The referrer itself, an index in [`EXTERNAL_REFERRERS`], if a person can come from there, or one that the browser can send.
    pub fn fitting(&self, visitor: Visitor, referrer: u32) -> u32 {
        let one_of = |list: &[u32]| list[referrer as usize % list.len()];
        match self.browser(visitor) {
            Browser::Facebook => one_of(&OF_FACEBOOK),
            Browser::Instagram => one_of(&OF_INSTAGRAM),
            Browser::Google if !is_googles(referrer) => GOOGLE,
            Browser::Apple | Browser::Desktop if referrer == ANDROID_SEARCH => GOOGLE,
            Browser::Desktop if OF_PHONES.contains(&referrer) => FACEBOOK,
            _ => referrer,
        }
    }
}

/// Whether a referrer is a result of Google's search.
fn is_googles(referrer: u32) -> bool {
    EXTERNAL_REFERRERS[referrer as usize].starts_with("https://www.google.")
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
        let origins = Origins::new(&defaults::profile::config(Some(Profile::Shop)));
        let mut random = Random::new(6);
        let mut seen = [0; 6];
        for _ in 0..4_000 {
            let visitor = random.bits() >> 2;
            let browser = origins.browser(visitor);
            seen[browser as usize] += 1;
            for index in 0..EXTERNAL_REFERRERS.len() as u32 {
                let referrer = EXTERNAL_REFERRERS[origins.fitting(visitor, index) as usize];
                let is_of_phones = ["lm", "m"].map(|name| format!("https://{name}.facebook.com/"));
                assert!(
                    match browser {
                        Browser::Facebook => referrer.ends_with(".facebook.com/"),
                        Browser::Instagram => referrer.ends_with(".instagram.com/"),
                        Browser::Google => referrer.starts_with("https://www.google."),
                        Browser::Android => referrer == EXTERNAL_REFERRERS[index as usize],
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
}

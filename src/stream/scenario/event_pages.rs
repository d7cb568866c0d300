//! The pages that the events of a scenario name, which a site need not have.

use std::fmt;

use crate::config::event_kind::EventKind;
use crate::config::links::{ANY_PRODUCT, PRODUCTS, THANK_YOU, linked, matches, path_of};
use crate::config::{Config, ScenarioEvent};
use crate::stream::site::Site;

/// Pages that people come to by buying something.
const OF_A_SHOP: [&str; 3] = ["/cart/add", "/checkout", THANK_YOU];

/// An event that names a page that the site does not have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingPage {
    name: String,
    page: String,
    kind: EventKind,
}

/// What a person has to know of it.
impl fmt::Display for MissingPage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { name, page, kind } = self;
        let does = match kind {
            EventKind::FlashCrowd => "its crowd comes to the front page",
            _ => "it changes nothing",
        };
        write!(
            f,
            "scenario: found the page \"{page}\" of the event {name}, which this site does not have, so that {does}; expected a page \
             of access.log without its query, or a pattern such as \"/products/*\""
        )
    }
}

/// The events of a configuration whose page its site does not have.
pub fn missing_pages(config: &Config, site: &Site) -> Vec<MissingPage> {
    let linked = linked(config);
    let sells = linked.contains(PRODUCTS) || linked.contains(ANY_PRODUCT);
    // No visitor pays where nothing is sold.
    let is_visited = |path: &str| sells || !OF_A_SHOP.contains(&path) || linked.contains(path);
    let paths = || site.urls().iter().map(|url| path_of(&url.target));
    let is_missing = |page: &str| !paths().any(|path| matches(page, path) && is_visited(path));
    let event = |event: &ScenarioEvent| {
        let page = event.page.clone().filter(|page| is_missing(page))?;
        Some(MissingPage { name: event.name.clone(), page, kind: event.kind })
    };
    config.scenario.iter().filter_map(event).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn missing(profile: &str, page: &str) -> bool {
        let event = "kind: path_down, at: +1h, for: 10m, page";
        let yaml = format!("profile: {profile}\nscenario: [{{{event}: {page}}}]");
        let config = Config::from_yaml(&yaml).unwrap();
        !missing_pages(&config, &Site::new(&config)).is_empty()
    }

    #[test]
    fn the_checkout_is_a_page_of_sites_that_sell_and_of_those_that_link_to_it() {
        assert!(!missing("shop", "/checkout") && !missing("shop", "/products/*"));
        assert!(missing("personal", "/checkout") && missing("content", "/thank-you"));
        assert!(missing("shop", "/nowhere") && !missing("personal", "/"));
        assert!(!missing("personal\nnavigation: {/: 1, /checkout: 1}", "/checkout"));
    }
}

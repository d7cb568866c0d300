//! The pages that the events of a scenario name, which a site need not have.

use std::fmt;

use crate::config::event_kind::EventKind;
use crate::config::links::{matches, path_of};
use crate::config::{Config, ScenarioEvent};
use crate::stream::site::Site;

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
    let is_missing =
        |page: &str| !site.urls().iter().any(|url| matches(page, path_of(&url.target)));
    let event = |event: &ScenarioEvent| {
        let page = event.page.clone().filter(|page| is_missing(page))?;
        Some(MissingPage { name: event.name.clone(), page, kind: event.kind })
    };
    config.scenario.iter().filter_map(event).collect()
}

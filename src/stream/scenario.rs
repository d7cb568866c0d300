//! Scenarios: what happens to the site, and when. When each event is on, and how strongly, follows from the configuration, the
//! seed of the site and the start of the run alone, so that all shards have the same events. This room says when; what an event
//! does to the lines is the business of the rooms that ask it.

pub mod effects;
pub mod event_pages;
pub mod load;
pub mod marks;
pub mod scheduled;
pub mod slowness;
pub mod spoils;
pub mod timeline;

//! What each kind of visitor must be able to do, and where it does it.

use std::fmt::Debug;

use super::bot_hosts::BotHosts;
use super::failures::ServerFailures;
use super::origins::Origins;
use super::visit::Visit;
use crate::stream::Time;
use crate::stream::random::Random;
use crate::stream::site::{Grounds, Site};

/// Where actors act.
#[derive(Clone, Copy, Debug)]
pub struct Ground<'a> {
    /// The pages and their links.
    pub site: &'a Site,
    /// What lies around them.
    pub grounds: &'a Grounds,
    /// When its server fails, and which version is live.
    pub failures: &'a ServerFailures,
    /// From how many hosts each bot comes.
    pub bot_hosts: &'a BotHosts,
    /// Where people can come from.
    pub origins: &'a Origins,
    /// Sets the visitors of this stream apart from those of others.
    pub salt: u64,
}

/// What a kind of visitor does.
pub trait Actor: Debug + Send + Sync {
    /// Begins a visit: says who it is and what the first request is.
    fn begin(&self, ground: Ground<'_>, visit: &mut Visit, random: &mut Random);

    /// The mean number of lines of a visit, where it follows from the configuration alone: the longest visits are too rare for
    /// one to learn it by trying.
    fn mean_lines(&self) -> Option<f64> {
        None
    }

    /// Decides after a hit, at `now`, what the next request is and when. Returns false if the visit ends.
    fn go_on(&self, ground: Ground<'_>, visit: &mut Visit, now: Time, random: &mut Random) -> bool;
}

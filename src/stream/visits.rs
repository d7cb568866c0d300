//! What the engine needs to know of visits: how one begins, and what its next hit is. An implementation knows the site and its
//! visitors, but neither the rate nor other sessions.

use std::fmt::Debug;

use super::calendar::Due;
use super::random::Random;
use super::site::Site;
use super::{Hit, Time};
use crate::config::Config;
use crate::shard::Shard;

/// A way in which visitors use a site.
pub trait Visits: Debug {
    /// A visit that has a hit to come, due at [`Due::due`].
    type Session: Due + Debug;

    /// Begins a stream at `start`: sets its visitors apart from those of streams with other seeds, by its `own_seed`. What is the
    /// same for all shards of a site follows from `site_seed`; what they share out, from `shard`.
    fn begin_stream(&mut self, site_seed: u64, own_seed: u64, start: Time, shard: Shard);

    /// Goes on with another configuration of the same site and the same visitors, whose stream began at `start`.
    fn follow(&mut self, config: &Config, site_seed: u64, start: Time);

    /// The site that is visited.
    fn site(&self) -> &Site;

    /// The same, to add to it what a configuration has in addition.
    fn site_mut(&mut self) -> &mut Site;

    /// The longest time between two hits of a session, ns.
    fn longest_think(&self) -> Time;

    /// A new session whose first hit is due at `due`, with a generator of its own seeded from `seeds`.
    fn start(&mut self, due: Time, seeds: &mut Random) -> Self::Session;

    /// Makes another visitor's session out of one under way: the same visit so far, but another visitor and another
    /// generator, with the next hit due at `due`.
    fn someone_like(
        &mut self,
        session: &Self::Session,
        due: Time,
        seeds: &mut Random,
    ) -> Self::Session;

    /// Makes the hit that is due, at `now`. Returns true if the session goes on; its next hit is then set.
    fn hit(&mut self, session: &mut Self::Session, now: Time) -> (Hit, bool);

    /// How many visits are tried at the most to learn what visits under way look like.
    const WALKS: u32;

    /// How many lines one hit brings along at the most: a page has assets.
    const MOST_PARTS: u32;

    /// By how much more the number of lines varies than that of visits that come by themselves: the mean of the squares of the
    /// lines that come at once, over their mean.
    const LUMPS: f64;

    /// Whether the next hit belongs to a page that has reserved a token for it. Such a hit is never left out.
    fn is_part(session: &Self::Session) -> bool;

    /// How many hits are to come that a page has reserved tokens for, with the next one if it is of them.
    fn reserved(session: &Self::Session) -> u32;

    /// How many lines the next hit may bring along.
    fn parts(&self, session: &Self::Session) -> u32;

    /// Makes the next hit due later.
    fn put_off(session: &mut Self::Session, until: Time);

    /// How long the next hit may wait beyond its time.
    fn patience(session: &Self::Session) -> Time;
}

//! The numbers of bots, which say which bot of the configuration one is.

use crate::config::bots::BotKind;
use crate::stream::actor_kind::ActorKind;
use crate::stream::address::Visitor;
use crate::stream::attack::attackers::is_attacker;

/// Which bots are visitors of a kind; `None` for people and those who pass for people.
pub fn bots_of(kind: ActorKind) -> Option<BotKind> {
    match kind {
        ActorKind::SearchCrawler => Some(BotKind::SearchCrawlers),
        ActorKind::AiCrawler => Some(BotKind::AiCrawlers),
        ActorKind::SeoCrawler => Some(BotKind::SeoCrawlers),
        ActorKind::Monitor => Some(BotKind::Monitors),
        ActorKind::FeedReader => Some(BotKind::FeedReaders),
        ActorKind::LinkPreview => Some(BotKind::LinkPreviews),
        ActorKind::Scanner => Some(BotKind::Scanners),
        ActorKind::Partner => Some(BotKind::Partners),
        ActorKind::Person
        | ActorKind::Hotlink
        | ActorKind::Stray
        | ActorKind::App
        | ActorKind::Attacker => None,
    }
}

/// The mark of a bot's number, in its highest bits.
const MARK: Visitor = 0b11 << 62;
/// Where the index of the bot stands in its number.
const SHIFT: u32 = 48;

/// The index in `actors.bots` of the bot with this number; `None` if it is no bot's.
#[inline]
pub fn bot_of(visitor: Visitor) -> Option<usize> {
    let is_bot = visitor & MARK == MARK && !is_attacker(visitor);
    is_bot.then_some((visitor >> SHIFT & 0xff) as usize)
}

/// The number of a host of the bot with this index in `actors.bots`; `own` are the host's own bits.
#[inline]
pub fn number_of(bot: usize, own: u64) -> Visitor {
    MARK | (bot as u64) << SHIFT | own >> (64 - SHIFT)
}

/// The bits of a host's own number that say which of its neighbours it is; those above them are common to all.
const BESIDE: u32 = 8;

/// The own bits of a host that has neighbours: `group` are those that they share.
#[inline]
pub fn beside(group: u64, host: u64) -> u64 {
    let lowest = 64 - SHIFT;
    let shared = group >> (lowest + BESIDE) << (lowest + BESIDE);
    shared | (host & ((1 << BESIDE) - 1)) << lowest
}

/// The bits of a bot's number that its neighbours share, and which of them it is.
#[inline]
pub fn place_beside(visitor: Visitor) -> (u64, u64) {
    let own = visitor & ((1 << SHIFT) - 1);
    (own >> BESIDE, own & ((1 << BESIDE) - 1))
}

//! How the sizes of answers differ: by what the visitor's program accepts, and by what a page says at the moment.

use super::Hit;
use super::actor_kind::ActorKind;
use super::address::Visitor;
use super::random::mix;
use super::site::{BodyKind, TextPacking};
use super::traffic::bots::bot_of;
use super::traffic::people::is_unknown;
use super::{SECOND, Time};

/// How long a dynamic page says the same to the same visitor.
const FRESH: Time = 20 * SECOND;
/// Answers that are shorter, bytes, say neither who the visitor is nor what time it is.
const SHORT: u32 = 400;
/// Of the dynamic pages, one in so many is made once for everybody.
const SAME_FOR_ALL: u64 = 5;
/// What a page says to those whom it knows by a cookie, bytes at the least, and by how much that differs.
const GREETING: (u32, u64) = (46, 24);
/// By how many bytes the tokens and dates of a page differ at the most, compressed.
const TOKENS: u64 = 6;

/// A piece of an answer that waits in memory: nginx's default `proxy_buffers` have 4 or 8 kB each.
const PIECE: u32 = 4_096;

/// What viewers of documents ask for at a time, bytes.
const RANGE: u32 = 65_536;

/// How the body of an answer is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BodyCoding {
    Brotli,
    Gzip,
    Plain,
}

/// The size of the body of a successful answer, for a URL whose usual size is `size` bytes. It is the same for all answers of a
/// URL in a coding; those of a dynamic page differ by what the page says to those whom it knows, and by some bytes.
#[inline]
pub fn vary(size: u32, body: BodyKind, packing: TextPacking, hit: &Hit) -> u32 {
    if body == BodyKind::Fixed {
        return size;
    }
    let coded = match coding(hit) {
        BodyCoding::Brotli => size,
        BodyCoding::Gzip => packing.gzip(size),
        BodyCoding::Plain => packing.plain(size),
    };
    if body == BodyKind::Text || size < SHORT || u64::from(hit.url) % SAME_FOR_ALL == 0 {
        return coded;
    }
    let greeting = match hit.credentials.has_cookie() {
        true => GREETING.0 + (mix(hit.visitor) % GREETING.1) as u32,
        false => 0,
    };
    let tokens = mix(hit.visitor ^ (hit.time / FRESH));
    coded + greeting + (tokens % TOKENS) as u32
}

/// How many parts of a file a visitor's viewer asks for, one after the other.
pub fn ranges(visitor: Visitor) -> u16 {
    1 + (mix(visitor ^ 0x7261_6e67) % 6) as u16
}

/// The size of a part of a file of `size` bytes.
#[inline]
pub fn part(size: u32, hit: &Hit) -> u32 {
    let whole = match (hit.kind, hit.on_connection) {
        // Apple's programs first ask for two bytes, to see whether the server knows ranges.
        (ActorKind::Hotlink, 1) => 2,
        // A viewer shows the last pages last.
        (ActorKind::Hotlink, number) if u16::from(number) > ranges(hit.visitor) => {
            match size % RANGE {
                0 => RANGE,
                rest => rest,
            }
        }
        (ActorKind::Hotlink, _) => RANGE,
        // Previews ask for a first piece.
        _ if hit.visitor & 1 == 0 => RANGE / 2,
        _ => RANGE,
    };
    whole.min(size)
}

/// How much of an answer of `size` bytes is sent, if the server has no room for the rest of it: whole pieces, of which a server keeps
/// some in memory.
#[inline]
pub fn cut(size: u32, hit: &Hit) -> u32 {
    let pieces = size.saturating_sub(1) / PIECE;
    (mix(hit.time ^ hit.visitor ^ 0x6675_6c6c) % u64::from(pieces + 1)) as u32 * PIECE
}

/// How the visitor's program takes answers: browsers by Brotli, three in four bots by gzip.
#[inline]
fn coding(hit: &Hit) -> BodyCoding {
    match bot_of(hit.visitor) {
        Some(bot) if bot % 4 == 1 => BodyCoding::Plain,
        Some(_) => BodyCoding::Gzip,
        None if is_unknown(hit.visitor) => BodyCoding::Plain,
        None => BodyCoding::Brotli,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;
    use crate::config::Config;
    use crate::stream::random::Random;
    use crate::stream::site::Site;
    use crate::stream::{Credentials, Stream};

    /// How well the text of a site can be compressed.
    fn packing() -> TextPacking {
        let site = Site::new(&Config::from_yaml("profile: shop").unwrap());
        site.urls().get(0).packing
    }

    /// The sizes of a body of 9,000 bytes, by URL, coding and cookie.
    fn sizes(body: BodyKind) -> HashMap<(u32, u8, bool), HashSet<u32>> {
        let packing = packing();
        let mut stream = Stream::new(&Config::from_yaml("profile: shop").unwrap(), 1, 0);
        let mut hits = Vec::new();
        stream.fill(Time::MAX, 100_000, &mut hits);
        let mut random = Random::new(4);
        let mut sizes: HashMap<_, HashSet<u32>> = HashMap::new();
        for hit in &mut hits {
            hit.url = random.below(20) as u32;
            hit.credentials = Credentials::new(random.below(2) > 0, false);
            let key = (hit.url, coding(hit) as u8, hit.credentials.has_cookie());
            sizes.entry(key).or_default().insert(vary(9_000, body, packing, hit));
        }
        sizes
    }

    #[test]
    fn a_file_has_one_size_in_each_coding() {
        let sizes = sizes(BodyKind::Text);
        assert_eq!(sizes.len(), 20 * 3 * 2);
        assert!(sizes.values().all(|sizes| sizes.len() == 1), "{sizes:?}");
        for url in 0..20 {
            let size = |coding: BodyCoding| sizes[&(url, coding as u8, true)].iter().next();
            assert!(size(BodyCoding::Brotli) < size(BodyCoding::Gzip));
            assert!(size(BodyCoding::Gzip) < size(BodyCoding::Plain));
        }
    }

    #[test]
    fn a_page_has_one_size_in_each_coding_and_state_but_for_some_bytes_and_some_pages_have_one() {
        let sizes = sizes(BodyKind::Dynamic);
        let range =
            |sizes: &HashSet<u32>| sizes.iter().max().unwrap() - sizes.iter().min().unwrap();
        let constant = sizes.values().filter(|sizes| sizes.len() == 1).count();
        assert_eq!(constant, 4 * 3 * 2, "{sizes:?}");
        for ((_, _, has_cookie), sizes) in &sizes {
            assert!(range(sizes) < if *has_cookie { 30 } else { 6 }, "{sizes:?}");
        }
    }

    #[test]
    fn a_viewer_gets_a_document_in_ranges_that_follow_each_other_and_the_last_is_shorter() {
        let size = 20 * RANGE + 777;
        for visitor in 0..100 {
            let part_of = |on_connection| {
                let kind = ActorKind::Hotlink;
                part(size, &Hit { visitor, kind, on_connection, ..Hit::at(0) })
            };
            let last = 1 + ranges(visitor) as u8;
            assert!((2..last).all(|number| part_of(number) == RANGE));
            assert_eq!((part_of(1), part_of(last)), (2, 777));
        }
    }

    #[test]
    fn a_visitor_who_comes_to_a_page_again_gets_it_in_about_the_same_size() {
        let mut hit = Hit { visitor: 77, url: 3, ..Hit::at(0) };
        let packing = packing();
        let first = vary(9_000, BodyKind::Dynamic, packing, &hit);
        for hour in 1..100 {
            hit.time = hour * 3_600 * SECOND;
            assert!(vary(9_000, BodyKind::Dynamic, packing, &hit).abs_diff(first) < 6);
        }
        assert_eq!(vary(90, BodyKind::Dynamic, packing, &hit), 90);
    }
}

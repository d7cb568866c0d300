//! What lines say of visitors, kept for the lines that follow: the files of a page come from one browser, one shortly after the other.

use super::buffer::{LineParts, LineRoom};
use super::dictionary::{Dictionary, LONGEST_HOST};
use crate::stream::Hit;
use crate::stream::address::Visitor;

/// How many visitors are kept, as a power of two: what is known of them fits into a processor's second cache.
const KEPT: u32 = 10;
/// The bytes that a remote host takes, with those behind it that its last part is copied with.
const HOST: usize = LONGEST_HOST + 9;

/// What the lines of a visitor say of it.
#[derive(Clone, Copy, Debug)]
pub struct VisitorText {
    visitor: Visitor,
    agent: u32,
    host_len: u32,
    host: [u8; HOST],
}

impl VisitorText {
    fn new(dictionary: &Dictionary, hit: &Hit) -> Self {
        let mut host = [0; HOST];
        let left = dictionary.host(hit, LineRoom::new(&mut host)).left();
        let host_len = (HOST - left) as u32;
        Self { visitor: hit.visitor, agent: dictionary.agent(hit) as u32, host_len, host }
    }

    /// The user agent: an index into [`Dictionary::agents`].
    #[inline(always)]
    pub fn agent(&self) -> usize {
        self.agent as usize
    }

    /// Appends the remote host.
    #[inline(always)]
    pub fn host<P: LineParts>(&self, line: P) -> P {
        line.put_part(&self.host, self.host_len as usize)
    }
}

/// The visitors of the last lines.
#[derive(Debug)]
pub struct VisitorTexts {
    /// Each visitor has one place, which it shares with others.
    places: Box<[VisitorText]>,
}

impl VisitorTexts {
    /// Keeps visitors of a site; at first, all places have the same one.
    pub fn new(dictionary: &Dictionary) -> Self {
        let first = VisitorText::new(dictionary, &Hit::at(0));
        Self { places: vec![first; 1 << KEPT].into() }
    }

    /// What the line of a hit says of its visitor.
    #[inline(always)]
    pub fn of(&mut self, dictionary: &Dictionary, hit: &Hit) -> &VisitorText {
        let place = &mut self.places[place_of(hit.visitor)];
        if place.visitor != hit.visitor {
            *place = VisitorText::new(dictionary, hit);
        }
        place
    }
}

/// The place of a visitor: Fibonacci hashing (Knuth, volume 3, section 6.4).
#[inline(always)]
fn place_of(visitor: Visitor) -> usize {
    (visitor.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - KEPT)) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::format::buffer::Buffer;
    use crate::shard::Shard;
    use crate::stream::{Stream, Time};

    #[test]
    fn a_visitor_is_shown_as_the_dictionary_shows_it_whoever_had_the_place_before() {
        let config = Config::from_yaml("profile: shop").unwrap();
        let mut stream = Stream::new(&config, 3, 0);
        let dictionary = Dictionary::new(&config, stream.site(), Shard::WHOLE);
        let mut texts = VisitorTexts::new(&dictionary);
        let mut hits = vec![Hit::at(0)];
        stream.fill(Time::MAX, 20_000, &mut hits);
        for hit in &hits {
            let text = *texts.of(&dictionary, hit);
            assert_eq!(text.agent(), dictionary.agent(hit));
            let mut hosts = Buffer::default();
            let left = dictionary.host(hit, text.host(hosts.line(200)).put_part(b" ", 1)).left();
            hosts.add(left);
            let hosts = str::from_utf8(&hosts).unwrap();
            let (kept, own) = hosts.split_once(' ').unwrap();
            assert_eq!(kept, own);
        }
    }
}

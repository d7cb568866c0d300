//! How the sizes of answers differ: by what the visitor's program accepts, and by what a page says at the moment.

use super::Hit;
use super::random::mix;
use super::site::BodyKind;
use super::traffic::bots::bot_of;
use super::traffic::people::is_unknown;
use super::{SECOND, Time};

/// How much larger a text is that is not compressed.
const UNCOMPRESSED: f32 = 3.7;
/// By what share of its size a dynamic page differs at the most.
const SPREAD: f32 = 0.09;
/// How long a dynamic page says the same to the same visitor.
const FRESH: Time = 20 * SECOND;

/// The size of the body of a successful answer, for a URL whose usual size is `size` bytes.
#[inline]
pub fn vary(size: u32, body: BodyKind, hit: &Hit) -> u32 {
    if body == BodyKind::Fixed {
        return size;
    }
    let plain = if accepts_compression(hit) { 1.0 } else { UNCOMPRESSED };
    let now = match body {
        BodyKind::Dynamic => {
            let bits = mix(hit.visitor ^ (hit.time / FRESH));
            let (one, other) = ((bits & 0xffff) as f32, (bits >> 16 & 0xffff) as f32);
            1.0 + SPREAD * ((one + other) / 65_536.0 - 1.0)
        }
        _ => 1.0,
    };
    (size as f32 * plain * now) as u32
}

/// The size of a part of a file, bytes.
#[inline]
pub fn part(hit: &Hit) -> u32 {
    let bits = mix(hit.time ^ hit.visitor);
    // Browsers and previews ask for a first piece, players and downloads for larger ones.
    if bits & 3 == 0 { 32_768 } else { 65_536 << (bits >> 2 & 0b11) }
}

/// Whether the visitor's program takes compressed answers: browsers do, and three in four bots.
fn accepts_compression(hit: &Hit) -> bool {
    match bot_of(hit.visitor) {
        Some(bot) => bot % 4 != 1,
        None => !is_unknown(hit.visitor),
    }
}

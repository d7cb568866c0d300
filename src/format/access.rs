//! access.log: NCSA combined as Apache writes it,
//! `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`.

use super::Tables;
use crate::stream::Hit;

/// Appends the line of a hit; `stamp` is its `%t` with what stands around it.
#[inline]
pub fn render(tables: &Tables, hit: &Hit, stamp: &[u8; 31], out: &mut Vec<u8>) {
    tables.remote_host(hit, out);
    out.extend_from_slice(b" - ");
    tables.user(hit, out);
    out.extend_from_slice(stamp);
    tables.request(hit, out);
    tables.referrer(hit, out);
    tables.agent(hit, out);
}

//! access.log: NCSA combined as Apache writes it,
//! `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`.

use super::Tables;
use super::buffer::Line;
use crate::stream::Hit;

/// Appends the line of a hit; `stamp` is its `%t` with what stands around it.
#[inline(always)]
pub fn render(tables: &Tables, hit: &Hit, stamp: &[u8; 31], line: &mut Line<'_>) {
    tables.remote_host(hit, line);
    line.put(b" - ");
    tables.user(hit, line);
    line.put(stamp);
    tables.request(hit, line);
    tables.referrer(hit, line);
    tables.agent(hit, line);
}

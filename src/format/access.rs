//! access.log: NCSA combined as Apache writes it,
//! `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`.

use super::Tables;
use crate::stream::Hit;

/// Appends the line of a hit; `stamp` is its `%t`.
#[inline]
pub fn render(tables: &Tables, hit: &Hit, stamp: &[u8; 28], out: &mut Vec<u8>) {
    tables.remote_host(hit, out);
    out.extend_from_slice(b" - ");
    tables.user(hit, out);
    out.push(b' ');
    out.extend_from_slice(stamp);
    out.extend_from_slice(b" \"");
    tables.request(hit, out);
    out.extend_from_slice(tables.referrer(hit));
    out.extend_from_slice(tables.agent(hit));
}

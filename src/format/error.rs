//! error.log: a line for each server error and each refused access, in the form
//! `2024-10-10 13:55:36 - ERROR - Failed to connect to database ...`. It says what failed, for whom
//! and where.

use super::Tables;
use super::buffer::Line;
use super::error_log::ErrorLog;
use super::tables::method;
use crate::stream::Hit;
use crate::stream::random::mix;

/// What an application says when it fails. Which of them a hit gets follows from the hit.
const FAILURES: [&str; 6] = [
    "Failed to connect to database",
    "Upstream timed out while reading the response",
    "Unhandled exception in request handler",
    "Database query exceeded its time limit",
    "Connection pool exhausted",
    "Failed to acquire lock on session store",
];

/// Appends the line of a hit; `stamp` is its time.
pub fn render(tables: &Tables, kind: ErrorLog, hit: &Hit, stamp: &[u8; 19], line: &mut Line<'_>) {
    line.put(stamp);
    let what = match kind {
        ErrorLog::Failed => {
            line.put(b" - ERROR - ");
            FAILURES[(mix(hit.time ^ hit.visitor) % FAILURES.len() as u64) as usize]
        }
        ErrorLog::Forbidden => {
            line.put(b" - WARNING - ");
            "Access denied"
        }
        ErrorLog::Unauthorized => {
            line.put(b" - WARNING - ");
            "Authentication required"
        }
    };
    line.put_all(what.as_bytes());
    line.put(b": ");
    line.put_all(method(hit.method));
    line.put(b" ");
    line.put_all(tables.target(hit));
    line.put(b" for ");
    tables.remote_host(hit, line);
    if hit.logged_in {
        line.put(b" (user ");
        tables.user(hit, line);
        line.put(b")");
    }
    line.put(b" answered ");
    line.put_all(tables.code(hit.outcome));
    line.put(b"\n");
}

//! /health, /ready, /metrics and the status page: what is asked, what is answered, and what a client
//! may get away with.
//!
//! No socket and no thread enters here, and no clock but that of the header `Date`, which tiny_http sets. The
//! thread is [`crate::threads::http`]. Of tiny_http come the words for methods, versions and headers, and the form
//! of every message. Why its server is not run is in src/decisions/http-gate.md.

pub mod answer;
pub mod closing;
pub mod connection;
pub mod head;
pub mod message;
pub mod page;
pub mod routes;

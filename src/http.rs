//! /health, /ready, /metrics and the status page: what clients ask, what they are answered, and what
//! they may get away with.
//!
//! No socket and no thread may enter here, and no clock except that of the header `Date`, which
//! tiny_http sets. The thread is [`crate::threads::http`]. tiny_http supplies the types for methods,
//! versions and headers, and writes every message. src/decisions/http-gate.md says why its server is not
//! used.

pub mod answer;
pub mod closing;
pub mod connection;
pub mod head;
pub mod message;
pub mod page;
pub mod routes;

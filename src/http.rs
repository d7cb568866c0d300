//! /health, /ready, /metrics and the status page: what is asked, what is answered, and what a client
//! may get away with.
//!
//! Pure: no socket, no thread and no clock. The threads are [`crate::threads::http_gate`], which
//! meets the clients and speaks for itself to those who are slow or make no sense, and
//! [`crate::threads::http`], where tiny_http answers whole requests.

pub mod answer;
pub mod closing;
pub mod connection;
pub mod head;
pub mod page;
pub mod routes;

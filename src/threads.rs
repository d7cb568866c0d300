//! The threads of a run, a file for each kind.

pub mod http;
pub mod http_gate;

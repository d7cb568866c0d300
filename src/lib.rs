//! Writes the access logs of a web site that does not exist.

pub mod duration;
pub mod error;
pub mod exit_status;

//! Writes the access logs of a web site that does not exist.

pub mod cli;
pub mod clock;
pub mod config;
pub mod duration;
pub mod error;
pub mod exit_status;
pub mod files;
pub mod format;
pub mod http;
pub mod status;
pub mod stop;
pub mod stream;
pub mod system_log;
pub mod threads;
pub mod version;

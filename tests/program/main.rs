//! The program as its users meet it: the binary as a process, its files, its records and its documents. One
//! binary for all of them, because linking one for each costs more than running them.

// A test that cannot go on says so by a panic.
#![allow(clippy::unwrap_used)]

mod binary;
mod compress;
mod detectors;
mod documents;
mod ending;
mod file_headers;
mod formats;
mod further_logs;
mod messages;
mod progress;
mod rate;
mod repeat;
mod rotation;
mod run;
mod run_record;
mod scenario_page;
mod score;
mod shards;
mod signals;
mod spoilt;
mod stdout;
mod steering;
mod structure;
mod summary;
mod supervised;
mod truth;
mod verify;
mod verify_received;

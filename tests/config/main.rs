//! The configuration as its users meet it: files in, settings or messages out.

// The helpers of tests are tests too.
#![allow(clippy::unwrap_used)]

mod broken;
mod events;
mod fuzz;
mod good;
mod keys;
mod overrides;
mod reference;
mod round_trip;
mod samples;
mod schema;
mod sources;
mod support;
mod table;
mod values;

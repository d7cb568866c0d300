//! Simulated time, and its way to time stamps and back. No clock may enter here.

use jiff::Timestamp;

/// Simulated time: nanoseconds since the Unix epoch, leap seconds not counted.
pub type Time = u64;

/// A second of [`Time`].
pub const SECOND: Time = 1_000_000_000;

/// Seconds as [`Time`]; finite and >= 0.
pub fn seconds(seconds: f64) -> Time {
    (seconds * SECOND as f64) as Time
}

/// A simulated time as a time stamp.
pub fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(time)).expect("64 bits of ns end in 2554")
}

/// A time stamp as simulated time; 0 for what is before 1970.
pub fn time(timestamp: Timestamp) -> Time {
    Time::try_from(timestamp.as_nanosecond()).unwrap_or(0)
}

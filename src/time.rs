//! Simulated time, and its conversion to and from timestamps. No clock may enter here.

use jiff::Timestamp;

/// Simulated time: nanoseconds since the Unix epoch, without leap seconds.
pub type Time = u64;

/// One second as [`Time`].
pub const SECOND: Time = 1_000_000_000;

/// Converts seconds to [`Time`]. They must be finite and >= 0.
pub fn seconds(seconds: f64) -> Time {
    (seconds * SECOND as f64) as Time
}

/// Converts a simulated time to a timestamp.
pub fn timestamp(time: Time) -> Timestamp {
    Timestamp::from_nanosecond(i128::from(time)).expect("64 bits of ns end in 2554")
}

/// Converts a timestamp to simulated time. Before 1970, the result is 0.
pub fn time(timestamp: Timestamp) -> Time {
    Time::try_from(timestamp.as_nanosecond()).unwrap_or(0)
}

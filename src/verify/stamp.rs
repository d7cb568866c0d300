//! The time that a received line is stamped with. It is a hint where to look for the line, never a
//! proof of anything: received lines may be broken in any way.

use jiff::tz::TimeZone;

use crate::format::stamp::StampForm;
use crate::time::Time;

/// The form of access.log's stamps.
const FORM: StampForm = StampForm::Apache;
/// The shortest time that stamps tell apart.
pub const RESOLUTION: Time = FORM.resolution();
/// Lines that are asked for the time together.
const ASKED: usize = 15;

/// The time of a line's stamp; `None` where there is none.
pub fn stamp(line: &[u8]) -> Option<Time> {
    // The form names its own offset, so that the zone does not matter.
    FORM.read(line, &TimeZone::UTC)
}

/// The time that most of the first few of these lines agree on: a single broken stamp does not
/// change it. `None` where none of them has one.
pub fn median<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
    let mut stamps: Vec<Time> = lines.take(ASKED).filter_map(stamp).collect();
    stamps.sort_unstable();
    // Of two, the earlier one.
    stamps.get(stamps.len().checked_sub(1)? / 2).copied()
}

/// The earliest time of the first few of these lines. `None` where none of them has one.
pub fn earliest<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
    lines.take(ASKED).filter_map(stamp).min()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::format::Logs;
    use crate::stream::site::Site;

    #[test]
    fn the_form_is_that_of_access_log() {
        let config = Config::default();
        let logs = Logs::new(&config, &Site::new(&config));
        assert_eq!(logs.specs()[0].program().stamp(), Some(FORM));
    }

    #[test]
    fn one_broken_stamp_among_many_changes_nothing() {
        let right = b"[10/Oct/2024:13:55:36 +0000]".as_slice();
        let wrong = b"[10/Oct/2031:13:55:36 +0000]".as_slice();
        assert_eq!(median([wrong, right, b"none", right].into_iter()), stamp(right));
        assert_eq!(median([wrong, right].into_iter()), stamp(right));
        assert_eq!(median([b"none".as_slice()].into_iter()), None);
    }
}

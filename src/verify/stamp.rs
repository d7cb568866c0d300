//! The time in the stamp of a received line. It is a hint where to look for the line, never a proof:
//! received lines may be broken in any way.

use jiff::tz::TimeZone;

use crate::format::stamp::StampForm;
use crate::time::Time;

/// The form of the stamps in access.log.
const FORM: StampForm = StampForm::Apache;
/// The shortest time that stamps can tell apart, ns.
pub const RESOLUTION: Time = FORM.resolution();
/// How many lines together decide about the time.
const ASKED: usize = 15;

/// The time of a line's stamp; `None` if it has none.
pub fn stamp(line: &[u8]) -> Option<Time> {
    // Apache's form contains the offset, so the zone does not matter.
    FORM.read(line, &TimeZone::UTC)
}

/// The median of the times of the first few lines: a single broken stamp does not change it. `None` if
/// none of them has a stamp.
pub fn median<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Time> {
    let mut stamps: Vec<Time> = lines.take(ASKED).filter_map(stamp).collect();
    stamps.sort_unstable();
    // Of two, this is the earlier one.
    stamps.get(stamps.len().checked_sub(1)? / 2).copied()
}

/// The earliest time of the first few lines; `None` if none of them has a stamp.
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

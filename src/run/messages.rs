//! The messages of a run before its first line.

use indicatif::HumanCount;
use jiff::{SignedDuration, Timestamp};
use log::{info, warn};

use super::history::Surplus;
use super::never::{RunSpan, never};
use crate::config::Config;
use crate::config::source::Loaded;
use crate::container_user::UserOutcome;
use crate::time::{SECOND, Time, timestamp};

/// Logs which configuration is used, which others were passed over, and what may not be as intended.
pub fn tell_source(loaded: &Loaded) {
    info!("{}", configuration(loaded));
    for overridden in &loaded.overridden {
        info!("Configuration: {overridden}");
    }
    for warning in &loaded.warnings {
        warn!("{warning}");
    }
    for note in &loaded.notes {
        info!("{note}");
    }
}

/// The configuration in use and those passed over, in one line.
fn configuration(loaded: &Loaded) -> String {
    let passed_over: Vec<String> = loaded.passed_over.iter().map(ToString::to_string).collect();
    let others = match &passed_over[..] {
        [] => String::new(),
        others => format!("; passed over: {}", others.join(", ")),
    };
    format!("Configuration: {}{others}", loaded.source)
}

/// Logs the user of the process, if the image asked for a user other than root.
pub fn tell_user(user: &UserOutcome) {
    match user {
        UserOutcome::AsStarted => {}
        UserOutcome::Became(user) => info!("Running as {user}; root's rights are given up"),
        UserOutcome::StaysRoot(cause) => warn!("Running as root: {cause}"),
    }
}

/// Logs that the run waits until its stream starts. Otherwise it would seem to hang.
pub fn tell_wait(start: Time, now: Time) {
    if let Some((until, length)) = wait(start, now) {
        info!("The stream starts in the future: waiting until {until}, {length} from now");
    }
}

/// Warns that most of a history is deleted as soon as it is written.
pub fn tell_surplus(surplus: &Surplus) {
    warn!("{}", words_of(surplus));
}

/// Warns of each event of the scenario that does not happen.
pub fn tell_never(config: &Config, run: RunSpan) {
    never(config, run).iter().for_each(|sentence| warn!("{sentence}"));
}

fn words_of(surplus: &Surplus) -> String {
    let Surplus { lines, files, kept_lines, backup_count } = *surplus;
    format!(
        "The history has about {} lines of access.log in {files} files, and output.log_rotation.backup_count \
         keeps {backup_count} of them beside the active one: about {} lines stay, and the rest is deleted at \
         once. To keep all of them, set backup_count to {} or more",
        HumanCount(lines),
        HumanCount(kept_lines),
        files - 1,
    )
}

/// When a wait for a stream that starts at `start` ends, and how long it takes; `None` if less than a second.
fn wait(start: Time, now: Time) -> Option<(Timestamp, String)> {
    let seconds = start.saturating_sub(now).saturating_add(SECOND / 2) / SECOND;
    let seconds = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0)?;
    let length = SignedDuration::from_secs(seconds);
    Some((timestamp(start), format!("{length:#}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_that_does_not_stay_is_told_with_its_figures_and_the_key_to_change() {
        let surplus = Surplus { lines: 406_804, files: 25, kept_lines: 91_000, backup_count: 5 };
        let expected = "The history has about 406,804 lines of access.log in 25 files, and \
                        output.log_rotation.backup_count keeps 5 of them beside the active one: about 91,000 \
                        lines stay, and the rest is deleted at once. To keep all of them, set backup_count to \
                        24 or more";
        assert_eq!(words_of(&surplus), expected);
    }

    #[test]
    fn only_a_start_in_the_future_is_waited_for() {
        let now = 1_793_491_200 * SECOND;
        assert_eq!(wait(now, now), None);
        assert_eq!(wait(now - 3_600 * SECOND, now), None);
        assert_eq!(wait(now + SECOND / 4, now), None);
        let (until, length) = wait(now + 5_400 * SECOND - SECOND / 4, now).unwrap();
        assert_eq!((until.to_string(), &*length), ("2026-11-01T01:29:59.75Z".to_owned(), "1h 30m"));
    }
}

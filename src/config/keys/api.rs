//! The keys of `actors` for those who use the API of a site: its application, and programs of other companies.

use super::actors::{COUNT, TIME, share, spread};
use super::machines::LATER;
use super::people::regulars;
use super::{ConfigKey, Section};
use crate::config::actors::{Apps, Partners};

impl Section for Apps {
    const KEYS: &'static [ConfigKey<Self>] = &[
        spread(
            "screens",
            "screens of a visit, each of which is 1 to 5 calls",
            COUNT,
            &[(30.0, 1.0), (60.0, 3.2), (85.0, 8.0), (97.0, 21.0), (99.7, 70.0)],
            |apps| &mut apps.screens,
        ),
        spread(
            "think_time",
            "from a screen with its calls to the next screen",
            TIME,
            &[(2.0, 0.6), (25.0, 3.5), (50.0, 9.0), (80.0, 40.0), (95.0, 220.0), (99.5, 1_100.0)],
            |apps| &mut apps.think_time,
        ),
        spread(
            "next_call",
            "from a call of a screen to the next call",
            TIME,
            &[(30.0, 0.002), (60.0, 0.03), (90.0, 0.19), (99.0, 1.1)],
            |apps| &mut apps.next_call,
        ),
        share("returning", "visits of people who have been here before", 0.8, |apps| {
            &mut apps.returning
        }),
        regulars(|apps| &mut apps.regulars),
        share("expired_token", "returning visits whose token has expired (401)", 0.22, |apps| {
            &mut apps.expired_token
        }),
        share("changes", "steps that POST, PUT, PATCH or DELETE something", 0.16, |apps| {
            &mut apps.changes
        }),
        share("rejected", "changes that the API rejects (400)", 0.03, |apps| &mut apps.rejected),
        share(
            "not_modified",
            "calls for what the application has and is still current (304)",
            0.06,
            |apps| &mut apps.not_modified,
        ),
        share("scroll", "lists whose next part is asked for", 0.55, |apps| &mut apps.scroll),
        share("retry", "failures after which the application tries again", 0.8, |apps| {
            &mut apps.retry
        }),
    ];

    fn blank() -> Self {
        let [returning, regulars, expired_token, changes, rejected] = [0.0; 5];
        let [not_modified, scroll, retry] = [0.0; 3];
        Self {
            screens: LATER,
            think_time: LATER,
            next_call: LATER,
            returning,
            regulars,
            expired_token,
            changes,
            rejected,
            not_modified,
            scroll,
            retry,
        }
    }
}

impl Section for Partners {
    const KEYS: &'static [ConfigKey<Self>] = &[
        spread(
            "calls",
            "calls of a run",
            COUNT,
            &[(30.0, 1.0), (60.0, 4.0), (90.0, 22.0), (99.0, 120.0)],
            |partners| &mut partners.calls,
        ),
        spread(
            "pace",
            "from a call to the next",
            TIME,
            &[(10.0, 0.15), (50.0, 0.8), (90.0, 6.0), (99.0, 60.0)],
            |partners| &mut partners.pace,
        ),
        share("orders", "calls that send an order", 0.12, |partners| &mut partners.orders),
        share(
            "not_modified",
            "calls for what the program has and is still current (304)",
            0.2,
            |partners| &mut partners.not_modified,
        ),
        share(
            "limited",
            "calls that come too soon (429); the program then waits",
            0.012,
            |partners| &mut partners.limited,
        ),
    ];

    fn blank() -> Self {
        let [orders, not_modified, limited] = [0.0; 3];
        Self { calls: LATER, pace: LATER, orders, not_modified, limited }
    }
}

//! The keys of `failures`: when the server fails for a while.

use super::actors::{TIME, share, spread};
use super::machines::LATER;
use super::{ConfigKey, Inside, KeyKind, NumberLimits, Section, print, rows, section};
use crate::config::{Config, FailureTimes};

/// How often something happens.
const OFTEN: NumberLimits = NumberLimits::between(0.0, 1_000.0);

/// The section, which is printed where there is a profile.
pub(super) const FAILURES: ConfigKey<Config> = section(
    "failures",
    "when the server of a site with a profile fails for a while; without a profile it does nothing",
    Inside::map(rows::<FailureTimes>),
    |config| config.profile.map(|_| print(&config.failures)),
);

const fn often(
    name: &'static str,
    about: &'static str,
    default: f64,
    at: fn(&mut FailureTimes) -> &mut f64,
) -> ConfigKey<FailureTimes> {
    let kind = KeyKind::Number { limits: OFTEN, default, at };
    ConfigKey { name, also: &[], about, example: "", kind }
}

impl Section for FailureTimes {
    const KEYS: &'static [ConfigKey<Self>] = &[
        often(
            "spells_per_day",
            "spells in which requests fail with 500, 502 or 503, on average",
            0.8,
            |failures| &mut failures.spells_per_day,
        ),
        spread(
            "spell_length",
            "how long a spell is, in seconds",
            TIME,
            &[(10.0, 20.0), (50.0, 110.0), (95.0, 1_200.0)],
            |failures| &mut failures.spell_length,
        ),
        share(
            "spell_share",
            "the share of the requests for pages that fail in a spell",
            0.35,
            |failures| &mut failures.spell_share,
        ),
        often(
            "deploys_per_week",
            "new versions of the site, on average: for a moment it does not answer (502), then its files have other names",
            2.0,
            |failures| &mut failures.deploys_per_week,
        ),
        spread(
            "deploy_length",
            "how long the site does not answer then, in seconds",
            TIME,
            &[(5.0, 3.0), (50.0, 18.0), (99.0, 90.0)],
            |failures| &mut failures.deploy_length,
        ),
    ];

    fn blank() -> Self {
        let [spells_per_day, spell_share, deploys_per_week] = [0.0; 3];
        let (spell_length, deploy_length) = (LATER, LATER);
        Self { spells_per_day, spell_length, spell_share, deploys_per_week, deploy_length }
    }
}

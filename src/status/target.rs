//! The target rate: what the configuration says, what the traffic pattern makes of it at a given time,
//! and which part of it a shard has, both as numbers and in words.

use std::fmt;
use std::sync::Arc;

use indicatif::HumanCount;

use crate::config::{Config, TrafficCurve, WeekDays};
use crate::shard::Shard;
use crate::stream::pattern::Pattern;
use crate::time::{SECOND, Time};

/// The most significant digits of a rate in words.
const DIGITS: i32 = 6;

/// The target rate, in lines of access.log per second of simulated time.
#[derive(Clone, Debug)]
pub struct Target {
    pattern: Pattern,
    config: Arc<Config>,
    shard: Shard,
}

impl Target {
    /// The target of one shard of a site, whose stream has a seed and begins at `start`.
    pub fn new(config: Arc<Config>, shard: Shard, seed: u64, start: Time) -> Self {
        Self { pattern: Pattern::of(&config, seed, start), config, shard }
    }

    /// The rate of the site at multiplier 1.0, all shards together.
    pub fn site_rate(&self) -> f64 {
        self.config.output.rate
    }

    /// The rate at multiplier 1.0; for a shard, its part.
    pub fn rate(&self) -> f64 {
        self.shard.part_of(self.config.output.rate)
    }

    /// The pattern's multiplier at a time.
    pub fn multiplier(&self, time: Time) -> f64 {
        self.pattern.multiplier(time)
    }

    /// The rate at a time.
    pub fn at(&self, time: Time) -> f64 {
        self.rate() * self.multiplier(time)
    }

    /// How many lines the target asks for from one time to another.
    pub fn lines(&self, from: Time, until: Time) -> u64 {
        (self.rate() * self.pattern.sum(from, until)) as u64
    }

    /// The target of the same site in another epoch: the noise of the hours and the events of a scenario follow its seed and start.
    pub fn of_epoch(&self, seed: u64, start: Time) -> Self {
        Self { pattern: Pattern::of(&self.config, seed, start), ..self.clone() }
    }

    /// The rate in each hour of the day around a time, by the clocks of the log's time zone.
    pub fn day(&self, time: Time) -> [f64; 24] {
        self.pattern.day(time).map(|multiplier| self.rate() * multiplier)
    }

    /// The multiplier of the hour around a time, in the mean.
    pub fn hour_multiplier(&self, time: Time) -> f64 {
        self.pattern.hour(time).multiplier
    }

    /// The local time in the log's zone, in hours since midnight.
    pub fn hour(&self, time: Time) -> f64 {
        (self.pattern.local_second(time).rem_euclid(86_400)) as f64 / 3600.0
    }

    /// The hours around a time that have the same multiplier, such as `2-6`; `None` if all hours have it. If the days
    /// of the week differ, their names are part of it: `sat 2-6`, `fri 21 to mon 6`.
    pub fn hours(&self, time: Time) -> Option<String> {
        let (first, end) = self.pattern.hours_around(time)?;
        let (day, last_day) = (first / 24, (end - 1) / 24);
        let (first, end) = (first % 24, end - 24 * last_day);
        Some(if self.pattern.week().is_daily() {
            format!("{first}-{end}")
        } else if day == last_day {
            format!("{} {first}-{end}", WeekDays::name(day))
        } else {
            format!("{} {first} to {} {end}", WeekDays::name(day), WeekDays::name(last_day))
        })
    }

    /// How the rate comes about at a time.
    pub fn in_force(&self, time: Time) -> AskedRate {
        let multiplier = self.hour_multiplier(time);
        let when = self.hours(time).map(|hours| format!("{hours} {}{}", self.zone(), self.how()));
        self.asked((multiplier, multiplier), multiplier, when)
    }

    /// How the rate comes about over a day or a week, whichever hours are in force; the noise, which is 1 in the mean,
    /// is left out.
    pub fn of_the_week(&self) -> AskedRate {
        let week = self.pattern.week();
        let (least, most) = week.bounds();
        let varies = least != most || week.noise > 0.0;
        self.asked((least, most), week.mean(), varies.then(|| self.by_the_hour()))
    }

    /// How the rate comes about from `from` to `until`.
    pub fn over(&self, from: Time, until: Time) -> AskedRate {
        if until <= from {
            return self.in_force(from);
        }
        let (mut multipliers, mut at) = (Vec::new(), from);
        let week = self.pattern.week();
        // A day and an hour include every hour of the day, even one that a change of the clocks skips; with noise, no
        // two hours are the same.
        let enough = match week.is_daily() {
            _ if week.noise > 0.0 => usize::MAX,
            true => 50,
            false => 7 * 50,
        };
        while at < until && multipliers.len() < enough {
            let hour = self.pattern.hour(at);
            multipliers.push(hour.multiplier);
            at = hour.end;
        }
        let (least, most) = bounds(multipliers);
        if least == most {
            return self.in_force(from);
        }
        let mean = self.pattern.sum(from, until) / ((until - from) as f64 / SECOND as f64);
        self.asked((least, most), mean, Some(self.by_the_hour()))
    }

    fn asked(&self, (least, most): (f64, f64), mean: f64, when: Option<String>) -> AskedRate {
        AskedRate { site: self.config.output.rate, least, most, mean, when, shard: self.shard }
    }

    fn by_the_hour(&self) -> String {
        let of = if self.pattern.week().is_daily() { "" } else { " of the week" };
        format!("by the hour{of}, {}{}", self.zone(), self.how())
    }

    /// What else the rate follows, beside the hours.
    fn how(&self) -> String {
        let week = self.pattern.week();
        let curve = if week.curve == TrafficCurve::Smooth { ", smooth" } else { "" };
        let noise = if week.noise > 0.0 { ", with noise" } else { "" };
        [curve, noise].concat()
    }

    fn zone(&self) -> &str {
        self.pattern.zone().iana_name().unwrap_or("local time")
    }
}

/// The least and the greatest multiplier.
fn bounds(multipliers: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let extend = |(least, most): (f64, f64), next: f64| (least.min(next), most.max(next));
    multipliers
        .into_iter()
        .map(|next| (next, next))
        .reduce(|all, next| extend(all, next.0))
        .unwrap_or((1.0, 1.0))
}

/// A target rate and how it comes about: `5,000 x 0.1 (traffic_patterns, 2-6 UTC) = 500 lines/s`.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedRate {
    /// The configured rate of the site, lines per second.
    site: f64,
    /// The least multiplier in the span.
    least: f64,
    /// The greatest multiplier in the span.
    most: f64,
    /// The mean multiplier over the span.
    mean: f64,
    /// The hours in which the multiplier holds; `None` if it is all day.
    when: Option<String>,
    shard: Shard,
}

impl AskedRate {
    /// The mean rate in lines of access.log per second; for a shard, its part.
    pub fn mean(&self) -> f64 {
        self.shard.part_of(self.site * self.mean)
    }

    /// Whether this is the configured rate itself, all day long.
    fn is_plain(&self) -> bool {
        self.least == 1.0 && self.when.is_none()
    }
}

impl fmt::Display for AskedRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", figure(self.site))?;
        if !self.is_plain() {
            write!(f, " x {}", span(self.least, self.most))?;
            write!(f, " (traffic_patterns, {})", self.when.as_deref().unwrap_or("all day"))?;
        }
        if self.shard.is_part() {
            write!(f, " / {} (shard {})", self.shard.count, self.shard)?;
        }
        if !self.is_plain() || self.shard.is_part() {
            let part = |multiplier| self.shard.part_of(self.site * multiplier);
            write!(f, " = {}", span(part(self.least), part(self.most)))?;
        }
        f.write_str(" lines/s")?;
        if self.least != self.most {
            write!(f, ", {} in the mean", figure(self.mean()))?;
        }
        Ok(())
    }
}

fn span(least: f64, most: f64) -> String {
    if least == most { figure(least) } else { format!("{} to {}", figure(least), figure(most)) }
}

/// A rate or multiplier for people: at most six digits, unless there are more before the decimal point.
pub fn figure(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    if value < 1e-6 {
        return format!("{value:.2e}");
    }
    let places = (DIGITS - 1 - value.log10().floor() as i32).max(0) as usize;
    let text = format!("{value:.places$}");
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let whole =
        whole.parse().map_or_else(|_| whole.to_owned(), |whole| HumanCount(whole).to_string());
    match rest.trim_end_matches('0') {
        "" => whole,
        rest => format!("{whole}.{rest}"),
    }
}

#[cfg(test)]
mod tests;

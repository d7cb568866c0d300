//! The traffic pattern: which multiplier of the rate holds when. Hours are those of the log's time zone,
//! including its changes to and from daylight saving time.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::curve::{CurvedHour, Stretch, in_seconds};
use super::noise::HourNoise;
use super::scenario::load::Load;
use super::{SECOND, Time};
use crate::config::{Config, TrafficCurve, TrafficPattern};

const HOUR: Time = 3600 * SECOND;
const WEEK: Time = 7 * 24 * HOUR;

/// The multiplier of the rate at any time.
#[derive(Clone, Debug)]
pub struct Pattern {
    week: TrafficPattern,
    noise: Option<HourNoise>,
    zone: TimeZone,
    load: Load,
}

impl Pattern {
    /// The pattern of a site with this seed, by the clocks of `zone`.
    pub fn new(week: TrafficPattern, zone: TimeZone, seed: u64) -> Self {
        let noise = HourNoise::new(week.noise, seed);
        Self { week, noise, zone, load: Load::default() }
    }

    /// The pattern of a run with this seed that began at `origin`, with all that its scenario does to the rate.
    pub fn of(config: &Config, seed: u64, origin: Time) -> Self {
        let (week, zone) = (config.traffic_pattern.clone(), config.output.timezone.clone());
        Self { load: Load::new(config, seed, origin), ..Self::new(week, zone, seed) }
    }

    /// The multipliers of the week, as they are configured.
    pub fn week(&self) -> &TrafficPattern {
        &self.week
    }

    /// The time zone of the hours.
    pub fn zone(&self) -> &TimeZone {
        &self.zone
    }

    /// The multiplier of each hour of the day around `time`, with its noise, by the clocks of the zone.
    pub fn day(&self, time: Time) -> [f64; 24] {
        let midnight = self.local_second(time).div_euclid(86_400) * 24;
        std::array::from_fn(|hour| self.of_hour(midnight + hour as i64))
    }

    /// The run of equal hours around `time`, in the way that `traffic_patterns` writes them: the first
    /// hour, and the hour after the last one (1 to 24). If the days differ, they are the hours of a week, and the last
    /// is 1 to 168. `None` if all hours have the same multiplier.
    pub fn hours_around(&self, time: Time) -> Option<(usize, usize)> {
        let round = if self.week.is_daily() { 24 } else { 168 };
        let at = |hour: usize| self.week.days[hour / 24 % 7][hour % 24];
        let hour = self.hour_of_week(time) % round;
        if self.noise.is_some() {
            return Some((hour, hour + 1));
        }
        let alike = |other: usize| at(other % round) == at(hour);
        let behind = (hour..hour + round).find(|other| !alike(*other))?;
        let before = (hour + 1..hour + round).rev().find(|other| !alike(*other))?;
        Some(((before + 1) % round, (behind + round - 1) % round + 1))
    }

    /// The integral of the multiplier from `from` to `until`, in seconds: how long a constant multiplier
    /// of 1.0 would take for as many lines, those of attacks included.
    pub fn sum(&self, from: Time, until: Time) -> f64 {
        if self.load.is_none() {
            return self.usual_sum(from, until);
        }
        let (mut sum, mut at) = (0.0, from);
        while at < until {
            let (factor, added) = (self.load.factor(at), self.load.added(at));
            let end = factor.until.min(added.until).min(until);
            sum += factor.value * self.usual_sum(at, end) + added.value * in_seconds(end - at);
            at = end;
        }
        sum
    }

    /// [`Pattern::sum`] without the scenario.
    fn usual_sum(&self, from: Time, until: Time) -> f64 {
        let sum = match self.noise {
            Some(_) => self.sum_by_the_hour(from, until),
            None => self.sum_by_the_week(from, until),
        };
        match self.week.curve {
            TrafficCurve::Smooth if from < until => {
                sum + self.curved(until).ahead(until) - self.curved(from).ahead(from)
            }
            _ => sum,
        }
    }

    /// [`Pattern::usual_sum`] of the stepped curve, hour after hour.
    fn sum_by_the_hour(&self, from: Time, until: Time) -> f64 {
        let (mut sum, mut at) = (0.0, from);
        while at < until {
            let hour = self.hour(at);
            let end = hour.end.min(until);
            sum += hour.multiplier * in_seconds(end - at);
            at = end;
        }
        sum
    }

    /// [`Pattern::usual_sum`] of the stepped curve without noise.
    fn sum_by_the_week(&self, from: Time, until: Time) -> f64 {
        let (mut sum, mut at) = (0.0, from);
        // Between two changes of the zone's offset, hours have equal length.
        while at < until {
            let changes = self.zone.following(instant(at)).next();
            let change = changes.map(|change| change.timestamp().as_second() as Time * SECOND);
            let end = change.map_or(until, |change| change.clamp(at + 1, until));
            let of_hour = self.local_second(at).rem_euclid(3600) as Time * SECOND + at % SECOND;
            let monday = self.hour_of_week(at) as Time * HOUR + of_hour;
            sum += self.sum_since_monday(monday + (end - at));
            sum -= self.sum_since_monday(monday);
            at = end;
        }
        sum
    }

    /// [`Pattern::sum_by_the_week`] over `length` ns from the beginning of a week on, with no change of the clocks in
    /// between.
    fn sum_since_monday(&self, length: Time) -> f64 {
        let (weeks, whole, rest) = (length / WEEK, (length % WEEK / HOUR) as usize, length % HOUR);
        let days = &self.week.days;
        let all: f64 = days.iter().flatten().sum();
        let hours: f64 = weeks as f64 * all + days.iter().flatten().take(whole).sum::<f64>();
        3600.0 * hours + days[whole / 24][whole % 24] * in_seconds(rest)
    }

    /// The seconds since 1970 that the zone's clocks show at `time`.
    pub fn local_second(&self, time: Time) -> i64 {
        let now = instant(time);
        now.as_second() + i64::from(self.zone.to_offset(now).seconds())
    }

    /// The hour of the week, 0 to 167 from Monday on, that the zone's clocks show at `time`.
    fn hour_of_week(&self, time: Time) -> usize {
        hour_of_week(self.local_second(time).div_euclid(3600))
    }

    /// The multiplier of an hour, counted from 1970 by the clocks, in the mean.
    fn of_hour(&self, hour: i64) -> f64 {
        let of_week = hour_of_week(hour);
        let multiplier = self.week.days[of_week / 24][of_week % 24];
        self.noise.map_or(multiplier, |noise| multiplier * noise.factor(hour))
    }

    /// The hour around `time` with its multiplier in the mean. It ends at the next full hour of the zone's clocks, or
    /// at their next change if that comes first.
    pub fn hour(&self, time: Time) -> Stretch {
        let now = instant(time);
        let local = self.local_second(time);
        let offset = local - now.as_second();
        let hour = local.div_euclid(3600);
        let next_hour = (hour + 1) * 3600 - offset;
        let next_change = self.zone.following(now).next().map(|change| change.timestamp());
        let end = match next_change {
            Some(change) if change.as_second() < next_hour => change.as_second(),
            _ => next_hour,
        };
        Stretch { end: end as Time * SECOND, multiplier: self.of_hour(hour), slope: 0.0 }
    }

    /// The stretch around `time`, from `time` on, of all lines but those of attacks: an hour of the stepped curve, half an hour of
    /// the smooth one, or less during a surge.
    pub fn stretch(&self, time: Time) -> Stretch {
        let usual = self.usual_stretch(time);
        if self.load.is_none() {
            return usual;
        }
        let factor = self.load.factor(time);
        Stretch {
            end: usual.end.min(factor.until),
            multiplier: usual.multiplier * factor.value,
            slope: usual.slope * factor.value,
        }
    }

    /// The multiplier at `time`, the lines of attacks included.
    pub fn multiplier(&self, time: Time) -> f64 {
        self.stretch(time).multiplier + self.load.added(time).value
    }

    /// [`Pattern::stretch`] without the scenario.
    fn usual_stretch(&self, time: Time) -> Stretch {
        match self.week.curve {
            TrafficCurve::Stepped => self.hour(time),
            TrafficCurve::Smooth => self.curved(time).stretch(time),
        }
    }

    /// The hour of the smooth curve around `time`.
    fn curved(&self, time: Time) -> CurvedHour {
        let (hour, start) = (self.hour(time), self.start_of_hour(time));
        let before = start.checked_sub(1).map_or(hour, |time| self.hour(time));
        let behind = self.hour(hour.end);
        let [before, own, behind] = [before, hour, behind].map(|hour| hour.multiplier);
        CurvedHour::new((start, hour.end), before, own, behind)
    }

    /// Where the hour around `time` begins: at the full hour of the zone's clocks, or at their last change.
    fn start_of_hour(&self, time: Time) -> Time {
        let second = (time / SECOND) as i64;
        let full = second - self.local_second(time).rem_euclid(3600);
        // A change at this very second is the beginning of the hour, too.
        let behind = Timestamp::from_second(second + 1).unwrap_or(Timestamp::MAX);
        let change = self.zone.preceding(behind).next().map(|change| change.timestamp());
        full.max(change.map_or(0, Timestamp::as_second)).max(0) as Time * SECOND
    }
}

/// The hour of the week, 0 to 167 from Monday on, of an hour counted from 1970, which began with a Thursday.
fn hour_of_week(hour: i64) -> usize {
    (hour + 3 * 24).rem_euclid(168) as usize
}

/// The time cut to the second, as jiff wants it.
fn instant(time: Time) -> Timestamp {
    Timestamp::from_second((time / SECOND) as i64).expect("simulated time is within jiff's range")
}

#[cfg(test)]
mod tests;

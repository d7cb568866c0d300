//! How a distribution is read.

use super::cursor::ConfigItem;
use crate::config::Distribution;
use crate::config::keys::NumberLimits;
use crate::config::keys::distributions::{DISTRIBUTION, LAWS};
use crate::config::tree::Value;
use crate::config::words::plain;

/// The parameters of laws, but for a scale, which has the limits of the quantity.
const PARAMETER: NumberLimits = NumberLimits::between(0.01, 100.0);

impl ConfigItem<'_> {
    /// A distribution of numbers within limits.
    pub fn distribution(&self, limits: NumberLimits) -> Option<Distribution> {
        let expected = || format!("{}, each value {}", DISTRIBUTION, limits.words());
        match self.value() {
            Value::Integer(_) | Value::Float(_) => self.number(limits).map(Distribution::Constant),
            Value::Map(entries) if entries.iter().any(|entry| entry.key == "law") => {
                self.law(limits)
            }
            Value::Map(entries) if entries.iter().any(|entry| entry.key == "from") => {
                let map = self.map(DISTRIBUTION)?;
                let number = |key, what| map.require(key, what)?.number(limits);
                let (from, to) = (number("from", "the lowest"), number("to", "the highest"));
                map.finish();
                match (from?, to?) {
                    (from, to) if from <= to => Some(Distribution::Range(from, to)),
                    (from, to) => self.wrong(format!(
                        "from at most to (they are {} and {})",
                        plain(from),
                        plain(to)
                    )),
                }
            }
            Value::Map(entries) if !entries.is_empty() => self.percentiles(limits),
            _ => self.wrong(expected()),
        }
    }

    fn law(&self, limits: NumberLimits) -> Option<Distribution> {
        let map = self.map(DISTRIBUTION)?;
        let item = map.require("law", "lognormal, exponential or pareto")?;
        let name = item.text("lognormal, exponential or pareto")?;
        let number = |key, limits| map.require(key, "a number")?.number(limits);
        let law = match name {
            "lognormal" => {
                let (median, sigma) = (number("median", limits), number("sigma", PARAMETER));
                Some(Distribution::LogNormal { median: median?, sigma: sigma? })
            }
            "exponential" => Some(Distribution::Exponential { mean: number("mean", limits)? }),
            "pareto" => {
                let (least, alpha) = (number("least", limits), number("alpha", PARAMETER));
                Some(Distribution::Pareto { least: least?, alpha: alpha? })
            }
            _ => {
                let names: Vec<&str> = LAWS.iter().map(|(name, _)| *name).collect();
                return item.wrong(format!("one of {}", names.join(", ")));
            }
        };
        map.finish();
        law
    }

    fn percentiles(&self, limits: NumberLimits) -> Option<Distribution> {
        let map = self.map(DISTRIBUTION)?;
        let mut points = Vec::new();
        for (key, item) in map.entries() {
            let at = key.strip_prefix(['p', 'P']).and_then(|at| at.parse::<f64>().ok());
            match at.filter(|at| *at > 0.0 && *at < 100.0) {
                Some(at) => points.push((at, item.number(limits)?)),
                None => {
                    map.wrong_key(key, format!("found \"{key}\", expected {DISTRIBUTION}"));
                    return None;
                }
            }
        }
        points.sort_by(|one, other| one.0.total_cmp(&other.0));
        let descends = points.windows(2).find(|two| two[0].1 > two[1].1 || two[0].0 >= two[1].0);
        match descends {
            None => Some(Distribution::Percentiles(points)),
            Some(two) => self.wrong(format!(
                "values that grow with their percentiles (p{} is {}, p{} is {})",
                two[0].0,
                plain(two[0].1),
                two[1].0,
                plain(two[1].1)
            )),
        }
    }
}

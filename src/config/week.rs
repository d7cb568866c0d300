//! The rate's multipliers over a week, and how they become the rate of a moment.

/// The days of a week, as a configuration names them.
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Some days of the week. They are counted from 0, which is Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WeekDays([bool; 7]);

impl WeekDays {
    /// What would be right, in words.
    pub const EXPECTED: &'static str =
        "days such as mon-fri, sat or [mon, wed-fri], from mon, tue, wed, thu, fri, sat, sun";
    /// None of them.
    pub const NONE: Self = Self([false; 7]);
    /// All of them.
    pub const ALL: Self = Self([true; 7]);

    /// The days that a text names: one, `sat`, or two that differ with those between them, `fri-mon`.
    pub fn from_text(text: &str) -> Option<Self> {
        let day = |name: &str| DAYS.iter().position(|day| day.eq_ignore_ascii_case(name.trim()));
        let (first, last) = match text.split_once('-') {
            Some((first, last)) => (day(first)?, day(last)?),
            None => {
                return Some(Self(std::array::from_fn(|other| Some(other) == day(text))))
                    .filter(|days| *days != Self::NONE);
            }
        };
        let length = (last + 7 - first) % 7;
        (length > 0).then(|| Self(std::array::from_fn(|day| (day + 7 - first) % 7 <= length)))
    }

    /// These days and others.
    pub fn and(self, others: Self) -> Self {
        Self(std::array::from_fn(|day| self.0[day] || others.0[day]))
    }

    /// Whether a day is one of them.
    pub fn has(self, day: usize) -> bool {
        self.0[day % 7]
    }

    /// Texts that name the days, each those of one run.
    pub fn texts(self) -> Vec<String> {
        if self == Self::ALL {
            return vec!["mon-sun".to_owned()];
        }
        let firsts = (0..7).filter(|day| self.has(*day) && !self.has(day + 6));
        let text = |first: usize| {
            let behind = (first..).find(|day| !self.has(*day)).unwrap_or(first + 1);
            match behind - first {
                1 => DAYS[first].to_owned(),
                _ => format!("{}-{}", DAYS[first], DAYS[(behind - 1) % 7]),
            }
        };
        firsts.map(text).collect()
    }

    /// The days that have equal values, each group with its value, in the order of the week.
    pub fn alike<T: PartialEq>(values: &[T; 7]) -> Vec<(Self, &T)> {
        let mut groups: Vec<(Self, &T)> = Vec::new();
        for (day, value) in values.iter().enumerate() {
            match groups.iter_mut().find(|(_, other)| *other == value) {
                Some((days, _)) => days.0[day] = true,
                None => groups.push((Self(std::array::from_fn(|other| other == day)), value)),
            }
        }
        groups
    }

    /// The name of a day.
    pub fn name(day: usize) -> &'static str {
        DAYS[day % 7]
    }
}

/// The rate's multiplier at any time of a week.
#[derive(Clone, Debug, PartialEq)]
pub struct TrafficPattern {
    /// The multiplier of each hour of each day, from Monday on, in the log's time zone. Finite, >= 0, and at least one
    /// above 0.
    pub days: [[f64; 24]; 7],
    /// How the rate goes from one hour to the next.
    pub curve: TrafficCurve,
    /// The standard deviation of the factor that each hour has beside its multiplier; 0 to 1.
    pub noise: f64,
}

impl TrafficPattern {
    /// A week of equal days, without noise and in steps.
    pub fn every_day(hours: [f64; 24]) -> Self {
        Self { days: [hours; 7], curve: TrafficCurve::default(), noise: 0.0 }
    }

    /// Whether all days are equal.
    pub fn is_daily(&self) -> bool {
        self.days.iter().all(|day| *day == self.days[0])
    }

    /// The lowest and the highest multiplier of an hour, without its noise.
    pub fn bounds(&self) -> (f64, f64) {
        let extend = |(least, most): (f64, f64), next: &f64| (least.min(*next), most.max(*next));
        self.days.iter().flatten().fold((f64::INFINITY, 0.0), extend)
    }

    /// What no moment's multiplier is above, with curve and noise.
    pub fn highest(&self) -> f64 {
        self.bounds().1 * self.curve.highest() * NoiseLaw::new(self.noise).highest()
    }

    /// The mean multiplier.
    pub fn mean(&self) -> f64 {
        let day = |hours: &[f64; 24]| hours.iter().sum::<f64>() / 24.0;
        // The mean of equal days is that of each, to the last digit.
        if self.is_daily() {
            day(&self.days[0])
        } else {
            self.days.iter().map(day).sum::<f64>() / 7.0
        }
    }
}

/// `traffic_curve`: how the rate goes from one hour to the next.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrafficCurve {
    /// `stepped`: each hour has its multiplier from its first instant to its last.
    #[default]
    Stepped,
    /// `smooth`: the rate rises and falls in straight lines, and each hour has its multiplier in the mean.
    Smooth,
}

impl TrafficCurve {
    /// What would be right, in words.
    pub const EXPECTED: &'static str = "\"stepped\" or \"smooth\"";

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stepped => "stepped",
            Self::Smooth => "smooth",
        }
    }

    /// The curve of a name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Stepped, Self::Smooth].into_iter().find(|known| known.name() == name)
    }

    /// How many times the multiplier of its hour the rate of a moment can be. Twice: between two hours of 0, the
    /// rate rises from 0 and falls to it again.
    pub fn highest(self) -> f64 {
        match self {
            Self::Stepped => 1.0,
            Self::Smooth => 2.0,
        }
    }
}

/// `traffic_noise`: how the factors of the hours are spread. They have the log-normal distribution with mean 1 and a
/// given standard deviation, cut off at four standard deviations of the logarithm; that takes less than 0.0002 from the
/// mean.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NoiseLaw {
    /// The standard deviation of the logarithm.
    sigma: f64,
}

impl NoiseLaw {
    const MOST_SIGMAS: f64 = 4.0;

    /// The law for a standard deviation of the factors, 0 to 1.
    pub fn new(deviation: f64) -> Self {
        Self { sigma: libm::sqrt(libm::log1p(deviation * deviation)) }
    }

    /// The factor for a number from the standard normal distribution.
    pub fn factor(self, normal: f64) -> f64 {
        let normal = normal.clamp(-Self::MOST_SIGMAS, Self::MOST_SIGMAS);
        libm::exp(self.sigma * (normal - 0.5 * self.sigma))
    }

    /// The highest factor.
    pub fn highest(self) -> f64 {
        self.factor(Self::MOST_SIGMAS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> WeekDays {
        let all = texts.iter().map(|text| WeekDays::from_text(text).unwrap());
        all.fold(WeekDays::NONE, WeekDays::and)
    }

    #[test]
    fn days_are_written_as_they_are_read_and_may_go_over_the_end_of_the_week() {
        for texts in [
            &["mon-fri"][..],
            &["sat"],
            &["fri-mon"],
            &["sat-sun"],
            &["tue", "thu"],
            &["wed", "sun-mon"],
            &["mon-sun"],
        ] {
            assert_eq!(days(texts).texts(), texts);
        }
        assert_eq!(days(&["Mon - wed", "THU-Sun"]), WeekDays::ALL);
        assert_eq!(days(&["sun-sat"]), WeekDays::ALL);
        for wrong in ["", "-", "mon-", "mon-mon", "monday", "mon,tue", "mon-tue-wed", "1"] {
            assert_eq!(WeekDays::from_text(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn days_that_have_equal_values_are_one_group() {
        let groups = WeekDays::alike(&[1, 1, 2, 1, 1, 3, 3]);
        let groups: Vec<_> = groups.into_iter().map(|(days, at)| (days.texts(), *at)).collect();
        let text = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
        let expected =
            [(text(&["mon-tue", "thu-fri"]), 1), (text(&["wed"]), 2), (text(&["sat-sun"]), 3)];
        assert_eq!(groups, expected);
    }

    #[test]
    fn the_factors_of_the_noise_have_the_mean_1_and_the_deviation_that_is_asked_for() {
        for (deviation, highest) in [(0.1, 1.5), (0.4, 4.5), (1.0, 20.0)] {
            let law = NoiseLaw::new(deviation);
            // Integrated over the normal distribution.
            let step = 0.001;
            let moment = |power: i32| -> f64 {
                (-8_000..8_000)
                    .map(|at| (f64::from(at) + 0.5) * step)
                    .map(|x| (-0.5 * x * x).exp() * law.factor(x).powi(power))
                    .sum::<f64>()
                    * step
                    / std::f64::consts::TAU.sqrt()
            };
            let mean = moment(1);
            assert!((mean - 1.0).abs() < 0.000_2, "{mean}");
            let spread = (moment(2) - mean * mean).sqrt();
            assert!((spread / deviation - 1.0).abs() < 0.02, "{deviation}: {spread}");
            assert!(law.highest() < highest && law.factor(9.0) == law.highest());
        }
        assert_eq!(NoiseLaw::new(0.0).factor(3.0), 1.0);
    }
}

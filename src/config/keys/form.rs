//! What a row says without the field that it sets: names, forms and ranges, and the words that the reference has for
//! them. How a schema says a form is for `shapes`.

use crate::config::tree::Node;
use crate::config::words::{grouped, grouped_whole};

/// The numbers that are right for a setting; both ends belong to them.
#[derive(Clone, Copy)]
pub struct NumberLimits {
    /// The lowest.
    pub low: f64,
    /// The highest.
    pub high: f64,
    /// What the number counts, as in "a number of seconds"; empty for none.
    pub unit: &'static str,
    /// What else the reference says of them.
    note: &'static str,
}

impl NumberLimits {
    /// From `low` to `high`.
    pub const fn between(low: f64, high: f64) -> Self {
        Self { low, high, unit: "", note: "" }
    }

    /// What the number counts, as in "a number of seconds".
    pub const fn of(self, unit: &'static str) -> Self {
        Self { unit, ..self }
    }

    /// What else is to be kept, which these limits cannot say; the reference tells it.
    pub const fn and(self, note: &'static str) -> Self {
        Self { note, ..self }
    }

    /// Whether a number is right.
    pub fn contain(&self, number: f64) -> bool {
        // NaN, which is neither, is wrong.
        number >= self.low && number <= self.high
    }

    /// What would be right, in words.
    pub fn words(&self) -> String {
        let of = if self.unit.is_empty() { String::new() } else { format!(" of {}", self.unit) };
        format!("a number{of}, {} to {}", grouped(self.low), grouped(self.high))
    }

    fn range(&self) -> String {
        let note = if self.note.is_empty() { String::new() } else { format!(", {}", self.note) };
        format!("{} to {}{note}", grouped(self.low), grouped(self.high))
    }
}

/// Another spelling of a key.
#[derive(Clone, Copy)]
pub enum Also {
    /// It means the same.
    Same(&'static str),
    /// It means the opposite.
    Opposite(&'static str),
    /// It says the same in a form of its own, which the checks read, and in words of its own.
    Other(&'static str, KeyForm, &'static str),
    /// It stands in the section around, in place of the list that has this key.
    Instead(&'static str),
}

impl Also {
    /// The spelling.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Same(name) | Self::Opposite(name) => name,
            Self::Other(name, ..) | Self::Instead(name) => name,
        }
    }
}

/// What is right for a key.
#[derive(Clone, Copy)]
pub enum KeyForm {
    /// A number.
    Number(NumberLimits),
    /// 0, or a number from the first to the end of the limits, which let what is between them pass for the message
    /// that the checks have for it.
    ZeroOr(f64, NumberLimits),
    /// This word, or a number.
    WordOr(&'static str, NumberLimits),
    /// A whole number; both ends belong to the range.
    Whole((u64, u64)),
    /// A whole number, or nothing.
    WholeOrNone((u64, u64)),
    /// `true` or `false`.
    Boolean,
    /// A distribution of such numbers.
    Distribution(NumberLimits),
    /// What takes words to say.
    Worded(Worded),
    /// Keys of their own.
    Inside(Inside),
}

/// A form that takes words to say.
#[derive(Clone, Copy)]
pub struct Worded {
    /// What the reference says.
    pub range: &'static str,
    /// What a message says behind "expected".
    pub expected: &'static str,
    /// The JSON Schema of it.
    pub schema: fn() -> Node,
}

/// A map whose keys have rows, or a list of such maps.
#[derive(Clone, Copy)]
pub struct Inside {
    /// What stands between the key and those inside in the reference, as `[]` of a list.
    pub at: &'static str,
    /// The keys.
    pub rows: fn() -> Vec<Row>,
    /// Keys of older configurations, which do nothing, and why.
    pub older: &'static [(&'static str, &'static str)],
    /// Makes the JSON Schema of the whole from that of one map.
    pub schema: fn(Node) -> Node,
}

impl Inside {
    /// A map with these keys and no others.
    pub const fn map(rows: fn() -> Vec<Row>) -> Self {
        Self { at: "", rows, older: &[], schema: |map| map }
    }
}

impl KeyForm {
    /// The range, as the reference tells it.
    pub fn range(&self) -> String {
        let whole = |(low, high)| format!("{} to {}", grouped_whole(low), grouped_whole(high));
        match self {
            Self::Number(limits) => limits.range(),
            Self::ZeroOr(least, limits) => {
                format!("0, or {} to {}", grouped(*least), grouped(limits.high))
            }
            Self::WordOr(word, limits) => format!("`{word}`, or {}", limits.range()),
            Self::Whole(range) | Self::WholeOrNone(range) => whole(*range),
            Self::Boolean => "`true`, `false`".to_owned(),
            Self::Distribution(limits) => format!("a distribution, {}", limits.range()),
            Self::Worded(worded) => worded.range.to_owned(),
            Self::Inside(_) => "a map".to_owned(),
        }
    }
}

/// What a row says, without the field that it sets.
pub struct Row {
    /// Its name, in the spelling that is printed.
    pub name: &'static str,
    /// Its other spellings.
    pub also: &'static [Also],
    /// What it says, in a sentence without its full stop.
    pub about: &'static str,
    /// A value to copy, as JSON; empty where the default says enough.
    pub example: &'static str,
    /// What is right.
    pub form: KeyForm,
    /// What an absent key gives, if that is a value.
    pub default: Option<Node>,
    /// How the default is told, where its value says too little or too much.
    pub told: Option<&'static str>,
}

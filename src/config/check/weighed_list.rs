//! Lists whose entries may have weights: a list, or a map of the entries and their weights.

use std::collections::HashMap;
use std::hash::Hash;

use super::cursor::{ConfigItem, Map};
use super::weights::{have_a_choice, weight};
use crate::config::WeighedList;
use crate::config::keys::weights::WEIGHT;
use crate::config::tree::{Value, quoted};

/// What the entries of a list are.
pub struct WeighedEntry<T> {
    /// What a message expects of the whole.
    pub all: &'static str,
    /// What a message expects of an entry.
    pub one: &'static str,
    /// What an entry is called.
    pub name: &'static str,
    /// What stands where the key is left out.
    pub usual: &'static str,
    /// Reads an entry; the error is what would be right.
    pub read: fn(&str) -> Result<T, String>,
}

impl<T: Clone + Eq + Hash> WeighedEntry<T> {
    /// Reads a list or a map; absent or wrong it is `None`.
    pub fn list(&self, item: Option<ConfigItem<'_>>) -> Option<WeighedList<T>> {
        let item = item?;
        if let Value::Map(_) = item.value() {
            return self.weighed(&item.map(self.all)?);
        }
        let list = item.list(self.all)?;
        if list.is_empty() {
            let Self { name, usual, .. } = self;
            return item.wrong(format!("at least one {name}: leave the key out for {usual}"));
        }
        let entries: Vec<T> = list.iter().filter_map(|item| self.one(item)).collect();
        (entries.len() == list.len()).then(|| entries.into())
    }

    /// Reads one entry.
    pub fn one(&self, item: &ConfigItem<'_>) -> Option<T> {
        (self.read)(item.text(self.one)?).map_or_else(|expected| item.wrong(expected), Some)
    }

    /// Entries with their weights. One that is there in two spellings has both weights; one of weight 0 is never met.
    fn weighed(&self, map: &Map<'_>) -> Option<WeighedList<T>> {
        let read = |(key, item): (&str, ConfigItem<'_>)| match (self.read)(key) {
            Ok(entry) => Some((entry, weight(&item)?)),
            Err(expected) => {
                map.wrong_key(key, format!("found {}, expected {expected}", quoted(key)));
                None
            }
        };
        let read: Vec<Option<(T, f64)>> = map.entries().map(read).collect();
        let read: Vec<(T, f64)> = read.into_iter().collect::<Option<_>>()?;
        if !have_a_choice(map, read.iter().map(|(_, weight)| *weight), self.name) {
            return None;
        }
        let (mut entries, mut weights) = (Vec::new(), Vec::<f64>::new());
        let mut places: HashMap<T, usize> = HashMap::new();
        for (entry, weight) in read.into_iter().filter(|(_, weight)| *weight > 0.0) {
            let place = *places.entry(entry.clone()).or_insert(entries.len());
            match weights.get_mut(place) {
                Some(sum) => *sum = (*sum + weight).min(WEIGHT.high),
                None => {
                    entries.push(entry);
                    weights.push(weight);
                }
            }
        }
        Some(WeighedList { entries, weights: Some(weights) })
    }
}

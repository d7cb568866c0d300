//! The kinds of events, as numbers.

use std::collections::HashMap;

/// The number of a kind.
pub type KindId = u32;

/// The names of all kinds that the truth or a detection has.
#[derive(Debug, Default)]
pub struct Kinds {
    names: Vec<String>,
    ids: HashMap<String, KindId>,
}

impl Kinds {
    /// The number of a kind, which is a new one for a new name.
    pub fn id(&mut self, name: &str) -> KindId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = KindId::try_from(self.names.len()).expect("there are fewer than 2^32 kinds");
        self.names.push(name.to_owned());
        self.ids.insert(name.to_owned(), id);
        id
    }

    /// The name of a kind.
    pub fn name(&self, id: KindId) -> &str {
        &self.names[id as usize]
    }

    /// How many kinds there are.
    pub fn count(&self) -> usize {
        self.names.len()
    }

    /// The numbers of all kinds, in the order of their names.
    pub fn by_name(&self) -> Vec<KindId> {
        let mut ids: Vec<KindId> = self.ids.values().copied().collect();
        ids.sort_unstable_by_key(|id| self.name(*id));
        ids
    }
}

//! Lists whose entries may have weights: `ip_ranges` and `external_referrers`.

/// What a list has. Without weights, how popular each entry is follows from its place.
#[derive(Clone, Debug, PartialEq)]
pub struct WeighedList<T> {
    /// The entries, the most popular first where there are no weights; never empty.
    pub entries: Vec<T>,
    /// The weight of each entry, above 0; `None` in a list without weights.
    pub weights: Option<Vec<f64>>,
}

/// One without weights.
impl<T> From<Vec<T>> for WeighedList<T> {
    fn from(entries: Vec<T>) -> Self {
        Self { entries, weights: None }
    }
}

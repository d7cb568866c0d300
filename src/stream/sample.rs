//! A sample of whole walks, drawn before the run: how many hits a session makes, how long it thinks, and
//! what sessions under way look like. The run opens with copies of these.

use super::Time;
use super::calendar::Due;
use super::random::{Chance, Random};
use super::visits::Visits;

/// The sample ends at so many hits, or at so many walks as the visits ask for, whichever comes first.
const HITS: u64 = 100_000;
/// How many snapshots of sessions under way are kept. Every hit that is not its session's first is equally likely to be kept.
const KEPT: usize = 4096;

/// What the sampled walks showed.
#[derive(Debug)]
pub struct Sample<S> {
    /// Sessions about to make a hit that is not their first, each with the think time before that hit.
    snapshots: Vec<(S, Time)>,
    /// The think times of the snapshots in ascending order, each with the sum of itself and all longer ones, ns.
    thinks: Vec<(Time, f64)>,
    mean_think: f64,
    returning: f64,
}

impl<S: Due> Sample<S> {
    /// Draws the sample for a seed.
    pub fn new<V: Visits<Session = S>>(visits: &mut V, seed: u64) -> Self {
        let mut seeds = Random::for_purpose(seed, 3);
        let mut keep = Random::for_purpose(seed, 4);
        let mut snapshots = Vec::new();
        let (mut walks, mut hits, mut returns) = (0u32, 0u64, 0u64);
        let mut total_think = 0.0;
        while walks < V::WALKS && hits < HITS {
            walks += 1;
            let mut session = visits.start(0, &mut seeds);
            let mut now = session.due();
            loop {
                hits += 1;
                let (_, goes_on) = visits.hit(&mut session, now);
                if !goes_on || hits >= HITS {
                    break;
                }
                let think = session.due() - now;
                now = session.due();
                returns += 1;
                total_think += think as f64;
                // Vitter's reservoir sampling: each snapshot is kept with the same chance.
                if snapshots.len() < KEPT {
                    snapshots.push((session, think));
                } else if let Some(place) = snapshots.get_mut(keep.below(returns) as usize) {
                    *place = (session, think);
                }
            }
        }
        let mut thinks: Vec<(Time, f64)> =
            snapshots.iter().map(|&(_, think)| (think, think as f64)).collect();
        thinks.sort_unstable_by_key(|&(think, _)| think);
        let mut sum = 0.0;
        for (think, longer) in thinks.iter_mut().rev() {
            sum += *think as f64;
            *longer = sum;
        }
        let mean_think = if returns > 0 { total_think / returns as f64 } else { 1e9 };
        Self {
            snapshots,
            thinks,
            mean_think: mean_think / 1e9,
            returning: returns as f64 / hits as f64,
        }
    }

    /// How many snapshots there are.
    pub fn len(&self) -> usize {
        self.snapshots.len()
    }

    /// The session of a snapshot, about to make its hit.
    pub fn session(&self, snapshot: usize) -> &S {
        &self.snapshots[snapshot].0
    }

    /// The think time before the hit of a snapshot, ns.
    pub fn think(&self, snapshot: usize) -> Time {
        self.snapshots[snapshot].1
    }

    /// The longest think time of all snapshots, ns.
    pub fn longest_think(&self) -> Time {
        self.thinks.last().map_or(0, |&(think, _)| think)
    }

    /// The mean think time, seconds.
    pub fn mean_think(&self) -> f64 {
        self.mean_think
    }

    /// The share of hits that are not their session's first.
    pub fn returning_share(&self) -> f64 {
        self.returning
    }

    /// [`Sample::returning_share`] as a chance.
    pub fn returning_chance(&self) -> Chance {
        Chance::new(self.returning)
    }

    /// The mean, over all snapshots, of the think time beyond `age`, ns. Times the candidates per ns, it
    /// gives how many sessions that were under way at the start have yet to make a hit at that age.
    pub fn thinking_beyond(&self, age: Time) -> f64 {
        let first = self.thinks.partition_point(|&(think, _)| think <= age);
        let Some(&(_, sum)) = self.thinks.get(first) else { return 0.0 };
        let count = (self.thinks.len() - first) as f64;
        (sum - count * age as f64) / self.thinks.len() as f64
    }
}

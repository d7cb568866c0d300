//! Events of all kinds, as a configuration can have them.

use std::time::Duration;

use access_log_generator::LogFormat;
use access_log_generator::settings::scenario::{
    EventKey, EventKind, EventShape, EventTimes, FailureStatus, KINDS, ScenarioEvent,
    ServerFailure, Steered,
};
use proptest::collection::btree_map;
use proptest::prelude::*;

/// Events of all kinds.
pub fn scenario() -> impl Strategy<Value = Vec<ScenarioEvent>> {
    let kind = prop::sample::select(KINDS.iter().map(|row| row.kind).collect::<Vec<_>>());
    let at = prop::sample::select(vec![
        "+90m",
        "2026-11-27T20:00:00Z",
        "2026-11-27",
        "*/5 3-4 * * mon-fri",
        "0.25 per day",
        "3 per day",
    ]);
    let shape = prop::sample::select(EventShape::ALL.to_vec());
    let status = prop::sample::select(FailureStatus::ALL.to_vec());
    let cause = prop::sample::select(ServerFailure::ALL.to_vec());
    let numbers = (0.0..1_000.0, 0.0..=1.0, 0.001..1e6, 1..=1_000_000u32, any::<bool>());
    let event = (kind, at, shape, (status, cause), 1_000..2_592_000_000u64, numbers);
    btree_map("[a-z][a-z0-9_-]{0,20}", event, 0..5).prop_map(|events| {
        let event = |(name, (kind, at, shape, (status, cause), length, numbers))| {
            let (kind, at): (EventKind, &str) = (kind, at);
            let (multiplier, share, rate, addresses, patched): (f64, f64, f64, u32, bool) = numbers;
            let statuses = FailureStatus::of(kind);
            let status = if statuses.contains(&status) { status } else { statuses[0] };
            // Only a surge may be less than what is usual.
            let least = if kind == EventKind::Surge { 0.0 } else { 1.0 };
            let has = |key| kind.keys().contains(&key);
            ScenarioEvent {
                kind,
                name,
                at: EventTimes::parse(at).unwrap(),
                length: Duration::from_millis(length),
                shape,
                multiplier: has(EventKey::Multiplier).then_some(multiplier.max(least)),
                share: has(EventKey::Share).then_some(share),
                status: has(EventKey::Status).then_some(status),
                cause: has(EventKey::Cause).then_some(cause),
                page: has(EventKey::Page).then(|| "/checkout".to_owned()),
                visitors: has(EventKey::Visitors).then_some(share),
                upstream: has(EventKey::Upstream).then_some(1 + addresses % 3),
                factor: has(EventKey::Factor).then_some(1.0 + multiplier / 2.0),
                timeout: has(EventKey::Timeout).then_some(Duration::from_secs(1 + length % 600)),
                rate: has(EventKey::Rate).then_some(rate),
                addresses: has(EventKey::Addresses).then_some(addresses),
                patched: has(EventKey::Patched).then_some(patched),
                steered: Steered::default(),
                // However many lines are long, they fit the memory.
                line_length: has(EventKey::Length).then_some(8_000 + addresses % 50_000),
                offset: has(EventKey::Offset).then_some(1 + (addresses % 86_400) as i32),
                format: has(EventKey::Format).then(|| LogFormat::parse("json").unwrap()),
            }
        };
        events.into_iter().map(event).collect()
    })
}

//! What a step of the stream costs, by the number of live sessions: stepping one of them, and
//! finding who is due next.

use std::time::Duration;

use access_log_generator::inside::config::Config;
use access_log_generator::{SECOND, Stream, Time};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const START: Time = 1_793_491_200 * SECOND;

/// A stream with about so many sessions between two hits.
fn stream(live_sessions: u32) -> Stream {
    let mut config = Config::default();
    let times = &config.session;
    let think_time = (times.min_page_view_interval + times.max_page_view_interval) / 2.0;
    config.output.rate = f64::from(live_sessions) / think_time;
    let mut stream = Stream::new(&config, 7, START);
    // The sessions come in with their first hits; a step among them is what is measured.
    for _ in 0..2 * live_sessions {
        stream.next_hit();
    }
    stream
}

fn step(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("stream_step");
    group.throughput(Throughput::Elements(1)).warm_up_time(Duration::from_secs(1));
    for live_sessions in [100, 1_000, 10_000, 100_000, 1_000_000] {
        let mut stream = stream(live_sessions);
        let id = BenchmarkId::from_parameter(live_sessions);
        group.bench_function(id, |bencher| bencher.iter(|| stream.next_hit()));
    }
    group.finish();
}

criterion_group!(benches, step);
criterion_main!(benches);

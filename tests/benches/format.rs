//! What a formatted line costs: batches of hits as the scheduler hands them out, at rates at which a
//! second has few lines, and many.

use std::time::Duration;

use access_log_generator::LogId;
use access_log_generator::inside::config::Config;
use access_log_generator::{Formatter, Logs, RenderedHits};
use access_log_generator::{Hit, SECOND, Stream, Time};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

const START: Time = 1_793_491_200 * SECOND;
/// Hits in a batch, as the scheduler fills it when it runs flat out.
const BATCH: usize = 2048;
/// Batches that are rendered in turn: more than fit into a core's caches.
const BATCHES: usize = 64;

fn batches(config: &Config) -> (Vec<Vec<Hit>>, Formatter) {
    let mut stream = Stream::new(config, 7, START);
    let formatter = Formatter::new(Logs::new(config, stream.site()));
    let batch = |stream: &mut Stream| {
        let mut hits = Vec::with_capacity(BATCH);
        stream.fill(Time::MAX, BATCH, &mut hits);
        hits
    };
    ((0..BATCHES).map(|_| batch(&mut stream)).collect(), formatter)
}

fn line(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("formatted_line");
    group.throughput(Throughput::Elements(BATCH as u64)).warm_up_time(Duration::from_secs(1));
    for rate in [10, 100_000] {
        let mut config = Config::default();
        config.output.rate = f64::from(rate);
        let (batches, mut formatter) = batches(&config);
        let mut turn = batches.iter().cycle();
        let mut lines = RenderedHits::default();
        group.bench_function(BenchmarkId::new("rate", rate), |bencher| {
            bencher.iter(|| {
                lines.clear();
                formatter.render(turn.next().expect("a cycle has no end"), &mut lines);
                lines.bytes_of(LogId::ACCESS).len()
            });
        });
    }
    group.finish();
}

criterion_group!(benches, line);
criterion_main!(benches);

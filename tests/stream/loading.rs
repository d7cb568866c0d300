//! How a browser loads a page: how long that takes, whether a visitor keeps a pace, and what comes last.

use std::collections::HashMap;

use access_log_generator::inside::stream::actor_kind::ActorKind;
use access_log_generator::{Config, Hit, Method, Outcome, SECOND, Stream, Time};

use crate::START;

/// A page with at least six files that all come anew.
struct PageLoad {
    visitor: u64,
    /// From the page to its last file, seconds.
    took: f64,
    /// The size of each file, in the order in which they came, and whether it is a picture.
    files: Vec<(u32, bool)>,
}

fn loads(profile: &str) -> Vec<PageLoad> {
    let config = Config::from_yaml(&format!("profile: {profile}\noutput: {{rate: 5}}")).unwrap();
    let mut stream = Stream::new(&config, 11, START);
    let mut hits: Vec<Hit> = Vec::new();
    stream.fill(Time::MAX, 300_000, &mut hits);
    let urls = stream.site().urls();
    let is_file = |hit: &Hit| {
        let path = urls.get(hit.url).target.split('?').next().unwrap();
        [".css", ".js", ".woff2", ".webp", ".jpg", ".png"].iter().any(|end| path.ends_with(end))
    };
    let mut open: HashMap<u64, (Time, PageLoad)> = HashMap::new();
    let mut loads = Vec::new();
    for hit in hits.iter().filter(|hit| hit.kind == ActorKind::Person && hit.method == Method::Get)
    {
        let visitor = hit.visitor;
        if !is_file(hit) && !urls.get(hit.url).target.starts_with("/api/") {
            let load = PageLoad { visitor, took: 0.0, files: Vec::new() };
            loads.extend(open.insert(visitor, (hit.time, load)).map(|(_, load)| load));
        } else if let Some((start, load)) = open.get_mut(&visitor)
            && hit.outcome == Outcome::Success
            // Later, the visitor has gone back to a page.
            && hit.time - *start < 30 * SECOND
        {
            load.took = (hit.time - *start) as f64 / SECOND as f64;
            let url = urls.get(hit.url);
            let is_text = [".css", ".js", ".woff2"].iter().any(|end| url.target.contains(end));
            load.files.push((url.size, !is_text));
        }
    }
    loads.extend(open.into_values().map(|(_, load)| load));
    loads.retain(|load| load.files.len() >= 6);
    loads
}

#[test]
fn a_page_is_there_within_a_second_for_some_and_after_several_for_others() {
    for profile in ["shop", "content", "personal"] {
        let mut took: Vec<f64> = loads(profile).iter().map(|load| load.took).collect();
        assert!(took.len() > 2_000, "{}", took.len());
        took.sort_by(f64::total_cmp);
        let [fast, half, slow] =
            [0.2, 0.5, 0.9].map(|share| took[(took.len() as f64 * share) as usize]);
        assert!(fast < 1.0 && (0.6..3.0).contains(&half), "{profile}: {fast} {half}");
        assert!((3.0..12.0).contains(&slow), "{profile}: {slow}");
    }
}

#[test]
fn a_visitor_who_waited_long_for_one_page_waits_long_for_the_next() {
    let mut before: HashMap<u64, f64> = HashMap::new();
    let (mut after_slow, mut after_fast) = (Vec::new(), Vec::new());
    for load in loads("shop") {
        match before.insert(load.visitor, load.took) {
            Some(took) if took > 3.0 => after_slow.push(load.took),
            Some(took) if took < 1.0 => after_fast.push(load.took),
            _ => {}
        }
    }
    let mean = |took: &[f64]| took.iter().sum::<f64>() / took.len() as f64;
    assert!(after_slow.len() > 50 && after_fast.len() > 50, "{}", after_slow.len());
    assert!(mean(&after_slow) > 1.7 * mean(&after_fast));
}

#[test]
fn large_pictures_come_after_small_ones() {
    let (mut large, mut small) = (Vec::new(), Vec::new());
    for load in loads("shop") {
        let pictures = load.files.iter().filter(|(_, is_picture)| *is_picture);
        let pictures: Vec<u32> = pictures.map(|(size, _)| *size).collect();
        // Some pages have only small ones.
        if pictures.len() < 4 || !pictures.iter().any(|size| *size > 40_000) {
            continue;
        }
        for (place, size) in pictures.iter().enumerate() {
            let place = place as f64 / (pictures.len() - 1) as f64;
            match size {
                0..15_000 => small.push(place),
                40_000.. => large.push(place),
                _ => {}
            }
        }
    }
    let mean = |places: &[f64]| places.iter().sum::<f64>() / places.len() as f64;
    assert!(large.len() > 5_000 && small.len() > 5_000, "{} {}", large.len(), small.len());
    let (large, small) = (mean(&large), mean(&small));
    assert!(large > small + 0.2, "{large} {small}");
}

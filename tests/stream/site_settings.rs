//! What `site` and `assets` say of pages: how many files they have, and how large and fast they are.

use access_log_generator::inside::stream::scenario::MarkEffects;
use access_log_generator::inside::stream::site::{Asset, AssetKind};
use access_log_generator::inside::stream::timing::Timings;
use access_log_generator::{Config, Method, Outcome, Site, Stream, Time};

use crate::START;

fn config(yaml: &str) -> Config {
    Config::from_yaml(yaml).unwrap()
}

/// The targets and sizes of the files of each page whose target begins so.
fn files(yaml: &str, prefix: &str) -> Vec<Vec<(String, u32)>> {
    let site = Site::new(&config(yaml));
    let (urls, grounds) = (site.urls(), site.grounds().unwrap());
    let pages = (0..urls.len() as u32).filter(|page| {
        urls.get(*page).target.starts_with(prefix) && !grounds.assets(*page).is_empty()
    });
    let file = |url| (urls.get(url).target.to_string(), urls.get(url).size);
    // What a page names in vain is in no setting.
    let is_there = |asset: &&Asset| asset.kind != AssetKind::Missing;
    let of = |page| grounds.assets(page).iter().filter(is_there).map(|asset| file(asset.url));
    pages.map(|page| of(page).collect()).collect()
}

fn path(target: &str) -> &str {
    target.split('?').next().unwrap()
}

#[test]
fn a_page_has_as_many_files_of_each_kind_as_assets_say() {
    let yaml = "profile: content
site: {host: a.example.com}
assets:
  {stylesheets: 3, scripts: 0, fonts: 4, article_small: 0, article_large: 5, films: 0, reports: 0}";
    let pages = files(yaml, "/articles/");
    assert!(pages.len() > 1_000, "{}", pages.len());
    for page in pages {
        let count =
            |ending: &str| page.iter().filter(|file| path(&file.0).ends_with(ending)).count();
        assert_eq!([count(".css"), count(".js"), count(".woff2")], [3, 0, 4], "{page:?}");
        let pictures = [".jpg", ".webp", ".png"].map(count).iter().sum::<usize>();
        // A sheet of icons can be a PNG.
        assert!((5..=6).contains(&pictures), "{pictures}: {page:?}");
    }
}

#[test]
fn a_distribution_of_files_is_that_of_the_pages() {
    let yaml =
        "profile: content\nassets: {article_small: 0, article_large: {p20: 0, p50: 2, p95: 9}}";
    let own = |page: &Vec<(String, u32)>| {
        // What no page shares with another is its own.
        let is_picture = |file: &&(String, u32)| {
            [".jpg", ".webp", ".png", ".mp4"].iter().any(|ending| path(&file.0).ends_with(ending))
        };
        page.iter().filter(is_picture).count()
    };
    let mut counts: Vec<usize> = files(yaml, "/articles/").iter().map(own).collect();
    counts.sort_unstable();
    let at = |share: f64| counts[(counts.len() as f64 * share) as usize];
    let furniture = at(0.05);
    assert!(furniture < 2, "{furniture}");
    assert!((1..=3).contains(&(at(0.51) - furniture)), "{}", at(0.51));
    assert!((8..=10).contains(&(at(0.97) - furniture)), "{}", at(0.97));
}

#[test]
fn visitors_of_all_kinds_come_to_a_site_without_a_picture() {
    const NONE: &str = "front_small: 0, front_large: 0, list_small: 0, product_small: 0, product_large: 0, \
                        article_small: 0, article_large: 0, other_large: 0, films: 0";
    for profile in ["shop", "content", "personal", "api"] {
        let yaml = format!("profile: {profile}\nassets: {{{NONE}}}");
        let mut stream = Stream::new(&config(&yaml), 5, START);
        let mut hits = Vec::new();
        stream.fill(Time::MAX, 40_000, &mut hits);
        let kinds: std::collections::HashSet<_> = hits.iter().map(|hit| hit.kind as u8).collect();
        assert!(kinds.len() >= 10, "{profile}: {kinds:?}");
    }
}

#[test]
fn no_page_has_more_files_than_a_visit_can_remember() {
    let yaml = "profile: shop
assets: {stylesheets: 6, scripts: 6, fonts: 6, list_small: 24, product_large: 24, product_small: 24}";
    let pages = files(yaml, "/");
    let most = pages.iter().map(Vec::len).max().unwrap();
    assert_eq!(most, 32);
}

#[test]
fn files_and_pages_are_as_large_as_their_sizes_say() {
    let yaml = "profile: content
site: {page_size: 7000, page_variation: 0}
assets: {stylesheet_size: 1234, font_size: 4321, film_size: 99, films: 1}";
    let site = Site::new(&config(yaml));
    let sizes = |is: fn(&str) -> bool| {
        let urls = site.urls().iter().filter(move |url| is(path(&url.target)));
        urls.map(|url| url.size).collect::<Vec<u32>>()
    };
    let fonts = sizes(|path| path.ends_with(".woff2"));
    assert!(!fonts.is_empty() && fonts.iter().all(|size| *size == 4_321), "{fonts:?}");
    let films = sizes(|path| path.ends_with(".mp4"));
    assert!(films.len() > 1_000 && films.iter().all(|size| *size == 99), "{}", films.len());
    // Each version of a stylesheet is a little larger.
    let styles = sizes(|path| path.ends_with(".css"));
    assert!(styles.iter().any(|size| (1_234..1_234 + 1_234 / 16).contains(size)), "{styles:?}");
    let mut pages = sizes(|path| path.starts_with("/articles/"));
    // Articles that are gone have no body of their own.
    pages.retain(|size| *size > 0);
    assert!(pages.len() > 1_000 && pages.iter().all(|size| *size == 7_000), "{pages:?}");
}

#[test]
fn a_site_without_a_profile_has_pages_of_the_sizes_that_it_is_given() {
    let site = Site::new(&config("site: {page_size: {p50: 30000, p99: 90000}}"));
    let mut sizes: Vec<u32> = site.urls().iter().map(|url| url.size).collect();
    sizes.sort_unstable();
    let at = |share: f64| f64::from(sizes[(sizes.len() as f64 * share) as usize]);
    // Below the first percentile, the size stays.
    assert!((at(0.1) - 30_000.0).abs() < 2.0 && (at(0.995) - 90_000.0).abs() < 2.0);
    assert!((at(0.84) / 48_000.0 - 1.0).abs() < 0.05, "{}", at(0.84));
}

#[test]
fn calls_are_as_large_as_the_answer_about_an_item_makes_them() {
    let median = |size: &str| {
        let site = Site::new(&config(&format!("profile: api\nsite: {{call_size: {size}}}")));
        let items = site.urls().iter().filter(|url| {
            url.target.strip_prefix("/v1/items/").is_some_and(|rest| rest.parse::<u32>().is_ok())
        });
        let mut sizes: Vec<u32> = items.map(|url| url.size).filter(|size| *size > 0).collect();
        sizes.sort_unstable();
        f64::from(sizes[sizes.len() / 2])
    };
    let (small, large) = (median("800"), median("{law: lognormal, median: 20000, sigma: 0.1}"));
    assert!(
        (small - 800.0).abs() < 2.0 && (large / 20_000.0 - 1.0).abs() < 0.02,
        "{small} {large}"
    );
}

#[test]
fn answers_take_as_long_as_the_application_does() {
    let config = config("profile: shop\nsite: {answer_time: 2, answer_variation: 0}");
    let mut stream = Stream::new(&config, 5, START);
    let timings = Timings::new(stream.site(), MarkEffects::new(&config));
    let mut hits = Vec::new();
    stream.fill(Time::MAX, 20_000, &mut hits);
    let successes =
        hits.iter().filter(|hit| hit.outcome == Outcome::Success && hit.method != Method::Post);
    let times: Vec<u64> = successes.map(|hit| timings.of(hit, 1_000).upstream).collect();
    let usual = times.iter().filter(|time| time.abs_diff(2_000_000_000) < 2_000_000).count();
    // One in a hundred takes longer.
    assert!(usual * 100 >= times.len() * 98 && usual < times.len(), "{usual} of {}", times.len());
}

#[test]
fn the_more_even_visitors_choose_the_fewer_hits_the_favourites_have() {
    let share = |popularity: &str| {
        let yaml = format!("site: {{popularity: {popularity}}}");
        let mut stream = Stream::new(&config(&yaml), 5, START);
        let mut hits = Vec::new();
        stream.fill(Time::MAX, 60_000, &mut hits);
        let of_products = hits
            .iter()
            .filter(|hit| stream.site().urls().get(hit.url).target.starts_with("/products/"));
        let mut counts = std::collections::HashMap::<u32, u32>::new();
        of_products.for_each(|hit| *counts.entry(hit.url).or_default() += 1);
        let all: u32 = counts.values().sum();
        f64::from(*counts.values().max().unwrap()) / f64::from(all)
    };
    let (even, usual, uneven) = (share("0"), share("0.9"), share("2"));
    assert!(even < 0.01 && (0.02..0.2).contains(&usual) && uneven > 0.4, "{even} {usual} {uneven}");
}

#[test]
fn a_tail_without_end_ends_where_the_range_of_its_key_does() {
    let wild = "{law: pareto, least: 1, alpha: 0.01}";
    let none = "{law: exponential, mean: 0.0001}";
    let yaml = format!(
        "profile: shop
site: {{page_size: {{law: lognormal, median: 9000, sigma: 90}}, call_size: {wild_size}, page_variation: 3, answer_time: {wild}}}
assets: {{stylesheets: {{from: 1, to: 6}}, scripts: {none}, product_large: {wild}, list_small: {wild}, font_size: {wild}, picture_size: {wild}}}",
        wild_size = "{law: pareto, least: 200, alpha: 0.01}",
    );
    let pages = files(&yaml, "/");
    assert!(pages.iter().flatten().all(|(_, size)| *size <= 500_000_000));
    assert!(pages.iter().all(|files| files.len() <= 32 && path(&files[0].0).ends_with(".css")));
    let site = Site::new(&config(&yaml));
    let (least, most) = (200, 8_000_000);
    let products = site.urls().iter().filter(|url| url.target.starts_with("/products/"));
    // What leads on to the page with another path has no body.
    let sizes: Vec<u32> = products.map(|url| url.size).filter(|size| *size > 0).collect();
    assert!(sizes.len() > 4_000 && sizes.iter().all(|size| (least..=most).contains(size)));
}

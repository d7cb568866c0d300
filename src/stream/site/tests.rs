use std::collections::{HashMap, HashSet};

use super::*;
use crate::config::Config;
use crate::config::links;
use crate::config::{Shares, UrlRule};

/// Walks the site without a session: returns the URLs and outcomes of `n` page views.
fn views(config: &Config, n: usize) -> (Site, Vec<(UrlId, Outcome)>) {
    let site = Site::new(config);
    let mut random = Random::new(5);
    let mut link = site.follow(HOME, &mut random);
    let views = (0..n)
        .map(|_| {
            let view = (link.url, site.outcome(link, &mut random));
            link = site.follow(link.leads_to, &mut random);
            view
        })
        .collect();
    (site, views)
}

fn config(change: impl FnOnce(&mut Config)) -> Config {
    let mut config = Config::default();
    change(&mut config);
    config
}

fn share(views: &[(UrlId, Outcome)], is: impl Fn(&(UrlId, Outcome)) -> bool) -> f64 {
    views.iter().filter(|view| is(view)).count() as f64 / views.len() as f64
}

#[test]
fn a_url_that_has_answered_200_never_answers_404() {
    let config = config(|config| {
        config.urls = vec![UrlRule {
            path: "/about".into(),
            shares: Some(Shares { success: 0.8, not_found: 0.2, system_error: 0.0 }),
            next_pages: vec![],
        }];
        // This page looks like a dead link to /about, but is one of the site's own.
        config.navigation.home.push(("/about.html".into(), 0.1));
    });
    let (_, views) = views(&config, 400_000);
    let mut fates: HashMap<UrlId, HashSet<Outcome>> = HashMap::new();
    for (url, outcome) in views {
        fates.entry(url).or_default().insert(outcome);
    }
    let missing = fates.values().filter(|fate| fate.contains(&Outcome::NotFound)).count();
    assert!(missing > 100, "{missing}");
    for fate in fates.values() {
        assert!(!(fate.contains(&Outcome::Success) && fate.contains(&Outcome::NotFound)));
    }
}

#[test]
fn the_share_of_product_hits_that_find_nothing_is_the_configured_one() {
    let (site, views) = views(&config(|config| config.error_rates.global_500_rate = 0.0), 400_000);
    let products: Vec<_> = views
        .into_iter()
        .filter(|(url, _)| site.urls().get(*url).target.starts_with("/products"))
        .collect();
    let missing = share(&products, |(_, outcome)| *outcome == Outcome::NotFound);
    assert!((missing - 0.1).abs() < 0.004, "{missing}");
}

#[test]
fn each_strike_hits_its_share_of_the_pages_that_it_can_hit() {
    let config = config(|config| {
        config.navigation.home =
            [("/", 0.5), ("/admin", 0.25), ("/profile", 0.25)].map(|(p, w)| (p.into(), w)).into();
        let rates = &mut config.error_rates;
        rates.global_500_rate = 0.1;
        rates.redirect_301 = 0.2;
        rates.redirect_302 = 0.1;
        rates.forbidden_access = 0.5;
        rates.auth_failure = 0.25;
        rates.high_error_pages = vec![("/".into(), 0.5)];
    });
    let (site, views) = views(&config, 400_000);
    let of = |path: &str, outcome: Outcome| {
        let here: Vec<_> = views
            .iter()
            .filter(|(url, _)| site.urls().get(*url).target.split('?').next() == Some(path))
            .copied()
            .collect();
        share(&here, |(_, is)| *is == outcome)
    };
    // A strike can only hit what no strike before it has hit.
    for (path, outcome, expected) in [
        ("/", Outcome::ServerError, 0.55),
        ("/", Outcome::RedirectPermanent, 0.45 * 0.2),
        ("/", Outcome::RedirectTemporary, 0.45 * 0.8 * 0.1),
        ("/", Outcome::Forbidden, 0.0),
        ("/admin", Outcome::ServerError, 0.1),
        ("/admin", Outcome::Forbidden, 0.9 * 0.5),
        ("/profile", Outcome::Unauthorized, 0.9 * 0.25),
    ] {
        let share = of(path, outcome);
        assert!((share - expected).abs() < 0.01, "{path} {outcome:?}: {share}, not {expected}");
    }
}

#[test]
fn a_path_with_a_query_is_that_url_alone() {
    let config = config(|config| {
        config.error_rates.global_500_rate = 0.0;
        config.error_rates.high_error_pages = vec![("/products?categoryID=4".into(), 1.0)];
    });
    let (site, views) = views(&config, 100_000);
    let mut struck = HashSet::new();
    for (url, outcome) in views {
        let target = &site.urls().get(url).target;
        assert_eq!(&**target == "/products?categoryID=4", outcome == Outcome::ServerError);
        if outcome == Outcome::ServerError {
            struck.insert(url);
        }
    }
    assert_eq!(struck.len(), 1);
}

#[test]
fn products_lead_to_the_cart_the_cart_to_checkout_and_checkout_to_thanks() {
    let (site, views) = views(&Config::default(), 200_000);
    let path = |url| site.urls().get(url).target.split('?').next().unwrap_or("").to_owned();
    let mut after: HashMap<String, HashSet<String>> = HashMap::new();
    for pair in views.windows(2) {
        let from = path(pair[0].0);
        let from = if from.starts_with("/products") { "/products".into() } else { from };
        after.entry(from).or_default().insert(path(pair[1].0));
    }
    assert!(after["/products"].contains("/cart") && after["/products"].contains("/checkout"));
    assert!(after["/cart"].contains("/checkout"));
    assert!(after["/checkout"].contains("/thank-you"));
    assert!(!after["/"].contains("/cart") && !after["/cart"].contains("/thank-you"));
}

#[test]
fn with_urls_the_walk_follows_them() {
    let rule = |path: &str, next: &[(&str, f64)]| UrlRule {
        path: path.into(),
        shares: Some(Shares { success: 1.0, not_found: 0.0, system_error: 0.0 }),
        next_pages: next.iter().map(|(page, weight)| ((*page).into(), *weight)).collect(),
    };
    let config = config(|config| {
        config.navigation.home = vec![("/".into(), 1.0)];
        config.urls =
            vec![rule("/", &[("/blog/*", 1.0)]), rule("/blog/*", &[("/blog/*", 0.5), ("/", 0.5)])];
        config.error_rates.global_500_rate = 0.0;
    });
    let (site, views) = views(&config, 20_000);
    let posts: HashSet<_> = views
        .iter()
        .map(|(url, _)| &*site.urls().get(*url).target)
        .filter(|target| *target != "/")
        .collect();
    assert!(posts.len() > 100, "{}", posts.len());
    assert!(posts.iter().all(|post| post.starts_with("/blog/")));
}

#[test]
fn a_rule_for_products_holds_for_those_that_the_products_page_leads_to() {
    let config = config(|config| {
        config.navigation.home = vec![("/products".into(), 1.0)];
        config.error_rates.product_404_rate = 0.0;
        config.urls = vec![UrlRule {
            path: "/products/*".into(),
            shares: None,
            next_pages: vec![("/only".into(), 1.0)],
        }];
    });
    let (site, views) = views(&config, 10_000);
    let target = |url| &*site.urls().get(url).target;
    let mut products = 0;
    for pair in views.windows(2) {
        if target(pair[0].0).starts_with("/products/") {
            products += 1;
            assert_eq!(target(pair[1].0), "/only");
        }
    }
    assert!(products > 1_000, "{products}");
}

#[test]
fn a_rule_for_a_url_with_a_query_holds_for_that_url() {
    let config = config(|config| {
        config.error_rates.global_500_rate = 0.0;
        config.navigation.home = vec![("/q?x=1".into(), 0.5), ("/q?x=2".into(), 0.5)];
        config.urls = vec![UrlRule {
            path: "/q?x=1".into(),
            shares: Some(Shares { success: 0.5, not_found: 0.0, system_error: 0.5 }),
            next_pages: vec![],
        }];
    });
    let (site, views) = views(&config, 20_000);
    let failed = |query: &str| {
        let here: Vec<_> = views
            .iter()
            .filter(|view| &*site.urls().get(view.0).target == query)
            .copied()
            .collect();
        share(&here, |(_, outcome)| *outcome == Outcome::ServerError)
    };
    assert!((failed("/q?x=1") - 0.5).abs() < 0.02);
    assert_eq!(failed("/q?x=2"), 0.0);
}

#[test]
fn a_page_with_an_error_rate_and_no_weight_is_visited_all_the_same() {
    let config = config(|config| {
        config.error_rates.forbidden_access = 1.0;
        config.error_rates.global_500_rate = 0.0;
    });
    let (_, views) = views(&config, 100_000);
    let refused = share(&views, |(_, outcome)| *outcome == Outcome::Forbidden);
    assert!((0.01..0.03).contains(&refused), "{refused}");
}

#[test]
fn sizes_are_heavy_tailed_over_urls_and_the_same_for_every_configuration() {
    let site = Site::new(&Config::default());
    let mut sizes: Vec<u32> = site.urls().iter().map(|url| url.size).collect();
    sizes.sort_unstable();
    let (median, tail) = (sizes[sizes.len() / 2], sizes[sizes.len() * 99 / 100]);
    assert!((7_000..11_000).contains(&median), "{median}");
    assert!((15..160).contains(&(tail / median)), "{tail} / {median}");
    let size = |site: &Site, target: &str| {
        site.urls().iter().find(|url| &*url.target == target).map(|url| url.size)
    };
    let other = Site::new(&config(|config| config.site.products = 10));
    assert_eq!(size(&site, "/about"), size(&other, "/about"));
}

#[test]
fn a_thousand_targets_take_most_of_the_hits() {
    let (_, views) = views(&Config::default(), 200_000);
    let mut hits: HashMap<UrlId, usize> = HashMap::new();
    for (url, _) in &views {
        *hits.entry(*url).or_default() += 1;
    }
    let mut hits: Vec<usize> = hits.into_values().collect();
    hits.sort_unstable_by(|a, b| b.cmp(a));
    let top: usize = hits[..hits.len() / 10].iter().sum();
    assert!(top as f64 > 0.7 * views.len() as f64, "{top}");
}

/// A rule that has only shares.
fn rule(path: &str, success: f64, not_found: f64, system_error: f64) -> UrlRule {
    let shares = Some(Shares { success, not_found, system_error });
    UrlRule { path: path.into(), shares, next_pages: vec![] }
}

#[test]
fn a_page_with_shares_of_its_own_is_governed_by_them_alone() {
    let config = config(|config| {
        config.navigation.home = [("/", 0.5), ("/about", 0.3), ("/admin", 0.2)]
            .map(|(page, weight)| (page.into(), weight))
            .into();
        let rates = &mut config.error_rates;
        (rates.global_500_rate, rates.redirect_301, rates.forbidden_access) = (0.2, 0.1, 0.5);
        config.urls = vec![rule("/about", 0.96, 0.03, 0.01), rule("/admin", 1.0, 0.0, 0.0)];
    });
    let (site, views) = views(&config, 800_000);
    let of = |start: &str| -> Vec<_> {
        let target = |url| &site.urls().get(url).target;
        views.iter().filter(|view| target(view.0).starts_with(start)).copied().collect()
    };
    let about = of("/about");
    for (outcome, expected) in
        [(Outcome::NotFound, 0.03), (Outcome::ServerError, 0.01), (Outcome::Success, 0.96)]
    {
        let share = share(&about, |view| view.1 == outcome);
        assert!((share - expected).abs() < 0.001, "{outcome:?}: {share}, not {expected}");
    }
    assert!(of("/admin").iter().all(|view| view.1 == Outcome::Success));
}

#[test]
fn a_url_that_urls_says_is_never_there_is_asked_for_and_not_found() {
    let config = config(|config| {
        config.navigation.home =
            [("/", 0.5), ("/old-page", 0.5)].map(|(page, weight)| (page.into(), weight)).into();
        config.navigation.pages = vec![("/".into(), vec![("/search".into(), 1.0)])];
        config.urls = vec![rule("/old-page", 0.0, 1.0, 0.0), rule("/search?q=bar", 0.0, 1.0, 0.0)];
    });
    let (site, views) = views(&config, 100_000);
    for target in ["/old-page", "/search?q=bar"] {
        let of = views.iter().filter(|view| &*site.urls().get(view.0).target == target);
        let outcomes: Vec<_> = of.map(|view| view.1).collect();
        assert!(outcomes.len() > 500, "{target}: {}", outcomes.len());
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::NotFound), "{target}");
    }
}

#[test]
fn products_with_shares_of_their_own_are_missing_as_often_as_these_say_whichever_page_led_there() {
    let config = config(|config| {
        config.urls = vec![rule("/products/*", 0.96, 0.03, 0.01)];
    });
    let (site, views) = views(&config, 800_000);
    let products: Vec<_> = views
        .iter()
        .filter(|view| site.urls().get(view.0).target.starts_with("/products/"))
        .copied()
        .collect();
    for (outcome, expected) in [(Outcome::NotFound, 0.03), (Outcome::ServerError, 0.01)] {
        let share = share(&products, |view| view.1 == outcome);
        assert!((share - expected).abs() < 0.002, "{outcome:?}: {share}, not {expected}");
    }
}

#[test]
fn the_shares_of_the_products_page_hold_for_all_that_it_leads_to() {
    let config = config(|config| config.urls = vec![rule("/products", 0.9, 0.03, 0.07)]);
    let (site, views) = views(&config, 400_000);
    let products: Vec<_> = views
        .iter()
        .filter(|view| site.urls().get(view.0).target.starts_with("/products"))
        .copied()
        .collect();
    for (outcome, expected) in [(Outcome::NotFound, 0.03), (Outcome::ServerError, 0.07)] {
        let share = share(&products, |view| view.1 == outcome);
        assert!((share - expected).abs() < 0.004, "{outcome:?}: {share}, not {expected}");
    }
}

#[test]
fn a_page_that_is_never_there_answers_404_alone() {
    let config = config(|config| config.urls = vec![rule("/about", 0.0, 1.0, 0.0)]);
    let (site, views) = views(&config, 20_000);
    for (url, outcome) in views {
        let about = site.urls().get(url).target.starts_with("/about");
        assert!(!about || outcome == Outcome::NotFound);
    }
}

#[test]
fn a_url_that_is_named_is_a_url_of_the_site_and_gets_its_hits() {
    let named = [
        "/products?categoryID=4",
        "/products/special",
        "/search?q=unheard+of",
        "/about?lang=de",
        "/blog/by-name",
    ];
    let config = config(|config| {
        config.product_categories = ["shoes", "hats"].map(str::to_owned).into();
        config.navigation.home.push(("/blog/*".into(), 0.2));
        config.error_rates.global_500_rate = 0.0;
        config.error_rates.high_error_pages =
            named[..4].iter().map(|named| ((*named).to_owned(), 1.0)).collect();
        config.urls = vec![rule(named[4], 0.0, 0.0, 1.0)];
    });
    let (site, views) = views(&config, 200_000);
    for named in named {
        let hits: Vec<_> =
            views.iter().filter(|view| &*site.urls().get(view.0).target == named).collect();
        assert!(hits.len() > 200, "{named}: {}", hits.len());
        assert!(hits.iter().all(|view| view.1 == Outcome::ServerError), "{named}");
    }
    let products =
        views.iter().filter(|view| site.urls().get(view.0).target.starts_with("/products")).count()
            as f64;
    let category =
        views.iter().filter(|view| &*site.urls().get(view.0).target == named[0]).count() as f64;
    assert!((category / products - 0.035).abs() < 0.006, "{}", category / products);
}

#[test]
fn a_name_that_is_a_url_already_changes_nothing() {
    let plain = Site::new(&Config::default());
    let config = config(|config| {
        config.error_rates.high_error_pages = ["/products?categoryID=4", "/products/7", "/about"]
            .map(|page| (page.to_owned(), 0.3))
            .into();
    });
    let named = Site::new(&config);
    assert_eq!(plain.urls().len(), named.urls().len());
    let (mut one, mut other) = (Random::new(9), Random::new(9));
    for _ in 0..10_000 {
        let (plain, named) = (plain.follow(HOME, &mut one), named.follow(HOME, &mut other));
        assert_eq!(plain.url, named.url);
    }
}

#[test]
fn the_pages_that_are_reached_are_those_that_visitors_come_to() {
    let config = config(|config| {
        config.navigation.home =
            [("/", 0.5), ("/products", 0.5), ("/never", 0.0)].map(|(p, w)| (p.into(), w)).into();
        config.navigation.pages = vec![
            ("/".into(), vec![("/blog/*".into(), 1.0), ("/products".into(), 1.0)]),
            ("/island".into(), vec![("/beach".into(), 1.0)]),
        ];
        // No hit goes to a dead link, so the URLs that are seen are those that can be reached.
        config.error_rates.product_404_rate = 0.0;
    });
    let reached = links::reached(&config);
    for there in ["/", "/products", "/blog/*", "/cart", "/checkout", "/thank-you", "/login"] {
        assert!(reached.contains(there), "{there}");
    }
    for not_there in ["/never", "/island", "/beach"] {
        assert!(!reached.contains(not_there), "{not_there}");
    }
    let (site, views) = views(&config, 50_000);
    for (url, _) in views {
        let target = &site.urls().get(url).target;
        assert!(reached.iter().any(|page| links::leads_to(page, target)), "{target}");
    }
}

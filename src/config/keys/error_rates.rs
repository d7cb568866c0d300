//! The keys of `error_rates`: how often requests fail, and how.

use super::paths::{PAGE, PagePath, map_of};
use super::shapes;
use super::{Also, ConfigKey, Inside, KeyForm, KeyKind, NumberLimits, Section, rows, section};
use crate::config::ErrorRates;
use crate::config::tree::Node;

/// A share of the hits concerned.
pub const RATE: NumberLimits = NumberLimits::between(0.0, 1.0);

/// Keys that older configurations have, and why they do nothing.
pub const OLDER: &[(&str, &str)] = &[(
    "checkout_500",
    "the older versions read it and used it nowhere; write high_error_pages: {/checkout: 0.01} for what it says",
)];

/// A rate of the hits concerned and where it goes.
const fn rate(
    name: &'static str,
    also: &'static [Also],
    about: &'static str,
    default: f64,
    at: fn(&mut ErrorRates) -> &mut f64,
) -> ConfigKey<ErrorRates> {
    ConfigKey {
        name,
        also,
        about,
        example: "0.05",
        kind: KeyKind::Number { limits: RATE, default, at },
    }
}

impl Section for ErrorRates {
    const KEYS: &'static [ConfigKey<Self>] = &[
        rate(
            "global_500_rate",
            &[Also::Same("global_500")],
            "any hit fails with the server error status",
            0.02,
            |rates| &mut rates.global_500_rate,
        ),
        rate(
            "product_404_rate",
            &[Also::Same("product_404")],
            "a product hit goes to a product that never exists",
            0.1,
            |rates| &mut rates.product_404_rate,
        ),
        rate(
            "cart_abandonment_rate",
            &[Also::Same("cart_abandon")],
            "a session that is abandoned ends with `GET /cart`",
            0.5,
            |rates| &mut rates.cart_abandonment_rate,
        ),
        rate("redirect_301", &[], "a page view is redirected for good", 0.0, |rates| {
            &mut rates.redirect_301
        }),
        rate("redirect_302", &[], "a page view is redirected for now", 0.0, |rates| {
            &mut rates.redirect_302
        }),
        rate("forbidden_access", &[], "a hit on /admin is refused", 0.0, |rates| {
            &mut rates.forbidden_access
        }),
        rate(
            "auth_failure",
            &[],
            "a hit on /profile is refused for want of a log-in",
            0.0,
            |rates| &mut rates.auth_failure,
        ),
        section("high_error_pages", "pages that fail more often", HIGH_ERROR_PAGES, |rates| {
            let pages = rates.high_error_pages.iter();
            Some(Node::list(pages.map(|page| super::print(&ErrorPage(page.clone())))))
        }),
    ];

    /// Of a section that is there, an absent rate is 0.
    fn blank() -> Self {
        Self {
            global_500_rate: 0.0,
            product_404_rate: 0.0,
            cart_abandonment_rate: 0.0,
            redirect_301: 0.0,
            redirect_302: 0.0,
            forbidden_access: 0.0,
            auth_failure: 0.0,
            high_error_pages: Vec::new(),
        }
    }
}

/// The shares of failures.
pub(super) const ERROR_RATES: Inside = Inside { older: OLDER, ..Inside::map(rows::<ErrorRates>) };

/// A list of pages and rates, or a map of them.
const HIGH_ERROR_PAGES: Inside = Inside {
    at: "[]",
    schema: |entry| {
        let entry = shapes::requires(entry, &["path", "error_rate"]);
        let map = map_of(PagePath::One, shapes::of(&KeyForm::Number(RATE)));
        shapes::any([shapes::list(entry), map])
    },
    ..Inside::map(rows::<ErrorPage>)
};

/// A page that fails more often, and how often.
#[derive(Clone)]
struct ErrorPage((String, f64));

impl Section for ErrorPage {
    const KEYS: &'static [ConfigKey<Self>] = &[
        ConfigKey {
            name: "path",
            also: &[],
            about: "a page that fails more often; with a query, that exact URL. In place of the list, a map of pages and rates",
            example: r#""/checkout""#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(PAGE),
                told: Some("required"),
                print: |page| Some(Node::text(&page.0.0)),
            },
        },
        ConfigKey {
            name: "error_rate",
            also: &[],
            about: "how often it fails",
            example: "0.1",
            kind: KeyKind::Own {
                form: KeyForm::Number(RATE),
                told: Some("required"),
                print: |page| Some(Node::number(page.0.1)),
            },
        },
    ];

    fn blank() -> Self {
        Self((String::new(), 0.0))
    }
}

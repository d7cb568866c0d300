//! The keys of `navigation` and `urls`: which page follows which, and what becomes of the hits on one.

use super::paths::{PagePath, map_of, page, page_pattern};
use super::shapes::{any, described, json, list, of, requires, with, with_one_more, with_property};
use super::weights::{self, LIGHTEST, ONE, PAGES, WEIGHT};
use super::{Also, ConfigKey, Inside, KeyForm, KeyKind, Section, Worded, rows};
use crate::config::tree::Node;
use crate::config::{Navigation, PageWeights, Shares, UrlRule, defaults};

/// What stands in the place of a page's path where the reader chooses it. No schema has a property of this name.
const ANY_PAGE: &str = "\"/page\"";

/// The default set of pages, by the names that it has.
pub const HOME: ConfigKey<Navigation> = ConfigKey {
    name: "home",
    also: &[Also::Same("HOME"), Also::Same("index")],
    about: "for the first page, and for pages without weights of their own",
    example: r#"{"/": 0.5, "/products": 0.5}"#,
    kind: KeyKind::Own {
        form: KeyForm::Worded(PAGES),
        told: None,
        print: |navigation| printed(&navigation.home),
    },
};

const AFTER_PRODUCTS: &str = "the pages after a page stand under its path, such as \"/products\"";
const AFTER_LOGOUT: &str = "a session ends with its log-out";
/// Names that older configurations have, and why they do nothing: they did nothing in the older
/// versions.
pub const OLDER: &[(&str, &str)] = &[
    ("products", AFTER_PRODUCTS),
    ("PRODUCTS", AFTER_PRODUCTS),
    ("LOGOUT", AFTER_LOGOUT),
    ("logout", AFTER_LOGOUT),
];

fn printed(pages: &PageWeights) -> Option<Node> {
    Some(weights::print(pages.iter().map(|(page, weight)| (page, *weight))))
}

impl Section for Navigation {
    const KEYS: &'static [ConfigKey<Self>] = &[
        HOME,
        // What you choose the name of is printed behind the rows.
        ConfigKey {
            name: ANY_PAGE,
            also: &[],
            about: "from that page",
            example: "",
            kind: KeyKind::Own { form: KeyForm::Worded(PAGES), told: None, print: |_| None },
        },
    ];

    fn blank() -> Self {
        defaults::navigation()
    }
}

/// The pages that follow.
pub(super) const NAVIGATION: Inside =
    Inside { older: OLDER, schema: navigation, ..Inside::map(rows::<Navigation>) };

/// The pages that follow, as they would be written.
pub(super) fn print_navigation(navigation: &Navigation) -> Node {
    let home = std::iter::once((HOME.name, printed(&navigation.home)));
    let pages = navigation.pages.iter().map(|(page, next)| (page.as_str(), printed(next)));
    Node::map(home.chain(pages).filter_map(|(page, weights)| Some((page, weights?))))
}

/// A share of the hits on a page.
const fn share(
    name: &'static str,
    about: &'static str,
    told: Option<&'static str>,
    print: fn(&UrlRule) -> Option<Node>,
) -> ConfigKey<UrlRule> {
    let kind = KeyKind::Own { form: KeyForm::Worded(ONE), told, print };
    ConfigKey { name, also: &[], about, example: "0.1", kind }
}

fn part(rule: &UrlRule, of: fn(&Shares) -> f64) -> Option<Node> {
    rule.shares.as_ref().map(|shares| Node::number(of(shares)))
}

impl Section for UrlRule {
    const KEYS: &'static [ConfigKey<Self>] = &[
        share(
            "success",
            "the share that succeeds",
            Some("what the other two leave of 1"),
            |rule| part(rule, |shares| shares.success),
        ),
        share("not_found", "the share of pages that are not there", None, |rule| {
            part(rule, |shares| shares.not_found)
        }),
        share("system_error", "the share that fails", None, |rule| {
            part(rule, |shares| shares.system_error)
        }),
        ConfigKey {
            name: "next_pages",
            also: &[],
            about: "weights of the pages that follow; none leaves it to `navigation`",
            example: r#"{"/cart": 0.3, "/products": 0.7}"#,
            kind: KeyKind::Own {
                form: KeyForm::Worded(Worded { schema: weights::pages_or_none, ..PAGES }),
                told: None,
                print: |rule| printed(&rule.next_pages),
            },
        },
    ];

    fn blank() -> Self {
        let shares = Shares { success: 1.0, not_found: 0.0, system_error: 0.0 };
        Self { path: "/page".to_owned(), shares: Some(shares), next_pages: Vec::new() }
    }
}

/// What becomes of the hits: a map of pages, or a list of maps that name theirs.
pub(super) const URLS: Inside =
    Inside { at: ".\"/page\"", schema: urls, ..Inside::map(rows::<UrlRule>) };

/// `navigation`: beside the rows, pages with weights of those that follow, or with a weight where there is no default
/// set; then one of these weights is above 0.
fn navigation(rows: Node) -> Node {
    let weight = of(&KeyForm::ZeroOr(LIGHTEST, WEIGHT));
    let by_page = Node::map([(page_pattern(PagePath::OneOrMany), any([weight, weights::pages()]))]);
    let rows = with(rows, "patternProperties", by_page);
    let rows = with(rows, "minProperties", Node::number(1.0));
    let rows = with_one_more(
        rows,
        "allOf",
        json(
            r#"{
              "if": {"anyOf": [{"required": ["home"]}, {"required": ["HOME"]}, {"required": ["index"]}]},
              "then": {"patternProperties": {"^/": {"type": "object"}}}
            }"#,
        ),
    );
    let all_zero = json(
        r#"{
          "additionalProperties": {"anyOf": [{"type": "object"}, {"const": 0}]},
          "not": {"additionalProperties": {"type": "object"}}
        }"#,
    );
    with_one_more(rows, "allOf", Node::map([("not", all_zero)]))
}

/// `urls`: what is said of each page, in a map or in a list; the three shares are not all 0.
fn urls(rule: Node) -> Node {
    let rule = with(
        rule,
        "not",
        json(
            r#"{
              "required": ["success"],
              "properties": {
                "success": {"const": 0}, "not_found": {"const": 0}, "system_error": {"const": 0}
              }
            }"#,
        ),
    );
    let path = described(page(PagePath::OneOrMany), "The path of the page");
    let listed = requires(with_property(rule.clone(), "path", path), &["path"]);
    any([map_of(PagePath::OneOrMany, rule), list(listed)])
}

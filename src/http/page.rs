//! The status page: a single file, and the policy that keeps it from loading anything else.

use std::sync::OnceLock;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// The page. Its figures come from `status.json`.
pub const PAGE: &str = include_str!("page.html");

/// The Content-Security-Policy of the page (W3C, CSP level 3). It allows the page's own style and
/// script, identified by their digests, requests to the page's origin, and nothing else.
pub fn policy() -> &'static str {
    static POLICY: OnceLock<String> = OnceLock::new();
    POLICY.get_or_init(|| {
        let digest = |element| {
            let digest = Sha256::digest(inside(PAGE, element));
            format!("'sha256-{}'", STANDARD.encode(digest))
        };
        format!(
            "default-src 'none'; style-src {}; script-src {}; connect-src 'self'; img-src data:; \
             base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
            digest("style"),
            digest("script"),
        )
    })
}

/// The text inside the only element of this name.
fn inside<'a>(page: &'a str, element: &str) -> &'a str {
    let (begin, end) = (format!("<{element}>"), format!("</{element}>"));
    let inside = page.split_once(&begin).and_then(|(_, rest)| rest.split_once(&end));
    inside.expect("the page has a style and a script").0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_one_style_and_one_script_and_asks_for_nothing_elsewhere() {
        for element in ["<style", "<script"] {
            assert_eq!(PAGE.matches(element).count(), 1, "{element}");
        }
        for elsewhere in ["src=", "@import", "url(", " style=", " onclick=", "innerHTML", "eval("] {
            assert!(!PAGE.contains(elsewhere), "{elsewhere}");
        }
        assert!(PAGE.len() <= 60_000, "{} bytes", PAGE.len());
    }

    #[test]
    fn the_policy_allows_what_the_page_holds_and_nothing_else() {
        assert_eq!(inside("a<style>b</style>c", "style"), "b");
        let policy = policy();
        assert!(policy.starts_with("default-src 'none'; style-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe"), "{policy}");
    }
}

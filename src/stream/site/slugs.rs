//! The last segments of the pages that `*` stands for: slugs made of words, as the site's editors would name a product or an
//! article. A number always has the same slug, and no two numbers of a page share one.

mod words;

use std::fmt::Write as _;

use super::style::SiteStyle;
use crate::config::{Config, Profile};
use crate::stream::random::{mix, uniform};
use words::{Patterns, SlugPart};

/// Sites with more URLs of a page than this go by numbers, and keep short targets.
const MOST_NAMED: u32 = 100_000;
/// A prime that shares no factor with the number of slugs of a pattern, so that its multiples walk through all of them.
const STEP: u64 = 2_147_483_647;
/// The years of dated slugs: the first, and how many.
const YEARS: (u64, f64) = (2_013, 12.9);

/// How a segment is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SlugForm {
    /// `how-to-choose-a-kettle`
    Words,
    /// `how-to-choose-a-kettle-4417`
    WordsNumber,
    /// `4417-how-to-choose-a-kettle`
    NumberWords,
    /// `2024-03-how-to-choose-a-kettle`
    Dated,
    /// `4417`
    Number,
}

use SlugForm::{Dated, Number, NumberWords, Words, WordsNumber};

/// The forms of a kind of pages; a site has one of them for each of its pages.
const OF_PRODUCTS: [SlugForm; 8] =
    [WordsNumber, WordsNumber, WordsNumber, Words, Words, Words, NumberWords, Number];
const OF_ARTICLES: [SlugForm; 8] =
    [Words, Words, Words, Words, WordsNumber, WordsNumber, NumberWords, Number];
const OF_POSTS: [SlugForm; 8] = [Words, Words, Words, Dated, Dated, Dated, Dated, Number];

/// The slugs of one page with `*`.
#[derive(Clone, Copy, Debug)]
pub struct Slugs {
    form: SlugForm,
    patterns: Patterns,
    /// Sets the words of one page apart from those of others.
    salt: u64,
    /// The lowest number that is shown, less 1.
    numbers_from: u64,
}

impl Slugs {
    /// The slugs of the `count` URLs under a `prefix`, such as `/blog/`. Without a profile, they are numbers.
    pub fn new(config: &Config, prefix: &str, count: u32) -> Self {
        let numbers = Self { form: Number, patterns: &[], salt: 0, numbers_from: 0 };
        let (Some(style), Some(profile)) = (SiteStyle::of(config), config.profile) else {
            return numbers;
        };
        if count > MOST_NAMED {
            return numbers;
        }
        let name = prefix.trim_matches('/').rsplit('/').next().unwrap_or_default();
        let (patterns, forms): (Patterns, &[SlugForm]) = match (name, profile) {
            ("products", _) => (words::PRODUCTS, &OF_PRODUCTS),
            ("topics" | "topic" | "tags" | "tag" | "categories" | "category", _) => {
                (words::TOPICS, &[Words])
            }
            ("docs" | "help", _) | (_, Profile::Api) => (words::DOCUMENTS, &[Words]),
            (_, Profile::Shop) => (words::GUIDES, &OF_ARTICLES),
            (_, Profile::Content) => (words::NEWS, &OF_ARTICLES),
            (_, Profile::Personal) => (words::POSTS, &OF_POSTS),
        };
        let form = style.one_of(&format!("form of {prefix}"), forms);
        let salt = style.bits(&format!("words of {prefix}"));
        let numbers_from = if name == "products" { 0 } else { 900 + salt % 40_000 };
        Self { form, patterns, salt, numbers_from }
    }

    /// The slug of a number.
    pub fn of(&self, number: u32) -> String {
        let shown = self.numbers_from + u64::from(number);
        let mut slug = String::with_capacity(48);
        match self.form {
            Number | NumberWords => write!(slug, "{shown}"),
            Dated => {
                let months = (uniform(mix(self.salt ^ u64::from(number))) * YEARS.1 * 12.0) as u64;
                write!(slug, "{}-{:02}", YEARS.0 + months / 12, 1 + months % 12)
            }
            Words | WordsNumber => Ok(()),
        }
        .expect("a text takes whatever is written to it");
        if self.form != Number {
            self.words(number.into(), &mut slug);
        }
        if self.form == WordsNumber {
            slug.push('-');
            slug.push_str(&shown.to_string());
        }
        slug
    }

    /// The number that a slug of this form shows.
    pub fn shown_in(&self, slug: &str) -> Option<u64> {
        let digits = match self.form {
            Words | Dated => return None,
            WordsNumber => slug.rsplit('-').next(),
            NumberWords | Number => slug.split('-').next(),
        };
        digits?.parse().ok()
    }

    /// Appends the words of a number. What the words of a pattern do not suffice for gets a further number, as
    /// publishing software does it.
    fn words(&self, number: u64, slug: &mut String) {
        let patterns = self.patterns.len() as u64;
        let pattern = self.patterns[((number + self.salt) % patterns) as usize];
        let nth = number / patterns;
        let all: u64 = pattern.iter().map(SlugPart::len).product();
        let mut place = (nth % all * STEP + self.salt % all) % all;
        for part in pattern {
            if !slug.is_empty() {
                slug.push('-');
            }
            part.write(place % part.len(), slug);
            place /= part.len();
        }
        if nth >= all {
            slug.push('-');
            slug.push_str(&(nth / all + 1).to_string());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    const PAGES: [(&str, &str); 6] = [
        ("shop", "/products/"),
        ("shop", "/blog/"),
        ("content", "/articles/"),
        ("content", "/topics/"),
        ("personal", "/posts/"),
        ("api", "/docs/"),
    ];

    fn slugs(profile: &str, host: &str, prefix: &str) -> Slugs {
        let yaml = format!("profile: {profile}\nsite: {{host: {host}}}");
        Slugs::new(&Config::from_yaml(&yaml).unwrap(), prefix, 5_000)
    }

    #[test]
    fn no_two_numbers_share_a_slug_and_each_is_a_segment_of_a_path() {
        for (profile, prefix) in PAGES {
            for host in ["a.example.com", "b.example.com", "c.example.com"] {
                let slugs = slugs(profile, host, prefix);
                let mut seen = HashSet::new();
                for number in 1..=MOST_NAMED + MOST_NAMED / 5 {
                    let slug = slugs.of(number);
                    let fits = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
                    assert!(!slug.is_empty() && slug.bytes().all(fits), "{slug:?}");
                    assert!(!slug.contains("--") && slug.len() < 90, "{slug:?}");
                    assert!(seen.insert(slug), "{prefix}: {} again", slugs.of(number));
                }
            }
        }
    }

    #[test]
    fn slugs_have_words_and_many_lengths_and_two_sites_have_others() {
        let mut forms = HashSet::new();
        for (profile, prefix) in PAGES {
            let of_site = |site: u32| {
                let slugs = slugs(profile, &format!("{site}.example.com"), prefix);
                (slugs.form, (1..=1_000).map(|number| slugs.of(number)).collect::<HashSet<_>>())
            };
            let (mut alike, mut named) = (0, 0);
            for site in 0..20 {
                let ((form, own), (_, other)) = (of_site(site), of_site(site + 1));
                forms.insert(format!("{form:?}"));
                let lengths: HashSet<usize> = own.iter().map(String::len).collect();
                named += usize::from(lengths.len() >= 15);
                alike += own.intersection(&other).count();
            }
            assert!(named >= 14, "{prefix}: {named} of 20 sites");
            // What is documented and what is written about are the same everywhere.
            let is_small = matches!(prefix, "/topics/" | "/docs/");
            assert!(is_small || alike < 4_000, "{prefix}: {alike} of 20,000");
        }
        assert_eq!(forms.len(), 5, "{forms:?}");
    }

    #[test]
    fn without_a_profile_and_in_a_huge_catalogue_pages_go_by_numbers() {
        let shop = Config::from_yaml("profile: shop").unwrap();
        let plain = Slugs::new(&Config::default(), "/blog/", 200);
        assert_eq!((plain.of(1), plain.of(200)), ("1".into(), "200".into()));
        assert_eq!(Slugs::new(&shop, "/products/", 1_000_000).of(123), "123");
    }
}

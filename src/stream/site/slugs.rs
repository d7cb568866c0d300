//! The last segments of the pages that `*` stands for: slugs made of words, as the site's editors would name a product or an
//! article. A number always has the same slug, and no two numbers of a page share one.

mod words;

use std::fmt::Write as _;

use super::style::SiteStyle;
use crate::config::{Config, Profile};
use crate::stream::random::{hash, mix};
use words::{Patterns, SlugPart};

/// Sites with more URLs of a page than this go by numbers, and keep short targets.
const MOST_NAMED: u32 = 100_000;
/// A prime that shares no factor with the number of slugs of a pattern, so that its multiples walk through all of them.
const STEP: u64 = 2_147_483_647;
/// The months in which pages were written: the year that they are counted from, and how many there are.
const FIRST_YEAR: u64 = 2_013;
const MONTHS: u64 = 154;
/// Before this month no product of a shop came.
const FIRST_PRODUCT: u64 = 96;

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
    /// How many numbers there are.
    count: u32,
    /// The month before which no page was written.
    since: u64,
}

/// A month, counted from January 2013.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month(u64);

impl Month {
    /// The month that lies so many months before the last one in which a page was written.
    pub fn of_late(months: u64) -> Self {
        Self(MONTHS - 1 - months.min(MONTHS - 1))
    }

    /// The month before it.
    pub fn before(self) -> Self {
        Self(self.0.saturating_sub(1))
    }

    /// Its year and its number in the year, from 1.
    pub fn year_and_number(self) -> (u64, u64) {
        (FIRST_YEAR + self.0 / 12, 1 + self.0 % 12)
    }

    /// A Unix time in the month, which follows from `bits`.
    pub fn time(self, bits: u64) -> u64 {
        1_356_998_400 + self.0 * 2_629_746 + bits % 2_400_000
    }
}

impl Slugs {
    /// The slugs of the `count` URLs under a `prefix`, such as `/blog/`. Without a profile, they are numbers.
    pub fn new(config: &Config, prefix: &str, count: u32) -> Self {
        let since = if prefix == "/products/" { FIRST_PRODUCT } else { 0 };
        let numbers = Self { form: Number, patterns: &[], salt: 0, numbers_from: 0, count, since };
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
        Self { form, patterns, salt, numbers_from, count, since }
    }

    /// The slug of a number.
    pub fn of(&self, number: u32) -> String {
        let shown = self.numbers_from + u64::from(number);
        let mut slug = String::with_capacity(48);
        match self.form {
            Number | NumberWords => write!(slug, "{shown}"),
            Dated => {
                let bits = mix(self.salt ^ u64::from(number));
                let (year, month) = Month(bits % MONTHS).year_and_number();
                write!(slug, "{year}-{month:02}")
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

    /// When the page of a slug was written: in the month that the slug shows, or else the later, the higher the number is that it
    /// shows.
    pub fn month_of(&self, slug: &str) -> Month {
        let months = MONTHS - self.since;
        let month = match self.shown_in(slug) {
            Some(shown) => {
                let number = shown.saturating_sub(self.numbers_from);
                (number * months / u64::from(self.count.max(1))).min(months - 1)
            }
            None => mix(hash(slug) ^ self.salt) % months,
        };
        let dated = if self.form == Dated { dated(slug) } else { None };
        dated.unwrap_or(Month(self.since + month))
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

/// The month that a dated slug shows.
fn dated(slug: &str) -> Option<Month> {
    let mut parts = slug.split('-').map(|part| part.parse::<u64>().ok());
    let (year, month) = (parts.next()??, parts.next()??);
    Some(Month((year.checked_sub(FIRST_YEAR)? * 12 + month).checked_sub(1)?))
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
    fn a_page_was_written_in_the_month_that_its_slug_shows_and_later_if_its_number_is_higher() {
        let (mut dated, mut numbered) = (0, 0);
        for site in 0..20 {
            for (profile, prefix) in PAGES {
                let slugs = slugs(profile, &format!("{site}.example.com"), prefix);
                let all: Vec<String> = (1..=5_000).map(|number| slugs.of(number)).collect();
                let months: Vec<Month> = all.iter().map(|slug| slugs.month_of(slug)).collect();
                assert!(
                    months.iter().all(|month| (2_013..=2_025).contains(&month.year_and_number().0))
                );
                if slugs.form == Dated {
                    dated += 1;
                    for (slug, month) in all.iter().zip(&months) {
                        let (year, number) = month.year_and_number();
                        assert!(slug.starts_with(&format!("{year}-{number:02}-")), "{slug}");
                    }
                }
                if slugs.shown_in(&all[0]).is_some() {
                    numbered += 1;
                    assert!(months.is_sorted() && months[0] < months[4_999]);
                }
            }
        }
        assert!(dated > 5 && numbered > 20, "{dated}, {numbered}");
    }

    #[test]
    fn without_a_profile_and_in_a_huge_catalogue_pages_go_by_numbers() {
        let shop = Config::from_yaml("profile: shop").unwrap();
        let plain = Slugs::new(&Config::default(), "/blog/", 200);
        assert_eq!((plain.of(1), plain.of(200)), ("1".into(), "200".into()));
        assert_eq!(Slugs::new(&shop, "/products/", 1_000_000).of(123), "123");
    }
}

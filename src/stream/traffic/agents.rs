//! What people's browsers say they are: the browsers of October 2025 in the shares of that month (StatCounter's, rounded), with
//! the long tail of versions, devices and browsers inside other applications that every log has. Versions that appear together
//! were released together.

use super::network_apps::{FACEBOOK, FACEBOOK_ANDROID, INSTAGRAM};
use crate::config::{Config, UserAgent};
use crate::stream::address::Visitor;
use crate::stream::random::{mix, zipf_weights};

/// Chrome's stable versions, the latest first, each with the number of its build.
const CHROME: [(u16, u16); 14] = [
    (141, 7390),
    (140, 7339),
    (139, 7258),
    (138, 7204),
    (137, 7151),
    (136, 7103),
    (135, 7049),
    (134, 6998),
    (133, 6943),
    (132, 6834),
    (131, 6778),
    (128, 6613),
    (120, 6099),
    (109, 5414),
];
/// Versions of Opera, of Yandex's browser and of Samsung's, each with that of the Chrome that it is made of.
const OPERA: [(u16, u16); 7] =
    [(122, 138), (123, 139), (121, 137), (120, 135), (119, 134), (118, 133), (117, 132)];
const YANDEX: [(&str, u16); 5] =
    [("25.8", 138), ("25.6", 136), ("25.4", 134), ("25.2", 132), ("24.12", 130)];
const SAMSUNG: [(u16, u16); 6] = [(28, 130), (29, 136), (27, 125), (26, 122), (25, 121), (24, 117)];
const FIREFOX: [u16; 9] = [144, 143, 140, 142, 141, 128, 115, 139, 136];
/// Versions of Safari on macOS.
const SAFARI: [&str; 9] =
    ["18.6", "26.0", "18.5", "26.0.1", "17.6", "18.4", "18.3", "16.6", "17.5"];
/// Versions of iOS as its Safari has them. From 26 on the system's own stays at 18.6 or 18.7.
const IOS: [(&str, &str); 12] = [
    ("18_6", "26.0"),
    ("18_6_2", "18.6"),
    ("18_7", "26.0.1"),
    ("18_6", "18.6"),
    ("18_5", "18.5"),
    ("17_6_1", "17.6"),
    ("18_3_2", "18.3.1"),
    ("18_1_1", "18.1.1"),
    ("16_7_12", "16.6.1"),
    ("17_5_1", "17.5"),
    ("15_8_5", "15.6.7"),
    ("16_6", "16.6"),
];
/// iPhones, the most frequent first, each with the scale and the size of its screen.
const IPHONES: [(&str, u8, &str); 12] = [
    ("iPhone15,2", 3, "1179x2556"),
    ("iPhone14,5", 3, "1170x2532"),
    ("iPhone16,1", 3, "1179x2556"),
    ("iPhone13,2", 3, "1170x2532"),
    ("iPhone17,1", 3, "1206x2622"),
    ("iPhone12,1", 2, "828x1792"),
    ("iPhone15,4", 3, "1179x2556"),
    ("iPhone16,2", 3, "1290x2796"),
    ("iPhone14,7", 3, "1170x2532"),
    ("iPhone17,3", 3, "1179x2556"),
    ("iPhone12,8", 2, "750x1334"),
    ("iPhone11,8", 2, "828x1792"),
];
/// Android devices with the version and the build that they run.
const ANDROIDS: [(&str, u8, &str); 24] = [
    ("SM-S928B", 15, "AP3A.240905.015.A2"),
    ("SM-A546B", 15, "AP3A.240905.015.A2"),
    ("SM-S911B", 15, "AP3A.240905.015.A2"),
    ("SM-A155F", 14, "UP1A.231005.007"),
    ("SM-A536B", 14, "UP1A.231005.007"),
    ("Pixel 8", 16, "BP2A.250805.005"),
    ("Pixel 7a", 16, "BP2A.250805.005"),
    ("Pixel 6", 15, "AP4A.250205.002"),
    ("2201117TG", 13, "TKQ1.221114.001"),
    ("23053RN02A", 14, "UP1A.231005.007"),
    ("M2101K6G", 13, "TKQ1.221013.002"),
    ("22101316G", 14, "UKQ1.231003.002"),
    ("CPH2449", 15, "AP3A.240617.008"),
    ("CPH2211", 12, "SP1A.210812.016"),
    ("V2206", 14, "UP1A.231005.007"),
    ("moto g52", 13, "T1SRS33.72-22-4"),
    ("SM-G991B", 15, "AP3A.240905.015.A2"),
    ("SM-A127F", 13, "TP1A.220624.014"),
    ("SM-T500", 12, "SP1A.210812.016"),
    ("RMX3630", 14, "UKQ1.230924.001"),
    ("ELE-L29", 10, "HUAWEIELE-L29"),
    ("moto g(30)", 12, "S0RCS32.41-10-9"),
    ("Nokia G21", 13, "TKQ1.220807.001"),
    ("SM-A217F", 12, "SP1A.210812.016"),
];
const LANGUAGES: [&str; 8] =
    ["en_US", "de_DE", "en_GB", "fr_FR", "es_ES", "it_IT", "pl_PL", "nl_NL"];

/// By how much each further version is rarer than the one before it.
const NEXT: f64 = 0.52;
/// How many kinds of each browser within an application there are.
const WITHIN: u64 = 320;

/// The oldest version of Google's application on iPhones with its build, and how far the builds of two versions are apart: a version
/// that is later has a build that is later.
const GOOGLE_APP: (u64, u64) = (370, 762_000_000);
const GOOGLE_BUILDS: u64 = 2_800_000;

/// The share of visitors on phones and tablets, if both lists of a configuration have agents.
const MOBILE: f64 = 0.45;
/// Zipf's exponent for the popularity of the agents in such a list.
const POPULARITY: f64 = 0.8;

/// The user agents of people, and their weights.
pub fn of_people(config: &Config) -> (Vec<String>, Vec<f64>) {
    if config.has_built_in_browsers() {
        return agents().into_iter().unzip();
    }
    let (desktop, mobile) = (&config.user_agents.desktop, &config.user_agents.mobile);
    let weighed = |agents: &[UserAgent]| agents.iter().all(|agent| agent.weight.is_some());
    let mobile_share = match (desktop.is_empty(), mobile.is_empty()) {
        (true, _) => 1.0,
        (_, true) => 0.0,
        // Weights in both lists say how many are mobile.
        _ if weighed(desktop) && weighed(mobile) => {
            let sum = |agents: &[UserAgent]| agents.iter().filter_map(|agent| agent.weight).sum();
            let (desktop, mobile): (f64, f64) = (sum(desktop), sum(mobile));
            mobile / (desktop + mobile)
        }
        _ => MOBILE,
    };
    let mut weights = share_out(1.0 - mobile_share, desktop);
    weights.extend(share_out(mobile_share, mobile));
    (desktop.iter().chain(mobile).map(|agent| agent.name.clone()).collect(), weights)
}

fn share_out(total: f64, agents: &[UserAgent]) -> Vec<f64> {
    let by_rank = zipf_weights(agents.len(), POPULARITY);
    let weights = agents.iter().zip(by_rank).map(|(agent, usual)| agent.weight.unwrap_or(usual));
    let weights: Vec<f64> = weights.collect();
    let sum: f64 = weights.iter().sum();
    weights.iter().map(|weight| total * weight / sum).collect()
}

/// The random bits by which a visitor's agent is chosen.
#[inline]
pub fn bits_of(visitor: Visitor) -> u64 {
    mix(visitor ^ 0x6167_656e)
}

/// All agents, each with its share; the shares add up to about 1.
fn agents() -> Vec<(String, f64)> {
    let mut list = Vec::new();
    chromes(&mut list);
    others(&mut list);
    apple(&mut list);
    android(&mut list);
    within_applications(&mut list);
    list
}

const WINDOWS: &str = "Windows NT 10.0; Win64; x64";
const MAC: &str = "Macintosh; Intel Mac OS X 10_15_7";
const LINUX: &str = "X11; Linux x86_64";

fn falling(total: f64, len: usize, by: f64) -> impl Iterator<Item = f64> {
    let sum: f64 = (0..len as i32).map(|rank| by.powi(rank)).sum();
    (0..len as i32).map(move |rank| total * by.powi(rank) / sum)
}

fn blink(system: &str, version: &str, ending: &str) -> String {
    format!(
        "Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{version} {ending}"
    )
}

fn chromes(list: &mut Vec<(String, f64)>) {
    for (system, share) in
        [(WINDOWS, 0.20), (MAC, 0.055), (LINUX, 0.018), ("X11; CrOS x86_64 14541.0.0", 0.008)]
    {
        for ((version, _), share) in CHROME.iter().zip(falling(share, CHROME.len(), NEXT)) {
            list.push((blink(system, &format!("{version}.0.0.0"), "Safari/537.36"), share));
        }
    }
    for ((version, _), share) in CHROME.iter().zip(falling(0.065, 9, NEXT)) {
        let ending = format!("Safari/537.36 Edg/{version}.0.0.0");
        list.push((blink(WINDOWS, &format!("{version}.0.0.0"), &ending), share * 0.93));
        list.push((blink(MAC, &format!("{version}.0.0.0"), &ending), share * 0.07));
    }
    for ((opera, version), share) in OPERA.iter().zip(falling(0.014, OPERA.len(), NEXT)) {
        let ending = format!("Safari/537.36 OPR/{opera}.0.0.0");
        list.push((blink(WINDOWS, &format!("{version}.0.0.0"), &ending), share));
    }
    for ((yandex, version), share) in YANDEX.iter().zip(falling(0.0028, YANDEX.len(), NEXT)) {
        let ending = format!("YaBrowser/{yandex}.0.0 Safari/537.36");
        list.push((blink(WINDOWS, &format!("{version}.0.0.0"), &ending), share));
    }
    list.push((
        "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko".to_owned(),
        0.0012,
    ));
}

fn others(list: &mut Vec<(String, f64)>) {
    for (system, share) in [
        ("Windows NT 10.0; Win64; x64", 0.034),
        ("Macintosh; Intel Mac OS X 10.15", 0.008),
        ("X11; Linux x86_64", 0.009),
        ("X11; Ubuntu; Linux x86_64", 0.005),
        ("Android 14; Mobile", 0.006),
    ] {
        for (version, share) in FIREFOX.iter().zip(falling(share, FIREFOX.len(), NEXT)) {
            let gecko = if system.contains("Mobile") {
                format!("{version}.0")
            } else {
                "20100101".to_owned()
            };
            list.push((
                format!("Mozilla/5.0 ({system}; rv:{version}.0) Gecko/{gecko} Firefox/{version}.0"),
                share,
            ));
        }
    }
}

fn apple(list: &mut Vec<(String, f64)>) {
    let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko)";
    for (version, share) in SAFARI.iter().zip(falling(0.052, SAFARI.len(), 0.66)) {
        list.push((
            format!("Mozilla/5.0 ({MAC}) {webkit} Version/{version} Safari/605.1.15"),
            share,
        ));
    }
    for (device, share) in [("iPhone; CPU iPhone OS", 0.145), ("iPad; CPU OS", 0.012)] {
        for ((system, version), share) in IOS.iter().zip(falling(share, IOS.len(), 0.68)) {
            list.push((
                format!(
                    "Mozilla/5.0 ({device} {system} like Mac OS X) {webkit} Version/{version} Mobile/15E148 Safari/604.1"
                ),
                share,
            ));
        }
    }
    for ((system, _), of_system) in IOS.iter().zip(falling(0.024, 8, 0.66)) {
        for ((version, build), share) in CHROME.iter().zip(falling(of_system, 5, NEXT)) {
            let patch = patch(*build, 0);
            list.push((
                format!(
                    "Mozilla/5.0 (iPhone; CPU iPhone OS {system} like Mac OS X) {webkit} CriOS/{version}.0.{build}.{patch} \
                     Mobile/15E148 Safari/604.1"
                ),
                share,
            ));
        }
    }
}

fn android(list: &mut Vec<(String, f64)>) {
    for (ending, share) in [("Mobile Safari/537.36", 0.175), ("Safari/537.36", 0.012)] {
        for ((version, _), share) in CHROME.iter().zip(falling(share, CHROME.len(), 0.58)) {
            let version = format!("{version}.0.0.0");
            list.push((blink("Linux; Android 10; K", &version, ending), share));
        }
    }
    for ((samsung, chrome), share) in SAMSUNG.iter().zip(falling(0.028, SAMSUNG.len(), 0.5)) {
        let ending = "Mobile Safari/537.36";
        list.push((
            format!(
                "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/{samsung}.0 \
                 Chrome/{chrome}.0.0.0 {ending}"
            ),
            share,
        ));
    }
}

/// The browsers within the applications of networks, which name device, build and version to the last digit.
fn within_applications(list: &mut Vec<(String, f64)>) {
    let pick = |bits: u64, len: usize| {
        // The first of a list is the most frequent.
        let share = (bits & 0xffff) as f64 / 65_536.0;
        (share * share * len as f64) as usize
    };
    for number in 0..WITHIN {
        let bits = mix(number ^ 0x6167_656e_7473);
        let (phone, android) = (pick(bits, IPHONES.len()), pick(bits >> 8, ANDROIDS.len()));
        let (ios, chrome) = (IOS[pick(bits >> 16, 8)].0, CHROME[pick(bits >> 24, 8)]);
        let language = LANGUAGES[pick(bits >> 32, LANGUAGES.len())];
        let (device, version, build) = ANDROIDS[android];
        let full = format!("{}.0.{}.{}", chrome.0, chrome.1, patch(chrome.1, bits >> 40));
        let (phone, scale, screen) = IPHONES[phone];
        let of_facebook = FACEBOOK.release(pick(bits >> 44, 34) as u64, bits >> 60);
        let of_instagram = INSTAGRAM.release(pick(bits >> 46, 22) as u64, bits >> 61);
        let of_google = bits % 20;
        let dotted = ios.replace('_', ".");
        let webkit = "AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
        let facebook = format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS {ios} like Mac OS X) {webkit} [FBAN/FBIOS;FBAV/{};FBBV/{};FBDV/{phone};FBMD/iPhone;\
             FBSN/iOS;FBSV/{dotted};FBSS/{scale};FBID/phone;FBLC/{language};FBOP/5;FBRV/0;IABMV/1]",
            of_facebook.name, of_facebook.build,
        );
        let instagram = format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS {ios} like Mac OS X) {webkit} Instagram {} ({phone}; iOS {ios}; {language}; {}; \
             scale={scale}.00; {screen}; {})",
            of_instagram.name,
            language.replace('_', "-"),
            of_instagram.build,
        );
        let view = format!(
            "Mozilla/5.0 (Linux; Android {version}; {device} Build/{build}; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 \
             Chrome/{full} Mobile Safari/537.36"
        );
        let search = format!(
            "Mozilla/5.0 (iPhone; CPU iPhone OS {ios} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) GSA/{}.0.{} \
             Mobile/15E148 Safari/604.1",
            GOOGLE_APP.0 + of_google,
            GOOGLE_APP.1 + of_google * GOOGLE_BUILDS + mix(of_google) % GOOGLE_BUILDS,
        );
        let share = 0.19 / WITHIN as f64 / 4.0;
        let of_facebook = FACEBOOK_ANDROID.release(pick(bits >> 48, 34) as u64, bits >> 62);
        list.push((format!("{view} [FB_IAB/FB4A;FBAV/{};IABMV/1;]", of_facebook.name), share));
        list.extend([facebook, instagram, search].map(|agent| (agent, share)));
        list.push((view, share * 0.6));
    }
}

/// The last number of a Chrome's version: a few of each build are in use.
fn patch(build: u16, bits: u64) -> u64 {
    let first = 40 + mix(u64::from(build)) % 120;
    first + bits % 4 * (7 + mix(u64::from(build)) % 9)
}

#[cfg(test)]
mod tests {
    use std::collections::{HashMap, HashSet};

    use super::*;

    #[test]
    fn agents_are_many_distinct_and_add_up() {
        let agents = agents();
        let distinct: HashSet<&String> = agents.iter().map(|(agent, _)| agent).collect();
        assert!(distinct.len() > 1_000, "{}", distinct.len());
        let sum: f64 = agents.iter().map(|(_, share)| share).sum();
        assert!((sum - 1.0).abs() < 0.12, "{sum}");
        assert!(agents.iter().all(|(agent, share)| agent.is_ascii() && *share > 0.0));
    }

    /// The text between `mark` and the next `end`.
    fn after<'a>(agent: &'a str, mark: &str, end: char) -> Option<&'a str> {
        agent.split_once(mark)?.1.split(end).next()
    }

    #[test]
    fn the_version_of_an_application_says_nothing_of_the_browser_and_has_one_or_two_builds() {
        let (mut builds, mut same): (HashMap<_, HashSet<_>>, usize) = (HashMap::new(), 0);
        let mut within = 0;
        for (agent, _) in agents() {
            let Some(version) = after(&agent, "FBAV/", ';') else { continue };
            within += 1;
            let parts: Vec<&str> = version.split('.').collect();
            let of = (agent.contains("FB4A"), parts[0].to_owned());
            builds.entry(of).or_default().insert(version.to_owned());
            let chrome = after(&agent, "Chrome/", ' ').and_then(|chrome| chrome.rsplit('.').next());
            same += usize::from(chrome == Some(parts[3]));
        }
        assert!(within > 500, "{within}");
        assert!(same * 20 < within, "{same} of {within}");
        assert!(builds.len() > 40, "{}", builds.len());
        assert!(builds.values().all(|builds| builds.len() <= 2), "{builds:?}");
        let last: HashSet<_> =
            builds.values().flatten().filter_map(|version| version.rsplit('.').next()).collect();
        assert!(last.len() > 20, "{last:?}");
    }

    #[test]
    fn what_is_made_of_chrome_names_the_one_that_it_is_made_of_and_later_versions_have_later_builds()
     {
        let mut google: Vec<(u32, u32)> = Vec::new();
        let mut seen = 0;
        for (agent, _) in agents() {
            let chrome = after(&agent, "Chrome/", '.').map(|version| version.parse().unwrap());
            let pairs = [("OPR/", &OPERA[..]), ("SamsungBrowser/", &SAMSUNG[..])];
            for (mark, pairs) in pairs {
                let Some(own) = after(&agent, mark, '.') else { continue };
                assert!(pairs.contains(&(own.parse().unwrap(), chrome.unwrap())), "{agent}");
                seen += 1;
            }
            let Some(version) = after(&agent, "GSA/", ' ') else { continue };
            let parts: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
            google.push((parts[0], parts[2]));
        }
        google.sort_unstable();
        assert!(seen > 10 && google.len() > 100, "{seen} {}", google.len());
        assert!(google.is_sorted_by_key(|(_, build)| *build), "{google:?}");
        assert!(google.windows(2).all(|two| (two[0].0 == two[1].0) == (two[0].1 == two[1].1)));
    }

    #[test]
    fn a_phone_has_one_screen() {
        let mut screens: HashMap<String, HashSet<String>> = HashMap::new();
        for (agent, _) in agents() {
            let Some(rest) = after(&agent, "Instagram ", ')') else { continue };
            let parts: Vec<&str> = rest.split(['(', ';']).collect();
            screens.entry(parts[1].to_owned()).or_default().insert(parts[6].to_owned());
        }
        assert!(screens.len() > 8, "{screens:?}");
        assert!(screens.values().all(|screens| screens.len() == 1), "{screens:?}");
    }
}

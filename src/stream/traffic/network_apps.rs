//! The versions of networks' applications, as their browsers name them: all who have a version have the same build of it.

use crate::stream::random::mix;

/// An application whose browser names the application's version.
#[derive(Debug)]
pub struct NetworkApp {
    /// The latest version, and the number of its build.
    latest: u64,
    build: u64,
    /// Sets its versions apart from those of others.
    salt: u64,
}

/// Facebook's on iPhones.
pub const FACEBOOK: NetworkApp = NetworkApp { latest: 533, build: 790_000_000, salt: 1 };
/// Facebook's on Android.
pub const FACEBOOK_ANDROID: NetworkApp = NetworkApp { latest: 534, build: 800_000_000, salt: 2 };
/// Instagram's.
pub const INSTAGRAM: NetworkApp = NetworkApp { latest: 401, build: 805_000_000, salt: 3 };
/// By how much the numbers of the builds of two versions that follow each other differ.
const BUILDS: u64 = 5_300_000;

/// What a browser says of its application's version.
#[derive(Debug)]
pub struct AppRelease {
    /// The version in full.
    pub name: String,
    /// The number of its build.
    pub build: u64,
}

impl NetworkApp {
    /// The version that is `behind` the latest by so many. Of each, one build is in use, and of some a second one that mends it.
    pub fn release(&self, behind: u64, bits: u64) -> AppRelease {
        let version = self.latest - behind;
        let own = mix(self.salt << 32 | version);
        let mended = u64::from(own.is_multiple_of(3) && bits & 0b11 == 0b11);
        let step = mix(own ^ mended);
        AppRelease {
            name: format!("{version}.{mended}.0.{}.{}", 28 + step % 47, 60 + (step >> 8) % 55),
            build: self.build - behind * BUILDS + step % BUILDS,
        }
    }
}

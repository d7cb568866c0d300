//! The version of this binary, as determined by the build script (`build.rs`).

/// The version: `v2.0.0` for a release, `v2.0.0-dev.2429aee` for a build from any other commit.
pub const VERSION: &str = env!("ACCESS_LOG_GENERATOR_VERSION");
/// The abbreviated commit, or `unknown`.
pub const GIT_COMMIT: &str = env!("ACCESS_LOG_GENERATOR_GIT_COMMIT");
/// When it was built, or the time of the commit, RFC 3339; or `unknown`.
pub const BUILD_DATE: &str = env!("ACCESS_LOG_GENERATOR_BUILD_DATE");
/// The version of the compiler.
pub const RUSTC: &str = env!("ACCESS_LOG_GENERATOR_RUSTC");

/// The output of `--version`, including the last line feed.
pub fn block() -> String {
    format!(
        "Access Log Generator\n\
         Version:     {VERSION}\n\
         Git Commit:  {GIT_COMMIT}\n\
         Build Date:  {BUILD_DATE}\n\
         Rust:        {RUSTC}\n\
         \n\
         Repository:  {}\n\
         Registry:    ghcr.io/bacalhau-project/access-log-generator\n",
        env!("CARGO_PKG_REPOSITORY")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_block_is_the_guides_with_rust_in_the_place_of_python() {
        let block = block();
        let names: Vec<_> = block.lines().map(|line| line.split(':').next().unwrap()).collect();
        assert_eq!(
            names,
            [
                "Access Log Generator",
                "Version",
                "Git Commit",
                "Build Date",
                "Rust",
                "",
                "Repository",
                "Registry"
            ]
        );
        for line in block.lines().filter(|line| line.contains(':')) {
            assert!(line.len() > 13 && line.is_char_boundary(13), "{line}");
            assert!(line[..13].ends_with(' ') && !line[13..].starts_with(' '), "{line}");
        }
        assert!(block.ends_with("Registry:    ghcr.io/bacalhau-project/access-log-generator\n"));
    }

    #[test]
    fn nothing_is_empty_and_the_date_is_a_date() {
        assert!(!VERSION.trim().is_empty());
        assert!(BUILD_DATE == "unknown" || BUILD_DATE.parse::<jiff::Timestamp>().is_ok());
        assert!(RUSTC.starts_with(|first: char| first.is_ascii_digit()), "{RUSTC}");
    }
}

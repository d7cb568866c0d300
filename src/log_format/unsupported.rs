//! What servers can log and this program cannot, with the reason.

/// A directive or a variable that is not supported.
#[derive(Clone, Copy, Debug)]
pub struct Unsupported {
    /// How it is written; `*` at the end of a variable stands for any ending.
    pub text: &'static str,
    /// Why not.
    pub reason: &'static str,
}

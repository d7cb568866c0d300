//! `user_agents`: what people's browsers say they are.

/// `user_agents`: as visitors send them; at least one in all that is not of weight 0.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAgents {
    /// Browsers on desktops.
    pub desktop: Vec<UserAgent>,
    /// Browsers on phones and tablets.
    pub mobile: Vec<UserAgent>,
}

/// A user agent, and how often it is met.
#[derive(Clone, Debug, PartialEq)]
pub struct UserAgent {
    /// What it says it is.
    pub name: String,
    /// Its weight among all; `None` in a list in which each is rarer than those before it. All of a list have one, or none has.
    pub weight: Option<f64>,
}

/// One of a list without weights.
impl From<&str> for UserAgent {
    fn from(name: &str) -> Self {
        Self { name: name.to_owned(), weight: None }
    }
}

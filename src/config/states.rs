//! The states of a session: where it may go and how long it takes.

/// A state of a session. LOGOUT, ABANDON, LEAVE and ERROR lead to END.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[repr(u8)]
pub enum State {
    /// Before the first hit.
    Start,
    /// `POST /login`; the visitor has a user name from here on.
    Login,
    /// `GET` of an entry page.
    DirectAccess,
    /// Page views, one every think time, for a duration.
    Browsing,
    /// `POST /logout`; of a visitor who is not logged in, no hit.
    Logout,
    /// Perhaps a last `GET /cart`.
    Abandon,
    /// Gone, without a hit.
    Leave,
    /// A page that failed.
    Error,
    /// The session is over.
    End,
}

impl State {
    /// Every state, in the order of a session.
    pub const ALL: [Self; 9] = [
        Self::Start,
        Self::Login,
        Self::DirectAccess,
        Self::Browsing,
        Self::Logout,
        Self::Abandon,
        Self::Leave,
        Self::Error,
        Self::End,
    ];

    /// Its name in a configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::Start => "START",
            Self::Login => "LOGIN",
            Self::DirectAccess => "DIRECT_ACCESS",
            Self::Browsing => "BROWSING",
            Self::Logout => "LOGOUT",
            Self::Abandon => "ABANDON",
            Self::Leave => "LEAVE",
            Self::Error => "ERROR",
            Self::End => "END",
        }
    }

    /// The state of a name, in upper or lower case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name().eq_ignore_ascii_case(name))
    }

    /// Whether only END follows.
    pub fn is_last(self) -> bool {
        matches!(self, Self::Logout | Self::Abandon | Self::Leave | Self::Error | Self::End)
    }
}

/// `state_transitions`: from each of START, LOGIN, DIRECT_ACCESS and BROWSING, the weights of the
/// next states. Weights are finite and >= 0, with at least one above 0 in each list. With a profile, all may be empty: then
/// `actors.people` says how long a visit is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateTransitions {
    /// From START; LOGIN 0.7, DIRECT_ACCESS 0.3 where nothing is configured.
    pub start: Vec<(State, f64)>,
    /// From LOGIN.
    pub login: Vec<(State, f64)>,
    /// From DIRECT_ACCESS.
    pub direct_access: Vec<(State, f64)>,
    /// From BROWSING.
    pub browsing: Vec<(State, f64)>,
}

impl StateTransitions {
    /// Whether there are no tables.
    pub fn is_empty(&self) -> bool {
        self.start.is_empty()
    }
}

/// `session`: seconds, finite, min <= max. Both ends belong to the range.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionTimes {
    /// Shortest browsing; >= 0, at most 86,400.
    pub min_browsing_duration: f64,
    /// Longest browsing.
    pub max_browsing_duration: f64,
    /// Shortest think time; at least 0.001.
    pub min_page_view_interval: f64,
    /// Longest think time; at most 86,400.
    pub max_page_view_interval: f64,
}

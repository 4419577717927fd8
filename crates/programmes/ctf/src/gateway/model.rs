use std::fmt;

use kernel::Timestamp;
use serde_json::Value;

/// An account on the game platform.
#[derive(Clone, PartialEq, Eq)]
pub struct PlatformUser {
    /// The platform's own ID.
    pub metactf_user_id: i64,
    /// The name that the person has there.
    pub username: Option<String>,
    /// When the person last signed in there; `None` if they never did.
    pub last_login_at: Option<Timestamp>,
    /// The state, such as `approved`; unknown states are kept.
    pub status: String,
}

impl fmt::Debug for PlatformUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PlatformUser")
            .field("metactf_user_id", &self.metactf_user_id)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The role of a person on the game platform.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlatformRole {
    /// A coach, who has teams.
    Coach,
    User,
}

impl PlatformRole {
    /// Returns the platform's word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Coach => "coach",
            Self::User => "user",
        }
    }
}

/// An account to create. Its debug output names no person.
#[derive(Clone, PartialEq, Eq)]
pub struct NewUser {
    pub first_name: String,
    pub last_name: String,
    /// The email address.
    pub email: String,
    pub role: PlatformRole,
    /// The ID of this server.
    pub id: String,
    /// The preferred name on the platform.
    pub username: Option<String>,
    pub school: Option<String>,
    pub region: Option<String>,
    /// The ID of the coach, who has an account already.
    pub coach: Option<String>,
}

impl fmt::Debug for NewUser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NewUser")
            .field("id", &self.id)
            .field("role", &self.role)
            .finish_non_exhaustive()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTeam {
    /// The ID of the coach, who has an account already.
    pub coach: String,
    /// The ID of this server.
    pub id: String,
    pub name: String,
    /// The school or club.
    pub affiliation: String,
    /// The division, such as `high_school`.
    pub division: String,
}

/// A membership in a team, with the IDs of this server.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assignment {
    pub team: String,
    /// The person.
    pub user: String,
    /// The name of the team, if the platform states it.
    pub team_name: Option<String>,
}

/// A person's results in on-demand learning.
#[derive(Clone, Debug, PartialEq)]
pub struct OdlScores {
    /// The platform's number of solves.
    pub total_solved: i64,
    /// The platform's sum of points.
    pub total_points: i64,
    /// When the person last used the platform; `None` if they never did.
    pub last_accessed_at: Option<Timestamp>,
    /// The solves, in the order of the answer. There can be fewer than the platform counts.
    pub solves: Vec<Solve>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Solve {
    /// The platform's ID of the solve.
    pub solve_id: String,
    /// The platform's ID of the challenge.
    pub challenge_id: String,
    pub title: String,
    pub points: i64,
    /// The category, as the platform writes it.
    pub category: String,
    pub solved_at: Timestamp,
    /// True if the challenge is no longer offered.
    pub is_retired: bool,
    /// The codes of the NICE work roles, also unknown ones.
    pub nice_work_roles: Vec<String>,
    /// The platform's own words.
    pub raw: Value,
}

/// A person's results in one Flash CTF. The platform gives events no ID: name and start identify them.
#[derive(Clone, Debug, PartialEq)]
pub struct FlashEvent {
    pub name: String,
    pub started_at: Timestamp,
    /// The platform's number of solves.
    pub challenges_solved: i64,
    /// The solves. There can be fewer than the platform counts.
    pub solves: Vec<Solve>,
    pub points_earned: i64,
    /// The most points that the event gives.
    pub max_points: i64,
    /// The rank among all entrants.
    pub rank: Option<i64>,
    /// The platform's own words, without the solves.
    pub raw: Value,
}

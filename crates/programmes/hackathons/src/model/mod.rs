//! Data types of hackathons, applications and teams.

mod codes;
mod ids;

pub use codes::{ApplicationStatus, MemberStatus, Phase, Places, StaffRole, TeamRole, Visibility};
pub use ids::{ApplicationId, HackathonId, TeamId, marker};

/// The topic of wake-ups of applications whose status changed.
pub const APPLICATION_DECIDED: &str = "application_decided";

/// The topic of wake-ups of applications whose hackathon was canceled, or has other dates.
pub const HACKATHON_MOVED: &str = "hackathon_moved";

/// The topic of wake-ups of applications whose hackathon has results.
pub const HACKATHON_COMPLETED: &str = "hackathon_completed";

/// The maximum number of characters of a name of a hackathon.
pub const TITLE: usize = 100;

/// The maximum number of characters of the line below a hackathon's name.
pub const SUMMARY: usize = 200;

/// The maximum number of characters of a description, requirements and results.
pub const DESCRIPTION: usize = 20_000;

/// The maximum number of characters of a code of conduct.
pub const CONDUCT: usize = 20_000;

/// The maximum number of people in a team.
pub const MOST_IN_TEAM: i64 = 10;

/// The maximum number of questions of a hackathon.
pub const MOST_QUESTIONS: usize = 10;

/// The maximum number of characters of an answer and of a motivation.
pub const ANSWER: usize = 2_000;

/// The maximum number of characters of skills.
pub const SKILLS: usize = 300;

/// The maximum number of characters of the name of a team.
pub const TEAM_NAME: usize = 60;

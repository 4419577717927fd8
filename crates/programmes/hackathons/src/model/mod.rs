//! Data types of hackathons, applications and teams.

mod codes;
mod funnel_stage;
mod hackathon_judge;
mod help_codes;
mod ids;
mod judging_codes;
mod point_codes;
mod prize_codes;
mod publication_codes;
mod reward_codes;
mod segment;
mod submission_codes;
mod submitter;
mod survey_codes;
mod task_codes;
mod timeline;

pub use codes::{
    ApplicationStatus, FriendList, FriendStatus, Held, MemberStatus, Phase, Places, StaffRole,
    TeamRole, Visibility,
};
pub use funnel_stage::FunnelStage;
pub use hackathon_judge::HackathonJudge;
pub use help_codes::HelpState;
pub use ids::{
    AnnouncementId, ApplicationId, FriendshipId, HackathonId, HelpRequestId, PrizeAwardId, PrizeId,
    RedemptionId, RewardId, StaffInvitationId, SubmissionId, SurveyId, TaskId, TeamId, marker,
};
pub use judging_codes::{AssignmentStatus, ConflictKind, JudgingMode};
pub use point_codes::PointReason;
pub use prize_codes::PrizeState;
pub use publication_codes::ResultBlocker;
pub use reward_codes::{ClaimKind, RedemptionStatus, RewardKind};
pub use segment::Segment;
pub use submission_codes::{
    CheckKind, CheckOutcome, CheckTrigger, JuryOutcome, SubmissionStatus, Verdict,
};
pub use submitter::Submitter;
pub use survey_codes::{SurveyAudience, SurveyKind};
pub use task_codes::{BoardService, TaskState};
pub use timeline::{Steps, Timeline};

/// The topic of wake-ups of invitations to teams.
pub const TEAM_INVITED: &str = "team_invited";

/// The topic of wake-ups of friendships that a person requested.
pub const FRIEND_REQUESTED: &str = "friend_requested";

/// The topic of wake-ups of friendships whose request was accepted.
pub const FRIEND_ACCEPTED: &str = "friend_accepted";
/// The kind of source of the points for the result of a person.
pub const POINT_SOURCE: &str = "hackathon_result";

/// The metric of applications.
pub const APPLICATIONS: &str = "hackathon_applications";

/// The metric of submissions on time.
pub const ON_TIME: &str = "hackathon_submissions_on_time";

/// The metric of finalists and winners.
pub const SELECTIONS: &str = "hackathon_selections";

/// The metric of winners.
pub const WINS: &str = "hackathon_wins";

/// The topic of wake-ups of applications whose status changed.
pub const APPLICATION_DECIDED: &str = "application_decided";

/// The topic of wake-ups of applications whose hackathon was canceled, or has other dates.
pub const HACKATHON_MOVED: &str = "hackathon_moved";

/// The topic of wake-ups of applications whose hackathon has results.
pub const HACKATHON_COMPLETED: &str = "hackathon_completed";

/// The topic of wake-ups of applications whose hackathon entered another phase.
pub const HACKATHON_PHASES: &str = "hackathon_phases";

/// The topic of wake-ups of hackathons whose results were due but not published.
pub const RESULTS_HELD: &str = "results_held";

/// The topic of wake-ups of submissions to check.
pub const SUBMISSION_CHECKS: &str = "submission_checks";

/// The topic of wake-ups of submissions that were disqualified, or take part again.
pub const SUBMISSION_RULED: &str = "submission_ruled";

/// The topic of wake-ups of submissions of which a required check fails.
pub const SUBMISSION_INVALID: &str = "submission_invalid";

/// The topic of wake-ups of reminders to submit.
pub const SUBMISSION_REMINDERS: &str = "submission_reminders";

/// The topic of wake-ups of teams with a later deadline.
pub const DEADLINE_EXTENDED: &str = "deadline_extended";

/// The topic of wake-ups of redemptions whose status changed.
pub const REDEMPTION_CHANGED: &str = "redemption_changed";

/// The topic of wake-ups of redemptions that wait for too long.
pub const REDEMPTION_OVERDUE: &str = "redemption_overdue";

/// The topic of wake-ups of recipients of announcements.
pub const ANNOUNCED: &str = "announced";

/// The topic of wake-ups of reminders to confirm a place.
pub const CONFIRMATION_REMINDERS: &str = "confirmation_reminders";

/// The topic of wake-ups of exports of boards.
pub const BOARD_EXPORTS: &str = "board_exports";

/// The topic of wake-ups of requests for help that a mentor took.
pub const HELP_TAKEN: &str = "help_taken";

/// The topic of wake-ups of invitations to surveys.
pub const SURVEY_INVITED: &str = "survey_invited";

/// The topic of wake-ups of awards of prizes whose state changed.
pub const PRIZE_CHANGED: &str = "prize_changed";

/// The topic of wake-ups of awards of prizes that were not handed over in time.
pub const PRIZE_OVERDUE: &str = "prize_overdue";

/// The source kind of ledger entries of redeemed rewards.
pub const REDEMPTION_SOURCE: &str = "reward_redemption";

/// The maximum number of characters of a name of a hackathon.
pub const TITLE: usize = 100;

/// The maximum number of characters of the line below a hackathon's name.
pub const SUMMARY: usize = 200;
/// The maximum number of characters of the place where a hackathon is held.
pub const VENUE: usize = 120;

/// The maximum number of characters of a description, requirements and results.
pub const DESCRIPTION: usize = 20_000;

/// The maximum number of characters of a code of conduct.
pub const CONDUCT: usize = 20_000;

/// The code of conduct of a hackathon whose organizers wrote none, as Markdown.
pub const DEFAULT_CONDUCT: &str = "Be kind, build on the work of others only with their license, and follow the organizers’ instructions.";

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

/// The maximum number of characters of the summary of a submission.
pub const SUBMISSION_SUMMARY: usize = 4_000;

/// The maximum number of characters of an address in a submission.
pub const LINK: usize = 500;

/// The maximum number of characters of the name of a branch.
pub const BRANCH: usize = 200;

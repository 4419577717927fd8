use kernel::Id;

/// A hackathon: `hackathons.id`.
pub type HackathonId = Id<marker::Hackathon>;

/// An application: `applications.id`.
pub type ApplicationId = Id<marker::Application>;

/// A team: `teams.id`.
pub type TeamId = Id<marker::Team>;

/// A submission: `submissions.id`.
pub type SubmissionId = Id<marker::Submission>;
/// A friendship, or a request or block between two people: `friendships.id`.
pub type FriendshipId = Id<marker::Friendship>;

/// A reward: `rewards.id`.
pub type RewardId = Id<marker::Reward>;

/// A redemption of a reward: `reward_redemptions.id`.
pub type RedemptionId = Id<marker::Redemption>;

/// A prize of a hackathon: `prizes.id`.
pub type PrizeId = Id<marker::Prize>;

/// An award of a prize to a submission: `prize_awards.id`.
pub type PrizeAwardId = Id<marker::PrizeAward>;

/// An announcement of a hackathon: `announcements.id`.
pub type AnnouncementId = Id<marker::Announcement>;

/// A request of a team for help: `help_requests.id`.
pub type HelpRequestId = Id<marker::HelpRequest>;

/// A task on the board of a team: `team_tasks.id`.
pub type TaskId = Id<marker::Task>;

/// An invitation to the staff of a hackathon by email: `staff_invitations.id`.
pub type StaffInvitationId = Id<marker::StaffInvitation>;

/// A survey of a hackathon: `surveys.id`.
pub type SurveyId = Id<marker::Survey>;

/// Uninhabited types that mark the kinds of rows.
pub mod marker {
    /// Marks a [`HackathonId`](super::HackathonId).
    #[derive(Debug)]
    pub enum Hackathon {}
    /// Marks an [`ApplicationId`](super::ApplicationId).
    #[derive(Debug)]
    pub enum Application {}
    /// Marks a [`TeamId`](super::TeamId).
    #[derive(Debug)]
    pub enum Team {}
    /// Marks a [`SubmissionId`](super::SubmissionId).
    #[derive(Debug)]
    pub enum Submission {}
    /// Marks a [`FriendshipId`](super::FriendshipId).
    #[derive(Debug)]
    pub enum Friendship {}
    /// Marks a [`RewardId`](super::RewardId).
    #[derive(Debug)]
    pub enum Reward {}
    /// Marks a [`RedemptionId`](super::RedemptionId).
    #[derive(Debug)]
    pub enum Redemption {}
    /// Marks an [`AnnouncementId`](super::AnnouncementId).
    #[derive(Debug)]
    pub enum Announcement {}
    /// Marks a [`HelpRequestId`](super::HelpRequestId).
    #[derive(Debug)]
    pub enum HelpRequest {}
    /// Marks a [`TaskId`](super::TaskId).
    #[derive(Debug)]
    pub enum Task {}
    /// Marks a [`StaffInvitationId`](super::StaffInvitationId).
    #[derive(Debug)]
    pub enum StaffInvitation {}
    /// Marks a [`SurveyId`](super::SurveyId).
    #[derive(Debug)]
    pub enum Survey {}
    /// Marks a [`PrizeId`](super::PrizeId).
    #[derive(Debug)]
    pub enum Prize {}
    /// Marks a [`PrizeAwardId`](super::PrizeAwardId).
    #[derive(Debug)]
    pub enum PrizeAward {}
}

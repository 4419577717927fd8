//! Queries for pages and the API.

mod announcements;
mod applications;
mod calendar_feeds;
mod check_ins;
mod checks;
mod confirmations;
mod counts;
mod decided;
mod deeds;
mod export;
mod exports;
mod extensions;
mod friends;
mod hackathons;
mod help;
mod judging;
mod judging_results;
mod judging_rounds;
mod on_person;
mod own_checks;
mod own_projects;
mod participation;
mod phases;
mod prizes;
mod programme;
mod public;
mod publications;
mod recommendations;
mod redemptions;
mod reminders;
mod results;
mod rewards;
mod running;
mod staff;
mod staff_invitations;
mod submissions;
mod surveys;
mod tasks;
mod team_notes;
mod teams;
mod tie_decisions;
mod tracks;
mod versions;
mod work;

pub use announcements::{
    AnnouncementRecipient, AnnouncementView, announced_to, announcement, announcement_recipient,
    announcements, announcements_since, segment_people,
};
pub(crate) use applications::waitlist;
pub use applications::{
    ApplicationPart, ApplicationView, Counts, OwnApplication, application, application_by_id,
    applications, counts, own_applications, place_on_waitlist,
};
pub use calendar_feeds::{FeedView, calendar_feed, calendar_feed_by_id, calendar_hackathons};
pub use check_ins::{CheckInCounts, CheckInView, check_in_counts, check_ins, person_with_code};
pub use checks::{
    CheckState, ReportView, check_state, doubtful_checks, has_first_seen, latest_report,
    open_submissions_of, repositories_of, shared_blobs, unneeded_repositories,
};
pub use confirmations::{Unconfirmed, confirming, unconfirmed};
pub(crate) use counts::submitted;
pub use decided::{decided, submission_closes_at};
pub(crate) use deeds::results_of_people;
pub use export::export;
pub use exports::{ExportView, board_cards, board_export, board_exports};
pub use extensions::{ExtensionView, extension, extension_by_id, running_extensions};
pub use friends::{
    FriendView, FriendsView, FriendshipView, are_friends, friends, friendship, friendship_by_id,
    waiting_requests,
};
pub use hackathons::{
    HackathonPart, HackathonView, conduct, hackathon, hackathon_by_id, hackathons, with_waitlist,
};
pub(crate) use hackathons::{HackathonWithPeople, listed_with_people};
pub use help::{
    HelpPart, HelpRequestView, HelpedTeam, help_request, help_requests, helped_teams,
    last_help_request, place_in_queue,
};
pub use judging::{
    AssignmentView, OwnAssignment, RankingView, assignments, conflicts_of, has_scores,
    judging_settings, own_assignments, ranking, rankings,
};
pub use judging_results::{
    CoverageView, JudgeCoverage, JudgedResult, ProjectCoverage, Tie, coverage, judging_results,
    results_decided_by, results_in_track, round_results, ties,
};
pub use judging_rounds::{Round, RoundView, closed_rounds, current_round, rounds};
pub use on_person::{HackathonOfPerson, hackathons_of_person};
pub use own_checks::{OwnChecks, StartView, latest_start, own_checks};
pub use own_projects::{OwnProject, own_projects};
pub use participation::{Participation, participation};
pub use phases::{RecordedPhase, recorded_phases};
pub use prizes::{
    PrizeAwardPart, PrizeAwardView, PrizeView, WaitingPrizes, has_awards, has_prize, prize,
    prize_award, prize_awards, prize_recipients, prize_winners, prizes, prizes_of, waiting_prizes,
};
pub(crate) use programme::{SourceView, achievements, dump, hackathon_targets, point_sources};
pub(crate) use public::{PublicPart, PublicProject, public_projects, winners};
pub use publications::{
    Decided, OverrideView, PublicationView, ResultsPreview, due_publications, publication,
    result_blockers, result_overrides, results_preview,
};
pub use recommendations::{Recommended, RecommendedView, recommendations};
pub use redemptions::{
    RedemptionPart, RedemptionView, overdue, redemption, redemptions, redemptions_after,
    redemptions_held, redemptions_of,
};
pub use reminders::{
    ReminderView, Unsubmitted, confirmation_reminder, reminder, reminding, without_submission,
};
pub use results::{
    ApprovedPoints, Judged, ResultView, approved_points, judged_people, result_of, results,
    with_old_notes, with_old_words, with_results,
};
pub(crate) use rewards::stocks;
pub use rewards::{RewardPart, RewardView, low_stock, reward, reward_by_id, reward_slugs, rewards};
pub(crate) use running::RUNNING;
pub use staff::{HostView, StaffView, hosts, is_host, judge_tracks, role_in, staff};
pub use staff_invitations::{
    SentInvitation, StaffInvitationView, invites, staff_invitation, staff_invitations,
};
pub use submissions::{
    PlacedSubmission, SettingsView, SubmissionCounts, SubmissionPart, SubmissionView,
    chosen_submissions, due_submissions, frozen_or_late, people_of_submission, placed_submissions,
    submission, submission_by, submission_counts, submission_settings, submissions, submitted_ids,
    unchecked_since, unwatched_submissions,
};
pub use surveys::{
    SurveyInvitation, SurveyView, has_survey_answers, own_survey_answers, survey, survey_answers,
    survey_by_id, survey_for, survey_invitation, surveys_to_close, surveys_to_open,
};
pub use tasks::{TaskView, task, task_count, tasks};
pub use team_notes::{TeamNote, team_notes};
pub use teams::{
    InvitationView, LookingView, MemberView, TeamView, invitation_by_id, invitations, invited,
    looking_for_team, members, team, team_of, team_slug_exists, team_with_code, team_with_slug,
    teams,
};
pub use tie_decisions::{DecisionView, decisions, tie_decisions};
pub use tracks::{tracks, used_tracks};
pub use versions::{VersionView, versions};
pub(crate) use work::TASKS;

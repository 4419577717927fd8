//! Workers and schedules of this module.

mod checks;
mod exports;

use github::model::REPOSITORY_PUSHED;
use identity::model::ACCOUNT_CLOSED;
use kernel::counted;
use platform::{
    Context,
    jobs::{Schedule, Worker},
    module::Services,
};
use recognition::Programmes;

use crate::{
    FLAG, REWARDS,
    actions::{
        check_pushed, close_surveys, fill_all_places, forget_expired_invitations, freeze_due,
        leave_after_closing, notify_announcement, notify_completion, notify_confirmation,
        notify_decision, notify_extension, notify_friend_accepted, notify_friend_request,
        notify_held, notify_help, notify_invalid, notify_invitation, notify_move, notify_overdue,
        notify_phase, notify_prize, notify_prize_overdue, notify_redemption, notify_reminder,
        notify_ruling, notify_survey, open_surveys, poll_submissions, publish_due_results,
        record_phases, remind_due, remind_of_prizes, remind_owners, remove_old_words,
        settle_confirmations,
    },
    model::{
        ANNOUNCED, APPLICATION_DECIDED, CONFIRMATION_REMINDERS, DEADLINE_EXTENDED, FRIEND_ACCEPTED,
        FRIEND_REQUESTED, HACKATHON_COMPLETED, HACKATHON_MOVED, HACKATHON_PHASES, HELP_TAKEN,
        PRIZE_CHANGED, PRIZE_OVERDUE, REDEMPTION_CHANGED, REDEMPTION_OVERDUE, RESULTS_HELD,
        SUBMISSION_INVALID, SUBMISSION_REMINDERS, SUBMISSION_RULED, SURVEY_INVITED, TEAM_INVITED,
    },
};

/// The schedule that freezes submissions.
pub(crate) const DEADLINES: &str = "SubmissionDeadlines";

#[must_use]
pub fn workers(services: &Services) -> Vec<Worker> {
    vec![
        Worker::for_each(
            "hackathon-applications",
            APPLICATION_DECIDED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_decision(tx, context, post, id)),
        ),
        Worker::for_each("places-of-closed-accounts", ACCOUNT_CLOSED, (), |tx, context, (), id| {
            Box::pin(leave_after_closing(tx, context, id.into()))
        }),
        Worker::for_each(
            "hackathon-changes",
            HACKATHON_MOVED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_move(tx, context, post, id)),
        ),
        Worker::for_each(
            "hackathon-phases",
            HACKATHON_PHASES,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_phase(tx, context, post, id)),
        ),
        Worker::for_each(
            "hackathon-results",
            HACKATHON_COMPLETED,
            (services.post.clone(), Programmes::of(services)),
            |tx, context, (post, programmes), id| {
                Box::pin(notify_completion(tx, context, post, *programmes, id))
            },
        ),
        Worker::for_each(
            "submission-rulings",
            SUBMISSION_RULED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_ruling(tx, context, post, id)),
        ),
        Worker::for_each(
            "submission-failures",
            SUBMISSION_INVALID,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_invalid(tx, context, post, id)),
        ),
        Worker::for_each(
            "submission-extensions",
            DEADLINE_EXTENDED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_extension(tx, context, post, id)),
        ),
        Worker::for_each(
            "submission-reminders",
            SUBMISSION_REMINDERS,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_reminder(tx, context, post, id)),
        ),
        Worker::for_each(
            "reward-redemptions",
            REDEMPTION_CHANGED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_redemption(tx, context, post, id)),
        ),
        Worker::for_each(
            "reward-reminders",
            REDEMPTION_OVERDUE,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_overdue(tx, context, post, id)),
        ),
        Worker::for_each(
            "hackathon-announcements",
            ANNOUNCED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_announcement(tx, context, post, id)),
        ),
        Worker::for_each(
            "place-confirmations",
            CONFIRMATION_REMINDERS,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_confirmation(tx, context, post, id)),
        ),
        Worker::for_each(
            "help-notices",
            HELP_TAKEN,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_help(tx, context, post, id)),
        ),
        Worker::for_each(
            "hackathon-survey-notices",
            SURVEY_INVITED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_survey(tx, context, post, id)),
        ),
        Worker::for_each(
            "prize-notices",
            PRIZE_CHANGED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_prize(tx, context, post, id)),
        ),
        Worker::for_each(
            "held-results-notices",
            RESULTS_HELD,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_held(tx, context, post, id)),
        ),
        Worker::for_each(
            "prize-reminders",
            PRIZE_OVERDUE,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_prize_overdue(tx, context, post, id)),
        ),
        Worker::for_each("submission-pushes", REPOSITORY_PUSHED, (), |tx, context, (), id| {
            Box::pin(check_pushed(tx, context, id.into()))
        }),
        checks::worker(services),
        exports::worker(services),
        Worker::for_each(
            "team-invitation-notices",
            TEAM_INVITED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_invitation(tx, context, post, id)),
        ),
        Worker::for_each(
            "friend-request-notices",
            FRIEND_REQUESTED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_friend_request(tx, context, post, id)),
        ),
        Worker::for_each(
            "friend-notices",
            FRIEND_ACCEPTED,
            services.post.clone(),
            |tx, context, post, id| Box::pin(notify_friend_accepted(tx, context, post, id)),
        ),
    ]
}

#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let waitlists = |context: Context| async move {
        let filled = fill_all_places(&context).await?;
        Ok(counted(filled, "waitlist", "waitlists"))
    };
    let deadlines = |context: Context| async move {
        let frozen = freeze_due(&context).await?;
        Ok(counted(frozen, "submission", "submissions"))
    };
    let results = |context: Context| async move {
        let published = publish_due_results(&context).await?;
        Ok(counted(published, "hackathon", "hackathons"))
    };
    let phases = |context: Context| async move {
        let changed = record_phases(&context).await?;
        Ok(counted(changed, "phase", "phases"))
    };
    let reminders = |context: Context| async move {
        let due = remind_due(&context).await?;
        Ok(counted(due, "reminder", "reminders"))
    };
    let confirmations = |context: Context| async move {
        let (reminded, released) = settle_confirmations(&context).await?;
        let reminded = counted(reminded, "reminder", "reminders");
        Ok(format!("{reminded}, {}", counted(released, "place", "places")))
    };
    let surveys = |context: Context| async move {
        let changed = open_surveys(&context).await? + close_surveys(&context).await?;
        Ok(counted(changed, "survey", "surveys"))
    };
    let polls = |context: Context| async move {
        let requested = poll_submissions(&context).await?;
        Ok(counted(requested, "submission", "submissions"))
    };
    let retention = |context: Context| async move {
        let removed = remove_old_words(&context).await?;
        Ok(counted(removed, "hackathon", "hackathons"))
    };
    let invitations = |context: Context| async move {
        let forgotten = forget_expired_invitations(&context).await?;
        Ok(counted(forgotten, "address", "addresses"))
    };
    let rewards = |context: Context| async move {
        let due = remind_owners(&context).await?;
        Ok(counted(due, "redemption", "redemptions"))
    };
    let prizes = |context: Context| async move {
        let due = remind_of_prizes(&context).await?;
        Ok(counted(due, "prize", "prizes"))
    };
    vec![
        Schedule::new("RewardFulfillmentMonitor", "23 * * * *", rewards).of(REWARDS),
        Schedule::new("PrizeFulfillmentMonitor", "23 * * * *", prizes).of(FLAG),
        Schedule::new("HackathonRetention", "20 4 * * *", retention),
        Schedule::new("StaffInvitationRetention", "25 4 * * *", invitations),
        Schedule::new("HackathonWaitlists", "*/10 * * * *", waitlists).of(FLAG),
        Schedule::new("PlaceConfirmations", "* * * * *", confirmations).of(FLAG),
        Schedule::new("HackathonStateUpdater", "* * * * *", phases).of(FLAG),
        Schedule::new("HackathonSurveys", "*/10 * * * *", surveys).of(FLAG),
        Schedule::new("DeadlineReminder", "* * * * *", reminders)
            .formerly("SubmissionReminders")
            .of(FLAG),
        Schedule::new(DEADLINES, "* * * * *", deadlines),
        Schedule::new("HackathonResults", "* * * * *", results),
        Schedule::new("SubmissionPolls", "*/10 * * * *", polls).of(FLAG),
    ]
}

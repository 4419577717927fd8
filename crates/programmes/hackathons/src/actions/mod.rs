//! Actions that change hackathons, their staff, applications and teams.

mod accept_staff_invitation;
mod announce;
mod apply;
mod approve_points;
mod calendar_feed;
mod check;
mod check_in;
mod check_pushed;
mod confirm;
mod create;
mod decide;
mod edit;
mod erase;
mod expo;
mod exports;
mod freeze;
mod friends;
mod funnel;
mod help;
mod hosts;
mod invite;
mod join_team;
mod judging;
mod leave_team;
mod manage_team;
mod notify;
mod notify_friends;
mod notify_submission;
mod phases;
mod pictures;
mod places;
mod prizes;
mod remind;
mod remove_words;
mod replace_codes;
mod results;
mod rewards;
mod rule_submission;
mod set_tracks;
mod settle_points;
mod staff;
mod staff_invitations;
mod start_checks;
mod step;
mod submit;
mod surveys;
mod tasks;
mod unwatch;
mod venue;
mod watch_deadlines;
mod withdraw;

pub use accept_staff_invitation::{
    accept_staff_invitation, accept_staff_invitation_by_mail, check_invited,
};
pub use announce::{announce, notify_announcement};
pub use apply::{apply, set_looking};
pub(crate) use apply::{check_invitation, is_invited};
pub use approve_points::approve_points;
pub use calendar_feed::{remove_calendar_feed, renew_calendar_feed};
pub(crate) use check::CheckRun;
pub use check::poll_submissions;
pub use check_in::{WalkIn, check_in, undo_check_in, walk_in};
pub use check_pushed::check_pushed;
pub use confirm::{confirm_place, notify_confirmation, settle_confirmations};
pub use create::{NewHackathon, create_hackathon};
pub use decide::{DecidedApplication, NewDecision, decide};
pub use edit::{edit_hackathon, replace_invite_code};
pub use erase::erase;
pub use expo::{number_tables, set_place};
pub(crate) use exports::ExportRun;
pub use exports::{connect_board, disconnect_board, export_board};
pub use freeze::freeze_due;
pub use friends::{Friend, change_friendship};
pub(crate) use funnel::{FunnelStage, count};
pub use help::{ask_for_help, notify_help, step_help, withdraw_help};
pub use hosts::{add_host, remove_host};
pub use invite::{accept_invitation, cancel_invitation, decline_invitation, invite};
pub use join_team::{create_team, join_team};
pub use judging::{
    RoundInput, ScoreInput, close_round, compare, declare_conflict, next_project, reopen, score,
    set_aside, set_judging, settle_tie,
};
pub use leave_team::{leave_team, remove_member};
pub use manage_team::{TeamChange, change_team, set_team_role};
pub use notify::{notify_completion, notify_decision, notify_invitation, notify_move};
pub use notify_friends::{notify_friend_accepted, notify_friend_request};
pub use notify_submission::{notify_extension, notify_invalid, notify_ruling};
pub use phases::{notify_phase, record_phases};
pub use pictures::PICTURED;
pub use places::fill_all_places;
pub use prizes::{
    NewPrize, award_prize, claim_prize, create_prize, edit_prize, notify_prize,
    notify_prize_overdue, read_prize_claim, remind_of_prizes, remove_prize, step_prize,
    take_back_prize,
};
pub use remind::{notify_reminder, remind_due};
pub use remove_words::remove_old_words;
pub(crate) use replace_codes::replace_codes;
pub use results::{
    NewResults, notify_held, publish_due_results, publish_results, schedule_results, undo_results,
};
pub use rewards::{
    NewReward, add_codes, archive_reward, create_reward, edit_reward, notify_overdue,
    notify_redemption, opened, redeem_reward, remind_owners, step_redemption,
};
pub(crate) use rewards::{
    OVERDUE, STOCK, measure_stocks, mismatches_of_rewards, overdue_incidents, resettle_rewards,
    stock_incidents,
};
pub use rule_submission::{
    NewDeadline, SettingsInput, check_all, extend_deadline, rule_submission,
    set_submission_settings,
};
pub use set_tracks::set_tracks;
pub use settle_points::{mismatches, resettle};
pub use staff::{add_staff, remove_staff, set_judge_tracks};
pub use staff_invitations::{
    NewStaffInvitation, forget_expired_invitations, invite_staff, send_staff_invitation_again,
    withdraw_staff_invitation,
};
pub use step::{archive, cancel, publish};
pub use submit::{appeal, check_again, save_submission, submit, withdraw_submission};
pub use surveys::{answer_survey, close_surveys, notify_survey, open_surveys, set_survey};
pub use tasks::{add_task, change_task, remove_task};
pub use venue::{approve_venue_networks, set_venue_networks};
pub(crate) use watch_deadlines::{CHECKS, DEADLINES, check_incidents, deadline_incidents};
pub use withdraw::{leave_after_closing, withdraw};

use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{Act, Actor},
    crypto,
    db::Tx,
};
use serde_json::Value;

use crate::{
    FRIENDS, access,
    reads::{self, HackathonView},
    rules::{instants::shown, retention::is_removed, teams::code_of},
};

/// Finds a hackathon and locks its row: of two transactions that change its people, one waits for the other.
async fn locked(tx: &Tx, slug: &str) -> Result<HackathonView, ActionError> {
    let found = reads::hackathon(tx, slug).await?;
    let id = found.ok_or_else(|| access::unknown_hackathon(slug))?.id;
    tx.lock_rows("hackathons", [id]).await?;
    let found = reads::hackathon(tx, slug).await?;
    Ok(found.ok_or_else(|| access::unknown_hackathon(slug))?)
}

/// Like [`locked`], for a change that a completed, archived or canceled hackathon refuses.
async fn changeable(tx: &Tx, context: &Context, slug: &str) -> Result<HackathonView, ActionError> {
    let hackathon = locked(tx, slug).await?;
    still_changeable(context, &hackathon)?;
    Ok(hackathon)
}

/// Refuses a change of a completed, archived or canceled hackathon, and of one whose results wait to be published.
fn still_changeable(context: &Context, hackathon: &HackathonView) -> Result<(), ActionError> {
    none_waits(hackathon)?;
    let phase = hackathon.phase(context.now());
    if phase.is_over() {
        Err(refused(format!(
            "{} is {}, so it can no longer be changed.",
            hackathon.title,
            phase.heading().to_lowercase()
        )))
    } else {
        Ok(())
    }
}

/// Refuses a change while results wait to be published, so that what becomes public is what the organizers saw.
fn none_waits(hackathon: &HackathonView) -> Result<(), ActionError> {
    let Some(due_at) = hackathon.results_due_at else {
        return Ok(());
    };
    let detail = format!(
        "The results of {} become public at {} ({}). Until then, the hackathon can only be changed after an organizer undoes their publication.",
        hackathon.title,
        shown(due_at, hackathon.zone()),
        hackathon.zone()
    );
    Err(Problem::new(ProblemKind::Conflict, "RESULTS_WAITING", detail).into())
}

/// Refuses a disqualification or an appeal when a hackathon is canceled, or its words are removed after the period of retention.
fn contestable(context: &Context, hackathon: &HackathonView) -> Result<(), ActionError> {
    let (steps, now) = (hackathon.steps(), context.now());
    if steps.results_published_at.is_none() {
        return still_changeable(context, hackathon);
    }
    if is_removed(&steps, now) {
        Err(refused(format!(
            "The results of {} are older than 180 days, so they are final.",
            hackathon.title
        )))
    } else {
        Ok(())
    }
}

/// Returns the error for a change that the phase of a hackathon does not allow.
fn refused(detail: String) -> ActionError {
    Problem::new(ProblemKind::Conflict, "HACKATHON_PHASE", detail).into()
}

/// Returns an action on a hackathon, to record.
fn act_on(
    hackathon: &HackathonView,
    actor: Actor,
    action: &'static str,
    after: Option<Value>,
) -> Act<'static> {
    Act {
        actor,
        action,
        target_kind: "hackathon",
        target_id: hackathon.id,
        before: None,
        after,
        reason: None,
    }
}

/// Finds the person with a login, for a field of that name.
async fn person_named(tx: &Tx, login: &str) -> Result<(UserId, String), ActionError> {
    let found = identity::reads::find_named(tx, login).await;
    let person = found.map_err(|error| error.at("login"))?;
    Ok((person.id.into(), person.login))
}

/// Returns whether a person has friends by the flag.
async fn has_friends(tx: &Tx, context: &Context, person: UserId) -> Result<bool, ActionError> {
    Ok(context.flags.is_on(FRIENDS, identity::reads::flag_viewer(tx, person).await?))
}

/// Returns a new code of a team, or of an invitation link. Eight characters of 32 are a million million codes, so one that is
/// taken is an error of the database, and the request can be repeated.
fn new_code() -> Result<String, ActionError> {
    Ok(code_of(crypto::random()?))
}

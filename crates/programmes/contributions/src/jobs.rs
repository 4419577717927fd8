//! Workers and schedules of this module.

use std::sync::Arc;

use github::{
    gateway::Clients,
    model::{PULL_REQUEST_CHANGED, REPOSITORY_LEFT_APP, ROLE_LOST},
};
use kernel::counted;
use platform::{
    Context,
    config::Config,
    jobs::{Schedule, Worker},
    outbox::Post,
};

use crate::{
    FLAG, actions,
    model::{
        DISPUTE_CHANGED, FLAG_RAISED, MAINTAINER_ADDED, PROJECT_TRANSFERRED, PULL_CLOSINGS,
        PULL_REQUEST_IDLE, PULL_REQUEST_SCORED, REPORT_DECIDED, REVIEW_IDLE, REVIEWED,
        SCORE_OVERRIDDEN, SEASON_ENDING, SEASON_REGISTERED, SEASON_RULES_PUBLISHED,
        SEASON_SANCTIONED, SEASON_SIGNED_OFF,
    },
    store::closings,
};

/// Returns the workers: settlement, notifications of its results, and the closing of abandoned pull requests.
#[must_use]
pub fn workers(post: &Post, config: &Config) -> Vec<Worker> {
    let settle = |context: Context, _| async move { Ok(actions::settle_changed(&context).await?) };
    vec![
        Worker::new("settlement", PULL_REQUEST_CHANGED, settle),
        closer(config),
        Worker::for_each("lost-roles", ROLE_LOST, (), |tx, context, (), check| {
            Box::pin(actions::lose_role(tx, context, check))
        }),
        Worker::for_each(
            "score-notices",
            PULL_REQUEST_SCORED,
            post.clone(),
            |tx, context, post, pull| Box::pin(actions::notify_score(tx, context, post, pull)),
        ),
        Worker::for_each(
            "maintainer-notices",
            MAINTAINER_ADDED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_new_maintainer(tx, context, post, id)),
        ),
        Worker::for_each(
            "project-transfer-notices",
            PROJECT_TRANSFERRED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_transfer(tx, context, post, id)),
        ),
        Worker::for_each(
            "disconnected-repository-notices",
            REPOSITORY_LEFT_APP,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_disconnected(tx, context, post, id)),
        ),
        Worker::for_each(
            "season-rules-notices",
            SEASON_RULES_PUBLISHED,
            post.clone(),
            |tx, context, post, row| Box::pin(actions::notify_season_rules(tx, context, post, row)),
        ),
        Worker::for_each("review-notices", REVIEWED, post.clone(), |tx, context, post, id| {
            Box::pin(actions::notify_review(tx, context, post, id))
        }),
        Worker::for_each(
            "idle-review-notices",
            REVIEW_IDLE,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_idle_review(tx, context, post, id)),
        ),
        Worker::for_each(
            "idle-pull-request-notices",
            PULL_REQUEST_IDLE,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_idle_pull(tx, context, post, id)),
        ),
        Worker::for_each(
            "dispute-notices",
            DISPUTE_CHANGED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_dispute(tx, context, post, id)),
        ),
        Worker::for_each(
            "score-decision-notices",
            SCORE_OVERRIDDEN,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_override(tx, context, post, id)),
        ),
        Worker::for_each(
            "season-registration-notices",
            SEASON_REGISTERED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_registration(tx, context, post, id)),
        ),
        Worker::for_each(
            "season-sanction-notices",
            SEASON_SANCTIONED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_sanction(tx, context, post, id)),
        ),
        Worker::for_each(
            "season-end-notices",
            SEASON_ENDING,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_season_end(tx, context, post, id)),
        ),
        Worker::for_each(
            "season-result-notices",
            SEASON_SIGNED_OFF,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_results(tx, context, post, id)),
        ),
        Worker::for_each("flag-notices", FLAG_RAISED, post.clone(), |tx, context, post, id| {
            Box::pin(actions::notify_flags(tx, context, post, id))
        }),
        Worker::for_each(
            "report-notices",
            REPORT_DECIDED,
            post.clone(),
            |tx, context, post, id| Box::pin(actions::notify_report(tx, context, post, id)),
        ),
    ]
}

/// Returns the worker that closes abandoned pull requests on GitHub.
fn closer(config: &Config) -> Worker {
    let (settings, clients) = (config.jobs(), Arc::new(Clients::of(config)));
    let close = move |context: Context, worker| {
        let clients = Arc::clone(&clients);
        async move { Ok(actions::close_next(&context, &clients, settings, worker).await?) }
    };
    Worker::new("abandoned-pull-requests", PULL_CLOSINGS, close).over(closings::QUEUE)
}

/// Returns the schedules: matured points are settled, what is idle ends, projects of skills are found, gaming is detected,
/// late flags and seasons that end soon are noted, and disputes of bans that are over are closed.
#[must_use]
pub fn schedules() -> Vec<Schedule> {
    let mature = |context: Context| async move {
        let matured = actions::mature(&context).await?;
        Ok(format!(
            "the pending period of {} ended",
            counted(matured, "pull request", "pull requests")
        ))
    };
    let idle = |context: Context| async move {
        let released = actions::release_idle_reviews(&context).await?;
        let reminded = actions::remind_reviewers(&context).await?;
        let idle = actions::note_idle(&context).await?;
        actions::request_closings(&context).await?;
        Ok(format!(
            "{} given back, {} reminded, {} idle",
            counted(released, "review", "reviews"),
            counted(reminded, "reviewer", "reviewers"),
            counted(idle, "pull request is", "pull requests are")
        ))
    };
    let skills = |context: Context| async move { Ok(actions::refresh_all_skills(&context).await?) };
    let detect = |context: Context| async move {
        let detected = actions::detect_gaming(&context).await?;
        Ok(format!(
            "raised {} and extended {}",
            counted(detected.raised, "flag", "flags"),
            detected.extended
        ))
    };
    let late = |context: Context| async move {
        let late = actions::note_late_flags(&context).await?;
        Ok(format!("{} late", counted(late, "flag is", "flags are")))
    };
    let bans = |context: Context| async move {
        let closed = actions::close_disputes_of_ended_bans(&context).await?;
        Ok(format!("{} closed", counted(closed, "dispute", "disputes")))
    };
    let ends = |context: Context| async move {
        let noted = actions::note_season_ends(&context).await?;
        Ok(format!("{} notified of the end of a season", counted(noted, "person is", "people are")))
    };
    vec![
        Schedule::new("AwardMaturing", "*/5 * * * *", mature),
        Schedule::new("ReviewDeadlines", "*/15 * * * *", idle).of(FLAG),
        Schedule::new("SkillBoards", "35 * * * *", skills),
        Schedule::new("GamingDetection", "20 3 * * *", detect).of(FLAG),
        Schedule::new("LateFlags", "50 * * * *", late).of(FLAG),
        Schedule::new("SeasonEnds", "5,35 * * * *", ends).of(FLAG),
        Schedule::new("DisputesOfEndedBans", "*/5 * * * *", bans),
    ]
}

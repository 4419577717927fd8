//! Notifications of disputes and of overrides.

use std::collections::BTreeSet;

use identity::{
    model::{Role, UserId},
    reads::MemberFilter,
};
use notifications::{
    actions::{notify, notify_even_banned},
    model::Notice,
};
use platform::{ActionError, Context, db::Tx, outbox::Post};
use uuid::Uuid;

use crate::{
    emails::{DISPUTE_OPENED, DISPUTE_UPDATED, DisputeNews, SCORE_DECISION, ScoreDecision},
    model::{MessageKind, OverrideKind},
    reads::{self, DisputeView, MessageView},
    store::disputes,
};

/// The maximum number of moderators, and of admins, that are notified.
const STAFF: i64 = 500;

/// Notifies the others of an entry in the thread of a dispute: moderators and the maintainers of the project of a new
/// dispute, admins of an appeal, and both sides of a message or a decision.
///
/// # Errors
/// When an email cannot be rendered.
pub async fn notify_dispute(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(message) = disputes::message(tx, id).await? else {
        return Ok(());
    };
    let numbers = reads::dispute_numbers(tx, &BTreeSet::from([message.dispute_id])).await?;
    let Some(number) = numbers.get(&message.dispute_id) else {
        return Ok(());
    };
    let Some(dispute) = reads::dispute(tx, *number).await? else {
        return Ok(());
    };
    let thread = reads::thread(tx, dispute.id).await?;
    let kind = message.kind;
    let author = UserId::from(message.author_id);
    let email = news(&dispute, kind, author, &thread, message.text);
    let mut notified = parties(tx, context, &dispute, kind, &thread).await?;
    notified.remove(&author);
    for person in notified {
        let news = match kind {
            MessageKind::Opened | MessageKind::Appealed => &DISPUTE_OPENED,
            _ => &DISPUTE_UPDATED,
        };
        let notice = Notice {
            kind: news,
            user_id: person,
            object_id: id,
            occurrence: "",
            link: email.link(),
            email: &email,
        };
        // A banned person can read their own dispute, and nothing else.
        if person == dispute.opened_by_id {
            notify_even_banned(tx, context, post, &notice).await?
        } else {
            notify(tx, context, post, &notice).await?
        };
    }
    Ok(())
}

/// Returns the email about an entry.
fn news(
    dispute: &DisputeView,
    kind: MessageKind,
    author: UserId,
    thread: &[MessageView],
    text: Option<String>,
) -> DisputeNews {
    let by = thread.iter().find(|entry| entry.author_id == author);
    let appeal = dispute.appeal.as_ref().map(|appeal| appeal.outcome.state);
    DisputeNews {
        number: dispute.number,
        subject: dispute.subject.label.clone(),
        kind,
        by: by.map(|entry| entry.author.clone()).unwrap_or_default(),
        state: match kind {
            MessageKind::AppealDecided => appeal.unwrap_or(dispute.outcome.state),
            _ => dispute.outcome.state,
        },
        text: text.unwrap_or_default(),
    }
}

/// Returns the people to notify of an entry.
async fn parties(
    tx: &Tx,
    context: &Context,
    dispute: &DisputeView,
    kind: MessageKind,
    thread: &[MessageView],
) -> Result<BTreeSet<UserId>, ActionError> {
    let mut notified = match kind {
        MessageKind::Opened => readers(tx, context, dispute).await?,
        MessageKind::Appealed => staff(tx, context, Role::Admin).await?,
        _ => {
            let mut sides = readers(tx, context, dispute).await?;
            // A former moderator or maintainer who wrote in the thread can no longer read it.
            let wrote = |person: &UserId| thread.iter().any(|entry| entry.author_id == *person);
            sides.retain(|person| *person == dispute.opened_by_id || wrote(person));
            sides
        }
    };
    if kind != MessageKind::Message {
        notified.extend(reads::first_decider(tx, dispute).await?);
    }
    Ok(notified)
}

/// Returns the people who can read a dispute.
async fn readers(
    tx: &Tx,
    context: &Context,
    dispute: &DisputeView,
) -> Result<BTreeSet<UserId>, ActionError> {
    let mut readers = staff(tx, context, Role::Moderator).await?;
    readers.extend(staff(tx, context, Role::Admin).await?);
    if let Some(project) = dispute.project_id {
        let maintainers = reads::maintainers(tx, project).await?;
        readers.extend(maintainers.into_iter().map(|maintainer| maintainer.id));
    }
    readers.extend(reads::first_decider(tx, dispute).await?);
    readers.insert(dispute.opened_by_id);
    Ok(readers)
}

async fn staff(tx: &Tx, context: &Context, role: Role) -> Result<BTreeSet<UserId>, ActionError> {
    let filter = MemberFilter { role: Some(role), ..MemberFilter::default() };
    let found = identity::reads::members(tx, &filter, context.now(), STAFF).await?;
    Ok(found.into_iter().map(|member| member.id.into()).collect())
}

/// Notifies the author of a pull request that an admin overrode its points, or lifted that.
///
/// # Errors
/// When the email cannot be rendered.
pub async fn notify_override(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    id: Uuid,
) -> Result<(), ActionError> {
    let Some(found) = reads::override_by_id(tx, id).await? else {
        return Ok(());
    };
    let pull = found.pull_request_id;
    let mut pulls = github::reads::pull_requests(tx, [pull.into()]).await?;
    let Some(pull) = pulls.remove(&pull) else {
        return Ok(());
    };
    let Some(author) = pull.author_id else {
        return Ok(());
    };
    let is_lifted = found.lifted_at.is_some();
    let email = ScoreDecision {
        title: pull.title.clone(),
        repository: pull.full_name.clone(),
        number: pull.number,
        decision: match (is_lifted, found.kind) {
            (true, _) => "Its points follow the rules again.".to_owned(),
            (false, OverrideKind::Freeze) => "Its points stay as they are.".to_owned(),
            (false, OverrideKind::None) => "It earns no points.".to_owned(),
            (false, OverrideKind::Set) => {
                let points = found.points.unwrap_or_default();
                format!("It has {}.", kernel::counted(points, "point", "points"))
            }
        },
        reason: found.lift_reason.unwrap_or(found.reason),
    };
    let occurrence = if is_lifted { "lifted" } else { "decided" };
    let notice = Notice {
        kind: &SCORE_DECISION,
        user_id: author.into(),
        object_id: id,
        occurrence,
        link: email.link(),
        email: &email,
    };
    notify(tx, context, post, &notice).await?;
    Ok(())
}

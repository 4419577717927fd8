use identity::model::UserId;
use kernel::Problem;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
    outbox,
};
use uuid::Uuid;

use super::{
    coaches::locked_coach, competitor_acts::act_on_competitor, end_connections::end_connections,
    links::INVITATION, profile_links::MAIL,
};
use crate::{
    access,
    emails::CTF_REMINDER,
    model::{CoachId, CompetitorId},
    reads::{self, KeptYear},
    store::{
        coaches, competitors,
        differences::DIFFERENCES,
        discrepancies, enrollments,
        erasures::{self, DeletionSubject, NewErasure},
        links::{self, LinksOf},
    },
};

/// Erases a competitor: the name, the addresses and all other details are removed here at once, also from archived years, which
/// keep only the results, and they are never asked for again. If they have an account on the game platform, its deletion there
/// stays open until someone confirms it. Repeating it changes nothing.
///
/// # Errors
/// When the competitor is unknown.
pub async fn erase_competitor(
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    erase_within(&tx, context, actor, id).await?;
    Ok(tx.commit().await?)
}

/// Erases a person in the caller's transaction: removes them from the rosters that they coach and forgets their school,
/// forgets their address in invitations, and erases their row as a competitor as for a minor. The deletion of their account as a
/// coach on the game platform stays open until someone confirms it. What remains contains only
/// IDs, numbers and codes.
///
/// # Errors
/// When the database fails.
pub async fn erase(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<(), ActionError> {
    if let Some(address) = identity::reads::verified_email(tx, person).await? {
        forget_address(tx, context, &address).await?;
    }
    if let Some(coach) = reads::coach_of(tx, person).await? {
        erase_coach(tx, context, actor, coach.key()).await?;
    }
    if let Some(competitor) = reads::competitor_of(tx, person).await? {
        erase_within(tx, context, actor, competitor.key()).await?;
    }
    Ok(())
}

/// Forgets an address in invitations and in the emails with them, sent or waiting.
async fn forget_address(tx: &Tx, context: &Context, address: &str) -> Result<(), DbError> {
    links::forget_address(tx, address, context.now()).await?;
    for kind in [INVITATION, MAIL] {
        outbox::forget_to(tx, kind, address).await?;
    }
    Ok(())
}

/// Erases a coach in the caller's transaction. The row is locked, so that no roster and no account is added meanwhile, and a
/// comparison that stores differences at the same time ends first, or finds them erased.
async fn erase_coach(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CoachId,
) -> Result<(), ActionError> {
    tx.serialize(DIFFERENCES).await?;
    let coach = locked_coach(tx, id).await?;
    if let Some(account) = coach.platform_account() {
        request_deletion(tx, context, DeletionSubject::Coach(id), account.as_str(), actor).await?;
    }
    erasures::forget_differences(tx, DeletionSubject::Coach(id), context.now()).await?;
    coaches::erase(tx, id, context.now()).await?;
    end_connections(tx, context, actor, coach.user_id.into()).await?;
    links::revoke(tx, LinksOf::Coach(coach.user_id), context.now()).await?;
    Ok(())
}

/// Erases a competitor in the caller's transaction. A comparison that stores differences at the same time ends first, or finds
/// them erased.
pub(crate) async fn erase_within(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    tx.serialize(DIFFERENCES).await?;
    tx.lock_rows("competitors", [id.0]).await?;
    let found = reads::competitor(tx, id).await?;
    let found = found.ok_or_else(access::unknown_competitor)?;
    if found.erased_at.is_some() {
        return Ok(());
    }
    if let Some(account) = found.platform_account() {
        request_deletion(tx, context, DeletionSubject::Competitor(id), account.as_str(), actor)
            .await?;
    }
    let sent = links::of_competitor(tx, id).await?;
    outbox::forget_about(tx, MAIL, sent).await?;
    outbox::forget_about(tx, CTF_REMINDER.code, [id.0]).await?;
    erasures::forget_differences(tx, DeletionSubject::Competitor(id), context.now()).await?;
    discrepancies::close(tx, id, context.now()).await?;
    for year in enrollments::of_competitor(tx, id).await? {
        for kept in KeptYear::read([year.kept.as_str()])? {
            let kept = kept.erased(context.now()).text();
            enrollments::erase(tx, year.id, &kept).await?;
        }
    }
    competitors::erase(tx, id, context.now()).await?;
    let act = act_on_competitor(id, actor, "ctf_competitor.erase", None);
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Records in the caller's transaction that the game platform has to delete something: an account of an erased person, or a
/// team.
pub(crate) async fn request_deletion(
    tx: &Tx,
    context: &Context,
    subject: DeletionSubject,
    platform_id: &str,
    actor: Actor,
) -> Result<(), DbError> {
    let new = NewErasure {
        id: context.ids.next(),
        subject,
        platform_id,
        requested_by: actor.person().map(Into::into),
    };
    erasures::request(tx, new, context.now()).await
}

/// Records that the game platform has deleted an account or a team. Repeating it changes nothing.
///
/// # Errors
/// When there is no such deletion.
pub async fn confirm_erasure(context: &Context, actor: Actor, id: Uuid) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    tx.lock_rows("game_platform_erasures", [id]).await?;
    let found = reads::erasure(&tx, id).await?;
    let unknown =
        || Problem::not_found("Unknown deletion. Reload the list of deletions and try again.");
    found.ok_or_else(unknown)?;
    if erasures::confirm(&tx, id, actor.person(), context.now()).await? {
        let act = Act {
            actor,
            action: "game_platform_erasure.confirm",
            target_kind: "game_platform_erasure",
            target_id: id,
            before: None,
            after: None,
            reason: None,
        };
        audit::record(&tx, context, act).await?;
    }
    Ok(tx.commit().await?)
}

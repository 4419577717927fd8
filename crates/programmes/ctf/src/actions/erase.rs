use identity::model::UserId;
use kernel::Problem;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
    outbox,
};
use uuid::Uuid;

use super::{competitor_rows::act_on_competitor, links::person_of, profile_links::MAIL};
use crate::{
    access,
    model::CompetitorId,
    reads,
    store::{
        coaches,
        competitors::{self, NewErasure},
        links,
    },
};

/// Erases a competitor: the name, the addresses and all other details are removed here at once, and they are never asked for
/// again. If they have an account on the game platform, its deletion there stays open until someone confirms it. Repeating it
/// changes nothing.
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
/// forgets their address in invitations, and erases their row as a competitor as for a minor. What remains contains only
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
        links::forget_address(tx, &address).await?;
    }
    coaches::erase(tx, person).await?;
    if let Some(competitor) = reads::competitor_of(tx, person).await? {
        erase_within(tx, context, actor, competitor.key()).await?;
    }
    Ok(())
}

/// Erases a competitor in the caller's transaction.
pub(crate) async fn erase_within(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    id: CompetitorId,
) -> Result<(), ActionError> {
    tx.lock_rows("competitors", [id.0]).await?;
    let found = reads::competitor(tx, id).await?;
    let found = found.ok_or_else(access::unknown_competitor)?;
    if found.erased_at.is_some() {
        return Ok(());
    }
    if let Some(account) = found.platform_account() {
        request_deletion(tx, context, (id, &account), actor).await?;
    }
    let sent = links::of_competitor(tx, id).await?;
    outbox::forget_about(tx, MAIL, sent).await?;
    competitors::erase(tx, id, context.now()).await?;
    let act = act_on_competitor(id, actor, "ctf_competitor.erase", None);
    audit::record(tx, context, act).await?;
    Ok(())
}

/// Records in the caller's transaction that the game platform has to delete an account of an erased competitor.
pub(crate) async fn request_deletion(
    tx: &Tx,
    context: &Context,
    (competitor, account): (CompetitorId, &str),
    actor: Actor,
) -> Result<(), DbError> {
    let new = NewErasure {
        id: context.ids.next(),
        competitor,
        platform_id: account,
        requested_by: person_of(actor).map(Into::into),
    };
    competitors::request_erasure(tx, new, context.now()).await
}

/// Records that the game platform has deleted an account. Repeating it changes nothing.
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
    if competitors::confirm_erasure(&tx, id, person_of(actor), context.now()).await? {
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

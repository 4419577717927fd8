use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
};
use serde_json::json;

use super::{board::refresh_person, changeable, person_named};
use crate::{
    actions::repeated::is_repeated,
    model::{FlagId, SEASON_SANCTIONED, SanctionId, SanctionKind, SeasonId},
    reads::{self, SeasonView},
    store::season_people::{self, Sanction, SanctionToStore},
};

/// The maximum number of characters of a reason.
const REASON: usize = 1_000;

#[derive(Clone, Debug)]
pub struct NewSanction {
    /// The person's login.
    pub login: String,
    pub kind: SanctionKind,
    /// The reason, which the person sees.
    pub reason: String,
}

/// Warns or disqualifies a person in a season, and notifies them. Points of disqualified people do not count there.
/// Returns the sanction's ID: the earlier one if the request is repeated within a minute.
///
/// # Errors
/// When the season or the login is unknown, the season is final, the reason is missing or too long, or the person is
/// disqualified already.
pub async fn sanction(
    context: &Context,
    actor: Actor,
    slug: &str,
    new: &NewSanction,
) -> Result<SanctionId, ActionError> {
    let reason = checked(&new.reason)?;
    let mut tx = context.begin().await?;
    let season = changeable(&tx, context, slug).await?;
    let (person, login) = person_named(&tx, actor, &new.login).await?;
    let id = SeasonId::new(season.id);
    let sanctions = season_people::sanctions(&tx, id, Some(person)).await?;
    if sanctions.iter().any(Sanction::disqualifies) {
        let detail = format!("{login} is already disqualified from {}.", season.name);
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_DISQUALIFIED", detail).into());
    }
    if let Some(same) = same(&tx, context, actor, &sanctions, new.kind, reason).await? {
        return Ok(same);
    }
    let imposed = SanctionDecision { actor, person, reason, flag: None };
    let sanction = impose(&mut tx, context, &season, new.kind, &imposed).await?;
    refresh_person(&tx, context, &season, person).await?;
    tx.commit().await?;
    Ok(sanction)
}

/// Returns the sanction that a repeated request imposed before.
async fn same(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    sanctions: &[Sanction],
    kind: SanctionKind,
    reason: &str,
) -> Result<Option<SanctionId>, DbError> {
    let (Some(by), now) = (actor.person(), context.now()) else {
        return Ok(None);
    };
    let same = sanctions.iter().rev().filter(|earlier| {
        earlier.kind == kind
            && earlier.reason == reason
            && earlier.lifted_at.is_none()
            && is_repeated(earlier.created_at, now)
    });
    let same: Vec<_> = same.map(|earlier| SanctionId::new(earlier.id)).collect();
    for id in same {
        if season_people::decider(tx, id).await? == Some(by) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// A decision on a sanction of a person, or on lifting one.
#[derive(Clone, Copy, Debug)]
pub(super) struct SanctionDecision<'a> {
    pub(super) actor: Actor,
    pub(super) person: UserId,
    pub(super) reason: &'a str,
    pub(super) flag: Option<FlagId>,
}

/// Stores a sanction, records it and has the person notified. The caller holds the lock of the season's row, and refreshes
/// the leaderboard.
pub(super) async fn impose(
    tx: &mut Tx,
    context: &Context,
    season: &SeasonView,
    kind: SanctionKind,
    imposed: &SanctionDecision<'_>,
) -> Result<SanctionId, DbError> {
    let id = SanctionId::new(context.ids.next());
    let new = SanctionToStore {
        id,
        season: season.id.into(),
        person: imposed.person,
        kind,
        reason: imposed.reason,
        flag: imposed.flag,
        decided_by: imposed.actor.person(),
    };
    season_people::insert_sanction(tx, &new, context.now()).await?;
    let action = match kind {
        SanctionKind::Warning => "season.warn",
        SanctionKind::Disqualification => "season.disqualify",
    };
    record(tx, context, season, action, imposed).await?;
    notify(tx, context, id).await?;
    Ok(id)
}

/// Lifts a warning or disqualification, and notifies the person.
///
/// # Errors
/// When the season or the sanction is unknown, the season is final, the reason is missing or too long, or the sanction
/// is the actor's own or lifted already.
pub async fn lift_sanction(
    context: &Context,
    actor: Actor,
    slug: &str,
    id: SanctionId,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = checked(reason)?;
    let mut tx = context.begin().await?;
    lift_in(&mut tx, context, actor, slug, id, reason).await?;
    Ok(tx.commit().await?)
}

/// Lifts a sanction in the caller's transaction, for a dispute.
pub(in crate::actions) async fn lift_within(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    id: SanctionId,
    reason: &str,
) -> Result<(), ActionError> {
    let reason = checked(reason)?;
    let found = season_people::sanction(tx, id).await?;
    let season = match found {
        Some(sanction) => reads::season_by_id(tx, sanction.season_id.into()).await?,
        None => None,
    };
    let unknown = || Problem::not_found("The sanction does not exist.");
    let slug = season.ok_or_else(unknown)?.slug;
    lift_in(tx, context, actor, &slug, id, reason).await
}

async fn lift_in(
    tx: &mut Tx,
    context: &Context,
    actor: Actor,
    slug: &str,
    id: SanctionId,
    reason: &str,
) -> Result<(), ActionError> {
    let season = changeable(tx, context, slug).await?;
    let found = season_people::sanction(tx, id).await?;
    let found = found.filter(|sanction| sanction.season_id == season.id);
    let unknown = || Problem::not_found(format!("{} has no such sanction.", season.name));
    let found = found.ok_or_else(unknown)?;
    if actor.person() == Some(found.user_id) {
        let detail =
            "The sanction is your own. Ask another organizer, or contest it at /me/standing.";
        return Err(Problem::new(ProblemKind::Forbidden, "OWN_SANCTION", detail).into());
    }
    if found.lifted_at.is_some() {
        let detail = "The sanction is already lifted.";
        return Err(Problem::new(ProblemKind::Conflict, "SANCTION_LIFTED", detail).into());
    }
    let imposed = SanctionDecision { actor, person: found.user_id.into(), reason, flag: None };
    lift_imposed(tx, context, &season, id, &imposed).await?;
    Ok(refresh_person(tx, context, &season, imposed.person).await?)
}

/// Stores that a sanction is lifted, records it and has the person notified. The caller holds the lock of the season's row,
/// and refreshes the leaderboard.
pub(super) async fn lift_imposed(
    tx: &mut Tx,
    context: &Context,
    season: &SeasonView,
    id: SanctionId,
    imposed: &SanctionDecision<'_>,
) -> Result<(), DbError> {
    season_people::lift(tx, id, imposed.reason, context.now()).await?;
    record(tx, context, season, "season.lift_sanction", imposed).await?;
    notify(tx, context, id).await
}

fn checked(reason: &str) -> Result<&str, Problem> {
    let reason = audit::reason(reason)?;
    let length = reason.chars().count();
    if length > REASON {
        let detail = format!("The reason has at most {REASON} characters, not {length}.");
        return Err(Problem::new(ProblemKind::Invalid, "BAD_SEASON", detail).at("reason"));
    }
    Ok(reason)
}

async fn record(
    tx: &Tx,
    context: &Context,
    season: &SeasonView,
    action: &'static str,
    imposed: &SanctionDecision<'_>,
) -> Result<(), DbError> {
    let act = Act {
        actor: imposed.actor,
        action,
        target_kind: "user",
        target_id: imposed.person.0,
        before: None,
        after: Some(json!({ "season": season.slug })),
        reason: Some(imposed.reason),
    };
    audit::record(tx, context, act).await
}

async fn notify(tx: &mut Tx, context: &Context, id: SanctionId) -> Result<(), DbError> {
    let (ids, now) = (context.ids.as_ref(), context.now());
    tx.wake(SEASON_SANCTIONED, [id.0], ids, now).await
}

use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
    outbox,
};
use serde_json::json;
use uuid::Uuid;

use super::{
    coaches::locked_coach,
    competitors::takes_more,
    enroll::{enroll, enroll_again},
    links::{INVITATION, check_addressee, usable_link},
    rosters::{act_on_roster, changeable_roster},
};
use crate::{
    access,
    model::{CoachId, CompetitorId, LinkId, LinkKind, RosterId, RosterRole},
    reads::{self, CompetitorView, RosterView},
    rules::{
        links as link_rules,
        rosters::{CoachDetails, CoachInput, PersonName},
    },
    store::{coaches, links, rosters},
};

/// Accepts an invitation to become a coach: the person is an approved coach from now on. Returns the coach's ID.
///
/// # Errors
/// When the invitation is unknown or not usable, a field is missing or not valid, or the person is a coach already.
pub async fn accept_coach_link(
    context: &Context,
    person: UserId,
    token: &str,
    input: &CoachInput,
) -> Result<CoachId, ActionError> {
    let tx = context.begin().await?;
    let id = accept_coach(&tx, context, person, token, input).await?;
    tx.commit().await?;
    Ok(id)
}

/// Accepts an invitation like [`accept_coach_link`], in the caller's transaction.
pub(super) async fn accept_coach(
    tx: &Tx,
    context: &Context,
    person: UserId,
    token: &str,
    input: &CoachInput,
) -> Result<CoachId, ActionError> {
    let link = usable_link(tx, context, token, LinkKind::Coach).await?;
    check_addressee(tx, link.email.as_deref(), person).await?;
    if let Some(coach) = reads::coach_of(tx, person).await? {
        return Err(already_coach(coach.approved).into());
    }
    let details = CoachDetails::read(input)?;
    let (id, now) = (CoachId::new(context.ids.next()), context.now());
    if !coaches::insert(tx, id, person, &details, now).await? {
        return Err(already_coach(true).into());
    }
    accepted(tx, link.id, now).await?;
    let act = Act {
        actor: Actor::Person(person.0),
        action: "coach.accept",
        target_kind: "coach",
        target_id: id.0,
        before: None,
        after: Some(json!({ "link": link.id, "division": details.division.as_str() })),
        reason: None,
    };
    audit::record(tx, context, act).await?;
    Ok(id)
}

/// Marks an invitation as accepted, and forgets the address that it was emailed to: the account has one of its own.
async fn accepted(tx: &Tx, link: Uuid, now: Timestamp) -> Result<(), DbError> {
    links::mark_used(tx, LinkId::new(link), now).await?;
    outbox::forget_about(tx, INVITATION, [link]).await
}

fn already_coach(approved: bool) -> Problem {
    let detail = if approved {
        "You are already a coach. Give the link to the person that it is for."
    } else {
        "You are a coach, but suspended. Ask an admin of this server to approve you again."
    };
    Problem::new(ProblemKind::Conflict, "ALREADY_COACH", detail)
}

/// Accepts an invitation to share a roster, as an approved coach. Returns the roster.
///
/// # Errors
/// When the invitation is unknown or not usable, the person is not an approved coach or has the role already, or the roster
/// is archived.
pub async fn accept_roster_link(
    context: &Context,
    person: UserId,
    token: &str,
) -> Result<RosterView, ActionError> {
    let tx = context.begin().await?;
    let found = accept_roster(&tx, context, person, token).await?;
    tx.commit().await?;
    Ok(found)
}

/// Accepts an invitation like [`accept_roster_link`], in the caller's transaction.
pub(super) async fn accept_roster(
    tx: &Tx,
    context: &Context,
    person: UserId,
    token: &str,
) -> Result<RosterView, ActionError> {
    let roster = roster_of(tx, token).await?;
    let found = changeable_roster(tx, roster).await?;
    let coach = reads::coach_of(tx, person).await?;
    let coach = coach.ok_or_else(access::approved_coach_required)?;
    // A coach is locked before links, as when one is suspended.
    let coach = locked_coach(tx, coach.key()).await?;
    let link = usable_link(tx, context, token, LinkKind::Roster).await?;
    check_addressee(tx, link.email.as_deref(), person).await?;
    if !coach.approved {
        return Err(access::approved_coach_required().into());
    }
    let shared = rosters::shared(tx, roster).await?;
    let own = shared.iter().find(|row| row.coach_id == coach.id);
    let role = link.role();
    if own.is_some_and(|own| own.role == RosterRole::Coach || own.role == role) {
        let detail = format!(
            "You already coach {}. Give the link to the person that it is for.",
            found.name
        );
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_COACH", detail).into());
    }
    let (row, now) = (context.ids.next(), context.now());
    rosters::set_role(tx, row, roster, coach.key(), role, now).await?;
    accepted(tx, link.id, now).await?;
    let after = json!({ "link": link.id, "coach": coach.id, "role": role.as_str() });
    audit::record(
        tx,
        context,
        act_on_roster(roster, Actor::Person(person.0), "ctf_roster.accept", None, Some(after)),
    )
    .await?;
    Ok(found)
}

/// A person who accepted a join link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct JoinedRoster {
    pub competitor: CompetitorId,
    /// False if they were on the roster before.
    pub is_new: bool,
}

/// Accepts a join link: the person is a competitor whom a coach of the roster has yet to confirm. A person is one
/// competitor; one who left, or whose roster is archived, moves with their history. Repeating it changes nothing.
///
/// # Errors
/// When the link is unknown or not usable, the name is missing, the person is a competitor on another roster or coaches this
/// one, another roster has archived its school year of them, or the roster is full or archived.
pub async fn accept_join_link(
    context: &Context,
    person: UserId,
    token: &str,
    first: &str,
    last: &str,
) -> Result<JoinedRoster, ActionError> {
    let tx = context.begin().await?;
    let roster = roster_of(&tx, token).await?;
    let view = changeable_roster(&tx, roster).await?;
    let link = usable_link(&tx, context, token, LinkKind::Join).await?;
    if reads::roster_role(&tx, roster, person).await?.is_some() {
        let detail = "You coach this roster. Give the link to its competitors.";
        return Err(Problem::new(ProblemKind::Conflict, "ALREADY_COACH", detail).into());
    }
    let name = PersonName::read(first, last)?;
    let joined = join(&tx, context, &view, person, &name).await?;
    if !joined.is_new {
        return Ok(joined);
    }
    let act = Act {
        actor: Actor::Person(person.0),
        action: "ctf_competitor.join",
        target_kind: "ctf_competitor",
        target_id: joined.competitor.0,
        before: None,
        after: Some(json!({ "link": link.id, "roster": roster.0 })),
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(joined)
}

async fn join(
    tx: &Tx,
    context: &Context,
    view: &RosterView,
    person: UserId,
    name: &PersonName,
) -> Result<JoinedRoster, ActionError> {
    let (roster, now) = (view.key(), context.now());
    let joined = |competitor, is_new| JoinedRoster { competitor, is_new };
    let Some(own) = reads::competitor_of(tx, person).await? else {
        check_not_full(tx, roster).await?;
        let id = CompetitorId::new(context.ids.next());
        if !rosters::insert_pending(tx, id, roster, person, name, now).await? {
            return Err(already_competitor().into());
        }
        enroll(tx, context, view, [id]).await?;
        return Ok(joined(id, true));
    };
    tx.lock_rows("competitors", [own.id]).await?;
    let own = reads::competitor_of(tx, person).await?;
    let own = own.ok_or_else(access::unknown_competitor)?;
    if may_move(tx, &own).await? {
        check_not_full(tx, roster).await?;
        enroll_again(tx, context, view, &own).await?;
        rosters::rejoin(tx, own.key(), roster, name, now).await?;
        return Ok(joined(own.key(), true));
    }
    if own.erased_at.is_none() && own.roster() == roster {
        Ok(joined(own.key(), false))
    } else {
        Err(already_competitor().into())
    }
}

async fn check_not_full(tx: &Tx, roster: RosterId) -> Result<(), ActionError> {
    if takes_more(tx, roster, 1).await? {
        return Ok(());
    }
    let detail = "This roster is full. Ask the coach to remove competitors who no longer take part, then open this link again.";
    Err(Problem::new(ProblemKind::Conflict, "ROSTER_FULL", detail).into())
}

/// Returns whether a competitor can move to another roster: they left theirs, or its school year is over.
async fn may_move(tx: &Tx, own: &CompetitorView) -> Result<bool, ActionError> {
    if own.erased_at.is_some() {
        return Ok(false);
    }
    let former = reads::roster(tx, own.roster()).await?;
    Ok(own.left_at.is_some() || former.is_some_and(|roster| roster.is_archived()))
}

fn already_competitor() -> Problem {
    let detail = "You are already a competitor on another roster. Ask your coach there to remove you from it, then open this link again.";
    Problem::new(ProblemKind::Conflict, "ALREADY_COMPETITOR", detail)
}

/// Returns the roster of an invitation. It is locked before the invitation, as in all actions on a roster.
async fn roster_of(tx: &Tx, token: &str) -> Result<RosterId, ActionError> {
    if !link_rules::is_token(token) {
        return Err(access::unknown_link().into());
    }
    let found = links::find(tx, &link_rules::digest(token)).await?;
    let roster = found.and_then(|row| row.roster_id);
    Ok(RosterId::new(roster.ok_or_else(access::unknown_link)?))
}

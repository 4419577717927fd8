use chrono::TimeDelta;
use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    crypto,
    db::{Sql, Tx},
    outbox::{EMAIL, Key, Post, count_email_to, enqueue},
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    access,
    emails::Invitation,
    model::{CompetitorId, LinkId, LinkKind, RosterId, RosterRole},
    reads,
    rules::links::{LinkState, digest, lifetime},
    store::links::{self, LinkRow, LinksOf, NewLink},
};

/// The kind of the emails with invitations.
pub(crate) const INVITATION: &str = "ctf_invitation";

/// The maximum number of invitations to coaches that a person can make per day.
const PER_DAY: i64 = 100;

#[derive(Clone, Debug)]
pub struct Invite {
    pub kind: LinkKind,
    /// The roster, for the kinds `roster` and `join`.
    pub roster: Option<RosterId>,
    /// The competitor, for the kinds `profile` and `consent`.
    pub competitor: Option<CompetitorId>,
    /// The role, for the kind `roster`.
    pub role: Option<RosterRole>,
    /// The address that it is sent to.
    pub email: Option<String>,
}

/// An invitation that was made. Its tokens are not stored.
pub(crate) struct MadeLink {
    pub(crate) id: LinkId,
    /// The token that its maker may hand over.
    pub(crate) token: String,
    /// The token for the email, which no one but its recipient gets to know; `None` without an address.
    pub(crate) mailed: Option<String>,
}

/// Makes an invitation; returns its ID and its token, which is not stored.
///
/// # Errors
/// When the server has no randomness, or the database fails.
pub async fn invite(
    context: &Context,
    actor: Actor,
    invite: Invite,
) -> Result<(LinkId, String), ActionError> {
    let tx = context.begin().await?;
    let made = invite_within(&tx, context, actor, &invite).await?;
    tx.commit().await?;
    Ok((made.id, made.token))
}

/// Makes an invitation like [`invite`], in the caller's transaction.
pub(crate) async fn invite_within(
    tx: &Tx,
    context: &Context,
    actor: Actor,
    invite: &Invite,
) -> Result<MadeLink, ActionError> {
    let (token, now) = (crypto::token()?, context.now());
    let mailed = invite.email.as_ref().map(|_| crypto::token()).transpose()?;
    let mailed_digest = mailed.as_deref().map(digest);
    let id = LinkId::new(context.ids.next());
    let new = NewLink {
        id,
        kind: invite.kind,
        digest: &digest(&token),
        mailed_digest: mailed_digest.as_deref(),
        roster: invite.roster,
        competitor: invite.competitor,
        role: invite.role,
        email: invite.email.as_deref(),
        expires_at: now + lifetime(invite.kind),
        created_by: actor.person(),
    };
    links::insert(tx, new, now).await?;
    let target = match (invite.kind, invite.roster, invite.competitor) {
        (LinkKind::Profile | LinkKind::Consent, _, Some(competitor)) => {
            LinkTarget { action: "ctf_competitor.invite", kind: "ctf_competitor", id: competitor.0 }
        }
        (_, Some(roster), _) => {
            LinkTarget { action: "ctf_roster.invite", kind: "ctf_roster", id: roster.0 }
        }
        _ => LinkTarget { action: "coach.invite", kind: "coach", id: id.0 },
    };
    let after = json!({
        "link": id.0, "kind": invite.kind.as_str(), "role": invite.role.map(RosterRole::as_str),
    });
    audit::record(tx, context, target.act(actor, after)).await?;
    Ok(MadeLink { id, token, mailed })
}

/// The target of an action on an invitation.
struct LinkTarget {
    action: &'static str,
    kind: &'static str,
    id: Uuid,
}

impl LinkTarget {
    fn act(self, actor: Actor, after: serde_json::Value) -> Act<'static> {
        Act {
            actor,
            action: self.action,
            target_kind: self.kind,
            target_id: self.id,
            before: None,
            after: Some(after),
            reason: None,
        }
    }
}

/// Makes an invitation to become a coach, and emails it if there is an address, in place of an earlier open one. Returns its token.
///
/// # Errors
/// When the address is not valid, email is not set up, or the person made too many invitations.
pub async fn invite_coach(
    context: &Context,
    post: &Post,
    actor: Actor,
    address: &str,
) -> Result<String, ActionError> {
    let email = checked_address(post, address)?;
    let mut tx = context.begin().await?;
    check_number(&tx, context, actor).await?;
    let new = Invite { kind: LinkKind::Coach, roster: None, competitor: None, role: None, email };
    let token = invite_by_mail(&mut tx, context, post, actor, &new, None).await?;
    tx.commit().await?;
    Ok(token)
}

/// Makes an invitation to share a roster, and emails it if there is an address, in place of an earlier open one with the role. Returns
/// its token.
///
/// # Errors
/// When the roster is archived, the address is not valid, email is not set up, or the person made too many invitations.
pub async fn share_roster(
    context: &Context,
    post: &Post,
    actor: Actor,
    roster: RosterId,
    role: RosterRole,
    address: &str,
) -> Result<String, ActionError> {
    let email = checked_address(post, address)?;
    let mut tx = context.begin().await?;
    let found = super::changeable_roster(&tx, roster).await?;
    check_number(&tx, context, actor).await?;
    let new = Invite {
        kind: LinkKind::Roster,
        roster: Some(roster),
        competitor: None,
        role: Some(role),
        email,
    };
    let token = invite_by_mail(&mut tx, context, post, actor, &new, Some(found.name)).await?;
    tx.commit().await?;
    Ok(token)
}

/// Makes a join link of a roster, which replaces earlier ones. Returns its token.
///
/// # Errors
/// When the roster is archived.
pub async fn create_join_link(
    context: &Context,
    actor: Actor,
    roster: RosterId,
) -> Result<String, ActionError> {
    let tx = context.begin().await?;
    super::changeable_roster(&tx, roster).await?;
    links::revoke(&tx, LinksOf::RosterKind(roster, LinkKind::Join), context.now()).await?;
    let new = Invite {
        kind: LinkKind::Join,
        roster: Some(roster),
        competitor: None,
        role: None,
        email: None,
    };
    let made = invite_within(&tx, context, actor, &new).await?;
    tx.commit().await?;
    Ok(made.token)
}

async fn invite_by_mail(
    tx: &mut Tx,
    context: &Context,
    post: &Post,
    actor: Actor,
    new: &Invite,
    roster: Option<String>,
) -> Result<String, ActionError> {
    let made = invite_within(tx, context, actor, new).await?;
    if let Some((address, token)) = new.email.as_ref().zip(made.mailed) {
        count_email_to(tx, context, actor.person(), address).await?;
        links::revoke(tx, LinksOf::ReplacedBy(made.id), context.now()).await?;
        let email = Invitation {
            roster,
            role: new.role,
            link: format!("{}/ctf/links/{token}", post.site),
            days: lifetime(new.kind).num_days(),
        };
        let content = post.write(&email, None)?;
        let key = mail_key(INVITATION, made.id);
        enqueue(tx, context, key, address, &content, context.now()).await?;
    }
    Ok(made.token)
}

/// Returns the key of an email with a link, to an address that may have no account.
pub(crate) fn mail_key(kind: &'static str, link: LinkId) -> Key<'static> {
    Key { person: Uuid::nil(), kind, object: link.0, occurrence: "", channel: EMAIL }
}

/// Checks the address of an invitation; an empty one is for a link to copy.
fn checked_address(post: &Post, typed: &str) -> Result<Option<String>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    let address = identity::rules::email_address(typed).map_err(|problem| problem.at("email"))?;
    if !post.channels.has(EMAIL) {
        let detail =
            "This server cannot send email. Leave the address empty to get a link to copy.";
        return Err(Problem::new(ProblemKind::Conflict, "CTF_NO_EMAIL", detail).at("email"));
    }
    Ok(Some(address))
}

/// Keeps a person from sending email to any number of addresses.
async fn check_number(tx: &Tx, context: &Context, actor: Actor) -> Result<(), ActionError> {
    // Keeps concurrent requests from each counting too few, and from each leaving an invitation to one address.
    tx.serialize("ctf.invitations").await?;
    let Some(person) = actor.person() else {
        return Ok(());
    };
    let since = context.now() - TimeDelta::days(1);
    if links::mailed_since(tx, person, since).await? < PER_DAY {
        return Ok(());
    }
    let detail =
        format!("You made {PER_DAY} invitations in the last 24 hours. Try again tomorrow.");
    let problem = Problem::new(ProblemKind::TooManyRequests, "TOO_MANY_INVITATIONS", detail);
    Err(problem.after(3600).into())
}

/// Revokes an open invitation to a roster.
///
/// # Errors
/// When the roster has no such invitation.
pub async fn revoke_roster_link(
    context: &Context,
    actor: Actor,
    roster: RosterId,
    id: LinkId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    tx.lock_rows("ctf_links", [id.0]).await?;
    let found = links::by_id(&tx, id).await?;
    let is_own = |row: &LinkRow| row.roster_id == Some(roster.0) && row.competitor_id.is_none();
    found.filter(is_own).ok_or_else(access::unknown_link)?;
    if links::revoke(&tx, LinksOf::One(id), context.now()).await? > 0 {
        let target =
            LinkTarget { action: "ctf_roster.revoke_link", kind: "ctf_roster", id: roster.0 };
        let after = json!({ "link": id.0 });
        audit::record(&tx, context, target.act(actor, after)).await?;
    }
    Ok(tx.commit().await?)
}

/// Revokes an open invitation to become a coach.
///
/// # Errors
/// When there is no such invitation.
pub async fn revoke_coach_link(
    context: &Context,
    actor: Actor,
    id: LinkId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    tx.lock_rows("ctf_links", [id.0]).await?;
    let found = links::by_id(&tx, id).await?;
    found.filter(|row| row.kind == LinkKind::Coach).ok_or_else(access::unknown_link)?;
    if links::revoke(&tx, LinksOf::One(id), context.now()).await? > 0 {
        let target = LinkTarget { action: "coach.revoke_link", kind: "coach", id: id.0 };
        let after = json!({ "link": id.0 });
        audit::record(&tx, context, target.act(actor, after)).await?;
    }
    Ok(tx.commit().await?)
}

/// Refuses to give what an invitation gives to a person who has not verified the address that it was sent to. `email` is absent for
/// a link that is handed over.
///
/// # Errors
/// When the address is not theirs.
pub async fn check_addressee(
    db: &impl Sql,
    email: Option<&str>,
    person: UserId,
) -> Result<(), ActionError> {
    if let Some(invited) = email {
        let own = identity::reads::verified_email(db, person).await?;
        identity::rules::check_addressee(invited, own.as_deref())?;
    }
    Ok(())
}

/// Finds an invitation of a kind by its token, locks it, and refuses it unless it is usable.
pub(crate) async fn usable_link(
    tx: &Tx,
    context: &Context,
    token: &str,
    kind: LinkKind,
) -> Result<LinkRow, ActionError> {
    let (row, state) = locked_link(tx, context, token, kind).await?;
    state.check(kind)?;
    Ok(row)
}

/// Finds an invitation of a kind by its token with its state, and locks it.
pub(crate) async fn locked_link(
    tx: &Tx,
    context: &Context,
    token: &str,
    kind: LinkKind,
) -> Result<(LinkRow, LinkState), ActionError> {
    if !crate::rules::links::is_token(token) {
        return Err(access::unknown_link().into());
    }
    let found = links::lock(tx, &digest(token)).await?;
    let found = found.filter(|row| row.kind == kind);
    let row = found.ok_or_else(access::unknown_link)?;
    let state = reads::link_state(tx, &row, context.now()).await?;
    Ok((row, state))
}

/// Forgets the email addresses of expired invitations; returns their number.
///
/// # Errors
/// When the database fails.
pub async fn forget_invited(context: &Context) -> Result<u64, platform::db::DbError> {
    let tx = context.begin().await?;
    let forgotten = links::forget_addresses(&tx, context.now()).await?;
    tx.commit().await?;
    Ok(forgotten)
}

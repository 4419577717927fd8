//! The page of one person for moderators, and what admins do with the person's role and bans.

use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use kernel::{Problem, ProblemKind};
use platform::{Context, audit::OPERATOR, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, Tag,
    format::{Instant, Number, tame},
    redirect, show,
};

use crate::{
    access::{Admin, Moderator, ProvenAdmin},
    actions,
    model::{Person, Role, Session, Viewer},
    reads::{self, PastBan},
    rules::{end_named, role_named, session_device, unknown_login},
};

/// The maximum number of bans shown.
const BANS: i64 = 20;

struct BanRow {
    state: Tag,
    reason: String,
    from: Instant,
    until: Option<Instant>,
    by: String,
}

impl From<PastBan> for BanRow {
    fn from(ban: PastBan) -> Self {
        let (class, word) = match (ban.is_current, ban.is_lift) {
            (true, _) => ("t-gules", "Banned"),
            (false, true) => ("t-vert", "Ban lifted"),
            (false, false) => ("t-sable", "Past ban"),
        };
        Self {
            state: Tag { class, word },
            reason: tame(&ban.reason),
            from: Instant(ban.created_at),
            until: ban.ends_at.map(Instant),
            by: ban.by.unwrap_or_else(|| OPERATOR.to_owned()),
        }
    }
}

struct SessionRow {
    device: String,
    network: String,
    begun: Instant,
    used: Instant,
}

impl From<Session> for SessionRow {
    fn from(session: Session) -> Self {
        Self {
            device: session_device(session.user_agent.as_deref()),
            network: session.address_prefix.unwrap_or_else(|| "–".to_owned()),
            begun: Instant(session.created_at),
            used: Instant(session.last_seen_at),
        }
    }
}

#[derive(Template)]
#[template(path = "admin_person.html")]
struct PersonPage {
    id: String,
    login: String,
    kind: &'static str,
    role: &'static str,
    points: Number,
    seen: Instant,
    claimed: Option<Instant>,
    is_banned: bool,
    /// True when the viewer may change the role and ban the person.
    may_change: bool,
    /// When the second factor was set up, for admins.
    factor: Option<Instant>,
    bans: Vec<BanRow>,
    /// Shown to admins.
    sessions: Option<Vec<SessionRow>>,
    now: Instant,
    form: Form,
    /// The change that was not made, if a form was refused.
    refused: &'static str,
}

/// `GET /admin/people/{person}`, by ID, or by a login that only one account has.
pub(super) async fn page(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Address(name): Address<String>,
) -> PageResult {
    let person = reads::find_named(&context.db, &name).await?;
    render(&context, &viewer, &person, Form::default(), "").await
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    person: &Person,
    form: Form,
    refused: &'static str,
) -> PageResult {
    let (db, now, id) = (&context.db, context.now(), person.id.into());
    let member = reads::member(db, id, now).await?;
    let member = member.ok_or_else(|| unknown_login(&person.login))?;
    let bans = reads::bans(db, id, now, BANS).await?;
    let is_admin = viewer.acts_as(Role::Admin);
    let sessions = if is_admin { Some(reads::sessions(db, id, now).await?) } else { None };
    let factor = if is_admin { reads::second_factor(db, id).await? } else { None };
    show(&PersonPage {
        factor: factor.map(|factor| Instant(factor.confirmed_at)),
        may_change: is_admin && member.id != viewer.user_id.0,
        id: member.id.to_string(),
        login: member.login,
        kind: member.kind.as_str(),
        role: member.role.as_str(),
        points: Number(member.total_points),
        seen: Instant(member.created_at),
        claimed: member.claimed_at.map(Instant),
        is_banned: member.ban.reason.is_some(),
        bans: bans.into_iter().map(Into::into).collect(),
        sessions: sessions.map(|found| found.into_iter().map(Into::into).collect()),
        now: Instant(now),
        form,
        refused,
    })
}

fn address(person: &Person) -> String {
    format!("/admin/people/{}", person.id)
}

/// Redirects to the person whose role or ban changed, or shows the refused form again.
async fn answer(
    context: &Context,
    viewer: &Viewer,
    person: &Person,
    (form, refused, done): (Form, &'static str, Result<String, WebError>),
) -> Result<Response, PageError> {
    match done {
        Ok(said) => Ok(redirect(&address(person), &said)),
        Err(error) => {
            let again = |form| render(context, viewer, person, form, refused);
            form.refused(error, again).await
        }
    }
}

/// The fields of the form that grants a role.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    role: String,
    /// Sent by the page that asks before someone becomes an admin.
    confirmed: Option<String>,
}

/// `POST /admin/people/{person}/role`. Asks before someone becomes an admin.
pub(super) async fn grant(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(grant, form): Filled<Grant>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    if grant.role == Role::Admin.as_str() && grant.confirmed.is_none() {
        return Ok(ask_to_grant_admin(&person)?.into_response());
    }
    let granted = async {
        let role = role_named(&grant.role)?;
        let person = actions::grant_role(&context, viewer.actor(), &name, role).await?;
        Ok(format!("{} now has the role {role}", person.login))
    };
    let done = (form, "Role not changed", granted.await);
    answer(&context, &viewer, &person, done).await
}

fn ask_to_grant_admin(person: &Person) -> PageResult {
    let login = &person.login;
    show(&Confirmation {
        question: format!("Make {login} an admin?"),
        consequence: format!(
            "{login} will have full access: they can change roles, ban people, retry deliveries and pause jobs. \
             The audit log records this, and {login} is notified."
        ),
        facts: Vec::new(),
        action: format!("{}/role", address(person)),
        fields: vec![("role", Role::Admin.to_string()), ("confirmed", "yes".to_owned())],
        button: format!("Make {login} an admin"),
        back: address(person),
    })
}

/// The fields of the form that bans a person; without an end it lasts until it is lifted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewBan {
    reason: String,
    expires_at: String,
}

/// `POST /admin/people/{person}/ban`.
pub(super) async fn ban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(new, form): Filled<NewBan>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let banned = async {
        let expiry = Some(new.expires_at.as_str()).filter(|expiry| !expiry.is_empty());
        let expiry = expiry.map(end_named).transpose();
        let expiry = expiry
            .map_err(|error| bad_expiry(&error).with(platform::audit::reason(&new.reason)))?;
        let banned = actions::ban(&context, viewer.actor(), &name, &new.reason, expiry);
        Ok(format!("{} is banned", banned.await?.login))
    };
    let done = (form, "Not banned", banned.await);
    answer(&context, &viewer, &person, done).await
}

fn bad_expiry(error: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_EXPIRY", format!("{error}.")).at("expires_at")
}

/// The fields of the form that lifts a ban.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct LiftForm {
    reason: String,
}

/// `POST /admin/people/{person}/unban`.
pub(super) async fn unban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(lift, form): Filled<LiftForm>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let lifted = async {
        let lifted = actions::unban(&context, viewer.actor(), &name, &lift.reason);
        Ok(format!("Ban on {} lifted", lifted.await?.login))
    };
    let done = (form, "Ban not lifted", lifted.await);
    answer(&context, &viewer, &person, done).await
}

/// `POST /admin/people/{person}/reset-second-factor`.
pub(super) async fn reset_factor(
    State(context): State<Context>,
    ProvenAdmin(viewer): ProvenAdmin,
    Address(name): Address<String>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let reset = actions::reset_second_factor(&context, viewer.actor(), &name).await;
    let said = reset.map(|person| format!("{} has no second factor anymore", person.login));
    let done = (Form::default(), "Second factor not reset", said.map_err(WebError::from));
    answer(&context, &viewer, &person, done).await
}

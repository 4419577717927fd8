use std::collections::HashMap;

use askama::Template;
use axum::{extract::State, response::Response};
use identity::{
    access::{Admin, Moderator},
    actions,
    api::MemberSearch,
    model::{Person, Viewer},
    reads::{self, Member, MemberBan},
    rules::{end_named, role_named},
};
use kernel::{Problem, ProblemKind};
use platform::{
    Context,
    web::{List, WebError},
};
use serde::Deserialize;
use ui::{
    Address, Asked, Filled, Form, PageError, PageResult,
    format::{Instant, Number, segment, tame},
    redirect, show,
};

use crate::audit::OPERATOR;

/// People on a page.
const ROWS: i64 = 50;

/// The cursor of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeopleQuery {
    after: String,
}

struct Row {
    id: String,
    login: String,
    /// True when another person on the page has the same login.
    is_ambiguous: bool,
    kind: String,
    role: String,
    points: Number,
    ban: Option<CurrentBan>,
    seen: Instant,
    claimed: Option<Instant>,
    is_own: bool,
}

/// A current ban.
struct CurrentBan {
    reason: String,
    by: String,
    at: Instant,
    until: Option<Instant>,
}

impl CurrentBan {
    fn of(ban: MemberBan) -> Option<Self> {
        let (reason, at) = ban.reason.zip(ban.at)?;
        Some(Self {
            reason: tame(&reason),
            by: ban.by.unwrap_or_else(|| OPERATOR.to_owned()),
            at: Instant(at),
            until: ban.ends_at.map(Instant),
        })
    }
}

#[derive(Template)]
#[template(path = "admin_people.html")]
struct PeoplePage {
    search: MemberSearch,
    is_first: bool,
    rows: Vec<Row>,
    next: Option<String>,
    form: Form,
    /// The ID of the person whose form was refused.
    refused: String,
}

/// `GET /admin/people`.
pub(super) async fn list(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Asked(search): Asked<MemberSearch>,
    Asked(query): Asked<PeopleQuery>,
) -> PageResult {
    let again = (Form::default(), String::new());
    render(&context, &viewer, search, &query.after, again).await
}

async fn render(
    context: &Context,
    viewer: &Viewer,
    search: MemberSearch,
    after: &str,
    (form, refused): (Form, String),
) -> PageResult {
    let filter = search.filter(after)?;
    let found = reads::members(&context.db, &filter, context.now(), ROWS + 1).await?;
    let found = List::cut(found, ROWS, |row| segment(&row.cursor()));
    let (login, role) = (segment(&search.login), segment(&search.role));
    let next = found.next_cursor.as_ref();
    let next = next.map(|last| format!("/admin/people?login={login}&role={role}&after={last}"));
    let mut counts: HashMap<String, usize> = HashMap::new();
    for member in &found.items {
        *counts.entry(member.login.to_lowercase()).or_default() += 1;
    }
    let row = |member: Member| Row {
        is_own: member.id == viewer.user_id.0,
        is_ambiguous: counts.get(&member.login.to_lowercase()) > Some(&1),
        id: member.id.to_string(),
        login: member.login,
        kind: member.kind,
        role: member.role,
        points: Number(member.total_points),
        ban: CurrentBan::of(member.ban),
        seen: Instant(member.created_at),
        claimed: member.claimed_at.map(Instant),
    };
    show(&PeoplePage {
        rows: found.items.into_iter().map(row).collect(),
        is_first: after.is_empty(),
        search,
        next,
        form,
        refused,
    })
}

/// Redirects to the person whose role or ban changed, or shows the refused form again.
async fn answer(
    context: &Context,
    viewer: &Viewer,
    person: Person,
    (form, done): (Form, Result<String, WebError>),
) -> Result<Response, PageError> {
    match done {
        Ok(said) => {
            let address = format!("/admin/people?login={}", segment(&person.login));
            Ok(redirect(&address, &said))
        }
        Err(error) => {
            let search = MemberSearch {
                login: person.login,
                ..MemberSearch::default()
            };
            let refused = person.id.to_string();
            let again = |form| render(context, viewer, search, "", (form, refused));
            form.refused(error, again).await
        }
    }
}

/// The fields of the form that grants a role.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    role: String,
}

/// `POST /admin/people/{person}/role`.
pub(super) async fn grant(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(grant, form): Filled<Grant>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let granted = async {
        let role = role_named(&grant.role)?;
        let person = actions::grant_role(&context, viewer.actor(), &name, role).await?;
        Ok(format!("{} now has the role {role}", person.login))
    };
    let done = (form, granted.await);
    answer(&context, &viewer, person, done).await
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
        let expiry = expiry.map_err(|error| bad_expiry(&error))?;
        let banned = actions::ban(&context, viewer.actor(), &name, &new.reason, expiry);
        Ok(format!("{} is banned", banned.await?.login))
    };
    let done = (form, banned.await);
    answer(&context, &viewer, person, done).await
}

fn bad_expiry(error: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_EXPIRY", format!("{error}.")).at("expires_at")
}

/// The fields of the form that lifts a ban.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Lift {
    reason: String,
}

/// `POST /admin/people/{person}/unban`.
pub(super) async fn unban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(name): Address<String>,
    Filled(lift, form): Filled<Lift>,
) -> Result<Response, PageError> {
    let person = reads::find_named(&context.db, &name).await?;
    let lifted = async {
        let lifted = actions::unban(&context, viewer.actor(), &name, &lift.reason);
        Ok(format!("Ban of {} lifted", lifted.await?.login))
    };
    let done = (form, lifted.await);
    answer(&context, &viewer, person, done).await
}

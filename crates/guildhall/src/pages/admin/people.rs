use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{Admin, Moderator},
    actions,
    api::MemberSearch,
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
    Address, Asked, Filled, PageError, PageResult,
    format::{Instant, Number, segment, tame},
    show,
};

use crate::audit::OPERATOR;

/// People on a page.
const ROWS: i64 = 50;

/// Which part of the list is asked for, and what was just done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PeopleQuery {
    after: String,
    done: String,
}

struct Row {
    login: String,
    kind: String,
    role: String,
    points: Number,
    ban: Option<CurrentBan>,
    seen: Instant,
    claimed: Option<Instant>,
    is_own: bool,
}

/// A ban that holds.
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
    said: String,
}

/// `GET /admin/people`.
pub(super) async fn list(
    State(context): State<Context>,
    Moderator(viewer): Moderator,
    Asked(search): Asked<MemberSearch>,
    Asked(turn): Asked<PeopleQuery>,
) -> PageResult {
    let filter = search.filter(&turn.after)?;
    let found = reads::members(&context.db, &filter, context.now(), ROWS + 1).await?;
    let found = List::cut(found, ROWS, |row| segment(&row.login));
    let (login, role) = (segment(&search.login), segment(&search.role));
    let next = found.next_cursor.as_ref();
    let next = next.map(|last| format!("/admin/people?login={login}&role={role}&after={last}"));
    let row = |member: Member| Row {
        is_own: member.id == viewer.user_id.0,
        login: member.login,
        kind: member.kind,
        role: member.role,
        points: Number(member.total_points),
        ban: CurrentBan::of(member.ban),
        seen: Instant(member.created_at),
        claimed: member.claimed_at.map(Instant),
    };
    let said = match turn.done.split_once(' ') {
        Some(("ban", login)) => format!("{login} is banned now."),
        Some(("unban", login)) => format!("{login} is banned no more."),
        _ if turn.done.is_empty() => String::new(),
        _ => format!("{} has the new role now.", turn.done),
    };
    show(&PeoplePage {
        rows: found.items.into_iter().map(row).collect(),
        is_first: turn.after.is_empty(),
        search,
        next,
        said,
    })
}

/// The role to be granted.
#[derive(Debug, Deserialize)]
pub(super) struct Grant {
    role: String,
}

/// `POST /admin/people/{login}/role`.
pub(super) async fn grant(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(login): Address<String>,
    Filled(grant, _): Filled<Grant>,
) -> Result<Response, PageError> {
    let role = role_named(&grant.role)?;
    let actor = viewer.actor();
    let granted = actions::grant_role(&context, actor, &login, role).await;
    let person = granted.map_err(WebError::from)?;
    Ok(back(&person.login, &person.login))
}

/// Back to the person, with a word of what was done.
fn back(login: &str, done: &str) -> Response {
    let (login, done) = (segment(login), segment(done));
    let to = format!("/admin/people?login={login}&done={done}");
    Redirect::to(&to).into_response()
}

/// Why somebody is to be banned, and until when; an empty end is none.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewBan {
    reason: String,
    until: String,
}

/// `POST /admin/people/{login}/ban`.
pub(super) async fn ban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(login): Address<String>,
    Filled(new, _): Filled<NewBan>,
) -> Result<Response, PageError> {
    let until = Some(new.until.as_str()).filter(|until| !until.is_empty());
    let until = until.map(end_named).transpose();
    let until = until.map_err(|error| bad_end(&error))?;
    let actor = viewer.actor();
    let banned = actions::ban(&context, actor, &login, &new.reason, until).await;
    let person = banned.map_err(WebError::from)?;
    Ok(back(&person.login, &format!("ban {}", person.login)))
}

fn bad_end(error: &str) -> Problem {
    Problem::new(ProblemKind::Invalid, "BAD_END", format!("{error}."))
}

/// Why a ban is lifted.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Lift {
    reason: String,
}

/// `POST /admin/people/{login}/unban`.
pub(super) async fn unban(
    State(context): State<Context>,
    Admin(viewer): Admin,
    Address(login): Address<String>,
    Filled(lift, _): Filled<Lift>,
) -> Result<Response, PageError> {
    let actor = viewer.actor();
    let lifted = actions::unban(&context, actor, &login, &lift.reason).await;
    let person = lifted.map_err(WebError::from)?;
    Ok(back(&person.login, &format!("unban {}", person.login)))
}

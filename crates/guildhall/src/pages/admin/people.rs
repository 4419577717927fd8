use askama::Template;
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use identity::{
    access::{Admin, Moderator},
    actions,
    api::MemberSearch,
    reads::{self, Member},
    rules::role_named,
};
use platform::{
    Context,
    audit::Actor,
    web::{List, WebError},
};
use serde::Deserialize;

use super::{
    super::{
        PageError,
        extract::{Address, Asked, Filled},
        format::{Instant, Number, segment},
        layout::{PageResult, Section, show},
    },
    Tab,
};

/// People on a page.
const ROWS: i64 = 50;

/// Which part of the list is asked for, and what was just done.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Turn {
    after: String,
    done: String,
}

struct Row {
    login: String,
    kind: String,
    role: String,
    points: Number,
    is_banned: bool,
    seen: Instant,
    claimed: Option<Instant>,
    is_own: bool,
}

#[derive(Template)]
#[template(path = "admin_people.html")]
struct PeoplePage {
    section: Section,
    tab: Tab,
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
    Asked(turn): Asked<Turn>,
) -> PageResult {
    let filter = search.filter(&turn.after)?;
    let found = reads::members(&context.db, &filter, ROWS + 1).await?;
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
        is_banned: member.is_banned,
        seen: Instant(member.created_at),
        claimed: member.claimed_at.map(Instant),
    };
    let said = match turn.done.is_empty() {
        true => String::new(),
        false => format!("{} has the new role now.", turn.done),
    };
    show(&PeoplePage {
        section: Section::Admin,
        tab: Tab::People,
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
    Filled(grant): Filled<Grant>,
) -> Result<Response, PageError> {
    let role = role_named(&grant.role)?;
    let actor = Actor::Person(viewer.user_id);
    let granted = actions::grant_role(&context, actor, &login, role).await;
    let person = granted.map_err(WebError::from)?;
    let login = segment(&person.login);
    let to = format!("/admin/people?login={login}&done={login}");
    Ok(Redirect::to(&to).into_response())
}

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use platform::{Context, web::List};
use serde::Deserialize;
use ui::{
    PageResult, QueryString, Who,
    format::{Instant, Number, segment},
    show,
};

use crate::{
    access::Moderator,
    api::MemberSearch,
    reads::{self, Member},
};

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
    who: Who,
    is_ambiguous: bool,
    kind: &'static str,
    role: &'static str,
    points: Number,
    is_banned: bool,
    seen: Instant,
    claimed: Option<Instant>,
}

#[derive(Template)]
#[template(path = "admin_people.html")]
struct PeoplePage {
    search: MemberSearch,
    is_first: bool,
    rows: Vec<Row>,
    next: Option<String>,
    now: Instant,
}

/// `GET /admin/people`.
pub(super) async fn list(
    State(context): State<Context>,
    _: Moderator,
    QueryString(search): QueryString<MemberSearch>,
    QueryString(query): QueryString<PeopleQuery>,
) -> PageResult {
    let filter = search.filter(&query.after)?;
    let found = reads::members(&context.db, &filter, context.now(), ROWS + 1).await?;
    let found = List::cut(found, ROWS, |row| segment(&row.cursor()));
    let (login, role) = (segment(&search.login), segment(&search.role));
    let next = found.next_cursor.as_ref();
    let next = next.map(|last| format!("/admin/people?login={login}&role={role}&after={last}"));
    let mut counts: HashMap<String, usize> = HashMap::new();
    for member in &found.items {
        *counts.entry(member.login.to_lowercase()).or_default() += 1;
    }
    let row = |member: Member| {
        let is_ambiguous = counts.get(&member.login.to_lowercase()) > Some(&1);
        Row {
            is_ambiguous,
            id: member.id.to_string(),
            who: member.who(),
            kind: member.kind.as_str(),
            role: member.role.as_str(),
            points: Number(member.total_points),
            is_banned: member.ban.reason.is_some(),
            seen: Instant(member.created_at),
            claimed: member.claimed_at.map(Instant),
        }
    };
    show(&PeoplePage {
        rows: found.items.into_iter().map(row).collect(),
        is_first: query.after.is_empty(),
        search,
        next,
        now: Instant(context.now()),
    })
}

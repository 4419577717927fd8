use kernel::Timestamp;
use platform::{
    db::{DbError, Sql, ascii_lower},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use serde::Serialize;
use ui::Who;
use uuid::Uuid;

use super::people::KIND;
use crate::{
    model::{AccountKind, Role},
    rules,
    store::bans::{COLUMNS, holding},
};

/// A person, as moderators see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct Member {
    pub id: Uuid,
    /// The login, as used in URLs.
    pub login: String,
    #[serde(skip)]
    name: Option<String>,
    #[serde(skip)]
    picture: Option<String>,
    #[serde(skip)]
    is_minor: bool,
    /// The kind of account; one of unknown kind counts as a person.
    pub kind: AccountKind,
    pub role: Role,
    /// The sum of the ledger entries, without redemptions.
    pub total_points: i64,
    /// When the account was first seen.
    pub created_at: Timestamp,
    /// When the person first signed in.
    pub claimed_at: Option<Timestamp>,
    /// When the person closed the account.
    #[serde(skip)]
    pub closed_at: Option<Timestamp>,
    /// The current ban.
    #[sea_orm(nested)]
    pub ban: MemberBan,
}

/// A ban, as moderators see it. Every field is absent if there is no ban.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromQueryResult)]
pub struct MemberBan {
    #[sea_orm(from_alias = "ban_reason")]
    pub reason: Option<String>,
    #[sea_orm(from_alias = "ban_ends_at")]
    pub ends_at: Option<Timestamp>,
    /// When it began.
    #[sea_orm(from_alias = "banned_at")]
    pub at: Option<Timestamp>,
    /// The moderator's login; absent when an operator banned the person on the command line.
    #[sea_orm(from_alias = "banned_by")]
    pub by: Option<String>,
}

impl Member {
    /// Returns the person as lists show them. Of a closed account, only the login is shown.
    #[must_use]
    pub fn who(&self) -> Who {
        if self.closed_at.is_some() {
            return Who::of(self.login.as_str()).unlinked();
        }
        let picture = self.picture.clone();
        rules::shown_person(&self.login, self.name.as_deref(), picture, self.is_minor)
    }

    /// Returns the position after this person in the list. Logins are not unique, so it includes the ID.
    #[must_use]
    pub fn cursor(&self) -> String {
        format!("{}.{}", self.login, self.id.simple())
    }
}

/// Parses [`Member::cursor`]. Logins can contain dots, so a text without an ID is a login.
#[must_use]
pub fn place(after: &str) -> (String, Option<Uuid>) {
    let parts = after.rsplit_once('.');
    let read = parts.and_then(|(login, id)| Some((login, Uuid::try_parse(id).ok()?)));
    match read {
        Some((login, id)) => (login.to_owned(), Some(id)),
        None => (after.to_owned(), None),
    }
}

/// A filter of people.
#[derive(Clone, Debug, Default)]
pub struct MemberFilter {
    /// A part of the login, in any case, or of the name that it spells.
    pub login: String,
    /// A part of the login or the name, in any case.
    pub text: String,
    /// True if the text may also be a part of a verified address, which only admins see.
    pub by_address: bool,
    pub role: Option<Role>,
    /// The login to continue after, and the ID of the last person with it.
    pub after: (String, Option<Uuid>),
}

/// Returns the start of a query of [`Member`]s `u`, with the bans in force at the instant bound to `now`.
pub(super) fn select_members(now: &str) -> String {
    format!(
        "SELECT u.id, u.login, u.name, u.picture, u.is_minor, {KIND}, u.role, u.total_points, u.created_at, u.claimed_at, \
         u.closed_at, {COLUMNS}, \
         b.created_at AS banned_at, a.login AS banned_by \
         FROM users u {} LEFT JOIN users a ON a.id = b.by_id",
        holding(now)
    )
}

/// Lists people by login, with their current bans.
pub async fn members(
    db: &impl Sql,
    filter: &MemberFilter,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<Member>, DbError> {
    let mut query = db.query();
    let (login, id) = &filter.after;
    let login = query.bind(login.to_ascii_lowercase());
    let own = ascii_lower("u.login");
    let mut conditions = vec!["NOT u.is_deleted".to_owned()];
    match id {
        Some(id) => {
            let id = query.bind(*id);
            // The first part lets both engines seek in the index.
            conditions.push(format!("{own} >= {login}"));
            conditions.push(format!("({own} > {login} OR u.id > {id})"));
        }
        None => conditions.push(format!("{own} > {login}")),
    }
    if !filter.login.is_empty() {
        conditions.push(query.contains(&own, &FoldedText::spelled(&filter.login)));
    }
    if !filter.text.is_empty() {
        let part = FoldedText::of(&filter.text);
        let login = query.contains(&own, &FoldedText::spelled(&filter.text));
        let name = query.contains(&ascii_lower("coalesce(u.name, '')"), &part);
        let address = if filter.by_address {
            format!(
                " OR EXISTS (SELECT 1 FROM user_emails e WHERE e.user_id = u.id AND e.verified_at IS NOT NULL AND {})",
                query.contains(&ascii_lower("e.address"), &part)
            )
        } else {
            String::new()
        };
        conditions.push(format!("({login} OR {name} AND NOT u.is_minor{address})"));
    }
    if let Some(role) = filter.role {
        conditions.push(format!("u.role = {}", query.bind(role.as_str())));
    }
    let (conditions, limit) = (conditions.join(" AND "), query.bind(limit));
    let members = select_members(&query.bind(now));
    let sql = format!("{members} WHERE {conditions} ORDER BY {own}, u.id LIMIT {limit}");
    db.all(query.statement(sql)).await
}

//! Queries for check-ins.

use identity::model::UserId;
use kernel::Timestamp;
use platform::{
    db::{DbError, Sql},
    folded::FoldedText,
};
use sea_orm::FromQueryResult;
use ui::Who;
use uuid::Uuid;

use crate::model::HackathonId;

/// A person with a place.
#[derive(Clone, Debug)]
pub struct CheckInView {
    pub user_id: Uuid,
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// When they were checked in.
    pub checked_in_at: Option<Timestamp>,
    /// The login of the person who checked them in.
    pub checked_in_by: Option<String>,
}

/// The number of people with a place, and of those who are checked in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct CheckInCounts {
    /// The people with a place.
    pub places: i64,
    /// The people who are checked in.
    pub checked_in: i64,
}

const PLACED: &str = "FROM applications a JOIN check_ins c ON c.id = a.id WHERE a.hackathon_id = $1 \
     AND a.status IN ('auto_accepted', 'approved')";

/// Counts the people with a place at a hackathon, and those who are checked in.
pub async fn check_in_counts(
    db: &impl Sql,
    hackathon: HackathonId,
) -> Result<CheckInCounts, DbError> {
    let sql = format!("SELECT count(*) AS places, count(c.checked_in_at) AS checked_in {PLACED}");
    let found = db.one(db.statement(&sql, [hackathon.into()])).await?;
    Ok(found.unwrap_or_default())
}

/// Lists the people with a place at a hackathon whose login or name contains a text in any case, by login, at most `limit`.
pub async fn check_ins(
    db: &impl Sql,
    hackathon: HackathonId,
    search: &str,
    limit: usize,
) -> Result<Vec<CheckInView>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
        checked_in_at: Option<Timestamp>,
        checked_in_by_id: Option<Uuid>,
    }
    let sql = format!("SELECT a.user_id, c.checked_in_at, c.checked_in_by_id {PLACED}");
    let rows: Vec<Row> = db.all(db.statement(&sql, [hackathon.into()])).await?;
    let people = rows.iter().flat_map(|row| {
        let by = row.checked_in_by_id.into_iter();
        by.chain([row.user_id]).map(UserId::new)
    });
    let known = identity::reads::who(db, people).await?;
    let who = |id: Uuid| known.get(&UserId::new(id)).cloned();
    let (name, search) = (FoldedText::of(search), FoldedText::spelled(search));
    let view = |row: Row| CheckInView {
        user_id: row.user_id,
        login: who(row.user_id).map(|who| who.login).unwrap_or_default(),
        who: who(row.user_id).unwrap_or_default(),
        checked_in_at: row.checked_in_at,
        checked_in_by: row.checked_in_by_id.and_then(who).map(|who| who.login),
    };
    let found = rows.into_iter().map(view);
    let mut found: Vec<_> = found.filter(|it| is_found(&it.who, &search, &name)).collect();
    found.sort_unstable_by_key(|it| it.login.to_lowercase());
    found.truncate(limit);
    Ok(found)
}

/// Returns whether the login of a person contains a text, or their name does.
fn is_found(who: &Who, login: &FoldedText, name: &FoldedText) -> bool {
    let has_name = |own: &String| FoldedText::of(own).contains(name);
    FoldedText::of(&who.login).contains(login) || who.name.as_ref().is_some_and(has_name)
}

/// Finds the person of a hackathon with a check-in code.
pub async fn person_with_code(
    db: &impl Sql,
    hackathon: HackathonId,
    code: &str,
) -> Result<Option<UserId>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        user_id: Uuid,
    }
    let sql = "SELECT a.user_id FROM check_ins c JOIN applications a ON a.id = c.id \
               WHERE c.hackathon_id = $1 AND c.code = $2";
    let values = [hackathon.into(), code.into()];
    let found: Option<Row> = db.one(db.statement(sql, values)).await?;
    Ok(found.map(|row| row.user_id.into()))
}

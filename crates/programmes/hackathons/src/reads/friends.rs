use identity::model::UserId;
use kernel::Timestamp;
use platform::db::{DbError, Sql};
use sea_orm::FromQueryResult;
use serde_json::{Map, Value, json};
use ui::Who;
use uuid::Uuid;

use crate::{
    model::{FriendList, FriendStatus, FriendshipId},
    rules::friends::StoredFriendship,
};

/// The number of people whom the export reads at once.
const BATCH: i64 = 500;

/// The number up to which requests are counted for the link to them.
const COUNTED: i64 = 99;

/// A stored friendship, request or block.
#[derive(Clone, Debug, FromQueryResult)]
pub struct FriendshipView {
    pub id: Uuid,
    /// The requester; in a block, the person who is blocked.
    pub requester_id: Uuid,
    /// The addressee; in a block, the person who blocks.
    pub addressee_id: Uuid,
    pub status: FriendStatus,
    /// When the status was reached.
    pub status_at: Timestamp,
    /// When the request that waits was sent.
    pub requested_at: Option<Timestamp>,
    is_mutual: bool,
}

impl FriendshipView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> FriendshipId {
        self.id.into()
    }

    /// Returns a person's side of it.
    #[must_use]
    pub fn of(&self, person: UserId) -> StoredFriendship {
        StoredFriendship {
            is_requester: self.requester_id == person.0,
            status: self.status,
            is_waiting: self.requested_at.is_some(),
            is_mutual: self.is_mutual,
        }
    }
}

const FRIENDSHIP: &str = "SELECT f.id, f.requester_id, f.addressee_id, f.status, f.status_at, f.requested_at, \
     f.is_mutual FROM friendships f";

/// Finds the row of two people.
pub async fn friendship(
    db: &impl Sql,
    person: UserId,
    other: UserId,
) -> Result<Option<FriendshipView>, DbError> {
    let sql = format!("{FRIENDSHIP} WHERE f.low_id = $1 AND f.high_id = $2");
    let values = [person.min(other).into(), person.max(other).into()];
    db.one(db.statement(&sql, values)).await
}

/// Finds a row by its ID.
pub async fn friendship_by_id(
    db: &impl Sql,
    id: FriendshipId,
) -> Result<Option<FriendshipView>, DbError> {
    let sql = format!("{FRIENDSHIP} WHERE f.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Returns whether two people are friends.
pub async fn are_friends(db: &impl Sql, person: UserId, other: UserId) -> Result<bool, DbError> {
    let found = friendship(db, person, other).await?;
    Ok(found.is_some_and(|found| found.status == FriendStatus::Accepted))
}

/// A person in a list of another's.
#[derive(Clone, Debug)]
pub struct FriendView {
    pub login: String,
    /// The person as lists show them.
    pub who: Who,
    /// Since when they are friends, or when the request was sent; `None` for blocked people.
    pub since: Option<Timestamp>,
}

/// A page of a list of people.
#[derive(Clone, Debug, Default)]
pub struct FriendsView {
    pub people: Vec<FriendView>,
    /// The last of them, after whom the next page begins; `None` on the last page.
    pub next: Option<Uuid>,
}

/// Lists people of a person after one of them, in the order in which they came to this server. People who closed their account are
/// not in it, so a page can have fewer people than `limit`.
pub async fn friends(
    db: &impl Sql,
    person: UserId,
    list: FriendList,
    after: Option<UserId>,
    limit: i64,
) -> Result<FriendsView, DbError> {
    let mut rows = rows(db, person, list, after, limit.saturating_add(1)).await?;
    let limit = usize::try_from(limit).unwrap_or(0);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let next = rows.last().filter(|_| more).map(|last| last.person_id);
    let people = rows.iter().map(|row| UserId::new(row.person_id));
    let mut known = identity::reads::who(db, people).await?;
    let view = |row: Row| {
        let who = known.remove(&row.person_id.into()).unwrap_or_default();
        FriendView {
            login: who.login.clone(),
            who,
            since: Some(row.since).filter(|_| list != FriendList::Blocked),
        }
    };
    let people = rows.into_iter().map(view);
    Ok(FriendsView {
        people: people.filter(|it| identity::rules::has_profile(&it.login)).collect(),
        next,
    })
}

#[derive(FromQueryResult)]
struct Row {
    person_id: Uuid,
    since: Timestamp,
}

async fn rows(
    db: &impl Sql,
    person: UserId,
    list: FriendList,
    after: Option<UserId>,
    limit: i64,
) -> Result<Vec<Row>, DbError> {
    let mut query = db.query();
    let me = query.bind(person);
    let asked = format!(
        "SELECT f.addressee_id AS person_id, coalesce(f.requested_at, f.status_at) AS since \
         FROM friendships f WHERE f.requester_id = {me}"
    );
    let was_asked = format!(
        "SELECT f.requester_id AS person_id, coalesce(f.requested_at, f.status_at) AS since \
         FROM friendships f WHERE f.addressee_id = {me}"
    );
    let listed = match list {
        FriendList::Friends => format!(
            "{asked} AND f.status = 'accepted' UNION ALL {was_asked} AND f.status = 'accepted'"
        ),
        FriendList::Received => format!("{was_asked} AND f.status = 'pending'"),
        // The request to a person who blocks the requester looks like any other.
        FriendList::Sent => {
            format!("{asked} AND f.status IN ('pending', 'blocked') AND f.requested_at IS NOT NULL")
        }
        FriendList::Blocked => {
            let mutual = query.bind(true);
            format!(
                "{asked} AND f.status = 'blocked' AND f.is_mutual = {mutual} \
                 UNION ALL {was_asked} AND f.status = 'blocked'"
            )
        }
    };
    let later = match after {
        Some(after) => format!("WHERE p.person_id > {}", query.bind(after)),
        None => String::new(),
    };
    let limit = query.bind(limit);
    let sql = format!(
        "SELECT p.person_id, p.since FROM ({listed}) p {later} ORDER BY p.person_id LIMIT {limit}"
    );
    db.all(query.statement(sql)).await
}

/// Counts the requests that wait for a person's answer, up to 99.
pub async fn waiting_requests(db: &impl Sql, person: UserId) -> Result<i64, DbError> {
    let found = friends(db, person, FriendList::Received, None, COUNTED).await?;
    Ok(i64::try_from(found.people.len()).unwrap_or(COUNTED))
}

/// Exports the lists of a person: what they see, and nothing of what others do not show them.
pub(super) async fn export_friends(db: &impl Sql, person: UserId) -> Result<Value, DbError> {
    let mut lists = Map::new();
    for list in FriendList::ALL {
        let (mut all, mut after) = (Vec::new(), None);
        loop {
            let page = friends(db, person, list, after, BATCH).await?;
            let row = |it: FriendView| json!({ "login": it.login, "since": it.since });
            all.extend(page.people.into_iter().map(row));
            after = page.next.map(UserId::new);
            if after.is_none() {
                break;
            }
        }
        lists.insert(list.as_str().to_owned(), all.into());
    }
    Ok(lists.into())
}

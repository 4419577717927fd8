use kernel::{Problem, ProblemKind, Timestamp};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use super::PushServices;
use crate::{
    ActionError, Context,
    db::{DbError, Sql, Tx},
};

/// The most browsers that one person is told things by.
const MOST: usize = 20;

/// A browser that wants to be told things, as it says itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewBrowser {
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its public key, in base64 for addresses.
    pub p256dh: String,
    /// What it shares with whoever tells it something, in the same.
    pub auth: String,
    /// What it calls itself.
    pub user_agent: Option<String>,
}

/// A browser that is told things.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Browser {
    /// Its id.
    pub id: Uuid,
    /// When it was added.
    pub created_at: Timestamp,
    /// Where its push service takes messages for it.
    pub endpoint: String,
    /// Its public key.
    pub p256dh: String,
    /// What it shares with whoever tells it something.
    pub auth: String,
    /// What it calls itself.
    pub user_agent: Option<String>,
}

impl Browser {
    /// The host of its push service.
    #[must_use]
    pub fn service(&self) -> String {
        let url = reqwest::Url::parse(&self.endpoint).ok();
        let host = url.and_then(|url| url.host_str().map(str::to_owned));
        host.unwrap_or_default()
    }
}

const BROWSER: &str = "id, created_at, endpoint, p256dh, auth, user_agent";

/// Adds a browser to those that a person is told things by, on the caller's transaction; gives it, and
/// whether it is new to them. One that was somebody else's is theirs no more.
///
/// # Errors
/// A sentence when it gives what cannot be used or the person has too many; or the database fails.
pub async fn add(
    tx: &Tx,
    context: &Context,
    services: &PushServices,
    person: Uuid,
    new: &NewBrowser,
) -> Result<(Browser, bool), ActionError> {
    let new = services.check(new)?;
    let known = of_person(tx, person).await?;
    let before = known.iter().find(|known| known.endpoint == new.endpoint);
    if before.is_none() && known.len() >= MOST {
        let detail = format!(
            "News reaches at most {MOST} browsers of yours. Remove one at /settings/notifications."
        );
        return Err(Problem::new(ProblemKind::Conflict, "TOO_MANY_BROWSERS", detail).into());
    }
    let browser = Browser {
        id: before.map_or_else(|| context.ids.next(), |before| before.id),
        created_at: before.map_or_else(|| context.now(), |before| before.created_at),
        endpoint: new.endpoint,
        p256dh: new.p256dh,
        auth: new.auth,
        user_agent: new.user_agent,
    };
    let sql = "DELETE FROM push_subscriptions WHERE endpoint = $1";
    tx.run(tx.statement(sql, [browser.endpoint.as_str().into()]))
        .await?;
    insert(tx, person, &browser).await?;
    Ok((browser, before.is_none()))
}

async fn insert(tx: &Tx, person: Uuid, browser: &Browser) -> Result<(), DbError> {
    let sql = "INSERT INTO push_subscriptions \
               (id, created_at, person_id, endpoint, p256dh, auth, user_agent) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let values = [
        browser.id.into(),
        browser.created_at.into(),
        person.into(),
        browser.endpoint.as_str().into(),
        browser.p256dh.as_str().into(),
        browser.auth.as_str().into(),
        browser.user_agent.clone().into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

/// The browsers that a person is told things by, the oldest first.
pub async fn of_person(db: &impl Sql, person: Uuid) -> Result<Vec<Browser>, DbError> {
    let sql = format!("SELECT {BROWSER} FROM push_subscriptions WHERE person_id = $1 ORDER BY id");
    db.all(db.statement(&sql, [person.into()])).await
}

/// Tells a person nothing more by a browser of theirs, on the caller's transaction; gives which it was.
pub async fn remove(tx: &Tx, person: Uuid, id: Uuid) -> Result<Option<Browser>, DbError> {
    let all = of_person(tx, person).await?;
    let own = all.into_iter().find(|browser| browser.id == id);
    if own.is_some() {
        end(tx, id).await?;
    }
    Ok(own)
}

/// One by the id that messages name it by.
pub(super) async fn find(db: &impl Sql, id: Uuid) -> Result<Option<Browser>, DbError> {
    let sql = format!("SELECT {BROWSER} FROM push_subscriptions WHERE id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

/// Ends a subscription.
pub(super) async fn end(tx: &Tx, id: Uuid) -> Result<(), DbError> {
    let sql = "DELETE FROM push_subscriptions WHERE id = $1";
    tx.run(tx.statement(sql, [id.into()])).await?;
    Ok(())
}

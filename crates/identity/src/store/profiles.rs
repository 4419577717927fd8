//! Names, pictures and profiles of people.

use kernel::Timestamp;
use platform::{
    Context,
    db::{DbError, Sql, Tx},
};
use sea_orm::FromQueryResult;

use crate::model::{Profile, UserId, WantedAvatar};

/// A stored profile, with what the account itself has of it.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StoredProfile {
    pub(crate) name: Option<String>,
    pub(crate) picture: Option<String>,
    pub(crate) avatar_url: Option<String>,
    pub(crate) is_minor: bool,
    pub(crate) timezone: Option<String>,
    pub(crate) bio: Option<String>,
    pub(crate) pronouns: Option<String>,
    pub(crate) location: Option<String>,
    pub(crate) links: Option<String>,
    pub(crate) open_to: Option<String>,
    pub(crate) contact: Option<String>,
    pub(crate) hidden: Option<String>,
    pub(crate) avatar_asked_at: Option<Timestamp>,
}

pub(crate) async fn find(db: &impl Sql, id: UserId) -> Result<Option<StoredProfile>, DbError> {
    let sql = "SELECT u.name, u.picture, u.avatar_url, u.is_minor, u.timezone, p.bio, p.pronouns, p.location, \
               p.links, p.open_to, p.contact, p.hidden, p.avatar_asked_at \
               FROM users u LEFT JOIN profiles p ON p.user_id = u.id WHERE u.id = $1";
    db.one(db.statement(sql, [id.into()])).await
}

/// Inserts an empty profile of a person who has none. Returns whether they had none.
pub(crate) async fn begin(tx: &Tx, context: &Context, id: UserId) -> Result<bool, DbError> {
    let sql = "INSERT INTO profiles (id, created_at, updated_at, user_id, bio, pronouns, location, links, open_to, contact, hidden) \
               VALUES ($1, $2, $2, $3, '', '', '', '[]', '', '', '') ON CONFLICT (user_id) DO NOTHING";
    let values = [context.ids.next().into(), context.now().into(), id.into()];
    Ok(tx.run(tx.statement(sql, values)).await? > 0)
}

/// Stores the name and the profile of a person.
pub(crate) async fn save(
    tx: &Tx,
    id: UserId,
    profile: &Profile,
    links: String,
    now: Timestamp,
) -> Result<(), DbError> {
    let name = Some(profile.name.clone()).filter(|name| !name.is_empty());
    let sql = "UPDATE users SET name = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [name.into(), now.into(), id.into()])).await?;
    let open_to: Vec<&str> = profile.open_to.iter().map(|code| code.as_str()).collect();
    let hidden: Vec<&str> = profile.hidden.iter().map(|code| code.as_str()).collect();
    let sql = "UPDATE profiles SET bio = $1, pronouns = $2, location = $3, links = $4, open_to = $5, contact = $6, \
               hidden = $7, updated_at = $8 WHERE user_id = $9";
    let values = [
        profile.bio.clone().into(),
        profile.pronouns.clone().into(),
        profile.location.clone().into(),
        links.into(),
        open_to.join(",").into(),
        profile.contact.clone().into(),
        hidden.join(",").into(),
        now.into(),
        id.into(),
    ];
    tx.run(tx.statement(sql, values)).await?;
    Ok(())
}

pub(crate) async fn set_picture(
    tx: &Tx,
    id: UserId,
    picture: Option<String>,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE users SET picture = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [picture.into(), now.into(), id.into()])).await?;
    Ok(())
}

pub(crate) async fn set_minor(
    tx: &Tx,
    id: UserId,
    is_minor: bool,
    now: Timestamp,
) -> Result<(), DbError> {
    let sql = "UPDATE users SET is_minor = $1, updated_at = $2 WHERE id = $3";
    tx.run(tx.statement(sql, [is_minor.into(), now.into(), id.into()])).await?;
    Ok(())
}

/// Notes when the avatar on GitHub was asked for, or that it no longer is.
pub(crate) async fn ask_for_avatar(
    tx: &Tx,
    id: UserId,
    at: Option<Timestamp>,
) -> Result<(), DbError> {
    let sql = "UPDATE profiles SET avatar_asked_at = $1 WHERE user_id = $2";
    tx.run(tx.statement(sql, [at.into(), id.into()])).await?;
    Ok(())
}

/// Returns the avatar that a person asked for.
pub(crate) async fn wanted_avatar(
    db: &impl Sql,
    id: UserId,
) -> Result<Option<WantedAvatar>, DbError> {
    let sql = "SELECT u.id AS user_id, u.avatar_url, p.avatar_asked_at AS asked_at FROM users u \
               JOIN profiles p ON p.user_id = u.id WHERE u.id = $1 AND p.avatar_asked_at IS NOT NULL \
               AND u.avatar_url IS NOT NULL AND NOT u.is_minor AND NOT u.is_deleted";
    db.one(db.statement(sql, [id.into()])).await
}

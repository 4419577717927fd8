//! Names, pictures and profiles of people.

use std::collections::HashMap;

use platform::db::{DbError, Engine, Kind, Sql, code, ids};
use ui::Who;
use uuid::Uuid;

use crate::{
    model::{OpenTo, Profile, ProfilePart, UserId},
    rules,
    store::profiles::{self, StoredProfile},
};

/// The name and the picture of a person, as others see them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonName {
    pub name: Option<String>,
    pub picture: Option<String>,
}

/// The profile of a person, with what the account itself has of it.
#[derive(Clone, Debug, Default)]
pub struct OwnProfile {
    pub profile: Profile,
    /// The path of the picture.
    pub picture: Option<String>,
    pub timezone: Option<String>,
    pub is_minor: bool,
    /// True if the account on GitHub has an avatar.
    pub has_avatar: bool,
    /// True while the avatar on GitHub is being fetched.
    pub awaits_avatar: bool,
}

impl OwnProfile {
    /// Returns the name and the picture that others see.
    #[must_use]
    pub fn shown(&self) -> PersonName {
        let picture = self.picture.clone().filter(|_| !self.is_minor);
        PersonName { name: rules::shown_name(&self.profile.name, self.is_minor), picture }
    }
}

impl TryFrom<StoredProfile> for OwnProfile {
    type Error = DbError;

    fn try_from(stored: StoredProfile) -> Result<Self, DbError> {
        let text = Option::unwrap_or_default;
        let links = stored.links.as_deref().unwrap_or("[]");
        Ok(Self {
            profile: Profile {
                name: text(stored.name),
                bio: text(stored.bio),
                pronouns: text(stored.pronouns),
                location: text(stored.location),
                links: serde_json::from_str(links).unwrap_or_default(),
                open_to: listed(stored.open_to.as_deref())
                    .map(|text| code("profiles.open_to", text, OpenTo::named))
                    .collect::<Result<_, _>>()?,
                contact: text(stored.contact),
                hidden: hidden(stored.hidden.as_deref())?,
            },
            picture: stored.picture,
            timezone: stored.timezone,
            is_minor: stored.is_minor,
            has_avatar: stored.avatar_url.is_some(),
            awaits_avatar: stored.avatar_asked_at.is_some(),
        })
    }
}

/// Returns the codes of a stored list.
fn listed(stored: Option<&str>) -> impl Iterator<Item = &str> {
    stored.unwrap_or_default().split(',').filter(|text| !text.is_empty())
}

/// Returns the parts of a stored list.
fn hidden(stored: Option<&str>) -> Result<Vec<ProfilePart>, DbError> {
    listed(stored).map(|text| code("profiles.hidden", text, ProfilePart::named)).collect()
}

/// Returns the profile of a person.
pub async fn profile(db: &impl Sql, person: UserId) -> Result<OwnProfile, DbError> {
    let stored = profiles::find(db, person).await?;
    Ok(stored.map(TryInto::try_into).transpose()?.unwrap_or_default())
}

/// Returns whether a person is a minor, so that they have neither pictures nor a public page.
pub async fn is_minor(db: &impl Sql, person: UserId) -> Result<bool, DbError> {
    let sql = "SELECT count(*) FROM users WHERE id = $1 AND is_minor";
    Ok(db.count(db.statement(sql, [person.into()])).await? > 0)
}

/// Returns the minors among people. Without IDs, it runs no query.
pub async fn minors(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<Vec<UserId>, DbError> {
    let people: Vec<UserId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    let sql = format!("SELECT u.id FROM {rows} JOIN users u ON u.id = r.id WHERE u.is_minor");
    let rows: Vec<(Uuid,)> = db.documents(query.documents(&[("id", Kind::Uuid)], &sql)).await?;
    Ok(rows.into_iter().map(|(id,)| id.into()).collect())
}

/// Returns the people among some who have a public page, as lists show them, each with the parts of it that they hide. Without IDs,
/// it runs no query.
pub async fn public_people(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, (Who, Vec<ProfilePart>)>, DbError> {
    let people: Vec<UserId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    let sql = format!(
        "SELECT u.id, u.login, u.name, u.picture, p.hidden FROM {rows} JOIN users u ON u.id = r.id \
         LEFT JOIN profiles p ON p.user_id = u.id \
         WHERE NOT u.is_minor AND NOT u.is_deleted AND u.closed_at IS NULL"
    );
    let columns = [
        ("id", Kind::Uuid),
        ("login", Kind::Text),
        ("name", Kind::Text),
        ("picture", Kind::Text),
        ("hidden", Kind::Text),
    ];
    let rows: Vec<PublicRow> = db.documents(query.documents(&columns, &sql)).await?;
    let person = |(id, login, name, picture, stored): PublicRow| {
        let (id, who) = shown((id, login, name, picture, 0));
        hidden(stored.as_deref()).map(|parts| (id, (who, parts)))
    };
    rows.into_iter().map(person).collect()
}

/// Returns people as lists show them, by ID, in one statement. Without IDs, it runs no query.
pub async fn who(
    db: &impl Sql,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Who>, DbError> {
    let people: Vec<UserId> = people.into_iter().collect();
    if people.is_empty() {
        return Ok(HashMap::new());
    }
    let mut query = db.query();
    let rows = query.rows(ids(people), "r");
    // Closed accounts are shown by a placeholder login, without a name and a picture.
    let sql = format!(
        "SELECT u.id, CASE WHEN u.closed_at IS NULL OR u.erased_at IS NOT NULL THEN u.login END AS login, \
         CASE WHEN NOT u.is_deleted THEN u.name END AS name, \
         CASE WHEN NOT u.is_deleted AND NOT u.is_minor THEN u.picture END AS picture, \
         CASE WHEN u.is_minor THEN 1 ELSE 0 END AS is_minor FROM {rows} JOIN users u ON u.id = r.id"
    );
    let columns = [
        ("id", Kind::Uuid),
        ("login", Kind::Text),
        ("name", Kind::Text),
        ("picture", Kind::Text),
        ("is_minor", Kind::Int),
    ];
    let rows: Vec<Row> = db.documents(query.documents(&columns, &sql)).await?;
    Ok(rows.into_iter().map(shown).collect())
}

/// Returns an SQL expression for a person as work shows whom it is about, as JSON; null for minors and for accounts that are
/// closed. `id` is an expression for the ID.
#[must_use]
pub fn person_json(engine: Engine, id: &str) -> String {
    let object = "('login', u.login, 'name', u.name, 'picture', u.picture)";
    let object = match engine {
        Engine::Sqlite => format!("json_object{object}"),
        Engine::Postgres => format!("CAST(json_build_object{object} AS text)"),
    };
    format!(
        "(SELECT {object} FROM users u WHERE u.id = {id} AND NOT u.is_minor AND NOT u.is_deleted AND u.closed_at IS NULL)"
    )
}

type Row = (Uuid, Option<String>, Option<String>, Option<String>, i64);
type PublicRow = (Uuid, Option<String>, Option<String>, Option<String>, Option<String>);

fn shown((id, login, name, picture, is_minor): Row) -> (UserId, Who) {
    let login = login.unwrap_or_else(|| rules::closed_login(id));
    (id.into(), rules::shown_person(&login, name.as_deref(), picture, is_minor != 0))
}

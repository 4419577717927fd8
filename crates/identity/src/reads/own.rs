//! Exports of a person's data.

use kernel::Timestamp;
use platform::db::{DbError, Kind, Sql, Tx, own_rows};

use crate::{
    model::UserId,
    rules::EXPORT_LASTS,
    store::{merges, privacy},
};

/// The state of a person's export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExportState {
    /// When they requested it.
    pub asked_at: Timestamp,
    /// When it was prepared.
    pub made_at: Option<Timestamp>,
    /// When it expires.
    pub ends_at: Timestamp,
}

/// Returns the state of a person's export; `None` before they request one and after it expires.
pub async fn export_state(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<ExportState>, DbError> {
    let export = privacy::export(db, person).await?;
    let state = export.map(|export| ExportState {
        asked_at: export.created_at,
        made_at: export.completed_at,
        ends_at: export.created_at + EXPORT_LASTS,
    });
    Ok(state.filter(|state| now < state.ends_at))
}

/// Returns a person's export, from when it is prepared until it expires.
pub async fn export_document(
    db: &impl Sql,
    person: UserId,
    now: Timestamp,
) -> Result<Option<Vec<u8>>, DbError> {
    privacy::document(db, person, now - EXPORT_LASTS).await
}

/// Lists the accounts that deliveries created and that are linked to a person.
pub async fn linked_accounts(tx: &Tx, person: UserId) -> Result<Vec<UserId>, DbError> {
    merges::origins(tx, person).await
}

/// Returns the data that this module stores about a person. Secrets are left out.
pub async fn export(db: &impl Sql, person: UserId) -> Result<serde_json::Value, DbError> {
    let mut stored = serde_json::Map::new();
    for (name, columns, sql) in OWN {
        let rows = own_rows(db, person.0, columns, sql).await?;
        stored.insert((*name).to_owned(), rows);
    }
    Ok(stored.into())
}

type Own = (&'static str, &'static [(&'static str, Kind)], &'static str);

/// The parts of an export.
const OWN: &[Own] = &[
    (
        "account",
        &[
            ("created_at", Kind::At),
            ("login", Kind::Text),
            ("name", Kind::Text),
            ("avatar_url", Kind::Text),
            ("picture", Kind::Text),
            ("role", Kind::Text),
            ("timezone", Kind::Text),
            ("theme", Kind::Text),
            ("total_points", Kind::Int),
            ("claimed_at", Kind::At),
        ],
        "SELECT created_at, login, name, avatar_url, picture, role, timezone, theme, total_points, \
         claimed_at \
         FROM users WHERE id = $1",
    ),
    (
        "profile",
        &[
            ("created_at", Kind::At),
            ("updated_at", Kind::At),
            ("bio", Kind::Text),
            ("pronouns", Kind::Text),
            ("location", Kind::Text),
            ("links", Kind::Text),
            ("open_to", Kind::Text),
            ("contact", Kind::Text),
            ("hidden", Kind::Text),
        ],
        "SELECT created_at, updated_at, bio, pronouns, location, links, open_to, contact, hidden \
         FROM profiles WHERE user_id = $1",
    ),
    (
        "identities",
        &[
            ("created_at", Kind::At),
            ("provider", Kind::Text),
            ("subject", Kind::Text),
            ("label", Kind::Text),
            ("account_created_at", Kind::At),
            ("used_at", Kind::At),
            ("unlinked_at", Kind::At),
        ],
        "SELECT created_at, provider, subject, label, account_created_at, used_at, unlinked_at \
         FROM user_identities WHERE user_id = $1 ORDER BY id",
    ),
    (
        "logins",
        &[("created_at", Kind::At), ("login", Kind::Text)],
        "SELECT created_at, login FROM user_logins WHERE user_id = $1 ORDER BY id",
    ),
    (
        "addresses",
        &[("created_at", Kind::At), ("address", Kind::Text), ("verified_at", Kind::At)],
        "SELECT created_at, address, verified_at FROM user_emails WHERE user_id = $1 ORDER BY id",
    ),
    (
        "invitations",
        &[("created_at", Kind::At), ("address", Kind::Text)],
        "SELECT created_at, address FROM invitations WHERE invited_by_id = $1 ORDER BY id",
    ),
    (
        "sessions",
        &[
            ("created_at", Kind::At),
            ("last_seen_at", Kind::At),
            ("expires_at", Kind::At),
            ("revoked_at", Kind::At),
            ("user_agent", Kind::Text),
            ("address_prefix", Kind::Text),
            ("factor_proven_at", Kind::At),
        ],
        "SELECT created_at, last_seen_at, expires_at, revoked_at, user_agent, address_prefix, factor_proven_at \
         FROM sessions WHERE user_id = $1 ORDER BY id",
    ),
    (
        "tokens",
        &[
            ("created_at", Kind::At),
            ("name", Kind::Text),
            ("scopes", Kind::Text),
            ("expires_at", Kind::At),
            ("last_used_at", Kind::At),
            ("revoked_at", Kind::At),
        ],
        "SELECT created_at, name, scopes, expires_at, last_used_at, revoked_at FROM api_tokens \
         WHERE user_id = $1 ORDER BY id",
    ),
    (
        "second_factor",
        &[("created_at", Kind::At), ("confirmed_at", Kind::At)],
        "SELECT created_at, confirmed_at FROM second_factors WHERE user_id = $1",
    ),
    (
        "recovery_codes",
        &[("created_at", Kind::At), ("used_at", Kind::At)],
        "SELECT created_at, used_at FROM recovery_codes WHERE user_id = $1 ORDER BY id",
    ),
    (
        "wrong_codes",
        &[("created_at", Kind::At)],
        "SELECT created_at FROM wrong_codes WHERE user_id = $1 ORDER BY id",
    ),
    (
        "github_connection",
        &[
            ("created_at", Kind::At),
            ("login", Kind::Text),
            ("scopes", Kind::Text),
            ("revoked_at", Kind::At),
        ],
        "SELECT created_at, login, scopes, revoked_at FROM github_tokens WHERE user_id = $1",
    ),
    (
        "bans",
        &[("created_at", Kind::At), ("reason", Kind::Text), ("ends_at", Kind::At)],
        "SELECT created_at, reason, ends_at FROM bans WHERE user_id = $1 ORDER BY id",
    ),
];

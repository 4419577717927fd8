//! Queries for redemptions of rewards.

use identity::model::UserId;
use kernel::{Points, Timestamp};
use platform::db::{DbError, Query, Sql};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::model::{ClaimKind, RedemptionId, RedemptionStatus, RewardId};

#[derive(Clone, Debug, FromQueryResult)]
pub struct RedemptionView {
    pub id: Uuid,
    pub reward_id: Uuid,
    /// The slug of the reward.
    pub slug: String,
    /// The name of the reward.
    pub name: String,
    pub claim_kind: ClaimKind,
    pub user_id: Uuid,
    /// The login of the person.
    #[sea_orm(from_alias = "login")]
    pub login: Option<String>,
    pub cost: Points,
    pub status: RedemptionStatus,
    /// When the status was reached.
    pub status_at: Timestamp,
    /// When the person redeemed the reward.
    pub created_at: Timestamp,
    /// The claim details, encrypted.
    pub claim: Option<Vec<u8>>,
    /// The coupon code, encrypted.
    pub code: Option<Vec<u8>>,
}

impl RedemptionView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> RedemptionId {
        self.id.into()
    }

    /// Returns the login of the person; empty if it is not known.
    #[must_use]
    pub fn person(&self) -> &str {
        self.login.as_deref().unwrap_or_default()
    }
}

const REDEMPTION: &str = "SELECT d.id, d.reward_id, r.slug, r.name, r.claim_kind, d.user_id, \
     NULL AS login, d.cost, d.status, d.status_at, d.created_at, d.claim_secret AS claim, c.code_secret AS code \
     FROM reward_redemptions d JOIN rewards r ON r.id = d.reward_id \
     LEFT JOIN reward_codes c ON c.redemption_id = d.id";

/// Adds the logins of people.
async fn named(
    db: &impl Sql,
    mut found: Vec<RedemptionView>,
) -> Result<Vec<RedemptionView>, DbError> {
    let people = found.iter().map(|row| UserId::new(row.user_id));
    let logins = identity::reads::logins(db, people).await?;
    for row in &mut found {
        row.login = logins.get(&row.user_id.into()).cloned();
    }
    Ok(found)
}

pub async fn redemption(
    db: &impl Sql,
    id: RedemptionId,
) -> Result<Option<RedemptionView>, DbError> {
    let sql = format!("{REDEMPTION} WHERE d.id = $1");
    let found: Vec<RedemptionView> = db.all(db.statement(&sql, [id.into()])).await?;
    Ok(named(db, found).await?.pop())
}

/// Lists the redemptions of a person before one of them, latest first.
pub async fn redemptions_of(
    db: &impl Sql,
    person: UserId,
    before: Option<RedemptionId>,
    limit: i64,
) -> Result<Vec<RedemptionView>, DbError> {
    let mut query = db.query();
    let person = query.bind(person);
    let before = before.map_or(String::new(), |id| format!("AND d.id < {}", query.bind(id)));
    let limit = query.bind(limit);
    let sql = format!(
        "{REDEMPTION} WHERE d.user_id = {person} {before} ORDER BY d.id DESC LIMIT {limit}"
    );
    named(db, db.all(query.statement(sql)).await?).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedemptionPart {
    /// Redemptions that wait for an admin: requested, approved and fulfilled ones.
    Open,
    With(RedemptionStatus),
    All,
}

impl RedemptionPart {
    /// Returns the part with a name: `open`, `all` or a status.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "" | "open" => Some(Self::Open),
            "all" => Some(Self::All),
            status => RedemptionStatus::named(status).map(Self::With),
        }
    }

    fn condition(self, query: &mut Query) -> String {
        match self {
            Self::All => "true".to_owned(),
            Self::Open => "d.status IN ('requested', 'approved', 'fulfilled')".to_owned(),
            Self::With(status) => format!("d.status = {}", query.bind(status.as_str())),
        }
    }
}

/// Lists redemptions after one of them, earliest first.
pub async fn redemptions(
    db: &impl Sql,
    part: RedemptionPart,
    after: Option<RedemptionId>,
    limit: i64,
) -> Result<Vec<RedemptionView>, DbError> {
    let mut query = db.query();
    let part = part.condition(&mut query);
    let after = after.map_or(String::new(), |id| format!("AND d.id > {}", query.bind(id)));
    let limit = query.bind(limit);
    let sql = format!("{REDEMPTION} WHERE {part} {after} ORDER BY d.id LIMIT {limit}");
    named(db, db.all(query.statement(sql)).await?).await
}

/// Lists all redemptions after one of them by ID, without logins, for comparing them with the ledger.
pub async fn redemptions_after(
    db: &impl Sql,
    after: Uuid,
    limit: i64,
) -> Result<Vec<RedemptionView>, DbError> {
    let sql = format!("{REDEMPTION} WHERE d.id > $1 ORDER BY d.id LIMIT $2");
    db.all(db.statement(&sql, [after.into(), limit.into()])).await
}

/// Counts the redemptions of a reward that a person has: those that are not canceled.
pub async fn redemptions_held(
    db: &impl Sql,
    reward: RewardId,
    person: UserId,
) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM reward_redemptions d WHERE d.reward_id = $1 AND d.user_id = $2 \
               AND d.status <> 'canceled'";
    db.count(db.statement(sql, [reward.into(), person.into()])).await
}

/// Counts the redemptions that were requested before an instant, and are not fulfilled.
pub async fn overdue(db: &impl Sql, before: Timestamp) -> Result<i64, DbError> {
    let sql = "SELECT count(*) FROM reward_redemptions d WHERE d.status IN ('requested', 'approved') \
               AND d.created_at <= $1";
    db.count(db.statement(sql, [before.into()])).await
}

//! Queries for rewards.

use std::collections::{BTreeSet, HashMap};

use kernel::{Points, Timestamp};
use platform::db::{DbError, Sql, ids};
use sea_orm::FromQueryResult;
use uuid::Uuid;

use crate::{
    model::{ClaimKind, RewardId, RewardKind},
    rules::rewards::{Offer, RewardDetails},
};

#[derive(Clone, Debug, FromQueryResult)]
pub struct RewardView {
    pub id: Uuid,
    pub slug: String,
    pub kind: RewardKind,
    pub name: String,
    /// The description, as Markdown.
    pub description: String,
    pub cost: Points,
    /// The number in stock; `None` for no limit.
    pub stock: Option<i64>,
    /// The stock at which admins are alerted.
    pub low_stock: Option<i64>,
    /// How many one person can redeem.
    pub person_limit: Option<i64>,
    pub claim_kind: ClaimKind,
    /// The person who sees to redemptions.
    pub owner_id: Option<Uuid>,
    /// When people can begin to redeem it.
    pub active_from: Option<Timestamp>,
    /// When they no longer can.
    pub active_until: Option<Timestamp>,
    pub archived_at: Option<Timestamp>,
}

impl RewardView {
    /// Returns the typed ID.
    #[must_use]
    pub fn key(&self) -> RewardId {
        self.id.into()
    }

    /// Returns the path of its page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("/rewards/{}", self.slug)
    }

    /// Returns what decides whether people can redeem it.
    #[must_use]
    pub fn offer(&self) -> Offer {
        Offer {
            is_archived: self.archived_at.is_some(),
            active_from: self.active_from,
            active_until: self.active_until,
            stock: self.stock,
            person_limit: self.person_limit,
        }
    }

    #[must_use]
    pub fn details(&self) -> RewardDetails {
        RewardDetails {
            kind: self.kind,
            name: self.name.clone(),
            description: self.description.clone(),
            cost: self.cost,
            stock: self.stock,
            low_stock: self.low_stock,
            person_limit: self.person_limit,
            claim_kind: self.claim_kind,
            active_from: self.active_from,
            active_until: self.active_until,
        }
    }
}

const REWARD: &str = "SELECT r.id, r.slug, r.kind, r.name, r.description, r.cost, r.stock, r.low_stock, \
     r.person_limit, r.claim_kind, r.owner_id, r.active_from, r.active_until, r.archived_at FROM rewards r";

/// Finds a reward by its slug.
pub async fn reward(db: &impl Sql, slug: &str) -> Result<Option<RewardView>, DbError> {
    let sql = format!("{REWARD} WHERE r.slug = $1");
    db.one(db.statement(&sql, [slug.into()])).await
}

/// Finds a reward by its ID.
pub async fn reward_by_id(db: &impl Sql, id: RewardId) -> Result<Option<RewardView>, DbError> {
    let sql = format!("{REWARD} WHERE r.id = $1");
    db.one(db.statement(&sql, [id.into()])).await
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RewardPart {
    /// Rewards that are active at an instant.
    Active(Timestamp),
    /// All rewards, also archived ones.
    All,
}

/// Lists rewards after the one with a slug, cheapest first.
pub async fn rewards(
    db: &impl Sql,
    part: RewardPart,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<RewardView>, DbError> {
    let mut query = db.query();
    let part = match part {
        RewardPart::All => "true".to_owned(),
        RewardPart::Active(now) => {
            let now = query.bind(now);
            format!(
                "r.archived_at IS NULL AND (r.active_from IS NULL OR r.active_from <= {now}) \
                 AND (r.active_until IS NULL OR r.active_until > {now})"
            )
        }
    };
    let later = after.map_or(String::new(), |slug| {
        let slug = query.bind(slug);
        format!(
            "AND (r.cost, r.slug) > (SELECT a.cost, a.slug FROM rewards a WHERE a.slug = {slug})"
        )
    });
    let limit = query.bind(limit);
    let sql = format!("{REWARD} WHERE {part} {later} ORDER BY r.cost, r.slug LIMIT {limit}");
    db.all(query.statement(sql)).await
}

/// Lists rewards that are not archived and whose stock is at or below its threshold, at most 100.
pub async fn low_stock(db: &impl Sql) -> Result<Vec<RewardView>, DbError> {
    let sql = format!(
        "{REWARD} WHERE r.archived_at IS NULL AND r.stock <= r.low_stock ORDER BY r.slug LIMIT 100"
    );
    db.all(db.statement(&sql, [])).await
}

/// The stock of a reward.
#[derive(Clone, Debug, FromQueryResult)]
pub(crate) struct StockView {
    pub(crate) slug: String,
    /// The number in stock; `None` for no limit.
    pub(crate) stock: Option<i64>,
    /// The stock at which admins are alerted.
    pub(crate) low_stock: Option<i64>,
    pub(crate) archived_at: Option<Timestamp>,
}

/// Returns the stock of every reward.
pub(crate) async fn stocks(db: &impl Sql) -> Result<Vec<StockView>, DbError> {
    db.all(db.statement("SELECT slug, stock, low_stock, archived_at FROM rewards", [])).await
}

/// Returns the slugs of rewards by ID.
pub async fn reward_slugs(
    db: &impl Sql,
    rewards: &BTreeSet<Uuid>,
) -> Result<HashMap<Uuid, String>, DbError> {
    #[derive(FromQueryResult)]
    struct Row {
        id: Uuid,
        slug: String,
    }
    let mut query = db.query();
    let rows = query.rows(ids(rewards.iter().copied()), "x");
    let sql = format!("SELECT r.id, r.slug FROM {rows} JOIN rewards r ON r.id = x.id");
    let found: Vec<Row> = db.all(query.statement(sql)).await?;
    Ok(found.into_iter().map(|row| (row.id, row.slug)).collect())
}

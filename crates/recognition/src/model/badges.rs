use std::fmt;

use identity::model::UserId;
use kernel::Timestamp;
use sea_orm::FromQueryResult;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// The metric of merged pull requests, which `first_pr`, `pr_count`, `quality_rating` and `streak` use.
pub const MERGED: &str = "merged_pull_requests";

/// The beginning of the codes of metrics that concern a person alone, such as what a student did. Badges of such a metric have
/// [`BadgeAudience::Own`].
pub const OWN_METRIC: &str = "own_";

/// A number by which people can earn badges in a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metric {
    /// The stored code, such as `merged_pull_requests`. No two programmes share one.
    pub code: &'static str,
    /// The singular noun, such as "merged pull request".
    pub one: &'static str,
    /// The plural noun.
    pub many: &'static str,
}

/// A badge that a programme adds to those that every server begins with. One achievement in its metric earns it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstBadge {
    /// The slug in URLs.
    pub slug: &'static str,
    /// The display name.
    pub name: &'static str,
    /// A sentence about it.
    pub description: &'static str,
    /// The code of the metric.
    pub metric: &'static str,
    pub rarity: Rarity,
}

/// Something that a person achieved, which counts toward badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Achievement {
    pub user_id: UserId,
    /// The code of the metric.
    pub metric: &'static str,
    /// When it was achieved, by the programme's facts.
    pub at: Timestamp,
    /// Orders achievements of the same instant, the same way in all installations, such as GitHub's ID.
    pub order: i64,
    /// The number that it adds to the metric, usually 1.
    pub amount: i64,
    /// Its rating from 1 to 5, if it was rated.
    pub rating: Option<u8>,
    /// True if it turned out to be spam or was disqualified, and no longer counts. Badges that were earned with it are revoked.
    pub is_void: bool,
}

/// A person who reached a share of a project's merges.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Champion {
    pub user_id: UserId,
    /// When the share was first reached.
    pub at: Timestamp,
    /// The name of the project.
    pub project: String,
    /// The person's merges at that time.
    pub own: i64,
    /// All merges of the project at that time.
    pub total: i64,
}

/// The share that champions of a project have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Share {
    /// The percentage of the project's merges, 1 to 100.
    pub percent: u32,
    /// The minimum number of the person's merges.
    pub minimum: u32,
}

platform::codes! {
    /// The rarity of a badge, which admins choose. The most common comes first.
    #[derive(Hash, Serialize, Deserialize, ToSchema)]
    #[serde(rename_all = "UPPERCASE")]
    Rarity {
        /// Most people earn it.
        Common = "COMMON", "Common";
        /// Regular contributors earn it.
        Rare = "RARE", "Rare";
        /// Few people earn it.
        Epic = "EPIC", "Epic";
        /// Hardly anyone earns it.
        Legendary = "LEGENDARY", "Legendary";
    }
}

impl fmt::Display for Rarity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.heading())
    }
}

platform::codes! {
    /// The people who are shown a badge, and that a person has it. It never widens.
    BadgeAudience {
        Everyone = "everyone";
        /// The person who has it, and those to whom its programme shows it, such as their coaches. No list, profile, count or notice
        /// names it.
        Own = "own";
    }
}

platform::codes! {
    /// How a person got a badge.
    AwardedBy {
        /// By its criteria.
        Rule = "RULE";
        Admin = "ADMIN";
    }
}

/// The instant at which criteria were reached, with the evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Reached {
    /// The instant, by the programme's facts.
    pub at: Timestamp,
    /// The numbers at that instant, as a JSON object.
    pub evidence: Value,
}

/// A stored badge.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct BadgeRow {
    pub id: Uuid,
    /// The slug in URLs.
    pub slug: String,
    /// The display name.
    pub name: String,
    /// A sentence about it.
    pub description: String,
    /// The criteria, as JSON.
    pub criteria: String,
    pub rarity: Rarity,
    pub audience: BadgeAudience,
    /// True for a badge that every server begins with.
    pub is_seeded: bool,
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
    /// When it was retired. Holders keep it, and no one can earn it anymore.
    pub retired_at: Option<Timestamp>,
}

impl BadgeRow {
    /// Returns true if everyone is shown it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.audience == BadgeAudience::Everyone
    }
}

/// A badge that a person has, or had.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct AwardRow {
    pub id: Uuid,
    pub badge_id: Uuid,
    pub user_id: Uuid,
    pub created_at: Timestamp,
    /// When the criteria were reached, or an admin awarded it.
    pub awarded_at: Timestamp,
    pub awarded_by: AwardedBy,
    /// The admin who awarded it; absent for an operator and for a rule.
    pub awarded_by_id: Option<Uuid>,
    /// The admin's reason.
    pub reason: Option<String>,
    /// The numbers with which the criteria were reached, as JSON.
    pub evidence: Option<String>,
    pub revoked_at: Option<Timestamp>,
    /// Absent while it is not revoked.
    pub revoked_by: Option<AwardedBy>,
    pub revoke_reason: Option<String>,
}

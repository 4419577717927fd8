use serde::{Deserialize, Serialize};

/// The two events for which a pull request earns points. They may be in different months.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(as = Part)]
pub enum AwardPart {
    /// The pull request was opened, or became ready for review.
    Opening,
    /// The pull request was merged.
    Merge,
}

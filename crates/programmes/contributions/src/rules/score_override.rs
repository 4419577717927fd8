use kernel::Points;
use serde::{Deserialize, Serialize};

use super::explanation::Award;

/// A decision that overrides the points of a pull request. It concerns this pull request only: the cap and diminishing
/// returns of the author's others are calculated as without it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ScoreOverride {
    /// The awards stay as they were when it was decided.
    Freeze { awards: Vec<Award> },
    /// The total is a number of points, which is not capped.
    Set { points: Points },
    /// It earns nothing.
    None,
}

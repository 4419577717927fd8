use serde::{Deserialize, Serialize};

/// The type of the work that an issue asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WorkKind {
    /// Texts, translations and examples.
    Documentation,
    /// A defect.
    Bug,
    /// Something new, or better than before.
    Feature,
    /// Reviews and tests.
    Review,
    /// Anything else.
    Other,
}

impl WorkKind {
    /// All types, in the order of lists.
    pub const ALL: [Self; 5] =
        [Self::Bug, Self::Feature, Self::Documentation, Self::Review, Self::Other];

    /// Returns the stored name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Documentation => "documentation",
            Self::Bug => "bug",
            Self::Feature => "feature",
            Self::Review => "review",
            Self::Other => "other",
        }
    }

    /// Returns the type with a stored name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }
}

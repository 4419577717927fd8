use serde::{Deserialize, Serialize};

platform::codes! {
    /// The type of the work that an issue asks for.
    #[derive(Hash, Serialize, Deserialize)]
    #[serde(rename_all = "lowercase")]
    WorkKind {
        /// A defect.
        Bug = "bug";
        /// Something new, or better than before.
        Feature = "feature";
        /// Texts, translations and examples.
        Documentation = "documentation";
        /// Reviews and tests.
        Review = "review";
        /// Anything else.
        Other = "other";
    }
}

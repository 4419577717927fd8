/// A project to whose rules those of a season are published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChosenProject {
    /// The project's slug.
    pub slug: String,
    /// The version that they replace. If another one is current, nothing is published. Absent to accept any.
    pub based_on: Option<i64>,
}

impl ChosenProject {
    /// Reads the value of the box of a project: its slug, and the version that the page showed.
    #[must_use]
    pub fn read(value: &str) -> Self {
        match value.rsplit_once('@') {
            Some((slug, version)) => Self { slug: slug.to_owned(), based_on: version.parse().ok() },
            None => Self { slug: value.to_owned(), based_on: None },
        }
    }
}

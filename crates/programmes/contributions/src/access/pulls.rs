use platform::{Context, web::WebError};

use super::{no_project_has, unknown};
use crate::reads::{self, ContributionPart, PersonPulls};

/// The project and the repository of a person's pull requests, as requested. Empty texts match everything.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct PullsAsked<'a> {
    /// The slug of the project.
    pub(crate) project: &'a str,
    /// The repository, as `owner/name`.
    pub(crate) repository: &'a str,
}

impl PullsAsked<'_> {
    /// Finds the project and the repository, for the pull requests of a person in a part.
    ///
    /// # Errors
    /// When no project has the slug, or no project has a public repository with the name.
    pub(crate) async fn filter(
        self,
        context: &Context,
        part: ContributionPart,
    ) -> Result<PersonPulls, WebError> {
        let mut filter = PersonPulls { part, ..PersonPulls::default() };
        let (slug, name) = (self.project.trim(), self.repository.trim());
        if !slug.is_empty() {
            let found = reads::project_id(&context.db, slug).await?;
            filter.project = Some(found.ok_or_else(|| unknown(slug).at("project"))?);
        }
        if !name.is_empty() {
            let found = reads::public_repository(&context.db, name).await?;
            let (found, _) = found.ok_or_else(|| no_project_has(name).at("repository"))?;
            filter.repository = Some(found.id.into());
        }
        Ok(filter)
    }
}

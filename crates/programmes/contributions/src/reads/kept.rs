use std::sync::Arc;

use platform::{
    db::{DbError, Sql},
    kept::Kept,
};

use super::{
    FigureScope,
    analytics::analytics,
    contributors::{ContributorFilter, listed},
};
use crate::rules::analytics::{Analytics, Contributor, ContributorPlace, DayRange};

/// The number of pull requests from which figures are kept. Those of fewer are read within milliseconds.
const MANY: i64 = 5_000;

/// The question for a page of contributors: the filter, the place after which it begins, and its length.
type Page = (ContributorFilter, Option<ContributorPlace>, i64);

/// Figures of large projects, which are read at most once a minute. They contain no logins, so that an erased person's
/// disappears at once. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct KeptFigures {
    analytics: Kept<(FigureScope, DayRange), Analytics>,
    contributors: Kept<Page, (Vec<Contributor>, i64)>,
}

impl KeptFigures {
    /// Returns the figures of a range of days, at most a minute old if more than 5,000 pull requests were opened or ended
    /// in it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn analytics(
        &self,
        db: &impl Sql,
        scope: &FigureScope,
        range: DayRange,
    ) -> Result<Arc<Analytics>, DbError> {
        let is_large = |found: &Analytics| {
            let volume = &found.volume;
            volume.opened + volume.merged + volume.closed > MANY
        };
        let read = analytics(db, scope, range);
        let question = (scope.clone(), range);
        self.analytics.answer(question, is_large, read).await
    }

    /// Lists contributors as [`super::contributors`] does, at most a minute old if they have more than 5,000 pull requests.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn contributors(
        &self,
        db: &impl Sql,
        filter: &ContributorFilter,
        after: Option<ContributorPlace>,
        limit: i64,
    ) -> Result<Vec<Contributor>, DbError> {
        let is_large = |(_, pulls): &(Vec<Contributor>, i64)| *pulls > MANY;
        let question = (filter.clone(), after, limit);
        let read = listed(db, filter, after, limit);
        let found = self.contributors.answer(question, is_large, read).await?;
        Ok(found.0.clone())
    }
}

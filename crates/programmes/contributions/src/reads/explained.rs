use std::collections::{BTreeSet, HashMap};

use github::reads::{LifeEvent, PullRequest};
use identity::model::UserId;
use platform::db::{Db, DbError};
use recognition::model::EntryWithExplanation;
use ui::Who;

use super::{
    Contribution, OverrideView, ProjectView, ReviewView, contributions::scored, held_override,
    project_by_id,
};
use crate::{
    model::SOURCE,
    rules::{Explanation, PullFacts},
};

/// A pull request of a project with the explanation of its points.
#[derive(Clone, Debug)]
pub struct ExplainedPull {
    /// The pull request on GitHub.
    pub pull: PullRequest,
    /// The state and points.
    pub contribution: Contribution,
    pub project: Option<ProjectView>,
    /// The author's login; absent when the account is deleted.
    pub author: Option<String>,
    /// The author as lists show them.
    pub author_who: Option<Who>,
    /// Its reviews, and when it became a draft or ready for review, oldest first.
    pub life: Vec<LifeEvent>,
    /// The reviews that were given here, without what only maintainers can read, oldest first.
    pub reviews: Vec<ReviewView>,
    /// Its author and its reviewers.
    pub people: HashMap<UserId, Who>,
    /// The ledger entries.
    pub entries: Vec<EntryWithExplanation>,
    /// The facts that it was scored on, which are those at its closing.
    pub facts: Option<PullFacts>,
    pub decision: Option<OverrideView>,
    pub opening: Option<Explanation>,
    pub merge: Option<Explanation>,
    /// The reason why a moderator excluded its repository, if one did.
    pub exclusion_reason: Option<String>,
}

impl ExplainedPull {
    /// Returns the explanations, in the order in which the points are earned.
    #[must_use]
    pub fn parts(&self) -> Vec<&Explanation> {
        self.opening.iter().chain(&self.merge).collect()
    }
}

/// Explains a pull request, by `owner/name` and number; `None` when it belongs to no project.
pub async fn explained(
    db: &Db,
    full_name: &str,
    number: i64,
) -> Result<Option<ExplainedPull>, DbError> {
    let Some(pull) = github::reads::pull_request(db, full_name, number).await? else {
        return Ok(None);
    };
    let Some(scored) = scored(db, pull.id.into()).await? else {
        return Ok(None);
    };
    let contribution = scored.contribution;
    let life = github::reads::life(db, pull.id.into()).await?;
    let reviews = super::reviews(db, pull.id.into()).await?.into_iter();
    let reviews = reviews.filter_map(ReviewView::public).collect();
    let people = life.iter().filter_map(|event| event.by);
    let people: BTreeSet<_> = people.chain(pull.author_id).collect();
    let people = identity::reads::who(db, people.into_iter().map(UserId::new)).await?;
    let author = pull.author_id.and_then(|id| people.get(&id.into()));
    let opening = explanation(contribution.opening_explanation.as_deref());
    let is_overridden = |part: &Explanation| part.overridden.is_some();
    let decision = if opening.as_ref().is_some_and(is_overridden) {
        held_override(db, pull.id.into()).await?
    } else {
        None
    };
    Ok(Some(ExplainedPull {
        project: project_by_id(db, contribution.project_id.into()).await?,
        author: author.map(|who| who.login.clone()),
        author_who: author.cloned(),
        life,
        reviews,
        people,
        exclusion_reason: scored.exclusion_reason,
        entries: recognition::reads::of_source(db, SOURCE, pull.id).await?,
        facts: serde_json::from_str(&scored.facts).ok(),
        decision,
        opening,
        merge: explanation(contribution.merge_explanation.as_deref()),
        pull,
        contribution,
    }))
}

fn explanation(stored: Option<&str>) -> Option<Explanation> {
    Explanation::read(stored?).ok()
}

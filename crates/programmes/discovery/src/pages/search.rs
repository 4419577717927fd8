//! Issues and repositories in the results of a search.

use platform::{
    Context,
    module::{Hit, SearchKind, SearchRequest},
    web::WebError,
};

use super::words;
use crate::{
    FLAG,
    access::SearchQuery,
    reads::{self, OpportunityView, RepositoryFilter, RepositoryOrder, RepositoryView},
    search::Catalog,
};

/// The kinds of things of this module.
pub(crate) const SEARCH: &[SearchKind] = &[
    SearchKind {
        code: "issues",
        label: "Issues",
        order: 70,
        flag: Some(FLAG),
        find: |context, request| Box::pin(issues(context, request)),
    },
    SearchKind {
        code: "repositories",
        label: "Repositories",
        order: 80,
        flag: Some(FLAG),
        find: |context, request| Box::pin(repositories(context, request)),
    },
];

/// Finds open issues by words, best first, by the index of this process.
async fn issues(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let Some(catalog) = request.extensions.get::<Catalog>() else {
        return Ok(Vec::new());
    };
    let query = SearchQuery { q: request.text.clone(), ..SearchQuery::default() };
    let search = query.search(request.most(), context.now())?;
    let found = catalog.search(search).await.map_err(WebError::from)?;
    let items = reads::opportunities(&context.db, &found.ids()).await?;
    let hit = |own: &OpportunityView| {
        let analysis = &own.analysis;
        let effort = words::level(analysis.complexity).to_lowercase();
        let line = format!(
            "{} #{}, {effort}, {}",
            own.repository,
            own.number,
            words::hours(analysis.hours)
        );
        Hit::new(own.title.clone(), own.address(), line)
    };
    Ok(items.iter().map(hit).collect())
}

/// Finds followed public repositories whose name contains the text, the healthiest first.
async fn repositories(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let filter = RepositoryFilter {
        name: request.text.clone(),
        language: String::new(),
        topic: String::new(),
        order: RepositoryOrder::Health,
        after: None,
    };
    let (found, _) = reads::repositories(&context.db, &filter, request.limit).await?;
    let hit = |own: RepositoryView| {
        let address = format!("/discover/repositories/{}", own.full_name);
        let line = own.facts.description.unwrap_or_default();
        Hit::new(own.full_name.clone(), address, line).drawn("repository", own.full_name)
    };
    Ok(found.into_iter().map(hit).collect())
}

//! People in the results of a search.

use platform::{
    Context,
    module::{Hit, SearchKind, SearchRequest},
    web::WebError,
};
use ui::format::segment;

use crate::{reads, rules::has_profile};

/// The maximum number of suggestions for a login that no one has.
const SUGGESTIONS: usize = 5;

/// The kinds of things of this module.
pub(crate) const SEARCH: &[SearchKind] = &[SearchKind {
    code: "people",
    label: "People",
    order: 10,
    flag: None,
    find: |context, request| Box::pin(people(context, request)),
}];

/// Finds the people whose login contains the text, or else those with a similar login.
async fn people(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let text = request.text.trim().trim_start_matches('@');
    let found = reads::people_named(&context.db, text, request.limit).await?;
    let similar = if found.is_empty() {
        reads::similar_logins(&context.db, text, SUGGESTIONS).await?
    } else {
        Vec::new()
    };
    let exact = found.into_iter().map(|person| hit(person.login, false));
    let similar = similar.into_iter().map(|login| hit(login, true));
    Ok(exact.chain(similar).filter(|it| has_profile(&it.title)).collect())
}

fn hit(login: String, is_similar: bool) -> Hit {
    let address = format!("/people/{}", segment(&login));
    let hit = Hit::new(login.clone(), address, "").drawn("person", login);
    Hit { is_similar, ..hit }
}

//! People in the results of a search.

use platform::{
    Context,
    module::{Hit, SearchKind, SearchRequest},
    web::WebError,
};
use ui::Who;

use crate::reads;

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

/// Finds the people whose login or display name contains the text, or else those with a similar login.
async fn people(context: &Context, request: &SearchRequest) -> Result<Vec<Hit>, WebError> {
    let text = request.text.trim().trim_start_matches('@');
    let found = reads::people_named(&context.db, text, request.limit).await?;
    let similar = if found.is_empty() {
        reads::similar_people(&context.db, text, SUGGESTIONS).await?
    } else {
        Vec::new()
    };
    let exact = found.into_iter().map(|who| (who, false));
    let all = exact.chain(similar.into_iter().map(|who| (who, true)));
    Ok(all.filter(|(who, _)| who.has_page).map(|(who, is_similar)| hit(who, is_similar)).collect())
}

/// Returns a person with the name as the title and the login in the line.
fn hit(who: Who, is_similar: bool) -> Hit {
    let line = who.name.as_ref().map_or_else(String::new, |_| who.login.clone());
    let hit = Hit::new(who.called(), who.address(), line).drawn("person", who.login);
    Hit { is_similar, stored: who.picture, ..hit }
}

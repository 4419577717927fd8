//! The search of repositories and issues (docs.github.com/rest/search/search).

use std::sync::Arc;

use axum::{
    Extension,
    extract::{OriginalUri, State},
    http::Uri,
};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply, parameter},
    guard::Caller,
    world::{HostedRepository, Issue, World},
};
use crate::payloads::issue_object;

/// GitHub shows the first results only.
const MOST: usize = 1_000;

/// The most characters of a search.
const LONGEST: usize = 256;

/// `GET /search/repositories`
pub(super) async fn repositories(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let terms = asked(&uri)?;
    let places = (0..world.places.len()).filter(|at| caller.sees(&world, *at));
    let mut found: Vec<usize> =
        places.filter(|at| terms.iter().all(|term| term.fits_place(&world.places[*at]))).collect();
    if parameter(&uri, "sort").as_deref() == Some("stars") {
        found.sort_by_key(|at| world.places[*at].repo.stars);
        found.reverse();
    }
    let total = found.len();
    found.truncate(MOST);
    let page =
        Reply::page(&shared.base, &uri, &found, |at| shared.repository(&world, *at, &caller));
    Ok(page.found(total))
}

/// `GET /search/issues`
pub(super) async fn issues(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    OriginalUri(uri): OriginalUri,
) -> Answer {
    let world = shared.world();
    let terms = asked(&uri)?;
    let mut found = matching(&world, &caller, &terms);
    found.sort_by_key(|(_, issue)| std::cmp::Reverse((issue.state.updated_at, issue.state.id)));
    let total = found.len();
    found.truncate(MOST);
    let page = Reply::page(&shared.base, &uri, &found, |(place, issue)| {
        shared.rebased(&issue_object(&place.repo, &issue.state).done())
    });
    Ok(page.found(total))
}

fn matching<'a>(
    world: &'a World,
    caller: &Caller,
    terms: &[Term],
) -> Vec<(&'a HostedRepository, &'a Issue)> {
    let places = (0..world.places.len()).filter(|at| caller.sees(world, *at));
    let pairs = places.flat_map(|at| {
        let place = &world.places[at];
        place.issues.values().map(move |issue| (place, issue))
    });
    pairs.filter(|(place, issue)| terms.iter().all(|term| term.fits_issue(place, issue))).collect()
}

/// Returns the terms of a search; 422 without any, and for pages after the last that GitHub shows.
fn asked(uri: &Uri) -> Result<Vec<Term>, Refusal> {
    let text = parameter(uri, "q").unwrap_or_default();
    if text.trim().is_empty() {
        return Err(Refusal::field("Search", "q", "missing"));
    }
    if text.chars().count() > LONGEST {
        return Err(Refusal::custom("Search", "The search is longer than 256 characters."));
    }
    let number = |name: &str, usual: usize| {
        let asked = parameter(uri, name).and_then(|text| text.parse().ok());
        asked.unwrap_or(usual)
    };
    if number("page", 1).saturating_sub(1) * number("per_page", 30).clamp(1, 100) >= MOST {
        return Err(Refusal::invalid("Only the first 1000 search results are available"));
    }
    Ok(Term::all(&text))
}

/// A part of a search: a word, or a qualifier with a value. `-` before it excludes what fits.
#[derive(Debug, PartialEq, Eq)]
struct Term {
    is_excluded: bool,
    qualifier: Option<String>,
    value: String,
}

impl Term {
    fn all(text: &str) -> Vec<Self> {
        let mut parts = vec![String::new()];
        let mut is_quoted = false;
        for c in text.chars() {
            match c {
                '"' => is_quoted = !is_quoted,
                ' ' if !is_quoted => parts.push(String::new()),
                c => {
                    if let Some(part) = parts.last_mut() {
                        part.push(c);
                    }
                }
            }
        }
        parts.iter().filter_map(|part| Self::one(part)).collect()
    }

    fn one(part: &str) -> Option<Self> {
        let (is_excluded, part) = match part.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, part),
        };
        let (qualifier, value) = match part.split_once(':') {
            Some((qualifier, value)) => (Some(qualifier.to_lowercase()), value),
            None => (None, part),
        };
        (!value.is_empty()).then(|| Self { is_excluded, qualifier, value: value.to_lowercase() })
    }

    fn fits_place(&self, place: &HostedRepository) -> bool {
        let repo = &place.repo;
        let value = self.value.as_str();
        let is = |own: &str| own.to_lowercase() == value;
        let fits = match self.qualifier.as_deref() {
            Some("topic") => repo.topics.iter().any(|topic| is(topic)),
            Some("language") => repo.language.as_deref().is_some_and(is),
            Some("repo") => is(&repo.full_name()),
            Some("user" | "org") => is(&repo.owner.login),
            Some("archived") => repo.archived == (value == "true"),
            Some("is") => match value {
                "public" => !repo.private,
                "private" => repo.private,
                _ => true,
            },
            Some(_) => true,
            None => {
                let description = repo.description.as_deref().unwrap_or_default();
                let texts = [repo.name.as_str(), description];
                texts.iter().any(|text| text.to_lowercase().contains(value))
            }
        };
        fits != self.is_excluded
    }

    fn fits_issue(&self, place: &HostedRepository, issue: &Issue) -> bool {
        let state = &issue.state;
        let value = self.value.as_str();
        let fits = match self.qualifier.as_deref() {
            Some("label") => state.labels.iter().any(|label| label.name.to_lowercase() == value),
            Some("no") => value != "assignee" || state.assignees.is_empty(),
            Some("is" | "state") if value == "open" => state.closed_at.is_none(),
            Some("is" | "state") if value == "closed" => state.closed_at.is_some(),
            Some("is" | "type") if value == "pr" => false,
            Some(_) => return self.fits_place(place),
            None => {
                let body = state.body.as_deref().unwrap_or_default();
                let texts = [state.title.as_str(), body];
                texts.iter().any(|text| text.to_lowercase().contains(value))
            }
        };
        fits != self.is_excluded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_words_and_qualifiers() {
        let term = |is_excluded, qualifier: Option<&str>, value: &str| Term {
            is_excluded,
            qualifier: qualifier.map(str::to_owned),
            value: value.to_owned(),
        };
        assert_eq!(
            Term::all("label:\"Good first issue\"  -language:Rust tide is:open topic:"),
            [
                term(false, Some("label"), "good first issue"),
                term(true, Some("language"), "rust"),
                term(false, None, "tide"),
                term(false, Some("is"), "open"),
            ]
        );
    }
}

//! The part of the visitors' page: issues to claim.

use std::collections::HashSet;

use platform::{
    Context,
    module::{Front, FrontIssue},
    web::WebError,
};

use super::words;
use crate::{
    reads::{self, OpportunityView},
    rules::{analysis::summary, health::answer_time},
};

/// The number of issues offered. The page shows a few of them, those with a known reviewer first.
const OFFERED: usize = 8;

/// The number of issues among which those of different repositories are found.
const READ: i64 = 24;

/// The most characters of a description.
const SUMMARY: usize = 160;

/// Reads the part: issues of different repositories if there are enough, good first issues before others.
pub(crate) async fn front(context: &Context) -> Result<Front, WebError> {
    let (ids, total) = reads::welcoming(&context.db, READ).await?;
    let mut found = reads::opportunities(&context.db, &ids).await?;
    let place = |own: &OpportunityView| ids.iter().position(|id| *id == own.id);
    found.sort_by_key(place);
    let mut seen = HashSet::new();
    let mut chosen: Vec<OpportunityView> = Vec::new();
    let mut others = Vec::new();
    for own in found {
        if seen.insert(own.repository.clone()) { chosen.push(own) } else { others.push(own) }
    }
    chosen.extend(others);
    chosen.truncate(OFFERED);
    let bodies = reads::bodies(&context.db, &chosen).await?;
    let issue = |own: &OpportunityView| FrontIssue {
        title: own.title.clone(),
        address: own.address(),
        line: summary(bodies.get(&own.id).map_or("", String::as_str), SUMMARY),
        language: own.analysis.language.clone(),
        effort: format!(
            "{}, {}",
            words::level(own.analysis.complexity).to_lowercase(),
            words::hours(own.analysis.hours)
        ),
        repository: own.repository.clone(),
        repository_id: own.repository_id,
        reviewers: Vec::new(),
        answers: answers(
            own.health.as_ref().and_then(|health| health.response_words.as_deref()),
            own.analysis.is_good_first,
        ),
    };
    Ok(Front {
        issues: chosen.iter().map(issue).collect(),
        open_issues: Some(total),
        ..Front::default()
    })
}

/// Says how soon the maintainers of an issue answer, else whether it suits newcomers.
fn answers(response: Option<&str>, is_good_first: bool) -> String {
    match response.and_then(answer_time) {
        Some(time) => format!("answered in {time}"),
        None if is_good_first => "a good first contribution".to_owned(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_said_in_a_few_words() {
        let both = "Maintainers answer in 1 day and merge 63 % of outside pull requests.";
        let merges = "Maintainers merge 75 % of outside pull requests.";
        for (response, is_good_first, words) in [
            (Some(both), true, "answered in 1 day"),
            (Some("Maintainers answer in 6 h."), false, "answered in 6 h"),
            (Some(merges), true, "a good first contribution"),
            (None, false, ""),
        ] {
            assert_eq!(answers(response, is_good_first), words);
        }
    }
}

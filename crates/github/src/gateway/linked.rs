use serde_json::{Map, Value, json};

use super::{Api, ApiError, Call, pulls::named};
use crate::{model::LinkedPull, rules::issues::LinkedData};

/// The most issues of one query. GitHub counts such a query as one request.
pub(crate) const MOST_LINKED: i64 = 50;

/// The query for one issue, which is repeated for several.
const LINKED: &str = include_str!("queries/linked.graphql");

/// The parts of [`LINKED`] that are repeated, with the place of the issue instead of 0.
const DECLARED: &str = ", $n0: Int!";
const ISSUE: &str = "i0: issue(number: $n0) { ...pulls }";

impl Api {
    /// Reads the pull requests that would close issues of a repository, at most [`MOST_LINKED`] issues. Issues that GitHub does
    /// not know are left out. Returns them by number.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached, or another repository has the name.
    pub(crate) async fn closing_pulls(
        &self,
        call: Call<'_>,
        (github_id, full_name): (i64, &str),
        numbers: &[i64],
    ) -> Result<Vec<(i64, Vec<LinkedPull>)>, ApiError> {
        let asked_at = call.context.now();
        let Value::Object(mut variables) = named(full_name) else {
            return Ok(Vec::new());
        };
        let query = repeated(numbers, &mut variables);
        let data: LinkedData = self.query_parts(call, &query, Value::Object(variables)).await?;
        let repository = data.repository.filter(|own| own.database_id == github_id);
        let repository = repository.ok_or(ApiError::NotFound)?;
        let issues = repository.issues.into_values().flatten();
        Ok(issues.map(|issue| (issue.number, issue.pulls(asked_at))).collect())
    }
}

/// Returns the query for issues, and adds its variables.
fn repeated(numbers: &[i64], variables: &mut Map<String, Value>) -> String {
    let (mut declared, mut issues) = (String::new(), String::new());
    for (index, number) in numbers.iter().enumerate().take(MOST_LINKED as usize) {
        let place = index.to_string();
        declared.push_str(&DECLARED.replace('0', &place));
        issues.push_str(&ISSUE.replace('0', &place));
        issues.push(' ');
        variables.insert(format!("n{index}"), json!(number));
    }
    LINKED.replace(DECLARED, &declared).replace(ISSUE, &issues)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_is_repeated_for_each_issue() {
        let mut variables = Map::new();
        let query = repeated(&[7, 9], &mut variables);
        assert_eq!(repeated(&[7], &mut Map::new()).replace("} \n", "}\n"), LINKED);
        assert!(query.contains("$name: String!, $n0: Int!, $n1: Int!)"), "{query}");
        assert!(query.contains("i1: issue(number: $n1) { ...pulls }"), "{query}");
        assert_eq!(variables["n1"], 9);
    }
}

use serde_json::{Map, Value, json};

use super::{Api, ApiError, Call, pulls::named};
use crate::{model::LinkedPull, rules::issues::LinkedData};

/// The most issues of one query. GitHub counts such a query as one request.
pub(crate) const MOST_LINKED: i64 = 50;

/// The pull requests of an issue.
const PULLS: &str = "number closedByPullRequestsReferences(first: 20, includeClosedPrs: true) { nodes { number state mergedAt \
     updatedAt author { __typename login ... on User { databaseId } ... on Bot { databaseId } } \
     repository { nameWithOwner } } }";

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
        let (declared, fields) = parts(numbers, &mut variables);
        let query = format!(
            "query ($owner: String!, $name: String!{declared}) {{ repository(owner: $owner, name: $name) {{ databaseId {fields}}} }}"
        );
        let data: LinkedData = self
            .query_parts(call, &query, Value::Object(variables))
            .await?;
        let repository = data.repository.filter(|own| own.database_id == github_id);
        let repository = repository.ok_or(ApiError::NotFound)?;
        let issues = repository.issues.into_values().flatten();
        Ok(issues
            .map(|issue| (issue.number, issue.pulls(asked_at)))
            .collect())
    }
}

/// Returns the declarations of variables and the fields for issues, and adds the variables.
fn parts(numbers: &[i64], variables: &mut Map<String, Value>) -> (String, String) {
    let (mut declared, mut fields) = (String::new(), String::new());
    for (index, number) in numbers.iter().enumerate().take(MOST_LINKED as usize) {
        declared.push_str(&format!(", $n{index}: Int!"));
        fields.push_str(&format!(
            "i{index}: issue(number: $n{index}) {{ {PULLS} }} "
        ));
        variables.insert(format!("n{index}"), json!(number));
    }
    (declared, fields)
}

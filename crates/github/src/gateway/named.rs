use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Api, ApiError, Call, pulls::named};
use crate::rules::{issues::NamedRepository, names::is_full_name};

/// The most repositories that one query finds. GitHub counts such a query as one request.
pub const MOST_NAMED: usize = 50;

/// The query for one repository, which is repeated for several.
const NAMED: &str = include_str!("queries/named.graphql");

/// The parts of [`NAMED`] that are repeated, with the place of the repository instead of 0.
const DECLARED: &str = "$o0: String!, $n0: String!";
const REPOSITORY: &str =
    "r0: repository(owner: $o0, name: $n0) { databaseId nameWithOwner isPrivate isArchived }";

impl Api {
    /// Finds public repositories by their names `owner/name`, at most [`MOST_NAMED`]. Returns them in the same order, and
    /// `None` for names that GitHub does not know or does not show.
    ///
    /// # Errors
    /// When GitHub does not respond, refuses, or a limit is reached.
    pub async fn repositories_named(
        &self,
        call: Call<'_>,
        names: &[String],
    ) -> Result<Vec<Option<NamedRepository>>, ApiError> {
        let mut variables = Map::new();
        let (mut declared, mut fields) = (Vec::new(), Vec::new());
        for (index, name) in names.iter().enumerate().take(MOST_NAMED) {
            if !is_full_name(name) {
                continue;
            }
            let Value::Object(parts) = named(name) else {
                continue;
            };
            let place = index.to_string();
            declared.push(DECLARED.replace('0', &place));
            fields.push(REPOSITORY.replace('0', &place));
            for (short, part) in [("o", "owner"), ("n", "name")] {
                variables.insert(format!("{short}{index}"), parts[part].clone());
            }
        }
        if fields.is_empty() {
            return Ok(names.iter().map(|_| None).collect());
        }
        let query =
            NAMED.replace(DECLARED, &declared.join(", ")).replace(REPOSITORY, &fields.join(" "));
        let found = self.query_parts(call, &query, Value::Object(variables)).await?;
        let mut found: BTreeMap<String, Option<NamedRepository>> = found;
        let each = (0..names.len()).map(|index| found.remove(&format!("r{index}")).flatten());
        Ok(each.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_query_has_the_parts_that_are_repeated() {
        assert!(NAMED.contains(DECLARED) && NAMED.contains(REPOSITORY));
    }
}

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Api, ApiError, Call, pulls::named};
use crate::rules::{issues::NamedRepository, names::is_full_name};

/// The most repositories that one query finds. GitHub counts such a query as one request.
pub const MOST_NAMED: usize = 50;

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
        let (mut declared, mut fields) = (String::new(), String::new());
        for (index, name) in names.iter().enumerate().take(MOST_NAMED) {
            if !is_full_name(name) {
                continue;
            }
            let Value::Object(parts) = named(name) else {
                continue;
            };
            declared.push_str(&format!("$o{index}: String!, $n{index}: String!, "));
            fields.push_str(&format!(
                "r{index}: repository(owner: $o{index}, name: $n{index}) {{ databaseId nameWithOwner isPrivate isArchived }} "
            ));
            for (short, part) in [("o", "owner"), ("n", "name")] {
                variables.insert(format!("{short}{index}"), parts[part].clone());
            }
        }
        if fields.is_empty() {
            return Ok(names.iter().map(|_| None).collect());
        }
        let query = format!("query ({}) {{ {fields}}}", declared.trim_end_matches(", "));
        let found = self
            .query_parts(call, &query, Value::Object(variables))
            .await?;
        let mut found: BTreeMap<String, Option<NamedRepository>> = found;
        let each = (0..names.len()).map(|index| found.remove(&format!("r{index}")).flatten());
        Ok(each.collect())
    }
}

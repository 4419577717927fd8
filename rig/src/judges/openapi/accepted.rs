//! Counts the operations that accepted a request, in the report of a run.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use super::{
    elsewhere::ELSEWHERE, elsewhere_discovery::DISCOVERY, elsewhere_factors::FACTORS,
    elsewhere_repositories::REPOSITORIES, elsewhere_sent::SENT,
};

/// An operation: its method, the parts of its path, and its ID.
struct Operation {
    method: String,
    parts: Vec<String>,
    id: String,
}

/// Checks that each operation of the description accepted at least one request of the reports, in the HAR format. Calls `count`
/// with what was checked.
pub(super) fn check(
    description: &Path,
    reports: &[PathBuf],
    count: impl Fn(&str, usize),
) -> Result<()> {
    let operations = operations(&read(description)?);
    let (mut asked, mut accepted) = (BTreeSet::new(), BTreeSet::new());
    for report in reports {
        let report = read(report)?;
        let entries = report["log"]["entries"].as_array().context("no entries")?;
        count("requests", entries.len());
        for entry in entries {
            let id = find(&operations, &entry["request"]);
            asked.extend(id);
            let status = entry["response"]["status"].as_i64();
            accepted.extend(id.filter(|_| status.is_some_and(|status| status / 100 == 2)));
        }
    }
    count("operations", asked.len());
    count("operations that accepted a request", accepted.len());
    let is_elsewhere = |id: &str| elsewhere().any(|(known, ..)| *known == id);
    let ids = operations.iter().map(|operation| operation.id.as_str());
    let missing: Vec<&str> = ids.filter(|id| !accepted.contains(id) && !is_elsewhere(id)).collect();
    println!("{} of {} operations accepted a request", accepted.len(), operations.len());
    ensure!(missing.is_empty(), "these accepted no request: {}", missing.join(", "));
    Ok(())
}

fn read(file: &Path) -> Result<Value> {
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(serde_json::from_slice(&text)?)
}

fn operations(description: &Value) -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, methods) in description["paths"].as_object().into_iter().flatten() {
        for (method, operation) in methods.as_object().into_iter().flatten() {
            all.push(Operation {
                method: method.to_uppercase(),
                parts: path.split('/').map(str::to_owned).collect(),
                id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            });
        }
    }
    // Paths without parameters come first: `/deliveries/retry-dead` is not a delivery.
    all.sort_by_key(|one| one.parts.iter().filter(|part| part.starts_with('{')).count());
    all
}

fn find<'a>(operations: &'a [Operation], request: &Value) -> Option<&'a str> {
    let url = request["url"].as_str()?;
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next()?;
    let path = path.get(path.find('/')?..)?;
    let parts: Vec<&str> = path.split('/').collect();
    let is_same = |operation: &&Operation| {
        let mut pairs = operation.parts.iter().zip(&parts);
        request["method"] == operation.method
            && operation.parts.len() == parts.len()
            && pairs.all(|(known, part)| known.starts_with('{') || known == part)
    };
    operations.iter().find(is_same).map(|operation| operation.id.as_str())
}

/// Returns the operations that accept nothing that can be generated.
fn elsewhere() -> impl Iterator<Item = &'static (&'static str, &'static str, &'static str)> {
    ELSEWHERE.iter().chain(DISCOVERY).chain(FACTORS).chain(REPOSITORIES).chain(SENT)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn exempt_operations_and_their_tests_exist() -> Result<()> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let operations = operations(&read(&root.join("docs/openapi.json"))?);
        for (id, file, _) in elsewhere() {
            assert!(operations.iter().any(|one| one.id == *id), "{id}");
            assert!(root.join(file).is_file(), "{id}: {file}");
        }
        Ok(())
    }

    #[test]
    fn requests_are_assigned_to_operations() {
        let operations = operations(&json!({ "paths": {
            "/people/{login}": { "get": { "operationId": "get_person" } },
            "/people/all": { "get": { "operationId": "list_people" } },
        } }));
        let find = |method: &str, url: &str| {
            find(&operations, &json!({ "method": method, "url": url })).map(str::to_owned)
        };
        let server = "http://127.0.0.1:80";
        assert_eq!(
            find("GET", &format!("{server}/people/a%20b?x=1")).as_deref(),
            Some("get_person")
        );
        assert_eq!(find("GET", &format!("{server}/people/all")).as_deref(), Some("list_people"));
        assert_eq!(find("POST", &format!("{server}/people/all")), None);
        assert_eq!(find("GET", server), None);
    }
}

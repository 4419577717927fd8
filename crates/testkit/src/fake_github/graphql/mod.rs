//! The part of GitHub's GraphQL API that reads repositories and their pull requests.

mod answer;
mod objects;
mod pages;

use std::sync::Arc;

use async_graphql_parser::{
    parse_query,
    types::{DocumentOperations, Selection, SelectionSet},
};
use axum::{Extension, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    calls::QueriedPart,
    guard::Caller,
};
use answer::{Evaluation, QueryFault};

#[derive(Deserialize)]
struct GraphqlRequest {
    query: String,
    #[serde(default)]
    variables: Value,
}

/// `POST /graphql`
pub(in crate::fake_github) async fn query(
    State(shared): State<Arc<Shared>>,
    Extension(caller): Extension<Caller>,
    body: Bytes,
) -> Answer {
    let asked: GraphqlRequest = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let world = shared.world();
    caller.authenticated(&world)?;
    let document = match parse_query(&asked.query) {
        Ok(document) => document,
        Err(error) => return Ok(Reply::ok(failed(None, &error.to_string()))),
    };
    let DocumentOperations::Single(operation) = &document.operations else {
        return Ok(Reply::ok(failed(None, "Send one operation without a name.")));
    };
    let evaluation = Evaluation {
        world: &world,
        caller: &caller,
        fragments: &document.fragments,
        variables: asked.variables,
    };
    let selected = &operation.node.selection_set.node;
    let kind = QueriedPart(queried(selected));
    match evaluation.root(selected) {
        Ok((data, errors)) if errors.is_empty() => {
            Ok(Reply::ok(json!({ "data": data }).to_string()).with_kind(kind))
        }
        Ok((data, errors)) => {
            let body = json!({ "data": data, "errors": errors });
            Ok(Reply::ok(body.to_string()).with_kind(kind))
        }
        Err(QueryFault::TooMuch) => {
            Err(Refusal::new(502, "We couldn't respond to your request in time. Sorry about that."))
        }
        Err(QueryFault::Error(kind, message)) => Ok(Reply::ok(failed(kind, &message))),
    }
}

/// Returns what a query reads of its first repository, or the repository itself.
fn queried(selected: &SelectionSet) -> String {
    const PARTS: [&str; 4] = ["issues", "issue", "pullRequests", "pullRequest"];
    let name = |selection: &Selection| match selection {
        Selection::Field(field) => Some(field.node.name.node.to_string()),
        _ => None,
    };
    let first = selected.items.first().map(|first| &first.node);
    let Some(Selection::Field(first)) = first else {
        return String::new();
    };
    let parts = &first.node.selection_set.node.items;
    let mut parts = parts.iter().filter_map(|part| name(&part.node));
    let part = parts.find(|part| PARTS.contains(&part.as_str()));
    part.unwrap_or_else(|| first.node.name.node.to_string())
}

fn failed(kind: Option<&str>, message: &str) -> String {
    let mut error = json!({ "message": message });
    if let Some(kind) = kind {
        error["type"] = json!(kind);
    }
    json!({ "data": null, "errors": [error] }).to_string()
}

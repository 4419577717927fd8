//! The part of GitHub's GraphQL API that reads repositories and their pull requests.

mod answer;
mod objects;
mod pages;

use std::sync::Arc;

use async_graphql_parser::{parse_query, types::DocumentOperations};
use axum::{Extension, body::Bytes, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Shared,
    answer::{Answer, Refusal, Reply},
    guard::Caller,
};
use answer::{Evaluation, Fault};

#[derive(Deserialize)]
struct Asked {
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
    let asked: Asked = serde_json::from_slice(&body).map_err(|_| Refusal::not_json())?;
    let world = shared.world();
    caller.authenticated(&world)?;
    let document = match parse_query(&asked.query) {
        Ok(document) => document,
        Err(error) => return Ok(Reply::ok(failed(None, &error.to_string()))),
    };
    let DocumentOperations::Single(operation) = &document.operations else {
        return Ok(Reply::ok(failed(
            None,
            "Send one operation without a name.",
        )));
    };
    let evaluation = Evaluation {
        world: &world,
        caller: &caller,
        fragments: &document.fragments,
        variables: asked.variables,
    };
    match evaluation.root(&operation.node.selection_set.node) {
        Ok((data, errors)) if errors.is_empty() => {
            Ok(Reply::ok(json!({ "data": data }).to_string()))
        }
        Ok((data, errors)) => {
            let body = json!({ "data": data, "errors": errors });
            Ok(Reply::ok(body.to_string()))
        }
        Err(Fault::TooMuch) => Err(Refusal::new(
            502,
            "We couldn't respond to your request in time. Sorry about that.",
        )),
        Err(Fault::Error(kind, message)) => Ok(Reply::ok(failed(kind, &message))),
    }
}

fn failed(kind: Option<&str>, message: &str) -> String {
    let mut error = json!({ "message": message });
    if let Some(kind) = kind {
        error["type"] = json!(kind);
    }
    json!({ "data": null, "errors": [error] }).to_string()
}

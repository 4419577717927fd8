//! Kinds of names that the server, or the program, lists.

use std::collections::BTreeSet;

use guildhall::MODULES;
use serde_json::Value;

use super::{demo::Demo, scrape};
use crate::app::sources;

/// Returns all names of a kind that the demo has; `None` for kinds whose names are asked for one by one.
pub(super) async fn listed(demo: &Demo, kind: &str) -> Option<BTreeSet<String>> {
    Some(match kind {
        "alert" => {
            let rules = MODULES.iter().flat_map(|module| module.alerts);
            rules.map(|rule| rule.kind.to_owned()).collect()
        }
        "badge" => texts(&demo.json("/api/v1/badges").await["items"], "slug"),
        "board" => {
            let keys = demo.values("SELECT DISTINCT key AS value FROM boards").await;
            keys.iter()
                .filter_map(|key| key.split_inclusive(':').next().map(str::to_owned))
                .collect()
        }
        "criterion" => words(&demo.json("/api/v1/schemas/badge-criteria").await),
        "default" => defaults(&demo.admin().await.json("/api/v1/admin/settings").await),
        "field" => fields(&api(demo).await),
        "flag" => texts(&flags(demo).await["items"], "name"),
        "header" => headers(demo).await,
        "job" => texts(&jobs(demo).await["schedules"], "name"),
        "log_target" => after("target: \""),
        "metric" => scrape::metrics(&demo.scrape),
        "notification" => {
            let news = MODULES.iter().flat_map(|module| module.news);
            news.map(|kind| kind.code.to_owned()).collect()
        }
        "occasional_metric" => after("\""),
        "parameter" => parameters(&api(demo).await),
        "problem" => {
            let page = demo.get("/docs/problems").await.1;
            page.split(|c: char| !c.is_ascii_uppercase() && c != '_').map(str::to_owned).collect()
        }
        "queue" => texts(&jobs(demo).await["queues"], "name"),
        "role" => needed(&api(demo).await, "session"),
        "scope" => needed(&api(demo).await, "bearer"),
        "variable" => {
            let settings = demo.admin().await.json("/api/v1/admin/settings").await;
            let mut all = texts(&settings["items"], "variable");
            all.extend(texts(&flags(demo).await["items"], "variable"));
            all
        }
        _ => return None,
    })
}

async fn api(demo: &Demo) -> Value {
    demo.json("/api/v1/openapi.json").await
}

async fn flags(demo: &Demo) -> Value {
    demo.admin().await.json("/api/v1/admin/flags").await
}

async fn jobs(demo: &Demo) -> Value {
    demo.admin().await.json("/api/v1/admin/jobs").await
}

/// Returns the texts of a member of the objects in a list.
fn texts(list: &Value, member: &str) -> BTreeSet<String> {
    let items = list.as_array().expect("a list").iter();
    items.filter_map(|item| item[member].as_str().map(str::to_owned)).collect()
}

/// Returns every text of a document, and the name of every member, in lower case.
fn words(document: &Value) -> BTreeSet<String> {
    match document {
        Value::String(text) => BTreeSet::from([text.to_lowercase()]),
        Value::Array(all) => all.iter().flat_map(words).collect(),
        Value::Object(all) => {
            let names = all.keys().map(|name| name.to_lowercase());
            names.chain(all.values().flat_map(words)).collect()
        }
        _ => BTreeSet::new(),
    }
}

/// Returns the variables that no one sets, each with its value.
fn defaults(settings: &Value) -> BTreeSet<String> {
    let items = settings["items"].as_array().expect("settings").iter();
    let unset = items.filter(|item| item["origin"] == "default");
    let shown =
        unset.filter_map(|item| Some((item["variable"].as_str()?, item["value"].as_str()?)));
    shown.map(|(variable, value)| format!("{variable} {value}")).collect()
}

/// Returns the members of the objects of the API, such as `BoardItem.rank`.
fn fields(api: &Value) -> BTreeSet<String> {
    let schemas = api["components"]["schemas"].as_object().expect("schemas");
    let with_members = schemas.iter().filter_map(|(name, schema)| {
        schema["properties"].as_object().map(|members| (name, members))
    });
    with_members
        .flat_map(|(name, members)| members.keys().map(move |member| format!("{name}.{member}")))
        .collect()
}

/// Returns the operations of the API, each with its name: method and path.
fn operations(api: &Value) -> Vec<(String, &Value)> {
    let mut all = Vec::new();
    for (path, methods) in api["paths"].as_object().expect("paths") {
        for (method, described) in methods.as_object().expect("methods") {
            all.push((format!("{} {path}", method.to_uppercase()), described));
        }
    }
    all
}

/// Returns the query parameters of operations, such as `GET /api/v1/opportunities q`.
fn parameters(api: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (operation, described) in operations(api) {
        for parameter in described["parameters"].as_array().into_iter().flatten() {
            if parameter["in"] == "query" {
                let name = parameter["name"].as_str().expect("a name");
                found.insert(format!("{operation} {name}"));
            }
        }
    }
    found
}

/// Returns the roles or scopes that any operation needs of a kind of sign-in.
fn needed(api: &Value, kind: &str) -> BTreeSet<String> {
    let operations = operations(api).into_iter().map(|(_, described)| described);
    let needs = operations.filter_map(|described| described["security"].as_array()).flatten();
    let names = needs.filter_map(|need| need[kind].as_array()).flatten();
    names.filter_map(|name| name.as_str().map(str::to_owned)).collect()
}

/// Returns the words of the API's description, with the names of the headers of a page.
async fn headers(demo: &Demo) -> BTreeSet<String> {
    let page = demo.client.get(&demo.url).send().await.expect("an answer");
    let mut all = words(&api(demo).await);
    all.extend(page.headers().keys().map(|name| name.as_str().to_owned()));
    all
}

/// Returns what the program's source has between each `start` and the next quotation mark.
fn after(start: &str) -> BTreeSet<String> {
    let sources = sources::of_modules();
    let texts = sources.iter().flat_map(|source| &source.files);
    let parts = texts.flat_map(|(_, text)| text.split(start).skip(1));
    parts.filter_map(|part| part.split('"').next().map(str::to_owned)).collect()
}

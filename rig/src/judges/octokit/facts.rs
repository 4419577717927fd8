//! Facts from the JSON alone, read by a few lines that are independent of the server's own parser.
//!
//! The newest `updated_at` wins, merged is final, closed wins over open at the same time, and fields that a payload
//! omits overwrite nothing. When statements tie, each value is accepted.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use anyhow::Result;
use chrono::DateTime;
use serde_json::Value;
use sqlx::AnyPool;

use super::{payloads::Payload, tables};

/// A comparable fact: text, a number's digits, seconds, or nothing.
pub(super) type Fact = Option<String>;
/// The facts of one row by name.
pub(super) type Row = BTreeMap<&'static str, Fact>;
/// The accepted facts of one row.
type Expected = BTreeMap<&'static str, BTreeSet<Fact>>;

/// The precedence of a statement: heavier ones win.
type Weight = (bool, i64, bool);

/// The facts that the server's tables are compared with.
pub(super) struct Facts {
    pull_requests: BTreeMap<String, Expected>,
    reviews: BTreeMap<String, Expected>,
    /// Pushes to a default branch, which must be stored; others may be.
    pushes: BTreeSet<String>,
    other_pushes: BTreeSet<String>,
}

impl Facts {
    /// Reads all payloads.
    pub(super) fn of(payloads: &[Payload]) -> Self {
        let (mut pull_requests, mut reviews) = (Statements::default(), Statements::default());
        let (mut pushes, mut other_pushes) = (BTreeSet::new(), BTreeSet::new());
        for payload in payloads {
            let json = &payload.json;
            match payload.event.as_str() {
                "pull_request" => pull_requests.hear(pull_request(json)),
                "pull_request_review" => {
                    pull_requests.hear(pull_request(json));
                    reviews.hear(review(json));
                }
                "push" if is_default_branch(json) => pushes.extend(push(json)),
                "push" => other_pushes.extend(push(json)),
                _ => {}
            }
        }
        Self {
            pull_requests: pull_requests.weighed(),
            reviews: reviews.weighed(),
            pushes,
            other_pushes,
        }
    }

    /// Compares the facts with the server's tables; returns the differences.
    pub(super) async fn complaints(&self, pool: &AnyPool) -> Result<Vec<String>> {
        let mut complaints =
            differences("pull request", &self.pull_requests, &tables::pull_requests(pool).await?);
        complaints.extend(differences("review", &self.reviews, &tables::reviews(pool).await?));
        let pushes = tables::pushes(pool).await?;
        let missing = self.pushes.iter().filter(|push| !pushes.contains(*push));
        complaints.extend(missing.map(|push| format!("push {push} is missing")));
        let invented = pushes
            .iter()
            .filter(|push| !self.pushes.contains(*push) && !self.other_pushes.contains(*push));
        complaints.extend(invented.map(|push| format!("push {push} is in no payload")));
        Ok(complaints)
    }
}

impl fmt::Display for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (pulls, reviews, pushes) =
            (self.pull_requests.len(), self.reviews.len(), self.pushes.len());
        write!(
            f,
            "about {pulls} pull requests, {reviews} reviews and {pushes} pushes to a default branch"
        )
    }
}

fn differences(
    kind: &str,
    expected: &BTreeMap<String, Expected>,
    found: &BTreeMap<String, Row>,
) -> Vec<String> {
    let missing = expected.keys().filter(|key| !found.contains_key(*key));
    let mut complaints: Vec<_> = missing.map(|key| format!("{kind} {key} is missing")).collect();
    for (key, row) in found {
        match expected.get(key) {
            None => complaints.push(format!("{kind} {key} is in no payload that the server uses")),
            Some(expected) => complaints.extend(row_differences(kind, key, expected, row)),
        }
    }
    complaints
}

fn row_differences(kind: &str, key: &str, expected: &Expected, row: &Row) -> Vec<String> {
    let wrong =
        expected.iter().filter(|(name, facts)| !facts.contains(row.get(*name).unwrap_or(&None)));
    wrong
        .map(|(name, facts)| {
            format!("{kind} {key}: {name} is {:?}, the payloads say {facts:?}", row.get(name))
        })
        .collect()
}

/// Statements about rows, by key.
#[derive(Default)]
struct Statements(BTreeMap<String, Vec<(Weight, Row)>>);

impl Statements {
    fn hear(&mut self, statement: Option<(String, Weight, Row)>) {
        if let Some((key, weight, row)) = statement {
            self.0.entry(key).or_default().push((weight, row));
        }
    }

    fn weighed(self) -> BTreeMap<String, Expected> {
        self.0.into_iter().map(|(key, statements)| (key, weigh(statements))).collect()
    }
}

/// Merges statements from light to heavy: a heavier one overwrites the facts it states; equal ones are both accepted.
fn weigh(mut statements: Vec<(Weight, Row)>) -> Expected {
    statements.sort_by_key(|(weight, _)| *weight);
    let mut expected = Expected::new();
    let mut said_at: BTreeMap<&str, Weight> = BTreeMap::new();
    for (weight, row) in statements {
        for (name, fact) in row {
            let facts = expected.entry(name).or_default();
            if said_at.insert(name, weight) != Some(weight) {
                facts.clear();
            }
            facts.insert(fact);
        }
    }
    expected
}

fn pull_request(json: &Value) -> Option<(String, Weight, Row)> {
    let pull = json.get("pull_request")?;
    let key = format!("{}#{}", json.pointer("/repository/id")?, pull.get("number")?);
    let merged =
        pull.get("merged") == Some(&Value::Bool(true)) || seconds(pull.get("merged_at")?).is_some();
    let closed = pull.get("state")? == "closed";
    let state = match (merged, closed) {
        (true, _) => "merged",
        (false, true) => "closed",
        (false, false) => "open",
    };
    let mut row =
        Row::from([("state", Some(state.to_owned())), ("github_id", scalar(pull.get("id")?))]);
    row.extend(stated(pull, "title", |title| scalar(title).map(|title| title.replace('\0', ""))));
    row.extend(
        ["additions", "deletions", "changed_files"]
            .into_iter()
            .filter_map(|name| stated(pull, name, scalar)),
    );
    row.extend(stated(pull, "draft", |draft| {
        draft.as_bool().map(|draft| u8::from(draft).to_string())
    }));
    row.extend(
        ["created_at", "closed_at", "merged_at"]
            .into_iter()
            .filter_map(|name| stated_or_null(pull, name, seconds)),
    );
    row.extend(stated_or_null(pull, "user", login).map(|(_, login)| ("author", login)));
    Some((key, (merged, instant(pull.get("updated_at")?)?, closed), row))
}

fn review(json: &Value) -> Option<(String, Weight, Row)> {
    let review = json.get("review")?;
    let state = scalar(review.get("state")?)?.to_lowercase();
    let submitted = review.get("submitted_at").and_then(instant);
    let at = review.get("updated_at").and_then(instant).or(submitted)?;
    let dismissed = state == "dismissed";
    let row = Row::from([
        ("state", Some(state)),
        ("submitted_at", submitted.map(|at| at.to_string())),
        ("reviewer", review.get("user").and_then(login)),
        (
            "pull_request",
            Some(format!(
                "{}#{}",
                json.pointer("/repository/id")?,
                json.pointer("/pull_request/number")?
            )),
        ),
    ]);
    Some((review.get("id")?.to_string(), (dismissed, at, false), row))
}

fn is_default_branch(json: &Value) -> bool {
    let default = json.pointer("/repository/default_branch").and_then(Value::as_str);
    let branch =
        json.get("ref").and_then(Value::as_str).and_then(|name| name.strip_prefix("refs/heads/"));
    branch.is_some() && branch == default
}

fn push(json: &Value) -> Option<String> {
    let text = |name: &str| json.get(name).and_then(Value::as_str);
    let forced = u8::from(json.get("forced")?.as_bool()?);
    let repository = json.pointer("/repository/id")?;
    Some(format!(
        "{repository} {} {}..{} forced {forced}",
        text("ref")?,
        text("before")?,
        text("after")?
    ))
}

/// Returns a stated fact; `null` counts as missing.
fn stated(
    json: &Value,
    name: &'static str,
    read: impl Fn(&Value) -> Fact,
) -> Option<(&'static str, Fact)> {
    read(json.get(name)?).map(|fact| (name, Some(fact)))
}

/// Returns a stated fact; `null` is a statement, such as not merged or no person.
fn stated_or_null(
    json: &Value,
    name: &'static str,
    read: impl Fn(&Value) -> Fact,
) -> Option<(&'static str, Fact)> {
    Some((name, read(json.get(name)?)))
}

fn scalar(value: &Value) -> Fact {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

fn login(person: &Value) -> Fact {
    scalar(person.get("login")?)
}

fn seconds(value: &Value) -> Fact {
    instant(value).map(|at| at.to_string())
}

fn instant(value: &Value) -> Option<i64> {
    DateTime::parse_from_rfc3339(value.as_str()?).ok().map(|at| at.timestamp())
}

#[cfg(test)]
mod tests;

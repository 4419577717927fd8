use async_graphql_parser::types::{Field, Selection};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use kernel::Timestamp;
use serde_json::{Map, Value, json};

use super::{
    super::world::{HostedPull, Issue},
    answer::{Evaluation, QueryFault},
    objects,
};

/// The field of a list with all of its items.
pub(super) const ITEMS: &str = "@items";

/// The most items of a page.
const LARGEST: i64 = 100;

/// Removes the pull requests from a list that were closed without being merged.
pub(super) fn without_closed(list: &mut Value) {
    if let Some(items) = list[ITEMS].as_array_mut() {
        items.retain(|item| item["state"] != "CLOSED");
    }
}

type FieldValue = Result<Value, QueryFault>;

/// Finds a repository, also by an earlier name.
pub(super) fn place(evaluation: &Evaluation<'_>, full_name: &str) -> Result<usize, QueryFault> {
    let world = evaluation.world;
    let missing = || {
        let message = format!("Could not resolve to a Repository with the name '{full_name}'.");
        QueryFault::Error(Some("NOT_FOUND"), message)
    };
    match evaluation.caller.place(world, full_name) {
        Ok(place) => Ok(place),
        Err(refusal) => {
            let id = refusal.location.as_deref().and_then(|to| to.rsplit('/').next());
            let id: i64 = id.and_then(|id| id.parse().ok()).ok_or_else(missing)?;
            let moved = world.places.iter().position(|place| place.repo.id == id);
            moved.ok_or_else(missing)
        }
    }
}

/// Returns a page of a repository's pull requests. Only those of the page are built.
pub(super) fn pulls(evaluation: &Evaluation<'_>, place: usize, field: &Field) -> FieldValue {
    let order = evaluation.argument(field, "orderBy").unwrap_or_default();
    let mut pulls: Vec<&HostedPull> = evaluation.world.places[place].pulls.values().collect();
    if order["field"] == "UPDATED_AT" {
        pulls.sort_by_key(|pull| (pull.story.pull.updated_at, pull.story.pull.number));
    }
    if order["direction"] == "DESC" {
        pulls.reverse();
    }
    let states = evaluation.argument(field, "states");
    let is_wanted = |pull: &&HostedPull| {
        let pull = &pull.story.pull;
        let state = match (pull.merged_at, pull.closed_at) {
            (Some(_), _) => "MERGED",
            (None, Some(_)) => "CLOSED",
            (None, None) => "OPEN",
        };
        names(states.as_ref(), state)
    };
    pulls.retain(is_wanted);
    shown(evaluation, field, "PullRequestConnection", &pulls, |pull| {
        objects::pull(evaluation.world, pull)
    })
}

/// Returns a page of pull requests or issues, unless it is too large. Only the items of the page are rendered.
fn shown<T>(
    evaluation: &Evaluation<'_>,
    field: &Field,
    kind: &str,
    items: &[&T],
    render: impl Fn(&T) -> Value,
) -> FieldValue {
    let page = Page::of(evaluation, field, items.len())?;
    if page.size as u64 > evaluation.world.switches.largest_page {
        return Err(QueryFault::TooMuch);
    }
    let nodes: Vec<Value> = items[page.from..page.to].iter().map(|item| render(item)).collect();
    page.show(evaluation, field, kind, &nodes)
}

/// Returns whether a list names a state; a missing list names all.
fn names(states: Option<&Value>, state: &str) -> bool {
    let states = states.and_then(Value::as_array);
    states.is_none_or(|states| states.iter().any(|own| own == state))
}

/// Returns a page of a repository's issues, or their number.
pub(super) fn issues(evaluation: &Evaluation<'_>, place: usize, field: &Field) -> FieldValue {
    let order = evaluation.argument(field, "orderBy").unwrap_or_default();
    let states = evaluation.argument(field, "states");
    let since = evaluation.argument(field, "filterBy");
    let since = since.and_then(|filter| filter["since"].as_str()?.parse().ok());
    let place = &evaluation.world.places[place];
    let is_wanted = |issue: &&Issue| {
        let issue = &issue.state;
        let state = if issue.closed_at.is_some() { "CLOSED" } else { "OPEN" };
        let is_new = since.is_none_or(|since: Timestamp| issue.updated_at >= since);
        names(states.as_ref(), state) && is_new
    };
    let mut issues: Vec<&Issue> = place.issues.values().filter(is_wanted).collect();
    if asks_only_total(field) {
        return Ok(json!({ "totalCount": issues.len() }));
    }
    match order["field"].as_str() {
        Some("UPDATED_AT") => issues.sort_by_key(|own| (own.state.updated_at, own.state.number)),
        _ => issues.sort_by_key(|own| (own.state.created_at, own.state.number)),
    }
    if order["direction"] == "DESC" {
        issues.reverse();
    }
    shown(evaluation, field, "IssueConnection", &issues, |issue| {
        objects::issue(evaluation.world, place, issue)
    })
}

pub(super) fn issue(evaluation: &Evaluation<'_>, place: usize, field: &Field) -> FieldValue {
    let number = evaluation.argument(field, "number").and_then(|number| number.as_i64());
    let number = number.unwrap_or_default();
    let place = &evaluation.world.places[place];
    match place.issues.get(&number) {
        Some(issue) => {
            let issue = objects::issue(evaluation.world, place, issue);
            evaluation.object(&issue, None, &field.selection_set.node)
        }
        None => {
            let message = format!("Could not resolve to an Issue with the number of {number}.");
            Err(QueryFault::Error(Some("NOT_FOUND"), message))
        }
    }
}

pub(super) fn pull(evaluation: &Evaluation<'_>, place: usize, field: &Field) -> FieldValue {
    let number = evaluation.argument(field, "number").and_then(|number| number.as_i64());
    let number = number.unwrap_or_default();
    match evaluation.world.places[place].pulls.get(&number) {
        Some(pull) => {
            let pull = objects::pull(evaluation.world, pull);
            evaluation.object(&pull, None, &field.selection_set.node)
        }
        None => {
            let message =
                format!("Could not resolve to a PullRequest with the number of {number}.");
            Err(QueryFault::Error(Some("NOT_FOUND"), message))
        }
    }
}

/// Returns a page of a list that an object holds.
pub(super) fn connection(evaluation: &Evaluation<'_>, list: &Value, field: &Field) -> FieldValue {
    let kinds = evaluation.argument(field, "itemTypes");
    let is_wanted = |item: &&Value| {
        let kind = item["__typename"].as_str().unwrap_or_default();
        let wants = |wanted: &Value| wanted.as_str().is_some_and(|wanted| is_kind(wanted, kind));
        let kinds = kinds.as_ref().and_then(Value::as_array);
        kinds.is_none_or(|kinds| kinds.iter().any(wants))
    };
    let items = list[ITEMS].as_array().into_iter().flatten();
    let items: Vec<Value> = items.filter(is_wanted).cloned().collect();
    let kind = list["__typename"].as_str().unwrap_or_default();
    // The size alone can be asked for without a page.
    if asks_only_total(field) {
        return Ok(json!({ "totalCount": items.len() }));
    }
    let page = Page::of(evaluation, field, items.len())?;
    page.show(evaluation, field, kind, &items[page.from..page.to])
}

/// Returns true if a field asks for the size of a list alone.
fn asks_only_total(field: &Field) -> bool {
    matches!(&field.selection_set.node.items[..], [only]
        if matches!(&only.node, Selection::Field(only) if only.node.name.node == "totalCount"))
}

/// Returns true if `LABELED_EVENT` is the kind `LabeledEvent`.
fn is_kind(wanted: &str, kind: &str) -> bool {
    wanted.replace('_', "").eq_ignore_ascii_case(kind)
}

/// The requested page of a list.
struct Page {
    from: usize,
    to: usize,
    size: usize,
    total: usize,
}

impl Page {
    fn of(evaluation: &Evaluation<'_>, field: &Field, total: usize) -> Result<Self, QueryFault> {
        let name = field.name.node.as_str();
        let first = evaluation.argument(field, "first").and_then(|first| first.as_i64());
        let Some(first) = first else {
            let message = format!(
                "You must provide a `first` or `last` value to properly paginate the `{name}` connection."
            );
            return Err(QueryFault::Error(Some("MISSING_PAGINATION_BOUNDARIES"), message));
        };
        if !(1..=LARGEST).contains(&first) {
            let message = format!(
                "Requesting {first} records on the `{name}` connection exceeds the `first` limit of {LARGEST} records."
            );
            return Err(QueryFault::Error(Some("EXCESSIVE_PAGINATION"), message));
        }
        let after = evaluation.argument(field, "after");
        let from = match after.as_ref().and_then(Value::as_str) {
            None => 0,
            Some(cursor) => place_of(cursor).ok_or_else(|| {
                let message = format!("`{cursor}` does not appear to be a valid cursor.");
                QueryFault::Error(Some("INVALID_CURSOR_ARGUMENTS"), message)
            })?,
        };
        let size = first as usize;
        let from = from.min(total);
        let to = (from + size).min(total);
        Ok(Self { from, to, size, total })
    }

    fn show(
        &self,
        evaluation: &Evaluation<'_>,
        field: &Field,
        kind: &str,
        nodes: &[Value],
    ) -> FieldValue {
        let end = (self.to > self.from).then(|| cursor(self.to));
        let mut list = Map::new();
        list.insert("__typename".to_owned(), json!(kind));
        list.insert("totalCount".to_owned(), json!(self.total));
        list.insert("nodes".to_owned(), json!(nodes));
        list.insert(
            "pageInfo".to_owned(),
            json!({
                "__typename": "PageInfo",
                "hasNextPage": self.to < self.total,
                "endCursor": end,
            }),
        );
        evaluation.object(&Value::Object(list), None, &field.selection_set.node)
    }
}

const CURSOR: &str = "cursor:v2:";

fn cursor(place: usize) -> String {
    BASE64_STANDARD.encode(format!("{CURSOR}{place}"))
}

fn place_of(cursor: &str) -> Option<usize> {
    let text = BASE64_STANDARD.decode(cursor).ok()?;
    let text = String::from_utf8(text).ok()?;
    text.strip_prefix(CURSOR)?.parse().ok()
}

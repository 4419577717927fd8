//! Search of the audit log for admins, by login and day.

use std::collections::{BTreeSet, HashMap};

use chrono::{Days, NaiveDate, NaiveTime};
use identity::model::UserId;
use kernel::{Problem, ProblemKind, Timestamp};
use platform::{
    Context,
    audit::{self, Entry, Filter},
    db::DbError,
};
use recognition::{Programmes, Targets};
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;
use uuid::Uuid;

/// The actor of commands run on the server.
pub(crate) const OPERATOR: &str = "operator";

/// A search of the audit log. Empty fields match everything.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(default)]
#[into_params(parameter_in = Query)]
pub struct AuditSearch {
    /// Only actions by this actor: a login, or `operator` for commands run on the server.
    #[param(required = false, example = "finch-ash")]
    pub actor: String,
    /// Only actions of this kind.
    #[param(required = false, example = "user.grant")]
    pub action: String,
    /// Only actions on this target: an ID, or a person's login.
    #[param(required = false, example = "wren-oak")]
    pub target: String,
    /// The first day to include (UTC).
    #[param(
        required = false,
        example = "2026-11-01",
        pattern = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"
    )]
    pub since: String,
    /// The last day to include (UTC).
    #[param(
        required = false,
        example = "2026-11-30",
        pattern = "^([0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]))?$"
    )]
    pub until: String,
}

impl AuditSearch {
    /// Returns true when the search matches every entry.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.fields().iter().all(|(_, value)| value.is_empty())
    }

    /// Returns the fields for a query string.
    pub(crate) fn fields(&self) -> [(&'static str, &str); 5] {
        [
            ("actor", self.actor.trim()),
            ("action", self.action.trim()),
            ("target", self.target.trim()),
            ("since", self.since.trim()),
            ("until", self.until.trim()),
        ]
    }

    /// Returns the filter for entries older than `after`. An unknown login matches no entry.
    pub(crate) async fn filter(
        &self,
        context: &Context,
        after: Option<(Timestamp, Uuid)>,
    ) -> Result<Filter, platform::ActionError> {
        let [actor, action, target, since, until] = self.fields().map(|(_, value)| value);
        let day_after = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
        let mut filter = Filter {
            by_operator: actor == OPERATOR,
            action: Some(action.to_owned()).filter(|action| !action.is_empty()),
            since: day("since", since)?.map(start),
            until: day("until", until)?.map(|day| start(day_after(day))),
            after,
            ..Filter::default()
        };
        if !actor.is_empty() && !filter.by_operator {
            filter.actor_id = Some(id_of(context, actor).await?);
        }
        if !target.is_empty() {
            filter.target_id = Some(match Uuid::try_parse(target) {
                Ok(id) => id,
                Err(_) => id_of(context, target).await?,
            });
        }
        Ok(filter)
    }
}

/// Returns a person's ID, or the nil ID when the login is unknown, so that the search finds nothing.
async fn id_of(context: &Context, login: &str) -> Result<Uuid, DbError> {
    let person = identity::reads::person(&context.db, login).await?;
    Ok(person.map_or(Uuid::nil(), |person| person.id))
}

fn start(day: NaiveDate) -> Timestamp {
    day.and_time(NaiveTime::MIN).and_utc()
}

fn day(name: &str, text: &str) -> Result<Option<NaiveDate>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    let unreadable = |_| {
        let detail = format!("{name} is '{text}'. Use a date such as 2026-11-01.");
        Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail)
    };
    let read = NaiveDate::parse_from_str(text, "%Y-%m-%d").map_err(unreadable)?;
    // PostgreSQL supports fewer years than chrono.
    let years = NaiveDate::from_ymd_opt(1970, 1, 1)..NaiveDate::from_ymd_opt(9999, 1, 1);
    match years.contains(&Some(read)) {
        true => Ok(Some(read)),
        false => {
            let detail = format!("{name} is '{text}'. Use a date from 1970-01-01 to 9998-12-31.");
            Err(Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail))
        }
    }
}

/// An entry of the log, with people by login.
pub(crate) struct Line {
    pub(crate) entry: Entry,
    /// A login, or `operator`.
    pub(crate) actor: String,
    /// A person's login, the name of a programme's object, or the target's ID.
    pub(crate) target: String,
    /// The page of the target: that of a person for admins, or of a programme's object.
    pub(crate) link: Option<String>,
    /// The values before and after, in words.
    pub(crate) change: String,
}

/// Searches the log, latest entries first. Targets that are objects of these programmes are named.
pub(crate) async fn lines(
    context: &Context,
    programmes: Programmes,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<Line>, DbError> {
    let entries = audit::search(&context.db, filter, limit).await?;
    let logins = logins(context, &entries).await?;
    let targets = targets(context, programmes, &entries).await?;
    let named = |id: Uuid| logins.get(&UserId::new(id)).cloned();
    let line = |entry: Entry| Line {
        actor: match entry.actor_id {
            Some(id) => named(id).unwrap_or_else(|| id.to_string()),
            None => OPERATOR.to_owned(),
        },
        target: named(entry.target_id)
            .or_else(|| Some(targets.get(&entry.target_id)?.0.clone()))
            .unwrap_or_else(|| entry.target_id.to_string()),
        link: match targets.get(&entry.target_id) {
            Some((_, address)) => Some(address.clone()),
            None => named(entry.target_id).map(|_| format!("/admin/people/{}", entry.target_id)),
        },
        change: change(&entry, &logins),
        entry,
    };
    Ok(entries.into_iter().map(line).collect())
}

/// Returns the names and paths of the programmes' objects among the targets.
async fn targets(
    context: &Context,
    programmes: Programmes,
    entries: &[Entry],
) -> Result<Targets, DbError> {
    let kinds: BTreeSet<&str> = entries
        .iter()
        .map(|entry| entry.target_kind.as_str())
        .collect();
    let mut targets = HashMap::new();
    for programme in programmes.iter() {
        for kind in &kinds {
            targets.extend(programme.targets(context, kind).await?);
        }
    }
    Ok(targets)
}

/// Describes what changed, such as "role: user → role: moderator", with people by login.
fn change(entry: &Entry, logins: &HashMap<UserId, String>) -> String {
    let said = |json: &Option<String>| json.as_deref().map(|json| words(json, logins));
    match (said(&entry.before), said(&entry.after)) {
        (Some(before), Some(after)) => format!("{before} → {after}"),
        (before, after) => before.or(after).unwrap_or_default(),
    }
}

/// Writes the fields of a JSON object as words.
fn words(json: &str, logins: &HashMap<UserId, String>) -> String {
    let Ok(Value::Object(fields)) = serde_json::from_str(json) else {
        return json.to_owned();
    };
    let field = |(name, value): (&String, &Value)| {
        format!(
            "{}: {}",
            name.replace('_', " "),
            value_in_words(value, logins)
        )
    };
    fields.iter().map(field).collect::<Vec<_>>().join(", ")
}

fn value_in_words(value: &Value, logins: &HashMap<UserId, String>) -> String {
    match value {
        Value::String(text) => person_in(value)
            .and_then(|id| logins.get(&id).cloned())
            .unwrap_or_else(|| text.clone()),
        Value::Null => "none".to_owned(),
        Value::Array(items) if items.is_empty() => "none".to_owned(),
        Value::Array(items) => {
            let items = items.iter().map(|item| value_in_words(item, logins));
            items.collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// Returns the ID in a value, which may be a person's.
fn person_in(value: &Value) -> Option<UserId> {
    Uuid::try_parse(value.as_str()?).ok().map(UserId::new)
}

/// Returns the IDs in the values before and after.
fn ids_in(entry: &Entry) -> Vec<Uuid> {
    let values = [&entry.before, &entry.after].into_iter().flatten();
    let objects = values.filter_map(|json| serde_json::from_str::<Value>(json).ok());
    let mut ids = Vec::new();
    for object in objects {
        let fields = object
            .as_object()
            .into_iter()
            .flat_map(|fields| fields.values());
        for value in fields {
            let items = value
                .as_array()
                .map_or(std::slice::from_ref(value), Vec::as_slice);
            ids.extend(items.iter().filter_map(person_in).map(|id| id.0));
        }
    }
    ids
}

async fn logins(context: &Context, entries: &[Entry]) -> Result<HashMap<UserId, String>, DbError> {
    let targets = entries.iter().filter(|entry| entry.target_kind == "user");
    let people: BTreeSet<Uuid> = entries
        .iter()
        .filter_map(|entry| entry.actor_id)
        .chain(targets.map(|entry| entry.target_id))
        .chain(entries.iter().flat_map(ids_in))
        .collect();
    identity::reads::logins(&context.db, people.into_iter().map(UserId::new)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_written_in_words() {
        let id = Uuid::from_u128(7);
        let logins = HashMap::from([(UserId::new(id), "wren-oak".to_owned())]);
        for (json, said) in [
            (r#"{"role":"moderator"}"#.to_owned(), "role: moderator"),
            (format!(r#"{{"person":"{id}"}}"#), "person: wren-oak"),
            (
                r#"{"ends_at":null,"rollout_percent":40}"#.to_owned(),
                "ends at: none, rollout percent: 40",
            ),
            (
                format!(r#"{{"people":["{id}"],"roles":[]}}"#),
                "people: wren-oak, roles: none",
            ),
            ("plain".to_owned(), "plain"),
        ] {
            assert_eq!(words(&json, &logins), said);
        }
    }

    #[test]
    fn valid_days_are_parsed_and_others_rejected() {
        let read = |text| day("since", text).map_err(|problem| problem.detail);
        assert_eq!(read(""), Ok(None));
        let first = NaiveDate::from_ymd_opt(2026, 11, 1);
        assert_eq!(read("2026-11-01"), Ok(first));
        for wrong in ["yesterday", "2026-13-01", "+99999-01-01", "0001-01-01"] {
            let refusal = read(wrong).expect_err(wrong);
            assert!(
                refusal.starts_with(&format!("since is '{wrong}'")),
                "{refusal}"
            );
        }
    }
}

//! Search of the audit log for admins, by login and day.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{Days, NaiveDate, NaiveTime};
use identity::{
    model::UserId,
    rules::{change_in_words, people_in},
};
use kernel::{Problem, ProblemKind, Timestamp, in_words};
use platform::{
    Context,
    audit::{self, Entry, Filter, OPERATOR},
    db::DbError,
    module::Modules,
};
use recognition::{Programmes, Targets};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

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

pub(crate) fn day(name: &str, text: &str) -> Result<Option<NaiveDate>, Problem> {
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
    if years.contains(&Some(read)) {
        Ok(Some(read))
    } else {
        let detail = format!("{name} is '{text}'. Use a date from 1970-01-01 to 9998-12-31.");
        Err(Problem::new(ProblemKind::Malformed, "BAD_QUERY", detail))
    }
}

/// An entry of the log, with people by login.
pub(crate) struct AuditLine {
    pub(crate) entry: Entry,
    /// A login, or `operator`.
    pub(crate) actor: String,
    /// A person's login, or the target's ID.
    pub(crate) target: String,
}

/// An entry of the log as pages show it.
pub(crate) struct ShownEntry {
    pub(crate) entry: Entry,
    /// The action in words: "Role changed".
    pub(crate) says: String,
    /// The name of the person who acted, "operator" or "visitor".
    pub(crate) actor: String,
    /// The name of the target, if it is a person or an object of a programme; else empty.
    pub(crate) target: String,
    /// The page of the target: that of a person for admins, or of a programme's object.
    pub(crate) link: Option<String>,
    /// The values before and after, in words.
    pub(crate) change: String,
}

impl AuditLine {
    fn of(entry: Entry, logins: &HashMap<UserId, String>) -> Self {
        let named = |id: Uuid| logins.get(&UserId::new(id)).cloned();
        Self {
            actor: match entry.actor_id {
                Some(id) => named(id).unwrap_or_else(|| id.to_string()),
                None => entry.actor_kind.clone(),
            },
            target: named(entry.target_id).unwrap_or_else(|| entry.target_id.to_string()),
            entry,
        }
    }
}

/// Searches the log, latest entries first.
pub(crate) async fn lines(
    context: &Context,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<AuditLine>, DbError> {
    let entries = audit::search(&context.db, filter, limit).await?;
    let logins = identity::reads::logins(&context.db, people(&entries)).await?;
    let entries = entries.into_iter();
    Ok(entries.map(|entry| AuditLine::of(entry, &logins)).collect())
}

/// Searches the log like [`lines`], for people to read. People, and objects of these programmes, are named.
pub(crate) async fn shown(
    context: &Context,
    modules: Modules,
    programmes: Programmes,
    filter: &Filter,
    limit: i64,
) -> Result<Vec<ShownEntry>, DbError> {
    let entries = audit::search(&context.db, filter, limit).await?;
    let people = identity::reads::who(&context.db, people(&entries)).await?;
    let names: HashMap<UserId, String> =
        people.into_iter().map(|(id, who)| (id, who.called().to_owned())).collect();
    let targets = targets(context, programmes, &entries).await?;
    let kinds = modules.audit();
    let shown = |entry: Entry| {
        let id = entry.target_id;
        let kind = kinds.iter().find(|kind| kind.action == entry.action);
        let actor = match entry.actor_id {
            Some(id) => names.get(&UserId::new(id)).cloned(),
            None => Some(entry.actor_kind.clone()),
        };
        let (target, link) = match (targets.get(&id), names.get(&UserId::new(id))) {
            (Some((name, address)), _) => (name.clone(), Some(address.clone())),
            (None, Some(name)) => (name.clone(), Some(format!("/admin/people/{id}"))),
            (None, None) => (String::new(), None),
        };
        ShownEntry {
            says: kind.map_or_else(|| in_words(&entry.action), |kind| kind.says.to_owned()),
            actor: actor.unwrap_or_else(|| "someone who left".to_owned()),
            target,
            link,
            change: change_in_words(&entry, &names),
            entry,
        }
    };
    Ok(entries.into_iter().map(shown).collect())
}

/// Returns the names and paths of the programmes' objects among the targets.
async fn targets(
    context: &Context,
    programmes: Programmes,
    entries: &[Entry],
) -> Result<Targets, DbError> {
    let mut wanted: BTreeMap<&str, BTreeSet<Uuid>> = BTreeMap::new();
    for entry in entries {
        let ids = wanted.entry(&entry.target_kind).or_default();
        ids.insert(entry.target_id);
    }
    let mut targets = HashMap::new();
    for programme in programmes.iter() {
        for (kind, ids) in &wanted {
            targets.extend(programme.targets(context, kind, ids).await?);
        }
    }
    Ok(targets)
}

/// Returns the people among actors, targets and changed values.
fn people(entries: &[Entry]) -> BTreeSet<UserId> {
    let targets = entries.iter().filter(|entry| entry.target_kind == "user");
    let actors = entries.iter().filter_map(|entry| entry.actor_id);
    let named = actors
        .chain(targets.map(|entry| entry.target_id))
        .chain(entries.iter().flat_map(people_in));
    named.map(UserId::new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_days_are_parsed_and_others_rejected() {
        let read = |text| day("since", text).map_err(|problem| problem.detail);
        assert_eq!(read(""), Ok(None));
        let first = NaiveDate::from_ymd_opt(2026, 11, 1);
        assert_eq!(read("2026-11-01"), Ok(first));
        for wrong in ["yesterday", "2026-13-01", "+99999-01-01", "0001-01-01"] {
            let refusal = read(wrong).expect_err(wrong);
            assert!(refusal.starts_with(&format!("since is '{wrong}'")), "{refusal}");
        }
    }
}

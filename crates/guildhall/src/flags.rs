//! Flags as admins see and set them: people by login, roles by name.

use std::collections::BTreeSet;

use identity::model::UserId;
use identity::rules::role_named;
use kernel::{Checks, Problem, Timestamp};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::DbError,
    flags::{FlagChange, KnownFlag, Setting, TARGET, change},
};
use uuid::Uuid;

pub(crate) use platform::flags::unknown;

/// Maximum number of changes shown.
const HISTORY: i64 = 20;

pub(crate) struct FlagStatus {
    pub(crate) known: KnownFlag,
    /// Logins of people for whom the flag is on at any percentage.
    pub(crate) people: Vec<String>,
}

impl FlagStatus {
    pub(crate) fn setting(&self) -> &Setting {
        &self.known.setting
    }

    /// Returns its status in a few words.
    pub(crate) fn summary(&self) -> String {
        let setting = self.setting();
        if let Some(off) = self.known.overridden() {
            return off;
        }
        match (setting.enabled, setting.rollout_percent) {
            (false, _) => "off".to_owned(),
            (true, 100..) => "on".to_owned(),
            (true, percent) => format!("on for {percent}%{}", self.others()),
        }
    }

    fn others(&self) -> String {
        let roles = self.setting().roles.iter().map(|role| format!("{role}s"));
        let named: Vec<String> = roles.chain(self.people.iter().cloned()).collect();
        if named.is_empty() { String::new() } else { format!(" and {}", named.join(", ")) }
    }
}

/// A change of a flag and its reason.
pub(crate) struct FlagHistoryEntry {
    pub(crate) at: Timestamp,
    /// A login; absent for a command on the server.
    pub(crate) by: Option<String>,
    pub(crate) reason: String,
    /// The setting after the change, as JSON.
    pub(crate) setting: serde_json::Value,
}

/// Lists every flag.
pub(crate) async fn all(context: &Context) -> Result<Vec<FlagStatus>, DbError> {
    let known = context.flags.known(&context.db).await?;
    let people: BTreeSet<Uuid> =
        known.iter().flat_map(|known| known.setting.people.iter().copied()).collect();
    let logins = identity::reads::logins(&context.db, people.into_iter().map(UserId::new)).await?;
    let login = |id: &Uuid| logins.get(&UserId::new(*id)).cloned();
    let status = |known: KnownFlag| FlagStatus {
        people: known.setting.people.iter().filter_map(login).collect(),
        known,
    };
    Ok(known.into_iter().map(status).collect())
}

/// Finds a flag by its name.
pub(crate) async fn one(context: &Context, name: &str) -> Result<FlagStatus, ActionError> {
    let mut all = all(context).await?.into_iter();
    let found = all.find(|status| status.known.flag.name == name);
    Ok(found.ok_or_else(|| unknown(name))?)
}

/// Lists the last changes of one flag, or of all, latest first.
pub(crate) async fn history(
    context: &Context,
    flag: Option<Uuid>,
) -> Result<Vec<(Uuid, FlagHistoryEntry)>, DbError> {
    let filter = audit::Filter {
        target_kind: Some(TARGET.to_owned()),
        target_id: flag,
        ..audit::Filter::default()
    };
    let entries = audit::search(&context.db, &filter, HISTORY).await?;
    let actor = |entry: &audit::Entry| entry.actor_id.map(UserId::new);
    let actors: BTreeSet<UserId> = entries.iter().filter_map(actor).collect();
    let logins = identity::reads::logins(&context.db, actors).await?;
    let change = |entry: audit::Entry| {
        let json = entry.after.as_deref().unwrap_or_default();
        let change = FlagHistoryEntry {
            at: entry.created_at,
            by: actor(&entry).and_then(|id| logins.get(&id).cloned()),
            reason: entry.reason.unwrap_or_default(),
            setting: serde_json::from_str(json).unwrap_or_default(),
        };
        (entry.target_id, change)
    };
    Ok(entries.into_iter().map(change).collect())
}

/// A requested change of a flag; absent fields stay unchanged.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlagInput {
    pub(crate) enabled: Option<bool>,
    pub(crate) rollout_percent: Option<i64>,
    /// Logins.
    pub(crate) people: Option<Vec<String>>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) reason: String,
    /// The problem of a field that a form could not read as what it is, such as a number.
    pub(crate) unread: Option<Problem>,
}

pub(crate) async fn set(
    context: &Context,
    actor: Actor,
    name: &str,
    input: FlagInput,
) -> Result<Setting, ActionError> {
    let mut requested = FlagChange {
        enabled: input.enabled,
        rollout_percent: input.rollout_percent,
        ..FlagChange::default()
    };
    let mut checks = Checks::after(input.unread);
    if let Some(roles) = input.roles {
        let named = |role: &String| {
            role_named(role)
                .map(|role| role.as_str().to_owned())
                .map_err(|problem| problem.at("roles"))
        };
        let roles = roles.iter().map(named).collect::<Result<_, _>>();
        requested.roles = Some(checks.read(roles));
    }
    if let Some(logins) = input.people {
        let people = ActionError::refusal(ids(context, actor, logins).await)?;
        requested.people = Some(checks.read(people));
    }
    checks.read(audit::reason(&input.reason));
    checks.finish(())?;
    change(context, actor, name, requested, &input.reason).await
}

async fn ids(
    context: &Context,
    actor: Actor,
    logins: Vec<String>,
) -> Result<BTreeSet<Uuid>, ActionError> {
    let mut ids = BTreeSet::new();
    for login in logins {
        let person = identity::reads::find_named_by(&context.db, actor, &login).await;
        ids.insert(person.map_err(|error| error.at("people"))?.id);
    }
    Ok(ids)
}

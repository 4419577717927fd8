//! Flags as admins see and set them: people by login, roles by name.

use std::collections::BTreeSet;

use identity::model::UserId;
use identity::rules::role_named;
use kernel::Timestamp;
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::DbError,
    flags::{Change, Known, Setting, TARGET, change, unknown},
};
use uuid::Uuid;

/// Changes of a flag that are shown.
const HISTORY: i64 = 20;

/// A flag and how it stands.
pub(crate) struct FlagStatus {
    pub(crate) known: Known,
    /// Who sees it whatever the percentage.
    pub(crate) people: Vec<String>,
}

impl FlagStatus {
    pub(crate) fn setting(&self) -> &Setting {
        &self.known.setting
    }

    /// How it stands, in a few words.
    pub(crate) fn standing(&self) -> String {
        let (setting, variable) = (self.setting(), self.known.flag.variable);
        if !self.known.is_permitted {
            return format!("off: the environment forbids it ({variable})");
        }
        match (setting.enabled, setting.rollout_percent) {
            (false, _) => "off".to_owned(),
            (true, 100..) => "on".to_owned(),
            (true, percent) => format!("on for {percent} %{}", self.others()),
        }
    }

    fn others(&self) -> String {
        let roles = self.setting().roles.iter().map(|role| format!("{role}s"));
        let named: Vec<String> = roles.chain(self.people.iter().cloned()).collect();
        match named.is_empty() {
            true => String::new(),
            false => format!(" and {}", named.join(", ")),
        }
    }
}

/// What was made of a flag, and why.
pub(crate) struct FlagChange {
    pub(crate) at: Timestamp,
    /// A login; absent when it was done at the server's shell.
    pub(crate) by: Option<String>,
    pub(crate) reason: String,
    /// What the row said then, as JSON.
    pub(crate) setting: serde_json::Value,
}

/// Every flag.
pub(crate) async fn all(context: &Context) -> Result<Vec<FlagStatus>, DbError> {
    let known = context.flags.known(&context.db).await?;
    let people: BTreeSet<Uuid> = known
        .iter()
        .flat_map(|known| known.setting.people.iter().copied())
        .collect();
    let logins = identity::reads::logins(&context.db, people.into_iter().map(UserId::new)).await?;
    let login = |id: &Uuid| logins.get(&UserId::new(*id)).cloned();
    let switch = |known: Known| FlagStatus {
        people: known.setting.people.iter().filter_map(login).collect(),
        known,
    };
    Ok(known.into_iter().map(switch).collect())
}

/// The flag of this name.
pub(crate) async fn one(context: &Context, name: &str) -> Result<FlagStatus, ActionError> {
    let mut all = all(context).await?.into_iter();
    let found = all.find(|switch| switch.known.flag.name == name);
    Ok(found.ok_or_else(|| unknown(name))?)
}

/// The last changes of one flag, or of all, the latest first.
pub(crate) async fn history(
    context: &Context,
    flag: Option<Uuid>,
) -> Result<Vec<(Uuid, FlagChange)>, DbError> {
    let filter = audit::Filter {
        target_kind: Some(TARGET.to_owned()),
        target_id: flag,
        ..audit::Filter::default()
    };
    let entries = audit::search(&context.db, &filter, HISTORY).await?;
    let actor = |entry: &audit::Entry| entry.actor_id.map(UserId::new);
    let actors: BTreeSet<UserId> = entries.iter().filter_map(actor).collect();
    let logins = identity::reads::logins(&context.db, actors).await?;
    let turn = |entry: audit::Entry| {
        let json = entry.after.as_deref().unwrap_or_default();
        let turn = FlagChange {
            at: entry.created_at,
            by: actor(&entry).and_then(|id| logins.get(&id).cloned()),
            reason: entry.reason.unwrap_or_default(),
            setting: serde_json::from_str(json).unwrap_or_default(),
        };
        (entry.target_id, turn)
    };
    Ok(entries.into_iter().map(turn).collect())
}

/// What is to be made of a flag; what is absent stays.
#[derive(Clone, Debug, Default)]
pub(crate) struct FlagInput {
    pub(crate) enabled: Option<bool>,
    pub(crate) rollout_percent: Option<i64>,
    /// Logins.
    pub(crate) people: Option<Vec<String>>,
    pub(crate) roles: Option<Vec<String>>,
    pub(crate) reason: String,
}

/// Makes of a flag what is wished.
pub(crate) async fn set(
    context: &Context,
    actor: Actor,
    name: &str,
    wish: FlagInput,
) -> Result<Setting, ActionError> {
    let mut wanted = Change {
        enabled: wish.enabled,
        rollout_percent: wish.rollout_percent,
        ..Change::default()
    };
    if let Some(roles) = wish.roles {
        let named = |role: &String| role_named(role).map(|role| role.as_str().to_owned());
        wanted.roles = Some(roles.iter().map(named).collect::<Result<_, _>>()?);
    }
    if let Some(logins) = wish.people {
        wanted.people = Some(ids(context, logins).await?);
    }
    change(context, actor, name, wanted, &wish.reason).await
}

async fn ids(context: &Context, logins: Vec<String>) -> Result<BTreeSet<Uuid>, ActionError> {
    let mut ids = BTreeSet::new();
    for login in logins {
        let person = identity::reads::find_person(&context.db, &login).await?;
        ids.insert(person.id);
    }
    Ok(ids)
}

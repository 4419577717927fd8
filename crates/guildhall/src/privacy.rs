//! Export and erasure of a person's data: each module exports and erases its own part.

use identity::model::UserId;
use kernel::counted;
use platform::{
    ActionError, Context,
    audit::{self, Act, Actor},
    db::{DbError, Tx},
    jobs::{self, JobError, Progress, Schedule, Worker},
    module::{Module, Modules, Services},
};
use serde_json::{Map, Value, json};

use identity::model::EXPORT_ASKED;

/// The name of the nightly erasure.
pub const ERASURE: &str = "AccountErasure";

/// The part of an export with the accounts that are linked to the person.
pub const LINKED: &str = "linked_accounts";

/// Maximum number of people erased in one night; the next night continues.
const A_NIGHT: i64 = 1_000;

/// Returns everything that is stored about a person, module by module, and about the accounts that are linked to them
/// in `linked_accounts`.
pub async fn export(
    modules: Modules,
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<Value, DbError> {
    let linked = identity::reads::linked_accounts(tx, person).await?;
    let mut data = data_of(modules.iter(), tx, context, person).await?;
    for account in linked {
        add_linked(&mut data, data_of(modules.iter(), tx, context, account).await?);
    }
    Ok(data)
}

/// Reads what the modules store about one account.
async fn data_of(
    modules: impl Iterator<Item = &'static Module>,
    tx: &Tx,
    context: &Context,
    person: UserId,
) -> Result<Value, DbError> {
    let mut data = Map::new();
    for module in modules {
        if let Some(export) = module.export {
            data.insert(module.name.to_owned(), export(tx, context, person.0).await?);
        }
    }
    Ok(Value::Object(data))
}

fn add_linked(data: &mut Value, linked: Value) {
    match &mut data[LINKED] {
        Value::Array(all) => all.push(linked),
        none => *none = json!([linked]),
    }
}

/// Exports a person's data for an admin.
pub async fn export_for(
    services: &Services,
    actor: Actor,
    person: UserId,
) -> Result<Value, ActionError> {
    let context = &services.context;
    let tx = context.begin().await?;
    let data = export(services.modules(), &tx, context, person).await?;
    let act = Act {
        actor,
        action: "user.export",
        target_kind: "user",
        target_id: person.0,
        before: None,
        after: None,
        reason: None,
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    Ok(data)
}

/// Erases a person in every module, in one transaction, and the accounts that are linked to them. Their ledger entries
/// stay under a pseudonym, so that points and explanations do not change. They are on no leaderboard.
///
/// # Errors
/// When the person is the last admin.
pub async fn erase(
    modules: Modules,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<(), ActionError> {
    erase_rows(modules, context, actor, person).await?;
    empty_log(context).await;
    Ok(())
}

async fn erase_rows(
    modules: Modules,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    for person in identity::actions::erased_with(&tx, person).await? {
        // Higher modules first: they read what lower ones know of the person, such as the address.
        for erase in modules.iter().rev().filter_map(|module| module.erase) {
            erase(&tx, context, actor, person.0).await?;
        }
    }
    Ok(tx.commit().await?)
}

/// Removes erased rows from SQLite's log. The erasure is committed: a failure is logged, and the next checkpoint
/// removes them.
async fn empty_log(context: &Context) {
    if let Err(error) = context.db.empty_log().await {
        tracing::warn!(%error, "cannot truncate the write-ahead log, which can still contain erased data");
    }
}

/// Returns everything that erasing a person would remove, in the form of [`export`], and checks that they can be
/// erased. Changes nothing.
///
/// # Errors
/// Like [`erase`].
pub async fn rehearse(
    modules: Modules,
    context: &Context,
    actor: Actor,
    person: UserId,
) -> Result<Value, ActionError> {
    let tx = context.begin().await?;
    // Modules without erasure keep their part, under a pseudonym.
    let erasing = || modules.iter().rev().filter(|module| module.erase.is_some());
    let mut data = data_of(erasing(), &tx, context, person).await?;
    for account in identity::actions::erased_with(&tx, person).await? {
        if account != person {
            let linked = data_of(erasing(), &tx, context, account).await?;
            add_linked(&mut data, linked);
        }
        for erase in erasing().filter_map(|module| module.erase) {
            erase(&tx, context, actor, account.0).await?;
        }
    }
    // Dropping the transaction undoes the erasure.
    Ok(data)
}

/// Prepares the exports that people requested.
#[must_use]
pub fn worker(modules: Modules) -> Worker {
    let make = move |context: Context, _| async move { Ok(make_exports(modules, &context).await?) };
    Worker::new("account-exports", EXPORT_ASKED, make)
}

async fn make_exports(modules: Modules, context: &Context) -> Result<Progress, DbError> {
    let Some((tx, claimed)) = jobs::claimed(context, EXPORT_ASKED).await? else {
        return Ok(Progress::Idle);
    };
    for wake_up in &claimed {
        let id = wake_up.object_id;
        let Some(person) = identity::actions::export_asked(&tx, id).await? else {
            continue;
        };
        let mut data = export(modules, &tx, context, person).await?;
        data["created_at"] = json!(context.now());
        let document = format!("{data:#}").into_bytes();
        identity::actions::keep_export(&tx, context, id, document).await?;
    }
    jobs::worked(tx, &claimed).await
}

/// Erases the accounts that were closed a month ago.
#[must_use]
pub fn schedule(modules: Modules) -> Schedule {
    Schedule::new(ERASURE, "20 3 * * *", move |context: Context| async move {
        let overdue = identity::actions::overdue(&context, A_NIGHT).await?;
        let mut refused = 0;
        for person in &overdue {
            // A failure does not stop the others.
            if let Err(error) = erase_rows(modules, &context, Actor::Operator, *person).await {
                tracing::error!(%error, person = %person.0, "cannot erase an account");
                refused += 1;
            }
        }
        if refused < overdue.len() {
            empty_log(&context).await;
        }
        match refused {
            0 => Ok(counted(overdue.len(), "person erased", "people erased")),
            _ => Err(JobError::Other(format!(
                "{refused} of {} could not be erased; see the log",
                counted(overdue.len(), "person", "people")
            ))),
        }
    })
}

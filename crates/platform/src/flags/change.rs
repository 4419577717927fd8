use std::collections::BTreeSet;

use kernel::{Problem, ProblemKind};
use serde_json::json;
use uuid::Uuid;

use super::{
    Flag, Setting,
    store::{self, StoredFlag},
};
use crate::{
    ActionError, Context,
    audit::{self, Act, Actor},
};

/// The target kind of flag changes in the audit log.
pub const TARGET: &str = "flag";

/// A change of a flag; absent fields stay as they are.
#[derive(Clone, Debug, Default)]
pub struct FlagChange {
    /// On or off.
    pub enabled: Option<bool>,
    pub rollout_percent: Option<i64>,
    /// People for whom it is on regardless of the rollout.
    pub people: Option<BTreeSet<Uuid>>,
    /// Roles for which it is on regardless of the rollout.
    pub roles: Option<BTreeSet<String>>,
}

impl FlagChange {
    fn applied_to(self, setting: &Setting) -> Setting {
        let Setting { enabled, rollout_percent, people, roles } = setting.clone();
        Setting {
            enabled: self.enabled.unwrap_or(enabled),
            rollout_percent: self.rollout_percent.unwrap_or(rollout_percent),
            people: self.people.unwrap_or(people),
            roles: self.roles.unwrap_or(roles),
        }
    }
}

/// Changes a flag, and applies the change in this process immediately. Returns the new setting.
///
/// # Errors
/// When the flag is unknown, the reason is blank, the setting is invalid, or the database fails.
pub async fn change(
    context: &Context,
    actor: Actor,
    name: &str,
    change: FlagChange,
    reason: &str,
) -> Result<Setting, ActionError> {
    let flag = context.flags.find(name).ok_or_else(|| unknown(name))?;
    let reason = audit::reason(reason)?;
    let tx = context.begin().await?;
    tx.serialize("platform.flags").await?;
    let mut rows = store::all(&tx).await?;
    let stored = rows.remove(name).ok_or_else(|| unknown(name))?;
    let setting = change.applied_to(&stored.setting);
    validate(flag, &setting)?;
    let id = stored.id;
    let now = StoredFlag { id, setting };
    store::write(&tx, context, &now).await?;
    let act = Act {
        actor,
        action: "flag.change",
        target_kind: TARGET,
        target_id: id,
        before: Some(json!(stored.setting)),
        after: Some(json!(now.setting)),
        reason: Some(reason),
    };
    audit::record(&tx, context, act).await?;
    tx.commit().await?;
    context.flags.look(&context.db).await?;
    Ok(now.setting)
}

fn validate(flag: &Flag, setting: &Setting) -> Result<(), Problem> {
    let percent = setting.rollout_percent;
    if !(0..=100).contains(&percent) {
        let detail = format!("{percent} is not a percentage. Use 0 to 100.");
        return Err(
            Problem::new(ProblemKind::Invalid, "BAD_PERCENTAGE", detail).at("rollout_percent")
        );
    }
    let is_for_some =
        !matches!(percent, 0 | 100) || !setting.people.is_empty() || !setting.roles.is_empty();
    if !flag.is_gradual() && is_for_some {
        let detail =
            "Calls to external services can only be on or off for everyone. Use on or off.";
        return Err(Problem::new(ProblemKind::Invalid, "PARTIAL_ROLLOUT_NOT_ALLOWED", detail)
            .at("rollout_percent"));
    }
    Ok(())
}

/// Returns the error for an unknown flag.
#[must_use]
pub fn unknown(name: &str) -> Problem {
    let detail = format!("Unknown flag '{name}'. See /admin/flags, or run `guildhall flags list`.");
    Problem::new(ProblemKind::NotFound, "FLAG_NOT_FOUND", detail)
}

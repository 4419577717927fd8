use super::{SettingChange, overlay, save};
use crate::{ActionError, Context, audit::Actor, config::Config};

/// The keys of the message on pages, and of what jobs do meanwhile.
const KEYS: [&str; 2] = ["maintenance", "maintenance_jobs"];

/// The message on pages unless the operator writes another.
pub const MAINTENANCE_MESSAGE: &str =
    "This server is being worked on, so nothing can be changed right now.";

/// True while the server is read-only.
#[derive(Clone, Copy, Debug)]
pub enum Maintenance<'a> {
    /// Changes are refused with a message of one line.
    On {
        message: &'a str,
        stops_jobs: bool,
    },
    Off,
}

impl Maintenance<'_> {
    /// Returns the settings that say so.
    fn changes(self) -> [SettingChange; 2] {
        match self {
            Self::On { message, stops_jobs } => {
                let jobs = if stops_jobs { "stop" } else { "run" };
                [SettingChange::set(KEYS[0], message), SettingChange::set(KEYS[1], jobs)]
            }
            Self::Off => KEYS.map(SettingChange::unset),
        }
    }
}

/// Makes the server read-only for a while, or ends that. Running processes follow within five seconds.
///
/// # Errors
/// When the message is too long, a key is set outside of the browser, other settings are saved at the same time, or the
/// database fails.
pub async fn maintain(
    context: &Context,
    config: &Config,
    actor: Actor,
    wanted: Maintenance<'_>,
) -> Result<(), ActionError> {
    let newest = overlay(config, &context.db, context.keys.as_ref()).await?;
    save(context, config, actor, newest.stored_version, &wanted.changes()).await?;
    Ok(())
}

/// Returns where the maintenance is set outside of the browser, for the end of a sentence: "in GUILDHALL_MAINTENANCE".
#[must_use]
pub fn maintenance_place(config: &Config) -> Option<String> {
    let fixed = KEYS.into_iter().find(|key| config.fixed_by(key).is_some())?;
    Some(config.place(fixed))
}

//! The settings that a form shows: what was typed, what is saved, and what sets them elsewhere.

use identity::{
    model::{UserId, Viewer},
    reads::{signed_in_at, who},
    rules::{self, freshly},
};
use platform::{
    ActionError, Context,
    config::{Config, Origin, Setting, ShownValue},
    db::DbError,
    settings::last_save,
    web::WebError,
};
use ui::{Form, Who};

use crate::server_settings::ServerSettings;

/// The settings on a page with a form.
pub(super) struct Shown {
    /// The configuration with the settings that are saved now.
    pub(super) config: Config,
    pub(super) form: Form,
    /// The other admin who saved settings while the form was filled in, in a sentence.
    pub(super) conflict: Option<String>,
}

/// Returns true if an action was refused because of settings that another admin saved.
pub(super) fn is_outdated(error: &ActionError) -> bool {
    matches!(error, ActionError::Refused(problem) if problem.code == "SETTING_OUTDATED")
}

/// Returns whether the viewer signed in recently enough to change how the server reaches others.
pub(super) async fn is_fresh(context: &Context, viewer: &Viewer) -> Result<bool, DbError> {
    let at = signed_in_at(&context.db, viewer).await?;
    Ok(at.is_some_and(|at| rules::is_fresh(at, context.now())))
}

/// Checks that the viewer signed in recently enough.
///
/// # Errors
/// When they did not, or the database fails.
pub(super) async fn must_be_fresh(context: &Context, viewer: &Viewer) -> Result<(), ActionError> {
    Ok(freshly(signed_in_at(&context.db, viewer).await?, context.now())?)
}

/// Returns the version that a form is based on.
pub(super) fn based_on(form: &Form) -> i64 {
    form.value("based_on").parse().unwrap_or_default()
}

/// Says what sets a key outside of the browser.
pub(super) fn set_by(setting: &Setting) -> String {
    match setting.origin {
        Origin::File => format!(
            "Set by {} in guildhall.toml on the server. Change it there, then restart.",
            setting.key
        ),
        _ => format!(
            "Set by {} in the environment of the server. Change it there, then restart.",
            setting.variable
        ),
    }
}

impl Shown {
    /// Reads what is saved, for a form that is shown, or shown again because another admin saved settings (`is_outdated`).
    pub(super) async fn read(
        context: &Context,
        settings: &ServerSettings,
        form: Form,
        is_outdated: bool,
    ) -> Result<Self, WebError> {
        let conflict = if is_outdated { Some(conflict(context).await?) } else { None };
        Ok(Self { config: settings.newest().await?, form, conflict })
    }

    /// Returns the version for the form: after a conflict the newest, so that the next attempt replaces what the page then shows.
    pub(super) fn based_on(&self) -> i64 {
        let typed = Some(based_on(&self.form)).filter(|_| !self.form.fields().is_empty());
        typed.filter(|_| self.conflict.is_none()).unwrap_or(self.config.stored_version)
    }

    /// Returns the text of a key that is saved, or set elsewhere; empty for its default.
    pub(super) fn saved(&self, key: &str) -> &str {
        match self.config.setting(key) {
            Some(Setting { value: ShownValue::Text(text), origin, .. })
                if *origin != Origin::Default =>
            {
                text
            }
            _ => "",
        }
    }

    /// Returns the text of a key that was typed, or else the saved one.
    pub(super) fn text(&self, key: &str) -> &str {
        self.form.value_or(key, self.saved(key))
    }

    /// Returns the saved text of a key beside another one that was typed, after a conflict.
    pub(super) fn newer(&self, key: &str) -> Option<&str> {
        let saved = Some(self.saved(key)).filter(|_| self.conflict.is_some());
        saved.filter(|saved| *saved != self.form.value(key).trim())
    }

    /// Says what sets a key outside of the browser, if anything does.
    pub(super) fn fixed(&self, key: &str) -> Option<String> {
        self.config.fixed_by(key).map(set_by)
    }
}

/// Says who saved settings last.
async fn conflict(context: &Context) -> Result<String, WebError> {
    let Some(last) = last_save(&context.db).await? else {
        return Ok(String::new());
    };
    let person = last.person.map(UserId::from);
    let by = who(&context.db, person).await?.into_values().next();
    let by = by.as_ref().map_or("An operator", Who::called);
    let at = last.at.format("%H:%M UTC");
    Ok(format!(
        "{by} saved other settings at {at}. Where they differ from yours, they are beside them."
    ))
}

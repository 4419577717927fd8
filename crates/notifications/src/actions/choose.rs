use chrono_tz::Tz;
use identity::model::Viewer;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    db::DbError,
    outbox::{EMAIL, PUSH},
};

use crate::{
    model::{NewsKinds, Settings},
    rules::{choice, minutes, push_choice},
    store::chosen,
};

/// Letters a day that somebody may want at most.
const MOST_LETTERS: i64 = 100;

/// What a person chose, as they wrote it.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// Where they live, by the names of the time zone database; left as it is when empty.
    pub timezone: String,
    /// When quiet hours begin: `22:00`, or nothing.
    pub quiet_from: String,
    /// When they end.
    pub quiet_until: String,
    /// Letters a day.
    pub daily_cap: i64,
    /// Kinds of news and the mode of their mail.
    pub modes: Vec<(String, String)>,
    /// Kinds of news, and whether browsers are told: `off` or `instant`.
    pub push: Vec<(String, String)>,
}

/// Keeps what a person chose; kinds that are not named stay as they are.
///
/// # Errors
/// When a choice is none, or the database fails; then nothing was changed.
pub async fn choose(
    context: &Context,
    kinds: NewsKinds,
    viewer: &Viewer,
    choices: &Choice,
) -> Result<(), ActionError> {
    let (person, now, ids) = (viewer.user_id, context.now(), context.ids.as_ref());
    let quiet = quiet(choices)?;
    let daily_cap = match choices.daily_cap {
        cap @ 1..=MOST_LETTERS => cap,
        _ => return Err(bad_cap().into()),
    };
    let tx = context.begin().await?;
    if !choices.timezone.is_empty() {
        identity::actions::set_timezone(&tx, context, person, &choices.timezone).await?;
    }
    let settings = Settings {
        timezone: Tz::UTC,
        quiet,
        daily_cap,
    };
    chosen::keep(&tx, ids, person, &settings, now).await?;
    for (code, mode) in &choices.modes {
        let kind = kinds.find(code).ok_or_else(|| no_such_kind(code))?;
        let mode = choice(kind, mode)?;
        if !kind.is_security {
            chosen::choose(&tx, ids, person, (kind.code, EMAIL, mode), now).await?;
        }
    }
    for (code, mode) in &choices.push {
        let kind = kinds.find(code).ok_or_else(|| no_such_kind(code))?;
        let mode = push_choice(kind, mode)?;
        if !kind.is_security {
            chosen::choose(&tx, ids, person, (kind.code, PUSH, mode), now).await?;
        }
    }
    Ok(tx.commit().await?)
}

fn quiet(choices: &Choice) -> Result<Option<(u32, u32)>, Problem> {
    match (
        minutes(&choices.quiet_from)?,
        minutes(&choices.quiet_until)?,
    ) {
        (Some(from), Some(until)) => Ok(Some((from, until))),
        (None, None) => Ok(None),
        _ => {
            let detail = "Quiet hours have a beginning and an end: write both, or neither.";
            Err(Problem::new(ProblemKind::Invalid, "NOT_A_TIME", detail))
        }
    }
}

/// Ends every address in letters sent so far that would end letters.
pub async fn revoke_addresses(context: &Context, viewer: &Viewer) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    chosen::revoke(&tx, ids, viewer.user_id, now).await?;
    tx.commit().await
}

fn bad_cap() -> Problem {
    let detail = format!("Letters a day are 1 to {MOST_LETTERS}.");
    Problem::new(ProblemKind::Invalid, "BAD_CAP", detail)
}

fn no_such_kind(code: &str) -> Problem {
    let detail = format!(
        "There is no news of the kind '{code}'. GET /api/v1/me/notification-settings lists the kinds."
    );
    Problem::new(ProblemKind::Invalid, "NO_SUCH_KIND", detail)
}

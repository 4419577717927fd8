use chrono_tz::Tz;
use identity::model::Viewer;
use kernel::{Checks, Problem, ProblemKind};
use platform::{
    ActionError, Context,
    db::DbError,
    outbox::{EMAIL, PUSH, SMS, WEBHOOK},
};

use crate::{
    model::{DeliverySettings, NewsKind, NewsKinds, NewsMode},
    rules::{choice, minutes, push_choice, text_choice, webhook_choice},
    store::chosen,
};

/// The highest daily maximum of emails that can be chosen.
const MAX_DAILY_CAP: i64 = 100;

/// A person's choices, as entered.
#[derive(Clone, Debug, Default)]
pub struct ChoiceInput {
    /// The name of a time zone in the time zone database. If empty, the time zone stays unchanged.
    pub timezone: String,
    /// The start of the quiet hours, such as `22:00`. If empty, there are none.
    pub quiet_from: String,
    /// The end of the quiet hours.
    pub quiet_until: String,
    /// The maximum number of emails per day.
    pub daily_cap: i64,
    /// The codes of kinds, each with its mode for email.
    pub modes: Vec<(String, String)>,
    /// The codes of kinds, each with its mode for browsers: `off` or `instant`.
    pub push: Vec<(String, String)>,
    /// The codes of kinds, each with its mode for text messages: `off` or `instant`.
    pub sms: Vec<(String, String)>,
    /// The codes of kinds, each with its mode for webhooks: `off` or `instant`.
    pub webhook: Vec<(String, String)>,
}

type Parse = fn(&NewsKind, &str) -> Result<NewsMode, Problem>;

/// A channel, the modes of kinds on it, and how they are parsed.
type OnChannel<'a> = (&'static str, &'a [(String, String)], Parse);

impl ChoiceInput {
    fn channels(&self) -> [OnChannel<'_>; 4] {
        [
            (EMAIL, &self.modes, choice),
            (PUSH, &self.push, push_choice),
            (SMS, &self.sms, text_choice),
            (WEBHOOK, &self.webhook, webhook_choice),
        ]
    }
}

/// Saves a person's choices. Kinds that are not listed stay unchanged.
///
/// # Errors
/// Names the field of an invalid choice. Nothing is saved then.
pub async fn choose(
    context: &Context,
    kinds: NewsKinds,
    viewer: &Viewer,
    choices: &ChoiceInput,
) -> Result<(), ActionError> {
    let (person, now, ids) = (viewer.user_id, context.now(), context.ids.as_ref());
    let mut checks = Checks::default();
    let daily_cap = match choices.daily_cap {
        cap @ 1..=MAX_DAILY_CAP => Ok(cap),
        _ => Err(bad_cap()),
    };
    let tx = context.begin().await?;
    if !choices.timezone.is_empty() {
        let set = identity::actions::set_timezone(&tx, context, person, &choices.timezone);
        let set = set.await.map_err(|error| error.at("timezone"));
        checks.value(ActionError::refusal(set)?);
    }
    let quiet = checks.read(quiet(choices));
    let daily_cap = checks.read(daily_cap);
    checks.finish(())?;
    let settings = DeliverySettings { timezone: Tz::UTC, quiet, daily_cap };
    chosen::save(&tx, ids, person, &settings, now).await?;
    for (channel, modes, parse) in choices.channels() {
        for (code, mode) in modes {
            let kind = kinds.find(code).ok_or_else(|| no_such_kind(code))?;
            let mode = parse(kind, mode)?;
            if !kind.is_security {
                chosen::choose(&tx, ids, person, (kind.code, channel, mode), now).await?;
            }
        }
    }
    Ok(tx.commit().await?)
}

fn quiet(choices: &ChoiceInput) -> Result<Option<(u32, u32)>, Problem> {
    let read = |text: &str, field| minutes(text).map_err(|problem| problem.at(field));
    let mut checks = Checks::default();
    let from = checks.read(read(&choices.quiet_from, "quiet_from"));
    let until = checks.read(read(&choices.quiet_until, "quiet_until"));
    checks.finish(())?;
    let missing = match (from, until) {
        (None, Some(_)) => "quiet_from",
        (Some(_), None) => "quiet_until",
        _ => return Ok(from.zip(until)),
    };
    let detail = "Quiet hours need a start and an end. Enter both, or neither.";
    Err(Problem::new(ProblemKind::Invalid, "BAD_TIME", detail).at(missing))
}

/// Revokes all unsubscribe links sent so far.
pub async fn revoke_addresses(context: &Context, viewer: &Viewer) -> Result<(), DbError> {
    let tx = context.begin().await?;
    let (ids, now) = (context.ids.as_ref(), context.now());
    chosen::revoke(&tx, ids, viewer.user_id, now).await?;
    tx.commit().await
}

fn bad_cap() -> Problem {
    let detail = format!("Choose a maximum of 1 to {MAX_DAILY_CAP} emails per day.");
    Problem::new(ProblemKind::Invalid, "BAD_CAP", detail).at("daily_cap")
}

fn no_such_kind(code: &str) -> Problem {
    let detail = format!(
        "Unknown kind of notification: '{code}'. List the kinds with GET /api/v1/me/notification-settings."
    );
    Problem::new(ProblemKind::Invalid, "NO_SUCH_KIND", detail)
}

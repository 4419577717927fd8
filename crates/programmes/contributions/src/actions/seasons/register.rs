use identity::model::UserId;
use kernel::{Problem, ProblemKind};
use platform::{
    ActionError, Context,
    audit::{self, Actor},
    db::Tx,
};
use serde_json::json;

use super::{act_on, board::refresh_person, changeable};
use crate::{
    access,
    model::{SEASON_REGISTERED, SeasonId},
    reads::{self, ParticipantState, Registration, SeasonView},
    store::season_people::{self, Participant},
};

/// The consent of a person who registers.
#[derive(Clone, Debug, Default)]
pub struct RegistrationInput {
    /// The version of the consent text that the person agrees to.
    pub consent_version: i64,
    /// True if organizers may see the person's email address.
    pub shares_email: bool,
    /// The time zone that becomes that of their settings; empty for the one that they have there. It is that of their
    /// days only at their first registration.
    pub timezone: String,
}

/// Registers a person for a season, with the time zone of their settings, which stays for the season. Registering again
/// changes what they agreed to. Returns the registration.
///
/// # Errors
/// When the season is unknown, a draft or does not take registrations, the consent text changed, the person is
/// disqualified, or the time zone is unknown.
pub async fn register(
    context: &Context,
    person: UserId,
    slug: &str,
    input: &RegistrationInput,
) -> Result<Registration, ActionError> {
    let mut tx = context.begin().await?;
    let season = published(&tx, context, slug).await?;
    let (id, now) = (SeasonId::new(season.id), context.now());
    let before = reads::registration(&tx, id, person).await?;
    if let Some(problem) = refusal(context, &season, before.as_ref(), input) {
        return Err(problem.into());
    }
    if !input.timezone.trim().is_empty() {
        let set = identity::actions::set_timezone(&tx, context, person, &input.timezone).await;
        set.map_err(|error| error.at("timezone"))?;
    }
    let timezone = identity::reads::timezone(&tx, person).await?;
    let new = Participant {
        id: before.as_ref().map_or_else(|| context.ids.next(), |it| it.id),
        user_id: person.0,
        timezone: timezone.name().to_owned(),
        consent_version: input.consent_version,
        shares_email: input.shares_email,
        created_at: now,
        withdrawn_at: None,
    };
    season_people::register(&tx, id, &new, now).await?;
    let after = json!({
        "consent_version": input.consent_version, "shares_email": input.shares_email,
    });
    let act = act_on(&season, Actor::Person(person.0), "season.register", None, Some(after));
    audit::record(&tx, context, act).await?;
    refresh_person(&tx, context, &season, person).await?;
    if before.is_none_or(|before| before.withdrawn_at.is_some()) {
        let ids = context.ids.as_ref();
        tx.wake(SEASON_REGISTERED, [new.id], ids, now).await?;
    }
    let registration = reads::registration(&tx, id, person).await?;
    tx.commit().await?;
    Ok(registration.ok_or_else(|| access::unknown_season(slug))?)
}

/// Finds and locks a season whose results are not final. The name of a draft, also of one that was given up, is for
/// organizers only.
async fn published(tx: &Tx, context: &Context, slug: &str) -> Result<SeasonView, ActionError> {
    let found = reads::season(tx, slug).await?;
    if found.is_some_and(|season| season.state(context.now()).is_public()) {
        changeable(tx, context, slug).await
    } else {
        Err(access::unknown_season(slug).into())
    }
}

/// Returns the reason why a person cannot register, if there is one.
fn refusal(
    context: &Context,
    season: &SeasonView,
    before: Option<&Registration>,
    input: &RegistrationInput,
) -> Option<Problem> {
    let name = &season.name;
    if !season.takes_registrations(context.now()) {
        let days = season.registration().while_closed();
        let detail = format!("Registration for {name} {days}.");
        return Some(Problem::new(ProblemKind::Conflict, "REGISTRATION_CLOSED", detail));
    }
    if before.is_some_and(|it| it.state == ParticipantState::Disqualified) {
        let detail = format!("You are disqualified from {name}. Ask its organizers.");
        return Some(Problem::new(ProblemKind::Conflict, "DISQUALIFIED", detail));
    }
    let version = season.consent_version;
    (input.consent_version != version).then(|| {
        let detail = format!(
            "Agree to version {version} of the consent text of {name}, which is the current one."
        );
        Problem::new(ProblemKind::Conflict, "CONSENT_OUTDATED", detail).at("consent_version")
    })
}

/// Withdraws a person from a season: their points no longer count there, and organizers no longer see their email
/// address. That they had registered, and agreed to the consent text, stays. Withdrawing again changes nothing.
///
/// # Errors
/// When the season is unknown or final, or the person is not registered.
pub async fn withdraw(context: &Context, person: UserId, slug: &str) -> Result<(), ActionError> {
    let tx = context.begin().await?;
    let season = published(&tx, context, slug).await?;
    let id = SeasonId::new(season.id);
    let Some(before) = season_people::participant(&tx, id, person).await? else {
        return Err(not_registered(&season));
    };
    if before.withdrawn_at.is_some() {
        return Ok(());
    }
    season_people::withdraw(&tx, before.id, context.now()).await?;
    let act = act_on(&season, Actor::Person(person.0), "season.withdraw", None, None);
    audit::record(&tx, context, act).await?;
    refresh_person(&tx, context, &season, person).await?;
    tx.commit().await?;
    Ok(())
}

fn not_registered(season: &SeasonView) -> ActionError {
    let detail = format!("You are not registered for {}.", season.name);
    let problem = Problem::new(ProblemKind::Conflict, "NOT_REGISTERED", detail);
    problem.into()
}

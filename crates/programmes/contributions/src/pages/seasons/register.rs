use askama::Template;
use axum::{extract::State, response::Response};
use identity::access::SignedIn;
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{Address, Confirmation, Filled, Form, PageError, PageResult, redirect, show};

use super::SeasonCard;
use crate::{
    access::PublicSeason,
    actions::{self, RegistrationInput},
    model::SeasonId,
    reads::{self, Registration, SeasonView},
};

#[derive(Template)]
#[template(path = "season_register.html")]
struct RegisterPage {
    season: SeasonCard,
    consent: String,
    consent_version: i64,
    /// The name of the time zone that would decide the viewer's days, or that does; empty to ask for it.
    timezone: String,
    own: Option<Registration>,
    /// True if no pull request counts as the viewer's, because no account on GitHub is linked.
    lacks_github: bool,
    form: Form,
}

impl RegisterPage {
    fn shares_email(&self) -> bool {
        let shares = self.own.as_ref().is_some_and(|own| own.shares_email);
        self.form.has("shares_email", "yes", shares)
    }
}

/// `GET /seasons/{slug}/register`.
pub(super) async fn form(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    PublicSeason(season): PublicSeason,
) -> PageResult {
    render(&context, &season, viewer.user_id, Form::default()).await
}

async fn render(
    context: &Context,
    season: &SeasonView,
    person: identity::model::UserId,
    form: Form,
) -> PageResult {
    let (db, id) = (&context.db, SeasonId::new(season.id));
    let own = reads::registration(db, id, person).await?;
    let chosen = identity::reads::timezones(db, [person]).await?.remove(&person);
    let timezone = match (&own, chosen) {
        (Some(own), _) => own.timezone.clone(),
        (None, Some(zone)) => zone.name().to_owned(),
        (None, None) => String::new(),
    };
    show(&RegisterPage {
        season: SeasonCard::of(season, context.now()),
        consent: reads::consent(db, id, season.consent_version).await?,
        consent_version: season.consent_version,
        timezone,
        own,
        lacks_github: !identity::reads::has_github(db, person).await?,
        form,
    })
}

#[derive(Debug, Deserialize)]
pub(super) struct ParticipantFields {
    #[serde(default)]
    consent_version: i64,
    #[serde(default)]
    shares_email: String,
    #[serde(default)]
    timezone: String,
}

/// `POST /seasons/{slug}/register`.
pub(super) async fn save(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    PublicSeason(season): PublicSeason,
    Filled(fields, form): Filled<ParticipantFields>,
) -> Result<Response, PageError> {
    let input = RegistrationInput {
        consent_version: fields.consent_version,
        shares_email: fields.shares_email == "yes",
        timezone: fields.timezone,
    };
    match actions::register(&context, viewer.user_id, &season.slug, &input).await {
        Ok(_) => {
            let mut said = format!("You take part in {}", season.name);
            if !identity::reads::has_github(&context.db, viewer.user_id).await? {
                said.push_str(". Link your GitHub account, or your pull requests do not count");
            }
            Ok(redirect(&format!("/seasons/{}", season.slug), &said))
        }
        Err(error) => {
            let again = |form| render(&context, &season, viewer.user_id, form);
            form.refused(error, again).await
        }
    }
}

/// `GET /seasons/{slug}/withdraw`: asks before a person withdraws.
pub(super) async fn ask_to_withdraw(
    SignedIn(_): SignedIn,
    PublicSeason(season): PublicSeason,
) -> PageResult {
    let back = format!("/seasons/{}", season.slug);
    show(&Confirmation {
        question: format!("Withdraw from {}?", ui::format::tame(&season.name)),
        consequence: "Your points no longer count in this season, and organizers no longer see your email address. That you had registered stays on record. You can register again while registration is open.".to_owned(),
        facts: Vec::new(),
        action: format!("{back}/withdraw"),
        fields: Vec::new(),
        button: "Withdraw".to_owned(),
        is_ending: true,
        back,
    })
}

/// `POST /seasons/{slug}/withdraw`.
pub(super) async fn withdraw(
    State(context): State<Context>,
    SignedIn(viewer): SignedIn,
    Address(slug): Address<String>,
) -> Result<Response, PageError> {
    let withdrawn = actions::withdraw(&context, viewer.user_id, &slug).await;
    withdrawn.map_err(WebError::from)?;
    let address = format!("/seasons/{}", ui::format::segment(&slug));
    Ok(redirect(&address, "You no longer take part"))
}

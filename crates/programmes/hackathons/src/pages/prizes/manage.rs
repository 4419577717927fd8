//! The prizes of a hackathon, for organizers.

use askama::Template;
use axum::{extract::State, response::Response};
use platform::{Context, web::WebError};
use serde::Deserialize;
use ui::{
    Address, Confirmation, Filled, Form, PageError, PageResult, Undo, format::tame, redirect,
    redirect_with_undo, show,
};
use uuid::Uuid;

use crate::{
    access::{Organizer, unknown_prize},
    actions::{NewPrize, award_prize, create_prize, edit_prize, remove_prize},
    pages::HackathonCard,
    reads::{
        self, HackathonView, PrizeAwardPart, PrizeAwardView, PrizeView, SubmissionPart,
        SubmissionView,
    },
    rules::{
        invalid,
        prizes::{MOST, PrizeInput, TEXT, is_time},
        tracks::Track,
    },
};

/// The number of submissions that the form to award a prize offers, and of awards on the page of a prize.
const ROWS: i64 = 1_000;

#[derive(Template)]
#[template(path = "hackathon_prizes.html")]
struct PrizesPage {
    card: HackathonCard,
    prizes: Vec<PrizeView>,
    tracks: Vec<Track>,
    form: Form,
}

/// `GET /hackathons/{slug}/prizes`.
pub(super) async fn list(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
) -> PageResult {
    render_list(&context, &hackathon, Form::default()).await
}

async fn render_list(context: &Context, hackathon: &HackathonView, form: Form) -> PageResult {
    show(&PrizesPage {
        card: HackathonCard::of(hackathon, context.now()),
        prizes: reads::prizes(&context.db, hackathon.key()).await?,
        tracks: reads::tracks(&context.db, hackathon.key()).await?,
        form,
    })
}

/// The fields of the forms that create and change a prize.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct PrizeFields {
    slug: String,
    name: String,
    track: String,
    sponsor: String,
    value: String,
    count: String,
    position: String,
}

impl PrizeFields {
    fn input(&self) -> PrizeInput {
        PrizeInput {
            name: Some(self.name.clone()),
            track: Some(self.track.clone()),
            sponsor: Some(self.sponsor.clone()),
            value: Some(self.value.clone()),
            count: Some(self.count.clone()),
            position: Some(self.position.clone()),
        }
    }
}

/// `POST /hackathons/{slug}/prizes`: creates a prize.
pub(super) async fn create(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Filled(fields, form): Filled<PrizeFields>,
) -> Result<Response, PageError> {
    let new = NewPrize { slug: Some(fields.slug.clone()), details: fields.input() };
    match create_prize(&context, viewer.actor(), &hackathon.slug, &new).await {
        Ok(prize) => {
            let said = format!("{} is added", prize.name);
            Ok(redirect(&format!("{}/prizes", hackathon.address()), &said))
        }
        Err(error) => {
            let again = |form| render_list(&context, &hackathon, form);
            form.refused(error, again).await
        }
    }
}

#[derive(Template)]
#[template(path = "hackathon_prize.html")]
struct PrizePage {
    card: HackathonCard,
    prize: PrizeView,
    tracks: Vec<Track>,
    awards: Vec<PrizeAwardView>,
    candidates: Vec<SubmissionView>,
    form: Form,
    award_form: Form,
}

impl PrizePage {
    /// Returns whether the prize can be awarded now.
    fn is_time(&self) -> bool {
        is_time(self.card.phase)
    }

    fn is_left(&self) -> bool {
        self.prize.awarded < self.prize.count
    }

    fn address(&self) -> String {
        format!("{}/prizes/{}", self.card.address(), self.prize.slug)
    }
}

/// `GET /hackathons/{slug}/prizes/{prize}`.
pub(super) async fn page(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Address((_, slug)): Address<(String, String)>,
) -> PageResult {
    render(&context, &hackathon, &slug, None, Form::default()).await
}

async fn found(
    context: &Context,
    hackathon: &HackathonView,
    slug: &str,
) -> Result<PrizeView, PageError> {
    let found = reads::prize(&context.db, hackathon.key(), slug).await?;
    Ok(found.ok_or_else(|| WebError::from(unknown_prize()))?)
}

async fn render(
    context: &Context,
    hackathon: &HackathonView,
    slug: &str,
    form: Option<Form>,
    award_form: Form,
) -> PageResult {
    let (db, id) = (&context.db, hackathon.key());
    let prize = found(context, hackathon, slug).await?;
    let awards = reads::prize_awards(db, id, PrizeAwardPart::Of(prize.key()), None, ROWS).await?;
    let candidates = if is_time(hackathon.phase(context.now())) {
        reads::submissions(db, id, SubmissionPart::Judged, None, ROWS)
            .await?
            .into_iter()
            .filter(|it| prize.is_for(it))
            .collect()
    } else {
        Vec::new()
    };
    show(&PrizePage {
        card: HackathonCard::of(hackathon, context.now()),
        tracks: reads::tracks(db, id).await?,
        form: form.unwrap_or_else(|| stored(&prize)),
        awards,
        candidates,
        prize,
        award_form,
    })
}

fn stored(prize: &PrizeView) -> Form {
    Form::default()
        .with("name", &prize.name)
        .with("track", &prize.track)
        .with("sponsor", &prize.sponsor)
        .with("value", &prize.value)
        .with("count", prize.count.to_string())
        .with("position", prize.position.to_string())
}

/// `POST /hackathons/{slug}/prizes/{prize}`: changes a prize.
pub(super) async fn save(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, slug)): Address<(String, String)>,
    Filled(fields, form): Filled<PrizeFields>,
) -> Result<Response, PageError> {
    match edit_prize(
        &context,
        viewer.actor(),
        hackathon.slug.as_str(),
        slug.as_str(),
        &fields.input(),
    )
    .await
    {
        Ok(prize) => {
            let said = format!("{} is saved", prize.name);
            Ok(redirect(&format!("{}/prizes", hackathon.address()), &said))
        }
        Err(error) => {
            // A prize that does not exist has no page to show the form on.
            found(&context, &hackathon, &slug).await?;
            let again = |form| render(&context, &hackathon, &slug, Some(form), Form::default());
            form.refused(error, again).await
        }
    }
}

/// `GET /hackathons/{slug}/prizes/{prize}/remove`: asks before a prize is removed.
pub(super) async fn ask_to_remove(
    State(context): State<Context>,
    Organizer { hackathon, .. }: Organizer,
    Address((_, slug)): Address<(String, String)>,
) -> PageResult {
    let prize = found(&context, &hackathon, &slug).await?;
    let address = format!("{}/prizes/{slug}", hackathon.address());
    show(&Confirmation {
        question: format!("Remove {}?", tame(&prize.name)),
        consequence:
            "It is no longer on the page of the hackathon. You can undo this directly afterwards."
                .to_owned(),
        facts: vec![
            ("Track", prize.track_name.clone().unwrap_or_default()),
            ("Sponsor", prize.sponsor.clone()),
            ("Value", prize.value.clone()),
            ("Number", prize.count.to_string()),
        ],
        action: format!("{address}/remove"),
        fields: Vec::new(),
        button: "Remove prize".to_owned(),
        is_ending: true,
        back: address,
    })
}

/// `POST /hackathons/{slug}/prizes/{prize}/remove`.
pub(super) async fn remove(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, slug)): Address<(String, String)>,
) -> Result<Response, PageError> {
    let prize = found(&context, &hackathon, &slug).await?;
    let removed =
        remove_prize(&context, viewer.actor(), hackathon.slug.as_str(), slug.as_str()).await;
    let name = removed.map_err(WebError::from)?;
    let said = format!("{name} is removed");
    let path = format!("{}/prizes", hackathon.address());
    let undo = Undo::by(&path)
        .with("slug", prize.slug)
        .with("name", prize.name)
        .with("track", prize.track)
        .with("sponsor", prize.sponsor)
        .with("value", prize.value)
        .with("count", prize.count.to_string())
        .with("position", prize.position.to_string());
    Ok(redirect_with_undo(&path, &said, &undo))
}

/// The field of the form that awards a prize.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct AwardFields {
    submission: String,
}

/// `POST /hackathons/{slug}/prizes/{prize}/awards`: awards a prize to a submission.
pub(super) async fn award(
    State(context): State<Context>,
    Organizer { viewer, hackathon }: Organizer,
    Address((_, slug)): Address<(String, String)>,
    Filled(fields, form): Filled<AwardFields>,
) -> Result<Response, PageError> {
    let awarded = match Uuid::try_parse(&fields.submission) {
        Ok(id) => {
            award_prize(&context, viewer.actor(), hackathon.slug.as_str(), slug.as_str(), id.into())
                .await
        }
        Err(_) => Err(invalid("submission", "Choose a submission.".to_owned()).into()),
    };
    match awarded {
        Ok(award) => {
            let said = format!("{} has {}", award.project, award.name);
            let back = format!("{}/prizes/{slug}", hackathon.address());
            Ok(redirect(&back, &said))
        }
        Err(error) => {
            found(&context, &hackathon, &slug).await?;
            let again = |form| render(&context, &hackathon, &slug, None, form);
            form.refused(error, again).await
        }
    }
}

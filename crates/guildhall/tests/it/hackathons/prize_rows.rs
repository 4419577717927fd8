//! Rows of the permission matrix for prizes, and real ones for their organizers and winners.

use hackathons::{
    actions::{
        award_prize, claim_prize, create_prize, edit_prize, read_prize_claim, remove_prize,
        step_prize, take_back_prize,
    },
    model::{PrizeAwardId, PrizeState, SubmissionId},
    rules::prizes::PrizeInput,
};
use identity::model::UserId;
use platform::audit::Actor::{Operator, Person};

use super::{
    app::ORGANIZER,
    prize_scene::prize,
    scene::publish_results,
    submission_rows::{organized, submitted},
};
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::{
            Access::{Hidden, Open},
            Form, NONE, Row,
        },
    },
};

const CLAIM: Form = &[("claim", "1 Quay Street")];
const SENT: Form = &[("state", "sent")];
const NAMED: Form = &[("name", "Harbor prize"), ("count", "2")];

/// The rows. `hush` is private, takes applications and has the prize `harbor-prize`, which is not awarded.
#[rustfmt::skip]
pub(super) const ROWS: &[Row] = &[
    ("GET", "/hackathons/{slug}/prizes", "/hackathons/hush/prizes", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/prizes", "/hackathons/hush/prizes", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/prizes/{prize}", "/hackathons/hush/prizes/harbor-prize", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/prizes/{prize}", "/hackathons/hush/prizes/harbor-prize", NAMED, Hidden(ORGANIZER, 303)),
    ("GET", "/hackathons/{slug}/prizes/{prize}/remove", "/hackathons/hush/prizes/harbor-prize/remove", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/prizes/{prize}/remove", "/hackathons/hush/prizes/unknown/remove", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/prizes/{prize}/awards", "/hackathons/hush/prizes/harbor-prize/awards", NONE, Hidden(ORGANIZER, 422)),
    ("GET", "/hackathons/{slug}/prize-awards", "/hackathons/hush/prize-awards", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/prize-awards.csv", "/hackathons/hush/prize-awards.csv", NONE, Hidden(ORGANIZER, 200)),
    ("GET", "/hackathons/{slug}/prize-awards/{id}", "/hackathons/hush/prize-awards/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/prize-awards/{id}", "/hackathons/hush/prize-awards/01900000-0000-7000-8000-000000000002", SENT, Hidden(ORGANIZER, 404)),
    ("POST", "/hackathons/{slug}/prize-awards/{id}/claim", "/hackathons/hush/prize-awards/01900000-0000-7000-8000-000000000002/claim", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/hackathons/{slug}/own-prizes", "/hackathons/hush/own-prizes", NONE, Hidden(ORGANIZER, 200)),
    ("POST", "/hackathons/{slug}/own-prizes/{id}", "/hackathons/hush/own-prizes/01900000-0000-7000-8000-000000000002", CLAIM, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/prizes", "/api/v1/hackathons/ebb/prizes", NONE, Open(200)),
    ("POST", "/api/v1/hackathons/{slug}/prizes", "/api/v1/hackathons/hush/prizes", NAMED, Hidden(ORGANIZER, 201)),
    ("PATCH", "/api/v1/hackathons/{slug}/prizes/{prize}", "/api/v1/hackathons/hush/prizes/harbor-prize", NAMED, Hidden(ORGANIZER, 200)),
    ("DELETE", "/api/v1/hackathons/{slug}/prizes/{prize}", "/api/v1/hackathons/hush/prizes/unknown", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/hackathons/{slug}/prizes/{prize}/awards", "/api/v1/hackathons/hush/prizes/harbor-prize/awards", &[("submission", "01900000-0000-7000-8000-000000000002")], Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/prize-awards", "/api/v1/hackathons/hush/prize-awards", NONE, Hidden(ORGANIZER, 200)),
    ("DELETE", "/api/v1/hackathons/{slug}/prize-awards/{id}", "/api/v1/hackathons/hush/prize-awards/01900000-0000-7000-8000-000000000002", NONE, Hidden(ORGANIZER, 404)),
    ("POST", "/api/v1/hackathons/{slug}/prize-awards/{id}/state", "/api/v1/hackathons/hush/prize-awards/01900000-0000-7000-8000-000000000002/state", SENT, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/hackathons/{slug}/prize-awards/{id}/claim", "/api/v1/hackathons/hush/prize-awards/01900000-0000-7000-8000-000000000002/claim", NONE, Hidden(ORGANIZER, 404)),
    ("GET", "/api/v1/me/hackathons/{slug}/prizes", "/api/v1/me/hackathons/hush/prizes", NONE, Hidden(ORGANIZER, 200)),
    ("PUT", "/api/v1/me/hackathons/{slug}/prizes/{id}/claim", "/api/v1/me/hackathons/hush/prizes/01900000-0000-7000-8000-000000000002/claim", CLAIM, Hidden(ORGANIZER, 404)),
];

/// Makes a prize of a private hackathon that the person organizes.
const PRIZE: Make = |app, login| {
    Box::pin(async move {
        let (slug, _) = closed(app, login).await;
        let prize = app.prize(&slug, "Harbor prize", 2).await;
        vec![slug, prize]
    })
};
/// Makes an award of such a prize before the results.
const AWARD: Make = |app, login| {
    Box::pin(async move {
        let (slug, award) = awarded(app, login).await;
        vec![slug, award.to_string()]
    })
};
const PUBLISHED: Make = |app, login| {
    Box::pin(async move {
        let (slug, award) = awarded(app, login).await;
        publish(app, &slug).await;
        vec![slug, award.to_string()]
    })
};
/// Makes a prize that the person won.
const WON: Make = |app, login| {
    Box::pin(async move {
        let (slug, award) = won(app, login).await;
        vec![slug, award.to_string()]
    })
};

/// The routes with real prizes and awards.
pub(super) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/hackathons/{slug}/prizes/{prize}/remove", PRIZE, NONE, 303),
    ("GET", "/hackathons/{slug}/prize-awards/{id}", AWARD, NONE, 200),
    ("POST", "/hackathons/{slug}/prize-awards/{id}", PUBLISHED, SENT, 303),
    ("POST", "/hackathons/{slug}/prize-awards/{id}/claim", PUBLISHED, NONE, 200),
    ("POST", "/hackathons/{slug}/own-prizes/{id}", WON, CLAIM, 303),
    ("DELETE", "/api/v1/hackathons/{slug}/prizes/{prize}", PRIZE, NONE, 204),
    ("DELETE", "/api/v1/hackathons/{slug}/prize-awards/{id}", AWARD, NONE, 204),
    ("POST", "/api/v1/hackathons/{slug}/prize-awards/{id}/state", PUBLISHED, SENT, 200),
    ("GET", "/api/v1/hackathons/{slug}/prize-awards/{id}/claim", PUBLISHED, NONE, 200),
    ("PUT", "/api/v1/me/hackathons/{slug}/prizes/{id}/claim", WON, CLAIM, 200),
];

/// Ends the submissions and the judging of a hackathon.
async fn close(app: &TestApp, slug: &str) {
    let over = format!(
        "UPDATE hackathons SET submission_closes_at = created_at, judging_opens_at = created_at, \
         judging_closes_at = created_at WHERE slug = '{slug}'"
    );
    app.change(&over).await.expect("over");
}

async fn publish(app: &TestApp, slug: &str) {
    publish_results(app.context(), Operator, slug, "Gannet wins.").await.expect("results");
}

/// Makes a private hackathon of a person, whose submissions are closed, with a submission.
async fn closed(app: &TestApp, login: &str) -> (String, SubmissionId) {
    let [slug, id] = <[String; 2]>::try_from(organized(app, login).await).expect("a submission");
    close(app, &slug).await;
    let id: uuid::Uuid = id.parse().expect("an ID");
    (slug, id.into())
}

async fn awarded(app: &TestApp, login: &str) -> (String, PrizeAwardId) {
    let (slug, submission) = closed(app, login).await;
    let prize = app.prize(&slug, "Harbor prize", 2).await;
    let awarded = award_prize(app.context(), Operator, &slug, &prize, submission).await;
    (slug, awarded.expect("awarded").key())
}

/// Makes a private hackathon with results, in which the person won a prize.
async fn won(app: &TestApp, login: &str) -> (String, PrizeAwardId) {
    let slug = submitted(app, login, false).await.remove(0);
    close(app, &slug).await;
    let prize = app.prize(&slug, "Harbor prize", 1).await;
    let awarded = app.awards((&slug, &prize), login).await.expect("awarded");
    publish(app, &slug).await;
    (slug, awarded.key())
}

/// Creates the prize of the rows.
pub(super) async fn prepare(app: &TestApp) {
    assert_eq!(app.prize("hush", "Harbor prize", 2).await, "harbor-prize");
}

/// Lets the person create prizes, award and hand over one, and win another.
pub(super) async fn act(app: &TestApp, (person, login): (UserId, &str)) {
    let (context, actor) = (app.context(), Person(person.0));
    let (slug, submission) = closed(app, login).await;
    let mut made = Vec::new();
    for name in ["Harbor prize", "Night prize"] {
        let created = create_prize(context, actor, &slug, &prize(name, 1)).await;
        made.push(created.expect("a prize").slug);
    }
    let more = PrizeInput { count: Some("2".to_owned()), ..PrizeInput::default() };
    edit_prize(context, actor, &slug, &made[0], &more).await.expect("edited");
    remove_prize(context, actor, &slug, &made[1]).await.expect("removed");
    let award = || award_prize(context, actor, &slug, &made[0], submission);
    let first = award().await.expect("awarded");
    take_back_prize(context, actor, &slug, first.key()).await.expect("taken back");
    let award = award().await.expect("awarded again").key();
    publish(app, &slug).await;
    let builder = app.hacker("hack-builder").await;
    claim_prize(context, builder, &slug, award, "2 Quay Street").await.expect("claimed");
    read_prize_claim(context, person, &slug, award).await.expect("read");
    step_prize(context, actor, &slug, award, PrizeState::Sent, "").await.expect("sent");
    let (slug, award) = won(app, login).await;
    claim_prize(context, person, &slug, award, "1 Quay Street").await.expect("claimed");
}

//! Seasons and sanctions for the permission matrix.

use contributions::{
    actions::{NewSanction, NewSeason, add_organizer, create_season, publish_season, sanction},
    model::SanctionKind,
    rules::seasons::SeasonInput,
};
use platform::audit::Actor::Operator;

use super::AUTUMN;
use crate::{
    app::TestApp,
    auth::{
        objects::{Make, ObjectRow},
        rows::NONE,
    },
};

/// Creates a season in August that a person organizes.
async fn season_of(app: &TestApp, organizer: &str) -> String {
    let count = app.count("SELECT count(*) FROM seasons").await;
    let slug = format!("summer-{count}");
    let new = NewSeason {
        slug: Some(slug.clone()),
        details: SeasonInput {
            name: Some("Summer".to_owned()),
            first_day: Some("2026-08-01".to_owned()),
            last_day: Some("2026-08-31".to_owned()),
            ..SeasonInput::default()
        },
    };
    create_season(app.context(), Operator, new).await.expect("a season");
    add_organizer(app.context(), Operator, &slug, organizer).await.expect("an organizer");
    slug
}

const DRAFT: Make = |app, owner| Box::pin(async move { vec![season_of(app, owner).await] });

/// A season of the person that is over.
const OVER: Make = |app, owner| {
    Box::pin(async move {
        let slug = season_of(app, owner).await;
        publish_season(app.context(), Operator, &slug).await.expect("published");
        vec![slug]
    })
};

/// A warning in the season of the rows.
const SANCTION: Make = |app, _| {
    Box::pin(async move {
        let new = NewSanction {
            login: "subject".to_owned(),
            kind: SanctionKind::Warning,
            reason: "to try".to_owned(),
        };
        let id = sanction(app.context(), Operator, AUTUMN, &new).await;
        vec![AUTUMN.to_owned(), id.expect("warned").0.to_string()]
    })
};

pub(crate) const OBJECTS: &[ObjectRow] = &[
    ("POST", "/api/v1/seasons/{slug}/publish", DRAFT, NONE, 200),
    ("POST", "/api/v1/seasons/{slug}/cancel", DRAFT, NONE, 200),
    ("POST", "/api/v1/seasons/{slug}/sign-off", OVER, &[("open_flags", "They are minor.")], 200),
    ("POST", "/api/v1/seasons/{slug}/sanctions/{id}/lift", SANCTION, &[("reason", "to try")], 204),
    ("POST", "/seasons/{slug}/publish", DRAFT, NONE, 303),
    ("POST", "/seasons/{slug}/cancel", DRAFT, NONE, 303),
    ("POST", "/seasons/{slug}/sign-off", OVER, NONE, 303),
    ("POST", "/seasons/{slug}/sanctions/{id}/lift", SANCTION, &[("reason", "to try")], 303),
];
